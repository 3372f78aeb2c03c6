//! Each rule of the contract's list of semantics that are easy to miss. Number 14, webhooks, has no route yet.

use reqwest::Method;
use serde_json::{Value, json};

use super::{Desk, plain_ticket, redacted, refusal};
use crate::support::Server;

#[tokio::test]
async fn rule_01_minus_one_means_success() {
    let desk = Desk::new().await;
    let tags = desk.get("/tags").await;
    assert_eq!(
        (tags.status, &tags.body["errorCode"], &tags.body["errorText"]),
        (200, &json!(-1), &Value::Null)
    );
}

#[tokio::test]
async fn rule_02_the_token_is_form_encoded_and_outside_the_envelope() {
    let desk = Desk::new().await;
    let (client, secret) = Server::shared()
        .running
        .create_refresh_token(&desk.acme.tenant, "second")
        .await
        .unwrap_or_else(|_| panic!("a refresh token is issued"));
    let form = format!("grand_type=refresh_token&refresh_token={secret}&client_id={client}");
    let path = "/socialboards/Token";
    let answer = desk.acme.raw(Method::POST, path, "application/x-www-form-urlencoded", form).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let names: Vec<&String> = answer.body.as_object().unwrap().keys().collect();
    assert_eq!(names, ["access_token", "token_type", "expires_in", "refresh_token"]);
    let json = json!({ "grant_type": "refresh_token", "refresh_token": secret, "client_id": client });
    assert_eq!(desk.acme.post(path, json).await.status, 415);
}

#[tokio::test]
async fn rule_03_create_answers_a_bare_integer() {
    let desk = Desk::new().await;
    let made = desk.post("/tickets", json!({ "message": "x", "creator": { "email": "a@b.de" } })).await;
    assert!(made.body["data"].is_i64(), "{}", made.text);
}

#[tokio::test]
async fn rule_04_a_message_is_html_unless_said_otherwise() {
    let desk = Desk::new().await;
    let html = desk.new_ticket(json!({ "message": "<i>a</i> &amp; b" })).await;
    let null = desk.new_ticket(json!({ "message": "<i>a</i> &amp; b", "isHtml": null })).await;
    let plain = desk.new_ticket(json!({ "message": "<i>a</i> &amp; b", "isHtml": false })).await;
    assert_eq!(desk.ticket(html).await["message"], "a & b");
    assert_eq!(desk.ticket(null).await["message"], "a & b");
    assert_eq!(desk.ticket(plain).await["message"], "<i>a</i> &amp; b");
}

#[tokio::test]
async fn rule_05_locked_by_is_the_assignee() {
    let (desk, eva) = Desk::furnished().await;
    let id = desk.new_ticket(json!({ "assigneeId": eva })).await;
    let seen = desk.ticket(id).await;
    assert_eq!(seen["lockedBy"]["id"], json!(eva));
    assert!(!seen.as_object().unwrap().keys().any(|name| name.to_lowercase().contains("assignee")));
    for nobody in [Value::Null, json!("null")] {
        let id = desk.new_ticket(json!({ "assigneeId": nobody })).await;
        assert_eq!(desk.ticket(id).await["lockedBy"], Value::Null);
    }
}

