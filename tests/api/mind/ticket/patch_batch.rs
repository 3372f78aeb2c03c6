//! `PATCH /ticket`: many elements, all or none, in a constant number of statements.

use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::support::{Backdoor, Client, Reply, Server};

const TICKET: &str = "/api/mind/ticket";
const NOBODY: i64 = 9_000_000_000_000;

/// Sends what must be refused, and sees that it left no trace.
async fn refused(acme: &Client, body: Value) -> Reply {
    let before = Backdoor::of_tenant(&acme.tenant).await.rows().await;
    let reply = acme.patch(TICKET, body).await;
    assert!((400..500).contains(&reply.status), "{}", reply.text);
    assert_eq!(Backdoor::of_tenant(&acme.tenant).await.rows().await, before);
    reply
}

/// Tickets without history, straight into the database.
async fn many_tickets(acme: &Client, count: i32) -> Vec<i64> {
    let mut rows = Backdoor::of_tenant(&acme.tenant).await;
    let ids = sqlx::query_scalar(
        "insert into ticket (tenant_id, channel, direction, status, priority, ai_support_level, created_at,
             public_id, last_message_at)
         select current_setting('app.tenant_id')::bigint, 'email', 'in', 'open', 'low', 'unprocessed', now(),
             gen_random_uuid()::text, now()
         from generate_series(1, $1) returning id",
    )
    .bind(count)
    .fetch_all(&mut rows.connection)
    .await
    .unwrap();
    rows.commit().await;
    ids
}

#[tokio::test]
async fn results_come_in_the_order_sent_and_one_alone_needs_no_array() {
    let acme = Server::shared().new_tenant().await;
    let ids = many_tickets(&acme, 4).await;
    let body = json!([
        { "id": ids[2], "subject": "c" },
        { "id": ids[0], "refreshMode": "tags" },
        { "id": ids[3] },
        { "id": ids[1], "expectedVersion": 1, "subject": "b" },
    ]);
    let reply = acme.patch(TICKET, body).await;
    assert_eq!(
        reply.body,
        json!({ "success": true, "warnings": [], "results": [
            { "id": ids[2], "outcome": "updated", "version": 2 },
            { "id": ids[0], "outcome": "refreshScheduled", "version": 1 },
            { "id": ids[3], "outcome": "unchanged", "version": 1 },
            { "id": ids[1], "outcome": "updated", "version": 2 },
        ] })
    );
    let alone = acme.patch(TICKET, json!({ "id": ids[0], "subject": "a" })).await;
    assert_eq!(alone.body["results"], json!([{ "id": ids[0], "outcome": "updated", "version": 2 }]));
    let wrong = acme.patch(TICKET, json!({ "id": ids[0], "priority": "none" })).await;
    assert_eq!(wrong.pointers(), ["/priority"]);
}

#[tokio::test]
async fn versions_and_records_go_up_without_gaps() {
    let acme = Server::shared().new_tenant().await;
    let id = acme.new_ticket(json!({})).await;
    assert_eq!(acme.ticket(id).await["modifiedAt"], json!(null));
    for version in 2..6 {
        let body = json!({ "id": id, "expectedVersion": version - 1, "subject": format!("{version}"),
            "priority": if version % 2 == 0 { "high" } else { "low" } });
        let reply = acme.patch(TICKET, body).await;
        assert_eq!(reply.body["results"][0]["version"], version);
        assert_eq!(acme.ticket(id).await["version"], version);
    }
    assert!(acme.ticket(id).await["modifiedAt"].is_string());
    let mut rows = Backdoor::of_tenant(&acme.tenant).await;
    let versions = rows.texts("select version::text from activity order by id").await;
    assert_eq!(versions, ["1", "2", "3", "4", "5"]);
    assert_eq!(rows.number("select sum(json_array_length(changes)) from activity").await, 8);
}

#[tokio::test]
async fn a_batch_of_no_element_or_too_many_or_of_something_else_is_refused() {
    let acme = Server::shared().new_tenant().await;
    let ids = many_tickets(&acme, 1001).await;
    let all = |count: usize| json!(ids[..count].iter().map(|id| json!({ "id": id })).collect::<Vec<_>>());
    let reply = refused(&acme, json!([])).await;
    assert_eq!((reply.status, reply.pointers()), (422, vec![""]));
    let reply = refused(&acme, all(1001)).await;
    assert_eq!((reply.status, reply.pointers()), (422, vec![""]));
    assert!(reply.text.contains("1000"), "{}", reply.text);
    assert_eq!(acme.patch(TICKET, all(1000)).await.status, 200);
    for body in [json!(null), json!(1), json!("1"), json!(true)] {
        let reply = refused(&acme, body).await;
        assert_eq!((reply.status, reply.pointers()), (422, vec![""]));
    }
    let reply = refused(&acme, json!([1, null, [], { "id": ids[0] }, {}])).await;
    assert_eq!((reply.status, reply.pointers()), (422, vec!["/0", "/1", "/2", "/4/id"]));
}

