//! The settings of a tenant, as it wrote them.

use std::collections::BTreeMap;

use serde_json::Value;
use sqlx::types::Json;

use super::raw::Raw;
use super::{TenantConn, TenantTx};
use crate::error::Error;

/// What the tenant has set, by name.
pub async fn list(db: &mut TenantConn) -> Result<BTreeMap<String, Value>, Error> {
    let tenant = db.tenant();
    let rows = sqlx::query!(
        r#"select name, value as "value: Json<Value>" from setting where tenant_id = $1"#,
        tenant.0
    )
    .fetch_all(db.raw())
    .await?;
    Ok(rows.into_iter().map(|row| (row.name, row.value.0)).collect())
}

/// Sets one.
pub async fn put(tx: &mut TenantTx, name: &str, value: &Value) -> Result<(), Error> {
    let tenant = tx.tenant();
    sqlx::query!(
        "
        insert into setting (tenant_id, name, value) values ($1, $2, $3)
        on conflict (tenant_id, name) do update set value = excluded.value
        ",
        tenant.0,
        name,
        Raw::of(value)? as _,
    )
    .execute(tx.raw())
    .await?;
    Ok(())
}
