//! Servers: one for most tests, or one of a test's own.

use std::path::PathBuf;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use clap::Parser;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};
use tessera::{Clock, Config, Registry, Running};

use super::client::Client;
use super::cluster;

/// The key of own tokens in tests.
pub const SECRET: &str = "a secret of tests, forty bytes at least!";

/// A server at work.
pub struct Server {
    pub url: String,
    pub clock: Clock,
    /// Under which the server's statements stand in PostgreSQL's log.
    pub name: String,
    /// The database that it works on, where that is one of the shared cluster.
    pub database: String,
    pub running: Running,
}

#[derive(Parser)]
struct Flags {
    #[command(flatten)]
    config: Config,
}

impl Server {
    /// The server of every test that needs nothing of its own: no moved clock, no counted statements.
    pub fn shared() -> &'static Self {
        static SHARED: OnceLock<Server> = OnceLock::new();
        SHARED.get_or_init(|| apart(Self::start))
    }

    /// A server with a clock and connections of its own, on the shared database.
    pub async fn start() -> Self {
        Self::with(&[]).await
    }

    /// The same with further flags.
    pub async fn with(flags: &[&str]) -> Self {
        Self::on("tessera", flags).await
    }

    /// The same on another database of the cluster.
    pub async fn on(database: &str, flags: &[&str]) -> Self {
        let name = new_name();
        Self::at(&cluster::url(database, &name), name, flags).await
    }

    /// The same on any database.
    #[expect(clippy::unused_async, reason = "starting a server is awaited everywhere")]
    pub async fn at(url: &str, name: String, flags: &[&str]) -> Self {
        Self::working_at(url, name, flags, Registry::default())
    }

    /// A server with kinds of jobs of a test's own, on a database of the cluster.
    pub fn working(database: &str, flags: &[&str], registry: Registry) -> Self {
        let name = new_name();
        Self::working_at(&cluster::url(database, &name), name, flags, registry)
    }

    fn working_at(url: &str, name: String, flags: &[&str], registry: Registry) -> Self {
        let workers = if flags.contains(&"--workers") { &[][..] } else { &["--workers", "0"] };
        let data = data_dir().display().to_string();
        let given = ["test", "--database-url", url, "--listen", "127.0.0.1:0", "--jwt-secret", SECRET];
        let given = [&given[..], &["--data-dir", &data]].concat();
        let flags = Flags::parse_from(given.iter().chain(workers).chain(flags));
        let clock = Clock::default();
        let running =
            apart(|| Running::on_with(flags.config, clock.clone(), registry)).expect("the server starts");
        Self { url: format!("http://{}", running.address), clock, name, database: "tessera".into(), running }
    }

    /// The same on a fresh database, for what concerns every tenant of one, such as maintenance and jobs.
    pub async fn alone() -> Self {
        Self::alone_with(&[]).await
    }

    /// The same with further flags.
    pub async fn alone_with(flags: &[&str]) -> Self {
        let database = cluster::new_database().await;
        let server = Self::on(&database, flags).await;
        Self { database, ..server }
    }

    /// Works every job that is due to its end. For a server of the test's own: what it connects, ends with the test.
    pub async fn run_jobs(&self) {
        self.running.run_jobs(None).await.expect("the jobs run");
    }

    /// A fresh tenant, seen as its administrator.
    pub async fn new_tenant(&self) -> Client {
        static TENANTS: AtomicUsize = AtomicUsize::new(0);
        let slug = format!("tenant-{}", TENANTS.fetch_add(1, Ordering::Relaxed));
        apart(|| self.running.create_tenant(&slug)).expect("the tenant is made");
        let scout = Client::new(&self.url, &slug, Some(token(&slug, "integration:scout", "integration")));
        let admin = scout.get("/api/mind/profiles").await.body[0]["id"].as_i64().expect("an administrator");
        scout.with_token(&token(&slug, &admin.to_string(), "admin"))
    }

    /// A LiveDesk key and its secret, with a colon between.
    pub fn new_api_key(&self, slug: &str) -> String {
        let made = apart(|| async {
            let made = self.running.create_api_key(slug, &new_program()).await;
            made.map_err(|error| error.to_string())
        });
        let (key, secret) = made.expect("the key is made");
        format!("{key}:{secret}")
    }

    /// A SocialBoards client id and its refresh token.
    pub fn new_refresh_token(&self, slug: &str) -> (String, String) {
        let made = apart(|| async {
            let made = self.running.create_refresh_token(slug, &new_program()).await;
            made.map_err(|error| error.to_string())
        });
        made.expect("the token is made")
    }

    /// Somebody without a credential.
    pub fn stranger(&self) -> Client {
        Client::new(&self.url, "", None)
    }

    /// The statements that this server has sent so far, those aside that only open, close or set a
    /// transaction.
    pub fn statements(&self) -> Vec<String> {
        statements(&self.name)
    }

    /// The same of its part in the queue.
    pub fn queue_statements(&self) -> Vec<String> {
        statements(&format!("{} queue", self.name))
    }
}

fn statements(application: &str) -> Vec<String> {
    let log = cluster::log();
    let prefix = format!("{application}|");
    let lines = log.lines().filter_map(|line| line.strip_prefix(&prefix));
    let sent = lines.filter_map(|line| {
        let statement = line.strip_prefix("LOG:  ")?;
        let (kind, text) = statement.split_once(": ")?;
        (kind.starts_with("execute") || kind.starts_with("statement")).then(|| text.trim().to_owned())
    });
    let frame = |text: &str| {
        ["begin", "commit", "rollback", "set "]
            .iter()
            .any(|word| text.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word)))
    };
    sent.filter(|text| !frame(text)).collect()
}

/// The data directory of every server here.
pub fn data_dir() -> PathBuf {
    cluster::shared().dir.join("files")
}

fn new_name() -> String {
    static SERVERS: AtomicUsize = AtomicUsize::new(0);
    format!("server{}x", SERVERS.fetch_add(1, Ordering::Relaxed))
}

/// A name for a program that no other has.
fn new_program() -> String {
    static PROGRAMS: AtomicUsize = AtomicUsize::new(0);
    format!("program-{}", PROGRAMS.fetch_add(1, Ordering::Relaxed))
}

/// Runs on the runtime that outlives every test: a connection dies with the runtime that opened it, and
/// the server keeps its connections.
fn apart<W: Future<Output: Send>>(work: impl FnOnce() -> W + Send) -> W::Output {
    std::thread::scope(|scope| {
        scope.spawn(|| cluster::shared().runtime.block_on(work())).join().expect("it ends without a panic")
    })
}

/// A token as the server itself would make it.
pub fn token(tenant: &str, sub: &str, role: &str) -> String {
    sign(&json!({ "tenant": tenant, "sub": sub, "role": role, "exp": 4_000_000_000_i64 }))
}

/// Signs any claims with the server's key.
pub fn sign(claims: &Value) -> String {
    let key = EncodingKey::from_secret(SECRET.as_bytes());
    jsonwebtoken::encode(&Header::new(Algorithm::HS256), claims, &key).unwrap()
}
