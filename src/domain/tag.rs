//! Tags: what a ticket is about, what that makes of its priority and of its due date.

use jiff::Timestamp;

use crate::domain::id::TagId;
use crate::domain::ticket::Priority;
use crate::domain::word::words;

words! {
    /// What a tag is put on.
    TagReference("reference") {
        Ticket = "ticket",
        Contract = "contract",
        Customer = "customer",
    }
    /// What a tag says.
    TagType("type") {
        Skill = "skill",
        Product = "product",
        Brand = "brand",
        CustomerProperty = "customerProperty",
        ContractProperty = "contractProperty",
        Other = "other",
    }
    /// Who sees a tag. A child of a hidden tag is hidden too.
    Visibility("visibility") {
        Public = "public",
        /// Only for people who may see private tags.
        Private = "private",
        Disabled = "disabled",
    }
    Color("color") {
        Grey = "grey",
        Green = "green",
        Red = "red",
        Blue = "blue",
        Yellow = "yellow",
        Purple = "purple",
        Orange = "orange",
        Teal = "teal",
    }
    /// What a tag makes of a ticket's priority.
    TagPriority("priority") {
        DoNotChange = "do-not-change",
        Low = "low",
        Medium = "medium",
        High = "high",
        Urgent = "urgent",
    }
    /// How a tag finds its tickets.
    DetectionType("detection type") {
        ManualAssignment = "manualAssignment",
        AiDetection = "aiDetection",
        ConditionDetection = "conditionDetection",
        AiAndConditionDetection = "aiAndConditionDetection",
        AiOrConditionDetection = "aiOrConditionDetection",
        /// Declared by the reference; never fires.
        CustomLogic = "customLogic",
    }
}

impl DetectionType {
    /// Whether it depends on what the message says.
    pub fn reads_text(self) -> bool {
        matches!(self, Self::AiDetection | Self::AiAndConditionDetection | Self::AiOrConditionDetection)
    }
}

impl TagPriority {
    /// The priority it sets; `None` where it leaves the ticket's alone.
    pub fn priority(self) -> Option<Priority> {
        match self {
            Self::DoNotChange => None,
            Self::Low => Some(Priority::Low),
            Self::Medium => Some(Priority::Medium),
            Self::High => Some(Priority::High),
            Self::Urgent => Some(Priority::Urgent),
        }
    }
}

/// A tag of a tenant.
#[derive(Debug, Clone, PartialEq)]
pub struct Tag {
    pub id: TagId,
    pub name: String,
    /// With the parents' names.
    pub full_name: String,
    pub parent_id: Option<TagId>,
    pub reference: TagReference,
    pub r#type: TagType,
    pub visibility: Visibility,
    pub color: Color,
    /// Known: `defaultSkill`.
    pub properties: Vec<String>,
    pub complexity: String,
    /// Business hours until a ticket with this tag is due; `None`: the tag sets no due date.
    pub sla_hours: Option<f64>,
    pub priority: TagPriority,
    /// Only for tickets of these channels; empty: for all.
    pub channels: Vec<String>,
    /// Only for tickets of these subchannels; empty: for all.
    pub subchannel_ids: Vec<i64>,
    pub routing_relevance: bool,
    /// How it is found: a JSON object with `type`.
    pub detection_details: String,
    /// A JSON object.
    pub test_case: String,
    pub modified_by: Option<String>,
    pub modified_at: Timestamp,
}

/// A tag that does not exist yet.
#[derive(Debug, Clone, PartialEq)]
pub struct NewTag {
    pub name: String,
    /// `None`: the name, after the parent's full name where there is a parent.
    pub full_name: Option<String>,
    pub parent_id: Option<TagId>,
    pub reference: TagReference,
    pub r#type: TagType,
    pub visibility: Visibility,
    pub color: Color,
    pub properties: Vec<String>,
    pub complexity: String,
    pub sla_hours: Option<f64>,
    pub priority: TagPriority,
    pub channels: Vec<String>,
    pub subchannel_ids: Vec<i64>,
    pub routing_relevance: bool,
    pub detection_details: String,
    pub test_case: String,
}

/// What a tag does to the tickets that have it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TagEffect {
    pub id: TagId,
    /// It, or a tag above it, is private.
    pub is_private: bool,
    pub sla_hours: Option<f64>,
    pub priority: TagPriority,
}
