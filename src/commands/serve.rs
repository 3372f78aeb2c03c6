//! `tessera serve`.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::{Failure, database, demo, key, token};
use crate::actions::{self, NewTenant};
use crate::analysis::{Endpoint, Llm};
use crate::app::{App, Neighbours};
use crate::clock::Clock;
use crate::cluster::Cluster;
use crate::config::Config;
use crate::db::{Db, credentials, queue, tenants};
use crate::domain::credential::CredentialKind;
use crate::domain::id::{TenantId, TicketId};
use crate::http;
use crate::http::authorization::Authority;
use crate::queue::{Claimed, End, Registry};
use crate::storage::{Scanner, Storage};
use crate::{jobs, maintenance, telemetry};

/// How often a server looks whether its private database is still there: it brings back its own, and takes
/// over one whose owner has left.
const LOOK: Duration = Duration::from_secs(1);

/// Serves until SIGTERM or SIGINT.
pub async fn serve(config: Config) -> Result<(), Failure> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    // The key first: it makes the data directory as the cluster needs it.
    let authority = key::authority(&config)?;
    let neighbours = neighbours(&config)?;
    let listener = TcpListener::bind(config.listen)
        .await
        .map_err(|error| format!("cannot listen on {}: {error}", config.listen))?;
    let clock = Clock::default();
    let database = database::open(&config).await?;
    let own = database.cluster.is_some();
    if own {
        demo::ensure_filled(&database.db, &clock).await?;
    }
    let settings = database::settings(&config);
    let running = Running::start(
        database.db.clone(),
        config,
        clock.clone(),
        authority,
        listener,
        Registry::default(),
        neighbours,
    );
    if own {
        let token = token::for_first_agent(&database.db, &running.app.authority, &clock, demo::SLUG).await?;
        tracing::info!("try it: {}", example(running.address, &token));
    }
    eprintln!("listening on http://{}", running.address);
    let mut cluster = database.cluster;
    loop {
        tokio::select! {
            _ = terminate.recv() => break,
            _ = interrupt.recv() => break,
            () = tokio::time::sleep(LOOK), if cluster.is_some() => {
                let needs_us = |cluster: &Cluster| !cluster.is_owner() || cluster.has_ended();
                if cluster.as_ref().is_some_and(needs_us) {
                    match Cluster::start(&settings).await {
                        Ok(started) => cluster = Some(started),
                        Err(error) => tracing::warn!(%error, "the database is gone and does not start again yet"),
                    }
                }
            }
        }
    }
    tracing::info!("stopping: requests under way may end");
    running.stop().await;
    database.db.close().await;
    if let Some(cluster) = cluster {
        cluster.stop().await?;
    }
    Ok(())
}

/// A server at work.
#[derive(Debug)]
pub struct Running {
    /// Where it listens.
    pub address: SocketAddr,
    app: Arc<App>,
    stop: CancellationToken,
    server: JoinHandle<()>,
    workers: TaskTracker,
}

impl Running {
    fn start(
        db: Db,
        config: Config,
        clock: Clock,
        authority: Authority,
        listener: TcpListener,
        registry: Registry,
        neighbours: Neighbours,
    ) -> Self {
        telemetry::metrics();
        // A bound socket has an address.
        let address = listener.local_addr().unwrap_or(config.listen);
        let has_workers = config.workers > 0;
        let app = Arc::new(App::new(db, clock, config, authority, neighbours));
        app.queue.start(jobs::registry(&app).and(registry));
        let stop = CancellationToken::new();
        let workers = TaskTracker::new();
        if has_workers {
            workers.spawn(maintenance::run(app.clone(), stop.clone()));
        }
        workers.close();
        let server = tokio::spawn(http::serve(listener, http::router(app.clone()), stop.clone()));
        Self { address, app, stop, server, workers }
    }

    /// Starts a server on a database that is there and has its schema, with kinds of jobs of the caller's own,
    /// for tests.
    pub async fn on_with(config: Config, clock: Clock, registry: Registry) -> Result<Self, Failure> {
        let authority = key::authority(&config)?;
        let listener = TcpListener::bind(config.listen).await?;
        let database = database::open(&config).await?;
        let neighbours = neighbours(&config)?;
        Ok(Self::start(database.db, config, clock, authority, listener, registry, neighbours))
    }

    /// Makes a tenant with its defaults.
    pub async fn create_tenant(&self, slug: &str) -> Result<(), Failure> {
        let new = NewTenant { slug, name: slug };
        actions::create_tenant(&self.app.db, new, self.app.clock.now()).await?;
        Ok(())
    }

    /// Gives a program a LiveDesk key pair; the key and its secret.
    pub async fn create_api_key(&self, slug: &str, name: &str) -> Result<(String, String), Failure> {
        self.issue(slug, CredentialKind::ApiKey, name).await
    }

