//! Who is let in by a key and its secret.

use std::time::{Duration, Instant};

use base64::Engine;
use base64::prelude::{BASE64_STANDARD, BASE64_STANDARD_NO_PAD};
use reqwest::Method;
use reqwest::header::{AUTHORIZATION, HeaderValue};
use serde_json::json;

use crate::support::{Backdoor, Client, Reply, Server, log};

/// A ticket that nobody has: whoever is let in is told so.
const PATH: &str = "/api/v2/accounts/tickets/tk_20200101_nothing";

fn basic(credential: &str) -> String {
    format!("Basic {}", BASE64_STANDARD.encode(credential))
}

async fn ask(client: &Client, authorization: &str) -> Reply {
    client.with_authorization(authorization.to_owned()).get(PATH).await
}

#[track_caller]
fn assert_let_in(reply: &Reply) {
    assert_eq!((reply.status, &reply.body["message"]), (404, &json!("no such ticket")), "{}", reply.text);
}

#[track_caller]
fn assert_refused(reply: &Reply) {
    assert_eq!(reply.status, 401, "{}", reply.text);
    assert_eq!(reply.header("www-authenticate"), "Basic realm=\"tessera\"");
    let body = json!({ "code": 401, "message": "credentials are missing or not valid", "data": null });
    assert_eq!(reply.body, body);
}

/// What a client can tell two answers apart by.
fn seen(reply: &Reply) -> (u16, String, Vec<(String, String)>) {
    let headers = reply.headers.iter().filter(|(name, _)| !["x-request-id", "date"].contains(&name.as_str()));
    let headers = headers.map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()));
    (reply.status, reply.text.clone(), headers.collect())
}

#[tokio::test]
async fn a_key_and_its_secret_are_let_in_under_both_schemes_on_every_prefix() {
    let server = Server::shared();
    let acme = server.new_tenant().await;
    let key = server.new_api_key(&acme.tenant);
    let padless = BASE64_STANDARD_NO_PAD.encode(&key);
    for authorization in [
        basic(&key),
        basic(&key).replace("Basic", "bASIC"),
        basic(&key).replace("Basic", "Bearer"),
        format!("Basic {padless}"),
        format!("Basic   {} ", BASE64_STANDARD.encode(&key)),
    ] {
        let client = acme.with_authorization(authorization.clone());
        for prefix in ["/api/v2/accounts", "/api/V2/accounts", "/v2/accounts", "/V2/accounts"] {
            let reply = client.get(&format!("{prefix}/tickets/tk_20200101_nothing")).await;
            assert_let_in(&reply);
        }
    }
}

#[tokio::test]
async fn an_unknown_key_and_a_wrong_secret_answer_alike_after_the_same_statements() {
    let server = Server::start().await;
    let acme = server.new_tenant().await;
    let key = server.new_api_key(&acme.tenant);
    let (id, secret) = key.split_once(':').unwrap();
    assert_let_in(&ask(&acme, &basic(&key)).await);
    let (stem, last) = id.split_at(id.len() - 1);
    let other = if last == "0" { "1" } else { "0" };
    let refused = [
        format!("{id}:{}", "A".repeat(secret.len())),
        format!("{stem}{other}:{secret}"),
        format!("key_9000000000000_{}:{secret}", "0".repeat(16)),
        format!("client_1_{}:{secret}", "0".repeat(16)),
        format!("key_x_0:{secret}"),
        format!("nonsense:{secret}"),
        format!("{id}:"),
        format!(":{secret}"),
        format!("{id} :{secret}"),
        format!("{id}: {secret}"),
        format!("{id}\0:{secret}"),
        format!("{}:{secret}", "k".repeat(300)),
    ];
    let mut answers = Vec::new();
    for credential in &refused {
        let before = server.statements().len();
        let reply = ask(&acme, &basic(credential)).await;
        assert_refused(&reply);
        answers.push((seen(&reply), server.statements().split_off(before)));
    }
    for (credential, answer) in refused.iter().zip(&answers) {
        assert_eq!(answer, &answers[0], "{credential:?}");
    }
    assert_eq!(answers[0].1.len(), 1, "{:?}", answers[0].1);
}

#[tokio::test]
async fn what_is_no_credential_is_refused_before_anything_is_looked_for() {
    let server = Server::start().await;
    let acme = server.new_tenant().await;
    let key = server.new_api_key(&acme.tenant);
    let good = BASE64_STANDARD.encode(&key);
    let before = server.statements().len();
    assert_refused(&acme.without_token().get(PATH).await);
    for authorization in [
        String::new(),
        "Basic".to_owned(),
        "Basic ".to_owned(),
        good.clone(),
        format!("Digest {good}"),
        format!("Token {good}"),
        "Basic ====".to_owned(),
        format!("Basic {good}!"),
        format!("Basic {good} {good}"),
        format!("Basic {}", BASE64_STANDARD.encode([0xFF, 0xFE, b':', 0xFF])),
        basic("no colon"),
        basic(&key.replace(':', "")),
        basic(&format!("{key}{}", "x".repeat(1024))),
        basic(&"x".repeat(20_000)),
    ] {
        assert_refused(&ask(&acme, &authorization).await);
    }
    let unreadable = HeaderValue::from_bytes(b"Basic \xE4").unwrap();
    let stranger = acme.without_token();
    assert_refused(
        &stranger.send(Method::GET, PATH, |request| request.header(AUTHORIZATION, unreadable)).await,
    );
    assert_eq!(server.statements().len(), before);
}

