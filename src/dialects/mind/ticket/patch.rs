//! `PATCH /ticket`: change many tickets at once (seed: "Update a few tickets at once").

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::create::{WireStatus, sender};
use super::members;
use crate::actions::{self, Again, Element, Options, Outcome, OutcomeKind, Request};
use crate::dialects::mind::moment::Moment;
use crate::dialects::mind::prefer::Prefer;
use crate::dialects::mind::read::{ErpText, Reader, Warning};
use crate::domain::analysis::RefreshMode;
use crate::domain::change::Change;
use crate::domain::id::{AgentId, SubchannelId, TagId, TicketId};
use crate::domain::patch::{TagChange, TicketPatch};
use crate::domain::ticket::{AiSupportLevel, Channel, Direction, Priority, SpamStatus};
use crate::error::{Error, FieldError};
use crate::http::caller::Caller;
use crate::http::extract::{Body, Query};
use crate::http::field::{AnyJson, Field, Unknown, Wrong};
use crate::http::json::Json;
use crate::http::value::{Id, Listed, Name, Object, OneOrMany, Short};

/// The members of a ticket that the server derives, or that belong to the answer. A client that sends
/// back what it read sends them along.
const DERIVED: [&str; 33] = [
    "replyCcEmails",
    "replyRecipients",
    "interface",
    "isEscalated",
    "createdAt",
    "modifiedAt",
    "closedAt",
    "customer",
    "customerLegitimationMessage",
    "agent",
    "assignedAgents",
    "workedOnByIds",
    "workedOnBy",
    "attachments",
    "template",
    "tags",
    "agentSkillsMatch",
    "intents",
    "workitem",
    "team",
    "category",
    "ticketType",
    "customFields",
    "prevTicketId",
    "nextTicketId",
    "version",
    "success",
    "warnings",
    "freshness",
    "callDurationSeconds",
    "contentTranslation",
    "emailSubchannelId",
    "cortexRequestId",
];

/// How often a request is tried that collides with others over an `externalTicketId`.
pub const ATTEMPTS: u32 = 5;

/// A change of one ticket. An absent member keeps what is there, null clears what may be empty.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", expecting = "an object")]
pub struct PatchTicket {
    #[serde(default)]
    #[schema(value_type = i64, required = true, example = 376_189)]
    id: Field<Id>,
    /// Refused with 409 unless the ticket still has this version.
    #[serde(default)]
    #[schema(value_type = i64, example = 1)]
    expected_version: Field<Id>,
    /// Only the stored value is allowed: it never changes.
    #[serde(default)]
    #[schema(value_type = String, example = "in")]
    direction: Field<Listed<Direction>>,
    /// At most 320 characters.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    from: Field<Short<320>>,
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    from_name: Field<Short<255>>,
    /// Mail addresses, phone numbers or group names; a single one may stand without the array.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    to: Field<OneOrMany>,
    /// Mail addresses.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    cc_emails: Field<OneOrMany>,
    /// Mail addresses.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    bcc_emails: Field<OneOrMany>,
    #[serde(default)]
    #[schema(value_type = Option<i64>)]
    subchannel_id: Field<Id>,
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    external_ticket_id: Field<Name<320>>,
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    sentiment: Field<Short<255>>,
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    language: Field<Short<255>>,
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    language_code: Field<Short<35>>,
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    auto_execute_at: Field<Moment>,
    /// `unprocessed`, `human`, `bot` or `automated`.
    #[serde(default)]
    #[schema(value_type = String)]
    ai_support_level: Field<Listed<AiSupportLevel>>,
    /// `manual_spam` closes the ticket. An automatic value does not replace a manual one.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    spam_status: Field<Listed<SpamStatus>>,
    #[serde(default)]
    #[schema(value_type = bool)]
    is_customer_active: Field<bool>,
    #[serde(default)]
    #[schema(value_type = String, example = "high")]
    priority: Field<Listed<Priority>>,
    #[serde(default)]
    #[schema(value_type = String)]
    channel: Field<Listed<Channel>>,
    /// At most 320 characters.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    channel_id: Field<Short<320>>,
    /// `open`, `pending` (needs a `dueBy` in the future) or `closed`; older words are read too.
    #[serde(default)]
    #[schema(value_type = String, example = "closed")]
    status: Field<Listed<WireStatus>>,
    #[serde(default)]
    #[schema(value_type = String)]
    summary: Field<String>,
    #[serde(default)]
    #[schema(value_type = String)]
    subject: Field<String>,
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    body: Field<String>,
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    body_plain: Field<String>,
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    body_clean: Field<String>,
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    first_response_due_by: Field<Moment>,
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "2030-01-02 09:00:00")]
    due_by: Field<Moment>,
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    customer_id: Field<ErpText>,
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    contract_id: Field<ErpText>,
    #[serde(default)]
    #[schema(value_type = Option<i64>)]
    partner_id: Field<i64>,
    /// 0 or more.
    #[serde(default)]
    #[schema(value_type = i32)]
    customer_legitimation: Field<i64>,
    #[serde(default)]
    #[schema(value_type = Option<i64>)]
    responder_id: Field<Id>,
    #[serde(default)]
    #[schema(value_type = Option<i64>)]
    agent_id: Field<Id>,
    #[serde(default)]
    #[schema(value_type = Vec<i64>)]
    assigned_agent_ids: Field<Vec<Id>>,
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    additional_data: Field<Object>,
    /// An object sets it; null, which a read shows unless asked, keeps it.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    raw_data: Field<Object>,
    /// Replaces all tags; not together with `addTagIds` or `removeTagIds`.
    #[serde(default)]
    #[schema(value_type = Vec<i64>)]
    tag_ids: Field<Vec<Id>>,
    #[serde(default)]
    #[schema(value_type = Vec<i64>, example = json!([62]))]
    add_tag_ids: Field<Vec<Id>>,
    #[serde(default)]
    #[schema(value_type = Vec<i64>)]
    remove_tag_ids: Field<Vec<Id>>,
    /// Analyse again: `full`, `summaryAndText`, `customer`, `tags`, `tagsRuleBased` or `agents`. Nothing
    /// else of the element is saved.
    #[serde(default)]
    #[schema(value_type = String)]
    refresh_mode: Field<Listed<RefreshMode>>,
    /// Deprecated: `refreshMode: full`.
    #[serde(default)]
    #[schema(value_type = bool, deprecated)]
    refresh: Field<bool>,
    /// Deprecated: `refreshMode: tags`.
    #[serde(default)]
    #[schema(value_type = bool, deprecated)]
    refresh_tags: Field<bool>,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

