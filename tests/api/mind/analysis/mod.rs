//! Analysis as clients see it: when it runs, what it finds, and whom it never overrules.

mod bad_input;
mod humans_win;
mod llm;
mod modes;
mod refresh;

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::{Client, Server};

/// A meter reading of the directory's Tom, as he writes it.
pub fn reading() -> Value {
    json!({
        "channel": "email",
        "from": "tom@mustermann.de",
        "subject": "Mein Zählerstand",
        "body": "<p>Guten Tag,</p><p>mein Zählerstand ist 87.870,5 kWh, Vertrag 746839.</p>\
                 <p>Mit freundlichen Grüßen<br>Tom Mustermann</p>",
    })
}

/// Puts Tom and his contract into the directory, a tag for meter readings and an AI agent that reads them.
/// Returns the tag's id.
pub async fn furnish(tenant: &Client) -> i64 {
    let customer = json!({
        "id": 83771, "business": false, "company": null, "firstname": "Tom", "lastname": "Mustermann",
        "email": "tom@mustermann.de", "contractIds": [746_839],
    });
    let made = tenant.put("/api/mind/customer/83771", customer).await;
    assert_eq!(made.status, 200, "{}", made.text);
    let contract = json!({
        "id": 746_839, "customerId": "83771", "business": false, "company": null, "lastname": "Mustermann",
        "counterNumber": "1ESY1160669167",
    });
    let made = tenant.put("/api/mind/contract/746839", contract).await;
    assert_eq!(made.status, 200, "{}", made.text);
    let detection = json!({
        "type": "aiDetection", "customerNeeded": false,
        "prompt": "The customer tells the reading of a meter", "keywords": ["Zählerstand", "meter reading"],
    });
    let tag = tenant.new_tag(json!({ "name": "Zählerstand", "detectionDetails": detection })).await;
    let agent = json!({
        "code": "process_meter_reading", "name": "Meter reading", "enabled": true, "tagId": tag, "channels": ["all"],
        "detectionDetails": {
            "type": "aiDetection", "customerNeeded": true,
            "prompt": "The customer tells the reading of a meter", "keywords": ["Zählerstand", "meter reading"],
        },
        "parameters": [{ "key": "meterValue", "name": "Zählerstand", "type": "number", "required": true }],
        "options": [{ "type": "enter_into_system", "name": "Enter", "icon": "check", "recommended": true, "order": 1 }],
        "messages": { "preview": "Your reading {meterValue}", "success": "Entered", "missing": "Which reading?" },
        "autoExecutable": true,
    });
    let made = tenant.post("/api/mind/aiAgent", agent).await;
    assert_eq!(made.status, 200, "{}", made.text);
    tag
}

/// The rows of a ticket's activity that say it was analysed, with their stages.
pub async fn runs(tenant: &Client, id: i64) -> Vec<Value> {
    let path = format!("/api/mind/ticket/{id}/activity?showTechnicalInformation=true");
    let activity = tenant.get(&path).await;
    assert_eq!(activity.status, 200, "{}", activity.text);
    let rows = activity.body["activities"].as_array().cloned().unwrap_or_default();
    rows.into_iter().filter(|row| row["type"] == "analysed").collect()
}

/// The report of one stage in the latest run.
pub async fn stage(tenant: &Client, id: i64, name: &str) -> Value {
    let runs = runs(tenant, id).await;
    let stages = runs[0]["stages"].as_array().cloned().unwrap_or_default();
    stages.into_iter().find(|stage| stage["stage"] == name).unwrap_or_default()
}

/// Waits until a ticket whose job runs already, or again, is analysed.
pub async fn eventually_analysed(server: &Server, tenant: &Client, id: i64) {
    for _ in 0..200 {
        server.run_jobs().await;
        if tenant.ticket(id).await["aiSupportLevel"] != "unprocessed" {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("the ticket {id} is not analysed within ten seconds");
}
