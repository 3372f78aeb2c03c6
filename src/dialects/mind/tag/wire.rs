//! The tag that Mind's clients read.

use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use serde_json::Number;
use utoipa::ToSchema;

use crate::dialects::mind::moment;
use crate::dialects::mind::stored::Stored;
use crate::domain::tag::{self, DetectionType};
use crate::domain::ticket::Document;
use crate::domain::word::Word;

/// A tag.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Tag {
    #[schema(example = 123)]
    pub id: i64,
    #[schema(example = "Complaint")]
    pub name: String,
    /// With the parents' names.
    #[schema(example = "Second Level: Complaint")]
    pub full_name: String,
    /// The parent's id.
    pub parent: Option<i64>,
    /// `ticket`, `contract` or `customer`.
    #[schema(example = "ticket")]
    pub reference: &'static str,
    /// `skill`, `product`, `brand`, `customerProperty`, `contractProperty` or `other`.
    #[schema(example = "skill")]
    pub r#type: &'static str,
    /// `public`, `private` or `disabled`.
    #[schema(example = "public")]
    pub visibility: &'static str,
    /// `grey`, `green`, `red`, `blue`, `yellow`, `purple`, `orange` or `teal`.
    #[schema(example = "grey")]
    pub color: &'static str,
    /// Known: `defaultSkill`.
    pub properties: Vec<String>,
    #[schema(example = "moderate")]
    pub complexity: String,
    /// Business hours until a ticket with this tag is due; null: no due date.
    #[schema(value_type = Option<f64>, example = 8)]
    pub sla: Option<Number>,
    /// What it makes of a ticket's priority: `do-not-change`, `low`, `medium`, `high` or `urgent`.
    #[schema(example = "do-not-change")]
    pub priority: &'static str,
    /// Only for tickets of these channels; empty: for all.
    pub channels: Vec<String>,
    /// Only for tickets of these subchannels; empty: for all.
    pub subchannels: Vec<i64>,
    pub routing_relevance: bool,
    /// How it is found.
    #[schema(value_type = Object)]
    pub detection_details: Stored,
    /// How it is found, for display: derived from the members above.
    pub assignment: Vec<&'static str>,
    #[schema(value_type = Object)]
    pub test_case: Stored,
    /// Who changed it last.
    pub modified_by: Option<String>,
    /// `YYYY-MM-DD HH:MM:SS` in the tenant's time zone.
    #[schema(example = "2024-08-29 14:38:12")]
    pub modified_at: String,
}

/// What of a tag's details says how it is shown.
#[derive(Deserialize)]
struct Detection {
    r#type: String,
}

impl Tag {
    /// Words a tag.
    pub fn new(tag: tag::Tag, zone: &TimeZone) -> Self {
        let kind = serde_json::from_str::<Detection>(&tag.detection_details).ok();
        let kind = kind.and_then(|detection| DetectionType::parse(&detection.r#type));
        let assignment = assignment(kind, !tag.channels.is_empty(), !tag.subchannel_ids.is_empty());
        Self {
            id: tag.id.0,
            name: tag.name,
            full_name: tag.full_name,
            parent: tag.parent_id.map(|id| id.0),
            reference: tag.reference.as_str(),
            r#type: tag.r#type.as_str(),
            visibility: tag.visibility.as_str(),
            color: tag.color.as_str(),
            properties: tag.properties,
            complexity: tag.complexity,
            sla: tag.sla_hours.and_then(number),
            priority: tag.priority.as_str(),
            channels: tag.channels,
            subchannels: tag.subchannel_ids,
            routing_relevance: tag.routing_relevance,
            detection_details: Stored(Document(tag.detection_details)),
            assignment,
            test_case: Stored(Document(tag.test_case)),
            modified_by: tag.modified_by,
            modified_at: moment::local(zone, tag.modified_at),
        }
    }
}

/// A whole number of hours is written without a fraction. Returns `None` for what JSON cannot write.
#[expect(clippy::cast_possible_truncation, reason = "hours are 0 to 10000")]
fn number(hours: f64) -> Option<Number> {
    if hours.fract() == 0.0 { Some((hours as i64).into()) } else { Number::from_f64(hours) }
}

/// How a tag finds its tickets, in the words of the reference.
fn assignment(kind: Option<DetectionType>, channels: bool, subchannels: bool) -> Vec<&'static str> {
    let (ai, conditions) = match kind {
        Some(DetectionType::AiDetection) => (true, false),
        Some(DetectionType::ConditionDetection) => (false, true),
        Some(DetectionType::AiAndConditionDetection | DetectionType::AiOrConditionDetection) => (true, true),
        Some(DetectionType::CustomLogic) => return vec!["assignByCustomLogic"],
        Some(DetectionType::ManualAssignment) | None => return Vec::new(),
    };
    let shown = [
        (ai, "assignByAI"),
        (channels, "assignByChannel"),
        (subchannels, "assignBySubchannel"),
        (conditions, "assignByTicketProperty"),
    ];
    shown.into_iter().filter_map(|(is, word)| is.then_some(word)).collect()
}
