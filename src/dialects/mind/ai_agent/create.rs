//! `POST /aiAgent`.

use serde_json::Value;

use super::document::{check, members, taken};
use super::wire::{AiAgent, SavedAiAgent};
use crate::actions;
use crate::dialects::mind::prefer::Prefer;
use crate::dialects::mind::read::Reader;
use crate::error::Error;
use crate::http::caller::Caller;
use crate::http::extract::Body;
use crate::http::field::AnyJson;
use crate::http::json::Json;

/// Create an AI agent.
///
/// Administrators alone. `code` and `name` are required.
#[utoipa::path(post, path = "/aiAgent", tag = "aiAgent", request_body = AiAgent,
    params(("Prefer" = Option<String>, Header, description = "`handling=strict`: unknown members are an error")),
    responses(
        (status = OK, description = "Created", body = SavedAiAgent),
        (status = FORBIDDEN, description = "Not an administrator"),
        (status = CONFLICT, description = "Another AI agent has the code"),
    ))]
pub async fn create(
    caller: Caller,
    prefer: Prefer,
    Body(AnyJson(wire)): Body<AnyJson>,
) -> Result<Json<SavedAiAgent>, Error> {
    caller.require_admin()?;
    let zone = &caller.settings.calendar.zone;
    let mut reader = Reader::new("", zone);
    let given = Value::Object(members(wire, &mut reader, prefer.strict)?);
    let mut tx = caller.begin().await?;
    let agent = check(&mut tx, 0, &given, &mut reader).await?;
    let stored = actions::create_ai_agent(&mut tx, &agent, &caller.acting()).await?.ok_or_else(taken)?;
    let ai_agent = AiAgent::new(stored, zone)?;
    tx.commit().await?;
    caller.app.forget_catalogue(caller.tenant).await;
    Ok(Json(SavedAiAgent { ai_agent, success: true, warnings: reader.warnings }))
}
