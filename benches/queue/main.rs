//! How fast the queue is beside the database that it stands on: empty jobs, so that nothing but the queue is
//! measured. Ratios are what counts: absolute figures are this machine's, on this day.

mod desk;
mod latency;
#[path = "../support/pgbench.rs"]
mod pgbench;

use std::error::Error;
use std::time::Duration;

use desk::Desk;

/// The jobs of one measurement.
const JOBS: u64 = 40_000;
/// How long jobs flow before the figure without a snapshot is taken. With one it is `TESSERA_BENCH_SNAPSHOT_SECONDS`
/// (default 60).
const BEFORE: Duration = Duration::from_secs(30);
/// Rows that are in nobody's way.
const BALLAST: u64 = 1_000_000;

/// One job claimed and finished, by hand: what a worker must do at the least.
const LEAST_SQL: &str = "
with picked as (
    select tenant_id, id from job
    where tenant_id = 1 and lane = 'background' and state in ('available', 'retryable', 'scheduled')
        and scheduled_at <= current_timestamp
    order by scheduled_at, id limit 1 for update skip locked
)
update job j
set state = 'running', attempt = attempt + 1, lease_token = gen_random_uuid(), leased_until = current_timestamp + interval '15 seconds'
from picked p where j.tenant_id = p.tenant_id and j.id = p.id
returning j.id \\gset
with done as (delete from job where tenant_id = 1 and id = :id returning *)
insert into job_history (tenant_id, id, kind, ticket_id, scope, lane, state, attempt, max_attempts, scheduled_at, created_at, finalized_at, errors)
select tenant_id, id, kind, ticket_id, scope, lane, 'completed', attempt, max_attempts, scheduled_at, created_at, current_timestamp, errors from done;
";

fn main() -> Result<(), Box<dyn Error>> {
    // `cargo test --benches` runs this too; it has nothing to test.
    if !std::env::args().any(|argument| argument == "--bench") {
        return Ok(());
    }
    tokio::runtime::Runtime::new()?.block_on(run())
}

async fn run() -> Result<(), Box<dyn Error>> {
    let desk = Desk::start().await?;
    println!("| empty jobs | jobs/s | of pgbench |\n|---|---|---|");
    let pgbench = pgbench::find();
    for workers in [1, 4] {
        let least = match &pgbench {
            Some(program) => {
                desk.enqueue(2 * JOBS).await?;
                let length = Duration::from_secs(5);
                let options = "-c role=tessera_system -c enable_seqscan=off";
                let run = pgbench::Run { socket: &desk.socket, options, clients: workers, length };
                let least = run.of(program, LEAST_SQL)?;
                desk.clear().await?;
                Some(least)
            }
            None => None,
        };
        let rate = desk.throughput(workers, JOBS).await?;
        let ratio = least.map_or_else(
            || "there is no pgbench here".to_owned(),
            |least| format!("{:.2} of {least:.0}", rate / least),
        );
        println!("| workers: {workers} | {rate:.0} | {ratio} |");
    }

    println!(
        "\n| start of a job when idle, from the request that asks for it | p50 ms | p95 ms |\n|---|---|---|"
    );
    for (name, apart) in [("in the same process", false), ("in another process", true)] {
        let (p50, p95) = latency::measure(&desk, apart).await?;
        println!("| {name} | {:.1} | {:.1} |", p50.as_secs_f64() * 1e3, p95.as_secs_f64() * 1e3);
    }

    let held = match std::env::var("TESSERA_BENCH_SNAPSHOT_SECONDS") {
        Ok(seconds) => Duration::from_secs(seconds.parse()?),
        Err(_) => Duration::from_mins(1),
    };
    println!("\n| 4 workers under | jobs/s | without it | ratio |\n|---|---|---|---|");
    let without = desk.flow(4, BEFORE).await?;
    let snapshot = desk.hold_snapshot().await?;
    let with = desk.flow(4, held).await?;
    drop(snapshot);
    println!(
        "| an idle snapshot that is {} s old, {} jobs later | {with:.0} | {without:.0} | {:.2} |",
        held.as_secs(),
        desk.finished().await?,
        with / without
    );
    desk.clear().await?;
    let without = desk.throughput(4, JOBS).await?;
    desk.fill(BALLAST).await?;
    let with = desk.throughput(4, JOBS).await?;
    println!(
        "| {BALLAST} finished and {BALLAST} scheduled jobs | {with:.0} | {without:.0} | {:.2} |",
        with / without
    );
    desk.stop().await
}
