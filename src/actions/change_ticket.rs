//! Changing one ticket with all that it has: its fields, its detail and its attachments.

use std::sync::Arc;

use super::attach_uploads::attach_uploads;
use super::push_ticket::attach;
use super::update_tickets::{Element, Options, Outcome, Request, update_tickets};
use crate::db::{TenantTx, details, tickets};
use crate::domain::activity::{Acting, FieldChange, FieldValue};
use crate::domain::attachment::NewAttachment;
use crate::domain::change::Change;
use crate::domain::detail::{CustomChange, CustomValue, Detail, DetailPatch};
use crate::domain::id::{AgentId, TicketId};
use crate::domain::patch::TicketPatch;
use crate::domain::settings::Settings;
use crate::domain::ticket::{Field, as_str};
use crate::error::Error;

/// What is asked of one ticket and of what hangs on it.
#[derive(Debug, Clone, Default)]
pub struct TicketChange {
    pub patch: TicketPatch,
    pub detail: DetailPatch,
    /// Where sent, the whole list.
    pub attachments: Change<Vec<NewAttachment>>,
}

/// Changes a ticket, all or nothing, and records it as one change. Errors with 404 where this tenant has none.
pub async fn change_ticket(
    tx: &mut TenantTx,
    acting: &Acting,
    settings: &Settings,
    id: TicketId,
    mut change: TicketChange,
    options: Options,
) -> Result<Outcome, Error> {
    let lost = match &mut change.attachments {
        Change::Set(files) => attach_uploads(tx, files).await?,
        Change::Keep => Vec::new(),
    };
    let locked = tickets::lock(tx, &[id], false).await?.pop().ok_or(Error::NotFound("ticket"))?;
    let mut also = attach(tx, settings, id, locked.channel, &change.attachments, lost).await?;
    if change.detail != DetailPatch::default() {
        let before = details::get(tx, id).await?;
        let mut after = before.clone();
        also.extend(change.detail.apply(&mut after));
        if after != before {
            // Ahead of the body, whose change takes away a Markdown that it was not made of.
            let element = element(id, change.patch, also);
            let outcome = update_tickets(tx, acting, settings, vec![element], options).await?.pop();
            details::put(tx, id, &after).await?;
            return outcome.ok_or_else(|| Error::internal("a change without an outcome"));
        }
    }
    let outcome =
        update_tickets(tx, acting, settings, vec![element(id, change.patch, also)], options).await?.pop();
    outcome.ok_or_else(|| Error::internal("a change without an outcome"))
}

/// Gives a ticket another owner, if it still has the one that the caller saw. Errors with 404 where this tenant has
/// no such ticket, and with 409 at `pointer` where somebody else has it meanwhile.
pub async fn assign_ticket(
    tx: &mut TenantTx,
    acting: &Acting,
    settings: &Settings,
    id: TicketId,
    (expected, owner): (Option<AgentId>, Option<AgentId>),
    pointer: &str,
) -> Result<Outcome, Error> {
    let locked = tickets::lock(tx, &[id], false).await?.pop().ok_or(Error::NotFound("ticket"))?;
    if locked.agent_id != expected {
        return Err(Error::conflict(pointer, "somebody else owns the ticket meanwhile"));
    }
    let patch = TicketPatch { agent_id: Change::Set(owner), ..TicketPatch::default() };
    let options = Options::unanalysed();
    let outcome =
        update_tickets(tx, acting, settings, vec![element(id, patch, Vec::new())], options).await?.pop();
    outcome.ok_or_else(|| Error::internal("a change without an outcome"))
}

fn element(id: TicketId, patch: TicketPatch, also: Vec<FieldChange>) -> Element {
    Element { id, expected_version: None, request: Request::Change(Arc::new(patch)), also }
}

impl DetailPatch {
    /// Applies the patch. Returns what differs from before, for the record.
    fn apply(self, detail: &mut Detail) -> Vec<FieldChange> {
        let mut changes = Vec::new();
        let mut note = |field, from: FieldValue, to: FieldValue| {
            if from != to {
                changes.push(FieldChange { field, from, to });
            }
        };
        if let Change::Set(team) = self.team_id {
            note(Field::Team, detail.team_id.map(|id| id.0).into(), team.map(|id| id.0).into());
            detail.team_id = team;
        }
        if let Change::Set(category) = self.category_id {
            note(Field::Category, detail.category_id.into(), category.into());
            detail.category_id = category;
        }
        if let Change::Set(ticket_type) = self.ticket_type {
            let word = |word| as_str(word).map(str::to_owned).into();
            note(Field::TicketType, word(detail.ticket_type), word(ticket_type));
            detail.ticket_type = ticket_type;
        }
        if let Change::Set(markdown) = self.markdown {
            detail.markdown = markdown;
        }
        let mut values = detail.custom_values.clone();
        match self.custom_values {
            CustomChange::Keep => {}
            CustomChange::Replace(new) => values = new,
            CustomChange::Set(new) => match values.iter_mut().find(|value| value.name == new.name) {
                Some(value) => *value = new,
                None => values.push(new),
            },
            CustomChange::Clear(name) => values.retain(|value| value.name != name),
        }
        note(Field::CustomValues, recorded(&detail.custom_values), recorded(&values));
        detail.custom_values = values;
        changes
    }
}

/// Custom values as one JSON object, in their order.
fn recorded(values: &[CustomValue]) -> FieldValue {
    let members = values.iter().map(|value| {
        let name = serde_json::Value::from(value.name.as_str());
        format!("{name}:{}", value.value.0)
    });
    FieldValue::Document(format!("{{{}}}", members.collect::<Vec<_>>().join(",")))
}
