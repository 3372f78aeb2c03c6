//! Teams and who is in them.

use std::collections::{HashMap, HashSet};

use jiff::Timestamp;
use serde::Deserialize;
use sqlx::types::Json;

use super::people::AgentRow;
use super::ticket_rows::word;
use super::{TenantConn, TenantTx, time};
use crate::domain::agent::Role;
use crate::domain::id::{AgentId, TeamId};
use crate::domain::message::Person;
use crate::domain::team::Team;
use crate::error::Error;

/// The tenant's teams by id.
pub async fn list(db: &mut TenantConn) -> Result<Vec<Team>, Error> {
    let tenant = db.tenant();
    let rows = sqlx::query!("select id, name from team where tenant_id = $1 order by id", tenant.0)
        .fetch_all(db.raw())
        .await?;
    Ok(rows.into_iter().map(|row| Team { id: TeamId(row.id), name: row.name }).collect())
}

/// The tenant's people with what each may do, by id; those of one team where it is given.
pub async fn members(db: &mut TenantConn, team: Option<TeamId>) -> Result<Vec<(Person, Role)>, Error> {
    let tenant = db.tenant();
    let rows = sqlx::query!(
        r#"
        select a.role, json_build_object('guid', a.guid, 'first_name', a.first_name, 'last_name', a.last_name,
            'email', a.email, 'phone', a.phone, 'external_id', a.external_id) as "person!: Json<AgentRow>"
        from agent a
        where a.tenant_id = $1 and a.deleted_at is null and ($2::bigint is null or exists (
            select from team_member m where m.tenant_id = $1 and m.team_id = $2 and m.agent_id = a.id
        ))
        order by a.id
        "#,
        tenant.0,
        team.map(|id| id.0),
    )
    .fetch_all(db.raw())
    .await?;
    rows.into_iter().map(|row| Ok((row.person.0.into(), word(&row.role)?))).collect()
}

/// The team of this very name. Returns `None` where this tenant has none.
pub async fn find(db: &mut TenantConn, name: &str) -> Result<Option<TeamId>, Error> {
    let tenant = db.tenant();
    let id = sqlx::query_scalar!("select id from team where tenant_id = $1 and name = $2", tenant.0, name)
        .fetch_optional(db.raw())
        .await?;
    Ok(id.map(TeamId))
}

/// Returns `None` where the tenant has a team of this name already.
pub async fn insert(tx: &mut TenantTx, name: &str, now: Timestamp) -> Result<Option<TeamId>, Error> {
    let tenant = tx.tenant();
    let id = sqlx::query_scalar!(
        "
        insert into team (tenant_id, name, created_at) values ($1, $2, $3)
        on conflict (tenant_id, name) do nothing
        returning id
        ",
        tenant.0,
        name,
        time::bind(now),
    )
    .fetch_optional(tx.raw())
    .await?;
    Ok(id.map(TeamId))
}

/// The teams of each of these people by their ids; who is in none is not among them.
pub async fn of_agents(
    db: &mut TenantConn,
    agents: &[AgentId],
) -> Result<HashMap<AgentId, Vec<TeamId>>, Error> {
    let tenant = db.tenant();
    let agents: Vec<i64> = agents.iter().map(|agent| agent.0).collect();
    let rows = sqlx::query!(
        "
        select agent_id, team_id from team_member
        where tenant_id = $1 and agent_id = any($2)
        order by team_id
        ",
        tenant.0,
        &agents,
    )
    .fetch_all(db.raw())
    .await?;
    let mut teams: HashMap<AgentId, Vec<TeamId>> = HashMap::new();
    for row in rows {
        teams.entry(AgentId(row.agent_id)).or_default().push(TeamId(row.team_id));
    }
    Ok(teams)
}

/// Puts a new person into teams. Returns those that exist.
pub async fn join(tx: &mut TenantTx, agent: AgentId, teams: &[TeamId]) -> Result<HashSet<TeamId>, Error> {
    let tenant = tx.tenant();
    let teams: Vec<i64> = teams.iter().map(|team| team.0).collect();
    let joined = sqlx::query_scalar!(
        "
        insert into team_member (tenant_id, team_id, agent_id)
        select $1, t.id, $2 from team t where t.tenant_id = $1 and t.id = any($3)
        returning team_id
        ",
        tenant.0,
        agent.0,
        &teams,
    )
    .fetch_all(tx.raw())
    .await?;
    Ok(joined.into_iter().map(TeamId).collect())
}

/// A team as a JSON row that other statements build.
#[derive(Debug, Deserialize)]
pub struct TeamRow {
    id: i64,
    name: String,
}

impl From<TeamRow> for Team {
    fn from(row: TeamRow) -> Self {
        Self { id: TeamId(row.id), name: row.name }
    }
}
