//! All SQL. The only folder that can send a statement.
//!
//! Outside it there are two ways to data, both tagged with a tenant: [`TenantDb::connect`] for one
//! read and [`TenantDb::begin`] for a change. Statements across tenants are functions of
//! [`credentials`], [`tenants`], [`maintenance`] and [`queue`] and of no other file.

pub mod activity;
pub mod agents;
pub mod ai_agents;
pub mod analysis;
pub mod attachments;
pub mod contact_search;
pub mod contacts;
pub mod credentials;
pub mod demo;
pub mod details;
pub mod directory;
pub mod intents;
pub mod maintenance;
pub mod messages;
pub mod names;
pub mod new_tickets;
mod people;
mod pool;
pub mod queue;
pub mod references;
pub mod schema;
pub mod settings;
pub mod subchannels;
pub mod tags;
pub mod teams;
pub mod tenants;
pub mod ticket_cards;
pub mod ticket_log;
pub mod ticket_rows;
pub mod ticket_view;
pub mod tickets;
mod time;
pub mod uploads;

use std::ops::{Deref, DerefMut};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use sqlx::pool::PoolOptions;
use sqlx::postgres::{PgConnectOptions, PgConnection, PgPool};
use sqlx::{AssertSqlSafe, Executor};

use self::pool::{Lent, Pool, PoolSettings};
use self::queue::{Alarm, Enqueued};
use self::references::TagEffects;
use crate::domain::id::TenantId;
use crate::domain::job::Lane;

/// How long a connection may rest before it is tested ahead of its next use.
const TRUSTED_IDLE: Duration = Duration::from_secs(5);
/// Of how many tags it is remembered what they do: some 100 bytes each.
const TAG_EFFECTS: u64 = 10_000;

/// How many connections the database is reached with, and how long anything may take.
#[derive(Debug, Clone)]
pub struct Limits {
    pub pool: u32,
    pub acquire: Duration,
    pub lock: Duration,
    pub statement: Duration,
}

/// The database. Its pools are private: see the module's documentation for the ways in.
#[derive(Debug, Clone)]
pub struct Db {
    /// Connections of the role that the tenants' policy binds.
    app: Pool,
    /// A few connections of the role that sees across tenants, and only a handful of tables.
    system: Pool,
    /// The same role's connections for the queue, so that claiming jobs and looking up credentials do not
    /// wait for each other.
    queue: Pool,
    /// The one connection that hears of jobs of other processes. sqlx's listener asks for a pool of its own.
    listen: PgPool,
    enqueued: Enqueued,
    tag_effects: Arc<TagEffects>,
}

impl Db {
    /// Prepares the pools; connects when first used.
    pub fn open(options: &PgConnectOptions, limits: &Limits) -> Self {
        // So that an administrator can tell them apart.
        let name = format!("{} queue", options.get_application_name().unwrap_or_default());
        let workers = options.clone().application_name(&name);
        Self {
            app: pool(options, limits, schema::APP_ROLE, PLANS, limits.pool, TRUSTED_IDLE),
            // Seldom used, and its callers do not try again as `begin` does: every use is tested.
            system: pool(options, limits, schema::SYSTEM_ROLE, PLANS, 2, Duration::ZERO),
            queue: pool(&workers, limits, schema::SYSTEM_ROLE, QUEUE_PLANS, 3, TRUSTED_IDLE),
            listen: listening(workers, limits),
            enqueued: Enqueued::default(),
            tag_effects: Arc::new(TagEffects::new(TAG_EFFECTS)),
        }
    }

    /// What was enqueued through this and its clones.
    pub fn enqueued(&self) -> &Enqueued {
        &self.enqueued
    }

    /// One tenant's data.
    pub fn tenant(&self, tenant: TenantId) -> TenantDb {
        TenantDb { db: self.clone(), tenant }
    }

    /// Waits until every connection is given back, and closes them.
    pub async fn close(&self) {
        self.app.close().await;
        self.system.close().await;
        self.queue.close().await;
        self.listen.close().await;
    }

    async fn begin(&self, tenant: TenantId, durability: &str) -> Result<TenantConn, sqlx::Error> {
        let batch: Arc<str> = format!("begin; set local app.tenant_id = '{tenant}'{durability}").into();
        // After the database was away, the pool may hold connections that died meanwhile. Nothing
        // has happened in them yet, so that the next one can take over.
        let mut stale = self.app.size();
        loop {
            match self.app.begin(&batch).await {
                Ok(connection) => return Ok(TenantConn::new(tenant, connection, self)),
                Err(sqlx::Error::Io(_)) if stale > 0 => stale -= 1,
                Err(sqlx::Error::Database(error)) if stale > 0 && is_shutdown(&*error) => stale -= 1,
                Err(error) => return Err(error),
            }
        }
    }

    async fn system(&self) -> Result<Lent, sqlx::Error> {
        self.system.acquire().await
    }

    async fn queue(&self) -> Result<Lent, sqlx::Error> {
        self.queue.acquire().await
    }
}

/// One tenant's door to its data.
#[derive(Debug, Clone)]
pub struct TenantDb {
    db: Db,
    tenant: TenantId,
}

impl TenantDb {
    /// A transaction for reading; it ends when it is dropped.
    pub async fn connect(&self) -> Result<TenantConn, sqlx::Error> {
        self.db.begin(self.tenant, "").await
    }

