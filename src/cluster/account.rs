//! The system user that PostgreSQL's programs run as, for they refuse to run as root.

use std::ffi::OsStr;
use std::io;
use std::os::unix::fs::{MetadataExt, lchown};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use super::ClusterError;

#[derive(Clone, Debug)]
pub(super) struct Account {
    pub(super) name: String,
    pub(super) uid: u32,
    gid: u32,
    /// Whether this process is root and has to become this user for every program.
    pub(super) switch: bool,
}

impl Account {
    /// This process's own user; for root the user `run_as`, else the owner of the data that is already
    /// there, else `postgres`, else `nobody`.
    ///
    /// `data` are the places where a cluster may already be.
    pub(super) fn choose<'a>(
        run_as: Option<&str>,
        data: impl IntoIterator<Item = &'a Path>,
    ) -> Result<Self, ClusterError> {
        let uid = id("-u", None).unwrap_or(u32::MAX);
        if uid != 0 {
            if run_as.is_some() {
                tracing::warn!("TESSERA_PG_RUN_AS is ignored: only root can run PostgreSQL as somebody else");
            }
            let gid = id("-g", None).unwrap_or(u32::MAX);
            return Ok(Self { name: uid.to_string(), uid, gid, switch: false });
        }
        if let Some(name) = run_as {
            return Self::named(name).ok_or_else(|| ClusterError::NoUser(name.to_owned()));
        }
        // A cluster that an ordinary user made stays that user's when root starts it once.
        let owner = data.into_iter().find_map(|dir| dir.metadata().ok()).filter(|owner| owner.uid() != 0);
        if let Some(owner) = owner {
            let (uid, gid) = (owner.uid(), owner.gid());
            return Ok(Self { name: uid.to_string(), uid, gid, switch: true });
        }
        Self::named("postgres")
            .or_else(|| Self::named("nobody"))
            .ok_or_else(|| ClusterError::NoUser("postgres or nobody".to_owned()))
    }

    fn named(name: &str) -> Option<Self> {
        let uid = id("-u", Some(name)).filter(|uid| *uid != 0)?;
        let gid = id("-g", Some(name))?;
        Some(Self { name: name.to_owned(), uid, gid, switch: true })
    }

    /// A program that runs as this user, in `directory` (root's own may be closed to this user), and that
    /// gets `on_parent_death` when the thread that spawned it ends (Linux only).
    pub(super) fn command(
        &self,
        program: impl AsRef<OsStr>,
        directory: &Path,
        on_parent_death: i32,
    ) -> Command {
        let mut command = Command::new(program);
        command.current_dir(directory).stdin(Stdio::null());
        // Another locale would translate the messages that are read here, and may not be installed.
        command.env("LC_ALL", "C");
        if self.switch {
            command.gid(self.gid).uid(self.uid);
        }
        die_with_parent(&mut command, on_parent_death);
        command
    }

    /// Runs a short program as this user. Blocks until it ends; it does not outlive this process.
    pub(super) fn run<A: AsRef<OsStr>>(
        &self,
        program: &Path,
        directory: &Path,
        arguments: impl IntoIterator<Item = A>,
    ) -> Result<Output, ClusterError> {
        self.command(program, directory, libc::SIGKILL)
            .args(arguments)
            .output()
            .map_err(|source| ClusterError::Program { program: program.to_owned(), source })
    }

    /// Whether this user may enter `directory` and everything above it, found out by doing it.
    pub(super) fn can_enter(&self, directory: &Path) -> bool {
        // The child changes its directory as the new user before it becomes the shell.
        !self.switch
            || self
                .command("/bin/sh", directory, libc::SIGKILL)
                .args(["-c", ":"])
                .status()
                .is_ok_and(|status| status.success())
    }

    /// Gives one file or directory to this user; a symbolic link is not followed.
    pub(super) fn give(&self, path: &Path) -> io::Result<()> {
        let metadata = path.symlink_metadata()?;
        if self.switch && !metadata.is_symlink() && metadata.uid() != self.uid {
            lchown(path, Some(self.uid), Some(self.gid))?;
        }
        Ok(())
    }

    /// Gives a directory and all it contains to this user.
    pub(super) fn give_tree(&self, directory: &Path) -> io::Result<()> {
        for entry in directory.read_dir()? {
            let entry = entry?;
            if entry.file_type()?.is_dir() {
                self.give_tree(&entry.path())?;
            } else {
                self.give(&entry.path())?;
            }
        }
        self.give(directory)
    }
}

/// What `id` says of this process, or of a named user; `None` where there is no such user.
fn id(flag: &str, name: Option<&str>) -> Option<u32> {
    let output = Command::new("id").arg(flag).arg("--").args(name).output().ok()?;
    String::from_utf8(output.stdout).ok()?.trim().parse().ok()
}

#[cfg(target_os = "linux")]
#[expect(unsafe_code, reason = "only pre_exec reaches the child between its change of user and the program")]
fn die_with_parent(command: &mut Command, signal: i32) {
    let parent = std::process::id();
    // SAFETY: the closure makes two system calls that are safe after fork; it takes no lock and allocates nothing.
    unsafe {
        command.pre_exec(move || {
            if libc::prctl(libc::PR_SET_PDEATHSIG, signal) == -1 {
                return Err(io::Error::last_os_error());
            }
            // The parent may have died before the line above, and then no signal will ever come.
            if libc::getppid().cast_unsigned() != parent {
                return Err(io::ErrorKind::Interrupted.into());
            }
            Ok(())
        });
    }
}

/// Elsewhere there is no such signal: what survives its owner is adopted at the next start.
#[cfg(not(target_os = "linux"))]
fn die_with_parent(_command: &mut Command, _signal: i32) {}
