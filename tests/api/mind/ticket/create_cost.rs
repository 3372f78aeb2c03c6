//! `POST /ticket`: how many statements it takes, and that what is remembered to save one is never believed blindly.

use serde_json::{Value, json};

use crate::support::{Backdoor, Client, Reply, Server};

const PATH: &str = "/api/mind/ticket";

/// A tenant with a tag, a person and a mailbox, and a ticket that refers to all of them.
async fn desk(server: &Server) -> (Client, Value) {
    let acme = server.new_tenant().await;
    let tag = acme.new_tag(json!({ "sla": 4, "priority": "high" })).await;
    let agent = acme.new_agent("eva@example.com", "agent").await;
    let mailbox = acme.get("/api/mind/settings/subchannel").await.body["subchannels"][0]["id"].clone();
    let ticket = json!({
        "channel": "email", "createdAt": "2026-01-09 15:00:00", "tags": [tag], "agentId": agent,
        "subchannelId": mailbox, "cc": ["a@example.com"],
        "attachments": [{ "name": "a.txt", "url": "https://example.com/a" }],
    });
    (acme, ticket)
}

async fn create(client: &Client, ticket: &Value) -> Reply {
    client.post(PATH, ticket.clone()).await
}

#[tokio::test]
async fn a_ticket_is_made_and_shown_in_one_statement_once_its_tags_are_known() {
    let server = Server::start().await;
    let (acme, ticket) = desk(&server).await;
    let mut costs = Vec::new();
    for round in 0..5 {
        let mut ticket = ticket.clone();
        if round == 4 {
            ticket["externalTicketId"] = json!("EXT-1");
        }
        let before = server.statements().len();
        assert_eq!(create(&acme, &ticket).await.status, 200);
        costs.push(server.statements().len() - before);
    }
    assert!(costs[0] > 1, "nothing is known of the tag yet: {costs:?}");
    // The caches of credentials and settings live for seconds of real time, so that any one of these may fill them.
    assert_eq!(costs[1..4].iter().min(), Some(&1), "{costs:?}");
    assert!((2..=4).contains(&costs[4]), "the foreign id is looked up first: {costs:?}");
}

#[tokio::test]
async fn a_tag_that_was_changed_elsewhere_has_its_new_effect_at_once() {
    let (acme, ticket) = desk(Server::shared()).await;
    let before = create(&acme, &ticket).await;
    assert_eq!(
        (&before.body["dueBy"], &before.body["priority"]),
        (&json!("2026-01-12 11:00:00"), &json!("high"))
    );
    for (change, due, priority) in [
        ("update tag set sla_hours = 2", "2026-01-09 17:00:00", "high"),
        ("update tag set priority = 'urgent'", "2026-01-09 17:00:00", "urgent"),
        ("update tag set sla_hours = null", "null", "urgent"),
        ("update tag set sla_hours = 0.1", "2026-01-09 15:06:00", "urgent"),
    ] {
        Backdoor::of_tenant(&acme.tenant).await.hold(change).await.commit().await;
        for _ in 0..2 {
            let made = create(&acme, &ticket).await;
            assert_eq!(made.status, 200, "{}", made.text);
            assert_eq!(made.body["dueBy"].as_str().unwrap_or("null"), due, "{change}");
            assert_eq!(made.body["priority"], priority, "{change}");
        }
    }
}

#[tokio::test]
async fn what_was_taken_away_elsewhere_is_missing_at_once() {
    for (change, pointer) in [
        ("update agent set deleted_at = current_timestamp where email = 'eva@example.com'", "/agentId"),
        ("delete from subchannel", "/subchannelId"),
        ("delete from tag", "/tags/0"),
    ] {
        let (acme, mut ticket) = desk(Server::shared()).await;
        assert_eq!(create(&acme, &ticket).await.status, 200);
        let mut aside = Backdoor::of_tenant(&acme.tenant)
            .await
            .hold("delete from ticket_tag")
            .await
            .hold("update ticket set subchannel_id = null")
            .await
            .hold(change)
            .await;
        let tickets = aside.number("select count(*) from ticket").await;
        aside.commit().await;

        let refused = create(&acme, &ticket).await;

        assert_eq!((refused.status, refused.pointers()), (422, vec![pointer]), "{}", refused.text);
        // With a fault of its own besides, both are named.
        ticket["channel"] = json!("letter");
        let refused = create(&acme, &ticket).await;
        assert_eq!(
            (refused.status, refused.pointers()),
            (422, vec![pointer, "/attachments"]),
            "{}",
            refused.text
        );
        let mut now = Backdoor::of_tenant(&acme.tenant).await;
        assert_eq!(now.number("select count(*) from ticket").await, tickets, "{change}");
    }
}

#[tokio::test]
async fn whatever_a_tags_hours_are_they_are_remembered_exactly() {
    let server = Server::start().await;
    let acme = server.new_tenant().await;
    for hours in [14.0 / 60.0, 56.0 / 60.0, 5.0 / 24.0, 1.0 / 3.0, 1e-9, 0.1] {
        let tag = acme.new_tag(json!({ "sla": hours })).await;
        assert_eq!(acme.get(&format!("/api/mind/tag/{tag}")).await.body["sla"], json!(hours));
        let mut least = usize::MAX;
        for _ in 0..4 {
            let before = server.statements().len();
            let made = create(&acme, &json!({ "channel": "email", "tags": [tag] })).await;
            assert_eq!(made.status, 200, "{}", made.text);
            least = least.min(server.statements().len() - before);
        }
        assert_eq!(least, 1, "{hours}");
    }
}

#[tokio::test]
async fn a_tag_that_goes_while_the_ticket_is_made_is_missing() {
    let server = Server::alone().await;
    let (acme, ticket) = desk(&server).await;
    assert_eq!(create(&acme, &ticket).await.status, 200);
    let door = async || Backdoor::of_tenant_in(&server.database, &acme.tenant).await;
    let deletion = door().await.hold("delete from ticket_tag").await.hold("delete from tag").await;
    let making = tokio::spawn({
        let (acme, ticket) = (acme.clone(), ticket.clone());
        async move { create(&acme, &ticket).await }
    });
    let mut observer = door().await;
    // The ticket's tag waits for the deletion to end.
    let waiting = "select count(*) from pg_locks join pg_stat_activity using (pid)
        where not granted and datname = current_database()";
    while observer.number(waiting).await == 0 && !making.is_finished() {}
    deletion.commit().await;

    let refused = making.await.unwrap();

    assert_eq!((refused.status, refused.pointers()), (422, vec!["/tags/0"]), "{}", refused.text);
    assert_eq!(door().await.number("select count(*) from ticket").await, 1);
}
