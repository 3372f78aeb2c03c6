//! The queue's engine: claims jobs, runs their handlers, settles them. It knows no kind of job.
//!
//! Delivery is at least once. A job whose effect must be there exactly once is completed in the transaction of
//! that effect ([`crate::db::queue::complete`]).

mod active;
mod backoff;
mod dispatch;
mod hold;
mod lease;
mod registry;
mod settle;
mod wake;
mod worker;

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::{Notify, mpsc};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use self::active::Active;
use self::hold::Holds;
use self::settle::Settlement;
use crate::clock::Clock;
use crate::db::Db;
use crate::db::queue::{self, Subject};
use crate::domain::id::{TenantId, TicketId};
use crate::domain::job::JobState;
use crate::error::Error;

pub use self::hold::End;
pub use self::registry::{JobError, Outcome, Registry};
pub use crate::db::queue::Claimed;

/// How long running jobs may go on after the queue is closed.
const GRACE: Duration = Duration::from_secs(30);
/// How long jobs may take to stop that are told to.
const LAST_WORDS: Duration = Duration::from_secs(5);
/// How often a request looks whether a job that another process runs has ended.
const FOLLOW: Duration = Duration::from_millis(50);

/// This process's part in the queue. Clones share it.
#[derive(Debug, Clone)]
pub struct Queue(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    db: Db,
    clock: Clock,
    workers: usize,
    /// Names this process to the others.
    name: String,
    registry: Mutex<Arc<Registry>>,
    active: Mutex<Active>,
    /// There may be something to claim, or room for it.
    hurry: Notify,
    holds: Holds,
    /// Claimed, and waiting for a worker.
    buffer: worker::Buffer,
    /// How many jobs the workers and their buffer have.
    load: AtomicUsize,
    /// How long a job takes, in microseconds, the recent ones weighing most.
    pace: AtomicU64,
    settlements: mpsc::UnboundedSender<Settlement>,
    /// Until the settling task takes it.
    settled: Mutex<Option<mpsc::UnboundedReceiver<Settlement>>>,
    /// No more claims.
    closed: CancellationToken,
    closed_at: OnceLock<Instant>,
    /// Nothing more at all.
    ended: CancellationToken,
    tasks: Mutex<Vec<JoinHandle<()>>>,
}

impl Queue {
    /// A queue that does nothing yet. With no workers it claims nothing by itself: it tells other processes of
    /// jobs that come into being here, and runs what it is asked to.
    pub fn new(db: Db, clock: Clock, workers: usize) -> Self {
        let (settlements, settled) = mpsc::unbounded_channel();
        Self(Arc::new(Inner {
            db,
            clock,
            workers,
            name: Uuid::new_v4().simple().to_string(),
            registry: Mutex::default(),
            active: Mutex::default(),
            hurry: Notify::new(),
            holds: Holds::default(),
            buffer: worker::Buffer::default(),
            load: AtomicUsize::new(0),
            pace: AtomicU64::new(worker::micros(worker::SLOW)),
            settlements,
            settled: Mutex::new(Some(settled)),
            closed: CancellationToken::new(),
            closed_at: OnceLock::new(),
            ended: CancellationToken::new(),
            tasks: Mutex::default(),
        }))
    }

    /// Sets the tasks to work, once.
    pub fn start(&self, registry: Registry) {
        let inner = &self.0;
        *lock(&inner.registry) = Arc::new(registry);
        let Some(settled) = lock(&inner.settled).take() else { return };
        let mut tasks = lock(&inner.tasks);
        tasks.push(tokio::spawn(settle::run(inner.clone(), settled)));
        tasks.push(tokio::spawn(lease::keep(inner.clone())));
        tasks.push(tokio::spawn(wake::tell(inner.clone())));
        if inner.workers == 0 {
            return;
        }
        tasks.push(tokio::spawn(wake::listen(inner.clone())));
        tasks.push(tokio::spawn(wake::look(inner.clone())));
        tasks.push(tokio::spawn(lease::rescue(inner.clone())));
        tasks.push(tokio::spawn(dispatch::run(inner.clone())));
        tasks.extend((0..inner.workers).map(|_| tokio::spawn(worker::work(inner.clone()))));
    }

