//! Tenants themselves. Across tenants, by necessity.

use jiff::Timestamp;
use sqlx::{AssertSqlSafe, Executor};

use super::schema::APP_ROLE;
use super::{Db, TenantConn, TenantTx, count_statement, time};
use crate::domain::id::TenantId;
use crate::error::Error;

/// A tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tenant {
    pub id: TenantId,
    pub slug: String,
    pub disabled: bool,
}

/// Begins a transaction that makes a tenant and goes on inside it, so that a tenant and its defaults
/// come into being together. Returns `None` where the slug is taken.
pub async fn begin_new(db: &Db, slug: &str, name: &str, now: Timestamp) -> Result<Option<TenantTx>, Error> {
    let mut connection = db.system.begin(&"begin".into()).await?;
    count_statement();
    let id = sqlx::query_scalar!(
        "
        insert into tenant (slug, name, created_at) values ($1, $2, $3)
        on conflict (slug) do nothing
        returning id
        ",
        slug,
        name,
        time::bind(now),
    )
    .fetch_optional(&mut *connection)
    .await?;
    let Some(id) = id else { return Ok(None) };
    let enter = format!("set local role {APP_ROLE}; set local app.tenant_id = '{id}'");
    connection.execute(AssertSqlSafe(enter)).await?;
    Ok(Some(TenantTx::new(TenantConn::new(TenantId(id), connection, db), db)))
}

/// Every tenant by slug.
pub async fn list(db: &Db) -> Result<Vec<Tenant>, Error> {
    let mut connection = db.system().await?;
    count_statement();
    let rows =
        sqlx::query!(r#"select id, slug, disabled_at is not null as "disabled!" from tenant order by slug"#)
            .fetch_all(&mut *connection)
            .await?;
    let tenant = |id, slug, disabled| Tenant { id: TenantId(id), slug, disabled };
    Ok(rows.into_iter().map(|row| tenant(row.id, row.slug, row.disabled)).collect())
}

/// Returns `None` where there is no such tenant.
pub async fn find(db: &Db, slug: &str) -> Result<Option<Tenant>, Error> {
    let mut connection = db.system().await?;
    count_statement();
    let row = sqlx::query!(
        r#"select id, slug, disabled_at is not null as "disabled!" from tenant where slug = $1"#,
        slug
    )
    .fetch_optional(&mut *connection)
    .await?;
    Ok(row.map(|row| Tenant { id: TenantId(row.id), slug: row.slug, disabled: row.disabled }))
}

/// Refuses a tenant's credentials from `at` on, or takes that back with `None`. Returns whether there
/// is such a tenant.
pub async fn set_disabled(db: &Db, slug: &str, at: Option<Timestamp>) -> Result<bool, Error> {
    let mut connection = db.system().await?;
    count_statement();
    let done = sqlx::query!("update tenant set disabled_at = $2 where slug = $1", slug, time::bind_opt(at))
        .execute(&mut *connection)
        .await?;
    Ok(done.rows_affected() == 1)
}
