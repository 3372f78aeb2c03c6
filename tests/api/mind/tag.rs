use serde_json::{Value, json};

use crate::mind::stored::{number, redacted};
use crate::support::{Client, Server};

const PATH: &str = "/api/mind/tag";

async fn ids(client: &Client, query: &str) -> Vec<i64> {
    let found = client.get(&format!("{PATH}{query}")).await;
    assert_eq!(found.status, 200, "{}", found.text);
    assert_eq!(found.body["success"], true);
    let tags = found.body["tags"].as_array().unwrap();
    tags.iter().map(|tag| tag["id"].as_i64().unwrap()).collect()
}

#[tokio::test]
async fn a_new_tenant_has_one_tag_for_what_no_other_fits() {
    let acme = Server::shared().new_tenant().await;
    let found = acme.get(PATH).await;
    assert_eq!(found.body["tags"].as_array().unwrap().len(), 1);
    assert_eq!(
        redacted(&found.body["tags"][0], &["id", "modifiedAt"]),
        json!({
            "id": "redacted", "name": "Allgemein", "fullName": "Allgemein", "parent": null,
            "reference": "ticket", "type": "skill", "visibility": "public", "color": "grey",
            "properties": ["defaultSkill"], "complexity": "moderate", "sla": 8,
            "priority": "do-not-change", "channels": [], "subchannels": [], "routingRelevance": true,
            "detectionDetails": { "type": "manualAssignment" }, "assignment": [], "testCase": {},
            "modifiedBy": null, "modifiedAt": "redacted",
        })
    );
}

#[tokio::test]
async fn a_tag_needs_a_name_and_a_type_and_has_defaults() {
    let acme = Server::shared().new_tenant().await;

    let made = acme.post(PATH, json!({ "name": "Complaint", "type": "skill" })).await;

    assert_eq!(made.status, 200, "{}", made.text);
    let seen = acme.get(&format!("{PATH}/{}", made.body["id"])).await;
    assert_eq!(redacted(&made.body, &["id"]), json!({ "success": true, "id": "redacted", "warnings": [] }));
    assert_eq!(
        redacted(&seen.body, &["id", "modifiedAt"]),
        json!({
            "id": "redacted", "name": "Complaint", "fullName": "Complaint", "parent": null,
            "reference": "ticket", "type": "skill", "visibility": "public", "color": "grey",
            "properties": [], "complexity": "moderate", "sla": 8, "priority": "do-not-change",
            "channels": [], "subchannels": [], "routingRelevance": true,
            "detectionDetails": { "type": "manualAssignment" }, "assignment": [], "testCase": {},
            "modifiedBy": "Admin", "modifiedAt": "redacted", "success": true,
        })
    );
}

#[tokio::test]
async fn every_member_of_a_tag_is_read_back() {
    let acme = Server::shared().new_tenant().await;
    let parent = acme.new_tag(json!({ "name": "Second Level" })).await;
    let subchannel = acme.get("/api/mind/settings/subchannel").await.body["subchannels"][0]["id"].clone();
    let given = json!({
        "name": "Complaint", "parent": parent, "reference": "customer", "type": "customerProperty",
        "visibility": "private", "color": "teal", "properties": ["x"], "complexity": "high", "sla": 1.5,
        "priority": "urgent", "channels": ["email", "walkIn"], "subchannels": [subchannel],
        "routingRelevance": false, "testCase": { "b": 1, "a": 1.10 },
        "detectionDetails": { "type": "aiAndConditionDetection", "customerNeeded": false },
    });

    let made = acme.post(PATH, given.clone()).await;

    let seen = acme.get(&format!("{PATH}/{}", made.body["id"])).await;
    for (name, value) in given.as_object().unwrap() {
        assert_eq!(seen.body[name], *value, "{name}");
    }
    assert_eq!(seen.body["fullName"], "Second Level: Complaint");
    let words = ["assignByAI", "assignByChannel", "assignBySubchannel", "assignByTicketProperty"];
    assert_eq!(seen.body["assignment"], json!(words));
    for (sent, read) in [("enabled", "public"), ("visible", "public"), ("public", "public")] {
        let id = acme.new_tag(json!({ "visibility": sent })).await;
        assert_eq!(acme.get(&format!("{PATH}/{id}")).await.body["visibility"], read);
    }
    let id = acme.new_tag(json!({ "sla": null, "fullName": "Own", "parent": parent })).await;
    let own = acme.get(&format!("{PATH}/{id}")).await;
    assert_eq!((&own.body["sla"], &own.body["fullName"]), (&Value::Null, &json!("Own")));
}

