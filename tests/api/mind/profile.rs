use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::mind::stored::{number, redacted};
use crate::support::Server;

const PATH: &str = "/api/mind/profile";

#[tokio::test]
async fn a_new_tenant_has_one_administrator() {
    let acme = Server::shared().new_tenant().await;
    let people = acme.get("/api/mind/profiles").await;
    assert_eq!(people.body.as_array().unwrap().len(), 1);
    assert_eq!(
        redacted(&people.body[0], &["id", "lastSeen"]),
        json!({
            "id": "redacted", "firstName": "Admin", "lastName": "", "email": null, "phone": null,
            "lastSeen": people.body[0]["lastSeen"].as_str().map(|_| "redacted"), "type": "enneo",
            "isSsoOnly": 0, "lang": "de", "nameAlias": null, "externalId": null, "settings": { "teamIds": [] },
        })
    );
}

#[tokio::test]
async fn a_person_is_made_and_can_act_at_once() {
    let acme = Server::shared().new_tenant().await;
    let given = json!({
        "firstName": "Eva", "lastName": "Beispiel", "email": "Eva@Example.com", "phone": "+49 1",
        "lang": "en", "nameAlias": "E.", "externalId": "EMP-1",
    });
    let mut body = given.clone();
    body["role"] = json!("agent");
    body["password"] = json!("secret");
    body["image"] = json!("AA==");

    let made = acme.post(PATH, body).await;

    assert_eq!(made.status, 200, "{}", made.text);
    let mut warnings = made.warnings();
    warnings.sort_unstable();
    assert_eq!(warnings, ["/image", "/password"]);
    let people = acme.get("/api/mind/profiles").await;
    let mut expected = given;
    expected["id"] = made.body["id"].clone();
    expected["type"] = json!("enneo");
    expected["isSsoOnly"] = json!(0);
    expected["lastSeen"] = Value::Null;
    expected["settings"] = json!({ "teamIds": [] });
    assert_eq!(people.body[1], expected);

    let eva = acme.acting_as(&made.body["id"].to_string(), "agent").get(PATH).await;
    assert_eq!((eva.status, &eva.body["id"]), (200, &made.body["id"]));
    assert_eq!(
        (&eva.body["role"], &eva.body["profile"]["email"]),
        (&json!("agent"), &json!("Eva@Example.com"))
    );
    assert_eq!(eva.body["settings"], json!({ "teamIds": [] }));
}

#[tokio::test]
async fn callers_see_what_they_may_do() {
    let acme = Server::shared().new_tenant().await;
    let agent = acme.new_agent("eva@example.com", "agent").await;
    let may = async |client: &crate::support::Client, permission: &str| {
        let me = client.get(PATH).await.body;
        me["permissions"].as_array().unwrap().contains(&json!(permission))
    };
    let admin_id = acme.get(PATH).await.body["id"].to_string();
    let eva = acme.acting_as(&agent.to_string(), "admin");
    let lowered = acme.acting_as(&admin_id, "agent");
    let shop = acme.acting_as("integration:shop", "integration");
    for (client, admin, agent) in
        [(&acme, true, true), (&eva, false, true), (&lowered, false, true), (&shop, false, false)]
    {
        assert_eq!(may(client, "viewPrivateTags").await, admin);
        assert_eq!(may(client, "executeIntent").await, agent);
        assert!(may(client, "createConversation").await);
    }
    let shop = shop.get(PATH).await.body;
    assert_eq!((&shop["id"], &shop["name"], &shop["profile"]), (&Value::Null, &json!("shop"), &Value::Null));
}

#[tokio::test]
async fn a_mail_address_belongs_to_one_person() {
    let server = Server::shared();
    let (acme, zeta) = (server.new_tenant().await, server.new_tenant().await);
    let mut tries = JoinSet::new();
    for email in ["eva@example.com", "EVA@example.com", "eva@EXAMPLE.com"].repeat(4) {
        let acme = acme.clone();
        tries.spawn(async move { acme.post(PATH, json!({ "email": email })).await });
    }
    let replies = tries.join_all().await;
    for refused in replies.iter().filter(|reply| reply.status != 200) {
        assert_eq!((refused.status, &refused.body["code"]), (409, &json!("conflict")));
        assert_eq!(refused.pointers(), ["/email"]);
    }
    assert_eq!(replies.iter().filter(|reply| reply.status == 200).count(), 1);
    assert_eq!(number(&acme, "select count(*) from agent").await, 2);
    assert_eq!(zeta.post(PATH, json!({ "email": "eva@example.com" })).await.status, 200);
}

