//! User groups: teams.

pub mod list;
