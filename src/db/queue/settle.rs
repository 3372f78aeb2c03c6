//! What becomes of claimed jobs. Only who holds the lease settles a job: for anybody else nothing happens.

use jiff::Timestamp;

use super::Lease;
use crate::db::{Db, TenantTx, count_statement, time};
use crate::domain::id::TenantId;
use crate::domain::job::{JobState, Lane};
use crate::domain::word::Word;
use crate::error::Error;

/// A job that is over.
#[derive(Debug, Clone)]
pub struct Finish {
    pub lease: Lease,
    /// Completed or discarded.
    pub state: JobState,
    /// `[{"at", "attempt", "error"}]`, or an empty array.
    pub errors: String,
}

/// A job that waits again.
#[derive(Debug, Clone)]
pub struct Back {
    pub lease: Lease,
    /// Available, retryable or scheduled.
    pub state: JobState,
    /// `None`: when it was due before.
    pub at: Option<Timestamp>,
    /// `[{"at", "attempt", "error"}]`, or an empty array.
    pub errors: String,
    /// Whether the attempt does not count.
    pub refund: bool,
}

/// Completes a job inside the caller's transaction, so that its effect is there exactly if the job is done:
/// once, however often it ran. Errors with [`Error::LeaseLost`] where somebody else has taken the job over; the
/// caller must then roll back.
pub async fn complete(tx: &mut TenantTx, lease: &Lease, now: Timestamp) -> Result<(), Error> {
    if lease.tenant != tx.tenant() {
        return Err(Error::internal("a job was completed in another tenant's transaction"));
    }
    let tenant = tx.tenant();
    let done = sqlx::query_scalar!(
        r#"
        with done as (
            delete from job where tenant_id = $1 and id = $2 and lease_token = $3 returning *
        )
        insert into job_history (tenant_id, id, kind, ticket_id, scope, lane, state, attempt, max_attempts,
            scheduled_at, created_at, attempted_at, finalized_at, errors)
        select tenant_id, id, kind, ticket_id, scope, lane, 'completed', attempt, max_attempts, scheduled_at,
            created_at, attempted_at, $4, errors
        from done
        returning 1 as "one!"
        "#,
        tenant.0,
        lease.job.0,
        lease.token,
        time::bind(now),
    )
    .fetch_optional(tx.raw())
    .await?;
    done.map(drop).ok_or(Error::LeaseLost)
}

/// Takes jobs that are over out of the queue and keeps them in the history. With `lapsed`, only those whose
/// lease has lapsed by then. Returns how many there were.
pub async fn finish(
    db: &Db,
    jobs: &mut [Finish],
    lapsed: Option<Timestamp>,
    now: Timestamp,
) -> Result<usize, Error> {
    // Everybody locks in this order, so that nobody waits for each other.
    jobs.sort_unstable_by_key(|job| job.lease);
    let mut connection = db.queue().await?;
    count_statement();
    let rows = sqlx::query_scalar!(
        r#"
        with done as (
            delete from job j
            using unnest($1::bigint[], $2::bigint[], $3::uuid[], $4::text[], $5::text[])
                as f (tenant_id, id, token, state, errors)
            where j.tenant_id = f.tenant_id and j.id = f.id and j.lease_token = f.token
                and ($6::timestamptz is null or j.leased_until <= $6)
            returning j.tenant_id, j.id, j.kind, j.ticket_id, j.scope, j.lane, f.state, j.attempt, j.max_attempts,
                j.scheduled_at, j.created_at, j.attempted_at, j.errors || f.errors::jsonb as errors
        )
        insert into job_history (tenant_id, id, kind, ticket_id, scope, lane, state, attempt, max_attempts,
            scheduled_at, created_at, attempted_at, finalized_at, errors)
        select tenant_id, id, kind, ticket_id, scope, lane, state, attempt, max_attempts, scheduled_at,
            created_at, attempted_at, $7, errors
        from done
        returning 1 as "one!"
        "#,
        &jobs.iter().map(|job| job.lease.tenant.0).collect::<Vec<_>>(),
        &jobs.iter().map(|job| job.lease.job.0).collect::<Vec<_>>(),
        &jobs.iter().map(|job| job.lease.token).collect::<Vec<_>>(),
        jobs.iter().map(|job| job.state.as_str()).collect::<Vec<_>>() as _,
        jobs.iter().map(|job| job.errors.as_str()).collect::<Vec<_>>() as _,
        time::bind_opt(lapsed),
        time::bind(now),
    )
    .fetch_all(&mut *connection)
    .await?;
    Ok(rows.len())
}

