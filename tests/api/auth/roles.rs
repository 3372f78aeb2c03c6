//! What a role allows.

use serde_json::json;

use crate::support::Server;

use super::{READ, TICKET, assert_accepted, assert_forbidden, assert_refused, create};

#[tokio::test]
async fn a_tokens_role_is_a_ceiling() {
    let acme = Server::shared().new_tenant().await;
    let admin = acme.get("/api/mind/profiles").await.body[0]["id"].to_string();
    let agent = acme.new_agent("eva@example.com", "agent").await.to_string();
    let tag = json!({ "name": "Move", "type": "skill" });
    let lowered = [
        acme.acting_as(&admin, "agent"),
        acme.acting_as(&admin, "integration"),
        acme.acting_as(&agent, "admin"),
        acme.acting_as(&agent, "agent"),
        acme.acting_as("integration:erp", "admin"),
        acme.acting_as("integration:erp", "integration"),
    ];
    for client in lowered {
        assert_forbidden(&client.post("/api/mind/tag", tag.clone()).await);
        let subchannel = json!({ "name": "b@example.com", "type": "email" });
        assert_forbidden(&client.post("/api/mind/settings/subchannel", subchannel).await);
        let person = json!({ "email": "jonas@example.com" });
        assert_forbidden(&client.post("/api/mind/profile", person).await);
        assert_forbidden(&client.get("/api/mind/settings/timeZone").await);
        assert_forbidden(&client.put("/api/mind/settings/timeZone", json!("Europe/Berlin")).await);

        // Tickets are everybody's work.
        let id = client.new_ticket(json!({ "subject": "Hello" })).await;
        let patched = client.patch(TICKET, json!([{ "id": id, "status": "closed" }])).await;
        assert_eq!(patched.status, 200, "{}", patched.text);
        assert_eq!(client.ticket(id).await["status"], "closed");
    }
    assert_accepted(&acme.post("/api/mind/tag", tag).await);
}

#[tokio::test]
async fn nobody_acts_on_behalf_of_somebody() {
    let acme = Server::shared().new_tenant().await;
    let posing = acme.with_header("x-enneo-on-behalf-of", "1");
    assert_forbidden(&posing.get(READ).await);
    assert_forbidden(&create(&posing).await);
    assert_refused(&posing.without_token().get(READ).await);
}
