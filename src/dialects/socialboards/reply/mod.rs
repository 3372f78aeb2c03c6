//! Replies: what the team answers and what clients write back.

pub mod create;
pub mod list;
mod wire;
