//! One PostgreSQL cluster for all tests of this process. It ends with the process; its files lie in
//! the temporary folder, and the next run sweeps up what a dead one left.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Executor};
use tessera::{Cluster, ClusterSettings};
use tokio::runtime::Runtime;

/// How the folders of runs are named.
const PREFIX: &str = "tessera-tests-";

/// What the tests share.
pub struct Shared {
    /// Outlives every test's own runtime.
    pub runtime: Runtime,
    pub options: PgConnectOptions,
    pub log: PathBuf,
    /// For files of tests; swept up with the cluster's.
    pub dir: PathBuf,
    /// Held, so that another run does not sweep the folder up.
    _lock: File,
    _cluster: Cluster,
}

pub fn shared() -> &'static Shared {
    static SHARED: OnceLock<Shared> = OnceLock::new();
    SHARED.get_or_init(|| std::thread::spawn(start).join().expect("the cluster starts"))
}

fn start() -> Shared {
    let runtime = Runtime::new().unwrap();
    let parent = std::env::temp_dir();
    sweep(&parent);
    // Directly in the temporary folder: a folder between would belong to whoever ran the tests first.
    let dir = parent.join(format!("{PREFIX}{}", std::process::id()));
    fs::create_dir_all(&dir).unwrap();
    // Under its name only once it is held, or a run that starts in this moment sweeps the folder up.
    let draft = dir.join("lock.new");
    let lock = File::create(&draft).unwrap();
    lock.lock().unwrap();
    fs::rename(&draft, dir.join("lock")).unwrap();
    let option = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let settings = ClusterSettings {
        data_dir: dir.clone(),
        server_options: vec![
            option("fsync", "off"),
            option("max_connections", "1000"),
            option("log_statement", "all"),
            option("log_parameter_max_length", "0"),
            option("log_line_prefix", "%a|"),
        ],
        ..ClusterSettings::default()
    };
    let cluster = runtime.block_on(Cluster::start(&settings)).expect("PostgreSQL starts");
    Shared {
        options: cluster.connect_options(),
        log: cluster.log_file().to_owned(),
        dir,
        runtime,
        _lock: lock,
        _cluster: cluster,
    }
}

/// Removes what runs left that are no more: their lock is free.
fn sweep(parent: &Path) {
    for entry in fs::read_dir(parent).into_iter().flatten().flatten() {
        if !entry.file_name().to_string_lossy().starts_with(PREFIX) {
            continue;
        }
        let free = File::open(entry.path().join("lock")).is_ok_and(|lock| lock.try_lock().is_ok());
        if free {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

/// What PostgreSQL has logged so far.
pub fn log() -> String {
    fs::read_to_string(&shared().log).unwrap()
}

/// A URL that reaches a database of the cluster under a name of its own.
pub fn url(database: &str, application: &str) -> String {
    url_of(&shared().options, database, application)
}

/// The same for any cluster.
pub fn url_of(options: &PgConnectOptions, database: &str, application: &str) -> String {
    let socket = options.get_socket().expect("the cluster listens on a socket").display().to_string();
    let socket = socket.replace('/', "%2F");
    format!("postgres://tessera@{socket}/{database}?application_name={application}")
}

/// Settings of another cluster, for a test that stops it.
pub fn own_cluster(name: &str) -> ClusterSettings {
    ClusterSettings {
        data_dir: shared().dir.join(name),
        server_options: vec![("fsync".to_owned(), "off".to_owned())],
        ..ClusterSettings::default()
    }
}

/// A database that nobody else uses; empty.
pub async fn new_database() -> String {
    static DATABASES: AtomicUsize = AtomicUsize::new(0);
    let name = format!("alone{}", DATABASES.fetch_add(1, Ordering::Relaxed));
    let mut connection = shared().options.connect().await.unwrap();
    connection.execute(AssertSqlSafe(format!("create database {name}"))).await.unwrap();
    connection.close().await.unwrap();
    name
}

/// The database itself, behind the server's back: as the role that the server works as.
pub struct Backdoor {
    pub connection: PgConnection,
}

impl Backdoor {
    /// As the server's role in a transaction of this tenant.
    pub async fn of_tenant(slug: &str) -> Self {
        Self::of_tenant_in("tessera", slug).await
    }

    /// The same in another database of the cluster.
    pub async fn of_tenant_in(database: &str, slug: &str) -> Self {
        let mut connection = shared().options.clone().database(database).connect().await.unwrap();
        connection.execute("set role tessera_system").await.unwrap();
        let id: i64 = sqlx::query_scalar("select id from tenant where slug = $1")
            .bind(slug)
            .fetch_one(&mut connection)
            .await
            .unwrap();
        let enter = format!("set role tessera_app; begin; set local app.tenant_id = '{id}'");
        connection.execute(AssertSqlSafe(enter)).await.unwrap();
        Self { connection }
    }

    /// As the server's role of the few statements across tenants.
    pub async fn across_tenants() -> Self {
        let mut connection = shared().options.connect().await.unwrap();
        connection.execute("set role tessera_system").await.unwrap();
        Self { connection }
    }

    /// As the server's role in a transaction of no tenant.
    pub async fn of_nobody() -> Self {
        let mut connection = shared().options.connect().await.unwrap();
        connection.execute("set role tessera_app; begin").await.unwrap();
        Self { connection }
    }

    /// The first column of every row.
    pub async fn texts(&mut self, sql: &'static str) -> Vec<String> {
        sqlx::query_scalar(sql).fetch_all(&mut self.connection).await.unwrap()
    }

    /// A number.
    pub async fn number(&mut self, sql: &str) -> i64 {
        sqlx::query_scalar(AssertSqlSafe(sql)).fetch_one(&mut self.connection).await.unwrap()
    }

    /// Every row of the tenant by table, as text; when people were last seen is left out.
    pub async fn rows(&mut self) -> BTreeMap<String, Vec<String>> {
        let mut rows = BTreeMap::new();
        for table in self.tenant_tables().await {
            let shown = if table == "agent" { "to_jsonb(t) - 'last_seen_at'" } else { "to_jsonb(t)" };
            let select = format!("select ({shown})::text from {table} t order by 1");
            let all = sqlx::query_scalar(AssertSqlSafe(select)).fetch_all(&mut self.connection).await;
            rows.insert(table, all.unwrap());
        }
        rows
    }

    /// Every table that has a tenant, from the catalogue.
    pub async fn tenant_tables(&mut self) -> Vec<String> {
        self.texts(
            "select c.relname::text from pg_class c
             join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped
             where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') order by 1",
        )
        .await
    }

    /// The columns of a table that can be written, for a list in SQL.
    pub async fn columns(&mut self, table: &str) -> String {
        let select = format!(
            "select string_agg(attname, ', ' order by attnum) from pg_attribute
             where attrelid = '{table}'::regclass and attnum > 0 and not attisdropped and attgenerated = ''"
        );
        sqlx::query_scalar(AssertSqlSafe(select)).fetch_one(&mut self.connection).await.unwrap()
    }

    /// Holds what a statement locks until [`Backdoor::commit`].
    pub async fn hold(mut self, sql: &'static str) -> Self {
        self.connection.execute(sql).await.unwrap();
        self
    }

    /// Keeps what was written.
    pub async fn commit(mut self) {
        self.connection.execute("commit").await.unwrap();
        self.connection.close().await.unwrap();
    }
}
