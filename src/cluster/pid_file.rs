//! What `postmaster.pid` says of a running server, and what a dead one left behind.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::ClusterError;

/// A previous server's shutdown ends with a checkpoint, which may write all of `shared_buffers`.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_mins(1);
/// How long a server without an owner may still look healthy: on Linux the owner's death has just told it to stop.
const ORPHAN_PATIENCE: Duration = Duration::from_secs(if cfg!(target_os = "linux") { 3 } else { 0 });

/// Its lines are documented in PostgreSQL's `src/include/utils/pidfile.h`.
#[derive(Debug)]
pub(super) struct PidFile {
    pub(super) pid: u32,
    /// The directory of the unix socket.
    pub(super) socket: PathBuf,
    pub(super) is_ready: bool,
}

#[derive(Debug, PartialEq)]
enum Process {
    Gone,
    /// Ended, but its parent never asked: PID 1 of many containers does not.
    Zombie,
    /// The number was given to something else, as happens when a container starts again.
    Foreign,
    Ours,
}

impl PidFile {
    /// Returns `None` where there is none, or where it is not yet written to the end.
    pub(super) fn read(data: &Path) -> Option<Self> {
        let text = std::fs::read_to_string(path(data)).ok()?;
        let lines: Vec<_> = text.lines().collect();
        Some(Self {
            pid: lines.first()?.trim().parse().ok()?,
            socket: PathBuf::from(lines.get(4).copied().unwrap_or_default()),
            is_ready: lines.get(7).is_some_and(|status| status.trim() == "ready"),
        })
    }
}

fn path(data: &Path) -> PathBuf {
    data.join("postmaster.pid")
}

/// Makes way for a new server: waits for one that is shutting down and removes what a dead one left.
///
/// Only for the cluster's owner. Returns a server that nobody stopped and that can be adopted.
pub(super) async fn settle(data: &Path) -> Result<Option<PidFile>, ClusterError> {
    let start = Instant::now();
    loop {
        let Some(file) = PidFile::read(data) else {
            // A power cut leaves it empty, and then PostgreSQL would refuse to start.
            return remove(data).map(|()| None);
        };
        match look(file.pid, data) {
            // PostgreSQL sees that itself, and checks that no orphaned backend still has the shared memory.
            Process::Gone => return Ok(None),
            Process::Zombie | Process::Foreign => return remove(data).map(|()| None),
            Process::Ours if file.is_ready && start.elapsed() >= ORPHAN_PATIENCE => {
                return Ok(Some(file));
            }
            Process::Ours if start.elapsed() > SHUTDOWN_TIMEOUT => {
                let seconds = SHUTDOWN_TIMEOUT.as_secs();
                return Err(ClusterError::StillRunning { pid: file.pid, data: data.to_owned(), seconds });
            }
            Process::Ours => tokio::time::sleep(Duration::from_millis(20)).await,
        }
    }
}

/// Whether this is a living server on this data directory.
pub(super) fn is_serving(pid: u32, data: &Path) -> bool {
    look(pid, data) == Process::Ours
}

fn remove(data: &Path) -> Result<(), ClusterError> {
    match std::fs::remove_file(path(data)) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        result => result.map_err(ClusterError::file("remove", &path(data))),
    }
}

#[cfg(target_os = "linux")]
fn look(pid: u32, data: &Path) -> Process {
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::MetadataExt;

    let process = PathBuf::from(format!("/proc/{pid}"));
    let Ok(stat) = std::fs::read_to_string(process.join("stat")) else {
        return Process::Gone;
    };
    // The name before the state is in parentheses and may hold some itself.
    let state = stat.rsplit_once(") ").and_then(|(_, rest)| rest.chars().next());
    if matches!(state, Some('Z' | 'X')) {
        return Process::Zombie;
    }
    // A server works inside its data directory, but root in a container may not look there; so ask the command line too.
    let works_there = || {
        let (there, data) = (process.join("cwd").metadata().ok()?, data.metadata().ok()?);
        Some((there.dev(), there.ino()) == (data.dev(), data.ino()))
    };
    let names_it = || {
        let line = std::fs::read(process.join("cmdline")).ok()?;
        Some(line.split(|byte| *byte == 0).any(|argument| argument == data.as_os_str().as_bytes()))
    };
    if works_there() == Some(true) || names_it() == Some(true) { Process::Ours } else { Process::Foreign }
}

#[cfg(not(target_os = "linux"))]
fn look(pid: u32, data: &Path) -> Process {
    let output = std::process::Command::new("ps")
        .args(["-ww", "-o", "state=,command=", "-p", &pid.to_string()])
        .output();
    let line = output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default();
    match line.trim() {
        "" => Process::Gone,
        line if line.starts_with('Z') => Process::Zombie,
        line if line.contains(&*data.to_string_lossy()) => Process::Ours,
        _ => Process::Foreign,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_process_is_no_server_and_a_dead_one_is_gone() {
        assert_eq!(look(std::process::id(), Path::new("/nowhere/data")), Process::Foreign);
        let mut child = std::process::Command::new("true").spawn().unwrap();
        let pid = child.id();
        while look(pid, Path::new("/nowhere")) != Process::Zombie {
            std::thread::sleep(Duration::from_millis(5));
        }
        child.wait().unwrap();
        assert_eq!(look(pid, Path::new("/nowhere")), Process::Gone);
    }
}
