//! Where the cluster's files are: below the data directory, or where PostgreSQL's user can reach them.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt, fchown};
use std::path::{Path, PathBuf};
use std::time::Duration;

use sha2::{Digest, Sha256};

use super::account::Account;
use super::{ClusterError, PORT, Settings, fetch};

/// A socket's path fits 103 bytes everywhere; this leaves room for `/.s.PGSQL.5432`.
const LONGEST_SOCKET_DIRECTORY: usize = 88;
const LARGEST_LOG_BYTES: u64 = 16 * 1024 * 1024;

#[derive(Clone, Debug)]
pub(super) struct Home {
    /// Everything of the cluster; belongs to PostgreSQL's user.
    pub(super) cluster: PathBuf,
    /// Fetched programs, a directory per version.
    pub(super) cache: PathBuf,
    pub(super) log: PathBuf,
}

impl Home {
    /// Picks the place and the user, and makes the cluster's directory.
    pub(super) fn choose(settings: &Settings) -> Result<(Self, Account), ClusterError> {
        let wanted = &settings.data_dir;
        let is_new = !wanted.exists();
        std::fs::create_dir_all(wanted).map_err(ClusterError::file("create", wanted))?;
        let wanted = wanted.canonicalize().map_err(ClusterError::file("find", wanted))?;

        let elsewhere = fallbacks(&wanted);
        let all = || std::iter::once(&wanted).chain(elsewhere.iter().filter(|base| is_roots(base)));
        let data: Vec<_> = all().map(|base| base.join("postgres/data")).collect();
        let account = Account::choose(settings.run_as.as_deref(), data.iter().map(PathBuf::as_path))?;
        if is_new {
            // Root's umask may be 077, and PostgreSQL's user has to pass through.
            let mode = if account.switch { 0o711 } else { 0o700 };
            set_mode(&wanted, mode).map_err(ClusterError::file("set the mode of", &wanted))?;
        }

        // Where a cluster is, it stays: a start elsewhere would look as if all data were lost.
        let used = all().find(|base| base.join("postgres/data/PG_VERSION").exists());
        let base = match used {
            Some(base) if account.can_enter(base) => base,
            Some(base) => {
                return Err(ClusterError::Unreachable { path: base.clone(), user: account.name });
            }
            None if is_open(&wanted, &account) => &wanted,
            None => {
                let reachable =
                    elsewhere.iter().find(|base| make_fallback(base).is_ok() && account.can_enter(base));
                reachable.ok_or_else(|| ClusterError::Unreachable {
                    path: wanted.clone(),
                    user: account.name.clone(),
                })?
            }
        };
        if *base != wanted {
            tracing::warn!(
                "the PostgreSQL cluster of {} is in {}: user {} could not reach the former when it was made",
                wanted.display(),
                base.display(),
                account.name,
            );
        }
        let home = Self {
            cluster: base.join("postgres"),
            cache: base.join("pg"),
            log: base.join("postgres/postgres.log"),
        };
        make_private(&home.cluster, &account).map_err(ClusterError::file("create", &home.cluster))?;
        Ok((home, account))
    }

    pub(super) fn data(&self) -> PathBuf {
        self.cluster.join("data")
    }

    /// Opens the file whose lock says who owns the cluster.
    pub(super) fn open_lock(&self, account: &Account) -> Result<File, ClusterError> {
        let path = self.cluster.join("lock");
        open_private(&path, account).map_err(ClusterError::file("open", &path))
    }

    /// Opens the log to append to it; one that has grown large becomes `postgres.log.1` first.
    pub(super) fn open_log(&self, account: &Account) -> Result<File, ClusterError> {
        if self.log.symlink_metadata().is_ok_and(|log| log.len() > LARGEST_LOG_BYTES) {
            let old = self.log.with_extension("log.1");
            std::fs::rename(&self.log, &old).map_err(ClusterError::file("rename", &self.log))?;
        }
        open_private(&self.log, account).map_err(ClusterError::file("open", &self.log))
    }

