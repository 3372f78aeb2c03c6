use serde_json::{Value, json};
use sqlx::Executor;

use crate::support::{Backdoor, Client, Server};

const PATH: &str = "/api/mind/ticket";

/// A ticket with everything around it that a ticket can have, made behind the server's back where no
/// route makes it.
async fn full_ticket(acme: &Client) -> i64 {
    let agent = acme.new_agent("max@example.com", "agent").await;
    let parent = acme.new_tag(json!({ "name": "Second Level" })).await;
    let tag = acme
        .new_tag(
            json!({ "parent": parent, "channels": ["email"], "detectionDetails": { "type": "aiDetection" } }),
        )
        .await;
    acme.new_ticket(json!({})).await;
    let id = acme
        .new_ticket(json!({
            "from": "Tom Mustermann <tom@gmail.com>", "to": ["service@energy.com"],
            "cc": ["second@enneo.ai"], "bcc": ["archive@enneo.ai"], "body": "<p>Hello</p>",
            "externalTicketId": "EXT-12345", "firstResponseDueBy": "2022-12-14 22:18:06",
            "dueBy": "2022-12-15 22:18:06", "contractId": "746839", "agentId": agent, "tags": [tag],
            "attachments": [{ "name": "meter.jpg", "url": "https://example.com/meter.jpg" }],
        }))
        .await;
    acme.new_ticket(json!({})).await;
    let mut door = Backdoor::of_tenant(&acme.tenant).await;
    for sql in [
        "update agent set email = coalesce(email, 'admin@example.com'), phone = '+49 123', last_seen_at = '2022-08-12 12:21:21Z', name_alias = 'Johnny',
            external_id = 'EMP-1'",
        "update ticket set subchannel_id = (select min(id) from subchannel), sentiment = 'positive',
            language = 'English', language_code = 'en', auto_execute_at = '2023-11-07T05:31:56Z',
            spam_status = 'auto_clean', is_customer_active = true, channel_id = '32291c7e',
            summary = 'Reading', body_plain = 'Hello', body_clean = 'Hello', customer_id = '83771',
            partner_id = 123, customer_legitimation = 10,
            assigned_agent_ids = array(select id from agent order by id desc)
            where external_ticket_id is not null",
        "update attachment set size_bytes = 2292952, width = 3120, height = 4160,
            extraction_status = 'success', extraction_data = '{\"confidence\":0.815,\"meterValue\":87870.5}'",
        "insert into customer (tenant_id, id, id_is_integer, business, firstname, lastname, address, phone,
            email, tag_ids) values (current_setting('app.tenant_id')::bigint, '83771', true, false, 'Tom',
            'Mustermann', 'Road 5', '49123456789', 'TOM@gmail.com', array(select max(id) from tag))",
        "insert into contract (tenant_id, id, id_is_integer, customer_id, document) values
            (current_setting('app.tenant_id')::bigint, '746839', true, '83771', '{\"orderId\":123,
            \"signupDate\":1661126400,\"status\":\"active\",\"statusCode\":5000,\"statusCodeTitle\":\"active\",
            \"energy\":\"electricity\",\"energyTypeId\":1,\"energySubTypeId\":1,\"email\":\"a@example.com\",
            \"firstname\":\"John\",\"lastname\":\"Doe\",\"deliveryAddress\":\"Road 5\",\"iban\":\"DE89\",
            \"monthlyDeposit\":53,\"startDate\":1661990400,\"consumption\":3477,\"counterNumber\":\"1ESY\",
            \"productId\":1,\"productName\":\"Flex\",\"productCode\":\"flx\",\"campaignId\":1,
            \"salesChannelId\":1,\"unpaidDebt\":109.21,\"vatRate\":0.09,\"basePrice\":0.09,
            \"workingPrice\":0.09,\"billingAddress\":\"Road 6\",\"business\":false,\"phone\":491721041689,
            \"gridOperatorName\":\"E.ON\",\"gridOperatorCode\":1000000000000,\"registers\":[{}],
            \"erpUrls\":[{\"url\":\"https://example.com\",\"logo\":\"powercloud\"}],\"rawData\":{\"a\":1},
            \"agentPreview\":[{\"label\":\"Tarif\",\"value\":\"Flex\",\"tooltip\":\"AP\",\"url\":\"https://example.com\"}],
            \"tabPreview\":{\"color\":\"green\",\"icon\":\"electricity\"},\"secret\":\"hidden\"}')",
        "insert into intent (tenant_id, ticket_id, ai_agent_id, contract_id, code, name, status, confidence,
            confidence_color, message_preview, recipient, options, infos, outcome, created_at)
            select current_setting('app.tenant_id')::bigint, id, 1, '746839', 'process_meter_reading',
            'Process', 'ready', 0.95, 'warning', 'We have', 'a@example.com',
            '[{\"type\":\"ignore\",\"name\":\"Ignore\",\"icon\":\"check\",\"recommended\":true,\"order\":1}]',
            '[{\"code\":\"W\",\"type\":\"warning\",\"message\":\"ok\",\"extraInfo\":\"421 kWh\"}]',
            '{\"aiAgentId\":1,\"success\":true,\"messageLocalized\":\"ok\",\"internalData\":{\"requestEndpoint\":\"e\",
            \"requestParams\":\"p\"},\"executedAt\":\"2022-12-13 22:18:06\",\"userId\":1,\"sent\":true,
            \"ticketClosed\":true,\"recipient\":\"a\",\"message\":\"m\",\"template\":\"t\",\"sources\":[{\"type\":\"k\",
            \"id\":1,\"name\":\"n\",\"url\":\"u\",\"text\":\"t\"}],\"txId\":\"c\"}', now()
            from ticket where external_ticket_id is not null",
    ] {
        door.connection.execute(sql).await.unwrap();
    }
    door.commit().await;
    id
}

