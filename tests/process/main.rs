//! The program itself: started, asked, stopped and killed as an operator does it.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

#[path = "../api/support/cluster.rs"]
#[expect(dead_code, reason = "what the black-box tests need besides")]
mod cluster;
mod commands;
mod crashes;
mod credentials;
mod eval;
mod jobs;
mod life;
mod settings;

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
