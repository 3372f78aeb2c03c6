use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::mind::stored::{number, rows};
use crate::support::{Client, Server};

const PATH: &str = "/api/mind/ticket";

async fn in_berlin() -> Client {
    let acme = Server::shared().new_tenant().await;
    let set = acme.put("/api/mind/settings/timeZone", json!("Europe/Berlin")).await;
    assert_eq!(set.status, 200, "{}", set.text);
    acme
}

#[tokio::test]
async fn four_forms_of_a_date_are_read_in_the_tenants_zone() {
    let acme = in_berlin().await;
    let cases = [
        (json!("2026-01-02 03:04:05"), 1_767_319_445, "2026-01-02 03:04:05"),
        (json!("2026-07-02 03:04:05"), 1_782_954_245, "2026-07-02 03:04:05"),
        (json!("2026-01-02"), 1_767_308_400, "2026-01-02 00:00:00"),
        (json!("2026-01-02T03:04:05"), 1_767_319_445, "2026-01-02 03:04:05"),
        (json!("2026-01-02T03:04:05Z"), 1_767_323_045, "2026-01-02 04:04:05"),
        (json!("2026-01-02T03:04:05.999Z"), 1_767_323_045, "2026-01-02 04:04:05"),
        (json!("2026-01-02T03:04:05+05:30"), 1_767_303_245, "2026-01-01 22:34:05"),
        (json!(1_609_502_400), 1_609_502_400, "2021-01-01 13:00:00"),
        (json!("1609502400"), 1_609_502_400, "2021-01-01 13:00:00"),
        // Summer time begins: the skipped time is the instant of the change.
        (json!("2026-03-29 02:30:00"), 1_774_746_000, "2026-03-29 03:00:00"),
        (json!("2026-03-29 03:00:00"), 1_774_746_000, "2026-03-29 03:00:00"),
        // Summer time ends: the earlier of the two.
        (json!("2026-10-25 02:30:00"), 1_792_888_200, "2026-10-25 02:30:00"),
        (json!("2026-10-25T01:30:00Z"), 1_792_891_800, "2026-10-25 02:30:00"),
    ];
    for (form, _, shown) in &cases {
        let members = json!({
            "channel": "email", "createdAt": form, "dueBy": form, "firstResponseDueBy": form,
        });
        let made = acme.post(PATH, members).await;
        assert_eq!(made.status, 200, "{form}: {}", made.text);
        for name in ["createdAt", "dueBy", "firstResponseDueBy"] {
            assert_eq!(made.body[name], *shown, "{name} {form}");
        }
    }
    let sql = "select to_json(extract(epoch from created_at)::bigint)::text from ticket order by id";
    let stored = rows(&acme, sql).await;
    let expected: Vec<Value> = cases.iter().map(|(_, unix, _)| json!(unix)).collect();
    assert_eq!(stored, expected);
}

#[tokio::test]
async fn what_is_no_date_is_refused() {
    let acme = in_berlin().await;
    for form in [
        json!("yesterday"),
        json!(""),
        json!("2026-02-30 10:00:00"),
        json!("2026-01-02 25:00:00"),
        json!(true),
        json!([]),
        json!(1e300),
        json!("99999999999999999999"),
        json!("9999-12-31 23:59:59"),
    ] {
        let names = ["createdAt", "firstResponseDueBy", "dueBy", "externalUpdatedAt"];
        let body = json!({
            "channel": "email", names[0]: form, names[1]: form, names[2]: form, names[3]: form,
        });
        let refused = acme.post(PATH, body).await;
        assert_eq!(refused.status, 422, "{form}");
        let mut pointers = refused.pointers();
        pointers.sort_unstable();
        assert_eq!(pointers, ["/createdAt", "/dueBy", "/externalUpdatedAt", "/firstResponseDueBy"], "{form}");
        assert_eq!(refused.body["errors"][0]["code"], "invalid_date");
    }
    assert_eq!(number(&acme, "select count(*) from ticket").await, 0);
}

