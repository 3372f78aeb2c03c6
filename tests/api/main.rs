//! Black-box tests: a real socket, a real PostgreSQL.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod auth;
mod mind;
mod service;
mod support;
