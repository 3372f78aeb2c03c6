//! What is said on a ticket after it was opened: answers, what customers write back, and notes.

use jiff::Timestamp;
use uuid::Uuid;

use crate::domain::attachment::{File, NewAttachment};
use crate::domain::id::{AgentId, ContactId, MessageId, TicketId};
use crate::domain::ticket::Direction;

/// Who wrote a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Author {
    Agent(AgentId),
    Contact(ContactId),
    /// A program of a partner, by the name in its credential.
    Program(String),
}

/// A message that does not exist yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewMessage {
    pub author: Author,
    /// In: from a customer; out: to them; internal: for the people who work on the ticket.
    pub direction: Direction,
    /// A note: never shown to customers.
    pub is_private: bool,
    /// Not sent yet.
    pub is_draft: bool,
    pub body: String,
    pub is_html: bool,
    /// The message that it answers, of the same ticket; `None`: the ticket itself.
    pub parent_id: Option<MessageId>,
    pub to: Vec<String>,
    pub cc: Vec<String>,
    /// The people whom a note names.
    pub mentioned_agent_ids: Vec<AgentId>,
    pub attachments: Vec<NewAttachment>,
}

/// A message as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    pub id: MessageId,
    pub ticket_id: TicketId,
    pub author: Person,
    pub direction: Direction,
    pub is_private: bool,
    pub is_draft: bool,
    pub body: String,
    pub is_html: bool,
    pub parent_id: Option<MessageId>,
    /// How many messages it answers, one through the other: 0 for an answer to the ticket itself.
    pub level: u32,
    pub to: Vec<String>,
    pub cc: Vec<String>,
    pub mentioned: Vec<Person>,
    pub attachments: Vec<File>,
    pub created_at: Timestamp,
    pub modified_at: Option<Timestamp>,
}

/// Somebody as the dialects show them, whatever side they are on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// `None` for a program.
    pub guid: Option<Uuid>,
    pub side: Side,
    pub name: String,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub image: Option<String>,
    /// An agent's id in a foreign system, or a contact's euid.
    pub external_id: Option<String>,
    pub custom_identifier: Option<String>,
}

/// On which side of a ticket somebody is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    Team,
    Client,
    /// A program of a partner.
    Program,
}

/// A change of a message.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MessagePatch {
    /// `None`: as it is. The flag says whether it is HTML.
    pub body: Option<(String, bool)>,
    /// `None`: as they are.
    pub attachments: Option<Vec<NewAttachment>>,
    /// `None`: as they are.
    pub mentioned_agent_ids: Option<Vec<AgentId>>,
}

impl Message {
    /// Whether it is for the people who work on the ticket alone.
    pub fn is_note(&self) -> bool {
        self.is_private || self.direction == Direction::Internal
    }
}
