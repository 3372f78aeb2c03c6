//! What happened to a ticket, one event at a time, as SocialBoards tells it: of each change that was recorded, what is
//! worth telling.

use jiff::Timestamp;
use sqlx::types::Json;

use super::people::AgentRow;
use super::ticket_rows::{Raw, document};
use super::{TenantConn, time};
use crate::domain::id::TicketId;
use crate::domain::message::Person;
use crate::domain::ticket::Document;
use crate::error::Error;

/// Something that happened.
#[derive(Debug, Clone)]
pub struct Event {
    pub at: Timestamp,
    /// `created`, `viewed`, or the name of the field that changed; `reply` and `note` for a message that was written.
    pub what: String,
    /// `None` for programs and the server itself.
    pub agent: Option<Person>,
    /// The name of who did it; `None` for the server itself.
    pub actor_name: Option<String>,
    /// What was there before, and what is there after; any JSON.
    pub from: Document,
    pub to: Document,
    /// Who owns the ticket now, where that changed.
    pub owner: Option<Person>,
}

/// A page of what happened, newest first; only these kinds, where there are any. One statement.
pub async fn list(
    db: &mut TenantConn,
    ticket: TicketId,
    kinds: &[String],
    limit: i64,
    offset: i64,
) -> Result<Vec<Event>, Error> {
    let tenant = db.tenant();
    let rows = sqlx::query!(
        r#"
        select a.at, a.actor_name, e.what as "what!", coalesce(e.before, 'null') as "before!: Raw",
            coalesce(e.after, 'null') as "after!: Raw",
            (
                select json_build_object('guid', p.guid, 'first_name', p.first_name, 'last_name', p.last_name,
                    'email', p.email, 'phone', p.phone, 'external_id', p.external_id)
                from agent p where p.tenant_id = $1 and p.id = a.actor_id
            ) as "agent: Json<AgentRow>",
            (
                select json_build_object('guid', p.guid, 'first_name', p.first_name, 'last_name', p.last_name,
                    'email', p.email, 'phone', p.phone, 'external_id', p.external_id)
                from agent p
                where p.tenant_id = $1 and p.id = case when e.what = 'agent_id' then (e.after #>> '{}')::bigint end
            ) as "owner: Json<AgentRow>"
        from activity a
        cross join lateral (
            select 0::bigint as position, a.kind as what, null::json as before, null::json as after
            where a.kind in ('created', 'viewed')
            union all
            select c.position,
                case
                    when c.change ->> 'field' <> 'messages' then c.change ->> 'field'
                    when c.change -> 'to' ->> 'private' = 'true' or c.change -> 'to' ->> 'direction' = 'internal'
                        then 'note'
                    else 'reply'
                end,
                c.change -> 'from', c.change -> 'to'
            from json_array_elements(a.changes) with ordinality as c (change, position)
            where c.change ->> 'field' in ('status', 'agent_id', 'category')
                or c.change ->> 'field' = 'messages' and json_typeof(c.change -> 'from') = 'null'
                    and c.change -> 'to' ->> 'draft' = 'false'
        ) e
        where a.tenant_id = $1 and a.ticket_id = $2 and (cardinality($3::text[]) = 0 or e.what = any($3))
        order by a.id desc, e.position desc
        limit $4 offset $5
        "#,
        tenant.0,
        ticket.0,
        kinds,
        limit,
        offset,
    )
    .fetch_all(db.raw())
    .await?;
    let events = rows.into_iter().map(|row| Event {
        at: time::read(row.at),
        what: row.what,
        agent: row.agent.map(|Json(agent)| agent.into()),
        actor_name: row.actor_name,
        from: document(row.before),
        to: document(row.after),
        owner: row.owner.map(|Json(owner)| owner.into()),
    });
    Ok(events.collect())
}
