//! Writing down what came of jobs, many at once.

use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use tokio::sync::mpsc::UnboundedReceiver;

use super::hold::End;
use super::{Inner, backoff};
use crate::db::Db;
use crate::db::queue::{self, Alarm, Back, Claimed, Finish, Lease};
use crate::domain::job::JobState;
use crate::error::Error;

/// The most that one statement settles.
const BATCH: usize = 500;
/// Where jobs come thick, how long their settling waits for more to come along.
const GATHER: Duration = Duration::from_millis(2);
/// Between two tries while the database is away.
const PAUSE: Duration = Duration::from_millis(250);
/// How often jobs are tried together before each is tried by itself.
const TRIES: u32 = 3;
/// The most that is kept of an error, in letters.
const ERROR_LETTERS: usize = 2000;
/// The longest that a job sleeps.
const LONGEST: SignedDuration = SignedDuration::from_hours(24 * 365);
/// Who waits for longer is found by the regular look.
const SOON: SignedDuration = SignedDuration::from_secs(1);

/// A job that has run, and what is to become of it.
#[derive(Debug)]
pub struct Settlement {
    pub job: Claimed,
    pub verdict: Verdict,
}

/// What is to become of a job.
#[derive(Debug)]
pub enum Verdict {
    Completed,
    /// Failed; discarded where it was the last attempt.
    Retry(String),
    Snooze(Duration),
    Discard(String),
    /// It did not run, or not to its end, and somebody else may.
    GiveBack,
}

/// Settles until the queue has ended.
pub async fn run(inner: Arc<Inner>, mut settled: UnboundedReceiver<Settlement>) {
    loop {
        let mut batch = Vec::new();
        tokio::select! {
            biased;
            _ = settled.recv_many(&mut batch, BATCH) => {}
            () = inner.ended.cancelled() => return,
        }
        if batch.len() < BATCH && inner.is_busy() {
            tokio::time::sleep(GATHER).await;
            while batch.len() < BATCH
                && let Ok(more) = settled.try_recv()
            {
                batch.push(more);
            }
        }
        let (mut over, mut waiting) = (Vec::new(), Vec::new());
        let now = inner.clock.now();
        for settlement in batch {
            match row(settlement, now) {
                Row::Over(job) => over.push(job),
                Row::Waits(job) => waiting.push(job),
            }
        }
        settle(&inner, over).await;
        settle(&inner, waiting).await;
        // Too many unsettled jobs hold claims up.
        inner.hurry.notify_one();
    }
}

/// Writes jobs that this process holds. What cannot be written while the lease is good runs again.
async fn settle<T: Settle>(inner: &Inner, mut jobs: Vec<T>) {
    let mut tries = 0;
    while !jobs.is_empty() {
        tries += 1;
        match T::write(inner, &mut jobs).await {
            Ok(()) => {
                for job in jobs {
                    inner.holds.release(job.lease(), job.end());
                }
                return;
            }
            Err(error) if error.is_collision() || tries > TRIES => {
                let mut left = Vec::new();
                for mut job in jobs {
                    match T::write(inner, std::slice::from_mut(&mut job)).await {
                        Ok(()) => inner.holds.release(job.lease(), job.end()),
                        Err(_) => left.push(job),
                    }
                }
                jobs = left;
            }
            Err(error) => tracing::warn!(%error, "jobs cannot be settled and are tried again"),
        }
        let now = inner.clock.now();
        jobs.retain(|job| {
            let is_ours = inner.holds.is_good(job.lease(), now);
            if !is_ours {
                tracing::error!(job.id = job.lease().job.0, "a job could not be settled and runs again");
                inner.holds.release(job.lease(), End::Failed);
            }
            is_ours
        });
        if !jobs.is_empty() {
            tokio::time::sleep(PAUSE).await;
        }
    }
}

/// What is written of a settled job.
trait Settle: Sized {
    async fn write(inner: &Inner, jobs: &mut [Self]) -> Result<(), Error>;
    fn lease(&self) -> &Lease;
    fn end(&self) -> End;
}