#[tokio::test]
async fn the_later_of_two_elements_for_one_ticket_is_named() {
    let acme = Server::shared().new_tenant().await;
    let ids = many_tickets(&acme, 2).await;
    let body = json!([
        { "id": ids[0], "subject": "a" }, { "id": ids[1], "subject": "b" },
        { "id": ids[0], "subject": "c" }, { "id": ids[0], "refresh": true }, { "id": NOBODY }, { "id": NOBODY },
    ]);
    let reply = refused(&acme, body).await;
    assert_eq!((reply.status, reply.pointers()), (422, vec!["/2/id", "/3/id", "/5/id"]));
}

#[tokio::test]
async fn ids_that_cannot_be_are_bad_values_and_unknown_ones_are_not_found() {
    let (acme, zeta) = (Server::shared().new_tenant().await, Server::shared().new_tenant().await);
    let id = acme.new_ticket(json!({})).await;
    let foreign = zeta.new_ticket(json!({})).await;
    let big = serde_json::from_str::<Value>("9223372036854775808").unwrap();
    for wrong in [json!(0), json!(-1), big, json!(1.5), json!("12"), json!("abc"), json!(null), json!([1])] {
        let reply = refused(&acme, json!([{ "id": id, "subject": "a" }, { "id": wrong }])).await;
        assert_eq!((reply.status, reply.pointers()), (422, vec!["/1/id"]), "{wrong}");
    }
    let body = json!([{ "id": NOBODY }, { "id": id, "subject": "a" }, { "id": foreign, "subject": "b" },
        { "id": i64::MAX, "refreshMode": "tags" }]);
    let reply = refused(&acme, body).await;
    assert_eq!((reply.status, reply.pointers()), (404, vec!["/0/id", "/2/id", "/3/id"]));
    assert_eq!(reply.body["code"], "ticket_not_found");
    assert_eq!(zeta.ticket(foreign).await["version"], 1);
}

#[tokio::test]
async fn bad_values_come_before_missing_tickets_and_those_before_conflicts() {
    let acme = Server::shared().new_tenant().await;
    let ids = many_tickets(&acme, 3).await;
    acme.new_ticket(json!({ "externalTicketId": "taken" })).await;
    let stale = json!({ "id": ids[0], "expectedVersion": 7, "subject": "a" });
    let taken = json!({ "id": ids[1], "externalTicketId": "taken" });
    let missing = json!({ "id": NOBODY, "subject": "b" });
    let snooze = json!({ "id": ids[2], "status": "pending" });
    let unknown = json!({ "id": ids[2], "addTagIds": [NOBODY] });
    let unreadable = json!({ "id": ids[2], "priority": "none" });

    for (bad, pointer) in [(snooze, "/3/dueBy"), (unknown, "/3/addTagIds/0"), (unreadable, "/3/priority")] {
        let reply = refused(&acme, json!([stale, taken, missing, bad])).await;
        assert_eq!((reply.status, reply.pointers()), (422, vec![pointer]));
    }
    let reply = refused(&acme, json!([stale, taken, missing])).await;
    assert_eq!((reply.status, reply.pointers()), (404, vec!["/2/id"]));
    let reply = refused(&acme, json!([{ "id": ids[2], "subject": "c" }, stale, taken])).await;
    assert_eq!(reply.status, 409);
    assert!(reply.pointers().contains(&"/1/expectedVersion"), "{}", reply.text);
    let reply = refused(&acme, json!([{ "id": ids[2], "subject": "c" }, taken])).await;
    assert_eq!((reply.status, reply.pointers()), (409, vec!["/1/externalTicketId"]));
    assert_eq!(reply.body["code"], "conflict");
}

