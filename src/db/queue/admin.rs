//! What an administrator sees of the queue and does to it.

use chrono::{DateTime, Utc};
use jiff::Timestamp;
use serde_json::Value;

use super::JobId;
use crate::db::ticket_rows::word;
use crate::db::{Db, count_statement, time};
use crate::domain::id::TicketId;
use crate::domain::job::{JobState, Lane};
use crate::domain::word::Word;
use crate::error::Error;

/// A job, waiting, running or finished.
#[derive(Debug, Clone)]
pub struct JobRow {
    pub id: JobId,
    /// The tenant's slug.
    pub tenant: String,
    pub kind: String,
    pub ticket: TicketId,
    pub scope: Vec<String>,
    pub lane: Lane,
    pub state: JobState,
    pub attempt: i32,
    pub max_attempts: i32,
    pub scheduled_at: Timestamp,
    pub created_at: Timestamp,
    pub attempted_at: Option<Timestamp>,
    pub finalized_at: Option<Timestamp>,
    /// `[{"at", "attempt", "error"}]`
    pub errors: Value,
}

/// Which jobs are listed; `None` is any.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    pub job: Option<JobId>,
    /// A slug.
    pub tenant: Option<String>,
    pub state: Option<JobState>,
}

/// What came of a wish to run a job again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retried {
    /// It is due.
    Waits,
    /// Another job for the same waited already and covers it.
    Joined(JobId),
    Running,
    Unknown,
}

struct Row {
    id: i64,
    tenant: String,
    kind: String,
    ticket_id: i64,
    scope: Vec<String>,
    lane: String,
    state: String,
    attempt: i32,
    max_attempts: i32,
    scheduled_at: DateTime<Utc>,
    created_at: DateTime<Utc>,
    attempted_at: Option<DateTime<Utc>>,
    finalized_at: Option<DateTime<Utc>>,
    errors: Value,
}

/// The newest jobs that fit, newest first, at most `limit`.
pub async fn list(db: &Db, filter: &Filter, limit: i64) -> Result<Vec<JobRow>, Error> {
    let mut connection = db.queue().await?;
    count_statement();
    let rows = sqlx::query_as!(
        Row,
        r#"
        select id as "id!", tenant as "tenant!", kind as "kind!", ticket_id as "ticket_id!", scope as "scope!",
            lane as "lane!", state as "state!", attempt as "attempt!", max_attempts as "max_attempts!",
            scheduled_at as "scheduled_at!", created_at as "created_at!", attempted_at, finalized_at,
            errors as "errors!"
        from (
            select j.*, t.slug as tenant
            from tenant t
            cross join lateral (
                (
                    select id, kind, ticket_id, scope, lane, state, attempt, max_attempts, scheduled_at,
                        created_at, attempted_at, null::timestamptz as finalized_at, errors
                    from job
                    where tenant_id = t.id and ($2::bigint is null or id = $2) and ($3::text is null or state = $3)
                    order by id desc
                    limit $4
                )
                union all
                (
                    select id, kind, ticket_id, scope, lane, state, attempt, max_attempts, scheduled_at,
                        created_at, attempted_at, finalized_at, errors
                    from job_history
                    where tenant_id = t.id and ($2::bigint is null or id = $2) and ($3::text is null or state = $3)
                    order by id desc
                    limit $4
                )
            ) j
            where $1::text is null or t.slug = $1
        ) found
        order by id desc
        limit $4
        "#,
        filter.tenant,
        filter.job.map(|job| job.0),
        filter.state.map(Word::as_str),
        limit,
    )
    .fetch_all(&mut *connection)
    .await?;
    rows.into_iter().map(JobRow::try_from).collect()
}

/// A job by its number; `None` where there is none, or not in the tenant of this slug.
pub async fn show(db: &Db, job: JobId, tenant: Option<&str>) -> Result<Option<JobRow>, Error> {
    let filter = Filter { job: Some(job), tenant: tenant.map(str::to_owned), state: None };
    Ok(list(db, &filter, 1).await?.pop())
}

