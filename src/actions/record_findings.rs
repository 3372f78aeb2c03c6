//! Writing down what analysis found, without replacing what a person or a partner set.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::Timestamp;
use serde_json::Value;

use super::update_tickets::{Again, Batch, Element, Options, Request};
use crate::analysis::Findings;
use crate::analysis::report;
use crate::db::intents;
use crate::db::references::{self, Known, Wanted};
use crate::db::{TenantTx, tickets};
use crate::domain::activity::{Acting, Actor, FieldChange, Via};
use crate::domain::analysis::Plan;
use crate::domain::change::Change;
use crate::domain::id::TagId;
use crate::domain::intent::NewIntent;
use crate::domain::patch::{TagChange, TicketPatch};
use crate::domain::settings::Settings;
use crate::domain::ticket::{Document, Field, Ticket};
use crate::domain::word::Word;
use crate::error::Error;
use crate::pipeline::intents::FoundIntent;

/// What came of recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recorded {
    Done,
    /// The message is another by now: nothing was written, and the run has to be repeated.
    Outdated,
    /// The ticket is gone.
    Gone,
}

/// Writes what a run over `before` found to the ticket as it is now.
///
/// A field that a person or a partner set, or that changed since the run began, stays as it is; so do
/// the tags that a person put on or took off. Only a plan that resets takes back what a person set of
/// customer, contract and tags.
pub async fn record_findings(
    tx: &mut TenantTx,
    settings: &Settings,
    before: &Ticket,
    plan: &Plan,
    findings: Findings,
    now: Timestamp,
) -> Result<Recorded, Error> {
    let id = before.id;
    let Some(mut locked) = tickets::lock(tx, &[id], true).await?.pop() else { return Ok(Recorded::Gone) };
    if !locked.has_message_of(before) {
        return Ok(Recorded::Outdated);
    }
    if plan.resets {
        for field in RESET {
            locked.set_by_person.remove(&field);
        }
    }
    let mut wanted = Wanted { tags_of: vec![id], ..Wanted::default() };
    wanted.tags.extend(findings.tags.iter().flatten());
    wanted.tags.extend(findings.default_tag);
    wanted.contracts.extend(findings.customer.iter().filter_map(|found| found.contract_id.clone()));
    let known = references::look_up(tx, &wanted).await?;
    let moved = locked.derived_differences(before);
    let patch = patch_of(&findings, plan, &locked, &moved, &known);
    if plan.resets || plan.clears_manual_tags {
        locked.removed_tag_ids.clear();
    }
    locked.analysis_deferred = false;
    let mut also = Vec::new();
    if let Some(found) = &findings.intents {
        let contract = if free_contract(&locked, &moved) {
            findings.customer.as_ref().map_or(locked.contract_id.clone(), |found| found.contract_id.clone())
        } else {
            locked.contract_id.clone()
        };
        let found: Vec<NewIntent> =
            found.iter().map(|found| new_intent(found, contract.as_deref())).collect();
        let (from, to) = intents::replace(tx, id, &found, plan.resets, now).await?;
        if from != to {
            also.push(FieldChange { field: Field::Intents, from: from.into(), to: to.into() });
        }
    }
    let acting = Acting { actor: Actor::System, via: Via::System, now };
    let options = Options { worklog: false, private_tags: true, analysis: Again::No };
    let mut batch = Batch::new(vec![locked], known, &acting, settings, options);
    batch.apply(vec![Element {
        id,
        expected_version: None,
        request: Request::Change(Arc::new(patch)),
        also,
    }])?;
    batch.report(id, report::to_json(&findings.reports));
    batch.write(tx).await?;
    Ok(Recorded::Done)
}

/// What a reset finds from scratch (enneo Mind, get a ticket: `refresh`).
const RESET: [Field; 3] = [Field::CustomerId, Field::ContractId, Field::CustomerLegitimation];

