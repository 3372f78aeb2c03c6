//! The record of what happened: what a change looks like in it, and reading it back.

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};
use sqlx::types::Json;

use super::ticket_rows::{raw, word};
use super::{TenantConn, time};
use crate::domain::activity::{Activity, Actor, FieldChange, FieldValue, RecordedChange};
use crate::domain::id::{AgentId, TicketId};
use crate::domain::ticket::Status;
use crate::domain::word::Word;
use crate::error::Error;

/// A page of what happened to a ticket, newest first, and how much there is in all; the stages of analyses
/// where `stages` asks for them. Returns `None` where this tenant has no such ticket.
pub async fn list(
    db: &mut TenantConn,
    ticket: TicketId,
    stages: bool,
    limit: i64,
    offset: i64,
) -> Result<Option<(i64, Vec<Activity>)>, Error> {
    let tenant = db.tenant();
    let found = sqlx::query!(
        r#"
        select
            (
                select count(*) from activity where tenant_id = $1 and ticket_id = t.id
            ) as "total!",
            array(
                select to_json(a) from (
                    select id, at, kind, actor_kind, actor_id, actor_name, via, changes,
                        case when $3 then stages end as stages
                    from activity
                    where tenant_id = $1 and ticket_id = t.id
                    order by id desc
                    limit $4 offset $5
                ) a
            ) as "page!: Vec<Json<Row>>"
        from ticket t
        where t.tenant_id = $1 and t.id = $2
        "#,
        tenant.0,
        ticket.0,
        stages,
        limit,
        offset,
    )
    .fetch_optional(db.raw())
    .await?;
    let Some(found) = found else { return Ok(None) };
    let page: Result<_, Error> = found.page.into_iter().map(|row| row.0.try_into()).collect();
    Ok(Some((found.total, page?)))
}

/// A change of a ticket's status, as it was recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusChange {
    pub from: Status,
    pub to: Status,
    pub at: Timestamp,
    /// Who did it; `None`: the server itself.
    pub by: Option<String>,
}

/// How a ticket's status changed, oldest first.
pub async fn status_changes(db: &mut TenantConn, ticket: TicketId) -> Result<Vec<StatusChange>, Error> {
    let tenant = db.tenant();
    let rows = sqlx::query!(
        r#"
        select a.at, a.actor_name, c.change->>'from' as "from!", c.change->>'to' as "to!"
        from activity a
        cross join lateral json_array_elements(a.changes) as c (change)
        where a.tenant_id = $1 and a.ticket_id = $2 and a.version is not null and c.change->>'field' = 'status'
        order by a.version
        "#,
        tenant.0,
        ticket.0,
    )
    .fetch_all(db.raw())
    .await?;
    let changes = rows.into_iter().map(|row| {
        let (from, to) = (word(&row.from)?, word(&row.to)?);
        Ok(StatusChange { from, to, at: time::read(row.at), by: row.actor_name })
    });
    changes.collect()
}

/// The changes of one ticket for the column `changes`.
pub fn changes_json(changes: Vec<FieldChange>) -> Result<Value, Error> {
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

#[derive(Debug, Deserialize)]
struct Row {
    id: i64,
    at: Timestamp,
    kind: String,
    actor_kind: String,
    actor_id: Option<i64>,
    actor_name: Option<String>,
    via: String,
    changes: Vec<ChangeRow>,
    stages: Option<Box<RawValue>>,
}

#[derive(Debug, Deserialize)]
struct ChangeRow {
    field: String,
    from: Box<RawValue>,
    to: Box<RawValue>,
}

impl TryFrom<Row> for Activity {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        let name = row.actor_name.unwrap_or_default();
        let actor = match (row.actor_kind.as_str(), row.actor_id) {
            ("agent", Some(id)) => Actor::Agent { id: AgentId(id), name },
            ("integration", _) => Actor::Integration { name },
            ("system", _) => Actor::System,
            (kind, _) => return Err(Error::internal(format_args!("a row has the actor {kind:?}"))),
        };
        let changes = row.changes.into_iter().map(|change| {
            let field = word(&change.field)?;
            Ok(RecordedChange { field, from: raw(change.from), to: raw(change.to) })
        });
        Ok(Self {
            id: row.id,
            at: row.at,
            kind: word(&row.kind)?,
            actor,
            via: word(&row.via)?,
            changes: changes.collect::<Result<_, Error>>()?,
            stages: row.stages.map(raw),
        })
    }
}