/// Every member of the reference's example is there with its type, and no other but those allowed.
fn assert_shape(at: &str, example: &Value, actual: &Value) {
    // We know no template yet, nothing that contradicts the unset ones, and phone numbers are texts.
    let null_here = ["/template", "/customer/company"];
    let texts_here = ["/customer/phone", "/customer/contracts/phone"];
    let ours =
        ["/version", "/success", "/aiSupportLevel", "/intents/aiAgentId", "/tags/detectionDetails/type"];
    match (example, actual) {
        _ if null_here.contains(&at) => assert!(actual.is_null(), "{at}: {actual}"),
        _ if texts_here.contains(&at) => assert!(actual.is_string(), "{at}: {actual}"),
        // What is null in the example may have a value.
        (Value::Null, _) => {}
        (Value::Object(example), Value::Object(actual)) => {
            for (name, member) in example {
                let found = actual.get(name).unwrap_or_else(|| panic!("{at}/{name} is missing"));
                assert_shape(&format!("{at}/{name}"), member, found);
            }
            for name in actual.keys().filter(|name| !example.contains_key(*name)) {
                assert!(ours.contains(&format!("{at}/{name}").as_str()), "{at}/{name} is too much");
            }
        }
        (Value::Array(example), Value::Array(actual)) => {
            for item in actual {
                if let Some(first) = example.first() {
                    assert_shape(at, first, item);
                }
            }
            let empty_here = ["/tags/subchannels", "/tags/properties", "/replyRecipients/bcc"];
            assert!(example.is_empty() || !actual.is_empty() || empty_here.contains(&at), "{at} is empty");
        }
        _ => assert_eq!(
            std::mem::discriminant(example),
            std::mem::discriminant(actual),
            "{at}: {example} and {actual}"
        ),
    }
}

#[tokio::test]
async fn a_full_ticket_has_every_member_of_the_reference() {
    let acme = Server::shared().new_tenant().await;
    let id = full_ticket(&acme).await;
    let reference: Value = serde_json::from_str(include_str!("reference.json")).unwrap();

    let seen = acme.get(&format!("{PATH}/{id}")).await;

    assert_eq!(seen.status, 200, "{}", seen.text);
    let mut ticket = seen.body;
    assert_shape("", &reference, &ticket);
    for secret in ["password", "image", "addTagIds", "removeTagIds", "refresh", "secret"] {
        assert!(!seen.text.contains(&format!("\"{secret}\":")), "{secret}");
    }
    let (customer, contract) = (&ticket["customer"], &ticket["customer"]["contracts"][0]);
    assert_eq!((&customer["id"], &customer["emailMatches"]), (&json!(83771), &json!(true)));
    assert_eq!((&contract["id"], &contract["customerId"]), (&json!(746_839), &json!("83771")));
    assert_eq!((&contract["rawData"], &contract["endDate"]), (&Value::Null, &Value::Null));
    assert_eq!((&ticket["customerId"], &ticket["contractId"]), (&json!("83771"), &json!("746839")));
    assert_eq!(ticket["autoExecuteAt"], "2023-11-07T05:31:56Z");
    assert_eq!(ticket["agent"]["lastSeen"], "2022-08-12 12:21:21");
    assert_eq!(ticket["agent"]["isSsoOnly"], 0);
    let assigned: Vec<Value> =
        ticket["assignedAgents"].as_array().unwrap().iter().map(|agent| agent["id"].clone()).collect();
    assert_eq!(Value::Array(assigned), ticket["assignedAgentIds"], "in the order of the ids");
    assert_eq!((&ticket["isEscalated"], &ticket["success"]), (&json!(true), &json!(true)));
    assert_eq!((&ticket["workitem"], &ticket["rawData"]), (&Value::Null, &Value::Null));
    assert!(ticket["prevTicketId"].as_i64().unwrap() < id && ticket["nextTicketId"].as_i64().unwrap() > id);

    let stub = acme.get(&format!("{PATH}/{id}?includeCustomer=false&includeIntents=false")).await;
    ticket["customer"] = json!({ "tagIds": [], "tags": [] });
    ticket.as_object_mut().unwrap().remove("intents");
    assert_eq!(stub.body, ticket);
}