/// What came of the changes.
#[derive(Debug, Serialize, ToSchema)]
pub struct BulkResult {
    /// Always true.
    success: bool,
    /// One for each element, in the order sent.
    results: Vec<ElementResult>,
    /// What was ignored.
    warnings: Vec<Warning>,
}

/// What came of one element.
#[derive(Debug, Serialize, ToSchema)]
pub struct ElementResult {
    #[schema(example = 1001)]
    id: i64,
    /// `updated`, `unchanged` or `refreshScheduled`.
    #[schema(example = "updated")]
    outcome: &'static str,
    #[schema(example = 2)]
    version: i64,
}

/// Change tickets.
///
/// An array of 1 to 1000 changes, or one alone. All are done, or none.
#[utoipa::path(patch, path = "/ticket", tag = "ticket",
    request_body(content = Vec<PatchTicket>, description = "The changes", example = json!([
        { "id": 1001, "status": "closed" },
        { "id": 1002, "addTagIds": [62], "removeTagIds": [61] },
        { "id": 1003, "refreshMode": "tagsRuleBased" }
    ])),
    params(
        ("includeInWorklog" = Option<bool>, Query, description = "Whether it counts as working time; true by default"),
        ("Prefer" = Option<String>, Header, description = "`handling=strict`: unknown members are an error"),
    ),
    responses(
        (status = OK, description = "Done", body = BulkResult),
        (status = FORBIDDEN, description = "A cookie from another origin"),
        (status = NOT_FOUND, description = "Some tickets are not there; each is named"),
        (status = CONFLICT, description = "Some versions have changed, or another ticket has the `externalTicketId`"),
    ))]
