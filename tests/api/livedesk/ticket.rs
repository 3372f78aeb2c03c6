use serde_json::{Value, json};

use super::{Desk, refused, ticket_with};
use crate::mind::stored::{activity, jobs, number};
use crate::support::{Backdoor, Server};

#[tokio::test]
async fn markdown_is_kept_and_reads_as_safe_html_elsewhere() {
    let desk = Desk::new().await;
    let cases = [
        ("Hallo **Welt**", "<p>Hallo <strong>Welt</strong></p>\n"),
        ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>\n"),
        ("a <b onclick=x>b</b>", "<p>a &lt;b onclick=x&gt;b&lt;/b&gt;</p>\n"),
        ("[x](javascript:alert(1))", "<p><a href=\"\">x</a></p>\n"),
        ("![x](data:image/svg+xml,a)", "<p><img src=\"\" alt=\"x\" /></p>\n"),
    ];
    for (markdown, html) in cases {
        let id = desk.new_ticket(json!({ "description": markdown })).await;
        assert_eq!(desk.show(&id).await["description"], markdown);
        assert_eq!(desk.in_mind().await["body"], html, "{markdown}");
    }
    let id = desk.new_ticket(json!({ "description": " \n" })).await;
    assert_eq!(desk.show(&id).await["description"], " \n");
}

#[tokio::test]
async fn an_update_replaces_what_is_sent_and_keeps_the_rest() {
    let desk = Desk::new().await;
    desk.new_team("Printers").await;
    desk.mind.new_tag(json!({ "name": "printer", "sla": null })).await;
    desk.mind.new_tag(json!({ "name": "paper", "sla": null })).await;
    let id = desk
        .new_ticket(json!({
            "description": "Old", "priority": "high", "ticket_type": "incident",
            "assignment_team": "Printers", "submitter": { "id": "u_1" },
            "attachments": [{ "file_url": "https://a.de/a.png" }, { "file_url": "https://a.de/b.png" }],
            "custom_fields": { "a": 1, "b": [true, { "c": null }], "gone": null },
        }))
        .await;
    let before = desk.show(&id).await;
    assert_eq!(before["custom_fields"], json!({ "a": 1, "b": [true, { "c": null }] }));

    let new = json!({ "title": "New", "description": "Now *new*" });
    assert_eq!(desk.put(&id, new).await.status, 200);
    let mut wanted = before.clone();
    wanted["title"] = "New".into();
    wanted["description"] = "Now *new*".into();
    let shown = desk.show(&id).await;
    wanted["updated_at"] = shown["updated_at"].clone();
    assert_eq!(shown, wanted);
    assert_eq!(desk.in_mind().await["body"], "<p>Now <em>new</em></p>\n");

    let all = json!({
        "title": "New", "description": "Now *new*", "priority": "normal", "ticket_type": "None",
        "attachments": [{ "file_url": "https://a.de/b.png" }, { "file_url": "https://a.de/c.png" }],
        "custom_fields": { "b": "x" }, "tags": ["printer", "paper", "printer"],
        "status": "closed", "requester": { "euid": "x" }, "submitter": {}, "assignment_team": "x",
    });
    let put = desk.put(&id, all).await;
    assert_eq!(put.status, 200, "{}", put.text);
    assert_eq!(put.header("tessera-ignored"), "/assignment_team, /requester, /status, /submitter");
    let shown = desk.show(&id).await;
    wanted["priority"] = "medium".into();
    wanted["ticket_type"] = "None".into();
    wanted["custom_fields"] = json!({ "b": "x" });
    wanted["tags"] = json!(["printer", "paper"]);
    let mut second = before["attachments"][1].clone();
    second["file_url"] = "https://a.de/c.png".into();
    second["file_name"] = "c.png".into();
    wanted["attachments"] = json!([before["attachments"][1], second]);
    wanted["updated_at"] = shown["updated_at"].clone();
    assert_eq!(shown, wanted);
    let rows = activity(&desk.mind).await;
    let last = rows.last().unwrap();
    let fields: Vec<&Value> = last["changes"].as_array().unwrap().iter().map(|one| &one["field"]).collect();
    let mut fields: Vec<&str> = fields.into_iter().map(|field| field.as_str().unwrap()).collect();
    fields.sort_unstable();
    assert_eq!(fields, ["attachments", "custom_values", "priority", "tags", "ticket_type"]);
    assert_eq!((&last["via"], rows.len()), (&json!("livedesk"), 3));
    assert!(last["actor_name"].as_str().unwrap().starts_with("program-"));

    let none = json!({
        "title": "New", "description": "Now *new*", "attachments": [], "custom_fields": {}, "tags": [],
    });
    assert_eq!(desk.put(&id, none).await.status, 200);
    let shown = desk.show(&id).await;
    let left = [&shown["attachments"], &shown["custom_fields"], &shown["tags"]];
    assert_eq!(json!(left), json!([[], {}, []]));
    let nulls = json!({
        "title": "New", "description": "Now *new*", "attachments": null, "custom_fields": null, "tags": null,
        "priority": null, "ticket_type": null,
    });
    assert_eq!(desk.put(&id, nulls).await.status, 200);
    assert_eq!(activity(&desk.mind).await.len(), 4, "nulls keep");
}

