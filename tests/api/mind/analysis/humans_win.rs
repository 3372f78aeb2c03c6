//! What a person or a partner set is never replaced, and what changes while analysis runs is kept.

use serde_json::{Value, json};

use super::{furnish, reading, runs};
use crate::support::model::{Model, Say};
use crate::support::{Client, Server};

/// A server whose tenant reads its mail with this model.
async fn modelled(model: &Model) -> (Server, Client) {
    let server = Server::alone_with(&["--llm-url", &model.url, "--llm-model", "m"]).await;
    let acme = server.new_tenant().await;
    let set = acme.put("/api/mind/settings/aiEngine", json!("llm")).await;
    assert_eq!(set.status, 200, "{}", set.text);
    (server, acme)
}

/// Every field that analysis writes, with another value than it would find.
fn of_a_person(tag: i64) -> Vec<(&'static str, Value)> {
    vec![
        ("sentiment", json!("furious")),
        ("language", json!("Klingon")),
        ("languageCode", json!("tlh")),
        ("autoExecuteAt", json!("2031-01-01T00:00:00Z")),
        ("aiSupportLevel", json!("bot")),
        ("spamStatus", json!("manual_clean")),
        ("summary", json!("My own words")),
        ("bodyPlain", json!("Plain, by hand")),
        ("bodyClean", json!("Clean, by hand")),
        ("customerId", json!("4711")),
        ("contractId", json!("0815")),
        ("customerLegitimation", json!(30)),
        ("priority", json!("urgent")),
        ("dueBy", json!("2031-01-01 00:00:00")),
        ("tagIds", json!([tag])),
    ]
}

#[tokio::test]
async fn each_field_that_changes_while_analysis_runs_is_kept() {
    let model = Model::calm().await;
    let (server, acme) = modelled(&model).await;
    furnish(&acme).await;
    let own = acme.new_tag(json!({ "name": "By hand", "priority": "low", "sla": 1 })).await;
    for (asked, (member, value)) in of_a_person(own).into_iter().enumerate() {
        let id = acme.new_ticket(reading()).await;
        model.close();
        let path = format!("/api/mind/ticket/{id}");
        let (run, change) = tokio::join!(server.run_jobs(), async {
            model.asked(2 * asked + 1).await;
            let change = acme.patch("/api/mind/ticket", json!([{ "id": id, member: value }])).await;
            model.open();
            change
        });
        let () = run;
        assert_eq!(change.status, 200, "{member}: {}", change.text);
        let seen = acme.get(&format!("{path}?viewing=false")).await.body;
        if member == "tagIds" {
            assert!(seen[member].as_array().unwrap().contains(&json!(own)), "{seen}");
        } else {
            assert_eq!(seen[member], value, "{member}");
        }
        assert_eq!(runs(&acme, id).await.len(), 1, "{member}");
    }
}

#[tokio::test]
async fn what_a_person_set_before_stays_through_every_run_but_a_reset() {
    let server = Server::alone().await;
    let acme = server.new_tenant().await;
    furnish(&acme).await;
    let own = acme.new_tag(json!({ "name": "By hand", "priority": "low", "sla": 1 })).await;
    let id = acme.new_ticket(reading()).await;
    let mut change = json!({ "id": id });
    for (member, value) in of_a_person(own) {
        change[member] = value;
    }
    let changed = acme.patch("/api/mind/ticket", json!([change])).await;
    assert_eq!(changed.status, 200, "{}", changed.text);
    let before = acme.ticket(id).await;

    server.run_jobs().await;
    for mode in ["summaryAndText", "customer", "agents", "full"] {
        acme.patch("/api/mind/ticket", json!([{ "id": id, "refreshMode": mode }])).await;
        server.run_jobs().await;
    }

    let after = acme.ticket(id).await;
    for (member, _) in of_a_person(own) {
        if member != "tagIds" {
            assert_eq!(after[member], before[member], "{member}");
        }
    }
    assert!(after["tagIds"].as_array().unwrap().contains(&json!(own)));
}

#[tokio::test]
async fn a_tag_that_a_person_took_off_is_not_put_back() {
    let server = Server::alone().await;
    let acme = server.new_tenant().await;
    let tag = furnish(&acme).await;
    let id = acme.new_ticket(reading()).await;
    server.run_jobs().await;
    assert_eq!(acme.ticket(id).await["tagIds"], json!([tag]));

    acme.patch("/api/mind/ticket", json!([{ "id": id, "removeTagIds": [tag] }])).await;
    acme.patch("/api/mind/ticket", json!([{ "id": id, "refreshMode": "full" }])).await;
    server.run_jobs().await;
    assert!(!acme.ticket(id).await["tagIds"].as_array().unwrap().contains(&json!(tag)));

    // Whoever puts it on again has changed their mind.
    acme.patch("/api/mind/ticket", json!([{ "id": id, "tagIds": [tag] }])).await;
    acme.patch("/api/mind/ticket", json!([{ "id": id, "refreshMode": "full" }])).await;
    server.run_jobs().await;
    assert_eq!(acme.ticket(id).await["tagIds"], json!([tag]));
}

#[tokio::test]
async fn a_message_that_changes_while_analysis_runs_is_read_again() {
    let model = Model::start(|schema, before| {
        let mut answer = crate::support::model::calm(schema);
        if schema == "reading" {
            answer["summary"] = json!(format!("reading {before}"));
        }
        Say::Text(answer.to_string())
    })
    .await;
    let (server, acme) = modelled(&model).await;
    let id = acme.new_ticket(json!({ "subject": "One", "body": "First words of the message" })).await;
    model.close();
    tokio::join!(server.run_jobs(), async {
        model.asked(1).await;
        let change = json!([{ "id": id, "subject": "Two", "body": "Second words of the message" }]);
        assert_eq!(acme.patch("/api/mind/ticket", change).await.status, 200);
        model.open();
    });
    let seen = acme.ticket(id).await;
    assert_eq!(seen["bodyClean"], "Second words of the message");
    assert_ne!(seen["summary"], "reading 0");
    assert_eq!(runs(&acme, id).await.len(), 1);
}
