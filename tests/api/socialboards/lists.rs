use reqwest::Method;
use serde_json::{Value, json};

use super::{Desk, refusal};

async fn ids(desk: &Desk, body: Value) -> Vec<i64> {
    let all = desk.done(Method::POST, "/tickets/list", Some(body)).await;
    all.as_array().unwrap().iter().map(|one| one["id"].as_i64().unwrap()).collect()
}

#[tokio::test]
async fn filters_let_through_what_they_say() {
    let desk = Desk::new().await;
    let mail = desk.new_ticket(json!({})).await;
    let portal = desk.acme.new_ticket(json!({ "channel": "portal", "status": "closed" })).await;
    let waiting = desk.new_ticket(json!({})).await;
    desk.patch(&format!("/tickets/{waiting}/status"), json!({ "status": "pending" })).await;

    assert_eq!(ids(&desk, json!({ "source": "web" })).await, [portal]);
    assert_eq!(ids(&desk, json!({ "source": "email", "status": "open" })).await, [mail]);
    assert_eq!(ids(&desk, json!({ "status": "completed" })).await, [portal]);
    assert_eq!(ids(&desk, json!({ "STATUS": "pending" })).await, [waiting]);
    assert_eq!(ids(&desk, json!({ "ticketIds": [portal, mail, 999_999_999] })).await, [portal, mail]);
    assert_eq!(ids(&desk, json!({ "ticketIds": [] })).await, [0; 0]);
    assert_eq!(ids(&desk, json!({ "take": 0 })).await, [0; 0]);
    assert_eq!(ids(&desk, json!({ "take": 1, "skip": 1 })).await, [portal]);
    let null = json!({ "source": null, "status": null, "ticketIds": null, "orderBy": null, "from": null, "take": null });
    assert_eq!(ids(&desk, null).await, [waiting, portal, mail]);

    let created = desk.ticket(portal).await["creationTime"].as_str().unwrap().to_owned();
    assert_eq!(ids(&desk, json!({ "from": created })).await, [waiting, portal]);
    assert_eq!(ids(&desk, json!({ "to": created })).await, [portal, mail]);
    assert_eq!(ids(&desk, json!({ "from": "2999-01-01T00:00:00+01:00" })).await, [0; 0]);
}

#[tokio::test]
async fn whoever_was_written_to_last_stands_first() {
    let desk = Desk::new().await;
    let first = desk.new_ticket(json!({})).await;
    let second = desk.new_ticket(json!({})).await;
    let order = json!({ "orderBy": "last_thread_activity_desc" });
    assert_eq!(ids(&desk, order.clone()).await, [second, first]);
    let reply = json!({ "author": { "email": "bill@example.com" }, "message": "x" });
    let reply = desk.done(Method::POST, &format!("/tickets/{first}/replies"), Some(reply)).await;
    assert_eq!(ids(&desk, order).await, [first, second]);
    let seen = desk.ticket(first).await;
    assert_eq!(seen["lastThreadElementCreationTime"], reply["creationTime"]);
    assert_eq!(seen["replyCount"], 1);
}

#[tokio::test]
async fn what_a_list_does_not_know_is_refused() {
    let desk = Desk::new().await;
    for (body, pointer) in [
        (json!({ "orderBy": "created_asc" }), "/orderBy"),
        (json!({ "status": "closed" }), "/status"),
        (json!({ "source": "fax" }), "/source"),
        (json!({ "from": "2026-01-01T00:00:00" }), "/from"),
        (json!({ "to": "yesterday" }), "/to"),
        (json!({ "take": -1 }), "/take"),
        (json!({ "skip": 1.5 }), "/skip"),
        (json!({ "take": "5" }), "/take"),
        (json!({ "categoryId": "x" }), "/categoryId"),
        (json!({ "ticketIds": [1, "x"] }), "/ticketIds/1"),
        (json!({ "ticketIds": vec![1; 1001] }), "/ticketIds"),
        (json!({ "customFields": vec![json!({ "key": "a", "value": "b" }); 51] }), "/customFields"),
        (json!({ "customFields": [{ "key": "a" }] }), "/customFields/0/value"),
    ] {
        let refused = desk.post("/tickets/list", body.clone()).await;
        let (status, code, text) = refusal(&refused);
        assert_eq!((status, code), (422, 7), "{body}");
        assert!(text.starts_with(&format!("the request is not valid: {pointer} ")), "{body}: {text}");
    }
    let endless = json!({ "skip": i64::MAX, "take": i64::MAX });
    assert_eq!(ids(&desk, endless).await, [0; 0]);
}

#[tokio::test]
async fn the_log_tells_who_did_what() {
    let (desk, guid) = Desk::furnished().await;
    let id = desk.new_ticket(json!({})).await;
    let assign = json!({ "assigneeId": guid, "previousAssigneeId": null });
    desk.done(Method::PATCH, &format!("/tickets/{id}/assignee"), Some(assign)).await;
    desk.done(Method::PATCH, &format!("/tickets/{id}/category"), Some(json!({ "categoryId": 15597 }))).await;
    let reply = json!({ "author": { "email": "eva@example.com" }, "message": "x" });
    desk.done(Method::POST, &format!("/tickets/{id}/replies"), Some(reply)).await;
    desk.done(Method::POST, &format!("/tickets/{id}/notes"), Some(json!({ "message": "x" }))).await;
    desk.acme.get(&format!("/api/mind/ticket/{id}")).await;

    let items = desk.done(Method::POST, &format!("/tickets/{id}/log"), Some(json!({}))).await;

    let crm = items[0]["user"]["id"].as_str().unwrap();
    let said: Vec<(String, String)> = items
        .as_array()
        .unwrap()
        .iter()
        .map(|item| {
            let text = item["actionString"].as_str().unwrap().replace(&guid, "EVA").replace(crm, "FIRST");
            (item["actionType"].as_str().unwrap().to_owned(), text)
        })
        .collect();
    let types: Vec<&str> = said.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(
        types,
        [
            "ticket_read",
            "note_created",
            "reply_created",
            "ticket_status_changed",
            "ticket_category_changed",
            "ticket_assigned_to_user",
            "ticket_created",
        ],
        "{items:#}"
    );
    let text = |name: &str| said.iter().find(|(known, _)| known == name).unwrap().1.clone();
    assert_eq!(text("reply_created"), "{User:EVA} replied");
    assert!(text("ticket_status_changed").ends_with("changed the status from open to pending"));
    assert!(text("ticket_category_changed").ends_with("changed the category to {Category:15597}"));
    assert!(text("ticket_assigned_to_user").ends_with("assigned the ticket to {User:EVA}"));
    let created = &items[6];
    assert_eq!((&created["user"]["name"], &created["user"]["isBot"]), (&json!("crm"), &json!(true)));
    assert_eq!(items[4]["includedItems"]["categories"][0]["name"], "New cars");
    assert_eq!(items[5]["includedItems"]["users"][1]["id"], json!(guid));
    assert_eq!(items[5]["includedItems"]["tags"], json!([]));
}
