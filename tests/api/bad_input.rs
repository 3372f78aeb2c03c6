//! Input that nobody should send: never a 5xx, never a change, always a problem that says where.

use std::fmt::Write as _;

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, TestRunner};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Backdoor, Client, Reply, Server};

const TICKET: &str = "/api/mind/ticket";
const DOCUMENT: &str = include_str!("../../openapi/mind.json");

/// A tenant with one ticket, and what it holds.
struct Target {
    acme: Client,
    ticket: i64,
}

impl Target {
    async fn new() -> Self {
        let acme = Server::shared().new_tenant().await;
        let ticket = acme.new_ticket(json!({ "subject": "before", "rawData": { "a": 1 } })).await;
        Self { acme, ticket }
    }

    /// Sends a body by POST and by PATCH and sees that both refuse it and keep everything.
    async fn refused(&self, status: u16, body: impl Into<Vec<u8>>) -> [Reply; 2] {
        let body = body.into();
        let before = Backdoor::of_tenant(&self.acme.tenant).await.rows().await;
        let shown = String::from_utf8_lossy(&body[..body.len().min(80)]).into_owned();
        let mut replies = Vec::new();
        for method in [Method::POST, Method::PATCH] {
            let reply = self.acme.raw(method.clone(), TICKET, "application/json", body.clone()).await;
            assert_eq!(reply.status, status, "{method} {shown}: {}", reply.text);
            check_problem(&reply);
            replies.push(reply);
        }
        assert_eq!(Backdoor::of_tenant(&self.acme.tenant).await.rows().await, before, "{shown}");
        replies.try_into().unwrap()
    }
}

fn check_problem(reply: &Reply) {
    assert_eq!(reply.header("content-type"), "application/problem+json", "{}", reply.text);
    assert_eq!(reply.body["status"], reply.status);
    assert_eq!(reply.body["success"], false);
    assert_eq!(reply.body["requestId"], reply.header("x-request-id"));
    if reply.status == 422 {
        assert!(!reply.pointers().is_empty(), "{}", reply.text);
    }
}

#[tokio::test]
async fn what_is_not_json_is_a_400() {
    let target = Target::new().await;
    let bodies: [&[u8]; 16] = [
        b"",
        b" ",
        b"hello",
        b"{",
        b"[",
        b"[{\"id\":1}",
        b"{\"channel\":\"email\"",
        b"{\"channel\":\"email\"}}",
        b"{'channel':'email'}",
        b"{\"channel\":\"email\",}",
        b"{\"id\":01}",
        b"{\"id\":NaN}",
        b"\xef\xbb\xbf{}",
        b"{\"subject\":\"\xff\xfe\"}",
        b"{\"subject\":\"a\nb\"}",
        b"\x00",
    ];
    for body in bodies {
        for reply in target.refused(400, body).await {
            assert_eq!(reply.body["code"], "unreadable");
        }
    }
}

#[tokio::test]
async fn json_of_another_kind_is_a_422() {
    let target = Target::new().await;
    for body in
        ["null", "1", "-0", "1e400", "1.5", "true", "\"text\"", "[]", "[null]", "[[]]", "[1,{}]", "{}"]
    {
        let [post, patch] = target.refused(422, body).await;
        assert!(post.pointers().iter().all(|pointer| ["", "/channel"].contains(pointer)), "{}", post.text);
        assert!(!patch.pointers().is_empty());
    }
}

#[tokio::test]
async fn another_content_type_is_a_415() {
    let target = Target::new().await;
    let body = json!({ "channel": "email", "id": target.ticket }).to_string();
    for method in [Method::POST, Method::PATCH] {
        for wrong in
            ["text/plain", "application/x-www-form-urlencoded", "application/jsonp", "json", "", "*/*"]
        {
            let reply = target.acme.raw(method.clone(), TICKET, wrong, body.clone()).await;
            assert_eq!(
                (reply.status, &reply.body["code"]),
                (415, &json!("unsupported_media_type")),
                "{wrong}"
            );
            check_problem(&reply);
        }
        let none = target.acme.send(method.clone(), TICKET, |request| request.body(body.clone())).await;
        assert_eq!(none.status, 415);
        for right in ["application/json; charset=utf-8", "Application/JSON", "application/merge-patch+json"] {
            let reply = target.acme.raw(method.clone(), TICKET, right, body.clone()).await;
            assert_eq!(reply.status, 200, "{right}: {}", reply.text);
        }
    }
}