#[tokio::test]
async fn every_bad_member_of_a_tag_is_named() {
    let server = Server::shared();
    let (acme, zeta) = (server.new_tenant().await, server.new_tenant().await);
    let foreign = zeta.new_tag(json!({})).await;
    let box_of_zeta = zeta.get("/api/mind/settings/subchannel").await.body["subchannels"][0]["id"].clone();
    let body = json!({
        "name": "", "fullName": "x".repeat(256), "parent": foreign, "reference": "x", "type": "x",
        "visibility": "x", "color": "x", "properties": [1], "complexity": 1, "sla": -1, "priority": "x",
        "channels": ["email", "fax"], "subchannels": [box_of_zeta], "routingRelevance": "yes",
        "detectionDetails": { "type": "x" }, "testCase": [],
    });

    let refused = acme.post(PATH, body).await;

    assert_eq!(refused.status, 422);
    let mut pointers = refused.pointers();
    pointers.sort_unstable();
    let expected = [
        "/channels/1",
        "/color",
        "/complexity",
        "/detectionDetails/type",
        "/fullName",
        "/name",
        "/parent",
        "/priority",
        "/properties/0",
        "/reference",
        "/routingRelevance",
        "/sla",
        "/subchannels/0",
        "/testCase",
        "/type",
        "/visibility",
    ];
    assert_eq!(pointers, expected);
    let empty = acme.post(PATH, json!({})).await;
    let mut pointers = empty.pointers();
    pointers.sort_unstable();
    assert_eq!(pointers, ["/name", "/type"]);
    let odd = json!({ "name": "A", "type": "skill", "colour": 1, "id": 5 });
    let strict = acme.with_header("prefer", "handling=strict").post(PATH, odd.clone()).await;
    assert_eq!((strict.status, strict.pointers()), (422, vec!["/colour"]));
    assert_eq!(number(&acme, "select count(*) from tag").await, 1);
    assert_eq!(acme.post(PATH, odd).await.warnings(), ["/colour", "/id"]);
}

#[tokio::test]
async fn a_detection_is_checked_when_it_is_saved_and_kept_as_it_came() {
    let acme = Server::shared().new_tenant().await;
    let made = async |details: Value| {
        acme.post(PATH, json!({ "name": "A", "type": "skill", "detectionDetails": details })).await
    };
    let details = json!({
        "type": "aiAndConditionDetection", "x": 1.10, "keywords": ["Zählerstand"], "prompt": null,
        "conditions": [{ "key": "t.channel", "comparator": "in", "values": ["letter"] }],
    });
    let id = made(details.clone()).await.body["id"].clone();
    let seen = acme.get(&format!("{PATH}/{id}")).await;
    assert_eq!(seen.body["detectionDetails"].to_string(), details.to_string());
    for (details, pointer) in [
        (json!({}), "/type"),
        (json!({ "type": null }), "/type"),
        (json!({ "type": 1 }), "/type"),
        (json!({ "type": "aiDetection", "customerNeeded": "yes" }), "/customerNeeded"),
        (json!({ "type": "aiDetection", "prompt": 1 }), "/prompt"),
        (json!({ "type": "aiDetection", "keywords": ["a", 1] }), "/keywords/1"),
        (
            json!({ "type": "aiDetection", "conditions": [{ "key": "t.x", "comparator": "in" }] }),
            "/conditions/0",
        ),
        (json!({ "type": "aiDetection", "x": "\0" }), "/x"),
        (json!([]), ""),
    ] {
        let refused = made(details.clone()).await;
        let pointer = format!("/detectionDetails{pointer}");
        assert_eq!(
            (refused.status, refused.pointers()),
            (422, vec![&*pointer]),
            "{details}: {}",
            refused.text
        );
    }
}

