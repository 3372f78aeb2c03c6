//! Uploads as attachments of tickets.

use jiff::SignedDuration;

use serde_json::{Value, json};

use super::*;
use crate::support::Backdoor;

const TICKET: &str = "/api/mind/ticket";

fn ticket(external_id: &str, files: &[(&str, &str)]) -> Value {
    let files: Vec<Value> = files.iter().map(|(name, url)| json!({ "name": name, "url": url })).collect();
    json!({ "channel": "portal", "externalTicketId": external_id, "attachments": files })
}

#[tokio::test]
async fn a_ticket_refers_to_an_upload_and_shows_a_link_that_opens() {
    let server = Server::start().await;
    let acme = uploader(&server).await;
    let link = upload(&acme, "scan.pdf", b"%PDF-1.7\n").await;
    // A link is known by its id, however old it is and whatever the server was called.
    server.clock.advance(SignedDuration::from_hours(48));
    let alias = link.replace(&server.url, "https://alias.example.com");
    let made = acme.post(TICKET, ticket("E", &[("A scan", &alias)])).await;
    assert_eq!(made.status, 200, "{}", made.text);
    let file = &made.body["attachments"][0];
    assert_eq!((&file["name"], &file["size"]), (&json!("A scan"), &json!(9)));
    assert_eq!(file["contentType"], "application/pdf");
    assert_eq!(file["url"], file["originalUrl"]);
    let shown = file["url"].as_str().unwrap();
    assert!(shown.starts_with(&server.url) && shown != link, "{shown}");
    assert_eq!(server.stranger().get(local(shown)).await.text, "%PDF-1.7\n");
    assert_eq!(server.stranger().get(local(&link)).await.status, 403);
    let mut door = Backdoor::of_tenant(&acme.tenant).await;
    let stored = door.texts("select url from attachment union all select original_url from attachment").await;
    assert!(stored.iter().all(|url| url.starts_with("upload:")), "{stored:?}");
}

#[tokio::test]
async fn an_echo_of_what_was_read_changes_nothing() {
    let server = Server::start().await;
    let acme = uploader(&server).await;
    let link = upload(&acme, "a.txt", b"x").await;
    let files = [("a.txt", &*link), ("b.txt", "https://example.com/b.txt")];
    let made = acme.post(TICKET, ticket("E", &files)).await.body;
    server.clock.advance(SignedDuration::from_hours(1));
    let shown = made["attachments"].as_array().unwrap();
    let shown: Vec<(&str, &str)> =
        shown.iter().map(|file| (file["name"].as_str().unwrap(), file["url"].as_str().unwrap())).collect();
    let echo = acme.post(TICKET, ticket("E", &shown)).await;
    assert_eq!((echo.status, echo.header("tessera-outcome")), (200, "unchanged"), "{}", echo.text);
    assert_eq!(echo.body["attachments"][0]["id"], made["attachments"][0]["id"]);
    let less = acme.post(TICKET, ticket("E", &shown[..1])).await;
    assert_eq!(less.header("tessera-outcome"), "updated");
    assert_eq!(less.body["attachments"][0]["id"], made["attachments"][0]["id"]);
}

#[tokio::test]
async fn another_tenants_upload_is_as_missing() {
    let server = Server::shared();
    let (acme, zeta) = (uploader(server).await, uploader(server).await);
    let (own, theirs) = (upload(&acme, "a.txt", b"x").await, upload(&zeta, "a.txt", b"x").await);
    let id = |link: &str| local(link).split('/').nth(3).unwrap().to_owned();
    let missing = theirs.replace(&id(&theirs), &"0".repeat(32));
    let mut messages = Vec::new();
    for url in [&theirs, &missing, &own.replace(&id(&own), &id(&theirs))] {
        let refused =
            acme.post(TICKET, ticket("E", &[("b.txt", "https://example.com/b"), ("a.txt", url)])).await;
        assert_eq!(
            (refused.status, refused.pointers()),
            (422, vec!["/attachments/1/url"]),
            "{}",
            refused.text
        );
        assert_eq!(refused.body["errors"][0]["code"], "attachment_not_found");
        messages.push(refused.body["errors"][0]["message"].clone());
    }
    assert!(messages.iter().all(|message| *message == messages[0]));
    // An update is refused alike, with all else that is wrong.
    acme.post(TICKET, ticket("E", &[])).await;
    let mut body = ticket("E", &[("a.txt", &theirs)]);
    body["tags"] = json!([4711]);
    let refused = acme.post(TICKET, body).await;
    assert_eq!((refused.status, refused.pointers()), (422, vec!["/tags/0", "/attachments/0/url"]));
}

#[tokio::test]
async fn a_tenant_may_take_attachments_from_its_uploads_alone() {
    let server = Server::start().await;
    let acme = uploader(&server).await;
    let link = upload(&acme, "a.txt", b"x").await;
    let foreign = ("b.txt", "https://example.com/b.txt");
    assert_eq!(acme.post(TICKET, ticket("OLD", &[foreign])).await.status, 200);
    let path = "/api/mind/settings/allowForeignAttachments";
    assert_eq!(acme.put(path, json!(false)).await.status, 200);
    let own = acme.post(TICKET, ticket("NEW", &[("a.txt", &link)])).await;
    assert_eq!(own.status, 200, "{}", own.text);
    for id in ["NEW", "OTHER"] {
        let refused = acme.post(TICKET, ticket(id, &[("a.txt", &link), foreign])).await;
        assert_eq!((refused.status, refused.pointers()), (422, vec!["/attachments/1/url"]), "{id}");
        assert_eq!(refused.body["errors"][0]["code"], "foreign_attachment");
    }
    // What is there may be sent back.
    let echo = acme.post(TICKET, ticket("OLD", &[foreign])).await;
    assert_eq!((echo.status, echo.header("tessera-outcome")), (200, "unchanged"));
}

#[tokio::test]
async fn a_record_shows_no_inner_name_of_an_upload() {
    let server = Server::shared();
    let acme = uploader(server).await;
    let link = upload(&acme, "a.txt", b"x").await;
    let made = acme.post(TICKET, ticket("E", &[])).await.body["id"].clone();
    assert_eq!(acme.post(TICKET, ticket("E", &[("a.txt", &link)])).await.status, 200);
    let seen = acme.get(&format!("{TICKET}/{made}/activity")).await;
    let change = &seen.body["activities"][0]["changes"][0];
    let shown = change["to"][0].as_str().unwrap();
    assert_eq!((&change["field"], &change["from"]), (&json!("attachments"), &json!([])));
    assert!(shown.starts_with(&format!("a.txt {}/files/", server.url)), "{shown}");
}