/// Arrays or objects inside each other.
fn nested(levels: usize, open: &str, close: &str) -> String {
    format!("{}1{}", open.repeat(levels), close.repeat(levels))
}

#[tokio::test]
async fn deep_documents_are_stored_or_refused_and_never_overflow_a_stack() {
    let target = Target::new().await;
    let id = target.ticket;
    for (open, close) in [("[", "]"), ("{\"a\":", "}"), ("[{\"a\":", "}]")] {
        let per = open.matches(['[', '{']).count();
        for levels in [127_usize, 128, 200, 100_000] {
            let deep = nested(levels.div_ceil(per), open, close);
            let bodies = [
                deep.clone(),
                format!("{{\"channel\":\"email\",\"id\":{id},\"rawData\":{{\"a\":{deep}}}}}"),
                format!("{{\"channel\":\"email\",\"id\":{id},\"unknown\":{deep}}}"),
                format!("{{\"channel\":\"email\",\"id\":{id},\"subject\":{deep}}}"),
                format!("[{{\"id\":{id},\"additionalData\":{{\"a\":{deep}}}}}]"),
            ];
            for body in bodies {
                for method in [Method::POST, Method::PATCH] {
                    let reply = target.acme.raw(method, TICKET, "application/json", body.clone()).await;
                    assert!([400, 422].contains(&reply.status), "{levels}: {} {}", reply.status, reply.text);
                    check_problem(&reply);
                }
            }
        }
        // What is accepted comes back as it was.
        for levels in [20, 60, 120] {
            let deep = nested(levels / per, open, close);
            let body = format!("[{{\"id\":{id},\"rawData\":{{\"a\":{deep}}}}}]");
            let reply = target.acme.raw(Method::PATCH, TICKET, "application/json", body).await;
            assert_eq!(reply.status, 200, "{levels}: {}", reply.text);
            let seen = target.acme.ticket(id).await;
            assert_eq!(seen["rawData"]["a"].to_string(), deep);
        }
    }
}

/// The string members of a request, from the document.
fn string_members(schema: &str) -> Vec<String> {
    let document: Value = serde_json::from_str(DOCUMENT).unwrap();
    let members = document["components"]["schemas"][schema]["properties"].as_object().unwrap().clone();
    let is_text = |member: &Value| {
        (member["type"].to_string() + &member["items"]["type"].to_string()).contains("string")
    };
    members.into_iter().filter(|(_, member)| is_text(member)).map(|(name, _)| name).collect()
}

#[tokio::test]
async fn a_nul_in_any_string_is_named() {
    let target = Target::new().await;
    let before = Backdoor::of_tenant(&target.acme.tenant).await.rows().await;
    for (method, schema) in [(Method::POST, "CreateTicket"), (Method::PATCH, "PatchTicket")] {
        let members = string_members(schema);
        assert!(members.len() > 10);
        for member in members {
            for value in [json!("\u{0}"), json!("a\u{0}b"), json!(["a\u{0}b"])] {
                let mut body = json!({ "id": target.ticket, "channel": "email" });
                body[&member] = value.clone();
                let reply = target.acme.send(method.clone(), TICKET, |request| request.json(&body)).await;
                assert_eq!(reply.status, 422, "{method} {member} {value}: {}", reply.text);
                assert!(
                    reply.pointers()[0].starts_with(&format!("/{member}")),
                    "{method} {member} {value}: {}",
                    reply.text
                );
                check_problem(&reply);
            }
        }
    }
    for (body, pointer) in [
        (json!({ "rawData": { "a": [1, { "b/c": "x\u{0}" }] } }), "/rawData/a/1/b~1c"),
        (json!({ "rawData": { "a\u{0}": 1 } }), "/rawData"),
    ] {
        for method in [Method::POST, Method::PATCH] {
            let mut body = body.clone();
            body["id"] = json!(target.ticket);
            body["channel"] = json!("email");
            let reply = target.acme.send(method.clone(), TICKET, |request| request.json(&body)).await;
            assert_eq!((reply.status, reply.pointers()), (422, vec![pointer]), "{method} {body}");
        }
    }
    let attachment =
        json!({ "channel": "email", "attachments": [{ "name": "a\u{0}", "url": "https://a.de/\u{0}" }] });
    let reply = target.acme.post(TICKET, attachment).await;
    assert_eq!(reply.status, 422, "{}", reply.text);
    assert_eq!(reply.pointers()[0], "/attachments/0/name");
    let template = json!({ "channel": "email", "templateData": { "a": "\u{0}" } });
    assert_eq!(target.acme.post(TICKET, template).await.pointers(), ["/templateData/a"]);
    // A name that is not known is not stored either.
    let unknown = json!({ "id": target.ticket, "x\u{0}": "\u{0}" });
    assert_eq!(target.acme.patch(TICKET, unknown).await.warnings(), ["/x\u{0}"]);
    assert_eq!(Backdoor::of_tenant(&target.acme.tenant).await.rows().await, before);
}

