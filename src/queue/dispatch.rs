//! Claiming: as many jobs as there is room for.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::task::JoinSet;

use super::active::Plan;
use super::settle::{Settlement, Verdict};
use super::{Inner, lease, lock, worker};
use crate::db::queue::{self, Claimed, Share};
use crate::domain::id::TenantId;
use crate::domain::job::Lane;
use crate::domain::word::Word;
use crate::error::Error;

/// How long a claimed job may wait for a worker before it is given back, to whoever has one.
const PATIENCE: Duration = Duration::from_millis(500);
/// How often that is looked at.
const TICK: Duration = Duration::from_millis(250);
/// After a claim that failed.
const PAUSE: Duration = Duration::from_millis(250);
/// More jobs than these are not claimed while they wait to be settled.
const MOST_HELD: usize = 4000;
/// How many jobs run at the same time where every one is asked to run.
const DRAINED_AT_ONCE: usize = 16;

/// Claims until the queue is closed, and then gives back what has not begun.
pub async fn run(inner: Arc<Inner>) {
    loop {
        let next = lock(&inner.active).next(inner.clock.now()).unwrap_or(TICK);
        tokio::select! {
            biased;
            () = inner.closed.cancelled() => break,
            () = inner.hurry.notified() => {}
            () = tokio::time::sleep(next.clamp(Duration::from_millis(1), TICK)) => {}
        }
        give_back(&inner, PATIENCE);
        while !inner.closed.is_cancelled() {
            let room = inner.room();
            let plan = lock(&inner.active).plan(room, inner.clock.now());
            let Some(plan) = plan else { break };
            claim(&inner, &plan).await;
        }
    }
    give_back(&inner, Duration::ZERO);
}

async fn claim(inner: &Inner, plan: &Plan) {
    let kinds = inner.registry().kinds();
    let now = inner.clock.now();
    let until = now + lease::LENGTH;
    match queue::claim(&inner.db, plan.lane, &plan.shares, &kinds, now, until).await {
        Ok(jobs) => {
            lock(&inner.active).claimed(plan, &jobs);
            inner.holds.take_all(&jobs, until);
            inner.load.fetch_add(jobs.len(), Ordering::Relaxed);
            inner.buffer.push(jobs);
        }
        Err(error) => {
            lock(&inner.active).failed(plan);
            tracing::warn!(%error, "jobs cannot be claimed and are tried again");
            tokio::time::sleep(PAUSE).await;
        }
    }
}

/// Gives back the claimed jobs that have waited so long for a worker.
fn give_back(inner: &Inner, age: Duration) {
    for job in inner.buffer.stale(age) {
        inner.load.fetch_sub(1, Ordering::Relaxed);
        inner.settle(Settlement { job, verdict: Verdict::GiveBack });
    }
}

/// Runs every job that is due until none is.
pub async fn drain(inner: &Arc<Inner>, tenant: Option<TenantId>) -> Result<usize, Error> {
    let mut count = 0;
    loop {
        lease::rescue_lapsed(inner).await?;
        let jobs = claim_due(inner, tenant).await?;
        if jobs.is_empty() {
            return Ok(count);
        }
        count += jobs.len();
        let mut running = JoinSet::new();
        for job in jobs {
            if running.len() == DRAINED_AT_ONCE {
                running.join_next().await;
            }
            let inner = inner.clone();
            let until = inner.clock.now() + lease::LENGTH;
            running.spawn(async move {
                let end = inner.holds.take(&job, until);
                worker::run(&inner, job).await;
                drop(end.await);
            });
        }
        running.join_all().await;
    }
}

/// Claims some of the jobs that are due, the urgent lanes' first.
async fn claim_due(inner: &Inner, tenant: Option<TenantId>) -> Result<Vec<Claimed>, Error> {
    let kinds = inner.registry().kinds();
    let now = inner.clock.now();
    let due = queue::due(&inner.db, &kinds, &[], now).await?;
    for lane in Lane::ALL {
        let fits = due.iter().filter(|due| due.lane == *lane && tenant.is_none_or(|only| only == due.tenant));
        let share =
            |due: &queue::Due| Share { tenant: due.tenant, after: due.before, limit: DRAINED_AT_ONCE };
        let shares: Vec<Share> = fits.map(share).collect();
        if !shares.is_empty() {
            let jobs = queue::claim(&inner.db, *lane, &shares, &kinds, now, now + lease::LENGTH).await?;
            if !jobs.is_empty() {
                return Ok(jobs);
            }
        }
    }
    Ok(Vec::new())
}

impl Inner {
    /// How many jobs more may be claimed.
    fn room(&self) -> usize {
        if self.holds.count() > MOST_HELD {
            return 0;
        }
        (self.workers + self.prefetch()).saturating_sub(self.load.load(Ordering::Relaxed))
    }

    /// Whether workers have jobs.
    pub(super) fn is_busy(&self) -> bool {
        self.load.load(Ordering::Relaxed) > 0
    }
}
