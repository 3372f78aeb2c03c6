//! The stranger's view of every route of every dialect: without a credential there is nothing, and what belongs to
//! another tenant is exactly like what is not there.

mod livedesk;
mod mind;
mod socialboards;

use std::collections::{BTreeMap, BTreeSet};

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Backdoor, Client, DIALECTS, Dialect, Reply, Server};

/// A place of a request that takes a reference: the operation; a path parameter as `{name}`, a query parameter as
/// `?name`, or a pointer into the body, where `-` is an entry of a list; and the kind of reference, as among
/// [`belongings`]. `None` for what looks like one and is not.
type Place = (&'static str, &'static str, Option<&'static str>);

/// What a tenant has, by what it is: what refers to it in a request.
pub async fn belongings(client: &Client) -> BTreeMap<&'static str, Value> {
    let name = |noun: &str| json!(format!("{noun} of {}", client.tenant));
    let subchannel = json!({ "name": "Box", "channel": "email" });
    let subchannel = client.post("/api/mind/settings/subchannel", subchannel).await;
    let tag = client.new_tag(json!({ "name": name("Tag") })).await;
    let ai_agent = json!({ "code": "move", "name": "Move", "tagId": tag });
    let ai_agent = client.post("/api/mind/aiAgent", ai_agent).await;
    assert_eq!(client.put("/api/mind/customer/1", json!({ "firstname": "Tom" })).await.status, 200);
    assert_eq!(client.put("/api/mind/contract/1", json!({ "customerId": 1 })).await.status, 200);
    let team = client.post("/api/mind/team", json!({ "name": name("Team") })).await.body["id"].clone();
    let agent = json!({ "email": "eva@example.com", "settings": { "teamIds": [team] } });
    let agent = client.post("/api/mind/profile", agent).await;
    let ticket = client.new_ticket(json!({ "externalTicketId": "EXT" })).await;
    for (name, noun) in [("categories", "Category"), ("customFields", "Field")] {
        let defined = json!([{ "id": ticket, "name": format!("{noun} of {}", client.tenant) }]);
        assert_eq!(client.put(&format!("/api/mind/settings/{name}"), defined).await.status, 200);
    }
    let mut rows = Backdoor::of_tenant(&client.tenant).await;
    let mut message = async |is_private: bool| {
        rows.number(&format!(
            "insert into conversation (tenant_id, ticket_id, is_opening, direction, is_private, body, created_at)
             values (current_setting('app.tenant_id')::bigint, {ticket}, false, 'out', {is_private}, 'a', now())
             returning id"
        ))
        .await
    };
    let (reply, note) = (message(false).await, message(true).await);
    rows.commit().await;
    let mut rows = Backdoor::of_tenant(&client.tenant).await;
    let mut text = async |sql| rows.texts(sql).await.remove(0);
    BTreeMap::from([
        ("ai_agent", ai_agent.body["aiAgent"]["id"].clone()),
        ("agent", agent.body["id"].clone()),
        ("agent_guid", text("select guid::text from agent where email = 'eva@example.com'").await.into()),
        ("tag", tag.into()),
        ("tag_name", name("Tag")),
        ("team", team),
        ("team_name", name("Team")),
        ("subchannel", subchannel.body["id"].clone()),
        ("ticket", ticket.into()),
        ("reply", reply.into()),
        ("note", note.into()),
        // Defined by the tenant for itself.
        ("category", ticket.into()),
        ("custom_field", ticket.into()),
        ("ticket_public_id", text("select public_id from ticket").await.into()),
    ])
}

/// What refers to nothing of anybody.
fn nothing(kind: &str) -> Value {
    match kind {
        "agent_guid" => json!("00000000-0000-4000-8000-000000000000"),
        "tag_name" | "team_name" => json!("Nothing at all"),
        "ticket_public_id" => json!("tk_20200101_00000000000000000000"),
        _ => json!(9_000_000_000_000_i64),
    }
}

