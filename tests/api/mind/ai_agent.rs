use reqwest::Method;
use serde_json::{Value, json};

use crate::mind::stored::{number, redacted};
use crate::support::{Client, Reply, Server};

const LIST: &str = "/api/mind/aiAgents";
const PATH: &str = "/api/mind/aiAgent";

async fn ids(client: &Client, query: &str) -> Vec<i64> {
    let found = client.get(&format!("{LIST}{query}")).await;
    assert_eq!(found.status, 200, "{}", found.text);
    assert_eq!(found.body["success"], true);
    let agents = found.body["aiAgents"].as_array().unwrap();
    agents.iter().map(|agent| agent["id"].as_i64().unwrap()).collect()
}

/// An AI agent's id, made with the given members besides its code and its name.
async fn new(client: &Client, code: &str, members: Value) -> i64 {
    let mut body = json!({ "code": code, "name": format!("Agent {code}") });
    body.as_object_mut().unwrap().extend(members.as_object().cloned().unwrap());
    let made = client.post(PATH, body).await;
    assert_eq!(made.status, 200, "{}", made.text);
    made.body["aiAgent"]["id"].as_i64().unwrap()
}

async fn delete(client: &Client, id: i64) -> Reply {
    client.send(Method::DELETE, &format!("{PATH}/{id}"), |request| request).await
}

fn whole(tag: i64) -> Value {
    json!({
        "code": "process_meter_reading", "name": "Meter reading", "enabled": false, "tagId": tag,
        "channels": ["email", "letter"],
        "detectionDetails": {
            "type": "aiOrConditionDetection", "customerNeeded": false, "prompt": "A reading of a meter",
            "keywords": ["Zählerstand", "meter reading"],
            "conditions": [{ "key": "t.channel", "comparator": "in", "values": ["letter"] }],
        },
        "parameters": [{
            "key": "meterValue", "name": "Reading", "type": "number", "required": true, "pattern": "^[0-9]+$",
            "values": [],
        }],
        "options": [{
            "type": "enter_into_system", "name": "Enter", "icon": "check", "recommended": true, "order": 1,
        }],
        "messages": { "preview": "Enter {meterValue}", "success": "Entered", "missing": "Ask" },
        "autoExecutable": true,
    })
}

#[tokio::test]
async fn an_ai_agent_is_saved_and_read_back() {
    let acme = Server::shared().new_tenant().await;
    let tag = acme.new_tag(json!({})).await;
    let given = whole(tag);

    let made = acme.post(PATH, given.clone()).await;

    assert_eq!(made.status, 200, "{}", made.text);
    let mut expected = given;
    let members = expected.as_object_mut().unwrap();
    members.shift_insert(0, "id".into(), made.body["aiAgent"]["id"].clone());
    members.insert("modifiedBy".into(), json!("Admin"));
    members.insert("modifiedAt".into(), made.body["aiAgent"]["modifiedAt"].clone());
    let answer = json!({ "aiAgent": expected, "success": true, "warnings": [] });
    assert_eq!(made.body.to_string(), answer.to_string(), "in this order");
    let listed = acme.get(LIST).await;
    assert_eq!(listed.body.to_string(), json!({ "aiAgents": [expected], "success": true }).to_string());
    expected["success"] = json!(true);
    let seen = acme.get(&format!("{PATH}/{}", expected["id"])).await;
    assert_eq!(seen.body.to_string(), expected.to_string());
    // What was read may be sent back.
    let echo = acme.patch(&format!("{PATH}/{}", expected["id"]), expected.clone()).await;
    assert_eq!((echo.status, echo.warnings()), (200, vec!["/id", "/modifiedBy", "/modifiedAt", "/success"]));
    let hidden = ["modifiedAt"];
    expected.as_object_mut().unwrap().remove("success");
    assert_eq!(redacted(&echo.body["aiAgent"], &hidden), redacted(&expected, &hidden));
}

