//! The kinds of background work, one a file.

pub mod analyze_ticket;
