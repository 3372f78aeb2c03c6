//! Black-box tests: a real socket, a real PostgreSQL.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]
#![recursion_limit = "256"]

mod auth;
mod bad_input;
mod connections;
mod livedesk;
mod mind;
mod one_core;
mod queue;
mod service;
mod socialboards;
mod strangers;
mod support;
mod tenancy;
mod upload;
