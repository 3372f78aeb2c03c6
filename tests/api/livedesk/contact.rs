use serde_json::{Value, json};

use super::{CONTACTS, Desk, refused};
use crate::mind::stored::redacted;

const SHOWN: [&str; 3] = ["id", "created_at", "last_activity_at"];

async fn make(desk: &Desk, members: Value) -> Value {
    let mut body = json!({ "inbox_id": "inbox_1" });
    body.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
    let made = desk.desk.post(CONTACTS, body).await;
    assert_eq!(made.status, 200, "{}", made.text);
    made.body["payload"]["contact"].clone()
}

async fn names(desk: &Desk, query: &str) -> Vec<String> {
    let found = desk.desk.get(&format!("{CONTACTS}?{query}")).await;
    assert_eq!(found.status, 200, "{}", found.text);
    let payload = found.body["payload"].as_array().unwrap();
    payload.iter().map(|contact| contact["name"].as_str().unwrap_or("-").to_owned()).collect()
}

#[tokio::test]
async fn a_contact_is_made_and_is_the_requester_of_its_identifier() {
    let desk = Desk::new().await;
    let eva = json!({
        "name": "Eva Beispiel", "email": "Eva@Example.com", "phone_number": "+49 30 123",
        "avatar_url": "https://example.com/eva.png", "identifier": "contact_1",
    });
    let contact = make(&desk, eva).await;
    let wanted = json!({
        "id": "redacted", "name": "Eva Beispiel", "email": "Eva@Example.com", "phone_number": "+49 30 123",
        "identifier": "contact_1", "avatar_url": "https://example.com/eva.png",
        "thumbnail": "https://example.com/eva.png", "availability_status": "offline",
        "additional_attributes": {}, "custom_attributes": {}, "created_at": "redacted",
        "last_activity_at": "redacted", "contact_inboxes": [{ "source_id": null, "inbox": { "id": "inbox_1" } }],
    });
    assert_eq!(redacted(&contact, &SHOWN), wanted);

    let id = desk.new_ticket(json!({ "requester": { "euid": "contact_1" } })).await;
    let requester = json!({
        "euid": "contact_1", "name": "Eva Beispiel", "email": "Eva@Example.com", "phone": "+49 30 123",
        "channel_contacts": null,
    });
    assert_eq!(desk.show(&id).await["requester"], requester);
    let seen = desk.in_mind().await;
    assert_eq!((&seen["from"], &seen["fromName"]), (&json!("Eva@Example.com"), &json!("Eva Beispiel")));

    let listed = desk.desk.get(CONTACTS).await;
    assert_eq!(listed.body, json!({ "meta": { "count": 1, "current_page": 1 }, "payload": [contact] }));
    let bare = desk.desk.get(&format!("{CONTACTS}?include_contact_inboxes=false")).await;
    assert_eq!(bare.body["payload"][0].get("contact_inboxes"), None);
}

#[tokio::test]
async fn what_is_anothers_is_refused() {
    let desk = Desk::new().await;
    make(&desk, json!({ "email": "eva@example.com", "phone_number": "+49 30 123", "identifier": "a" })).await;
    let again = json!({
        "inbox_id": 2, "email": "EVA@example.com", "phone_number": "+49-30-123", "identifier": "a",
    });
    let refusal = desk.desk.post(CONTACTS, again.clone()).await;
    refused(&refusal, 422, &["/email", "/phone_number", "/identifier"]);
    let other = Desk::new().await;
    assert_eq!(other.desk.post(CONTACTS, again).await.status, 200);
}

#[tokio::test]
async fn of_many_at_once_one_gets_the_identifier() {
    let desk = Desk::new().await;
    let body = json!({ "inbox_id": "1", "identifier": "a" });
    let tries = (0..20).map(|_| desk.desk.post(CONTACTS, body.clone()));
    let statuses: Vec<u16> =
        futures_util::future::join_all(tries).await.iter().map(|reply| reply.status).collect();
    assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1, "{statuses:?}");
    assert!(statuses.iter().all(|status| [200, 422].contains(status)), "{statuses:?}");
}

