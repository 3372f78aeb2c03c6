//! A rule that a request breaks, told in the core's words; a dialect puts it in its own.

use crate::domain::ticket::Field;

/// One broken rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Which element of a batch, from 0; 0 where there is no batch.
    pub element: usize,
    /// Which part of the element.
    pub place: Place,
    /// A stable machine word.
    pub code: &'static str,
    /// A sentence without a full stop.
    pub message: String,
}

/// The part of an element that a fault is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// A field of the ticket.
    Field(Field),
    /// One entry, from 0, of a field that is a list.
    Entry(Field, usize),
    /// One entry of the tags to add.
    AddTag(usize),
    /// One entry of the tags to remove.
    RemoveTag(usize),
    /// The ticket's id.
    Id,
    /// The version that the request expects.
    ExpectedVersion,
}

impl Fault {
    /// A fault of the only, or the given, element.
    pub fn new(element: usize, place: Place, code: &'static str, message: impl Into<String>) -> Self {
        Self { element, place, code, message: message.into() }
    }
}