#[tokio::test]
async fn half_a_surrogate_pair_is_no_text() {
    let target = Target::new().await;
    for half in ["\\ud800", "\\udc00", "\\ud800\\ud800", "\\ud83d x", "\\uD800\\n"] {
        for member in ["subject", "from", "x"] {
            let text = format!("{{\"channel\":\"email\",\"id\":{},\"{member}\":\"{half}\"}}", target.ticket);
            target.refused(400, text).await;
        }
        let raw = format!("{{\"channel\":\"email\",\"id\":{},\"rawData\":{{\"{half}\":1}}}}", target.ticket);
        target.refused(400, raw).await;
    }
    let pair = format!("{{\"id\":{},\"subject\":\"\\ud83d\\ude00\"}}", target.ticket);
    let reply = target.acme.raw(Method::PATCH, TICKET, "application/json", pair).await;
    assert_eq!(reply.status, 200);
    assert_eq!(target.acme.ticket(target.ticket).await["subject"], "😀");
}

#[tokio::test]
async fn ids_that_cannot_be_are_refused_wherever_they_stand() {
    let target = Target::new().await;
    let members = [
        (Method::POST, vec!["subchannelId", "agentId", "templateId"], vec!["tags"]),
        (
            Method::PATCH,
            vec!["id", "subchannelId", "agentId", "responderId", "expectedVersion"],
            vec!["assignedAgentIds", "tagIds", "addTagIds", "removeTagIds"],
        ),
    ];
    let before = Backdoor::of_tenant(&target.acme.tenant).await.rows().await;
    for (method, single, lists) in members {
        for wrong in
            ["0", "-1", "9223372036854775808", "1.5", "\"12\"", "\"abc\"", "1e3", "1e400", "{}", "true"]
        {
            for (member, is_list) in single.iter().map(|m| (m, false)).chain(lists.iter().map(|m| (m, true)))
            {
                let value = if is_list { format!("[{wrong}]") } else { wrong.to_owned() };
                let id = if *member == "id" { String::new() } else { format!("\"id\":{},", target.ticket) };
                let body = format!("{{{id}\"channel\":\"email\",\"{member}\":{value}}}");
                let reply = target.acme.raw(method.clone(), TICKET, "application/json", body.clone()).await;
                let pointer = if is_list { format!("/{member}/0") } else { format!("/{member}") };
                assert_eq!((reply.status, reply.pointers()), (422, vec![&*pointer]), "{method} {body}");
            }
        }
    }
    assert_eq!(Backdoor::of_tenant(&target.acme.tenant).await.rows().await, before);
    for wrong in [
        "0",
        "-1",
        "9223372036854775808",
        "99999999999999999999999",
        "1.5",
        "%2212%22",
        "abc",
        "1e3",
        "+1",
        "%00",
        "%ff",
        "%20",
        "1%20",
        "١",
        "%D9%A1",
        "0x10",
        "1;2",
        "null",
        "-",
        "..%2f",
    ] {
        for path in [TICKET, "/api/mind/tag"] {
            let reply = target.acme.get(&format!("{path}/{wrong}")).await;
            assert_eq!(reply.status, 404, "{path}/{wrong}: {}", reply.text);
            check_problem(&reply);
        }
    }
}

