//! What handlers share. No behaviour but keeping what was looked up a moment ago.

use std::sync::Arc;
use std::time::Duration;

use moka::future::Cache;

use crate::actions;
use crate::clock::Clock;
use crate::config::Config;
use crate::db::credentials::{self, Holder};
use crate::db::{Db, TenantDb};
use crate::domain::id::{AgentId, TenantId};
use crate::domain::settings::Settings;
use crate::error::Error;
use crate::http::authorization::Authority;
use crate::maintenance::Workers;
use crate::queue::Queue;

/// How long another process's change of a credential or a setting may go unnoticed here: less than
/// the 5 s that are promised.
const REMEMBERED: Duration = Duration::from_secs(4);

/// A shared [`App`].
pub type AppState = Arc<App>;

/// What handlers share.
#[derive(Debug)]
pub struct App {
    pub db: Db,
    pub clock: Clock,
    pub config: Config,
    pub authority: Authority,
    /// This process's background tasks.
    pub workers: Workers,
    pub queue: Queue,
    holders: Cache<(String, Option<AgentId>), Arc<Holder>>,
    settings: Cache<TenantId, Arc<Settings>>,
}

impl App {
    /// Puts the parts together.
    pub fn new(db: Db, clock: Clock, config: Config, authority: Authority) -> Self {
        let holders = Cache::builder().max_capacity(10_000).time_to_live(REMEMBERED).build();
        let settings = Cache::builder().max_capacity(10_000).time_to_live(REMEMBERED).build();
        let queue = Queue::new(db.clone(), clock.clone(), config.workers);
        Self { db, clock, config, authority, workers: Workers::default(), queue, holders, settings }
    }

    /// Whom a verified token speaks for. Errors with 401 where the tenant is unknown or disabled, or
    /// the person unknown or deleted.
    pub async fn holder(&self, slug: &str, agent: Option<AgentId>) -> Result<Arc<Holder>, Error> {
        let key = (slug.to_owned(), agent);
        if let Some(holder) = self.holders.get(&key).await {
            return Ok(holder);
        }
        let found = credentials::find(&self.db, slug, agent, self.clock.now()).await?;
        let holder = found.map(Arc::new).ok_or(Error::Unauthenticated("its tenant or agent is not there"))?;
        self.holders.insert(key, holder.clone()).await;
        Ok(holder)
    }

    /// A tenant's settings.
    pub async fn settings(&self, tenant: TenantId) -> Result<Arc<Settings>, Error> {
        if let Some(settings) = self.settings.get(&tenant).await {
            return Ok(settings);
        }
        let db: TenantDb = self.db.tenant(tenant);
        let settings = Arc::new(actions::load_settings(&mut db.connect().await?).await?);
        self.settings.insert(tenant, settings.clone()).await;
        Ok(settings)
    }

    /// Forgets a tenant's settings, which have just changed.
    pub async fn forget_settings(&self, tenant: TenantId) {
        self.settings.invalidate(&tenant).await;
    }
}