fn places(dialect: &Dialect) -> &'static [Place] {
    match dialect.name {
        "mind" => mind::PLACES,
        "socialboards" => socialboards::PLACES,
        "livedesk" => livedesk::PLACES,
        name => panic!("give {name} its places"),
    }
}

/// The least body of an operation that is accepted; null for none.
fn body(dialect: &Dialect, operation: &str, own: &BTreeMap<&'static str, Value>) -> Value {
    match dialect.name {
        "mind" => mind::body(operation, own),
        "socialboards" => socialboards::body(operation, own),
        _ => livedesk::body(operation, own),
    }
}

/// Somebody of the tenant who speaks a dialect.
async fn speaker(dialect: &Dialect, tenant: &Client) -> Client {
    match dialect.name {
        "mind" => tenant.clone(),
        "socialboards" => tenant.socialboards().await,
        _ => tenant.livedesk(),
    }
}

fn operations(dialect: &Dialect) -> impl Iterator<Item = (&String, &String, &Value)> {
    let paths = dialect.document["paths"].as_object().unwrap().iter();
    paths.flat_map(|(path, item)| {
        item.as_object().unwrap().iter().map(move |(method, operation)| (path, method, operation))
    })
}

/// Every place of a document that takes a number, or is named like a reference.
fn places_of(dialect: &Dialect) -> BTreeSet<(String, String)> {
    let mut places = BTreeSet::new();
    for (path, method, operation) in operations(dialect) {
        let mut place = |name: String| places.insert((format!("{method} {path}"), name));
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
            let name = parameter["name"].as_str().unwrap();
            let refers = is_numeric(&parameter["schema"]) || is_named_so(name);
            if parameter["in"] == "path" && refers {
                place(format!("{{{name}}}"));
            } else if parameter["in"] == "query" && refers {
                place(format!("?{name}"));
            }
        }
        for (_, media) in operation["requestBody"]["content"].as_object().into_iter().flatten() {
            let mut found = Vec::new();
            members(dialect, &media["schema"], "", "", 16, &mut found);
            for pointer in found {
                // An element of a body that is a list may also come alone.
                place(pointer.strip_prefix("/-/").map_or(pointer.clone(), |rest| format!("/{rest}")));
            }
        }
    }
    places
}

fn is_numeric(schema: &Value) -> bool {
    let kinds = schema["type"].to_string();
    kinds.contains("integer") || kinds.contains("number")
}

fn is_named_so(name: &str) -> bool {
    let name = name.to_lowercase();
    ["id", "ids", "tags", "team", "file_url"].iter().any(|end| name.ends_with(end))
}

/// The pointers of what is below a schema and may be a reference.
fn members(dialect: &Dialect, schema: &Value, at: &str, name: &str, depth: usize, found: &mut Vec<String>) {
    assert!(depth > 0, "{at} has no end");
    let named = schema["$ref"].as_str().and_then(|path| path.rsplit('/').next());
    if let Some(named) = named {
        let schema = &dialect.document["components"]["schemas"][named];
        return members(dialect, schema, at, name, depth - 1, found);
    }
    for variant in ["oneOf", "anyOf", "allOf"] {
        for schema in schema[variant].as_array().into_iter().flatten() {
            members(dialect, schema, at, name, depth - 1, found);
        }
    }
    for (name, member) in schema["properties"].as_object().into_iter().flatten() {
        members(dialect, member, &format!("{at}/{name}"), name, depth - 1, found);
    }
    if schema["items"].is_object() {
        members(dialect, &schema["items"], &format!("{at}/-"), name, depth - 1, found);
    }
    let is_leaf = schema["properties"].is_null() && schema["items"].is_null();
    let is_leaf = is_leaf && schema["type"] != "null" && schema["type"] != "boolean";
    if is_leaf && !name.is_empty() && (is_numeric(schema) || is_named_so(name)) {
        found.push(at.to_owned());
    }
}

