//! How soon a job starts when nothing else is to do.

use std::error::Error;
use std::time::{Duration, Instant};

use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::json;
use tessera::{Outcome, Registry};
use tokio::sync::mpsc;

use crate::desk::{Desk, SECRET};

const REQUESTS: usize = 150;

/// Median and 95th percentile from sending a request that creates a ticket until its job starts, in the process
/// that takes the request or in another.
pub async fn measure(desk: &Desk, apart: bool) -> Result<(Duration, Duration), Box<dyn Error>> {
    let (starts, mut started) = mpsc::unbounded_channel();
    let registry = Registry::default().with("analyze_ticket", move |_| {
        let _ = starts.send(Instant::now());
        std::future::ready(Ok(Outcome::Completed))
    });
    let worker = desk.serve(4, registry).await?;
    let front = if apart { Some(desk.serve(0, Registry::default()).await?) } else { None };
    let address = front.as_ref().unwrap_or(&worker).address;
    let claims = json!({ "tenant": "bench", "sub": "integration:bench", "role": "integration", "exp": 4_000_000_000_i64 });
    let key = EncodingKey::from_secret(SECRET.as_bytes());
    let token = jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &key)?;
    let client = reqwest::Client::new();
    let mut waits = Vec::new();
    for _ in 0..REQUESTS {
        let sent = Instant::now();
        let request = client.post(format!("http://{address}/api/mind/ticket")).bearer_auth(&token);
        request.json(&json!({ "channel": "email", "subject": "Umzug" })).send().await?.error_for_status()?;
        let start = tokio::time::timeout(Duration::from_secs(30), started.recv()).await?;
        waits.push(start.ok_or("the worker is gone")?.duration_since(sent));
        // Idle again.
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    for server in [front, Some(worker)].into_iter().flatten() {
        server.stop().await;
    }
    waits.sort_unstable();
    Ok((waits[REQUESTS / 2], waits[REQUESTS * 95 / 100]))
}
