//! The three locks that keep tenants apart, each on its own.

use serde_json::json;
use sqlx::AssertSqlSafe;
use sqlx::postgres::PgConnection;

use crate::strangers::belongings;
use crate::support::{Backdoor, Client, Server};

/// A tenant with a row in every table.
async fn furnished() -> Client {
    let client = Server::shared().new_tenant().await;
    let have = belongings(&client).await;
    let ticket = &have["ticket"];
    let file = json!([{ "name": "a.pdf", "url": "https://example.com/a.pdf" }]);
    client.new_ticket(json!({ "attachments": file })).await;
    let path = format!("/api/mind/ticket/{ticket}");
    assert_eq!(client.get(&path).await.status, 200);
    let change = json!({ "id": ticket, "tagIds": [have["tag"]], "agentId": have["agent"] });
    assert_eq!(client.patch("/api/mind/ticket", change).await.status, 200);
    let zone = client.put("/api/mind/settings/timeZone", json!("Europe/Berlin")).await;
    assert_eq!(zone.status, 200);
    client.livedesk();
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
            "with person as (
                insert into contact (tenant_id, guid, created_at, last_activity_at)
                values ({tenant}, gen_random_uuid(), now(), now()) returning id
            ), known as (
                insert into contact_channel (tenant_id, channel_id, contact_in_channel, contact_id)
                select {tenant}, 'chat', '1', id from person
            ), detail as (
                insert into ticket_detail (tenant_id, ticket_id, contact_id) select {tenant}, {ticket}, id from person
            )
            insert into custom_value (tenant_id, ticket_id, name, position, value, folded)
            values ({tenant}, {ticket}, 'Region', 0, '1', '1')"
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
        let columns = mine.columns(&table).await;
        let connection = &mut mine.connection;
        let forged = format!(
            "insert into {table} ({columns}) select {columns} from json_populate_record(null::{table}, '{row}')"
        );
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
        "credential select",
        "job delete insert select update",
        "job_history delete insert select",
        "maintenance insert select update",
        "tenant insert select update",
        "worker delete insert select update",
    ];
    assert_eq!(rights, expected);
    let columns = door
        .texts(
            "select c.relname || '.' || a.attname || ' ' || lower(p.privilege_type)
             from pg_attribute a join pg_class c on c.oid = a.attrelid, aclexplode(a.attacl) p
             where p.grantee = 'tessera_system'::regrole order by 1",
        )
        .await;
    assert_eq!(columns, ["agent.last_seen_at update", "credential.last_used_at update"]);
    let policies = "select tablename::text from pg_policies where 'tessera_system' = any(roles) order by 1";
    assert_eq!(door.texts(policies).await, ["agent", "credential", "job", "job_history"]);
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
