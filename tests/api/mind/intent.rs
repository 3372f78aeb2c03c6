use serde_json::{Value, json};
use sqlx::AssertSqlSafe;

use super::analysis::{furnish, reading};
use crate::support::{Backdoor, Client, Server};

const PATH: &str = "/api/mind/intent/byTicketId";

/// Gives a ticket an intent.
async fn add(client: &Client, ticket: i64, code: &str, status: &str, confidence: f64) {
    let mut door = Backdoor::of_tenant(&client.tenant).await;
    let sql = format!(
        "insert into intent (tenant_id, ticket_id, ai_agent_id, contract_id, code, name, status, confidence,
            confidence_color, data, created_at)
         values (current_setting('app.tenant_id')::bigint, {ticket}, 4, '746839', '{code}', 'Name', '{status}',
            {confidence}, 'warning', '{{\"meterValue\": 87870.50}}', now())"
    );
    sqlx::query(AssertSqlSafe(sql)).execute(&mut door.connection).await.unwrap();
    door.commit().await;
}

async fn outcome(client: &Client, ticket: i64) -> (Value, Value) {
    let found = client.get(&format!("{PATH}/{ticket}")).await;
    assert_eq!(found.status, 200, "{}", found.text);
    (found.body["intentsFound"].clone(), found.body["aiOutcome"].clone())
}

#[tokio::test]
async fn intents_are_shown_as_in_the_ticket() {
    let acme = Server::shared().new_tenant().await;
    let ticket = acme.new_ticket(json!({})).await;
    add(&acme, ticket, "process_meter_reading", "ready", 0.95).await;
    add(&acme, ticket, "gone", "deleted", 1.0).await;

    let found = acme.get(&format!("{PATH}/{ticket}")).await;

    assert_eq!(found.status, 200, "{}", found.text);
    let intents = acme.ticket(ticket).await["intents"].clone();
    assert_eq!(intents.as_array().unwrap().len(), 1);
    assert_eq!(intents[0]["aiAgentId"], 4);
    let expected = json!({
        "ticketId": ticket, "intentsFound": 1, "aiOutcome": "agentAssist", "intents": intents, "success": true,
    });
    assert_eq!(found.body.to_string(), expected.to_string());
}

#[tokio::test]
async fn the_outcome_follows_from_intents_and_contract() {
    let acme = Server::shared().new_tenant().await;
    let ticket = acme.new_ticket(json!({})).await;
    assert_eq!(outcome(&acme, ticket).await, (json!(0), json!("noDetection")));
    let change = json!([{ "id": ticket, "contractId": "746839" }]);
    assert_eq!(acme.patch("/api/mind/ticket", change).await.status, 200);
    assert_eq!(outcome(&acme, ticket).await, (json!(0), json!("customerDetected")));
    add(&acme, ticket, "old", "invalidated", 1.0).await;
    add(&acme, ticket, "older", "archived", 1.0).await;
    assert_eq!(outcome(&acme, ticket).await, (json!(2), json!("customerDetected")));
    add(&acme, ticket, "move", "executed", 0.8).await;
    assert_eq!(outcome(&acme, ticket).await, (json!(3), json!("agentAssist")));
    add(&acme, ticket, "deposit", "ready", 1.0).await;
    assert_eq!(outcome(&acme, ticket).await, (json!(4), json!("full")));
}

#[tokio::test]
async fn a_strangers_ticket_has_no_intents() {
    let server = Server::start().await;
    let (acme, zeta) = (server.new_tenant().await, server.new_tenant().await);
    let ticket = acme.new_ticket(json!({})).await;
    add(&acme, ticket, "move", "ready", 0.8).await;
    for path in [ticket.to_string(), "0".into(), "abc".into(), "9000000000000".into()] {
        let missing = zeta.get(&format!("{PATH}/{path}")).await;
        assert_eq!((missing.status, &missing.body["code"]), (404, &json!("ticket_not_found")), "{path}");
    }
    assert_eq!(acme.without_token().get(&format!("{PATH}/{ticket}")).await.status, 401);
    let mut least = usize::MAX;
    for _ in 0..5 {
        let before = server.statements().len();
        outcome(&acme, ticket).await;
        least = least.min(server.statements().len() - before);
    }
    assert_eq!(least, 1);
}

#[tokio::test]
async fn what_was_taken_back_is_looked_for_again_once_an_agent_has_changed() {
    let acme = Server::shared().new_tenant().await;
    furnish(&acme).await;
    let made = acme.post("/api/mind/ticket?process=realtime", reading()).await;
    let ticket = made.body["id"].as_i64().unwrap();
    assert_eq!(outcome(&acme, ticket).await.0, json!(1), "{}", made.text);
    let agents = acme.get("/api/mind/aiAgents").await.body;
    let agent = format!("/api/mind/aiAgent/{}", agents["aiAgents"][0]["id"]);
    let statuses = async || {
        let found = acme.get(&format!("{PATH}/{ticket}")).await.body;
        let statuses = found["intents"].as_array().unwrap().iter().map(|intent| intent["status"].clone());
        statuses.collect::<Vec<Value>>()
    };

    // Switched off, the agent's intent is taken back by the next run.
    assert_eq!(acme.patch(&agent, json!({ "enabled": false })).await.status, 200);
    assert_eq!(acme.get(&format!("/api/mind/ticket/{ticket}?refresh=true")).await.status, 200);
    assert_eq!(statuses().await, ["invalidated"]);
    let activity = format!("/api/mind/ticket/{ticket}/activity");
    let runs = acme.get(&activity).await.body.to_string().matches("analysed").count();
    assert_eq!(statuses().await, ["invalidated"]);
    assert_eq!(
        acme.get(&activity).await.body.to_string().matches("analysed").count(),
        runs,
        "nothing has changed"
    );

    assert_eq!(acme.patch(&agent, json!({ "enabled": true })).await.status, 200);
    assert_eq!(statuses().await, ["invalidated", "ready"]);
}
