//! Messages on tickets. Their answers are not wrapped in an envelope.

pub mod create;