#[test]
fn every_place_for_a_reference_is_among_the_probed_ones() {
    for dialect in &*DIALECTS {
        let known = places(dialect).iter();
        let known = known.map(|(operation, place, _)| ((*operation).to_owned(), (*place).to_owned()));
        let known: BTreeSet<_> = known.collect();
        let document = places_of(dialect);
        let forgotten: Vec<_> = document.difference(&known).collect();
        let name = dialect.name;
        assert!(
            forgotten.is_empty(),
            "{name}: add these to PLACES, with the kind that they take: {forgotten:#?}"
        );
        let gone: Vec<_> = known.difference(&document).collect();
        assert!(gone.is_empty(), "{name}: these are no more: {gone:#?}");
    }
}

/// Asks with a reference at a place.
async fn probe(
    dialect: &Dialect,
    client: &Client,
    (operation, place, _): Place,
    own: &BTreeMap<&'static str, Value>,
    reference: &Value,
) -> Reply {
    let (method, path) = operation.split_once(' ').unwrap();
    let mut path = format!("{}{path}", dialect.prefixes[0]);
    let mut body = body(dialect, operation, own);
    let text = reference.as_str().map_or_else(|| reference.to_string(), str::to_owned);
    if let Some(name) = place.strip_prefix('?') {
        path = format!("{path}?{name}={text}");
    } else if place.starts_with('{') {
        path = path.replace(place, &text);
    } else {
        let mut at = if body.is_array() { &mut body[0] } else { &mut body };
        for step in place.split('/').skip(1) {
            at = if step == "-" {
                if !at.is_array() {
                    *at = json!([null]);
                }
                &mut at[0]
            } else {
                &mut at[step]
            };
        }
        *at = reference.clone();
    }
    for (parameter, kind) in
        [("{ticketId}", "ticket"), ("{ticket_id}", "ticket_public_id"), ("{noteId}", "note")]
    {
        let own = own[kind].as_str().map_or_else(|| own[kind].to_string(), str::to_owned);
        path = path.replace(parameter, &own);
    }
    let method = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
    client.send(method, &path, |request| if body.is_null() { request } else { request.json(&body) }).await
}

/// The same with every mention of the reference blotted out.
fn masked(body: &Value, reference: &Value) -> Value {
    match body {
        body if body == reference => "REFERENCE".into(),
        Value::String(text) => match reference {
            Value::String(reference) => text.replace(reference, "REFERENCE").into(),
            // Digits of other numbers stay.
            number => {
                let number = number.to_string();
                let words = text.split(' ').map(|word| if word == number { "REFERENCE" } else { word });
                words.collect::<Vec<_>>().join(" ").into()
            }
        },
        Value::Array(items) => items.iter().map(|item| masked(item, reference)).collect(),
        Value::Object(members) => {
            let masked = members.iter().map(|(name, member)| {
                // A small id may have the number of an error.
                let is_code = ["code", "errorCode"].contains(&name.as_str());
                (name.clone(), if is_code { member.clone() } else { masked(member, reference) })
            });
            masked.collect()
        }
        body => body.clone(),
    }
}

