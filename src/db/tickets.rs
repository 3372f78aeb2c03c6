//! Writing tickets: locked reads and set updates.

use chrono::{DateTime, Utc};
use jiff::Timestamp;
use sqlx::types::Json;

use super::activity::changes_json;
use super::queue::NewJob;
use super::ticket_rows::{self, text, word};
use super::{TenantConn, TenantTx, time};
use crate::domain::activity::{Acting, FieldChange};
use crate::domain::id::{AgentId, TagId, TicketId};
use crate::domain::ticket::{Ticket, as_str};
use crate::domain::word::Word;
use crate::error::Error;

type Row = ticket_rows::Row;

/// Locks tickets in the order of their ids, so that two batches cannot wait for each other, and reads
/// them. The content is read only where `content` asks for it. Those that this tenant does not have
/// are missing from the answer.
pub async fn lock(tx: &mut TenantTx, ids: &[TicketId], content: bool) -> Result<Vec<Ticket>, Error> {
    let tenant = tx.tenant();
    let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
    let rows = sqlx::query_as!(
        Row,
        r#"
        select id, version, external_ticket_id, external_updated_at, channel, channel_id, subchannel_id,
            direction, from_address, from_name,
            case when $3 then to_addresses else '{}' end as "to_addresses!",
            case when $3 then cc_addresses else '{}' end as "cc_addresses!",
            case when $3 then bcc_addresses else '{}' end as "bcc_addresses!",
            status, priority,
            case when $3 then subject else '' end as "subject!",
            case when $3 then summary else '' end as "summary!",
            case when $3 then body end as body, case when $3 then body_plain end as body_plain,
            case when $3 then body_clean end as body_clean,
            sentiment, language, language_code, ai_support_level, spam_status, is_customer_active,
            auto_execute_at, created_at, modified_at, first_response_due_at, due_at, closed_at,
            customer_id, contract_id, partner_id, customer_legitimation, responder_id, agent_id,
            assigned_agent_ids,
            case when $3 then additional_data end as "additional_data: _",
            case when $3 then raw_data end as "raw_data: _",
            null::json as "workitem: _", set_by_person, removed_tag_ids, analysis_deferred,
            null::json as "around: _"
        from ticket
        where tenant_id = $1 and id = any($2)
        order by id
        for update
        "#,
        tenant.0,
        &ids,
        content,
    )
    .fetch_all(tx.raw())
    .await?;
    rows.into_iter().map(Ticket::try_from).collect()
}

/// The ticket with this public id. Returns `None` where this tenant has none.
pub async fn find_public(db: &mut TenantConn, public_id: &str) -> Result<Option<TicketId>, Error> {
    let tenant = db.tenant();
    let id = sqlx::query_scalar!(
        "select id from ticket where tenant_id = $1 and public_id = $2",
        tenant.0,
        public_id
    )
    .fetch_optional(db.raw())
    .await?;
    Ok(id.map(TicketId))
}

/// Whether this tenant has the ticket.
pub async fn exists(db: &mut TenantConn, id: TicketId) -> Result<bool, Error> {
    let tenant = db.tenant();
    let exists = sqlx::query_scalar!(
        r#"select exists (select from ticket where tenant_id = $1 and id = $2) as "exists!""#,
        tenant.0,
        id.0
    )
    .fetch_one(db.raw())
    .await?;
    Ok(exists)
}

/// A changed ticket, and what the record says of the change.
#[derive(Debug)]
pub struct Changed<'a> {
    pub ticket: &'a Ticket,
    /// Empty where analysis found nothing new.
    pub changes: Vec<FieldChange>,
    /// What it is in time tracking, in the words of the schema.
    pub work: &'static str,
    /// How analysis came to it, as JSON; `None` where somebody else changed the ticket.
    pub stages: Option<String>,
}

