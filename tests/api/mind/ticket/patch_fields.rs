//! `PATCH /ticket`: the members of an element, and the documents that clients send back.

use std::collections::BTreeSet;

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Backdoor, Client, Server};

const TICKET: &str = "/api/mind/ticket";
const EXAMPLE: &str = include_str!("bulk_update_example.json");
const DOCUMENT: &str = include_str!("../../../../openapi/mind.json");

/// What null does to a member.
#[derive(Clone, Copy, PartialEq)]
enum Null {
    Clears,
    Refused,
    Keeps,
}

/// Every writable member with a value that a fresh ticket does not have.
async fn writable(acme: &Client) -> Vec<(&'static str, Value, Null)> {
    let agent = acme.new_agent("eva@example.com", "agent").await;
    let subchannel = acme.post("/api/mind/settings/subchannel", json!({ "name": "Box", "channel": "email" }));
    let subchannel = subchannel.await.body["id"].as_i64().unwrap();
    let tag = acme.new_tag(json!({ "sla": null })).await;
    vec![
        ("from", json!("+49 30 1234"), Null::Clears),
        ("fromName", json!("Tom"), Null::Clears),
        ("to", json!(["service@example.com", "second@example.com"]), Null::Refused),
        ("ccEmails", json!(["a@example.com"]), Null::Refused),
        ("bccEmails", json!(["b@example.com"]), Null::Refused),
        ("subchannelId", json!(subchannel), Null::Clears),
        ("externalTicketId", json!("EXT-1"), Null::Clears),
        ("sentiment", json!("positive"), Null::Clears),
        ("language", json!("English"), Null::Clears),
        ("languageCode", json!("en"), Null::Clears),
        ("autoExecuteAt", json!("2030-11-07T05:31:56Z"), Null::Clears),
        ("aiSupportLevel", json!("human"), Null::Refused),
        ("spamStatus", json!("auto_clean"), Null::Clears),
        ("isCustomerActive", json!(true), Null::Refused),
        ("priority", json!("urgent"), Null::Refused),
        ("channel", json!("chat"), Null::Refused),
        ("channelId", json!("32291c7e"), Null::Clears),
        ("status", json!("closed"), Null::Refused),
        ("summary", json!("Moving"), Null::Refused),
        ("subject", json!("I move"), Null::Refused),
        ("body", json!("<p>I move</p>"), Null::Clears),
        ("bodyPlain", json!("I move"), Null::Clears),
        ("bodyClean", json!("I move."), Null::Clears),
        ("firstResponseDueBy", json!("2030-01-02 09:00:00"), Null::Clears),
        ("dueBy", json!("2030-01-03 09:00:00"), Null::Clears),
        ("customerId", json!("123"), Null::Clears),
        ("contractId", json!("746839"), Null::Clears),
        ("partnerId", json!(123), Null::Clears),
        ("customerLegitimation", json!(30), Null::Refused),
        ("responderId", json!(agent), Null::Clears),
        ("agentId", json!(agent), Null::Clears),
        ("assignedAgentIds", json!([agent]), Null::Refused),
        ("additionalData", json!({ "a": [1, null, { "b": 1.50 }] }), Null::Clears),
        ("rawData", json!({ "z": 1, "a": "é" }), Null::Keeps),
        ("tagIds", json!([tag]), Null::Refused),
    ]
}

