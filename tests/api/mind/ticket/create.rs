use reqwest::Method;
use serde_json::{Value, json};

use crate::mind::stored::{activity, number, redacted, rows};
use crate::support::Server;

const PATH: &str = "/api/mind/ticket";

#[tokio::test]
async fn a_ticket_comes_back_whole_with_its_defaults() {
    let acme = Server::shared().new_tenant().await;

    let made = acme.post(PATH, json!({ "channel": "email" })).await;

    assert_eq!(made.status, 200);
    assert_eq!(made.header("tessera-outcome"), "created");
    assert_eq!(
        redacted(&made.body, &["id", "createdAt"]),
        json!({
            "id": "redacted", "version": 1, "direction": "in", "from": null, "fromName": null, "to": [],
            "ccEmails": [], "bccEmails": [], "replyCcEmails": [],
            "replyRecipients": { "to": [], "cc": [], "bcc": [] }, "subchannelId": null,
            "externalTicketId": null, "sentiment": null, "language": null, "languageCode": null,
            "autoExecuteAt": null, "aiSupportLevel": "unprocessed", "spamStatus": null,
            "isCustomerActive": false, "interface": "internal", "priority": "low", "channel": "email",
            "channelId": null, "status": "open", "summary": "", "subject": "", "bodyPlain": null,
            "body": null, "bodyClean": null, "isEscalated": false, "createdAt": "redacted",
            "modifiedAt": null, "firstResponseDueBy": null, "dueBy": null, "closedAt": null,
            "customer": { "tagIds": [], "tags": [] }, "customerId": null, "contractId": null,
            "partnerId": null, "customerLegitimation": 0, "customerLegitimationMessage": null,
            "responderId": null, "agentId": null, "agent": null, "assignedAgentIds": [],
            "assignedAgents": [], "workedOnByIds": [], "workedOnBy": [], "attachments": [],
            "additionalData": null, "template": null, "tags": [], "tagIds": [], "agentSkillsMatch": true,
            "intents": [], "rawData": null, "workitem": null,
            "team": null, "category": null, "ticketType": null, "customFields": {}, "prevTicketId": null, "nextTicketId": null,
            "success": true, "warnings": [],
        })
    );
}

