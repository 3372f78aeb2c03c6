//! The queue's tables: `job` holds what waits and what runs, `job_history` what is finished. Across tenants,
//! by necessity. A job comes into being in the statement of the change that asks for it, in
//! [`super::tickets`].

mod admin;
mod claim;
mod lease;
mod settle;
mod wake;

use std::fmt;

use jiff::Timestamp;
use uuid::Uuid;

pub use admin::{Filter, JobRow, Retried, cancel, list, prune, retry, show};
pub use claim::{Cursor, Due, Known, Share, claim, claim_ticket, depth, due};
pub use lease::{announce, extend, is_missing_one, lapsed, leave, state, ticket_job};
pub use settle::{Back, Finish, complete, finish, give_back};
pub use wake::{Alarm, Enqueued, Listener, notify};

use crate::domain::id::{TenantId, TicketId};
use crate::domain::job::Lane;

/// A job to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewJob {
    pub kind: &'static str,
    /// Which parts of the work are asked for.
    pub scope: Vec<&'static str>,
    pub lane: Lane,
    pub max_attempts: i32,
}

/// A job's number; one sequence for all tenants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct JobId(pub i64);

impl fmt::Display for JobId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The right to work a job, until it lapses and somebody else takes the job over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Lease {
    pub tenant: TenantId,
    pub job: JobId,
    token: Uuid,
}

#[cfg(test)]
impl Lease {
    /// A lease that nobody gave.
    pub fn of_test(tenant: TenantId, job: JobId) -> Self {
        Self { tenant, job, token: Uuid::nil() }
    }
}

/// What a job is about: at most one waits for each, and another request joins it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Subject {
    pub tenant: TenantId,
    pub kind: String,
    pub ticket: TicketId,
}

/// A job that was claimed.
#[derive(Debug, Clone)]
pub struct Claimed {
    pub lease: Lease,
    pub subject: Subject,
    /// Which parts of the work are asked for.
    pub scope: Vec<String>,
    pub lane: Lane,
    /// 1 for the first.
    pub attempt: i32,
    pub max_attempts: i32,
    pub scheduled_at: Timestamp,
    pub created_at: Timestamp,
}
