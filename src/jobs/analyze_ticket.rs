//! Understanding a ticket: language, sentiment, summary, spam, customer, tags and intents.

use crate::db::queue::NewJob;
use crate::domain::analysis::RefreshMode;
use crate::domain::job::Lane;
use crate::domain::word::Word;

/// The job's kind in the table.
const KIND: &str = "analyze_ticket";
/// How often it is tried.
const MAX_ATTEMPTS: i32 = 5;

/// Somebody waits for the result.
pub fn now() -> NewJob {
    job(RefreshMode::Full, Lane::Interactive)
}

/// Nobody waits for it.
pub fn soon() -> NewJob {
    job(RefreshMode::Full, Lane::Background)
}

/// A person asked for a part of it again.
pub fn again(mode: RefreshMode) -> NewJob {
    job(mode, Lane::Interactive)
}

fn job(mode: RefreshMode, lane: Lane) -> NewJob {
    NewJob { kind: KIND, scope: vec![mode.as_str()], lane, max_attempts: MAX_ATTEMPTS }
}
