//! `GET /intent/byTicketId/{ticketId}`.

use serde::Serialize;
use utoipa::ToSchema;

use crate::actions::{self, Again, Element, Options, Request};
use crate::db::intents;
use crate::dialects::mind::ticket::wire::Intent;
use crate::domain::analysis::Scope;
use crate::domain::id::TicketId;
use crate::domain::intent;
use crate::error::Error;
use crate::http::caller::Caller;
use crate::http::extract::PathId;
use crate::http::json::Json;

/// What the sender of a ticket wants.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TicketIntents {
    #[schema(example = 376_189)]
    ticket_id: i64,
    /// How many intents there are.
    #[schema(example = 1)]
    intents_found: usize,
    /// `full`: an intent is certain. `agentAssist`: there are intents, none of them certain. `customerDetected`: none,
    /// but the contract is known. `noDetection`: neither. Invalidated and archived intents do not count.
    #[schema(example = "agentAssist")]
    ai_outcome: &'static str,
    intents: Vec<Intent>,
    /// Always true.
    success: bool,
}

/// List the intents of a ticket.
///
/// Where some were taken back and an AI agent has changed since, they are looked for again first, inside the request.
#[utoipa::path(get, path = "/intent/byTicketId/{ticketId}", tag = "intent",
    params(("ticketId" = i64, Path, description = "The ticket's id", example = 376_189)),
    responses(
        (status = OK, description = "The intents by id, deleted ones left out", body = TicketIntents),
        (status = NOT_FOUND, description = "No such ticket"),
    ))]
pub async fn list(caller: Caller, id: PathId) -> Result<Json<TicketIntents>, Error> {
    let id = TicketId(id.of("ticket")?);
    let found = intents::of_ticket(&mut caller.connect().await?, id).await?;
    let mut found = found.ok_or(Error::NotFound("ticket"))?;
    if found.is_outdated && process_again(&caller, id).await? {
        let seen = intents::of_ticket(&mut caller.connect().await?, id).await?;
        found = seen.ok_or(Error::NotFound("ticket"))?;
    }
    Ok(Json(TicketIntents {
        ticket_id: id.0,
        intents_found: found.intents.len(),
        ai_outcome: outcome(found.contract_id.is_some(), &found.intents),
        intents: found.intents.into_iter().map(Intent::from).collect(),
        success: true,
    }))
}

/// Has the AI agents read the ticket again. Returns whether they are done; else they go on in the background.
async fn process_again(caller: &Caller, id: TicketId) -> Result<bool, Error> {
    let mut tx = caller.begin().await?;
    let request = Request::Refresh(Scope::Agents);
    let element = Element { id, expected_version: None, request, also: Vec::new() };
    let options = Options { worklog: false, private_tags: true, analysis: Again::No };
    actions::update_tickets(&mut tx, &caller.acting(), &caller.settings, vec![element], options).await?;
    tx.commit().await?;
    Ok(caller.app.analyse_now(caller.tenant, id).await)
}

/// The reference's `aiOutcome`, which it derives from the intents and the contract.
fn outcome(has_contract: bool, intents: &[intent::Intent]) -> &'static str {
    let counts = |intent: &&intent::Intent| !["invalidated", "archived"].contains(&intent.status.as_str());
    let surest = intents.iter().filter(counts).map(|intent| intent.confidence).reduce(f64::max);
    match surest {
        Some(confidence) if confidence >= 1.0 => "full",
        Some(_) => "agentAssist",
        None if has_contract => "customerDetected",
        None => "noDetection",
    }
}
