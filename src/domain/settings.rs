//! What a tenant can set for itself.

use jiff::tz::TimeZone;
use std::collections::BTreeSet;

use crate::domain::analysis::EngineName;
use crate::domain::business_hours::{Calendar, Week};
use crate::domain::custom_field::{Category, CustomField};
use crate::domain::id::TagId;

/// A tenant's settings, the defaults where it set nothing.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// Zone, business hours and holidays. Instants without a zone are read and written in its zone.
    pub calendar: Calendar,
    /// Business hours until a new ticket needs its first answer; `None`: no such date is set.
    pub first_response_hours: Option<f64>,
    /// Whether attachments may be elsewhere than among the tenant's uploads.
    pub foreign_attachments: bool,
    pub analysis: AnalysisSettings,
    /// The fields that the tenant defines, in its order.
    pub custom_fields: Vec<CustomField>,
    pub categories: Vec<Category>,
    /// Whether a tag that a partner calls by a name that there is not comes into being.
    pub create_unknown_tags: bool,
    /// Whether the first version of SocialBoards' credentials counts.
    pub socialboards_v1: bool,
}

/// What a tenant decides about analysis.
#[derive(Debug, Clone, PartialEq)]
pub struct AnalysisSettings {
    /// Who reads the messages.
    pub engine: EngineName,
    /// The languages to tell apart, as ISO 639-1 codes.
    pub languages: Vec<String>,
    /// Whether AI agents look for intents.
    pub agents: bool,
    /// A ticket with one of these tags is spam, whatever its column says.
    pub spam_tag_ids: Vec<TagId>,
    pub auto_processing: AutoProcessing,
}

/// Whether and when an intent is carried out without a person (enneo Mind, auto-processing).
#[derive(Debug, Clone, Default, PartialEq)]
pub struct AutoProcessing {
    pub enabled: bool,
    /// The AI agents whose intents are carried out by themselves.
    pub immediate_agent_ids: Vec<i64>,
    /// Hours between analysis and execution; `None`: none.
    pub delay_hours: Option<f64>,
}

impl Default for AnalysisSettings {
    fn default() -> Self {
        Self {
            engine: EngineName::Local,
            languages: LANGUAGES.map(str::to_owned).to_vec(),
            agents: true,
            spam_tag_ids: Vec::new(),
            auto_processing: AutoProcessing::default(),
        }
    }
}

/// The languages that analysis knows, as ISO 639-1 codes.
pub const LANGUAGES: [&str; 8] = ["de", "en", "fr", "nl", "pl", "tr", "it", "es"];

impl Default for Settings {
    fn default() -> Self {
        Self {
            calendar: Calendar { zone: TimeZone::UTC, week: Week::office(), holidays: BTreeSet::new() },
            first_response_hours: None,
            foreign_attachments: true,
            analysis: AnalysisSettings::default(),
            custom_fields: Vec::new(),
            categories: Vec::new(),
            create_unknown_tags: false,
            socialboards_v1: false,
        }
    }
}