    /// Whether all of its tasks are at work.
    pub fn is_alive(&self) -> bool {
        lock(&self.0.tasks).iter().all(|task| !task.is_finished())
    }

    /// Claims no more and gives back at once what has not begun.
    pub fn close(&self) {
        self.0.closed_at.get_or_init(Instant::now);
        self.0.closed.cancel();
    }

    /// Lets running jobs end, gives back those that do not within 30 s of closing, and stops.
    pub async fn stop(&self) {
        self.close();
        let inner = &self.0;
        let closed_at = *inner.closed_at.get_or_init(Instant::now);
        let left = GRACE.saturating_sub(closed_at.elapsed());
        if tokio::time::timeout(left, inner.holds.emptied()).await.is_err() {
            tracing::warn!("some jobs did not end in time and are given back");
            inner.holds.abort_all();
            if tokio::time::timeout(LAST_WORDS, inner.holds.emptied()).await.is_err() {
                tracing::warn!("some jobs cannot be stopped: they run again when their leases lapse");
            }
        }
        inner.ended.cancel();
        let tasks = std::mem::take(&mut *lock(&inner.tasks));
        for task in tasks {
            if let Err(error) = task.await {
                tracing::error!(%error, "a task of the queue failed");
            }
        }
        // Handlers may hold what holds the queue.
        *lock(&inner.registry) = Arc::default();
    }

    /// Runs the job that waits for this, or waits for the one that runs already. The job goes on where the
    /// caller does not wait for it.
    pub async fn run_now(&self, tenant: TenantId, kind: &str, ticket: TicketId) -> Result<End, Error> {
        let subject = Subject { tenant, kind: kind.to_owned(), ticket };
        let inner = self.0.clone();
        // A task of its own: a claim must not be forgotten half way.
        let task = tokio::spawn(async move { inner.run_now(subject).await });
        task.await.map_err(Error::internal)?
    }

    /// Runs every job that is due, of one tenant or of all, until none is. Returns how many ran.
    pub async fn drain(&self, tenant: Option<TenantId>) -> Result<usize, Error> {
        dispatch::drain(&self.0, tenant).await
    }
}

impl Inner {
    async fn run_now(self: Arc<Self>, subject: Subject) -> Result<End, Error> {
        loop {
            if let Some(end) = self.holds.follow(&subject) {
                return Ok(end.await.unwrap_or(End::Failed));
            }
            let now = self.clock.now();
            let claimed = queue::claim_ticket(&self.db, &subject, now, now + lease::LENGTH).await?;
            if let Some(job) = claimed {
                let end = self.holds.take(&job, now + lease::LENGTH);
                worker::run(&self, job).await;
                return Ok(end.await.unwrap_or(End::Failed));
            }
            match queue::ticket_job(&self.db, &subject).await? {
                None => return Ok(End::Absent),
                // Ours since a moment ago, or another process's.
                Some((job, JobState::Running)) => {
                    if self.holds.has(job) {
                        continue;
                    }
                    if let Some(end) = self.follow(&subject, job).await? {
                        return Ok(end);
                    }
                }
                // It came in this moment.
                Some(_) => {}
            }
        }
    }

    /// Waits until another process's job has ended; `None` where it waits again and has not failed.
    async fn follow(&self, subject: &Subject, job: queue::JobId) -> Result<Option<End>, Error> {
        loop {
            tokio::time::sleep(FOLLOW).await;
            match queue::state(&self.db, subject.tenant, job).await? {
                Some(JobState::Running) => {}
                Some(JobState::Completed) => return Ok(Some(End::Completed)),
                Some(JobState::Available) => return Ok(None),
                _ => return Ok(Some(End::Failed)),
            }
        }
    }

    fn registry(&self) -> Arc<Registry> {
        lock(&self.registry).clone()
    }

    /// How many jobs more than there are workers are claimed ahead: none unless jobs take milliseconds.
    fn prefetch(&self) -> usize {
        worker::prefetch(self.workers, Duration::from_micros(self.pace.load(Ordering::Relaxed)))
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
