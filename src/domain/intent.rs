//! What the sender wants, as an AI agent understood it.

use crate::domain::ticket::Document;

/// An intent of a ticket.
#[derive(Debug, Clone, PartialEq)]
pub struct Intent {
    pub id: i64,
    pub ai_agent_id: i64,
    pub contract_id: Option<String>,
    pub code: String,
    pub name: String,
    pub status: String,
    /// 0 to 1.
    pub confidence: f64,
    pub confidence_color: String,
    pub verified: bool,
    pub context: Document,
    pub message_preview: Option<String>,
    pub recipient: Option<String>,
    /// The extracted parameters by key.
    pub data: Document,
    pub options: Document,
    pub infos: Document,
    pub extra_info: Option<Document>,
    /// `None` until the intent was executed.
    pub outcome: Option<Document>,
}

/// An intent that analysis found.
#[derive(Debug, Clone, PartialEq)]
pub struct NewIntent {
    pub ai_agent_id: i64,
    /// `None`: it is about no contract.
    pub contract_id: Option<String>,
    pub code: String,
    pub name: String,
    /// `ready`, or `preview` where a required parameter is missing.
    pub status: &'static str,
    /// 0 to 1.
    pub confidence: f64,
    pub confidence_color: &'static str,
    pub message_preview: Option<String>,
    pub recipient: Option<String>,
    /// The extracted parameters by key.
    pub data: Document,
    pub options: Document,
    pub infos: Document,
}
