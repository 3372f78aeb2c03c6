//! What is easy to miss (contract, section 7), point by point, and the seed's own request.

use reqwest::Method;
use serde_json::{Value, json};

use super::{CONTACTS, Desk, SEED, TICKETS, refused, ticket_with};
use crate::mind::stored::{number, redacted};
use crate::support::Server;

#[tokio::test]
async fn the_seeds_request_works_as_it_stands() {
    let desk = Desk::new().await;
    let team = desk.new_team("IT Support").await;
    let made = desk.desk.raw(Method::POST, TICKETS, "application/json", SEED).await;
    assert_eq!(made.status, 200, "{}", made.text);
    assert_eq!(made.header("tessera-ignored"), "");
    let ticket_id = made.body["data"]["ticket_id"].as_str().unwrap();
    let (day, suffix) = ticket_id.strip_prefix("tk_").unwrap().split_once('_').unwrap();
    assert!(day.len() == 8 && day.bytes().all(|byte| byte.is_ascii_digit()), "{ticket_id}");
    assert!(suffix.len() == 20 && suffix.bytes().all(|byte| byte.is_ascii_hexdigit()), "{ticket_id}");
    assert_eq!(
        made.body,
        json!({
            "code": 0, "message": "Success",
            "data": { "ticket_id": ticket_id, "message": "Ticket created successfully" },
        })
    );

    let shown = desk.show(ticket_id).await;
    let wanted = json!({
        "ticket_id": ticket_id,
        "title": "Papierstau im Drucker, Drucken nicht möglich",
        "description": "Kund:in meldet A4-Papierstau im Ausgabefach, dringende Bearbeitung erforderlich.",
        "attachments": [{
            "file_url": "https://example.com/files/error.jpg", "file_name": "error.jpg",
            "file_type": "image/jpeg", "file_size": null,
        }],
        "status": "open", "priority": "high", "ticket_type": "incident",
        "requester": {
            "euid": "contact_12345", "name": null, "email": null, "phone": null,
            "channel_contacts": {
                "channel_id": "inbox_100", "contact_id": "-1001234567890", "sub_contact_id": "23232323",
                "followers": ["7562646527"],
            },
        },
        "submitter": { "id": "u_12345" },
        "assignment_team": { "id": team, "name": "IT Support" },
        "custom_fields": { "device_sn": "PRN-2024-001", "location": "Beijing HQ - 3. Etage Druckerraum" },
        "conversation_list": [], "status_changes": [], "tags": [],
        "created_at": "redacted", "updated_at": "redacted",
    });
    assert_eq!(redacted(&shown, &["created_at", "updated_at"]), wanted);
    let created_at: jiff::Timestamp = shown["created_at"].as_str().unwrap().parse().unwrap();
    assert!(created_at.duration_until(Server::shared().clock.now()).as_secs() < 60);

    let seen = desk.in_mind().await;
    let names = ["channel", "direction", "subject", "body", "priority", "status", "from"];
    let picked: Vec<&Value> = names.iter().map(|name| &seen[*name]).collect();
    let html = "<p>Kund:in meldet A4-Papierstau im Ausgabefach, dringende Bearbeitung erforderlich.</p>\n";
    let wanted = json!([
        "portal",
        "in",
        "Papierstau im Drucker, Drucken nicht möglich",
        html,
        "high",
        "open",
        "contact_12345",
    ]);
    assert_eq!(json!(picked), wanted);
}

#[tokio::test]
async fn point_1_success_is_code_0() {
    let desk = Desk::new().await;
    let made = desk.create(ticket_with(json!({}))).await;
    assert_eq!((made.status, &made.body["code"]), (200, &json!(0)));
    let id = made.body["data"]["ticket_id"].as_str().unwrap().to_owned();
    assert_eq!(desk.desk.get(&format!("{TICKETS}/{id}")).await.body["code"], 0);
    let put = desk.put(&id, json!({ "title": "a", "description": "b" })).await;
    assert_eq!(put.body["code"], 0);
    assert_ne!(desk.create(json!({})).await.body["code"], 0);
}

