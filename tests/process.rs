//! The program itself: started, asked, stopped and killed as an operator does it.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

#[path = "api/support/cluster.rs"]
#[expect(dead_code, reason = "what the black-box tests need besides")]
mod cluster;

use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, ConnectOptions, PgConnection};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const SECRET: &str = "a secret of tests, forty bytes at least!";
const TICKET: &str = "/api/mind/ticket";
/// How long anything may take that has to happen.
const SOON: Duration = Duration::from_mins(1);

/// A working directory of one test; every process that works in it must be gone when the test ends.
struct Home(PathBuf);

impl Home {
    fn new() -> Self {
        static HOMES: AtomicUsize = AtomicUsize::new(0);
        let name =
            format!("tessera-process-{}-{}", std::process::id(), HOMES.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        fs::create_dir(&path).unwrap();
        // PostgreSQL runs as another user where this is root's.
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        Self(path)
    }

    /// The program without any setting of whoever runs the tests.
    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tessera"));
        for (name, _) in std::env::vars_os() {
            let text = name.to_string_lossy();
            if text.starts_with("TESSERA_") || text.starts_with("PG") || text == "DATABASE_URL" {
                command.env_remove(&name);
            }
        }
        command.args(args).current_dir(&self.0).stdin(Stdio::null());
        command
    }

    fn run(&self, args: &[&str]) -> Done {
        self.run_with(&[], args)
    }

    fn run_with(&self, env: &[(&str, &str)], args: &[&str]) -> Done {
        Done::of(&self.command(args).envs(env.iter().copied()).output().unwrap())
    }