#[tokio::test]
async fn absent_keeps_null_clears_or_is_refused_and_a_value_sets() {
    let acme = Server::shared().new_tenant().await;
    for (member, value, null) in writable(&acme).await {
        let id = acme.new_ticket(json!({ "subject": "before" })).await;
        let blank = acme.ticket(id).await;
        assert_ne!(blank[member], value, "{member} has the value already");

        let set = acme.patch(TICKET, json!([{ "id": id, member: value }])).await;
        assert_eq!(set.status, 200, "{member}: {}", set.text);
        assert_eq!(set.body["warnings"], json!([]), "{member}");
        assert_eq!(
            set.body["results"],
            json!([{ "id": id, "outcome": "updated", "version": 2 }]),
            "{member}"
        );
        let read = acme.ticket(id).await;
        assert_eq!(read[member].to_string(), value.to_string(), "{member}");
        for (name, was) in blank.as_object().unwrap() {
            let follows =
                ["version", "modifiedAt", "workedOnBy", "workedOnByIds", member].contains(&name.as_str());
            assert!(follows || read[name] == *was || depends(member, name), "{member} changed {name}");
        }

        let again = acme.patch(TICKET, json!([{ "id": id, member: value }])).await;
        assert_eq!(again.body["results"][0]["outcome"], "unchanged", "{member}");
        let kept = acme.patch(TICKET, json!([{ "id": id }])).await;
        assert_eq!(
            kept.body["results"],
            json!([{ "id": id, "outcome": "unchanged", "version": 2 }]),
            "{member}"
        );
        assert_eq!(acme.ticket(id).await, read, "{member}");

        let nulled = acme.patch(TICKET, json!([{ "id": id, member: null }])).await;
        match null {
            Null::Clears => {
                assert_eq!(nulled.status, 200, "{member}: {}", nulled.text);
                assert_eq!(acme.ticket(id).await[member], Value::Null, "{member}");
            }
            Null::Refused => {
                assert_eq!(nulled.status, 422, "{member}: {}", nulled.text);
                assert_eq!(nulled.pointers(), [format!("/0/{member}")]);
                assert_eq!(acme.ticket(id).await, read, "{member}");
            }
            Null::Keeps => {
                assert_eq!(nulled.body["results"][0]["outcome"], "unchanged", "{member}");
                assert_eq!(acme.ticket(id).await, read, "{member}");
            }
        }
    }
}

/// Whether the server derives `name` from `member`.
fn depends(member: &str, name: &str) -> bool {
    match member {
        "status" => name == "closedAt",
        "agentId" => name == "agent",
        "assignedAgentIds" => name == "assignedAgents",
        "tagIds" => name == "tags",
        "customerLegitimation" => name == "customerLegitimationMessage",
        "from" | "ccEmails" | "channel" => ["replyRecipients", "replyCcEmails"].contains(&name),
        _ => false,
    }
}

#[tokio::test]
async fn every_member_of_the_document_is_among_the_tested_ones() {
    let acme = Server::shared().new_tenant().await;
    let document: Value = serde_json::from_str(DOCUMENT).unwrap();
    let members = document["components"]["schemas"]["PatchTicket"]["properties"].as_object().unwrap();
    let mut tested: BTreeSet<&str> = writable(&acme).await.iter().map(|(member, ..)| *member).collect();
    // These have tests of their own.
    tested.extend(["id", "expectedVersion", "direction", "addTagIds", "removeTagIds"]);
    tested.extend(["refresh", "refreshTags", "refreshMode"]);
    assert_eq!(members.keys().map(String::as_str).collect::<BTreeSet<_>>(), tested);
}

#[tokio::test]
async fn every_member_of_a_wrong_type_is_named_at_once() {
    let acme = Server::shared().new_tenant().await;
    let id = acme.new_ticket(json!({})).await;
    let before = Backdoor::of_tenant(&acme.tenant).await.rows().await;
    let writable = writable(&acme).await;
    for wrong in [json!({ "no": 1 }), json!([[]]), json!("\u{0}"), json!(-1.5), json!(true)] {
        let mut element = json!({ "id": id });
        let mut expected = BTreeSet::new();
        for &(member, ref value, _) in &writable {
            // What is right for some members is left out there.
            let fits = std::mem::discriminant(value) == std::mem::discriminant(&wrong) && !wrong.is_array();
            if fits && wrong != json!("\u{0}") && !wrong.is_number() {
                continue;
            }
            let date = ["autoExecuteAt", "firstResponseDueBy", "dueBy"].contains(&member);
            if date && wrong.is_number() {
                continue;
            }
            element[member] = wrong.clone();
            expected.insert(format!("/0/{member}"));
        }
        let reply = acme.patch(TICKET, json!([element])).await;
        assert_eq!(reply.status, 422, "{}", reply.text);
        let named: BTreeSet<String> = reply
            .pointers()
            .into_iter()
            .map(|pointer| pointer.split('/').take(3).collect::<Vec<_>>().join("/"))
            .collect();
        assert_eq!(named, expected, "{wrong}");
    }
    // Only people were made meanwhile, for the lists of members.
    let after = Backdoor::of_tenant(&acme.tenant).await.rows().await;
    assert_eq!((&before["ticket"], &before["activity"]), (&after["ticket"], &after["activity"]));
}

