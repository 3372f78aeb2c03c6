//! What became of an analysis that a request gave cause to: the header `Tessera-Processing`.

use axum::response::AppendHeaders;

/// Where the analysis stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Processing {
    /// The answer holds what it found.
    Done,
    /// It goes on in the background.
    Queued,
    /// It waits until a person opens the ticket.
    Deferred,
}

impl Processing {
    /// Of an analysis that was waited for.
    pub fn of(done: bool) -> Self {
        if done { Self::Done } else { Self::Queued }
    }

    /// The header; none where a request gave no cause to an analysis.
    pub fn header(processing: Option<Self>) -> AppendHeaders<Option<(&'static str, &'static str)>> {
        AppendHeaders(processing.map(|processing| {
            let word = match processing {
                Self::Done => "done",
                Self::Queued => "queued",
                Self::Deferred => "deferred",
            };
            ("tessera-processing", word)
        }))
    }
}
