//! The three locks that keep tenants apart, each on its own.

use std::collections::{BTreeMap, BTreeSet};

use reqwest::Method;
use serde_json::{Value, json};
use sqlx::AssertSqlSafe;
use sqlx::postgres::PgConnection;

use crate::support::{Backdoor, Client, Reply, Server};

const DOCUMENT: &str = include_str!("../../openapi/mind.json");
/// An id that nothing has.
const NOTHING: i64 = 9_000_000_000_000;

/// What a tenant has, by what it is.
async fn belongings(client: &Client) -> BTreeMap<&'static str, i64> {
    let subchannel = json!({ "name": "Box", "channel": "email" });
    let subchannel = client.post("/api/mind/settings/subchannel", subchannel).await;
    let tag = client.new_tag(json!({})).await;
    let ai_agent = json!({ "code": "move", "name": "Move", "tagId": tag });
    let ai_agent = client.post("/api/mind/aiAgent", ai_agent).await;
    assert_eq!(client.put("/api/mind/customer/1", json!({ "firstname": "Tom" })).await.status, 200);
    assert_eq!(client.put("/api/mind/contract/1", json!({ "customerId": 1 })).await.status, 200);
    BTreeMap::from([
        ("ai_agent", ai_agent.body["aiAgent"]["id"].as_i64().unwrap()),
        ("agent", client.new_agent("eva@example.com", "agent").await),
        ("tag", tag),
        ("subchannel", subchannel.body["id"].as_i64().unwrap()),
        ("ticket", client.new_ticket(json!({ "externalTicketId": "EXT" })).await),
    ])
}

/// Every place of a request that takes an id of ours, with what kind of id; `None` for what looks like
/// one and is not.
const PLACES: [(&str, &str, Option<&str>); 42] = [
    ("post /ticket", "subchannelId", Some("subchannel")),
    ("post /ticket", "tags", Some("tag")),
    ("post /ticket", "agentId", Some("agent")),
    // The back end's, the partner's, and what does not exist yet.
    ("post /ticket", "contractId", None),
    ("post /ticket", "externalTicketId", None),
    ("post /ticket", "templateId", None),
    ("patch /ticket", "id", Some("ticket")),
    ("patch /ticket", "subchannelId", Some("subchannel")),
    ("patch /ticket", "responderId", Some("agent")),
    ("patch /ticket", "agentId", Some("agent")),
    ("patch /ticket", "assignedAgentIds", Some("agent")),
    ("patch /ticket", "tagIds", Some("tag")),
    ("patch /ticket", "addTagIds", Some("tag")),
    ("patch /ticket", "removeTagIds", Some("tag")),
    ("patch /ticket", "externalTicketId", None),
    ("patch /ticket", "channelId", None),
    ("patch /ticket", "customerId", None),
    ("patch /ticket", "contractId", None),
    ("patch /ticket", "partnerId", None),
    ("patch /ticket", "customerLegitimation", None),
    ("patch /ticket", "expectedVersion", None),
    ("get /ticket/{ticketId}", "{ticketId}", Some("ticket")),
    ("post /tag", "parent", Some("tag")),
    ("post /tag", "subchannels", Some("subchannel")),
    ("get /tag/{id}", "{id}", Some("tag")),
    ("get /settings/subchannel", "?id", Some("subchannel")),
    // A number of hits and where they begin.
    ("get /profiles", "?limit", None),
    ("get /profiles", "?offset", None),
    ("post /tag", "sla", None),
    ("post /profile", "externalId", None),
    ("get /ticket/{ticketId}/activity", "{ticketId}", Some("ticket")),
    ("get /ticket/{ticketId}/activity", "?limit", None),
    ("get /ticket/{ticketId}/activity", "?offset", None),
    ("get /intent/byTicketId/{ticketId}", "{ticketId}", Some("ticket")),
    // The back end's own; every tenant may have the same.
    ("put /customer/{id}", "contractIds", None),
    ("post /aiAgent", "id", None),
    ("post /aiAgent", "tagId", Some("tag")),
    ("get /aiAgents", "?limit", None),
    ("get /aiAgents", "?offset", None),
    ("get /aiAgent/{id}", "{id}", Some("ai_agent")),
    ("patch /aiAgent/{id}", "{id}", Some("ai_agent")),
    ("delete /aiAgent/{id}", "{id}", Some("ai_agent")),
];

