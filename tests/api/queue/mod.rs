//! The queue, with kinds of jobs of the tests' own.

mod failing;
mod fairness;
mod leases;
mod requests;
mod running;

use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{AssertSqlSafe, ConnectOptions};
use tessera::{Claimed, JobError, Outcome, Registry};
use tokio::sync::{mpsc, oneshot};

use crate::support::{Client, Server, new_database, url};

/// How long anything may take that has to happen.
const SOON: Duration = Duration::from_secs(30);

type Answer = Result<Outcome, JobError>;

/// An attempt at a job, which goes on once the test says how it ends.
struct Attempt {
    job: Claimed,
    end: oneshot::Sender<Answer>,
}

impl Attempt {
    fn ticket(&self) -> i64 {
        self.job.subject.ticket.0
    }

    fn completes(self) {
        self.ends(Ok(Outcome::Completed));
    }

    fn ends(self, answer: Answer) {
        let _ = self.end.send(answer);
    }
}

/// The attempts at jobs of the kinds that a test works.
struct Attempts(mpsc::UnboundedReceiver<Attempt>);

impl Attempts {
    async fn next(&mut self) -> Attempt {
        tokio::time::timeout(SOON, self.0.recv()).await.expect("a job runs").unwrap()
    }

    fn none(&mut self) -> bool {
        self.0.try_recv().is_err()
    }
}

/// The kinds `probe` and `analyze_ticket`, worked by the test itself.
fn probe() -> (Registry, Attempts) {
    let (attempts, received) = mpsc::unbounded_channel();
    let handler = move |job: Claimed| {
        let attempts = attempts.clone();
        async move {
            let (end, answer) = oneshot::channel();
            attempts.send(Attempt { job, end }).unwrap();
            // Where the test forgets it, it never ends.
            match answer.await {
                Ok(answer) => answer,
                Err(_) => std::future::pending().await,
            }
        }
    };
    let registry = Registry::default().with("probe", handler.clone()).with("analyze_ticket", handler);
    (registry, Attempts(received))
}

/// A kind `probe` that is done at once and tells which ticket it was for.
fn reporting(work: Duration) -> (Registry, mpsc::UnboundedReceiver<(i64, i64)>) {
    let (reports, received) = mpsc::unbounded_channel();
    let registry = Registry::default().with("probe", move |job: Claimed| {
        let reports = reports.clone();
        async move {
            reports.send((job.subject.tenant.0, job.subject.ticket.0)).unwrap();
            if !work.is_zero() {
                tokio::time::sleep(work).await;
            }
            Ok(Outcome::Completed)
        }
    });
    (registry, received)
}

/// A database with a server that claims nothing by itself and a tenant.
struct Desk {
    database: String,
    server: Server,
    client: Client,
    tenant: i64,
}

impl Desk {
    async fn new() -> (Self, Attempts) {
        let (registry, attempts) = probe();
        (Self::with(registry).await, attempts)
    }

    async fn with(registry: Registry) -> Self {
        let database = new_database().await;
        let server = Server::working(&database, &["--workers", "0"], registry);
        let client = server.new_tenant().await;
        let tenant = tenant(&database, &client).await;
        Self { database, server, client, tenant }
    }

    /// Another process on the same database, with workers.
    fn worker(&self, workers: &str, registry: Registry) -> Server {
        Server::working(&self.database, &["--workers", workers], registry)
    }

    async fn enqueue(&self, lane: &str, first: i64, count: i64) {
        enqueue(&self.database, self.tenant, lane, first, count).await;
    }

    async fn texts(&self, sql: &str) -> Vec<String> {
        texts(&self.database, sql).await
    }

    /// Runs what is due, as far as the attempts are answered.
    fn run(&self) -> impl Future<Output = usize> {
        let done = self.server.running.run_jobs(None);
        async { tokio::time::timeout(SOON, done).await.expect("the jobs end").unwrap() }
    }

    /// Waits until a query has this one answer.
    async fn until(&self, sql: &str, wanted: &str) {
        let started = std::time::Instant::now();
        loop {
            let found = self.texts(sql).await;
            if found == [wanted] {
                return;
            }
            assert!(started.elapsed() < SOON, "{sql}: {found:?}, not {wanted}");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
}

async fn tenant(database: &str, client: &Client) -> i64 {
    let sql = format!("select id::text from tenant where slug = '{}'", client.tenant);
    texts(database, &sql).await[0].parse().unwrap()
}

/// Jobs of the kind `probe` for tickets from `first` on, due now, one after the other.
async fn enqueue(database: &str, tenant: i64, lane: &str, first: i64, count: i64) {
    let sql = format!(
        "insert into job (tenant_id, kind, ticket_id, scope, lane, state, max_attempts, scheduled_at, created_at)
         select {tenant}, 'probe', ticket, '{{a}}', '{lane}', 'available', 2, clock_timestamp(), now()
         from generate_series({first}, {}) as ticket returning 'x'",
        first + count - 1
    );
    texts(database, &sql).await;
}

/// The first column of every row, whoever's it is.
async fn texts(database: &str, sql: &str) -> Vec<String> {
    let options: PgConnectOptions = url(database, "test").parse().unwrap();
    let mut superuser: PgConnection = options.username("postgres").connect().await.unwrap();
    sqlx::query_scalar(AssertSqlSafe(sql)).fetch_all(&mut superuser).await.unwrap()
}

/// How every job stands: ticket, state, attempt.
const JOBS: &str = "select ticket_id || ' ' || state || ' ' || attempt from
    (select * from (select ticket_id, state, attempt, id from job
        union all select ticket_id, state, attempt, id from job_history) j order by ticket_id, id) j";
