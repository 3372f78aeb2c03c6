//! Realtime, batch and false: when a ticket is analysed.

use serde_json::json;

use super::{eventually_analysed, furnish, reading, runs};
use crate::support::{Backdoor, Server};

#[tokio::test]
async fn realtime_answers_with_the_result() {
    let server = Server::alone().await;
    let acme = server.new_tenant().await;
    let tag = furnish(&acme).await;

    let made = acme.post("/api/mind/ticket?process=realtime", reading()).await;

    assert_eq!((made.status, made.header("tessera-processing")), (200, "done"), "{}", made.text);
    let ticket = &made.body;
    assert_eq!(ticket["languageCode"], "de");
    assert_eq!(ticket["language"], "German");
    assert_eq!(ticket["sentiment"], "neutral");
    assert_eq!(ticket["spamStatus"], "auto_clean");
    assert_eq!((&ticket["customerId"], &ticket["contractId"]), (&json!("83771"), &json!("746839")));
    assert_eq!(ticket["customerLegitimation"], 20);
    assert_eq!(ticket["tagIds"], json!([tag]));
    assert_eq!(ticket["intents"][0]["code"], "process_meter_reading");
    assert_eq!(ticket["intents"][0]["data"], json!({ "meterValue": 87870.5 }));
    assert_eq!(ticket["aiSupportLevel"], "human");
    assert_eq!(ticket["bodyClean"], "Guten Tag,\n\nmein Zählerstand ist 87.870,5 kWh, Vertrag 746839.");
    assert!(!ticket["summary"].as_str().unwrap().is_empty());
    assert_eq!(number_on(&server, &acme.tenant, "select count(*) from job").await, 0);
}

#[tokio::test]
async fn batch_answers_at_once_and_a_worker_does_it() {
    let server = Server::alone().await;
    let acme = server.new_tenant().await;
    furnish(&acme).await;
    for query in ["", "?process=batch"] {
        let made = acme.post(&format!("/api/mind/ticket{query}"), reading()).await;
        assert_eq!((made.status, made.header("tessera-processing")), (200, "queued"));
        assert_eq!(made.body["aiSupportLevel"], "unprocessed");

        server.run_jobs().await;

        let seen = acme.ticket(made.body["id"].as_i64().unwrap()).await;
        assert_eq!((&seen["aiSupportLevel"], &seen["customerId"]), (&json!("human"), &json!("83771")));
    }
}

#[tokio::test]
async fn false_waits_for_the_first_person_who_opens_the_ticket() {
    let server = Server::alone().await;
    let acme = server.new_tenant().await;
    furnish(&acme).await;
    let made = acme.post("/api/mind/ticket?process=false", reading()).await;
    assert_eq!((made.status, made.header("tessera-processing")), (200, "deferred"));
    let id = made.body["id"].as_i64().unwrap();
    let path = format!("/api/mind/ticket/{id}");
    let partner = acme.acting_as("integration:shop", "integration");

    // Nobody who counts as a viewer.
    server.run_jobs().await;
    for seen in [partner.get(&path).await, acme.get(&format!("{path}?viewing=false")).await] {
        assert_eq!(
            (&seen.body["aiSupportLevel"], seen.header("tessera-processing")),
            (&json!("unprocessed"), "")
        );
    }

    let seen = acme.get(&path).await;
    assert_eq!((&seen.body["aiSupportLevel"], seen.header("tessera-processing")), (&json!("human"), "done"));
    assert_eq!(seen.body["customerId"], "83771");

    let again = acme.get(&path).await;
    assert_eq!(again.header("tessera-processing"), "");
    assert_eq!(runs(&acme, id).await.len(), 1);
}

#[tokio::test]
async fn two_first_views_at_once_analyse_once() {
    let server = Server::alone().await;
    let acme = server.new_tenant().await;
    furnish(&acme).await;
    for _ in 0..5 {
        let made = acme.post("/api/mind/ticket?process=false", reading()).await;
        let id = made.body["id"].as_i64().unwrap();
        let views = (0..4).map(|_| {
            let acme = acme.clone();
            tokio::spawn(async move { acme.get(&format!("/api/mind/ticket/{id}")).await })
        });
        for view in views.collect::<Vec<_>>() {
            let seen = view.await.unwrap();
            assert_eq!((seen.status, &seen.body["aiSupportLevel"]), (200, &json!("human")), "{}", seen.text);
        }
        assert_eq!(runs(&acme, id).await.len(), 1);
    }
}

