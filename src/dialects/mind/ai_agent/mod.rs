//! AI agents on the Mind wire.

pub mod create;
pub mod delete;
pub mod document;
pub mod get;
pub mod list;
pub mod patch;
pub mod wire;

/// What an AI agent is called in an error's code.
const NOUN: &str = "ai_agent";
