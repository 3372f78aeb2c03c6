//! Logging and metrics.

use std::io::IsTerminal;
use std::sync::OnceLock;

use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use tracing_subscriber::EnvFilter;

use crate::config::LogFormat;

/// Seconds: from a cached answer to the request time-out.
const SECONDS: [f64; 12] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 30.0];

/// Sends log lines to stderr. A filter that cannot be read is an error with its reason.
pub fn start_logging(filter: &str, format: LogFormat) -> Result<(), String> {
    // The driver repeats every notice of PostgreSQL, which says so of each migration that is there already.
    let filter = EnvFilter::builder()
        .parse(format!("sqlx=warn,{filter}"))
        .map_err(|error| format!("TESSERA_LOG is not a filter: {error}"))?;
    let lines = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr);
    match format {
        LogFormat::Pretty => lines.try_init(),
        LogFormat::Json => lines.json().flatten_event(true).try_init(),
    }
    .map_err(|error| error.to_string())
}

/// The process's metrics, installed at the first call.
pub fn metrics() -> &'static PrometheusHandle {
    static HANDLE: OnceLock<PrometheusHandle> = OnceLock::new();
    HANDLE.get_or_init(|| {
        let recorder = PrometheusBuilder::new()
            .set_buckets_for_metric(Matcher::Suffix("_seconds".into()), &SECONDS)
            .map_or_else(|_| PrometheusBuilder::new().build_recorder(), PrometheusBuilder::build_recorder);
        let handle = recorder.handle();
        // Fails only where another recorder was installed first; ours then shows nothing.
        drop(metrics::set_global_recorder(recorder));
        metrics::describe_counter!("tessera_sql_statements_total", "SQL statements sent");
        metrics::describe_counter!("tessera_http_requests_total", "Requests answered, by route and status");
        metrics::describe_histogram!("tessera_http_request_seconds", "Time to answer, by route");
        metrics::describe_gauge!("tessera_jobs_depth", "Jobs that are due and wait, by lane");
        metrics::describe_gauge!(
            "tessera_jobs_oldest_seconds",
            "For how long the oldest has been due, by lane"
        );
        metrics::describe_histogram!("tessera_jobs_run_seconds", "Time that a job ran, by kind");
        metrics::describe_counter!("tessera_jobs_attempts_total", "Attempts at jobs, by kind");
        metrics::describe_counter!("tessera_jobs_discarded_total", "Jobs that failed for good, by kind");
        handle
    })
}
