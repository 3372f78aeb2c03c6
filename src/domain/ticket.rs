//! The ticket: its words, its state and the fields that a change can name.

use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::domain::id::{AgentId, SubchannelId, TagId, TicketId};
use crate::domain::word::{Word, words};

words! {
    /// Where a ticket stands.
    Status("status") {
        /// Somebody has to act.
        Open = "open",
        /// Waits: until `due_at` where that is set, else for no clock.
        Pending = "pending",
        /// Done.
        Closed = "closed",
    }
    /// How urgent a ticket is, least first.
    Priority("priority") {
        Low = "low",
        Medium = "medium",
        High = "high",
        Urgent = "urgent",
    }
    /// How a ticket came or went.
    Channel("channel") {
        Email = "email",
        Portal = "portal",
        Phone = "phone",
        Letter = "letter",
        /// Made by a back end; nobody can answer it.
        System = "system",
        Chat = "chat",
        WalkIn = "walkIn",
    }
    /// Who spoke first. Never changes.
    Direction("direction") {
        In = "in",
        Out = "out",
        Internal = "internal",
    }
    /// How far analysis has come.
    AiSupportLevel("AI support level") {
        /// Not analysed.
        Unprocessed = "unprocessed",
        /// Analysed; a person works it.
        Human = "human",
        /// A bot holds it.
        Bot = "bot",
        /// Fit for automatic processing, or done by it.
        Automated = "automated",
    }
    /// What is known of a ticket's being spam. Manual values win for good.
    SpamStatus("spam status") {
        AutoSpam = "auto_spam",
        AutoClean = "auto_clean",
        /// A header said that a program wrote it.
        AutoProgrammatic = "auto_programmatic",
        ManualSpam = "manual_spam",
        ManualClean = "manual_clean",
    }
    /// The fields that a change can name, by the core's own names.
    Field("field") {
        ExternalId = "external_id",
        ExternalUpdatedAt = "external_updated_at",
        Channel = "channel",
        ChannelId = "channel_id",
        SubchannelId = "subchannel_id",
        Direction = "direction",
        From = "from",
        FromName = "from_name",
        To = "to",
        Cc = "cc",
        Bcc = "bcc",
        Status = "status",
        Priority = "priority",
        Subject = "subject",
        Summary = "summary",
        Body = "body",
        BodyPlain = "body_plain",
        BodyClean = "body_clean",
        Sentiment = "sentiment",
        Language = "language",
        LanguageCode = "language_code",
        AiSupportLevel = "ai_support_level",
        SpamStatus = "spam_status",
        IsCustomerActive = "is_customer_active",
        AutoExecuteAt = "auto_execute_at",
        FirstResponseDueAt = "first_response_due_at",
        DueAt = "due_at",
        ClosedAt = "closed_at",
        CustomerId = "customer_id",
        ContractId = "contract_id",
        PartnerId = "partner_id",
        CustomerLegitimation = "customer_legitimation",
        ResponderId = "responder_id",
        AgentId = "agent_id",
        AssignedAgentIds = "assigned_agent_ids",
        AdditionalData = "additional_data",
        RawData = "raw_data",
        Tags = "tags",
        Attachments = "attachments",
        Intents = "intents",
        Team = "team",
        Category = "category",
        TicketType = "ticket_type",
        CustomValues = "custom_values",
        /// What was said since, and notes.
        Messages = "messages",
    }
}

impl Field {
    /// Whether it is part of a ticket's [`Content`].
    pub fn is_content(self) -> bool {
        matches!(
            self,
            Self::To
                | Self::Cc
                | Self::Bcc
                | Self::Subject
                | Self::Summary
                | Self::Body
                | Self::BodyPlain
                | Self::BodyClean
                | Self::AdditionalData
                | Self::RawData
        )
    }

    /// Whether analysis, tags or settings write it too, so that it matters who set it.
    pub fn is_derived_too(self) -> bool {
        matches!(
            self,
            Self::Priority
                | Self::Summary
                | Self::BodyPlain
                | Self::BodyClean
                | Self::Sentiment
                | Self::Language
                | Self::LanguageCode
                | Self::AiSupportLevel
                | Self::SpamStatus
                | Self::AutoExecuteAt
                | Self::FirstResponseDueAt
                | Self::DueAt
                | Self::CustomerId
                | Self::ContractId
                | Self::CustomerLegitimation
        )
    }
}

impl SpamStatus {
    /// Whether it says spam (enneo Mind, update a few tickets: `spamStatus`).
    pub fn is_spam(self) -> bool {
        matches!(self, Self::AutoSpam | Self::AutoProgrammatic | Self::ManualSpam)
    }

    /// Set by a person through an API; automatic detection never overwrites it.
    pub fn is_manual(self) -> bool {
        matches!(self, Self::ManualSpam | Self::ManualClean)
    }
}

/// A JSON document that is the client's own: kept as it was written, in its order and with its numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document(pub String);

