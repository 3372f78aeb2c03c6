//! Tickets on the Mind wire.

pub mod create;
pub mod get;
pub mod members;
pub mod patch;
pub mod wire;