#[tokio::test]
async fn limits_of_what_is_indexed_are_counted_in_characters() {
    let acme = Server::shared().new_tenant().await;
    let id = acme.new_ticket(json!({})).await;
    for (member, most) in
        [("externalTicketId", 320), ("channelId", 320), ("from", 320), ("customerId", 50), ("contractId", 50)]
    {
        let fits = acme.patch(TICKET, json!({ "id": id, member: "ü".repeat(most) })).await;
        assert_eq!(fits.status, 200, "{member}: {}", fits.text);
        let long = acme.patch(TICKET, json!({ "id": id, member: "ü".repeat(most + 1) })).await;
        assert_eq!((long.status, long.pointers()), (422, vec![&*format!("/{member}")]), "{member}");
    }
    let long = "a".repeat(2_000_000);
    let free = acme.patch(TICKET, json!({ "id": id, "subject": long, "summary": long, "body": long })).await;
    assert_eq!(free.status, 200, "{}", free.text);
}

/// The example of the reference page, with ids that this tenant has.
async fn example(acme: &Client) -> Value {
    let mut body: Value = serde_json::from_str(EXAMPLE).unwrap();
    let id = acme.new_ticket(json!({ "subject": "before" })).await;
    let (one, two) = (acme.new_tag(json!({})).await, acme.new_tag(json!({})).await);
    let subchannel = acme.post("/api/mind/settings/subchannel", json!({ "name": "Box", "channel": "email" }));
    body[0]["id"] = json!(id);
    body[0]["subchannelId"] = subchannel.await.body["id"].clone();
    body[0]["assignedAgentIds"] = json!([acme.new_agent("max@example.com", "agent").await]);
    body[0]["tagIds"] = json!([one, two]);
    body[0]["addTagIds"] = json!([one]);
    body[0]["removeTagIds"] = json!([two]);
    body
}

#[tokio::test]
async fn the_example_of_the_reference_contradicts_itself_twice_and_both_are_named() {
    let acme = Server::shared().new_tenant().await;
    let body = example(&acme).await;
    let before = Backdoor::of_tenant(&acme.tenant).await.rows().await;

    let reply = acme.patch(TICKET, body).await;

    assert_eq!(reply.status, 422);
    let named: BTreeSet<&str> = reply.pointers().into_iter().collect();
    let tags = ["/0/tagIds", "/0/addTagIds", "/0/removeTagIds"];
    let refresh = ["/0/refresh", "/0/refreshTags", "/0/refreshMode"];
    assert_eq!(named, tags.into_iter().chain(refresh).collect());
    assert_eq!(Backdoor::of_tenant(&acme.tenant).await.rows().await, before);
}

