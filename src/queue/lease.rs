//! Staying the holder of running jobs, and taking over those whose holder died.

use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::SignedDuration;

use super::Inner;
use super::settle::{discarded, errors, give_back};
use super::wake::Rhythm;
use crate::db::queue::{self, Back};
use crate::domain::job::JobState;
use crate::error::Error;

/// How long a job is held without another word. With the time between two looks, a job whose worker died runs
/// again within 30 s.
pub const LENGTH: SignedDuration = SignedDuration::from_secs(15);
/// How often a process says that it is alive, and looks who is not.
const EVERY: Duration = Duration::from_secs(5);
/// Looking through the running jobs while every process is heard of.
const LOOK: Rhythm = Rhythm { least: EVERY, most: Duration::from_hours(1), share: 100 };
/// The most that one look takes over at once.
const BATCH: i64 = 500;

/// Says that this process is alive, and extends its leases, until the queue has ended.
pub async fn keep(inner: Arc<Inner>) {
    loop {
        let until = inner.clock.now() + LENGTH;
        if let Err(error) = queue::announce(&inner.db, &inner.name, until).await {
            tracing::warn!(%error, "the others cannot be told that this process is alive: tried again");
        }
        tokio::select! {
            () = inner.ended.cancelled() => {
                if let Err(error) = queue::leave(&inner.db, &inner.name).await {
                    tracing::debug!(%error, "the others notice by themselves that this process has ended");
                }
                return;
            }
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

/// Takes over jobs whose holder died, until the queue is closed. The running jobs are looked through as long as
/// a process is missing, else only as often as that is cheap.
pub async fn rescue(inner: Arc<Inner>) {
    let mut look = Instant::now();
    loop {
        let now = inner.clock.now();
        let is_missing_one = queue::is_missing_one(&inner.db, now, now - LENGTH - LENGTH);
        let started = Instant::now();
        // Who cannot ask looks itself.
        if is_missing_one.await.unwrap_or(true) || started >= look {
            if let Err(error) = rescue_lapsed(&inner).await {
                tracing::warn!(%error, "jobs of dead workers cannot be looked for and are tried again");
            }
            look = Instant::now() + LOOK.rest(started.elapsed());
        }
        tokio::select! {
            () = inner.closed.cancelled() => return,
            () = tokio::time::sleep(EVERY) => {}
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
