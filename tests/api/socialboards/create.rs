use reqwest::Method;
use serde_json::{Value, json};

use super::{Desk, client, eva, plain_ticket, redacted, refusal};
use crate::mind::stored::{jobs, number};

#[tokio::test]
async fn the_example_of_the_reference_makes_a_ticket() {
    let (desk, guid) = Desk::furnished().await;
    let body = r#"{
    "assigneeId": "43b8adc7-755d-2be3-afb1-b6a462631977",
    "attachments": [
        {
            "url": "https://your.attachment.url/filename.png",
            "name": "filename.png"
        }
    ],
    "categoryId": 15597,
    "cc": [
        "ann_smith@gmail.com"
    ],
    "creator": {
        "name": "Bill Smith",
        "email": "bill_smith@gmail.com",
        "image": null,
        "phoneNumber": null
    },
    "customFields": [
        {
            "id": 42623,
            "value": "Oslo"
        }
    ],
    "message": "Hello I want to buy a new car, how can I get a price list?",
    "sentiment": "question",
    "tags": [],
    "title": "New car price list."
}"#;
    let body = body.replace("43b8adc7-755d-2be3-afb1-b6a462631977", &guid);

    let made = desk.raw(Method::POST, "/tickets", "application/json", body).await;

    let id = made.body["data"].as_i64().unwrap();
    assert_eq!(made.text, format!("{{\"data\":{id},\"errorCode\":-1,\"errorText\":null}}"));
    assert_eq!(made.header("tessera-ignored"), "");
    let mut expected = plain_ticket();
    let message = "Hello I want to buy a new car, how can I get a price list?";
    let field = json!({
        "id": "*", "name": "City", "type": "select", "order": 1, "placeholder": "", "defaultValue": null,
        "possibleValues": [{ "order": 1, "value": "Oslo" }, { "order": 2, "value": "Bergen" }], "isHidden": false,
        "isRequired": false, "isSensitiveData": false, "assignedCategoryIds": [], "value": "Oslo",
    });
    expected.as_object_mut().unwrap().extend([
        ("title".to_owned(), json!("New car price list.")),
        ("message".to_owned(), json!(message)),
        ("htmlMessage".to_owned(), json!(message)),
        ("author".to_owned(), client("Bill Smith", Some("bill_smith@gmail.com"))),
        (
            "category".to_owned(),
            json!({ "id": "*", "name": "New cars", "parents": [{ "id": "*", "name": "Cars" }] }),
        ),
        ("customFields".to_owned(), json!([field])),
        ("lockedBy".to_owned(), eva()),
        ("sentiment".to_owned(), json!("question")),
        (
            "attachments".to_owned(),
            json!([{
                "isContentPart": false, "name": "filename.png", "url": "https://your.attachment.url/filename.png",
            }]),
        ),
    ]);
    expected["properties"]["hasAttachments"] = json!(true);
    expected["properties"]["isLocked"] = json!(true);
    let seen = desk.ticket(id).await;
    assert_eq!(redacted(&seen), expected);
    assert_eq!(seen["lockedBy"]["id"], json!(guid));
    assert_eq!(seen["category"]["id"], 15597);
    assert_eq!(seen["customFields"][0]["id"], 42623);

    let mind = desk.acme.ticket(id).await;
    for (member, value) in [
        ("channel", json!("email")),
        ("direction", json!("in")),
        ("priority", json!("low")),
        ("status", json!("open")),
        ("from", json!("bill_smith@gmail.com")),
        ("fromName", json!("Bill Smith")),
        ("ccEmails", json!(["ann_smith@gmail.com"])),
        ("subject", json!("New car price list.")),
        ("body", json!(message)),
        ("sentiment", json!("neutral")),
    ] {
        assert_eq!(mind[member], value, "{member}");
    }
    let waiting = jobs(&desk.acme).await;
    assert_eq!((waiting.len(), &waiting[0]["lane"]), (1, &json!("background")));
}

#[tokio::test]
async fn keys_count_in_any_case_and_unknown_ones_are_named() {
    let desk = Desk::new().await;
    let body = json!({
        "Title": "Old style", "MESSAGE": "Hello", "Creator": { "Name": "Bill", "EMAIL": "bill@example.com", "x": 1 },
        "Cc": ["ann@example.com"], "Attachments": [{ "Url": "https://example.com/a", "NAME": "a" }], "Foo": 2,
    });
    let made = desk.post("/tickets", body).await;
    assert_eq!(made.header("tessera-ignored"), "/Creator/x, /Foo");
    let seen = desk.ticket(made.body["data"].as_i64().unwrap()).await;
    assert_eq!((&seen["title"], &seen["author"]["name"]), (&json!("Old style"), &json!("Bill")));
    assert_eq!(seen["attachments"][0]["name"], "a");
}

