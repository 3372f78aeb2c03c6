//! Notes: for the team alone.

pub mod create;
pub mod delete;
mod mention;
pub mod update;
mod wire;
