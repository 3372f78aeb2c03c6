//! What is stored as JSON, on its way to a client.

use serde::{Serialize, Serializer};
use serde_json::Value;
use serde_json::value::RawValue;

use crate::domain::customer::ErpId;
use crate::domain::ticket::Document;

/// A stored document, shown as it is stored without being taken apart; it was JSON when it was stored.
#[derive(Debug)]
pub struct Stored(pub Document);

impl Serialize for Stored {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        raw(&self.0).serialize(serializer)
    }
}

/// A stored document as JSON; null for what is none.
pub fn raw(Document(text): &Document) -> &RawValue {
    serde_json::from_str(text).unwrap_or(RawValue::NULL)
}

/// A stored document, taken apart.
pub fn value(Document(text): Document) -> Value {
    serde_json::from_str(&text).unwrap_or_default()
}

/// An id of the back end with the type that it came with.
pub fn erp_id(id: &ErpId) -> Value {
    let number = id.text.parse::<i64>().ok().filter(|_| id.is_integer);
    number.map_or_else(|| id.text.clone().into(), Value::from)
}
