//! What is stored as JSON, on its way to a client.

use serde_json::Value;

use crate::domain::customer::ErpId;
use crate::domain::ticket::Document;

/// A stored document; it was JSON when it was stored.
pub fn value(Document(text): Document) -> Value {
    serde_json::from_str(&text).unwrap_or_default()
}

/// An id of the back end with the type that it came with.
pub fn erp_id(id: &ErpId) -> Value {
    let number = id.text.parse::<i64>().ok().filter(|_| id.is_integer);
    number.map_or_else(|| id.text.clone().into(), Value::from)
}
