//! Tickets.

mod file_name;
mod wire;

pub mod create;
pub mod get;
pub mod put;