#[tokio::test]
async fn every_member_that_was_sent_is_read_back() {
    let acme = Server::shared().new_tenant().await;
    let tag = acme.new_tag(json!({ "name": "Move", "priority": "urgent" })).await;
    let agent = acme.new_agent("eva@example.com", "agent").await;
    let mailbox = acme.get("/api/mind/settings/subchannel").await.body["subchannels"][0]["id"].clone();

    let made = acme
        .post(
            PATH,
            json!({
                "channel": "email", "from": "\"Tom Mustermann\" <tom@gmail.com>", "subchannelId": mailbox,
                "to": ["Service <service@energy.com>", "help@energy.com"], "cc": ["Second <second@enneo.ai>"],
                "bcc": ["archive@enneo.ai"], "direction": "out", "status": "closed", "priority": "high",
                "subject": "Moving", "body": "<p>I am <b>moving</b>.</p>", "createdAt": "2021-01-01 00:00:00",
                "firstResponseDueBy": "2021-01-02 00:00:00", "dueBy": "2021-01-03 00:00:00",
                "attachments": [{ "name": "meter.JPG", "url": "https://example.com/1" }], "tags": [tag, tag],
                "contractId": "746839", "agentId": agent, "externalTicketId": "EXT-1",
                "rawData": { "z": 1, "a": 2 }, "templateId": null, "templateData": { "name": "Tom" },
                "interface": "Freshdesk", "process": "batch", "externalUpdatedAt": "2021-01-01T00:00:00Z",
            }),
        )
        .await;

    assert_eq!(made.status, 200, "{}", made.text);
    let seen = acme.ticket(made.body["id"].as_i64().unwrap()).await;
    assert_eq!(seen["rawData"], json!({ "z": 1, "a": 2 }));
    let mut expected = made.body.clone();
    expected.as_object_mut().unwrap().remove("warnings");
    expected["rawData"] = seen["rawData"].clone();
    assert_eq!(seen, expected, "a read shows what the creation showed");
    assert_eq!(seen["tags"][0]["name"], "Move");
    assert_eq!(seen["agent"]["email"], "eva@example.com");
    assert_eq!(
        redacted(&seen, &["id", "closedAt", "tags", "agent", "attachments"]),
        json!({
            "id": "redacted", "version": 1, "direction": "out", "from": "tom@gmail.com",
            "fromName": "Tom Mustermann", "to": ["service@energy.com", "help@energy.com"],
            "ccEmails": ["second@enneo.ai"], "bccEmails": ["archive@enneo.ai"],
            "replyCcEmails": ["second@enneo.ai"],
            "replyRecipients": {
                "to": ["service@energy.com", "help@energy.com"], "cc": ["second@enneo.ai"],
                "bcc": ["archive@enneo.ai"],
            },
            "subchannelId": mailbox, "externalTicketId": "EXT-1", "sentiment": null, "language": null,
            "languageCode": null, "autoExecuteAt": null, "aiSupportLevel": "unprocessed",
            "spamStatus": null, "isCustomerActive": false, "interface": "internal", "priority": "high",
            "channel": "email", "channelId": null, "status": "closed", "summary": "", "subject": "Moving",
            "bodyPlain": null, "body": "<p>I am <b>moving</b>.</p>", "bodyClean": null,
            "isEscalated": false, "createdAt": "2021-01-01 00:00:00", "modifiedAt": null,
            "firstResponseDueBy": "2021-01-02 00:00:00", "dueBy": "2021-01-03 00:00:00",
            "closedAt": "redacted", "customer": { "tagIds": [], "tags": [] }, "customerId": null,
            "contractId": "746839", "partnerId": null, "customerLegitimation": 0,
            "customerLegitimationMessage": null, "responderId": null, "agentId": agent,
            "agent": "redacted", "assignedAgentIds": [], "assignedAgents": [], "workedOnByIds": [],
            "workedOnBy": [], "attachments": "redacted", "additionalData": null, "template": null,
            "tags": "redacted", "tagIds": [tag], "agentSkillsMatch": true, "intents": [],
            "rawData": { "z": 1, "a": 2 }, "workitem": null,
            "team": null, "category": null, "ticketType": null, "customFields": {}, "prevTicketId": null, "nextTicketId": null,
            "success": true,
        })
    );
}

#[tokio::test]
async fn older_words_and_looser_shapes_are_understood() {
    let acme = Server::shared().new_tenant().await;
    let cases = [
        (json!({ "status": "resolved" }), "status", json!("closed")),
        (json!({ "status": "waitingOnCustomer" }), "status", json!("pending")),
        (json!({ "status": "waitingOnThirdParty" }), "status", json!("pending")),
        (json!({ "interface": "api" }), "interface", json!("internal")),
        (json!({ "interface": "Freshdesk" }), "interface", json!("internal")),
        (json!({ "to": "Service <a@example.com>" }), "to", json!(["a@example.com"])),
        (json!({ "cc": "b@example.com" }), "ccEmails", json!(["b@example.com"])),
        (json!({ "channel": "phone", "to": "+49 30 123" }), "to", json!(["+49 30 123"])),
        (json!({ "channel": "chat", "to": ["Sales"] }), "to", json!(["Sales"])),
        (json!({ "channel": "phone", "from": "+49 30 1" }), "from", json!("+49 30 1")),
        (json!({ "from": "user 17" }), "from", json!("user 17")),
        (json!({ "channel": "system", "from": "robot" }), "from", Value::Null),
        (json!({ "from": "Tom <t@example.com>", "fromName": "T." }), "fromName", json!("T.")),
        (json!({ "contractId": 746_839 }), "contractId", json!("746839")),
        (json!({ "channel": "walkIn" }), "channel", json!("walkIn")),
    ];
    for (members, name, expected) in cases {
        let id = acme.new_ticket(members.clone()).await;
        assert_eq!(acme.ticket(id).await[name], expected, "{members}");
    }
}

