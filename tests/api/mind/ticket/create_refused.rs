use serde_json::{Value, json};

use crate::mind::stored::number;
use crate::support::{Client, Reply, Server};

const PATH: &str = "/api/mind/ticket";

/// The refusals of a body, as pointer and code.
async fn refused(client: &Client, body: Value) -> Vec<(String, String)> {
    let refused = client.post(PATH, body.clone()).await;
    assert_eq!(refused.status, 422, "{body}: {}", refused.text);
    assert_eq!(refused.body["code"], "invalid");
    pairs(&refused)
}

fn pairs(refused: &Reply) -> Vec<(String, String)> {
    let errors = refused.body["errors"].as_array().unwrap().iter();
    let mut pairs: Vec<_> = errors
        .map(|error| {
            assert!(error["message"].as_str().unwrap().contains(' '), "a sentence: {error}");
            (error["pointer"].as_str().unwrap().to_owned(), error["code"].as_str().unwrap().to_owned())
        })
        .collect();
    pairs.sort();
    pairs
}

fn named(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    let mut pairs: Vec<_> =
        pairs.iter().map(|(pointer, code)| ((*pointer).to_owned(), (*code).to_owned())).collect();
    pairs.sort();
    pairs
}

async fn assert_nothing_written(client: &Client) {
    let sql = "select (select count(*) from ticket) + (select count(*) from conversation)
        + (select count(*) from activity) + (select count(*) from job)
        + (select count(*) from attachment) + (select count(*) from ticket_tag)";
    assert_eq!(number(client, sql).await, 0);
}

#[tokio::test]
async fn every_bad_member_is_named_at_once_references_too() {
    let acme = Server::shared().new_tenant().await;
    let tag = acme.new_tag(json!({})).await;
    let unknown = 9_000_000_000_000_i64;

    let found = refused(
        &acme,
        json!({
            "channel": "email", "from": 5, "fromName": [], "subchannelId": unknown,
            "to": ["nobody", "a@example.com", ""], "cc": ["x"], "bcc": ["a@example.com, b@example.com"],
            "direction": "sideways", "status": "done", "priority": "now", "subject": 1, "body": {},
            "createdAt": "yesterday", "firstResponseDueBy": "2026-02-30", "dueBy": true,
            "attachments": [
                { "name": "a.pdf" }, { "name": "", "url": "ftp://example.com/a" },
                { "name": "a", "url": "https://example.com", "inline": "yes" }, 5,
            ],
            "tags": [unknown, tag, unknown + 1], "contractId": 1.5, "agentId": unknown,
            "externalTicketId": 7, "rawData": [], "templateId": 3, "templateData": "x",
            "interface": "web", "process": "later", "externalUpdatedAt": {},
        }),
    )
    .await;

    let expected = named(&[
        ("/from", "wrong_type"),
        ("/fromName", "wrong_type"),
        ("/subchannelId", "subchannel_not_found"),
        ("/to/0", "invalid_address"),
        ("/to/2", "invalid_address"),
        ("/cc/0", "invalid_address"),
        ("/bcc/0", "invalid_address"),
        ("/direction", "not_allowed"),
        ("/status", "not_allowed"),
        ("/priority", "not_allowed"),
        ("/subject", "wrong_type"),
        ("/body", "wrong_type"),
        ("/createdAt", "invalid_date"),
        ("/firstResponseDueBy", "invalid_date"),
        ("/dueBy", "invalid_date"),
        ("/attachments/0/url", "required"),
        ("/attachments/1/name", "empty"),
        ("/attachments/1/url", "invalid_url"),
        ("/attachments/2/inline", "wrong_type"),
        ("/attachments/3", "wrong_type"),
        ("/tags/0", "tag_not_found"),
        ("/tags/2", "tag_not_found"),
        ("/contractId", "wrong_type"),
        ("/agentId", "agent_not_found"),
        ("/externalTicketId", "wrong_type"),
        ("/rawData", "wrong_type"),
        ("/templateId", "template_not_found"),
        ("/templateData", "wrong_type"),
        ("/interface", "not_allowed"),
        ("/process", "not_allowed"),
        ("/externalUpdatedAt", "invalid_date"),
    ]);
    assert_eq!(found, expected);
    assert_nothing_written(&acme).await;
}

#[tokio::test]
async fn a_missing_channel_hides_no_other_fault() {
    let acme = Server::shared().new_tenant().await;
    let rest = json!({ "tags": [7_000_000_000_000_i64], "agentId": 7_000_000_000_000_i64, "priority": "x" });
    for (channel, code) in
        [(None, "required"), (Some(Value::Null), "not_nullable"), (Some(json!("fax")), "not_allowed")]
    {
        let mut body = rest.clone();
        if let Some(channel) = channel {
            body["channel"] = channel;
        }
        let expected = named(&[
            ("/channel", code),
            ("/tags/0", "tag_not_found"),
            ("/agentId", "agent_not_found"),
            ("/priority", "not_allowed"),
        ]);
        assert_eq!(refused(&acme, body).await, expected);
    }
}

