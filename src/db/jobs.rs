//! The job table: writing work down.

use jiff::Timestamp;

use super::{TenantTx, time};
use crate::domain::id::TicketId;
use crate::error::Error;

/// A job to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewJob {
    pub kind: &'static str,
    /// Which parts of the work are asked for.
    pub scope: Vec<&'static str>,
    pub lane: &'static str,
    pub max_attempts: i32,
}

/// Writes a job for each ticket, due at once. One that waits already for the same ticket takes up
/// the scope of the new one, the earlier time and the faster lane instead.
pub async fn enqueue_many(
    tx: &mut TenantTx,
    jobs: &[(TicketId, NewJob)],
    now: Timestamp,
) -> Result<(), Error> {
    let tenant = tx.tenant();
    let tickets: Vec<i64> = jobs.iter().map(|(ticket, _)| ticket.0).collect();
    let kinds: Vec<&str> = jobs.iter().map(|(_, job)| job.kind).collect();
    let scopes: Vec<String> = jobs.iter().map(|(_, job)| format!("{{{}}}", job.scope.join(","))).collect();
    let lanes: Vec<&str> = jobs.iter().map(|(_, job)| job.lane).collect();
    let attempts: Vec<i32> = jobs.iter().map(|(_, job)| job.max_attempts).collect();
    // In the order of the tickets, so that two batches cannot wait for each other.
    sqlx::query!(
        "
        insert into job (tenant_id, kind, ticket_id, scope, lane, state, max_attempts, scheduled_at, created_at)
        select $1, u.kind, u.ticket_id, u.scope::text[], u.lane, 'available', u.max_attempts, $7, $7
        from unnest($2::text[], $3::bigint[], $4::text[], $5::text[], $6::int[])
            as u (kind, ticket_id, scope, lane, max_attempts)
        order by u.ticket_id
        on conflict (tenant_id, kind, ticket_id) where state in ('available', 'retryable', 'scheduled')
        do update set
            scope = array(select unnest(job.scope) union select unnest(excluded.scope) order by 1),
            lane = case when excluded.lane = 'interactive' then excluded.lane else job.lane end,
            scheduled_at = least(job.scheduled_at, excluded.scheduled_at)
        returning 1 as one
        ",
        tenant.0,
        kinds as _,
        &tickets,
        &scopes,
        lanes as _,
        &attempts,
        time::bind(now),
    )
    .fetch_all(tx.raw())
    .await?;
    Ok(())
}
