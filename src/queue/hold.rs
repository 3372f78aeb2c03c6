//! The jobs that this process holds a lease of, from the claim until they are settled.

use std::collections::{HashMap, HashSet};
use std::sync::Mutex;

use jiff::Timestamp;
use tokio::sync::{Notify, oneshot};
use tokio::task::AbortHandle;

use super::lock;
use crate::db::queue::{Claimed, JobId, Lease, Subject};

/// How a job ended that somebody waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    Completed,
    /// It waits for another attempt, or was discarded or given back.
    Failed,
    /// There was none: nobody asked for it, or it has ended already.
    Absent,
}

/// The jobs that this process holds.
#[derive(Debug, Default)]
pub struct Holds {
    jobs: Mutex<HashMap<Lease, Hold>>,
    emptied: Notify,
}

#[derive(Debug)]
struct Hold {
    subject: Subject,
    until: Timestamp,
    /// Stops the handler; `None` before it runs.
    abort: Option<AbortHandle>,
    waiting: Vec<oneshot::Sender<End>>,
}

impl Holds {
    /// Notes a claimed job. The answer arrives when it is settled.
    pub fn take(&self, job: &Claimed, until: Timestamp) -> oneshot::Receiver<End> {
        let (sender, receiver) = oneshot::channel();
        let hold = Hold { subject: job.subject.clone(), until, abort: None, waiting: vec![sender] };
        lock(&self.jobs).insert(job.lease, hold);
        receiver
    }

    /// Notes claimed jobs that nobody waits for.
    pub fn take_all(&self, jobs: &[Claimed], until: Timestamp) {
        let hold = |job: &Claimed| {
            let hold = Hold { subject: job.subject.clone(), until, abort: None, waiting: Vec::new() };
            (job.lease, hold)
        };
        lock(&self.jobs).extend(jobs.iter().map(hold));
    }

    /// The job is settled, or is no longer ours.
    pub fn release(&self, lease: &Lease, end: End) {
        let mut jobs = lock(&self.jobs);
        let released = jobs.remove(lease);
        if jobs.is_empty() {
            self.emptied.notify_waiters();
        }
        drop(jobs);
        for waiting in released.into_iter().flat_map(|hold| hold.waiting) {
            // Who no longer waits does not need to know.
            let _ = waiting.send(end);
        }
    }

    /// How the job for this will end, where one is held here.
    pub fn follow(&self, subject: &Subject) -> Option<oneshot::Receiver<End>> {
        let mut jobs = lock(&self.jobs);
        let hold = jobs.values_mut().find(|hold| hold.subject == *subject)?;
        let (sender, receiver) = oneshot::channel();
        hold.waiting.push(sender);
        Some(receiver)
    }

    pub fn has(&self, job: JobId) -> bool {
        lock(&self.jobs).keys().any(|lease| lease.job == job)
    }

    /// The handler runs.
    pub fn begin(&self, lease: &Lease, abort: AbortHandle) {
        if let Some(hold) = lock(&self.jobs).get_mut(lease) {
            hold.abort = Some(abort);
        }
    }

    /// Whether the lease has not lapsed.
    pub fn is_good(&self, lease: &Lease, now: Timestamp) -> bool {
        lock(&self.jobs).get(lease).is_some_and(|hold| hold.until > now)
    }

    pub fn count(&self) -> usize {
        lock(&self.jobs).len()
    }

    pub fn leases(&self) -> Vec<Lease> {
        lock(&self.jobs).keys().copied().collect()
    }

    /// The database holds these until then. Stops the handlers of those that have lapsed.
    pub fn extended(&self, held: &[JobId], until: Timestamp, now: Timestamp) {
        let mut jobs = lock(&self.jobs);
        let held: HashSet<&JobId> = held.iter().collect();
        for (lease, hold) in &mut *jobs {
            if held.contains(&lease.job) {
                hold.until = until;
            } else if hold.until <= now
                && let Some(abort) = &hold.abort
            {
                tracing::warn!(
                    job.id = lease.job.0,
                    job.kind = hold.subject.kind,
                    "a job's lease has lapsed"
                );
                abort.abort();
            }
        }
    }

    pub fn abort_all(&self) {
        for abort in lock(&self.jobs).values().filter_map(|hold| hold.abort.as_ref()) {
            abort.abort();
        }
    }

    /// Waits until nothing is held.
    pub async fn emptied(&self) {
        loop {
            let emptied = self.emptied.notified();
            tokio::pin!(emptied);
            emptied.as_mut().enable();
            if lock(&self.jobs).is_empty() {
                return;
            }
            emptied.await;
        }
    }
}
