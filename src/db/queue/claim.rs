//! Finding jobs that are due, and taking them.

use chrono::{DateTime, Utc};
use jiff::Timestamp;
use uuid::Uuid;

use super::{Claimed, JobId, Lease, Subject};
use crate::db::ticket_rows::word;
use crate::db::{Db, count_statement, time};
use crate::domain::id::{TenantId, TicketId};
use crate::domain::job::Lane;
use crate::domain::word::Word;
use crate::error::Error;

/// A place in the order in which jobs are due. What lies before it has been claimed, so that its index
/// entries, which stay until nobody's snapshot can see them, need not be read again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cursor {
    pub at: Timestamp,
    pub id: i64,
}

impl Cursor {
    /// Before everything that is due at this instant or later.
    pub fn before(at: Timestamp) -> Self {
        Self { at, id: 0 }
    }
}

/// How much of a tenant's lane is claimed, and from where on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share {
    pub tenant: TenantId,
    pub after: Cursor,
    pub limit: usize,
}

/// The first job of a tenant's lane.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Due {
    pub tenant: TenantId,
    pub lane: Lane,
    /// Just before it.
    pub before: Cursor,
}

/// A tenant's lane in which nothing waits that is due before an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Known {
    pub tenant: TenantId,
    pub lane: Lane,
    pub from: Timestamp,
}

struct Row {
    tenant_id: i64,
    id: i64,
    kind: String,
    ticket_id: i64,
    scope: Vec<String>,
    lane: String,
    attempt: i32,
    max_attempts: i32,
    scheduled_at: DateTime<Utc>,
    created_at: DateTime<Utc>,
}

impl Row {
    fn claimed(self, token: Uuid) -> Result<Claimed, Error> {
        let tenant = TenantId(self.tenant_id);
        Ok(Claimed {
            lease: Lease { tenant, job: JobId(self.id), token },
            subject: Subject { tenant, kind: self.kind, ticket: TicketId(self.ticket_id) },
            scope: self.scope,
            lane: word(&self.lane)?,
            attempt: self.attempt,
            max_attempts: self.max_attempts,
            scheduled_at: time::read(self.scheduled_at),
            created_at: time::read(self.created_at),
        })
    }
}

/// Takes jobs of these kinds that are due in a lane, in the order of their time, each tenant's share of them.
/// Jobs of disabled tenants wait. A claim that a crash of the database takes back is a job that waits again.
pub async fn claim(
    db: &Db,
    lane: Lane,
    shares: &[Share],
    kinds: &[String],
    now: Timestamp,
    leased_until: Timestamp,
) -> Result<Vec<Claimed>, Error> {
    let token = Uuid::new_v4();
    let mut connection = db.queue().await?;
    count_statement();
    let rows = sqlx::query_as!(
        Row,
        r#"
        with unhurried as materialized (
            select set_config('synchronous_commit', 'off', true)
        ), picked as (
            select p.tenant_id, p.id
            from unhurried
            cross join unnest($1::bigint[], $2::timestamptz[], $3::bigint[], $4::bigint[])
                as s (tenant_id, after_at, after_id, jobs)
            cross join lateral (
                select j.tenant_id, j.id
                from job j
                where j.tenant_id = s.tenant_id and j.lane = $5
                    and j.state in ('available', 'retryable', 'scheduled') and j.scheduled_at <= $6
                    and (j.scheduled_at, j.id) > (s.after_at, s.after_id) and j.kind = any($7)
                order by j.scheduled_at, j.id
                limit s.jobs
                for update skip locked
            ) p
            where exists (select from tenant t where t.id = s.tenant_id and t.disabled_at is null)
        )
        update job j
        set state = 'running', attempt = j.attempt + 1, attempted_at = $6, lease_token = $8, leased_until = $9
        from picked p
        where j.tenant_id = p.tenant_id and j.id = p.id
        returning j.tenant_id, j.id, j.kind, j.ticket_id, j.scope, j.lane, j.attempt, j.max_attempts,
            j.scheduled_at, j.created_at
        "#,
        &shares.iter().map(|share| share.tenant.0).collect::<Vec<_>>(),
        &shares.iter().map(|share| time::bind(share.after.at)).collect::<Vec<_>>(),
        &shares.iter().map(|share| share.after.id).collect::<Vec<_>>(),
        &shares.iter().map(|share| i64::try_from(share.limit).unwrap_or(i64::MAX)).collect::<Vec<_>>(),
        lane.as_str(),
        time::bind(now),
        kinds,
        token,
        time::bind(leased_until),
    )
    .fetch_all(&mut *connection)
    .await?;
    let mut jobs = rows.into_iter().map(|row| row.claimed(token)).collect::<Result<Vec<_>, _>>()?;
    jobs.sort_unstable_by_key(|job| (job.scheduled_at, job.lease.job));
    Ok(jobs)
}

/// Takes the job that waits for this, due or not; `None` where none waits.
pub async fn claim_ticket(
    db: &Db,
    subject: &Subject,
    now: Timestamp,
    leased_until: Timestamp,
) -> Result<Option<Claimed>, Error> {
    let token = Uuid::new_v4();
    let mut connection = db.queue().await?;
    count_statement();
    let row = sqlx::query_as!(
        Row,
        "
        update job j
        set state = 'running', attempt = j.attempt + 1, attempted_at = $4, lease_token = $5, leased_until = $6
        from (select set_config('synchronous_commit', 'off', true)) as unhurried
        where j.tenant_id = $1 and j.kind = $2 and j.ticket_id = $3
            and j.state in ('available', 'retryable', 'scheduled')
        returning j.tenant_id, j.id, j.kind, j.ticket_id, j.scope, j.lane, j.attempt, j.max_attempts,
            j.scheduled_at, j.created_at
        ",
        subject.tenant.0,
        subject.kind,
        subject.ticket.0,
        time::bind(now),
        token,
        time::bind(leased_until),
    )
    .fetch_optional(&mut *connection)
    .await?;
    row.map(|row| row.claimed(token)).transpose()
}

