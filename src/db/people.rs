//! People as every dialect shows them, whatever side they are on: JSON rows that other statements build.

use serde::Deserialize;
use uuid::Uuid;

use crate::domain::agent::display_name;
use crate::domain::message::{Person, Side};

/// A member of the team.
#[derive(Debug, Deserialize)]
pub struct AgentRow {
    guid: Uuid,
    first_name: String,
    last_name: String,
    email: Option<String>,
    phone: Option<String>,
    external_id: Option<String>,
}

/// A person outside.
#[derive(Debug, Deserialize)]
pub struct ContactRow {
    guid: Uuid,
    euid: Option<String>,
    name: Option<String>,
    email: Option<String>,
    phone: Option<String>,
    image: Option<String>,
    custom_identifier: Option<String>,
}

impl From<AgentRow> for Person {
    fn from(row: AgentRow) -> Self {
        Self {
            guid: Some(row.guid),
            side: Side::Team,
            name: display_name(&row.first_name, &row.last_name, row.email.as_deref()),
            email: row.email,
            phone: row.phone,
            image: None,
            external_id: row.external_id,
            custom_identifier: None,
        }
    }
}

impl From<ContactRow> for Person {
    fn from(row: ContactRow) -> Self {
        let known = [&row.name, &row.email, &row.custom_identifier, &row.euid, &row.phone];
        let name = known.into_iter().flatten().next().cloned().unwrap_or_default();
        Self {
            guid: Some(row.guid),
            side: Side::Client,
            name,
            email: row.email,
            phone: row.phone,
            image: row.image,
            external_id: row.euid,
            custom_identifier: row.custom_identifier,
        }
    }
}