pub async fn patch(
    caller: Caller,
    prefer: Prefer,
    mut query: Query,
    Body(AnyJson(body)): Body<AnyJson>,
) -> Result<Json<BulkResult>, Error> {
    let worklog = query.flag("includeInWorklog", true);
    let mut batch = Batch { errors: query.into_errors(), ..Batch::default() };
    batch.read(&caller, body, prefer.strict);
    if !batch.errors.is_empty() {
        let mut db = caller.connect().await?;
        let faults = actions::reference_faults(&mut db, &batch.elements).await?;
        let places = faults.iter().map(|fault| (fault, batch.pointer(fault.element)));
        let fields: Vec<FieldError> = places.map(|(fault, at)| members::word_fault(fault, &at)).collect();
        batch.errors.extend(fields);
        return Err(Error::Invalid(batch.errors));
    }
    let acting = caller.acting();
    let mut left = ATTEMPTS;
    let (tx, outcomes) = loop {
        left -= 1;
        let mut tx = caller.begin().await?;
        let elements = batch.elements.iter().map(|(_, element)| element.clone()).collect();
        let options = Options { worklog, private_tags: caller.sees_private_tags(), analysis: Again::No };
        match actions::update_tickets(&mut tx, &acting, &caller.settings, elements, options).await {
            Ok(outcomes) => break (tx, outcomes),
            // Another ticket was given the same `externalTicketId` meanwhile: now it can be seen.
            Err(error) if error.is_collision() && left > 0 => {}
            Err(error) => return Err(batch.word(error)),
        }
    };
    tx.commit().await?;
    batch.warn_ignored(&outcomes);
    let results = outcomes.iter().map(ElementResult::from).collect();
    Ok(Json(BulkResult { success: true, results, warnings: batch.warnings }))
}

/// The elements of a request, each with its place, and what is wrong with them.
#[derive(Default)]
struct Batch {
    /// One change that stands without the array.
    alone: bool,
    elements: Vec<(usize, Element)>,
    errors: Vec<FieldError>,
    warnings: Vec<Warning>,
}

impl Batch {
    fn read(&mut self, caller: &Caller, body: Value, strict: bool) {
        let items = match body {
            Value::Array(items) => items,
            item @ Value::Object(_) => {
                self.alone = true;
                vec![item]
            }
            _ => return self.refuse("", "wrong_type", "the body must be an array of changes, or one change"),
        };
        let most = caller.app.config.max_bulk;
        if items.is_empty() {
            return self.refuse("", "empty", "there must be at least one change");
        }
        if items.len() > most {
            let message = format!("there must be at most {most} changes, not {}", items.len());
            return self.refuse("", "too_many", &message);
        }
        let mut seen: BTreeMap<TicketId, String> = BTreeMap::new();
        for (place, item) in items.into_iter().enumerate() {
            let at = self.pointer(place);
            if !item.is_object() {
                self.refuse(&at, "wrong_type", "a change must be an object");
                continue;
            }
            let wire: PatchTicket = match serde_json::from_value(item) {
                Ok(wire) => wire,
                Err(error) => {
                    self.refuse(&at, "wrong_type", &format!("the change cannot be read: {error}"));
                    continue;
                }
            };
            let mut reader = Reader::new(&*at, &caller.settings.calendar.zone);
            let element = wire.read(&mut reader, strict);
            self.errors.append(&mut reader.errors);
            self.warnings.append(&mut reader.warnings);
            let Some(element) = element else { continue };
            if let Some(first) = seen.get(&element.id) {
                let message = format!("the ticket {} is named at {first} already", element.id);
                self.refuse(&format!("{at}/id"), "duplicate", &message);
            }
            seen.entry(element.id).or_insert_with(|| format!("{at}/id"));
            self.elements.push((place, element));
        }
    }

    fn pointer(&self, place: usize) -> String {
        if self.alone { String::new() } else { format!("/{place}") }
    }

    fn refuse(&mut self, pointer: &str, code: &'static str, message: &str) {
        self.errors.push(FieldError { pointer: pointer.into(), code, message: message.into() });
    }

    /// Puts the core's faults at their pointers. Without an error, every element has its own index.
    fn word(&self, error: Error) -> Error {
        match error {
            Error::Refused(refusal, faults) => {
                let places = faults.iter().map(|fault| (fault, self.pointer(fault.element)));
                Error::RefusedFields(
                    refusal,
                    places.map(|(fault, at)| members::word_fault(fault, &at)).collect(),
                )
            }
            error => error,
        }
    }

    fn warn_ignored(&mut self, outcomes: &[Outcome]) {
        for (place, outcome) in outcomes.iter().enumerate() {
            for ignored in &outcome.ignored {
                let name = members::member(ignored.field);
                self.warnings.push(Warning {
                    pointer: format!("{}/{name}", self.pointer(place)),
                    code: "ignored",
                    message: format!("{name} was ignored: {}", ignored.message),
                });
            }
        }
    }
}