#[tokio::test]
async fn a_code_and_a_name_are_enough() {
    let acme = Server::shared().new_tenant().await;
    let made = acme.post(PATH, json!({ "code": "a", "name": "A", "channels": ["all"], "tagId": null })).await;
    assert_eq!(made.status, 200, "{}", made.text);
    assert_eq!(
        redacted(&made.body["aiAgent"], &["id", "modifiedAt"]),
        json!({
            "id": "redacted", "code": "a", "name": "A", "enabled": true, "tagId": null,
            "channels": ["email", "portal", "phone", "letter", "system", "chat", "walkIn"],
            "detectionDetails": {
                "type": "manualAssignment", "customerNeeded": true, "prompt": "", "keywords": [], "conditions": [],
            },
            "parameters": [], "options": [], "messages": { "preview": "", "success": "", "missing": "" },
            "autoExecutable": false, "modifiedBy": "Admin", "modifiedAt": "redacted",
        })
    );
}

#[tokio::test]
async fn a_change_merges_objects_and_replaces_lists() {
    let acme = Server::shared().new_tenant().await;
    let tag = acme.new_tag(json!({})).await;
    let id = acme.post(PATH, whole(tag)).await.body["aiAgent"]["id"].clone();
    let path = format!("{PATH}/{id}");

    let change = json!({
        "enabled": true, "tagId": null, "detectionDetails": { "keywords": ["Ablesung"] },
        "messages": { "success": "Done" }, "options": [], "code": "meter",
    });
    let changed = acme.patch(&path, change).await;

    assert_eq!(changed.status, 200, "{}", changed.text);
    let mut expected = whole(tag);
    expected["enabled"] = json!(true);
    expected["tagId"] = Value::Null;
    expected["detectionDetails"]["keywords"] = json!(["Ablesung"]);
    expected["messages"]["success"] = json!("Done");
    expected["options"] = json!([]);
    expected["code"] = json!("meter");
    for (name, value) in expected.as_object().unwrap() {
        assert_eq!(changed.body["aiAgent"][name], *value, "{name}");
    }
    let seen = acme.get(&path).await.body;
    assert_eq!(redacted(&seen, &["success"])["messages"], expected["messages"]);
    assert_eq!(seen["code"], "meter");
    // The filters see the change.
    assert_eq!(ids(&acme, "?q=METER").await, [id.as_i64().unwrap()]);
    let refused = acme.patch(&path, json!({ "detectionDetails": { "type": "x" }, "parameters": {} })).await;
    assert_eq!((refused.status, refused.pointers()), (422, vec!["/detectionDetails/type", "/parameters"]));
    assert_eq!(acme.get(&path).await.body, seen, "all or nothing");
}

#[tokio::test]
async fn every_bad_member_of_an_ai_agent_is_named() {
    let server = Server::shared();
    let (acme, zeta) = (server.new_tenant().await, server.new_tenant().await);
    let foreign = zeta.new_tag(json!({})).await;
    let body = json!({
        "code": "Not a code", "name": "", "enabled": "yes", "tagId": foreign, "channels": ["fax"],
        "detectionDetails": {
            "type": "x", "keywords": [1], "conditions": [{ "key": "t.nothing", "comparator": "=", "value": 1 }],
        },
        "parameters": [{ "key": "a", "type": "x", "pattern": "(" }], "options": [{ "type": 1 }],
        "messages": { "preview": 1 }, "autoExecutable": 1,
    });
    let refused = acme.post(PATH, body).await;
    assert_eq!(refused.status, 422);
    let mut pointers = refused.pointers();
    pointers.sort_unstable();
    let expected = [
        "/autoExecutable",
        "/channels/0",
        "/code",
        "/detectionDetails/conditions/0",
        "/detectionDetails/keywords/0",
        "/detectionDetails/type",
        "/enabled",
        "/messages/preview",
        "/name",
        "/options/0/type",
        "/parameters/0/pattern",
        "/parameters/0/type",
        "/tagId",
    ];
    assert_eq!(pointers, expected);
    for tag in [json!(foreign), json!(9_000_000_000_000_i64), json!(0), json!(-1)] {
        let refused = acme.post(PATH, json!({ "code": "a", "name": "A", "tagId": tag })).await;
        assert_eq!((refused.status, refused.pointers()), (422, vec!["/tagId"]), "{tag}");
        assert_eq!(refused.body["errors"][0]["code"], "tag_not_found");
    }
    for (body, pointer) in [
        (json!({}), "/code"),
        (json!([]), ""),
        (json!("x"), ""),
        (Value::Null, ""),
        (json!({ "code": "a", "name": "a\0" }), "/name"),
        (json!({ "code": "a", "name": "A", "messages": { "missing": "\0" } }), "/messages/missing"),
        (json!({ "code": "a", "name": "A", "x\0": 1 }), ""),
        (json!({ "code": "a".repeat(256), "name": "A" }), "/code"),
        (json!({ "code": "a", "name": "A".repeat(256) }), "/name"),
    ] {
        let refused = acme.post(PATH, body.clone()).await;
        assert_eq!((refused.status, refused.pointers()[0]), (422, pointer), "{body}: {}", refused.text);
    }
    let odd = json!({ "code": "a", "name": "A", "colour": 1, "id": 5 });
    let strict = acme.with_header("prefer", "handling=strict").post(PATH, odd.clone()).await;
    assert_eq!((strict.status, strict.pointers()), (422, vec!["/colour"]));
    assert_eq!(number(&acme, "select count(*) from ai_agent").await, 0);
    let made = acme.post(PATH, odd).await;
    assert_eq!((made.status, made.warnings()), (200, vec!["/colour", "/id"]));
}

