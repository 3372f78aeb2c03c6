//! A private cluster, servers on it, and jobs for them.

use std::error::Error;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use clap::Parser;
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{AssertSqlSafe, ConnectOptions, Executor};
use tessera::{Clock, Cluster, ClusterSettings, Config, Outcome, Registry, Running};
use tokio::sync::Notify;

pub const SECRET: &str = "a secret of benches, forty bytes at the least";

#[derive(Parser)]
struct Flags {
    #[command(flatten)]
    config: Config,
}

/// How many jobs wait at the least while they flow.
const BACKLOG: u64 = 20_000;
/// How long the rate of a flow is measured.
const LAST_PART: Duration = Duration::from_secs(20);

pub struct Desk {
    cluster: Cluster,
    superuser: PgConnectOptions,
    pub socket: PathBuf,
    data_dir: PathBuf,
}

impl Desk {
    /// A cluster with PostgreSQL's own durability, and a tenant.
    pub async fn start() -> Result<Self, Box<dyn Error>> {
        let data_dir = std::env::temp_dir().join(format!("tessera-bench-queue-{}", std::process::id()));
        let settings = ClusterSettings { data_dir: data_dir.clone(), ..ClusterSettings::default() };
        let cluster = Cluster::start(&settings).await?;
        let options = cluster.connect_options();
        let socket = options.get_socket().cloned().ok_or("the cluster has no socket")?;
        let desk = Self { cluster, superuser: options.username("postgres"), socket, data_dir };
        let server = desk.serve(0, Registry::default()).await?;
        server.create_tenant("bench").await.map_err(|error| error.to_string())?;
        server.stop().await;
        Ok(desk)
    }

    pub async fn serve(&self, workers: usize, registry: Registry) -> Result<Running, Box<dyn Error>> {
        let socket = self.socket.display().to_string().replace('/', "%2F");
        let url = format!("postgres://tessera@{socket}/tessera");
        let workers = workers.to_string();
        let data_dir = self.data_dir.display().to_string();
        let flags = ["bench", "--database-url", &url, "--listen", "127.0.0.1:0", "--jwt-secret", SECRET];
        let flags = flags.into_iter().chain(["--workers", &workers, "--data-dir", &data_dir]);
        let config = Flags::parse_from(flags).config;
        Ok(Running::on_with(config, Clock::default(), registry).await.map_err(|error| error.to_string())?)
    }

    /// Jobs per second from the first that starts until all are settled.
    pub async fn throughput(&self, workers: usize, jobs: u64) -> Result<f64, Box<dyn Error>> {
        self.enqueue(jobs).await?;
        let (done, all_done) = (Arc::new(AtomicU64::new(0)), Arc::new(Notify::new()));
        let started = Arc::new(std::sync::OnceLock::new());
        let (counted, told, began) = (done.clone(), all_done.clone(), started.clone());
        let registry = Registry::default().with("empty", move |_| {
            began.get_or_init(Instant::now);
            if counted.fetch_add(1, Ordering::Relaxed) + 1 == jobs {
                told.notify_one();
            }
            std::future::ready(Ok(Outcome::Completed))
        });
        let server = self.serve(workers, registry).await?;
        tokio::time::timeout(Duration::from_mins(2), all_done.notified())
            .await
            .map_err(|_| format!("only {} of {jobs} jobs ran", done.load(Ordering::Relaxed)))?;
        server.stop().await;
        let took = started.get().ok_or("no job ran")?.elapsed();
        let left: i64 = sqlx::query_scalar("select count(*) from job where kind = 'empty'")
            .fetch_one(&mut self.connect().await?)
            .await?;
        if left > 0 {
            return Err(format!("{left} jobs are left").into());
        }
        Ok(f64::from(u32::try_from(jobs)?) / took.as_secs_f64())
    }

