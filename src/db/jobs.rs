//! The job table: what is written down. The statements that write it are those of the change that asks for
//! the work, in [`super::tickets`].

/// A job to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewJob {
    pub kind: &'static str,
    /// Which parts of the work are asked for.
    pub scope: Vec<&'static str>,
    pub lane: &'static str,
    pub max_attempts: i32,
}
