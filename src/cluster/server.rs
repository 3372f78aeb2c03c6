//! The server process: started, watched until it ends, stopped.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use tokio::sync::{oneshot, watch};

use super::account::Account;
use super::binaries::Binaries;
use super::home::{self, Home};
use super::pid_file::{self, PidFile};
use super::{ClusterError, PORT, blocking};

const STOP_TIMEOUT: Duration = Duration::from_mins(1);
/// How long orphaned backends of a killed server may hold its shared memory.
const OBSTACLE_TIMEOUT: Duration = Duration::from_secs(30);
const POLL: Duration = Duration::from_millis(10);

/// What PostgreSQL says when the previous server's processes are still ending.
const OBSTACLES: [&str; 3] =
    ["pre-existing shared memory block", "Is another postmaster", "Is another server"];

/// All that a server is started with.
pub(super) struct Launch<'a> {
    pub(super) binaries: &'a Binaries,
    pub(super) account: &'a Account,
    pub(super) home: &'a Home,
    pub(super) socket: &'a Path,
    pub(super) options: &'a [(String, String)],
}

/// A server that this process owns. A thread of its own watches it and holds the owner's lock until it has ended.
#[derive(Debug)]
pub(super) struct Server {
    pid: u32,
    has_ended: watch::Receiver<bool>,
    /// From when it takes connections until it is told to stop: an end in between is a fault.
    is_needed: Arc<AtomicBool>,
}

impl Server {
    /// Starts a server and waits until it takes connections; recovery after a crash may take its time.
    pub(super) async fn start(launch: &Launch<'_>, lock: &Arc<File>) -> Result<Self, ClusterError> {
        let start = Instant::now();
        loop {
            // Nothing runs here any more, and its number may be another process's by now.
            home::clear_socket_directory(launch.socket);
            let mut log = launch.home.open_log(launch.account)?;
            let before = log.seek(SeekFrom::End(0)).map_err(ClusterError::file("read", &launch.home.log))?;
            let mut server = Self::spawn(launch.command(&log)?, Arc::clone(lock)).await?;
            if server.is_ready(&launch.home.data()).await {
                server.is_needed.store(true, Ordering::Relaxed);
                return Ok(server);
            }
            let said = read_from(&mut log, before).map_err(ClusterError::file("read", &launch.home.log))?;
            let is_passing = OBSTACLES.iter().any(|obstacle| said.contains(obstacle));
            if !is_passing || start.elapsed() > OBSTACLE_TIMEOUT {
                return Err(ClusterError::Start { tail: fatal_lines(&said), log: launch.home.log.clone() });
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
            pid_file::settle(&launch.home.data()).await?;
        }
    }

    /// Takes over a server whose owner ended without stopping it.
    pub(super) fn adopt(pid: u32, data: PathBuf, lock: Arc<File>) -> Self {
        let (ended, has_ended) = watch::channel(false);
        std::thread::spawn(move || {
            while pid_file::is_serving(pid, &data) {
                std::thread::sleep(Duration::from_millis(100));
            }
            drop(lock);
            ended.send_replace(true);
        });
        Self { pid, has_ended, is_needed: Arc::default() }
    }

    /// Whether it is gone, however it ended.
    pub(super) fn has_ended(&self) -> bool {
        *self.has_ended.borrow()
    }

    /// Fast shutdown: open transactions are rolled back, connections closed.
    pub(super) async fn stop(mut self, binaries: &Binaries, account: &Account) -> Result<(), ClusterError> {
        self.is_needed.store(false, Ordering::Relaxed);
        if *self.has_ended.borrow() {
            return Ok(());
        }
        let (program, account) = (binaries.program("pg_ctl"), account.clone());
        let pid = self.pid.to_string();
        // Whether it could be told does not matter, only whether it ends.
        blocking(move || account.run(&program, Path::new("/"), ["kill", "INT", &pid])).await??;
        let ended = tokio::time::timeout(STOP_TIMEOUT, self.has_ended.wait_for(|ended| *ended)).await;
        match ended {
            Ok(_) => Ok(()),
            Err(_) => Err(ClusterError::Stop { pid: self.pid, seconds: STOP_TIMEOUT.as_secs() }),
        }
    }

    /// The thread lives exactly as long as the server: the death signal follows the thread that spawned it, not the
    /// process, and a thread of tokio's may end at any time.
    async fn spawn(mut command: Command, lock: Arc<File>) -> Result<Self, ClusterError> {
        let program = PathBuf::from(command.get_program());
        let failed = |source| ClusterError::Program { program, source };
        let (started, spawned) = oneshot::channel();
        let (ended, has_ended) = watch::channel(false);
        let is_needed = Arc::<AtomicBool>::default();
        let needed = Arc::clone(&is_needed);
        let watching = std::thread::Builder::new().name("postgres".to_owned()).spawn(move || {
            let mut child = match command.spawn() {
                Ok(child) => child,
                Err(error) => return drop(started.send(Err(error))),
            };
            let pid = child.id();
            let _ = started.send(Ok(pid));
            let status = child.wait();
            drop(lock);
            ended.send_replace(true);
            if needed.load(Ordering::Relaxed) {
                tracing::error!("PostgreSQL (process {pid}) ended unexpectedly: {status:?}");
            }
        });
        if let Err(error) = watching {
            return Err(failed(error));
        }
        match spawned.await {
            Ok(Ok(pid)) => Ok(Self { pid, has_ended, is_needed }),
            Ok(Err(error)) => Err(failed(error)),
            Err(_) => Err(failed(std::io::ErrorKind::Interrupted.into())),
        }
    }

    /// Waits until it takes connections (true) or has ended (false).
    async fn is_ready(&mut self, data: &Path) -> bool {
        let start = Instant::now();
        let mut next_notice = Duration::from_secs(10);
        loop {
            if *self.has_ended.borrow() {
                return false;
            }
            if PidFile::read(data).is_some_and(|file| file.pid == self.pid && file.is_ready) {
                return true;
            }
            if start.elapsed() > next_notice {
                tracing::warn!(
                    "PostgreSQL has been starting for {} s: it repairs what a crash left",
                    next_notice.as_secs()
                );
                next_notice *= 2;
            }
            tokio::time::sleep(POLL).await;
        }
    }
}

impl Launch<'_> {
    fn command(&self, log: &File) -> Result<Command, ClusterError> {
        use std::os::unix::process::CommandExt;

        let output = || log.try_clone().map_err(ClusterError::file("open", &self.home.log));
        let mut command =
            self.account.command(self.binaries.program("postgres"), &self.home.cluster, libc::SIGINT);
        command.arg("-D").arg(self.home.data()).arg("-k").arg(self.socket);
        command.args(["-h", "", "-p", &PORT.to_string()]);
        for (name, value) in self.options {
            command.arg("-c").arg(format!("{name}={value}"));
        }
        // Its own process group: Ctrl-C is for us, who close the pool before the server goes.
        command.process_group(0).stdout(output()?).stderr(output()?);
        Ok(command)
    }
}

fn read_from(log: &mut File, offset: u64) -> std::io::Result<String> {
    let mut bytes = Vec::new();
    log.seek(SeekFrom::Start(offset))?;
    log.read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// The reason among the lines of a failed start, or the last of them.
fn fatal_lines(said: &str) -> String {
    let fatal: Vec<_> =
        said.lines().filter_map(|line| line.split_once("FATAL:").map(|(_, reason)| reason.trim())).collect();
    if fatal.is_empty() {
        said.lines().last().unwrap_or("it said nothing").to_owned()
    } else {
        fatal.join("; ")
    }
}
