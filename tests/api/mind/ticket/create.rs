use serde_json::json;

use crate::support::Server;

#[tokio::test]
async fn a_ticket_comes_back_whole_with_its_defaults() {
    let acme = Server::shared().new_tenant().await;

    let made = acme.post("/api/mind/ticket", json!({ "channel": "email", "subject": "Hello" })).await;

    assert_eq!(made.status, 200);
    assert_eq!(made.header("tessera-outcome"), "created");
    assert_eq!(made.body["status"], "open");
}
