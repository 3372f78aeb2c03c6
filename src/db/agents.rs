//! The people of a tenant.

use jiff::Timestamp;
use serde::Deserialize;

use super::ticket_rows::word;
use super::{TenantConn, TenantTx, time};
use crate::domain::agent::{Agent, NewAgent};
use crate::domain::id::AgentId;
use crate::domain::mail;
use crate::domain::word::Word;
use crate::error::Error;

/// A person as a JSON row, which the full ticket view shares.
#[derive(Deserialize)]
pub struct Row {
    id: i64,
    role: String,
    first_name: String,
    last_name: String,
    email: Option<String>,
    phone: Option<String>,
    r#type: String,
    is_sso_only: bool,
    lang: String,
    name_alias: Option<String>,
    external_id: Option<String>,
    last_seen_at: Option<Timestamp>,
}

/// A page of the tenant's people by id.
pub async fn list(db: &mut TenantConn, limit: i64, offset: i64) -> Result<Vec<Agent>, Error> {
    let tenant = db.tenant();
    let rows = sqlx::query_scalar!(
        r#"
        select to_json(a) as "row!: sqlx::types::Json<Row>" from (
            select id, role, first_name, last_name, email, phone, type, is_sso_only, lang, name_alias,
                external_id, last_seen_at
            from agent
            where tenant_id = $1 and deleted_at is null
            order by id
            limit $2 offset $3
        ) a
        "#,
        tenant.0,
        limit,
        offset,
    )
    .fetch_all(db.raw())
    .await?;
    rows.into_iter().map(|row| row.0.try_into()).collect()
}

/// Returns `None` where this tenant has no such person.
pub async fn get(db: &mut TenantConn, id: AgentId) -> Result<Option<Agent>, Error> {
    let tenant = db.tenant();
    let row = sqlx::query_scalar!(
        r#"
        select to_json(a) as "row!: sqlx::types::Json<Row>" from (
            select id, role, first_name, last_name, email, phone, type, is_sso_only, lang, name_alias,
                external_id, last_seen_at
            from agent
            where tenant_id = $1 and id = $2 and deleted_at is null
        ) a
        "#,
        tenant.0,
        id.0,
    )
    .fetch_optional(db.raw())
    .await?;
    row.map(|row| row.0.try_into()).transpose()
}

/// Returns `None` where the tenant has a person with this mail address already.
pub async fn insert(tx: &mut TenantTx, new: &NewAgent, now: Timestamp) -> Result<Option<AgentId>, Error> {
    let tenant = tx.tenant();
    let id = sqlx::query_scalar!(
        "
        insert into agent (tenant_id, role, first_name, last_name, email, email_folded, phone, lang,
            name_alias, external_id, created_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
        on conflict (tenant_id, email_folded) where deleted_at is null do nothing
        returning id
        ",
        tenant.0,
        new.role.as_str(),
        new.first_name,
        new.last_name,
        new.email,
        new.email.as_deref().map(mail::fold),
        new.phone,
        new.lang,
        new.name_alias,
        new.external_id,
        time::bind(now),
    )
    .fetch_optional(tx.raw())
    .await?;
    Ok(id.map(AgentId))
}

impl TryFrom<Row> for Agent {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        Ok(Self {
            id: AgentId(row.id),
            role: word(&row.role)?,
            first_name: row.first_name,
            last_name: row.last_name,
            email: row.email,
            phone: row.phone,
            r#type: row.r#type,
            is_sso_only: row.is_sso_only,
            lang: row.lang,
            name_alias: row.name_alias,
            external_id: row.external_id,
            last_seen_at: row.last_seen_at,
        })
    }
}
