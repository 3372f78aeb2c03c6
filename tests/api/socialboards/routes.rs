use reqwest::Method;
use serde_json::{Value, json};

use super::{Desk, eva, plain_ticket, redacted, refusal};
use crate::mind::stored::number;
use crate::support::Server;

#[tokio::test]
async fn teammates_have_the_ids_that_tickets_are_assigned_by() {
    let (desk, guid) = Desk::furnished().await;
    let all = desk.done(Method::GET, "/Teammates", None).await;
    let all = all.as_array().unwrap();
    assert_eq!((all.len(), &all[0]["role"]), (2, &json!("admin")));
    assert_eq!(
        all[1],
        json!({ "id": guid, "name": "Eva Beispiel", "email": "eva@example.com", "role": "user" })
    );

    let team = desk.acme.post("/api/mind/team", json!({ "name": "Sales" })).await.body["id"].clone();
    let groups = desk.done(Method::GET, "/UserGroups", None).await;
    assert_eq!(groups, json!([{ "id": team, "name": "Sales" }]));
    let body = json!({ "firstName": "Tom", "email": "tom@example.com", "settings": { "teamIds": [team] } });
    desk.acme.post("/api/mind/profile", body).await;
    let sales = desk.done(Method::GET, &format!("/Teammates?group={team}"), None).await;
    assert_eq!((sales.as_array().unwrap().len(), &sales[0]["email"]), (1, &json!("tom@example.com")));
    assert_eq!(desk.done(Method::GET, "/Teammates?group=999999999", None).await, json!([]));
    let refused = desk.get("/Teammates?group=Sales").await;
    let said = "the request is not valid: ?group group must be a whole number from 1 to 9223372036854775807";
    assert_eq!(refusal(&refused), (422, 7, said));
}

#[tokio::test]
async fn what_a_tenant_defines_is_listed() {
    let (desk, _) = Desk::furnished().await;
    assert_eq!(
        desk.done(Method::GET, "/categories", None).await,
        json!([
            { "id": 15590, "name": "Cars", "parents": [] },
            { "id": 15597, "name": "New cars", "parents": [{ "id": 15590, "name": "Cars" }] },
        ])
    );
    assert_eq!(
        desk.done(Method::GET, "/customfields", None).await,
        json!([{
            "id": 42623, "name": "City", "type": "select", "order": 1, "placeholder": "", "defaultValue": null,
            "possibleValues": [{ "order": 1, "value": "Oslo" }, { "order": 2, "value": "Bergen" }], "isHidden": false,
            "isRequired": false, "isSensitiveData": false, "assignedCategoryIds": [],
        }])
    );
    let cars = desk.acme.new_tag(json!({ "name": "Cars" })).await;
    desk.acme.new_tag(json!({ "name": "Secret", "visibility": "private" })).await;
    let tags = desk.done(Method::GET, "/tags", None).await;
    assert!(tags.as_array().unwrap().contains(&json!({ "id": cars, "name": "Cars" })), "{tags}");
    assert!(!tags.to_string().contains("Secret"), "{tags}");
}

