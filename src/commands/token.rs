//! `tessera token`.

use clap::{Args, ValueEnum};
use jiff::SignedDuration;

use super::{Failure, database, key};
use crate::clock::Clock;
use crate::config::{Config, Span};
use crate::db::{Db, agents, tenants};
use crate::domain::agent::Agent;
use crate::domain::id::TenantId;
use crate::domain::mail;
use crate::http::authorization::{Authority, Claims};

#[derive(Debug, Args)]
pub struct Token {
    /// The tenant's slug
    #[arg(long)]
    tenant: String,
    /// The person that the token speaks for, by id or mail address; the tenant's first by default
    #[arg(long, value_name = "ID|EMAIL")]
    agent: Option<String>,
    /// What it allows at the most
    #[arg(long, value_enum, default_value = "admin")]
    role: Role,
    /// How long it counts
    #[arg(long, default_value = "1h", value_name = "DURATION")]
    ttl: Span,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Role {
    Admin,
    Agent,
    Integration,
}

/// Prints a token.
pub async fn token(config: Config, command: Token) -> Result<(), Failure> {
    // The key first: it makes the data directory as the cluster needs it.
    let authority = key::authority(&config)?;
    let database = database::open(&config).await?;
    let token = database
        .with(async |db| {
            let agent = match (&command.agent, command.role) {
                (None, Role::Integration) => None,
                (wanted, _) => Some(find(db, &command.tenant, wanted.as_deref()).await?),
            };
            if agent.is_none() {
                tenant_id(db, &command.tenant).await?;
            }
            let ttl = SignedDuration::try_from(command.ttl.0)?;
            sign(&authority, &Clock::default(), &command.tenant, agent.as_ref(), command.role, ttl)
        })
        .await?;
    println!("{token}");
    Ok(())
}

/// A token for the tenant's first person, with all that this person may do.
pub async fn for_first_agent(
    db: &Db,
    authority: &Authority,
    clock: &Clock,
    slug: &str,
) -> Result<String, Failure> {
    let agent = find(db, slug, None).await?;
    sign(authority, clock, slug, Some(&agent), Role::Admin, SignedDuration::from_hours(1))
}

fn sign(
    authority: &Authority,
    clock: &Clock,
    slug: &str,
    agent: Option<&Agent>,
    role: Role,
    ttl: SignedDuration,
) -> Result<String, Failure> {
    let claims = Claims {
        tenant: slug.to_owned(),
        sub: agent.map_or_else(|| "integration:cli".to_owned(), |agent| agent.id.to_string()),
        role: match role {
            Role::Admin => "admin",
            Role::Agent => "agent",
            Role::Integration => "integration",
        }
        .to_owned(),
        exp: 0,
        iat: None,
        nbf: None,
        user_id: agent.map(|agent| agent.id.0),
        client: None,
    };
    Ok(authority.sign(claims, clock.now(), ttl)?)
}

async fn tenant_id(db: &Db, slug: &str) -> Result<TenantId, Failure> {
    let tenant = tenants::find(db, slug).await?;
    Ok(tenant.ok_or_else(|| format!("there is no tenant {slug}"))?.id)
}

async fn find(db: &Db, slug: &str, wanted: Option<&str>) -> Result<Agent, Failure> {
    let tenant = tenant_id(db, slug).await?;
    let mut conn = db.tenant(tenant).connect().await?;
    let people = agents::list(&mut conn, i64::MAX, 0).await?;
    let found = match wanted {
        None => people.into_iter().next(),
        Some(wanted) => people.into_iter().find(|person| {
            person.id.to_string() == wanted
                || person.email.as_deref().is_some_and(|email| mail::fold(email) == mail::fold(wanted))
        }),
    };
    Ok(found.ok_or_else(|| format!("the tenant {slug} has no agent {}", wanted.unwrap_or("at all")))?)
}
