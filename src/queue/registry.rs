//! Who works which kind of job, and what comes of an attempt.

use std::collections::BTreeMap;
use std::error::Error as _;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use crate::db::queue::Claimed;
use crate::error::Error;

/// How an attempt ends well.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Done; the queue writes so.
    Completed,
    /// Done, and written so in the job's own transaction by [`crate::db::queue::complete`].
    Settled,
}

/// How an attempt ends otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JobError {
    /// Failed: tried again later, unless it was the last attempt.
    Retry(String),
    /// Not yet: again after this time, and the attempt does not count.
    Snooze(Duration),
    /// Failed, and another attempt could not do better.
    Discard(String),
}

impl<E: Into<Error>> From<E> for JobError {
    /// What is wrong with the job itself stays wrong; what is wrong with the world may pass.
    fn from(error: E) -> Self {
        let error = error.into();
        let text = match error.source() {
            Some(cause) => format!("{error}: {cause}"),
            None => error.to_string(),
        };
        if error.status().is_server_error() { Self::Retry(text) } else { Self::Discard(text) }
    }
}

type Attempt = Pin<Box<dyn Future<Output = Result<Outcome, JobError>> + Send>>;
type Handler = Arc<dyn Fn(Claimed) -> Attempt + Send + Sync>;

/// Who works which kind of job. Jobs of other kinds are left alone: they may be a newer version's.
#[derive(Clone, Default)]
pub struct Registry(BTreeMap<String, Handler>);

impl Registry {
    /// The same with a handler for a kind. It may run more than once for the same job, and at the same time as
    /// another job for the same ticket.
    #[must_use]
    pub fn with<W>(mut self, kind: &str, handler: impl Fn(Claimed) -> W + Send + Sync + 'static) -> Self
    where
        W: Future<Output = Result<Outcome, JobError>> + Send + 'static,
    {
        let handler: Handler = Arc::new(move |job| Box::pin(handler(job)));
        self.0.insert(kind.to_owned(), handler);
        self
    }

    /// The same with the handlers of another, which win.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.0.extend(other.0);
        self
    }

    /// The kinds that have a handler.
    pub(super) fn kinds(&self) -> Vec<String> {
        self.0.keys().cloned().collect()
    }

    pub(super) fn handler(&self, kind: &str) -> Option<Handler> {
        self.0.get(kind).cloned()
    }
}

impl fmt::Debug for Registry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}