#[tokio::test]
async fn another_tenants_ids_are_exactly_like_missing_ones_on_every_route() {
    let (acme, zeta) = (Server::shared().new_tenant().await, Server::shared().new_tenant().await);
    let (own, foreign) = (belongings(&acme).await, belongings(&zeta).await);
    for dialect in &*DIALECTS {
        let client = speaker(dialect, &acme).await;
        for place in places(dialect) {
            let Some(kind) = place.2 else { continue };
            let said = format!("{} {place:?}", dialect.name);
            let before = Backdoor::of_tenant(&zeta.tenant).await.rows().await;
            let missing = probe(dialect, &client, *place, &own, &nothing(kind)).await;
            let other = probe(dialect, &client, *place, &own, &foreign[kind]).await;
            let mine = probe(dialect, &client, *place, &own, &own[kind]).await;
            let shown = |reply: &Reply, reference: &Value| {
                let mut body = reply.body.clone();
                if let Some(problem) = body.as_object_mut() {
                    problem.remove("requestId");
                }
                masked(&body, reference)
            };
            assert_eq!(other.status, missing.status, "{said}: {}", other.text);
            assert_eq!(shown(&other, &foreign[kind]), shown(&missing, &nothing(kind)), "{said}");
            // The probe itself is right: with the tenant's own it finds something.
            assert_eq!(mine.status, 200, "{said}: {}", mine.text);
            assert_ne!(shown(&mine, &own[kind]), shown(&missing, &nothing(kind)), "{said}");
            assert_eq!(Backdoor::of_tenant(&zeta.tenant).await.rows().await, before, "{said}");
        }
    }
}

#[tokio::test]
async fn every_private_route_of_every_dialect_asks_for_its_own_credential() {
    let tenant = Server::shared().new_tenant().await;
    for dialect in &*DIALECTS {
        let mut others = vec![tenant.without_token()];
        for other in DIALECTS.iter().filter(|other| other.name != dialect.name) {
            others.push(speaker(other, &tenant).await);
        }
        let before = Backdoor::of_tenant(&tenant.tenant).await.rows().await;
        for (path, method, operation) in operations(dialect) {
            if operation["security"] == json!([]) {
                continue;
            }
            let path: Vec<&str> =
                path.split('/').map(|step| if step.starts_with('{') { "1" } else { step }).collect();
            for prefix in dialect.prefixes {
                for client in &others {
                    let method = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
                    let path = format!("{prefix}{}", path.join("/"));
                    let reply = client.send(method, &path, |request| request).await;
                    assert_eq!(reply.status, 401, "{path}: {}", reply.text);
                }
            }
        }
        assert_eq!(Backdoor::of_tenant(&tenant.tenant).await.rows().await, before);
    }
}

#[tokio::test]
async fn lists_show_nothing_of_another_tenant() {
    let (acme, zeta) = (Server::shared().new_tenant().await, Server::shared().new_tenant().await);
    let foreign = belongings(&zeta).await;
    let own = belongings(&acme).await;
    let (acme_boards, zeta_boards) = (acme.socialboards().await, zeta.socialboards().await);
    for (path, list, kind) in [
        ("/api/mind/tag?includeDisabled=true", "tags", "tag"),
        ("/api/mind/settings/subchannel", "subchannels", "subchannel"),
        ("/api/mind/profiles?format=full", "", "agent"),
        ("/api/mind/aiAgents", "aiAgents", "ai_agent"),
        ("/api/mind/team/list", "teams", "team"),
        ("/socialboards/tags", "data", "tag"),
    ] {
        let (mine, theirs) =
            if path.starts_with("/api") { (&acme, &zeta) } else { (&acme_boards, &zeta_boards) };
        let ids = async |client: &Client| -> Vec<Value> {
            let body = client.get(path).await.body;
            let items = if list.is_empty() { &body } else { &body[list] };
            items.as_array().unwrap().iter().map(|item| item["id"].clone()).collect()
        };
        let (mine, theirs) = (ids(mine).await, ids(theirs).await);
        assert!(theirs.contains(&foreign[kind]) && !mine.is_empty(), "{path}");
        assert!(mine.iter().all(|id| !theirs.contains(id)), "{path}");
    }
    // Neighbours are the tenant's own.
    let ticket = acme.new_ticket(json!({})).await;
    zeta.new_ticket(json!({})).await;
    assert_eq!(acme.ticket(ticket).await["nextTicketId"], json!(null));
    assert_eq!(acme.ticket(ticket).await["prevTicketId"], own["ticket"]);
    assert_eq!(acme.new_ticket(json!({ "externalTicketId": "EXT" })).await, own["ticket"]);
}
