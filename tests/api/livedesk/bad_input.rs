//! Input that nobody should send: never a 5xx, never a change, always this dialect's envelope.

use reqwest::Method;
use serde_json::{Value, json};

use super::{CONTACTS, Desk, TICKETS, refused, ticket_with};
use crate::support::Backdoor;

/// A tenant with a ticket, and every route that takes a body.
struct Target {
    desk: Desk,
    routes: Vec<(Method, String)>,
}

impl Target {
    async fn new() -> Self {
        let desk = Desk::new().await;
        let id = desk.new_ticket(json!({})).await;
        let routes = vec![
            (Method::POST, TICKETS.to_owned()),
            (Method::PUT, format!("{TICKETS}/{id}")),
            (Method::POST, CONTACTS.to_owned()),
            (Method::POST, format!("/api/v2/accounts/conversations/{id}/messages")),
        ];
        Self { desk, routes }
    }

    /// Sees that every route refuses a body with one of these and keeps everything.
    async fn refused(&self, statuses: &[u16], content_type: &str, body: impl Into<Vec<u8>>) {
        let body = body.into();
        let before = Backdoor::of_tenant(&self.desk.mind.tenant).await.rows().await;
        for (method, path) in &self.routes {
            let reply = self.desk.desk.raw(method.clone(), path, content_type, body.clone()).await;
            let shown = String::from_utf8_lossy(&body[..body.len().min(80)]);
            assert!(statuses.contains(&reply.status), "{method} {path} {shown}: {}", reply.text);
            assert_eq!(reply.header("content-type"), "application/json");
            assert_eq!(reply.body["code"], reply.status, "{}", reply.text);
            assert_eq!(reply.body.get("data"), Some(&Value::Null));
            assert!(!reply.header("x-request-id").is_empty());
        }
        assert_eq!(Backdoor::of_tenant(&self.desk.mind.tenant).await.rows().await, before);
    }
}

#[tokio::test]
async fn what_is_not_json_or_not_an_object_is_refused() {
    let target = Target::new().await;
    let unreadable: [&[u8]; 12] = [
        b"",
        b" ",
        b"hello",
        b"{",
        b"[",
        b"{\"title\":\"a\"",
        b"{\"title\":\"a\",}",
        b"{\"title\":NaN}",
        b"{\"title\":\"\xff\xfe\"}",
        b"{\"title\":\"a\nb\"}",
        b"\x00",
        b"{\"title\":\"\\ud800\"}",
    ];
    for body in unreadable {
        target.refused(&[400], "application/json", body).await;
    }
    for body in ["null", "1", "1e400", "true", "\"text\"", "[]", "[{}]", "{}"] {
        target.refused(&[422], "application/json", body).await;
    }
    for wrong in ["text/plain", "application/x-www-form-urlencoded", "json", "multipart/form-data"] {
        target.refused(&[415], wrong, "{}").await;
    }
}

#[tokio::test]
async fn deep_and_large_bodies_are_refused() {
    let target = Target::new().await;
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        for levels in [127, 200, 100_000] {
            let deep = format!("{}1{}", open.repeat(levels), close.repeat(levels));
            for member in ["title", "description", "custom_fields", "unknown", "inbox_id", "content"] {
                let body = format!("{{\"{member}\":{deep}}}");
                target.refused(&[400, 422], "application/json", body).await;
            }
        }
    }
    let large = format!("{{\"title\":\"{}\"}}", "a".repeat(11 << 20));
    target.refused(&[413], "application/json", large).await;
    let deep = format!("{}1{}", "[".repeat(100), "]".repeat(100));
    let body =
        format!("{{\"title\":\"a\",\"requester\":{{\"euid\":\"a\"}},\"custom_fields\":{{\"a\":{deep}}}}}");
    let made = target.desk.desk.raw(Method::POST, TICKETS, "application/json", body).await;
    let id = made.body["data"]["ticket_id"].as_str().unwrap();
    assert_eq!(target.desk.show(id).await["custom_fields"]["a"].to_string(), deep);
}

#[tokio::test]
async fn a_large_hostile_description_is_taken_in_time() {
    let desk = Desk::new().await;
    for text in ["> ".repeat(4_900_000), "a ".repeat(4_900_000), "[a](b ".repeat(60_000)] {
        let id = desk.new_ticket(json!({ "description": text })).await;
        assert_eq!(desk.show(&id).await["description"].as_str().unwrap().len(), text.len());
    }
}

