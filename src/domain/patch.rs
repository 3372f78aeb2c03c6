//! Changing a ticket: what a request asks, what it comes to, and which rules stand in its way.

use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::domain::activity::{FieldChange, FieldValue};
use crate::domain::change::Change;
use crate::domain::fault::{Fault, Place};
use crate::domain::id::{AgentId, SubchannelId, TagId};
use crate::domain::ticket::{
    AiSupportLevel, Channel, Direction, Document, Field, Priority, SpamStatus, Status, Ticket,
};

/// The change that one request asks of one ticket.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TicketPatch {
    pub external_id: Change<Option<String>>,
    pub external_updated_at: Change<Option<Timestamp>>,
    pub channel: Change<Channel>,
    pub channel_id: Change<Option<String>>,
    pub subchannel_id: Change<Option<SubchannelId>>,
    /// Only the stored value is allowed.
    pub direction: Change<Direction>,
    pub from: Change<Option<String>>,
    pub from_name: Change<Option<String>>,
    pub to: Change<Vec<String>>,
    pub cc: Change<Vec<String>>,
    pub bcc: Change<Vec<String>>,
    pub status: Change<StatusWish>,
    pub priority: Change<Priority>,
    pub subject: Change<String>,
    pub summary: Change<String>,
    pub body: Change<Option<String>>,
    pub body_plain: Change<Option<String>>,
    pub body_clean: Change<Option<String>>,
    pub sentiment: Change<Option<String>>,
    pub language: Change<Option<String>>,
    pub language_code: Change<Option<String>>,
    pub ai_support_level: Change<AiSupportLevel>,
    pub spam_status: Change<Option<SpamStatus>>,
    pub is_customer_active: Change<bool>,
    pub auto_execute_at: Change<Option<Timestamp>>,
    pub first_response_due_at: Change<Option<Timestamp>>,
    pub due_at: Change<Option<Timestamp>>,
    pub customer_id: Change<Option<String>>,
    pub contract_id: Change<Option<String>>,
    pub partner_id: Change<Option<i64>>,
    pub customer_legitimation: Change<i32>,
    pub responder_id: Change<Option<AgentId>>,
    pub agent_id: Change<Option<AgentId>>,
    pub assigned_agent_ids: Change<Vec<AgentId>>,
    pub additional_data: Change<Option<Document>>,
    pub raw_data: Change<Option<Document>>,
    pub tags: TagChange,
}

/// The status that a request asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StatusWish {
    Open,
    /// Pending until a due date, which must lie ahead.
    Snoozed,
    /// Pending, ended by no clock.
    Waiting,
    Closed,
}

impl StatusWish {
    /// The status that the wish leads to.
    pub fn status(self) -> Status {
        match self {
            Self::Open => Status::Open,
            Self::Snoozed | Self::Waiting => Status::Pending,
            Self::Closed => Status::Closed,
        }
    }
}

/// What happens to a ticket's set of tags.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum TagChange {
    #[default]
    Keep,
    /// These and no others.
    Replace(Vec<TagId>),
    /// Set operations, so that concurrent ones lose nothing.
    AddRemove { add: Vec<TagId>, remove: Vec<TagId> },
    /// Analysis: these and no others; `released`, a part of them, are no longer a
    /// person's.
    Renew { tags: BTreeSet<TagId>, released: BTreeSet<TagId> },
}

/// Something in a request that was put aside without harm.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ignored {
    pub field: Field,
    pub message: &'static str,
}

/// What applying a patch came to.
#[derive(Debug, Default)]
pub struct Applied {
    /// What differs from before.
    pub changes: Vec<FieldChange>,
    /// What the patch names, changed or not.
    pub given: Vec<Field>,
    pub faults: Vec<Fault>,
    pub ignored: Vec<Ignored>,
}

impl TicketPatch {
    /// Whether the patch names anything of [`crate::domain::ticket::Content`].
    pub fn touches_content(&self) -> bool {
        self.to.is_set()
            || self.cc.is_set()
            || self.bcc.is_set()
            || self.subject.is_set()
            || self.summary.is_set()
            || self.body.is_set()
            || self.body_plain.is_set()
            || self.body_clean.is_set()
            || self.additional_data.is_set()
            || self.raw_data.is_set()
    }

    /// The fields that the patch names, its tags aside.
    pub fn named(&self) -> Vec<Field> {
        let mut blank = Ticket::blank(Channel::Email, Direction::In, Timestamp::UNIX_EPOCH);
        self.clone().apply(&mut blank, 0, Timestamp::UNIX_EPOCH).given
    }

