use serde_json::{Value, json};

use crate::mind::stored::{activity, jobs, number, rows};
use crate::support::{Client, Reply, Server};

const PATH: &str = "/api/mind/ticket";

/// Pushes members for the ticket `EXT` of the foreign system.
async fn push(client: &Client, members: Value) -> Reply {
    push_with(client, "?process=false", members).await
}

async fn push_with(client: &Client, query: &str, members: Value) -> Reply {
    let mut body = json!({ "channel": "email", "externalTicketId": "EXT" });
    body.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
    let pushed = client.post(&format!("{PATH}{query}"), body).await;
    assert_eq!(pushed.status, 200, "{}", pushed.text);
    pushed
}

fn outcome(reply: &Reply) -> &str {
    reply.header("tessera-outcome")
}

#[tokio::test]
async fn only_what_was_sent_changes() {
    let acme = Server::shared().new_tenant().await;
    let tag = acme.new_tag(json!({ "sla": null })).await;
    let first = push(
        &acme,
        json!({
            "from": "Tom <tom@example.com>", "to": ["a@example.com"], "cc": ["b@example.com"],
            "bcc": ["c@example.com"], "priority": "high", "subject": "One", "body": "Text", "tags": [tag],
            "createdAt": "2021-01-01 00:00:00", "dueBy": "2021-02-01 00:00:00", "contractId": "7",
            "rawData": { "a": 1 }, "attachments": [{ "name": "a.txt", "url": "https://example.com/a" }],
        }),
    )
    .await;
    assert_eq!(outcome(&first), "created");
    let id = first.body["id"].as_i64().unwrap();
    let before = acme.ticket(id).await;

    let second = push(&acme, json!({ "subject": "Two", "createdAt": "2022-01-01 00:00:00" })).await;

    assert_eq!(outcome(&second), "updated");
    let mut expected = before.clone();
    expected["subject"] = json!("Two");
    expected["version"] = json!(2);
    let after = acme.ticket(id).await;
    assert!(after["modifiedAt"].is_string());
    expected["modifiedAt"] = after["modifiedAt"].clone();
    assert_eq!(after, expected);
    let change = json!([{ "field": "subject", "from": "One", "to": "Two" }]);
    let record = activity(&acme).await;
    assert_eq!(record.len(), 2);
    assert_eq!((&record[1]["changes"], &record[1]["version"]), (&change, &json!(2)));
    assert_eq!((&record[1]["kind"], &record[1]["actor_kind"]), (&json!("changed"), &json!("agent")));
}

#[tokio::test]
async fn null_clears_what_may_be_null_and_leaves_the_rest_alone() {
    let acme = Server::shared().new_tenant().await;
    let never_null = ["to", "ccEmails", "bccEmails", "status", "priority", "subject", "tagIds", "direction"];
    let tag = acme.new_tag(json!({ "sla": null })).await;
    let first = push(
        &acme,
        json!({
            "from": "tom@example.com", "to": ["a@example.com"], "cc": ["b@example.com"],
            "bcc": ["c@example.com"], "priority": "high", "status": "closed", "subject": "One",
            "body": "Text", "tags": [tag], "dueBy": "2021-02-01 00:00:00", "contractId": "7",
            "attachments": [{ "name": "a.txt", "url": "https://example.com/a" }],
        }),
    )
    .await;

    let second = push(
        &acme,
        json!({
            "from": null, "to": null, "cc": null, "bcc": null, "priority": null, "status": null,
            "subject": null, "body": null, "tags": null, "dueBy": null, "contractId": null,
            "attachments": null, "direction": null, "createdAt": null,
        }),
    )
    .await;

    for name in never_null {
        assert_eq!(second.body[name], first.body[name], "{name}");
    }
    assert_eq!(second.body["attachments"], first.body["attachments"]);
    for name in ["from", "body", "dueBy", "contractId"] {
        assert_eq!(second.body[name], Value::Null, "{name}");
    }
}

