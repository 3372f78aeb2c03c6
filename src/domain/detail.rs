//! What a ticket has beyond what every dialect can say.

use crate::domain::change::Change;
use crate::domain::id::{ContactId, TeamId};
use crate::domain::ticket::Document;
use crate::domain::word::words;

words! {
    /// What kind of matter a ticket is.
    TicketType("ticket type") {
        Problem = "problem",
        Incident = "incident",
        Question = "question",
        Task = "task",
    }
    /// How a sender's mood is worded (SocialBoards: `sentiment`).
    Mood("sentiment") {
        Question = "question",
        Praise = "praise",
        Suggestion = "suggestion",
        Complaint = "complaint",
    }
}

impl Mood {
    /// The sentiment that it is elsewhere.
    pub fn sentiment(self) -> &'static str {
        match self {
            Self::Praise => "positive",
            Self::Complaint => "negative",
            Self::Question | Self::Suggestion => "neutral",
        }
    }

    /// The word for a sentiment; the one that was sent, as long as it still says the same. `None` before
    /// anything is known.
    pub fn of(sentiment: Option<&str>, sent: Option<Self>) -> Option<Self> {
        if let Some(mood) = sent
            && sentiment == Some(mood.sentiment())
        {
            return Some(mood);
        }
        match sentiment? {
            "positive" => Some(Self::Praise),
            "negative" => Some(Self::Complaint),
            "neutral" => Some(Self::Question),
            _ => None,
        }
    }
}

/// The rest of a ticket.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Detail {
    /// Who asked; `None`: known by the sender's address alone.
    pub contact_id: Option<ContactId>,
    pub team_id: Option<TeamId>,
    /// One of the tenant's categories; `None`: uncategorized.
    pub category_id: Option<i64>,
    pub ticket_type: Option<TicketType>,
    /// The account that handed the ticket in, as it was sent.
    pub submitter: Option<String>,
    /// The page or channel that it came from, as it was sent.
    pub source_name: Option<String>,
    /// How the sender's mood was worded.
    pub mood: Option<Mood>,
    /// Where and under which id the requester wrote, and who follows there, as it was sent.
    pub channel_contact: Option<Document>,
    /// The Markdown that the body was made of; `None` where it came otherwise, or was changed since.
    pub markdown: Option<String>,
    /// In their order.
    pub custom_values: Vec<CustomValue>,
}

/// A field that the tenant, or a client, made up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomValue {
    pub name: String,
    /// Any JSON but null.
    pub value: Document,
}

/// A change of a ticket's detail.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct DetailPatch {
    pub team_id: Change<Option<TeamId>>,
    pub category_id: Change<Option<i64>>,
    pub ticket_type: Change<Option<TicketType>>,
    pub markdown: Change<Option<String>>,
    pub custom_values: CustomChange,
}

/// What happens to a ticket's custom values.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum CustomChange {
    #[default]
    Keep,
    /// These and no others.
    Replace(Vec<CustomValue>),
    /// This one is set; the others stay.
    Set(CustomValue),
    /// This one goes; the others stay.
    Clear(String),
}

/// The most custom values that a ticket has.
pub const MAX_CUSTOM_VALUES: usize = 200;
/// The longest name of a custom value, in characters.
pub const MAX_CUSTOM_NAME_CHARS: usize = 255;
/// The part of a value's text that a search compares, in bytes.
const SEARCHED_BYTES: usize = 300;

/// What a search for a custom value compares: a text's own, else the JSON.
pub fn searched(text: &str) -> &str {
    let mut end = text.len().min(SEARCHED_BYTES);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_word_that_was_sent_counts_as_long_as_it_says_the_same() {
        assert_eq!(Mood::of(None, None), None);
        assert_eq!(Mood::of(Some("neutral"), Some(Mood::Suggestion)), Some(Mood::Suggestion));
        assert_eq!(Mood::of(Some("negative"), Some(Mood::Praise)), Some(Mood::Complaint));
        assert_eq!(Mood::of(Some("neutral"), None), Some(Mood::Question));
    }

    #[test]
    fn a_long_value_is_searched_by_its_beginning() {
        let long = "ä".repeat(400);
        assert_eq!(searched(&long).len(), 300);
        assert_eq!(searched("kurz"), "kurz");
    }
}
