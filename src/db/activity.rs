//! The record of what happened, and time tracking beside it.

use serde_json::{Value, json};

use super::raw::Raw;
use super::{TenantTx, time};
use crate::domain::activity::{Acting, FieldChange, FieldValue};
use crate::domain::id::{AgentId, TicketId};
use crate::domain::word::Word;
use crate::error::Error;

/// One saved change of one ticket.
#[derive(Debug)]
pub struct Entry {
    pub ticket: TicketId,
    /// The version that the change made.
    pub version: i64,
    pub changes: Vec<FieldChange>,
}

/// Records changes, one row a ticket.
pub async fn insert_many(tx: &mut TenantTx, acting: &Acting, entries: Vec<Entry>) -> Result<(), Error> {
    let tenant = tx.tenant();
    let tickets: Vec<i64> = entries.iter().map(|entry| entry.ticket.0).collect();
    let versions: Vec<i64> = entries.iter().map(|entry| entry.version).collect();
    let changes: Result<Vec<Raw>, Error> =
        entries.into_iter().map(|entry| Raw::of(&changes_json(entry.changes)?)).collect();
    sqlx::query!(
        "
        insert into activity (tenant_id, ticket_id, version, kind, at, actor_kind, actor_id, actor_name, via, changes)
        select $1, u.ticket_id, u.version, 'changed', $5, $6, $7, $8, $9, u.changes
        from unnest($2::bigint[], $3::bigint[], $4::json[]) as u (ticket_id, version, changes)
        returning 1 as one
        ",
        tenant.0,
        &tickets,
        &versions,
        changes? as _,
        time::bind(acting.now),
        acting.actor.kind(),
        acting.actor.agent_id().map(|id| id.0),
        acting.actor.name(),
        acting.via.as_str(),
    )
    .fetch_all(tx.raw())
    .await?;
    Ok(())
}

/// Notes a person's work on tickets; each with its action in the words of the schema.
pub async fn insert_worklog(
    tx: &mut TenantTx,
    acting: &Acting,
    agent: AgentId,
    work: &[(TicketId, &'static str)],
) -> Result<(), Error> {
    let tenant = tx.tenant();
    let tickets: Vec<i64> = work.iter().map(|(ticket, _)| ticket.0).collect();
    let actions: Vec<&str> = work.iter().map(|(_, action)| *action).collect();
    sqlx::query!(
        "
        insert into worklog (tenant_id, ticket_id, agent_id, action, at)
        select $1, u.ticket_id, $4, u.action, $5
        from unnest($2::bigint[], $3::text[]) as u (ticket_id, action)
        returning 1 as one
        ",
        tenant.0,
        &tickets,
        actions as _,
        agent.0,
        time::bind(acting.now),
    )
    .fetch_all(tx.raw())
    .await?;
    Ok(())
}

fn changes_json(changes: Vec<FieldChange>) -> Result<Value, Error> {
    let items: Result<Vec<Value>, Error> = changes
        .into_iter()
        .map(|change| {
            let (from, to) = (value_json(change.from)?, value_json(change.to)?);
            Ok(json!({ "field": change.field.as_str(), "from": from, "to": to }))
        })
        .collect();
    items.map(Value::Array)
}

fn value_json(value: FieldValue) -> Result<Value, Error> {
    Ok(match value {
        FieldValue::Null => Value::Null,
        FieldValue::Bool(value) => value.into(),
        FieldValue::Int(value) => value.into(),
        FieldValue::Text(value) => value.into(),
        FieldValue::Instant(value) => value.to_string().into(),
        FieldValue::Texts(values) => values.into(),
        FieldValue::Ids(values) => values.into(),
        FieldValue::Document(text) => serde_json::from_str(&text).map_err(Error::internal)?,
    })
}