#[tokio::test]
async fn rules_of_the_whole_ticket_are_named_beside_bad_references() {
    let acme = Server::shared().new_tenant().await;
    let body = json!({ "channel": "letter", "status": "pending", "agentId": 7_000_000_000_000_i64 });
    let expected =
        [("/agentId", "agent_not_found"), ("/attachments", "invalid"), ("/dueBy", "not_in_the_future")];
    assert_eq!(refused(&acme, body).await, named(&expected));
    assert_nothing_written(&acme).await;
}

#[tokio::test]
async fn another_tenants_references_are_like_missing_ones() {
    let server = Server::shared();
    let (acme, zeta) = (server.new_tenant().await, server.new_tenant().await);
    let tag = zeta.new_tag(json!({})).await;
    let agent = zeta.new_agent("eva@example.com", "agent").await;
    let subchannel = zeta.get("/api/mind/settings/subchannel").await.body["subchannels"][0]["id"].clone();

    let body = json!({ "channel": "email", "tags": [tag], "agentId": agent, "subchannelId": subchannel });

    let expected = named(&[
        ("/tags/0", "tag_not_found"),
        ("/agentId", "agent_not_found"),
        ("/subchannelId", "subchannel_not_found"),
    ]);
    assert_eq!(refused(&acme, body).await, expected);
    assert_nothing_written(&acme).await;
}

#[tokio::test]
async fn ids_that_are_none_are_refused() {
    let acme = Server::shared().new_tenant().await;
    for id in [json!(0), json!(-1), json!(1.5), json!("12"), json!("abc"), json!(true), json!([1])] {
        for name in ["subchannelId", "agentId", "templateId"] {
            let body = json!({ "channel": "email", name: id });
            assert_eq!(refused(&acme, body).await, named(&[(&format!("/{name}"), "wrong_type")]), "{id}");
        }
        let body = json!({ "channel": "email", "tags": [id] });
        assert_eq!(refused(&acme, body).await, named(&[("/tags/0", "wrong_type")]), "{id}");
    }
    let huge = br#"{"channel":"email","tags":[9223372036854775808],"agentId":1e2}"#.to_vec();
    let huge = acme.raw(reqwest::Method::POST, PATH, "application/json", huge).await;
    assert_eq!(pairs(&huge), named(&[("/agentId", "wrong_type"), ("/tags/0", "wrong_type")]));
    assert_nothing_written(&acme).await;
}

#[tokio::test]
async fn lengths_have_limits_and_reach_up_to_them() {
    let acme = Server::shared().new_tenant().await;
    let long = |length: usize| "ä".repeat(length);
    let address = format!("{}@example.com", "a".repeat(60));
    let fits = json!({
        "channel": "phone", "from": long(320), "fromName": long(255), "externalTicketId": long(320),
        "contractId": long(50), "to": [long(320)], "cc": [address], "subject": long(5000),
        "attachments": [{ "name": long(255), "url": format!("https://example.com/{}", "a".repeat(2028)) }],
    });
    let made = acme.post(PATH, fits).await;
    assert_eq!(made.status, 200, "{}", made.text);

    let too_long = json!({
        "channel": "phone", "from": long(321), "externalTicketId": long(321), "contractId": long(51),
        "to": [long(321)], "cc": [format!("{}@example.com", "a".repeat(320))],
        "attachments": [{ "name": long(256), "url": format!("https://example.com/{}", "a".repeat(2029)) }],
    });
    let pointers: Vec<String> =
        refused(&acme, too_long).await.into_iter().map(|(pointer, _)| pointer).collect();
    let expected = [
        "/attachments/0/name",
        "/attachments/0/url",
        "/cc/0",
        "/contractId",
        "/externalTicketId",
        "/from",
        "/to/0",
    ];
    assert_eq!(pointers, expected);
}

#[tokio::test]
async fn a_nul_is_refused_where_it_stands() {
    let acme = Server::shared().new_tenant().await;
    let text = "a\0b";
    let body = json!({
        "channel": "phone", "from": text, "fromName": text, "to": [text], "cc": [text], "subject": text,
        "body": text, "externalTicketId": text, "contractId": text, "rawData": { "a": [{ "b": text }] },
        "templateData": { "a": text }, "status": text,
        "attachments": [{ "name": text, "url": text }],
    });
    let pointers: Vec<String> = refused(&acme, body).await.into_iter().map(|(pointer, _)| pointer).collect();
    let expected = [
        "/attachments/0/name",
        "/attachments/0/url",
        "/body",
        "/cc/0",
        "/contractId",
        "/externalTicketId",
        "/from",
        "/fromName",
        "/rawData/a/0/b",
        "/status",
        "/subject",
        "/templateData/a",
        "/to/0",
    ];
    assert_eq!(pointers, expected);
    assert_nothing_written(&acme).await;
}

#[tokio::test]
async fn a_stranger_is_refused_and_a_partner_is_not() {
    let acme = Server::shared().new_tenant().await;
    let stranger = acme.without_token().post(PATH, json!({ "channel": "email" })).await;
    assert_eq!((stranger.status, &stranger.body["code"]), (401, &json!("unauthenticated")));
    let partner = acme.acting_as("integration:shop", "integration");
    assert_eq!(partner.post(PATH, json!({ "channel": "email" })).await.status, 200);
}
