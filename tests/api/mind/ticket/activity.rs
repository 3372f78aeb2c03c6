use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::mind::stored::redacted;
use crate::support::{Backdoor, Client, Server};

const PATH: &str = "/api/mind/ticket";

async fn activities(client: &Client, ticket: i64, query: &str) -> (Value, Vec<Value>) {
    let found = client.get(&format!("{PATH}/{ticket}/activity{query}")).await;
    assert_eq!(found.status, 200, "{}", found.text);
    assert_eq!(found.body["success"], true);
    (found.body["total"].clone(), found.body["activities"].as_array().unwrap().clone())
}

/// Records an analysis.
async fn analyse(client: &Client, ticket: i64) {
    let mut door = Backdoor::of_tenant(&client.tenant).await;
    sqlx::query(
        "insert into activity (tenant_id, ticket_id, version, kind, at, actor_kind, via, changes, stages)
         values (current_setting('app.tenant_id')::bigint, $1, 90, 'analysed', now(), 'system', 'system',
            '[{\"field\":\"language\",\"from\":null,\"to\":\"German\"}]',
            '[{\"stage\":\"language\",\"engine\":\"local\",\"score\":0.90}]')",
    )
    .bind(ticket)
    .execute(&mut door.connection)
    .await
    .unwrap();
    door.commit().await;
}

#[tokio::test]
async fn what_happened_is_told_newest_first_in_the_words_of_the_ticket() {
    let server = Server::start().await;
    let acme = server.new_tenant().await;
    acme.put("/api/mind/settings/timeZone", json!("Europe/Berlin")).await;
    let eva = acme.new_agent("eva@example.com", "agent").await;
    let as_eva = acme.acting_as(&eva.to_string(), "agent");
    let tag = acme.new_tag(json!({ "sla": null })).await;
    let shop = acme.acting_as("integration:shop", "integration");
    let ticket = shop.new_ticket(json!({ "cc": ["a@example.com"], "dueBy": "2030-01-02 10:00:00" })).await;
    as_eva.get(&format!("{PATH}/{ticket}")).await;
    server.clock.advance(SignedDuration::from_secs(60));
    let change = json!([{
        "id": ticket, "dueBy": "2030-07-01 09:00:00", "autoExecuteAt": "2030-01-01T10:00:00Z", "ccEmails": [],
        "tagIds": [tag], "additionalData": { "b": 1.10, "a": null }, "status": "closed", "agentId": eva,
    }]);
    let saved = as_eva.patch(PATH, change).await;
    assert_eq!(saved.status, 200, "{}", saved.text);

    let (total, told) = activities(&acme, ticket, "").await;

    assert_eq!(total, 3);
    let by_eva = json!({ "type": "agent", "id": eva, "name": "Eva Beispiel" });
    let seen = acme.ticket(ticket).await;
    assert_eq!(told[0]["at"], seen["modifiedAt"]);
    let mut found = told[0]["changes"].as_array().unwrap().clone();
    found.sort_by_key(|change| change["field"].to_string());
    let change = |field: &str, from: Value, to: Value| json!({ "field": field, "from": from, "to": to });
    let expected = [
        change("additionalData", Value::Null, json!({ "b": 1.10, "a": null })),
        change("agentId", Value::Null, json!(eva)),
        change("autoExecuteAt", Value::Null, json!("2030-01-01T10:00:00Z")),
        change("ccEmails", json!(["a@example.com"]), json!([])),
        change("closedAt", Value::Null, seen["closedAt"].clone()),
        change("dueBy", json!("2030-01-02 10:00:00"), json!("2030-07-01 09:00:00")),
        change("status", json!("open"), json!("closed")),
        change("tagIds", json!([]), json!([tag])),
    ];
    assert_eq!(Value::from(found).to_string(), Value::from(expected.to_vec()).to_string());
    assert_eq!(
        redacted(&told[0], &["id", "at", "changes"]),
        json!({
            "id": "redacted", "at": "redacted", "type": "changed", "by": by_eva, "via": "mind",
            "changes": "redacted",
        })
    );
    assert_eq!(
        redacted(&told[1], &["id", "at"]),
        json!({ "id": "redacted", "at": "redacted", "type": "viewed", "by": by_eva, "via": "mind", "changes": [] })
    );
    let by_shop = json!({ "type": "integration", "id": null, "name": "shop" });
    assert_eq!(
        redacted(&told[2], &["id"]),
        json!({
            "id": "redacted", "at": seen["createdAt"], "type": "created", "by": by_shop, "via": "mind",
            "changes": [],
        })
    );
}

