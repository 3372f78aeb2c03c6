use reqwest::Method;
use serde_json::{Value, json};

use super::{Desk, eva, redacted, refusal};

#[tokio::test]
async fn a_note_is_written_changed_and_deleted() {
    let (desk, guid) = Desk::furnished().await;
    let id = desk.new_ticket(json!({})).await;
    let path = format!("/tickets/{id}/notes");
    let body = json!({
        "message": "Ask <i>Eva</i>", "author": { "email": "eva@example.com" }, "mentionedUsers": [guid],
        "attachments": [{ "url": "https://example.com/a.png", "name": "a.png" }],
    });
    let note = desk.done(Method::POST, &path, Some(body)).await;
    let expected = json!({
        "id": "*", "message": "Ask Eva", "htmlMessage": "Ask <i>Eva</i>",
        "attachments": [{ "isContentPart": false, "name": "a.png", "url": "https://example.com/a.png" }],
        "author": eva(), "mentionedUsers": [eva()], "creationTime": "*",
    });
    assert_eq!(redacted(&note), expected);

    let own = format!("{path}/{}", note["id"]);
    let changed =
        desk.patch(&own, json!({ "message": "a & b", "isHtml": false, "mentionedUsers": [] })).await;
    assert_eq!((changed.status, &changed.body["data"]), (200, &json!({})), "{}", changed.text);
    let record = desk.acme.get(&format!("/api/mind/ticket/{id}/activity")).await;
    let last = &record.body["activities"][0]["changes"][0]["to"];
    assert_eq!(
        (&last["body"], &last["attachments"]),
        (&json!("a & b"), &json!(["a.png"])),
        "{}",
        record.text
    );

    let seen = desk.ticket(id).await;
    assert_eq!((&seen["replyCount"], &seen["status"]), (&json!(0), &json!("open")));
    assert_eq!(desk.done(Method::GET, &format!("/tickets/{id}/replies"), None).await, json!([]));
    assert_eq!(desk.delete(&own).await.body["data"], json!({}));
    for gone in [desk.delete(&own).await, desk.patch(&own, json!({ "message": "x" })).await] {
        assert_eq!(refusal(&gone), (404, 5, "no such note"));
    }
}

#[tokio::test]
async fn a_program_may_write_a_note_of_its_own_and_a_client_none() {
    let (desk, guid) = Desk::furnished().await;
    let id = desk.new_ticket(json!({})).await;
    let path = format!("/tickets/{id}/notes");
    let note = desk.done(Method::POST, &path, Some(json!({ "message": "x", "author": null }))).await;
    assert_eq!((&note["author"]["name"], &note["author"]["isBot"]), (&json!("crm"), &json!(true)));
    let body = json!({
        "message": null, "author": { "email": "bill@example.com" },
        "mentionedUsers": [guid, "00000000-0000-0000-0000-000000000001"],
    });
    let refused = desk.post(&path, body).await;
    let (status, _, text) = refusal(&refused);
    assert_eq!(status, 422);
    for pointer in ["/message", "/mentionedUsers/1"] {
        assert!(text.contains(&format!(" {pointer} ")), "{pointer}: {text}");
    }
    let by_client =
        desk.post(&path, json!({ "message": "x", "author": { "email": "bill@example.com" } })).await;
    assert!(refusal(&by_client).2.contains("/author author must be a teammate"), "{}", by_client.text);
}

#[tokio::test]
async fn a_note_belongs_to_its_ticket_and_a_reply_is_none() {
    let desk = Desk::new().await;
    let (id, other) = (desk.new_ticket(json!({})).await, desk.new_ticket(json!({})).await);
    let note =
        desk.done(Method::POST, &format!("/tickets/{id}/notes"), Some(json!({ "message": "x" }))).await;
    let reply = json!({ "author": { "email": "bill@example.com" }, "message": "x" });
    let reply = desk.done(Method::POST, &format!("/tickets/{id}/replies"), Some(reply)).await;
    for (ticket, note) in [
        (json!(other), &note["id"]),
        (json!(id), &reply["id"]),
        (json!(0), &note["id"]),
        (json!(id), &json!("abc")),
    ] {
        let path =
            format!("/tickets/{ticket}/notes/{}", note.as_str().map_or(note.to_string(), str::to_owned));
        for (method, body) in [(Method::DELETE, None), (Method::PATCH, Some(json!({ "message": "y" })))] {
            assert_eq!(desk.send(method, &path, body).await.status, 404, "{path}");
        }
    }
    let unchanged =
        desk.patch(&format!("/tickets/{id}/notes/{}", note["id"]), json!({ "message": Value::Null })).await;
    assert_eq!(unchanged.status, 422, "a note says something");
}
