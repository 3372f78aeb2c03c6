use reqwest::Method;
use serde_json::{Value, json};

use crate::mind::stored::{number, rows};
use crate::support::{Backdoor, Client, Server};

const CUSTOMER: &str = "/api/mind/customer";
const CONTRACT: &str = "/api/mind/contract";

async fn seen(client: &Client, id: &str, query: &str) -> Value {
    let found = client.get(&format!("{CUSTOMER}/byCustomerId/{id}{query}")).await;
    assert_eq!(found.status, 200, "{}", found.text);
    found.body
}

/// The keys of the directory as `kind customer/contract`, each once.
async fn keys(client: &Client) -> Vec<Value> {
    let sql = "select distinct to_json(kind || ' ' || customer_id || '/' || contract_id)::text
        from directory_key order by 1";
    rows(client, sql).await
}

fn tom() -> Value {
    json!({
        "id": 83_771, "business": false, "company": null, "firstname": "Tom", "lastname": "Mustermann",
        "address": "Hugo-Junkers-Str. 5, 82031 Grünwald", "phone": 49_123_456_789_i64,
        "email": "Tom@Mustermann.de", "contractIds": [746_839, "K-2"],
        "additionalData": { "b": 1.10, "a": null },
    })
}

#[tokio::test]
async fn a_customer_is_saved_and_read_back() {
    let acme = Server::shared().new_tenant().await;

    let saved = acme.put(&format!("{CUSTOMER}/83771"), tom()).await;

    assert_eq!(saved.status, 200, "{}", saved.text);
    assert_eq!(saved.body, json!({ "success": true, "id": 83_771, "created": true, "warnings": [] }));
    let customer = json!({
        "id": 83_771, "emailMatches": null, "business": false, "company": null, "firstname": "Tom",
        "lastname": "Mustermann", "address": "Hugo-Junkers-Str. 5, 82031 Grünwald", "phone": "49123456789",
        "email": "Tom@Mustermann.de", "tags": [], "contracts": [], "additionalData": { "b": 1.10, "a": null },
        "contractIds": [746_839, "K-2"], "success": true,
    });
    assert_eq!(seen(&acme, "83771", "").await.to_string(), customer.to_string(), "in this order");

    let again = acme.put(&format!("{CUSTOMER}/83771"), json!({ "id": "83771", "business": true })).await;
    assert_eq!(again.body, json!({ "success": true, "id": "83771", "created": false, "warnings": [] }));
    let now = seen(&acme, "83771", "").await;
    assert_eq!(
        (&now["id"], &now["firstname"], &now["business"]),
        (&json!("83771"), &Value::Null, &json!(true))
    );
    assert_eq!((&now["contractIds"], &now["additionalData"]), (&json!([]), &json!({})));
    // What was read may be sent back.
    let echo = acme.put(&format!("{CUSTOMER}/83771"), customer).await;
    assert_eq!((echo.status, echo.warnings()), (200, vec!["/emailMatches", "/tags", "/success"]));
}

#[tokio::test]
async fn contracts_find_their_customer_whichever_comes_first() {
    let acme = Server::shared().new_tenant().await;
    let contract = json!({
        "id": 746_839, "customerId": 83_771, "signupDate": "2022-08-22 00:00:00", "startDate": 1_661_990_400,
        "counterNumber": 1160, "phone": 4_912_345, "vatRate": 0.19, "rawData": { "x": 1 }, "smart": [1.10],
        "registers": [{ "a": 1 }], "orderId": "O-1",
    });

    let saved = acme.put(&format!("{CONTRACT}/746839"), contract).await;
    assert_eq!(saved.body, json!({ "success": true, "id": 746_839, "created": true, "warnings": [] }));
    assert_eq!(acme.get(&format!("{CUSTOMER}/byCustomerId/83771")).await.status, 404);
    acme.put(&format!("{CUSTOMER}/83771"), tom()).await;
    let second = acme.put(&format!("{CONTRACT}/K-9"), json!({ "customerId": "83771", "smart": true })).await;
    assert_eq!((&second.body["id"], &second.body["created"]), (&json!("K-9"), &json!(true)));

    let customer = seen(&acme, "83771", "").await;
    assert_eq!(customer["contractIds"], json!([746_839, "K-2", "K-9"]));
    let shown = &customer["contracts"][0];
    assert_eq!(shown.as_object().unwrap().len(), 40);
    for (name, value) in [
        ("id", json!(746_839)),
        ("customerId", json!("83771")),
        ("signupDate", json!(1_661_126_400)),
        ("startDate", json!(1_661_990_400)),
        ("endDate", Value::Null),
        ("counterNumber", json!("1160")),
        ("phone", json!("4912345")),
        ("vatRate", json!(0.19)),
        ("orderId", json!("O-1")),
        ("registers", json!([{ "a": 1 }])),
        ("business", json!(false)),
        ("rawData", Value::Null),
    ] {
        assert_eq!(shown[name], value, "{name}");
    }
    let raw = seen(&acme, "83771", "?includeRawData=true").await;
    assert_eq!(raw["contracts"][0]["rawData"], json!({ "x": 1 }));
    assert_eq!(raw["contracts"][1]["rawData"], json!({ "smart": true }), "all that was said");
    let bare = seen(&acme, "83771", "?includeContracts=false").await;
    assert!(bare.get("contracts").is_none());
    assert_eq!(bare["contractIds"], customer["contractIds"]);
    // The ticket's customer follows the contract, and shows the same.
    let ticket = acme.new_ticket(json!({ "contractId": 746_839, "from": "tom@mustermann.DE" })).await;
    let ticket = acme.ticket(ticket).await;
    assert_eq!((&ticket["customerId"], &ticket["contractId"]), (&json!("83771"), &json!("746839")));
    assert_eq!(ticket["customer"]["emailMatches"], true);
    assert_eq!(ticket["customer"]["contracts"], customer["contracts"]);
}

