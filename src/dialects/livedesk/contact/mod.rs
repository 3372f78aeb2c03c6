//! Contacts. Their answers are not wrapped in an envelope.

mod wire;

pub mod create;
pub mod list;