#[tokio::test]
async fn what_is_wrong_with_a_contact_is_named() {
    let desk = Desk::new().await;
    let cases = [
        (json!({}), vec!["/inbox_id"]),
        (json!({ "inbox_id": " " }), vec!["/inbox_id"]),
        (json!({ "inbox_id": {} }), vec!["/inbox_id"]),
        (
            json!({ "inbox_id": "1", "name": 1, "email": "x", "phone_number": "x", "avatar_url": "x", "identifier": "" }),
            vec!["/name", "/email", "/phone_number", "/avatar_url", "/identifier"],
        ),
        (json!({ "inbox_id": "1", "name": "\u{0}", "identifier": "\u{0}" }), vec!["/name", "/identifier"]),
        (json!({ "inbox_id": "1", "identifier": "a".repeat(256) }), vec!["/identifier"]),
    ];
    for (body, pointers) in cases {
        refused(&desk.desk.post(CONTACTS, body).await, 422, &pointers);
    }
    let queries = [
        ("page=0", "?page"),
        ("page=x", "?page"),
        ("sort=colour", "?sort"),
        ("direction=up", "?direction"),
        ("include_contact_inboxes=maybe", "?include_contact_inboxes"),
        ("q=%00", "?q"),
    ];
    for (query, pointer) in queries {
        refused(&desk.desk.get(&format!("{CONTACTS}?{query}")).await, 422, &[pointer]);
    }
    assert_eq!(names(&desk, "").await, Vec::<String>::new());
}

#[tokio::test]
async fn contacts_are_found_by_what_somebody_remembers() {
    let desk = Desk::new().await;
    let people = [
        json!({ "name": "Eva Beispiel", "email": "eva@example.com", "identifier": "Contact_7" }),
        json!({ "name": "Tom Muster", "email": "tom@example.org", "phone_number": "+49 (30) 555-123" }),
        json!({ "name": "Ärzte 100%_" }),
    ];
    for person in people {
        make(&desk, person).await;
    }
    let cases = [
        ("q=beispiel", vec!["Eva Beispiel"]),
        ("q=EVA", vec!["Eva Beispiel"]),
        ("q=example", vec!["Eva Beispiel", "Tom Muster"]),
        ("q=contact_7", vec!["Eva Beispiel"]),
        ("q=30555", vec!["Tom Muster"]),
        ("q=%2B49%20(30)", vec!["Tom Muster"]),
        ("q=%C3%84RZTE", vec!["Ärzte 100%_"]),
        ("q=%25_", vec!["Ärzte 100%_"]),
        ("q=%25", vec!["Ärzte 100%_"]),
        ("q=nobody", vec![]),
        ("labels=vip", vec![]),
        ("sort=name", vec!["Eva Beispiel", "Tom Muster", "Ärzte 100%_"]),
        ("sort=name&direction=desc", vec!["Ärzte 100%_", "Tom Muster", "Eva Beispiel"]),
        ("sort=email&direction=desc", vec!["Tom Muster", "Eva Beispiel", "Ärzte 100%_"]),
        ("sort=phone_number", vec!["Tom Muster", "Eva Beispiel", "Ärzte 100%_"]),
        ("sort=created_at&direction=DESC", vec!["Ärzte 100%_", "Tom Muster", "Eva Beispiel"]),
        ("sort=last_activity_at", vec!["Eva Beispiel", "Tom Muster", "Ärzte 100%_"]),
        ("sort=city", vec!["Eva Beispiel", "Tom Muster", "Ärzte 100%_"]),
        ("q=&page=", vec!["Eva Beispiel", "Tom Muster", "Ärzte 100%_"]),
    ];
    for (query, wanted) in cases {
        assert_eq!(names(&desk, query).await, wanted, "{query}");
    }
    assert_eq!(names(&Desk::new().await, "q=eva").await, Vec::<String>::new(), "another tenant's");
}

#[tokio::test]
async fn a_page_has_fifteen() {
    let desk = Desk::new().await;
    for number in 0..17 {
        make(&desk, json!({ "name": format!("P{number:02}") })).await;
    }
    let first = desk.desk.get(&format!("{CONTACTS}?q=p")).await;
    assert_eq!(first.body["meta"], json!({ "count": 17, "current_page": 1 }));
    assert_eq!(first.body["payload"].as_array().unwrap().len(), 15);
    let second = desk.desk.get(&format!("{CONTACTS}?page=2")).await;
    assert_eq!(second.body["meta"], json!({ "count": 17, "current_page": 2 }));
    assert_eq!(names(&desk, "page=2").await, ["P15", "P16"]);
    let third = desk.desk.get(&format!("{CONTACTS}?page=3")).await;
    assert_eq!(third.body, json!({ "meta": { "count": 17, "current_page": 3 }, "payload": [] }));
}
