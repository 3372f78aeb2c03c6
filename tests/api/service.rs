//! Health, documents, and what holds for every request whoever asks.

use std::collections::HashSet;
use std::process::Command;
use std::time::{Duration, Instant};

use jiff::SignedDuration;
use reqwest::Method;
use serde_json::json;
use sqlx::{AssertSqlSafe, ConnectOptions, Executor, PgConnection};
use tessera::{Cluster, ClusterSettings};

use crate::support::{Client, DIALECTS, Reply, Server, new_database, own_cluster, token, url, url_of};

const READY: &str = "/health/ready";
const CRON: &str = "/api/mind/health/cron";
const TICKET: &str = "/api/mind/ticket";
/// How long anything that has to happen by itself may take.
const SOON: Duration = Duration::from_secs(20);

fn header_names(reply: &Reply, name: &str) -> HashSet<String> {
    reply.header(name).split(',').map(|name| name.trim().to_owned()).collect()
}

#[track_caller]
fn assert_problem(reply: &Reply, status: u16, code: &str) {
    assert_eq!(reply.status, status, "{}", reply.text);
    assert_eq!(reply.header("content-type"), "application/problem+json", "{}", reply.text);
    assert_eq!(reply.body["status"], status);
    assert_eq!(reply.body["code"], code);
    assert_eq!(reply.body["success"], false);
    assert_eq!(reply.body["detail"], reply.body["message"]);
    assert!(!reply.header("x-request-id").is_empty());
    assert_eq!(reply.body["requestId"], reply.header("x-request-id"));
}

#[track_caller]
fn assert_unavailable(reply: &Reply) {
    assert_problem(reply, 503, "unavailable");
    assert!(reply.header("retry-after").parse::<u32>().is_ok_and(|seconds| seconds > 0));
}

#[tokio::test]
async fn the_service_routes_answer_without_credentials() {
    let stranger = Server::shared().stranger();
    assert_eq!(stranger.get("/health/live").await.body, json!({ "status": "ok" }));
    let ready = stranger.get(READY).await;
    let parts = json!({ "database": "ok", "migrations": "ok", "workers": "ok" });
    assert_eq!((ready.status, ready.body), (200, json!({ "status": "ok", "parts": parts })));
    assert_eq!(stranger.get("/api/mind/health").await.body, json!({ "success": true, "status": "ok" }));
    let version = json!({ "success": true, "version": env!("CARGO_PKG_VERSION") });
    assert_eq!(stranger.get("/api/mind/version").await.body, version);

    // A credential that does not count is not looked at.
    let other = stranger.with_token("nonsense");
    for path in ["/health/live", READY, "/metrics", "/api/mind/health", "/api/mind/version", "/docs/"] {
        assert_eq!(other.get(path).await.status, 200, "{path}");
    }
}

#[tokio::test]
async fn a_server_whose_schema_is_not_current_is_not_ready() {
    let database = new_database().await;
    let server = Server::on(&database, &[]).await;
    assert_eq!(server.stranger().get(READY).await.status, 200);

    let options: sqlx::postgres::PgConnectOptions = url(&database, "test").parse().unwrap();
    let mut owner = options.connect().await.unwrap();
    owner.execute("delete from _sqlx_migrations").await.unwrap();

    let ready = server.stranger().get(READY).await;
    assert_eq!(ready.status, 503);
    assert_eq!(ready.body["parts"]["migrations"], "not current");
    assert_eq!(ready.body["parts"]["database"], "ok");
    assert!(!ready.header("retry-after").is_empty());
}

#[tokio::test]
async fn the_cron_route_says_whether_maintenance_ran_within_fifteen_minutes() {
    let server = Server::on(&new_database().await, &[]).await;
    let stranger = server.stranger();
    let overdue = stranger.get(CRON).await;
    assert_eq!((overdue.status, overdue.body), (503, json!({ "success": false, "status": "overdue" })));

    assert!(server.running.run_maintenance().await.unwrap());
    let on_time = stranger.get(CRON).await;
    assert_eq!((on_time.status, on_time.body), (200, json!({ "success": true, "status": "ok" })));

    assert!(!server.running.run_maintenance().await.unwrap(), "it ran less than a minute ago");
    server.clock.advance(SignedDuration::from_mins(14));
    assert_eq!(stranger.get(CRON).await.status, 200);
    server.clock.advance(SignedDuration::from_mins(2));
    assert_eq!(stranger.get(CRON).await.status, 503);
    assert!(server.running.run_maintenance().await.unwrap());
    assert_eq!(stranger.get(CRON).await.status, 200);
}