#[tokio::test]
async fn an_update_that_says_nothing_new_writes_nothing() {
    let desk = Desk::new().await;
    desk.mind.new_tag(json!({ "name": "printer" })).await;
    let id = desk.new_ticket(json!({ "description": "*a*", "custom_fields": { "a": 1 } })).await;
    let first = json!({
        "title": "Printer", "description": "*a*", "tags": ["printer"],
        "attachments": [{ "file_url": "https://a.de/a.png" }],
    });
    desk.put(&id, first).await;
    // What was read goes back as it is.
    let echo = desk.show(&id).await;
    let before = Backdoor::of_tenant(&desk.mind.tenant).await.rows().await;
    let put = desk.put(&id, echo.clone()).await;
    assert_eq!(put.status, 200, "{}", put.text);
    assert_eq!(Backdoor::of_tenant(&desk.mind.tenant).await.rows().await, before);
    assert_eq!(desk.show(&id).await, echo);
}

#[tokio::test]
async fn a_ticket_of_mind_reads_here_and_goes_back_unharmed() {
    let desk = Desk::new().await;
    let tag = desk.mind.new_tag(json!({ "name": "meter" })).await;
    let hidden = desk.mind.new_tag(json!({ "name": "vip", "visibility": "private" })).await;
    let made = desk
        .mind
        .new_ticket(json!({
            "from": "eva@example.com", "fromName": "Eva", "subject": "Meter", "priority": "urgent",
            "body": "<p>My <b>meter</b></p><p>is 12.</p>", "tags": [tag, hidden],
            "attachments": [{ "name": "scan.pdf", "url": "https://a.de/1", "inline": true },
                { "name": "other.pdf", "url": "https://a.de/1" }],
        }))
        .await;
    let id = desk.ticket_id().await;
    let shown = desk.show(&id).await;
    assert_eq!(shown["description"], "My meter\n\nis 12.");
    let requester = json!({
        "euid": null, "name": "Eva", "email": "eva@example.com", "phone": null, "channel_contacts": null,
    });
    assert_eq!(shown["requester"], requester);
    let picked = ["priority", "tags", "ticket_type", "submitter", "assignment_team", "custom_fields"];
    let picked: Vec<&Value> = picked.iter().map(|name| &shown[*name]).collect();
    assert_eq!(json!(picked), json!(["urgent", ["meter"], "None", null, null, {}]));
    assert_eq!(shown["attachments"][0]["file_name"], "scan.pdf");

    let before = desk.mind.ticket(made).await;
    assert_eq!(desk.put(&id, shown).await.status, 200);
    assert_eq!(desk.mind.ticket(made).await, before);

    let changed = json!({ "title": "Meter", "description": "**12**", "tags": [] });
    assert_eq!(desk.put(&id, changed).await.status, 200);
    let after = desk.mind.ticket(made).await;
    assert_eq!(
        (&after["body"], &after["tagIds"]),
        (&json!("<p><strong>12</strong></p>\n"), &json!([hidden]))
    );
    // Another hand on the body takes the Markdown away.
    desk.mind.patch("/api/mind/ticket", json!([{ "id": made, "body": "<p>13</p>" }])).await;
    assert_eq!(desk.show(&id).await["description"], "13");
}

#[tokio::test]
async fn senders_of_other_dialects_are_told_apart() {
    let desk = Desk::new().await;
    let cases = [
        (json!({ "from": "+49 30 123" }), json!([null, null, null, "+49 30 123"])),
        (
            json!({ "channel": "chat", "from": "chat:7", "fromName": "Tom" }),
            json!(["chat:7", "Tom", null, null]),
        ),
        (json!({ "channel": "system", "from": "erp" }), json!([null, null, null, null])),
        (json!({}), json!([null, null, null, null])),
    ];
    for (members, wanted) in cases {
        let mut body = json!({ "channel": "phone" });
        body.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
        desk.mind.new_ticket(body).await;
        let requester = desk.show(&desk.ticket_id().await).await["requester"].clone();
        let names = ["euid", "name", "email", "phone"];
        let picked: Vec<&Value> = names.iter().map(|name| &requester[*name]).collect();
        assert_eq!(json!(picked), wanted, "{members}");
    }
}

