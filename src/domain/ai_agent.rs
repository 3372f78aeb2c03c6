//! AI agents: what a sender may want, how that is found, and what is read from the text for it.

use jiff::Timestamp;

use crate::domain::detection::Detection;
use crate::domain::id::TagId;
use crate::domain::ticket::Document;
use crate::domain::word::words;

words! {
    /// What a parameter's value is.
    ParameterType("type") {
        Number = "number",
        Date = "date",
        Iban = "iban",
        MeterReading = "meterReading",
        Email = "email",
        Phone = "phone",
        Address = "address",
        Enum = "enum",
        Text = "text",
    }
}

/// An AI agent of a tenant (enneo Mind, AI agents).
#[derive(Debug, Clone, PartialEq)]
pub struct AiAgent {
    pub id: i64,
    /// Unique within the tenant, such as `process_meter_reading`.
    pub code: String,
    pub name: String,
    pub enabled: bool,
    /// The tag of the matter; `None`: it has none.
    pub tag_id: Option<TagId>,
    /// Only for tickets of these channels; empty: for all.
    pub channels: Vec<String>,
    pub detection: Detection,
    pub parameters: Vec<Parameter>,
    pub options: Vec<AgentOption>,
    pub messages: Messages,
    /// Whether an intent of it may be carried out without a person.
    pub auto_executable: bool,
}

/// An AI agent as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredAiAgent {
    pub id: i64,
    /// The whole agent as clients read it, but for its id.
    pub document: Document,
    pub modified_by: Option<String>,
    pub modified_at: Timestamp,
}

/// Something that is read from the text.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameter {
    pub key: String,
    pub name: String,
    pub kind: ParameterType,
    pub required: bool,
    /// A regular expression that the value must match, in the syntax of the `regex` crate.
    pub pattern: Option<String>,
    /// The choices of an `enum`.
    pub values: Vec<String>,
}

/// Something that can be done about the intent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgentOption {
    /// The action's key, such as `enter_into_system`.
    pub r#type: String,
    pub name: String,
    pub icon: String,
    pub recommended: bool,
    pub order: i64,
}

/// What a person is shown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Messages {
    /// Before anything is done; `{key}` stands for a parameter.
    pub preview: String,
    pub success: String,
    /// Where a required parameter was not found.
    pub missing: String,
}