impl PatchTicket {
    /// Returns `None` where there is no readable id.
    fn read(self, reader: &mut Reader<'_>, strict: bool) -> Option<Element> {
        let id = reader.required("id", self.id).map(|Id(id)| TicketId(id));
        let expected_version =
            reader.change("expectedVersion", self.expected_version).value().map(|Id(id)| id);
        let flags = [
            (reader.change("refresh", self.refresh).value() == Some(true))
                .then_some(("refresh", RefreshMode::Full)),
            (reader.change("refreshTags", self.refresh_tags).value() == Some(true))
                .then_some(("refreshTags", RefreshMode::Tags)),
            reader
                .nullable("refreshMode", self.refresh_mode)
                .value()
                .flatten()
                .map(|Listed(mode)| ("refreshMode", mode)),
        ];
        let refresh = one_mode(flags.into_iter().flatten().collect(), reader);
        let add = ids(reader, "addTagIds", self.add_tag_ids);
        let remove = ids(reader, "removeTagIds", self.remove_tag_ids);
        let replace = ids(reader, "tagIds", self.tag_ids);
        let tags = tag_change(replace, add, remove, reader);
        let legitimation = reader.change("customerLegitimation", self.customer_legitimation).value();
        let legitimation = legitimation.and_then(|level| match i32::try_from(level) {
            Ok(level) if level >= 0 => Some(level),
            _ => {
                reader.refuse("customerLegitimation", &Wrong::new("out_of_range", "must be 0 to 2147483647"));
                None
            }
        });
        let text = |text: Option<Short<255>>| text.map(|Short(text)| text);
        let (from, name) = sender(reader.nullable("from", self.from), None);
        let from_name = reader.nullable("fromName", self.from_name).map(text);
        let patch = TicketPatch {
            external_id: reader
                .nullable("externalTicketId", self.external_ticket_id)
                .map(|id| id.map(|Name(id)| id)),
            external_updated_at: Change::Keep,
            channel: reader.change("channel", self.channel).map(|Listed(channel)| channel),
            channel_id: reader.nullable("channelId", self.channel_id).map(|id| id.map(|Short(id)| id)),
            subchannel_id: reader
                .nullable("subchannelId", self.subchannel_id)
                .map(|id| id.map(|Id(id)| SubchannelId(id))),
            direction: reader.change("direction", self.direction).map(|Listed(direction)| direction),
            from,
            from_name: if from_name.is_set() { from_name } else { name },
            to: list(reader, "to", self.to, false),
            cc: list(reader, "ccEmails", self.cc_emails, true),
            bcc: list(reader, "bccEmails", self.bcc_emails, true),
            status: reader.change("status", self.status).map(|Listed(status)| status.wish()),
            priority: reader.change("priority", self.priority).map(|Listed(priority)| priority),
            subject: reader.change("subject", self.subject),
            summary: reader.change("summary", self.summary),
            body: reader.nullable("body", self.body),
            body_plain: reader.nullable("bodyPlain", self.body_plain),
            body_clean: reader.nullable("bodyClean", self.body_clean),
            sentiment: reader.nullable("sentiment", self.sentiment).map(text),
            language: reader.nullable("language", self.language).map(text),
            language_code: reader
                .nullable("languageCode", self.language_code)
                .map(|code| code.map(|Short(code)| code)),
            ai_support_level: reader
                .change("aiSupportLevel", self.ai_support_level)
                .map(|Listed(level)| level),
            spam_status: reader
                .nullable("spamStatus", self.spam_status)
                .map(|spam| spam.map(|Listed(spam)| spam)),
            is_customer_active: reader.change("isCustomerActive", self.is_customer_active),
            auto_execute_at: reader.moment("autoExecuteAt", self.auto_execute_at),
            first_response_due_at: reader.moment("firstResponseDueBy", self.first_response_due_by),
            due_at: reader.moment("dueBy", self.due_by),
            customer_id: reader.nullable("customerId", self.customer_id).map(|id| id.map(|ErpText(id)| id)),
            contract_id: reader.nullable("contractId", self.contract_id).map(|id| id.map(|ErpText(id)| id)),
            partner_id: reader.nullable("partnerId", self.partner_id),
            customer_legitimation: legitimation.map_or(Change::Keep, Change::Set),
            responder_id: reader
                .nullable("responderId", self.responder_id)
                .map(|id| id.map(|Id(id)| AgentId(id))),
            agent_id: reader.nullable("agentId", self.agent_id).map(|id| id.map(|Id(id)| AgentId(id))),
            assigned_agent_ids: reader
                .change("assignedAgentIds", self.assigned_agent_ids)
                .map(|ids| unique(&ids)),
            additional_data: reader
                .nullable("additionalData", self.additional_data)
                .map(|data| data.map(|Object(data)| data)),
            raw_data: match reader.nullable("rawData", self.raw_data) {
                Change::Set(Some(Object(data))) => Change::Set(Some(data)),
                _ => Change::Keep,
            },
            tags,
        };
        reader.unknown(self.unknown, &DERIVED, strict);
        let request = match refresh {
            None => Request::Change(Arc::new(patch)),
            Some(mode) => {
                warn_unsaved(&patch, reader);
                Request::Refresh(mode.into())
            }
        };
        id.map(|id| Element { id, expected_version, request, also: Vec::new() })
    }
}