#[tokio::test]
async fn rule_06_a_category_of_null_is_uncategorized_and_an_absent_one_any() {
    let (desk, _) = Desk::furnished().await;
    let none = desk.new_ticket(json!({ "categoryId": null })).await;
    let new_cars = desk.new_ticket(json!({ "categoryId": 15597 })).await;
    let list = async |body: Value| {
        let all = desk.done(Method::POST, "/tickets/list", Some(body)).await;
        all.as_array().unwrap().iter().map(|one| one["id"].as_i64().unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(list(json!({ "categoryId": null })).await, [none]);
    assert_eq!(list(json!({ "categoryId": 15597 })).await, [new_cars]);
    assert_eq!(list(json!({ "categoryId": 15590 })).await, [0; 0]);
    assert_eq!(list(json!({})).await, [new_cars, none]);
}

#[tokio::test]
async fn rule_07_an_assignee_is_compared_and_set() {
    let (desk, eva) = Desk::furnished().await;
    let tom = desk.teammate("tom@example.com").await;
    let id = desk.new_ticket(json!({})).await;
    let path = format!("/tickets/{id}/Assignee");
    let assign = async |new: Value, previous: Value| {
        desk.patch(&path, json!({ "assigneeId": new, "previousAssigneeId": previous })).await
    };
    let first = assign(json!(eva), json!("null")).await;
    assert_eq!((first.status, &first.body["data"]), (200, &json!({})));
    let late = assign(json!(tom), Value::Null).await;
    let said = "the request conflicts with what is stored: /previousAssigneeId somebody else owns the ticket meanwhile";
    assert_eq!(refusal(&late), (409, 8, said));
    assert_eq!(assign(json!(tom), json!("00000000-0000-0000-0000-000000000001")).await.status, 409);
    assert_eq!(assign(json!(tom), json!(eva.to_uppercase())).await.status, 200);
    assert_eq!(desk.ticket(id).await["lockedBy"]["id"], json!(tom));
    assert_eq!(assign(json!("null"), json!(tom)).await.status, 200);
    assert_eq!(desk.ticket(id).await["lockedBy"], Value::Null);

    let missing = desk.patch(&path, json!({})).await;
    let (status, _, text) = refusal(&missing);
    assert!(status == 422 && text.contains("/assigneeId") && text.contains("/previousAssigneeId"), "{text}");
    let author = desk.ticket(id).await["author"]["id"].clone();
    let client = assign(author, Value::Null).await;
    assert!(
        refusal(&client).2.contains("/assigneeId assigneeId must be the id of a teammate"),
        "{}",
        client.text
    );
    assert_eq!(
        desk.patch("/tickets/99999999/assignee", json!({ "assigneeId": null, "previousAssigneeId": null }))
            .await
            .status,
        404
    );
}

#[tokio::test]
async fn rule_08_custom_fields_go_by_id_on_create_and_by_key_in_a_list() {
    let (desk, _) = Desk::furnished().await;
    let oslo = desk.new_ticket(json!({ "customFields": [{ "id": 42623, "value": "Oslo" }] })).await;
    desk.new_ticket(json!({ "customFields": [{ "id": 42623, "value": "Bergen" }] })).await;
    for key in [json!("City"), json!("42623"), json!(42623)] {
        let filter = json!({ "customFields": [{ "key": key, "value": "Oslo" }] });
        let found = desk.done(Method::POST, "/tickets/list", Some(filter)).await;
        assert_eq!((found.as_array().unwrap().len(), &found[0]["id"]), (1, &json!(oslo)), "{key}");
    }
    let both =
        json!({ "customFields": [{ "key": "City", "value": "Oslo" }, { "key": "City", "value": "Bergen" }] });
    assert_eq!(desk.done(Method::POST, "/tickets/list", Some(both)).await, json!([]), "all must hold");
    let refused = desk.post("/tickets/list", json!({ "customFields": [{ "id": 1, "value": "Oslo" }] })).await;
    assert!(refusal(&refused).2.contains("/customFields/0/key"), "{}", refused.text);
    let body = json!({
        "message": "x", "creator": { "email": "a@b.de" }, "customFields": [{ "key": "City", "value": "Oslo" }],
    });
    let refused = desk.post("/tickets", body).await;
    assert!(refusal(&refused).2.contains("/customFields/0/id"), "{}", refused.text);
}

#[tokio::test]
async fn rule_09_take_is_fifty_at_most() {
    let desk = Desk::new().await;
    let id = desk.new_ticket(json!({})).await;
    for _ in 0..54 {
        desk.new_ticket(json!({})).await;
        desk.patch(&format!("/tickets/{id}/status"), json!({ "status": "completed" })).await;
        desk.patch(&format!("/tickets/{id}/status"), json!({ "status": "open" })).await;
    }
    let count = async |path: &str, body: Value| {
        desk.done(Method::POST, path, Some(body)).await.as_array().unwrap().len()
    };
    assert_eq!(count("/tickets/list", json!({ "take": 100 })).await, 50);
    assert_eq!(count("/tickets/list", json!({})).await, 25);
    assert_eq!(count("/tickets/list", json!({ "take": 100, "skip": 50 })).await, 5);
    let log = format!("/tickets/{id}/log");
    assert_eq!(count(&format!("{log}?take=100"), json!({})).await, 50);
    assert_eq!(count(&log, json!({})).await, 25);
    assert_eq!(count(&format!("{log}?take=100&skip=100"), json!({})).await, 9);
}

#[tokio::test]
async fn rule_10_lists_and_logs_are_posted() {
    let desk = Desk::new().await;
    let id = desk.new_ticket(json!({})).await;
    let tickets = desk.done(Method::POST, "/tickets/list", Some(json!({}))).await;
    assert_eq!(redacted(&tickets), json!([plain_ticket()]));
    assert_eq!(
        desk.done(Method::POST, &format!("/tickets/{id}/log"), Some(json!({})))
            .await
            .as_array()
            .unwrap()
            .len(),
        1
    );
    for path in ["/tickets/list".to_owned(), format!("/tickets/{id}/log"), "/tickets".to_owned()] {
        let refused = desk.get(&path).await;
        assert_eq!((refused.status, refused.header("allow")), (405, "POST"), "{path}");
    }
}

#[tokio::test]
async fn rule_11_tags_go_by_name() {
    let desk = Desk::new().await;
    desk.acme.new_tag(json!({ "name": "Cars" })).await;
    let id = desk.new_ticket(json!({ "tags": ["Cars"] })).await;
    assert_eq!(desk.ticket(id).await["tags"], json!(["Cars"]));
}

#[tokio::test]
async fn rule_12_path_segments_count_in_any_case() {
    let (desk, eva) = Desk::furnished().await;
    let id = desk.new_ticket(json!({})).await;
    for path in ["/Teammates", "/teammates", "/TEAMMATES"] {
        assert_eq!(desk.get(path).await.status, 200, "{path}");
    }
    let body = json!({ "assigneeId": eva, "previousAssigneeId": null });
    assert_eq!(desk.patch(&format!("/Tickets/{id}/Assignee"), body).await.status, 200);
    assert_eq!(desk.get("/CustomFields").await.status, 200);
    assert_eq!(desk.get("/UserGroups").await.status, 200);
}

#[tokio::test]
async fn rule_13_action_types_is_in_snake_case() {
    let desk = Desk::new().await;
    let id = desk.new_ticket(json!({})).await;
    desk.patch(&format!("/tickets/{id}/Status"), json!({ "status": "completed" })).await;
    let log = async |types: Value| {
        let body = json!({ "action_types": types });
        let items = desk.done(Method::POST, &format!("/tickets/{id}/log"), Some(body)).await;
        let types =
            items.as_array().unwrap().iter().map(|item| item["actionType"].as_str().unwrap().to_owned());
        types.collect::<Vec<_>>()
    };
    assert_eq!(log(json!([])).await, ["ticket_status_changed", "ticket_created"]);
    assert_eq!(log(json!(["ticket_created"])).await, ["ticket_created"]);
    assert_eq!(log(json!(["tickets_merged"])).await, [""; 0]);
    let other = desk.post(&format!("/tickets/{id}/log"), json!({ "actionTypes": ["ticket_created"] })).await;
    assert_eq!(other.header("tessera-ignored"), "/actionTypes");
    assert_eq!(other.body["data"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn rule_15_cc_people_get_the_teams_replies() {
    let (desk, _) = Desk::furnished().await;
    let id = desk.new_ticket(json!({ "cc": ["ann@example.com"] })).await;
    let path = format!("/tickets/{id}/replies");
    let by_team = json!({ "author": { "email": "EVA@example.com" }, "message": "Hello" });
    let by_team = desk.done(Method::POST, &path, Some(by_team)).await;
    assert_eq!(
        (&by_team["toEmails"], &by_team["ccEmails"]),
        (&json!(["bill@example.com"]), &json!(["ann@example.com"]))
    );
    let by_client = json!({ "author": { "email": "bill@example.com" }, "message": "Hello" });
    let by_client = desk.done(Method::POST, &path, Some(by_client)).await;
    assert_eq!((&by_client["toEmails"], &by_client["ccEmails"]), (&json!([]), &json!([])));
}

#[tokio::test]
async fn rule_16_flags_of_a_reply_change_the_status() {
    let (desk, _) = Desk::furnished().await;
    let (eva, bill) = ("eva@example.com", "bill@example.com");
    for (author, draft, complete, suppress, status) in [
        (eva, false, false, false, "pending"),
        (bill, false, false, false, "open"),
        (eva, false, true, false, "completed"),
        (bill, false, false, true, "completed"),
        (bill, false, false, false, "open"),
        (eva, false, false, true, "open"),
        (eva, true, false, false, "open"),
        (eva, true, true, false, "open"),
        (bill, false, true, true, "completed"),
    ] {
        let id = match desk.done(Method::POST, "/tickets/list", Some(json!({}))).await[0]["id"].as_i64() {
            Some(id) => id,
            None => desk.new_ticket(json!({})).await,
        };
        let body = json!({
            "author": { "email": author }, "message": "x", "isDraft": draft, "isTicketNeededToBeCompleted": complete,
            "suppressTicketStatusAutoupdate": suppress,
        });
        desk.done(Method::POST, &format!("/tickets/{id}/replies"), Some(body.clone())).await;
        assert_eq!(desk.ticket(id).await["status"], status, "{body}");
    }
}