/// Every place of the document that takes an integer or is named like an id.
fn places_of_the_document() -> BTreeSet<(String, String)> {
    let document: Value = serde_json::from_str(DOCUMENT).unwrap();
    let resolve = |schema: &Value| -> Value {
        let name = schema["$ref"].as_str().and_then(|path| path.rsplit('/').next());
        name.map_or(schema.clone(), |name| document["components"]["schemas"][name].clone())
    };
    let numeric = |schema: &Value| {
        let kinds = schema["type"].to_string() + &schema["items"]["type"].to_string();
        kinds.contains("integer") || kinds.contains("number")
    };
    let mut places = BTreeSet::new();
    for (path, operations) in document["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            let mut place = |name: String| places.insert((format!("{method} {path}"), name));
            for parameter in operation["parameters"].as_array().into_iter().flatten() {
                let name = parameter["name"].as_str().unwrap();
                let is_path = parameter["in"] == "path";
                if is_path && (numeric(&parameter["schema"]) || name.ends_with("Id")) {
                    place(format!("{{{name}}}"));
                } else if parameter["in"] == "query"
                    && (name.to_lowercase().ends_with("id") || numeric(&parameter["schema"]))
                {
                    place(format!("?{name}"));
                }
            }
            let content = operation["requestBody"]["content"].as_object().into_iter().flatten();
            for (_, media) in content {
                let mut schema = resolve(&media["schema"]);
                if schema["type"] == "array" {
                    schema = resolve(&schema["items"]);
                }
                for (name, member) in schema["properties"].as_object().into_iter().flatten() {
                    if numeric(member) || name.ends_with("Id") || name.ends_with("Ids") {
                        place(name.clone());
                    }
                }
            }
        }
    }
    places
}

#[test]
fn every_place_for_an_id_is_among_the_probed_ones() {
    let known = PLACES.iter().map(|(operation, place, _)| ((*operation).to_owned(), (*place).to_owned()));
    let known: BTreeSet<_> = known.collect();
    let document = places_of_the_document();
    let forgotten: Vec<_> = document.difference(&known).collect();
    assert!(forgotten.is_empty(), "add these to PLACES, with the kind of id that they take: {forgotten:?}");
    let gone: Vec<_> = known.difference(&document).collect();
    assert!(gone.is_empty(), "these are no more: {gone:?}");
}

/// Asks with an id at a place.
async fn probe(client: &Client, operation: &str, place: &str, own_ticket: i64, id: i64) -> Reply {
    let (method, path) = operation.split_once(' ').unwrap();
    let mut path = format!("/api/mind{path}");
    let mut body = match operation {
        "post /ticket" => json!({ "channel": "email" }),
        "patch /ticket" => json!([{ "id": own_ticket }]),
        "post /tag" => json!({ "name": "A tag", "type": "skill" }),
        "post /aiAgent" => json!({ "code": "deposit", "name": "Deposit" }),
        "patch /aiAgent/{id}" => json!({}),
        _ => json!(null),
    };
    if let Some(name) = place.strip_prefix('?') {
        path = format!("{path}?{name}={id}");
    } else if place.starts_with('{') {
        path = path.replace(place, &id.to_string());
    } else {
        let object = if body.is_array() { &mut body[0] } else { &mut body };
        let is_list = place.ends_with('s');
        object[place] = if is_list { json!([id]) } else { json!(id) };
    }
    let method = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
    client.send(method, &path, |request| if body.is_null() { request } else { request.json(&body) }).await
}