#[tokio::test]
async fn the_example_without_its_write_only_members_is_saved_and_what_is_derived_is_reported() {
    let acme = Server::shared().new_tenant().await;
    let mut body = example(&acme).await;
    let element = body[0].as_object_mut().unwrap();
    for name in ["addTagIds", "removeTagIds", "refresh", "refreshTags", "refreshMode"] {
        element.remove(name);
    }
    let sent = body[0].clone();
    let id = sent["id"].as_i64().unwrap();
    let before = acme.ticket(id).await;

    for client in [acme.clone(), acme.with_header("prefer", "handling=strict")] {
        let reply = client.patch(TICKET, body.clone()).await;
        assert_eq!(reply.status, 200, "{}", reply.text);
        let derived = "replyCcEmails replyRecipients interface isEscalated createdAt modifiedAt closedAt \
            customer customerLegitimationMessage agent assignedAgents workedOnByIds workedOnBy attachments \
            template tags agentSkillsMatch intents workitem";
        let expected: BTreeSet<String> =
            derived.split_whitespace().map(|member| format!("/0/{member}")).collect();
        assert_eq!(reply.warnings().into_iter().map(str::to_owned).collect::<BTreeSet<_>>(), expected);
    }
    let after = acme.ticket(id).await;
    for (member, value) in sent.as_object().unwrap() {
        let derived = ["createdAt", "modifiedAt", "customer", "template", "intents", "workitem", "tags"];
        let shown = ["agent", "assignedAgents", "workedOnByIds", "workedOnBy", "attachments", "isEscalated"];
        let computed = ["replyCcEmails", "replyRecipients", "customerLegitimationMessage", "rawData"];
        let kept = [&derived[..], &shown, &computed].concat();
        if kept.contains(&member.as_str()) {
            continue;
        }
        assert_eq!(after[member], *value, "{member}");
    }
    assert_eq!(after["attachments"], before["attachments"]);
    assert_eq!(after["createdAt"], before["createdAt"]);
    for (table, rows) in Backdoor::of_tenant(&acme.tenant).await.rows().await {
        for row in rows {
            assert!(!row.contains("iVBORw0") && !row.contains("password"), "{table} keeps a secret: {row}");
            assert!(!row.contains("tom@mustermann.de"), "{table} keeps what is derived: {row}");
        }
    }
}

#[tokio::test]
async fn what_a_read_shows_can_be_sent_back_and_changes_nothing() {
    let acme = Server::shared().new_tenant().await;
    let body = example(&acme).await;
    let rich = body[0]["id"].as_i64().unwrap();
    let mut element = body[0].clone();
    for name in ["addTagIds", "removeTagIds", "refresh", "refreshTags", "refreshMode"] {
        element.as_object_mut().unwrap().remove(name);
    }
    assert_eq!(acme.patch(TICKET, element).await.status, 200);
    let tag = acme.new_tag(json!({ "sla": 4, "priority": "high" })).await;
    let hidden = acme.new_tag(json!({ "visibility": "private" })).await;
    let tickets = [
        rich,
        acme.new_ticket(json!({})).await,
        acme.new_ticket(json!({ "status": "waitingOnCustomer" })).await,
        acme.new_ticket(json!({ "status": "closed", "tags": [tag, hidden] })).await,
        acme.new_ticket(json!({ "status": "pending", "dueBy": 1_900_000_000 })).await,
        acme.new_ticket(json!({ "channel": "system", "rawData": { "a": 1.0 } })).await,
        acme.new_ticket(json!({ "channel": "phone", "from": "+49 30", "to": "+49 31" })).await,
        acme.new_ticket(json!({ "direction": "out", "from": "A <a@example.com>", "to": "b@example.com" }))
            .await,
    ];
    let spam = acme.patch(TICKET, json!({ "id": tickets[1], "spamStatus": "manual_spam" })).await;
    assert_eq!(spam.status, 200);
    let strict = acme.with_header("prefer", "handling=strict");
    for id in tickets {
        for query in ["?viewing=false", "?viewing=false&includeRawData=true", ""] {
            let read = acme.get(&format!("{TICKET}/{id}{query}")).await.body;
            let mut rows = Backdoor::of_tenant(&acme.tenant).await.rows().await;
            for client in [&acme, &strict] {
                let back = client.patch(TICKET, json!([read])).await;
                assert_eq!(back.status, 200, "{}", back.text);
                let unchanged = json!({ "id": id, "outcome": "unchanged", "version": read["version"] });
                assert_eq!(back.body["results"], json!([unchanged]), "{read:#}");
            }
            let mut after = Backdoor::of_tenant(&acme.tenant).await.rows().await;
            // A view counts once an hour, whatever is patched meanwhile.
            for rows in [&mut rows, &mut after] {
                rows.remove("ticket_view");
            }
            assert_eq!(after, rows);
        }
    }
}

