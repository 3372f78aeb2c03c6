//! The AI agent that Mind's clients read.

use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::dialects::mind::moment;
use crate::dialects::mind::read::Warning;
use crate::domain::ai_agent::StoredAiAgent;
use crate::error::Error;

/// An AI agent: what a sender may want, how that is found, and what is read from the text for it.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct AiAgent {
    #[schema(example = 4, read_only)]
    pub id: i64,
    /// Unique within the tenant: 1 to 255 characters of `a-z`, `0-9`, `_` and `-`.
    #[schema(example = "process_meter_reading", required = true)]
    pub code: String,
    /// 1 to 255 characters.
    #[schema(example = "Process a meter reading", required = true)]
    pub name: String,
    /// True by default.
    pub enabled: bool,
    /// The tag of the matter.
    pub tag_id: Option<i64>,
    /// Only for tickets of these channels; `all` stands for every one; empty: for all.
    pub channels: Vec<String>,
    pub detection_details: Detection,
    /// What is read from the text; at most 100.
    pub parameters: Vec<Parameter>,
    /// What can be done; at most 100.
    pub options: Vec<AgentOption>,
    pub messages: Messages,
    /// Whether an intent of it may be carried out without a person; false by default.
    pub auto_executable: bool,
    /// Who changed it last.
    #[schema(read_only)]
    pub modified_by: Option<String>,
    /// `YYYY-MM-DD HH:MM:SS` in the tenant's time zone.
    #[schema(example = "2024-08-29 14:38:12", read_only)]
    pub modified_at: String,
}

/// When it fires.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct Detection {
    /// `manualAssignment` (default), `aiDetection`, `conditionDetection`, `aiAndConditionDetection`,
    /// `aiOrConditionDetection` or `customLogic`.
    #[schema(example = "aiDetection")]
    pub r#type: String,
    /// Fires only where a customer was recognised; true by default.
    pub customer_needed: bool,
    /// A sentence that describes the matter.
    pub prompt: String,
    /// Words and phrases of any language that speak for it.
    pub keywords: Vec<String>,
    /// All must hold: `{key, comparator, values}`, `{key, comparator, value}` or `{key, comparator, from, to}` with the
    /// keys and comparators of the ticket search.
    #[schema(value_type = Vec<Object>)]
    pub conditions: Vec<Value>,
}

/// Something that is read from the text.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct Parameter {
    #[schema(example = "meterValue", required = true)]
    pub key: String,
    pub name: String,
    /// `number`, `date`, `iban`, `meterReading`, `email`, `phone`, `address`, `enum` or `text` (default).
    #[schema(example = "number")]
    pub r#type: String,
    /// False by default.
    pub required: bool,
    /// A regular expression that the value must match.
    pub pattern: Option<String>,
    /// The choices of an `enum`.
    pub values: Vec<String>,
}

/// Something that can be done about the intent.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct AgentOption {
    /// The action's key.
    #[schema(example = "enter_into_system", required = true)]
    pub r#type: String,
    pub name: String,
    pub icon: String,
    pub recommended: bool,
    pub order: i64,
}

/// What a person is shown; `{key}` stands for a parameter.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct Messages {
    /// Before anything is done.
    pub preview: String,
    pub success: String,
    /// Where a required parameter was not found.
    pub missing: String,
}

/// A saved AI agent.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SavedAiAgent {
    pub ai_agent: AiAgent,
    /// Always true.
    pub success: bool,
    /// What was ignored.
    pub warnings: Vec<Warning>,
}

impl AiAgent {
    /// Words an AI agent. Errors where the stored document is not one.
    pub fn new(stored: StoredAiAgent, zone: &TimeZone) -> Result<Self, Error> {
        let agent: Self = serde_json::from_str(&stored.document.0).map_err(Error::internal)?;
        Ok(Self {
            id: stored.id,
            modified_by: stored.modified_by,
            modified_at: moment::local(zone, stored.modified_at),
            ..agent
        })
    }
}