#[tokio::test]
async fn point_2_the_envelope_is_on_ticket_routes_alone() {
    let desk = Desk::new().await;
    let id = desk.new_ticket(json!({})).await;
    let contact = desk.desk.post(CONTACTS, json!({ "inbox_id": "inbox_1" })).await;
    let contacts = desk.desk.get(CONTACTS).await;
    let path = format!("/api/v2/accounts/conversations/{id}/messages");
    let message = desk.desk.post(&path, json!({ "content": "Hello" })).await;
    for reply in [contact, contacts, message] {
        assert_eq!(reply.status, 200, "{}", reply.text);
        assert_eq!((reply.body.get("code"), reply.body.get("data")), (None, None), "{}", reply.text);
    }
}

#[tokio::test]
async fn point_3_the_team_is_a_name_going_in_and_an_object_coming_out() {
    let desk = Desk::new().await;
    let team = desk.new_team("Printers").await;
    let id = desk.new_ticket(json!({ "assignment_team": "Printers" })).await;
    assert_eq!(desk.show(&id).await["assignment_team"], json!({ "id": team, "name": "Printers" }));
    let none = desk.new_ticket(json!({ "assignment_team": null })).await;
    assert_eq!(desk.show(&none).await["assignment_team"], Value::Null);
}

#[tokio::test]
async fn point_4_followers_are_objects_going_in_and_texts_coming_out() {
    let desk = Desk::new().await;
    let with = |followers: Value| {
        let channel = json!({ "channel_id": "inbox_1", "contact_id": "1", "followers": followers });
        ticket_with(json!({ "requester": { "channel_contacts": channel } }))
    };
    let made = desk.create(with(json!([{ "id": "u_1", "name": "Eva" }, { "id": "u_2" }]))).await;
    let id = made.body["data"]["ticket_id"].as_str().unwrap();
    let requester = &desk.show(id).await["requester"];
    assert_eq!(requester["channel_contacts"]["followers"], json!(["u_1", "u_2"]));
    refused(&desk.create(with(json!(["u_1"]))).await, 422, &["/requester/channel_contacts/followers/0"]);
}

#[tokio::test]
async fn point_5_without_a_type_it_is_the_text_none() {
    let desk = Desk::new().await;
    for sent in [json!({}), json!({ "ticket_type": "None" }), json!({ "ticket_type": null })] {
        let id = desk.new_ticket(sent).await;
        assert_eq!(desk.show(&id).await["ticket_type"], "None");
    }
    for word in ["problem", "incident", "question", "task"] {
        let id = desk.new_ticket(json!({ "ticket_type": word })).await;
        assert_eq!(desk.show(&id).await["ticket_type"], word);
    }
    refused(&desk.create(ticket_with(json!({ "ticket_type": "none" }))).await, 422, &["/ticket_type"]);
}

#[tokio::test]
async fn point_6_five_priorities_go_in_and_four_come_out() {
    let desk = Desk::new().await;
    let cases = [
        (json!({}), "medium"),
        (json!({ "priority": "low" }), "low"),
        (json!({ "priority": "medium" }), "medium"),
        (json!({ "priority": "normal" }), "medium"),
        (json!({ "priority": "high" }), "high"),
        (json!({ "priority": "urgent" }), "urgent"),
    ];
    let kept = desk.new_ticket(json!({ "priority": "low" })).await;
    for (sent, shown) in cases {
        let id = desk.new_ticket(sent.clone()).await;
        assert_eq!(desk.show(&id).await["priority"], shown);
        let mut body = json!({ "title": "a", "description": "b" });
        body.as_object_mut().unwrap().extend(sent.as_object().unwrap().clone());
        assert_eq!(desk.put(&kept, body).await.status, 200);
        let wanted = if sent == json!({}) { "low" } else { shown };
        assert_eq!(desk.show(&kept).await["priority"], wanted);
    }
    refused(&desk.create(ticket_with(json!({ "priority": "High" }))).await, 422, &["/priority"]);
}

#[tokio::test]
async fn point_7_the_description_is_optional_on_create_and_required_on_update() {
    let desk = Desk::new().await;
    let id = desk.new_ticket(json!({})).await;
    assert_eq!(desk.show(&id).await["description"], "");
    refused(&desk.put(&id, json!({ "title": "a" })).await, 422, &["/description"]);
    refused(&desk.put(&id, json!({ "title": "a", "description": null })).await, 422, &["/description"]);
    refused(&desk.put(&id, json!({})).await, 422, &["/title", "/description"]);
    assert_eq!(desk.put(&id, json!({ "title": "a", "description": "" })).await.status, 200);
}

