//! `GET /team/list`.

use serde::Serialize;
use utoipa::ToSchema;

use crate::db::teams;
use crate::error::Error;
use crate::http::caller::Caller;
use crate::http::json::Json;

/// A team.
#[derive(Debug, Serialize, ToSchema)]
pub struct Team {
    #[schema(example = 3)]
    id: i64,
    #[schema(example = "Second level")]
    name: String,
}

/// The tenant's teams.
#[derive(Debug, Serialize, ToSchema)]
pub struct Teams {
    teams: Vec<Team>,
    /// Always true.
    success: bool,
}

/// List teams.
///
/// All of them, by id.
#[utoipa::path(get, path = "/team/list", tag = "team",
    responses(
        (status = OK, description = "The teams", body = Teams),
    ))]
pub async fn list(caller: Caller) -> Result<Json<Teams>, Error> {
    let teams = teams::list(&mut caller.connect().await?).await?;
    let teams = teams.into_iter().map(|team| Team { id: team.id.0, name: team.name });
    Ok(Json(Teams { teams: teams.collect(), success: true }))
}
