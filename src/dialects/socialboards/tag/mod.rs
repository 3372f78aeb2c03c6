//! Tags.

pub mod list;