#[tokio::test]
async fn bad_people_are_refused() {
    let acme = Server::shared().new_tenant().await;
    for (body, expected) in [
        (json!({}), vec!["/email"]),
        (json!({ "email": null }), vec!["/email"]),
        (json!({ "email": "nobody" }), vec!["/email"]),
        (json!({ "email": "Eva <eva@example.com>" }), vec!["/email"]),
        (
            json!({
                "firstName": 1, "lastName": "x".repeat(256), "email": "a\0@example.com", "phone": [],
                "role": "king", "lang": "", "nameAlias": {}, "externalId": true, "settings": [],
            }),
            vec![
                "/email",
                "/externalId",
                "/firstName",
                "/lang",
                "/lastName",
                "/nameAlias",
                "/phone",
                "/role",
                "/settings",
            ],
        ),
    ] {
        let refused = acme.post(PATH, body.clone()).await;
        let mut pointers = refused.pointers();
        pointers.sort_unstable();
        assert_eq!((refused.status, pointers), (422, expected), "{body}");
    }
    let odd = json!({ "email": "eva@example.com", "odd": 1 });
    let strict = acme.with_header("prefer", "handling=strict").post(PATH, odd).await;
    assert_eq!((strict.status, strict.pointers()), (422, vec!["/odd"]));
    assert_eq!(number(&acme, "select count(*) from agent").await, 1);
}

#[tokio::test]
async fn only_administrators_make_people() {
    let acme = Server::shared().new_tenant().await;
    let agent = acme.new_agent("eva@example.com", "agent").await;
    for (client, status) in [
        (acme.acting_as(&agent.to_string(), "admin"), 403),
        (acme.acting_as("integration:shop", "admin"), 403),
        (acme.without_token(), 401),
    ] {
        assert_eq!(client.post(PATH, json!({ "email": "a@example.com" })).await.status, status);
    }
    let second = acme.new_agent("max@example.com", "admin").await;
    let second = acme.acting_as(&second.to_string(), "admin");
    assert_eq!(second.post(PATH, json!({ "email": "a@example.com" })).await.status, 200);
}

#[tokio::test]
async fn people_are_listed_in_pages_of_their_own_tenant() {
    let server = Server::shared();
    let (acme, zeta) = (server.new_tenant().await, server.new_tenant().await);
    let mut expected = vec![acme.get(PATH).await.body["id"].as_i64().unwrap()];
    for name in ["a", "b", "c"] {
        expected.push(acme.new_agent(&format!("{name}@example.com"), "agent").await);
    }
    let ids = async |query: &str| -> Vec<i64> {
        let found = acme.get(&format!("/api/mind/profiles{query}")).await;
        assert_eq!(found.status, 200, "{}", found.text);
        found.body.as_array().unwrap().iter().map(|person| person["id"].as_i64().unwrap()).collect()
    };
    assert_eq!(ids("").await, expected);
    assert_eq!(ids("?limit=2&offset=1&format=full").await, expected[1..3]);
    assert_eq!(ids("?offset=9223372036854775807").await, [0_i64; 0]);
    for (query, pointer) in [
        ("limit=0", "?limit"),
        ("limit=1001", "?limit"),
        ("limit=x", "?limit"),
        ("offset=-1", "?offset"),
        ("format=x", "?format"),
    ] {
        let refused = acme.get(&format!("/api/mind/profiles?{query}")).await;
        assert_eq!((refused.status, refused.pointers()), (422, vec![pointer]));
    }
    assert_eq!(zeta.get("/api/mind/profiles").await.body.as_array().unwrap().len(), 1);
}
