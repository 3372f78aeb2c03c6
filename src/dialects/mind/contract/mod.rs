//! Contracts on the Mind wire.

pub mod members;
pub mod put;
pub mod wire;
