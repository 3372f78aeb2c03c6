//! `PATCH /ticket`: elements that ask for another analysis.

use serde_json::{Value, json};

use crate::support::{Backdoor, Client, Server};

const TICKET: &str = "/api/mind/ticket";
const MODES: [&str; 6] = ["full", "summaryAndText", "customer", "tags", "tagsRuleBased", "agents"];

/// A ticket without work waiting for it.
async fn quiet_ticket(acme: &Client) -> i64 {
    let id = acme.new_ticket(json!({ "subject": "before" })).await;
    let mut rows = Backdoor::of_tenant(&acme.tenant).await;
    rows.texts("delete from job returning kind").await;
    rows.commit().await;
    id
}

/// Every job: what it is for, where it waits, and what it covers.
async fn jobs(acme: &Client) -> Vec<Value> {
    let mut rows = Backdoor::of_tenant(&acme.tenant).await;
    let jobs = rows
        .texts(
            "select json_build_array(ticket_id, kind, state, array(select unnest(scope) order by 1))::text
             from job order by id",
        )
        .await;
    jobs.iter().map(|job| serde_json::from_str(job).unwrap()).collect()
}

#[tokio::test]
async fn a_refresh_schedules_its_scope_and_saves_nothing() {
    let acme = Server::shared().new_tenant().await;
    let flags = MODES.iter().map(|mode| (json!({ "refreshMode": mode }), *mode));
    let old = [(json!({ "refresh": true }), "full"), (json!({ "refreshTags": true }), "tags")];
    let agreeing = [
        (json!({ "refresh": true, "refreshMode": "full", "refreshTags": false }), "full"),
        (json!({ "refreshTags": true, "refreshMode": "tags", "refresh": false }), "tags"),
    ];
    for (mut element, mode) in flags.chain(old).chain(agreeing) {
        let id = quiet_ticket(&acme).await;
        let mut before = Backdoor::of_tenant(&acme.tenant).await.rows().await;
        element["id"] = json!(id);

        let reply = acme.patch(TICKET, json!([element])).await;

        assert_eq!(reply.status, 200, "{}", reply.text);
        assert_eq!(
            reply.body,
            json!({
                "success": true, "warnings": [],
                "results": [{ "id": id, "outcome": "refreshScheduled", "version": 1 }],
            })
        );
        assert_eq!(jobs(&acme).await, [json!([id, "analyze_ticket", "available", [mode]])], "{element}");
        let mut after = Backdoor::of_tenant(&acme.tenant).await.rows().await;
        before.remove("job");
        after.remove("job");
        assert_eq!(after, before, "{element}");
    }
}

#[tokio::test]
async fn other_members_of_a_refresh_come_back_as_warnings() {
    let acme = Server::shared().new_tenant().await;
    let tag = acme.new_tag(json!({})).await;
    let (id, other) = (quiet_ticket(&acme).await, quiet_ticket(&acme).await);
    let ignored = json!({
        "id": id, "refreshMode": "agents",
        "subject": "after", "status": "closed", "spamStatus": "manual_spam", "dueBy": null, "addTagIds": [tag],
        "agentId": 9_000_000_000_000_i64, "customerLegitimation": 30, "rawData": {}, "direction": "out",
    });
    let reply = acme.patch(TICKET, json!([ignored, { "id": other, "subject": "after" }])).await;

    assert_eq!(reply.status, 200, "{}", reply.text);
    let mut warned = reply.warnings();
    warned.sort_unstable();
    assert_eq!(
        warned,
        [
            "/0/addTagIds",
            "/0/agentId",
            "/0/customerLegitimation",
            "/0/direction",
            "/0/dueBy",
            "/0/rawData",
            "/0/spamStatus",
            "/0/status",
            "/0/subject",
        ]
    );
    assert!(reply.body["warnings"].as_array().unwrap().iter().all(|warning| warning["code"] == "ignored"));
    assert_eq!(
        reply.body["results"],
        json!([
            { "id": id, "outcome": "refreshScheduled", "version": 1 },
            { "id": other, "outcome": "updated", "version": 2 },
        ])
    );
    let ticket = acme.ticket(id).await;
    assert_eq!((&ticket["subject"], &ticket["version"]), (&json!("before"), &json!(1)));
    assert_eq!(jobs(&acme).await, [json!([id, "analyze_ticket", "available", ["agents"]])]);
}

