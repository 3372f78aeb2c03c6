//! Creating a ticket, or updating the one that a foreign system's id names.

use std::sync::Arc;

use jiff::Timestamp;
use uuid::Uuid;

use super::attach_uploads::{attach_uploads, foreign_faults, unique};
use super::update_tickets::{Again, Element, Options, OutcomeKind, Request, follow_contract};
use super::update_tickets::{unknown_references, update_locked, want};
use crate::db::new_tickets::{self, Company};
use crate::db::queue::NewJob;
use crate::db::references::{Known, Owner, Wanted};
use crate::db::ticket_view::{self, Look, TicketView};
use crate::db::{TenantTx, attachments, references, tickets};
use crate::domain::activity::{Acting, FieldChange};
use crate::domain::analysis::Process;
use crate::domain::attachment::NewAttachment;
use crate::domain::change::Change;
use crate::domain::detail::Detail;
use crate::domain::due;
use crate::domain::fault::{Fault, Place};
use crate::domain::id::{TagId, TicketId};
use crate::domain::patch::{TagChange, TicketPatch};
use crate::domain::settings::Settings;
use crate::domain::ticket::{Channel, Direction, Field, Ticket};
use crate::error::{Error, Refusal};
use crate::jobs::analyze_ticket;

/// How often a push may find that what it was made from has changed meanwhile.
const ATTEMPTS: u32 = 20;

/// A ticket as a client sends it: new, or what it knows of one.
#[derive(Debug, Clone)]
pub struct Push {
    pub channel: Channel,
    /// `None`: the current instant. An existing ticket keeps its own.
    pub created_at: Option<Timestamp>,
    /// Everything else that was sent; `external_id` decides which ticket is meant.
    pub patch: TicketPatch,
    /// Where sent, the whole list.
    pub attachments: Change<Vec<NewAttachment>>,
    /// For a new ticket; `None`: nothing beyond what every dialect can say.
    pub detail: Option<Detail>,
}

/// How a push is handled.
#[derive(Debug, Clone, Copy)]
pub struct PushOptions {
    /// When the ticket is analysed, if the push gives cause to.
    pub process: Process,
    /// Whether the caller may see, and so take off, private tags.
    pub private_tags: bool,
    /// What the caller wants to see of the ticket; `None`: nothing.
    pub look: Option<Look>,
}

/// What came of a push.
#[derive(Debug, Clone)]
pub struct Pushed {
    pub id: TicketId,
    /// Of a ticket that was created: its id for clients that do not count. `None` for one that was there.
    pub public_id: Option<String>,
    pub outcome: PushOutcome,
    /// Whether it gave cause to an analysis, then or later.
    pub asks_analysis: bool,
    /// The ticket after the push. `None` where nobody wanted to look.
    pub view: Option<TicketView>,
}

/// The kinds of [`Pushed`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PushOutcome {
    Created,
    Updated,
    /// It said nothing new.
    Unchanged,
    /// It was older than what is stored, and changed nothing.
    Stale,
}

/// Creates a ticket, or updates the tenant's ticket with the same external id. Only what was sent
/// changes; id and creation stay.
pub async fn push_ticket(
    tx: &mut TenantTx,
    acting: &Acting,
    settings: &Settings,
    push: Push,
    options: PushOptions,
) -> Result<Pushed, Error> {
    let mut pushed = create_or_update(tx, acting, settings, push, options).await?;
    if let (Some(look), None) = (options.look, &pushed.view) {
        let view = ticket_view::get(tx, pushed.id, look).await?;
        pushed.view = Some(view.ok_or_else(|| Error::internal("a pushed ticket is not there"))?);
    }
    Ok(pushed)
}

async fn create_or_update(
    tx: &mut TenantTx,
    acting: &Acting,
    settings: &Settings,
    mut push: Push,
    options: PushOptions,
) -> Result<Pushed, Error> {
    let lost = lost_uploads(tx, &mut push).await?;
    let mut wanted = Wanted::default();
    want(&mut wanted, &push.patch);
    let external_id = push.patch.external_id.as_ref().cloned().flatten();
    // What was known of the tags a moment ago mostly holds. Only a flawless draft is tried on it: what is wrong
    // with another is said by what is there now.
    if let Some(known) = references::recall(tx, &wanted).await {
        let draft = Draft::new(acting, settings, push.clone(), &known, &lost);
        if draft.faults.is_empty()
            && let Some(made) = create(tx, acting, draft, &known, options).await?
        {
            return Ok(made);
        }
    }
    for _ in 0..ATTEMPTS {
        let known = references::look_up(tx, &wanted).await?;
        let owner = external_id.as_ref().and_then(|id| known.external_owners.get(id).copied());
        let Some(owner) = owner else {
            let draft = Draft::new(acting, settings, push.clone(), &known, &lost);
            if let Some(made) = create(tx, acting, draft, &known, options).await? {
                return Ok(made);
            }
            // Since the look-up somebody else created it, or changed what it refers to, and has committed: that can
            // be seen now.
            continue;
        };
        let locked = tickets::lock(tx, &[owner.id], push.patch.touches_content()).await?.pop();
        if let Some(locked) = locked
            && locked.external_id == external_id
        {
            // In a box, so that a creation does not carry its space along.
            return Box::pin(update(tx, acting, settings, push, options, (locked, owner, known, lost))).await;
        }
        // The id was given to another ticket, or to none, before the lock was granted.
    }
    let cause = format!("{ATTEMPTS} times in a row it was changed after it was looked up");
    Err(Error::Away { what: "what the ticket refers to", cause })
}