#[tokio::test]
async fn another_tenants_ids_are_exactly_like_missing_ones_on_every_route() {
    let (acme, zeta) = (Server::shared().new_tenant().await, Server::shared().new_tenant().await);
    let (own, foreign) = (belongings(&acme).await, belongings(&zeta).await);
    let ticket = own["ticket"];
    for (operation, place, kind) in PLACES {
        let Some(kind) = kind else { continue };
        let before = Backdoor::of_tenant(&zeta.tenant).await.rows().await;
        let missing = probe(&acme, operation, place, ticket, NOTHING).await;
        let other = probe(&acme, operation, place, ticket, foreign[kind]).await;
        let mine = probe(&acme, operation, place, ticket, own[kind]).await;
        let masked = |reply: &Reply, id: i64| {
            let mut body = reply.body.clone();
            if let Some(problem) = body.as_object_mut() {
                problem.remove("requestId");
            }
            body.to_string().replace(&id.to_string(), "ID")
        };
        assert_eq!(other.status, missing.status, "{operation} {place}");
        assert_eq!(masked(&other, foreign[kind]), masked(&missing, NOTHING), "{operation} {place}");
        // The probe itself is right: with the tenant's own id it finds something.
        assert_eq!(mine.status, 200, "{operation} {place}: {}", mine.text);
        assert_ne!(masked(&mine, own[kind]), masked(&missing, NOTHING), "{operation} {place}");
        assert_eq!(Backdoor::of_tenant(&zeta.tenant).await.rows().await, before, "{operation} {place}");
    }
}

#[tokio::test]
async fn lists_show_nothing_of_another_tenant() {
    let (acme, zeta) = (Server::shared().new_tenant().await, Server::shared().new_tenant().await);
    let foreign = belongings(&zeta).await;
    let own = belongings(&acme).await;
    for (path, list, kind) in [
        ("/api/mind/tag?includeDisabled=true", "tags", "tag"),
        ("/api/mind/settings/subchannel", "subchannels", "subchannel"),
        ("/api/mind/profiles?format=full", "", "agent"),
        ("/api/mind/aiAgents", "aiAgents", "ai_agent"),
    ] {
        let (mine, theirs) = (acme.get(path).await.body, zeta.get(path).await.body);
        let ids = |body: &Value| -> Vec<i64> {
            let items = if list.is_empty() { body } else { &body[list] };
            items.as_array().unwrap().iter().map(|item| item["id"].as_i64().unwrap()).collect()
        };
        let (mine, theirs) = (ids(&mine), ids(&theirs));
        assert!(theirs.contains(&foreign[kind]) && !mine.is_empty(), "{path}");
        assert!(mine.iter().all(|id| !theirs.contains(id)), "{path}");
    }
    // Neighbours are the tenant's own.
    let ticket = acme.new_ticket(json!({})).await;
    zeta.new_ticket(json!({})).await;
    assert_eq!(acme.ticket(ticket).await["nextTicketId"], json!(null));
    assert_eq!(acme.ticket(ticket).await["prevTicketId"], json!(own["ticket"]));
    assert_eq!(acme.new_ticket(json!({ "externalTicketId": "EXT" })).await, own["ticket"]);
}

