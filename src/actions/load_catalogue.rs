//! What a tenant looks for in its messages.

use serde_json::Value;

use crate::db::{TenantConn, ai_agents, tags};
use crate::domain::tag::{Tag, TagReference};
use crate::error::Error;
use crate::pipeline::definition::{self, Flaw};
use crate::pipeline::matter::prepared::Prepared;
use crate::pipeline::tags::TagRule;

/// More AI agents than a tenant has.
const MAX_AGENTS: i64 = 10_000;

/// The tenant's tags for tickets and its enabled AI agents, but for disabled ones and those below them. A stored
/// definition that can no longer be read is passed over.
pub async fn load_catalogue(db: &mut TenantConn) -> Result<Prepared, Error> {
    let filter = tags::Filter { private: true, ..tags::Filter::default() };
    let tags = tags::list(db, &filter).await?;
    let agents = ai_agents::list(
        db,
        &ai_agents::Filter { private: true, limit: MAX_AGENTS, ..ai_agents::Filter::default() },
    )
    .await?;
    let tags = tags.into_iter().filter(|tag| tag.reference == TagReference::Ticket).filter_map(rule);
    let agents = agents.into_iter().filter_map(|stored| {
        let document: Value = serde_json::from_str(&stored.document.0).ok()?;
        let agent = definition::ai_agent(stored.id, &document)
            .map_err(|flaws| passed_over("AI agent", stored.id, &flaws));
        agent.ok().filter(|agent| agent.enabled)
    });
    Ok(Prepared::new(tags.collect(), agents.collect()))
}

fn rule(tag: Tag) -> Option<TagRule> {
    let details: Value = serde_json::from_str(&tag.detection_details).ok()?;
    let detection =
        definition::detection(&details).map_err(|flaws| passed_over("tag", tag.id.0, &flaws)).ok()?;
    Some(TagRule {
        id: tag.id,
        name: tag.name,
        full_name: tag.full_name,
        is_default: tag.properties.iter().any(|property| property == "defaultSkill"),
        channels: tag.channels,
        subchannel_ids: tag.subchannel_ids,
        detection,
    })
}

fn passed_over(what: &str, id: i64, flaws: &[Flaw]) {
    tracing::error!(what, id, ?flaws, "a stored definition cannot be read and is passed over");
}
