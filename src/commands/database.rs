//! The database that a command works on: the one that is named, or our own.

use std::str::FromStr;

use secrecy::ExposeSecret;
use sqlx::postgres::PgConnectOptions;

use super::Failure;
use crate::cluster::{Cluster, Settings};
use crate::config::Config;
use crate::db::{Db, Limits, schema};

/// A database with the current schema.
#[derive(Debug)]
pub struct Database {
    pub db: Db,
    /// Our own cluster; `None` where `DATABASE_URL` names a server.
    pub cluster: Option<Cluster>,
}

/// Connects, starting our own cluster where no server is named, and brings the schema up to date.
pub async fn open(config: &Config) -> Result<Database, Failure> {
    let (options, cluster) = if let Some(url) = &config.database_url {
        let options = PgConnectOptions::from_str(url.expose_secret());
        (options.map_err(|error| format!("DATABASE_URL cannot be read: {error}"))?, None)
    } else {
        let cluster = Cluster::start(&settings(config)).await?;
        (cluster.connect_options(), Some(cluster))
    };
    let named = options.get_application_name().is_some();
    let options = if named { options } else { options.application_name("tessera") };
    if let Err(error) = schema::migrate(&options).await {
        if let Some(cluster) = cluster {
            cluster.stop().await?;
        }
        return Err(error.into());
    }
    Ok(Database { db: Db::open(&options, &limits(config)), cluster })
}

/// Where our own cluster lives.
pub fn settings(config: &Config) -> Settings {
    Settings {
        data_dir: config.data_dir.clone(),
        bin_dir: config.pg_bin_dir.clone(),
        run_as: config.pg_run_as.clone(),
        download_url: config.pg_url.clone(),
        download_sha256: config.pg_sha256.clone(),
        server_options: Vec::new(),
    }
}

/// The limits of the pools.
pub fn limits(config: &Config) -> Limits {
    Limits {
        pool: config.pool_size(),
        acquire: config.acquire_timeout.0,
        lock: config.lock_timeout.0,
        statement: config.statement_timeout.0,
    }
}

impl Database {
    /// Gives everything back.
    pub async fn close(self) -> Result<(), Failure> {
        self.db.close().await;
        if let Some(cluster) = self.cluster {
            cluster.stop().await?;
        }
        Ok(())
    }

    /// Runs the work and gives everything back, whatever came of it.
    pub async fn with<T>(self, work: impl AsyncFnOnce(&Db) -> Result<T, Failure>) -> Result<T, Failure> {
        let done = work(&self.db).await;
        self.close().await?;
        done
    }
}