#[tokio::test]
async fn point_8_tags_are_taken_on_update_alone() {
    let desk = Desk::new().await;
    desk.mind.new_tag(json!({ "name": "printer" })).await;
    let made = desk.create(ticket_with(json!({ "tags": ["printer"] }))).await;
    assert_eq!((made.status, made.header("tessera-ignored")), (200, "/tags"));
    let id = made.body["data"]["ticket_id"].as_str().unwrap();
    assert_eq!(desk.show(id).await["tags"], json!([]));
    let put = desk.put(id, json!({ "title": "a", "description": "b", "tags": ["printer"] })).await;
    assert_eq!((put.status, put.header("tessera-ignored")), (200, ""));
    assert_eq!(desk.show(id).await["tags"], json!(["printer"]));
}

#[tokio::test]
async fn point_9_a_team_must_exist_and_is_not_made() {
    let desk = Desk::new().await;
    let other = Desk::new().await;
    other.new_team("Elsewhere").await;
    for name in ["IT Support", "Elsewhere"] {
        let made = desk.create(ticket_with(json!({ "assignment_team": name }))).await;
        refused(&made, 422, &["/assignment_team"]);
    }
    let both = json!({ "title": "", "requester": { "euid": "a" }, "assignment_team": "IT Support" });
    refused(&desk.create(both).await, 422, &["/title", "/assignment_team"]);
    let nothing =
        "select (select count(*) from team) + (select count(*) from ticket) + count(*) from contact";
    assert_eq!(number(&desk.mind, nothing).await, 0);
}

#[tokio::test]
async fn point_10_attachments_are_references() {
    let desk = Desk::new().await;
    let id = desk.new_ticket(json!({ "attachments": [{ "file_url": "https://a.de/b%20c.pdf?x=1" }] })).await;
    let file = json!({
        "file_url": "https://a.de/b%20c.pdf?x=1", "file_name": "b c.pdf", "file_type": "application/pdf",
        "file_size": null,
    });
    assert_eq!(desk.show(&id).await["attachments"], json!([file]));
    let wrong = [
        (json!(["https://a.de/b"]), "/attachments/0"),
        (json!([{}]), "/attachments/0/file_url"),
        (json!([{ "file_url": "data:text/plain;base64,YQ==" }]), "/attachments/0/file_url"),
        (json!([{ "file_url": "javascript:alert(1)" }]), "/attachments/0/file_url"),
        (json!([{ "file_url": "/files/a" }]), "/attachments/0/file_url"),
        (json!([{ "file_url": 1 }]), "/attachments/0/file_url"),
        (json!({ "file_url": "https://a.de/b" }), "/attachments"),
    ];
    for (attachments, pointer) in wrong {
        refused(&desk.create(ticket_with(json!({ "attachments": attachments }))).await, 422, &[pointer]);
    }
    desk.set("allowForeignAttachments", json!(false)).await;
    let foreign = ticket_with(json!({ "attachments": [{ "file_url": "https://a.de/b" }] }));
    refused(&desk.create(foreign.clone()).await, 422, &["/attachments/0/file_url"]);
    let mut more = foreign;
    more["title"] = "".into();
    refused(&desk.create(more).await, 422, &["/title", "/attachments/0/file_url"]);
    let put = json!({ "title": "a", "attachments": [{ "file_url": "https://a.de/c" }] });
    refused(&desk.put(&id, put).await, 422, &["/description", "/attachments/0/file_url"]);
    let kept = json!({
        "title": "a", "description": "b", "attachments": [{ "file_url": "https://a.de/b%20c.pdf?x=1" }],
    });
    assert_eq!(desk.put(&id, kept).await.status, 200);
}

#[tokio::test]
async fn point_11_the_two_messages_differ() {
    let desk = Desk::new().await;
    let made = desk.create(ticket_with(json!({}))).await;
    assert_eq!(made.body["message"], "Success");
    assert_eq!(made.body["data"]["message"], "Ticket created successfully");
    let id = made.body["data"]["ticket_id"].as_str().unwrap();
    let put = desk.put(id, json!({ "title": "a", "description": "b" })).await;
    let wanted = json!({
        "code": 0, "message": "Success",
        "data": { "ticket_id": id, "message": "Ticket updated successfully" },
    });
    assert_eq!(put.body, wanted);
}

