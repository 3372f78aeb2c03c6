//! The LiveDesk ticket API.

mod auth;
mod bad_input;
mod contact;
mod contract;
mod message;
mod ticket;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};

use crate::support::{Client, Reply, Server};

const TICKETS: &str = "/api/v2/accounts/tickets";
const CONTACTS: &str = "/api/v2/accounts/contacts";
/// The seed's request, members and values as they are.
const SEED: &str = include_str!("seed.json");

/// A tenant, as its administrator sees it in Mind, and as a program of LiveDesk does.
struct Desk {
    mind: Client,
    desk: Client,
}

impl Desk {
    async fn new() -> Self {
        Self::on(Server::shared()).await
    }

    async fn on(server: &Server) -> Self {
        let mind = server.new_tenant().await;
        let key = BASE64_STANDARD.encode(server.new_api_key(&mind.tenant));
        let desk = mind.with_authorization(format!("Basic {key}"));
        Self { mind, desk }
    }

    /// A team's id.
    async fn new_team(&self, name: &str) -> i64 {
        let made = self.mind.post("/api/mind/team", json!({ "name": name })).await;
        assert_eq!(made.status, 200, "{}", made.text);
        made.body["id"].as_i64().unwrap()
    }

    async fn set(&self, name: &str, value: Value) {
        let put = self.mind.put(&format!("/api/mind/settings/{name}"), value).await;
        assert_eq!(put.status, 200, "{}", put.text);
    }

    async fn create(&self, body: Value) -> Reply {
        self.desk.post(TICKETS, body).await
    }

    /// A ticket's `ticket_id`, made with the given members besides title and requester.
    async fn new_ticket(&self, members: Value) -> String {
        let made = self.create(ticket_with(members)).await;
        assert_eq!(made.status, 200, "{}", made.text);
        made.body["data"]["ticket_id"].as_str().unwrap().to_owned()
    }

    async fn put(&self, ticket_id: &str, body: Value) -> Reply {
        self.desk.put(&format!("{TICKETS}/{ticket_id}"), body).await
    }

    /// What a ticket shows.
    async fn show(&self, ticket_id: &str) -> Value {
        let shown = self.desk.get(&format!("{TICKETS}/{ticket_id}")).await;
        assert_eq!(shown.status, 200, "{}", shown.text);
        shown.body["data"].clone()
    }

    /// The tenant's only ticket, as Mind shows it.
    async fn in_mind(&self) -> Value {
        let id = crate::mind::stored::number(&self.mind, "select max(id) from ticket").await;
        self.mind.ticket(id).await
    }

    /// The `ticket_id` of a ticket that was made elsewhere.
    async fn ticket_id(&self) -> String {
        let mut db = crate::support::Backdoor::of_tenant(&self.mind.tenant).await;
        db.texts("select public_id from ticket order by id desc limit 1").await.remove(0)
    }
}

/// The least of a request, and more.
fn ticket_with(members: Value) -> Value {
    let mut body = json!({ "title": "Printer", "requester": { "euid": "contact_1" } });
    if let Value::Object(members) = members {
        body.as_object_mut().unwrap().extend(members);
    }
    body
}

/// That an answer is an error of this dialect, and names these pointers.
fn refused(reply: &Reply, status: u16, pointers: &[&str]) {
    assert_eq!(reply.status, status, "{}", reply.text);
    assert_eq!(reply.header("content-type"), "application/json");
    let members: Vec<&String> = reply.body.as_object().unwrap().keys().collect();
    assert_eq!(members, ["code", "message", "data"], "{}", reply.text);
    assert_eq!((&reply.body["code"], &reply.body["data"]), (&json!(status), &Value::Null));
    let message = reply.body["message"].as_str().unwrap();
    let named = message.split_once(": ").map(|(_, fields)| fields).unwrap_or_default();
    let named: Vec<&str> = named.split("; ").filter_map(|field| field.split(' ').next()).collect();
    if status == 422 {
        assert_eq!(named, pointers, "{message}");
    }
}