#[tokio::test]
async fn a_push_that_says_nothing_new_writes_nothing() {
    let acme = Server::shared().new_tenant().await;
    let tags = [acme.new_tag(json!({})).await, acme.new_tag(json!({})).await];
    let members = json!({
        "from": "Tom <tom@example.com>", "to": "a@example.com", "priority": "high", "subject": "One",
        "body": "Text", "tags": tags, "contractId": "7", "status": "resolved", "rawData": { "b": 1.10 },
        "externalUpdatedAt": 1_600_000_000,
        "attachments": [
            { "name": "a.txt", "url": "https://example.com/a" },
            { "name": "b.txt", "url": "https://example.com/b" },
        ],
    });
    let mut turned = members.clone();
    turned["tags"] = json!([tags[1], tags[0], tags[1]]);
    turned["attachments"] = json!([members["attachments"][1], members["attachments"][0]]);
    let first = push_with(&acme, "", members.clone()).await;
    let rows_before = state(&acme).await;

    for again in [members, turned, json!({})] {
        let again = push_with(&acme, "?process=batch", again).await;
        assert_eq!((outcome(&again), again.header("tessera-processing")), ("unchanged", ""));
        assert_eq!(again.body, first.body);
    }
    assert_eq!(state(&acme).await, rows_before);
}

/// Every row of the ticket with the transaction that wrote it, but for the lock in its row.
async fn state(client: &Client) -> Vec<Value> {
    let sql = "select x from (
        select 1, to_json(t)::text as x from ticket t union all
        select 2, to_json(a)::text from activity a union all
        select 3, json_build_array(j.xmin::text, j.scope, j.lane)::text from job j union all
        select 4, json_build_array(g.xmin::text, g.tag_id)::text from ticket_tag g union all
        select 5, json_build_array(f.xmin::text, f.id, f.position)::text from attachment f
    ) as all_rows (n, x) order by n, x";
    rows(client, sql).await
}

#[tokio::test]
async fn tags_and_attachments_are_whole_sets() {
    let acme = Server::shared().new_tenant().await;
    let mut tags = Vec::new();
    for name in ["a", "b", "c"] {
        tags.push(acme.new_tag(json!({ "name": name, "sla": null })).await);
    }
    let file = |name: &str| json!({ "name": name, "url": format!("https://example.com/{name}") });
    let sets = |tags: &[i64], files: Vec<Value>| json!({ "tags": tags, "attachments": files });
    let first = push(&acme, sets(&tags[..2], vec![file("a"), file("b")])).await;

    let second = push(&acme, sets(&tags[1..], vec![file("b"), file("c")])).await;

    assert_eq!((outcome(&second), &second.body["version"]), ("updated", &json!(2)));
    assert_eq!(second.body["tagIds"], json!(tags[1..]));
    let named = |reply: &Reply, at: usize| reply.body["attachments"][at]["name"].clone();
    assert_eq!((named(&second, 0), named(&second, 1)), (json!("b"), json!("c")));
    assert_eq!(second.body["attachments"].as_array().unwrap().len(), 2);
    let id = |reply: &Reply, at: usize| reply.body["attachments"][at]["id"].clone();
    assert_eq!(id(&second, 0), id(&first, 1), "a file that stays keeps its id");
    assert_eq!(activity(&acme).await[1]["changes"][0]["to"], json!(tags[1..]));

    let none = push(&acme, sets(&[], vec![])).await;
    assert_eq!((&none.body["tagIds"], &none.body["attachments"]), (&json!([]), &json!([])));
}

