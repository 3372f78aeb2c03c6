//! Black-box tests: a real socket, a real PostgreSQL.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod bad_input;
mod mind;
mod support;
mod tenancy;
