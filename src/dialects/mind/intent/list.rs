//! `GET /intent/byTicketId/{ticketId}`.

use axum::Json;
use serde::Serialize;
use utoipa::ToSchema;

use crate::db::intents;
use crate::dialects::mind::ticket::wire::Intent;
use crate::domain::id::TicketId;
use crate::domain::intent;
use crate::error::Error;
use crate::http::caller::Caller;
use crate::http::extract::PathId;

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
#[utoipa::path(get, path = "/intent/byTicketId/{ticketId}", tag = "intent",
    params(("ticketId" = i64, Path, description = "The ticket's id", example = 376_189)),
    responses(
        (status = OK, description = "The intents by id, deleted ones left out", body = TicketIntents),
        (status = NOT_FOUND, description = "No such ticket"),
    ))]
pub async fn list(caller: Caller, id: PathId) -> Result<Json<TicketIntents>, Error> {
    let id = TicketId(id.of("ticket")?);
    let found = intents::of_ticket(&mut caller.connect().await?, id).await?;
    let (contract, intents) = found.ok_or(Error::NotFound("ticket"))?;
    Ok(Json(TicketIntents {
        ticket_id: id.0,
        intents_found: intents.len(),
        ai_outcome: outcome(contract.is_some(), &intents),
        intents: intents.into_iter().map(Intent::from).collect(),
        success: true,
    }))
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
