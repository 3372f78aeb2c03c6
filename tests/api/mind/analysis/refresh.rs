//! Analysing again: the modes of the bulk PATCH, and `GET ?refresh=true`.

use serde_json::{Value, json};

use super::{furnish, reading, runs};
use crate::support::{Client, Server};

/// The stages of the latest run that were not skipped.
async fn ran(acme: &Client, id: i64) -> Vec<String> {
    let stages = runs(acme, id).await[0]["stages"].as_array().cloned().unwrap_or_default();
    let ran = stages.into_iter().filter(|stage| stage["skipped"].is_null());
    ran.map(|stage| stage["stage"].as_str().unwrap().to_owned()).collect()
}

async fn refresh(server: &Server, acme: &Client, id: i64, mode: &str) {
    let asked = acme.patch("/api/mind/ticket", json!([{ "id": id, "refreshMode": mode }])).await;
    assert_eq!((asked.status, &asked.body["results"][0]["outcome"]), (200, &json!("refreshScheduled")));
    server.run_jobs().await;
}

#[tokio::test]
async fn every_mode_runs_its_stages_and_no_others() {
    let server = Server::alone().await;
    let acme = server.new_tenant().await;
    furnish(&acme).await;
    let id = acme.new_ticket(reading()).await;
    server.run_jobs().await;
    let all = ["text", "language", "sentiment", "summary", "spam", "customer", "tags", "agents", "outcome"];
    assert_eq!(ran(&acme, id).await, all);
    let modes: [(&str, &[&str]); 6] = [
        ("full", &all),
        ("summaryAndText", &["text", "sentiment", "summary"]),
        ("customer", &["customer", "outcome"]),
        ("tags", &["tags"]),
        ("tagsRuleBased", &["tags"]),
        ("agents", &["agents", "outcome"]),
    ];
    for (mode, stages) in modes {
        refresh(&server, &acme, id, mode).await;
        assert_eq!(ran(&acme, id).await, stages, "{mode}");
    }
}

#[tokio::test]
async fn a_new_customer_brings_the_agents_with_it() {
    let server = Server::alone().await;
    let acme = server.new_tenant().await;
    let id = acme.new_ticket(reading()).await;
    server.run_jobs().await;
    assert_eq!(acme.ticket(id).await["customerId"], json!(null));
    furnish(&acme).await;

    refresh(&server, &acme, id, "customer").await;

    assert_eq!(ran(&acme, id).await, ["customer", "agents", "outcome"]);
    let seen = acme.ticket(id).await;
    assert_eq!(
        (&seen["customerId"], &seen["intents"][0]["code"]),
        (&json!("83771"), &json!("process_meter_reading"))
    );
}

#[tokio::test]
async fn tags_takes_manual_tags_off_and_keeps_automatic_ones() {
    let server = Server::alone().await;
    let acme = server.new_tenant().await;
    let found = furnish(&acme).await;
    let rule = acme
        .new_tag(json!({
            "name": "Mail",
            "detectionDetails": {
                "type": "conditionDetection", "customerNeeded": false,
                "conditions": [{ "key": "t.channel", "comparator": "in", "values": ["email"] }],
            },
        }))
        .await;
    let own = acme.new_tag(json!({ "name": "By hand" })).await;
    for (mode, expected) in
        [("tags", vec![found, rule]), ("tagsRuleBased", vec![found, rule]), ("full", vec![found, rule, own])]
    {
        let id = acme.new_ticket(reading()).await;
        server.run_jobs().await;
        assert_eq!(acme.ticket(id).await["tagIds"], json!([found, rule]));
        acme.patch("/api/mind/ticket", json!([{ "id": id, "addTagIds": [own] }])).await;

        refresh(&server, &acme, id, mode).await;

        assert_eq!(acme.ticket(id).await["tagIds"], json!(expected), "{mode}");
    }
    // By rules alone, what only the text says is not found.
    let id = acme.new_ticket(json!({ "subject": "Hallo" })).await;
    acme.patch("/api/mind/ticket", json!([{ "id": id, "subject": "Mein Zählerstand" }])).await;
    server.run_jobs().await;
    acme.patch("/api/mind/ticket", json!([{ "id": id, "tagIds": [own] }])).await;
    refresh(&server, &acme, id, "tagsRuleBased").await;
    assert_eq!(acme.ticket(id).await["tagIds"], json!([rule]));
}

#[tokio::test]
async fn refresh_true_starts_from_scratch_inside_the_request() {
    let server = Server::alone().await;
    let acme = server.new_tenant().await;
    let tag = furnish(&acme).await;
    let own = acme.new_tag(json!({ "name": "By hand" })).await;
    let id = acme.new_ticket(reading()).await;
    server.run_jobs().await;
    let change = json!([{
        "id": id, "customerId": "4711", "contractId": "0815", "customerLegitimation": 30, "tagIds": [own],
        "summary": "My own words",
    }]);
    assert_eq!(acme.patch("/api/mind/ticket", change).await.status, 200);

    let path = format!("/api/mind/ticket/{id}?refresh=true");
    let refused = acme.acting_as("integration:shop", "integration").get(&path).await;
    assert_eq!(refused.status, 403, "{}", refused.text);
    assert_eq!(acme.ticket(id).await["customerId"], "4711");

    let colleague = acme.new_agent("eva@example.com", "agent").await;
    let seen = acme.acting_as(&colleague.to_string(), "agent").get(&path).await;

    assert_eq!((seen.status, seen.header("tessera-processing")), (200, "done"), "{}", seen.text);
    let ticket = &seen.body;
    assert_eq!((&ticket["customerId"], &ticket["contractId"]), (&json!("83771"), &json!("746839")));
    assert_eq!((&ticket["customerLegitimation"], &ticket["tagIds"]), (&json!(20), &json!([tag])));
    assert_eq!(ticket["summary"], "My own words", "only customer, contract, tags and intents are cleared");
}

#[tokio::test]
async fn the_activity_explains_itself_to_administrators() {
    let server = Server::alone().await;
    let acme = server.new_tenant().await;
    furnish(&acme).await;
    let id = acme.new_ticket(reading()).await;
    server.run_jobs().await;
    let path = format!("/api/mind/ticket/{id}/activity");

    let plain = acme.get(&path).await;
    assert_eq!(plain.status, 200, "{}", plain.text);
    let row = &plain.body["activities"][0];
    assert_eq!(
        (&row["type"], &row["by"]["type"], &row["via"]),
        (&json!("analysed"), &json!("system"), &json!("system"))
    );
    assert!(row.get("stages").is_none(), "{row}");
    let fields: Vec<&Value> =
        row["changes"].as_array().unwrap().iter().map(|change| &change["field"]).collect();
    for field in ["customerId", "languageCode", "summary", "tagIds", "intents", "aiSupportLevel"] {
        assert!(fields.contains(&&json!(field)), "{field} is missing in {fields:?}");
    }

    let colleague = acme.new_agent("eva@example.com", "agent").await;
    let technical = format!("{path}?showTechnicalInformation=true");
    assert_eq!(acme.acting_as(&colleague.to_string(), "agent").get(&technical).await.status, 403);

    let customer = super::stage(&acme, id, "customer").await;
    assert_eq!((&customer["engine"], &customer["version"]), (&json!("local"), &json!("1")));
    assert!(customer["durationMs"].is_number());
    let evidence = customer["evidence"].to_string();
    assert!(evidence.contains("746839"), "{evidence}");
    let outcome = super::stage(&acme, id, "outcome").await;
    assert!(outcome["evidence"].to_string().contains("enableAiAutoProcessing"), "{outcome}");
}
