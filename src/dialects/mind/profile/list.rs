//! `GET /profiles`.

use serde::Serialize;
use utoipa::ToSchema;

use super::wire::{Agent, ProfileSettings};
use crate::db::{agents, teams};
use crate::domain::id::AgentId;
use crate::error::Error;
use crate::http::caller::Caller;
use crate::http::extract::Query;
use crate::http::json::Json;

/// A person of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct Listed {
    #[serde(flatten)]
    person: Agent,
    settings: ProfileSettings,
}

/// List people.
///
/// A bare array, by id.
#[utoipa::path(get, path = "/profiles", tag = "profile",
    params(
        ("limit" = Option<i64>, Query, description = "1 to 1000", example = 1000),
        ("offset" = Option<i64>, Query, description = "How many to pass over", example = 0),
        ("format" = Option<String>, Query, description = "`short` (default) or `full`; both show the same so far", example = "short"),
    ),
    responses(
        (status = OK, description = "The tenant's people", body = Vec<Listed>),
    ))]
pub async fn list(caller: Caller, mut query: Query) -> Result<Json<Vec<Listed>>, Error> {
    let limit = query.number("limit", 1..=1000, 1000);
    let offset = query.number("offset", 0..=i64::MAX, 0);
    if query.text("format").is_some_and(|format| !["short", "full"].contains(&format)) {
        query.refuse("format", "must be short or full");
    }
    query.check()?;
    let mut connection = caller.connect().await?;
    let people = agents::list(&mut connection, limit, offset).await?;
    let ids: Vec<AgentId> = people.iter().map(|person| person.id).collect();
    let teams = teams::of_agents(&mut connection, &ids).await?;
    let zone = &caller.settings.calendar.zone;
    let listed = people.iter().map(|person| Listed {
        person: Agent::new(person, zone),
        settings: ProfileSettings::new(teams.get(&person.id)),
    });
    Ok(Json(listed.collect()))
}
