//! Tickets.

pub mod get;
