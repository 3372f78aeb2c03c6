use serde_json::{Value, json};

use super::{Desk, refused};
use crate::mind::stored::{activity, number, redacted};

fn path(conversation: impl std::fmt::Display) -> String {
    format!("/api/v2/accounts/conversations/{conversation}/messages")
}

#[tokio::test]
async fn a_message_is_stored_and_answered_bare() {
    let desk = Desk::new().await;
    let channel = json!({ "channel_id": "inbox_7", "contact_id": "1" });
    let id = desk.new_ticket(json!({ "requester": { "channel_contacts": channel } })).await;
    let ticket = number(&desk.mind, "select id from ticket").await;
    let first = desk.desk.post(&path(&id), json!({ "content": "We come", "colour": 1 })).await;
    assert_eq!((first.status, first.header("tessera-ignored")), (200, "/colour"), "{}", first.text);
    let wanted = json!({
        "id": "redacted", "content": "We come", "inbox_id": "inbox_7", "conversation_id": ticket,
        "message_type": 1, "content_type": "text", "content_attributes": {}, "private": false,
        "created_at": "redacted", "sender": first.body["sender"],
    });
    assert_eq!(redacted(&first.body, &["id", "created_at"]), wanted);
    assert_eq!(first.body["sender"]["type"], "program");
    assert!(first.body["sender"]["name"].as_str().unwrap().starts_with("program-"));
    let reply = json!({
        "content": "Soon", "private": true, "content_attributes": { "in_reply_to": first.body["id"] },
    });
    let second = desk.desk.post(&path(ticket), reply).await;
    assert_eq!(second.body["content_attributes"]["in_reply_to"], first.body["id"], "{}", second.text);
    assert_eq!(second.body["private"], true);
    let as_text = first.body["id"].to_string();
    let third = json!({ "content": "a", "content_attributes": { "in_reply_to": as_text } });
    assert_eq!(desk.desk.post(&path(ticket), third).await.status, 200);
    let rows = activity(&desk.mind).await;
    let fields: Vec<&Value> = rows.iter().map(|row| &row["changes"][0]["field"]).collect();
    assert_eq!(json!(fields), json!([null, "messages", "messages", "messages"]));
    assert_eq!(rows[1]["via"], "livedesk");
}

#[tokio::test]
async fn what_is_wrong_with_a_message_is_named() {
    let desk = Desk::new().await;
    let id = desk.new_ticket(json!({})).await;
    let other = desk.new_ticket(json!({})).await;
    let elsewhere = desk.desk.post(&path(&other), json!({ "content": "a" })).await.body["id"].clone();
    let reply = "/content_attributes/in_reply_to";
    let cases = [
        (json!({}), vec!["/content"]),
        (json!({ "content": " " }), vec!["/content"]),
        (json!({ "content": null, "private": 1 }), vec!["/content", "/private"]),
        (json!({ "content": "a\u{0}" }), vec!["/content"]),
        (json!({ "content": "a", "content_attributes": [] }), vec!["/content_attributes"]),
        (json!({ "content": "a", "content_attributes": { "in_reply_to": "x" } }), vec![reply]),
        (
            json!({ "content": "a", "content_attributes": { "in_reply_to": 9_000_000_000_000_i64 } }),
            vec![reply],
        ),
        (json!({ "content": "a", "content_attributes": { "in_reply_to": elsewhere } }), vec![reply]),
    ];
    for (body, pointers) in cases {
        refused(&desk.desk.post(&path(&id), body).await, 422, &pointers);
    }
    let stranger = Desk::new().await;
    let ticket = number(&desk.mind, "select max(id) from ticket").await.to_string();
    for odd in [id.as_str(), &ticket] {
        refused(&stranger.desk.post(&path(odd), json!({ "content": "a" })).await, 404, &[]);
    }
    for odd in ["0", "-1", "9223372036854775808", "1.5", "abc", "%00", "tk_%00", "tk_x", "+1"] {
        refused(&desk.desk.post(&path(odd), json!({ "content": "a" })).await, 404, &[]);
    }
    let list = desk.show(&id).await["conversation_list"].clone();
    assert_eq!(list, json!([]));
}

#[tokio::test]
async fn what_customers_see_answers_no_note() {
    let desk = Desk::new().await;
    let ticket = desk.new_ticket(json!({})).await;
    let note = desk.desk.post(&path(&ticket), json!({ "content": "Rich", "private": true })).await;
    let answer = json!({ "content": "Hello", "content_attributes": { "in_reply_to": note.body["id"] } });

    assert_eq!(desk.desk.post(&path(&ticket), answer.clone()).await.status, 422);

    let mut private = answer;
    private["private"] = json!(true);
    assert_eq!(desk.desk.post(&path(&ticket), private).await.status, 200);
}
