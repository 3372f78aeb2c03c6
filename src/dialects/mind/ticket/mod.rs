//! Tickets on the Mind wire.

pub mod activity;
pub mod create;
pub mod get;
pub mod members;
pub mod patch;
pub mod processing;
pub mod wire;
