//! Customers on the Mind wire.

pub mod get;
pub mod put;
pub mod wire;
