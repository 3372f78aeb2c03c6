//! `DELETE /aiAgent/{id}`.

use serde::Serialize;
use utoipa::ToSchema;

use crate::db::ai_agents;
use crate::error::Error;
use crate::http::caller::Caller;
use crate::http::extract::PathId;
use crate::http::json::Json;

/// It is done.
#[derive(Debug, Serialize, ToSchema)]
pub struct Deleted {
    /// Always true.
    success: bool,
}

/// Delete an AI agent.
///
/// Administrators alone. The intents that it found stay, and its code is free again.
#[utoipa::path(delete, path = "/aiAgent/{id}", tag = "aiAgent",
    params(("id" = i64, Path, description = "The AI agent's id")),
    responses(
        (status = OK, description = "Deleted", body = Deleted),
        (status = FORBIDDEN, description = "Not an administrator"),
        (status = NOT_FOUND, description = "No such AI agent"),
    ))]
pub async fn delete(caller: Caller, id: PathId) -> Result<Json<Deleted>, Error> {
    caller.require_admin()?;
    let id = id.of(super::NOUN)?;
    let acting = caller.acting();
    let mut tx = caller.begin().await?;
    if !ai_agents::delete(&mut tx, id, acting.actor.name(), acting.now).await? {
        return Err(Error::NotFound(super::NOUN));
    }
    tx.commit().await?;
    caller.app.forget_catalogue(caller.tenant).await;
    Ok(Json(Deleted { success: true }))
}
