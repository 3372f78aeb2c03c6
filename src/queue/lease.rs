//! Staying the holder of running jobs, and taking over those whose holder died.

use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::SignedDuration;

use super::settle::{discarded, errors, give_back};
use super::{Inner, wake};
use crate::db::queue::{self, Back};
use crate::domain::job::JobState;
use crate::error::Error;

/// How long a job is held without another word. With the time between two looks, a job whose worker died runs
/// again within 30 s.
pub const LENGTH: SignedDuration = SignedDuration::from_secs(15);
/// How often a process says that it is alive, and looks who is not.
const EVERY: Duration = Duration::from_secs(5);
/// The longest between two looks where looking is expensive.
const SELDOM: Duration = Duration::from_secs(10);
/// The most that one look takes over at once.
const BATCH: i64 = 500;

/// Extends the leases of this process until the queue has ended.
pub async fn keep(inner: Arc<Inner>) {
    loop {
        tokio::select! {
            () = inner.ended.cancelled() => return,
            () = tokio::time::sleep(EVERY) => {}
        }
        let mut leases = inner.holds.leases();
        if leases.is_empty() {
            continue;
        }
        let now = inner.clock.now();
        let held = queue::extend(&inner.db, &mut leases, now + LENGTH).await.unwrap_or_else(|error| {
            tracing::warn!(%error, "leases cannot be extended and are tried again");
            Vec::new()
        });
        inner.holds.extended(&held, now + LENGTH, inner.clock.now());
    }
}

/// Takes over jobs whose holder died, until the queue is closed.
pub async fn rescue(inner: Arc<Inner>) {
    loop {
        let started = Instant::now();
        if let Err(error) = rescue_lapsed(&inner).await {
            tracing::warn!(%error, "jobs of dead workers cannot be looked for and are tried again");
        }
        tokio::select! {
            () = inner.closed.cancelled() => return,
            () = tokio::time::sleep(wake::pause(started.elapsed(), EVERY, SELDOM)) => {}
        }
    }
}

/// Lets every job wait again whose lease has lapsed, or discards it where that was its last attempt.
pub async fn rescue_lapsed(inner: &Inner) -> Result<(), Error> {
    loop {
        let now = inner.clock.now();
        let lapsed = queue::lapsed(&inner.db, now, BATCH).await?;
        let (last, more): (Vec<_>, Vec<_>) = lapsed.iter().partition(|job| job.attempt >= job.max_attempts);
        let text = "its worker was not heard of any more";
        let mut over: Vec<_> = last.iter().map(|job| discarded(job.lease, now, job.attempt, text)).collect();
        let mut waiting: Vec<_> = more
            .iter()
            .map(|job| Back {
                lease: job.lease,
                state: JobState::Available,
                at: None,
                errors: errors(now, job.attempt, text),
                refund: false,
            })
            .collect();
        if !over.is_empty() {
            let count = queue::finish(&inner.db, &mut over, Some(now), now).await?;
            tracing::error!(jobs = count, "jobs are discarded: their workers died in the last attempt");
        }
        if !waiting.is_empty() {
            tracing::warn!(jobs = waiting.len(), "jobs of dead workers wait again");
            match give_back(&inner.db, &mut waiting, Some(now), now).await {
                Err(error) if error.is_collision() => {
                    for job in &mut waiting {
                        give_back(&inner.db, std::slice::from_mut(job), Some(now), now).await?;
                    }
                }
                other => other?,
            }
        }
        if lapsed.len() < usize::try_from(BATCH).unwrap_or(usize::MAX) {
            return Ok(());
        }
    }
}