/// Writes the state of tickets, but for their content, and records the changes; with a `worker`, as
/// that person's working time too; and writes jobs, due at once. A job that waits already for the same
/// ticket takes up the scope of the new one, the earlier time and the faster lane instead. One statement.
/// The tickets must be locked, and the jobs in the order of their tickets, so that two batches cannot wait
/// for each other.
#[expect(clippy::too_many_lines, reason = "one statement with its parameters")]
pub async fn update_many(
    tx: &mut TenantTx,
    changed: Vec<Changed<'_>>,
    jobs: &[(TicketId, NewJob)],
    acting: &Acting,
    worker: Option<AgentId>,
) -> Result<(), Error> {
    let tenant = tx.tenant();
    let mut tickets = Vec::with_capacity(changed.len());
    let mut work = Vec::with_capacity(changed.len());
    let mut records = Vec::with_capacity(changed.len());
    let mut kinds = Vec::with_capacity(changed.len());
    let mut versions = Vec::with_capacity(changed.len());
    let mut stages = Vec::with_capacity(changed.len());
    for one in changed {
        tickets.push(one.ticket);
        work.push(one.work);
        kinds.push(if one.stages.is_some() { "analysed" } else { "changed" });
        versions.push((!one.changes.is_empty()).then_some(one.ticket.version));
        stages.push(one.stages);
        // As text, because sqlx sends every JSON value as jsonb, which rewrites the documents in it.
        records.push(changes_json(one.changes)?.to_string());
    }
    macro_rules! column {
        ($ticket:ident => $value:expr) => {
            &tickets.iter().map(|$ticket| $value).collect::<Vec<_>>()[..]
        };
    }
    let assigned: Vec<String> = tickets
        .iter()
        .map(|ticket| array_literal(ticket.assigned_agent_ids.iter().map(ToString::to_string)))
        .collect();
    let by_person: Vec<String> = tickets
        .iter()
        .map(|ticket| array_literal(ticket.set_by_person.iter().map(|field| field.as_str().to_owned())))
        .collect();
    let removed_tags: Vec<String> = tickets
        .iter()
        .map(|ticket| array_literal(ticket.removed_tag_ids.iter().map(ToString::to_string)))
        .collect();
    let done = sqlx::query!(
        r#"
        with written as (
        update ticket t
        set version = u.version, external_ticket_id = u.external_ticket_id,
            external_updated_at = u.external_updated_at, channel = u.channel, channel_id = u.channel_id,
            subchannel_id = u.subchannel_id, from_address = u.from_address, from_name = u.from_name,
            status = u.status, priority = u.priority, sentiment = u.sentiment, language = u.language,
            language_code = u.language_code, ai_support_level = u.ai_support_level,
            spam_status = u.spam_status, is_customer_active = u.is_customer_active,
            auto_execute_at = u.auto_execute_at, modified_at = u.modified_at,
            first_response_due_at = u.first_response_due_at, due_at = u.due_at, closed_at = u.closed_at,
            customer_id = u.customer_id, contract_id = u.contract_id, partner_id = u.partner_id,
            customer_legitimation = u.customer_legitimation, responder_id = u.responder_id,
            agent_id = u.agent_id, assigned_agent_ids = u.assigned_agent_ids::bigint[],
            set_by_person = u.set_by_person::text[], removed_tag_ids = u.removed_tag_ids::bigint[],
            analysis_deferred = u.analysis_deferred
        from unnest(
            $2::bigint[], $3::bigint[], $4::text[], $5::timestamptz[], $6::text[], $7::text[], $8::bigint[],
            $9::text[], $10::text[], $11::text[], $12::text[], $13::text[], $14::text[], $15::text[],
            $16::text[], $17::text[], $18::bool[], $19::timestamptz[], $20::timestamptz[],
            $21::timestamptz[], $22::timestamptz[], $23::timestamptz[], $24::text[], $25::text[],
            $26::bigint[], $27::int[], $28::bigint[], $29::bigint[], $30::text[], $31::text[], $45::text[],
            $46::bool[]
        ) as u (
            id, version, external_ticket_id, external_updated_at, channel, channel_id, subchannel_id,
            from_address, from_name, status, priority, sentiment, language, language_code,
            ai_support_level, spam_status, is_customer_active, auto_execute_at, modified_at,
            first_response_due_at, due_at, closed_at, customer_id, contract_id, partner_id,
            customer_legitimation, responder_id, agent_id, assigned_agent_ids, set_by_person,
            removed_tag_ids, analysis_deferred
        )
        where t.tenant_id = $1 and t.id = u.id
        returning 1
        ), recorded as (
            insert into activity (tenant_id, ticket_id, version, kind, at, actor_kind, actor_id, actor_name, via,
                changes, stages)
            select $1, r.ticket_id, r.version, r.kind, $34, $35, $36, $37, $38, r.changes::json, r.stages::json
            from unnest($2::bigint[], $47::bigint[], $48::text[], $32::text[], $49::text[])
                as r (ticket_id, version, kind, changes, stages)
            returning 1
        ), worked as (
            insert into worklog (tenant_id, ticket_id, agent_id, action, at)
            select $1, w.ticket_id, $39, w.action, $34
            from unnest($2::bigint[], $33::text[]) as w (ticket_id, action)
            where $39::bigint is not null
            returning 1
        ), enqueued as (
            insert into job (tenant_id, kind, ticket_id, scope, lane, state, max_attempts, scheduled_at, created_at)
            select $1, j.kind, j.ticket_id, j.scope::text[], j.lane, 'available', j.max_attempts, $34, $34
            from unnest($40::text[], $41::bigint[], $42::text[], $43::text[], $44::int[])
                as j (kind, ticket_id, scope, lane, max_attempts)
            on conflict (tenant_id, kind, ticket_id) where state in ('available', 'retryable', 'scheduled')
            do update set
                scope = array(select unnest(job.scope) union select unnest(excluded.scope) order by 1),
                lane = case when excluded.lane = 'interactive' then excluded.lane else job.lane end,
                scheduled_at = least(job.scheduled_at, excluded.scheduled_at)
            returning lane, scheduled_at
        )
        select count(*) as "written!", (select array_agg(distinct lane) from enqueued) as lanes,
            (select min(scheduled_at) from enqueued) as earliest from written
        "#,
        tenant.0,
        column!(ticket => ticket.id.0),
        column!(ticket => ticket.version),
        column!(ticket => ticket.external_id.as_deref()) as _,
        column!(ticket => time::bind_opt(ticket.external_updated_at)) as _,
        column!(ticket => ticket.channel.as_str()) as _,
        column!(ticket => ticket.channel_id.as_deref()) as _,
        column!(ticket => ticket.subchannel_id.map(|id| id.0)) as _,
        column!(ticket => ticket.from.as_deref()) as _,
        column!(ticket => ticket.from_name.as_deref()) as _,
        column!(ticket => ticket.status.as_str()) as _,
        column!(ticket => ticket.priority.as_str()) as _,
        column!(ticket => ticket.sentiment.as_deref()) as _,
        column!(ticket => ticket.language.as_deref()) as _,
        column!(ticket => ticket.language_code.as_deref()) as _,
        column!(ticket => ticket.ai_support_level.as_str()) as _,
        column!(ticket => as_str(ticket.spam_status)) as _,
        column!(ticket => ticket.is_customer_active),
        column!(ticket => time::bind_opt(ticket.auto_execute_at)) as _,
        column!(ticket => time::bind_opt(ticket.modified_at)) as _,
        column!(ticket => time::bind_opt(ticket.first_response_due_at)) as _,
        column!(ticket => time::bind_opt(ticket.due_at)) as _,
        column!(ticket => time::bind_opt(ticket.closed_at)) as _,
        column!(ticket => ticket.customer_id.as_deref()) as _,
        column!(ticket => ticket.contract_id.as_deref()) as _,
        column!(ticket => ticket.partner_id) as _,
        column!(ticket => ticket.customer_legitimation),
        column!(ticket => ticket.responder_id.map(|id| id.0)) as _,
        column!(ticket => ticket.agent_id.map(|id| id.0)) as _,
        &assigned,
        &by_person,
        &records,
        work as _,
        time::bind(acting.now),
        acting.actor.kind(),
        acting.actor.agent_id().map(|id| id.0),
        acting.actor.name(),
        acting.via.as_str(),
        worker.map(|id| id.0),
        jobs.iter().map(|(_, job)| job.kind).collect::<Vec<_>>() as _,
        &jobs.iter().map(|(ticket, _)| ticket.0).collect::<Vec<_>>(),
        &jobs.iter().map(|(_, job)| array_literal(job.scope.iter().map(ToString::to_string))).collect::<Vec<_>>(),
        jobs.iter().map(|(_, job)| job.lane.as_str()).collect::<Vec<_>>() as _,
        &jobs.iter().map(|(_, job)| job.max_attempts).collect::<Vec<_>>(),
        &removed_tags,
        column!(ticket => ticket.analysis_deferred),
        versions as _,
        kinds as _,
        stages as _,
    )
    .fetch_one(tx.raw())
    .await?;
    note_jobs(tx, done.lanes, done.earliest)?;
    expect_rows(done.written.unsigned_abs(), tickets.len())
}

