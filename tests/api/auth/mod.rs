//! Who is let in, and what they may do.
mod cookies;
mod provider;
mod roles;
mod tokens;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::Router;
use axum::routing::get;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};

use crate::support::{Client, Reply};

const READ: &str = "/api/mind/tag";
const TICKET: &str = "/api/mind/ticket";
/// 2096: no test moves the clock that far.
const FAR: i64 = 4_000_000_000;
/// Within this time, a change that another process made is noticed.
const NOTICED: Duration = Duration::from_secs(5);

const RSA: &[u8] = include_bytes!("../fixtures/keys/rs256.pem");
const RSA_PUBLIC: &[u8] = include_bytes!("../fixtures/keys/rs256.pub.pem");
const EC: &[u8] = include_bytes!("../fixtures/keys/es256.pem");
const ED: &[u8] = include_bytes!("../fixtures/keys/eddsa.pem");
const ROTATED: &[u8] = include_bytes!("../fixtures/keys/rotated.pem");

/// An identity provider that serves a key set and counts how often it is asked.
struct Provider {
    url: String,
    asked: Arc<AtomicUsize>,
    set: Arc<Mutex<Value>>,
    /// Held by a test: no answer until it is given back.
    gate: Arc<tokio::sync::Mutex<()>>,
}

impl Provider {
    /// Knows these keys of the fixture.
    async fn start(kids: &[&str]) -> Self {
        let (asked, set) = (Arc::<AtomicUsize>::default(), Arc::new(Mutex::new(key_set(kids))));
        let gate = Arc::<tokio::sync::Mutex<()>>::default();
        let state = (asked.clone(), set.clone(), gate.clone());
        let router = Router::new().route(
            "/keys",
            get(move || async move {
                let (asked, set, gate) = state;
                asked.fetch_add(1, Ordering::SeqCst);
                drop(gate.lock().await);
                set.lock().unwrap().to_string()
            }),
        );
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/keys", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { url, asked, set, gate }
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }

    fn now_knows(&self, set: Value) {
        *self.set.lock().unwrap() = set;
    }
}

fn key_set(kids: &[&str]) -> Value {
    let all: Value = serde_json::from_str(include_str!("../fixtures/keys/key_set.json")).unwrap();
    let keys = all["keys"].as_array().unwrap();
    let chosen = keys.iter().filter(|key| kids.contains(&key["kid"].as_str().unwrap()));
    json!({ "keys": chosen.collect::<Vec<_>>() })
}

/// A token of the identity provider.
fn issue(alg: Algorithm, pem: &[u8], kid: Option<&str>, claims: &Value) -> String {
    let key = match alg {
        Algorithm::RS256 | Algorithm::RS512 => EncodingKey::from_rsa_pem(pem),
        Algorithm::ES256 => EncodingKey::from_ec_pem(pem),
        _ => EncodingKey::from_ed_pem(pem),
    };
    let header = Header { kid: kid.map(Into::into), ..Header::new(alg) };
    jsonwebtoken::encode(&header, claims, &key.unwrap()).unwrap()
}

fn claims(tenant: &str) -> Value {
    json!({ "tenant": tenant, "sub": "integration:erp", "role": "integration", "exp": FAR })
}

/// The claims with further members.
fn claims_with(tenant: &str, members: Value) -> Value {
    let mut claims = claims(tenant);
    let Value::Object(members) = members else { panic!("members are an object") };
    claims.as_object_mut().unwrap().extend(members);
    claims
}

async fn read_with(client: &Client, token: impl Into<String>) -> Reply {
    client.with_token(&token.into()).get(READ).await
}

#[track_caller]
fn assert_accepted(reply: &Reply) {
    assert_eq!(reply.status, 200, "{}", reply.text);
}

#[track_caller]
fn assert_refused(reply: &Reply) {
    assert_eq!(reply.status, 401, "{}", reply.text);
    assert!(reply.header("www-authenticate").starts_with("Bearer"), "{:?}", reply.headers);
    assert_eq!(reply.header("content-type"), "application/problem+json");
    let problem = json!({
        "type": "about:blank",
        "title": "Unauthorized",
        "status": 401,
        "detail": "credentials are missing or not valid",
        "success": false,
        "code": "unauthenticated",
        "message": "credentials are missing or not valid",
        "requestId": reply.header("x-request-id"),
        "errors": [],
    });
    assert_eq!(reply.body, problem);
}

#[track_caller]
fn assert_forbidden(reply: &Reply) {
    assert_eq!((reply.status, &reply.body["code"]), (403, &json!("forbidden")), "{}", reply.text);
    assert_eq!(reply.header("content-type"), "application/problem+json");
    assert_eq!(reply.body["requestId"], reply.header("x-request-id"));
}

/// Asks until the credential is refused, which has to happen in time.
async fn assert_refused_soon(client: &Client) {
    let start = Instant::now();
    loop {
        let reply = client.get(READ).await;
        if reply.status != 200 {
            return assert_refused(&reply);
        }
        assert!(start.elapsed() < NOTICED, "still accepted");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

async fn create(client: &Client) -> Reply {
    client.post(TICKET, json!({ "channel": "email" })).await
}
