//! A server to talk to, tenants to talk as, and the database behind it.

mod client;
mod cluster;
mod contract;
pub mod model;
mod server;

pub use client::{Client, Reply};
pub use cluster::{Backdoor, log, new_database, own_cluster, url, url_of};
pub use contract::{DIALECTS, Dialect};
pub use server::{SECRET, Server, data_dir, sign, token};