#[tokio::test]
async fn members_that_no_ticket_has_are_reported_and_refused_in_strict_mode() {
    let acme = Server::shared().new_tenant().await;
    let id = acme.new_ticket(json!({})).await;
    let body = json!([{ "id": id, "subject": "after", "colour": 1, "a/b~c": 2 }]);

    let strict = acme.with_header("prefer", "handling=strict").patch(TICKET, body.clone()).await;
    assert_eq!(strict.status, 422);
    assert_eq!(strict.pointers(), ["/0/colour", "/0/a~1b~0c"]);
    assert_eq!(acme.ticket(id).await["version"], 1);

    let lenient = acme.patch(TICKET, body).await;
    assert_eq!(lenient.status, 200);
    assert_eq!(lenient.warnings(), ["/0/colour", "/0/a~1b~0c"]);
    assert_eq!(acme.ticket(id).await["subject"], "after");

    // Members that only some reads show, and those that a later server shows.
    let shown = "callDurationSeconds contentTranslation emailSubchannelId cortexRequestId freshness version \
        success warnings prevTicketId nextTicketId";
    let mut body = json!({ "id": id });
    for member in shown.split_whitespace() {
        body[member] = json!(1);
    }
    let reply = acme.with_header("prefer", "handling=strict").patch(TICKET, body).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    assert_eq!(reply.warnings().len(), 10);
}

