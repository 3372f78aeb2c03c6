//! Who is let in by an access token, and who gets one.

use std::time::{Duration, Instant};

use jiff::SignedDuration;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Backdoor, Client, Reply, Server, log, sign};

const TOKEN: &str = "/socialboards/token";
const PATH: &str = "/socialboards/tags";
const FORM: &str = "application/x-www-form-urlencoded";

/// A client id with its refresh token.
struct Program {
    client: String,
    token: String,
}

impl Program {
    fn new(server: &Server, tenant: &Client) -> Self {
        let (client, token) = server.new_refresh_token(&tenant.tenant);
        Self { client, token }
    }

    async fn grant(&self, at: &Client) -> Reply {
        grant(at, &self.client, &self.token).await
    }

    /// The tenant as this program, with a fresh access token.
    async fn enter(&self, tenant: &Client) -> Client {
        let granted = self.grant(tenant).await;
        assert_eq!(granted.status, 200, "{}", granted.text);
        tenant.with_token(granted.body["access_token"].as_str().unwrap())
    }

    /// The tenant with the headers of the first version.
    fn first_version(&self, tenant: &Client) -> Client {
        first_version(tenant, &tenant.tenant, &self.token)
    }
}

async fn grant(at: &Client, client: &str, token: &str) -> Reply {
    let form = [("grant_type", "refresh_token"), ("refresh_token", token), ("client_id", client)];
    at.without_token().form(TOKEN, &form).await
}

fn first_version(tenant: &Client, community: &str, token: &str) -> Client {
    tenant.without_token().with_header("community", community).with_header("x-token", token)
}

#[track_caller]
fn assert_let_in(reply: &Reply) {
    assert_eq!((reply.status, &reply.body["errorCode"]), (200, &json!(-1)), "{}", reply.text);
}

#[track_caller]
fn assert_refused(reply: &Reply) {
    assert_eq!(reply.status, 401, "{}", reply.text);
    assert_eq!(reply.header("www-authenticate"), "Bearer realm=\"tessera\"");
    let body = json!({ "data": null, "errorCode": 2, "errorText": "credentials are missing or not valid" });
    assert_eq!(reply.body, body);
}

/// OAuth's form of an error, outside the envelope.
#[track_caller]
fn assert_no_grant(reply: &Reply, status: u16, error: &str) {
    assert_eq!((reply.status, &reply.body["error"]), (status, &json!(error)), "{}", reply.text);
    assert_eq!(reply.header("cache-control"), "no-store");
    let members: Vec<&String> = reply.body.as_object().unwrap().keys().collect();
    assert_eq!(members, ["error", "error_description"]);
}

/// What a client can tell two answers apart by.
fn seen(reply: &Reply) -> (u16, String, Vec<(String, String)>) {
    let headers = reply.headers.iter().filter(|(name, _)| !["x-request-id", "date"].contains(&name.as_str()));
    let headers = headers.map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()));
    (reply.status, reply.text.clone(), headers.collect())
}

#[tokio::test]
async fn the_token_answer_is_outside_the_envelope() {
    let server = Server::shared();
    let acme = server.new_tenant().await;
    let program = Program::new(server, &acme);

    let granted = program.grant(&acme).await;

    let access = granted.body["access_token"].as_str().unwrap().to_owned();
    let expected = json!({
        "access_token": access, "token_type": "bearer", "expires_in": 3599, "refresh_token": program.token,
    });
    assert_eq!((granted.status, granted.body), (200, expected));
    assert_eq!(granted.headers["cache-control"], "no-store");
    for scheme in ["Bearer", "bearer", "BEARER"] {
        assert_let_in(&acme.with_authorization(format!("{scheme} {access}")).get(PATH).await);
    }
    // The refresh token stays valid.
    assert_let_in(&program.enter(&acme).await.get(PATH).await);
}