/// A tenant with a row in every table.
async fn furnished() -> Client {
    let client = Server::shared().new_tenant().await;
    let have = belongings(&client).await;
    let ticket = have["ticket"];
    let file = json!([{ "name": "a.pdf", "url": "https://example.com/a.pdf" }]);
    client.new_ticket(json!({ "attachments": file })).await;
    let path = format!("/api/mind/ticket/{ticket}");
    assert_eq!(client.get(&path).await.status, 200);
    let change = json!({ "id": ticket, "tagIds": [have["tag"]], "agentId": have["agent"] });
    assert_eq!(client.patch("/api/mind/ticket", change).await.status, 200);
    let zone = client.put("/api/mind/settings/timeZone", json!("Europe/Berlin")).await;
    assert_eq!(zone.status, 200);
    let mut rows = Backdoor::of_tenant(&client.tenant).await;
    // What no route writes yet.
    let tenant = "current_setting('app.tenant_id')::bigint";
    for insert in [
        format!(
            "insert into intent (tenant_id, ticket_id, ai_agent_id, code, name, status, confidence,
                confidence_color, created_at)
             values ({tenant}, {ticket}, 1, 'c', 'n', 'ready', 0.5, 'success', now())"
        ),
        format!(
            "insert into upload (tenant_id, id, sha256, size_bytes, content_type, name, created_at, actor_kind)
             values ({tenant}, repeat('a', 32), repeat('a', 64), 1, 'text/plain', 'a.txt', now(), 'system')"
        ),
        format!(
            "insert into job_history (tenant_id, id, kind, ticket_id, scope, lane, state, attempt,
                max_attempts, scheduled_at, created_at, finalized_at, errors)
             values ({tenant}, 1, 'k', {ticket}, '{{}}', 'background', 'completed', 1, 1, now(), now(), now(), '[]')"
        ),
    ] {
        run(&mut rows.connection, &insert).await.unwrap();
    }
    rows.commit().await;
    client
}

/// Runs a statement; the count of rows, or the error's code. An error undoes it alone.
async fn run(connection: &mut PgConnection, sql: &str) -> Result<u64, String> {
    sqlx::raw_sql("savepoint here").execute(&mut *connection).await.unwrap();
    let done = sqlx::query(AssertSqlSafe(sql)).execute(&mut *connection).await;
    if done.is_err() {
        sqlx::raw_sql("rollback to savepoint here").execute(&mut *connection).await.unwrap();
    }
    done.map(|done| done.rows_affected()).map_err(|error| {
        let error = error.into_database_error().expect("PostgreSQL's own");
        format!("{} {}", error.code().unwrap_or_default(), error.message())
    })
}

async fn number(connection: &mut PgConnection, sql: &str) -> i64 {
    sqlx::query_scalar(AssertSqlSafe(sql)).fetch_one(connection).await.unwrap()
}

#[tokio::test]
async fn in_one_tenants_transaction_the_rows_of_another_cannot_be_reached() {
    let (acme, zeta) = (furnished().await, furnished().await);
    let mut theirs = Backdoor::of_tenant(&zeta.tenant).await;
    let their_id = theirs.number("select current_setting('app.tenant_id')::bigint").await;
    let mut mine = Backdoor::of_tenant(&acme.tenant).await;
    let before = theirs.rows().await;
    for (table, rows) in &before {
        assert!(!rows.is_empty(), "furnish the table {table} with a row");
    }
    for table in mine.tenant_tables().await {
        let row: String = {
            let select = format!("select row_to_json(t)::text from {table} t limit 1");
            sqlx::query_scalar(AssertSqlSafe(select)).fetch_one(&mut theirs.connection).await.unwrap()
        };
        let connection = &mut mine.connection;
        let count = format!("select count(*) from {table} where tenant_id = {their_id}");
        assert_eq!(number(connection, &count).await, 0, "{table}");
        let count = format!(
            "select count(*) from {table} where tenant_id <> current_setting('app.tenant_id')::bigint"
        );
        assert_eq!(number(connection, &count).await, 0, "{table}");
        assert!(number(connection, &format!("select count(*) from {table}")).await > 0, "{table}");

        let denied = |result: &Result<u64, String>| {
            result == &Ok(0) || result.as_ref().is_err_and(|error| error.starts_with("42501"))
        };
        for change in [
            format!("update {table} set tenant_id = tenant_id where tenant_id = {their_id}"),
            format!("delete from {table} where tenant_id = {their_id}"),
        ] {
            let result = run(connection, &change).await;
            assert!(denied(&result), "{change}: {result:?}");
        }
        // Its own rows it cannot give away, and what belongs to the other it cannot write.
        let gift = format!("update {table} set tenant_id = {their_id}");
        let result = run(connection, &gift).await;
        assert!(result.is_err_and(|error| error.starts_with("42501")), "{gift}");
        let row = row.replace('\'', "''");
        let forged =
            format!("insert into {table} select * from json_populate_record(null::{table}, '{row}')");
        let result = run(connection, &forged).await.unwrap_err();
        assert!(result.starts_with("42501") && result.contains("row-level security"), "{table}: {result}");
        // Nor does a conflict lead to it.
        let upsert = format!("{forged} on conflict do nothing");
        let result = run(connection, &upsert).await;
        assert!(result.is_err(), "{table}: {result:?}");
    }
    mine.commit().await;
    assert_eq!(Backdoor::of_tenant(&zeta.tenant).await.rows().await, before);
}

