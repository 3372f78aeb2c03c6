//! Input that nobody should send: never a 5xx, never a change, always the envelope.

use reqwest::Method;
use serde_json::{Value, json};

use super::{Desk, refusal};
use crate::support::{Backdoor, Reply};

/// Every route that takes a body.
fn routes(id: i64) -> Vec<(Method, String)> {
    vec![
        (Method::POST, "/tickets".into()),
        (Method::POST, "/tickets/list".into()),
        (Method::PATCH, format!("/tickets/{id}/assignee")),
        (Method::PATCH, format!("/tickets/{id}/status")),
        (Method::PATCH, format!("/tickets/{id}/category")),
        (Method::PATCH, format!("/tickets/{id}/customfields")),
        (Method::PUT, format!("/tickets/{id}/tags")),
        (Method::POST, format!("/tickets/{id}/log")),
        (Method::POST, format!("/tickets/{id}/replies")),
        (Method::POST, format!("/tickets/{id}/replies/list")),
        (Method::POST, format!("/tickets/{id}/notes")),
        (Method::PATCH, format!("/tickets/{id}/notes/1")),
    ]
}

struct Target {
    desk: Desk,
    id: i64,
}

impl Target {
    async fn new() -> Self {
        let desk = Desk::new().await;
        let id = desk.new_ticket(json!({})).await;
        Self { desk, id }
    }

    /// Sends a body to every route, which must refuse it and keep everything.
    async fn refused(&self, body: impl Into<Vec<u8>>, expected: &[(u16, i64)]) -> Vec<Reply> {
        let body = body.into();
        let before = Backdoor::of_tenant(&self.desk.acme.tenant).await.rows().await;
        let shown = String::from_utf8_lossy(&body[..body.len().min(80)]).into_owned();
        let mut replies = Vec::new();
        for (method, path) in routes(self.id) {
            let reply = self.desk.raw(method.clone(), &path, "application/json", body.clone()).await;
            let (status, code, text) = refusal(&reply);
            assert!(expected.contains(&(status, code)), "{method} {path} {shown}: {status} {text}");
            replies.push(reply);
        }
        assert_eq!(Backdoor::of_tenant(&self.desk.acme.tenant).await.rows().await, before, "{shown}");
        replies
    }
}

#[tokio::test]
async fn what_is_not_json_is_a_400() {
    let target = Target::new().await;
    let bodies: [&[u8]; 12] = [
        b"",
        b" ",
        b"hello",
        b"{",
        b"[",
        b"{\"message\":\"x\"",
        b"{\"message\":\"x\"}}",
        b"{'message':'x'}",
        b"{\"message\":\"\xff\xfe\"}",
        b"\xef\xbb\xbf{}",
        b"{\"message\":\"\\ud800\"}",
        b"\x00",
    ];
    for body in bodies {
        target.refused(body, &[(400, 1)]).await;
    }
}

#[tokio::test]
async fn json_of_another_kind_is_a_422() {
    let target = Target::new().await;
    for body in ["null", "1", "-0", "1e400", "true", "\"text\"", "[null]", "[[]]", "[1,{}]"] {
        target.refused(body, &[(422, 7)]).await;
    }
}

#[tokio::test]
async fn another_content_type_is_a_415() {
    let target = Target::new().await;
    for (method, path) in routes(target.id) {
        for wrong in ["text/plain", "application/x-www-form-urlencoded", ""] {
            let reply = target.desk.raw(method.clone(), &path, wrong, "{}").await;
            assert_eq!(
                (reply.status, &reply.body["errorCode"]),
                (415, &json!(10)),
                "{method} {path} {wrong}"
            );
        }
    }
}

#[tokio::test]
async fn depth_never_overflows_a_stack() {
    let target = Target::new().await;
    for levels in [127, 128, 100_000] {
        for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
            let deep = format!("{}1{}", open.repeat(levels), close.repeat(levels));
            target.refused(format!("{{\"message\":{deep},\"creator\":{deep},\"status\":{deep},\"categoryId\":{deep},\"id\":{deep},\"take\":{deep},\"action_types\":{deep},\"author\":{deep}}}"), &[(400, 1), (422, 7)]).await;
            // A shallow object of unknown members is only ignored.
            if open == "[" || levels > 128 {
                target.refused(deep, &[(400, 1), (422, 7)]).await;
            }
        }
    }
}

