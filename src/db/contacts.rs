//! The people outside who write.

use jiff::Timestamp;
use serde::Deserialize;
use sqlx::types::Json;
use uuid::Uuid;

use super::{TenantConn, TenantTx, time};
use crate::domain::contact::{Contact, Introduction, guid_of_address};
use crate::domain::id::ContactId;
use crate::domain::mail;
use crate::error::Error;

/// A contact as `to_json` gives it.
#[derive(Debug, Deserialize)]
pub(super) struct Row {
    id: i64,
    guid: Uuid,
    euid: Option<String>,
    name: Option<String>,
    email: Option<String>,
    phone: Option<String>,
    image: Option<String>,
    custom_identifier: Option<String>,
    inbox: Option<String>,
    created_at: Timestamp,
    last_activity_at: Timestamp,
}

/// A contact that fits an introduction, and whether by its id in a channel.
#[derive(Debug, Clone)]
pub struct Match {
    pub contact: Contact,
    pub by_channel: bool,
}

/// Every contact that has one of the introduction's ids, by id. One statement.
pub async fn matches(db: &mut TenantConn, who: &Introduction) -> Result<Vec<Match>, Error> {
    let tenant = db.tenant();
    let (channel, in_channel) = channel(who);
    let rows = sqlx::query!(
        r#"
        with known as (
            select contact_id as id, true as by_channel from contact_channel
            where tenant_id = $1 and channel_id = $6 and contact_in_channel = $7
            union all
            select id, false from contact where tenant_id = $1 and guid = $2
            union all
            select id, false from contact where tenant_id = $1 and euid = $3
            union all
            select id, false from contact where tenant_id = $1 and email_folded = $4
            union all
            select id, false from contact where tenant_id = $1 and custom_identifier = $5
        )
        select to_json(c) as "contact!: Json<Row>", k.by_channel as "by_channel!"
        from (select id, bool_or(by_channel) as by_channel from known group by id) k
        join contact c on c.tenant_id = $1 and c.id = k.id
        order by c.id
        "#,
        tenant.0,
        who.guid,
        who.euid,
        who.email.as_deref().map(mail::fold),
        who.custom_identifier,
        channel,
        in_channel,
    )
    .fetch_all(db.raw())
    .await?;
    let found =
        rows.into_iter().map(|row| Match { contact: row.contact.0.into(), by_channel: row.by_channel });
    Ok(found.collect())
}

/// Makes a contact, known in its channel too. Returns `None`, with nothing done, where somebody has one of the ids.
pub async fn insert(tx: &mut TenantTx, who: &Introduction, now: Timestamp) -> Result<Option<Contact>, Error> {
    let tenant = tx.tenant();
    let (channel, in_channel) = channel(who);
    let guid = who.email.as_deref().map_or_else(Uuid::new_v4, guid_of_address);
    let row = sqlx::query_scalar!(
        r#"
        with made as (
            insert into contact (tenant_id, guid, euid, name, email, email_folded, phone, image,
                custom_identifier, inbox, created_at, last_activity_at)
            select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11
            where $12::text is null or not exists (
                select from contact_channel
                where tenant_id = $1 and channel_id = $12 and contact_in_channel = $13
            )
            on conflict do nothing
            returning *
        ), known as (
            insert into contact_channel (tenant_id, channel_id, contact_in_channel, contact_id)
            select $1, $12, $13, made.id from made where $12::text is not null
            returning 1
        )
        select to_json(made) as "contact!: Json<Row>" from made
        "#,
        tenant.0,
        guid,
        who.euid,
        who.name,
        who.email,
        who.email.as_deref().map(mail::fold),
        who.phone,
        who.image,
        who.custom_identifier,
        who.inbox,
        time::bind(now),
        channel,
        in_channel,
    )
    .fetch_optional(tx.raw())
    .await?;
    Ok(row.map(|Json(row)| row.into()))
}

/// Remembers of a contact what it did not have: nothing that is there is replaced. What somebody else has, an id or
/// a mail address, is left out. Returns the contact as it is now, `None` where there is none.
pub async fn complete(
    tx: &mut TenantTx,
    id: ContactId,
    who: &Introduction,
    now: Timestamp,
) -> Result<Option<Contact>, Error> {
    let tenant = tx.tenant();
    let (channel, in_channel) = channel(who);
    let row = sqlx::query_scalar!(
        r#"
        with known as (
            insert into contact_channel (tenant_id, channel_id, contact_in_channel, contact_id)
            select $1, $11, $12, $2 where $11::text is not null
            on conflict do nothing
            returning 1
        )
        update contact c set
            euid = coalesce(c.euid, case when not exists (
                select from contact o where o.tenant_id = $1 and o.euid = $3) then $3 end),
            name = coalesce(c.name, $4),
            email = coalesce(c.email, case when not exists (
                select from contact o where o.tenant_id = $1 and o.email_folded = $6) then $5 end),
            email_folded = coalesce(c.email_folded, case when not exists (
                select from contact o where o.tenant_id = $1 and o.email_folded = $6) then $6 end),
            phone = coalesce(c.phone, $7),
            image = coalesce(c.image, $8),
            custom_identifier = coalesce(c.custom_identifier, case when not exists (
                select from contact o where o.tenant_id = $1 and o.custom_identifier = $9) then $9 end),
            last_activity_at = greatest(c.last_activity_at, $10)
        where c.tenant_id = $1 and c.id = $2
        returning to_json(c) as "contact!: Json<Row>"
        "#,
        tenant.0,
        id.0,
        who.euid,
        who.name,
        who.email,
        who.email.as_deref().map(mail::fold),
        who.phone,
        who.image,
        who.custom_identifier,
        time::bind(now),
        channel,
        in_channel,
    )
    .fetch_optional(tx.raw())
    .await?;
    Ok(row.map(|Json(row)| row.into()))
}

fn channel(who: &Introduction) -> (Option<&str>, Option<&str>) {
    let channel = who.channel.as_ref();
    (channel.map(|(channel, _)| channel.as_str()), channel.map(|(_, id)| id.as_str()))
}

impl From<Row> for Contact {
    fn from(row: Row) -> Self {
        Self {
            id: ContactId(row.id),
            guid: row.guid,
            euid: row.euid,
            name: row.name,
            email: row.email,
            phone: row.phone,
            image: row.image,
            custom_identifier: row.custom_identifier,
            inbox: row.inbox,
            created_at: row.created_at,
            last_activity_at: row.last_activity_at,
        }
    }
}
