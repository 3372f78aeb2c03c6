use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::mind::stored::{activity, number};
use crate::support::Server;

const PATH: &str = "/api/mind/ticket";

#[tokio::test]
async fn fifty_identical_pushes_at_once_make_one_ticket() {
    let acme = Server::shared().new_tenant().await;
    let tag = acme.new_tag(json!({})).await;
    let mut pushes = JoinSet::new();
    for _ in 0..50 {
        let acme = acme.clone();
        pushes.spawn(async move {
            let body = json!({
                "channel": "email", "externalTicketId": "EXT", "subject": "Same", "tags": [tag],
                "attachments": [{ "name": "a.txt", "url": "https://example.com/a" }],
            });
            acme.post(PATH, body).await
        });
    }

    let replies = pushes.join_all().await;

    let mut created = 0;
    for reply in &replies {
        assert_eq!((reply.status, &reply.body["id"]), (200, &replies[0].body["id"]), "{}", reply.text);
        assert_eq!(reply.body["version"], 1);
        match reply.header("tessera-outcome") {
            "created" => created += 1,
            outcome => assert_eq!(outcome, "unchanged"),
        }
    }
    assert_eq!(created, 1);
    for sql in [
        "select count(*) from ticket",
        "select count(*) from conversation",
        "select count(*) from activity",
        "select count(*) from job",
        "select count(*) from attachment",
    ] {
        assert_eq!(number(&acme, sql).await, 1, "{sql}");
    }
}

#[tokio::test]
async fn two_partners_that_push_different_fields_at_once_lose_neither() {
    let acme = Server::shared().new_tenant().await;
    let shop = acme.acting_as("integration:shop", "integration");
    let desk = acme.acting_as("integration:desk", "integration");
    let base = json!({ "channel": "email", "externalTicketId": "EXT", "subject": "0", "contractId": "0" });
    acme.post(PATH, base).await;
    for round in 1..=20 {
        let text = round.to_string();
        let words = json!({ "channel": "email", "externalTicketId": "EXT", "subject": text });
        let contract = json!({ "channel": "email", "externalTicketId": "EXT", "contractId": text });

        let (words, contract) = tokio::join!(shop.post(PATH, words), desk.post(PATH, contract));

        assert_eq!((words.status, contract.status), (200, 200));
        assert_eq!(words.body["subject"], json!(text));
        assert_eq!(contract.body["contractId"], json!(text));
        let seen = acme.ticket(words.body["id"].as_i64().unwrap()).await;
        assert_eq!((&seen["subject"], &seen["contractId"]), (&json!(text), &json!(text)));
        assert_eq!(seen["version"], 1 + 2 * round);
    }
    let record = activity(&acme).await;
    let versions: Vec<i64> = record.iter().map(|row| row["version"].as_i64().unwrap()).collect();
    assert_eq!(versions, (1..=41).collect::<Vec<_>>(), "the record has no gaps");
}

#[tokio::test]
async fn first_pushes_of_different_fields_at_once_lose_neither() {
    let acme = Server::shared().new_tenant().await;
    for round in 0..10 {
        let id = format!("EXT-{round}");
        let words = json!({ "channel": "email", "externalTicketId": id, "subject": "Words" });
        let tagged = json!({ "channel": "email", "externalTicketId": id, "contractId": "7" });

        let (words, other) = tokio::join!(acme.post(PATH, words), acme.post(PATH, tagged));

        assert_eq!((words.status, other.status), (200, 200));
        assert_eq!(words.body["id"], other.body["id"]);
        let seen = acme.ticket(words.body["id"].as_i64().unwrap()).await;
        assert_eq!((&seen["subject"], &seen["contractId"]), (&json!("Words"), &json!("7")));
        let outcomes = [words.header("tessera-outcome"), other.header("tessera-outcome")];
        assert!(outcomes.contains(&"created") && outcomes.contains(&"updated"), "{outcomes:?}");
    }
    assert_eq!(number(&acme, "select count(*) from ticket").await, 10);
}

#[tokio::test]
async fn the_newest_push_wins_whatever_the_order_of_arrival() {
    let acme = Server::shared().new_tenant().await;
    let mut pushes = JoinSet::new();
    for second in 0..20 {
        let acme = acme.clone();
        pushes.spawn(async move {
            let body = json!({
                "channel": "email", "externalTicketId": "EXT", "subject": second.to_string(),
                "externalUpdatedAt": 1_600_000_000 + second,
            });
            acme.post(PATH, body).await.body["id"].clone()
        });
    }
    let ids: Vec<Value> = pushes.join_all().await;
    assert_eq!(acme.ticket(ids[0].as_i64().unwrap()).await["subject"], "19");
}

#[tokio::test]
async fn a_push_whose_id_moves_to_another_ticket_meanwhile_still_finds_one_ticket() {
    let acme = Server::shared().new_tenant().await;
    for round in 0..15 {
        let (old, new) = (format!("U{round}"), format!("V{round}"));
        let id = acme.new_ticket(json!({ "externalTicketId": old })).await;
        let push =
            |external: &str| json!({ "channel": "email", "externalTicketId": external, "subject": "new" });
        let bodies = [push(&old), push(&new), push(&old), push(&new), push(&old)];
        let requests = bodies.into_iter().map(|body| acme.post("/api/mind/ticket", body));
        let moved = acme.patch("/api/mind/ticket", json!({ "id": id, "externalTicketId": new }));

        let (pushed, moved) =
            futures_util::future::join(futures_util::future::join_all(requests), moved).await;

        assert!([200, 409].contains(&moved.status), "{}", moved.text);
        for (reply, external) in pushed.iter().zip([&old, &new, &old, &new, &old]) {
            assert_eq!(reply.status, 200, "{}", reply.text);
            assert_eq!(reply.body["externalTicketId"], **external);
        }
    }
}