#[tokio::test]
async fn status_category_and_custom_field_are_set_one_by_one() {
    let (desk, _) = Desk::furnished().await;
    let id = desk.new_ticket(json!({})).await;
    let set = async |what: &str, body: Value| {
        let reply = desk.patch(&format!("/tickets/{id}/{what}"), body).await;
        assert_eq!((reply.status, &reply.body["data"]), (200, &json!({})), "{}", reply.text);
        desk.ticket(id).await
    };
    for (word, mind) in [("pending", "pending"), ("completed", "closed"), ("open", "open")] {
        assert_eq!(set("Status", json!({ "status": word })).await["status"], word);
        assert_eq!(desk.acme.ticket(id).await["status"], mind);
    }
    assert_eq!(set("Category", json!({ "categoryId": 15590 })).await["category"]["name"], "Cars");
    assert_eq!(set("Category", json!({ "categoryId": null })).await["category"], Value::Null);
    let field = json!({ "id": 42623, "value": "Bergen" });
    assert_eq!(set("CustomFields", field).await["customFields"][0]["value"], "Bergen");
    assert_eq!(set("CustomFields", json!({ "id": 42623, "value": null })).await["customFields"], json!([]));

    for (what, body, pointer) in [
        ("status", json!({}), "/status"),
        ("status", json!({ "status": "closed" }), "/status"),
        ("status", json!({ "status": null }), "/status"),
        ("category", json!({}), "/categoryId"),
        ("category", json!({ "categoryId": 3 }), "/categoryId"),
        ("customfields", json!({ "id": 42623 }), "/value"),
        ("customfields", json!({ "id": 42623, "value": "Rome" }), "/value"),
        ("customfields", json!({ "id": 1, "value": "Rome" }), "/id"),
    ] {
        let refused = desk.patch(&format!("/tickets/{id}/{what}"), body.clone()).await;
        let (status, _, text) = refusal(&refused);
        assert_eq!(status, 422, "{what} {body}");
        assert!(text.starts_with(&format!("the request is not valid: {pointer} ")), "{what} {body}: {text}");
    }
}

#[tokio::test]
async fn a_required_custom_field_is_asked_for_and_stays() {
    let desk = Desk::new().await;
    desk.set("customFields", json!([{ "id": 1, "name": "City", "required": true }])).await;
    for fields in [json!(null), json!([]), json!([{ "id": 1, "value": null }])] {
        let body = json!({ "message": "x", "creator": { "email": "a@b.de" }, "customFields": fields });
        let refused = desk.post("/tickets", body).await;
        let said =
            "the request is not valid: /customFields customFields must have a value for City, the field 1";
        assert_eq!(refusal(&refused), (422, 7, said), "{fields}");
    }
    let id = desk.new_ticket(json!({ "customFields": [{ "id": 1, "value": "Rome" }] })).await;
    let refused = desk.patch(&format!("/tickets/{id}/customfields"), json!({ "id": 1, "value": null })).await;
    assert_eq!(refused.status, 422);
}

#[tokio::test]
async fn tags_are_replaced_but_for_private_ones() {
    let desk = Desk::new().await;
    let (old, secret) = (
        desk.acme.new_tag(json!({ "name": "Old" })).await,
        desk.acme.new_tag(json!({ "name": "Secret", "visibility": "private" })).await,
    );
    desk.acme.new_tag(json!({ "name": "New" })).await;
    let id = desk.new_ticket(json!({})).await;
    desk.acme.patch("/api/mind/ticket", json!({ "id": id, "tagIds": [old, secret] })).await;
    let path = format!("/tickets/{id}/tags");
    assert_eq!(desk.put(&path, json!(["New"])).await.body["data"], json!({}));
    assert_eq!(desk.ticket(id).await["tags"], json!(["New"]));
    assert!(desk.acme.ticket(id).await["tagIds"].as_array().unwrap().contains(&json!(secret)));
    for (body, said) in [
        (json!(["New", "None"]), "/1 tags must hold names of tags; there is none with the name None"),
        (json!(["Secret"]), "/0 tags must hold names of tags; there is none with the name Secret"),
        (json!({ "tags": [] }), "tags must be an array"),
        (json!(null), "tags must not be null"),
        (json!([1]), "/0 tags must be a string"),
    ] {
        let refused = desk.put(&path, body.clone()).await;
        assert_eq!(refusal(&refused), (422, 7, &*format!("the request is not valid: {said}")), "{body}");
    }
    desk.set("createUnknownTags", json!(true)).await;
    assert_eq!(desk.put(&path, json!(["Fresh", "New"])).await.status, 200);
    assert_eq!(desk.ticket(id).await["tags"], json!(["New", "Fresh"]));
}