#[tokio::test]
async fn the_keys_follow_what_is_saved() {
    let acme = Server::shared().new_tenant().await;
    acme.put(&format!("{CUSTOMER}/83771"), tom()).await;
    let own = keys(&acme).await;
    for kind in ["address", "customer_id", "email", "name", "phone"] {
        assert!(own.contains(&json!(format!("{kind} 83771/"))), "{kind}: {own:?}");
    }
    let contract =
        json!({ "customerId": 83_771, "counterNumber": "1ESY1160669167", "email": "a@example.com" });
    acme.put(&format!("{CONTRACT}/746839"), contract).await;
    let both = keys(&acme).await;
    for kind in ["contract_id", "email", "meter"] {
        assert!(both.contains(&json!(format!("{kind} 83771/746839"))), "{kind}: {both:?}");
    }
    assert!(own.iter().all(|key| both.contains(key)), "the customer's own stay");

    acme.put(&format!("{CONTRACT}/746839"), json!({ "customerId": "other" })).await;
    acme.put(&format!("{CUSTOMER}/83771"), json!({})).await;
    assert_eq!(keys(&acme).await, [json!("contract_id other/746839"), json!("customer_id 83771/")]);
}

#[tokio::test]
async fn contracts_come_with_their_customer() {
    let acme = Server::shared().new_tenant().await;
    acme.put(&format!("{CONTRACT}/9"), json!({ "customerId": 5 })).await;
    let body = json!({ "contracts": [{ "id": 1, "energy": "gas" }, { "id": "B", "customerId": "5" }] });
    let saved = acme.put(&format!("{CUSTOMER}/5"), body).await;
    assert_eq!(saved.status, 200, "{}", saved.text);
    let customer = seen(&acme, "5", "").await;
    assert_eq!(customer["contractIds"], json!([1, 9, "B"]));
    assert_eq!(customer["contracts"][0]["energy"], "gas");
    assert!(keys(&acme).await.contains(&json!("contract_id 5/B")));

    let body = json!({ "contracts": [
        { "id": 1 }, { "id": "1" }, {}, { "id": 2, "customerId": 6 }, { "id": 3, "vatRate": "x" }, 4,
    ] });
    let refused = acme.put(&format!("{CUSTOMER}/5"), body).await;
    assert_eq!(refused.status, 422);
    let pointers = [
        "/contracts/1/id",
        "/contracts/2/id",
        "/contracts/3/customerId",
        "/contracts/4/vatRate",
        "/contracts/5",
    ];
    assert_eq!(refused.pointers(), pointers);
    let many: Vec<Value> = (0..1001).map(|id| json!({ "id": id })).collect();
    let refused = acme.put(&format!("{CUSTOMER}/5"), json!({ "contracts": many })).await;
    assert_eq!((refused.status, refused.pointers()), (422, vec!["/contracts"]));
    let most = acme.put(&format!("{CUSTOMER}/5"), json!({ "contracts": many[..1000] })).await;
    assert_eq!(most.status, 200, "{}", most.text);
    assert_eq!(number(&acme, "select count(*) from contract").await, 1001);
}