#[tokio::test]
async fn hidden_tags_and_all_below_them_are_left_out() {
    let acme = Server::shared().new_tenant().await;
    let default = ids(&acme, "").await[0];
    let public = acme.new_tag(json!({ "name": "Open" })).await;
    let private = acme.new_tag(json!({ "name": "Secret", "visibility": "private" })).await;
    let disabled = acme.new_tag(json!({ "name": "Gone", "visibility": "disabled" })).await;
    let child = acme.new_tag(json!({ "parent": private })).await;
    let grandchild = acme.new_tag(json!({ "parent": child })).await;
    let orphan = acme.new_tag(json!({ "parent": disabled })).await;
    let agent = acme.new_agent("eva@example.com", "agent").await;
    let agent = acme.acting_as(&agent.to_string(), "agent");

    assert_eq!(ids(&acme, "").await, [default, public, private, child, grandchild]);
    let all = [default, public, private, disabled, child, grandchild, orphan];
    assert_eq!(ids(&acme, "?includeDisabled=true").await, all);
    assert_eq!(ids(&agent, "").await, [default, public]);
    assert_eq!(ids(&agent, "?includeDisabled=true").await, [default, public, disabled, orphan]);
    for (client, id, status) in [
        (&acme, private, 200),
        (&acme, grandchild, 200),
        (&acme, disabled, 404),
        (&acme, orphan, 404),
        (&agent, public, 200),
        (&agent, private, 404),
        (&agent, grandchild, 404),
    ] {
        let seen = client.get(&format!("{PATH}/{id}")).await;
        assert_eq!(seen.status, status, "{id}");
    }
}

#[tokio::test]
async fn tags_are_found_by_text_and_type() {
    let acme = Server::shared().new_tenant().await;
    let parent = acme.new_tag(json!({ "name": "Änderung 100%" })).await;
    let child = acme.new_tag(json!({ "name": "Umzug", "type": "product", "parent": parent })).await;
    assert_eq!(ids(&acme, "?q=UMZUG").await, [child]);
    assert_eq!(ids(&acme, "?q=%C3%A4nderung").await, [parent, child], "the full name counts");
    assert_eq!(ids(&acme, "?q=100%25").await, [parent, child]);
    assert_eq!(ids(&acme, "?q=_").await, [0_i64; 0]);
    assert_eq!(ids(&acme, "?q=umzug%20%C3%A4nderung").await, [0_i64; 0], "each name for itself");
    assert_eq!(ids(&acme, "?type=product").await, [child]);
    for format in ["full", "compact", "short", "medium"] {
        assert_eq!(ids(&acme, &format!("?format={format}&type=product")).await, [child]);
    }
}

#[tokio::test]
async fn bad_parameters_of_the_list_are_refused() {
    let acme = Server::shared().new_tenant().await;
    let detection = acme.get(&format!("{PATH}?detectionFilter=x")).await;
    assert_eq!((detection.status, detection.pointers()), (400, vec!["?detectionFilter"]));
    for (query, pointer) in [
        ("type=x", "?type"),
        ("format=x", "?format"),
        ("includeDisabled=x", "?includeDisabled"),
        ("q=%00", "?q"),
    ] {
        let refused = acme.get(&format!("{PATH}?{query}")).await;
        assert_eq!((refused.status, refused.pointers()), (422, vec![pointer]), "{}", refused.text);
    }
}

#[tokio::test]
async fn only_administrators_make_tags_and_tenants_see_their_own() {
    let server = Server::shared();
    let (acme, zeta) = (server.new_tenant().await, server.new_tenant().await);
    let agent = acme.new_agent("eva@example.com", "agent").await;
    let body = json!({ "name": "A", "type": "skill" });
    for (client, status) in [
        (acme.acting_as(&agent.to_string(), "agent"), 403),
        (acme.acting_as(&agent.to_string(), "admin"), 403),
        (acme.acting_as("integration:shop", "admin"), 403),
        (acme.without_token(), 401),
    ] {
        assert_eq!(client.post(PATH, body.clone()).await.status, status);
    }
    let id = acme.new_tag(json!({})).await;
    for path in [format!("{PATH}/{id}"), format!("{PATH}/0"), format!("{PATH}/abc"), format!("{PATH}/1.5")] {
        let missing = zeta.get(&path).await;
        assert_eq!((missing.status, &missing.body["code"]), (404, &json!("tag_not_found")), "{path}");
    }
    assert_eq!(ids(&zeta, "").await.len(), 1);
}