#[tokio::test]
async fn the_misspelt_grand_type_is_accepted() {
    let server = Server::shared();
    let acme = server.new_tenant().await;
    let Program { client, token } = Program::new(server, &acme);
    let stranger = server.stranger();
    for form in [
        format!("grand_type=refresh_token&refresh_token={token}&client_id={client}"),
        format!("client_id={client}&refresh_token={token}&grant_type=refresh_token&scope=all"),
        format!("grant_type=refresh_token&grand_type=other&client_id=%20{client}+&refresh_token={token}"),
    ] {
        for path in [TOKEN, "/socialboards/Token", "/socialboards/TOKEN"] {
            let content_type = "Application/X-WWW-Form-Urlencoded; charset=utf-8";
            let granted = stranger.raw(Method::POST, path, content_type, form.clone()).await;
            assert_eq!(granted.status, 200, "{form}: {}", granted.text);
        }
    }
}

#[tokio::test]
async fn what_is_no_grant_is_refused_in_oauths_words() {
    let server = Server::shared();
    let acme = server.new_tenant().await;
    let Program { client, token } = Program::new(server, &acme);
    let good = format!("grant_type=refresh_token&client_id={client}&refresh_token={token}");
    let stranger = server.stranger();
    for (body, error) in [
        (String::new(), "invalid_request"),
        (good.replace("grant_type", "type"), "invalid_request"),
        (good.replace("=refresh_token&", "=&"), "invalid_request"),
        (good.replace("=refresh_token&", "=password&"), "unsupported_grant_type"),
        (good.replace("=refresh_token&", "=Refresh_Token&"), "unsupported_grant_type"),
        (format!("grant_type=refresh_token&client_id={client}"), "invalid_request"),
        (format!("grant_type=refresh_token&refresh_token={token}"), "invalid_request"),
        (format!("grant_type=refresh_token&client_id=&refresh_token={token}"), "invalid_request"),
        (json!({ "grant_type": "refresh_token" }).to_string(), "invalid_request"),
        ("&&==%%%".to_owned(), "invalid_request"),
        (format!("{good}x"), "invalid_grant"),
        (good.replace("client_id=", "client_id=x"), "invalid_grant"),
    ] {
        let refused = stranger.raw(Method::POST, TOKEN, FORM, body.clone()).await;
        assert_no_grant(&refused, 400, error);
    }
    let garbage = stranger.raw(Method::POST, TOKEN, FORM, vec![0xFF, 0x00, 0xFE, b'=', 0x80]).await;
    assert_no_grant(&garbage, 400, "invalid_request");

    let json = json!({ "grant_type": "refresh_token", "client_id": client, "refresh_token": token });
    assert_no_grant(&stranger.post(TOKEN, json).await, 415, "invalid_request");
    assert_no_grant(
        &stranger.raw(Method::POST, TOKEN, "text/plain", good.clone()).await,
        415,
        "invalid_request",
    );
    let bare = stranger.send(Method::POST, TOKEN, |request| request.body(good.clone())).await;
    assert_no_grant(&bare, 415, "invalid_request");
    let long = format!("{good}&pad={}", "x".repeat(17_000));
    assert_no_grant(&stranger.raw(Method::POST, TOKEN, FORM, long).await, 413, "invalid_request");

    // A method that it does not have is in the envelope.
    let got = stranger.get(TOKEN).await;
    assert_eq!((got.status, &got.body["errorCode"]), (405, &json!(6)));
}

#[tokio::test]
async fn an_unknown_client_and_a_wrong_token_answer_alike_after_the_same_statements() {
    let server = Server::start().await;
    let acme = server.new_tenant().await;
    let program = Program::new(&server, &acme);
    let key = server.new_api_key(&acme.tenant);
    let (key, key_secret) = key.split_once(':').unwrap();
    assert_eq!(program.grant(&acme).await.status, 200);
    let (stem, last) = program.client.split_at(program.client.len() - 1);
    let other = format!("{stem}{}", if last == "0" { "1" } else { "0" });
    let wrong = "A".repeat(program.token.len());
    let long = "x".repeat(300);
    let mut answers = Vec::new();
    for (client, token) in [
        (&*program.client, &*wrong),
        (&other, &program.token),
        ("client_9000000000000_0000000000000000", &program.token),
        ("nonsense", &program.token),
        ("a\0b", &program.token),
        (&long, &program.token),
        (&program.client, &long),
        (key, key_secret),
    ] {
        let before = server.statements().len();
        let reply = grant(&acme, client, token).await;
        assert_no_grant(&reply, 400, "invalid_grant");
        answers.push((seen(&reply), server.statements().split_off(before)));
    }
    assert!(answers.iter().all(|answer| answer == &answers[0]), "{answers:#?}");
    assert_eq!(answers[0].1.len(), 1, "{:?}", answers[0].1);
}

