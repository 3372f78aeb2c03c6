//! The server under test and what the operating system says of it.

use std::error::Error;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use base64::Engine;
use sqlx::{ConnectOptions, Executor};
use tessera::{Cluster, ClusterSettings};

const PROGRAM: &str = env!("CARGO_BIN_EXE_tessera");

/// A release server with a filled tenant.
pub struct Server {
    child: Child,
    pub address: String,
    pub token: String,
    /// A program's token: it views without being noted.
    pub program_token: String,
    /// What a program of each other dialect says in `Authorization`.
    pub socialboards: String,
    pub livedesk: String,
    pub socket: PathBuf,
    data_dir: PathBuf,
}

impl Server {
    pub fn start(tickets: u64) -> Result<Self, Box<dyn Error>> {
        let data_dir = std::env::temp_dir().join(format!("tessera-bench-{}", std::process::id()));
        let mut child = command(&data_dir)
            .args(["serve", "--listen", "127.0.0.1:0", "--workers", "0", "--log", "warn"])
            .stderr(Stdio::piped())
            .spawn()?;
        let mut lines = BufReader::new(child.stderr.take().ok_or("no stderr")?).lines();
        let address = loop {
            let line = lines.next().ok_or("the server ended")??;
            if let Some(address) = line.strip_prefix("listening on http://") {
                break address.to_owned();
            }
            eprintln!("{line}");
        };
        // What the server says later must not fill the pipe.
        std::thread::spawn(move || lines.map_while(Result::ok).for_each(|line| eprintln!("{line}")));
        output(command(&data_dir).args(["demo", "--tickets", &tickets.to_string()]))?;
        let token = output(command(&data_dir).args(["token", "--tenant", "demo", "--ttl", "1d"]))?;
        let program_token = output(command(&data_dir).args([
            "token",
            "--tenant",
            "demo",
            "--role",
            "integration",
            "--ttl",
            "1d",
        ]))?;
        let key =
            output(command(&data_dir).args(["api-key", "create", "--tenant", "demo", "--name", "bench"]))?;
        let livedesk = format!("Basic {}", base64::prelude::BASE64_STANDARD.encode(key));
        let socialboards = format!("Bearer {}", access_token(&data_dir, &address)?);
        let settings = ClusterSettings { data_dir: data_dir.clone(), ..ClusterSettings::default() };
        let runtime = tokio::runtime::Runtime::new()?;
        let guest = runtime.block_on(Cluster::start(&settings))?;
        let options = guest.connect_options();
        let socket = options.get_socket().cloned().ok_or("the cluster has no socket")?;
        // What autovacuum would do within a minute: both sides get plans for a table of this size.
        runtime.block_on(async {
            let mut owner = options.connect().await?;
            owner.execute("vacuum analyze").await.map(drop)
        })?;
        Ok(Self { child, address, token, program_token, socialboards, livedesk, socket, data_dir })
    }

    /// CPU time that the server has used so far.
    pub fn cpu(&self) -> Result<Duration, Box<dyn Error>> {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id()))?;
        let fields: Vec<&str> = stat.rsplit(") ").next().unwrap_or_default().split(' ').collect();
        // utime and stime, in ticks of 10 ms.
        let ticks: u64 = fields[11].parse::<u64>()? + fields[12].parse::<u64>()?;
        Ok(Duration::from_millis(ticks * 10))
    }

    pub fn peak_rss_kb(&self) -> Result<u64, Box<dyn Error>> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find(|line| line.starts_with("VmHWM:")).ok_or("no VmHWM")?;
        Ok(line.split_whitespace().nth(1).ok_or("no figure")?.parse()?)
    }

    /// SQL statements sent so far, by the server's own count.
    pub fn statements(&self) -> Result<f64, Box<dyn Error>> {
        let mut stream = TcpStream::connect(&self.address)?;
        write!(stream, "GET /metrics HTTP/1.1\r\nHost: bench\r\nConnection: close\r\n\r\n")?;
        let mut text = String::new();
        stream.read_to_string(&mut text)?;
        let line = text.lines().find_map(|line| line.strip_prefix("tessera_sql_statements_total "));
        Ok(line.ok_or("no count of statements")?.parse()?)
    }
}

impl Drop for Server {
    /// Whatever came of the measurements, nothing of them is left.
    fn drop(&mut self) {
        let id = self.child.id().to_string();
        if Command::new("kill").args(["-INT", &id]).status().is_ok() {
            drop(self.child.wait());
        }
        drop(std::fs::remove_dir_all(&self.data_dir));
    }
}

/// An access token of SocialBoards.
fn access_token(data_dir: &PathBuf, address: &str) -> Result<String, Box<dyn Error>> {
    let issued =
        output(command(data_dir).args(["refresh-token", "create", "--tenant", "demo", "--name", "bench"]))?;
    let (client, token) = issued.split_once(' ').ok_or("a refresh token without a client")?;
    let form = format!("grant_type=refresh_token&client_id={client}&refresh_token={token}");
    let length = form.len();
    let mut stream = TcpStream::connect(address)?;
    write!(
        stream,
        "POST /socialboards/token HTTP/1.1\r\nHost: bench\r\nConnection: close\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {length}\r\n\r\n{form}"
    )?;
    let mut text = String::new();
    stream.read_to_string(&mut text)?;
    let (_, rest) = text.split_once("\"access_token\":\"").ok_or_else(|| text.clone())?;
    Ok(rest.split('"').next().unwrap_or_default().to_owned())
}

fn command(data_dir: &PathBuf) -> Command {
    let mut command = Command::new(PROGRAM);
    command.env_remove("DATABASE_URL").env("TESSERA_DATA_DIR", data_dir);
    command
}

fn output(command: &mut Command) -> Result<String, Box<dyn Error>> {
    let output = command.stderr(Stdio::inherit()).output()?;
    if !output.status.success() {
        return Err(format!("{command:?} failed").into());
    }
    Ok(String::from_utf8(output.stdout)?.trim().to_owned())
}
