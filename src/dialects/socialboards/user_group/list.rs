//! `GET /UserGroups`.

use serde::Serialize;
use utoipa::ToSchema;

use crate::db::teams;
use crate::dialects::socialboards::envelope::Envelope;
use crate::error::Error;
use crate::http::caller::Caller;

/// A team.
#[derive(Debug, Serialize, ToSchema)]
pub struct UserGroup {
    #[schema(example = 3)]
    id: i64,
    #[schema(example = "Sales")]
    name: String,
}

/// List user groups.
///
/// Provisional: the original's answer is unknown.
#[utoipa::path(get, path = "/usergroups", tag = "userGroup",
    responses((status = OK, description = "The teams", body = Envelope<Vec<UserGroup>>)))]
pub async fn list(caller: Caller) -> Result<Envelope<Vec<UserGroup>>, Error> {
    let teams = teams::list(&mut caller.connect().await?).await?;
    Ok(Envelope::new(teams.into_iter().map(|team| UserGroup { id: team.id.0, name: team.name }).collect()))
}
