//! `POST /ticket`: create, or update by the foreign system's id (seed: "Create a ticket").

use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::members;
use super::patch::ATTEMPTS;
use super::processing::Processing;
use super::wire::{Show, Ticket};
use crate::actions::{self, Push, PushOptions, PushOutcome};
use crate::db::ticket_view::{self, Look};
use crate::dialects::mind::moment::Moment;
use crate::dialects::mind::prefer::Prefer;
use crate::dialects::mind::read::{Reader, Warning};
use crate::domain::analysis::Process;
use crate::domain::attachment::NewAttachment;
use crate::domain::change::Change;
use crate::domain::id::{AgentId, SubchannelId, TagId};
use crate::domain::mail::{self, Mailbox};
use crate::domain::patch::{StatusWish, TagChange, TicketPatch};
use crate::domain::ticket::{
    AiSupportLevel, Channel, Direction, Field as TicketField, Priority, Ticket as DomainTicket,
};
use crate::domain::word::{Word, words};
use crate::error::{Error, FieldError};
use crate::http::caller::Caller;
use crate::http::extract::{Body, Query};
use crate::http::field::{Field, FromJson, Unknown, Wrong};
use crate::http::json::Json;
use crate::http::value::{Id, Listed, Name, Object, OneOrMany, Short};

words! {
    /// The status words of every revision of the reference.
    WireStatus("status") {
        Open = "open",
        Pending = "pending",
        Closed = "closed",
        /// Older word for closed.
        Resolved = "resolved",
        /// Older word for pending, ended by no clock.
        WaitingOnCustomer = "waitingOnCustomer",
        /// Older word for pending, ended by no clock.
        WaitingOnThirdParty = "waitingOnThirdParty",
    }
    /// Where a ticket comes from, in an older revision; all mean the same here.
    Interface("interface") {
        Internal = "internal",
        Freshdesk = "Freshdesk",
        Api = "api",
    }
}

impl WireStatus {
    /// What the word asks for. Only the literal `pending` needs a due date in the future.
    pub fn wish(self) -> StatusWish {
        match self {
            Self::Open => StatusWish::Open,
            Self::Pending => StatusWish::Snoozed,
            Self::Closed | Self::Resolved => StatusWish::Closed,
            Self::WaitingOnCustomer | Self::WaitingOnThirdParty => StatusWish::Waiting,
        }
    }
}

