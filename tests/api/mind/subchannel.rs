use serde_json::{Value, json};

use crate::mind::stored::redacted;
use crate::support::{Client, Server};

const PATH: &str = "/api/mind/settings/subchannel";

async fn channels(client: &Client, query: &str) -> Vec<String> {
    let found = client.get(&format!("{PATH}{query}")).await;
    assert_eq!(found.status, 200, "{}", found.text);
    let found = found.body["subchannels"].as_array().unwrap();
    found.iter().map(|subchannel| subchannel["channel"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_new_tenant_has_a_subchannel_of_every_kind() {
    let acme = Server::shared().new_tenant().await;
    let found = acme.get(PATH).await;
    assert_eq!(channels(&acme, "").await, ["email", "portal", "phone", "letter", "chat"]);
    assert_eq!(
        redacted(&found.body["subchannels"][0], &["id"]),
        json!({
            "id": "redacted", "channel": "email", "name": "E-Mail", "isDefault": true,
            "interface": "internal", "enabled": true, "status": null, "data": {},
        })
    );
    assert_eq!(found.body["success"], true);
}

#[tokio::test]
async fn a_subchannel_is_made_and_found() {
    let acme = Server::shared().new_tenant().await;

    let made = acme.post(PATH, json!({ "name": "a@example.com", "channel": "voice", "status": "new" })).await;

    assert_eq!(made.status, 200, "{}", made.text);
    let found = acme.get(&format!("{PATH}?id={}", made.body["id"])).await;
    assert_eq!(
        redacted(&found.body["subchannels"][0], &["id"]),
        json!({
            "id": "redacted", "channel": "phone", "name": "a@example.com", "isDefault": false,
            "interface": "internal", "enabled": true, "status": "new", "data": {},
        })
    );
    for channel in ["email", "chat", "phone", "letter", "portal"] {
        assert_eq!(acme.post(PATH, json!({ "name": "A", "channel": channel })).await.status, 200);
    }
}

#[tokio::test]
async fn the_list_is_narrowed_by_channel() {
    let acme = Server::shared().new_tenant().await;
    for (query, expected) in [
        ("?channels[]=email&channels[]=chat", vec!["email", "chat"]),
        ("?channels=letter,voice", vec!["phone", "letter"]),
        ("?channel=portal", vec!["portal"]),
        ("?channels[]=internal", vec![]),
        ("?channels[]=all&channels[]=chat", vec!["email", "portal", "phone", "letter", "chat"]),
        ("?id=9000000000000", vec![]),
        ("?unknown=x", vec!["email", "portal", "phone", "letter", "chat"]),
    ] {
        assert_eq!(channels(&acme, query).await, expected, "{query}");
    }
    for (query, pointer) in [("?channels=fax", "?channels"), ("?channel=fax", "?channel"), ("?id=0", "?id")] {
        let refused = acme.get(&format!("{PATH}{query}")).await;
        assert_eq!((refused.status, refused.pointers()), (422, vec![pointer]), "{query}");
    }
}

#[tokio::test]
async fn bad_subchannels_are_refused() {
    let acme = Server::shared().new_tenant().await;
    for channel in ["system", "walkIn"] {
        let refused = acme.post(PATH, json!({ "name": "A", "channel": channel })).await;
        assert_eq!((refused.status, refused.pointers()), (400, vec!["/channel"]), "{channel}");
    }
    for (body, expected) in [
        (json!({}), vec!["/name", "/channel"]),
        (json!({ "name": null, "channel": null }), vec!["/name", "/channel"]),
        (json!({ "name": " ", "channel": "fax", "status": 1 }), vec!["/name", "/channel", "/status"]),
        (json!({ "name": "x".repeat(256), "channel": "email" }), vec!["/name"]),
        (json!({ "name": "a\0", "channel": "email" }), vec!["/name"]),
    ] {
        let refused = acme.post(PATH, body.clone()).await;
        assert_eq!((refused.status, refused.pointers()), (422, expected), "{body}");
    }
    let odd = json!({ "name": "A", "channel": "email", "data": {}, "odd": 1 });
    let strict = acme.with_header("prefer", "handling=strict").post(PATH, odd.clone()).await;
    assert_eq!((strict.status, strict.pointers()), (422, vec!["/odd"]));
    assert_eq!(channels(&acme, "").await.len(), 5, "nothing was made");
    assert_eq!(acme.post(PATH, odd).await.warnings(), ["/data", "/odd"]);
}

#[tokio::test]
async fn only_administrators_make_subchannels_and_tenants_see_their_own() {
    let server = Server::shared();
    let (acme, zeta) = (server.new_tenant().await, server.new_tenant().await);
    let agent = acme.new_agent("eva@example.com", "agent").await;
    let body = json!({ "name": "A", "channel": "email" });
    for (client, status) in [
        (acme.acting_as(&agent.to_string(), "admin"), 403),
        (acme.acting_as("integration:shop", "integration"), 403),
        (acme.without_token(), 401),
    ] {
        assert_eq!(client.post(PATH, body.clone()).await.status, status);
    }
    let made = acme.post(PATH, body).await.body["id"].clone();
    assert_ne!(made, Value::Null);
    assert_eq!(channels(&zeta, &format!("?id={made}")).await, [""; 0]);
}
