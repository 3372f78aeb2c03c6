use reqwest::Method;
use serde_json::{Value, json};

use super::{Desk, client, eva, redacted, refusal};
use crate::mind::stored::number;

#[tokio::test]
async fn a_reply_is_answered_whole_and_listed() {
    let (desk, _) = Desk::furnished().await;
    let id = desk.new_ticket(json!({ "cc": ["ann@example.com"] })).await;
    let path = format!("/tickets/{id}/replies");
    let body = json!({
        "Author": { "email": "eva@example.com" }, "message": "<p>See <b>here</b></p><script>x</script>",
        "attachments": [{ "url": "https://example.com/a.png", "name": "a.png" }], "parentReplyId": null,
    });
    let first = desk.done(Method::POST, &path, Some(body)).await;
    let expected = json!({
        "id": "*", "ticketId": "*", "parentReplyId": null, "level": 0, "author": eva(), "message": "See here",
        "htmlMessage": "<p>See <b>here</b></p>", "creationTime": "*",
        "attachments": [{ "isContentPart": false, "name": "a.png", "url": "https://example.com/a.png" }], "tags": [],
        "ccEmails": ["ann@example.com"], "toEmails": ["bill@example.com"],
        "properties": { "isByTeam": true, "isDraft": false, "isHidden": false },
    });
    assert_eq!(redacted(&first), expected);
    let body = json!({
        "author": { "email": "carl@example.com", "name": "Carl" }, "message": "<not html>", "isHtml": false,
        "parentReplyId": first["id"],
    });
    let second = desk.done(Method::POST, &path, Some(body)).await;
    let expected = json!({
        "id": "*", "ticketId": "*", "parentReplyId": "*", "level": 1,
        "author": client("Carl", Some("carl@example.com")), "message": "<not html>",
        "htmlMessage": "<p>&lt;not html&gt;</p>", "creationTime": "*", "attachments": [], "tags": [], "ccEmails": [],
        "toEmails": [], "properties": { "isByTeam": false, "isDraft": false, "isHidden": false },
    });
    assert_eq!(redacted(&second), expected);
    assert_eq!(second["parentReplyId"], first["id"]);

    let all = json!([first, second]);
    assert_eq!(desk.done(Method::GET, &path, None).await, all);
    assert_eq!(desk.done(Method::POST, &format!("{path}/list"), Some(json!({}))).await, all);
    assert_eq!(desk.done(Method::GET, &format!("{path}?take=1&skip=1"), None).await, json!([second]));
    let second_page = json!({ "take": 1, "skip": 1 });
    assert_eq!(desk.done(Method::POST, &format!("{path}/list"), Some(second_page)).await, json!([second]));
    assert_eq!(desk.ticket(id).await["replyCount"], 2);
}

#[tokio::test]
async fn a_draft_changes_nothing_but_itself() {
    let (desk, _) = Desk::furnished().await;
    let id = desk.new_ticket(json!({})).await;
    let before = desk.ticket(id).await;
    let body = json!({
        "author": { "email": "eva@example.com" }, "message": "x", "isDraft": true, "isTicketNeededToBeCompleted": true,
    });
    let draft = desk.done(Method::POST, &format!("/tickets/{id}/replies"), Some(body)).await;
    assert_eq!(draft["properties"]["isDraft"], true);
    let mut expected = before;
    expected["properties"]["hasDraft"] = json!(true);
    assert_eq!(desk.ticket(id).await, expected);
}

#[tokio::test]
async fn a_client_who_replies_is_found_or_made_like_a_creator() {
    let desk = Desk::new().await;
    let id = desk.new_ticket(json!({})).await;
    let bill = desk.ticket(id).await["author"]["id"].clone();
    let reply = async |author: Value| {
        let body = json!({ "author": author, "message": "x" });
        desk.done(Method::POST, &format!("/tickets/{id}/replies"), Some(body)).await["author"].clone()
    };
    assert_eq!(reply(json!({ "email": "BILL@example.com" })).await["id"], bill);
    assert_eq!(reply(json!({ "id": bill })).await["id"], bill);
    assert_ne!(reply(json!({ "customIdentifier": "X" })).await["id"], bill);
    assert_eq!(number(&desk.acme, "select count(*) from contact").await, 2);
}

#[tokio::test]
async fn what_is_wrong_with_a_reply_is_named_at_once() {
    let (desk, _) = Desk::furnished().await;
    let (id, other) = (desk.new_ticket(json!({})).await, desk.new_ticket(json!({})).await);
    let by_bill = json!({ "author": { "email": "bill@example.com" }, "message": "x" });
    let elsewhere =
        desk.done(Method::POST, &format!("/tickets/{other}/replies"), Some(by_bill)).await["id"].clone();
    let note =
        desk.done(Method::POST, &format!("/tickets/{id}/notes"), Some(json!({ "message": "x" }))).await;
    let path = format!("/tickets/{id}/replies");
    for parent in [elsewhere, note["id"].clone(), json!(999_999_999)] {
        let body = json!({ "author": {}, "message": "", "parentReplyId": parent, "attachments": 1 });
        let refused = desk.post(&path, body).await;
        let (status, code, text) = refusal(&refused);
        assert_eq!((status, code), (422, 7));
        for pointer in ["/author", "/message", "/parentReplyId", "/attachments"] {
            assert!(text.contains(&format!(" {pointer} ")), "{pointer}: {text}");
        }
    }
    let unknown = json!({ "author": { "id": "00000000-0000-0000-0000-000000000001" }, "message": "x" });
    assert!(refusal(&desk.post(&path, unknown).await).2.contains("/author/id"));
    assert_eq!(desk.ticket(id).await["replyCount"], 0);
}
