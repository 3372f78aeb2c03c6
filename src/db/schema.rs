//! Bringing the schema and the roles up to date, as the role that owns them.

use std::time::Duration;

use sqlx::migrate::Migrator;
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{AssertSqlSafe, Connection, Executor};

use super::Db;

/// The role of every statement for a tenant. Owns nothing and is bound by the policies.
pub const APP_ROLE: &str = "tessera_app";
/// The role of the few statements across tenants.
pub const SYSTEM_ROLE: &str = "tessera_system";

static MIGRATIONS: Migrator = Migrator {
    // A newer program may have migrated already: what it added works with the program before it.
    ignore_missing: true,
    ..sqlx::migrate!()
};

/// How often creating the roles is tried where another database of the cluster does it too.
const ROLE_ATTEMPTS: u32 = 20;

/// Why the schema could not be brought up to date.
#[derive(Debug, thiserror::Error)]
pub enum SchemaError {
    #[error("the database cannot be reached: {0}")]
    Unreachable(#[source] sqlx::Error),
    #[error(
        "the database user {user} may not create the roles that Tessera works with. \
         Let an administrator run: create role {APP_ROLE} nologin; create role {SYSTEM_ROLE} nologin; \
         grant {APP_ROLE}, {SYSTEM_ROLE} to \"{user}\";"
    )]
    Roles { user: String },
    #[error(
        "the role {role} must not be a superuser and must not bypass row-level security, \
         which keeps tenants apart. Let an administrator run: alter role {role} nosuperuser nobypassrls;"
    )]
    RoleTooStrong { role: String },
    #[error("the roles could not be prepared: {0}")]
    RolesFailed(#[source] sqlx::Error),
    #[error("the schema could not be brought up to date: {0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
}

/// Creates the roles where they are missing and runs the migrations that have not run yet.
/// Safe to run by several processes at once.
pub async fn migrate(options: &PgConnectOptions) -> Result<(), SchemaError> {
    let mut owner = connect(options).await.map_err(SchemaError::Unreachable)?;
    ensure_roles(&mut owner).await?;
    MIGRATIONS.run(&mut owner).await?;
    let grant = format!("grant select on _sqlx_migrations to {SYSTEM_ROLE}");
    retry(&mut owner, &grant).await.map_err(SchemaError::RolesFailed)?;
    // The schema is in place whatever the goodbye comes to.
    drop(owner.close().await);
    Ok(())
}

/// Whether the database has the migrations of this program, or newer ones. Errors where it cannot be reached.
pub async fn is_current(db: &Db) -> Result<bool, sqlx::Error> {
    let mut connection = db.system().await?;
    super::count_statement();
    let done: Option<i64> = sqlx::query_scalar("select max(version) from _sqlx_migrations where success")
        .fetch_one(&mut *connection)
        .await?;
    Ok(done >= MIGRATIONS.iter().map(|migration| migration.version).max())
}

/// Gives a server that is only just starting a moment, as a container next to ours may be.
async fn connect(options: &PgConnectOptions) -> Result<PgConnection, sqlx::Error> {
    let mut left = 30;
    loop {
        match PgConnection::connect_with(options).await {
            Err(sqlx::Error::Database(error)) if left > 0 && error.code().as_deref() == Some("57P03") => {}
            other => return other,
        }
        left -= 1;
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
}

async fn ensure_roles(owner: &mut PgConnection) -> Result<(), SchemaError> {
    for role in [APP_ROLE, SYSTEM_ROLE] {
        ensure_role(owner, role).await?;
        let too_strong: bool =
            sqlx::query_scalar("select rolsuper or rolbypassrls from pg_roles where rolname = $1")
                .bind(role)
                .fetch_one(&mut *owner)
                .await
                .map_err(SchemaError::RolesFailed)?;
        if too_strong {
            return Err(SchemaError::RoleTooStrong { role: role.to_owned() });
        }
    }
    Ok(())
}

async fn ensure_role(owner: &mut PgConnection, role: &str) -> Result<(), SchemaError> {
    // What counts is whether the role can be taken on: membership alone does not say so from PostgreSQL 16 on.
    let take_on = format!("set role {role}; reset role");
    if owner.execute(AssertSqlSafe(take_on.as_str())).await.is_ok() {
        return Ok(());
    }
    let statements = [format!("create role {role} nologin"), format!("grant {role} to current_user")];
    for statement in &statements {
        match retry(owner, statement).await {
            Ok(()) => {}
            Err(error) if code(&error) == "42501" => {
                let user: String = sqlx::query_scalar("select current_user::text")
                    .fetch_one(&mut *owner)
                    .await
                    .map_err(SchemaError::RolesFailed)?;
                return Err(SchemaError::Roles { user });
            }
            Err(error) => return Err(SchemaError::RolesFailed(error)),
        }
    }
    Ok(())
}

/// Roles belong to the whole cluster, so that another database may be doing the same: what exists
/// already is fine, and what collided is tried again.
async fn retry(owner: &mut PgConnection, statement: &str) -> Result<(), sqlx::Error> {
    for _ in 1..ROLE_ATTEMPTS {
        match owner.execute(AssertSqlSafe(statement)).await {
            Ok(_) => return Ok(()),
            // duplicate_object, and unique_violation where both created it in the same moment
            Err(error) if ["42710", "23505"].contains(&code(&error).as_str()) => return Ok(()),
            // "tuple concurrently updated" is an internal error to PostgreSQL
            Err(error) if code(&error) == "XX000" => {}
            Err(error) => return Err(error),
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    owner.execute(AssertSqlSafe(statement)).await.map(drop)
}

fn code(error: &sqlx::Error) -> String {
    let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code);
    code.unwrap_or_default().into_owned()
}
