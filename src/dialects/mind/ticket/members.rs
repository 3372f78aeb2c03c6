//! The core's fields under Mind's names.

use crate::domain::fault::{Fault, Place};
use crate::domain::patch::{TagChange, TicketPatch};
use crate::domain::ticket::Field;
use crate::error::FieldError;

/// The member of the ticket document that shows a field.
pub fn member(field: Field) -> &'static str {
    match field {
        Field::ExternalId => "externalTicketId",
        Field::ExternalUpdatedAt => "externalUpdatedAt",
        Field::Channel => "channel",
        Field::ChannelId => "channelId",
        Field::SubchannelId => "subchannelId",
        Field::Direction => "direction",
        Field::From => "from",
        Field::FromName => "fromName",
        Field::To => "to",
        Field::Cc => "ccEmails",
        Field::Bcc => "bccEmails",
        Field::Status => "status",
        Field::Priority => "priority",
        Field::Subject => "subject",
        Field::Summary => "summary",
        Field::Body => "body",
        Field::BodyPlain => "bodyPlain",
        Field::BodyClean => "bodyClean",
        Field::Sentiment => "sentiment",
        Field::Language => "language",
        Field::LanguageCode => "languageCode",
        Field::AiSupportLevel => "aiSupportLevel",
        Field::SpamStatus => "spamStatus",
        Field::IsCustomerActive => "isCustomerActive",
        Field::AutoExecuteAt => "autoExecuteAt",
        Field::FirstResponseDueAt => "firstResponseDueBy",
        Field::DueAt => "dueBy",
        Field::ClosedAt => "closedAt",
        Field::CustomerId => "customerId",
        Field::ContractId => "contractId",
        Field::PartnerId => "partnerId",
        Field::CustomerLegitimation => "customerLegitimation",
        Field::ResponderId => "responderId",
        Field::AgentId => "agentId",
        Field::AssignedAgentIds => "assignedAgentIds",
        Field::AdditionalData => "additionalData",
        Field::RawData => "rawData",
        Field::Tags => "tagIds",
        Field::Attachments => "attachments",
        Field::Intents => "intents",
        Field::Team => "team",
        Field::Category => "category",
        Field::TicketType => "ticketType",
        Field::CustomValues => "customFields",
        Field::Messages => "conversation",
    }
}

/// The members that a patch names.
pub fn named(patch: &TicketPatch) -> Vec<&'static str> {
    let mut names: Vec<&str> = patch.named().into_iter().map(member).collect();
    match &patch.tags {
        TagChange::Keep | TagChange::Renew { .. } => {}
        TagChange::Replace(_) => names.push("tagIds"),
        TagChange::AddRemove { add, remove } => {
            names.extend((!add.is_empty()).then_some("addTagIds"));
            names.extend((!remove.is_empty()).then_some("removeTagIds"));
        }
    }
    names
}

/// A fault of the core at its pointer below `at`.
pub fn word_fault(fault: &Fault, at: &str) -> FieldError {
    word_fault_as(fault, at, member)
}

/// As [`word_fault`], where the request has other names than the ticket document.
pub fn word_fault_as(fault: &Fault, at: &str, member: fn(Field) -> &'static str) -> FieldError {
    let pointer = match fault.place {
        Place::Field(field) => format!("{at}/{}", member(field)),
        // What is wrong with a file is where it is.
        Place::Entry(Field::Attachments, entry) => format!("{at}/{}/{entry}/url", member(Field::Attachments)),
        Place::Entry(field, entry) => format!("{at}/{}/{entry}", member(field)),
        Place::AddTag(entry) => format!("{at}/addTagIds/{entry}"),
        Place::RemoveTag(entry) => format!("{at}/removeTagIds/{entry}"),
        Place::Id => format!("{at}/id"),
        Place::ExpectedVersion => format!("{at}/expectedVersion"),
    };
    FieldError { pointer, code: fault.code, message: fault.message.clone() }
}