#[tokio::test]
async fn an_older_push_changes_nothing() {
    let acme = Server::shared().new_tenant().await;
    let at = |second: i64, subject: &str| json!({ "externalUpdatedAt": second, "subject": subject });
    push(&acme, at(1_600_000_000, "One")).await;

    let older = push(&acme, at(1_599_999_999, "Older")).await;
    assert_eq!((outcome(&older), &older.body["subject"]), ("stale", &json!("One")));
    assert_eq!((&older.body["version"], activity(&acme).await.len()), (&json!(1), 1));

    let equal = push(&acme, at(1_600_000_000, "Equal")).await;
    assert_eq!((outcome(&equal), &equal.body["subject"]), ("updated", &json!("Equal")));
    let absent = push(&acme, json!({ "subject": "Absent" })).await;
    assert_eq!((outcome(&absent), &absent.body["subject"]), ("updated", &json!("Absent")));
    let still = push(&acme, at(1_599_999_999, "Older")).await;
    assert_eq!(outcome(&still), "stale", "a push without a time keeps the stored one");
    let newer = push(&acme, at(1_600_000_001, "Newer")).await;
    assert_eq!((outcome(&newer), &newer.body["subject"]), ("updated", &json!("Newer")));
}

#[tokio::test]
async fn an_external_id_is_unique_within_its_tenant_alone() {
    let server = Server::shared();
    let (acme, zeta) = (server.new_tenant().await, server.new_tenant().await);
    let first = push(&acme, json!({ "subject": "One" })).await;
    let other = push(&zeta, json!({ "subject": "Two" })).await;
    assert_eq!((outcome(&first), outcome(&other)), ("created", "created"));
    assert_ne!(first.body["id"], other.body["id"]);
    assert_eq!(acme.ticket(first.body["id"].as_i64().unwrap()).await["subject"], "One");
    let case = acme.post(PATH, json!({ "channel": "email", "externalTicketId": "ext" })).await;
    assert_eq!(outcome(&case), "created", "ids are compared exactly");
}

#[tokio::test]
async fn only_new_words_files_and_senders_are_analysed_again() {
    let file = json!([{ "name": "a.txt", "url": "https://example.com/a" }]);
    let cases = [
        (json!({ "subject": "Two" }), true),
        (json!({ "body": "Other" }), true),
        (json!({ "from": "eva@example.com" }), true),
        (json!({ "attachments": file }), true),
        (json!({ "subject": "One" }), false),
        (json!({ "priority": "urgent" }), false),
        (json!({ "status": "closed" }), false),
        (json!({ "cc": ["x@example.com"] }), false),
        (json!({ "rawData": { "a": 1 } }), false),
        (json!({ "contractId": "1" }), false),
    ];
    for (members, analysed) in cases {
        let acme = Server::shared().new_tenant().await;
        let first = json!({ "subject": "One", "body": "Text", "from": "tom@example.com" });
        push_with(&acme, "?process=false", first).await;

        push_with(&acme, "?process=false", members.clone()).await;
        assert_eq!(jobs(&acme).await.len(), 0, "{members}");
        let mut again = members.clone();
        if analysed {
            for (_, value) in again.as_object_mut().unwrap() {
                *value = if value.is_array() { json!([]) } else { json!("changed@example.com") };
            }
        }
        push_with(&acme, "?process=batch", again).await;
        let lanes: Vec<Value> = jobs(&acme).await.iter().map(|job| job["lane"].clone()).collect();
        assert_eq!(lanes, if analysed { vec![json!("background")] } else { vec![] }, "{members}");
    }
}

#[tokio::test]
async fn a_waiting_analysis_takes_the_faster_lane() {
    let acme = Server::shared().new_tenant().await;
    let first = push_with(&acme, "?process=batch", json!({ "subject": "One" })).await;
    let refresh = json!([{ "id": first.body["id"], "refreshMode": "tags" }]);
    assert_eq!(acme.patch("/api/mind/ticket", refresh).await.status, 200);
    push_with(&acme, "?process=batch", json!({ "subject": "Two" })).await;
    let jobs = jobs(&acme).await;
    assert_eq!((jobs.len(), &jobs[0]["lane"]), (1, &json!("interactive")));
    assert_eq!(jobs[0]["scope"], json!(["message", "tags"]));
}