#[tokio::test]
async fn ids_keep_the_type_that_they_came_with() {
    let acme = Server::shared().new_tenant().await;
    for (path, body, id) in [
        ("7", json!({}), json!(7)),
        ("7", json!({ "id": "7" }), json!("7")),
        ("-7", json!({}), json!(-7)),
        ("007", json!({}), json!("007")),
        ("+7", json!({}), json!("+7")),
        ("99999999999999999999", json!({}), json!("99999999999999999999")),
        ("K%2F1%20%C3%A4", json!({ "id": "K/1 ä" }), json!("K/1 ä")),
        ("%C3%A4", json!({}), json!("ä")),
    ] {
        let saved = acme.put(&format!("{CUSTOMER}/{path}"), body).await;
        assert_eq!((saved.status, &saved.body["id"]), (200, &id), "{path}: {}", saved.text);
        assert_eq!(seen(&acme, path, "").await["id"], id, "{path}");
    }
    let fifty = "ä".repeat(50);
    assert_eq!(acme.put(&format!("{CUSTOMER}/{fifty}"), json!({})).await.status, 200);
    for (path, body, pointer) in [
        ("7", json!({ "id": 8 }), "/id"),
        ("007", json!({ "id": 7 }), "/id"),
        ("7", json!({ "id": 7.5 }), "/id"),
        ("%00", json!({}), "{id}"),
        (&"x".repeat(51), json!({}), "{id}"),
    ] {
        for route in [CUSTOMER, CONTRACT] {
            let mut body = body.clone();
            body["customerId"] = json!(1);
            let strict = acme.put(&format!("{route}/{path}"), body).await;
            assert_eq!((strict.status, strict.pointers()), (422, vec![pointer]), "{route}/{path}");
        }
    }
    for path in ["nobody", "%00", &"x".repeat(51), "8"] {
        let missing = acme.get(&format!("{CUSTOMER}/byCustomerId/{path}")).await;
        assert_eq!((missing.status, &missing.body["code"]), (404, &json!("customer_not_found")), "{path}");
    }
}

#[tokio::test]
async fn every_bad_member_is_named_and_nothing_is_saved() {
    let acme = Server::shared().new_tenant().await;
    let body = json!({
        "id": [], "business": "yes", "company": "x".repeat(256), "firstname": 1, "lastname": "a\0",
        "address": "x".repeat(1001), "phone": {}, "email": "x".repeat(321),
        "contractIds": [1, "", 1.5, "x".repeat(51)], "contracts": {}, "additionalData": [],
    });
    let refused = acme.put(&format!("{CUSTOMER}/1"), body).await;
    assert_eq!(refused.status, 422);
    let mut pointers = refused.pointers();
    pointers.sort_unstable();
    let expected = [
        "/additionalData",
        "/address",
        "/business",
        "/company",
        "/contractIds/1",
        "/contractIds/2",
        "/contractIds/3",
        "/contracts",
        "/email",
        "/firstname",
        "/id",
        "/lastname",
        "/phone",
    ];
    assert_eq!(pointers, expected);
    let nul = acme.put(&format!("{CUSTOMER}/1"), json!({ "additionalData": { "a": ["\0"] } })).await;
    assert_eq!((nul.status, nul.pointers()), (422, vec!["/additionalData/a/0"]));

    let body = json!({
        "id": {}, "customerId": [], "signupDate": "soon", "email": 1, "vatRate": "x", "business": 0,
        "registers": [1], "rawData": [], "counterNumber": true, "orderId": {}, "status": "x".repeat(1001),
    });
    let refused = acme.put(&format!("{CONTRACT}/1"), body).await;
    let mut pointers = refused.pointers();
    pointers.sort_unstable();
    let expected = [
        "/business",
        "/counterNumber",
        "/customerId",
        "/email",
        "/id",
        "/orderId",
        "/rawData",
        "/registers/0",
        "/signupDate",
        "/status",
        "/vatRate",
    ];
    assert_eq!((refused.status, pointers), (422, expected.to_vec()));
    for (body, pointer) in [
        (json!({}), "/customerId"),
        (json!({ "customerId": null }), "/customerId"),
        (json!({ "customerId": 1, "x": { "y/z": "\0" } }), "/x/y~1z"),
        (json!({ "customerId": 1, "x\0": 1 }), ""),
        (json!([]), ""),
        (json!("text"), ""),
        (Value::Null, ""),
    ] {
        let refused = acme.put(&format!("{CONTRACT}/1"), body.clone()).await;
        assert_eq!((refused.status, refused.pointers()[0]), (422, pointer), "{body}: {}", refused.text);
    }
    let odd = json!({ "colour": 1 });
    let strict =
        acme.with_header("prefer", "handling=strict").put(&format!("{CUSTOMER}/1"), odd.clone()).await;
    assert_eq!((strict.status, strict.pointers()), (422, vec!["/colour"]));
    let sql = "select (select count(*) from customer) + (select count(*) from contract)
        + (select count(*) from directory_key)";
    assert_eq!(number(&acme, sql).await, 0);
    assert_eq!(acme.put(&format!("{CUSTOMER}/1"), odd).await.warnings(), ["/colour"]);
    for query in ["includeContracts=x", "includeRawData=2", "includeAgentPreview=maybe"] {
        let refused = acme.get(&format!("{CUSTOMER}/byCustomerId/1?{query}")).await;
        assert_eq!(refused.status, 422, "{query}");
    }
}