    /// A server on a free port, once it listens.
    fn serve(&self, env: &[(&str, &str)], args: &[&str]) -> Serving {
        let mut command = self.command(args);
        command.env("TESSERA_LISTEN", "127.0.0.1:0").envs(env.iter().copied());
        Serving::start(command)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// The processes that name this directory on their command line, or work in it.
    fn processes(&self) -> Vec<String> {
        let mut found = Vec::new();
        for entry in Path::new("/proc").read_dir().unwrap().filter_map(Result::ok) {
            let line = fs::read(entry.path().join("cmdline")).unwrap_or_default();
            let line = String::from_utf8_lossy(&line).replace('\0', " ");
            let cwd = fs::read_link(entry.path().join("cwd")).unwrap_or_default();
            if line.contains(&*self.0.to_string_lossy()) || cwd.starts_with(&self.0) {
                found.push(line);
            }
        }
        found
    }

    fn assert_no_process_left(&self) {
        wait_until("no process is left", || self.processes().is_empty());
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn wait_until(what: &str, mut is_so: impl FnMut() -> bool) {
    let start = Instant::now();
    while !is_so() {
        assert!(start.elapsed() < SOON, "{what}: not within {SOON:?}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// What came of a command.
#[derive(Debug)]
struct Done {
    code: Option<i32>,
    out: String,
    err: String,
}

impl Done {
    fn of(output: &Output) -> Self {
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        Self { code: output.status.code(), out: text(&output.stdout), err: text(&output.stderr) }
    }

    #[track_caller]
    fn succeeded(self) -> Self {
        assert_eq!(self.code, Some(0), "{self:?}");
        self
    }

    /// Exit 1 and one sentence, which says this.
    #[track_caller]
    fn failed_with(&self, words: &[&str]) {
        assert_eq!((self.code, &*self.out), (Some(1), ""), "{self:?}");
        let said: Vec<&str> = self.err.lines().collect();
        assert!(said.len() == 1 && said[0].starts_with("tessera: "), "{self:?}");
        for word in words {
            assert!(said[0].contains(word), "{word}: {self:?}");
        }
    }
}

/// A server at work in a process of its own; killed where a test forgets it.
struct Serving {
    child: Child,
    url: String,
    said: Arc<Mutex<Vec<String>>>,
}

impl Serving {
    fn start(mut command: Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let said = Arc::<Mutex<Vec<String>>>::default();
        let lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let heard = said.clone();
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                heard.lock().unwrap().push(line);
            }
        });
        let mut serving = Self { child, url: String::new(), said };
        wait_until("it listens", || {
            let ended = serving.child.try_wait().unwrap();
            assert!(ended.is_none(), "it ended: {ended:?} {:?}", serving.lines());
            let lines = serving.lines();
            let url = lines.iter().find_map(|line| line.strip_prefix("listening on "));
            url.unwrap_or_default().clone_into(&mut serving.url);
            !serving.url.is_empty()
        });
        assert!(serving.url.starts_with("http://127.0.0.1:"), "{}", serving.url);
        serving
    }

    fn lines(&self) -> Vec<String> {
        self.said.lock().unwrap().clone()
    }

    fn signal(&self, name: &str) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-s", name, &pid]).status().unwrap().success());
    }

    /// Waits for its end and returns the exit code.
    fn ended(&mut self) -> Option<i32> {
        let mut code = None;
        wait_until("it ends", || {
            self.child.try_wait().unwrap().inspect(|status| code = Some(status.code())).is_some()
        });
        code.unwrap()
    }

    /// Stops it as an operator does.
    #[track_caller]
    fn stop(mut self, signal: &str) {
        self.signal(signal);
        let code = self.ended();
        assert_eq!(code, Some(0), "{:?}", self.lines());
    }

    fn kill(mut self) {
        self.signal("KILL");
        self.ended();
    }

    async fn send(&self, method: &str, path: &str, token: &str, body: Option<Value>) -> (u16, Value) {
        let method = method.parse().unwrap();
        let request =
            reqwest::Client::new().request(method, format!("{}{path}", self.url)).bearer_auth(token);
        let request = match body {
            Some(body) => request.json(&body),
            None => request,
        };
        let reply = request.send().await.unwrap();
        (reply.status().as_u16(), reply.json().await.unwrap_or_default())
    }

    async fn create(&self, token: &str, subject: &str) -> i64 {
        let body = json!({ "channel": "email", "subject": subject });
        let (status, ticket) = self.send("POST", TICKET, token, Some(body)).await;
        assert_eq!(status, 200, "{ticket}");
        ticket["id"].as_i64().unwrap()
    }

    async fn subject(&self, token: &str, id: i64) -> Value {
        let (status, ticket) = self.send("GET", &format!("{TICKET}/{id}"), token, None).await;
        assert_eq!(status, 200, "{ticket}");
        ticket["subject"].clone()
    }

    /// Whether the token gets in.
    async fn status_for(&self, token: &str) -> u16 {
        self.send("GET", "/api/mind/tag", token, None).await.0
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A request as curl's command line says it.
struct Pasted {
    url: String,
    headers: Vec<(String, String)>,
    data: String,
}

impl Pasted {
    /// The one that the log of a start shows.
    fn from_log(lines: &[String]) -> Self {
        let shown: Vec<&String> = lines.iter().filter(|line| line.contains("curl ")).collect();
        assert_eq!(shown.len(), 1, "{lines:?}");
        let mut words = words(&shown[0][shown[0].find("curl ").unwrap()..]).into_iter().skip(1);
        let mut pasted = Self { url: String::new(), headers: Vec::new(), data: String::new() };
        while let Some(word) = words.next() {
            match &*word {
                "-s" => {}
                "-H" => {
                    let header = words.next().unwrap();
                    let (name, value) = header.split_once(": ").unwrap();
                    pasted.headers.push((name.to_owned(), value.to_owned()));
                }
                "-d" => pasted.data = words.next().unwrap(),
                _ => pasted.url = word,
            }
        }
        pasted
    }

    async fn send(&self) -> (u16, Value) {
        let mut request = reqwest::Client::new().post(&self.url).body(self.data.clone());
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        let reply = request.send().await.unwrap();
        (reply.status().as_u16(), reply.json().await.unwrap())
    }

    fn token(&self) -> &str {
        let header = self.headers.iter().find(|(name, _)| name == "Authorization").unwrap();
        header.1.strip_prefix("Bearer ").unwrap()
    }
}

/// A shell's words, single quotes understood.
fn words(line: &str) -> Vec<String> {
    let (mut words, mut word, mut quoted) = (Vec::new(), String::new(), false);
    for letter in line.chars() {
        match letter {
            '\'' => quoted = !quoted,
            ' ' if !quoted => words.push(std::mem::take(&mut word)),
            letter => word.push(letter),
        }
    }
    assert!(!quoted, "{line}");
    words.push(word);
    words.retain(|word| !word.is_empty());
    words
}

/// What a token says.
fn claims(token: &str) -> Value {
    let body = token.split('.').nth(1).unwrap();
    serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(body).unwrap()).unwrap()
}

/// A fresh database of the tests' cluster, as settings of a process.
async fn database() -> (String, [(String, String); 2]) {
    let url = cluster::url(&cluster::new_database().await, "process");
    let env =
        [("DATABASE_URL".to_owned(), url.clone()), ("TESSERA_JWT_SECRET".to_owned(), SECRET.to_owned())];
    (url, env)
}

fn borrow(env: &[(String, String); 2]) -> [(&str, &str); 2] {
    env.each_ref().map(|(name, value)| (&**name, &**value))
}

/// A number, whatever tenant its rows belong to.
async fn number(url: &str, sql: &str) -> i64 {
    let options: sqlx::postgres::PgConnectOptions = url.parse().unwrap();
    let mut superuser: PgConnection = options.username("postgres").connect().await.unwrap();
    sqlx::query_scalar(AssertSqlSafe(sql)).fetch_one(&mut superuser).await.unwrap()
}

#[tokio::test]
async fn a_first_start_needs_no_setting_and_no_stop_loses_a_ticket() {
    let home = Home::new();
    let first = home.serve(&[], &[]);
    let pasted = Pasted::from_log(&first.lines());
    assert_eq!(pasted.url, format!("{}{TICKET}", first.url));
    let (status, ticket) = pasted.send().await;
    assert_eq!(status, 200, "{ticket}");
    let (id, subject) = (ticket["id"].as_i64().unwrap(), ticket["subject"].clone());
    let token = pasted.token().to_owned();
    let key = home.path(".tessera/jwt.key");
    assert_eq!(fs::metadata(&key).unwrap().permissions().mode() & 0o777, 0o600);

    // The demo tenant is there, and commands work beside the server.
    assert_eq!(home.run(&["tenant", "list"]).succeeded().out, "demo\n");
    assert_eq!(home.run(&["tenant", "create", "acme"]).succeeded().out, "acme\n");
    let acme = home.run(&["token", "--tenant", "acme"]).succeeded().out;
    let moved = first.create(acme.trim_end(), "Moved").await;
    first.stop("INT");
    home.assert_no_process_left();

    let second = home.serve(&[], &["serve"]);
    assert_eq!(second.subject(&token, id).await, subject, "a token outlives a restart, and so does a ticket");
    assert_eq!(Pasted::from_log(&second.lines()).send().await.0, 200);
    let last = second.create(&token, "Just before the end").await;
    second.kill();

    let third = home.serve(&[], &[]);
    assert_eq!(third.subject(&token, id).await, subject);
    assert_eq!(third.subject(&token, last).await, "Just before the end");
    assert_eq!(third.subject(acme.trim_end(), moved).await, "Moved");
    third.stop("TERM");
    home.assert_no_process_left();

    // And without the server.
    assert_eq!(home.run(&["tenant", "list"]).succeeded().out, "acme\ndemo\n");
    home.assert_no_process_left();
}

#[tokio::test]
async fn a_private_database_that_was_killed_comes_back_with_every_ticket() {
    let home = Home::new();
    let server = home.serve(&[], &[]);
    let token = Pasted::from_log(&server.lines()).token().to_owned();
    let id = server.create(&token, "Still there").await;
    let pid_file = fs::read_to_string(home.path(".tessera/postgres/data/postmaster.pid")).unwrap();
    let postgres = pid_file.lines().next().unwrap().to_owned();

    assert!(Command::new("kill").args(["-KILL", &postgres]).status().unwrap().success());

    let start = Instant::now();
    while server.status_for(&token).await != 200 || Path::new("/proc").join(&postgres).join("exe").exists() {
        assert!(start.elapsed() < SOON, "the database does not come back: {:?}", server.lines());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(server.subject(&token, id).await, "Still there");
    server.stop("TERM");
    home.assert_no_process_left();
}

#[tokio::test]
async fn a_second_process_is_a_guest_of_the_first_and_takes_over_when_it_ends() {
    let home = Home::new();
    let owner = home.serve(&[], &[]);
    let guest = home.serve(&[], &[]);
    let token = Pasted::from_log(&guest.lines()).token().to_owned();
    let id = owner.create(&token, "Seen by both").await;
    assert_eq!(guest.subject(&token, id).await, "Seen by both");

    owner.stop("TERM");
    let start = Instant::now();
    while guest.status_for(&token).await != 200 {
        assert!(start.elapsed() < SOON, "the guest does not recover: {:?}", guest.lines());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(guest.subject(&token, id).await, "Seen by both");
    guest.create(&token, "Alone").await;
    guest.stop("TERM");
    home.assert_no_process_left();
}

#[tokio::test]
async fn a_command_on_an_empty_data_dir_makes_the_database_and_stops_it_again() {
    let home = Home::new();
    let data = home.path("here");
    let dir = data.to_str().unwrap();
    assert_eq!(home.run(&["tenant", "create", "acme", "--data-dir", dir]).succeeded().out, "acme\n");
    home.assert_no_process_left();
    assert_eq!(home.run_with(&[("TESSERA_DATA_DIR", dir)], &["tenant", "list"]).succeeded().out, "acme\n");
    home.assert_no_process_left();
    assert!(!home.path(".tessera").exists());
}

#[tokio::test]
async fn with_a_database_url_there_is_no_cluster_of_our_own() {
    let home = Home::new();
    let (_, env) = database().await;
    let env = borrow(&env);
    let serving = home.serve(&env, &[]);
    assert!(!home.path(".tessera/postgres").exists());
    assert_eq!(home.run_with(&env, &["tenant", "list"]).succeeded().out, "", "no tenant is made unasked");
    assert!(!serving.lines().iter().any(|line| line.contains("curl")), "{:?}", serving.lines());

    home.run_with(&env, &["tenant", "create", "acme"]).succeeded();
    let token = home.run_with(&env, &["token", "--tenant", "acme"]).succeeded().out;
    let id = serving.create(token.trim_end(), "Kept elsewhere").await;
    serving.stop("TERM");
    let again = home.serve(&env, &[]);
    assert_eq!(again.subject(token.trim_end(), id).await, "Kept elsewhere");
    again.stop("INT");
    home.assert_no_process_left();
}

#[tokio::test]
async fn a_tenant_is_created_once_and_disabled_and_enabled() {
    let home = Home::new();
    let (url, env) = database().await;
    let env = borrow(&env);
    let run = |args: &[&str]| home.run_with(&env, args);

    let made = run(&["tenant", "create", "acme", "--name", "Acme Ltd"]).succeeded();
    assert_eq!((&*made.out, &*made.err), ("acme\n", ""));
    let again = run(&["tenant", "create", "acme", "--name", "Another"]).succeeded();
    assert_eq!(again.out, "acme\n");
    assert!(again.err.contains("acme") && again.err.contains("exists"), "{}", again.err);
    assert_eq!(number(&url, "select count(*) from tenant where name = 'Acme Ltd'").await, 1);
    let longest = "a".repeat(63);
    for slug in ["zeta-1", "0", &longest] {
        assert_eq!(run(&["tenant", "create", slug]).succeeded().out, format!("{slug}\n"));
    }
    assert_eq!(run(&["tenant", "list"]).succeeded().out, format!("0\n{longest}\nacme\nzeta-1\n"));

    // What a new tenant has: contract "Defaults of a new tenant".
    let of_acme = "where tenant_id = (select id from tenant where slug = 'acme')";
    for (what, wanted) in [("agent", 1), ("subchannel", 5), ("tag", 1)] {
        assert_eq!(number(&url, &format!("select count(*) from {what} {of_acme}")).await, wanted, "{what}");
    }

    let serving = home.serve(&env, &[]);
    let token = run(&["token", "--tenant", "acme"]).succeeded().out;
    let other = run(&["token", "--tenant", "zeta-1"]).succeeded().out;
    assert_eq!(serving.status_for(token.trim_end()).await, 200);
    let disabled = run(&["tenant", "disable", "acme"]).succeeded();
    assert_eq!((&*disabled.out, &*disabled.err), ("", ""));
    let start = Instant::now();
    while serving.status_for(token.trim_end()).await != 401 {
        assert!(start.elapsed() < Duration::from_secs(5), "a disabled tenant is still let in");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(serving.status_for(other.trim_end()).await, 200);
    run(&["tenant", "disable", "acme"]).succeeded();
    run(&["tenant", "enable", "acme"]).succeeded();
    assert_eq!(serving.status_for(token.trim_end()).await, 200);
    serving.stop("TERM");

    for verb in ["disable", "enable"] {
        run(&["tenant", verb, "nobody"]).failed_with(&["nobody"]);
    }
    let too_long = "a".repeat(64);
    for slug in ["", "Acme", "-acme", "a_b", "a b", "ä", "a/b", "a\n", &too_long] {
        run(&["tenant", "create", "--", slug]).failed_with(&["is no slug"]);
    }
}

#[tokio::test]
async fn a_token_speaks_for_whom_the_command_names() {
    let home = Home::new();
    let (_, env) = database().await;
    let env = borrow(&env);
    let run = |args: &[&str]| home.run_with(&env, args);
    run(&["tenant", "create", "acme"]).succeeded();
    let serving = home.serve(&env, &[]);
    let token = |args: &[&str]| {
        let done = run(&[&["token", "--tenant", "acme"], args].concat()).succeeded();
        assert_eq!((done.out.lines().count(), &*done.err), (1, ""), "the token alone");
        done.out.trim_end().to_owned()
    };

    let admin = token(&[]);
    let person = json!({ "email": "Eva@Example.com", "firstName": "Eva", "role": "agent" });
    let (status, made) = serving.send("POST", "/api/mind/profile", &admin, Some(person)).await;
    assert_eq!(status, 200, "{made}");
    let (first, eva) = (claims(&admin)["userId"].clone(), made["id"].clone());

    let says = |token: &str| {
        let claims = claims(token);
        let ttl = claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap();
        assert_eq!(claims["tenant"], "acme");
        (claims["sub"].clone(), claims["role"].clone(), claims["userId"].clone(), ttl)
    };
    let named = |id: &Value, role: &str, ttl| (json!(id.to_string()), json!(role), id.clone(), ttl);
    let eva_id = eva.to_string();
    let cases: [(&[&str], _); 7] = [
        (&[], named(&first, "admin", 3600)),
        (&["--role", "agent"], named(&first, "agent", 3600)),
        (&["--agent", &eva_id], named(&eva, "admin", 3600)),
        (&["--agent", "eva@example.COM", "--role", "agent"], named(&eva, "agent", 3600)),
        (&["--agent", &eva_id, "--role", "integration"], named(&eva, "integration", 3600)),
        (&["--role", "integration"], (json!("integration:cli"), json!("integration"), Value::Null, 3600)),
        (&["--ttl", "2m"], named(&first, "admin", 120)),
    ];
    for (args, wanted) in cases {
        let token = token(args);
        assert_eq!(says(&token), wanted, "{args:?}");
        assert_eq!(serving.status_for(&token).await, 200, "{args:?}");
    }
    // What is stored bounds what the token allows.
    let tag = json!({ "name": "Move", "type": "skill" });
    let (status, _) = serving.send("POST", "/api/mind/tag", &token(&["--agent", &eva_id]), Some(tag)).await;
    assert_eq!(status, 403);
    serving.stop("TERM");

    run(&["token", "--tenant", "nobody"]).failed_with(&["nobody"]);
    run(&["token", "--tenant", "nobody", "--role", "integration"]).failed_with(&["nobody"]);
    run(&["token", "--tenant", "acme", "--agent", "999999"]).failed_with(&["999999"]);
    run(&["token", "--tenant", "acme", "--agent", "nobody@example.com"]).failed_with(&["nobody@example.com"]);
}

#[tokio::test]
async fn the_demo_is_topped_up_and_again_changes_nothing() {
    let home = Home::new();
    let (url, env) = database().await;
    let env = borrow(&env);
    let everything =
        "select (select count(*) from ticket) * 1000000000 + (select count(*) from customer) * 1000000
        + (select count(*) from tag) * 10000 + (select count(*) from agent) * 100
        + (select count(*) from subchannel)";
    home.run_with(&env, &["demo"]).succeeded();
    assert_eq!(number(&url, "select count(*) from ticket").await, 50);
    let before = number(&url, everything).await;
    home.run_with(&env, &["demo"]).succeeded();
    home.run_with(&env, &["demo", "--tickets", "20"]).succeeded();
    assert_eq!(number(&url, everything).await, before);

    home.run_with(&env, &["demo", "--tickets", "1200"]).succeeded();
    assert_eq!(number(&url, "select count(*) from ticket").await, 1200);
    let newest = "select count(*) from (select * from ticket order by created_at desc limit 100) t
        join contract c on c.tenant_id = t.tenant_id and c.customer_id = t.customer_id and c.id = t.contract_id";
    assert!(number(&url, newest).await > 0, "the newest tickets name customers who have contracts");
    let newest = newest.replace("created_at desc", "id desc");
    assert!(number(&url, &newest).await > 0, "whatever newest means");
    assert_eq!(number(&url, "select count(*) from ticket where created_at > now()").await, 0);

    // As a client sees one of them.
    let id = number(&url, "select max(id) from ticket where customer_id is not null").await;
    let serving = home.serve(&env, &[]);
    let token = home.run_with(&env, &["token", "--tenant", "demo"]).succeeded().out;
    let (status, ticket) = serving.send("GET", &format!("{TICKET}/{id}"), token.trim_end(), None).await;
    assert_eq!(status, 200, "{ticket}");
    assert!(ticket["customer"]["contracts"].as_array().is_some_and(|all| !all.is_empty()), "{ticket:#}");
    assert!(ticket["tags"].as_array().is_some_and(|all| !all.is_empty()), "{ticket:#}");
    serving.stop("TERM");
}

#[tokio::test]
async fn migrate_brings_the_schema_up_to_date_and_says_nothing() {
    let home = Home::new();
    let (url, env) = database().await;
    for _ in 0..2 {
        let done = home.run_with(&borrow(&env), &["migrate"]).succeeded();
        assert_eq!((&*done.out, &*done.err), ("", ""));
        assert_eq!(number(&url, "select count(*) from ticket").await, 0);
    }
    assert!(!home.path(".tessera").exists());
}

#[tokio::test]
async fn the_document_is_printed_without_a_database() {
    let home = Home::new();
    for args in [&["openapi"][..], &["openapi", "mind"]] {
        let printed = home.run(args).succeeded();
        assert!(
            printed.out == include_str!("../openapi/mind.json"),
            "openapi/mind.json is not what is printed"
        );
    }
    assert_eq!(fs::read_dir(&home.0).unwrap().count(), 0, "it writes nothing");
}

#[tokio::test]
async fn the_help_names_every_setting() {
    let help = Home::new().run(&["--help"]).succeeded().out;
    for name in [
        "DATABASE_URL",
        "TESSERA_DATA_DIR",
        "TESSERA_LISTEN",
        "TESSERA_JWT_SECRET",
        "TESSERA_JWKS_URL",
        "TESSERA_JWT_ISSUER",
        "TESSERA_JWT_AUDIENCE",
        "TESSERA_WORKERS",
        "TESSERA_LOG",
        "TESSERA_LOG_FORMAT",
        "TESSERA_PUBLIC_URL",
        "TESSERA_PG_BIN_DIR",
        "TESSERA_PG_RUN_AS",
        "TESSERA_PG_URL",
        "TESSERA_PG_SHA256",
        "TESSERA_MAX_BODY",
        "TESSERA_MAX_HEADERS",
        "TESSERA_MAX_BULK",
        "TESSERA_POOL",
        "TESSERA_ACQUIRE_TIMEOUT",
        "TESSERA_LOCK_TIMEOUT",
        "TESSERA_STATEMENT_TIMEOUT",
        "TESSERA_REQUEST_TIMEOUT",
    ] {
        let flag = format!("--{}", name.trim_start_matches("TESSERA_").to_lowercase().replace('_', "-"));
        assert!(help.contains(&format!("[env: {name}")), "{name}");
        assert!(help.contains(&flag), "{flag}");
    }
    for command in ["serve", "migrate", "tenant", "token", "demo", "openapi"] {
        assert!(help.contains(&format!("  {command} ")), "{command}");
    }
}

#[tokio::test]
async fn the_help_shows_no_secret() {
    let home = Home::new();
    let env = [("DATABASE_URL", "postgres://me:hidden-one@host/db"), ("TESSERA_JWT_SECRET", "hidden-two")];
    let help = home.run_with(&env, &["--help"]).succeeded();
    assert!(!help.out.contains("hidden-") && !help.err.contains("hidden-"));
}

#[tokio::test]
async fn a_server_that_cannot_start_says_why_in_one_sentence() {
    let home = Home::new();
    let (_, env) = database().await;
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let with = |name: &str, value: &str| {
        let mut command = home.command(&[]);
        command.env("TESSERA_LISTEN", "127.0.0.1:0").envs(borrow(&env)).env(name, value);
        Done::of(&command.output().unwrap())
    };
    with("TESSERA_LISTEN", &address).failed_with(&["cannot listen on", &address]);
    with("TESSERA_JWT_SECRET", "thirty-one bytes are not enough").failed_with(&["TESSERA_JWT_SECRET", "32"]);
    with("TESSERA_LOG", "tessera=[").failed_with(&["TESSERA_LOG"]);
    with("TESSERA_LISTEN", "nonsense").failed_with(&["nonsense", "--listen"]);
    with("TESSERA_LOCK_TIMEOUT", "soon").failed_with(&["soon", "--lock-timeout"]);
}

#[tokio::test]
async fn an_empty_variable_is_an_unset_one() {
    let home = Home::new();
    let env = [("DATABASE_URL", ""), ("TESSERA_JWT_SECRET", ""), ("TESSERA_PUBLIC_URL", "")];
    assert_eq!(home.run_with(&env, &["tenant", "list"]).succeeded().out, "");
    assert!(home.path(".tessera/postgres").exists());
}

#[tokio::test]
async fn a_database_url_that_does_not_work_is_named_without_its_password() {
    let home = Home::new();
    for url in [
        "not a url",
        "postgres://",
        "mysql://me:hidden-one@127.0.0.1/db",
        "postgres://me:hidden-one@127.0.0.1:99999/db",
        "postgres://me:hidden-one@127.0.0.1:1/db",
        "postgres://me:hidden-one@%2Fnowhere/db",
    ] {
        for args in [&[][..], &["tenant", "list"]] {
            let env =
                [("DATABASE_URL", url), ("TESSERA_LISTEN", "127.0.0.1:0"), ("TESSERA_JWT_SECRET", SECRET)];
            let done = home.run_with(&env, args);
            done.failed_with(&[]);
            assert!(done.err.to_lowercase().contains("database"), "{done:?}");
            assert!(!done.err.contains("hidden-one"), "{done:?}");
        }
    }
}

#[tokio::test]
async fn without_postgresql_one_error_names_the_three_ways_out() {
    let home = Home::new();
    let empty = home.path("empty");
    fs::create_dir(&empty).unwrap();
    let env = [("TESSERA_PG_BIN_DIR", empty.to_str().unwrap()), ("TESSERA_LISTEN", "127.0.0.1:0")];
    for args in [&[][..], &["migrate"]] {
        let done = home.run_with(&env, args);
        done.failed_with(&["install", "DATABASE_URL", "docker compose up"]);
    }
    home.assert_no_process_left();
}

#[tokio::test]
async fn json_logs_are_one_object_a_line() {
    let home = Home::new();
    let (_, env) = database().await;
    let [url, secret] = borrow(&env);
    let env = [url, secret, ("TESSERA_LOG_FORMAT", "json"), ("TESSERA_LOG", "debug")];
    let serving = home.serve(&env, &[]);
    assert_eq!(serving.status_for("nonsense").await, 401);
    wait_until("the request is logged", || serving.lines().iter().any(|line| line.contains("/api/mind/tag")));
    let said = serving.said.clone();
    serving.stop("TERM");
    let mut events = 0;
    for line in said.lock().unwrap().iter().filter(|line| !line.starts_with("listening on ")) {
        let event: Value = serde_json::from_str(line).unwrap_or_else(|_| panic!("no JSON: {line}"));
        assert!(event["message"].is_string() && event["level"].is_string(), "{line}");
        events += 1;
    }
    assert!(events > 0);
}

#[tokio::test]
async fn a_silent_log_still_says_where_it_listens() {
    let home = Home::new();
    let (_, env) = database().await;
    let [url, secret] = borrow(&env);
    let serving = home.serve(&[url, secret, ("TESSERA_LOG", "off")], &[]);
    let said = serving.said.clone();
    let wanted = format!("listening on {}", serving.url);
    serving.stop("TERM");
    assert_eq!(*said.lock().unwrap(), [wanted]);
}

#[tokio::test]
async fn a_flag_wins_over_its_variable() {
    let home = Home::new();
    let (_, env) = database().await;
    let [url, secret] = borrow(&env);
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = listener.local_addr().unwrap().to_string();
    let env = [url, secret, ("TESSERA_MAX_BODY", "10MB"), ("TESSERA_LISTEN", &*taken)];
    let mut command = home.command(&["serve", "--max-body", "100", "--listen", "127.0.0.1:0"]);
    command.envs(env);
    let serving = Serving::start(command);
    home.run_with(&env[..2], &["tenant", "create", "acme"]).succeeded();
    let admin = home.run_with(&env[..2], &["token", "--tenant", "acme"]).succeeded().out;
    let body = json!({ "channel": "email", "subject": "x".repeat(100) });
    let (status, problem) = serving.send("POST", TICKET, admin.trim_end(), Some(body)).await;
    assert_eq!((status, &problem["code"]), (413, &json!("too_large")));
    assert!(problem["detail"].as_str().unwrap().contains("100"), "{problem}");
    serving.stop("TERM");
}

#[tokio::test]
async fn a_request_under_way_is_answered_before_the_end_and_an_idle_connection_holds_nothing_up() {
    let home = Home::new();
    let (_, env) = database().await;
    let env = borrow(&env);
    let serving = home.serve(&env, &[]);
    home.run_with(&env, &["tenant", "create", "acme"]).succeeded();
    let token = home.run_with(&env, &["token", "--tenant", "acme"]).succeeded().out;
    let address = serving.url.strip_prefix("http://").unwrap().to_owned();

    // One that never says anything, one that rests between two requests, and one in the middle of its body.
    let _silent = TcpStream::connect(&address).await.unwrap();
    let resting = reqwest::Client::new();
    assert_eq!(resting.get(format!("{}/health/live", serving.url)).send().await.unwrap().status(), 200);
    let body = r#"{"channel":"email","subject":"Late"}"#;
    let head = format!(
        "POST {TICKET} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\nExpect: 100-continue\r\n\r\n",
        token.trim_end(),
        body.len()
    );
    let mut late = TcpStream::connect(&address).await.unwrap();
    late.write_all(head.as_bytes()).await.unwrap();
    let mut buffer = [0; 1024];
    // "100 Continue" says that the server waits for the body.
    let read = late.read(&mut buffer).await.unwrap();
    assert!(buffer[..read].starts_with(b"HTTP/1.1 100"), "{}", String::from_utf8_lossy(&buffer[..read]));

    let start = Instant::now();
    serving.signal("TERM");
    while TcpStream::connect(&address).await.is_ok() {
        assert!(start.elapsed() < SOON, "it still takes connections");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    late.write_all(body.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    late.read_to_end(&mut answer).await.unwrap();
    let answer = String::from_utf8_lossy(&answer);
    assert!(answer.starts_with("HTTP/1.1 200") && answer.contains("Late"), "{answer}");
    let mut serving = serving;
    assert_eq!(serving.ended(), Some(0));
    assert!(
        start.elapsed() < Duration::from_secs(10),
        "an idle connection held it up: {:?}",
        start.elapsed()
    );
}
