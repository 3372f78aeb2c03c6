//! `GET /tickets/{ticket_id}` (ticket detail).

use std::borrow::Cow;

use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::db::activity::{self, StatusChange};
use crate::db::messages::{self, Which};
use crate::db::ticket_cards::{self, Card};
use crate::db::{TenantConn, tickets};
use crate::dialects::livedesk::envelope::Envelope;
use crate::dialects::livedesk::moment;
use crate::domain::attachment;
use crate::domain::mail;
use crate::domain::message::{Message, Person, Side};
use crate::domain::ticket::{Channel, as_str};
use crate::domain::word::Word;
use crate::error::Error;
use crate::http::caller::Caller;
use crate::http::extract::PathName;
use crate::http::links::Links;
use crate::pipeline::text;

/// A ticket.
#[expect(clippy::struct_field_names, reason = "the names are the reference's")]
#[derive(Debug, Serialize, ToSchema)]
pub struct Ticket {
    #[schema(example = "tk_20251104_0123456789abcdef0123")]
    ticket_id: String,
    #[schema(example = "Papierstau im Drucker, Drucken nicht möglich")]
    title: String,
    /// The Markdown as it came; of a ticket that came otherwise, its text.
    #[schema(example = "Kund:in meldet A4-Papierstau im Ausgabefach, dringende Bearbeitung erforderlich.")]
    description: String,
    attachments: Vec<File>,
    /// `open`, `pending` or `closed`.
    #[schema(example = "open")]
    status: &'static str,
    /// `low`, `medium`, `high` or `urgent`.
    #[schema(example = "high")]
    priority: &'static str,
    /// `problem`, `incident`, `question`, `task` or `None`.
    #[schema(example = "incident")]
    ticket_type: &'static str,
    requester: Requester,
    submitter: Option<Submitter>,
    assignment_team: Option<Team>,
    #[schema(value_type = Object, example = json!({ "device_sn": "PRN-2024-001" }))]
    custom_fields: Map<String, Value>,
    /// What was said since, notes included, oldest first.
    conversation_list: Vec<Entry>,
    /// Oldest first.
    status_changes: Vec<Change>,
    #[schema(example = json!(["printer"]))]
    tags: Vec<String>,
    #[schema(example = "2025-11-04T08:15:00Z")]
    created_at: String,
    /// The last change; the creation where there was none.
    #[schema(example = "2025-11-04T09:30:00Z")]
    updated_at: String,
}

/// A file.
#[expect(clippy::struct_field_names, reason = "the names are the reference's")]
#[derive(Debug, Serialize, ToSchema)]
pub struct File {
    #[schema(example = "https://example.com/files/error.jpg")]
    file_url: String,
    #[schema(example = "error.jpg")]
    file_name: String,
    /// The media type; null where it is not known.
    #[schema(example = "image/jpeg")]
    file_type: Option<String>,
    /// In bytes; null where nobody has seen the file.
    file_size: Option<i64>,
}

/// Who asked.
#[derive(Debug, Default, Serialize, ToSchema)]
#[schema(as = ShownRequester)]
pub struct Requester {
    #[schema(example = "contact_12345")]
    euid: Option<String>,
    #[schema(example = "Eva Beispiel")]
    name: Option<String>,
    #[schema(example = "eva@example.com")]
    email: Option<String>,
    #[schema(example = "+49 30 1234567")]
    phone: Option<String>,
    channel_contacts: Option<ChannelContacts>,
}

/// Under which id the requester is known in a channel.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ShownChannelContacts)]
pub struct ChannelContacts {
    #[schema(example = "inbox_100")]
    channel_id: String,
    #[schema(example = "-1001234567890")]
    contact_id: String,
    #[schema(example = "23232323")]
    sub_contact_id: Option<String>,
    /// The ids of those who follow.
    #[schema(example = json!(["7562646527"]))]
    followers: Vec<String>,
}

/// The account that handed the ticket in, as it was sent.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ShownSubmitter)]
pub struct Submitter {
    #[schema(example = "u_12345")]
    id: String,
}

/// The team that has it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Team {
    #[schema(example = 3)]
    id: i64,
    #[schema(example = "IT Support")]
    name: String,
}