#[tokio::test]
async fn an_access_token_lives_for_an_hour() {
    let server = Server::start().await;
    let acme = server.new_tenant().await;
    let program = Program::new(&server, &acme);
    let boards = program.enter(&acme).await;
    server.clock.advance(SignedDuration::from_mins(59));
    assert_let_in(&boards.get(PATH).await);
    // Clocks may differ by a minute.
    server.clock.advance(SignedDuration::from_mins(3));
    assert_refused(&boards.get(PATH).await);
    assert_let_in(&program.enter(&acme).await.get(PATH).await);
}

#[tokio::test]
async fn tokens_of_other_dialects_are_refused_both_ways() {
    let server = Server::shared();
    let (acme, zeta) = (server.new_tenant().await, server.new_tenant().await);
    // As Mind's administrator, whose token is one of Mind's, and as a program there.
    assert_refused(&acme.get(PATH).await);
    assert_refused(&acme.acting_as("integration:shop", "integration").get(PATH).await);
    assert_refused(&acme.livedesk().get(PATH).await);
    let boards = acme.socialboards().await;
    assert_let_in(&boards.get(PATH).await);
    assert_eq!(boards.get("/api/mind/tag").await.status, 401);
    assert_eq!(boards.get("/api/v2/accounts/tickets/1").await.status, 401);
    let access = boards.authorization().replace("Bearer ", "token=");
    let cookie = acme.without_token().with_header("cookie", &access);
    assert_eq!(cookie.get("/api/mind/tag").await.status, 401);
    assert_refused(&cookie.get(PATH).await);

    // A client of one tenant is none of another's, whoever signed it.
    let Program { client, .. } = Program::new(server, &zeta);
    let claims = |tenant: &str, client: &Value| {
        sign(&json!({
            "tenant": tenant, "sub": "integration:x", "role": "integration", "exp": 4_000_000_000_i64,
            "tessera_client": client,
        }))
    };
    assert_let_in(&zeta.with_token(&claims(&zeta.tenant, &json!(client))).get(PATH).await);
    assert_refused(&zeta.with_token(&claims(&acme.tenant, &json!(client))).get(PATH).await);
    for client in [json!("client_1_nobody"), json!(""), json!("x\0"), Value::Null, json!(1)] {
        assert_refused(&zeta.with_token(&claims(&zeta.tenant, &client)).get(PATH).await);
    }
}

#[tokio::test]
async fn what_is_no_bearer_token_is_refused() {
    let server = Server::shared();
    let acme = server.new_tenant().await;
    let boards = acme.socialboards().await;
    let good = boards.authorization().replace("Bearer ", "");
    assert_refused(&acme.without_token().get(PATH).await);
    for authorization in [
        "Bearer".to_owned(),
        "Bearer nonsense".to_owned(),
        good.clone(),
        format!("Basic {good}"),
        format!("Bearer {good} {good}"),
        format!("Bearer {}", good.rsplit_once('.').unwrap().0),
        format!("Bearer {}", "x".repeat(9000)),
    ] {
        assert_refused(&acme.with_authorization(authorization).get(PATH).await);
    }
}

#[tokio::test]
async fn a_revoked_refresh_token_takes_its_access_tokens_along_at_once() {
    let server = Server::shared();
    let acme = server.new_tenant().await;
    let (client, token) = server.running.create_refresh_token(&acme.tenant, "inbox").await.unwrap();
    let (inbox, other) = (Program { client, token }, acme.socialboards().await);
    let boards = inbox.enter(&acme).await;
    assert_let_in(&boards.get(PATH).await);

    server.running.revoke_refresh_token(&acme.tenant, "inbox").await.unwrap();

    assert_refused(&boards.get(PATH).await);
    assert_no_grant(&inbox.grant(&acme).await, 400, "invalid_grant");
    assert_let_in(&other.get(PATH).await);
}

