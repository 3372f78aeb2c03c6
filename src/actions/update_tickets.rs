//! Changing tickets, many at once, all or none.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::db::queue::NewJob;
use crate::db::references::{Known, Wanted};
use crate::db::tickets::Changed;
use crate::db::{TenantConn, TenantTx, references, tickets};
use crate::domain::activity::{Acting, FieldChange};
use crate::domain::analysis::Scope;
use crate::domain::change::Change;
use crate::domain::due;
use crate::domain::fault::{Fault, Place};
use crate::domain::id::{TagId, TicketId};
use crate::domain::mail;
use crate::domain::patch::{Ignored, StatusWish, TagChange, TicketPatch, snooze_fault};
use crate::domain::settings::Settings;
use crate::domain::tag::TagEffect;
use crate::domain::ticket::{Channel, Field, Status, Ticket};
use crate::error::{Error, Refusal};
use crate::jobs::analyze_ticket;

/// What is asked of one ticket.
#[derive(Debug, Clone)]
pub struct Element {
    pub id: TicketId,
    /// Refused unless the ticket still has this version; `None`: whatever it has.
    pub expected_version: Option<i64>,
    pub request: Request,
    /// Changes beside the ticket's own fields that the caller makes in the same transaction.
    pub also: Vec<FieldChange>,
}

/// Change the ticket, or analyse it again and leave it otherwise alone.
#[derive(Debug, Clone)]
pub enum Request {
    /// Shared, so that a batch that may have to be tried again is not there twice.
    Change(Arc<TicketPatch>),
    Refresh(Scope),
}

/// How the whole batch is handled.
#[derive(Debug, Clone)]
pub struct Options {
    /// Whether the changes count as somebody's working time.
    pub worklog: bool,
    /// Whether the caller may see, and so take off, private tags.
    pub private_tags: bool,
    /// What follows for a ticket of which something changes that analysis reads.
    pub analysis: Again,
}

impl Options {
    /// For what changes nothing that analysis reads, by a caller who sees no private tags.
    pub fn unanalysed() -> Self {
        Self { worklog: true, private_tags: false, analysis: Again::No }
    }
}

/// Whether a changed ticket is analysed again.
#[derive(Debug, Clone)]
pub enum Again {
    No,
    /// By this job.
    Enqueue(NewJob),
    /// When a person next opens it.
    OnView,
}

/// What analysis reads.
const ANALYSED: [Field; 5] = [Field::Subject, Field::Body, Field::From, Field::FromName, Field::Attachments];

/// What came of one element.
#[derive(Debug, Clone)]
pub struct Outcome {
    pub id: TicketId,
    pub kind: OutcomeKind,
    pub version: i64,
    pub ignored: Vec<Ignored>,
    /// Something changed that analysis reads.
    pub message_changed: bool,
}

/// The kinds of [`Outcome`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OutcomeKind {
    Updated,
    Unchanged,
    RefreshScheduled,
}

/// Changes tickets. Every element is done, or none and every fault is named: first what is not valid,
/// then what does not exist, then what has changed meanwhile. The number of statements does not
/// depend on the number of elements. Each ticket may be named once.
pub async fn update_tickets(
    tx: &mut TenantTx,
    acting: &Acting,
    settings: &Settings,
    elements: Vec<Element>,
    options: Options,
) -> Result<Vec<Outcome>, Error> {
    let ids: Vec<TicketId> = elements.iter().map(|element| element.id).collect();
    let content = elements.iter().any(|element| match &element.request {
        Request::Change(patch) => patch.touches_content(),
        Request::Refresh(_) => false,
    });
    let locked = tickets::lock(tx, &ids, content).await?;
    let known = references::look_up(tx, &wanted(&elements)).await?;
    let mut batch = Batch::new(locked, known, acting, settings, options);
    let outcomes = batch.apply(elements)?;
    batch.write(tx).await?;
    Ok(outcomes)
}

/// As [`update_tickets`] for one ticket that is locked and whose references are known.
pub(super) async fn update_locked(
    tx: &mut TenantTx,
    acting: &Acting,
    settings: &Settings,
    (locked, known): (Ticket, Known),
    element: Element,
    options: Options,
) -> Result<Outcome, Error> {
    let mut batch = Batch::new(vec![locked], known, acting, settings, options);
    let outcome = batch.apply(vec![element])?.pop();
    batch.write(tx).await?;
    outcome.ok_or_else(|| Error::internal("a change without an outcome"))
}