fn note_jobs(
    tx: &mut TenantTx,
    lanes: Option<Vec<String>>,
    earliest: Option<DateTime<Utc>>,
) -> Result<(), Error> {
    for lane in lanes.unwrap_or_default() {
        tx.note_jobs(word(&lane)?, earliest.map_or(Timestamp::MIN, time::read));
    }
    Ok(())
}

/// Writes what tickets say. The tickets must be locked, and read with their content.
pub async fn update_contents(tx: &mut TenantTx, tickets: &[&Ticket]) -> Result<(), Error> {
    let tenant = tx.tenant();
    macro_rules! column {
        ($content:ident => $value:expr) => {
            &tickets.iter().map(|ticket| &ticket.content).map(|$content| $value).collect::<Vec<_>>()[..]
        };
    }
    let ids: Vec<i64> = tickets.iter().map(|ticket| ticket.id.0).collect();
    // Lists of texts travel as JSON: PostgreSQL's arrays of arrays cannot have rows of different lengths.
    let written = sqlx::query!(
        "
        with undescribed as (
            update ticket_detail d set markdown = null
            from unnest($2::bigint[], $8::text[]) as u (id, body)
            join ticket t on t.tenant_id = $1 and t.id = u.id
            where d.tenant_id = $1 and d.ticket_id = u.id and d.markdown is not null
                and t.body is distinct from u.body
            returning 1
        )
        update ticket t
        set to_addresses = array(select json_array_elements_text(u.to_addresses)),
            cc_addresses = array(select json_array_elements_text(u.cc_addresses)),
            bcc_addresses = array(select json_array_elements_text(u.bcc_addresses)),
            subject = u.subject, summary = u.summary, body = u.body, body_plain = u.body_plain,
            body_clean = u.body_clean, additional_data = u.additional_data::json,
            raw_data = u.raw_data::json
        from unnest(
            $2::bigint[], $3::json[], $4::json[], $5::json[], $6::text[], $7::text[], $8::text[],
            $9::text[], $10::text[], $11::text[], $12::text[]
        ) as u (
            id, to_addresses, cc_addresses, bcc_addresses, subject, summary, body, body_plain,
            body_clean, additional_data, raw_data
        )
        where t.tenant_id = $1 and t.id = u.id
        ",
        tenant.0,
        &ids,
        column!(content => Json(&content.to)) as _,
        column!(content => Json(&content.cc)) as _,
        column!(content => Json(&content.bcc)) as _,
        column!(content => content.subject.as_str()) as _,
        column!(content => content.summary.as_str()) as _,
        column!(content => content.body.as_deref()) as _,
        column!(content => content.body_plain.as_deref()) as _,
        column!(content => content.body_clean.as_deref()) as _,
        column!(content => text(content.additional_data.as_ref())) as _,
        column!(content => text(content.raw_data.as_ref())) as _,
    )
    .execute(tx.raw())
    .await?;
    expect_rows(written.rows_affected(), tickets.len())
}