#[tokio::test]
async fn administrators_are_shown_how_analysis_came_to_its_findings() {
    let acme = Server::shared().new_tenant().await;
    let eva = acme.new_agent("eva@example.com", "agent").await;
    let ticket = acme.new_ticket(json!({})).await;
    analyse(&acme, ticket).await;
    let technical = "?showTechnicalInformation=true";

    let (_, told) = activities(&acme, ticket, technical).await;
    assert_eq!(told[0]["type"], "analysed");
    assert_eq!(told[0]["by"], json!({ "type": "system", "id": null, "name": null }));
    assert_eq!(told[0]["via"], "system");
    assert_eq!(told[0]["changes"], json!([{ "field": "language", "from": null, "to": "German" }]));
    let stages = r#"[{"stage":"language","engine":"local","score":0.90}]"#;
    assert_eq!(told[0]["stages"].to_string(), stages, "as it was recorded");
    assert!(told[1].get("stages").is_none(), "only an analysis has stages");
    for query in ["", "?showTechnicalInformation=false"] {
        let (_, told) = activities(&acme, ticket, query).await;
        assert!(told[0].get("stages").is_none());
    }
    for other in
        [acme.acting_as(&eva.to_string(), "agent"), acme.acting_as("integration:shop", "integration")]
    {
        let refused = other.get(&format!("{PATH}/{ticket}/activity{technical}")).await;
        assert_eq!((refused.status, &refused.body["code"]), (403, &json!("forbidden")));
        assert_eq!(activities(&other, ticket, "").await.1.len(), 2);
    }
}

#[tokio::test]
async fn activities_come_in_pages() {
    let acme = Server::shared().new_tenant().await;
    let ticket = acme.new_ticket(json!({})).await;
    for subject in ["a", "b", "c"] {
        acme.patch(PATH, json!([{ "id": ticket, "subject": subject }])).await;
    }
    let to =
        |told: &[Value]| -> Vec<Value> { told.iter().map(|one| one["changes"][0]["to"].clone()).collect() };
    let (total, page) = activities(&acme, ticket, "?limit=2").await;
    assert_eq!((total, to(&page)), (json!(4), vec![json!("c"), json!("b")]));
    let (total, page) = activities(&acme, ticket, "?limit=2&offset=2").await;
    assert_eq!((total, to(&page)), (json!(4), vec![json!("a"), Value::Null]));
    assert_eq!(activities(&acme, ticket, "?offset=9223372036854775807").await, (json!(4), Vec::new()));
    for (query, pointer) in [
        ("limit=0", "?limit"),
        ("limit=501", "?limit"),
        ("limit=x", "?limit"),
        ("offset=-1", "?offset"),
        ("offset=9223372036854775808", "?offset"),
        ("showTechnicalInformation=x", "?showTechnicalInformation"),
    ] {
        let refused = acme.get(&format!("{PATH}/{ticket}/activity?{query}")).await;
        assert_eq!((refused.status, refused.pointers()), (422, vec![pointer]), "{query}");
    }
}

#[tokio::test]
async fn a_strangers_ticket_has_no_activity_and_a_page_costs_one_statement() {
    let server = Server::start().await;
    let (acme, zeta) = (server.new_tenant().await, server.new_tenant().await);
    let ticket = acme.new_ticket(json!({})).await;
    for path in [ticket.to_string(), "0".into(), "abc".into(), "9000000000000".into()] {
        let missing = zeta.get(&format!("{PATH}/{path}/activity")).await;
        assert_eq!((missing.status, &missing.body["code"]), (404, &json!("ticket_not_found")), "{path}");
    }
    assert_eq!(acme.without_token().get(&format!("{PATH}/{ticket}/activity")).await.status, 401);
    let mut least = usize::MAX;
    for _ in 0..5 {
        let before = server.statements().len();
        activities(&acme, ticket, "?showTechnicalInformation=true").await;
        least = least.min(server.statements().len() - before);
    }
    assert_eq!(least, 1);
}
