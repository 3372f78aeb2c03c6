//! How many statements a request sends, whatever its size.

use reqwest::Method;
use serde_json::{Value, json};

use super::Desk;
use crate::support::Server;

async fn count(server: &Server, desk: &Desk, method: Method, path: &str, body: Option<Value>) -> usize {
    // Credentials and settings are warm.
    desk.get("/categories").await;
    let before = server.statements().len();
    desk.done(method, path, body).await;
    server.statements().len() - before
}

#[tokio::test]
async fn the_number_of_statements_does_not_depend_on_the_number_of_rows() {
    let server = Server::start().await;
    let desk = Desk::of(&server).await;
    let eva = desk.teammate("eva@example.com").await;
    desk.acme.new_tag(json!({ "name": "Cars" })).await;
    let make = json!({ "message": "x", "creator": { "email": "new@example.com" } });
    assert_eq!(count(&server, &desk, Method::POST, "/tickets", Some(make.clone())).await, 3, "a new creator");
    assert_eq!(count(&server, &desk, Method::POST, "/tickets", Some(make.clone())).await, 2, "a known one");
    let mut full = make;
    full["tags"] = json!(["Cars"]);
    full["assigneeId"] = json!(eva);
    full["cc"] = json!(vec!["a@b.de"; 20]);
    full["attachments"] = json!(vec![json!({ "url": "https://example.com/a", "name": "a" }); 20]);
    assert_eq!(count(&server, &desk, Method::POST, "/tickets", Some(full)).await, 4, "with names to look up");

    let id = desk.new_ticket(json!({})).await;
    assert_eq!(count(&server, &desk, Method::GET, &format!("/tickets/{id}"), None).await, 1);
    let few = count(&server, &desk, Method::POST, "/tickets/list", Some(json!({ "take": 1 }))).await;
    for _ in 0..50 {
        desk.new_ticket(json!({})).await;
    }
    let many = count(&server, &desk, Method::POST, "/tickets/list", Some(json!({ "take": 50 }))).await;
    assert_eq!((few, many), (2, 2));

    let reply = json!({ "author": { "email": "eva@example.com" }, "message": "x" });
    let path = format!("/tickets/{id}/replies");
    let first = count(&server, &desk, Method::POST, &path, Some(reply.clone())).await;
    for _ in 0..20 {
        desk.done(Method::POST, &path, Some(reply.clone())).await;
    }
    let last = count(&server, &desk, Method::POST, &path, Some(reply)).await;
    assert!(first == last && last <= 8, "{first} and {last}");
    assert_eq!(count(&server, &desk, Method::GET, &path, None).await, 2);
    let log = format!("/tickets/{id}/log");
    assert_eq!(count(&server, &desk, Method::POST, &log, Some(json!({}))).await, 2);
}
