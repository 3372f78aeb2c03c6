//! How fast the server is beside the database that it stands on.
//!
//! Starts a release server on a private cluster with 50,000 tickets, drives it over keep-alive
//! connections, and lets `pgbench` do the same work with the least SQL in the same run. Ratios are what
//! counts: absolute times are this machine's, on this day. `TESSERA_BENCH_SECONDS` (default 5) is the
//! length of one measurement, `TESSERA_BENCH_TICKETS` (default 50000) the size of the tenant.

mod least_sql;
mod load;
#[path = "../support/pgbench.rs"]
mod pgbench;
mod server;

use std::error::Error;
use std::time::Duration;

use load::{Load, Workload};
use server::Server;

/// The connections at which the targets hold.
const CONNECTIONS: [usize; 2] = [1, 16];

fn main() -> Result<(), Box<dyn Error>> {
    // `cargo test --benches` runs this too; it has nothing to test.
    if !std::env::args().any(|argument| argument == "--bench") {
        return Ok(());
    }
    let number = |name: &str, default: u64| {
        std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
    };
    let length = Duration::from_secs(number("TESSERA_BENCH_SECONDS", 5));
    let tickets = number("TESSERA_BENCH_TICKETS", 50_000);
    let server = Server::start(tickets)?;
    let pgbench = pgbench::find();
    if pgbench.is_none() {
        println!("There is no pgbench on this machine (it comes with PostgreSQL): the ratios are left out.");
    }
    println!(
        "| request | connections | req/s | p50 ms | p99 ms | of pgbench | SQL/request | server CPU µs/request |"
    );
    println!("|---|---|---|---|---|---|---|---|");
    for workload in Workload::ALL {
        for connections in CONNECTIONS {
            let least = match &pgbench {
                Some(program) => least_sql::run(program, &server, workload, connections, length, tickets)?,
                None => None,
            };
            let measured = Load { workload, connections, length, tickets }.run(&server)?;
            let ratio =
                least.map_or_else(|| "–".to_owned(), |least| format!("{:.2}", measured.per_second / least));
            println!(
                "| {workload} | {connections} | {:.0} | {:.2} | {:.2} | {ratio} | {:.1} | {:.0} |",
                measured.per_second,
                measured.percentile(50).as_secs_f64() * 1e3,
                measured.percentile(99).as_secs_f64() * 1e3,
                measured.statements,
                measured.cpu.as_secs_f64() * 1e6,
            );
        }
    }
    println!("\npeak RSS of the server: {} MB", server.peak_rss_kb()? / 1000);
    Ok(())
}
