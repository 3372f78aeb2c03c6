//! The embedded PostgreSQL: a private cluster below the data directory, for whoever has no `DATABASE_URL`.
//!
//! The process that holds the lock owns the server: it starts it, stops it, and on Linux takes it along however it
//! dies. Every other process on the same data directory is a guest: it uses the server for as long as it is there,
//! and loses its connections when the owner stops. The next start after that takes over, on the same socket: a guest
//! that serves for long calls `start` now and then until it owns, and its pool's options stay right.

mod account;
mod binaries;
mod error;
mod fetch;
mod home;
mod initdb;
mod pid_file;
mod pinned;
mod roles;
mod server;
mod unpack;

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use sqlx::postgres::{PgConnectOptions, PgSslMode};
use sqlx::{ConnectOptions, Connection};

use account::Account;
use binaries::Binaries;
pub use error::ClusterError;
use home::Home;
use pid_file::PidFile;
use server::{Launch, Server};

/// Part of the socket's name; nothing listens on a TCP port.
const PORT: u16 = 5432;
const SUPERUSER: &str = "postgres";
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
const JOIN_TIMEOUT: Duration = Duration::from_mins(1);

/// Where the cluster lives and which programs it may use. Of the environment, only PATH and TMPDIR are read here.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// Made if missing. The cluster goes into its folder `postgres`, fetched programs into `pg`.
    pub data_dir: PathBuf,
    /// The one directory whose PostgreSQL programs are used. `None`: the newest that are found, else fetched ones.
    pub bin_dir: Option<PathBuf>,
    /// The user that PostgreSQL runs as when this process is root. `None`: the data's owner, `postgres` or `nobody`.
    pub run_as: Option<String>,
    /// A `tar.gz` of PostgreSQL programs, used before what is installed. `None`: a pinned version, if none is.
    pub download_url: Option<String>,
    /// The SHA-256 of that archive, in hex digits; `download_url` needs it.
    pub download_sha256: Option<String>,
    /// Parameters of the server besides its defaults, as in `postgresql.conf`.
    pub server_options: Vec<(String, String)>,
}

/// A running cluster, owned or joined.
///
/// Dropped without `stop`, an owned server runs on until this process ends.
#[derive(Debug)]
pub struct Cluster {
    socket: PathBuf,
    log: PathBuf,
    /// `None` in a guest.
    owned: Option<Owned>,
}

#[derive(Debug)]
struct Owned {
    server: Server,
    binaries: Binaries,
    account: Account,
    cluster: PathBuf,
}

impl Cluster {
    /// Finds or fetches PostgreSQL, makes the cluster where there is none, and starts its server or joins a running one.
    ///
    /// # Errors
    /// `NoBinaries` where no PostgreSQL can be had; `NotReady` where another process owns the cluster but does not
    /// get it running within 60 s; else what kept PostgreSQL from starting.
    pub async fn start(settings: &Settings) -> Result<Self, ClusterError> {
        let wanted = settings.clone();
        let (home, account, lock) = blocking(move || -> Result<_, ClusterError> {
            let (home, account) = Home::choose(&wanted)?;
            let lock = home.open_lock(&account)?;
            Ok((home, account, lock))
        })
        .await??;

        let start = Instant::now();
        loop {
            match lock.try_lock() {
                Ok(()) => return Self::own(settings, home, account, lock).await,
                Err(TryLockError::WouldBlock) => {}
                Err(TryLockError::Error(source)) => {
                    return Err(ClusterError::File { action: "lock", path: home.cluster, source });
                }
            }
            match Self::join(&home).await {
                Ok(guest) => return Ok(guest),
                Err(last) if start.elapsed() > JOIN_TIMEOUT => {
                    return Err(ClusterError::NotReady {
                        cluster: home.cluster,
                        seconds: JOIN_TIMEOUT.as_secs(),
                        last,
                    });
                }
                Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
            }
        }
    }

