//! `POST /tickets` (seed 004: create ticket).

use serde::Serialize;
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

use super::wire::{self, FileReference, Title};
use crate::actions::{self, Push, PushOptions, Pushed};
use crate::db::{TenantTx, teams};
use crate::dialects::livedesk::envelope::Envelope;
use crate::dialects::livedesk::markdown;
use crate::domain::analysis::Process;
use crate::domain::attachment::NewAttachment;
use crate::domain::change::Change;
use crate::domain::contact::{Contact, Introduction};
use crate::domain::detail::{CustomValue, Detail, TicketType};
use crate::domain::id::TeamId;
use crate::domain::patch::TicketPatch;
use crate::domain::ticket::{Channel, Document, Priority};
use crate::error::Error;
use crate::http::caller::Caller;
use crate::http::extract::Body;
use crate::http::field::{AnyJson, Wrong};
use crate::http::read::{Ignored, Names, Reader};
use crate::http::value::{Name, Short};

/// How often a request is tried that collides with others over a new contact.
const ATTEMPTS: u32 = 5;

/// A ticket to create.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "the body is read member by member; this is what the document says of it")]
pub struct CreateTicket {
    #[schema(example = "Papierstau im Drucker, Drucken nicht möglich")]
    title: String,
    /// Markdown. HTML in it is shown as text.
    #[schema(example = "Kund:in meldet A4-Papierstau im Ausgabefach, dringende Bearbeitung erforderlich.")]
    description: Option<String>,
    attachments: Option<Vec<FileReference>>,
    requester: Requester,
    submitter: Option<Submitter>,
    /// The name of a team; it must exist.
    #[schema(example = "IT Support")]
    assignment_team: Option<String>,
    /// `high`, `medium` (default) or `low`; also `urgent`, and `normal`, which means medium.
    #[schema(example = "high")]
    priority: Option<String>,
    /// `problem`, `incident`, `question`, `task` or `None` (default).
    #[schema(example = "incident")]
    ticket_type: Option<String>,
    /// At most 200 of any name (1 to 255 characters) and any value; a null counts as absent.
    #[schema(value_type = Option<Object>,
        example = json!({ "device_sn": "PRN-2024-001", "location": "Beijing HQ - 3. Etage Druckerraum" }))]
    custom_fields: Option<Value>,
}

/// Who asks: by `euid`, by the id in a channel, or by both. Whoever is not known yet is made.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "the body is read member by member; this is what the document says of it")]
pub struct Requester {
    /// The contact's unique id, at most 255 characters.
    #[schema(example = "contact_12345")]
    euid: Option<String>,
    channel_contacts: Option<ChannelContacts>,
}

/// Under which id the requester is known in a channel.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "the body is read member by member; this is what the document says of it")]
pub struct ChannelContacts {
    #[schema(example = "inbox_100")]
    channel_id: String,
    /// Always a text.
    #[schema(example = "-1001234567890")]
    contact_id: String,
    /// A topic or mail thread.
    #[schema(example = "23232323")]
    sub_contact_id: Option<String>,
    followers: Option<Vec<Follower>>,
}

/// Somebody to notify in the channel.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "the body is read member by member; this is what the document says of it")]
pub struct Follower {
    #[schema(example = "7562646527")]
    id: String,
    #[schema(example = "Zhang San")]
    name: Option<String>,
}

/// The account that hands the ticket in: kept as it is.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "the body is read member by member; this is what the document says of it")]
pub struct Submitter {
    #[schema(example = "u_12345")]
    id: Option<String>,
}

/// The new ticket.
#[derive(Debug, Serialize, ToSchema)]
pub struct Created {
    #[schema(example = "tk_20251104_0123456789abcdef0123")]
    ticket_id: String,
    #[schema(example = "Ticket created successfully")]
    message: &'static str,
}

/// Create a ticket.
#[utoipa::path(post, path = "/tickets", tag = "ticket", request_body = CreateTicket,
    responses((status = OK, description = "It is created", body = Envelope<Created>)))]
pub async fn create(
    caller: Caller,
    Body(body): Body<AnyJson>,
) -> Result<(Ignored, Envelope<Created>), Error> {
    let mut reader = Reader::new(body, Names::Exact)?;
    let mut sent = Sent::read(&mut reader);
    let mut tx = caller.begin().await?;
    sent.team = find_team(&mut tx, &mut reader).await?;
    wire::refuse_files(&mut reader, &mut tx, &caller.settings, &sent.attachments, &[]).await?;
    let ignored = reader.finish()?;
    let mut left = ATTEMPTS;
    let pushed = loop {
        left -= 1;
        match push(&mut tx, &caller, &sent).await {
            Ok(pushed) => break pushed,
            // Somebody else made the same contact meanwhile: now it can be seen.
            Err(error) if error.is_collision() && left > 0 => tx = caller.begin().await?,
            Err(error) => return Err(error),
        }
    };
    tx.commit().await?;
    let ticket_id = pushed.public_id.ok_or_else(|| Error::internal("a new ticket without a public id"))?;
    Ok((ignored, Envelope::new(Created { ticket_id, message: "Ticket created successfully" })))
}