/// Makes a job due, with all its attempts before it again: one that waits, or one that is finished.
pub async fn retry(db: &Db, job: JobId, tenant: Option<&str>, now: Timestamp) -> Result<Retried, Error> {
    let mut connection = db.queue().await?;
    count_statement();
    let done = sqlx::query!(
        r#"
        with known as (
            select t.id from tenant t where $2::text is null or t.slug = $2
        ), hurried as (
            update job j
            set state = 'available', attempt = 0, scheduled_at = least(j.scheduled_at, $3)
            from known k
            where j.tenant_id = k.id and j.id = $1 and j.state in ('available', 'retryable', 'scheduled')
            returning j.id
        ), finished as (
            delete from job_history h using known k where h.tenant_id = k.id and h.id = $1
            returning h.*
        ), revived as (
            insert into job (tenant_id, id, kind, ticket_id, scope, lane, state, max_attempts, scheduled_at,
                created_at, errors)
            select tenant_id, id, kind, ticket_id, scope, lane, 'available', max_attempts, $3, created_at, errors
            from finished
            on conflict (tenant_id, kind, ticket_id) where state in ('available', 'retryable', 'scheduled')
            do update set
                scope = array(select unnest(job.scope) union select unnest(excluded.scope) order by 1),
                scheduled_at = least(job.scheduled_at, excluded.scheduled_at),
                errors = excluded.errors || job.errors
            returning id
        )
        select id as "id?", exists (
            select from known k join job j on j.tenant_id = k.id where j.id = $1 and j.state = 'running'
        ) as "running!"
        from (select 1) as one
        left join (select id from hurried union all select id from revived) as due on true
        "#,
        job.0,
        tenant,
        time::bind(now),
    )
    .fetch_one(&mut *connection)
    .await?;
    Ok(match done.id.map(JobId) {
        Some(id) if id == job => Retried::Waits,
        Some(other) => Retried::Joined(other),
        None if done.running => Retried::Running,
        None => Retried::Unknown,
    })
}

/// Ends a job that is not finished; one that is running loses its lease. Returns whether there is such a job.
pub async fn cancel(db: &Db, job: JobId, tenant: Option<&str>, now: Timestamp) -> Result<bool, Error> {
    let mut connection = db.queue().await?;
    count_statement();
    let done = sqlx::query_scalar!(
        r#"
        with gone as (
            delete from job j using tenant t
            where j.tenant_id = t.id and j.id = $1 and ($2::text is null or t.slug = $2)
            returning j.*
        )
        insert into job_history (tenant_id, id, kind, ticket_id, scope, lane, state, attempt, max_attempts,
            scheduled_at, created_at, attempted_at, finalized_at, errors)
        select tenant_id, id, kind, ticket_id, scope, lane, 'cancelled', attempt, max_attempts, scheduled_at,
            created_at, attempted_at, $3, errors
        from gone
        returning 1 as "one!"
        "#,
        job.0,
        tenant,
        time::bind(now),
    )
    .fetch_optional(&mut *connection)
    .await?;
    Ok(done.is_some())
}

/// Forgets at most `limit` of the jobs that finished before this, the oldest of each tenant first. Returns how
/// many there were.
pub async fn prune(db: &Db, before: Timestamp, limit: i64) -> Result<u64, Error> {
    let mut connection = db.queue().await?;
    count_statement();
    let done = sqlx::query!(
        "
        delete from job_history h
        using (
            select o.tenant_id, o.id
            from tenant t
            cross join lateral (
                select tenant_id, id
                from job_history
                where tenant_id = t.id and finalized_at < $1
                order by finalized_at
                limit $2
            ) o
            limit $2
        ) old
        where h.tenant_id = old.tenant_id and h.id = old.id
        ",
        time::bind(before),
        limit,
    )
    .execute(&mut *connection)
    .await?;
    Ok(done.rows_affected())
}

impl TryFrom<Row> for JobRow {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        Ok(Self {
            id: JobId(row.id),
            tenant: row.tenant,
            kind: row.kind,
            ticket: TicketId(row.ticket_id),
            scope: row.scope,
            lane: word(&row.lane)?,
            state: word(&row.state)?,
            attempt: row.attempt,
            max_attempts: row.max_attempts,
            scheduled_at: time::read(row.scheduled_at),
            created_at: time::read(row.created_at),
            attempted_at: time::read_opt(row.attempted_at),
            finalized_at: time::read_opt(row.finalized_at),
            errors: row.errors,
        })
    }
}