#[tokio::test]
async fn a_nul_in_any_text_is_named() {
    let target = Target::new().await;
    let nul = "a\u{0}b";
    for (body, pointer) in [
        (json!({ "title": nul }), "/title"),
        (json!({ "message": nul }), "/message"),
        (json!({ "sourceName": nul }), "/sourceName"),
        (json!({ "tags": [nul] }), "/tags/0"),
        (json!({ "cc": [nul] }), "/cc/0"),
        (json!({ "creator": { "name": nul, "email": "a@b.de" } }), "/creator/name"),
        (json!({ "creator": { "customIdentifier": nul } }), "/creator/customIdentifier"),
        (json!({ "attachments": [{ "url": "https://a.de/\u{0}", "name": "a" }] }), "/attachments/0/url"),
        (json!({ "assigneeId": nul }), "/assigneeId"),
    ] {
        let refused = target.desk.post("/tickets", body.clone()).await;
        let (status, _, text) = refusal(&refused);
        assert!(status == 422 && text.contains(&format!(" {pointer} ")), "{body}: {text}");
    }
    let filter = json!({ "customFields": [{ "key": "a", "value": nul }] });
    assert_eq!(target.desk.post("/tickets/list", filter).await.status, 422);
    let ignored = json!({ "message": "x", "creator": { "email": "a@b.de" }, "unknown\u{0}": nul });
    assert_eq!(target.desk.post("/tickets", ignored).await.header("tessera-ignored"), "/unknown%00");
}

#[tokio::test]
async fn more_than_the_limit_is_a_413() {
    let target = Target::new().await;
    let body = format!("{{\"message\":\"{}\"}}", "a".repeat(11 << 20));
    for reply in target.refused(body, &[(413, 9)]).await {
        assert!(reply.text.contains("10000000"), "{}", reply.text);
    }
}

#[tokio::test]
async fn ids_that_cannot_be_are_refused_wherever_they_stand() {
    let target = Target::new().await;
    for wrong in ["0", "-1", "9223372036854775808", "1.5", "\"12\"", "1e400", "{}", "true"] {
        for (path, body, pointer) in [
            ("/tickets".to_owned(), format!("{{\"categoryId\":{wrong}}}"), "/categoryId"),
            (
                "/tickets".to_owned(),
                format!("{{\"customFields\":[{{\"id\":{wrong}}}]}}"),
                "/customFields/0/id",
            ),
            (
                format!("/tickets/{}/replies", target.id),
                format!("{{\"parentReplyId\":{wrong}}}"),
                "/parentReplyId",
            ),
            ("/tickets/list".to_owned(), format!("{{\"categoryId\":{wrong}}}"), "/categoryId"),
        ] {
            let refused = target.desk.raw(Method::POST, &path, "application/json", body.clone()).await;
            let (status, _, text) = refusal(&refused);
            assert!(status == 422 && text.contains(&format!(" {pointer} ")), "{path} {body}: {text}");
        }
    }
}

#[tokio::test]
async fn unknown_routes_and_methods_are_worded_too() {
    let Target { desk, id } = Target::new().await;
    for path in ["/nothing", "", "/", "/tickets/1/2/3", "/tickets/"] {
        let reply = desk.get(path).await;
        assert_eq!((reply.status, &reply.body["errorCode"]), (404, &json!(4)), "{path}: {}", reply.text);
    }
    for (path, allow) in [
        ("/tickets".to_owned(), vec!["POST"]),
        (format!("/tickets/{id}"), vec!["GET", "HEAD"]),
        (format!("/Tickets/{id}/Assignee"), vec!["PATCH"]),
        (format!("/tickets/{id}/replies"), vec!["GET", "HEAD", "POST"]),
        (format!("/tickets/{id}/notes/1"), vec!["DELETE", "PATCH"]),
        (format!("/tickets/{id}/tags"), vec!["PUT"]),
    ] {
        for method in ["OPTIONS", "TRACE", "SEARCH"] {
            let method = Method::from_bytes(method.as_bytes()).unwrap();
            let reply = desk.send(method.clone(), &path, None).await;
            assert_eq!((reply.status, &reply.body["errorCode"]), (405, &json!(6)), "{method} {path}");
            let mut allowed: Vec<&str> = reply.header("allow").split(',').map(str::trim).collect();
            allowed.sort_unstable();
            assert_eq!(allowed, allow, "{method} {path}");
        }
    }
}

#[tokio::test]
async fn a_large_message_is_taken_and_hostile_markup_shown_at_once() {
    let Target { desk, .. } = Target::new().await;
    for message in ["a".repeat(9_000_000), "<b><i x=1>a</p><p>".repeat(100_000), "<".repeat(1_000_000)] {
        let id = desk.new_ticket(json!({ "message": message })).await;
        let started = std::time::Instant::now();
        assert_ne!(desk.ticket(id).await["htmlMessage"], Value::Null);
        assert!(started.elapsed().as_secs() < 20, "{:?}", started.elapsed());
    }
}
