//! From a credential to the tenant and the person or program behind it. Across tenants, by necessity.

use jiff::{SignedDuration, Timestamp};

use super::{Db, TenantConn, TenantTx, count_statement, time};
use crate::domain::agent::Role;
use crate::domain::credential::{self, Credential, CredentialKind};
use crate::domain::id::{AgentId, TenantId};
use crate::domain::word::Word;
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

/// The program behind a credential that counts.
#[derive(Debug, Clone)]
pub struct Program {
    pub tenant: TenantId,
    /// The tenant's slug.
    pub slug: String,
    /// The credential's key or client id.
    pub id: String,
    /// The credential's name.
    pub name: String,
    /// SHA-256 of its secret.
    pub secret_hash: Vec<u8>,
    last_used_at: Option<Timestamp>,
}

impl Program {
    /// Whether its last use was noted less than a minute ago.
    pub fn is_noted(&self, now: Timestamp) -> bool {
        let minute = SignedDuration::from_mins(1);
        self.last_used_at.is_some_and(|used| now.duration_since(used) < minute)
    }
}

struct ProgramRow {
    tenant_id: i64,
    slug: String,
    id: String,
    name: String,
    secret_hash: Vec<u8>,
    last_used_at: Option<chrono::DateTime<chrono::Utc>>,
}

/// Finds a credential by its key or client id, whatever its secret. Returns `None` for an unknown or revoked one, and
/// where its tenant is disabled.
pub async fn find_program(db: &Db, kind: CredentialKind, id: &str) -> Result<Option<Program>, Error> {
    // An id that names no tenant is looked for as well, so that it takes as long.
    let tenant = credential::tenant_of(id).unwrap_or(TenantId(0));
    let mut connection = db.system().await?;
    count_statement();
    let row = sqlx::query_as!(
        ProgramRow,
        "
        select c.tenant_id, t.slug, c.id, c.name, c.secret_hash, c.last_used_at
        from credential c
        join tenant t on t.id = c.tenant_id
        where c.tenant_id = $1 and c.kind = $2 and c.id = $3 and c.revoked_at is null and t.disabled_at is null
        ",
        tenant.0,
        kind.as_str(),
        id,
    )
    .fetch_optional(&mut *connection)
    .await?;
    Ok(row.map(Program::from))
}

/// Finds a credential by its secret's hash alone, among those of a tenant. Returns `None` as [`find_program`] does.
pub async fn find_program_by_secret(
    db: &Db,
    kind: CredentialKind,
    slug: &str,
    secret_hash: &[u8],
) -> Result<Option<Program>, Error> {
    let mut connection = db.system().await?;
    count_statement();
    let row = sqlx::query_as!(
        ProgramRow,
        "
        select c.tenant_id, t.slug, c.id, c.name, c.secret_hash, c.last_used_at
        from tenant t
        join credential c on c.tenant_id = t.id and c.kind = $2 and c.secret_hash = $3
        where t.slug = $1 and c.revoked_at is null and t.disabled_at is null
        ",
        slug,
        kind.as_str(),
        secret_hash,
    )
    .fetch_optional(&mut *connection)
    .await?;
    Ok(row.map(Program::from))
}

/// Notes that a credential was used.
pub async fn note_use(db: &Db, kind: CredentialKind, program: &Program, now: Timestamp) -> Result<(), Error> {
    let mut connection = db.system().await?;
    count_statement();
    sqlx::query!(
        "
        update credential set last_used_at = $4
        where tenant_id = $1 and kind = $2 and id = $3
            and (last_used_at is null or last_used_at < $4::timestamptz - interval '1 minute')
        ",
        program.tenant.0,
        kind.as_str(),
        program.id,
        time::bind(now),
    )
    .execute(&mut *connection)
    .await?;
    Ok(())
}

/// Returns whether it was inserted: the tenant has no other of this kind and name that counts.
pub async fn insert(
    tx: &mut TenantTx,
    kind: CredentialKind,
    name: &str,
    id: &str,
    secret_hash: &[u8],
    now: Timestamp,
) -> Result<bool, Error> {
    let tenant = tx.tenant();
    let done = sqlx::query!(
        "
        insert into credential (tenant_id, kind, id, name, secret_hash, created_at)
        values ($1, $2, $3, $4, $5, $6)
        on conflict (tenant_id, kind, name) where revoked_at is null do nothing
        ",
        tenant.0,
        kind.as_str(),
        id,
        name,
        secret_hash,
        time::bind(now),
    )
    .execute(tx.raw())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// The tenant's credentials that count, by name.
pub async fn list(db: &mut TenantConn, kind: CredentialKind) -> Result<Vec<Credential>, Error> {
    let tenant = db.tenant();
    let rows = sqlx::query!(
        "
        select name, id, created_at, last_used_at from credential
        where tenant_id = $1 and kind = $2 and revoked_at is null
        order by name
        ",
        tenant.0,
        kind.as_str(),
    )
    .fetch_all(db.raw())
    .await?;
    let credentials = rows.into_iter().map(|row| Credential {
        name: row.name,
        id: row.id,
        created_at: time::read(row.created_at),
        last_used_at: time::read_opt(row.last_used_at),
    });
    Ok(credentials.collect())
}

/// Refuses a credential from now on. Returns its key or client id; `None` where the tenant has none of this name.
pub async fn revoke(
    tx: &mut TenantTx,
    kind: CredentialKind,
    name: &str,
    now: Timestamp,
) -> Result<Option<String>, Error> {
    let tenant = tx.tenant();
    let id = sqlx::query_scalar!(
        "
        update credential set revoked_at = $4
        where tenant_id = $1 and kind = $2 and name = $3 and revoked_at is null
        returning id
        ",
        tenant.0,
        kind.as_str(),
        name,
        time::bind(now),
    )
    .fetch_optional(tx.raw())
    .await?;
    Ok(id)
}

impl From<ProgramRow> for Program {
    fn from(row: ProgramRow) -> Self {
        Self {
            tenant: TenantId(row.tenant_id),
            slug: row.slug,
            id: row.id,
            name: row.name,
            secret_hash: row.secret_hash,
            last_used_at: time::read_opt(row.last_used_at),
        }
    }
}