    /// Makes the directory of the unix socket: in the cluster, or in the temp directory where that is too long.
    pub(super) fn make_socket_directory(&self, account: &Account) -> Result<PathBuf, ClusterError> {
        let inside = self.cluster.join("socket");
        if inside.as_os_str().len() <= LONGEST_SOCKET_DIRECTORY {
            make_private(&inside, account).map_err(ClusterError::file("create", &inside))?;
            return Ok(inside);
        }
        // Anybody can take a name in the temp directory, but not all of them.
        let short = |n| std::env::temp_dir().join(format!("tessera-{}-{n}", digest(&self.cluster)));
        (0..9).map(short).find(|path| make_private(path, account).is_ok()).map_or_else(
            || {
                let path = short(9);
                make_private(&path, account).map_err(ClusterError::file("create", &path))?;
                Ok(path)
            },
            Ok,
        )
    }
}

/// Removes what a server that no longer runs left in its socket directory.
pub(super) fn clear_socket_directory(socket: &Path) {
    let _ = std::fs::remove_file(socket.join(format!(".s.PGSQL.{PORT}")));
    let _ = std::fs::remove_file(socket.join(format!(".s.PGSQL.{PORT}.lock")));
}

/// Whether the account can enter the data directory, which another process may have made a moment ago and not opened yet.
fn is_open(wanted: &Path, account: &Account) -> bool {
    account.can_enter(wanted) || {
        std::thread::sleep(Duration::from_millis(100));
        account.can_enter(wanted)
    }
}

/// Where the cluster goes when PostgreSQL's user cannot reach the data directory; best first.
fn fallbacks(wanted: &Path) -> Vec<PathBuf> {
    let name = digest(wanted);
    let temp = std::env::temp_dir().canonicalize().unwrap_or_else(|_| std::env::temp_dir());
    let mut places = vec![Path::new("/var/lib/tessera").join(&name)];
    // What is temporary leaves nothing behind in the system's directories.
    if wanted.starts_with(&temp) {
        places.insert(0, temp.join(format!("tessera-{name}")));
    }
    places
}

/// The first 16 hex digits of a path's SHA-256: a stable, short name for it.
fn digest(path: &Path) -> String {
    fetch::hex(&Sha256::digest(path.as_os_str().as_bytes())[..8])
}

/// Root's own directory that others may pass through; refused where somebody else made it.
fn make_fallback(base: &Path) -> io::Result<()> {
    if let Some(parent) = base.parent().filter(|parent| !parent.exists()) {
        std::fs::create_dir_all(parent)?;
        set_mode(parent, 0o711)?;
    }
    make_directory(base)?;
    if !is_roots(base) {
        return Err(io::ErrorKind::PermissionDenied.into());
    }
    set_mode(base, 0o711)
}

/// Whether a fallback was made by root: in the temp directory anybody can make one, with a cluster of theirs inside.
fn is_roots(base: &Path) -> bool {
    base.symlink_metadata().is_ok_and(|metadata| metadata.is_dir() && metadata.uid() == 0)
}

/// A directory that only the account (and root) can enter; refused where somebody else made it.
fn make_private(directory: &Path, account: &Account) -> io::Result<()> {
    make_directory(directory)?;
    // An administrator may have put a link to another disk here; then its target is theirs to prepare.
    let is_link = directory.is_symlink();
    let owner = directory.metadata()?.uid();
    let is_ours = owner == account.uid || (account.switch && owner == 0);
    let is_public = directory.parent().is_some_and(|parent| parent == std::env::temp_dir());
    if is_public && (is_link || !is_ours) {
        return Err(io::ErrorKind::PermissionDenied.into());
    }
    account.give(directory)?;
    if !is_link && directory.metadata()?.mode() & 0o077 != 0 {
        set_mode(directory, 0o700)?;
    }
    Ok(())
}

fn make_directory(directory: &Path) -> io::Result<()> {
    match DirBuilder::new().mode(0o700).create(directory) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        result => result,
    }
}

/// Opens or creates a file of the account, never through a link: root writes here, and the directory is not root's.
fn open_private(path: &Path, account: &Account) -> io::Result<File> {
    let mut options = OpenOptions::new();
    let file =
        options.read(true).append(true).create(true).mode(0o600).custom_flags(libc::O_NOFOLLOW).open(path)?;
    if account.switch {
        fchown(&file, Some(account.uid), None)?;
    }
    Ok(file)
}

pub(super) fn set_mode(path: &Path, mode: u32) -> io::Result<()> {
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode))
}