/// The faults of what elements refer to, for a request that is refused for other reasons anyway.
pub async fn reference_faults(
    db: &mut TenantConn,
    elements: &[(usize, Element)],
) -> Result<Vec<Fault>, Error> {
    let mut wanted = Wanted::default();
    let changes = elements.iter().filter_map(|(at, element)| match &element.request {
        Request::Change(patch) => Some((*at, patch)),
        Request::Refresh(_) => None,
    });
    for (_, patch) in changes.clone() {
        want(&mut wanted, patch);
    }
    let known = references::look_up(db, &wanted).await?;
    Ok(changes.flat_map(|(at, patch)| unknown_references(at, patch, &known)).collect())
}

/// Adds what a patch refers to.
pub(super) fn want(wanted: &mut Wanted, patch: &TicketPatch) {
    let owner = patch.agent_id.as_ref().into_iter().flatten();
    let responder = patch.responder_id.as_ref().into_iter().flatten();
    let assigned = patch.assigned_agent_ids.as_ref().into_iter().flatten();
    wanted.agents.extend(owner.chain(responder).chain(assigned));
    wanted.subchannels.extend(patch.subchannel_id.as_ref().into_iter().flatten());
    wanted.contracts.extend(patch.contract_id.as_ref().into_iter().flatten().cloned());
    wanted.external_ids.extend(patch.external_id.as_ref().into_iter().flatten().cloned());
    match &patch.tags {
        TagChange::Keep => {}
        TagChange::Replace(tags) => wanted.tags.extend(tags),
        TagChange::AddRemove { add, remove } => wanted.tags.extend(add.iter().chain(remove)),
        TagChange::Renew { tags, .. } => wanted.tags.extend(tags),
    }
}

/// Names every reference of a patch that leads nowhere.
pub(super) fn unknown_references(at: usize, patch: &TicketPatch, known: &Known) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut fault = |place, code, noun: &str, id: i64| {
        faults.push(Fault::new(at, place, code, format!("there is no {noun} {id}")));
    };
    for (field, id) in [(Field::AgentId, &patch.agent_id), (Field::ResponderId, &patch.responder_id)] {
        if let Change::Set(Some(id)) = id
            && !known.agents.contains(id)
        {
            fault(Place::Field(field), "agent_not_found", "agent", id.0);
        }
    }
    for (entry, id) in patch.assigned_agent_ids.as_ref().into_iter().flatten().enumerate() {
        if !known.agents.contains(id) {
            fault(Place::Entry(Field::AssignedAgentIds, entry), "agent_not_found", "agent", id.0);
        }
    }
    if let Change::Set(Some(id)) = &patch.subchannel_id
        && !known.subchannels.contains(id)
    {
        fault(Place::Field(Field::SubchannelId), "subchannel_not_found", "subchannel", id.0);
    }
    let mut tags = |tags: &[TagId], place: fn(usize) -> Place| {
        for (entry, id) in tags.iter().enumerate() {
            if !known.tags.contains_key(id) {
                fault(place(entry), "tag_not_found", "tag", id.0);
            }
        }
    };
    match &patch.tags {
        // Analysis names what was there a moment ago; what is there no more is left out.
        TagChange::Keep | TagChange::Renew { .. } => {}
        TagChange::Replace(ids) => tags(ids, |entry| Place::Entry(Field::Tags, entry)),
        TagChange::AddRemove { add, remove } => {
            tags(add, Place::AddTag);
            tags(remove, Place::RemoveTag);
        }
    }
    faults
}

/// What the elements refer to, and whose tags they change.
fn wanted(elements: &[Element]) -> Wanted {
    let mut wanted = Wanted::default();
    for element in elements {
        if let Request::Change(patch) = &element.request {
            want(&mut wanted, patch);
            if patch.tags != TagChange::Keep {
                wanted.tags_of.push(element.id);
            }
        }
    }
    wanted
}