/// A ticket to create, or what the caller knows of the one with the same `externalTicketId`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", expecting = "an object")]
pub struct CreateTicket {
    /// `email`, `portal`, `phone`, `letter`, `system`, `chat` or `walkIn`.
    #[serde(default)]
    #[schema(value_type = String, required = true, example = "email")]
    channel: Field<Listed<Channel>>,
    /// The sender: a mail address (also `Name <address>`), a phone number or any id; at most 320 characters.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "tom@gmail.com")]
    from: Field<Short<320>>,
    /// The sender's name.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "Tom Mustermann")]
    from_name: Field<Short<255>>,
    /// The mailbox, line or chat, from `GET /settings/subchannel`.
    #[serde(default)]
    #[schema(value_type = Option<i64>, example = 1)]
    subchannel_id: Field<Id>,
    /// Recipients; a single one may stand without the array. Mail addresses (also `Name <address>`) on
    /// `email` and `portal`, numbers and group names elsewhere.
    #[serde(default)]
    #[schema(value_type = Vec<String>, example = json!(["service@energy.com"]))]
    to: Field<OneOrMany>,
    /// Mail addresses; read back as `ccEmails`.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    cc: Field<OneOrMany>,
    /// Mail addresses; read back as `bccEmails`.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    bcc: Field<OneOrMany>,
    /// `in` (default), `out` or `internal`.
    #[serde(default)]
    #[schema(value_type = String, example = "in")]
    direction: Field<Listed<Direction>>,
    /// `open` (default), `pending` (needs a `dueBy` in the future) or `closed`; the older `resolved`,
    /// `waitingOnCustomer` and `waitingOnThirdParty` are read as closed and pending.
    #[serde(default)]
    #[schema(value_type = String, example = "open")]
    status: Field<Listed<WireStatus>>,
    /// `low` (default), `medium`, `high` or `urgent`. Where it is not sent, tags may set it.
    #[serde(default)]
    #[schema(value_type = String, example = "low")]
    priority: Field<Listed<Priority>>,
    #[serde(default)]
    #[schema(value_type = String, example = "Moving house")]
    subject: Field<String>,
    /// HTML or plain text; kept as it comes.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "<p>I am moving.</p>")]
    body: Field<String>,
    /// Now by default. `YYYY-MM-DD HH:MM:SS` or `YYYY-MM-DD` in the tenant's time zone, ISO 8601, or unix seconds.
    #[serde(default)]
    #[schema(value_type = String, example = "2022-12-13 22:18:06")]
    created_at: Field<Moment>,
    /// When a first answer is due.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "2030-01-01 09:00:00")]
    first_response_due_by: Field<Moment>,
    /// When it must be done. Where it is not sent, tags may set it.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "2030-01-02 09:00:00")]
    due_by: Field<Moment>,
    /// Files by their URL, which is stored and never fetched. Sent again, the whole list.
    #[serde(default)]
    #[schema(value_type = Vec<CreateAttachment>)]
    attachments: Field<Vec<CreateAttachment>>,
    /// Tag ids. Sent again, the whole set.
    #[serde(default)]
    #[schema(value_type = Vec<i64>)]
    tags: Field<Vec<Id>>,
    /// The contract, if it is known already.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "746839")]
    contract_id: Field<super::super::read::ErpText>,
    /// The owner.
    #[serde(default)]
    #[schema(value_type = Option<i64>)]
    agent_id: Field<Id>,
    /// The id in a foreign system, at most 320 characters; unique within the tenant.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "EXT-12345")]
    external_ticket_id: Field<Name<320>>,
    /// When the foreign system changed it; a push older than the stored one changes nothing.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    external_updated_at: Field<Moment>,
    /// What the source system said; kept as it is.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    raw_data: Field<Object>,
    /// A template for the body. There are none yet, so that any id is unknown.
    #[serde(default)]
    #[schema(value_type = Option<i64>)]
    template_id: Field<Id>,
    /// Data for that template.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    template_data: Field<Object>,
    /// `internal`, `Freshdesk` or `api`; read back as `internal`.
    #[serde(default)]
    #[schema(value_type = String)]
    interface: Field<Listed<Interface>>,
    /// As the query parameter, which wins.
    #[serde(default)]
    #[schema(value_type = String, example = "batch")]
    process: Field<WireProcess>,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

/// A file of a new ticket.
#[derive(Debug, Clone, ToSchema)]
pub struct CreateAttachment {
    /// 1 to 255 characters.
    #[schema(example = "meter.jpg")]
    name: String,
    /// `http` or `https`, at most 2048 characters.
    #[schema(example = "https://storage.example.com/meter.jpg")]
    url: String,
    /// Part of the text; false by default.
    #[schema(required = false)]
    inline: bool,
    #[schema(ignore)]
    unknown: Unknown,
}

/// `realtime`, `batch` or `false`; the last also as the JSON value.
#[derive(Debug, Clone, Copy)]
struct WireProcess(Process);

/// The ticket, and what was put aside.
#[derive(Debug, Serialize, ToSchema)]
pub struct CreatedTicket {
    #[serde(flatten)]
    ticket: Ticket,
    /// What was ignored.
    warnings: Vec<Warning>,
}

/// Create a ticket.
///
/// With an `externalTicketId` that the tenant has already, that ticket is updated instead: only the
/// fields that were sent change. The header `Tessera-Outcome` says which it was.
///
/// With `process=realtime` the answer holds what analysis found, unless that fails or takes too long: the ticket
/// is saved all the same, and analysed in the background.
#[utoipa::path(post, path = "/ticket", tag = "ticket", request_body = CreateTicket,
    params(
        ("process" = Option<String>, Query, description = "When it is analysed: `realtime`, `batch` (default) or `false` (when it is first opened)", example = "batch"),
        ("Prefer" = Option<String>, Header, description = "`handling=strict`: unknown members are an error"),
    ),
    responses(
        (status = OK, description = "The ticket", body = CreatedTicket,
            headers(
                ("Tessera-Outcome" = String, description = "`created`, `updated`, `unchanged` or `stale`"),
                ("Tessera-Processing" = String, description = "Where the push gave cause to an analysis: `done`, `queued` or `deferred`"),
            )),
        (status = FORBIDDEN, description = "A cookie from another origin"),
    ))]
