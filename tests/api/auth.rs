//! Who is let in, and what they may do.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::routing::get;
use axum::{Json, Router};
use jiff::SignedDuration;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Backdoor, Client, Reply, SECRET, Server, sign};

const READ: &str = "/api/mind/tag";
const TICKET: &str = "/api/mind/ticket";
/// 2096: no test moves the clock that far.
const FAR: i64 = 4_000_000_000;
/// Within this time, a change that another process made is noticed.
const NOTICED: Duration = Duration::from_secs(5);

const RSA: &[u8] = include_bytes!("fixtures/keys/rs256.pem");
const RSA_PUBLIC: &[u8] = include_bytes!("fixtures/keys/rs256.pub.pem");
const EC: &[u8] = include_bytes!("fixtures/keys/es256.pem");
const ED: &[u8] = include_bytes!("fixtures/keys/eddsa.pem");
const ROTATED: &[u8] = include_bytes!("fixtures/keys/rotated.pem");

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
                Json(set.lock().unwrap().clone())
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
    let all: Value = serde_json::from_str(include_str!("fixtures/keys/key_set.json")).unwrap();
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
    client.with_token(token.into()).get(READ).await
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

#[tokio::test]
async fn a_request_without_a_token_is_refused_on_every_private_route() {
    let server = Server::shared();
    let stranger = server.stranger();
    let document: Value = serde_json::from_str(include_str!("../../openapi/mind.json")).unwrap();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            if operation["security"] == json!([]) {
                continue;
            }
            let path = path.replace("{ticketId}", "1").replace("{id}", "1").replace("{name}", "timeZone");
            let method = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
            let reply = stranger.send(method, &format!("/api/mind{path}"), |request| request).await;
            assert_refused(&reply);
        }
    }
}

#[tokio::test]
async fn what_is_no_bearer_token_is_refused() {
    let acme = Server::shared().new_tenant().await;
    let good = sign(&claims(&acme.tenant));
    assert_accepted(&read_with(&acme, &*good).await);
    let stranger = acme.without_token();
    let values = [
        "Bearer".to_owned(),
        "Bearer ".to_owned(),
        "Bearer nonsense".to_owned(),
        "Bearer a.b.c".to_owned(),
        format!("Basic {good}"),
        good.clone(),
        format!("Bearer {good} {good}"),
        format!("Bearer {}", good.rsplit_once('.').unwrap().0),
    ];
    for value in values {
        assert_refused(&stranger.with_header("authorization", &value).get(READ).await);
    }
    assert_accepted(&stranger.with_header("authorization", &format!("bearer {good}")).get(READ).await);
}

#[tokio::test]
async fn a_bad_signature_is_refused() {
    let acme = Server::shared().new_tenant().await;
    let other = EncodingKey::from_secret(b"another secret, thirty-two bytes and more");
    let forged = jsonwebtoken::encode(&Header::default(), &claims(&acme.tenant), &other).unwrap();
    assert_refused(&read_with(&acme, forged).await);

    // Another tenant's claims under a signature that counts for ours.
    let (ours, theirs) = (sign(&claims(&acme.tenant)), sign(&claims("demo")));
    let (head, signature) = ours.rsplit_once('.').unwrap();
    let body = theirs.split('.').nth(1).unwrap();
    assert_refused(
        &read_with(&acme, format!("{}.{body}.{signature}", head.split('.').next().unwrap())).await,
    );

    for alg in [Algorithm::HS384, Algorithm::HS512] {
        let key = EncodingKey::from_secret(SECRET.as_bytes());
        let token = jsonwebtoken::encode(&Header::new(alg), &claims(&acme.tenant), &key).unwrap();
        assert_refused(&read_with(&acme, token).await);
    }
}