#[tokio::test]
async fn stale_versions_are_each_named() {
    let acme = Server::shared().new_tenant().await;
    let ids = many_tickets(&acme, 3).await;
    let body: Vec<Value> = [2, 1, 9]
        .iter()
        .zip(&ids)
        .map(|(version, id)| json!({ "id": id, "expectedVersion": version, "subject": "after" }))
        .collect();
    let reply = refused(&acme, json!(body)).await;
    assert_eq!((reply.status, reply.pointers()), (409, vec!["/0/expectedVersion", "/2/expectedVersion"]));
    assert_eq!(reply.body["code"], "version_conflict");
    for wrong in [json!(0), json!("1"), json!(1.5), json!(null)] {
        let reply = refused(&acme, json!({ "id": ids[0], "expectedVersion": wrong })).await;
        assert_eq!((reply.status, reply.pointers()), (422, vec!["/expectedVersion"]), "{wrong}");
    }
    // Of two that saw the same version one wins.
    let mut both = JoinSet::new();
    for subject in ["a", "b"] {
        let (acme, id) = (acme.clone(), ids[0]);
        let body = json!({ "id": id, "expectedVersion": 1, "subject": subject });
        both.spawn(async move { acme.patch(TICKET, body).await.status });
    }
    let mut statuses = both.join_all().await;
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409]);
}

#[tokio::test]
async fn a_foreign_systems_id_belongs_to_one_ticket() {
    let acme = Server::shared().new_tenant().await;
    let ids = many_tickets(&acme, 2).await;
    let body = json!([{ "id": ids[0], "externalTicketId": "X" }, { "id": ids[1], "externalTicketId": "X" }]);
    let reply = refused(&acme, body).await;
    assert_eq!((reply.status, reply.pointers()), (409, vec!["/1/externalTicketId"]));
    assert_eq!(acme.patch(TICKET, json!({ "id": ids[0], "externalTicketId": "X" })).await.status, 200);
    // Its own is no conflict, nor is another tenant's.
    assert_eq!(acme.patch(TICKET, json!({ "id": ids[0], "externalTicketId": "X" })).await.status, 200);
    let zeta = Server::shared().new_tenant().await;
    let other = zeta.new_ticket(json!({ "externalTicketId": "Y" })).await;
    assert_eq!(zeta.patch(TICKET, json!({ "id": other, "externalTicketId": "X" })).await.status, 200);
}

#[tokio::test]
async fn of_many_that_claim_one_foreign_id_at_once_one_gets_it() {
    let acme = Server::shared().new_tenant().await;
    let ids = many_tickets(&acme, 24).await;
    let mut claims = JoinSet::new();
    for (at, id) in ids.into_iter().enumerate() {
        let acme = acme.clone();
        claims.spawn(async move {
            if at % 8 == 0 {
                let body = json!({ "channel": "email", "externalTicketId": "X", "subject": format!("{at}") });
                return ("post", acme.post(TICKET, body).await.status);
            }
            let reply = acme.patch(TICKET, json!([{ "id": id, "externalTicketId": "X" }])).await;
            if reply.status == 409 {
                assert_eq!(reply.pointers(), ["/0/externalTicketId"]);
            }
            ("patch", reply.status)
        });
    }
    let replies = claims.join_all().await;
    assert!(replies.iter().all(|reply| [("post", 200), ("patch", 200), ("patch", 409)].contains(reply)));
    assert!(replies.iter().filter(|reply| **reply == ("patch", 200)).count() <= 1);
    let mut rows = Backdoor::of_tenant(&acme.tenant).await;
    assert_eq!(rows.number("select count(*) from ticket where external_ticket_id = 'X'").await, 1);
}

#[tokio::test]
async fn batches_that_swap_their_claims_on_foreign_ids_end_without_a_deadlock() {
    let acme = Server::shared().new_tenant().await;
    let ids = many_tickets(&acme, 40).await;
    let mut claims = JoinSet::new();
    for (at, pair) in ids.chunks(2).enumerate() {
        let names = if at % 2 == 0 { ["X", "Y"] } else { ["Y", "X"] };
        let body = json!([
            { "id": pair[0], "externalTicketId": names[0] }, { "id": pair[1], "externalTicketId": names[1] },
        ]);
        let acme = acme.clone();
        claims.spawn(async move { acme.patch(TICKET, body).await.status });
    }
    let mut statuses = claims.join_all().await;
    statuses.sort_unstable();
    assert_eq!(statuses[0], 200);
    assert!(statuses[1..].iter().all(|status| *status == 409), "{statuses:?}");
}

