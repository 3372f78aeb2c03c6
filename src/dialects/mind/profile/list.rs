//! `GET /profiles`.

use axum::Json;

use super::wire::Agent;
use crate::db::agents;
use crate::error::Error;
use crate::http::caller::Caller;
use crate::http::extract::Query;

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
        (status = OK, description = "The tenant's people", body = Vec<Agent>),
    ))]
pub async fn list(caller: Caller, mut query: Query) -> Result<Json<Vec<Agent>>, Error> {
    let limit = query.number("limit", 1..=1000, 1000);
    let offset = query.number("offset", 0..=i64::MAX, 0);
    if query.text("format").is_some_and(|format| !["short", "full"].contains(&format)) {
        query.refuse("format", "must be short or full");
    }
    query.check()?;
    let people = agents::list(&mut caller.connect().await?, limit, offset).await?;
    let zone = &caller.settings.calendar.zone;
    Ok(Json(people.iter().map(|person| Agent::new(person, zone)).collect()))
}
