//! How a tag or an AI agent finds its tickets.

use crate::domain::tag::DetectionType;

/// When a tag or an AI agent fires (enneo Mind: `detectionDetails`).
#[derive(Debug, Clone, PartialEq)]
pub struct Detection {
    pub kind: DetectionType,
    /// Fires only where a customer was recognised.
    pub customer_needed: bool,
    /// A sentence that describes the matter.
    pub prompt: String,
    /// Words and phrases of any language that speak for it.
    pub keywords: Vec<String>,
    /// All must hold. Keys and comparators are those of the ticket search.
    pub conditions: Vec<Condition>,
}

/// One condition on a ticket: `{key, comparator, values | value | from, to}`.
#[derive(Debug, Clone, PartialEq)]
pub struct Condition {
    pub key: String,
    pub comparator: String,
    /// One for a scalar comparator, from and to for a range.
    pub values: Vec<String>,
}