/// A message or a note.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ConversationEntry)]
pub struct Entry {
    #[schema(example = "17")]
    message_id: String,
    sender: Sender,
    #[schema(example = "We are on our way.")]
    content: String,
    /// `text` or `html`.
    #[schema(example = "text")]
    content_type: &'static str,
    attachments: Vec<EntryFile>,
    #[schema(example = "2025-11-04T09:30:00Z")]
    sent_at: String,
    /// A note, for the people who work on the ticket.
    #[schema(example = false)]
    is_internal: bool,
}

/// Who wrote it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Sender {
    /// An account's id, a contact's euid, else a GUID; null for a program.
    #[schema(example = "u_12345")]
    id: Option<String>,
    /// `internal_member`, `contact` or `program`.
    #[schema(example = "internal_member")]
    r#type: &'static str,
    #[schema(example = "Eva Beispiel")]
    name: String,
}

/// A file of a message.
#[derive(Debug, Serialize, ToSchema)]
pub struct EntryFile {
    #[schema(example = "image/jpeg")]
    file_type: Option<String>,
    #[schema(example = "https://example.com/files/error.jpg")]
    file_url: String,
}

/// A change of the status.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = StatusChange)]
pub struct Change {
    #[schema(example = "open")]
    from_status: &'static str,
    #[schema(example = "closed")]
    to_status: &'static str,
    #[schema(example = "2025-11-04T09:30:00Z")]
    changed_at: String,
    /// A name; null for the server itself.
    #[schema(example = "Eva Beispiel")]
    changed_by: Option<String>,
}

/// Get a ticket.
#[utoipa::path(get, path = "/tickets/{ticket_id}", tag = "ticket",
    params(("ticket_id" = String, Path, description = "The ticket's id", example = "tk_20251104_0123456789abcdef0123")),
    responses(
        (status = OK, description = "The ticket", body = Envelope<Ticket>),
        (status = NOT_FOUND, description = "No such ticket"),
    ))]
pub async fn get(caller: Caller, PathName(ticket_id): PathName) -> Result<Envelope<Ticket>, Error> {
    let mut db = caller.connect().await?;
    let card = find(&mut db, &ticket_id).await?;
    let id = card.ticket.id;
    let messages = messages::list(&mut db, id, Which::All, i64::MAX, 0).await?;
    let changes = activity::status_changes(&mut db, id).await?;
    Ok(Envelope::new(Ticket::new(card, messages, changes, caller.links())))
}

/// The ticket that a path names. Errors with 404 where this tenant has none.
pub async fn find(db: &mut TenantConn, ticket_id: &str) -> Result<Card, Error> {
    let is_id = ticket_id.len() <= 64 && ticket_id.starts_with("tk_") && ticket_id.is_ascii();
    if !is_id || ticket_id.contains('\0') {
        return Err(Error::NotFound("ticket"));
    }
    let id = tickets::find_public(db, ticket_id).await?.ok_or(Error::NotFound("ticket"))?;
    ticket_cards::list(db, &[id]).await?.pop().ok_or(Error::NotFound("ticket"))
}

/// What a ticket's description reads.
pub fn description(card: &Card) -> Cow<'_, str> {
    match &card.detail.markdown {
        Some(markdown) => Cow::Borrowed(markdown),
        None => text::readable(card.ticket.content.body.as_deref().unwrap_or_default()),
    }
}

impl Ticket {
    fn new(card: Card, messages: Vec<Message>, changes: Vec<StatusChange>, links: Links<'_>) -> Self {
        let description = description(&card).into_owned();
        let requester = Requester::of(&card);
        let (ticket, detail) = (card.ticket, card.detail);
        let custom_fields = detail.custom_values.into_iter();
        // What was stored is JSON.
        let value = |text: &str| serde_json::from_str(text).unwrap_or_default();
        Self {
            ticket_id: card.public_id,
            title: ticket.content.subject,
            description,
            attachments: card.attachments.into_iter().map(|file| File::new(file, links)).collect(),
            status: ticket.status.as_str(),
            priority: ticket.priority.as_str(),
            ticket_type: as_str(detail.ticket_type).unwrap_or("None"),
            requester,
            submitter: detail.submitter.map(|id| Submitter { id }),
            assignment_team: card.team.map(|team| Team { id: team.id.0, name: team.name }),
            custom_fields: custom_fields.map(|field| (field.name, value(&field.value.0))).collect(),
            conversation_list: messages
                .into_iter()
                .filter(|message| !message.is_draft)
                .map(|message| Entry::new(message, links))
                .collect(),
            status_changes: changes.into_iter().map(Change::from).collect(),
            tags: card.tags,
            created_at: moment::show(ticket.created_at),
            updated_at: moment::show(ticket.modified_at.unwrap_or(ticket.created_at)),
        }
    }
}