#[tokio::test]
async fn a_code_is_unique_among_what_is_not_deleted() {
    let server = Server::shared();
    let (acme, zeta) = (server.new_tenant().await, server.new_tenant().await);
    let first = new(&acme, "a", json!({})).await;
    let second = new(&acme, "b", json!({})).await;
    new(&zeta, "a", json!({})).await;
    let same = json!({ "code": "a", "name": "Again" });
    let taken = [acme.post(PATH, same.clone()).await, acme.patch(&format!("{PATH}/{second}"), same).await];
    for refused in taken {
        assert_eq!((refused.status, &refused.body["code"]), (409, &json!("conflict")), "{}", refused.text);
        assert_eq!(refused.pointers(), ["/code"]);
    }
    assert_eq!(acme.patch(&format!("{PATH}/{first}"), json!({ "code": "a" })).await.status, 200);

    let deleted = delete(&acme, first).await;
    assert_eq!((deleted.status, &deleted.body), (200, &json!({ "success": true })));
    assert_eq!(ids(&acme, "").await, [second]);
    let gone = [
        acme.get(&format!("{PATH}/{first}")).await,
        acme.patch(&format!("{PATH}/{first}"), json!({})).await,
        delete(&acme, first).await,
    ];
    for missing in gone {
        assert_eq!((missing.status, &missing.body["code"]), (404, &json!("ai_agent_not_found")));
    }
    assert_eq!(number(&acme, "select count(*) from ai_agent").await, 2, "its intents still name it");
    new(&acme, "a", json!({})).await;
}

#[tokio::test]
async fn ai_agents_are_found_by_what_they_are() {
    let acme = Server::shared().new_tenant().await;
    let everywhere = new(&acme, "everywhere", json!({ "enabled": false })).await;
    let by_mail = new(
        &acme,
        "mail",
        json!({
            "channels": ["email"], "detectionDetails": { "type": "aiDetection" }, "name": "Ändern 100%",
        }),
    )
    .await;
    let by_rule = new(
        &acme,
        "rule",
        json!({
            "channels": ["letter", "chat"], "detectionDetails": { "type": "conditionDetection" },
        }),
    )
    .await;
    for (query, expected) in [
        ("", vec![everywhere, by_mail, by_rule]),
        ("?q=%C3%A4NDERN", vec![by_mail]),
        ("?q=100%25", vec![by_mail]),
        ("?q=_", vec![]),
        ("?q=rule", vec![by_rule]),
        ("?channel=email", vec![everywhere, by_mail]),
        ("?channel=chat", vec![everywhere, by_rule]),
        ("?channel=all", vec![everywhere, by_mail, by_rule]),
        ("?intelligence=smart", vec![by_mail]),
        ("?intelligence=rulebased", vec![everywhere, by_rule]),
        ("?intelligence=rulebased&channel=email", vec![everywhere]),
        ("?limit=1", vec![everywhere]),
        ("?limit=1&offset=2", vec![by_rule]),
        ("?offset=3", vec![]),
    ] {
        assert_eq!(ids(&acme, query).await, expected, "{query}");
    }
    for (format, members) in [
        ("short", vec!["id", "code", "name", "enabled"]),
        ("medium", vec!["id", "code", "name", "enabled", "tagId", "channels", "autoExecutable"]),
    ] {
        let found = acme.get(&format!("{LIST}?format={format}")).await;
        let shown: Vec<&String> = found.body["aiAgents"][0].as_object().unwrap().keys().collect();
        assert_eq!(shown, members, "{format}");
    }
    assert_eq!(acme.get(&format!("{LIST}?format=full")).await.body, acme.get(LIST).await.body);
    for (query, pointer) in [
        ("format=x", "?format"),
        ("channel=fax", "?channel"),
        ("intelligence=x", "?intelligence"),
        ("q=%00", "?q"),
        ("limit=0", "?limit"),
        ("limit=1001", "?limit"),
        ("offset=-1", "?offset"),
    ] {
        let refused = acme.get(&format!("{LIST}?{query}")).await;
        assert_eq!((refused.status, refused.pointers()), (422, vec![pointer]), "{query}");
    }
}

