//! `PATCH /aiAgent/{id}`.

use serde_json::Value;

use super::document::{check, members, merge, taken};
use super::wire::{AiAgent, SavedAiAgent};
use crate::actions;
use crate::db::ai_agents;
use crate::dialects::mind::prefer::Prefer;
use crate::dialects::mind::read::Reader;
use crate::dialects::mind::stored::value;
use crate::error::Error;
use crate::http::caller::Caller;
use crate::http::extract::{Body, PathId};
use crate::http::field::AnyJson;
use crate::http::json::Json;

/// Change an AI agent.
///
/// Administrators alone. Objects are merged member by member; lists and single values are replaced. What comes of
/// it must be a valid AI agent.
#[utoipa::path(patch, path = "/aiAgent/{id}", tag = "aiAgent",
    params(
        ("id" = i64, Path, description = "The AI agent's id"),
        ("Prefer" = Option<String>, Header, description = "`handling=strict`: unknown members are an error"),
    ),
    request_body(content = Object, description = "Any members of an AI agent",
        example = json!({ "enabled": false, "detectionDetails": { "keywords": ["Zählerstand"] } })),
    responses(
        (status = OK, description = "Changed", body = SavedAiAgent),
        (status = FORBIDDEN, description = "Not an administrator"),
        (status = NOT_FOUND, description = "No such AI agent"),
        (status = CONFLICT, description = "Another AI agent has the code"),
    ))]
pub async fn patch(
    caller: Caller,
    id: PathId,
    prefer: Prefer,
    Body(AnyJson(wire)): Body<AnyJson>,
) -> Result<Json<SavedAiAgent>, Error> {
    caller.require_admin()?;
    let id = id.of(super::NOUN)?;
    let zone = &caller.settings.calendar.zone;
    let mut reader = Reader::new("", zone);
    let change = Value::Object(members(wire, &mut reader, prefer.strict)?);
    let mut tx = caller.begin().await?;
    let before = ai_agents::lock(&mut tx, id).await?.ok_or(Error::NotFound(super::NOUN))?;
    let mut merged = value(before);
    merge(&mut merged, change);
    let agent = check(&mut tx, id, &merged, &mut reader).await?;
    let stored = actions::replace_ai_agent(&mut tx, &agent, &caller.acting()).await?.ok_or_else(taken)?;
    let ai_agent = AiAgent::new(stored, zone)?;
    tx.commit().await?;
    caller.app.forget_catalogue(caller.tenant).await;
    Ok(Json(SavedAiAgent { ai_agent, success: true, warnings: reader.warnings }))
}
