//! What a request calls by name, where the core has ids.

use uuid::Uuid;

use super::TenantConn;
use crate::domain::id::{AgentId, TagId, TeamId};
use crate::error::Error;

/// What names lead to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Named {
    /// The tags of each name that everybody may see, in the order of the names; `None`: there is none.
    pub tags: Vec<Option<TagId>>,
    /// The people of each GUID, in the order of the GUIDs.
    pub agents: Vec<Option<AgentId>>,
    /// The people of each mail address, folded, in their order.
    pub agents_by_email: Vec<Option<AgentId>>,
    pub team: Option<TeamId>,
    /// The person whom the submitter's id names in a foreign system.
    pub by_external_id: Option<AgentId>,
}

/// What a request calls by name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Names {
    pub tags: Vec<String>,
    pub agents: Vec<Uuid>,
    /// Folded.
    pub agents_by_email: Vec<String>,
    pub team: Option<String>,
    pub external_id: Option<String>,
}

impl Names {
    fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// Looks names up in one statement; in none where there are none.
pub async fn resolve(db: &mut TenantConn, names: &Names) -> Result<Named, Error> {
    if names.is_empty() {
        return Ok(Named::default());
    }
    let tenant = db.tenant();
    let row = sqlx::query!(
        r#"
        select
            array(
                select (
                    select min(g.id) from tag g
                    where g.tenant_id = $1 and g.reference = 'ticket' and (g.name = n.name or g.full_name = n.name)
                        and not exists (
                            select from tag p where p.tenant_id = $1 and p.id = any(g.ancestor_ids || g.id)
                                and p.visibility <> 'public'
                        )
                )
                from unnest($2::text[]) with ordinality as n (name, at) order by n.at
            ) as "tags!: Vec<Option<i64>>",
            array(
                select (select a.id from agent a
                    where a.tenant_id = $1 and a.guid = n.guid and a.deleted_at is null)
                from unnest($3::uuid[]) with ordinality as n (guid, at) order by n.at
            ) as "agents!: Vec<Option<i64>>",
            array(
                select (select a.id from agent a
                    where a.tenant_id = $1 and a.email_folded = n.email and a.deleted_at is null)
                from unnest($4::text[]) with ordinality as n (email, at) order by n.at
            ) as "agents_by_email!: Vec<Option<i64>>",
            (select m.id from team m where m.tenant_id = $1 and m.name = $5) as team,
            (
                select min(a.id) from agent a
                where a.tenant_id = $1 and a.external_id = $6 and a.deleted_at is null
            ) as by_external_id
        "#,
        tenant.0,
        &names.tags,
        &names.agents,
        &names.agents_by_email,
        names.team,
        names.external_id,
    )
    .fetch_one(db.raw())
    .await?;
    let agents = |ids: Vec<Option<i64>>| ids.into_iter().map(|id| id.map(AgentId)).collect();
    Ok(Named {
        tags: row.tags.into_iter().map(|id| id.map(TagId)).collect(),
        agents: agents(row.agents),
        agents_by_email: agents(row.agents_by_email),
        team: row.team.map(TeamId),
        by_external_id: row.by_external_id.map(AgentId),
    })
}