#[tokio::test]
async fn a_creator_is_found_by_id_then_email_then_custom_identifier() {
    let desk = Desk::new().await;
    let author = async |creator: Value| {
        let id = desk.new_ticket(json!({ "creator": creator })).await;
        desk.ticket(id).await["author"].clone()
    };
    let bill = author(json!({ "name": "Bill", "email": "Bill@Example.com" })).await;
    let ann = author(json!({ "name": "Ann", "customIdentifier": " ANN-1 " })).await;
    assert_eq!((&ann["customIdentifier"], &ann["email"]), (&json!("ann-1"), &Value::Null));

    assert_eq!(author(json!({ "email": "bill@example.COM" })).await["id"], bill["id"]);
    assert_eq!(author(json!({ "customIdentifier": "ann-1" })).await["id"], ann["id"]);
    assert_eq!(author(json!({ "id": ann["id"], "email": "bill@example.com" })).await["id"], ann["id"]);
    let both = json!({ "email": "bill@example.com", "customIdentifier": "B-7" });
    let both = author(both).await;
    assert_eq!((&both["id"], &both["customIdentifier"]), (&bill["id"], &json!("b-7")));
    assert_eq!(author(json!({ "customIdentifier": "B-7" })).await["id"], bill["id"]);
    let bot = json!({ "email": "bot@example.com", "customIdentifier": "bot", "isBot": true });
    assert_eq!(author(bot).await["customIdentifier"], Value::Null);
    assert_eq!(number(&desk.acme, "select count(*) from contact").await, 3);

    let mind = desk.new_ticket(json!({ "creator": { "customIdentifier": "ANN-1" } })).await;
    let mind = desk.acme.ticket(mind).await;
    assert_eq!((&mind["from"], &mind["fromName"]), (&json!("ann-1"), &json!("Ann")));
}

#[tokio::test]
async fn unknown_tags_are_made_where_the_tenant_wants_it() {
    let desk = Desk::new().await;
    let known = desk.acme.new_tag(json!({ "name": "Cars" })).await;
    let refused = desk
        .post(
            "/tickets",
            json!({ "message": "x", "creator": { "email": "a@b.de" }, "tags": ["Cars", "New", "Old"] }),
        )
        .await;
    assert_eq!(
        refusal(&refused),
        (
            422,
            7,
            "the request is not valid: /tags/1 tags must hold names of tags; there is none with the name New; \
             /tags/2 tags must hold names of tags; there is none with the name Old"
        )
    );
    assert_eq!(number(&desk.acme, "select count(*) from contact").await, 0);

    desk.set("createUnknownTags", json!(true)).await;
    let id = desk.new_ticket(json!({ "tags": ["New", "Cars", "New", "Old"] })).await;
    assert_eq!(desk.ticket(id).await["tags"], json!(["Cars", "New", "Old"]));
    let again = desk.new_ticket(json!({ "tags": ["Old"] })).await;
    assert_eq!(desk.ticket(again).await["tags"], json!(["Old"]));
    assert_eq!(number(&desk.acme, "select count(*) from tag").await, 4, "with {known} and the default one");
}

#[tokio::test]
async fn what_looks_like_markup_and_is_none_reads_the_same_everywhere() {
    let desk = Desk::new().await;
    for text in ["<b>not bold</b> &amp; <script>alert(1)</script>", "a < b\nTom <tom@example.com>"] {
        let id = desk.new_ticket(json!({ "message": text, "isHtml": false })).await;
        let seen = desk.ticket(id).await;
        assert_eq!(seen["message"], text);
        let html = seen["htmlMessage"].as_str().unwrap();
        assert!(!html.contains("<b>") && !html.contains("<script") && !html.contains("<tom"), "{html}");
        let mind = desk.acme.ticket(id).await;
        let body = mind["body"].as_str().unwrap();
        assert!(!body.contains("<b>") && !body.contains("<script"), "{body}");
    }
    let html = "<p>Hello <b>you</b><script>alert(1)</script></p><img src=x onerror=alert(1)>";
    let id = desk.new_ticket(json!({ "message": html })).await;
    let seen = desk.ticket(id).await;
    assert_eq!(
        (&seen["message"], &seen["htmlMessage"]),
        (&json!("Hello you"), &json!("<p>Hello <b>you</b></p><img>"),)
    );
    assert_eq!(desk.acme.ticket(id).await["body"], html);
}