#[tokio::test]
async fn raw_data_keeps_its_order_and_its_numbers_in_the_record_too() {
    let acme = Server::shared().new_tenant().await;
    push(&acme, json!({ "rawData": { "a": 1 } })).await;
    let raw = r#"{"z":1.10,"a":[12345678901234567890123]}"#;
    let body = format!(r#"{{"channel":"email","externalTicketId":"EXT","rawData":{raw}}}"#);

    let pushed = acme.raw(reqwest::Method::POST, PATH, "application/json", body).await;

    assert_eq!(outcome(&pushed), "updated");
    let seen = acme.ticket(pushed.body["id"].as_i64().unwrap()).await;
    assert_eq!(seen["rawData"].to_string(), raw);
    assert_eq!(activity(&acme).await[1]["changes"][0]["to"].to_string(), raw);
}

#[tokio::test]
async fn the_rules_of_a_ticket_hold_for_what_a_push_makes_of_it() {
    let acme = Server::shared().new_tenant().await;
    let file = |name: &str| json!({ "name": name, "url": format!("https://example.com/{name}") });
    let refused = async |members: Value| {
        let mut body = json!({ "channel": "letter", "externalTicketId": "EXT" });
        body.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
        let refused = acme.post(PATH, body).await;
        assert_eq!(refused.status, 422, "{members}: {}", refused.text);
        refused.pointers().join(" ")
    };
    let letter = json!({ "channel": "letter", "attachments": [file("a.pdf")] });
    push(&acme, letter).await;

    assert_eq!(outcome(&push(&acme, json!({ "channel": "letter" })).await), "unchanged");
    assert_eq!(refused(json!({ "attachments": [] })).await, "/attachments");
    assert_eq!(refused(json!({ "attachments": [file("a.pdf"), file("b.pdf")] })).await, "/attachments");
    assert_eq!(refused(json!({ "status": "pending" })).await, "/dueBy");
    assert_eq!(refused(json!({ "direction": "out" })).await, "/direction");
    assert_eq!(refused(json!({ "tags": [7_000_000_000_000_i64] })).await, "/tags/0");
    let both = json!({ "attachments": [], "agentId": 7_000_000_000_000_i64 });
    assert_eq!(refused(both).await, "/agentId /attachments");
    assert_eq!(number(&acme, "select version from ticket").await, 1);
    assert_eq!(number(&acme, "select count(*) from attachment").await, 1);
    let same = push(&acme, json!({ "channel": "letter", "direction": "in" })).await;
    assert_eq!(outcome(&same), "unchanged");

    let mail = push(&acme, json!({ "channel": "email", "attachments": [] })).await;
    assert_eq!((outcome(&mail), &mail.body["channel"]), ("updated", &json!("email")));
    assert_eq!(refused(json!({})).await, "/attachments", "a mail without files becomes no letter");
}

#[tokio::test]
async fn closing_and_opening_by_push_sets_and_clears_closed_at() {
    let acme = Server::shared().new_tenant().await;
    push(&acme, json!({})).await;
    let closed = push(&acme, json!({ "status": "closed" })).await;
    assert!(closed.body["closedAt"].is_string());
    let open = push(&acme, json!({ "status": "open" })).await;
    assert_eq!((&open.body["status"], &open.body["closedAt"]), (&json!("open"), &Value::Null));
    let snoozed = push(&acme, json!({ "status": "pending", "dueBy": "2099-01-01" })).await;
    assert_eq!(snoozed.body["status"], "pending");
    let changes = &activity(&acme).await[3]["changes"];
    let fields: Vec<&str> =
        changes.as_array().unwrap().iter().map(|change| change["field"].as_str().unwrap()).collect();
    assert_eq!(fields, ["due_at", "status"]);
    assert_eq!((&changes[0]["from"], &changes[0]["to"]), (&Value::Null, &json!("2099-01-01T00:00:00Z")));
}