pub async fn create(
    caller: Caller,
    prefer: Prefer,
    mut query: Query,
    Body(wire): Body<CreateTicket>,
) -> Result<Response, Error> {
    let asked = query.text("process").map(Process::parse);
    if asked == Some(None) {
        query.refuse("process", &format!("must be {}", Process::choices()));
    }
    let mut reader = Reader::new("", &caller.settings.calendar.zone);
    reader.errors = query.into_errors();
    let (push, process) = wire.read(&mut reader, prefer.strict);
    let process = asked.flatten().or(process).unwrap_or(Process::Batch);
    let acting = caller.acting();
    if !reader.errors.is_empty() {
        let mut tx = caller.begin().await?;
        let faults = actions::push_faults(&mut tx, &acting, &caller.settings, push).await?;
        let faults = faults.iter().map(|fault| members::word_fault_as(fault, "", member));
        // A member that cannot be read is no fault of another kind.
        let unread = |fault: &FieldError| reader.errors.iter().any(|error| error.pointer == fault.pointer);
        let further: Vec<FieldError> = faults.filter(|fault| !unread(fault)).collect();
        reader.errors.extend(further);
        return Err(Error::Invalid(reader.errors));
    }
    let look = Look {
        raw_data: false,
        customer: true,
        intents: true,
        private_tags: caller.sees_private_tags(),
        active_since: super::get::an_hour_before(acting.now),
    };
    let options = PushOptions { process, private_tags: caller.sees_private_tags(), look: Some(look) };
    let mut left = ATTEMPTS;
    let (tx, pushed) = loop {
        left -= 1;
        let mut tx = caller.begin().await?;
        match actions::push_ticket(&mut tx, &acting, &caller.settings, push.clone(), options).await {
            Ok(pushed) => break (tx, pushed),
            // Another ticket was given the same `externalTicketId`, or a tag was taken away, meanwhile: now that
            // can be seen.
            Err(error) if error.is_collision() && left > 0 => {}
            Err(error) => return Err(worded(error)),
        }
    };
    tx.commit().await?;
    let mut view = pushed.view.ok_or_else(|| Error::internal("a pushed ticket was not shown"))?;
    // A retry of a push whose analysis is still under way waits for it too.
    let is_open =
        view.ticket.ai_support_level == AiSupportLevel::Unprocessed && !view.ticket.analysis_deferred;
    let processing = match process {
        Process::Realtime if pushed.asks_analysis || is_open => {
            let done = caller.app.analyse_now(caller.tenant, pushed.id).await;
            if done {
                let seen = ticket_view::get(&mut caller.connect().await?, pushed.id, look).await?;
                view = seen.ok_or(Error::NotFound("ticket"))?;
            }
            Some(Processing::of(done))
        }
        Process::Realtime if !view.ticket.analysis_deferred => Some(Processing::Done),
        Process::Batch if pushed.asks_analysis => Some(Processing::Queued),
        Process::OnView if pushed.asks_analysis => Some(Processing::Deferred),
        _ => None,
    };
    let zone = &caller.settings.calendar.zone;
    let show = Show {
        zone,
        now: acting.now,
        customer: true,
        intents: true,
        links: caller.links(),
        categories: &caller.settings.categories,
    };
    let outcome = match pushed.outcome {
        PushOutcome::Created => "created",
        PushOutcome::Updated => "updated",
        PushOutcome::Unchanged => "unchanged",
        PushOutcome::Stale => "stale",
    };
    let body = CreatedTicket { ticket: Ticket::new(view, show), warnings: reader.warnings };
    Ok(([("tessera-outcome", outcome)], Processing::header(processing), Json(body)).into_response())
}