fn patch_of(
    findings: &Findings,
    plan: &Plan,
    locked: &Ticket,
    moved: &BTreeSet<Field>,
    known: &Known,
) -> TicketPatch {
    let mut patch = TicketPatch::default();
    let free = |field: Field| !locked.set_by_person.contains(&field) && !moved.contains(&field);
    macro_rules! found {
        ($field:ident, $slot:ident, $value:expr) => {
            if free(Field::$field) {
                patch.$slot = Change::Set($value);
            }
        };
    }
    if let Some(text) = &findings.text {
        found!(BodyPlain, body_plain, Some(text.plain.clone()));
        found!(BodyClean, body_clean, Some(text.clean.clone()));
    }
    if let Change::Set(language) = findings.language {
        found!(Language, language, language.map(|language| language.name.to_owned()));
        found!(LanguageCode, language_code, language.map(|language| language.code.to_owned()));
    }
    if let Some(sentiment) = findings.sentiment {
        found!(Sentiment, sentiment, Some(sentiment.as_str().to_owned()));
    }
    if let Some(summary) = &findings.summary {
        found!(Summary, summary, summary.clone());
    }
    if let Some(spam) = findings.spam {
        found!(SpamStatus, spam_status, Some(spam));
    }
    if let Some(found) = &findings.customer {
        found!(CustomerId, customer_id, found.customer_id.clone());
        found!(ContractId, contract_id, found.contract_id.clone());
        found!(CustomerLegitimation, customer_legitimation, found.legitimation);
    }
    if let Some(outcome) = &findings.outcome {
        found!(AiSupportLevel, ai_support_level, outcome.ai_support_level);
        found!(AutoExecuteAt, auto_execute_at, outcome.auto_execute_at);
    }
    if let Some(tags) = &findings.tags {
        patch.tags = renewed(tags, findings.default_tag, plan, locked, known);
    }
    patch
}

fn free_contract(locked: &Ticket, moved: &BTreeSet<Field>) -> bool {
    !locked.set_by_person.contains(&Field::ContractId) && !moved.contains(&Field::ContractId)
}

/// An intent as it is stored, about the ticket's contract.
fn new_intent(found: &FoundIntent, contract: Option<&str>) -> NewIntent {
    NewIntent {
        ai_agent_id: found.ai_agent_id,
        contract_id: contract.map(str::to_owned),
        code: found.code.clone(),
        name: found.name.clone(),
        status: found.status,
        confidence: found.confidence,
        confidence_color: found.confidence_color,
        message_preview: found.message_preview.clone(),
        recipient: found.recipient.clone(),
        data: Document(Value::from(found.data.clone()).to_string()),
        options: Document(Value::from(found.options.clone()).to_string()),
        infos: Document(Value::from(found.infos.clone()).to_string()),
    }
}

/// The tags that the ticket has after the run: what was found, and what of the present ones stays.
fn renewed(
    found: &[TagId],
    default: Option<TagId>,
    plan: &Plan,
    locked: &Ticket,
    known: &Known,
) -> TagChange {
    let before = known.ticket_tags.get(&locked.id).cloned().unwrap_or_default();
    let manual = known.manual_tags.get(&locked.id).cloned().unwrap_or_default();
    let clears = plan.resets || plan.clears_manual_tags;
    let mut tags: BTreeSet<TagId> = found.iter().copied().collect();
    if !clears {
        tags.retain(|tag| !locked.removed_tag_ids.contains(tag));
        tags.extend(&manual);
    }
    if !plan.renews_tags() {
        tags.extend(before.difference(&manual));
    }
    // The default stands only alone, unless a person put it there.
    if let Some(default) = default {
        let stays = !clears && manual.contains(&default);
        if tags.iter().any(|tag| *tag != default) && !stays {
            tags.remove(&default);
        }
    }
    let released = if clears { manual.intersection(&tags).copied().collect() } else { BTreeSet::new() };
    TagChange::Renew { tags, released }
}