/// The faults that a push has besides those for which it is refused anyway.
pub async fn push_faults(
    tx: &mut TenantTx,
    acting: &Acting,
    settings: &Settings,
    mut push: Push,
) -> Result<Vec<Fault>, Error> {
    let lost = lost_uploads(tx, &mut push).await?;
    let mut wanted = Wanted::default();
    want(&mut wanted, &push.patch);
    let known = references::look_up(tx, &wanted).await?;
    if !known.external_owners.is_empty() {
        // What else may be wrong depends on the stored ticket.
        let mut faults = unknown_references(0, &push.patch, &known);
        faults.extend(lost);
        return Ok(faults);
    }
    Ok(Draft::new(acting, settings, push, &known, &lost).faults)
}

/// Has the attachments refer to the uploads that they mean. Returns the faults of those that mean none.
async fn lost_uploads(tx: &mut TenantTx, push: &mut Push) -> Result<Vec<Fault>, Error> {
    match &mut push.attachments {
        Change::Set(files) => attach_uploads(tx, files).await,
        Change::Keep => Ok(Vec::new()),
    }
}

/// Returns `None`, with nothing done, where the draft goes by what does not hold.
async fn create(
    tx: &mut TenantTx,
    acting: &Acting,
    draft: Draft,
    known: &Known,
    options: PushOptions,
) -> Result<Option<Pushed>, Error> {
    if !draft.faults.is_empty() {
        return Err(Error::Refused(Refusal::Invalid, draft.faults));
    }
    let mut ticket = draft.ticket;
    ticket.analysis_deferred = options.process == Process::OnView;
    let attachments = with_ids(&draft.attachments);
    let company = Company {
        tags: &draft.tags,
        attachments: &attachments,
        job: analysis(options.process),
        detail: draft.detail.as_ref(),
        acting,
    };
    let made = new_tickets::insert(tx, &ticket, &company, known, options.look).await?;
    Ok(made.map(|made| Pushed {
        id: made.id,
        public_id: Some(made.public_id),
        outcome: PushOutcome::Created,
        asks_analysis: true,
        view: made.view,
    }))
}

/// A new ticket before it is stored.
struct Draft {
    ticket: Ticket,
    /// Each once, ascending.
    tags: Vec<TagId>,
    attachments: Vec<NewAttachment>,
    detail: Option<Detail>,
    faults: Vec<Fault>,
}

impl Draft {
    /// A blank ticket with the push applied, and with what follows from its contract, its tags and the
    /// tenant's settings. What is wrong with it comes before what is `lost`.
    fn new(acting: &Acting, settings: &Settings, push: Push, known: &Known, lost: &[Fault]) -> Self {
        let mut patch = push.patch;
        let mut faults = unknown_references(0, &patch, known);
        let created_at = push.created_at.unwrap_or(acting.now);
        let direction = std::mem::take(&mut patch.direction).value().unwrap_or(Direction::In);
        let mut ticket = Ticket::blank(push.channel, direction, created_at);
        follow_contract(&ticket, &mut patch, known);
        let mut tags: Vec<TagId> = match std::mem::take(&mut patch.tags) {
            TagChange::Keep | TagChange::Renew { .. } => Vec::new(),
            TagChange::Replace(tags) | TagChange::AddRemove { add: tags, .. } => tags,
        };
        tags.sort_unstable();
        tags.dedup();
        let status = std::mem::take(&mut patch.status);
        let given = patch.apply(&mut ticket, 0, acting.now).given;
        if acting.actor.outranks_analysis() {
            ticket.mark_set_by_person(given, true);
        }
        let effects: Vec<_> = tags.iter().filter_map(|tag| known.tags.get(tag).copied()).collect();
        due::follow_tags(&ticket, &effects, &settings.calendar).apply(&mut ticket, 0, acting.now);
        if ticket.first_response_due_at.is_none() {
            let hours = settings.first_response_hours;
            ticket.first_response_due_at = hours.and_then(|hours| settings.calendar.after(created_at, hours));
        }
        let status = TicketPatch { status, ..TicketPatch::default() };
        faults.extend(status.apply(&mut ticket, 0, acting.now).faults);
        let attachments = push.attachments.value().unwrap_or_default();
        faults.extend(foreign_faults(settings, &attachments, &[]));
        let attachments = unique(&attachments);
        faults.extend(letter_fault(push.channel, &attachments));
        faults.extend_from_slice(lost);
        Self { ticket, tags, attachments, detail: push.detail, faults }
    }
}

