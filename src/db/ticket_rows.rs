//! The row of a ticket and what becomes of it.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde_json::value::RawValue;
use sqlx::types::Json;

use super::ticket_view::Around;
use super::time;
use crate::domain::id::{AgentId, SubchannelId, TagId, TicketId};
use crate::domain::ticket::{Content, Document, Field, Ticket};
use crate::domain::word::Word;
use crate::error::Error;

/// A JSON column as its text.
pub type Raw = Json<Box<RawValue>>;

/// A ticket's columns. A query that leaves the content out selects empty values for it.
pub struct Row<A = Around> {
    pub id: i64,
    pub version: i64,
    pub external_ticket_id: Option<String>,
    pub external_updated_at: Option<DateTime<Utc>>,
    pub channel: String,
    pub channel_id: Option<String>,
    pub subchannel_id: Option<i64>,
    pub direction: String,
    pub from_address: Option<String>,
    pub from_name: Option<String>,
    pub to_addresses: Vec<String>,
    pub cc_addresses: Vec<String>,
    pub bcc_addresses: Vec<String>,
    pub status: String,
    pub priority: String,
    pub subject: String,
    pub summary: String,
    pub body: Option<String>,
    pub body_plain: Option<String>,
    pub body_clean: Option<String>,
    pub sentiment: Option<String>,
    pub language: Option<String>,
    pub language_code: Option<String>,
    pub ai_support_level: String,
    pub spam_status: Option<String>,
    pub is_customer_active: bool,
    pub auto_execute_at: Option<DateTime<Utc>>,
    pub created_at: DateTime<Utc>,
    pub modified_at: Option<DateTime<Utc>>,
    pub first_response_due_at: Option<DateTime<Utc>>,
    pub due_at: Option<DateTime<Utc>>,
    pub closed_at: Option<DateTime<Utc>>,
    pub customer_id: Option<String>,
    pub contract_id: Option<String>,
    pub partner_id: Option<i64>,
    pub customer_legitimation: i32,
    pub responder_id: Option<i64>,
    pub agent_id: Option<i64>,
    pub assigned_agent_ids: Vec<i64>,
    pub additional_data: Option<Raw>,
    pub raw_data: Option<Raw>,
    pub workitem: Option<Raw>,
    pub set_by_person: Vec<String>,
    pub removed_tag_ids: Vec<i64>,
    pub analysis_deferred: bool,
    /// What hangs on the ticket; `None` where the query leaves it out.
    pub around: Option<Json<A>>,
}

impl<A> TryFrom<Row<A>> for Ticket {
    type Error = Error;

    fn try_from(row: Row<A>) -> Result<Self, Error> {
        let set_by_person: Result<BTreeSet<Field>, Error> =
            row.set_by_person.iter().map(|name| word(name)).collect();
        Ok(Self {
            id: TicketId(row.id),
            version: row.version,
            external_id: row.external_ticket_id,
            external_updated_at: time::read_opt(row.external_updated_at),
            channel: word(&row.channel)?,
            channel_id: row.channel_id,
            subchannel_id: row.subchannel_id.map(SubchannelId),
            direction: word(&row.direction)?,
            from: row.from_address,
            from_name: row.from_name,
            status: word(&row.status)?,
            priority: word(&row.priority)?,
            sentiment: row.sentiment,
            language: row.language,
            language_code: row.language_code,
            ai_support_level: word(&row.ai_support_level)?,
            spam_status: row.spam_status.as_deref().map(word).transpose()?,
            is_customer_active: row.is_customer_active,
            auto_execute_at: time::read_opt(row.auto_execute_at),
            created_at: time::read(row.created_at),
            modified_at: time::read_opt(row.modified_at),
            first_response_due_at: time::read_opt(row.first_response_due_at),
            due_at: time::read_opt(row.due_at),
            closed_at: time::read_opt(row.closed_at),
            customer_id: row.customer_id,
            contract_id: row.contract_id,
            partner_id: row.partner_id,
            customer_legitimation: row.customer_legitimation,
            responder_id: row.responder_id.map(AgentId),
            agent_id: row.agent_id.map(AgentId),
            assigned_agent_ids: row.assigned_agent_ids.into_iter().map(AgentId).collect(),
            set_by_person: set_by_person?,
            removed_tag_ids: row.removed_tag_ids.into_iter().map(TagId).collect(),
            analysis_deferred: row.analysis_deferred,
            content: Content {
                to: row.to_addresses,
                cc: row.cc_addresses,
                bcc: row.bcc_addresses,
                subject: row.subject,
                summary: row.summary,
                body: row.body,
                body_plain: row.body_plain,
                body_clean: row.body_clean,
                additional_data: row.additional_data.map(document),
                raw_data: row.raw_data.map(document),
            },
        })
    }
}

/// A word from a column; the schema's check lets no other in, so that one is a fault of ours.
pub fn word<W: Word>(text: &str) -> Result<W, Error> {
    W::parse(text).ok_or_else(|| Error::internal(format_args!("a row has the {} {text:?}", W::NOUN)))
}

/// A JSON column as a document.
pub fn document(json: Raw) -> Document {
    raw(json.0)
}

/// JSON inside a row as a document.
pub fn raw(json: Box<RawValue>) -> Document {
    Document(String::from(Box::<str>::from(json)))
}

/// A document on its way to a JSON column. It travels as text, which the statement casts: sqlx sends
/// every JSON value as jsonb, which reorders keys and rewrites numbers.
pub fn text(document: Option<&Document>) -> Option<&str> {
    document.map(|document| document.0.as_str())
}