#[tokio::test]
async fn a_transaction_without_a_tenant_reads_and_writes_nothing() {
    let acme = furnished().await;
    let mut door = Backdoor::of_tenant(&acme.tenant).await;
    let tables = door.tenant_tables().await;
    // Once the tenant of a transaction is gone with it, and once on a connection that never had one.
    sqlx::raw_sql("commit; begin").execute(&mut door.connection).await.unwrap();
    let mut fresh = Backdoor::of_nobody().await;
    for connection in [&mut door.connection, &mut fresh.connection] {
        for table in &tables {
            for sql in [format!("select * from {table}"), format!("delete from {table}")] {
                let result = run(connection, &sql).await;
                assert!(result.is_err(), "{sql}: {result:?}");
            }
        }
    }
}

#[tokio::test]
async fn the_servers_roles_own_nothing_and_are_bound_by_the_policies() {
    let mut door = Backdoor::of_nobody().await;
    let strong = "select rolname::text from pg_roles where rolname in ('tessera_app', 'tessera_system')
        and (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication)";
    assert!(door.texts(strong).await.is_empty());
    let owned = "select c.relname::text from pg_class c join pg_roles r on r.oid = c.relowner
        where r.rolname in ('tessera_app', 'tessera_system')";
    assert!(door.texts(owned).await.is_empty());
    // Membership in another role would be a way around.
    let member = "select m.roleid::regrole::text from pg_auth_members m
        where m.member in ('tessera_app'::regrole, 'tessera_system'::regrole)";
    assert!(door.texts(member).await.is_empty());
    let doors = "select proname::text from pg_proc where prosecdef and pronamespace = 'public'::regnamespace";
    assert!(door.texts(doors).await.is_empty(), "no function runs as its owner");
    let views = "select relname::text from pg_class
        where relkind in ('v', 'm') and relnamespace = 'public'::regnamespace";
    assert!(door.texts(views).await.is_empty(), "a view would be read with its owner's rights");
}

#[tokio::test]
async fn row_level_security_is_forced_on_every_table_of_tenants() {
    let mut door = Backdoor::of_nobody().await;
    assert!(door.tenant_tables().await.len() >= 15);
    let open = "select c.relname::text from pg_class c
        join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped
        where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace
            and not (c.relrowsecurity and c.relforcerowsecurity)";
    assert!(door.texts(open).await.is_empty());
    let policies = "select tablename || ' ' || policyname from pg_policies
        where 'tessera_app' = any(roles) and policyname <> 'tenant' or 'public' = any(roles)
            or permissive <> 'PERMISSIVE' or policyname = 'tenant'
                and qual <> '(tenant_id = (current_setting(''app.tenant_id''::text))::bigint)'";
    assert!(door.texts(policies).await.is_empty());
    let nullable = "select attrelid::regclass::text from pg_attribute a
        join pg_class c on c.oid = a.attrelid and c.relkind in ('r', 'p')
        where attname = 'tenant_id' and not attnotnull and c.relnamespace = 'public'::regnamespace";
    assert!(door.texts(nullable).await.is_empty());
}

