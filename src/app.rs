//! What handlers share. No behaviour but keeping what was looked up a moment ago.

use std::sync::Arc;
use std::time::Duration;

use moka::future::Cache;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::actions;
use crate::analysis::Llm;
use crate::clock::Clock;
use crate::config::Config;
use crate::db::credentials::{self, Holder, Program};
use crate::db::{Db, TenantDb};
use crate::domain::credential::CredentialKind;
use crate::domain::id::{AgentId, TenantId, TicketId};
use crate::domain::settings::Settings;
use crate::error::Error;
use crate::http::authorization::Authority;
use crate::http::slots::Slots;
use crate::jobs::analyze_ticket;
use crate::maintenance::Workers;
use crate::pipeline::matter::prepared::Prepared;
use crate::queue::{End, Queue};
use crate::storage::{Scanner, Storage};

/// How long another process's change of a credential or a setting may go unnoticed here: less than
/// the 5 s that are promised.
const REMEMBERED: Duration = Duration::from_secs(4);

/// The longest key, client id or slug that is looked for.
const MAX_ID_BYTES: usize = 255;
const UNKNOWN_PROGRAM: Error = Error::Unauthenticated("no such key or a wrong secret");

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
    /// The `llm` engine; `None` where no endpoint is configured.
    pub llm: Option<Arc<Llm>>,
    /// The bytes of uploads.
    pub storage: Storage,
    /// `None` where uploads are not scanned.
    pub scanner: Option<Scanner>,
    /// The uploads under way.
    pub uploads: Slots,
    holders: Cache<(String, Option<AgentId>), Arc<Holder>>,
    programs: Cache<(CredentialKind, String), Arc<Program>>,
    settings: Cache<TenantId, Arc<Settings>>,
    catalogues: Cache<TenantId, Arc<Prepared>>,
}

/// What the server works with besides its database.
#[derive(Debug)]
pub struct Neighbours {
    pub llm: Option<Llm>,
    pub storage: Storage,
    pub scanner: Option<Scanner>,
}

impl App {
    /// Puts the parts together.
    pub fn new(db: Db, clock: Clock, config: Config, authority: Authority, neighbours: Neighbours) -> Self {
        let holders = Cache::builder().max_capacity(10_000).time_to_live(REMEMBERED).build();
        let programs = Cache::builder().max_capacity(10_000).time_to_live(REMEMBERED).build();
        let settings = Cache::builder().max_capacity(10_000).time_to_live(REMEMBERED).build();
        let catalogues = Cache::builder().max_capacity(1_000).time_to_live(REMEMBERED).build();
        let Neighbours { llm, storage, scanner } = neighbours;
        let llm = llm.map(Arc::new);
        let uploads = Slots::new(config.max_uploads);
        let queue = Queue::new(db.clone(), clock.clone(), config.workers);
        Self {
            db,
            clock,
            config,
            authority,
            workers: Workers::default(),
            queue,
            llm,
            storage,
            scanner,
            uploads,
            holders,
            programs,
            settings,
            catalogues,
        }
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

    /// The program behind a key or client id and its secret. Errors with 401 for an unknown one and a wrong secret
    /// alike, after the same work.
    pub async fn program(&self, kind: CredentialKind, id: &str, secret: &str) -> Result<Arc<Program>, Error> {
        let hash: [u8; 32] = Sha256::digest(secret).into();
        let matches = |program: &Program| bool::from(program.secret_hash.ct_eq(&hash));
        let known = self.programs.get(&(kind, id.to_owned())).await;
        if let Some(program) = known.filter(|program| matches(program)) {
            return Ok(program);
        }
        let found = credentials::find_program(&self.db, kind, storable(id)).await?;
        let is_right = match &found {
            Some(program) => matches(program),
            // Compared for the time that it takes; nobody knows what hashes to zeros.
            None => bool::from(hash.ct_eq(&[0; 32])),
        };
        let program = found.filter(|_| is_right).ok_or(UNKNOWN_PROGRAM)?;
        self.admit(kind, program).await
    }

    /// The program behind a client id that a token of our own vouches for. Errors with 401 where it does not count
    /// any more.
    pub async fn signed_program(&self, kind: CredentialKind, id: &str) -> Result<Arc<Program>, Error> {
        if let Some(program) = self.programs.get(&(kind, id.to_owned())).await {
            return Ok(program);
        }
        let found = credentials::find_program(&self.db, kind, storable(id)).await?;
        self.admit(kind, found.ok_or(UNKNOWN_PROGRAM)?).await
    }

    /// The program behind a tenant's secret alone. Errors with 401 for an unknown one.
    pub async fn program_of(
        &self,
        kind: CredentialKind,
        slug: &str,
        secret: &str,
    ) -> Result<Arc<Program>, Error> {
        let hash: [u8; 32] = Sha256::digest(secret).into();
        let found = credentials::find_program_by_secret(&self.db, kind, storable(slug), &hash).await?;
        self.admit(kind, found.ok_or(UNKNOWN_PROGRAM)?).await
    }

    async fn admit(&self, kind: CredentialKind, program: Program) -> Result<Arc<Program>, Error> {
        let now = self.clock.now();
        if !program.is_noted(now) {
            credentials::note_use(&self.db, kind, &program, now).await?;
        }
        let program = Arc::new(program);
        self.programs.insert((kind, program.id.clone()), program.clone()).await;
        Ok(program)
    }

    /// Forgets a program whose credential has just been revoked.
    pub async fn forget_program(&self, kind: CredentialKind, id: &str) {
        self.programs.invalidate(&(kind, id.to_owned())).await;
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

    /// What a tenant looks for in its messages.
    pub async fn catalogue(&self, tenant: TenantId) -> Result<Arc<Prepared>, Error> {
        if let Some(catalogue) = self.catalogues.get(&tenant).await {
            return Ok(catalogue);
        }
        let db: TenantDb = self.db.tenant(tenant);
        let catalogue = Arc::new(actions::load_catalogue(&mut db.connect().await?).await?);
        self.catalogues.insert(tenant, catalogue.clone()).await;
        Ok(catalogue)
    }

    /// Forgets what a tenant looks for, which has just changed.
    pub async fn forget_catalogue(&self, tenant: TenantId) {
        self.catalogues.invalidate(&tenant).await;
    }

    /// Waits for the analysis that was asked for of a ticket, and works it here where nobody does yet. Returns
    /// whether it is done; else it goes on in the background: it took too long, or failed.
    pub async fn analyse_now(&self, tenant: TenantId, ticket: TicketId) -> bool {
        let run = self.queue.run_now(tenant, analyze_ticket::KIND, ticket);
        match tokio::time::timeout(self.config.realtime_deadline.0, run).await {
            Ok(Ok(end)) => end != End::Failed,
            Ok(Err(error)) => {
                tracing::warn!(%error, ticket.id = ticket.0, "a ticket is analysed later");
                false
            }
            Err(_) => false,
        }
    }

    /// Forgets a tenant's settings, which have just changed.
    pub async fn forget_settings(&self, tenant: TenantId) {
        self.settings.invalidate(&tenant).await;
    }
}

/// What is certainly no credential is looked for as an empty text, so that it takes as long.
fn storable(id: &str) -> &str {
    let fits = id.len() <= MAX_ID_BYTES && id.bytes().all(|byte| byte.is_ascii_graphic());
    if fits { id } else { "" }
}