#[tokio::test]
async fn changes_of_the_status_are_listed() {
    let desk = Desk::new().await;
    let id = desk.new_ticket(json!({})).await;
    let ticket = number(&desk.mind, "select id from ticket").await;
    for status in ["closed", "open"] {
        desk.mind.patch("/api/mind/ticket", json!([{ "id": ticket, "status": status }])).await;
    }
    desk.put(&id, json!({ "title": "a", "description": "b" })).await;
    let shown = desk.show(&id).await;
    assert_eq!(shown["status"], "open");
    let changes = shown["status_changes"].as_array().unwrap();
    let changes: Vec<Value> =
        changes.iter().map(|one| crate::mind::stored::redacted(one, &["changed_at", "changed_by"])).collect();
    let change = |from: &str, to: &str| json!({ "from_status": from, "to_status": to, "changed_at": "redacted", "changed_by": "redacted" });
    assert_eq!(changes, [change("open", "closed"), change("closed", "open")]);
}

#[tokio::test]
async fn an_unknown_tag_is_refused_unless_the_tenant_wants_it_made() {
    let desk = Desk::new().await;
    desk.mind.new_tag(json!({ "name": "known" })).await;
    desk.mind.new_tag(json!({ "name": "secret", "visibility": "private" })).await;
    let id = desk.new_ticket(json!({})).await;
    let with = |tags: Value| json!({ "title": "a", "description": "b", "tags": tags });
    refused(&desk.put(&id, with(json!(["known", "new", "secret"]))).await, 422, &["/tags/1", "/tags/2"]);
    refused(&desk.put(&id, with(json!(["", 1]))).await, 422, &["/tags/0", "/tags/1"]);
    refused(&desk.put(&id, with(json!("known"))).await, 422, &["/tags"]);
    assert_eq!(desk.show(&id).await["title"], "Printer");

    desk.set("createUnknownTags", json!(true)).await;
    let tags = number(&desk.mind, "select count(*) from tag").await;
    let puts = (0..10).map(|_| desk.put(&id, with(json!(["known", "new", "newer", "new"]))));
    for put in futures_util::future::join_all(puts).await {
        assert_eq!(put.status, 200, "{}", put.text);
    }
    assert_eq!(desk.show(&id).await["tags"], json!(["known", "new", "newer"]));
    assert_eq!(number(&desk.mind, "select count(*) from tag").await, tags + 2);
}

#[tokio::test]
async fn many_at_once_with_one_new_requester_make_one_contact() {
    let desk = Desk::new().await;
    let channel = json!({ "channel_id": "inbox_1", "contact_id": "7" });
    for requester in [json!({ "euid": "new" }), json!({ "channel_contacts": channel })] {
        let before = number(&desk.mind, "select count(*) from contact").await;
        let creates = (0..50).map(|_| desk.create(json!({ "title": "a", "requester": requester })));
        for made in futures_util::future::join_all(creates).await {
            assert_eq!(made.status, 200, "{}", made.text);
        }
        assert_eq!(number(&desk.mind, "select count(*) from contact").await, before + 1);
    }
    assert_eq!(number(&desk.mind, "select count(distinct public_id) from ticket").await, 100);
    assert_eq!(number(&desk.mind, "select count(distinct contact_id) from ticket_detail").await, 2);
    let waiting = jobs(&desk.mind).await;
    assert_eq!((waiting.len(), &waiting[0]["lane"]), (100, &json!("background")));
}

#[tokio::test]
async fn the_old_prefixes_and_bearer_work_too() {
    let desk = Desk::new().await;
    for prefix in ["/v2", "/V2", "/api/V2"] {
        let made = desk.desk.post(&format!("{prefix}/accounts/tickets"), ticket_with(json!({}))).await;
        let id = made.body["data"]["ticket_id"].as_str().unwrap().to_owned();
        let shown = desk.desk.get(&format!("{prefix}/accounts/tickets/{id}")).await;
        assert_eq!((shown.status, &shown.body["data"]["ticket_id"]), (200, &json!(id)));
    }
}