    /// Applies the patch, but for its tags, to `ticket`. `element` is its place in the batch.
    ///
    /// A value equal to the stored one is no change. A spam verdict of a person closes the ticket
    /// (enneo Mind: `manual_spam`); taking it back does not open it again.
    pub fn apply(self, ticket: &mut Ticket, element: usize, now: Timestamp) -> Applied {
        let mut edit = Edit { applied: Applied::default(), element };
        edit.name(Field::Direction, &self.direction);
        edit.name(Field::Status, &self.status);
        edit.name(Field::SpamStatus, &self.spam_status);
        if let Some(direction) = self.direction.value()
            && direction != ticket.direction
        {
            edit.refuse(Field::Direction, "immutable", "the direction of a ticket never changes");
        }
        edit.give(Field::ExternalId, &mut ticket.external_id, self.external_id);
        edit.give(Field::ExternalUpdatedAt, &mut ticket.external_updated_at, self.external_updated_at);
        edit.give(Field::Channel, &mut ticket.channel, self.channel);
        edit.give(Field::ChannelId, &mut ticket.channel_id, self.channel_id);
        edit.give(Field::SubchannelId, &mut ticket.subchannel_id, self.subchannel_id);
        edit.give(Field::From, &mut ticket.from, self.from);
        edit.give(Field::FromName, &mut ticket.from_name, self.from_name);
        edit.give(Field::To, &mut ticket.content.to, self.to);
        edit.give(Field::Cc, &mut ticket.content.cc, self.cc);
        edit.give(Field::Bcc, &mut ticket.content.bcc, self.bcc);
        edit.give(Field::Priority, &mut ticket.priority, self.priority);
        edit.give(Field::Subject, &mut ticket.content.subject, self.subject);
        edit.give(Field::Summary, &mut ticket.content.summary, self.summary);
        edit.give(Field::Body, &mut ticket.content.body, self.body);
        edit.give(Field::BodyPlain, &mut ticket.content.body_plain, self.body_plain);
        edit.give(Field::BodyClean, &mut ticket.content.body_clean, self.body_clean);
        edit.give(Field::Sentiment, &mut ticket.sentiment, self.sentiment);
        edit.give(Field::Language, &mut ticket.language, self.language);
        edit.give(Field::LanguageCode, &mut ticket.language_code, self.language_code);
        edit.give(Field::AiSupportLevel, &mut ticket.ai_support_level, self.ai_support_level);
        edit.give(Field::IsCustomerActive, &mut ticket.is_customer_active, self.is_customer_active);
        edit.give(Field::AutoExecuteAt, &mut ticket.auto_execute_at, self.auto_execute_at);
        edit.give(Field::FirstResponseDueAt, &mut ticket.first_response_due_at, self.first_response_due_at);
        edit.give(Field::DueAt, &mut ticket.due_at, self.due_at);
        edit.give(Field::CustomerId, &mut ticket.customer_id, self.customer_id);
        edit.give(Field::ContractId, &mut ticket.contract_id, self.contract_id);
        edit.give(Field::PartnerId, &mut ticket.partner_id, self.partner_id);
        edit.give(Field::CustomerLegitimation, &mut ticket.customer_legitimation, self.customer_legitimation);
        edit.give(Field::ResponderId, &mut ticket.responder_id, self.responder_id);
        edit.give(Field::AgentId, &mut ticket.agent_id, self.agent_id);
        edit.give(Field::AssignedAgentIds, &mut ticket.assigned_agent_ids, self.assigned_agent_ids);
        edit.give(Field::AdditionalData, &mut ticket.content.additional_data, self.additional_data);
        edit.give(Field::RawData, &mut ticket.content.raw_data, self.raw_data);
        edit.status(ticket, self.status.value(), self.spam_status, now);
        edit.applied
    }
}

/// The fault of a ticket that is to be snoozed until a due date that does not lie ahead.
pub fn snooze_fault(ticket: &Ticket, element: usize, now: Timestamp) -> Option<Fault> {
    let place = Place::Field(Field::DueAt);
    let message = "a pending ticket needs a due date in the future";
    let lies_ahead = ticket.due_at.is_some_and(|due| due > now);
    (!lies_ahead).then(|| Fault::new(element, place, "not_in_the_future", message))
}

struct Edit {
    applied: Applied,
    element: usize,
}

impl Edit {
    fn name<T>(&mut self, field: Field, change: &Change<T>) {
        if change.is_set() {
            self.applied.given.push(field);
        }
    }

    fn give<T>(&mut self, field: Field, slot: &mut T, change: Change<T>)
    where
        T: PartialEq + Clone + Into<FieldValue>,
    {
        self.name(field, &change);
        self.set(field, slot, change);
    }

    fn set<T>(&mut self, field: Field, slot: &mut T, change: Change<T>)
    where
        T: PartialEq + Clone + Into<FieldValue>,
    {
        if let Change::Set(value) = change
            && value != *slot
        {
            let from = std::mem::replace(slot, value);
            self.applied.changes.push(FieldChange { field, from: from.into(), to: slot.clone().into() });
        }
    }

    fn refuse(&mut self, field: Field, code: &'static str, message: &str) {
        let fault = Fault::new(self.element, Place::Field(field), code, message);
        self.applied.faults.push(fault);
    }

    fn status(
        &mut self,
        ticket: &mut Ticket,
        wish: Option<StatusWish>,
        spam: Change<Option<SpamStatus>>,
        now: Timestamp,
    ) {
        let mut wish = wish;
        if let Change::Set(spam) = spam {
            let machine_over_person = spam.is_some_and(|new| !new.is_manual())
                && ticket.spam_status.is_some_and(SpamStatus::is_manual);
            if machine_over_person {
                self.applied.ignored.push(Ignored {
                    field: Field::SpamStatus,
                    message: "a person decided; an automatic value does not replace that",
                });
            } else {
                if spam == Some(SpamStatus::ManualSpam) && ticket.spam_status != spam {
                    wish = Some(StatusWish::Closed);
                }
                self.set(Field::SpamStatus, &mut ticket.spam_status, Change::Set(spam));
            }
        }
        let Some(wish) = wish else { return };
        let status = wish.status();
        if status == ticket.status {
            return;
        }
        if wish == StatusWish::Snoozed && ticket.due_at.is_none_or(|due| due <= now) {
            self.refuse(Field::DueAt, "not_in_the_future", "a pending ticket needs a due date in the future");
        }
        self.set(Field::Status, &mut ticket.status, Change::Set(status));
        let closed_at = (status == Status::Closed).then_some(now);
        self.set(Field::ClosedAt, &mut ticket.closed_at, Change::Set(closed_at));
    }
}
