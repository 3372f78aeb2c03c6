//! What has to happen by the clock, whoever asks or does not: once a minute, by one process of many.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio_util::sync::CancellationToken;

use crate::actions;
use crate::app::AppState;
use crate::db::{maintenance, queue, tenants};
use crate::domain::activity::{Acting, Actor, Via};
use crate::error::Error;

/// The name under which the runs are kept.
pub const TASK: &str = "wake_snoozed";
/// How often it runs.
const EVERY: SignedDuration = SignedDuration::from_secs(60);
/// How often a process looks whether it is time.
const LOOK: Duration = Duration::from_secs(5);
/// How many finished jobs are forgotten at once.
const PRUNED: u32 = 1000;
/// Without a run for this long, something is wrong.
const OVERDUE: SignedDuration = SignedDuration::from_mins(15);

/// Which of a process's background tasks are alive.
#[derive(Debug, Clone, Default)]
pub struct Workers {
    alive: Arc<AtomicUsize>,
    wanted: Arc<AtomicUsize>,
}

impl Workers {
    /// True where none died; also where there are none.
    pub fn are_alive(&self) -> bool {
        self.alive.load(Ordering::Relaxed) >= self.wanted.load(Ordering::Relaxed)
    }

    fn join(&self) -> Shift {
        self.wanted.fetch_add(1, Ordering::Relaxed);
        self.alive.fetch_add(1, Ordering::Relaxed);
        Shift(self.clone())
    }
}

/// A task at work; dropped when it ends, however it ends.
struct Shift(Workers);

impl Drop for Shift {
    fn drop(&mut self) {
        self.0.alive.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Runs until `stop`.
pub async fn run(app: AppState, stop: CancellationToken) {
    let _shift = app.workers.join();
    loop {
        if let Err(error) = run_if_due(&app).await {
            tracing::warn!(%error, "maintenance failed and is tried again");
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(LOOK) => {}
        }
    }
}

/// Runs once where nobody did within the last minute. Returns whether it ran.
pub async fn run_if_due(app: &AppState) -> Result<bool, Error> {
    let now = app.clock.now();
    if !maintenance::claim(&app.db, TASK, now - EVERY, now).await? {
        return Ok(false);
    }
    for tenant in tenants::list(&app.db).await?.into_iter().filter(|tenant| !tenant.disabled) {
        let acting = Acting { actor: Actor::System, via: Via::System, now };
        // One tenant's trouble is not the others'.
        match actions::wake_snoozed(&app.db.tenant(tenant.id), &acting).await {
            Ok(0) => {}
            Ok(tickets) => tracing::info!(tenant = tenant.slug, tickets, "snoozed tickets are open again"),
            Err(error) => tracing::warn!(tenant = tenant.slug, %error, "snoozed tickets stay asleep for now"),
        }
    }
    if let Err(error) = prune_jobs(app, now).await {
        tracing::warn!(%error, "finished jobs are kept for now");
    }
    if let Err(error) = app.storage.sweep().await {
        tracing::warn!(%error, "the rests of broken uploads stay for now");
    }
    Ok(true)
}

/// Forgets the jobs that finished long enough ago, in small batches.
async fn prune_jobs(app: &AppState, now: Timestamp) -> Result<(), Error> {
    // A retention that reaches further back than time does keeps everything.
    let retention = SignedDuration::try_from(app.config.job_retention.0).unwrap_or(SignedDuration::MAX);
    let Ok(before) = now.checked_sub(retention) else { return Ok(()) };
    while queue::prune(&app.db, before, i64::from(PRUNED)).await? == u64::from(PRUNED) {}
    Ok(())
}

/// Whether any process ran it within the last 15 minutes.
pub async fn is_on_time(app: &AppState, now: Timestamp) -> Result<bool, Error> {
    let last = maintenance::last_ran(&app.db, TASK).await?;
    Ok(last.is_some_and(|at| at.duration_until(now) <= OVERDUE))
}