#[tokio::test]
async fn uploads_are_named_by_any_link_and_shown_by_a_fresh_one() {
    let desk = Desk::new().await;
    let body = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"note.txt\"\r\n\r\nhello\r\n--b--\r\n";
    let content_type = "multipart/form-data; boundary=b";
    let sent = desk.desk.raw(reqwest::Method::POST, "/upload", content_type, body).await;
    assert_eq!(sent.status, 200, "{}", sent.text);
    desk.set("allowForeignAttachments", json!(false)).await;
    let link = sent.body["data"]["file_url"].as_str().unwrap();
    let id = desk.new_ticket(json!({ "attachments": [{ "file_url": link }] })).await;
    let shown = desk.show(&id).await;
    let file = &shown["attachments"][0];
    let wanted = json!(["note.txt", "text/plain", 5]);
    assert_eq!(json!([file["file_name"], file["file_type"], file["file_size"]]), wanted);
    let fresh = file["file_url"].as_str().unwrap();
    let opened = reqwest::get(fresh).await.unwrap();
    assert_eq!((opened.status().as_u16(), opened.text().await.unwrap()), (200, "hello".to_owned()));

    let before = Backdoor::of_tenant(&desk.mind.tenant).await.rows().await;
    let old = link.split('?').next().unwrap();
    for again in [fresh, old] {
        let body = json!({
            "title": shown["title"], "description": shown["description"],
            "attachments": [{ "file_url": again }],
        });
        let put = desk.put(&id, body).await;
        assert_eq!(put.status, 200, "{}", put.text);
    }
    assert_eq!(Backdoor::of_tenant(&desk.mind.tenant).await.rows().await, before);
    let stranger = Desk::new().await;
    let stolen = ticket_with(json!({ "attachments": [{ "file_url": link }] }));
    refused(&stranger.create(stolen).await, 422, &["/attachments/0/file_url"]);
}

/// The least that a request costs in some tries: the caches live for seconds of real time.
async fn cost(server: &Server, mut work: impl AsyncFnMut()) -> usize {
    let mut least = usize::MAX;
    for _ in 0..5 {
        let before = server.statements().len();
        work().await;
        least = least.min(server.statements().len() - before);
    }
    least
}

#[tokio::test]
async fn the_cost_of_a_request_does_not_follow_its_size() {
    let server = Server::start().await;
    let desk = Desk::on(&server).await;
    desk.new_team("IT Support").await;
    for name in 0..20 {
        desk.mind.new_tag(json!({ "name": format!("tag {name}") })).await;
    }
    let seed: Value = serde_json::from_str(super::SEED).unwrap();
    let id = desk.new_ticket(json!({})).await;
    let create = cost(&server, async || {
        assert_eq!(desk.create(seed.clone()).await.status, 200);
    });
    assert_eq!(create.await, 3, "team, contact and ticket");
    let mut counter = 0;
    let stranger = cost(&server, async || {
        counter += 1;
        let made = desk.create(ticket_with(json!({ "requester": { "euid": format!("new {counter}") } })));
        assert_eq!(made.await.status, 200);
    });
    assert_eq!(stranger.await, 3, "the contact is looked for and made");

    let put = async |size: usize, counter: &mut usize| {
        *counter += 1;
        let files: Vec<Value> =
            (0..size).map(|at| json!({ "file_url": format!("https://a.de/{counter}/{at}") })).collect();
        let fields: serde_json::Map<String, Value> =
            (0..size).map(|at| (format!("{counter} {at}"), json!(at))).collect();
        let tags: Vec<String> = (0..size).map(|at| format!("tag {}", (at + *counter) % 20)).collect();
        let body = json!({
            "title": format!("a {counter}"), "description": format!("b {counter}"), "attachments": files,
            "custom_fields": fields, "tags": tags,
        });
        let put = desk.put(&id, body).await;
        assert_eq!(put.status, 200, "{}", put.text);
    };
    put(1, &mut counter).await;
    let small = cost(&server, async || put(1, &mut counter).await).await;
    let large = cost(&server, async || put(15, &mut counter).await).await;
    assert_eq!(small, large);
    assert!(large <= 14, "{large}");
    for number in 0..10 {
        let path = format!("/api/v2/accounts/conversations/{id}/messages");
        desk.desk.post(&path, json!({ "content": number.to_string() })).await;
    }
    let get = cost(&server, async || {
        desk.show(&id).await;
    });
    assert_eq!(get.await, 4);
    let list = cost(&server, async || {
        assert_eq!(desk.desk.get(&format!("{}?q=new", super::CONTACTS)).await.status, 200);
    });
    assert_eq!(list.await, 1);
}