impl Settle for Finish {
    async fn write(inner: &Inner, jobs: &mut [Self]) -> Result<(), Error> {
        queue::finish(&inner.db, jobs, None, inner.clock.now()).await.map(drop)
    }

    fn lease(&self) -> &Lease {
        &self.lease
    }

    fn end(&self) -> End {
        if self.state == JobState::Completed { End::Completed } else { End::Failed }
    }
}

impl Settle for Back {
    async fn write(inner: &Inner, jobs: &mut [Self]) -> Result<(), Error> {
        give_back(&inner.db, jobs, None, inner.clock.now()).await
    }

    fn lease(&self) -> &Lease {
        &self.lease
    }

    fn end(&self) -> End {
        End::Failed
    }
}

/// Lets jobs wait again, and says so where they are due.
pub async fn give_back(
    db: &Db,
    jobs: &mut [Back],
    lapsed: Option<Timestamp>,
    now: Timestamp,
) -> Result<(), Error> {
    for (tenant, lane, from) in queue::give_back(db, jobs, lapsed).await? {
        if from <= now + SOON {
            db.enqueued().post(Alarm { tenant, lane, from });
        }
    }
    Ok(())
}

enum Row {
    Over(Finish),
    Waits(Back),
}

fn row(settlement: Settlement, now: Timestamp) -> Row {
    let Settlement { job, verdict } = settlement;
    let lease = job.lease;
    let kind = &job.subject.kind;
    let after = |wait: Duration| {
        let wait = SignedDuration::try_from(wait).unwrap_or(LONGEST).min(LONGEST);
        Some(now.checked_add(wait).unwrap_or(now))
    };
    match verdict {
        Verdict::Completed => Row::Over(Finish { lease, state: JobState::Completed, errors: NONE.into() }),
        Verdict::GiveBack => Row::Waits(untouched(lease)),
        Verdict::Snooze(wait) => {
            Row::Waits(Back { state: JobState::Scheduled, at: after(wait), ..untouched(lease) })
        }
        Verdict::Retry(error) if job.attempt < job.max_attempts => {
            tracing::warn!(job.id = lease.job.0, job.kind = kind, job.attempt, error, "a job failed");
            Row::Waits(Back {
                lease,
                state: JobState::Retryable,
                at: after(backoff::delay(job.attempt, rand::random())),
                errors: errors(now, job.attempt, &error),
                refund: false,
            })
        }
        Verdict::Retry(error) | Verdict::Discard(error) => {
            tracing::error!(job.id = lease.job.0, job.kind = kind, job.attempt, error, "a job is discarded");
            metrics::counter!("tessera_jobs_discarded_total", "kind" => kind.clone()).increment(1);
            Row::Over(discarded(lease, now, job.attempt, &error))
        }
    }
}

/// No errors to add.
const NONE: &str = "[]";

/// A job that waits again as if nothing had happened.
fn untouched(lease: Lease) -> Back {
    Back { lease, state: JobState::Available, at: None, errors: NONE.into(), refund: true }
}

/// A job that failed for good.
pub fn discarded(lease: Lease, now: Timestamp, attempt: i32, error: &str) -> Finish {
    Finish { lease, state: JobState::Discarded, errors: errors(now, attempt, error) }
}

/// What is added to a job's errors.
pub fn errors(now: Timestamp, attempt: i32, error: &str) -> String {
    // PostgreSQL keeps no U+0000.
    let error: String = error.chars().filter(|letter| *letter != '\0').take(ERROR_LETTERS).collect();
    json!([{ "at": now.to_string(), "attempt": attempt, "error": error }]).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_kept_to_a_length_and_without_what_cannot_be_stored() {
        let kept = errors(Timestamp::UNIX_EPOCH, 2, &format!("a\0\"b{}", "ü".repeat(3000)));
        let kept: serde_json::Value = serde_json::from_str(&kept).unwrap();
        assert_eq!(kept[0]["attempt"], 2);
        assert_eq!(kept[0]["at"], "1970-01-01T00:00:00Z");
        let error = kept[0]["error"].as_str().unwrap();
        assert!(error.starts_with("a\"bü") && error.chars().count() == ERROR_LETTERS);
    }
}