#[tokio::test]
async fn tokens_and_credentials_of_other_dialects_are_refused() {
    let server = Server::shared();
    let acme = server.new_tenant().await;
    // As Mind's administrator, whose token is one of Mind's.
    assert_refused(&acme.get(PATH).await);
    assert_refused(&acme.socialboards().await.get(PATH).await);
    let (client, token) = server.new_refresh_token(&acme.tenant);
    assert_refused(&ask(&acme, &basic(&format!("{client}:{token}"))).await);
    let cookie = acme.without_token().with_header("cookie", "token=nonsense");
    assert_refused(&cookie.get(PATH).await);
    let desk = acme.livedesk();
    assert_eq!(desk.get("/api/mind/tag").await.status, 401);
    assert_eq!(desk.get("/socialboards/tags").await.status, 401);
}

#[tokio::test]
async fn a_revoked_key_is_refused_at_once() {
    let server = Server::shared();
    let acme = server.new_tenant().await;
    let (key, secret) = server.running.create_api_key(&acme.tenant, "portal").await.unwrap();
    let other = acme.livedesk();
    let portal = acme.with_authorization(basic(&format!("{key}:{secret}")));
    assert_let_in(&portal.get(PATH).await);

    server.running.revoke_api_key(&acme.tenant, "portal").await.unwrap();

    assert_refused(&portal.get(PATH).await);
    assert_let_in(&other.get(PATH).await);
    // Its name is free again, and the new key is another.
    let (again, _) = server.running.create_api_key(&acme.tenant, "portal").await.unwrap();
    assert_ne!(again, key);
    assert_refused(&portal.get(PATH).await);
}

#[tokio::test]
async fn a_key_that_another_process_revokes_is_refused_within_five_seconds() {
    let (server, other) = (Server::start().await, Server::shared());
    let acme = server.new_tenant().await;
    let (key, secret) = other.running.create_api_key(&acme.tenant, "portal").await.unwrap();
    let portal = acme.with_authorization(basic(&format!("{key}:{secret}")));
    assert_let_in(&portal.get(PATH).await);
    other.running.revoke_api_key(&acme.tenant, "portal").await.unwrap();
    let start = Instant::now();
    while portal.get(PATH).await.status != 401 {
        assert!(start.elapsed() < Duration::from_secs(5), "still let in");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn a_disabled_tenants_keys_are_refused_and_another_tenants_are_not() {
    let server = Server::shared();
    let (acme, zeta) = (server.new_tenant().await, server.new_tenant().await);
    let (desk, unseen, other) = (acme.livedesk(), acme.livedesk(), zeta.livedesk());
    assert_let_in(&desk.get(PATH).await);
    let mut backdoor = Backdoor::across_tenants().await;
    let switch = "update tenant set disabled_at = case when $2 then now() end where slug = $1";
    sqlx::query(switch).bind(&acme.tenant).bind(true).execute(&mut backdoor.connection).await.unwrap();

    assert_refused(&unseen.get(PATH).await);
    let start = Instant::now();
    while desk.get(PATH).await.status != 401 {
        assert!(start.elapsed() < Duration::from_secs(5), "still let in");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_let_in(&other.get(PATH).await);

    sqlx::query(switch).bind(&acme.tenant).bind(false).execute(&mut backdoor.connection).await.unwrap();
    assert_let_in(&desk.get(PATH).await);
}

#[tokio::test]
async fn the_last_use_is_noted_to_the_minute() {
    let server = Server::start().await;
    let acme = server.new_tenant().await;
    let desk = acme.livedesk();
    let noted = async || {
        let sql = "select coalesce(to_char(last_used_at, 'YYYY-MM-DD HH24:MI:SS.US'), '') from credential";
        Backdoor::of_tenant(&acme.tenant).await.texts(sql).await.remove(0)
    };
    assert_eq!(noted().await, "");
    assert_let_in(&desk.get(PATH).await);
    let first = noted().await;
    assert_ne!(first, "");
    assert_let_in(&desk.get(PATH).await);
    assert_eq!(noted().await, first);
    assert_refused(&ask(&acme, &basic("key_1_0:wrong")).await);
    assert_eq!(noted().await, first);
}

#[tokio::test]
async fn a_secret_stands_neither_in_the_database_nor_in_its_log() {
    let server = Server::shared();
    let acme = server.new_tenant().await;
    let key = server.new_api_key(&acme.tenant);
    let secret = key.split_once(':').unwrap().1;
    assert_eq!(secret.len(), 43, "256 random bits");
    assert_let_in(&ask(&acme, &basic(&key)).await);
    let rows = Backdoor::of_tenant(&acme.tenant).await.rows().await;
    assert_eq!(rows["credential"].len(), 1);
    let log = log();
    let encoded = BASE64_STANDARD.encode(&key);
    for hidden in [secret, &encoded] {
        assert!(!rows.values().flatten().any(|row| row.contains(hidden)));
        assert!(!log.contains(hidden));
    }
}

#[tokio::test]
async fn the_document_asks_for_no_credential() {
    let stranger = Server::shared().stranger();
    for prefix in ["/api/v2/accounts", "/v2/accounts"] {
        assert_eq!(stranger.get(&format!("{prefix}/docs/open-api")).await.status, 200);
    }
    // Nor does a path that is none: there is nothing to protect.
    let nowhere = stranger.get("/api/v2/accounts/nowhere").await;
    assert_eq!(nowhere.body, json!({ "code": 404, "message": "no such route", "data": null }));
}
