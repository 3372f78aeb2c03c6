//! What happened to a ticket: who changed what from what to what, through which dialect.

use jiff::Timestamp;

use crate::domain::id::{AgentId, SubchannelId, TagId};
use crate::domain::ticket::{
    AiSupportLevel, Channel, Direction, Document, Field, Priority, SpamStatus, Status,
};
use crate::domain::word::{Word, words};

words! {
    /// What happened.
    ActivityKind("kind of activity") {
        Created = "created",
        Changed = "changed",
        /// A person opened the ticket.
        Viewed = "viewed",
        /// The ticket was analysed.
        Analysed = "analysed",
    }
    /// The road on which a change came.
    Via("dialect") {
        Mind = "mind",
        SocialBoards = "socialboards",
        LiveDesk = "livedesk",
        /// The server itself: maintenance and analysis.
        System = "system",
    }
}

/// Who acts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// A person of the tenant.
    Agent { id: AgentId, name: String },
    /// A program of a partner, by the name in its credential.
    Integration { name: String },
    /// The server itself.
    System,
}

impl Actor {
    /// The person; `None` for programs and the server.
    pub fn agent_id(&self) -> Option<AgentId> {
        match self {
            Self::Agent { id, .. } => Some(*id),
            Self::Integration { .. } | Self::System => None,
        }
    }

    /// The actor's name; `None` for the server.
    pub fn name(&self) -> Option<&str> {
        match self {
            Self::Agent { name, .. } | Self::Integration { name } => Some(name),
            Self::System => None,
        }
    }

    /// The word for its kind.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Agent { .. } => "agent",
            Self::Integration { .. } => "integration",
            Self::System => "system",
        }
    }

    /// Whether what it sets stands above analysis: people and partners do, the server does not.
    pub fn outranks_analysis(&self) -> bool {
        *self != Self::System
    }
}

/// Who acts, on which road and when: what every write needs to know.
#[derive(Debug, Clone)]
pub struct Acting {
    pub actor: Actor,
    pub via: Via,
    pub now: Timestamp,
}

/// One field's change.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldChange {
    pub field: Field,
    pub from: FieldValue,
    pub to: FieldValue,
}

/// Something that happened to a ticket, as it was recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Activity {
    pub id: i64,
    pub at: Timestamp,
    pub kind: ActivityKind,
    pub actor: Actor,
    pub via: Via,
    pub changes: Vec<RecordedChange>,
    /// What each stage of an analysis found and why; `None` for all else, and where nobody asked.
    pub stages: Option<Document>,
}

/// One field's change as it was recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordedChange {
    pub field: Field,
    /// Any JSON; an instant is a text in UTC.
    pub from: Document,
    pub to: Document,
}

/// A field's value in the record, whatever the field.
#[derive(Debug, Clone, PartialEq)]
pub enum FieldValue {
    Null,
    Bool(bool),
    Int(i64),
    Text(String),
    Instant(Timestamp),
    Texts(Vec<String>),
    Ids(Vec<i64>),
    Document(String),
}

impl<T: Into<FieldValue>> From<Option<T>> for FieldValue {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

macro_rules! values {
    ($($type:ty => |$value:ident| $made:expr;)*) => {$(
        impl From<$type> for FieldValue {
            fn from($value: $type) -> Self { $made }
        }
    )*};
}

values! {
    bool => |value| Self::Bool(value);
    i64 => |value| Self::Int(value);
    i32 => |value| Self::Int(value.into());
    String => |value| Self::Text(value);
    Timestamp => |value| Self::Instant(value);
    Vec<String> => |value| Self::Texts(value);
    Document => |value| Self::Document(value.0);
    AgentId => |value| Self::Int(value.0);
    SubchannelId => |value| Self::Int(value.0);
    Vec<AgentId> => |value| Self::Ids(value.into_iter().map(|id| id.0).collect());
    Vec<TagId> => |value| Self::Ids(value.into_iter().map(|id| id.0).collect());
    Channel => |value| Self::Text(value.as_str().to_owned());
    Direction => |value| Self::Text(value.as_str().to_owned());
    Status => |value| Self::Text(value.as_str().to_owned());
    Priority => |value| Self::Text(value.as_str().to_owned());
    AiSupportLevel => |value| Self::Text(value.as_str().to_owned());
    SpamStatus => |value| Self::Text(value.as_str().to_owned());
}