#[tokio::test]
async fn requests_that_wait_for_the_same_ticket_become_one() {
    let acme = Server::shared().new_tenant().await;
    let id = quiet_ticket(&acme).await;
    for (mode, scope) in [
        ("tags", json!(["tags"])),
        ("customer", json!(["customer", "tags"])),
        ("tags", json!(["customer", "tags"])),
        ("agents", json!(["agents", "customer", "tags"])),
    ] {
        assert_eq!(acme.patch(TICKET, json!({ "id": id, "refreshMode": mode })).await.status, 200);
        assert_eq!(jobs(&acme).await, [json!([id, "analyze_ticket", "available", scope])], "{mode}");
    }
    let mut many = tokio::task::JoinSet::new();
    for mode in MODES.into_iter().cycle().take(24) {
        let acme = acme.clone();
        many.spawn(async move { acme.patch(TICKET, json!({ "id": id, "refreshMode": mode })).await.status });
    }
    assert!(many.join_all().await.into_iter().all(|status| status == 200));
    let mut all = MODES;
    all.sort_unstable();
    assert_eq!(jobs(&acme).await, [json!([id, "analyze_ticket", "available", all])]);
}

#[tokio::test]
async fn a_running_job_is_not_joined() {
    let acme = Server::shared().new_tenant().await;
    let id = quiet_ticket(&acme).await;
    assert_eq!(acme.patch(TICKET, json!({ "id": id, "refreshMode": "tags" })).await.status, 200);
    let mut rows = Backdoor::of_tenant(&acme.tenant).await;
    rows.texts(
        "update job set state = 'running', lease_token = gen_random_uuid(), leased_until = now() returning state",
    )
    .await;
    rows.commit().await;
    assert_eq!(acme.patch(TICKET, json!({ "id": id, "refreshMode": "customer" })).await.status, 200);
    assert_eq!(
        jobs(&acme).await,
        [
            json!([id, "analyze_ticket", "running", ["tags"]]),
            json!([id, "analyze_ticket", "available", ["customer"]]),
        ]
    );
}

#[tokio::test]
async fn flags_that_are_off_ask_for_nothing() {
    let acme = Server::shared().new_tenant().await;
    let id = quiet_ticket(&acme).await;
    let body = json!({ "id": id, "refresh": false, "refreshTags": false, "subject": "after" });
    let reply = acme.patch(TICKET, body).await;
    assert_eq!(reply.body["results"][0]["outcome"], "updated");
    assert_eq!(acme.ticket(id).await["subject"], "after");
    assert!(jobs(&acme).await.is_empty());
}

#[tokio::test]
async fn flags_that_disagree_or_cannot_be_read_are_refused() {
    let acme = Server::shared().new_tenant().await;
    let id = quiet_ticket(&acme).await;
    for (mut element, pointers) in [
        (json!({ "refresh": true, "refreshMode": "tags" }), vec!["/refresh", "/refreshMode"]),
        (
            json!({ "refreshTags": true, "refreshMode": "tagsRuleBased" }),
            vec!["/refreshMode", "/refreshTags"],
        ),
        (json!({ "refresh": true, "refreshTags": true }), vec!["/refresh", "/refreshTags"]),
        (json!({ "refreshMode": "everything" }), vec!["/refreshMode"]),
        (json!({ "refreshMode": 1, "refresh": "yes" }), vec!["/refresh", "/refreshMode"]),
    ] {
        element["id"] = json!(id);
        let reply = acme.patch(TICKET, element.clone()).await;
        let mut named = reply.pointers();
        named.sort_unstable();
        assert_eq!((reply.status, named), (422, pointers), "{element}");
    }
    assert!(jobs(&acme).await.is_empty());
}

#[tokio::test]
async fn a_refresh_asks_for_the_version_too_and_for_a_ticket_that_is_there() {
    let acme = Server::shared().new_tenant().await;
    let id = quiet_ticket(&acme).await;
    let stale = acme.patch(TICKET, json!([{ "id": id, "refreshMode": "tags", "expectedVersion": 7 }])).await;
    assert_eq!((stale.status, stale.pointers()), (409, vec!["/0/expectedVersion"]));
    let missing =
        json!([{ "id": id, "refreshMode": "tags" }, { "id": 9_000_000_000_000_i64, "refresh": true }]);
    let missing = acme.patch(TICKET, missing).await;
    assert_eq!((missing.status, missing.pointers()), (404, vec!["/1/id"]));
    assert!(jobs(&acme).await.is_empty());
}
