//! People as Mind shows them.

use jiff::tz::TimeZone;
use serde::Serialize;
use utoipa::ToSchema;

use crate::dialects::mind::moment;
use crate::domain::agent;
use crate::domain::id::TeamId;

/// A person, without password and picture.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Agent {
    #[schema(example = 1)]
    pub id: i64,
    #[schema(example = "Max")]
    pub first_name: String,
    #[schema(example = "Mustermann")]
    pub last_name: String,
    pub email: Option<String>,
    pub phone: Option<String>,
    /// `YYYY-MM-DD HH:MM:SS` in the tenant's time zone; null before the first request.
    pub last_seen: Option<String>,
    #[schema(example = "enneo")]
    pub r#type: String,
    /// 0 or 1.
    #[schema(example = 0)]
    pub is_sso_only: u8,
    /// ISO 639-1.
    #[schema(example = "de")]
    pub lang: String,
    /// The name shown to customers instead.
    pub name_alias: Option<String>,
    /// The id in a foreign system.
    pub external_id: Option<String>,
}

/// What is set for a person.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProfileSettings {
    /// The teams that the person is in, by id.
    #[schema(example = json!([3]))]
    pub team_ids: Vec<i64>,
}

impl ProfileSettings {
    /// Those of a person of these teams.
    pub fn new(teams: Option<&Vec<TeamId>>) -> Self {
        Self { team_ids: teams.into_iter().flatten().map(|team| team.0).collect() }
    }
}

impl Agent {
    /// Words a person.
    pub fn new(agent: &agent::Agent, zone: &TimeZone) -> Self {
        Self {
            id: agent.id.0,
            first_name: agent.first_name.clone(),
            last_name: agent.last_name.clone(),
            email: agent.email.clone(),
            phone: agent.phone.clone(),
            last_seen: agent.last_seen_at.map(|at| moment::local(zone, at)),
            r#type: agent.r#type.clone(),
            is_sso_only: agent.is_sso_only.into(),
            lang: agent.lang.clone(),
            name_alias: agent.name_alias.clone(),
            external_id: agent.external_id.clone(),
        }
    }
}