#[tokio::test]
async fn pending_needs_a_due_date_in_the_future() {
    let acme = Server::shared().new_tenant().await;
    for due in [Value::Null, json!("2021-01-01 00:00:00")] {
        let refused = acme.post(PATH, json!({ "channel": "email", "status": "pending", "dueBy": due })).await;
        assert_eq!((refused.status, refused.pointers()), (422, vec!["/dueBy"]), "{due}");
    }
    let snoozed = json!({ "channel": "email", "status": "pending", "dueBy": "2099-01-01 00:00:00" });
    let snoozed = acme.post(PATH, snoozed).await;
    assert_eq!((snoozed.status, &snoozed.body["status"]), (200, &json!("pending")));
}

#[tokio::test]
async fn closed_means_closed_now_and_never_escalated() {
    let acme = Server::shared().new_tenant().await;
    let before = Server::shared().clock.now();
    let closed = acme
        .post(PATH, json!({ "channel": "email", "status": "closed", "dueBy": "2021-01-01 00:00:00" }))
        .await;
    let open = acme.post(PATH, json!({ "channel": "email", "dueBy": "2021-01-01 00:00:00" })).await;
    let later = acme.post(PATH, json!({ "channel": "email", "dueBy": "2099-01-01 00:00:00" })).await;

    let closed_at: jiff::civil::DateTime = closed.body["closedAt"].as_str().unwrap().parse().unwrap();
    let closed_at = closed_at.to_zoned(jiff::tz::TimeZone::UTC).unwrap().timestamp();
    assert!(closed_at >= before - SignedDuration::from_secs(1), "{closed_at}");
    assert_eq!(closed.body["isEscalated"], false);
    assert_eq!((&open.body["isEscalated"], &open.body["closedAt"]), (&json!(true), &Value::Null));
    assert_eq!(later.body["isEscalated"], false);
}

#[tokio::test]
async fn tags_set_due_date_and_priority_where_the_request_does_not() {
    let acme = Server::shared().new_tenant().await;
    let slow = acme.new_tag(json!({ "name": "Slow", "sla": 40, "priority": "high" })).await;
    let fast = acme.new_tag(json!({ "name": "Fast", "sla": 4, "priority": "medium" })).await;
    let none = acme.new_tag(json!({ "name": "None", "sla": null })).await;
    // A Friday.
    let created = "2026-01-09 15:00:00";
    let make = |members: Value| {
        let acme = acme.clone();
        async move {
            let mut body = json!({ "channel": "email", "createdAt": created });
            body.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
            let made = acme.post(PATH, body).await;
            (made.body["dueBy"].clone(), made.body["priority"].clone())
        }
    };

    assert_eq!(make(json!({ "tags": [none] })).await, (Value::Null, json!("low")));
    // Two hours on Friday, two on Monday.
    assert_eq!(make(json!({ "tags": [fast] })).await, (json!("2026-01-12 11:00:00"), json!("medium")));
    let all = json!({ "tags": [none, slow, fast] });
    assert_eq!(make(all).await, (json!("2026-01-12 11:00:00"), json!("high")));
    let by_hand = json!({ "tags": [slow, fast], "priority": "low", "dueBy": "2026-02-01 00:00:00" });
    assert_eq!(make(by_hand).await, (json!("2026-02-01 00:00:00"), json!("low")));

    let snooze = json!({ "channel": "email", "status": "pending", "tags": [fast] });
    assert_eq!(acme.post(PATH, snooze).await.status, 200, "the tag's due date lies in the future");
}

#[tokio::test]
async fn a_first_answer_is_due_after_the_tenants_business_hours() {
    let acme = in_berlin().await;
    let make = async |members: Value| {
        let mut body = json!({ "channel": "email", "createdAt": "2026-01-09 15:00:00" });
        body.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
        acme.post(PATH, body).await.body["firstResponseDueBy"].clone()
    };
    assert_eq!(make(json!({})).await, Value::Null);

    for (name, value) in [("firstResponseHours", json!(3)), ("holidays", json!(["2026-01-12"]))] {
        let set = acme.put(&format!("/api/mind/settings/{name}"), value).await;
        assert_eq!(set.status, 200, "{}", set.text);
    }

    assert_eq!(make(json!({})).await, "2026-01-13 10:00:00", "Monday is a holiday");
    let by_hand = json!({ "firstResponseDueBy": "2026-01-10 00:00:00" });
    assert_eq!(make(by_hand).await, "2026-01-10 00:00:00");
}