/// A ticket as it is stored, without what hangs on it.
#[derive(Debug, Clone, PartialEq)]
pub struct Ticket {
    pub id: TicketId,
    /// 1 on creation, +1 for every saved change.
    pub version: i64,
    /// The id in a foreign system; unique within the tenant.
    pub external_id: Option<String>,
    /// When the foreign system last changed it, as it said.
    pub external_updated_at: Option<Timestamp>,
    pub channel: Channel,
    /// The chat's id.
    pub channel_id: Option<String>,
    pub subchannel_id: Option<SubchannelId>,
    pub direction: Direction,
    /// The sender: a mail address, a phone number or any id.
    pub from: Option<String>,
    pub from_name: Option<String>,
    pub status: Status,
    pub priority: Priority,
    pub sentiment: Option<String>,
    /// The language's name.
    pub language: Option<String>,
    /// The language's ISO 639-1 code.
    pub language_code: Option<String>,
    pub ai_support_level: AiSupportLevel,
    /// `None`: nobody has looked, which counts as not spam.
    pub spam_status: Option<SpamStatus>,
    pub is_customer_active: bool,
    pub auto_execute_at: Option<Timestamp>,
    pub created_at: Timestamp,
    /// The last saved change; `None` until the first.
    pub modified_at: Option<Timestamp>,
    pub first_response_due_at: Option<Timestamp>,
    pub due_at: Option<Timestamp>,
    /// Set exactly while the ticket is closed.
    pub closed_at: Option<Timestamp>,
    /// The back end's id of the customer; the directory need not know it.
    pub customer_id: Option<String>,
    pub contract_id: Option<String>,
    pub partner_id: Option<i64>,
    /// How sure it is that the sender is the customer: 0 to 20 by analysis, 30 and more by a person.
    pub customer_legitimation: i32,
    /// Who wrote the latest answer.
    pub responder_id: Option<AgentId>,
    /// Who owns it.
    pub agent_id: Option<AgentId>,
    pub assigned_agent_ids: Vec<AgentId>,
    /// The fields that a person or a partner set; analysis never replaces them.
    pub set_by_person: BTreeSet<Field>,
    /// The tags that a person took off; analysis does not put them back.
    pub removed_tag_ids: BTreeSet<TagId>,
    /// Analysis waits until a person opens the ticket.
    pub analysis_deferred: bool,
    pub content: Content,
}

/// What a ticket says, and to whom: the part that can be large.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Content {
    pub to: Vec<String>,
    pub cc: Vec<String>,
    pub bcc: Vec<String>,
    pub subject: String,
    /// One line about the matter, found by analysis; empty until then.
    pub summary: String,
    /// As it came: HTML or plain text.
    pub body: Option<String>,
    pub body_plain: Option<String>,
    pub body_clean: Option<String>,
    pub additional_data: Option<Document>,
    /// What the source system said, as it said it.
    pub raw_data: Option<Document>,
}

impl Ticket {
    /// A ticket as it is before anything is known of it.
    pub fn blank(channel: Channel, direction: Direction, created_at: Timestamp) -> Self {
        Self {
            id: TicketId(0),
            version: 1,
            external_id: None,
            external_updated_at: None,
            channel,
            channel_id: None,
            subchannel_id: None,
            direction,
            from: None,
            from_name: None,
            status: Status::Open,
            priority: Priority::Low,
            sentiment: None,
            language: None,
            language_code: None,
            ai_support_level: AiSupportLevel::Unprocessed,
            spam_status: None,
            is_customer_active: false,
            auto_execute_at: None,
            created_at,
            modified_at: None,
            first_response_due_at: None,
            due_at: None,
            closed_at: None,
            customer_id: None,
            contract_id: None,
            partner_id: None,
            customer_legitimation: 0,
            responder_id: None,
            agent_id: None,
            assigned_agent_ids: Vec::new(),
            set_by_person: BTreeSet::new(),
            removed_tag_ids: BTreeSet::new(),
            analysis_deferred: false,
            content: Content::default(),
        }
    }

    /// Remembers which of these fields a person or a partner set. A field that is left empty is
    /// free again only where nothing was ever there, which is what `created` says.
    pub fn mark_set_by_person(&mut self, fields: impl IntoIterator<Item = Field>, created: bool) {
        for field in fields {
            let empty = match field {
                Field::DueAt => self.due_at.is_none(),
                Field::FirstResponseDueAt => self.first_response_due_at.is_none(),
                Field::ContractId => self.contract_id.is_none(),
                Field::CustomerId => self.customer_id.is_none(),
                _ => false,
            };
            if field.is_derived_too() && !(created && empty) {
                self.set_by_person.insert(field);
            }
        }
    }

    /// Whether the message is the one that `other` has: what analysis reads.
    pub fn has_message_of(&self, other: &Self) -> bool {
        let (mine, others) = (&self.content, &other.content);
        self.from == other.from
            && self.from_name == other.from_name
            && mine.subject == others.subject
            && mine.body == others.body
            && mine.raw_data == others.raw_data
    }

    /// The fields that analysis writes and in which `other` differs.
    pub fn derived_differences(&self, other: &Self) -> BTreeSet<Field> {
        let (mine, others) = (&self.content, &other.content);
        let differences = [
            (Field::BodyPlain, mine.body_plain != others.body_plain),
            (Field::BodyClean, mine.body_clean != others.body_clean),
            (Field::Summary, mine.summary != others.summary),
            (Field::Sentiment, self.sentiment != other.sentiment),
            (Field::Language, self.language != other.language),
            (Field::LanguageCode, self.language_code != other.language_code),
            (Field::SpamStatus, self.spam_status != other.spam_status),
            (Field::CustomerId, self.customer_id != other.customer_id),
            (Field::ContractId, self.contract_id != other.contract_id),
            (Field::CustomerLegitimation, self.customer_legitimation != other.customer_legitimation),
            (Field::AiSupportLevel, self.ai_support_level != other.ai_support_level),
            (Field::AutoExecuteAt, self.auto_execute_at != other.auto_execute_at),
        ];
        differences.into_iter().filter(|(_, differs)| *differs).map(|(field, _)| field).collect()
    }

    /// Whether the ticket should have been done by now.
    pub fn is_escalated(&self, now: Timestamp) -> bool {
        self.status != Status::Closed && self.due_at.is_some_and(|due| due < now)
    }
}

/// Words as texts, for a database column.
pub fn as_str<W: Word>(word: Option<W>) -> Option<&'static str> {
    word.map(W::as_str)
}
