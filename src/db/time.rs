//! Instants between the database's driver, which speaks chrono, and the domain, which speaks jiff.

use chrono::{DateTime, Utc};
use jiff::Timestamp;

/// For a parameter.
pub fn bind(instant: Timestamp) -> DateTime<Utc> {
    // The domain holds years 2 to 9998 only, well inside chrono's range.
    DateTime::from_timestamp_micros(instant.as_microsecond()).unwrap_or_default()
}

/// For a parameter that may be null.
pub fn bind_opt(instant: Option<Timestamp>) -> Option<DateTime<Utc>> {
    instant.map(bind)
}

/// From a column.
pub fn read(instant: DateTime<Utc>) -> Timestamp {
    // PostgreSQL reaches further than the domain, but only the domain writes.
    Timestamp::from_microsecond(instant.timestamp_micros()).unwrap_or(Timestamp::MAX)
}

/// From a column that may be null.
pub fn read_opt(instant: Option<DateTime<Utc>>) -> Option<Timestamp> {
    instant.map(read)
}