#[tokio::test]
async fn every_bad_field_is_named_at_once() {
    let (desk, _) = Desk::furnished().await;
    desk.set(
        "customFields",
        json!([
            { "id": 1, "name": "Town", "type": "select", "options": ["Oslo"], "required": true },
            { "id": 2, "name": "Doors", "type": "number" },
        ]),
    )
    .await;
    let body = json!({
        "title": "x".repeat(1001), "message": 5, "isHtml": "yes", "creator": { "name": "Bill", "email": "no" },
        "assigneeId": "00000000-0000-0000-0000-000000000001", "categoryId": 4, "cc": ["a@b.de", "no"],
        "attachments": [{ "url": "ftp://a/b", "name": "" }, {}], "customFields": [{ "id": 2, "value": [] }, { "id": 9 }],
        "sentiment": "joy", "sourceName": 1, "tags": ["None such", 5],
    });
    let refused = desk.post("/tickets", body).await;
    let (status, code, text) = refusal(&refused);
    assert_eq!((status, code), (422, 7));
    for pointer in [
        "/title",
        "/message",
        "/isHtml",
        "/creator/email",
        "/assigneeId",
        "/categoryId",
        "/cc/1",
        "/attachments/0/url",
        "/attachments/0/name",
        "/attachments/1/url",
        "/attachments/1/name",
        "/customFields/0/value",
        "/customFields/1/id",
        "/customFields",
        "/sentiment",
        "/sourceName",
        "/tags/1",
    ] {
        assert!(text.contains(&format!(" {pointer} ")), "{pointer}: {text}");
    }
    assert_eq!(number(&desk.acme, "select count(*) from ticket").await, 0);
    assert_eq!(number(&desk.acme, "select count(*) from contact").await, 0);
}

#[tokio::test]
async fn a_ticket_needs_something_to_say_and_somebody_who_says_it() {
    let desk = Desk::new().await;
    for (body, pointers) in [
        (json!({}), vec!["/message", "/creator"]),
        (json!({ "message": " ", "title": "", "creator": null }), vec!["/message", "/creator"]),
        (json!({ "message": "x", "creator": {} }), vec!["/creator"]),
        (json!({ "message": "x", "creator": { "name": "Bill", "phoneNumber": "1" } }), vec!["/creator"]),
        (json!({ "message": "x", "creator": { "email": "", "customIdentifier": " " } }), vec!["/creator"]),
        (json!({ "message": "x", "creator": { "id": "7" } }), vec!["/creator/id"]),
        (
            json!({ "message": "x", "creator": { "id": "00000000-0000-0000-0000-000000000001" } }),
            vec!["/creator/id"],
        ),
    ] {
        let refused = desk.post("/tickets", body.clone()).await;
        let (status, code, text) = refusal(&refused);
        assert_eq!((status, code), (422, 7), "{body}");
        let named: Vec<&str> = text
            .split(": ")
            .skip(1)
            .flat_map(|rest| rest.split("; "))
            .filter_map(|field| field.split(' ').next())
            .collect();
        assert_eq!(named, pointers, "{body}: {text}");
    }
    let title = json!({ "title": "Only a title", "creator": { "customIdentifier": 7 } });
    assert_eq!(desk.post("/tickets", title).await.status, 200);
    assert_eq!(number(&desk.acme, "select count(*) from ticket").await, 1);
}

#[tokio::test]
async fn the_word_for_a_mood_is_kept_and_analysis_leaves_it() {
    let desk = Desk::new().await;
    for (word, sentiment) in [
        ("question", "neutral"),
        ("praise", "positive"),
        ("suggestion", "neutral"),
        ("complaint", "negative"),
    ] {
        let id = desk.new_ticket(json!({ "sentiment": word, "message": "I hate it, it is awful." })).await;
        assert_eq!(desk.acme.get(&format!("/api/mind/ticket/{id}?refresh=true")).await.status, 200);
        assert_eq!(desk.ticket(id).await["sentiment"], word);
        assert_eq!(desk.acme.ticket(id).await["sentiment"], sentiment);
    }
    let id = desk.new_ticket(json!({})).await;
    assert_eq!(desk.ticket(id).await["sentiment"], Value::Null);
    desk.acme.patch("/api/mind/ticket", json!({ "id": id, "sentiment": "negative" })).await;
    assert_eq!(desk.ticket(id).await["sentiment"], "complaint");
}