#[tokio::test]
async fn a_ticket_made_in_mind_reads_correctly() {
    let (desk, _) = Desk::furnished().await;
    let body = json!({
        "from": "bill@example.com", "fromName": "Bill", "subject": "Hi", "body": "<p>a<br>b</p>", "channel": "portal",
        "sentiment": "positive",
    });
    let id = desk.acme.new_ticket(body).await;
    let mut expected = plain_ticket();
    for (member, value) in [
        ("title", json!("Hi")),
        ("message", json!("a\nb")),
        ("htmlMessage", json!("<p>a<br>b</p>")),
        ("source", json!("web")),
        ("detailedSource", json!("web_website")),
    ] {
        expected[member] = value;
    }
    expected["author"]["name"] = json!("Bill");
    let seen = desk.ticket(id).await;
    expected["sentiment"] = seen["sentiment"].clone();
    assert_eq!(redacted(&seen), expected);
    // Whoever writes later under the same address is the same person.
    let made = desk.new_ticket(json!({})).await;
    assert_eq!(desk.ticket(made).await["author"]["id"], seen["author"]["id"]);
    assert_eq!(eva()["status"], "team");
}

#[tokio::test]
async fn unknown_tickets_and_those_of_another_tenant_are_alike() {
    let (desk, other) = (Desk::new().await, Desk::new().await);
    let theirs = other.new_ticket(json!({})).await;
    let note =
        other.done(Method::POST, &format!("/tickets/{theirs}/notes"), Some(json!({ "message": "x" }))).await;
    let before = number(&other.acme, "select count(*) from activity").await;
    let ids = ["0", "-1", "9223372036854775808", "1.5", "abc", "%00", "999999999"].map(str::to_owned);
    for id in ids.into_iter().chain([theirs.to_string()]) {
        let reply = json!({ "author": { "email": "a@b.de" }, "message": "x" });
        for (method, path, body) in [
            (Method::GET, String::new(), None),
            (
                Method::PATCH,
                "/assignee".into(),
                Some(json!({ "assigneeId": null, "previousAssigneeId": null })),
            ),
            (Method::PATCH, "/status".into(), Some(json!({ "status": "open" }))),
            (Method::PATCH, "/category".into(), Some(json!({ "categoryId": null }))),
            (Method::PUT, "/tags".into(), Some(json!([]))),
            (Method::POST, "/log".into(), Some(json!({}))),
            (Method::POST, "/replies".into(), Some(reply)),
            (Method::GET, "/replies".into(), None),
            (Method::POST, "/replies/list".into(), Some(json!({}))),
            (Method::POST, "/notes".into(), Some(json!({ "message": "x" }))),
            (Method::PATCH, format!("/notes/{}", note["id"]), Some(json!({ "message": "y" }))),
            (Method::DELETE, format!("/notes/{}", note["id"]), None),
        ] {
            let path = format!("/tickets/{id}{path}");
            let refused = desk.send(method.clone(), &path, body).await;
            let (status, code, text) = refusal(&refused);
            assert_eq!((status, code), (404, 5), "{method} {path}: {text}");
            assert!(["no such ticket", "no such note"].contains(&text), "{method} {path}: {text}");
        }
    }
    assert_eq!(number(&other.acme, "select count(*) from activity").await, before);
    let by_id = json!({ "ticketIds": [theirs] });
    assert_eq!(desk.done(Method::POST, "/tickets/list", Some(by_id)).await, json!([]));
    let author = other.ticket(theirs).await["author"]["id"].clone();
    let stolen = json!({ "message": "x", "creator": { "id": author } });
    assert_eq!(desk.post("/tickets", stolen).await.status, 422);
}

#[tokio::test]
async fn without_a_token_every_route_says_so() {
    let stranger = Server::shared().stranger();
    for (method, path) in
        [(Method::POST, "/tickets"), (Method::GET, "/teammates"), (Method::DELETE, "/tickets/1/notes/1")]
    {
        let refused = stranger.send(method, &format!("/socialboards{path}"), |request| request).await;
        assert_eq!(
            (refused.status, &refused.body["errorCode"], &refused.body["data"]),
            (401, &json!(2), &Value::Null)
        );
    }
}