/// What a request says, as far as it can be read.
struct Sent {
    title: String,
    description: String,
    attachments: Vec<NewAttachment>,
    requester: Introduction,
    channel_contact: Option<Document>,
    submitter: Option<String>,
    team: Option<TeamId>,
    priority: Priority,
    ticket_type: Option<TicketType>,
    custom_values: Vec<CustomValue>,
}

impl Sent {
    fn read(reader: &mut Reader) -> Self {
        let title = reader.required::<Title>("title").map(|Name(title)| title).unwrap_or_default();
        let description = reader.optional::<String>("description").unwrap_or_default();
        let (requester, channel_contact) = requester(reader);
        let submitter = reader.object("submitter", |submitter| submitter.optional::<Name<255>>("id"));
        Self {
            title,
            description,
            attachments: wire::attachments(reader).unwrap_or_default(),
            requester,
            channel_contact,
            submitter: submitter.value().flatten().flatten().map(|Name(id)| id),
            team: None,
            priority: wire::priority(reader).unwrap_or(Priority::Medium),
            ticket_type: wire::ticket_type(reader).value().flatten(),
            custom_values: wire::custom_fields(reader).unwrap_or_default(),
        }
    }
}

/// Who asks, and the channel's part of it as it is kept.
fn requester(reader: &mut Reader) -> (Introduction, Option<Document>) {
    if !reader.is_given("requester") {
        reader.refuse("requester", &Wrong::new("required", "is required"));
    }
    let mut is_nobody = false;
    let requester = reader.object("requester", |requester| {
        is_nobody = !requester.is_given("euid") && !requester.is_given("channel_contacts");
        let euid = requester.optional::<Name<255>>("euid").map(|Name(euid)| euid);
        let channel = requester.object("channel_contacts", channel_contacts).value().flatten();
        let (channel, kept) = channel.unzip();
        (Introduction { euid, channel, ..Introduction::default() }, kept)
    });
    if is_nobody {
        reader.refuse("requester", &Wrong::new("required", "needs an euid or channel_contacts"));
    }
    requester.value().flatten().unwrap_or_default()
}

/// Channel and id in it, and all of it as it is kept.
fn channel_contacts(reader: &mut Reader) -> ((String, String), Document) {
    let mut text = |name| reader.required::<Name<255>>(name).map(|Name(text)| text).unwrap_or_default();
    let (channel_id, contact_id) = (text("channel_id"), text("contact_id"));
    let sub_contact_id = reader.optional::<Name<255>>("sub_contact_id").map(|Name(id)| id);
    let followers = reader.objects("followers", |follower| {
        let id = follower.required::<Name<255>>("id").map(|Name(id)| id);
        let name = follower.optional::<Short<255>>("name").map(|Short(name)| name);
        json!({ "id": id, "name": name })
    });
    let mut kept = Map::new();
    kept.insert("channel_id".into(), channel_id.as_str().into());
    kept.insert("contact_id".into(), contact_id.as_str().into());
    if let Some(id) = sub_contact_id {
        kept.insert("sub_contact_id".into(), id.into());
    }
    if let Some(followers) = followers.value().flatten() {
        kept.insert("followers".into(), followers.into());
    }
    ((channel_id, contact_id), Document(Value::Object(kept).to_string()))
}

/// The team that the request names, refused where there is none.
async fn find_team(tx: &mut TenantTx, reader: &mut Reader) -> Result<Option<TeamId>, Error> {
    let Some(Name(name)) = reader.optional::<Name<255>>("assignment_team") else { return Ok(None) };
    let team = teams::find(tx, &name).await?;
    if team.is_none() {
        reader.refuse("assignment_team", &Wrong::new("team_not_found", "must be the name of a team"));
    }
    Ok(team)
}

/// Finds or makes the contact, and makes the ticket.
async fn push(tx: &mut TenantTx, caller: &Caller, sent: &Sent) -> Result<Pushed, Error> {
    let acting = caller.acting();
    let contact = actions::find_contact(tx, &acting, &sent.requester).await?;
    let html = markdown::render(&sent.description);
    let patch = TicketPatch {
        subject: Change::Set(sent.title.clone()),
        body: Change::Set((!html.is_empty()).then_some(html)),
        priority: Change::Set(sent.priority),
        from: Change::Set(address(&contact, &sent.requester)),
        from_name: Change::Set(contact.name.clone()),
        ..TicketPatch::default()
    };
    let detail = Detail {
        contact_id: Some(contact.id),
        team_id: sent.team,
        ticket_type: sent.ticket_type,
        submitter: sent.submitter.clone(),
        channel_contact: sent.channel_contact.clone(),
        markdown: (!sent.description.is_empty()).then(|| sent.description.clone()),
        custom_values: sent.custom_values.clone(),
        ..Detail::default()
    };
    let push = Push {
        channel: Channel::Portal,
        created_at: None,
        patch,
        attachments: Change::Set(sent.attachments.clone()),
        detail: Some(detail),
    };
    let options = PushOptions { process: Process::Batch, private_tags: false, look: None };
    actions::push_ticket(tx, &acting, &caller.settings, push, options).await
}

/// Under what the requester is known best, for the dialects that have one sender.
fn address(contact: &Contact, requester: &Introduction) -> Option<String> {
    let in_channel = requester.channel.as_ref().map(|(_, id)| id);
    let known = [contact.email.as_ref(), contact.phone.as_ref(), contact.euid.as_ref(), in_channel];
    known.into_iter().flatten().next().cloned()
}
