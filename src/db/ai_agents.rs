//! The AI agents of a tenant.

use jiff::Timestamp;

use super::ticket_rows::{Raw, document};
use super::{TenantConn, TenantTx, time};
use crate::domain::ai_agent::{AiAgent, StoredAiAgent};
use crate::domain::ticket::{Channel, Document};
use crate::domain::word::Word;
use crate::error::Error;

/// Which AI agents a list shows.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Only this one.
    pub id: Option<i64>,
    /// In the code or the name, whatever the case.
    pub text: Option<String>,
    /// Those for tickets of this channel.
    pub channel: Option<Channel>,
    /// Those that a model finds, or with `false` those that rules alone find.
    pub by_model: Option<bool>,
    /// Those with a private tag too.
    pub private: bool,
    /// Those with a disabled tag too.
    pub disabled: bool,
    pub limit: i64,
    pub offset: i64,
}

/// A page of the tenant's AI agents by id, those left out whose tag, or a tag above it, is hidden.
pub async fn list(db: &mut TenantConn, filter: &Filter) -> Result<Vec<StoredAiAgent>, Error> {
    let tenant = db.tenant();
    let rows = sqlx::query!(
        r#"
        select a.id, a.document as "document: Raw", a.modified_by, a.modified_at
        from ai_agent a
        where a.tenant_id = $1 and a.deleted_at is null
            and ($2::bigint is null or a.id = $2)
            and ($3::text is null or position(lower($3) in lower(a.code)) > 0
                or position(lower($3) in lower(a.name)) > 0)
            and ($4::text is null or json_array_length(a.document -> 'channels') = 0
                or $4 in (select json_array_elements_text(a.document -> 'channels')))
            and ($5::bool is null or $5 = (a.document -> 'detectionDetails' ->> 'type'
                in ('aiDetection', 'aiAndConditionDetection', 'aiOrConditionDetection')))
            and not exists (
                select from tag g
                join tag p on p.tenant_id = g.tenant_id and p.id = any(g.ancestor_ids || g.id)
                where g.tenant_id = $1 and g.id = a.tag_id
                    and (not $6 and p.visibility = 'private' or not $7 and p.visibility = 'disabled')
            )
        order by a.id
        limit $8 offset $9
        "#,
        tenant.0,
        filter.id,
        filter.text,
        filter.channel.map(Word::as_str),
        filter.by_model,
        filter.private,
        filter.disabled,
        filter.limit,
        filter.offset,
    )
    .fetch_all(db.raw())
    .await?;
    let stored = rows.into_iter().map(|row| StoredAiAgent {
        id: row.id,
        document: document(row.document),
        modified_by: row.modified_by,
        modified_at: time::read(row.modified_at),
    });
    Ok(stored.collect())
}

/// Locks an AI agent and returns its document. Returns `None` where this tenant has none such.
pub async fn lock(tx: &mut TenantTx, id: i64) -> Result<Option<Document>, Error> {
    let tenant = tx.tenant();
    let row = sqlx::query_scalar!(
        r#"
        select document as "document: Raw" from ai_agent
        where tenant_id = $1 and id = $2 and deleted_at is null
        for update
        "#,
        tenant.0,
        id,
    )
    .fetch_optional(tx.raw())
    .await?;
    Ok(row.map(document))
}

/// Inserts an AI agent as it is stored; the ids in both do not count. Returns `None` where the tenant has one with
/// this code already.
pub async fn insert(
    tx: &mut TenantTx,
    agent: &AiAgent,
    stored: &StoredAiAgent,
) -> Result<Option<i64>, Error> {
    let tenant = tx.tenant();
    let id = sqlx::query_scalar!(
        "
        insert into ai_agent (tenant_id, code, name, enabled, tag_id, document, modified_by, modified_at)
        values ($1, $2, $3, $4, $5, $6::text::json, $7, $8)
        on conflict (tenant_id, code) where deleted_at is null do nothing
        returning id
        ",
        tenant.0,
        agent.code,
        agent.name,
        agent.enabled,
        agent.tag_id.map(|id| id.0),
        stored.document.0,
        stored.modified_by,
        time::bind(stored.modified_at),
    )
    .fetch_optional(tx.raw())
    .await?;
    Ok(id)
}

/// Replaces a locked AI agent. Returns false, and the transaction is over, where another one of
/// the tenant has this code.
pub async fn update(tx: &mut TenantTx, agent: &AiAgent, stored: &StoredAiAgent) -> Result<bool, Error> {
    let tenant = tx.tenant();
    let done = sqlx::query!(
        "
        update ai_agent
        set code = $3, name = $4, enabled = $5, tag_id = $6, document = $7::text::json, modified_by = $8,
            modified_at = $9
        where tenant_id = $1 and id = $2
        ",
        tenant.0,
        agent.id,
        agent.code,
        agent.name,
        agent.enabled,
        agent.tag_id.map(|id| id.0),
        stored.document.0,
        stored.modified_by,
        time::bind(stored.modified_at),
    )
    .execute(tx.raw())
    .await;
    match done {
        Err(sqlx::Error::Database(error)) if error.is_unique_violation() => Ok(false),
        other => Ok(other.map(|_| true)?),
    }
}

/// Takes an AI agent away; its intents stay, and its code is free again. Returns whether this tenant had it.
pub async fn delete(tx: &mut TenantTx, id: i64, by: Option<&str>, now: Timestamp) -> Result<bool, Error> {
    let tenant = tx.tenant();
    let done = sqlx::query!(
        "
        update ai_agent set deleted_at = $3, modified_at = $3, modified_by = $4
        where tenant_id = $1 and id = $2 and deleted_at is null
        ",
        tenant.0,
        id,
        time::bind(now),
        by,
    )
    .execute(tx.raw())
    .await?;
    Ok(done.rows_affected() == 1)
}