#[tokio::test]
async fn the_algorithm_none_is_refused() {
    use base64::Engine;
    use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;

    let acme = Server::shared().new_tenant().await;
    let good = sign(&claims(&acme.tenant));
    let signature = good.rsplit_once('.').unwrap().1;
    let body = BASE64.encode(claims(&acme.tenant).to_string());
    for alg in ["none", "None", "NONE", ""] {
        let header = BASE64.encode(json!({ "alg": alg, "typ": "JWT" }).to_string());
        assert_refused(&read_with(&acme, format!("{header}.{body}.")).await);
        assert_refused(&read_with(&acme, format!("{header}.{body}")).await);
        assert_refused(&read_with(&acme, format!("{header}.{body}.{signature}")).await);
    }
}

#[tokio::test]
async fn a_token_counts_until_sixty_seconds_after_it_has_run_out() {
    let server = Server::start().await;
    let acme = server.new_tenant().await;
    let exp = server.clock.now().as_second() + 100;
    let token = sign(&claims_with(&acme.tenant, json!({ "exp": exp })));
    assert_accepted(&read_with(&acme, &*token).await);

    server.clock.advance(SignedDuration::from_secs(140));
    assert_accepted(&read_with(&acme, &*token).await);

    server.clock.advance(SignedDuration::from_secs(30));
    assert_refused(&read_with(&acme, &*token).await);
}

#[tokio::test]
async fn a_token_counts_from_sixty_seconds_before_it_is_valid() {
    let server = Server::start().await;
    let acme = server.new_tenant().await;
    let nbf = server.clock.now().as_second() + 200;
    let token = sign(&claims_with(&acme.tenant, json!({ "nbf": nbf })));
    assert_refused(&read_with(&acme, &*token).await);

    server.clock.advance(SignedDuration::from_secs(150));
    assert_accepted(&read_with(&acme, &*token).await);
}

#[tokio::test]
async fn times_may_have_a_fraction_and_must_be_numbers() {
    let acme = Server::shared().new_tenant().await;
    let fraction = json!({ "exp": 4_000_000_000.5, "nbf": 0.25, "iat": 1.5 });
    assert_accepted(&read_with(&acme, sign(&claims_with(&acme.tenant, fraction))).await);
    for exp in [json!(null), json!("4000000000"), json!(-1), json!([])] {
        let token = sign(&claims_with(&acme.tenant, json!({ "exp": exp })));
        assert_refused(&read_with(&acme, token).await);
    }
}

#[tokio::test]
async fn a_token_that_lacks_a_claim_is_refused() {
    let acme = Server::shared().new_tenant().await;
    for name in ["tenant", "sub", "role", "exp"] {
        let mut lacking = claims(&acme.tenant);
        lacking.as_object_mut().unwrap().remove(name);
        assert_refused(&read_with(&acme, sign(&lacking)).await);
    }
}

#[tokio::test]
async fn a_token_that_speaks_for_nobody_is_refused() {
    let server = Server::shared();
    let (acme, zeta) = (server.new_tenant().await, server.new_tenant().await);
    let strangers = zeta.get("/api/mind/profiles").await.body[0]["id"].to_string();
    for sub in
        ["", "0", "-1", "9223372036854775807", "9223372036854775808", "eva", "integration:", &strangers]
    {
        assert_refused(&acme.acting_as(sub, "admin").get(READ).await);
    }
    assert_refused(&acme.acting_as("integration:erp", "owner").get(READ).await);
    assert_refused(&acme.acting_as("integration:erp", "").get(READ).await);
}

#[tokio::test]
async fn an_unknown_tenant_is_refused() {
    let acme = Server::shared().new_tenant().await;
    for slug in ["nobody", "", "TENANT", "a\0b", "' or true --"] {
        assert_refused(&read_with(&acme, sign(&claims(slug))).await);
    }
}

#[tokio::test]
async fn an_integration_whose_name_cannot_be_stored_is_refused() {
    let acme = Server::shared().new_tenant().await;
    let token = sign(&claims_with(&acme.tenant, json!({ "sub": "integration:a\0b" })));
    let reply = acme.with_token(token).post(TICKET, json!({ "channel": "email" })).await;
    assert_refused(&reply);
}