/// The one mode that the flags agree on. Flags that disagree are refused, each at its pointer.
fn one_mode(flags: Vec<(&str, RefreshMode)>, reader: &mut Reader<'_>) -> Option<RefreshMode> {
    let (_, first) = *flags.first()?;
    if flags.iter().any(|(_, mode)| *mode != first) {
        for (name, _) in flags {
            reader.refuse(
                name,
                &Wrong::new("contradiction", "contradicts the other refresh members of the element"),
            );
        }
        return None;
    }
    Some(first)
}

fn ids(reader: &mut Reader<'_>, name: &str, field: Field<Vec<Id>>) -> Option<Vec<TagId>> {
    let ids = reader.change(name, field).value()?;
    Some(ids.into_iter().map(|Id(id)| TagId(id)).collect())
}

fn tag_change(
    replace: Option<Vec<TagId>>,
    add: Option<Vec<TagId>>,
    remove: Option<Vec<TagId>>,
    reader: &mut Reader<'_>,
) -> TagChange {
    if replace.is_some() && (add.is_some() || remove.is_some()) {
        let named = [("tagIds", true), ("addTagIds", add.is_some()), ("removeTagIds", remove.is_some())];
        for (name, _) in named.into_iter().filter(|(_, is_sent)| *is_sent) {
            let message =
                "must not be combined: tagIds replaces all tags, addTagIds and removeTagIds change some";
            reader.refuse(name, &Wrong::new("contradiction", message));
        }
        return TagChange::Keep;
    }
    match (replace, add, remove) {
        (Some(tags), _, _) => TagChange::Replace(tags),
        (None, None, None) => TagChange::Keep,
        (None, add, remove) => {
            let (add, remove) = (add.unwrap_or_default(), remove.unwrap_or_default());
            let mut places = BTreeMap::new();
            for (entry, tag) in remove.iter().enumerate() {
                places.entry(tag).or_insert(entry);
            }
            for (entry, tag) in add.iter().enumerate() {
                if let Some(other) = places.get(tag).copied() {
                    let wrong = |entry| Wrong {
                        pointer: format!("/{entry}"),
                        ..Wrong::new("contradiction", "is added and removed at once")
                    };
                    reader.refuse("addTagIds", &wrong(entry));
                    reader.refuse("removeTagIds", &wrong(other));
                }
            }
            TagChange::AddRemove { add, remove }
        }
    }
}

/// A list of addresses, which a read always shows as an array: null is refused.
fn list(reader: &mut Reader<'_>, name: &str, field: Field<OneOrMany>, check: bool) -> Change<Vec<String>> {
    if matches!(field, Field::Null) {
        reader.refuse(name, &Wrong::new("not_nullable", "must not be null"));
        return Change::Keep;
    }
    reader.addresses(name, field, check)
}

fn unique(ids: &[Id]) -> Vec<AgentId> {
    let mut seen = BTreeSet::new();
    ids.iter().map(|Id(id)| AgentId(*id)).filter(|id| seen.insert(*id)).collect()
}

/// An element that asks for a refresh saves nothing: says so of each member that it has besides.
fn warn_unsaved(patch: &TicketPatch, reader: &mut Reader<'_>) {
    for name in members::named(patch) {
        reader.warn(name, "ignored", "was ignored: an element that asks for a refresh is not saved");
    }
}

impl From<&Outcome> for ElementResult {
    fn from(outcome: &Outcome) -> Self {
        let word = match outcome.kind {
            OutcomeKind::Updated => "updated",
            OutcomeKind::Unchanged => "unchanged",
            OutcomeKind::RefreshScheduled => "refreshScheduled",
        };
        Self { id: outcome.id.0, outcome: word, version: outcome.version }
    }
}
