//! `GET /aiAgent/{id}`.

use serde::Serialize;
use utoipa::ToSchema;

use super::wire::AiAgent;
use crate::db::ai_agents::{self, Filter};
use crate::error::Error;
use crate::http::caller::{Caller, CallerRole};
use crate::http::extract::PathId;
use crate::http::json::Json;

/// One AI agent.
#[derive(Debug, Serialize, ToSchema)]
pub struct OneAiAgent {
    #[serde(flatten)]
    ai_agent: AiAgent,
    /// Always true.
    success: bool,
}

/// Get an AI agent.
///
/// One whose tag the caller may not see is like a missing one; administrators get every one.
#[utoipa::path(get, path = "/aiAgent/{id}", tag = "aiAgent",
    params(("id" = i64, Path, description = "The AI agent's id")),
    responses(
        (status = OK, description = "The AI agent", body = OneAiAgent),
        (status = NOT_FOUND, description = "No such AI agent"),
    ))]
pub async fn get(caller: Caller, id: PathId) -> Result<Json<OneAiAgent>, Error> {
    let filter = Filter {
        id: Some(id.of(super::NOUN)?),
        private: caller.sees_private_tags(),
        disabled: caller.role == CallerRole::Admin,
        limit: 1,
        ..Filter::default()
    };
    let mut found = ai_agents::list(&mut caller.connect().await?, &filter).await?;
    let stored = found.pop().ok_or(Error::NotFound(super::NOUN))?;
    let ai_agent = AiAgent::new(stored, &caller.settings.calendar.zone)?;
    Ok(Json(OneAiAgent { ai_agent, success: true }))
}