/// The ticket that a create request describes, nothing that it refers to looked up. Errors with every bad field.
pub fn draft(body: Value, now: Timestamp) -> Result<DomainTicket, Vec<FieldError>> {
    let wire: CreateTicket = serde_json::from_value(body).map_err(|error| {
        vec![FieldError { pointer: String::new(), code: "invalid", message: error.to_string() }]
    })?;
    let zone = TimeZone::UTC;
    let mut reader = Reader::new("", &zone);
    let (push, _) = wire.read(&mut reader, false);
    if !reader.errors.is_empty() {
        return Err(reader.errors);
    }
    let mut patch = push.patch;
    let direction = std::mem::take(&mut patch.direction).value().unwrap_or(Direction::In);
    let mut ticket = DomainTicket::blank(push.channel, direction, push.created_at.unwrap_or(now));
    let applied = patch.apply(&mut ticket, 0, now);
    ticket.mark_set_by_person(applied.given, true);
    Ok(ticket)
}

impl CreateTicket {
    /// Members that cannot be read leave an error in the reader: the push is then good for nothing but
    /// finding what else is wrong.
    fn read(self, reader: &mut Reader<'_>, strict: bool) -> (Push, Option<Process>) {
        let channel = reader.required("channel", self.channel).map(|Listed(channel)| channel);
        let process = reader.optional("process", self.process).map(|WireProcess(process)| process);
        reader.optional("interface", self.interface);
        reader.optional("templateData", self.template_data);
        if let Some(Id(id)) = reader.optional("templateId", self.template_id) {
            reader
                .refuse("templateId", &Wrong::new("template_not_found", format!("names no template: {id}")));
        }
        let mailed = matches!(channel, Some(Channel::Email | Channel::Portal));
        let (from, name) = sender(reader.nullable("from", self.from), channel);
        let from_name = reader.nullable("fromName", self.from_name).map(|name| name.map(|Short(name)| name));
        let patch = TicketPatch {
            external_id: reader
                .nullable("externalTicketId", self.external_ticket_id)
                .map(|id| id.map(|Name(id)| id)),
            external_updated_at: given(reader.moment("externalUpdatedAt", self.external_updated_at)),
            subchannel_id: reader
                .nullable("subchannelId", self.subchannel_id)
                .map(|id| id.map(|Id(id)| SubchannelId(id))),
            direction: set(reader.optional("direction", self.direction).map(|Listed(direction)| direction)),
            from,
            from_name: if from_name.is_set() { from_name } else { name },
            to: list(reader, "to", self.to, mailed),
            cc: list(reader, "cc", self.cc, true),
            bcc: list(reader, "bcc", self.bcc, true),
            status: set(reader.optional("status", self.status).map(|Listed(status)| status.wish())),
            priority: set(reader.optional("priority", self.priority).map(|Listed(priority)| priority)),
            subject: set(reader.optional("subject", self.subject)),
            body: reader.nullable("body", self.body),
            first_response_due_at: reader.moment("firstResponseDueBy", self.first_response_due_by),
            due_at: reader.moment("dueBy", self.due_by),
            contract_id: reader.nullable("contractId", self.contract_id).map(|id| id.map(|id| id.0)),
            agent_id: reader.nullable("agentId", self.agent_id).map(|id| id.map(|Id(id)| AgentId(id))),
            raw_data: reader
                .nullable("rawData", self.raw_data)
                .map(|data| data.map(|Object(document)| document)),
            tags: reader.optional("tags", self.tags).map_or(TagChange::Keep, |tags| {
                TagChange::Replace(tags.into_iter().map(|Id(id)| TagId(id)).collect())
            }),
            ..TicketPatch::default()
        };
        let attachments = set(reader.optional("attachments", self.attachments));
        let attachments = attachments.map(|files| attachments_of(files, reader, strict));
        let created_at = reader.moment("createdAt", self.created_at).value().flatten();
        reader.unknown(self.unknown, &[], strict);
        let channel = channel.unwrap_or(Channel::Email);
        (Push { channel, created_at, patch, attachments, detail: None }, process)
    }
}

/// The names of the request where they differ from the document's.
fn member(field: TicketField) -> &'static str {
    match field {
        TicketField::Cc => "cc",
        TicketField::Bcc => "bcc",
        TicketField::Tags => "tags",
        field => members::member(field),
    }
}

fn worded(error: Error) -> Error {
    match error {
        Error::Refused(refusal, faults) => {
            let fields = faults.iter().map(|fault| members::word_fault_as(fault, "", member));
            Error::RefusedFields(refusal, fields.collect())
        }
        error => error,
    }
}