/// The tickets of a batch while it is worked out.
pub(super) struct Batch<'a> {
    tickets: BTreeMap<TicketId, Ticket>,
    known: Known,
    acting: &'a Acting,
    settings: &'a Settings,
    options: Options,
    changed: BTreeMap<TicketId, Vec<FieldChange>>,
    added: Vec<(TicketId, TagId)>,
    removed: Vec<(TicketId, TagId)>,
    jobs: BTreeMap<TicketId, NewJob>,
    /// How analysis came to its change.
    reports: BTreeMap<TicketId, String>,
    invalid: Vec<Fault>,
    missing: Vec<Fault>,
    stale: Vec<Fault>,
    taken: Vec<Fault>,
}

impl<'a> Batch<'a> {
    pub(super) fn new(
        locked: Vec<Ticket>,
        known: Known,
        acting: &'a Acting,
        settings: &'a Settings,
        options: Options,
    ) -> Self {
        Self {
            tickets: locked.into_iter().map(|ticket| (ticket.id, ticket)).collect(),
            known,
            acting,
            settings,
            options,
            changed: BTreeMap::new(),
            added: Vec::new(),
            removed: Vec::new(),
            jobs: BTreeMap::new(),
            reports: BTreeMap::new(),
            invalid: Vec::new(),
            missing: Vec::new(),
            stale: Vec::new(),
            taken: Vec::new(),
        }
    }

    /// Works the elements out on the tickets in memory.
    pub(super) fn apply(&mut self, elements: Vec<Element>) -> Result<Vec<Outcome>, Error> {
        let mut outcomes = Vec::with_capacity(elements.len());
        let mut external_ids = BTreeMap::new();
        for (at, element) in elements.into_iter().enumerate() {
            if let Request::Change(patch) = &element.request {
                self.invalid.extend(unknown_references(at, patch, &self.known));
                self.check_external_id(at, element.id, patch, &mut external_ids);
            }
            let Some(mut ticket) = self.tickets.remove(&element.id) else {
                let message = format!("there is no ticket {}", element.id);
                self.missing.push(Fault::new(at, Place::Id, "ticket_not_found", message));
                continue;
            };
            if let Some(expected) = element.expected_version
                && expected != ticket.version
            {
                let message = format!("the ticket has version {}, not {expected}", ticket.version);
                self.stale.push(Fault::new(at, Place::ExpectedVersion, "version_conflict", message));
            }
            outcomes.push(match element.request {
                Request::Refresh(scope) => {
                    self.jobs.insert(element.id, analyze_ticket::again(scope));
                    let kind = OutcomeKind::RefreshScheduled;
                    let version = ticket.version;
                    Outcome { id: element.id, kind, version, ignored: vec![], message_changed: false }
                }
                Request::Change(patch) => {
                    self.change(at, &mut ticket, Arc::unwrap_or_clone(patch), element.also)
                }
            });
            self.tickets.insert(element.id, ticket);
        }
        let refusals = [
            (Refusal::Invalid, &mut self.invalid),
            (Refusal::Missing("ticket"), &mut self.missing),
            (Refusal::StaleVersion, &mut self.stale),
            (Refusal::Conflict, &mut self.taken),
        ];
        for (refusal, faults) in refusals {
            if !faults.is_empty() {
                return Err(Error::Refused(refusal, std::mem::take(faults)));
            }
        }
        Ok(outcomes)
    }

    fn check_external_id(
        &mut self,
        at: usize,
        id: TicketId,
        patch: &TicketPatch,
        in_batch: &mut BTreeMap<String, TicketId>,
    ) {
        let Change::Set(Some(external_id)) = &patch.external_id else { return };
        let stored = self.known.external_owners.get(external_id).map(|owner| owner.id);
        let owner = stored.or_else(|| in_batch.get(external_id).copied());
        if owner.is_some_and(|owner| owner != id) {
            let message = "another ticket has this id of the foreign system";
            self.taken.push(Fault::new(at, Place::Field(Field::ExternalId), "conflict", message));
        }
        in_batch.insert(external_id.clone(), id);
    }

