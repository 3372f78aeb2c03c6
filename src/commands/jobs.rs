//! `tessera jobs`.

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::{Failure, database};
use crate::clock::Clock;
use crate::config::Config;
use crate::db::queue::{self, Filter, JobId, JobRow, Retried};
use crate::db::{Db, tenants};
use crate::domain::job::JobState;
use crate::domain::word::Word;

#[derive(Debug, Subcommand)]
pub enum Jobs {
    /// Print the newest jobs, newest first
    List {
        #[command(flatten)]
        of: Of,
        /// available, retryable, scheduled, running, completed, cancelled or discarded
        #[arg(long, value_parser = state)]
        state: Option<JobState>,
        /// The most that are printed
        #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=100_000))]
        limit: u32,
        /// As a JSON array
        #[arg(long)]
        json: bool,
    },
    /// Print a job with what went wrong
    Show {
        id: i64,
        #[command(flatten)]
        of: Of,
        /// As a JSON object
        #[arg(long)]
        json: bool,
    },
    /// Make a job due, with all its attempts before it again; also one that is finished
    Retry {
        id: i64,
        #[command(flatten)]
        of: Of,
    },
    /// End a job; one that is running is stopped within seconds, and what it does meanwhile does not count
    Cancel {
        id: i64,
        #[command(flatten)]
        of: Of,
    },
}

#[derive(Debug, Args)]
pub struct Of {
    /// Only of this tenant
    #[arg(long, value_name = "SLUG")]
    tenant: Option<String>,
}

/// Runs one of them.
pub async fn jobs(config: Config, command: Jobs) -> Result<(), Failure> {
    let clock = Clock::default();
    database::open(&config).await?.with(async |db| run(db, &clock, command).await).await
}

async fn run(db: &Db, clock: &Clock, command: Jobs) -> Result<(), Failure> {
    let of = match &command {
        Jobs::List { of, .. } | Jobs::Show { of, .. } | Jobs::Retry { of, .. } | Jobs::Cancel { of, .. } => {
            of
        }
    };
    if let Some(slug) = &of.tenant
        && tenants::find(db, slug).await?.is_none()
    {
        return Err(format!("there is no tenant {slug}").into());
    }
    match command {
        Jobs::List { of, state, limit, json } => {
            let filter = Filter { job: None, tenant: of.tenant, state };
            list(db, &filter, limit, json).await
        }
        Jobs::Show { id, of, json } => {
            let job = queue::show(db, JobId(id), of.tenant.as_deref()).await?;
            show(&job.ok_or_else(|| unknown(id))?, json)
        }
        Jobs::Retry { id, of } => {
            match queue::retry(db, JobId(id), of.tenant.as_deref(), clock.now()).await? {
                Retried::Waits => Ok(()),
                Retried::Joined(other) => {
                    eprintln!("the job {other} waits for the same already and covers it");
                    Ok(())
                }
                Retried::Running => Err(format!("the job {id} is running").into()),
                Retried::Unknown => Err(unknown(id)),
            }
        }
        Jobs::Cancel { id, of } => {
            let tenant = of.tenant.as_deref();
            if queue::cancel(db, JobId(id), tenant, clock.now()).await? {
                return Ok(());
            }
            match queue::show(db, JobId(id), tenant).await? {
                Some(job) => Err(format!("the job {id} is {} already", job.state.as_str()).into()),
                None => Err(unknown(id)),
            }
        }
    }
}

async fn list(db: &Db, filter: &Filter, limit: u32, as_json: bool) -> Result<(), Failure> {
    // One more, to know whether there are more.
    let mut jobs = queue::list(db, filter, i64::from(limit) + 1).await?;
    let more = u32::try_from(jobs.len()).is_ok_and(|count| count > limit);
    jobs.truncate(usize::try_from(limit)?);
    if as_json {
        let jobs: Vec<Value> = jobs.iter().map(document).collect();
        println!("{}", serde_json::to_string_pretty(&jobs)?);
    } else {
        println!("id\ttenant\tkind\tticket\tstate\tlane\tattempt\tscheduled_at\terror");
        for job in &jobs {
            let error = last_error(job).lines().next().unwrap_or_default().replace('\t', " ");
            println!(
                "{}\t{}\t{}\t{}\t{}\t{}\t{}/{}\t{}\t{error}",
                job.id,
                job.tenant,
                job.kind,
                job.ticket,
                job.state.as_str(),
                job.lane.as_str(),
                job.attempt,
                job.max_attempts,
                job.scheduled_at,
            );
        }
    }
    if more {
        eprintln!("there are more jobs than these {limit}: see --limit");
    }
    Ok(())
}

fn show(job: &JobRow, as_json: bool) -> Result<(), Failure> {
    let document = document(job);
    if as_json {
        println!("{}", serde_json::to_string_pretty(&document)?);
        return Ok(());
    }
    for (name, value) in document.as_object().into_iter().flatten().filter(|(name, _)| *name != "errors") {
        let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        println!("{name}: {value}");
    }
    for error in job.errors.as_array().into_iter().flatten() {
        let text = error["error"].as_str().unwrap_or_default();
        println!("error in attempt {} at {}: {text}", error["attempt"], error["at"].as_str().unwrap_or("?"));
    }
    Ok(())
}

fn document(job: &JobRow) -> Value {
    json!({
        "id": job.id.0,
        "tenant": job.tenant,
        "kind": job.kind,
        "ticket": job.ticket.0,
        "scope": job.scope,
        "lane": job.lane.as_str(),
        "state": job.state.as_str(),
        "attempt": job.attempt,
        "max_attempts": job.max_attempts,
        "created_at": job.created_at.to_string(),
        "scheduled_at": job.scheduled_at.to_string(),
        "attempted_at": job.attempted_at.map(|at| at.to_string()),
        "finalized_at": job.finalized_at.map(|at| at.to_string()),
        "errors": job.errors,
    })
}

fn last_error(job: &JobRow) -> &str {
    let last = job.errors.as_array().and_then(|errors| errors.last());
    last.and_then(|error| error["error"].as_str()).unwrap_or_default()
}

fn state(word: &str) -> Result<JobState, String> {
    JobState::parse(word).ok_or_else(|| format!("a job is {}", JobState::choices()))
}

fn unknown(id: i64) -> Failure {
    format!("there is no job {id}").into()
}