#[tokio::test]
async fn the_workers_run_maintenance_by_themselves() {
    let server = Server::on(&new_database().await, &["--workers", "1"]).await;
    let start = Instant::now();
    while server.stranger().get(CRON).await.status != 200 {
        assert!(start.elapsed() < SOON, "maintenance did not run");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(server.stranger().get(READY).await.body["parts"]["workers"], "ok");
}

#[tokio::test]
async fn the_metrics_name_the_routes_and_not_what_was_asked_for() {
    let server = Server::shared();
    let acme = server.new_tenant().await;
    let id = acme.new_ticket(json!({})).await;
    acme.ticket(id).await;
    server.stranger().get("/nowhere-that-is-known").await;
    let invented = Method::from_bytes(b"INVENTED-BY-A-TEST").unwrap();
    server.stranger().send(invented, "/health/live", |request| request).await;

    let metrics = server.stranger().get("/metrics").await;
    assert_eq!(metrics.status, 200);
    assert!(metrics.header("content-type").starts_with("text/plain"));
    let has = |parts: &[&str]| {
        metrics
            .text
            .lines()
            .any(|line| !line.starts_with('#') && parts.iter().all(|part| line.contains(part)))
    };
    assert!(has(&[
        "tessera_http_requests_total",
        r#"route="/api/mind/ticket/{ticketId}""#,
        r#"status="200""#
    ]));
    assert!(has(&["tessera_http_request_seconds_bucket", r#"route="/api/mind/ticket""#]));
    assert!(has(&["tessera_http_requests_total", r#"route="unmatched""#, r#"status="404""#]));
    assert!(has(&["tessera_sql_statements_total"]));
    // A label that clients choose would grow without end.
    assert!(!metrics.text.contains("nowhere-that-is-known"));
    assert!(!metrics.text.contains("INVENTED-BY-A-TEST"));
}

#[tokio::test]
async fn the_documents_are_those_of_the_repository_and_of_the_command() {
    for (name, committed, path) in [
        ("mind", include_str!("../../openapi/mind.json"), "/api/mind/docs/open-api"),
        ("socialboards", include_str!("../../openapi/socialboards.json"), "/socialboards/docs/open-api"),
        ("livedesk", include_str!("../../openapi/livedesk.json"), "/api/v2/accounts/docs/open-api"),
    ] {
        let served = Server::shared().stranger().get(path).await;
        assert_eq!(served.status, 200);
        assert!(served.header("content-type").starts_with("application/json"));
        assert!(served.text.trim_end() == committed.trim_end(), "openapi/{name}.json is not what is served");
        assert!(served.body["openapi"].as_str().unwrap().starts_with("3.1"));

        let printed = Command::new(env!("CARGO_BIN_EXE_tessera")).args(["openapi", name]).output().unwrap();
        assert!(printed.status.success());
        assert!(printed.stdout == committed.as_bytes(), "openapi/{name}.json is not what is printed");
    }
}

#[tokio::test]
async fn a_dialect_is_mounted_where_the_setting_says() {
    let server = Server::with(&["--socialboards-prefix", "/boards/eu"]).await;
    let stranger = server.stranger();
    let document = stranger.get("/boards/eu/docs/open-api").await;
    assert_eq!(document.body["servers"], json!([{ "url": "/boards/eu" }]));
    assert_eq!(stranger.get("/boards/eu/tags").await.status, 401);
    assert_eq!(stranger.try_get("/socialboards/tags").await, Some(404));
    let starter = stranger.get("/docs/swagger-initializer.js").await.text;
    assert!(starter.contains("/boards/eu/docs/open-api"), "{starter}");
}

#[tokio::test]
async fn every_operation_of_the_document_has_its_errors_and_an_example() {
    for (path, item) in DIALECTS.iter().flat_map(|dialect| dialect.document["paths"].as_object().unwrap()) {
        for (method, operation) in item.as_object().unwrap() {
            let responses = operation["responses"].as_object().unwrap();
            for (status, response) in responses {
                let headers = &response["headers"];
                assert!(headers["X-Request-Id"].is_object(), "{method} {path} {status}");
                assert_eq!(headers["Retry-After"].is_object(), status == "503", "{method} {path} {status}");
                assert_eq!(headers["WWW-Authenticate"].is_object(), status == "401", "{method} {path}");
            }
            let is_private = operation["security"] != json!([]);
            assert_eq!(responses.contains_key("401"), is_private, "{method} {path}");
            assert!(responses.contains_key("431") && responses.contains_key("500"), "{method} {path}");
        }
    }
}

#[tokio::test]
async fn the_browsable_docs_need_no_other_host() {
    let stranger = Server::shared().stranger();
    for path in ["/docs", "/docs/"] {
        let page = stranger.get(path).await;
        assert_eq!(page.status, 200, "{path}");
        assert!(page.header("content-type").starts_with("text/html"), "{:?}", page.headers);
    }
    let page = stranger.get("/docs/").await.text;
    let mut assets = Vec::new();
    for attribute in ["src=\"", "href=\""] {
        for rest in page.split(attribute).skip(1) {
            assets.push(rest.split('"').next().unwrap().to_owned());
        }
    }
    assert!(assets.iter().any(|asset| asset.contains("swagger-ui.css")), "{page}");
    assert!(assets.iter().any(|asset| asset.contains("swagger-ui-bundle.js")), "{page}");
    for asset in assets {
        assert!(!asset.contains("//"), "{asset} is on another host");
        let path = format!("/docs/{}", asset.trim_start_matches("./"));
        let loaded = stranger.send(Method::HEAD, &path, |request| request).await;
        assert_eq!(loaded.status, 200, "{path}");
    }
    assert!(!page.contains("http://") && !page.contains("https://"), "{page}");
    let starter = stranger.get("/docs/swagger-initializer.js").await.text;
    for dialect in &*DIALECTS {
        assert!(starter.contains(&format!("{}/docs/open-api", dialect.prefixes[0])), "{starter}");
    }
    assert!(!starter.contains("http://") && !starter.contains("https://"), "{starter}");
}

#[tokio::test]
async fn a_request_id_is_taken_over_or_made() {
    let server = Server::shared();
    let acme = server.new_tenant().await;
    let paths = ["/health/live", "/metrics", "/docs/", "/nowhere", "/api/mind/nowhere", "/api/mind/tag"];
    let longest = "x".repeat(128);
    for given in ["a", "6f1c2a0e-3f0e", "A.b_c-9", &longest] {
        for path in paths {
            let reply = acme.with_header("x-request-id", given).get(path).await;
            assert_eq!(reply.header("x-request-id"), given, "{path}");
        }
        let stranger = server.stranger().with_header("x-request-id", given);
        assert_eq!(stranger.get("/api/mind/tag").await.body["requestId"], given);
        assert_eq!(stranger.get("/nowhere").await.body["requestId"], given);
    }
    let mut made = HashSet::new();
    for given in ["", "a b", "a/b", "a\"b", &"x".repeat(129)] {
        for path in paths {
            let reply = acme.with_header("x-request-id", given).get(path).await;
            let id = reply.header("x-request-id").to_owned();
            assert!(id != given && !id.is_empty(), "{path}");
            assert!(made.insert(id), "an id was made twice");
        }
    }
}

#[tokio::test]
async fn an_unknown_route_is_a_404_in_the_problem_form() {
    let server = Server::shared();
    let acme = server.new_tenant().await;
    for path in [
        "/",
        "/nowhere",
        "/health",
        "/api",
        "/api/mind",
        "/api/mind/",
        "/api/mind/nowhere",
        "/api/mind/tag/1/2",
    ] {
        for client in [&acme, &server.stranger()] {
            assert_problem(&client.get(path).await, 404, "route_not_found");
            assert_problem(&client.post(path, json!({})).await, 404, "route_not_found");
        }
    }
}

#[tokio::test]
async fn an_unknown_method_is_a_405_that_names_the_known_ones() {
    let server = Server::shared();
    let acme = server.new_tenant().await;
    let cases: [(&str, &[&str]); 6] = [
        ("/health/live", &["GET", "HEAD"]),
        ("/metrics", &["GET", "HEAD"]),
        ("/api/mind/health", &["GET", "HEAD"]),
        (TICKET, &["POST", "PATCH"]),
        ("/api/mind/ticket/1", &["GET", "HEAD"]),
        ("/api/mind/tag", &["GET", "HEAD", "POST"]),
    ];
    for (path, known) in cases {
        for method in [Method::DELETE, Method::OPTIONS] {
            let reply = acme.send(method, path, |request| request).await;
            assert_problem(&reply, 405, "method_not_allowed");
            let known: HashSet<String> = known.iter().map(|&name| name.to_owned()).collect();
            assert_eq!(header_names(&reply, "allow"), known, "{path}");
        }
    }
}

#[tokio::test]
async fn a_header_line_of_64_kilobytes_is_a_431_in_the_problem_form() {
    let server = Server::shared();
    let acme = server.new_tenant().await.with_header("x-large", &"x".repeat(64 * 1024));
    for path in ["/health/live", "/nowhere", "/api/mind/health", "/api/mind/tag", "/api/mind/nowhere"] {
        let reply = acme.get(path).await;
        assert_problem(&reply, 431, "too_large");
        assert!(reply.body["detail"].as_str().unwrap().contains("32000"), "{}", reply.text);
    }
    let reply = acme.post(TICKET, json!({ "channel": "email" })).await;
    assert_problem(&reply, 431, "too_large");
    let fits = acme.with_header("x-large", &"x".repeat(24 * 1024));
    assert_eq!(fits.get("/api/mind/tag").await.status, 200);
}

#[tokio::test]
async fn a_header_beyond_every_buffer_is_a_431() {
    let stranger = Server::shared().stranger().with_header("x-large", &"x".repeat(1024 * 1024));
    // A client that is told so while it still writes may see the connection break instead.
    let reply = stranger.try_get("/health/live").await;
    assert!(reply.is_none_or(|status| status == 431), "{reply:?}");
    assert_eq!(Server::shared().stranger().get("/health/live").await.status, 200);
}

/// A server on a cluster of the test's own, which it may stop.
struct Outage {
    settings: ClusterSettings,
    cluster: Option<Cluster>,
    server: Server,
}

impl Outage {
    async fn prepare(name: &str) -> Self {
        let settings = own_cluster(name);
        let cluster = Cluster::start(&settings).await.unwrap();
        let url = url_of(&cluster.connect_options(), "tessera", name);
        let server = Server::at(&url, name.to_owned(), &[]).await;
        Self { settings, cluster: Some(cluster), server }
    }

    async fn database(&self) -> PgConnection {
        self.cluster.as_ref().unwrap().superuser_options().database("tessera").connect().await.unwrap()
    }

    async fn stop(&mut self) {
        self.cluster.take().unwrap().stop().await.unwrap();
    }

    async fn start(&mut self) {
        self.cluster = Some(Cluster::start(&self.settings).await.unwrap());
    }

    /// A tenant that nobody has asked for yet.
    async fn unseen(&self, slug: &str) -> Client {
        self.server.running.create_tenant(slug).await.unwrap();
        Client::new(&self.server.url, slug, Some(token(slug, "integration:scout", "integration")))
    }
}

#[tokio::test]
async fn a_database_that_stops_in_mid_request_is_a_503_until_it_is_back() {
    let mut outage = Outage::prepare("outage-a").await;
    let acme = outage.server.new_tenant().await;
    let stranger = outage.server.stranger();
    let id = acme.new_ticket(json!({ "subject": "Before" })).await;

    // The request waits for a row that somebody else has locked.
    let mut blocker = outage.database().await;
    let lock = format!("begin; select 1 from ticket where id = {id} for update");
    blocker.execute(AssertSqlSafe(lock)).await.unwrap();
    let waiting = {
        let acme = acme.clone();
        tokio::spawn(async move { acme.patch(TICKET, json!([{ "id": id, "subject": "During" }])).await })
    };
    let mut watcher = outage.database().await;
    let start = Instant::now();
    let waiters = "select count(*) from pg_stat_activity where wait_event_type = 'Lock'";
    while sqlx::query_scalar::<_, i64>(waiters).fetch_one(&mut watcher).await.unwrap() == 0 {
        assert!(start.elapsed() < SOON, "the request does not wait");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    outage.stop().await;
    assert_unavailable(&waiting.await.unwrap());

    assert_unavailable(&acme.get(&format!("{TICKET}/{id}")).await);
    assert_unavailable(&acme.post(TICKET, json!({ "channel": "email" })).await);
    let cron = stranger.get(CRON).await;
    assert_eq!((cron.status, cron.body), (503, json!({ "success": false, "status": "unknown" })));
    assert_eq!(stranger.get("/health/live").await.status, 200);
    assert_eq!(stranger.get("/api/mind/health").await.status, 200);
    let ready = stranger.get(READY).await;
    assert_eq!((ready.status, &ready.body["parts"]["database"]), (503, &json!("not reachable")));
    assert!(!ready.header("retry-after").is_empty());

    outage.start().await;
    assert_eq!(stranger.get(READY).await.status, 200);
    assert_eq!(acme.ticket(id).await["subject"], "Before");
    let patched = acme.patch(TICKET, json!([{ "id": id, "subject": "After" }])).await;
    assert_eq!(patched.status, 200, "{}", patched.text);
    assert_eq!(acme.ticket(id).await["subject"], "After");
    outage.stop().await;
}

#[tokio::test]
async fn a_database_that_was_away_between_two_requests_goes_unnoticed() {
    let mut outage = Outage::prepare("outage-b").await;
    let acme = outage.server.new_tenant().await;
    let id = acme.new_ticket(json!({ "subject": "Kept" })).await;
    let unseen = outage.unseen("unseen").await;
    // Several connections of the pool die.
    let reads = (0..8).map(|_| {
        let acme = acme.clone();
        tokio::spawn(async move { acme.ticket(id).await })
    });
    for read in reads.collect::<Vec<_>>() {
        read.await.unwrap();
    }

    outage.stop().await;
    outage.start().await;

    let made = unseen.post(TICKET, json!({ "channel": "email" })).await;
    assert_eq!(made.status, 200, "{}", made.text);
    assert_eq!(acme.ticket(id).await["subject"], "Kept");
    assert_eq!(outage.server.stranger().get(READY).await.status, 200);
    outage.stop().await;
}