    fn change(
        &mut self,
        at: usize,
        ticket: &mut Ticket,
        mut patch: TicketPatch,
        also: Vec<FieldChange>,
    ) -> Outcome {
        let by_person = self.acting.actor.outranks_analysis();
        let tags = std::mem::take(&mut patch.tags);
        follow_contract(ticket, &mut patch, &self.known);
        keep_unshown(ticket, &mut patch);
        // Tags come first where they change the due date, since a snooze looks at it.
        let effects = self.change_tags(ticket, tags, by_person);
        let (status, spam) = (std::mem::take(&mut patch.status), std::mem::take(&mut patch.spam_status));
        let is_snoozed_again = status == Change::Set(StatusWish::Snoozed) && ticket.status == Status::Pending;
        let mut applied = patch.apply(ticket, at, self.acting.now);
        if by_person {
            let named: Vec<Field> = applied.changes.iter().map(|change| change.field).collect();
            ticket.mark_set_by_person(named, false);
        }
        if applied.changes.iter().any(|change| change.field == Field::To) {
            applied.faults.extend(recipient_faults(ticket, at));
        }
        if let Some((effects, change)) = effects {
            applied.changes.push(change);
            let follow = due::follow_tags(ticket, &effects, &self.settings.calendar);
            applied.changes.extend(follow.apply(ticket, at, self.acting.now).changes);
        }
        let moves_due = applied.changes.iter().any(|change| change.field == Field::DueAt);
        if is_snoozed_again && moves_due {
            // A client may send back a snooze that is over, but not ask for one.
            applied.faults.extend(snooze_fault(ticket, at, self.acting.now));
        }
        let verdict = TicketPatch { status, spam_status: spam, ..TicketPatch::default() };
        let verdict = verdict.apply(ticket, at, self.acting.now);
        if by_person && verdict.changes.iter().any(|change| change.field == Field::SpamStatus) {
            ticket.mark_set_by_person([Field::SpamStatus], false);
        }
        applied.changes.extend(verdict.changes);
        applied.changes.extend(also);
        self.invalid.extend(applied.faults.into_iter().chain(verdict.faults));
        let changed: Vec<Field> = applied.changes.iter().map(|change| change.field).collect();
        let mut kind = OutcomeKind::Unchanged;
        let mut message_changed = false;
        if !changed.is_empty() {
            kind = OutcomeKind::Updated;
            ticket.version += 1;
            ticket.modified_at = Some(self.acting.now);
            message_changed = changed.iter().any(|field| ANALYSED.contains(field));
            if message_changed {
                match &self.options.analysis {
                    Again::No => {}
                    Again::Enqueue(job) => {
                        self.jobs.insert(ticket.id, job.clone());
                    }
                    Again::OnView => ticket.analysis_deferred = true,
                }
            }
            self.changed.insert(ticket.id, applied.changes);
        }
        Outcome { id: ticket.id, kind, version: ticket.version, ignored: verdict.ignored, message_changed }
    }

    /// Works out the ticket's tags. Returns `None` where they stay as they are.
    fn change_tags(
        &mut self,
        ticket: &mut Ticket,
        change: TagChange,
        by_person: bool,
    ) -> Option<(Vec<TagEffect>, FieldChange)> {
        let before = self.known.ticket_tags.get(&ticket.id).cloned().unwrap_or_default();
        let mut after: BTreeSet<TagId> = match change {
            TagChange::Keep => return None,
            TagChange::Renew { tags, released } => {
                self.removed.extend(released.iter().map(|tag| (ticket.id, *tag)));
                self.added.extend(released.iter().map(|tag| (ticket.id, *tag)));
                tags.into_iter().filter(|tag| self.known.tags.contains_key(tag)).collect()
            }
            TagChange::Replace(tags) => tags.into_iter().collect(),
            TagChange::AddRemove { add, remove } => {
                let mut after = before.clone();
                after.extend(add);
                for tag in remove {
                    after.remove(&tag);
                }
                after
            }
        };
        if !self.options.private_tags {
            // Nobody takes off what they cannot see (enneo Mind: removing an unseen tag is ignored).
            let hidden = |tag: &&TagId| self.known.tags.get(tag).is_some_and(|effect| effect.is_private);
            after.extend(before.iter().filter(hidden).copied());
        }
        if after == before {
            return None;
        }
        self.added.extend(after.difference(&before).map(|tag| (ticket.id, *tag)));
        self.removed.extend(before.difference(&after).map(|tag| (ticket.id, *tag)));
        if by_person {
            ticket.removed_tag_ids.extend(before.difference(&after));
            ticket.removed_tag_ids.retain(|tag| !after.contains(tag));
        }
        let effects = after.iter().filter_map(|tag| self.known.tags.get(tag).copied()).collect();
        let (from, to): (Vec<_>, Vec<_>) = (before.into_iter().collect(), after.into_iter().collect());
        Some((effects, FieldChange { field: Field::Tags, from: from.into(), to: to.into() }))
    }

