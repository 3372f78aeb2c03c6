//! The intents of tickets.

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::value::RawValue;
use sqlx::types::Json;

use super::ticket_rows::raw;
use super::{TenantConn, TenantTx, time};
use crate::domain::id::TicketId;
use crate::domain::intent::{Intent, NewIntent};
use crate::error::Error;

/// An intent as a JSON row, which the full ticket view shares.
#[derive(Debug, Deserialize)]
pub struct Row {
    id: i64,
    ai_agent_id: i64,
    contract_id: Option<String>,
    code: String,
    name: String,
    status: String,
    confidence: f64,
    confidence_color: String,
    verified: bool,
    context: Box<RawValue>,
    message_preview: Option<String>,
    recipient: Option<String>,
    data: Box<RawValue>,
    options: Box<RawValue>,
    infos: Box<RawValue>,
    extra_info: Option<Box<RawValue>>,
    outcome: Option<Box<RawValue>>,
}

/// What is known of what a ticket's sender wants.
#[derive(Debug, Clone)]
pub struct TicketIntents {
    pub contract_id: Option<String>,
    /// By id, deleted ones left out.
    pub intents: Vec<Intent>,
    /// Some were taken back, and an AI agent has changed since the ticket was last analysed: another run may find them
    /// again.
    pub is_outdated: bool,
}

/// A ticket's contract and its intents. Returns `None` where this tenant has no such ticket.
pub async fn of_ticket(db: &mut TenantConn, ticket: TicketId) -> Result<Option<TicketIntents>, Error> {
    let tenant = db.tenant();
    let found = sqlx::query!(
        r#"
        select t.contract_id,
            array(
                select to_json(i) from (
                    select id, ai_agent_id, contract_id, code, name, status, confidence, confidence_color,
                        verified, context, message_preview, recipient, data, options, infos, extra_info, outcome
                    from intent
                    where tenant_id = $1 and ticket_id = t.id and status <> 'deleted'
                    order by id
                ) i
            ) as "intents!: Vec<Json<Row>>",
            exists (
                select from intent where tenant_id = $1 and ticket_id = t.id and status = 'invalidated'
            ) and exists (
                select from ai_agent a
                where a.tenant_id = $1 and greatest(a.modified_at, a.deleted_at) > (
                    select max(v.at) from activity v
                    where v.tenant_id = $1 and v.ticket_id = t.id and v.kind = 'analysed'
                )
            ) as "is_outdated!"
        from ticket t
        where t.tenant_id = $1 and t.id = $2
        "#,
        tenant.0,
        ticket.0,
    )
    .fetch_optional(db.raw())
    .await?;
    Ok(found.map(|found| TicketIntents {
        contract_id: found.contract_id,
        intents: found.intents.into_iter().map(|row| row.0.into()).collect(),
        is_outdated: found.is_outdated,
    }))
}

/// Makes the intents that were found the ticket's active ones: one for each AI agent and contract. Those that
/// were active and are not found again become `invalidated`; one that a person verified stays as it is,
/// unless `reset`. Returns the codes of the active ones before and after, in order.
pub async fn replace(
    tx: &mut TenantTx,
    ticket: TicketId,
    found: &[NewIntent],
    reset: bool,
    now: Timestamp,
) -> Result<(Vec<String>, Vec<String>), Error> {
    let tenant = tx.tenant();
    macro_rules! column {
        ($intent:ident => $value:expr) => {
            &found.iter().map(|$intent| $value).collect::<Vec<_>>()[..]
        };
    }
    let row = sqlx::query!(
        r#"
        with found as (
            select f.* from unnest(
                $3::bigint[], $4::text[], $5::text[], $6::text[], $7::text[], $8::float8[], $9::text[],
                $10::text[], $11::text[], $12::text[], $13::text[], $14::text[]
            ) as f (ai_agent_id, contract_id, code, name, status, confidence, confidence_color,
                message_preview, recipient, data, options, infos)
        ), active as (
            select i.id, i.code, i.verified, i.ai_agent_id, i.contract_id from intent i
            where i.tenant_id = $1 and i.ticket_id = $2 and i.status in ('preview', 'ready')
        ), kept as (
            select * from active where verified and not $15
        ), invalidated as (
            update intent i set status = 'invalidated'
            from active a
            where i.tenant_id = $1 and i.id = a.id and not exists (select from kept k where k.id = a.id)
                and not exists (
                    select from found f
                    where f.ai_agent_id = a.ai_agent_id and f.contract_id is not distinct from a.contract_id
                )
            returning 1
        ), written as (
            insert into intent (tenant_id, ticket_id, ai_agent_id, contract_id, code, name, status, confidence,
                confidence_color, message_preview, recipient, data, options, infos, created_at)
            select $1, $2, f.ai_agent_id, f.contract_id, f.code, f.name, f.status, f.confidence,
                f.confidence_color, f.message_preview, f.recipient, f.data::json, f.options::json,
                f.infos::json, $16
            from found f
            where not exists (
                select from kept k
                where k.ai_agent_id = f.ai_agent_id and k.contract_id is not distinct from f.contract_id
            )
            on conflict (tenant_id, ticket_id, ai_agent_id, coalesce(contract_id, ''))
                where status in ('preview', 'ready')
            do update set code = excluded.code, name = excluded.name, status = excluded.status,
                confidence = excluded.confidence, confidence_color = excluded.confidence_color,
                verified = false, message_preview = excluded.message_preview, recipient = excluded.recipient,
                data = excluded.data, options = excluded.options, infos = excluded.infos
            returning code
        )
        select array(select code from active order by code) as "before!",
            array(select code from written union all select code from kept order by 1) as "after!"
        "#,
        tenant.0,
        ticket.0,
        column!(intent => intent.ai_agent_id),
        column!(intent => intent.contract_id.as_deref()) as _,
        column!(intent => intent.code.as_str()) as _,
        column!(intent => intent.name.as_str()) as _,
        column!(intent => intent.status) as _,
        column!(intent => intent.confidence),
        column!(intent => intent.confidence_color) as _,
        column!(intent => intent.message_preview.as_deref()) as _,
        column!(intent => intent.recipient.as_deref()) as _,
        column!(intent => intent.data.0.as_str()) as _,
        column!(intent => intent.options.0.as_str()) as _,
        column!(intent => intent.infos.0.as_str()) as _,
        reset,
        time::bind(now),
    )
    .fetch_one(tx.raw())
    .await?;
    Ok((row.before, row.after))
}

impl From<Row> for Intent {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            ai_agent_id: row.ai_agent_id,
            contract_id: row.contract_id,
            code: row.code,
            name: row.name,
            status: row.status,
            confidence: row.confidence,
            confidence_color: row.confidence_color,
            verified: row.verified,
            context: raw(row.context),
            message_preview: row.message_preview,
            recipient: row.recipient,
            data: raw(row.data),
            options: raw(row.options),
            infos: raw(row.infos),
            extra_info: row.extra_info.map(raw),
            outcome: row.outcome.map(raw),
        }
    }
}
