//! What tickets have beyond what every dialect can say.

use serde::Deserialize;
use serde_json::value::RawValue;

use super::ticket_rows::{Raw, document, raw, text, word};
use super::{TenantConn, TenantTx};
use crate::domain::detail::{CustomValue, Detail, searched};
use crate::domain::id::{ContactId, TeamId, TicketId};
use crate::domain::ticket::Document;
use crate::domain::ticket::as_str;
use crate::error::Error;

/// A ticket's detail; all empty where it has none.
pub async fn get(db: &mut TenantConn, ticket: TicketId) -> Result<Detail, Error> {
    let tenant = db.tenant();
    let row = sqlx::query!(
        r#"
        select d.contact_id as "contact_id?", d.team_id as "team_id?", d.category_id as "category_id?",
            d.ticket_type as "ticket_type?", d.submitter as "submitter?", d.source_name as "source_name?",
            d.mood as "mood?", d.channel_contact as "channel_contact?: Raw", d.markdown as "markdown?",
            v.names as "names!", v.values as "values!: Vec<Raw>"
        from (
            select coalesce(array_agg(name order by position), '{}') as names,
                coalesce(array_agg(value order by position), '{}') as values
            from custom_value where tenant_id = $1 and ticket_id = $2
        ) v
        left join ticket_detail d on d.tenant_id = $1 and d.ticket_id = $2
        "#,
        tenant.0,
        ticket.0,
    )
    .fetch_one(db.raw())
    .await?;
    let values = row.names.into_iter().zip(row.values);
    Ok(Detail {
        contact_id: row.contact_id.map(ContactId),
        team_id: row.team_id.map(TeamId),
        category_id: row.category_id,
        ticket_type: row.ticket_type.as_deref().map(word).transpose()?,
        submitter: row.submitter,
        source_name: row.source_name,
        mood: row.mood.as_deref().map(word).transpose()?,
        channel_contact: row.channel_contact.map(document),
        markdown: row.markdown,
        custom_values: values.map(|(name, value)| CustomValue { name, value: document(value) }).collect(),
    })
}

/// Makes this a ticket's detail, its custom values included. The ticket must be locked.
pub async fn put(tx: &mut TenantTx, ticket: TicketId, detail: &Detail) -> Result<(), Error> {
    let tenant = tx.tenant();
    let columns = Columns::new(&detail.custom_values);
    sqlx::query!(
        "
        with detailed as (
            insert into ticket_detail (tenant_id, ticket_id, contact_id, team_id, category_id, ticket_type,
                submitter, source_name, mood, channel_contact, markdown)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10::text::json, $11)
            on conflict (tenant_id, ticket_id) do update set
                contact_id = excluded.contact_id, team_id = excluded.team_id,
                category_id = excluded.category_id, ticket_type = excluded.ticket_type,
                submitter = excluded.submitter, source_name = excluded.source_name, mood = excluded.mood,
                channel_contact = excluded.channel_contact, markdown = excluded.markdown
            returning 1
        ), dropped as (
            delete from custom_value
            where tenant_id = $1 and ticket_id = $2 and name <> all($12::text[])
            returning 1
        )
        insert into custom_value (tenant_id, ticket_id, name, position, value, folded)
        select $1, $2, v.name, v.position, v.value::json, v.folded
        from unnest($12::text[], $13::text[], $14::text[]) with ordinality as v (name, value, folded, position)
        on conflict (tenant_id, ticket_id, name) do update set
            position = excluded.position, value = excluded.value, folded = excluded.folded
        returning 1 as one
        ",
        tenant.0,
        ticket.0,
        detail.contact_id.map(|id| id.0),
        detail.team_id.map(|id| id.0),
        detail.category_id,
        as_str(detail.ticket_type),
        detail.submitter,
        detail.source_name,
        as_str(detail.mood),
        text(detail.channel_contact.as_ref()),
        detail.markdown,
        columns.names as _,
        columns.values as _,
        &columns.folded,
    )
    .fetch_all(tx.raw())
    .await?;
    Ok(())
}

/// Custom values as columns.
#[derive(Debug)]
pub struct Columns<'a> {
    pub names: Vec<&'a str>,
    pub values: Vec<&'a str>,
    /// What a search compares.
    pub folded: Vec<String>,
}

impl<'a> Columns<'a> {
    /// For the custom values of one ticket.
    pub fn new(values: &'a [CustomValue]) -> Self {
        Self {
            names: values.iter().map(|value| value.name.as_str()).collect(),
            values: values.iter().map(|value| value.value.0.as_str()).collect(),
            folded: values.iter().map(|value| search_key(&value.value)).collect(),
        }
    }
}

/// A custom value as a JSON row that other statements build.
#[derive(Debug, Deserialize)]
pub struct CustomRow {
    name: String,
    value: Box<RawValue>,
}

impl From<CustomRow> for CustomValue {
    fn from(row: CustomRow) -> Self {
        Self { name: row.name, value: raw(row.value) }
    }
}

/// What a search for a custom value compares.
pub fn search_key(value: &Document) -> String {
    let plain: Option<String> = serde_json::from_str(&value.0).ok();
    searched(plain.as_deref().unwrap_or(&value.0)).to_owned()
}