#[tokio::test]
async fn a_clients_document_comes_back_as_it_was_written() {
    let acme = Server::shared().new_tenant().await;
    let written =
        r#"{"z":1,"a":{"é":[1.50,1e+400,1e+999999,12345678901234567890123]},"b":"\u00e9 😀","":null}"#;
    let kept = r#"{"z":1,"a":{"é":[1.50,1e+400,1e+999999,12345678901234567890123]},"b":"é 😀","":null}"#;
    let post = format!(r#"{{"channel":"email","externalTicketId":"X","rawData":{written}}}"#);
    let made = acme.raw(Method::POST, TICKET, "application/json", post.clone()).await;
    assert_eq!(made.status, 200, "{}", made.text);
    let id = made.body["id"].as_i64().unwrap();
    let same = acme.raw(Method::POST, TICKET, "application/json", post).await;
    assert_eq!(same.header("tessera-outcome"), "unchanged");
    let patch = format!(r#"[{{"id":{id},"rawData":{written},"additionalData":{written}}}]"#);
    for outcome in ["updated", "unchanged"] {
        let reply = acme.raw(Method::PATCH, TICKET, "application/json", patch.clone()).await;
        assert_eq!(reply.status, 200, "{}", reply.text);
        assert_eq!(reply.body["results"][0]["outcome"], outcome);
    }
    let seen = acme.get(&format!("{TICKET}/{id}?includeRawData=true")).await;
    for member in ["rawData", "additionalData"] {
        assert!(seen.text.contains(&format!("\"{member}\":{kept}")), "{}", seen.text);
    }
}

#[tokio::test]
async fn a_direction_stands_only_as_it_is() {
    let acme = Server::shared().new_tenant().await;
    let id = acme.new_ticket(json!({ "direction": "out" })).await;
    let same = acme.patch(TICKET, json!([{ "id": id, "direction": "out" }])).await;
    assert_eq!(same.body["results"][0]["outcome"], "unchanged");
    for wrong in [json!("in"), json!("internal"), json!("sideways"), json!(null), json!(1)] {
        let reply = acme.patch(TICKET, json!([{ "id": id, "direction": wrong, "subject": "after" }])).await;
        assert_eq!((reply.status, reply.pointers()), (422, vec!["/0/direction"]), "{wrong}");
    }
    assert_eq!(acme.ticket(id).await["version"], 1);
}

#[tokio::test]
async fn unknown_references_are_each_named() {
    let (acme, zeta) = (Server::shared().new_tenant().await, Server::shared().new_tenant().await);
    let id = acme.new_ticket(json!({})).await;
    let foreign = zeta.new_agent("foreign@example.com", "agent").await;
    let own = acme.new_agent("own@example.com", "agent").await;
    let reply = acme
        .patch(
            TICKET,
            json!([{ "id": id, "priority": "high" }, {
                "id": acme.new_ticket(json!({})).await,
                "agentId": foreign, "responderId": 9_000_000_000_000_i64, "assignedAgentIds": [own, foreign],
                "subchannelId": 9_000_000_000_000_i64, "addTagIds": [9_000_000_000_000_i64],
                "removeTagIds": [9_000_000_000_001_i64],
            }]),
        )
        .await;
    assert_eq!(reply.status, 422);
    let named: BTreeSet<&str> = reply.pointers().into_iter().collect();
    let expected = [
        "/1/agentId",
        "/1/responderId",
        "/1/assignedAgentIds/1",
        "/1/subchannelId",
        "/1/addTagIds/0",
        "/1/removeTagIds/0",
    ];
    assert_eq!(named, BTreeSet::from(expected));
    assert_eq!(acme.ticket(id).await["version"], 1);
}

#[tokio::test]
async fn what_a_channel_does_not_show_outlives_the_echo_of_what_was_read() {
    let acme = Server::shared().new_tenant().await;
    let system = acme.post(TICKET, json!({ "channel": "system", "from": "a@b.de" })).await.body;
    let portal = json!({ "channel": "portal", "to": ["t@t.de"], "cc": ["c@b.de"], "bcc": ["d@b.de"] });
    let portal = acme.post(TICKET, portal).await.body;

    let echoed = acme.patch(TICKET, json!([system, portal])).await;

    assert_eq!(echoed.body["results"][0]["outcome"], "unchanged");
    assert_eq!(echoed.body["results"][1]["outcome"], "unchanged");
    let ids = [&system["id"], &portal["id"]];
    acme.patch(TICKET, json!([{ "id": ids[0], "channel": "email" }, { "id": ids[1], "channel": "email" }]))
        .await;
    assert_eq!(acme.ticket(ids[0].as_i64().unwrap()).await["from"], "a@b.de");
    let shown = acme.ticket(ids[1].as_i64().unwrap()).await;
    assert_eq!((&shown["ccEmails"], &shown["bccEmails"]), (&json!(["c@b.de"]), &json!(["d@b.de"])));
}

#[tokio::test]
async fn sender_and_recipients_follow_the_rules_of_a_new_ticket() {
    let acme = Server::shared().new_tenant().await;
    let mail = acme.new_ticket(json!({ "to": ["t@t.de"] })).await;
    let call = acme.new_ticket(json!({ "channel": "phone" })).await;

    let refused = acme.patch(TICKET, json!([{ "id": mail, "to": ["x@y.de", "nobody"] }])).await;
    let from = json!([{ "id": mail, "from": "Eva <eva@b.de>" }, { "id": call, "to": "+49 1" }]);
    let taken = acme.patch(TICKET, from).await;

    assert_eq!((refused.status, refused.pointers()), (422, vec!["/0/to/1"]));
    assert_eq!(taken.status, 200);
    let shown = acme.ticket(mail).await;
    assert_eq!((&shown["from"], &shown["fromName"]), (&json!("eva@b.de"), &json!("Eva")));
    assert_eq!(shown["replyRecipients"]["to"], json!(["eva@b.de"]));
    assert_eq!(acme.ticket(call).await["to"], json!(["+49 1"]));
}
