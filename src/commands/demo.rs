//! `tessera demo`.

use clap::Args;

use super::{Failure, database};
use crate::actions::{self, NewTenant};
use crate::clock::Clock;
use crate::config::Config;
use crate::db::{Db, tenants};
use crate::domain::id::TenantId;

#[derive(Debug, Args)]
pub struct Demo {
    /// How many tickets there are afterwards, at least
    #[arg(long, default_value_t = TICKETS, value_name = "N")]
    tickets: usize,
}

/// How many tickets there are unless somebody says otherwise.
const TICKETS: usize = 50;
/// The tenant's slug.
pub const SLUG: &str = "demo";

/// Fills the tenant `demo`, up to the number of tickets.
pub async fn demo(config: Config, command: Demo) -> Result<(), Failure> {
    let clock = Clock::default();
    let database = database::open(&config).await?;
    database
        .with(async |db| {
            let (tenant, _) = ensure_tenant(db, &clock).await?;
            let made = actions::fill_demo(&db.tenant(tenant), clock.now(), command.tickets).await?;
            eprintln!("{made} tickets were made in the tenant {SLUG}");
            Ok(())
        })
        .await
}

/// Makes the tenant where it is missing. Returns whether it was.
pub async fn ensure_tenant(db: &Db, clock: &Clock) -> Result<(TenantId, bool), Failure> {
    if let Some(tenant) = tenants::find(db, SLUG).await? {
        return Ok((tenant.id, false));
    }
    let made = actions::create_tenant(db, NewTenant { slug: SLUG, name: "Demo" }, clock.now()).await?;
    match made {
        Some(id) => Ok((id, true)),
        // Another process was faster.
        None => Ok((tenants::find(db, SLUG).await?.ok_or("the tenant demo vanished")?.id, false)),
    }
}

/// Makes the tenant and fills it where it is missing.
pub async fn ensure_filled(db: &Db, clock: &Clock) -> Result<(), Failure> {
    let (tenant, is_new) = ensure_tenant(db, clock).await?;
    if is_new {
        actions::fill_demo(&db.tenant(tenant), clock.now(), TICKETS).await?;
    }
    Ok(())
}