#[tokio::test]
async fn batches_over_the_same_tickets_in_any_order_all_succeed() {
    let acme = Server::shared().new_tenant().await;
    let ids = many_tickets(&acme, 30).await;
    let mut tags = Vec::new();
    for _ in 0..4 {
        tags.push(acme.new_tag(json!({ "sla": null })).await);
    }
    let mut batches = JoinSet::new();
    for round in 0..24 {
        let mut elements: Vec<Value> = ids.iter().enumerate().map(|(at, id)| match (at + round) % 4 {
            0 => json!({ "id": id, "subject": format!("{round}") }),
            1 => json!({ "id": id, "addTagIds": [tags[round % 4]], "removeTagIds": [tags[(round + 1) % 4]] }),
            2 => json!({ "id": id, "refreshMode": "tags" }),
            _ => json!({ "id": id, "externalTicketId": format!("{round}-{at}") }),
        }).collect();
        if round % 2 == 1 {
            elements.reverse();
        }
        elements.rotate_left(round);
        let acme = acme.clone();
        batches.spawn(async move { acme.patch(TICKET, json!(elements)).await });
    }
    for reply in batches.join_all().await {
        assert_eq!(reply.status, 200, "{}", reply.text);
    }
    let mut rows = Backdoor::of_tenant(&acme.tenant).await;
    let gaps = rows.number(
        "select count(*) from ticket t where version - 1 <>
            (select count(*) from activity a where a.ticket_id = t.id and a.kind = 'changed')",
    );
    assert_eq!(gaps.await, 0);
}

#[tokio::test]
async fn the_number_of_statements_does_not_depend_on_the_number_of_elements() {
    type Element = fn(i64, usize, &[i64]) -> Value;
    let server = Server::start().await;
    let acme = server.new_tenant().await;
    let (one, two) = (acme.new_tag(json!({ "sla": 3 })).await, acme.new_tag(json!({})).await);
    let status: Element = |id, _, _| json!({ "id": id, "status": "closed" });
    let added: Element = |id, _, tags| json!({ "id": id, "addTagIds": tags });
    let swapped: Element =
        |id, _, tags| json!({ "id": id, "addTagIds": [tags[0]], "removeTagIds": [tags[1]] });
    let refresh: Element = |id, _, _| json!({ "id": id, "refreshMode": "full" });
    let all: Element = |id, at, tags| {
        json!({
            "id": id, "subject": format!("{at}"), "externalTicketId": format!("{id}"), "tagIds": tags,
            "status": "closed", "to": ["a@example.com"], "rawData": { "at": at }, "expectedVersion": 1,
        })
    };
    for (name, element) in
        [("status", status), ("tags", added), ("tags swapped", swapped), ("refresh", refresh), ("all", all)]
    {
        let mut counts = Vec::new();
        for size in [1, 10, 1000] {
            let ids = many_tickets(&acme, size).await;
            if name == "tags swapped" {
                let body: Vec<Value> = ids.iter().map(|id| json!({ "id": id, "tagIds": [two] })).collect();
                assert_eq!(acme.patch(TICKET, json!(body)).await.status, 200);
            }
            let body: Vec<Value> =
                ids.iter().enumerate().map(|(at, id)| element(*id, at, &[one, two])).collect();
            // Who calls and the tenant's settings are remembered for seconds; that is not counted.
            acme.get("/api/mind/profile").await;
            let before = server.statements().len();
            let reply = acme.patch(TICKET, json!(body)).await;
            assert_eq!(reply.status, 200, "{}", reply.text);
            counts.push(server.statements().len() - before);
        }
        assert!(counts.iter().all(|count| *count == counts[0]), "{name}: {counts:?}");
        assert!(counts[0] <= 10, "{name}: {counts:?}");
    }
    // A mix costs the same whatever it is made of.
    let mut counts = Vec::new();
    for size in [5, 50, 1000] {
        let ids = many_tickets(&acme, size).await;
        let kinds = [status, added, refresh, all];
        let element = |(at, id): (usize, &i64)| kinds[at % 4](*id, at, &[one, two]);
        let body: Vec<Value> = ids.iter().enumerate().map(element).collect();
        acme.get("/api/mind/profile").await;
        let before = server.statements().len();
        let reply = acme.patch(TICKET, json!(body)).await;
        assert_eq!(reply.status, 200, "{}", reply.text);
        counts.push(server.statements().len() - before);
    }
    assert!(counts.iter().all(|count| *count == counts[0]), "{counts:?}");
}

#[tokio::test]
async fn a_long_list_of_ids_is_read_in_no_time() {
    let acme = Server::shared().new_tenant().await;
    let id = acme.new_ticket(json!({})).await;
    let many: Vec<i64> = (1..200_000).collect();
    for body in [
        json!({ "id": id, "assignedAgentIds": many, "priority": "none" }),
        json!({ "id": id, "addTagIds": many, "removeTagIds": [200_000], "priority": "none" }),
        json!({ "id": id, "addTagIds": many[..100_000], "removeTagIds": many[100_000..], "priority": "none" }),
    ] {
        let reply = acme.patch(TICKET, body).await;
        assert_eq!(reply.status, 422);
        assert_eq!(reply.pointers()[0], "/priority");
    }
}