#[tokio::test]
async fn ids_of_the_back_end_keep_their_types_and_what_is_unknown_is_a_stub() {
    let acme = Server::shared().new_tenant().await;
    let id = full_ticket(&acme).await;
    let change = async |sql: &'static str| {
        let mut door = Backdoor::of_tenant(&acme.tenant).await;
        door.connection.execute(sql).await.unwrap();
        door.commit().await;
    };
    change("update customer set id_is_integer = false, email = null").await;
    change("update contract set id_is_integer = false, document = '{}'").await;
    let seen = acme.ticket(id).await;
    assert_eq!(
        (&seen["customer"]["id"], &seen["customer"]["emailMatches"]),
        (&json!("83771"), &json!(false))
    );
    let contract = &seen["customer"]["contracts"][0];
    assert_eq!(contract["id"], "746839");
    assert_eq!((&contract["registers"], &contract["business"]), (&json!([]), &json!(false)));
    assert_eq!(contract.as_object().unwrap().len(), 40);

    change("update ticket set customer_id = 'nobody' where customer_id is not null").await;
    let seen = acme.ticket(id).await;
    assert_eq!(seen["customer"], json!({ "tagIds": [], "tags": [] }));
    assert_eq!(seen["customerId"], "nobody");
}

#[tokio::test]
async fn raw_data_is_shown_on_request_alone() {
    let acme = Server::shared().new_tenant().await;
    let id = acme.new_ticket(json!({ "rawData": { "a": 1 } })).await;
    for (query, shown) in [
        ("", Value::Null),
        ("?includeRawData=false", Value::Null),
        ("?includeRawData=true", json!({ "a": 1 })),
        ("?includeRawData=1", json!({ "a": 1 })),
    ] {
        let seen = acme.get(&format!("{PATH}/{id}{query}")).await;
        assert_eq!(seen.body["rawData"], shown, "{query}");
    }
}

#[tokio::test]
async fn hidden_tags_are_left_out_of_tags_and_kept_in_tag_ids() {
    let acme = Server::shared().new_tenant().await;
    let make = async |visibility: &str, parent: Value| {
        let members = json!({ "name": visibility, "visibility": visibility, "parent": parent });
        acme.new_tag(members).await
    };
    let public = make("public", Value::Null).await;
    let private = make("private", Value::Null).await;
    let disabled = make("disabled", Value::Null).await;
    let below_private = make("public", json!(private)).await;
    let below_disabled = make("public", json!(disabled)).await;
    let far_below = make("public", json!(below_disabled)).await;
    let all = [public, private, disabled, below_private, below_disabled, far_below];
    let id = acme.new_ticket(json!({ "tags": all })).await;
    let agent = acme.new_agent("eva@example.com", "agent").await;
    let shown = |body: &Value| -> Vec<i64> {
        body["tags"].as_array().unwrap().iter().map(|tag| tag["id"].as_i64().unwrap()).collect()
    };

    let admin = acme.ticket(id).await;
    assert_eq!(shown(&admin), [public, private, below_private]);
    for caller in [
        acme.acting_as(&agent.to_string(), "agent"),
        acme.acting_as(&agent.to_string(), "admin"),
        acme.acting_as("integration:shop", "integration"),
    ] {
        let seen = caller.ticket(id).await;
        assert_eq!(shown(&seen), [public]);
        assert_eq!(seen["tagIds"], json!(all));
    }
    assert_eq!(admin["tagIds"], json!(all));
}

#[tokio::test]
async fn reply_recipients_follow_channel_and_direction() {
    let acme = Server::shared().new_tenant().await;
    acme.post("/api/mind/settings/subchannel", json!({ "name": "Service@Energy.com", "channel": "email" }))
        .await;
    let base = json!({
        "from": "tom@example.com", "to": ["help@energy.com"], "bcc": ["d@example.com"],
        "cc": ["service@energy.com", "HELP@energy.com", "eva@example.com"],
    });
    let incoming = json!({ "to": ["tom@example.com"], "cc": ["eva@example.com"], "bcc": [] });
    let as_sent = json!({
        "to": ["help@energy.com"], "cc": ["service@energy.com", "HELP@energy.com", "eva@example.com"],
        "bcc": ["d@example.com"],
    });
    let nobody = json!({ "to": [], "cc": [], "bcc": [] });
    let cases = [
        (json!({}), incoming.clone()),
        (json!({ "direction": "out" }), as_sent.clone()),
        (json!({ "direction": "internal" }), as_sent),
        (json!({ "channel": "system" }), Value::Null),
        (json!({ "channel": "portal" }), json!({ "to": ["tom@example.com"], "cc": [], "bcc": [] })),
        (json!({ "channel": "phone", "from": "+49 30 1", "cc": [] }), nobody.clone()),
        (json!({ "from": null, "cc": null }), nobody),
    ];
    for (members, expected) in cases {
        let mut all = base.clone();
        all.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
        let seen = acme.ticket(acme.new_ticket(all).await).await;
        assert_eq!(seen["replyRecipients"], expected, "{members}");
        let cc = expected.get("cc").cloned().unwrap_or_else(|| json!([]));
        assert_eq!(seen["replyCcEmails"], cc, "{members}");
        let is_email = seen["channel"] == "email";
        assert!(is_email || seen["ccEmails"] == json!([]) && seen["bccEmails"] == json!([]), "{members}");
    }
}

