use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::mind::stored::{activity, number};
use crate::support::{Client, Server};

const PATH: &str = "/api/mind/ticket";

/// A server whose clock stands at the first minute of an hour.
async fn early_in_an_hour() -> Server {
    let server = Server::start().await;
    let into = server.clock.now().as_second().rem_euclid(3600);
    server.clock.advance(SignedDuration::from_secs(3600 - into + 1));
    server
}

async fn views(client: &Client) -> Vec<Value> {
    activity(client).await.into_iter().filter(|row| row["kind"] == "viewed").collect()
}

#[tokio::test]
async fn an_opened_ticket_shows_its_reader_for_an_hour() {
    let server = early_in_an_hour().await;
    let acme = server.new_tenant().await;
    let eva = acme.new_agent("eva@example.com", "agent").await;
    let as_eva = acme.acting_as(&eva.to_string(), "agent");
    let id = acme.new_ticket(json!({})).await;
    let path = format!("{PATH}/{id}");

    let seen = as_eva.get(&path).await;
    assert_eq!(seen.body["workedOnByIds"], json!([eva]));
    assert_eq!(seen.body["workedOnBy"][0]["firstName"], "Eva");
    assert_eq!((&seen.body["version"], &seen.body["modifiedAt"]), (&json!(1), &Value::Null));
    let row = json!({
        "kind": "viewed", "version": null, "actor_kind": "agent", "actor_name": "Eva Beispiel",
        "via": "mind", "changes": [],
    });
    assert_eq!(Value::Array(views(&acme).await), json!([row]));

    server.clock.advance(SignedDuration::from_mins(58));
    as_eva.get(&path).await;
    assert_eq!(views(&acme).await.len(), 1, "one row an hour");
    server.clock.advance(SignedDuration::from_mins(58));
    assert_eq!(acme.ticket(id).await["workedOnByIds"], json!([eva]), "the second look counts");
    server.clock.advance(SignedDuration::from_mins(3));
    let later = acme.ticket(id).await;
    assert_eq!((&later["workedOnByIds"], &later["workedOnBy"]), (&json!([]), &json!([])));

    as_eva.get(&path).await;
    assert_eq!(views(&acme).await, [row.clone(), row], "another hour, another row");
    let other = acme.new_ticket(json!({})).await;
    as_eva.get(&format!("{PATH}/{other}")).await;
    acme.get(&path).await;
    assert_eq!(views(&acme).await.len(), 4, "each ticket and each person");
}

#[tokio::test]
async fn looks_that_are_no_viewing_leave_no_trace() {
    let acme = Server::shared().new_tenant().await;
    let eva = acme.new_agent("eva@example.com", "agent").await;
    let id = acme.new_ticket(json!({})).await;
    let path = format!("{PATH}/{id}");

    acme.get(&format!("{path}?viewing=false")).await;
    acme.acting_as("integration:shop", "integration").get(&path).await;
    acme.acting_as(&eva.to_string(), "integration").get(&path).await;
    acme.get(&format!("{path}?viewing=maybe")).await;
    acme.get(&format!("{PATH}/9000000000000")).await;

    assert_eq!(views(&acme).await.len(), 0);
    assert_eq!(number(&acme, "select count(*) from ticket_view").await, 0);
    assert_eq!(acme.ticket(id).await["workedOnByIds"], json!([]));
}

#[tokio::test]
async fn a_ticket_is_escalated_when_its_due_date_has_passed() {
    let server = Server::start().await;
    let acme = server.new_tenant().await;
    let due = server.clock.now() + SignedDuration::from_hours(1);
    let id = acme.new_ticket(json!({ "dueBy": due.to_string() })).await;
    assert_eq!(acme.ticket(id).await["isEscalated"], false);
    server.clock.advance(SignedDuration::from_mins(61));
    assert_eq!(acme.ticket(id).await["isEscalated"], true);
    acme.patch(PATH, json!([{ "id": id, "status": "closed" }])).await;
    assert_eq!(acme.ticket(id).await["isEscalated"], false);
}

/// The least that a request costs in some tries: the caches live for seconds of real time.
async fn cost(server: &Server, client: &Client, path: &str) -> usize {
    let mut least = usize::MAX;
    for _ in 0..5 {
        let before = server.statements().len();
        assert_eq!(client.get(path).await.status, 200);
        least = least.min(server.statements().len() - before);
    }
    least
}

#[tokio::test]
async fn a_view_costs_one_statement_and_its_record_another() {
    let server = Server::start().await;
    let acme = server.new_tenant().await;
    let tags = [acme.new_tag(json!({})).await, acme.new_tag(json!({})).await];
    let id = acme
        .new_ticket(json!({
            "tags": tags, "cc": ["a@example.com"],
            "attachments": [{ "name": "a.txt", "url": "https://example.com/a" }],
        }))
        .await;
    let quiet = format!("{PATH}/{id}?viewing=false");

    // Nobody knows anything on a server that has just started.
    let fresh = Server::start().await;
    let cold = Client::new(&fresh.url, &acme.tenant, None).acting_as("integration:shop", "integration");
    let before = fresh.statements().len();
    assert_eq!(cold.get(&quiet).await.status, 200);
    let statements = fresh.statements();
    assert!(statements.len() - before <= 3, "{statements:#?}");

    assert_eq!(cost(&server, &acme, &quiet).await, 1);
    assert_eq!(cost(&server, &acme, &format!("{PATH}/{id}")).await, 2);
}
