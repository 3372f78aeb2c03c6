//! `PUT /tickets/{ticket_id}` (update ticket).

use std::collections::{BTreeSet, HashMap};

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::get;
use super::wire::{self, FileReference, Title};
use crate::actions::{self, Again, Options, TicketChange};
use crate::db::TenantTx;
use crate::db::ticket_cards::Card;
use crate::dialects::livedesk::envelope::Envelope;
use crate::dialects::livedesk::markdown;
use crate::domain::analysis::Process;
use crate::domain::attachment::{File, NewAttachment};
use crate::domain::change::Change;
use crate::domain::detail::{CustomChange, DetailPatch};
use crate::domain::patch::{TagChange, TicketPatch};
use crate::domain::upload::UploadId;
use crate::error::Error;
use crate::http::caller::Caller;
use crate::http::extract::{Body, PathName};
use crate::http::field::{AnyJson, Wrong};
use crate::http::read::{Ignored, Names, Reader};
use crate::http::value::Name;

/// A change of a ticket. What may be left out stays as it is.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "the body is read member by member; this is what the document says of it")]
pub struct PutTicket {
    #[schema(example = "Papierstau im Drucker")]
    title: String,
    /// Markdown, required here. The text that was read changes nothing.
    #[schema(example = "Noch immer **Papierstau**.")]
    description: String,
    /// The whole list; an empty one takes all away.
    attachments: Option<Vec<FileReference>>,
    /// `low`, `medium`, `high` or `urgent`; also `normal`, which means medium.
    #[schema(example = "normal")]
    priority: Option<String>,
    /// `problem`, `incident`, `question`, `task` or `None`.
    #[schema(example = "incident")]
    ticket_type: Option<String>,
    /// All of them; an empty object takes all away.
    #[schema(value_type = Option<Object>, example = json!({ "device_sn": "PRN-2024-001" }))]
    custom_fields: Option<Value>,
    /// All of them, by name; an empty array takes all away. Unknown ones are refused, unless the tenant wants them made.
    #[schema(example = json!(["printer"]))]
    tags: Option<Vec<String>>,
}

/// What was changed.
#[derive(Debug, Serialize, ToSchema)]
pub struct Updated {
    #[schema(example = "tk_20251104_0123456789abcdef0123")]
    ticket_id: String,
    #[schema(example = "Ticket updated successfully")]
    message: &'static str,
}

/// Update a ticket.
#[utoipa::path(put, path = "/tickets/{ticket_id}", tag = "ticket",
    params(("ticket_id" = String, Path, description = "The ticket's id", example = "tk_20251104_0123456789abcdef0123")),
    request_body = PutTicket,
    responses(
        (status = OK, description = "It is as the request says", body = Envelope<Updated>),
        (status = NOT_FOUND, description = "No such ticket"),
    ))]
pub async fn put(
    caller: Caller,
    PathName(ticket_id): PathName,
    Body(body): Body<AnyJson>,
) -> Result<(Ignored, Envelope<Updated>), Error> {
    let mut tx = caller.begin().await?;
    let card = get::find(&mut tx, &ticket_id).await?;
    let mut reader = Reader::new(body, Names::Exact)?;
    let mut change = read(&mut reader, &card);
    change.patch.tags = tags(&mut tx, &caller, &mut reader, &card).await?;
    let before: Vec<NewAttachment> = card.attachments.iter().map(named).collect();
    let files = change.attachments.as_ref().map(Vec::as_slice).unwrap_or_default();
    wire::refuse_files(&mut reader, &mut tx, &caller.settings, files, &before).await?;
    let ignored = reader.finish()?;
    let options = Options { analysis: Again::at(Process::Batch), ..Options::unanalysed() };
    let id = card.ticket.id;
    actions::change_ticket(&mut tx, &caller.acting(), &caller.settings, id, change, options).await?;
    tx.commit().await?;
    let updated = Updated { ticket_id: card.public_id, message: "Ticket updated successfully" };
    Ok((ignored, Envelope::new(updated)))
}

fn read(reader: &mut Reader, card: &Card) -> TicketChange {
    let title = reader.required::<Title>("title").map(|Name(title)| title);
    let description = reader.required::<String>("description");
    let mut patch = TicketPatch::default();
    let mut detail = DetailPatch::default();
    patch.subject = title.map_or(Change::Keep, Change::Set);
    // What was read and comes back as it was is no change, even where Markdown could not say what is there.
    if let Some(description) = description.filter(|text| *text != get::description(card)) {
        let html = markdown::render(&description);
        patch.body = Change::Set((!html.is_empty()).then_some(html));
        detail.markdown = Change::Set((!description.is_empty()).then_some(description));
    }
    patch.priority = wire::priority(reader).map_or(Change::Keep, Change::Set);
    detail.ticket_type = wire::ticket_type(reader);
    detail.custom_values = wire::custom_fields(reader).map_or(CustomChange::Keep, CustomChange::Replace);
    let attachments = wire::attachments(reader).map(|sent| with_known_names(sent, &card.attachments));
    TicketChange { patch, detail, attachments: attachments.map_or(Change::Keep, Change::Set) }
}

/// The files, those that the ticket has already as it has them: a client knows them by their address alone.
fn with_known_names(sent: Vec<NewAttachment>, known: &[File]) -> Vec<NewAttachment> {
    let mut by_url: HashMap<&str, Vec<&File>> = HashMap::new();
    for file in known {
        by_url.entry(&file.url).or_default().push(file);
    }
    let mut files = Vec::with_capacity(sent.len());
    for file in sent {
        let reference = UploadId::meant(&file.url).map(|id| id.reference());
        match by_url.get(reference.as_deref().unwrap_or(&file.url)) {
            // An address that several files have means them all.
            Some(files_of_it) => files.extend(files_of_it.iter().copied().map(named)),
            None => files.push(file),
        }
    }
    files
}

/// What a request would say of a file that the ticket has.
fn named(file: &File) -> NewAttachment {
    NewAttachment { inline: file.inline, ..NewAttachment::new(&file.name, &file.url) }
}

async fn tags(
    tx: &mut TenantTx,
    caller: &Caller,
    reader: &mut Reader,
    card: &Card,
) -> Result<TagChange, Error> {
    let Some(names) = reader.optional::<Vec<Name<255>>>("tags") else { return Ok(TagChange::Keep) };
    let names: Vec<String> = names.into_iter().map(|Name(name)| name).collect();
    if is_same_set(&names, &card.tags) {
        return Ok(TagChange::Keep);
    }
    let found = actions::name_tags(tx, &caller.acting(), &caller.settings, names).await?;
    for (at, _) in found.iter().enumerate().filter(|(_, tag)| tag.is_none()) {
        let wrong = Wrong::new("tag_not_found", "must be the name of a tag");
        reader.refuse("tags", &Wrong { pointer: format!("/{at}"), ..wrong });
    }
    let mut tags: Vec<_> = found.into_iter().flatten().collect();
    tags.sort_unstable();
    tags.dedup();
    Ok(TagChange::Replace(tags))
}

fn is_same_set(sent: &[String], known: &[String]) -> bool {
    sent.iter().collect::<BTreeSet<_>>() == known.iter().collect::<BTreeSet<_>>()
}
