//! From a verified token to the tenant and the person behind it. Across tenants, by necessity.

use jiff::Timestamp;

use super::{Db, count_statement, time};
use crate::domain::agent::Role;
use crate::domain::id::{AgentId, TenantId};
use crate::error::Error;

use super::ticket_rows::word;

/// Whom a token speaks for.
#[derive(Debug, Clone)]
pub struct Holder {
    pub tenant: TenantId,
    /// `None` for a program.
    pub agent: Option<Person>,
}

/// The person a token speaks for.
#[derive(Debug, Clone)]
pub struct Person {
    pub id: AgentId,
    pub role: Role,
    pub name: String,
}

/// Finds the tenant by its slug and, where one is named, the person; notes that the person was seen,
/// to the minute. Returns `None` for an unknown or disabled tenant and an unknown or deleted person.
pub async fn find(
    db: &Db,
    slug: &str,
    agent: Option<AgentId>,
    now: Timestamp,
) -> Result<Option<Holder>, Error> {
    let mut connection = db.system().await?;
    count_statement();
    let row = sqlx::query!(
        r#"
        with seen as (
            update agent set last_seen_at = $3
            where tenant_id = (select id from tenant where slug = $1) and id = $2 and deleted_at is null
                and (last_seen_at is null or last_seen_at < $3::timestamptz - interval '1 minute')
            returning 1
        )
        select t.id as tenant_id, a.id as "agent_id?", a.role as "role?", a.first_name as "first_name?",
            a.last_name as "last_name?", a.email as "email?"
        from tenant t
        left join agent a on a.tenant_id = t.id and a.id = $2 and a.deleted_at is null
        where t.slug = $1 and t.disabled_at is null and ($2::bigint is null or a.id is not null)
        "#,
        slug,
        agent.map(|id| id.0),
        time::bind(now),
    )
    .fetch_optional(&mut *connection)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let agent = match (row.agent_id, row.role) {
        (Some(id), Some(role)) => {
            let (first, last) = (row.first_name.unwrap_or_default(), row.last_name.unwrap_or_default());
            let name = crate::domain::agent::display_name(&first, &last, row.email.as_deref());
            Some(Person { id: AgentId(id), role: word(&role)?, name })
        }
        _ => None,
    };
    Ok(Some(Holder { tenant: TenantId(row.tenant_id), agent }))
}
