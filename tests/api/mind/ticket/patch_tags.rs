//! `PATCH /ticket`: tags, and what follows from them.

use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::support::{Backdoor, Client, Server};

const TICKET: &str = "/api/mind/ticket";

async fn tags(acme: &Client, count: usize) -> Vec<i64> {
    let mut tags = Vec::new();
    for _ in 0..count {
        tags.push(acme.new_tag(json!({ "sla": null })).await);
    }
    tags
}

async fn tags_of(acme: &Client, id: i64) -> Value {
    acme.ticket(id).await["tagIds"].clone()
}

#[tokio::test]
async fn tags_are_replaced_added_and_removed() {
    let acme = Server::shared().new_tenant().await;
    let tags = tags(&acme, 4).await;
    let id = acme.new_ticket(json!({ "tags": [tags[0]] })).await;
    let steps = [
        (json!({ "addTagIds": [tags[1], tags[1]] }), vec![0, 1], "updated"),
        (json!({ "addTagIds": [tags[0]] }), vec![0, 1], "unchanged"),
        (json!({ "removeTagIds": [tags[3]] }), vec![0, 1], "unchanged"),
        (json!({ "addTagIds": [tags[2]], "removeTagIds": [tags[0], tags[3]] }), vec![1, 2], "updated"),
        (json!({ "addTagIds": [], "removeTagIds": [] }), vec![1, 2], "unchanged"),
        (json!({ "tagIds": [tags[2], tags[1], tags[2]] }), vec![1, 2], "unchanged"),
        (json!({ "tagIds": [tags[3]] }), vec![3], "updated"),
        (json!({ "tagIds": [] }), vec![], "updated"),
    ];
    let mut version = 1;
    for (mut body, expected, outcome) in steps {
        body["id"] = json!(id);
        let reply = acme.patch(TICKET, json!([body])).await;
        assert_eq!(reply.status, 200, "{body}: {}", reply.text);
        version += i64::from(outcome == "updated");
        assert_eq!(
            reply.body["results"],
            json!([{ "id": id, "outcome": outcome, "version": version }]),
            "{body}"
        );
        let expected: Vec<i64> = expected.into_iter().map(|place| tags[place]).collect();
        assert_eq!(tags_of(&acme, id).await, json!(expected), "{body}");
    }
}

#[tokio::test]
async fn tag_members_that_contradict_each_other_are_refused() {
    let acme = Server::shared().new_tenant().await;
    let tags = tags(&acme, 2).await;
    let id = acme.new_ticket(json!({ "tags": [tags[0]] })).await;
    let cases = [
        (json!({ "tagIds": [], "addTagIds": [] }), vec!["/0/tagIds", "/0/addTagIds"]),
        (json!({ "tagIds": [tags[0]], "removeTagIds": [tags[1]] }), vec!["/0/tagIds", "/0/removeTagIds"]),
        (
            json!({ "addTagIds": [tags[1], tags[0]], "removeTagIds": [tags[0]] }),
            vec!["/0/addTagIds/1", "/0/removeTagIds/0"],
        ),
        (json!({ "addTagIds": null }), vec!["/0/addTagIds"]),
        (
            json!({ "removeTagIds": [null, "1", 0] }),
            vec!["/0/removeTagIds/0", "/0/removeTagIds/1", "/0/removeTagIds/2"],
        ),
        (json!({ "addTagIds": tags[1] }), vec!["/0/addTagIds"]),
    ];
    for (mut body, pointers) in cases {
        body["id"] = json!(id);
        let reply = acme.patch(TICKET, json!([body])).await;
        assert_eq!((reply.status, reply.pointers()), (422, pointers), "{body}");
    }
    assert_eq!(tags_of(&acme, id).await, json!([tags[0]]));
    assert_eq!(acme.ticket(id).await["version"], 1);
}

#[tokio::test]
async fn a_hundred_single_adds_at_once_all_survive() {
    let acme = Server::shared().new_tenant().await;
    let tags = tags(&acme, 100).await;
    let id = acme.new_ticket(json!({})).await;
    let mut adds = JoinSet::new();
    for tag in tags.clone() {
        let acme = acme.clone();
        adds.spawn(async move { acme.patch(TICKET, json!([{ "id": id, "addTagIds": [tag] }])).await });
    }
    while let Some(reply) = adds.join_next().await {
        let reply = reply.unwrap();
        assert_eq!((reply.status, &reply.body["results"][0]["outcome"]), (200, &json!("updated")));
    }
    let ticket = acme.ticket(id).await;
    assert_eq!(ticket["tagIds"], json!(tags));
    assert_eq!(ticket["version"], 101);
    let mut rows = Backdoor::of_tenant(&acme.tenant).await;
    assert_eq!(
        rows.number("select count(distinct version) from activity where version is not null").await,
        101
    );
}

#[tokio::test]
async fn removes_and_adds_at_once_lose_nothing() {
    let acme = Server::shared().new_tenant().await;
    let tags = tags(&acme, 40).await;
    let (old, new) = tags.split_at(20);
    let id = acme.new_ticket(json!({ "tags": old })).await;
    let mut changes = JoinSet::new();
    for at in 0..20 {
        for body in
            [json!({ "id": id, "removeTagIds": [old[at]] }), json!({ "id": id, "addTagIds": [new[at]] })]
        {
            let acme = acme.clone();
            changes.spawn(async move { acme.patch(TICKET, json!([body])).await.status });
        }
    }
    assert!(changes.join_all().await.into_iter().all(|status| status == 200));
    assert_eq!(tags_of(&acme, id).await, json!(new));
}

