//! `GET /profile`.

use serde::Serialize;
use utoipa::ToSchema;

use super::wire::{Agent, ProfileSettings};
use crate::db::{agents, teams};
use crate::domain::activity::Actor;
use crate::error::Error;
use crate::http::caller::{Caller, CallerRole};
use crate::http::json::Json;

/// The caller.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Profile {
    /// The person's id; null for a program.
    pub id: Option<i64>,
    /// `admin`, `agent` or `integration`.
    #[schema(example = "admin")]
    pub role: &'static str,
    /// What the caller may do, in the words of the reference.
    pub permissions: Vec<&'static str>,
    /// The person's settings; a program is in no team.
    pub settings: ProfileSettings,
    /// The person; null for a program.
    #[serde(rename = "profile")]
    pub person: Option<Agent>,
    /// A program's name; null for a person.
    pub name: Option<String>,
    /// Always true.
    pub success: bool,
}

/// What an administrator has beyond an agent.
const ADMIN: [&str; 17] = [
    "deleteTicket",
    "executeAutoProcessing",
    "accessTechnicalEvents",
    "viewPrivateTags",
    "selectTicketOutsideRequiredSkills",
    "manageTemplates",
    "updateClientSettings",
    "readSecretSettings",
    "eventHooks",
    "events",
    "exportData",
    "exportTickets",
    "exportConversation",
    "exportUserProfiles",
    "updateAiAgent",
    "runExecutors",
    "previewExecutors",
];
/// What an agent has beyond an integration.
const AGENT: [&str; 8] = [
    "refreshFull",
    "refreshText",
    "refreshCustomer",
    "refreshAiAgents",
    "forwardTicket",
    "executeIntent",
    "updateIntent",
    "allowedToSendReplies",
];
/// What every caller has.
const INTEGRATION: [&str; 5] = [
    "updateTechnicalTicketFields",
    "createConversation",
    "filterTicketsOfColleagues",
    "updateCustomer",
    "customerSearch",
];

/// Who am I?
#[utoipa::path(get, path = "/profile", tag = "profile",
    responses(
        (status = OK, description = "The caller", body = Profile),
    ))]
pub async fn get(caller: Caller) -> Result<Json<Profile>, Error> {
    let (role, beyond): (_, &[&[&str]]) = match caller.role {
        CallerRole::Admin => ("admin", &[&ADMIN, &AGENT]),
        CallerRole::Agent => ("agent", &[&AGENT]),
        CallerRole::Integration => ("integration", &[]),
    };
    let permissions = INTEGRATION.iter().chain(beyond.iter().copied().flatten()).copied().collect();
    let zone = &caller.settings.calendar.zone;
    let (person, teams, name) = match &caller.actor {
        Actor::Agent { id, .. } => {
            let mut connection = caller.connect().await?;
            let found = agents::get(&mut connection, *id).await?.ok_or(Error::NotFound("profile"))?;
            let teams = teams::of_agents(&mut connection, &[*id]).await?.remove(id);
            (Some(Agent::new(&found, zone)), teams, None)
        }
        actor => (None, None, actor.name().map(str::to_owned)),
    };
    let id = person.as_ref().map(|person| person.id);
    let settings = ProfileSettings::new(teams.as_ref());
    Ok(Json(Profile { id, role, permissions, settings, person, name, success: true }))
}