#[tokio::test]
async fn a_disabled_tenant_gets_no_token_and_its_tokens_are_refused() {
    let server = Server::shared();
    let acme = server.new_tenant().await;
    let (program, unseen) = (Program::new(server, &acme), Program::new(server, &acme));
    let boards = program.enter(&acme).await;
    let mut backdoor = Backdoor::across_tenants().await;
    let switch = "update tenant set disabled_at = now() where slug = $1";
    sqlx::query(switch).bind(&acme.tenant).execute(&mut backdoor.connection).await.unwrap();

    assert_no_grant(&unseen.grant(&acme).await, 400, "invalid_grant");
    let start = Instant::now();
    while boards.get(PATH).await.status != 401 {
        assert!(start.elapsed() < Duration::from_secs(5), "still let in");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_no_grant(&program.grant(&acme).await, 400, "invalid_grant");
}

#[tokio::test]
async fn the_headers_of_the_first_version_count_where_the_tenant_says_so() {
    let server = Server::shared();
    let (acme, zeta) = (server.new_tenant().await, server.new_tenant().await);
    let (program, other) = (Program::new(server, &acme), Program::new(server, &zeta));
    let old = program.first_version(&acme);
    assert_refused(&old.get(PATH).await);
    let switch = "/api/mind/settings/socialboardsV1";
    assert_eq!(acme.put(switch, json!(true)).await.status, 200);

    assert_let_in(&old.get(PATH).await);

    let wrong = "A".repeat(program.token.len());
    for (community, token) in [
        (&*acme.tenant, &*wrong),
        (&acme.tenant, &other.token),
        (&zeta.tenant, &program.token),
        // There it is off.
        (&zeta.tenant, &other.token),
        ("nobody", &program.token),
        ("", &program.token),
        (&acme.tenant, ""),
    ] {
        assert_refused(&first_version(&acme, community, token).get(PATH).await);
    }
    assert_refused(&acme.without_token().with_header("community", &acme.tenant).get(PATH).await);
    assert_refused(&acme.without_token().with_header("x-token", &program.token).get(PATH).await);
    // A bearer that does not count is not made up for.
    assert_refused(&old.with_authorization("Bearer nonsense".to_owned()).get(PATH).await);

    server.running.revoke_refresh_token(&acme.tenant, &name_of(&acme).await).await.unwrap();
    assert_refused(&old.get(PATH).await);
    assert_eq!(acme.put(switch, json!(false)).await.status, 200);
    assert_refused(&Program::new(server, &acme).first_version(&acme).get(PATH).await);
}

/// The name of a tenant's only credential.
async fn name_of(tenant: &Client) -> String {
    Backdoor::of_tenant(&tenant.tenant).await.texts("select name from credential").await.remove(0)
}

#[tokio::test]
async fn a_refresh_token_stands_neither_in_the_database_nor_in_its_log() {
    let server = Server::shared();
    let acme = server.new_tenant().await;
    assert_eq!(acme.put("/api/mind/settings/socialboardsV1", json!(true)).await.status, 200);
    let program = Program::new(server, &acme);
    assert_eq!(program.token.len(), 43, "256 random bits");
    let boards = program.enter(&acme).await;
    assert_let_in(&boards.get(PATH).await);
    assert_let_in(&program.first_version(&acme).get(PATH).await);
    let rows = Backdoor::of_tenant(&acme.tenant).await.rows().await;
    assert_eq!(rows["credential"].len(), 1);
    let (access, log) = (boards.authorization().replace("Bearer ", ""), log());
    for hidden in [&program.token, &access] {
        assert!(!rows.values().flatten().any(|row| row.contains(hidden)));
        assert!(!log.contains(hidden));
    }
}

#[tokio::test]
async fn paths_count_in_any_case_and_the_document_asks_for_no_credential() {
    let server = Server::shared();
    let boards = server.new_tenant().await.socialboards().await;
    for path in ["/socialboards/Tags", "/socialboards/TAGS"] {
        assert_let_in(&boards.get(path).await);
    }
    let stranger = server.stranger();
    for path in ["/socialboards/docs/open-api", "/socialboards/Docs/Open-API"] {
        assert_eq!(stranger.get(path).await.status, 200);
    }
    let nowhere = stranger.get("/socialboards/nowhere").await;
    let body = json!({ "data": null, "errorCode": 4, "errorText": "no such route" });
    assert_eq!((nowhere.status, nowhere.body), (404, body));
}