#[tokio::test]
async fn the_tightest_tag_sets_the_due_date_and_the_highest_the_priority() {
    let acme = Server::shared().new_tenant().await;
    let slow = acme.new_tag(json!({ "sla": 16, "priority": "medium" })).await;
    let fast = acme.new_tag(json!({ "sla": 4, "priority": "high" })).await;
    let plain = acme.new_tag(json!({ "sla": null, "priority": "do-not-change" })).await;
    // A Monday at nine, the first hour of business.
    let id = acme.new_ticket(json!({ "createdAt": "2026-01-05 09:00:00" })).await;
    for (body, due, priority) in [
        (json!({ "addTagIds": [slow] }), json!("2026-01-06 17:00:00"), "medium"),
        (json!({ "addTagIds": [fast, plain] }), json!("2026-01-05 13:00:00"), "high"),
        (json!({ "removeTagIds": [fast] }), json!("2026-01-06 17:00:00"), "medium"),
        (json!({ "tagIds": [plain] }), json!(null), "medium"),
    ] {
        let mut element = body.clone();
        element["id"] = json!(id);
        assert_eq!(acme.patch(TICKET, element).await.status, 200);
        let ticket = acme.ticket(id).await;
        assert_eq!((&ticket["dueBy"], &ticket["priority"]), (&due, &json!(priority)), "{body}");
    }
}

#[tokio::test]
async fn what_was_set_by_hand_stays_whatever_the_tags_say() {
    let acme = Server::shared().new_tenant().await;
    let fast = acme.new_tag(json!({ "sla": 4, "priority": "urgent" })).await;
    let by_hand = json!({ "dueBy": "2030-01-01 10:00:00", "priority": "medium" });
    let before = acme.new_ticket(json!({})).await;
    let mut first = by_hand.clone();
    first["id"] = json!(before);
    assert_eq!(acme.patch(TICKET, first).await.status, 200);
    assert_eq!(acme.patch(TICKET, json!({ "id": before, "addTagIds": [fast] })).await.status, 200);
    let at_once = acme.new_ticket(json!({})).await;
    let mut both = by_hand.clone();
    both["id"] = json!(at_once);
    both["tagIds"] = json!([fast]);
    assert_eq!(acme.patch(TICKET, both).await.status, 200);
    let created = acme.new_ticket(by_hand.clone()).await;
    assert_eq!(acme.patch(TICKET, json!({ "id": created, "addTagIds": [fast] })).await.status, 200);
    for id in [before, at_once, created] {
        let ticket = acme.ticket(id).await;
        assert_eq!(ticket["dueBy"], by_hand["dueBy"]);
        assert_eq!(ticket["priority"], by_hand["priority"]);
    }
    // Taking a hand-set date away is a decision too.
    let cleared = json!({ "id": before, "dueBy": null });
    assert_eq!(acme.patch(TICKET, cleared).await.status, 200);
    assert_eq!(acme.patch(TICKET, json!({ "id": before, "tagIds": [] })).await.status, 200);
    assert_eq!(acme.patch(TICKET, json!({ "id": before, "tagIds": [fast] })).await.status, 200);
    assert_eq!(acme.ticket(before).await["dueBy"], json!(null));
}

#[tokio::test]
async fn a_change_of_tags_stands_in_the_record_with_before_and_after() {
    let acme = Server::shared().new_tenant().await;
    let tags = tags(&acme, 2).await;
    let id = acme.new_ticket(json!({ "tags": [tags[0]] })).await;
    let body = json!({ "id": id, "addTagIds": [tags[1]], "removeTagIds": [tags[0]] });
    assert_eq!(acme.patch(TICKET, body).await.status, 200);
    let mut rows = Backdoor::of_tenant(&acme.tenant).await;
    let changes = rows.texts("select changes::text from activity where kind = 'changed'").await;
    let changes: Value = serde_json::from_str(&changes[0]).unwrap();
    assert_eq!(changes[0]["from"], json!([tags[0]]));
    assert_eq!(changes[0]["to"], json!([tags[1]]));
    assert_eq!(changes.as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_private_tag_survives_whoever_cannot_see_it() {
    let acme = Server::shared().new_tenant().await;
    let private = acme.new_tag(json!({ "visibility": "private" })).await;
    let below = acme.new_tag(json!({ "parent": private })).await;
    let plain = acme.new_tag(json!({})).await;
    let ticket = acme.new_ticket(json!({ "externalTicketId": "P", "tags": [private, below, plain] })).await;
    let agent = acme.new_agent("eva@example.com", "agent").await.to_string();
    let eva = acme.acting_as(&agent, "agent");
    let partner = acme.acting_as("integration:shop", "integration");

    let removed = eva.patch(TICKET, json!({ "id": ticket, "removeTagIds": [private, plain] })).await;
    let replaced = eva.patch(TICKET, json!({ "id": ticket, "tagIds": [] })).await;
    let pushed = json!({ "channel": "email", "externalTicketId": "P", "tags": [] });
    let pushed = partner.post(TICKET, pushed).await;

    assert_eq!(removed.body["results"][0]["outcome"], "updated");
    assert_eq!(replaced.body["results"][0]["outcome"], "unchanged");
    assert_eq!(pushed.header("tessera-outcome"), "unchanged");
    assert_eq!(acme.ticket(ticket).await["tagIds"], json!([private, below]));

    acme.patch(TICKET, json!({ "id": ticket, "tagIds": [] })).await;
    assert_eq!(acme.ticket(ticket).await["tagIds"], json!([]));
}
