//! Intents on the Mind wire.

pub mod list;
