//! Who holds which job, and whether they are still alive.

use jiff::Timestamp;

use super::{JobId, Lease, Subject};
use crate::db::ticket_rows::word;
use crate::db::{Db, count_statement, time};
use crate::domain::id::TenantId;
use crate::domain::job::JobState;
use crate::error::Error;

/// A job whose holder has not been heard of for too long.
#[derive(Debug, Clone)]
pub struct Lapsed {
    pub lease: Lease,
    pub attempt: i32,
    pub max_attempts: i32,
}

/// Holds jobs for longer. Returns those that are held; a job that is being completed in this moment may be
/// missing, as one that somebody else has taken over is.
pub async fn extend(db: &Db, leases: &mut [Lease], until: Timestamp) -> Result<Vec<JobId>, Error> {
    leases.sort_unstable();
    let mut connection = db.queue().await?;
    count_statement();
    let ids = sqlx::query_scalar!(
        "
        with unhurried as materialized (
            select set_config('synchronous_commit', 'off', true)
        ), held as (
            select j.tenant_id, j.id
            from unhurried
            cross join unnest($1::bigint[], $2::bigint[], $3::uuid[]) as l (tenant_id, id, token)
            join job j on j.tenant_id = l.tenant_id and j.id = l.id and j.lease_token = l.token
            for update of j skip locked
        )
        update job j set leased_until = $4 from held h where j.tenant_id = h.tenant_id and j.id = h.id
        returning j.id
        ",
        &leases.iter().map(|lease| lease.tenant.0).collect::<Vec<_>>(),
        &leases.iter().map(|lease| lease.job.0).collect::<Vec<_>>(),
        &leases.iter().map(|lease| lease.token).collect::<Vec<_>>(),
        time::bind(until),
    )
    .fetch_all(&mut *connection)
    .await?;
    Ok(ids.into_iter().map(JobId).collect())
}

/// Says of a process that it is alive until then.
pub async fn announce(db: &Db, process: &str, until: Timestamp) -> Result<(), Error> {
    let mut connection = db.queue().await?;
    count_statement();
    sqlx::query_scalar!(
        r#"
        insert into worker (name, alive_until)
        select $1, $2 from (select set_config('synchronous_commit', 'off', true)) as unhurried
        on conflict (name) do update set alive_until = excluded.alive_until
        returning 1 as "one!"
        "#,
        process,
        time::bind(until),
    )
    .fetch_one(&mut *connection)
    .await?;
    Ok(())
}

/// Takes back what a process said of itself: it holds nothing any more.
pub async fn leave(db: &Db, process: &str) -> Result<(), Error> {
    let mut connection = db.queue().await?;
    count_statement();
    sqlx::query!("delete from worker where name = $1", process).execute(&mut *connection).await?;
    Ok(())
}

/// Whether a process has gone without a word. It is forgotten where that was before `long_ago`, so that its last
/// leases have lapsed by the time somebody asks for the last time.
pub async fn is_missing_one(db: &Db, now: Timestamp, long_ago: Timestamp) -> Result<bool, Error> {
    let mut connection = db.queue().await?;
    count_statement();
    let is_missing_one = sqlx::query_scalar!(
        r#"
        with forgotten as (
            delete from worker where alive_until <= $2
        )
        select exists (select from worker where alive_until <= $1) as "is_missing_one!"
        "#,
        time::bind(now),
        time::bind(long_ago),
    )
    .fetch_one(&mut *connection)
    .await?;
    Ok(is_missing_one)
}

/// At most `limit` of the jobs whose lease has lapsed, of all kinds.
pub async fn lapsed(db: &Db, now: Timestamp, limit: i64) -> Result<Vec<Lapsed>, Error> {
    let mut connection = db.queue().await?;
    count_statement();
    let rows = sqlx::query!(
        r#"
        select tenant_id, id, lease_token as "lease_token!", attempt, max_attempts
        from job
        where state = 'running' and leased_until <= $1
        order by tenant_id, kind, ticket_id
        limit $2
        "#,
        time::bind(now),
        limit,
    )
    .fetch_all(&mut *connection)
    .await?;
    let lapsed = rows.into_iter().map(|row| Lapsed {
        lease: Lease { tenant: TenantId(row.tenant_id), job: JobId(row.id), token: row.lease_token },
        attempt: row.attempt,
        max_attempts: row.max_attempts,
    });
    Ok(lapsed.collect())
}

/// The job that runs for this; where none runs, the one that waits; else `None`.
pub async fn ticket_job(db: &Db, subject: &Subject) -> Result<Option<(JobId, JobState)>, Error> {
    let mut connection = db.queue().await?;
    count_statement();
    // Two statements in one, because each has its index.
    let row = sqlx::query!(
        r#"
        select id as "id!", state as "state!"
        from (
            select id, state from job
            where tenant_id = $1 and kind = $2 and ticket_id = $3 and state = 'running'
            union all
            select id, state from job
            where tenant_id = $1 and kind = $2 and ticket_id = $3
                and state in ('available', 'retryable', 'scheduled')
        ) as either
        limit 1
        "#,
        subject.tenant.0,
        subject.kind,
        subject.ticket.0,
    )
    .fetch_optional(&mut *connection)
    .await?;
    row.map(|row| Ok((JobId(row.id), word(&row.state)?))).transpose()
}

/// Where a job is in its life; `None` where there is none, or it is forgotten or has joined another.
pub async fn state(db: &Db, tenant: TenantId, job: JobId) -> Result<Option<JobState>, Error> {
    let mut connection = db.queue().await?;
    count_statement();
    let state = sqlx::query_scalar!(
        r#"
        select state as "state!" from job where tenant_id = $1 and id = $2
        union all
        select state from job_history where tenant_id = $1 and id = $2
        "#,
        tenant.0,
        job.0,
    )
    .fetch_optional(&mut *connection)
    .await?;
    state.map(|state| word(&state)).transpose()
}
