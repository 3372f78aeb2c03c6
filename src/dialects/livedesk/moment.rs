//! Instants on the wire.

use jiff::Timestamp;

/// In UTC, to the second.
pub fn show(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}
