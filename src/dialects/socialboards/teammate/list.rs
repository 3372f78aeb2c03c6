//! `GET /Teammates`.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::db::teams;
use crate::dialects::socialboards::envelope::Envelope;
use crate::domain::agent::Role;
use crate::domain::id::TeamId;
use crate::error::Error;
use crate::http::caller::Caller;
use crate::http::extract::Query;

/// Somebody who works on tickets.
#[derive(Debug, Serialize, ToSchema)]
pub struct Teammate {
    /// What `assigneeId` takes.
    #[schema(value_type = String, format = "uuid", example = "43b8adc7-755d-2be3-afb1-b6a462631977")]
    id: Uuid,
    #[schema(example = "Eva Beispiel")]
    name: String,
    #[schema(example = "eva@example.com")]
    email: Option<String>,
    /// `admin` or `user`.
    #[schema(example = "admin")]
    role: &'static str,
}

/// List teammates.
#[utoipa::path(get, path = "/teammates", tag = "teammate",
    params(("group" = Option<i64>, Query, description = "Only those of this user group; a group that there is not has none", example = 3)),
    responses((status = OK, description = "The teammates", body = Envelope<Vec<Teammate>>)))]
pub async fn list(caller: Caller, mut query: Query) -> Result<Envelope<Vec<Teammate>>, Error> {
    let group = query.number("group", 1..=i64::MAX, 0);
    query.check()?;
    let group = (group > 0).then_some(TeamId(group));
    let members = teams::members(&mut caller.connect().await?, group).await?;
    let teammates = members.into_iter().map(|(person, role)| Teammate {
        // Every teammate has one.
        id: person.guid.unwrap_or_default(),
        name: person.name,
        email: person.email,
        role: match role {
            Role::Admin => "admin",
            Role::Agent => "user",
        },
    });
    Ok(Envelope::new(teammates.collect()))
}
