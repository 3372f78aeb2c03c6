//! What a request refers to: which of it exists, and what follows from it.

use std::collections::{BTreeMap, BTreeSet};

use moka::future::Cache;
use serde::Deserialize;
use sqlx::types::Json;

use super::TenantConn;
use super::ticket_rows::word;
use crate::domain::id::{AgentId, SubchannelId, TagId, TenantId, TicketId};
use crate::domain::tag::TagEffect;
use crate::error::Error;

/// What tags were last seen to do, for [`recall`].
pub type TagEffects = Cache<(TenantId, TagId), TagEffect>;

/// What to look up.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    pub tags: BTreeSet<TagId>,
    pub agents: BTreeSet<AgentId>,
    pub subchannels: BTreeSet<SubchannelId>,
    pub contracts: BTreeSet<String>,
    pub external_ids: BTreeSet<String>,
    /// Tickets whose tags are wanted too. They must be locked, so that their tags stand still.
    pub tags_of: Vec<TicketId>,
}

/// What this tenant has of it.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// The wanted tags and those of the tickets.
    pub tags: BTreeMap<TagId, TagEffect>,
    pub agents: BTreeSet<AgentId>,
    pub subchannels: BTreeSet<SubchannelId>,
    /// The customer that each contract of the directory belongs to.
    pub contract_customers: BTreeMap<String, String>,
    /// Which ticket has which foreign id; its tags are looked up too.
    pub external_owners: BTreeMap<String, Owner>,
    pub ticket_tags: BTreeMap<TicketId, BTreeSet<TagId>>,
    /// Those of them that a person or a partner set.
    pub manual_tags: BTreeMap<TicketId, BTreeSet<TagId>>,
}

/// The ticket that a foreign id belongs to.
#[derive(Debug, Clone, Copy)]
pub struct Owner {
    pub id: TicketId,
    /// What was looked up of the ticket holds as long as it has this version.
    pub version: i64,
}

impl Wanted {
    /// Whether there is nothing to look up.
    pub fn is_empty(&self) -> bool {
        self.tags.is_empty()
            && self.agents.is_empty()
            && self.subchannels.is_empty()
            && self.contracts.is_empty()
            && self.external_ids.is_empty()
            && self.tags_of.is_empty()
    }
}

/// What the last look-ups say, without a statement; `None` where something is wanted that they do not say. It may
/// hold no longer: good only for what checks it, as [`insert`](super::new_tickets::insert) does. That people and
/// subchannels are there is assumed.
pub async fn recall(db: &TenantConn, wanted: &Wanted) -> Option<Known> {
    if !(wanted.contracts.is_empty() && wanted.external_ids.is_empty() && wanted.tags_of.is_empty()) {
        return None;
    }
    let mut known =
        Known { agents: wanted.agents.clone(), subchannels: wanted.subchannels.clone(), ..Known::default() };
    for tag in &wanted.tags {
        known.tags.insert(*tag, db.tag_effects.get(&(db.tenant, *tag)).await?);
    }
    Some(known)
}

/// Looks everything up in one statement; in none where nothing is wanted.
pub async fn look_up(db: &mut TenantConn, wanted: &Wanted) -> Result<Known, Error> {
    if wanted.is_empty() {
        return Ok(Known::default());
    }
    let tenant = db.tenant();
    let tags: Vec<i64> = wanted.tags.iter().map(|id| id.0).collect();
    let agents: Vec<i64> = wanted.agents.iter().map(|id| id.0).collect();
    let subchannels: Vec<i64> = wanted.subchannels.iter().map(|id| id.0).collect();
    let contracts: Vec<&str> = wanted.contracts.iter().map(String::as_str).collect();
    let external_ids: Vec<&str> = wanted.external_ids.iter().map(String::as_str).collect();
    let tags_of: Vec<i64> = wanted.tags_of.iter().map(|id| id.0).collect();
    let row = sqlx::query!(
        r#"
        with tagged as (
            select ticket_id, tag_id, source from ticket_tag
            where tenant_id = $1 and ticket_id = any($7 || array(
                select id from ticket where tenant_id = $1 and external_ticket_id = any($6)
            ))
        )
        select
            array(
                select json_build_object('id', id, 'sla_hours', sla_hours, 'priority', priority,
                    'is_private', exists (
                        select from tag p
                        where p.tenant_id = $1 and p.id = any(g.ancestor_ids || g.id) and p.visibility = 'private'
                    ))
                from tag g
                where tenant_id = $1 and (id = any($2) or id in (select tag_id from tagged))
            ) as "tags!: Vec<Json<TagRow>>",
            array(
                select id from agent where tenant_id = $1 and id = any($3) and deleted_at is null
            ) as "agents!",
            array(select id from subchannel where tenant_id = $1 and id = any($4)) as "subchannels!",
            array(
                select json_build_array(id, customer_id) from contract where tenant_id = $1 and id = any($5)
            ) as "contracts!: Vec<Json<(String, String)>>",
            array(
                select json_build_array(external_ticket_id, id, version) from ticket
                where tenant_id = $1 and external_ticket_id = any($6)
            ) as "external_ids!: Vec<Json<(String, i64, i64)>>",
            array(select ticket_id from tagged order by ticket_id, tag_id) as "tagged_tickets!",
            array(select tag_id from tagged order by ticket_id, tag_id) as "tagged_tags!",
            array(select source = 'manual' from tagged order by ticket_id, tag_id) as "tagged_manually!"
        "#,
        tenant.0,
        &tags,
        &agents,
        &subchannels,
        contracts as _,
        external_ids as _,
        &tags_of,
    )
    .fetch_one(db.raw())
    .await?;
    let mut known = Known {
        agents: row.agents.into_iter().map(AgentId).collect(),
        subchannels: row.subchannels.into_iter().map(SubchannelId).collect(),
        contract_customers: row.contracts.into_iter().map(|pair| pair.0).collect(),
        ..Known::default()
    };
    for Json((external_id, id, version)) in row.external_ids {
        known.external_owners.insert(external_id, Owner { id: TicketId(id), version });
    }
    for Json(tag) in row.tags {
        let effect = TagEffect {
            id: TagId(tag.id),
            is_private: tag.is_private,
            sla_hours: tag.sla_hours,
            priority: word(&tag.priority)?,
        };
        known.tags.insert(effect.id, effect);
        let key = (tenant, effect.id);
        if db.tag_effects.get(&key).await != Some(effect) {
            db.tag_effects.insert(key, effect).await;
        }
    }
    let tagged = row.tagged_tickets.into_iter().zip(row.tagged_tags).zip(row.tagged_manually);
    for ((ticket, tag), manual) in tagged {
        let (ticket, tag) = (TicketId(ticket), TagId(tag));
        known.ticket_tags.entry(ticket).or_default().insert(tag);
        if manual {
            known.manual_tags.entry(ticket).or_default().insert(tag);
        }
    }
    Ok(known)
}

#[derive(Debug, Deserialize)]
struct TagRow {
    id: i64,
    sla_hours: Option<f64>,
    priority: String,
    is_private: bool,
}
