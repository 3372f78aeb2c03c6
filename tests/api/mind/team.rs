use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::mind::stored::number;
use crate::support::{Client, Server};

const PATH: &str = "/api/mind/team";
const LIST: &str = "/api/mind/team/list";
const PROFILE: &str = "/api/mind/profile";

async fn new_team(client: &Client, name: &str) -> i64 {
    let made = client.post(PATH, json!({ "name": name })).await;
    assert_eq!(made.status, 200, "{}", made.text);
    made.body["id"].as_i64().unwrap()
}

#[tokio::test]
async fn teams_are_made_and_listed_by_id() {
    let server = Server::shared();
    let (acme, zeta) = (server.new_tenant().await, server.new_tenant().await);
    assert_eq!(acme.get(LIST).await.body, json!({ "teams": [], "success": true }));

    let made = acme.post(PATH, json!({ "name": "Second level", "colour": "blue" })).await;

    let id = &made.body["id"];
    assert_eq!((made.status, &made.body["success"], made.warnings()), (200, &json!(true), vec!["/colour"]));
    let billing = new_team(&acme, "Billing").await;
    let teams = json!([{ "id": id, "name": "Second level" }, { "id": billing, "name": "Billing" }]);
    let shop = acme.acting_as("integration:shop", "integration");
    for client in [&acme, &shop] {
        assert_eq!(client.get(LIST).await.body, json!({ "teams": teams, "success": true }));
    }
    assert_eq!(zeta.get(LIST).await.body["teams"], json!([]));
}

#[tokio::test]
async fn a_team_has_its_name_alone_among_the_tenants() {
    let server = Server::shared();
    let (acme, zeta) = (server.new_tenant().await, server.new_tenant().await);
    let mut tries = JoinSet::new();
    for _ in 0..12 {
        let acme = acme.clone();
        tries.spawn(async move { acme.post(PATH, json!({ "name": "Billing" })).await });
    }
    let replies = tries.join_all().await;
    for refused in replies.iter().filter(|reply| reply.status != 200) {
        assert_eq!((refused.status, &refused.body["code"]), (409, &json!("conflict")));
        assert_eq!(refused.pointers(), ["/name"]);
    }
    assert_eq!(replies.iter().filter(|reply| reply.status == 200).count(), 1);
    assert_eq!(number(&acme, "select count(*) from team").await, 1);
    new_team(&acme, "billing").await;
    new_team(&zeta, "Billing").await;
}

#[tokio::test]
async fn bad_teams_are_refused() {
    let acme = Server::shared().new_tenant().await;
    for name in
        [json!(""), json!("  "), json!("a\0"), json!("x".repeat(256)), json!(1), json!([]), Value::Null]
    {
        let refused = acme.post(PATH, json!({ "name": name })).await;
        assert_eq!((refused.status, refused.pointers()), (422, vec!["/name"]), "{name}");
    }
    assert_eq!(acme.post(PATH, json!({})).await.pointers(), ["/name"]);
    let strict = acme.with_header("prefer", "handling=strict");
    let strict = strict.post(PATH, json!({ "name": "A", "odd": 1 })).await;
    assert_eq!((strict.status, strict.pointers()), (422, vec!["/odd"]));
    assert_eq!(number(&acme, "select count(*) from team").await, 0);
    new_team(&acme, &"ü".repeat(255)).await;
}

#[tokio::test]
async fn only_administrators_make_teams() {
    let acme = Server::shared().new_tenant().await;
    let agent = acme.new_agent("eva@example.com", "agent").await;
    for (client, status) in [
        (acme.acting_as(&agent.to_string(), "admin"), 403),
        (acme.acting_as("integration:shop", "admin"), 403),
        (acme.without_token(), 401),
    ] {
        assert_eq!(client.post(PATH, json!({ "name": "A" })).await.status, status);
    }
}

#[tokio::test]
async fn a_new_person_joins_teams_and_shows_them() {
    let acme = Server::shared().new_tenant().await;
    let (first, second) = (new_team(&acme, "First").await, new_team(&acme, "Second").await);
    let body = json!({
        "email": "eva@example.com",
        "settings": { "teamIds": [second, first, second], "roleId": 2, "skills": {} },
    });

    let made = acme.post(PROFILE, body).await;

    assert_eq!(made.status, 200, "{}", made.text);
    let mut warnings = made.warnings();
    warnings.sort_unstable();
    assert_eq!(warnings, ["/settings/roleId", "/settings/skills"]);
    let settings = json!({ "teamIds": [first, second] });
    let people = acme.get("/api/mind/profiles").await.body;
    assert_eq!((&people[0]["settings"], &people[1]["settings"]), (&json!({ "teamIds": [] }), &settings));
    let eva = acme.acting_as(&made.body["id"].to_string(), "agent").get(PROFILE).await;
    assert_eq!(eva.body["settings"], settings);

    for settings in [Value::Null, json!({}), json!({ "teamIds": null }), json!({ "teamIds": [] })] {
        let email = format!("{}@example.com", settings.to_string().len());
        let made = acme.post(PROFILE, json!({ "email": email, "settings": settings })).await;
        assert_eq!((made.status, made.warnings()), (200, vec![]), "{settings}");
    }
}

#[tokio::test]
async fn a_team_that_is_not_there_keeps_the_person_out() {
    let server = Server::shared();
    let (acme, zeta) = (server.new_tenant().await, server.new_tenant().await);
    let (own, foreign) = (new_team(&acme, "Own").await, new_team(&zeta, "Foreign").await);
    for (settings, expected) in [
        (
            json!({ "teamIds": [foreign, own, 1_i64 << 60] }),
            vec!["/settings/teamIds/0", "/settings/teamIds/2"],
        ),
        (json!({ "teamIds": ["1", 0, own] }), vec!["/settings/teamIds/0", "/settings/teamIds/1"]),
        (json!({ "teamIds": own }), vec!["/settings/teamIds"]),
        (json!({ "teamIds": [own], "a\0": 1 }), vec!["/settings"]),
        (json!("none"), vec!["/settings"]),
    ] {
        let refused = acme.post(PROFILE, json!({ "email": "eva@example.com", "settings": settings })).await;
        assert_eq!((refused.status, refused.pointers()), (422, expected), "{settings}");
    }
    let strict = acme.with_header("prefer", "handling=strict");
    let odd = json!({ "email": "eva@example.com", "settings": { "roleId": 1 } });
    let strict = strict.post(PROFILE, odd).await;
    assert_eq!((strict.status, strict.pointers()), (422, vec!["/settings/roleId"]));
    assert_eq!(number(&acme, "select count(*) from agent").await, 1);
}