async fn update(
    tx: &mut TenantTx,
    acting: &Acting,
    settings: &Settings,
    push: Push,
    options: PushOptions,
    (locked, owner, mut known, lost): (Ticket, Owner, Known, Vec<Fault>),
) -> Result<Pushed, Error> {
    let id = locked.id;
    let pushed_at = push.patch.external_updated_at.as_ref().copied().flatten();
    if pushed_at.zip(locked.external_updated_at).is_some_and(|(pushed, stored)| pushed < stored) {
        let outcome = PushOutcome::Stale;
        return Ok(Pushed { id, public_id: None, outcome, asks_analysis: false, view: None });
    }
    // Its tags may have changed before the lock was granted.
    if push.patch.tags != TagChange::Keep && locked.version != owner.version {
        let mut wanted = Wanted { tags_of: vec![id], ..Wanted::default() };
        want(&mut wanted, &push.patch);
        known = references::look_up(tx, &wanted).await?;
    }
    // The fault of the resulting ticket comes after those of what was sent.
    let also = attach(tx, settings, id, push.channel, &push.attachments, lost).await;
    let mut patch = push.patch;
    patch.channel = Change::Set(push.channel);
    let (also, letter) = match also {
        Ok(also) => (also, None),
        Err(Error::Refused(Refusal::Invalid, faults)) => (Vec::new(), Some(faults)),
        Err(error) => return Err(error),
    };
    let element = Element { id, expected_version: None, request: Request::Change(Arc::new(patch)), also };
    let outcome = update_locked(
        tx,
        acting,
        settings,
        (locked, known),
        element,
        Options { worklog: false, private_tags: options.private_tags, analysis: Again::at(options.process) },
    )
    .await;
    let outcome = match (outcome, letter) {
        (Err(Error::Refused(Refusal::Invalid, mut faults)), Some(letter)) => {
            faults.extend(letter);
            return Err(Error::Refused(Refusal::Invalid, faults));
        }
        (Ok(_), Some(letter)) => return Err(Error::Refused(Refusal::Invalid, letter)),
        (outcome, _) => outcome?,
    };
    let kind = match outcome.kind {
        OutcomeKind::Updated | OutcomeKind::RefreshScheduled => PushOutcome::Updated,
        OutcomeKind::Unchanged => PushOutcome::Unchanged,
    };
    let asks_analysis = outcome.message_changed;
    Ok(Pushed { id, public_id: None, outcome: kind, asks_analysis, view: None })
}

/// Makes the pushed attachments the ticket's, where they differ from what it has by name or URL.
pub(super) async fn attach(
    tx: &mut TenantTx,
    settings: &Settings,
    id: TicketId,
    channel: Channel,
    pushed: &Change<Vec<NewAttachment>>,
    mut faults: Vec<Fault>,
) -> Result<Vec<FieldChange>, Error> {
    if !pushed.is_set() && channel != Channel::Letter {
        return Ok(Vec::new());
    }
    let before = attachments::list(tx, id).await?;
    let pushed = pushed.as_ref().unwrap_or(&before);
    let after = unique(pushed);
    faults.extend(foreign_faults(settings, pushed, &before));
    faults.extend(letter_fault(channel, &after));
    if !faults.is_empty() {
        return Err(Error::Refused(Refusal::Invalid, faults));
    }
    // They are a set: another order is no change.
    if after.len() == before.len() && after.iter().all(|file| before.iter().any(|had| had.is_same(file))) {
        return Ok(Vec::new());
    }
    attachments::replace(tx, id, &with_ids(&after)).await?;
    let names = |files: &[NewAttachment]| -> Vec<String> {
        files.iter().map(|file| format!("{} {}", file.name, file.url)).collect()
    };
    let (from, to) = (names(&before).into(), names(&after).into());
    Ok(vec![FieldChange { field: Field::Attachments, from, to }])
}

/// Letters are one scanned file (enneo Mind: exactly one PDF, PNG, JPG or TIFF).
fn letter_fault(channel: Channel, files: &[NewAttachment]) -> Option<Fault> {
    let fits = channel != Channel::Letter || matches!(files, [file] if file.is_scan());
    let message = "a letter needs exactly one attachment, a PDF, PNG, JPG or TIFF";
    (!fits).then(|| Fault::new(0, Place::Field(Field::Attachments), "invalid", message))
}

pub(super) fn with_ids(files: &[NewAttachment]) -> Vec<(String, NewAttachment)> {
    files.iter().map(|file| (Uuid::new_v4().simple().to_string(), file.clone())).collect()
}

impl Again {
    /// The analysis that a change gives cause to, when it is asked for.
    pub fn at(process: Process) -> Self {
        analysis(process).map_or(Self::OnView, Self::Enqueue)
    }
}

fn analysis(process: Process) -> Option<NewJob> {
    match process {
        Process::Realtime => Some(analyze_ticket::now()),
        Process::Batch => Some(analyze_ticket::soon()),
        Process::OnView => None,
    }
}
