//! The tags of a tenant.

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::value::RawValue;
use sqlx::types::Json;

use super::ticket_rows::word;
use super::{TenantConn, TenantTx, time};
use crate::domain::id::TagId;
use crate::domain::tag::{NewTag, Tag, TagType};
use crate::domain::word::Word;
use crate::error::Error;

/// A tag as a JSON row, which the full ticket view shares.
#[derive(Deserialize)]
pub struct Row {
    id: i64,
    name: String,
    full_name: String,
    parent_id: Option<i64>,
    reference: String,
    r#type: String,
    visibility: String,
    color: String,
    properties: Vec<String>,
    complexity: String,
    sla_hours: Option<f64>,
    priority: String,
    channels: Vec<String>,
    subchannel_ids: Vec<i64>,
    routing_relevance: bool,
    detection_details: Box<RawValue>,
    test_case: Box<RawValue>,
    modified_by: Option<String>,
    modified_at: Timestamp,
}

/// Which tags a list shows.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Only this one.
    pub id: Option<TagId>,
    /// In the name or the full name, whatever the case.
    pub text: Option<String>,
    pub r#type: Option<TagType>,
    /// Disabled ones too.
    pub disabled: bool,
    /// Private ones too.
    pub private: bool,
}

/// The tenant's tags by id, hidden ones and their children left out.
pub async fn list(db: &mut TenantConn, filter: &Filter) -> Result<Vec<Tag>, Error> {
    let tenant = db.tenant();
    let rows = sqlx::query_scalar!(
        r#"
        select to_json(g) as "row!: Json<Row>" from (
            select g.id, g.name, g.full_name, g.parent_id, g.reference, g.type, g.visibility, g.color,
                g.properties, g.complexity, g.sla_hours, g.priority, g.channels, g.subchannel_ids,
                g.routing_relevance, g.detection_details, g.test_case, g.modified_by, g.modified_at
            from tag g
            where g.tenant_id = $1
                and ($2::bigint is null or g.id = $2)
                and ($3::text is null or g.type = $3)
                and ($4::text is null or position(lower($4) in lower(g.name)) > 0
                    or position(lower($4) in lower(g.full_name)) > 0)
                and not exists (
                    select from tag p
                    where p.tenant_id = $1 and p.id = any(g.ancestor_ids || g.id)
                        and (not $5 and p.visibility = 'disabled' or not $6 and p.visibility = 'private')
                )
            order by g.id
        ) g
        "#,
        tenant.0,
        filter.id.map(|id| id.0),
        filter.r#type.map(Word::as_str),
        filter.text,
        filter.disabled,
        filter.private,
    )
    .fetch_all(db.raw())
    .await?;
    rows.into_iter().map(|row| row.0.try_into()).collect()
}

/// The full name of a parent and the path down to it, for a child's. Returns `None` where this
/// tenant has no such tag.
pub async fn lineage(db: &mut TenantConn, id: TagId) -> Result<Option<(String, Vec<i64>)>, Error> {
    let tenant = db.tenant();
    let row = sqlx::query!(
        "select full_name, ancestor_ids from tag where tenant_id = $1 and id = $2",
        tenant.0,
        id.0
    )
    .fetch_optional(db.raw())
    .await?;
    Ok(row.map(|row| {
        let mut path = row.ancestor_ids;
        path.push(id.0);
        (row.full_name, path)
    }))
}

/// Inserts a tag under the ancestors given.
pub async fn insert(
    tx: &mut TenantTx,
    new: &NewTag,
    full_name: &str,
    ancestors: &[i64],
    by: Option<&str>,
    now: Timestamp,
) -> Result<TagId, Error> {
    let tenant = tx.tenant();
    let id = sqlx::query_scalar!(
        "
        insert into tag (tenant_id, name, full_name, parent_id, ancestor_ids, reference, type, visibility,
            color, properties, complexity, sla_hours, priority, channels, subchannel_ids,
            routing_relevance, detection_details, test_case, modified_by, modified_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17::text::json,
            $18::text::json, $19, $20)
        returning id
        ",
        tenant.0,
        new.name,
        full_name,
        new.parent_id.map(|id| id.0),
        ancestors,
        new.reference.as_str(),
        new.r#type.as_str(),
        new.visibility.as_str(),
        new.color.as_str(),
        &new.properties,
        new.complexity,
        new.sla_hours,
        new.priority.as_str(),
        &new.channels,
        &new.subchannel_ids,
        new.routing_relevance,
        new.detection_details,
        new.test_case,
        by,
        time::bind(now),
    )
    .fetch_one(tx.raw())
    .await?;
    Ok(TagId(id))
}

/// Waits until nobody else makes tags by their names: they are not unique, so that no index sees to it.
pub async fn lock_names(tx: &mut TenantTx) -> Result<(), Error> {
    let tenant = tx.tenant();
    sqlx::query!(
        "select 1 as one from pg_advisory_xact_lock(hashtextextended('names of tags', $1))",
        tenant.0
    )
    .fetch_one(tx.raw())
    .await?;
    Ok(())
}

/// Makes public tags for tickets that have nothing but these names, each of which must be new.
pub async fn insert_named(
    tx: &mut TenantTx,
    names: &[String],
    by: Option<&str>,
    now: Timestamp,
) -> Result<(), Error> {
    let tenant = tx.tenant();
    sqlx::query!(
        r#"
        insert into tag (tenant_id, name, full_name, reference, type, visibility, color, priority, detection_details,
            modified_by, modified_at)
        select $1, n.name, n.name, 'ticket', 'other', 'public', 'grey', 'do-not-change',
            '{"type":"manualAssignment"}', $3, $4
        from unnest($2::text[]) with ordinality as n (name, position)
        order by n.position
        "#,
        tenant.0,
        names,
        by,
        time::bind(now),
    )
    .execute(tx.raw())
    .await?;
    Ok(())
}

impl TryFrom<Row> for Tag {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        Ok(Self {
            id: TagId(row.id),
            name: row.name,
            full_name: row.full_name,
            parent_id: row.parent_id.map(TagId),
            reference: word(&row.reference)?,
            r#type: word(&row.r#type)?,
            visibility: word(&row.visibility)?,
            color: word(&row.color)?,
            properties: row.properties,
            complexity: row.complexity,
            sla_hours: row.sla_hours,
            priority: word(&row.priority)?,
            channels: row.channels,
            subchannel_ids: row.subchannel_ids,
            routing_relevance: row.routing_relevance,
            detection_details: row.detection_details.get().to_owned(),
            test_case: row.test_case.get().to_owned(),
            modified_by: row.modified_by,
            modified_at: row.modified_at,
        })
    }
}