#[tokio::test]
async fn a_tenant_that_another_process_disables_is_refused_within_five_seconds() {
    let acme = Server::shared().new_tenant().await;
    assert_accepted(&acme.get(READ).await);
    let mut backdoor = Backdoor::across_tenants().await;
    let switch = "update tenant set disabled_at = case when $2 then now() end where slug = $1";

    let update = sqlx::query(switch).bind(&acme.tenant).bind(true);
    update.execute(&mut backdoor.connection).await.unwrap();
    assert_refused_soon(&acme).await;

    let update = sqlx::query(switch).bind(&acme.tenant).bind(false);
    update.execute(&mut backdoor.connection).await.unwrap();
    assert_accepted(&acme.get(READ).await);
}

#[tokio::test]
async fn an_agent_whom_another_process_deletes_is_refused_within_five_seconds() {
    let acme = Server::shared().new_tenant().await;
    let id = acme.new_agent("eva@example.com", "agent").await;
    let eva = acme.acting_as(&id.to_string(), "agent");
    assert_accepted(&eva.get(READ).await);

    let mut backdoor = Backdoor::of_tenant(&acme.tenant).await;
    let delete = sqlx::query("update agent set deleted_at = now() where id = $1").bind(id);
    delete.execute(&mut backdoor.connection).await.unwrap();
    backdoor.commit().await;
    assert_refused_soon(&eva).await;
    assert_accepted(&acme.get(READ).await);
}

#[tokio::test]
async fn a_token_of_more_than_eight_kibibytes_is_refused() {
    let acme = Server::shared().new_tenant().await;
    let padded = |bytes: usize| sign(&claims_with(&acme.tenant, json!({ "pad": "x".repeat(bytes) })));
    let empty = padded(0).len();
    let room = (8192 - empty) / 4 * 3;
    let (fits, too_long) = (padded(room - 3), padded(room + 3));
    assert!(fits.len() <= 8192 && too_long.len() > 8192, "{} {}", fits.len(), too_long.len());
    assert_accepted(&read_with(&acme, &*fits).await);
    assert_refused(&read_with(&acme, &*too_long).await);
    let cookie = acme.without_token().with_header("cookie", &format!("token={too_long}"));
    assert_refused(&cookie.get(READ).await);
}

#[tokio::test]
async fn a_providers_tokens_are_accepted_with_every_algorithm_and_its_keys_are_kept() {
    let provider = Provider::start(&["rs", "es", "ed"]).await;
    let server = Server::with(&["--jwks-url", &provider.url]).await;
    let acme = server.new_tenant().await;
    assert_eq!(provider.asked(), 0, "own tokens need no provider");

    for _ in 0..3 {
        for (alg, pem, kid) in
            [(Algorithm::RS256, RSA, "rs"), (Algorithm::ES256, EC, "es"), (Algorithm::EdDSA, ED, "ed")]
        {
            for kid in [Some(kid), None] {
                let reply = read_with(&acme, issue(alg, pem, kid, &claims(&acme.tenant))).await;
                assert_accepted(&reply);
            }
        }
    }
    assert_eq!(provider.asked(), 1);
}

#[tokio::test]
async fn an_unknown_key_has_the_set_fetched_again_at_most_once_a_minute() {
    let provider = Provider::start(&["ed"]).await;
    let server = Server::with(&["--jwks-url", &provider.url]).await;
    let acme = server.new_tenant().await;
    let known = issue(Algorithm::EdDSA, ED, Some("ed"), &claims(&acme.tenant));
    let rotated = issue(Algorithm::EdDSA, ROTATED, Some("rotated"), &claims(&acme.tenant));

    // Many at once cause one request.
    let many = (0..20).map(|_| {
        let (acme, rotated) = (acme.clone(), rotated.clone());
        tokio::spawn(async move { assert_refused(&read_with(&acme, rotated).await) })
    });
    for one in many.collect::<Vec<_>>() {
        one.await.unwrap();
    }
    assert_eq!(provider.asked(), 1);

    provider.now_knows(key_set(&["ed", "rotated"]));
    assert_refused(&read_with(&acme, &*rotated).await);
    assert_accepted(&read_with(&acme, &*known).await);
    assert_eq!(provider.asked(), 1);

    server.clock.advance(SignedDuration::from_secs(61));
    assert_accepted(&read_with(&acme, &*known).await);
    assert_eq!(provider.asked(), 1, "a known key needs no request");
    assert_accepted(&read_with(&acme, &*rotated).await);
    assert_accepted(&read_with(&acme, &*rotated).await);
    assert_eq!(provider.asked(), 2);
}