#[tokio::test]
async fn more_than_the_limit_is_a_413_that_states_it() {
    let target = Target::new().await;
    let before = Backdoor::of_tenant(&target.acme.tenant).await.rows().await;
    let body = format!(
        "{{\"channel\":\"email\",\"id\":{},\"subject\":\"{}\"}}",
        target.ticket,
        "a".repeat(11 << 20)
    );
    for method in [Method::POST, Method::PATCH] {
        let announced = target.acme.raw(method.clone(), TICKET, "application/json", body.clone()).await;
        let pieces: Vec<Result<Vec<u8>, std::io::Error>> =
            body.as_bytes().chunks(1 << 16).map(|piece| Ok(piece.to_vec())).collect();
        let stream = reqwest::Body::wrap_stream(futures_util::stream::iter(pieces));
        let unannounced = target
            .acme
            .send(method, TICKET, |request| request.header("content-type", "application/json").body(stream))
            .await;
        for reply in [announced, unannounced] {
            assert_eq!((reply.status, &reply.body["code"]), (413, &json!("too_large")));
            assert!(reply.text.contains("10000000"), "{}", reply.text);
            check_problem(&reply);
        }
    }
    assert_eq!(Backdoor::of_tenant(&target.acme.tenant).await.rows().await, before);
    let fits = format!("{{\"id\":{},\"subject\":\"{}\"}}", target.ticket, "a".repeat(10_000_000 - 100));
    assert_eq!(target.acme.raw(Method::PATCH, TICKET, "application/json", fits).await.status, 200);
}

#[tokio::test]
async fn unknown_routes_and_methods_are_worded_too() {
    let target = Target::new().await;
    for path in [
        "/api/mind/nothing",
        "/api/mind",
        "/api/mind/",
        "/nothing",
        "/",
        "/api/mind/ticket/1/2/3",
        "/api/mind//ticket",
    ] {
        for client in [&target.acme, &target.acme.without_token()] {
            let reply = client.get(path).await;
            assert_eq!((reply.status, &reply.body["code"]), (404, &json!("route_not_found")), "{path}");
            check_problem(&reply);
        }
    }
    for (path, allow) in [
        (TICKET.to_owned(), vec!["PATCH", "POST"]),
        (format!("{TICKET}/{}", target.ticket), vec!["GET", "HEAD"]),
        ("/api/mind/tag".into(), vec!["GET", "HEAD", "POST"]),
        ("/api/mind/version".into(), vec!["GET", "HEAD"]),
    ] {
        for method in ["DELETE", "PUT", "OPTIONS", "TRACE", "SEARCH"] {
            let method = Method::from_bytes(method.as_bytes()).unwrap();
            let reply = target.acme.send(method.clone(), &path, |request| request).await;
            assert_eq!(
                (reply.status, &reply.body["code"]),
                (405, &json!("method_not_allowed")),
                "{method} {path}"
            );
            check_problem(&reply);
            let mut allowed: Vec<&str> = reply.header("allow").split(',').map(str::trim).collect();
            allowed.sort_unstable();
            assert_eq!(allowed, allow, "{method} {path}");
        }
    }
}

#[tokio::test]
async fn names_that_the_json_library_keeps_to_itself_are_only_names() {
    let target = Target::new().await;
    let mut deep = String::from("1");
    for _ in 0..12 {
        deep = format!(
            "{{\"$serde_json::private::RawValue\":{}}}",
            json!(nested(100, "[", "]").replace('1', &deep))
        );
        if deep.len() > 1 << 20 {
            break;
        }
    }
    for inner in [
        "{\"$serde_json::private::Number\":\"1\"}".to_owned(),
        "{\"$serde_json::private::Number\":\"abc\"}".into(),
        "{\"$serde_json::private::Number\":{}}".into(),
        "{\"$serde_json::private::Number\":\"\\u0000\"}".into(),
        "{\"$serde_json::private::RawValue\":\"[1,\"}".into(),
        "{\"$serde_json::private::RawValue\":\"{\\\"a\\\":\\\"\\\\u0000\\\"}\"}".into(),
        "{\"$serde_json::private::RawValue\":1}".into(),
        deep,
    ] {
        for body in [
            inner.clone(),
            format!("[{inner}]"),
            format!("{{\"channel\":\"email\",\"id\":{},\"rawData\":{inner}}}", target.ticket),
            format!("{{\"channel\":\"email\",\"id\":{},\"rawData\":{{\"a\":{inner}}}}}", target.ticket),
            format!("{{\"channel\":\"email\",\"id\":{inner}}}"),
        ] {
            for method in [Method::POST, Method::PATCH] {
                let reply = target.acme.raw(method, TICKET, "application/json", body.clone()).await;
                assert!(reply.status < 500, "{body:.200}: {}", reply.text);
            }
        }
    }
    assert!(target.acme.get(&format!("{TICKET}/{}?includeRawData=true", target.ticket)).await.status == 200);
}