#[tokio::test]
async fn ai_agents_of_hidden_tags_are_left_out() {
    let acme = Server::shared().new_tenant().await;
    let public = acme.new_tag(json!({})).await;
    let private = acme.new_tag(json!({ "visibility": "private" })).await;
    let below = acme.new_tag(json!({ "parent": private })).await;
    let disabled = acme.new_tag(json!({ "visibility": "disabled" })).await;
    let of_none = new(&acme, "none", json!({})).await;
    let of_public = new(&acme, "public", json!({ "tagId": public })).await;
    let of_private = new(&acme, "private", json!({ "tagId": private })).await;
    let of_below = new(&acme, "below", json!({ "tagId": below })).await;
    let of_disabled = new(&acme, "disabled", json!({ "tagId": disabled })).await;
    let agent = acme.new_agent("eva@example.com", "agent").await;
    let agent = acme.acting_as(&agent.to_string(), "agent");
    assert_eq!(ids(&acme, "").await, [of_none, of_public, of_private, of_below]);
    assert_eq!(ids(&agent, "").await, [of_none, of_public]);
    for (client, id, status) in [
        (&acme, of_below, 200),
        (&acme, of_disabled, 200),
        (&agent, of_public, 200),
        (&agent, of_private, 404),
        (&agent, of_below, 404),
        (&agent, of_disabled, 404),
    ] {
        assert_eq!(client.get(&format!("{PATH}/{id}")).await.status, status, "{id}");
    }
}

#[tokio::test]
async fn only_administrators_change_ai_agents_and_tenants_have_their_own() {
    let server = Server::start().await;
    let (acme, zeta) = (server.new_tenant().await, server.new_tenant().await);
    let agent = acme.new_agent("eva@example.com", "agent").await;
    let id = new(&acme, "a", json!({})).await;
    let path = format!("{PATH}/{id}");
    for (client, status) in [
        (acme.acting_as(&agent.to_string(), "agent"), 403),
        (acme.acting_as("integration:shop", "admin"), 403),
        (acme.without_token(), 401),
    ] {
        assert_eq!(client.post(PATH, json!({ "code": "b", "name": "B" })).await.status, status);
        assert_eq!(client.patch(&path, json!({})).await.status, status);
        assert_eq!(delete(&client, id).await.status, status);
        assert_eq!(client.get(LIST).await.status, if status == 403 { 200 } else { status });
    }
    for path in [path.clone(), format!("{PATH}/0"), format!("{PATH}/abc"), format!("{PATH}/9000000000000")] {
        let missing = [
            zeta.get(&path).await,
            zeta.patch(&path, json!({})).await,
            zeta.send(Method::DELETE, &path, |request| request).await,
        ];
        for missing in missing {
            assert_eq!(
                (missing.status, &missing.body["code"]),
                (404, &json!("ai_agent_not_found")),
                "{path}"
            );
        }
    }
    assert_eq!(ids(&zeta, "").await, [0_i64; 0]);
    for code in ["b", "c", "d"] {
        new(&acme, code, json!({})).await;
    }
    let mut least = usize::MAX;
    for _ in 0..5 {
        let before = server.statements().len();
        ids(&acme, "").await;
        least = least.min(server.statements().len() - before);
    }
    assert_eq!(least, 1);
}
