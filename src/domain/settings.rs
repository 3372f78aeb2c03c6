//! What a tenant can set for itself.

use jiff::tz::TimeZone;
use std::collections::BTreeSet;

use crate::domain::business_hours::{Calendar, Week};

/// A tenant's settings, the defaults where it set nothing.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// Zone, business hours and holidays. Instants without a zone are read and written in its zone.
    pub calendar: Calendar,
    /// Business hours until a new ticket needs its first answer; `None`: no such date is set.
    pub first_response_hours: Option<f64>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            calendar: Calendar { zone: TimeZone::UTC, week: Week::office(), holidays: BTreeSet::new() },
            first_response_hours: None,
        }
    }
}