#[tokio::test]
async fn everything_that_is_wrong_with_a_ticket_is_named() {
    let desk = Desk::new().await;
    let channel = |members: Value| json!({ "requester": { "channel_contacts": members } });
    let many: serde_json::Map<String, Value> = (0..201).map(|at| (at.to_string(), json!(1))).collect();
    let cases = [
        (json!({ "title": 1 }), vec!["/title"]),
        (json!({ "title": null }), vec!["/title"]),
        (json!({ "title": "\t " }), vec!["/title"]),
        (json!({ "title": "a\u{0}", "description": "\u{0}" }), vec!["/title", "/description"]),
        (json!({ "description": {} }), vec!["/description"]),
        (json!({ "requester": null }), vec!["/requester"]),
        (json!({ "requester": "contact_1" }), vec!["/requester"]),
        (json!({ "requester": {} }), vec!["/requester"]),
        (json!({ "requester": { "name": "Eva" } }), vec!["/requester"]),
        (json!({ "requester": { "euid": null, "channel_contacts": null } }), vec!["/requester"]),
        (json!({ "requester": { "euid": "" } }), vec!["/requester/euid"]),
        (json!({ "requester": { "euid": 7 } }), vec!["/requester/euid"]),
        (json!({ "requester": { "euid": "a".repeat(256) } }), vec!["/requester/euid"]),
        (json!({ "requester": { "euid": "\u{0}" } }), vec!["/requester/euid"]),
        (
            channel(json!({})),
            vec!["/requester/channel_contacts/channel_id", "/requester/channel_contacts/contact_id"],
        ),
        (
            channel(json!({ "channel_id": "", "contact_id": null, "sub_contact_id": 1, "followers": {} })),
            vec![
                "/requester/channel_contacts/channel_id",
                "/requester/channel_contacts/contact_id",
                "/requester/channel_contacts/sub_contact_id",
                "/requester/channel_contacts/followers",
            ],
        ),
        (channel(json!([])), vec!["/requester/channel_contacts"]),
        (
            channel(
                json!({ "channel_id": "a", "contact_id": "b", "followers": [{}, { "id": "a", "name": 1 }] }),
            ),
            vec![
                "/requester/channel_contacts/followers/0/id",
                "/requester/channel_contacts/followers/1/name",
            ],
        ),
        (json!({ "submitter": "u_1" }), vec!["/submitter"]),
        (json!({ "submitter": { "id": 1 } }), vec!["/submitter/id"]),
        (json!({ "assignment_team": { "id": 1 } }), vec!["/assignment_team"]),
        (json!({ "assignment_team": "\u{0}" }), vec!["/assignment_team"]),
        (json!({ "priority": 1, "ticket_type": [] }), vec!["/priority", "/ticket_type"]),
        (json!({ "custom_fields": [] }), vec!["/custom_fields"]),
        (json!({ "custom_fields": many }), vec!["/custom_fields"]),
        (
            json!({ "custom_fields": { "": 1, "a/b": ["\u{0}"] } }),
            vec!["/custom_fields/", "/custom_fields/a~1b/0"],
        ),
    ];
    for (members, pointers) in cases {
        let reply = desk.create(ticket_with(members.clone())).await;
        let mut wanted = pointers;
        wanted.sort_unstable();
        assert_eq!(reply.status, 422, "{members}: {}", reply.text);
        let message = reply.body["message"].as_str().unwrap();
        let named = message.split_once(": ").unwrap().1;
        let mut named: Vec<&str> = named.split("; ").filter_map(|field| field.split(' ').next()).collect();
        named.sort_unstable();
        assert_eq!(named, wanted, "{members}: {message}");
    }
    let nothing = "select (select count(*) from ticket) + count(*) from contact";
    assert_eq!(crate::mind::stored::number(&desk.mind, nothing).await, 0);
    assert_eq!(desk.create(ticket_with(json!({ "submitter": {} }))).await.status, 200);
}

#[tokio::test]
async fn unknown_routes_and_methods_are_worded_too() {
    let desk = Desk::new().await;
    for path in ["/api/v2/accounts", "/api/v2/accounts/nothing", "/v2/accounts/tickets/a/b"] {
        refused(&desk.desk.get(path).await, 404, &[]);
    }
    for (method, path) in [(Method::GET, TICKETS), (Method::DELETE, TICKETS), (Method::PUT, CONTACTS)] {
        let reply = desk.desk.send(method, path, |request| request).await;
        refused(&reply, 405, &[]);
        assert!(!reply.header("allow").is_empty());
    }
    for known in [json!({ "title": "a", "X": 1, "requester": { "euid": "a", "name": "Eva" } })] {
        let made = desk.create(known).await;
        assert_eq!((made.status, made.header("tessera-ignored")), (200, "/requester/name, /X"));
    }
}
