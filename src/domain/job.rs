//! The words of the queue (river's).

use crate::domain::word::words;

words! {
    /// How urgent a job is; the first is the fastest.
    Lane("lane") {
        /// Somebody waits for the result.
        Interactive = "interactive",
        Background = "background",
        Maintenance = "maintenance",
    }
    /// Where a job is in its life.
    JobState("state") {
        Available = "available",
        /// Failed, and tried again later.
        Retryable = "retryable",
        /// Not before its time.
        Scheduled = "scheduled",
        Running = "running",
        Completed = "completed",
        /// Ended by an administrator.
        Cancelled = "cancelled",
        /// Failed for good.
        Discarded = "discarded",
    }
}