impl Requester {
    fn of(card: &Card) -> Self {
        let channel_contacts = card.detail.channel_contact.as_ref();
        let channel_contacts = channel_contacts.and_then(|kept| ChannelContacts::read(&kept.0));
        match &card.contact {
            Some(contact) => Self { channel_contacts, ..Self::from_contact(contact) },
            None => Self { channel_contacts, ..Self::from_sender(card) },
        }
    }

    fn from_contact(contact: &Person) -> Self {
        let ids = [&contact.email, &contact.phone, &contact.external_id, &contact.custom_identifier];
        // Whoever has no name is called by something else.
        let is_name = !ids.into_iter().flatten().any(|id| *id == contact.name) && !contact.name.is_empty();
        Self {
            euid: contact.external_id.clone(),
            name: is_name.then(|| contact.name.clone()),
            email: contact.email.clone(),
            phone: contact.phone.clone(),
            channel_contacts: None,
        }
    }

    /// Of a ticket that knows its sender by an address alone: mail address, number or any id.
    fn from_sender(card: &Card) -> Self {
        let ticket = &card.ticket;
        let sender = ticket.from.clone().filter(|_| ticket.channel != Channel::System);
        let mut requester = Self { name: ticket.from_name.clone(), ..Self::default() };
        match sender {
            Some(from) if mail::is_address(&from) => requester.email = Some(from),
            Some(from) if is_number(&from) => requester.phone = Some(from),
            from => requester.euid = from,
        }
        requester
    }
}

/// Whether a sender is a telephone number.
fn is_number(from: &str) -> bool {
    from.chars().any(|sign| sign.is_ascii_digit())
        && from.chars().all(|sign| sign.is_ascii_digit() || " +-/().".contains(sign))
        && !from.starts_with('-')
}

impl ChannelContacts {
    fn read(kept: &str) -> Option<Self> {
        let kept: Value = serde_json::from_str(kept).ok()?;
        let text = |name: &str| kept[name].as_str().map(str::to_owned);
        let followers = kept["followers"].as_array().into_iter().flatten();
        Some(Self {
            channel_id: text("channel_id")?,
            contact_id: text("contact_id")?,
            sub_contact_id: text("sub_contact_id"),
            followers: followers.filter_map(|one| one["id"].as_str().map(str::to_owned)).collect(),
        })
    }
}

impl File {
    fn new(file: attachment::File, links: Links<'_>) -> Self {
        Self {
            file_url: links.word(&file.url, &file.name),
            file_name: file.name,
            file_type: file.content_type,
            file_size: file.size_bytes,
        }
    }
}

impl Entry {
    fn new(message: Message, links: Links<'_>) -> Self {
        let is_internal = message.is_note();
        let files = message.attachments.into_iter();
        Self {
            message_id: message.id.to_string(),
            sender: message.author.into(),
            content: message.body,
            content_type: if message.is_html { "html" } else { "text" },
            attachments: files
                .map(|file| EntryFile {
                    file_url: links.word(&file.url, &file.name),
                    file_type: file.content_type,
                })
                .collect(),
            sent_at: moment::show(message.created_at),
            is_internal,
        }
    }
}

impl From<Person> for Sender {
    fn from(person: Person) -> Self {
        let r#type = match person.side {
            Side::Team => "internal_member",
            Side::Client => "contact",
            Side::Program => "program",
        };
        let id = person.external_id.or_else(|| person.guid.map(|guid| guid.to_string()));
        Self { id, r#type, name: person.name }
    }
}

impl From<StatusChange> for Change {
    fn from(change: StatusChange) -> Self {
        Self {
            from_status: change.from.as_str(),
            to_status: change.to.as_str(),
            changed_at: moment::show(change.at),
            changed_by: change.by,
        }
    }
}
