//! Writing on a ticket: an answer, what a customer writes back, a note; changing and taking back what was written.

use std::sync::Arc;

use serde_json::json;

use super::attach_uploads::{attach_uploads, foreign_faults};
use super::push_ticket::with_ids;
use super::update_tickets::{Element, Options, Request, update_tickets};
use crate::db::messages::{self, Which};
use crate::db::{TenantTx, tickets};
use crate::domain::activity::{Acting, FieldChange, FieldValue};
use crate::domain::attachment::NewAttachment;
use crate::domain::change::Change;
use crate::domain::id::{MessageId, TicketId};
use crate::domain::message::{Author, Message, MessagePatch, NewMessage, Side};
use crate::domain::patch::{StatusWish, TicketPatch};
use crate::domain::settings::Settings;
use crate::domain::ticket::{Direction, Field};
use crate::domain::word::Word;
use crate::error::{Error, Refusal};

/// Writes on a ticket, and gives it the status that follows from it (`None`: its own). The record has the message's
/// id, author and text. Errors with 404 where this tenant has no such ticket, or the ticket no such message to
/// answer.
pub async fn write_message(
    tx: &mut TenantTx,
    acting: &Acting,
    settings: &Settings,
    ticket: TicketId,
    mut message: NewMessage,
    status: Option<StatusWish>,
) -> Result<Message, Error> {
    check_files(tx, settings, &mut message.attachments).await?;
    tickets::lock(tx, &[ticket], false).await?.pop().ok_or(Error::NotFound("ticket"))?;
    if let Some(parent) = message.parent_id {
        let is_note = message.is_private || message.direction == Direction::Internal;
        let answered = messages::list(tx, ticket, Which::One(parent), 1, 0).await?.pop();
        // What customers see answers nothing that they do not.
        if answered.is_none_or(|parent| parent.is_draft || parent.is_note() && !is_note) {
            return Err(Error::NotFound("message"));
        }
    }
    let files = with_ids(&message.attachments);
    let id = messages::insert(tx, ticket, &message, &files, acting.now).await?;
    let written = get(tx, ticket, id).await?;
    let mut patch =
        TicketPatch { status: status.map_or(Change::Keep, Change::Set), ..TicketPatch::default() };
    if let Author::Agent(agent) = &message.author
        && message.direction == Direction::Out
        && !message.is_draft
    {
        patch.responder_id = Change::Set(Some(*agent));
    }
    record(tx, acting, settings, ticket, patch, (None, Some(&written))).await?;
    Ok(written)
}

/// Changes a message. Errors with 404 where the ticket has no such message of this kind.
pub async fn update_message(
    tx: &mut TenantTx,
    acting: &Acting,
    settings: &Settings,
    (ticket, id): (TicketId, MessageId),
    is_note: bool,
    mut patch: MessagePatch,
) -> Result<Message, Error> {
    if let Some(files) = &mut patch.attachments {
        check_files(tx, settings, files).await?;
    }
    let before = find(tx, ticket, id, is_note).await?;
    let files = with_ids(patch.attachments.as_deref().unwrap_or_default());
    messages::update(tx, ticket, id, &patch, &files, acting.now).await?;
    let after = get(tx, ticket, id).await?;
    record(tx, acting, settings, ticket, TicketPatch::default(), (Some(&before), Some(&after))).await?;
    Ok(after)
}

/// Takes a message away from every reader; the record keeps it. Errors with 404 where the ticket has no such message
/// of this kind.
pub async fn delete_message(
    tx: &mut TenantTx,
    acting: &Acting,
    settings: &Settings,
    (ticket, id): (TicketId, MessageId),
    is_note: bool,
) -> Result<(), Error> {
    let before = find(tx, ticket, id, is_note).await?;
    messages::delete(tx, ticket, id, acting.now).await?;
    record(tx, acting, settings, ticket, TicketPatch::default(), (Some(&before), None)).await
}

/// Has the files refer to the uploads that they mean. Errors with 422 where one means none, or is elsewhere and the
/// tenant wants none of those.
async fn check_files(
    tx: &mut TenantTx,
    settings: &Settings,
    files: &mut [NewAttachment],
) -> Result<(), Error> {
    let mut faults = attach_uploads(tx, files).await?;
    faults.extend(foreign_faults(settings, files, &[]));
    if faults.is_empty() { Ok(()) } else { Err(Error::Refused(Refusal::Invalid, faults)) }
}

async fn find(tx: &mut TenantTx, ticket: TicketId, id: MessageId, is_note: bool) -> Result<Message, Error> {
    let noun = if is_note { "note" } else { "message" };
    tickets::lock(tx, &[ticket], false).await?.pop().ok_or(Error::NotFound("ticket"))?;
    let found = messages::list(tx, ticket, Which::One(id), 1, 0).await?.pop();
    found.filter(|message| message.is_note() == is_note).ok_or(Error::NotFound(noun))
}

async fn get(tx: &mut TenantTx, ticket: TicketId, id: MessageId) -> Result<Message, Error> {
    let found = messages::list(tx, ticket, Which::One(id), 1, 0).await?.pop();
    found.ok_or_else(|| Error::internal("a message is gone under a locked ticket"))
}

async fn record(
    tx: &mut TenantTx,
    acting: &Acting,
    settings: &Settings,
    ticket: TicketId,
    patch: TicketPatch,
    (before, after): (Option<&Message>, Option<&Message>),
) -> Result<(), Error> {
    let (from, to) = (recorded(before), recorded(after));
    let also = if from == to { Vec::new() } else { vec![FieldChange { field: Field::Messages, from, to }] };
    let request = Request::Change(Arc::new(patch));
    let element = Element { id: ticket, expected_version: None, request, also };
    update_tickets(tx, acting, settings, vec![element], Options::unanalysed()).await?;
    Ok(())
}

/// A message as the record has it: enough to tell of it without looking it up.
fn recorded(message: Option<&Message>) -> FieldValue {
    let Some(message) = message else { return FieldValue::Null };
    let author = &message.author;
    let side = match author.side {
        Side::Team => "team",
        Side::Client => "client",
        Side::Program => "program",
    };
    let document = json!({
        "id": message.id.0,
        "direction": message.direction.as_str(),
        "private": message.is_private,
        "draft": message.is_draft,
        "parentId": message.parent_id.map(|id| id.0),
        "author": { "side": side, "id": author.guid, "name": author.name, "email": author.email },
        "html": message.is_html,
        "body": message.body,
        "to": message.to,
        "cc": message.cc,
        "attachments": message.attachments.iter().map(|file| &file.name).collect::<Vec<_>>(),
    });
    FieldValue::Document(document.to_string())
}