#[tokio::test]
async fn every_role_fills_the_directory_of_its_own_tenant() {
    let server = Server::shared();
    let (acme, zeta) = (server.new_tenant().await, server.new_tenant().await);
    let agent = acme.new_agent("eva@example.com", "agent").await;
    let callers = [
        acme.clone(),
        acme.acting_as(&agent.to_string(), "agent"),
        acme.acting_as("integration:erp", "integration"),
    ];
    for (at, caller) in callers.iter().enumerate() {
        assert_eq!(caller.put(&format!("{CUSTOMER}/{at}"), json!({})).await.status, 200);
        assert_eq!(caller.put(&format!("{CONTRACT}/{at}"), json!({ "customerId": at })).await.status, 200);
        assert_eq!(seen(caller, &at.to_string(), "").await["contractIds"], json!([at]));
    }
    assert_eq!(zeta.get(&format!("{CUSTOMER}/byCustomerId/0")).await.status, 404);
    // The same id is another customer there.
    let other = zeta.put(&format!("{CUSTOMER}/0"), json!({ "firstname": "Zoe" })).await;
    assert_eq!(other.body["created"], true);
    assert_eq!(seen(&acme, "0", "").await["firstname"], Value::Null);
    let stranger = acme.without_token();
    assert_eq!(stranger.put(&format!("{CUSTOMER}/0"), json!({})).await.status, 401);
    assert_eq!(stranger.put(&format!("{CONTRACT}/0"), json!({ "customerId": 1 })).await.status, 401);
    assert_eq!(stranger.get(&format!("{CUSTOMER}/byCustomerId/0")).await.status, 401);
    let patched =
        acme.send(Method::PATCH, &format!("{CONTRACT}/0"), |request| request.json(&json!({}))).await;
    assert_eq!(patched.status, 405);
}

#[tokio::test]
async fn hidden_tags_of_a_customer_are_left_out() {
    let acme = Server::shared().new_tenant().await;
    acme.put(&format!("{CUSTOMER}/1"), json!({})).await;
    let public = acme.new_tag(json!({ "name": "VIP", "color": "red", "reference": "customer" })).await;
    acme.new_tag(json!({ "visibility": "private" })).await;
    let mut door = Backdoor::of_tenant(&acme.tenant).await;
    let tag = "update customer set tag_ids = array(select id from tag where name <> 'Allgemein')";
    sqlx::query(tag).execute(&mut door.connection).await.unwrap();
    door.commit().await;
    let agent = acme.new_agent("eva@example.com", "agent").await;
    let agent = acme.acting_as(&agent.to_string(), "agent");
    assert_eq!(seen(&acme, "1", "").await["tags"].as_array().unwrap().len(), 2);
    let shown = seen(&agent, "1", "").await;
    assert_eq!(shown["tags"], json!([{ "id": public, "color": "red", "name": "VIP" }]));
    acme.put(&format!("{CUSTOMER}/1"), json!({ "firstname": "Tom" })).await;
    assert_eq!(seen(&agent, "1", "").await["tags"], shown["tags"], "tags stay");
}

#[tokio::test]
async fn saving_costs_the_same_whatever_comes_along() {
    let server = Server::start().await;
    let acme = server.new_tenant().await;
    let many: Vec<Value> =
        (0..200).map(|id| json!({ "id": id, "email": "a@example.com", "counterNumber": id })).collect();
    for (path, body, most) in [
        (format!("{CUSTOMER}/1"), tom_as(1), 2),
        (format!("{CUSTOMER}/1"), json!({ "contracts": many }), 3),
        (format!("{CONTRACT}/1"), json!({ "customerId": 1 }), 2),
    ] {
        let mut least = usize::MAX;
        for _ in 0..5 {
            let before = server.statements().len();
            let saved = acme.put(&path, body.clone()).await;
            assert_eq!(saved.status, 200, "{}", saved.text);
            least = least.min(server.statements().len() - before);
        }
        assert_eq!(least, most, "{path}");
    }
    let before = server.statements().len();
    seen(&acme, "1", "").await;
    assert!(server.statements().len() - before <= 3);
}

fn tom_as(id: i64) -> Value {
    let mut tom = tom();
    tom["id"] = json!(id);
    tom
}