#[tokio::test]
async fn null_counts_as_absent_for_what_is_never_null() {
    let acme = Server::shared().new_tenant().await;
    let all_null = json!({
        "channel": "email", "from": null, "fromName": null, "subchannelId": null, "to": null, "cc": null,
        "bcc": null, "direction": null, "status": null, "priority": null, "subject": null, "body": null,
        "createdAt": null, "firstResponseDueBy": null, "dueBy": null, "attachments": null, "tags": null,
        "contractId": null, "agentId": null, "externalTicketId": null, "rawData": null,
        "templateId": null, "templateData": null, "interface": null, "process": null,
        "externalUpdatedAt": null,
    });

    let made = acme.post(PATH, all_null).await;

    assert_eq!(made.status, 200, "{}", made.text);
    let plain = acme.post(PATH, json!({ "channel": "email" })).await;
    let own = ["id", "createdAt", "prevTicketId"];
    let (mut made, mut plain) = (redacted(&made.body, &own), redacted(&plain.body, &own));
    made["prevTicketId"] = Value::Null;
    plain["prevTicketId"] = Value::Null;
    assert_eq!(made, plain);
    assert_eq!(acme.post(PATH, json!({ "channel": null })).await.pointers(), ["/channel"]);
}

#[tokio::test]
async fn raw_data_keeps_its_order_and_its_numbers() {
    let acme = Server::shared().new_tenant().await;
    let raw =
        r#"{"z":1.10,"a":[123456789012345678901234567890,-0,0.0,1e+400,1e-999999],"ü":"ä","e":{},"n":null}"#;
    let body = format!(r#"{{"channel":"email","rawData":{raw}}}"#);

    let made = acme.raw(Method::POST, PATH, "application/json", body.clone()).await;

    assert_eq!(made.status, 200, "{}", made.text);
    assert_eq!(made.body["rawData"], Value::Null);
    let seen = acme.get(&format!("{PATH}/{}?includeRawData=true", made.body["id"])).await;
    assert!(seen.text.contains(&format!(r#""rawData":{raw},"#)), "{}", seen.text);
}

#[tokio::test]
async fn attachments_are_described_by_name_and_url_alone() {
    let acme = Server::shared().new_tenant().await;
    let files = json!([
        { "name": "Scan.PDF", "url": "https://example.com/a?b=c" },
        { "name": "README", "url": "http://example.com/readme", "inline": false },
        { "name": "logo.png", "url": "https://example.com/logo.png", "inline": true },
        { "name": "letter.pdf", "url": "https://example.com/letter.pdf", "inline": true },
    ]);

    let made = acme.post(PATH, json!({ "channel": "email", "attachments": files })).await;

    assert_eq!(made.status, 200, "{}", made.text);
    let shown = made.body["attachments"].as_array().unwrap();
    for file in shown {
        let id = file["id"].as_str().unwrap();
        assert!(!id.is_empty() && id.bytes().all(|byte| byte.is_ascii_alphanumeric()), "{id}");
    }
    let file = |name: &str, url: &str, inline: bool, ending: Value, r#type: Value| {
        json!({
            "id": "redacted", "url": url, "name": name, "size": null, "width": null, "height": null,
            "inline": inline, "fileEnding": ending, "contentType": r#type, "originalUrl": url,
            "extractedData": null, "extractionStatus": null, "extractionData": null,
        })
    };
    let pdf = json!("application/pdf");
    let expected = [
        file("Scan.PDF", "https://example.com/a?b=c", false, json!("pdf"), pdf.clone()),
        file("README", "http://example.com/readme", false, Value::Null, Value::Null),
        file("letter.pdf", "https://example.com/letter.pdf", true, json!("pdf"), pdf),
    ];
    let shown: Vec<Value> = shown.iter().map(|file| redacted(file, &["id"])).collect();
    assert_eq!(shown, expected, "an image inside the text is hidden, a PDF is not");
    assert_eq!(number(&acme, "select count(*) from attachment").await, 4);
}

#[tokio::test]
async fn a_file_that_is_named_twice_is_there_once() {
    let acme = Server::shared().new_tenant().await;
    let file = json!({ "name": "a.txt", "url": "https://example.com/a" });

    let made = acme.post(PATH, json!({ "channel": "email", "attachments": [file, file] })).await;

    assert_eq!(made.body["attachments"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_letter_needs_exactly_one_scan() {
    let acme = Server::shared().new_tenant().await;
    let file = |name: &str| json!({ "name": name, "url": format!("https://example.com/{name}") });
    for name in ["a.pdf", "a.PNG", "a.jpg", "a.jpeg", "a.tif", "a.tiff"] {
        let letter = acme.post(PATH, json!({ "channel": "letter", "attachments": [file(name)] })).await;
        assert_eq!(letter.status, 200, "{name}: {}", letter.text);
    }
    let scans = number(&acme, "select count(*) from ticket").await;
    for files in [json!([]), json!([file("a.docx")]), json!([file("a.pdf"), file("b.pdf")]), Value::Null] {
        let letter = acme.post(PATH, json!({ "channel": "letter", "attachments": files })).await;
        assert_eq!((letter.status, letter.pointers()), (422, vec!["/attachments"]), "{files}");
    }
    assert_eq!(number(&acme, "select count(*) from ticket").await, scans);
}

#[tokio::test]
async fn what_is_not_known_is_kept_out_and_reported() {
    let acme = Server::shared().new_tenant().await;
    let file = json!({ "name": "a.txt", "url": "https://example.com/a", "base64": "AA==" });
    let body = json!({ "channel": "email", "colour": "red", "a/b~c": 1, "attachments": [file] });

    let made = acme.post(PATH, body.clone()).await;
    assert_eq!(made.status, 200, "{}", made.text);
    let mut warnings = made.warnings();
    warnings.sort_unstable();
    assert_eq!(warnings, ["/attachments/0/base64", "/a~1b~0c", "/colour"]);
    assert_eq!(made.body["warnings"][0]["code"], "unknown_member");

    let strict = acme.with_header("prefer", "handling=strict").post(PATH, body).await;
    assert_eq!(strict.status, 422);
    let mut pointers = strict.pointers();
    pointers.sort_unstable();
    assert_eq!(pointers, ["/attachments/0/base64", "/a~1b~0c", "/colour"]);
    assert_eq!(number(&acme, "select count(*) from ticket").await, 1);
}

#[tokio::test]
async fn the_opening_message_and_the_record_are_written_with_the_ticket() {
    let acme = Server::shared().new_tenant().await;
    let partner = acme.acting_as("integration:shop", "integration");
    partner
        .new_ticket(json!({
            "from": "Tom <tom@example.com>", "to": ["a@example.com"], "cc": ["b@example.com"],
            "bcc": ["c@example.com"], "body": "Hello", "createdAt": "2021-01-01 00:00:00",
        }))
        .await;

    let opening = rows(
        &acme,
        "select to_json(c)::text from (
            select is_opening, direction, is_private, from_address, from_name, agent_id, to_addresses,
                cc_addresses, bcc_addresses, body, extract(epoch from created_at)::bigint as at
            from conversation
        ) c",
    )
    .await;

    assert_eq!(
        opening,
        [json!({
            "is_opening": true, "direction": "in", "is_private": false, "from_address": "tom@example.com",
            "from_name": "Tom", "agent_id": null, "to_addresses": ["a@example.com"],
            "cc_addresses": ["b@example.com"], "bcc_addresses": ["c@example.com"], "body": null,
            "at": 1_609_459_200,
        })]
    );
    assert_eq!(
        activity(&acme).await,
        [json!({
            "kind": "created", "version": 1, "actor_kind": "integration", "actor_name": "shop",
            "via": "mind", "changes": [],
        })]
    );
    let together = "select count(*) from ticket t
        join conversation c on c.ticket_id = t.id and c.xmin = t.xmin
        join activity a on a.ticket_id = t.id and a.xmin = t.xmin
        join job j on j.ticket_id = t.id and j.xmin = t.xmin";
    assert_eq!(number(&acme, together).await, 1, "all in one transaction");
}
