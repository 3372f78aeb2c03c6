//! The role and the database that Tessera works with.

use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions, Connection};

/// Makes role and database where they are missing.
///
/// The role is no superuser, whom row-level security would not bind. It may create roles, for the migrations make
/// the server's working roles, and databases, for tests.
pub(super) async fn ensure(superuser: &PgConnectOptions) -> Result<(), sqlx::Error> {
    let mut connection = superuser.connect().await?;
    let (has_role, has_database): (bool, bool) = sqlx::query_as(
        "select exists (select from pg_roles where rolname = 'tessera'),
                exists (select from pg_database where datname = 'tessera')",
    )
    .fetch_one(&mut connection)
    .await?;
    if !has_role {
        let create = "create role tessera login nosuperuser createrole createdb";
        sqlx::query(create).execute(&mut connection).await?;
    }
    if !has_database {
        sqlx::query("create database tessera owner tessera").execute(&mut connection).await?;
    }
    connection.close().await
}