    /// Jobs per second of one server that never runs out of them, over the last part of so long a time.
    pub async fn flow(&self, workers: usize, length: Duration) -> Result<f64, Box<dyn Error>> {
        let done = Arc::new(AtomicU64::new(0));
        let counted = done.clone();
        let registry = Registry::default().with("empty", move |_| {
            counted.fetch_add(1, Ordering::Relaxed);
            std::future::ready(Ok(Outcome::Completed))
        });
        let server = self.serve(workers, registry).await?;
        let began = Instant::now();
        let mut asked = 0;
        let mut last_part = None;
        while began.elapsed() < length {
            let now = done.load(Ordering::Relaxed);
            if asked < now + BACKLOG {
                // Each asks for another ticket, as new messages do, and the server hears of it as from another one.
                self.execute(&format!(
                    "insert into job (tenant_id, kind, ticket_id, scope, lane, state, max_attempts, scheduled_at, created_at)
                     select 1, 'empty', {asked} + n, '{{full}}', 'background', 'available', 5, clock_timestamp(), now()
                     from generate_series(1, {BACKLOG}) n;
                     select pg_notify('tessera_jobs', 'bench 1/background/' || (extract(epoch from now() - interval '1 s') * 1e6)::bigint)"
                ))
                .await?;
                asked += BACKLOG;
            } else {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            if last_part.is_none() && began.elapsed() + LAST_PART >= length {
                last_part = Some((Instant::now(), now));
            }
        }
        let (since, before) = last_part.ok_or("the time is too short")?;
        let rate =
            f64::from(u32::try_from(done.load(Ordering::Relaxed) - before)?) / since.elapsed().as_secs_f64();
        server.stop().await;
        self.execute("delete from job").await?;
        Ok(rate)
    }

    pub async fn enqueue(&self, jobs: u64) -> Result<(), Box<dyn Error>> {
        self.execute(&format!(
            "insert into job (tenant_id, kind, ticket_id, scope, lane, state, max_attempts, scheduled_at, created_at)
             select 1, 'empty', n, '{{full}}', 'background', 'available', 5, clock_timestamp(), now()
             from generate_series(1, {jobs}) n; checkpoint"
        ))
        .await
    }

    /// Rows that wait for another day, and rows that are over.
    pub async fn fill(&self, rows: u64) -> Result<(), Box<dyn Error>> {
        self.execute(&format!(
            "insert into job (tenant_id, kind, ticket_id, scope, lane, state, max_attempts, scheduled_at, created_at)
             select 1, 'later', n, '{{full}}', 'background', 'scheduled', 5, now() + n * interval '1 second' + interval '1 day', now()
             from generate_series(1, {rows}) n;
             insert into job_history (tenant_id, id, kind, ticket_id, scope, lane, state, attempt, max_attempts,
                scheduled_at, created_at, finalized_at, errors)
             select 1, -n, 'empty', n, '{{full}}', 'background', 'completed', 1, 5, now(), now(), now(), '[]'
             from generate_series(1, {rows}) n"
        ))
        .await?;
        self.execute("vacuum analyze job").await?;
        self.execute("vacuum analyze job_history").await?;
        self.execute("checkpoint").await
    }

    pub async fn clear(&self) -> Result<(), Box<dyn Error>> {
        self.execute("truncate job, job_history").await
    }

    /// How many jobs are over.
    pub async fn finished(&self) -> Result<i64, Box<dyn Error>> {
        let mut connection = self.connect().await?;
        Ok(sqlx::query_scalar("select count(*) from job_history").fetch_one(&mut connection).await?)
    }

    /// A transaction that looks at the database as it is now, for as long as it is kept.
    pub async fn hold_snapshot(&self) -> Result<PgConnection, Box<dyn Error>> {
        let mut connection = self.connect().await?;
        connection.execute("begin isolation level repeatable read; select count(*) from tenant").await?;
        Ok(connection)
    }

    pub async fn stop(self) -> Result<(), Box<dyn Error>> {
        self.cluster.stop().await?;
        Ok(std::fs::remove_dir_all(&self.data_dir)?)
    }

    async fn execute(&self, sql: &str) -> Result<(), Box<dyn Error>> {
        // Several statements, and among them such as refuse a transaction.
        for statement in sql.split(';') {
            self.connect().await?.execute(AssertSqlSafe(statement)).await?;
        }
        Ok(())
    }

    async fn connect(&self) -> Result<PgConnection, sqlx::Error> {
        self.superuser.connect().await
    }
}