    /// Gives a program a SocialBoards refresh token; the client id and the token.
    pub async fn create_refresh_token(&self, slug: &str, name: &str) -> Result<(String, String), Failure> {
        self.issue(slug, CredentialKind::RefreshToken, name).await
    }

    /// Takes a LiveDesk key pair back.
    pub async fn revoke_api_key(&self, slug: &str, name: &str) -> Result<(), Failure> {
        self.revoke(slug, CredentialKind::ApiKey, name).await
    }

    /// Takes a SocialBoards refresh token back.
    pub async fn revoke_refresh_token(&self, slug: &str, name: &str) -> Result<(), Failure> {
        self.revoke(slug, CredentialKind::RefreshToken, name).await
    }

    async fn issue(&self, slug: &str, kind: CredentialKind, name: &str) -> Result<(String, String), Failure> {
        let mut tx = self.app.db.tenant(self.tenant(slug).await?).begin().await?;
        let issued = actions::issue_credential(&mut tx, kind, name, self.app.clock.now()).await?;
        let issued = issued.ok_or("there is one of this name")?;
        tx.commit().await?;
        Ok((issued.id, issued.secret))
    }

    async fn revoke(&self, slug: &str, kind: CredentialKind, name: &str) -> Result<(), Failure> {
        let mut tx = self.app.db.tenant(self.tenant(slug).await?).begin().await?;
        let id = credentials::revoke(&mut tx, kind, name, self.app.clock.now()).await?;
        tx.commit().await?;
        self.app.forget_program(kind, &id.ok_or("there is none of this name")?).await;
        Ok(())
    }

    /// Runs maintenance if it is time. Returns whether it was.
    pub async fn run_maintenance(&self) -> Result<bool, Failure> {
        Ok(maintenance::run_if_due(&self.app).await?)
    }

    /// Runs every job that is due, of one tenant or of all, until none is. Returns how many ran.
    pub async fn run_jobs(&self, slug: Option<&str>) -> Result<usize, Failure> {
        let tenant = match slug {
            Some(slug) => Some(self.tenant(slug).await?),
            None => None,
        };
        Ok(self.app.queue.drain(tenant).await?)
    }

    /// Runs a tenant's waiting job for a ticket, or waits for the one that runs. Returns whether it completed;
    /// `None` where there was none, or none any more.
    pub async fn run_job(&self, slug: &str, kind: &str, ticket: i64) -> Result<Option<bool>, Failure> {
        let tenant = self.tenant(slug).await?;
        Ok(match self.app.queue.run_now(tenant, kind, TicketId(ticket)).await? {
            End::Completed => Some(true),
            End::Failed => Some(false),
            End::Absent => None,
        })
    }

    /// Completes a job in a transaction of its tenant, as a handler may. Errors where its lease is lost.
    pub async fn complete(&self, job: &Claimed) -> Result<(), Failure> {
        let mut tx = self.app.db.tenant(job.subject.tenant).begin().await?;
        queue::complete(&mut tx, &job.lease, self.app.clock.now()).await?;
        Ok(tx.commit().await?)
    }

    /// Takes no more requests and no more jobs, and waits for those under way.
    pub async fn stop(self) {
        self.stop.cancel();
        self.app.queue.close();
        if let Err(error) = self.server.await {
            tracing::error!(%error, "the server's task failed");
        }
        // Requests may have waited for jobs.
        self.app.queue.stop().await;
        self.workers.wait().await;
    }

    async fn tenant(&self, slug: &str) -> Result<TenantId, Failure> {
        Ok(tenants::find(&self.app.db, slug).await?.ok_or("there is no such tenant")?.id)
    }
}

fn neighbours(config: &Config) -> Result<Neighbours, Failure> {
    let storage = Storage::open(config.storage_url.as_deref(), &config.data_dir)?;
    let scanner = config.upload_scanner.as_deref().map(Scanner::new).transpose()?;
    Ok(Neighbours { llm: llm(config)?, storage, scanner })
}

/// The `llm` engine, where an endpoint is configured.
fn llm(config: &Config) -> Result<Option<Llm>, Failure> {
    let Some(url) = config.llm_url.clone() else { return Ok(None) };
    let model = config.llm_model.clone().ok_or("TESSERA_LLM_URL needs TESSERA_LLM_MODEL")?;
    let (api_key, patience) = (config.llm_api_key.clone(), config.llm_timeout.0);
    let llm = Llm::new(Endpoint { url, model, api_key, patience });
    Ok(Some(llm.map_err(|error| format!("TESSERA_LLM_URL: {error}"))?))
}

fn example(address: SocketAddr, token: &str) -> String {
    let json =
        r#"{"channel":"email","from":"tom@example.com","subject":"Moving house","body":"I am moving."}"#;
    format!(
        "curl -s http://{address}/api/mind/ticket -H 'Authorization: Bearer {token}' \
         -H 'Content-Type: application/json' -d '{json}'"
    )
}