#[tokio::test]
async fn the_tenant_leads_every_key_and_every_index() {
    let mut door = Backdoor::of_nobody().await;
    let tables = "(select attrelid, attnum from pg_attribute a join pg_class c on c.oid = a.attrelid
        where attname = 'tenant_id' and c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace)";
    let ask = async |connection: &mut PgConnection, sql: String| -> Vec<String> {
        sqlx::query_scalar(AssertSqlSafe(sql)).fetch_all(connection).await.unwrap()
    };
    let indexes = format!(
        "select i.indexrelid::regclass::text from pg_index i join {tables} t on t.attrelid = i.indrelid
         where i.indkey[0] <> t.attnum"
    );
    assert_eq!(ask(&mut door.connection, indexes).await, [""; 0], "indexes");
    let keys = format!(
        "select k.conrelid::regclass::text || ' ' || k.conname from pg_constraint k
         join {tables} t on t.attrelid = k.conrelid
         where k.contype in ('p', 'u', 'f', 'x') and k.conkey[1] <> t.attnum"
    );
    assert_eq!(ask(&mut door.connection, keys).await, [""; 0], "keys");
    let targets = format!(
        "select k.conrelid::regclass::text || ' ' || k.conname from pg_constraint k
         left join {tables} t on t.attrelid = k.confrelid
         where k.contype = 'f' and k.confrelid <> 'tenant'::regclass
            and k.confkey[1] is distinct from t.attnum"
    );
    assert_eq!(ask(&mut door.connection, targets).await, [""; 0], "what foreign keys lead to");
    let without = format!(
        "select t.attrelid::regclass::text from {tables} t
         where not exists (select from pg_constraint k where k.conrelid = t.attrelid and k.contype = 'p')"
    );
    assert_eq!(ask(&mut door.connection, without).await, [""; 0], "tables without a primary key");
}

#[tokio::test]
async fn the_role_across_tenants_reaches_its_few_tables_alone() {
    let mut door = Backdoor::of_nobody().await;
    let rights = door
        .texts(
            "select c.relname || ' ' || string_agg(distinct lower(a.privilege_type), ' ' order by lower(a.privilege_type))
             from pg_class c, aclexplode(c.relacl) a
             where a.grantee = 'tessera_system'::regrole and c.relkind in ('r', 'p', 'v', 'm')
             group by c.relname order by 1",
        )
        .await;
    let expected = [
        "_sqlx_migrations select",
        "agent select",
        "job delete insert select update",
        "job_history delete insert select",
        "maintenance insert select update",
        "tenant insert select update",
    ];
    assert_eq!(rights, expected);
    let columns = door
        .texts(
            "select c.relname || '.' || a.attname || ' ' || lower(p.privilege_type)
             from pg_attribute a join pg_class c on c.oid = a.attrelid, aclexplode(a.attacl) p
             where p.grantee = 'tessera_system'::regrole order by 1",
        )
        .await;
    assert_eq!(columns, ["agent.last_seen_at update"]);
    let policies = "select tablename::text from pg_policies where 'tessera_system' = any(roles) order by 1";
    assert_eq!(door.texts(policies).await, ["agent", "job", "job_history"]);
    // And what belongs to all is not the tenants' role's to change.
    let shared = door
        .texts(
            "select c.relname::text from pg_class c, aclexplode(c.relacl) a
             where a.grantee in ('tessera_app'::regrole, 0) and c.relkind in ('r', 'p', 'v', 'm')
                and c.relnamespace = 'public'::regnamespace
                and not exists (select from pg_attribute t where t.attrelid = c.oid and t.attname = 'tenant_id')",
        )
        .await;
    assert!(shared.is_empty(), "{shared:?}");
}