#[tokio::test]
async fn a_provider_that_does_not_answer_holds_up_no_token_of_a_known_key() {
    let provider = Provider::start(&["ed"]).await;
    let server = Server::with(&["--jwks-url", &provider.url]).await;
    let acme = server.new_tenant().await;
    let known = issue(Algorithm::EdDSA, ED, Some("ed"), &claims(&acme.tenant));
    assert_accepted(&read_with(&acme, &*known).await);

    let closed = provider.gate.lock().await;
    server.clock.advance(SignedDuration::from_secs(61));
    let unknown = issue(Algorithm::EdDSA, ROTATED, Some("rotated"), &claims(&acme.tenant));
    let waiting = tokio::spawn({
        let acme = acme.clone();
        async move { read_with(&acme, unknown).await }
    });
    let start = Instant::now();
    while provider.asked() < 2 {
        assert!(start.elapsed() < NOTICED, "the provider is not asked");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_accepted(&read_with(&acme, &*known).await);
    assert!(!waiting.is_finished(), "the other one waits");
    drop(closed);
    assert_refused(&waiting.await.unwrap());
}

#[tokio::test]
async fn a_public_key_of_the_set_is_no_secret() {
    let provider = Provider::start(&["rs", "es", "ed"]).await;
    let server = Server::with(&["--jwks-url", &provider.url]).await;
    let acme = server.new_tenant().await;
    let set = key_set(&["rs", "es", "ed"]);
    let trimmed = String::from_utf8(RSA_PUBLIC.to_vec()).unwrap().trim().to_owned();
    let secrets = [
        RSA_PUBLIC.to_vec(),
        trimmed.into_bytes(),
        set["keys"][0]["n"].as_str().unwrap().into(),
        set["keys"][2]["x"].as_str().unwrap().into(),
        set["keys"][0].to_string().into_bytes(),
    ];
    for secret in secrets {
        for kid in [None, Some("rs"), Some("ed")] {
            let header = Header { kid: kid.map(Into::into), ..Header::new(Algorithm::HS256) };
            let key = EncodingKey::from_secret(&secret);
            let token = jsonwebtoken::encode(&header, &claims(&acme.tenant), &key).unwrap();
            assert_refused(&read_with(&acme, token).await);
        }
    }
}

#[tokio::test]
async fn a_key_serves_only_the_algorithm_it_is_for() {
    let provider = Provider::start(&["rs", "es", "ed", "rotated"]).await;
    let server = Server::with(&["--jwks-url", &provider.url]).await;
    let acme = server.new_tenant().await;
    let ours = claims(&acme.tenant);
    // Another kind of key, another key of the kind, an algorithm that is not accepted, and two keys to choose from.
    assert_refused(&read_with(&acme, issue(Algorithm::RS256, RSA, Some("es"), &ours)).await);
    assert_refused(&read_with(&acme, issue(Algorithm::EdDSA, ED, Some("rotated"), &ours)).await);
    assert_refused(&read_with(&acme, issue(Algorithm::RS512, RSA, Some("rs"), &ours)).await);
    assert_refused(&read_with(&acme, issue(Algorithm::EdDSA, ED, None, &ours)).await);
    assert_accepted(&read_with(&acme, issue(Algorithm::EdDSA, ED, Some("ed"), &ours)).await);
}

#[tokio::test]
async fn keys_of_unknown_kinds_in_the_set_do_no_harm() {
    let provider = Provider::start(&[]).await;
    let mut keys = vec![
        json!({ "kty": "AKP", "kid": "pq", "alg": "ML-DSA-65", "pub": "AAAA" }),
        json!({ "kty": "OKP", "kid": "x", "crv": "X25519", "x": "AAAA", "use": "enc" }),
        json!({ "kty": "EC", "kid": "k", "crv": "secp256k1", "x": "AAAA", "y": "AAAA" }),
        json!({ "kty": "RSA", "kid": "enc", "alg": "RSA-OAEP-512", "use": "enc", "n": "AQAB", "e": "AQAB" }),
        json!({ "kty": "RSA", "kid": "bare" }),
        json!({ "kid": "nothing" }),
        json!("a string"),
    ];
    keys.extend(key_set(&["ed"])["keys"].as_array().unwrap().clone());
    provider.now_knows(json!({ "keys": keys }));
    let server = Server::with(&["--jwks-url", &provider.url]).await;
    let acme = server.new_tenant().await;
    let token = issue(Algorithm::EdDSA, ED, Some("ed"), &claims(&acme.tenant));
    assert_accepted(&read_with(&acme, token).await);
}

#[tokio::test]
async fn a_key_for_encryption_signs_nothing() {
    let provider = Provider::start(&[]).await;
    let mut set = key_set(&["rs"]);
    set["keys"][0]["use"] = json!("enc");
    provider.now_knows(set);
    let server = Server::with(&["--jwks-url", &provider.url]).await;
    let acme = server.new_tenant().await;
    let token = issue(Algorithm::RS256, RSA, Some("rs"), &claims(&acme.tenant));
    assert_refused(&read_with(&acme, token).await);
}

#[tokio::test]
async fn a_providers_token_is_refused_while_the_provider_cannot_be_reached() {
    let server = Server::with(&["--jwks-url", "http://127.0.0.1:1/keys"]).await;
    let acme = server.new_tenant().await;
    assert_refused(&read_with(&acme, issue(Algorithm::EdDSA, ED, Some("ed"), &claims(&acme.tenant))).await);
    assert_accepted(&acme.get(READ).await);
}

#[tokio::test]
async fn without_a_provider_only_own_tokens_count() {
    let acme = Server::shared().new_tenant().await;
    for (alg, pem) in [(Algorithm::RS256, RSA), (Algorithm::ES256, EC), (Algorithm::EdDSA, ED)] {
        assert_refused(&read_with(&acme, issue(alg, pem, None, &claims(&acme.tenant))).await);
    }
}

#[tokio::test]
async fn a_providers_token_must_name_issuer_and_audience_and_an_own_one_need_not() {
    let provider = Provider::start(&["ed"]).await;
    let flags = ["--jwks-url", &provider.url, "--jwt-issuer", "https://id.example", "--jwt-audience", "desk"];
    let server = Server::with(&flags).await;
    let acme = server.new_tenant().await;
    assert_accepted(&acme.get(READ).await);
    assert_accepted(
        &read_with(&acme, sign(&claims_with(&acme.tenant, json!({ "iss": "us", "aud": "us" })))).await,
    );

    let issued = |members| issue(Algorithm::EdDSA, ED, Some("ed"), &claims_with(&acme.tenant, members));
    for members in [
        json!({ "iss": "https://id.example", "aud": "desk" }),
        json!({ "iss": "https://id.example", "aud": ["shop", "desk"] }),
    ] {
        assert_accepted(&read_with(&acme, issued(members)).await);
    }
    for members in [
        json!({}),
        json!({ "aud": "desk" }),
        json!({ "iss": "https://id.example" }),
        json!({ "iss": "https://other.example", "aud": "desk" }),
        json!({ "iss": "https://id.example", "aud": "shop" }),
        json!({ "iss": "https://id.example", "aud": [] }),
        json!({ "iss": "https://id.example", "aud": null }),
        json!({ "iss": null, "aud": "desk" }),
    ] {
        assert_refused(&read_with(&acme, issued(members)).await);
    }
}

#[tokio::test]
async fn a_providers_token_is_held_to_its_times() {
    let provider = Provider::start(&["ed"]).await;
    let server = Server::with(&["--jwks-url", &provider.url]).await;
    let acme = server.new_tenant().await;
    let now = server.clock.now().as_second();
    let issued = |members| issue(Algorithm::EdDSA, ED, Some("ed"), &claims_with(&acme.tenant, members));
    assert_accepted(&read_with(&acme, issued(json!({ "exp": now - 30, "nbf": now + 30 }))).await);
    assert_refused(&read_with(&acme, issued(json!({ "exp": now - 90 }))).await);
    assert_refused(&read_with(&acme, issued(json!({ "nbf": now + 90 }))).await);
}

#[tokio::test]
async fn a_tokens_role_is_a_ceiling() {
    let acme = Server::shared().new_tenant().await;
    let admin = acme.get("/api/mind/profiles").await.body[0]["id"].to_string();
    let agent = acme.new_agent("eva@example.com", "agent").await.to_string();
    let tag = json!({ "name": "Move", "type": "skill" });
    let lowered = [
        acme.acting_as(&admin, "agent"),
        acme.acting_as(&admin, "integration"),
        acme.acting_as(&agent, "admin"),
        acme.acting_as(&agent, "agent"),
        acme.acting_as("integration:erp", "admin"),
        acme.acting_as("integration:erp", "integration"),
    ];
    for client in lowered {
        assert_forbidden(&client.post("/api/mind/tag", tag.clone()).await);
        let subchannel = json!({ "name": "b@example.com", "type": "email" });
        assert_forbidden(&client.post("/api/mind/settings/subchannel", subchannel).await);
        let person = json!({ "email": "jonas@example.com" });
        assert_forbidden(&client.post("/api/mind/profile", person).await);
        assert_forbidden(&client.get("/api/mind/settings/timeZone").await);
        assert_forbidden(&client.put("/api/mind/settings/timeZone", json!("Europe/Berlin")).await);

        // Tickets are everybody's work.
        let id = client.new_ticket(json!({ "subject": "Hello" })).await;
        let patched = client.patch(TICKET, json!([{ "id": id, "status": "closed" }])).await;
        assert_eq!(patched.status, 200, "{}", patched.text);
        assert_eq!(client.ticket(id).await["status"], "closed");
    }
    assert_accepted(&acme.post("/api/mind/tag", tag).await);
}

#[tokio::test]
async fn a_token_in_either_cookie_is_read() {
    let acme = Server::shared().new_tenant().await;
    let token = sign(&claims(&acme.tenant));
    let stranger = acme.without_token();
    for cookie in [
        format!("token={token}"),
        format!("connect.sid={token}"),
        format!("theme=dark; connect.sid={token}; lang=de"),
        format!("token={token}; connect.sid=nonsense"),
    ] {
        assert_accepted(&stranger.with_header("cookie", &cookie).get(READ).await);
    }
    for cookie in ["token=", "token", "other=1", "token=nonsense"] {
        assert_refused(&stranger.with_header("cookie", cookie).get(READ).await);
    }
    assert_refused(&stranger.with_header("cookie", &format!("Token={token}")).get(READ).await);
}

#[tokio::test]
async fn a_bearer_token_wins_over_a_cookie() {
    let server = Server::shared();
    let (acme, zeta) = (server.new_tenant().await, server.new_tenant().await);
    let id = acme.new_ticket(json!({})).await;
    let cookie = format!("token={}", sign(&claims(&zeta.tenant)));
    let both = acme.with_header("cookie", &cookie);
    assert_accepted(&both.get(&format!("{TICKET}/{id}")).await);

    // A bearer that does not count is not made up for by a cookie that does.
    let cookie = format!("token={}", sign(&claims(&acme.tenant)));
    let worse = acme.with_token("nonsense".into()).with_header("cookie", &cookie);
    assert_refused(&worse.get(READ).await);

    // A bearer is not a browser's: the origin does not matter.
    let elsewhere = both.with_header("origin", "https://evil.example");
    assert_accepted(&elsewhere.post(TICKET, json!({ "channel": "email" })).await);
}

/// A browser that is signed in by cookie.
fn browser(acme: &Client) -> Client {
    acme.without_token().with_header("cookie", &format!("token={}", sign(&claims(&acme.tenant))))
}

async fn create(client: &Client) -> Reply {
    client.post(TICKET, json!({ "channel": "email" })).await
}

#[tokio::test]
async fn a_cookie_counts_on_an_unsafe_method_only_from_the_same_origin() {
    let server = Server::shared();
    let acme = server.new_tenant().await;
    let browser = browser(&acme);
    let host = server.url.strip_prefix("http://").unwrap();
    let port = host.rsplit_once(':').unwrap().1;

    assert_accepted(&create(&browser.with_header("origin", &server.url)).await);
    assert_accepted(&create(&browser.with_header("sec-fetch-site", "same-origin")).await);
    for origin in [
        "https://evil.example",
        "null",
        "http://127.0.0.1",
        &format!("https://{host}"),
        &format!("http://{host}.evil.example"),
        &format!("http://localhost:{port}"),
        host,
    ] {
        let elsewhere = browser.with_header("origin", origin);
        assert_forbidden(&create(&elsewhere).await);
        // What the fetch metadata says does not make up for a foreign origin.
        assert_forbidden(&create(&elsewhere.with_header("sec-fetch-site", "same-origin")).await);
        assert_accepted(&elsewhere.get(READ).await);
    }
    assert_forbidden(&create(&browser).await);
    for site in ["cross-site", "same-site", "none", ""] {
        assert_forbidden(&create(&browser.with_header("sec-fetch-site", site)).await);
    }
    let elsewhere = browser.with_header("origin", "https://evil.example");
    assert_forbidden(&elsewhere.patch(TICKET, json!([])).await);
    assert_forbidden(&elsewhere.put("/api/mind/settings/timeZone", json!("UTC")).await);
    assert_accepted(&browser.get(READ).await);
}

#[tokio::test]
async fn a_proxy_on_this_machine_may_say_what_the_origin_is() {
    let acme = Server::shared().new_tenant().await;
    let browser = browser(&acme).with_header("origin", "https://desk.example");
    assert_forbidden(&create(&browser).await);
    let proxied =
        browser.with_header("x-forwarded-proto", "https").with_header("x-forwarded-host", "desk.example");
    assert_accepted(&create(&proxied).await);
    // A chain of proxies appends.
    let chained = proxied.with_header("x-forwarded-host", "desk.example, inner.example");
    assert_accepted(&create(&chained.with_header("x-forwarded-proto", "https,http")).await);
    assert_forbidden(&create(&proxied.with_header("origin", "http://desk.example")).await);
    assert_forbidden(&create(&proxied.with_header("x-forwarded-host", "other.example")).await);
}

#[tokio::test]
async fn the_public_url_says_what_the_origin_is() {
    for url in ["https://desk.example", "https://desk.example/", "https://desk.example/helpdesk/"] {
        let server = Server::with(&["--public-url", url]).await;
        let acme = server.new_tenant().await;
        let browser = browser(&acme);
        assert_accepted(&create(&browser.with_header("origin", "https://desk.example")).await);
        assert_forbidden(&create(&browser.with_header("origin", &server.url)).await);
        let proxied = browser.with_header("x-forwarded-host", "evil.example");
        assert_forbidden(&create(&proxied.with_header("origin", "http://evil.example")).await);
    }
}

#[tokio::test]
async fn nobody_acts_on_behalf_of_somebody() {
    let acme = Server::shared().new_tenant().await;
    let posing = acme.with_header("x-enneo-on-behalf-of", "1");
    assert_forbidden(&posing.get(READ).await);
    assert_forbidden(&create(&posing).await);
    assert_refused(&posing.without_token().get(READ).await);
}
