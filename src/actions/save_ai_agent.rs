//! Saving AI agents, with the document that clients read.

use crate::db::{TenantTx, ai_agents};
use crate::domain::activity::Acting;
use crate::domain::ai_agent::{AiAgent, StoredAiAgent};
use crate::domain::ticket::Document;
use crate::error::Error;
use crate::pipeline::definition;

/// Creates an AI agent, whose own id does not count. Returns `None` where the tenant has one with this code
/// already.
pub async fn create_ai_agent(
    tx: &mut TenantTx,
    agent: &AiAgent,
    acting: &Acting,
) -> Result<Option<StoredAiAgent>, Error> {
    let saved = stored(agent, acting);
    let id = ai_agents::insert(tx, agent, &saved).await?;
    Ok(id.map(|id| StoredAiAgent { id, ..saved }))
}

/// Replaces a locked AI agent. Returns `None`, and the transaction is over, where another one of the tenant has
/// this code.
pub async fn replace_ai_agent(
    tx: &mut TenantTx,
    agent: &AiAgent,
    acting: &Acting,
) -> Result<Option<StoredAiAgent>, Error> {
    let saved = stored(agent, acting);
    let is_free = ai_agents::update(tx, agent, &saved).await?;
    Ok(is_free.then_some(saved))
}

fn stored(agent: &AiAgent, acting: &Acting) -> StoredAiAgent {
    let mut document = definition::ai_agent_document(agent);
    if let Some(members) = document.as_object_mut() {
        // The row has it, and it is not known before there is one.
        members.shift_remove("id");
    }
    StoredAiAgent {
        id: agent.id,
        document: Document(document.to_string()),
        modified_by: acting.actor.name().map(str::to_owned),
        modified_at: acting.now,
    }
}
