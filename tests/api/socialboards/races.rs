use reqwest::Method;
use serde_json::json;
use tokio::task::JoinSet;

use super::Desk;
use crate::mind::stored::number;

#[tokio::test]
async fn fifty_tickets_of_one_new_creator_at_once_make_one_contact() {
    let desk = std::sync::Arc::new(Desk::new().await);
    desk.set("createUnknownTags", json!(true)).await;
    let mut creates = JoinSet::new();
    for _ in 0..50 {
        let desk = desk.clone();
        creates.spawn(async move {
            let creator = json!({ "name": "Bill", "email": "bill@example.com", "customIdentifier": "B-1" });
            desk.post("/tickets", json!({ "message": "x", "creator": creator, "tags": ["Rush"] })).await
        });
    }
    for reply in creates.join_all().await {
        assert_eq!(reply.status, 200, "{}", reply.text);
    }
    assert_eq!(number(&desk.acme, "select count(*) from ticket").await, 50);
    assert_eq!(number(&desk.acme, "select count(*) from contact").await, 1);
    assert_eq!(number(&desk.acme, "select count(distinct contact_id) from ticket_detail").await, 1);
    assert_eq!(number(&desk.acme, "select count(*) from tag where name = 'Rush'").await, 1);
}

#[tokio::test]
async fn of_two_assignments_at_once_one_wins() {
    let (desk, eva) = Desk::furnished().await;
    let tom = desk.teammate("tom@example.com").await;
    for _ in 0..10 {
        let id = desk.new_ticket(json!({})).await;
        let path = format!("/tickets/{id}/assignee");
        let to = |who: &str| json!({ "assigneeId": who, "previousAssigneeId": null });
        let (one, two) = tokio::join!(desk.patch(&path, to(&eva)), desk.patch(&path, to(&tom)));
        let mut statuses = [one.status, two.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 409]);
        let winner = if one.status == 200 { &eva } else { &tom };
        assert_eq!(desk.ticket(id).await["lockedBy"]["id"], json!(winner));
    }
}

#[tokio::test]
async fn replies_at_once_are_all_there() {
    let desk = std::sync::Arc::new(Desk::new().await);
    let id = desk.new_ticket(json!({})).await;
    let mut replies = JoinSet::new();
    for at in 0..20 {
        let desk = desk.clone();
        replies.spawn(async move {
            let body = json!({ "author": { "email": "new@example.com" }, "message": at.to_string() });
            desk.done(Method::POST, &format!("/tickets/{id}/replies"), Some(body)).await["id"]
                .as_i64()
                .unwrap()
        });
    }
    let mut ids = replies.join_all().await;
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 20);
    assert_eq!(desk.ticket(id).await["replyCount"], 20);
    assert_eq!(number(&desk.acme, "select count(*) from contact").await, 2);
}
