//! How long it takes to recognise a customer among a million, and to analyse a message inside a request.
//!
//! Starts a release server on a private cluster, fills the directory of its demo tenant and pushes messages with
//! `process=realtime`. `TESSERA_BENCH_CUSTOMERS` (default 1000000) is the size of the directory.

#[path = "../http/server.rs"]
#[expect(dead_code, reason = "what the other benchmark needs besides")]
mod server;

use std::error::Error;
use std::time::Instant;

use serde_json::{Value, json};
use server::Server;
use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Executor};

/// The messages of one measurement.
const MESSAGES: u64 = 400;

fn main() -> Result<(), Box<dyn Error>> {
    // `cargo test --benches` runs this too; it has nothing to test.
    if !std::env::args().any(|argument| argument == "--bench") {
        return Ok(());
    }
    let customers = std::env::var("TESSERA_BENCH_CUSTOMERS").ok().and_then(|text| text.parse().ok());
    let customers: u64 = customers.unwrap_or(1_000_000);
    let server = Server::start(100)?;
    tokio::runtime::Runtime::new()?.block_on(async {
        println!("| directory | customer recognised p50 ms | p95 ms | request p50 ms | p95 ms |\n|---|---|---|---|---|");
        for size in [1_000, customers] {
            fill(&server, size).await?;
            measure(&server, size).await?;
        }
        Ok(())
    })
}

/// Puts customers with one contract each into the directory, and the keys that they are found by.
async fn fill(server: &Server, customers: u64) -> Result<(), Box<dyn Error>> {
    let options = PgConnectOptions::new().username("tessera").database("tessera").socket(&server.socket);
    let mut owner = options.connect().await?;
    let numbers = format!("generate_series(1, {customers}) as n");
    let sql = format!(
        "set role tessera_app; begin; set local app.tenant_id = '1';
         insert into customer (tenant_id, id, id_is_integer, business, firstname, lastname, email, phone)
         select 1, (5000000 + n)::text, true, false, 'Tom', 'Muster' || n, 'tom' || n || '@example.net', '+4930' || (10000000 + n)
         from {numbers} on conflict do nothing;
         insert into contract (tenant_id, id, id_is_integer, customer_id, document)
         select 1, (7000000 + n)::text, true, (5000000 + n)::text,
             json_build_object('lastname', 'Muster' || n, 'counterNumber', '1ESY' || (7000000000 + n))
         from {numbers} on conflict do nothing;
         insert into directory_key (tenant_id, kind, value, customer_id, contract_id)
         select 1, k.kind, k.value, (5000000 + n)::text, k.contract
         from {numbers}
         cross join lateral (values
             ('customer_id', (5000000 + n)::text, ''), ('email', 'tom' || n || '@example.net', ''),
             ('contract_id', (7000000 + n)::text, (7000000 + n)::text),
             ('meter', '1esy' || (7000000000 + n), (7000000 + n)::text)
         ) k (kind, value, contract) on conflict do nothing;
         commit; reset role; vacuum analyze;"
    );
    for statement in sql.split(';').map(str::trim).filter(|statement| !statement.is_empty()) {
        owner.execute(AssertSqlSafe(statement)).await?;
    }
    Ok(())
}

async fn measure(server: &Server, customers: u64) -> Result<(), Box<dyn Error>> {
    let http = reqwest::Client::new();
    let base = format!("http://{}/api/mind", server.address);
    let (mut stage, mut request) = (Vec::new(), Vec::new());
    for message in 0..MESSAGES {
        // Spread over the whole directory.
        let n = 1 + message * (customers / MESSAGES).max(1) % customers;
        let push = json!({
            "channel": "email", "from": format!("somebody{n}@example.org"), "subject": "Mein Zählerstand",
            "body": format!(
                "<p>Guten Tag,</p><p>meine Vertragsnummer ist {}, der Zähler 1ESY{} steht bei 12.{:03} kWh.</p>\
                 <p>Viele Grüße<br>Tom Muster{n}</p>",
                7_000_000 + n, 7_000_000_000_u64 + n, n % 1000
            ),
        });
        let began = Instant::now();
        let made: Value = http
            .post(format!("{base}/ticket?process=realtime"))
            .bearer_auth(&server.token)
            .json(&push)
            .send()
            .await?
            .error_for_status()?
            .json()
            .await?;
        request.push(began.elapsed().as_secs_f64() * 1e3);
        if made["contractId"] != json!((7_000_000 + n).to_string()) {
            return Err(format!("contract {} was not recognised: {made}", 7_000_000 + n).into());
        }
        let url = format!("{base}/ticket/{}/activity?showTechnicalInformation=true", made["id"]);
        let activity: Value = http.get(url).bearer_auth(&server.token).send().await?.json().await?;
        let stages = activity["activities"][0]["stages"].as_array().cloned().unwrap_or_default();
        let recognised = stages.iter().find(|stage| stage["stage"] == "customer");
        stage.extend(recognised.and_then(|stage| stage["durationMs"].as_f64()));
    }
    let [stage, request] = [stage, request].map(|mut times| {
        times.sort_by(f64::total_cmp);
        let at = |percent: usize| times.get(times.len() * percent / 100).copied().unwrap_or_default();
        [at(50), at(95)]
    });
    println!("| {customers} | {:.2} | {:.2} | {:.2} | {:.2} |", stage[0], stage[1], request[0], request[1]);
    Ok(())
}
