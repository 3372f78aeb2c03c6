//! `PATCH /ticket`: status, snooze, spam, and the record of the work.

use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::support::{Backdoor, Client, Server};

const TICKET: &str = "/api/mind/ticket";

async fn change(acme: &Client, id: i64, members: Value) -> Value {
    let mut element = members;
    element["id"] = json!(id);
    let reply = acme.patch(TICKET, json!([element])).await;
    assert_eq!(reply.status, 200, "{element}: {}", reply.text);
    reply.body
}

/// The refused pointers of one element.
async fn refused(acme: &Client, id: i64, members: Value) -> Vec<String> {
    let mut element = members;
    element["id"] = json!(id);
    let reply = acme.patch(TICKET, json!([element])).await;
    assert_eq!(reply.status, 422, "{element}: {}", reply.text);
    reply.pointers().into_iter().map(str::to_owned).collect()
}

#[tokio::test]
async fn closed_at_stands_exactly_while_a_ticket_is_closed() {
    let acme = Server::shared().new_tenant().await;
    let id = acme.new_ticket(json!({})).await;
    for (word, status, closed) in [
        ("closed", "closed", true),
        ("open", "open", false),
        ("resolved", "closed", true),
        ("waitingOnCustomer", "pending", false),
        ("closed", "closed", true),
        ("waitingOnThirdParty", "pending", false),
        ("open", "open", false),
    ] {
        change(&acme, id, json!({ "status": word })).await;
        let ticket = acme.ticket(id).await;
        assert_eq!(ticket["status"], status, "{word}");
        assert_eq!(ticket["closedAt"].is_string(), closed, "{word}");
    }
    change(&acme, id, json!({ "status": "closed" })).await;
    let closed = acme.ticket(id).await;
    for same in ["closed", "resolved"] {
        let again = change(&acme, id, json!({ "status": same })).await;
        assert_eq!(again["results"][0]["outcome"], "unchanged");
    }
    assert_eq!(acme.ticket(id).await, closed);
    assert_eq!(refused(&acme, id, json!({ "status": "Closed" })).await, ["/0/status"]);
}

#[tokio::test]
async fn pending_needs_a_due_date_that_lies_ahead() {
    let acme = Server::shared().new_tenant().await;
    let id = acme.new_ticket(json!({})).await;
    for members in [
        json!({ "status": "pending" }),
        json!({ "status": "pending", "dueBy": null }),
        json!({ "status": "pending", "dueBy": "2020-01-01 00:00:00" }),
    ] {
        assert_eq!(refused(&acme, id, members.clone()).await, ["/0/dueBy"], "{members}");
    }
    assert_eq!(acme.ticket(id).await["version"], 1);
    change(&acme, id, json!({ "status": "pending", "dueBy": "2040-01-01 00:00:00" })).await;
    assert_eq!(acme.ticket(id).await["status"], "pending");
    change(&acme, id, json!({ "status": "closed" })).await;
    // The date that it has is good enough.
    change(&acme, id, json!({ "status": "pending" })).await;
    let ticket = acme.ticket(id).await;
    assert_eq!((&ticket["status"], &ticket["closedAt"]), (&json!("pending"), &json!(null)));
    for members in [json!({ "status": "pending", "dueBy": 1 }), json!({ "status": "pending", "dueBy": null })]
    {
        assert_eq!(refused(&acme, id, members.clone()).await, ["/0/dueBy"], "{members}");
    }
    // The old words know no such rule.
    let waiting = acme.new_ticket(json!({ "dueBy": "2020-01-01 00:00:00" })).await;
    change(&acme, waiting, json!({ "status": "waitingOnCustomer" })).await;
    assert_eq!(acme.ticket(waiting).await["status"], "pending");
}

#[tokio::test]
async fn a_tag_that_sets_the_due_date_is_enough_for_a_snooze() {
    let server = Server::start().await;
    let acme = server.new_tenant().await;
    let tag = acme.new_tag(json!({ "sla": 80 })).await;
    let id = acme.new_ticket(json!({})).await;
    change(&acme, id, json!({ "status": "pending", "addTagIds": [tag] })).await;
    let ticket = acme.ticket(id).await;
    assert_eq!((&ticket["status"], ticket["dueBy"].is_string()), (&json!("pending"), true));
}

#[tokio::test]
async fn a_snoozed_ticket_opens_when_its_date_comes_and_a_waiting_one_does_not() {
    let server = Server::alone().await;
    let acme = server.new_tenant().await;
    let due = (server.clock.now() + SignedDuration::from_hours(1)).as_second();
    let snoozed = acme.new_ticket(json!({ "status": "pending", "dueBy": due })).await;
    let later = acme.new_ticket(json!({ "status": "pending", "dueBy": due + 86_400 })).await;
    let waiting = acme.new_ticket(json!({ "status": "waitingOnCustomer" })).await;
    let third = acme.new_ticket(json!({ "status": "waitingOnThirdParty" })).await;

    assert!(server.running.run_maintenance().await.unwrap());
    assert_eq!(acme.ticket(snoozed).await["status"], "pending");

    server.clock.advance(SignedDuration::from_mins(61));
    assert!(server.running.run_maintenance().await.unwrap());
    let ticket = acme.ticket(snoozed).await;
    assert_eq!((&ticket["status"], &ticket["version"]), (&json!("open"), &json!(2)));
    for id in [later, waiting, third] {
        let ticket = acme.ticket(id).await;
        assert_eq!((&ticket["status"], &ticket["version"]), (&json!("pending"), &json!(1)));
    }
    // Once a minute is enough, whoever asks.
    assert!(!server.running.run_maintenance().await.unwrap());
}

