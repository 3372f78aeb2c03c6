//! `tessera tenant`.

use clap::Subcommand;

use super::{Failure, database};
use crate::actions::{self, NewTenant};
use crate::clock::Clock;
use crate::config::Config;
use crate::db::{Db, tenants};

#[derive(Debug, Subcommand)]
pub enum Tenant {
    /// Create a tenant with working defaults; a slug that exists stays as it is
    Create {
        /// 1 to 63 of a-z, 0-9 and -, starting with a letter or digit
        slug: String,
        /// The name; the slug by default
        #[arg(long)]
        name: Option<String>,
    },
    /// Print every tenant's slug
    List,
    /// Refuse a tenant's credentials and let its jobs wait; nothing is deleted
    Disable { slug: String },
    /// Take that back
    Enable { slug: String },
}

/// Runs one of them.
pub async fn tenant(config: Config, command: Tenant) -> Result<(), Failure> {
    if let Tenant::Create { slug, .. } = &command {
        check(slug)?;
    }
    let clock = Clock::default();
    database::open(&config).await?.with(async |db| run(db, &clock, command).await).await
}

async fn run(db: &Db, clock: &Clock, command: Tenant) -> Result<(), Failure> {
    match command {
        Tenant::Create { slug, name } => {
            let new = NewTenant { slug: &slug, name: name.as_deref().unwrap_or(&slug) };
            if actions::create_tenant(db, new, clock.now()).await?.is_none() {
                eprintln!("the tenant {slug} exists already; nothing was changed");
            }
            println!("{slug}");
        }
        Tenant::List => {
            for tenant in tenants::list(db).await? {
                println!("{}", tenant.slug);
            }
        }
        Tenant::Disable { slug } => set_disabled(db, &slug, Some(clock.now())).await?,
        Tenant::Enable { slug } => set_disabled(db, &slug, None).await?,
    }
    Ok(())
}

async fn set_disabled(db: &Db, slug: &str, at: Option<jiff::Timestamp>) -> Result<(), Failure> {
    if tenants::set_disabled(db, slug, at).await? {
        return Ok(());
    }
    Err(format!("there is no tenant {slug}").into())
}

fn check(slug: &str) -> Result<(), Failure> {
    let letter = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let fits = (1..=63).contains(&slug.len())
        && slug.bytes().all(|byte| letter(byte) || byte == b'-')
        && slug.bytes().next().is_some_and(letter);
    if fits {
        return Ok(());
    }
    Err(format!("{slug:?} is no slug: 1 to 63 of a-z, 0-9 and -, starting with a letter or digit").into())
}