/// Puts tags on tickets; each pair is a ticket and a tag that it does not have. `manual`: a person or a
/// partner wants them, not analysis.
pub async fn add_tags(tx: &mut TenantTx, pairs: &[(TicketId, TagId)], manual: bool) -> Result<(), Error> {
    let tenant = tx.tenant();
    let (tickets, tags) = columns(pairs);
    sqlx::query!(
        "
        insert into ticket_tag (tenant_id, ticket_id, tag_id, source)
        select $1, u.ticket_id, u.tag_id, $4
        from unnest($2::bigint[], $3::bigint[]) as u (ticket_id, tag_id)
        returning 1 as one
        ",
        tenant.0,
        &tickets,
        &tags,
        if manual { "manual" } else { "auto" },
    )
    .fetch_all(tx.raw())
    .await?;
    Ok(())
}

/// Takes tags off tickets.
pub async fn remove_tags(tx: &mut TenantTx, pairs: &[(TicketId, TagId)]) -> Result<(), Error> {
    let tenant = tx.tenant();
    let (tickets, tags) = columns(pairs);
    sqlx::query!(
        "
        delete from ticket_tag t
        using unnest($2::bigint[], $3::bigint[]) as u (ticket_id, tag_id)
        where t.tenant_id = $1 and t.ticket_id = u.ticket_id and t.tag_id = u.tag_id
        ",
        tenant.0,
        &tickets,
        &tags,
    )
    .execute(tx.raw())
    .await?;
    Ok(())
}