#[tokio::test]
async fn past_the_deadline_the_ticket_is_there_and_the_job_goes_on() {
    let server = Server::alone_with(&["--realtime-deadline", "200ms"]).await;
    let acme = server.new_tenant().await;
    furnish(&acme).await;
    let made = acme.post("/api/mind/ticket?process=batch", reading()).await;
    let id = made.body["id"].as_i64().unwrap();

    // Findings cannot be written.
    let held = Backdoor::of_tenant_in(&server.database, &acme.tenant).await;
    let held = held.hold("lock table intent in share mode").await;
    let seen = acme.get(&format!("/api/mind/ticket/{id}?viewing=false&refresh=true")).await;
    assert_eq!((seen.status, seen.header("tessera-processing")), (200, "queued"), "{}", seen.text);
    assert_eq!(seen.body["aiSupportLevel"], "unprocessed");
    held.commit().await;

    eventually_analysed(&server, &acme, id).await;
    assert_eq!(runs(&acme, id).await.len(), 1);
}

#[tokio::test]
async fn a_push_that_changes_the_message_is_analysed_again_as_it_asks() {
    let server = Server::alone().await;
    let acme = server.new_tenant().await;
    furnish(&acme).await;
    let mut push = reading();
    push["externalTicketId"] = json!("EXT-1");
    let made = acme.post("/api/mind/ticket?process=realtime", push.clone()).await;
    let id = made.body["id"].as_i64().unwrap();

    let same = acme.post("/api/mind/ticket?process=realtime", push.clone()).await;
    assert_eq!((same.header("tessera-outcome"), same.header("tessera-processing")), ("unchanged", "done"));
    assert_eq!(runs(&acme, id).await.len(), 1);

    push["body"] =
        json!("This is outrageous. My electricity has been cut off, and nobody answers the phone!");
    let changed = acme.post("/api/mind/ticket?process=realtime", push.clone()).await;
    assert_eq!(
        (changed.header("tessera-outcome"), changed.header("tessera-processing")),
        ("updated", "done")
    );
    assert_eq!(
        (&changed.body["languageCode"], &changed.body["sentiment"]),
        (&json!("en"), &json!("negative"))
    );

    push["body"] = json!("Danke, hat sich erledigt.");
    let changed = acme.post("/api/mind/ticket?process=false", push).await;
    assert_eq!(changed.header("tessera-processing"), "deferred");
    assert_eq!(changed.body["languageCode"], "en");
    let seen = acme.get(&format!("/api/mind/ticket/{id}")).await;
    assert_eq!((&seen.body["languageCode"], seen.header("tessera-processing")), (&json!("de"), "done"));
}

#[tokio::test]
async fn spam_is_not_analysed_further_until_somebody_asks() {
    let server = Server::alone().await;
    let acme = server.new_tenant().await;
    let tag = furnish(&acme).await;
    let mut push = reading();
    push["rawData"] = json!({ "headers": { "Auto-Submitted": "auto-replied" } });

    let made = acme.post("/api/mind/ticket?process=realtime", push).await;

    let id = made.body["id"].as_i64().unwrap();
    assert_eq!(made.body["spamStatus"], "auto_programmatic");
    assert_eq!(made.body["aiSupportLevel"], "human");
    assert_eq!((&made.body["customerId"], &made.body["tagIds"]), (&json!(null), &json!([])));
    assert_eq!(made.body["intents"], json!([]));

    let asked = acme.patch("/api/mind/ticket", json!([{ "id": id, "refreshMode": "full" }])).await;
    assert_eq!(asked.status, 200);
    server.run_jobs().await;
    let seen = acme.ticket(id).await;
    assert_eq!((&seen["customerId"], &seen["tagIds"]), (&json!("83771"), &json!([tag])));
    assert_eq!(seen["spamStatus"], "auto_programmatic");
}

#[tokio::test]
async fn jobs_of_a_run_that_is_repeated_leave_one_effect() {
    let server = Server::alone().await;
    let acme = server.new_tenant().await;
    furnish(&acme).await;
    let id = acme.new_ticket(reading()).await;
    server.run_jobs().await;
    let before = acme.ticket(id).await;

    // The same job again, as after a crash between its effect and its end.
    for _ in 0..2 {
        let asked = acme.patch("/api/mind/ticket", json!([{ "id": id, "refreshMode": "full" }])).await;
        assert_eq!(asked.status, 200);
        server.run_jobs().await;
    }

    let after = acme.ticket(id).await;
    assert_eq!(before, after, "a repeated run finds the same and changes nothing");
    let intents = "select count(*) from intent where status in ('preview', 'ready')";
    assert_eq!(number_on(&server, &acme.tenant, intents).await, 1);
}

async fn number_on(server: &Server, tenant: &str, sql: &'static str) -> i64 {
    Backdoor::of_tenant_in(&server.database, tenant).await.number(sql).await
}