/// A list whose null leaves it alone, because it is never null.
fn list(reader: &mut Reader<'_>, name: &str, field: Field<OneOrMany>, check: bool) -> Change<Vec<String>> {
    match field {
        Field::Null => Change::Keep,
        field => reader.addresses(name, field, check),
    }
}

/// The files. Their members that are not known are reported.
fn attachments_of(files: Vec<CreateAttachment>, reader: &mut Reader<'_>, strict: bool) -> Vec<NewAttachment> {
    let files = files.into_iter().enumerate().map(|(at, file)| {
        reader.unknown_below(&format!("/attachments/{at}"), file.unknown, strict);
        NewAttachment { inline: file.inline, ..NewAttachment::new(file.name, file.url) }
    });
    files.collect()
}

/// Takes `Name <address>` apart where the sender is a mail address.
pub fn sender(
    from: Change<Option<Short<320>>>,
    channel: Option<Channel>,
) -> (Change<Option<String>>, Change<Option<String>>) {
    let Change::Set(from) = from else { return (Change::Keep, Change::Keep) };
    let Some(Short(text)) = from else { return (Change::Set(None), Change::Keep) };
    match mail::parse(&text) {
        Some(Mailbox { address, name }) if channel != Some(Channel::System) => {
            (Change::Set(Some(address)), name.map_or(Change::Keep, |name| Change::Set(Some(name))))
        }
        _ => (Change::Set(Some(text)), Change::Keep),
    }
}

/// A field that null leaves alone.
fn set<T>(value: Option<T>) -> Change<T> {
    value.map_or(Change::Keep, Change::Set)
}

/// A push that names no time of its own is neither older nor newer, and keeps the stored one.
fn given<T>(change: Change<Option<T>>) -> Change<Option<T>> {
    match change {
        Change::Set(None) => Change::Keep,
        change => change,
    }
}

impl FromJson for WireProcess {
    fn from_json(value: Value) -> Result<Self, Vec<Wrong>> {
        if value == Value::Bool(false) {
            return Ok(Self(Process::OnView));
        }
        Listed::from_json(value).map(|Listed(process)| Self(process))
    }
}

impl FromJson for CreateAttachment {
    fn from_json(value: Value) -> Result<Self, Vec<Wrong>> {
        let Value::Object(mut members) = value else {
            return Err(vec![Wrong::r#type("an object with name and url")]);
        };
        let mut wrongs = Vec::new();
        let mut below = |name: &str, wrong: Vec<Wrong>| {
            wrongs.extend(wrong.into_iter().map(|wrong| Wrong {
                pointer: format!("/{name}{}", wrong.pointer),
                message: format!("needs a {name} that {}", wrong.message),
                ..wrong
            }));
        };
        let missing = || vec![Wrong::new("required", "is given")];
        let name = members.remove("name").ok_or_else(missing).and_then(Name::<255>::from_json);
        let url = members.remove("url").ok_or_else(missing).and_then(Name::<2048>::from_json);
        let url = url.and_then(|Name(url)| if is_web(&url) { Ok(url) } else { Err(vec![not_web()]) });
        let inline = match members.remove("inline") {
            None | Some(Value::Null) => Ok(false),
            Some(value) => bool::from_json(value),
        };
        match (name, url, inline) {
            (Ok(Name(name)), Ok(url), Ok(inline)) => {
                let unknown = Unknown(members.into_iter().map(|(name, _)| name).collect());
                Ok(Self { name, url, inline, unknown })
            }
            (name, url, inline) => {
                name.err().into_iter().for_each(|wrong| below("name", wrong));
                url.err().into_iter().for_each(|wrong| below("url", wrong));
                inline.err().into_iter().for_each(|wrong| below("inline", wrong));
                Err(wrongs)
            }
        }
    }
}

fn not_web() -> Wrong {
    Wrong::new("invalid_url", "is an http or https URL")
}

fn is_web(text: &str) -> bool {
    let parsed = reqwest::Url::parse(text);
    parsed.is_ok_and(|url| ["http", "https"].contains(&url.scheme()) && url.has_host())
}