#[tokio::test]
async fn a_person_decides_on_spam_for_good() {
    let acme = Server::shared().new_tenant().await;
    let id = acme.new_ticket(json!({})).await;
    for machine in ["auto_clean", "auto_programmatic", "auto_spam"] {
        change(&acme, id, json!({ "spamStatus": machine })).await;
        let ticket = acme.ticket(id).await;
        assert_eq!((&ticket["spamStatus"], &ticket["status"]), (&json!(machine), &json!("open")));
    }
    change(&acme, id, json!({ "spamStatus": "manual_spam" })).await;
    let spam = acme.ticket(id).await;
    assert_eq!((&spam["spamStatus"], &spam["status"]), (&json!("manual_spam"), &json!("closed")));
    assert!(spam["closedAt"].is_string());

    for machine in ["auto_clean", "auto_programmatic", "auto_spam"] {
        let reply = change(&acme, id, json!({ "spamStatus": machine, "subject": machine })).await;
        assert_eq!(reply["results"][0]["outcome"], "updated");
        assert_eq!(reply["warnings"][0]["pointer"], "/0/spamStatus");
        assert_eq!(acme.ticket(id).await["spamStatus"], "manual_spam");
    }
    change(&acme, id, json!({ "spamStatus": "manual_clean" })).await;
    let clean = acme.ticket(id).await;
    assert_eq!((&clean["spamStatus"], &clean["status"]), (&json!("manual_clean"), &json!("closed")));
    let reply = change(&acme, id, json!({ "spamStatus": "auto_spam" })).await;
    assert_eq!(reply["results"][0]["outcome"], "unchanged");
    assert_eq!(reply["warnings"][0]["pointer"], "/0/spamStatus");
}

#[tokio::test]
async fn spam_closes_whatever_else_the_element_says() {
    let acme = Server::shared().new_tenant().await;
    let id = acme.new_ticket(json!({})).await;
    change(&acme, id, json!({ "spamStatus": "manual_spam", "status": "open" })).await;
    assert_eq!(acme.ticket(id).await["status"], "closed");
    // Opened again by a person it stays open, and the same mark is no news.
    change(&acme, id, json!({ "status": "open" })).await;
    change(&acme, id, json!({ "spamStatus": "manual_spam" })).await;
    let ticket = acme.ticket(id).await;
    assert_eq!((&ticket["spamStatus"], &ticket["status"]), (&json!("manual_spam"), &json!("open")));
}

#[tokio::test]
async fn the_worklog_says_what_a_person_did() {
    let acme = Server::shared().new_tenant().await;
    let id = acme.new_ticket(json!({})).await;
    for (members, action) in [
        (json!({ "subject": "after" }), "writeAction"),
        (json!({ "status": "closed", "subject": "closed" }), "closeAction"),
        (json!({ "status": "open" }), "statusAction"),
        (json!({ "spamStatus": "manual_spam" }), "closeAction"),
    ] {
        change(&acme, id, members.clone()).await;
        let mut rows = Backdoor::of_tenant(&acme.tenant).await;
        let actions = rows.texts("select action from worklog order by id desc limit 1").await;
        assert_eq!(actions, [action], "{members}");
    }
    change(&acme, id, json!({ "subject": "closed" })).await;
    change(&acme, id, json!({ "refreshMode": "tags" })).await;
    let mut rows = Backdoor::of_tenant(&acme.tenant).await;
    assert_eq!(rows.number("select count(*) from worklog").await, 4);
    let by = rows.texts("select distinct agent_id::text from worklog").await;
    assert_eq!(by.len(), 1);
}

#[tokio::test]
async fn include_in_worklog_suppresses_the_worklog_alone() {
    let acme = Server::shared().new_tenant().await;
    let id = acme.new_ticket(json!({})).await;
    for (flag, entries) in [("false", 0), ("0", 0), ("true", 1), ("1", 2), ("", 3)] {
        let body = json!({ "id": id, "subject": format!("flag {flag}") });
        let reply = acme.patch(&format!("{TICKET}?includeInWorklog={flag}"), body).await;
        assert_eq!(reply.body["results"][0]["outcome"], "updated", "{flag}");
        let mut rows = Backdoor::of_tenant(&acme.tenant).await;
        assert_eq!(rows.number("select count(*) from worklog").await, entries, "{flag}");
    }
    let mut rows = Backdoor::of_tenant(&acme.tenant).await;
    assert_eq!(rows.number("select count(*) from activity where kind = 'changed'").await, 5);
    let body = json!({ "id": id, "priority": "none" });
    let bad = acme.patch(&format!("{TICKET}?includeInWorklog=maybe"), body).await;
    assert_eq!((bad.status, bad.pointers()), (422, vec!["?includeInWorklog", "/priority"]));
}

#[tokio::test]
async fn a_program_has_no_worklog_but_a_record() {
    let acme = Server::shared().new_tenant().await;
    let id = acme.new_ticket(json!({})).await;
    let partner = acme.acting_as("integration:erp", "integration");
    change(&partner, id, json!({ "subject": "after" })).await;
    let mut rows = Backdoor::of_tenant(&acme.tenant).await;
    assert_eq!(rows.number("select count(*) from worklog").await, 0);
    let record = rows
        .texts(
            "select json_build_array(version, actor_kind, actor_id, actor_name, via, changes)::text
             from activity where kind = 'changed'",
        )
        .await;
    let record: Value = serde_json::from_str(&record[0]).unwrap();
    assert_eq!(
        record,
        json!([2, "integration", null, "erp", "mind", [{ "field": "subject", "from": "", "to": "after" }]])
    );
}