    /// A transaction for a change, which is there only after [`TenantTx::commit`].
    pub async fn begin(&self) -> Result<TenantTx, sqlx::Error> {
        Ok(TenantTx::new(self.db.begin(self.tenant, "").await?, &self.db))
    }

    /// As [`TenantDb::begin`], for what a crash of the database may take back, such as the note
    /// that somebody looked at a ticket: the commit does not wait for the disk.
    pub async fn begin_unhurried(&self) -> Result<TenantTx, sqlx::Error> {
        let batch = "; set local synchronous_commit = off";
        Ok(TenantTx::new(self.db.begin(self.tenant, batch).await?, &self.db))
    }
}

/// A transaction that sees one tenant.
#[derive(Debug)]
pub struct TenantConn {
    tenant: TenantId,
    connection: Lent,
    tag_effects: Arc<TagEffects>,
}

impl TenantConn {
    fn new(tenant: TenantId, connection: Lent, db: &Db) -> Self {
        Self { tenant, connection, tag_effects: db.tag_effects.clone() }
    }

    /// The tenant, for `tenant_id = $1`.
    pub fn tenant(&self) -> TenantId {
        self.tenant
    }

    /// The connection, for one statement.
    fn raw(&mut self) -> &mut PgConnection {
        count_statement();
        &mut self.connection
    }

    /// Ends the transaction after its last statement. Who waits for a connection goes on with it at once.
    pub fn end(self) {
        self.connection.done();
    }
}

/// A transaction that changes one tenant.
#[derive(Debug)]
pub struct TenantTx {
    connection: TenantConn,
    /// The earliest time of the jobs that were enqueued into each lane.
    jobs: Vec<(Lane, Timestamp)>,
    enqueued: Enqueued,
}

impl TenantTx {
    fn new(connection: TenantConn, db: &Db) -> Self {
        Self { connection, jobs: Vec::new(), enqueued: db.enqueued.clone() }
    }

    /// Makes the change durable, and wakes who works the jobs that come with it.
    pub async fn commit(self) -> Result<(), sqlx::Error> {
        let tenant = self.connection.tenant;
        self.connection.connection.commit().await?;
        for (lane, from) in self.jobs {
            self.enqueued.post(Alarm { tenant, lane, from });
        }
        Ok(())
    }

    /// Notes that a statement of this transaction enqueued jobs.
    fn note_jobs(&mut self, lane: Lane, from: Timestamp) {
        self.jobs.push((lane, from));
    }
}

impl Deref for TenantTx {
    type Target = TenantConn;

    fn deref(&self) -> &TenantConn {
        &self.connection
    }
}

impl DerefMut for TenantTx {
    fn deref_mut(&mut self) -> &mut TenantConn {
        &mut self.connection
    }
}

/// Counts a statement that is about to be sent.
fn count_statement() {
    metrics::counter!("tessera_sql_statements_total").increment(1);
}

fn is_shutdown(error: &dyn sqlx::error::DatabaseError) -> bool {
    // admin_shutdown, crash_shutdown, cannot_connect_now
    error.code().is_some_and(|code| ["57P01", "57P02", "57P03"].contains(&&*code))
}

/// Statements here are keyed and known in advance. Their plans are made once: to plan the full view takes
/// longer than to run it. And a plan made while a table was small, above all a foreign key's, must not
/// read the whole table after it has grown. Compiling plans pays for none.
const PLANS: &str = "set plan_cache_mode = force_generic_plan; set enable_seqscan = off; set jit = off";
/// The queue's table goes from empty to a million rows and back between two looks of the statistics: what it is
/// asked for is always found one by one, in the order of an index.
const QUEUE_PLANS: &str = "set plan_cache_mode = force_generic_plan; set enable_seqscan = off; set jit = off; \
     set enable_hashjoin = off; set enable_mergejoin = off; set enable_bitmapscan = off; set enable_sort = off";

fn pool(
    options: &PgConnectOptions,
    limits: &Limits,
    role: &str,
    plans: &str,
    size: u32,
    trusted: Duration,
) -> Pool {
    // Readers go on in each other's transactions, and writers read what was committed while they waited for a
    // lock: every statement sees what is there when it begins.
    let setup = format!(
        "set role {role}; {plans}; set default_transaction_isolation = 'read committed'; set lock_timeout = {}; \
         set statement_timeout = {}",
        limits.lock.as_millis(),
        limits.statement.as_millis()
    );
    Pool::new(PoolSettings {
        options: options.clone(),
        setup,
        size,
        acquire: limits.acquire,
        // A ping before every use would cost a round trip; only one that rested is suspect.
        trusted,
        // A statement ends by its own limit before.
        drain: limits.statement + limits.acquire,
    })
}

fn listening(options: PgConnectOptions, limits: &Limits) -> PgPool {
    PoolOptions::new()
        .max_connections(1)
        .acquire_timeout(limits.acquire)
        .after_connect(|connection: &mut PgConnection, _| {
            let setup = format!("set role {}", schema::SYSTEM_ROLE);
            Box::pin(async move { connection.execute(AssertSqlSafe(setup)).await.map(drop) })
        })
        .connect_lazy_with(options)
}