    /// Options to connect as role `tessera`, which owns the database `tessera` and may create roles and databases,
    /// but is no superuser.
    #[must_use]
    pub fn connect_options(&self) -> PgConnectOptions {
        options(&self.socket, "tessera", "tessera")
    }

    /// Options to connect as the superuser, to the database `postgres`. Row-level security does not bind this user.
    #[must_use]
    pub fn superuser_options(&self) -> PgConnectOptions {
        options(&self.socket, SUPERUSER, SUPERUSER)
    }

    /// The file that PostgreSQL logs to, in the cluster's directory.
    #[must_use]
    pub fn log_file(&self) -> &Path {
        &self.log
    }

    /// Whether this process started the server and will stop it.
    #[must_use]
    pub fn is_owner(&self) -> bool {
        self.owned.is_some()
    }

    /// Whether the server that this process owns has ended without being stopped: `start` brings it back, on the same
    /// socket. Always false in a guest, which does not see it.
    #[must_use]
    pub fn has_ended(&self) -> bool {
        self.owned.as_ref().is_some_and(|owned| owned.server.has_ended())
    }

    /// Stops the server and waits for it; connections that are still open, guests' too, are closed. In a guest it
    /// does nothing.
    ///
    /// # Errors
    /// `Stop` where the server needs more than 60 s; it still ends with this process.
    pub async fn stop(self) -> Result<(), ClusterError> {
        let Some(owned) = self.owned else {
            return Ok(());
        };
        owned.server.stop(&owned.binaries, &owned.account).await?;
        if !self.socket.starts_with(&owned.cluster) {
            // It is a short name in the temp directory, and empty now; the next start makes it again.
            let _ = std::fs::remove_dir(&self.socket);
        }
        Ok(())
    }

    async fn own(
        settings: &Settings,
        home: Home,
        account: Account,
        lock: File,
    ) -> Result<Self, ClusterError> {
        let lock = Arc::new(lock);
        let data = home.data();
        let orphan = pid_file::settle(&data).await?;
        let binaries = binaries::obtain(settings, &home, &account).await?;
        let (server, socket) = if let Some(orphan) = orphan {
            tracing::info!("adopting the PostgreSQL server that is already running (process {})", orphan.pid);
            (Server::adopt(orphan.pid, data, lock), orphan.socket)
        } else {
            initdb::ensure(&binaries, &account, &home).await?;
            let socket = home.make_socket_directory(&account)?;
            let launch = Launch {
                binaries: &binaries,
                account: &account,
                home: &home,
                socket: &socket,
                options: &settings.server_options,
            };
            (Server::start(&launch, &lock).await?, socket)
        };
        let owned = Owned { server, binaries, account, cluster: home.cluster };
        let cluster = Self { socket, log: home.log, owned: Some(owned) };
        if let Err(error) = roles::ensure(&cluster.superuser_options()).await {
            cluster.stop().await?;
            return Err(error.into());
        }
        Ok(cluster)
    }

    /// Joins the server of another process; says what is missing while it is not ready.
    async fn join(home: &Home) -> Result<Self, String> {
        let file =
            PidFile::read(&home.data()).filter(|file| file.is_ready).ok_or("its server does not run yet")?;
        let guest = Self { socket: file.socket, log: home.log.clone(), owned: None };
        // The server is ready before the owner has made role and database.
        let options = guest.connect_options();
        let connection = tokio::time::timeout(CONNECT_TIMEOUT, options.connect()).await;
        let connection =
            connection.map_err(|_| "its server does not answer")?.map_err(|error| error.to_string())?;
        let _ = connection.close().await;
        Ok(guest)
    }
}

fn options(socket: &Path, user: &str, database: &str) -> PgConnectOptions {
    PgConnectOptions::new_without_pgpass()
        .socket(socket)
        .port(PORT)
        .ssl_mode(PgSslMode::Disable)
        .username(user)
        .database(database)
}

/// Runs what waits for files or programs where it holds up no other task.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, ClusterError> {
    Ok(tokio::task::spawn_blocking(work).await?)
}
