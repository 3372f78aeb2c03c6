use serde_json::{Value, json};

use crate::mind::stored::number;
use crate::support::Server;

fn path(name: &str) -> String {
    format!("/api/mind/settings/{name}")
}

#[tokio::test]
async fn a_new_tenant_has_defaults() {
    let acme = Server::shared().new_tenant().await;
    let day = json!([{ "from": "09:00", "to": "17:00" }]);
    let week = json!({
        "monday": day, "tuesday": day, "wednesday": day, "thursday": day, "friday": day,
        "saturday": [], "sunday": [],
    });
    for (name, value) in [
        ("timeZone", json!("UTC")),
        ("businessHours", week),
        ("holidays", json!([])),
        ("firstResponseHours", Value::Null),
    ] {
        let found = acme.get(&path(name)).await;
        assert_eq!(found.status, 200, "{}", found.text);
        assert_eq!(found.body, json!({ "name": name, "value": value, "success": true }));
    }
}

#[tokio::test]
async fn a_setting_is_the_bare_value_and_counts_at_once() {
    let server = Server::shared();
    let (acme, zeta) = (server.new_tenant().await, server.new_tenant().await);
    for (name, value) in [
        ("timeZone", json!("Europe/Berlin")),
        (
            "businessHours",
            json!({ "monday": [{ "from": "00:00", "to": "12:00" }, { "from": "12:00", "to": "24:00" }] }),
        ),
        ("holidays", json!(["2026-12-25"])),
        ("firstResponseHours", json!(2.5)),
    ] {
        let before = zeta.get(&path(name)).await.body;
        let set = acme.put(&path(name), value.clone()).await;
        assert_eq!(set.status, 200, "{}", set.text);
        assert_eq!(set.body, json!({ "name": name, "value": value, "success": true }));
        assert_eq!(acme.get(&path(name)).await.body["value"], value);
        assert_eq!(zeta.get(&path(name)).await.body, before, "another tenant's stays");
    }
    let made = acme.post("/api/mind/ticket", json!({ "channel": "email", "createdAt": 1_609_502_400 })).await;
    assert_eq!(made.body["createdAt"], "2021-01-01 13:00:00");
    // Friday 13:00; the only business day is Monday.
    assert_eq!(made.body["firstResponseDueBy"], "2021-01-04 02:30:00");
    assert_eq!(acme.put(&path("firstResponseHours"), Value::Null).await.status, 200);
    let made = acme.post("/api/mind/ticket", json!({ "channel": "email" })).await;
    assert_eq!(made.body["firstResponseDueBy"], Value::Null);
}

#[tokio::test]
async fn values_that_do_not_fit_are_refused() {
    let acme = Server::shared().new_tenant().await;
    let span = |from: &str, to: &str| json!({ "from": from, "to": to });
    for (name, value, pointer) in [
        ("timeZone", json!("Mars/Olympus"), ""),
        ("timeZone", json!(1), ""),
        ("timeZone", Value::Null, ""),
        ("timeZone", json!({ "value": "UTC" }), ""),
        ("holidays", json!(["2026-12-25", "2026-02-30"]), "/1"),
        ("holidays", json!("2026-12-25"), ""),
        ("firstResponseHours", json!(-1), ""),
        ("firstResponseHours", json!("2"), ""),
        ("businessHours", json!([]), ""),
        ("businessHours", json!({ "noday": [] }), "/noday"),
        ("businessHours", json!({ "monday": {} }), "/monday"),
        ("businessHours", json!({ "monday": [span("09:00", "09:00")] }), "/monday/0"),
        ("businessHours", json!({ "monday": [span("9:00", "17:00")] }), "/monday/0"),
        ("businessHours", json!({ "monday": [span("09:00", "12:00"), span("11:00", "13:00")] }), "/monday/1"),
        ("holidays", json!(["2026-12-25", "a\0"]), "/1"),
    ] {
        let refused = acme.put(&path(name), value.clone()).await;
        assert_eq!((refused.status, refused.pointers()), (422, vec![pointer]), "{name} {value}");
    }
    assert_eq!(number(&acme, "select count(*) from setting").await, 0);
}

#[tokio::test]
async fn unknown_settings_and_other_people_are_refused() {
    let acme = Server::shared().new_tenant().await;
    let agent = acme.new_agent("eva@example.com", "agent").await;
    for name in ["colour", "timezone", "%00"] {
        for reply in [acme.get(&path(name)).await, acme.put(&path(name), json!(1)).await] {
            assert_eq!((reply.status, &reply.body["code"]), (404, &json!("setting_not_found")), "{name}");
        }
    }
    for (client, status) in [
        (acme.acting_as(&agent.to_string(), "admin"), 403),
        (acme.acting_as("integration:shop", "integration"), 403),
        (acme.without_token(), 401),
    ] {
        assert_eq!(client.get(&path("timeZone")).await.status, status);
        assert_eq!(client.put(&path("timeZone"), json!("UTC")).await.status, status);
    }
}