    fn changes_content(&self, id: TicketId) -> bool {
        self.changed[&id].iter().any(|change| change.field.is_content())
    }

    /// Notes that a ticket was analysed, whether that changed it or not.
    pub(super) fn report(&mut self, id: TicketId, stages: String) {
        self.changed.entry(id).or_default();
        self.reports.insert(id, stages);
    }

    pub(super) async fn write(self, tx: &mut TenantTx) -> Result<(), Error> {
        let tickets: Vec<&Ticket> = self.changed.keys().filter_map(|id| self.tickets.get(id)).collect();
        if !tickets.is_empty() {
            let contents: Vec<&Ticket> =
                tickets.iter().copied().filter(|ticket| self.changes_content(ticket.id)).collect();
            if !contents.is_empty() {
                tickets::update_contents(tx, &contents).await?;
            }
            if !self.removed.is_empty() {
                tickets::remove_tags(tx, &self.removed).await?;
            }
            if !self.added.is_empty() {
                let manual = self.acting.actor.outranks_analysis();
                tickets::add_tags(tx, &self.added, manual).await?;
            }
        }
        if tickets.is_empty() && self.jobs.is_empty() {
            return Ok(());
        }
        let worker = self.acting.actor.agent_id().filter(|_| self.options.worklog);
        let (mut records, mut reports) = (self.changed, self.reports);
        let written = tickets.into_iter().map(|ticket| {
            let changes = records.remove(&ticket.id).unwrap_or_default();
            Changed {
                ticket,
                work: work_action(ticket, &changes),
                changes,
                stages: reports.remove(&ticket.id),
            }
        });
        let written: Vec<Changed<'_>> = written.collect();
        let jobs: Vec<(TicketId, NewJob)> = self.jobs.into_iter().collect();
        tickets::update_many(tx, written, &jobs, self.acting, worker).await
    }
}

/// A contract of the directory names its customer: a ticket that is given the one and has no other
/// customer is the customer's.
pub(super) fn follow_contract(ticket: &Ticket, patch: &mut TicketPatch, known: &Known) {
    if let Change::Set(Some(contract)) = &patch.contract_id
        && !patch.customer_id.is_set()
        && ticket.customer_id.is_none()
        && let Some(customer) = known.contract_customers.get(contract)
    {
        patch.customer_id = Change::Set(Some(customer.clone()));
    }
}

/// A client that sends back what it read must change nothing: what a channel does not show, an empty value
/// does not clear (enneo Mind: `from` is null for system tickets, copies are shown for mail alone).
fn keep_unshown(ticket: &Ticket, patch: &mut TicketPatch) {
    if ticket.channel == Channel::System && patch.from == Change::Set(None) {
        patch.from = Change::Keep;
    }
    if ticket.channel != Channel::Email {
        for copies in [&mut patch.cc, &mut patch.bcc] {
            if copies.as_ref().is_some_and(Vec::is_empty) {
                *copies = Change::Keep;
            }
        }
    }
}

/// Mail and portal tickets go to mail addresses; other channels have numbers and group names.
fn recipient_faults(ticket: &Ticket, at: usize) -> Vec<Fault> {
    if !matches!(ticket.channel, Channel::Email | Channel::Portal) {
        return Vec::new();
    }
    let recipients = ticket.content.to.iter().enumerate().filter(|(_, to)| !mail::is_address(to));
    recipients
        .map(|(entry, _)| {
            let place = Place::Entry(Field::To, entry);
            Fault::new(at, place, "invalid_address", "to must be a mail address")
        })
        .collect()
}

/// What a change is in time tracking (enneo Mind, worklog: `action`).
fn work_action(ticket: &Ticket, changes: &[FieldChange]) -> &'static str {
    let status = changes.iter().any(|change| change.field == Field::Status);
    match (status, ticket.status) {
        (true, Status::Closed) => "closeAction",
        (true, _) => "statusAction",
        (false, _) => "writeAction",
    }
}
