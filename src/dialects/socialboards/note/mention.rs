//! The people whom a note names.

use uuid::Uuid;

use crate::db::names::Named;
use crate::dialects::socialboards::guid::Guid;
use crate::domain::id::AgentId;
use crate::http::field::Wrong;
use crate::http::read::Reader;

/// Reads the member `mentionedUsers`; `None` where it is absent or null.
pub fn read(reader: &mut Reader) -> Option<Vec<Uuid>> {
    let ids = reader.optional::<Vec<Guid>>("mentionedUsers")?;
    Some(ids.into_iter().filter_map(|Guid(id)| id).collect())
}

/// The teammates among whom was looked up, the first `count` by their ids; what is unknown is noted at its place.
pub fn known(reader: &mut Reader, named: &Named, count: usize) -> Vec<AgentId> {
    let found = named.agents.iter().take(count).enumerate();
    let known = found.filter_map(|(at, agent)| {
        if agent.is_none() {
            let wrong = Wrong::new("agent_not_found", "must hold ids of teammates");
            reader.refuse("mentionedUsers", &Wrong { pointer: format!("/{at}"), ..wrong });
        }
        *agent
    });
    known.collect()
}