/// JSON that leans towards what the server looks at.
fn any_json() -> impl Strategy<Value = Value> {
    let word = prop_oneof![
        Just("email"),
        Just("in"),
        Just("open"),
        Just("pending"),
        Just("manual_spam"),
        Just("2026-01-02 03:04:05"),
        Just("9999-12-31"),
        Just("-1"),
        Just(""),
        Just("a@b.de"),
        Just("A <a@b.de>"),
        Just("tags"),
        Just("\u{0}"),
        Just("😀"),
        Just("https://a.de/b.pdf"),
        Just("99999999999999999999999"),
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (-3_i64..2000).prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "\\PC{0,12}".prop_map(Value::from),
        word.prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec(("\\PC{0,6}", inner), 0..4)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

fn any_members(schema: &'static str) -> impl Strategy<Value = Value> {
    let document: Value = serde_json::from_str(DOCUMENT).unwrap();
    let names: Vec<String> = document["components"]["schemas"][schema]["properties"]
        .as_object()
        .unwrap()
        .keys()
        .cloned()
        .collect();
    prop::collection::vec((prop::sample::select(names), any_json()), 0..6)
        .prop_map(|members| Value::Object(members.into_iter().collect()))
}

#[tokio::test]
async fn no_body_whatever_makes_the_server_fail() {
    let target = Target::new().await;
    let mut runner = TestRunner::new(Config::default());
    let mut draw = |strategy: &BoxedStrategy<Value>| strategy.new_tree(&mut runner).unwrap().current();
    let (any, create, patch) =
        (any_json().boxed(), any_members("CreateTicket").boxed(), any_members("PatchTicket").boxed());
    let (put, define) = (any_members("PutCustomer").boxed(), any_members("AiAgent").boxed());
    let made = target.acme.post("/api/mind/aiAgent", json!({ "code": "a", "name": "A" })).await;
    let ai_agent = format!("/api/mind/aiAgent/{}", made.body["aiAgent"]["id"]);
    for case in 0..200 {
        let mut post = draw(&create);
        let mut element = draw(&patch);
        // Most would fail for the same dull reason otherwise.
        if case % 4 != 0 {
            post["channel"] = json!("email");
            element["id"] = json!(target.ticket);
        }
        let strange = draw(&any);
        let (customer, definition) = (draw(&put), draw(&define));
        let contract = json!({ "customerId": 1, "email": strange, "signupDate": strange, "x": strange });
        for (method, path, body) in [
            (Method::POST, TICKET, &post),
            (Method::PATCH, TICKET, &json!([element])),
            (Method::POST, TICKET, &strange),
            (Method::PATCH, TICKET, &strange),
            (Method::PUT, "/api/mind/settings/businessHours", &strange),
            (Method::PUT, "/api/mind/settings/holidays", &strange),
            (Method::POST, "/api/mind/tag", &post),
            (Method::PUT, "/api/mind/customer/1", &customer),
            (Method::PUT, "/api/mind/customer/1", &strange),
            (Method::PUT, "/api/mind/contract/1", &strange),
            (Method::PUT, "/api/mind/contract/1", &contract),
            (Method::POST, "/api/mind/aiAgent", &strange),
            (Method::PATCH, &ai_agent, &strange),
            (Method::PATCH, &ai_agent, &definition),
        ] {
            let reply = target.acme.send(method.clone(), path, |request| request.json(body)).await;
            let mut told = String::new();
            write!(told, "{method} {path} {body}: {}", reply.text).unwrap();
            assert!(reply.status < 500, "{told}");
            if reply.status >= 400 {
                check_problem(&reply);
            }
        }
    }
    target.acme.ticket(target.ticket).await;
}