#[tokio::test]
async fn point_12_ids_are_texts_and_a_teams_is_a_number() {
    let desk = Desk::new().await;
    desk.new_team("Printers").await;
    let id = desk
        .new_ticket(json!({
            "assignment_team": "Printers", "submitter": { "id": "u_1" },
            "requester": { "channel_contacts": { "channel_id": "inbox_1", "contact_id": "c_1" } },
        }))
        .await;
    let shown = desk.show(&id).await;
    assert!(shown["assignment_team"]["id"].is_i64());
    assert_eq!(shown["submitter"]["id"], "u_1");
    assert_eq!(shown["requester"]["channel_contacts"]["channel_id"], "inbox_1");
    assert_eq!(shown["requester"]["euid"], Value::Null);
    let stranger = Desk::new().await;
    let path = format!("{TICKETS}/{id}");
    refused(&stranger.desk.get(&path).await, 404, &[]);
    refused(&stranger.put(&id, json!({ "title": "a", "description": "b" })).await, 404, &[]);
    let number = number(&desk.mind, "select id from ticket").await.to_string();
    for odd in [number.as_str(), "tk_20251104_789abc", "tk_", "x", "%00", "tk_%00", "tk_%F0%9F%98%80", "-1"] {
        refused(&desk.desk.get(&format!("{TICKETS}/{odd}")).await, 404, &[]);
    }
    refused(&desk.desk.get(&format!("{TICKETS}/tk_{}", "a".repeat(5000))).await, 404, &[]);
}

#[tokio::test]
async fn point_13_a_contact_id_like_a_negative_number_stays_a_text() {
    let desk = Desk::new().await;
    let with = |id: Value| {
        ticket_with(
            json!({ "requester": { "channel_contacts": { "channel_id": "inbox_1", "contact_id": id } } }),
        )
    };
    let made = desk.create(with(json!("-1001234567890"))).await;
    let id = made.body["data"]["ticket_id"].as_str().unwrap();
    let requester = &desk.show(id).await["requester"];
    assert_eq!(requester["channel_contacts"]["contact_id"], "-1001234567890");
    assert_eq!(desk.in_mind().await["from"], "-1001234567890");
    let number = desk.create(with(json!(-1_001_234_567_890_i64))).await;
    refused(&number, 422, &["/requester/channel_contacts/contact_id"]);
}

#[tokio::test]
async fn point_14_update_is_put_and_not_patch() {
    let desk = Desk::new().await;
    let id = desk.new_ticket(json!({})).await;
    let body = json!({ "title": "a", "description": "b" });
    let patched = desk.desk.patch(&format!("{TICKETS}/{id}"), body.clone()).await;
    refused(&patched, 405, &[]);
    assert!(patched.header("allow").contains("PUT"), "{}", patched.header("allow"));
    assert_eq!(desk.put(&id, body).await.status, 200);
    assert_eq!(desk.show(&id).await["title"], "a");
}

#[tokio::test]
async fn point_15_notes_are_in_the_conversation_and_marked() {
    let desk = Desk::new().await;
    let id = desk.new_ticket(json!({})).await;
    let path = format!("/api/v2/accounts/conversations/{id}/messages");
    desk.desk.post(&path, json!({ "content": "We come" })).await;
    desk.desk.post(&path, json!({ "content": "Difficult", "private": true })).await;
    let shown = desk.show(&id).await;
    let list = shown["conversation_list"].as_array().unwrap();
    let list: Vec<Value> = list.iter().map(|entry| redacted(entry, &["message_id", "sent_at"])).collect();
    let name = &list[0]["sender"]["name"];
    assert!(name.as_str().unwrap().starts_with("program-"), "the key's name");
    let sender = json!({ "id": null, "type": "program", "name": name });
    let entry = |content: &str, is_internal: bool| {
        json!({
            "message_id": "redacted", "sender": sender, "content": content, "content_type": "text",
            "attachments": [], "sent_at": "redacted", "is_internal": is_internal,
        })
    };
    assert_eq!(list, [entry("We come", false), entry("Difficult", true)]);
    let sent_at = shown["conversation_list"][0]["sent_at"].as_str().unwrap();
    assert!(sent_at.ends_with('Z') && sent_at.parse::<jiff::Timestamp>().is_ok(), "{sent_at}");
}