/// Lets jobs wait again. A job for the same that came meanwhile takes up their scope, the earlier time and the
/// faster lane instead. With `lapsed`, only those whose lease has lapsed by then. Errors with a collision where
/// such a job comes at this very moment, or where two of `jobs` are for the same: try again, one by one.
pub async fn give_back(
    db: &Db,
    jobs: &mut [Back],
    lapsed: Option<Timestamp>,
) -> Result<Vec<(TenantId, Lane, Timestamp)>, Error> {
    jobs.sort_unstable_by_key(|job| job.lease);
    let mut connection = db.queue().await?;
    count_statement();
    let rows = sqlx::query!(
        r#"
        with held as (
            select j.tenant_id, j.id, j.kind, j.ticket_id, j.scope, j.lane, b.state,
                coalesce(b.at, j.scheduled_at) as at, j.errors || b.errors::jsonb as errors,
                case when b.refund then j.attempt - 1 else j.attempt end as attempt
            from unnest($1::bigint[], $2::bigint[], $3::uuid[], $4::text[], $5::timestamptz[], $6::text[], $7::bool[])
                as b (tenant_id, id, token, state, at, errors, refund)
            join job j on j.tenant_id = b.tenant_id and j.id = b.id and j.lease_token = b.token
            where $8::timestamptz is null or j.leased_until <= $8
            for update of j
        ), absorbed as (
            update job w
            set scope = array(select unnest(w.scope) union select unnest(h.scope) order by 1),
                lane = case
                    when 'interactive' in (w.lane, h.lane) then 'interactive'
                    when 'background' in (w.lane, h.lane) then 'background'
                    else w.lane
                end,
                scheduled_at = least(w.scheduled_at, h.at), errors = h.errors || w.errors
            from held h
            where w.tenant_id = h.tenant_id and w.kind = h.kind and w.ticket_id = h.ticket_id
                and w.state in ('available', 'retryable', 'scheduled')
            returning h.tenant_id, h.id, w.lane, w.scheduled_at
        ), gone as (
            delete from job j using absorbed a where j.tenant_id = a.tenant_id and j.id = a.id
            returning 1
        ), waiting as (
            update job j
            set state = h.state, scheduled_at = h.at, attempt = h.attempt, errors = h.errors,
                lease_token = null, leased_until = null
            from held h
            where j.tenant_id = h.tenant_id and j.id = h.id
                and not exists (select from absorbed a where a.tenant_id = h.tenant_id and a.id = h.id)
            returning j.tenant_id, j.lane, j.scheduled_at
        )
        select tenant_id as "tenant_id!", lane as "lane!", scheduled_at as "scheduled_at!" from absorbed
        union all
        select tenant_id, lane, scheduled_at from waiting
        "#,
        &jobs.iter().map(|job| job.lease.tenant.0).collect::<Vec<_>>(),
        &jobs.iter().map(|job| job.lease.job.0).collect::<Vec<_>>(),
        &jobs.iter().map(|job| job.lease.token).collect::<Vec<_>>(),
        jobs.iter().map(|job| job.state.as_str()).collect::<Vec<_>>() as _,
        jobs.iter().map(|job| time::bind_opt(job.at)).collect::<Vec<_>>() as _,
        jobs.iter().map(|job| job.errors.as_str()).collect::<Vec<_>>() as _,
        &jobs.iter().map(|job| job.refund).collect::<Vec<_>>(),
        time::bind_opt(lapsed),
    )
    .fetch_all(&mut *connection)
    .await?;
    rows.into_iter()
        .map(|row| {
            let lane = crate::db::ticket_rows::word(&row.lane)?;
            Ok((TenantId(row.tenant_id), lane, time::read(row.scheduled_at)))
        })
        .collect()
}
