//! `tessera migrate`.

use super::{Failure, database};
use crate::config::Config;

/// Brings the schema up to date and stops.
pub async fn migrate(config: Config) -> Result<(), Failure> {
    database::open(&config).await?.close().await
}