/// Whether a ticket's analysis waits for somebody to look, and nobody works it yet. Locks the ticket, so that of several
/// who ask at once, the first is told so, and the others find what the first did.
pub async fn waits_for_look(tx: &mut TenantTx, id: TicketId, kind: &str) -> Result<bool, Error> {
    let tenant = tx.tenant();
    let deferred = sqlx::query_scalar!(
        "select analysis_deferred from ticket where tenant_id = $1 and id = $2 for update",
        tenant.0,
        id.0,
    )
    .fetch_optional(tx.raw())
    .await?;
    if deferred != Some(true) {
        return Ok(false);
    }
    // A statement of its own: it must see what was committed while the lock was waited for.
    let is_worked = sqlx::query_scalar!(
        r#"select exists (select from job where tenant_id = $1 and kind = $2 and ticket_id = $3) as "exists!""#,
        tenant.0,
        kind,
        id.0,
    )
    .fetch_one(tx.raw())
    .await?;
    Ok(!is_worked)
}

/// Locks, oldest due first, at most `limit` of the snoozed tickets whose due date has come, and
/// returns their ids. Those that somebody else holds are left for the next time.
pub async fn due_snoozed(tx: &mut TenantTx, now: Timestamp, limit: i64) -> Result<Vec<TicketId>, Error> {
    let tenant = tx.tenant();
    let ids = sqlx::query_scalar!(
        "
        select id from ticket
        where tenant_id = $1 and status = 'pending' and due_at <= $2
        order by due_at
        limit $3
        for update skip locked
        ",
        tenant.0,
        time::bind(now),
        limit,
    )
    .fetch_all(tx.raw())
    .await?;
    Ok(ids.into_iter().map(TicketId).collect())
}

fn columns(pairs: &[(TicketId, TagId)]) -> (Vec<i64>, Vec<i64>) {
    pairs.iter().map(|(ticket, tag)| (ticket.0, tag.0)).unzip()
}

/// An array as PostgreSQL writes it, for ids and words: nothing that needs quoting.
fn array_literal(items: impl Iterator<Item = String>) -> String {
    format!("{{{}}}", items.collect::<Vec<_>>().join(","))
}

fn expect_rows(written: u64, expected: usize) -> Result<(), Error> {
    if usize::try_from(written) == Ok(expected) {
        return Ok(());
    }
    Err(Error::internal(format_args!("{written} of {expected} locked tickets were written")))
}
