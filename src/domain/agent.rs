//! A person who works on tickets.

use jiff::Timestamp;

use crate::domain::id::AgentId;
use crate::domain::word::words;

words! {
    /// What a person may do.
    Role("role") {
        /// Everything, settings included.
        Admin = "admin",
        /// Works on tickets.
        Agent = "agent",
    }
}

/// A person of a tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agent {
    pub id: AgentId,
    pub role: Role,
    pub first_name: String,
    pub last_name: String,
    pub email: Option<String>,
    pub phone: Option<String>,
    /// Where the account lives; `enneo` on the Mind wire.
    pub r#type: String,
    pub is_sso_only: bool,
    /// The language of the person's screen, ISO 639-1.
    pub lang: String,
    /// The name shown to customers instead of the real one.
    pub name_alias: Option<String>,
    /// The id in a foreign system.
    pub external_id: Option<String>,
    /// `None` until the first request.
    pub last_seen_at: Option<Timestamp>,
}

/// A person that does not exist yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAgent {
    pub role: Role,
    pub first_name: String,
    pub last_name: String,
    /// Unique within the tenant, whatever its case.
    pub email: Option<String>,
    pub phone: Option<String>,
    pub lang: String,
    pub name_alias: Option<String>,
    pub external_id: Option<String>,
}

/// First and last name, or the mail address of somebody without either.
pub fn display_name(first: &str, last: &str, email: Option<&str>) -> String {
    match (first.is_empty(), last.is_empty()) {
        (false, false) => format!("{first} {last}"),
        (false, true) => first.to_owned(),
        (true, false) => last.to_owned(),
        (true, true) => email.unwrap_or_default().to_owned(),
    }
}
