//! One connection for everybody: what goes from one request to the next, and what must not.

use std::time::{Duration, Instant};

use serde_json::json;
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use tokio::task::JoinHandle;

use crate::support::{Backdoor, Client, Server, url};

const TICKET: &str = "/api/mind/ticket";
const SOON: Duration = Duration::from_secs(20);

/// Waits until so many of the server's connections are as `condition` says.
async fn until(server: &Server, count: i64, condition: &str) {
    let mut watcher = PgConnection::connect(&url("tessera", "watcher")).await.unwrap();
    let sql = format!("select count(*) from pg_stat_activity where application_name = $1 and {condition}");
    let start = Instant::now();
    loop {
        let found = sqlx::query_scalar::<_, i64>(AssertSqlSafe(sql.clone())).bind(&server.name);
        if found.fetch_one(&mut watcher).await.unwrap() == count {
            return;
        }
        assert!(start.elapsed() < SOON, "it does not come to {count} where {condition}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// Waits until the server's connections rest, outside every transaction.
async fn rests(server: &Server) {
    until(server, 0, "state is distinct from 'idle'").await;
}

/// Locks a ticket behind the server's back.
async fn lock(client: &Client, id: i64) -> Backdoor {
    let mut blocker = Backdoor::of_tenant(&client.tenant).await;
    let sql = sqlx::query("select 1 from ticket where id = $1 for update").bind(id);
    sql.execute(&mut blocker.connection).await.unwrap();
    blocker
}

/// Locks a ticket, and has a change of it hold the server's connection until the lock is given up.
async fn occupy(server: &Server, client: &Client, id: i64) -> (Backdoor, JoinHandle<u16>) {
    let blocker = lock(client, id).await;
    let client = client.clone();
    let change = async move { client.patch(TICKET, json!([{ "id": id, "partnerId": 7 }])).await.status };
    let holder = tokio::spawn(change);
    until(server, 1, "wait_event_type = 'Lock'").await;
    (blocker, holder)
}

#[tokio::test]
async fn readers_and_writers_in_a_row_each_have_their_own_tenant_and_keep_what_they_wrote() {
    let server = Server::with(&["--pool", "1"]).await;
    let (acme, zeta) = (server.new_tenant().await, server.new_tenant().await);
    let (ours, theirs) = (acme.new_ticket(json!({})).await, zeta.new_ticket(json!({})).await);
    let reads = (0..60).map(|at| {
        // What programs read in goes on with the next reader or writer; people's views and changes commit.
        let (client, id) = if at % 2 == 0 { (&acme, ours) } else { (&zeta, theirs) };
        let reader =
            if at % 3 == 0 { client.clone() } else { client.acting_as("integration:x", "integration") };
        let foreign = if at % 2 == 0 { theirs } else { ours };
        tokio::spawn(async move {
            let own = reader.get(&format!("{TICKET}/{id}?viewing={}", at % 5 == 0)).await.status;
            let changed = reader.patch(TICKET, json!([{ "id": id, "partnerId": at + 1 }])).await;
            let seen = reader.get(&format!("{TICKET}/{id}?viewing=false")).await;
            let written = changed.body["results"][0]["version"].as_i64();
            assert!(seen.body["version"].as_i64() >= written, "a reader misses what was written before");
            (own, changed.status, reader.get(&format!("{TICKET}/{foreign}")).await.status)
        })
    });
    for read in reads.collect::<Vec<_>>() {
        assert_eq!(read.await.unwrap(), (200, 200, 404));
    }
    for (client, id) in [(&acme, ours), (&zeta, theirs)] {
        assert_eq!(client.ticket(id).await["version"], 31);
    }
    rests(&server).await;
}

#[tokio::test]
async fn a_request_that_is_cut_off_leaves_neither_a_change_nor_an_open_transaction() {
    let server = Server::with(&["--pool", "1", "--request-timeout", "300ms", "--lock-timeout", "2s"]).await;
    let acme = server.new_tenant().await;
    let (id, other) = (acme.new_ticket(json!({})).await, acme.new_ticket(json!({})).await);
    let blocker = lock(&acme, id).await;

    let cut =
        acme.patch(TICKET, json!([{ "id": other, "partnerId": 7 }, { "id": id, "partnerId": 7 }])).await;
    assert_eq!(cut.status, 503, "{}", cut.text);
    blocker.commit().await;

    rests(&server).await;
    let patched = acme.patch(TICKET, json!([{ "id": id, "priority": "high" }])).await;
    assert_eq!(patched.status, 200, "{}", patched.text);
    assert_eq!(acme.ticket(id).await["partnerId"], json!(null));
    assert_eq!(acme.ticket(other).await["partnerId"], json!(null));
}

#[tokio::test]
async fn who_waits_too_long_for_a_connection_is_told_to_come_back() {
    let server = Server::with(&["--pool", "1", "--acquire-timeout", "200ms"]).await;
    let acme = server.new_tenant().await;
    let id = acme.new_ticket(json!({})).await;
    let (blocker, holder) = occupy(&server, &acme, id).await;

    let tired = (0..10).map(|_| {
        let acme = acme.clone();
        tokio::spawn(async move { acme.get(&format!("{TICKET}/{id}?viewing=false")).await })
    });
    for tired in tired.collect::<Vec<_>>() {
        let tired = tired.await.unwrap();
        assert_eq!((tired.status, tired.header("retry-after").is_empty()), (503, false));
    }
    blocker.commit().await;
    assert_eq!(holder.await.unwrap(), 200);
    assert_eq!(acme.ticket(id).await["partnerId"], 7);
    rests(&server).await;
}

#[tokio::test]
async fn a_connection_that_breaks_fails_the_request_on_it_and_nobody_behind_it() {
    let server = Server::with(&["--pool", "1"]).await;
    let acme = server.new_tenant().await;
    let id = acme.new_ticket(json!({})).await;
    let (blocker, holder) = occupy(&server, &acme, id).await;
    let behind = (0..5).map(|_| {
        let acme = acme.clone();
        tokio::spawn(async move { acme.get(&format!("{TICKET}/{id}?viewing=false")).await.status })
    });
    let behind: Vec<_> = behind.collect();
    let mut administrator = PgConnection::connect(&url("tessera", "administrator")).await.unwrap();
    sqlx::query(
        "select pg_terminate_backend(pid) from pg_stat_activity
         where application_name = $1 and wait_event_type = 'Lock'",
    )
    .bind(&server.name)
    .execute(&mut administrator)
    .await
    .unwrap();

    assert_eq!(holder.await.unwrap(), 503);
    for reader in behind {
        assert_eq!(reader.await.unwrap(), 200);
    }
    blocker.commit().await;
    assert_eq!(acme.ticket(id).await["partnerId"], json!(null));
    rests(&server).await;
}
