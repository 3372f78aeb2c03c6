//! Running jobs.

use std::any::Any;
use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use tokio::sync::Notify;
use tokio::sync::mpsc::error::SendError;

use super::hold::End;
use super::settle::{Settlement, Verdict};
use super::{Inner, JobError, Outcome, lock};
use crate::db::queue::Claimed;

/// What a job is taken to last before the first one ended. No job counts for more.
pub const SLOW: Duration = Duration::from_secs(1);
/// Jobs that last longer are not claimed ahead.
const BRIEF: Duration = Duration::from_millis(10);
/// How much work is claimed ahead, in time.
const AHEAD: Duration = Duration::from_millis(25);
/// The most that is claimed ahead.
const MOST_AHEAD: usize = 400;

/// How many jobs more than workers are claimed where a job lasts so long.
pub fn prefetch(workers: usize, pace: Duration) -> usize {
    if pace > BRIEF {
        return 0;
    }
    let each = AHEAD.as_micros() / pace.as_micros().max(1);
    usize::try_from(each).unwrap_or(usize::MAX).saturating_mul(workers).min(MOST_AHEAD)
}

/// In whole microseconds.
pub fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}

/// Claimed jobs on their way to a worker.
#[derive(Debug, Default)]
pub struct Buffer {
    jobs: Mutex<VecDeque<(Claimed, Instant)>>,
    arrived: Notify,
}

impl Buffer {
    pub fn push(&self, claimed: Vec<Claimed>) {
        let now = Instant::now();
        let count = claimed.len();
        lock(&self.jobs).extend(claimed.into_iter().map(|job| (job, now)));
        for _ in 0..count {
            self.arrived.notify_one();
        }
    }

    /// Takes out the jobs that have waited at least so long.
    pub fn stale(&self, age: Duration) -> Vec<Claimed> {
        let mut jobs = lock(&self.jobs);
        let fresh = jobs.partition_point(|(_, since)| since.elapsed() >= age);
        jobs.drain(..fresh).map(|(job, _)| job).collect()
    }

    async fn pop(&self) -> Claimed {
        loop {
            let arrived = self.arrived.notified();
            tokio::pin!(arrived);
            arrived.as_mut().enable();
            if let Some((job, _)) = lock(&self.jobs).pop_front() {
                return job;
            }
            arrived.await;
        }
    }
}

/// One worker, until the queue is closed.
pub async fn work(inner: Arc<Inner>) {
    loop {
        let job = tokio::select! {
            biased;
            () = inner.closed.cancelled() => return,
            job = inner.buffer.pop() => job,
        };
        let started = Instant::now();
        run(&inner, job).await;
        inner.note_pace(started.elapsed());
        // Claims are for many jobs at once where jobs are brief.
        let load = inner.load.fetch_sub(1, Ordering::Relaxed) - 1;
        if load <= inner.workers - 1 + inner.prefetch() / 2 {
            inner.hurry.notify_one();
        }
    }
}

/// Runs a held job and hands it on to be settled.
pub async fn run(inner: &Arc<Inner>, job: Claimed) {
    match attempt(inner, &job).await {
        Some(verdict) => inner.settle(Settlement { job, verdict }),
        None => inner.holds.release(&job.lease, End::Completed),
    }
}

/// `None` where the job is settled already.
async fn attempt(inner: &Arc<Inner>, job: &Claimed) -> Option<Verdict> {
    let registry = inner.registry();
    let Some(handler) = registry.handler(&job.subject.kind) else { return Some(Verdict::GiveBack) };
    if !inner.holds.is_good(&job.lease, inner.clock.now()) {
        return Some(Verdict::GiveBack);
    }
    let started = Instant::now();
    let task = tokio::spawn(handler(job.clone()));
    inner.holds.begin(&job.lease, task.abort_handle());
    let done = task.await;
    let kind = job.subject.kind.clone();
    metrics::counter!("tessera_jobs_attempts_total", "kind" => kind.clone()).increment(1);
    metrics::histogram!("tessera_jobs_run_seconds", "kind" => kind).record(started.elapsed());
    match done {
        Ok(Ok(Outcome::Completed)) => Some(Verdict::Completed),
        Ok(Ok(Outcome::Settled)) => None,
        Ok(Err(JobError::Snooze(wait))) => Some(Verdict::Snooze(wait)),
        Ok(Err(JobError::Discard(error))) => Some(Verdict::Discard(error)),
        Ok(Err(JobError::Retry(error))) => Some(Verdict::Retry(error)),
        Err(failed) => Some(match failed.try_into_panic() {
            Ok(panic) => Verdict::Retry(format!("it panicked: {}", words(&*panic))),
            Err(_) => Verdict::GiveBack,
        }),
    }
}

fn words(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("without a word")
}

impl Inner {
    /// Hands a job on to be settled.
    pub(super) fn settle(&self, settlement: Settlement) {
        if let Err(SendError(settlement)) = self.settlements.send(settlement) {
            // Too late in the shutdown: the lease lapses.
            self.holds.release(&settlement.job.lease, End::Failed);
        }
    }

    /// An eighth of the last job, seven of those before.
    fn note_pace(&self, took: Duration) {
        let took = micros(took.min(SLOW));
        let pace = self.pace.load(Ordering::Relaxed);
        self.pace.store((pace * 7 + took) / 8, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_brief_jobs_are_claimed_ahead() {
        assert_eq!(prefetch(4, SLOW), 0);
        assert_eq!(prefetch(4, Duration::from_millis(11)), 0);
        assert_eq!(prefetch(4, Duration::from_millis(5)), 20);
        assert_eq!(prefetch(1, Duration::ZERO), MOST_AHEAD);
    }
}
