//! A group of people who work on tickets.

use crate::domain::id::TeamId;

/// A team.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Team {
    pub id: TeamId,
    /// Unique within the tenant.
    pub name: String,
}