/// The tenants' lanes in which jobs of these kinds are due. Steps from lane to lane through the index, however
/// many jobs wait in each; of known lanes, it does not look at what lies before their instant, nor at the index
/// entries of finished jobs there.
pub async fn due(db: &Db, kinds: &[String], known: &[Known], now: Timestamp) -> Result<Vec<Due>, Error> {
    let mut connection = db.queue().await?;
    count_statement();
    let rows = sqlx::query!(
        r#"
        with recursive known as materialized (
            -- Each with the one behind it; before the first there is one of nobody.
            select k.tenant_id, k.lane, k.from_at,
                lead(k.tenant_id, 1, 9223372036854775807) over following as next_tenant_id,
                lead(k.lane, 1, '') over following as next_lane
            from unnest($3::bigint[] || 0::bigint, $4::text[] || ''::text, $5::timestamptz[] || null::timestamptz)
                as k (tenant_id, lane, from_at)
            window following as (order by k.tenant_id, k.lane)
        ), step (tenant_id, lane, scheduled_at, id, next_tenant_id, next_lane) as (
            select first.tenant_id, first.lane, first.scheduled_at, first.id, k.next_tenant_id, k.next_lane
            from known k
            cross join lateral (
                select j.tenant_id, j.lane, j.scheduled_at, j.id
                from job j
                where (j.tenant_id, j.lane) > (k.tenant_id, k.lane)
                    and (j.tenant_id, j.lane) < (k.next_tenant_id, k.next_lane)
                    and j.state in ('available', 'retryable', 'scheduled') and j.kind = any($1)
                order by j.tenant_id, j.lane, j.scheduled_at, j.id
                limit 1
            ) first
            union all
            select next.tenant_id, next.lane, next.scheduled_at, next.id, step.next_tenant_id, step.next_lane
            from step
            cross join lateral (
                select j.tenant_id, j.lane, j.scheduled_at, j.id
                from job j
                where (j.tenant_id, j.lane) > (step.tenant_id, step.lane)
                    and (j.tenant_id, j.lane) < (step.next_tenant_id, step.next_lane)
                    and j.state in ('available', 'retryable', 'scheduled') and j.kind = any($1)
                order by j.tenant_id, j.lane, j.scheduled_at, j.id
                limit 1
            ) next
        ), found as (
            select tenant_id, lane, scheduled_at, id from step
            union all
            select first.tenant_id, first.lane, first.scheduled_at, first.id
            from known k
            cross join lateral (
                select j.tenant_id, j.lane, j.scheduled_at, j.id
                from job j
                where j.tenant_id = k.tenant_id and j.lane = k.lane and j.scheduled_at >= k.from_at
                    and j.state in ('available', 'retryable', 'scheduled') and j.kind = any($1)
                order by j.scheduled_at, j.id
                limit 1
            ) first
        )
        select f.tenant_id as "tenant_id!", f.lane as "lane!", f.scheduled_at as "scheduled_at!", f.id as "id!"
        from found f
        join tenant t on t.id = f.tenant_id and t.disabled_at is null
        where f.scheduled_at <= $2
        "#,
        kinds,
        time::bind(now),
        &known.iter().map(|known| known.tenant.0).collect::<Vec<_>>(),
        known.iter().map(|known| known.lane.as_str()).collect::<Vec<_>>() as _,
        &known.iter().map(|known| time::bind(known.from)).collect::<Vec<_>>(),
    )
    .fetch_all(&mut *connection)
    .await?;
    rows.into_iter()
        .map(|row| {
            let before = Cursor { at: time::read(row.scheduled_at), id: row.id - 1 };
            Ok(Due { tenant: TenantId(row.tenant_id), lane: word(&row.lane)?, before })
        })
        .collect()
}

/// For each lane that has any: how many jobs are due at known places, and since when the oldest.
pub async fn depth(db: &Db, known: &[Known], now: Timestamp) -> Result<Vec<(Lane, i64, Timestamp)>, Error> {
    let mut connection = db.queue().await?;
    count_statement();
    let rows = sqlx::query!(
        r#"
        select k.lane as "lane!", sum(due.count)::bigint as "count!", min(due.oldest) as "oldest!"
        from unnest($2::bigint[], $3::text[], $4::timestamptz[]) as k (tenant_id, lane, from_at)
        cross join lateral (
            select count(j.tenant_id) as count, min(j.scheduled_at) as oldest
            from job j
            where j.tenant_id = k.tenant_id and j.lane = k.lane and j.scheduled_at >= k.from_at
                and j.state in ('available', 'retryable', 'scheduled') and j.scheduled_at <= $1
        ) due
        where due.count > 0
        group by k.lane
        "#,
        time::bind(now),
        &known.iter().map(|known| known.tenant.0).collect::<Vec<_>>(),
        known.iter().map(|known| known.lane.as_str()).collect::<Vec<_>>() as _,
        &known.iter().map(|known| time::bind(known.from)).collect::<Vec<_>>(),
    )
    .fetch_all(&mut *connection)
    .await?;
    rows.into_iter().map(|row| Ok((word(&row.lane)?, row.count, time::read(row.oldest)))).collect()
}
