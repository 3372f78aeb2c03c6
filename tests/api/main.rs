//! Black-box tests: a real socket, a real PostgreSQL.

mod mind;
mod support;