#[tokio::test]
async fn a_legitimation_message_stands_at_levels_10_to_19_alone() {
    let acme = Server::shared().new_tenant().await;
    let id = acme.new_ticket(json!({})).await;
    for (level, has_message) in [
        (0, false),
        (9, false),
        (10, true),
        (12, true),
        (13, true),
        (15, true),
        (19, true),
        (20, false),
        (30, false),
    ] {
        let mut door = Backdoor::of_tenant(&acme.tenant).await;
        sqlx::query("update ticket set customer_legitimation = $1")
            .bind(level)
            .execute(&mut door.connection)
            .await
            .unwrap();
        door.commit().await;
        let seen = acme.ticket(id).await;
        assert_eq!(seen["customerLegitimation"], level);
        assert_eq!(seen["customerLegitimationMessage"].is_string(), has_message, "{level}");
    }
}

#[tokio::test]
async fn system_tickets_alone_have_a_work_item() {
    let acme = Server::shared().new_tenant().await;
    let system = acme.new_ticket(json!({ "channel": "system" })).await;
    let mail = acme.new_ticket(json!({})).await;
    assert_eq!(acme.ticket(system).await["workitem"], json!({}));
    let mut door = Backdoor::of_tenant(&acme.tenant).await;
    door.connection.execute("update ticket set workitem = '{\"b\":1,\"a\":2.0}'").await.unwrap();
    door.commit().await;
    assert_eq!(acme.ticket(system).await["workitem"].to_string(), r#"{"b":1,"a":2.0}"#);
    assert_eq!(acme.ticket(mail).await["workitem"], Value::Null);
}

#[tokio::test]
async fn neighbours_are_the_tenants_own() {
    let server = Server::shared();
    let (acme, zeta) = (server.new_tenant().await, server.new_tenant().await);
    let first = acme.new_ticket(json!({})).await;
    let foreign = zeta.new_ticket(json!({})).await;
    let second = acme.new_ticket(json!({})).await;
    let (seen, next) = (acme.ticket(first).await, acme.ticket(second).await);
    assert_eq!((&seen["prevTicketId"], &seen["nextTicketId"]), (&Value::Null, &json!(second)));
    assert_eq!((&next["prevTicketId"], &next["nextTicketId"]), (&json!(first), &Value::Null));
    let missing = acme.get(&format!("{PATH}/{foreign}")).await;
    assert_eq!((missing.status, &missing.body["code"]), (404, &json!("ticket_not_found")));
}

#[tokio::test]
async fn what_is_no_id_is_not_found_and_bad_parameters_are_named() {
    let acme = Server::shared().new_tenant().await;
    let id = acme.new_ticket(json!({})).await;
    for id in
        ["0", "-1", "9223372036854775808", "9223372036854775807", "abc", "1.5", "1e3", "%00", "+1", "%20"]
    {
        let missing = acme.get(&format!("{PATH}/{id}")).await;
        assert_eq!((missing.status, &missing.body["code"]), (404, &json!("ticket_not_found")), "{id}");
    }
    for name in ["viewing", "includeRawData", "includeCustomer", "includeIntents", "refresh", "erpCacheOnly"]
    {
        let refused = acme.get(&format!("{PATH}/{id}?{name}=maybe")).await;
        assert_eq!((refused.status, refused.pointers()), (422, vec![&*format!("?{name}")]));
        assert_eq!(acme.get(&format!("{PATH}/{id}?{name}=true")).await.status, 200);
    }
    let both = acme.get(&format!("{PATH}/{id}?viewing=x&refresh=y")).await;
    assert_eq!(both.pointers(), ["?viewing", "?refresh"]);
    assert_eq!(acme.get(&format!("{PATH}/{id}?unknown=x%00&fullData=no")).await.status, 200);
    assert_eq!(acme.without_token().get(&format!("{PATH}/{id}")).await.status, 401);
}
