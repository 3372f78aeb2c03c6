//! Tessera: a multi-tenant, AI-assisted customer-service ticketing server.
//!
//! The modules in reading order. Public is what the program and its tests need.

mod actions;
mod analysis;
mod app;
mod clock;
mod cluster;
mod commands;
mod config;
mod db;
mod dialects;
mod domain;
mod error;
mod http;
mod jobs;
mod maintenance;
mod pipeline;
mod queue;
mod storage;
mod telemetry;

pub use clock::Clock;
pub use cluster::{Cluster, ClusterError, Settings as ClusterSettings};
pub use commands::{Failure, Running, run};
pub use config::Config;
pub use queue::{Claimed, JobError, Outcome, Registry};
