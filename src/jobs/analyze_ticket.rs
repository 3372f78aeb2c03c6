//! Understanding a ticket: language, sentiment, summary, spam, customer, tags and intents.

use std::time::Duration;

use tokio::runtime::Handle;
use tokio::task::spawn_blocking;

use crate::actions::{self, Recorded};
use crate::analysis::{self, Directory, Engine, Run};
use crate::app::AppState;
use crate::db::queue::{self, Claimed, NewJob};
use crate::db::ticket_view::{self, Look};
use crate::db::{TenantDb, analysis as stored};
use crate::domain::analysis::{Plan, Scope};
use crate::domain::directory::{Entry, Key};
use crate::domain::job::Lane;
use crate::domain::word::Word;
use crate::error::Error;
use crate::pipeline::customer::MAX_PER_KEY;
use crate::queue::{JobError, Outcome};

/// The job's kind in the table.
pub const KIND: &str = "analyze_ticket";
/// How often it is tried.
const MAX_ATTEMPTS: i32 = 10;
/// How often a run is repeated because the message changed meanwhile.
const RUNS: u32 = 5;

/// Somebody waits for the result.
pub fn now() -> NewJob {
    job(Scope::Message, Lane::Interactive)
}

/// Nobody waits for it.
pub fn soon() -> NewJob {
    job(Scope::Message, Lane::Background)
}

/// A person asked for a part of it again.
pub fn again(scope: Scope) -> NewJob {
    job(scope, Lane::Interactive)
}

fn job(scope: Scope, lane: Lane) -> NewJob {
    NewJob { kind: KIND, scope: vec![scope.as_str()], lane, max_attempts: MAX_ATTEMPTS }
}

/// Reads the ticket, runs the stages without holding a connection, and writes what they found together with the
/// job's end.
pub async fn run(app: AppState, job: Claimed) -> Result<Outcome, JobError> {
    let tenant = job.subject.tenant;
    let id = job.subject.ticket;
    let db = app.db.tenant(tenant);
    let scopes: Vec<Scope> = job.scope.iter().filter_map(|word| Scope::parse(word)).collect();
    let plan = Plan::new(&scopes);
    for _ in 0..RUNS {
        let now = app.clock.now();
        let look =
            Look { raw_data: true, customer: false, intents: false, private_tags: true, active_since: now };
        let mut connection = db.connect().await?;
        let Some(view) = ticket_view::get(&mut connection, id, look).await? else {
            // It was deleted; there is nothing to do.
            return Ok(Outcome::Completed);
        };
        let has_incoming_reply = stored::has_incoming_reply(&mut connection, id).await?;
        drop(connection);
        let settings = app.settings(tenant).await?;
        let catalogue = app.catalogue(tenant).await?;
        let (directory, llm) = (Known(db.clone()), app.llm.clone());
        let (ticket, plan_of_run, settings_of_run) = (view.ticket, plan.clone(), settings.clone());
        // The stages take the processor for milliseconds, and the first run loads the models.
        let work = spawn_blocking(move || {
            let run = Run {
                ticket: &ticket,
                tag_ids: &view.tag_ids,
                has_incoming_reply,
                plan: &plan_of_run,
                catalogue: &catalogue,
                settings: &settings_of_run.analysis,
                zone: &settings_of_run.calendar.zone,
                llm: llm.as_deref().map(|llm| llm as &dyn Engine),
                now,
            };
            let findings = Handle::current().block_on(analysis::analyse(&run, &directory));
            findings.map(|findings| (ticket, findings))
        });
        let (ticket, findings) = work.await.map_err(|error| JobError::Retry(error.to_string()))??;
        let now = app.clock.now();
        let mut tx = db.begin().await?;
        let recorded = actions::record_findings(&mut tx, &settings, &ticket, &plan, findings, now).await?;
        if recorded == Recorded::Outdated {
            continue;
        }
        queue::complete(&mut tx, &job.lease, now).await?;
        tx.commit().await?;
        return Ok(Outcome::Settled);
    }
    Err(JobError::Snooze(Duration::from_secs(1)))
}

/// The tenant's directory.
struct Known(TenantDb);

impl Directory for Known {
    type Error = Error;

    async fn find(&self, keys: &[Key]) -> Result<Vec<Entry>, Error> {
        if keys.is_empty() {
            return Ok(Vec::new());
        }
        stored::find(&mut self.0.connect().await?, keys, MAX_PER_KEY).await
    }
}
