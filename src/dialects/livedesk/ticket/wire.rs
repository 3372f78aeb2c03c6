//! What requests about tickets have in common, and what a stored ticket says in this dialect's words.

use serde_json::Value;
use utoipa::ToSchema;

use super::file_name::file_name;
use crate::actions;
use crate::db::TenantTx;
use crate::domain::attachment::NewAttachment;
use crate::domain::change::Change;
use crate::domain::detail::{CustomValue, MAX_CUSTOM_NAME_CHARS, MAX_CUSTOM_VALUES, TicketType};
use crate::domain::fault::Place;
use crate::domain::settings::Settings;
use crate::domain::ticket::{Document, Priority};
use crate::domain::upload::UploadId;
use crate::domain::word::words;
use crate::error::Error;
use crate::http::field::{FromJson, Wrong, escape};
use crate::http::read::Reader;
use crate::http::value::{Listed, Name, WebUrl};

words! {
    /// How urgent a ticket is.
    WirePriority("priority") {
        Low = "low",
        Medium = "medium",
        High = "high",
        Urgent = "urgent",
        /// Stands in an example of the reference alone; means medium.
        Normal = "normal",
    }
    /// What kind of matter a ticket is.
    WireType("ticket type") {
        Problem = "problem",
        Incident = "incident",
        Question = "question",
        Task = "task",
        /// None was said; a word like the others.
        Unsaid = "None",
    }
}

/// A file by its address.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "the body is read member by member; this is what the document says of it")]
pub struct FileReference {
    /// `http` or `https`, at most 2048 characters; stored and never fetched.
    #[schema(example = "https://example.com/files/error.jpg")]
    file_url: String,
}

/// A title: any text but a blank one.
pub type Title = Name<{ usize::MAX }>;

impl From<WirePriority> for Priority {
    fn from(word: WirePriority) -> Self {
        match word {
            WirePriority::Low => Self::Low,
            WirePriority::Medium | WirePriority::Normal => Self::Medium,
            WirePriority::High => Self::High,
            WirePriority::Urgent => Self::Urgent,
        }
    }
}

impl From<WireType> for Option<TicketType> {
    fn from(word: WireType) -> Self {
        match word {
            WireType::Problem => Some(TicketType::Problem),
            WireType::Incident => Some(TicketType::Incident),
            WireType::Question => Some(TicketType::Question),
            WireType::Task => Some(TicketType::Task),
            WireType::Unsaid => None,
        }
    }
}

/// The priority; `None` where none is sent.
pub fn priority(reader: &mut Reader) -> Option<Priority> {
    reader.optional::<Listed<WirePriority>>("priority").map(|Listed(word)| word.into())
}

/// The kind of matter.
pub fn ticket_type(reader: &mut Reader) -> Change<Option<TicketType>> {
    let word = reader.optional::<Listed<WireType>>("ticket_type");
    word.map_or(Change::Keep, |Listed(word)| Change::Set(word.into()))
}

/// The files; `None` where none are sent.
pub fn attachments(reader: &mut Reader) -> Option<Vec<NewAttachment>> {
    let sent = reader.objects("attachments", |file| file.required::<WebUrl>("file_url"));
    let Change::Set(Some(sent)) = sent else { return None };
    // An upload has a name already.
    let name = |url: &str| UploadId::meant(url).map_or_else(|| file_name(url), |_| String::new());
    let file = |url: String| NewAttachment::new(name(&url), url);
    Some(sent.into_iter().flatten().map(|WebUrl(url)| file(url)).collect())
}

/// Names, in a request that is refused anyway, what is wrong with its files too. What the ticket had `before` may stay.
pub async fn refuse_files(
    reader: &mut Reader,
    tx: &mut TenantTx,
    settings: &Settings,
    files: &[NewAttachment],
    before: &[NewAttachment],
) -> Result<(), Error> {
    if reader.faults() == 0 {
        return Ok(());
    }
    for fault in actions::attachment_faults(tx, settings, files, before).await? {
        if let Place::Entry(_, at) = fault.place {
            let wrong = Wrong::new(fault.code, format!("cannot be taken: {}", fault.message));
            reader.refuse("attachments", &Wrong { pointer: format!("/{at}/file_url"), ..wrong });
        }
    }
    Ok(())
}

/// The custom fields; `None` where none are sent.
pub fn custom_fields(reader: &mut Reader) -> Option<Vec<CustomValue>> {
    reader.optional::<CustomFields>("custom_fields").map(|CustomFields(values)| values)
}

/// An object of free names with any values. A null counts as absent.
struct CustomFields(Vec<CustomValue>);

impl FromJson for CustomFields {
    fn from_json(value: Value) -> Result<Self, Vec<Wrong>> {
        let Value::Object(members) = value else { return Err(vec![Wrong::r#type("an object")]) };
        let mut values = Vec::new();
        let mut wrongs = Vec::new();
        for (name, value) in members {
            if value.is_null() {
                continue;
            }
            let mut refuse = |wrong: Wrong| {
                let pointer = format!("/{}{}", escape(&name), wrong.pointer);
                wrongs.push(Wrong { pointer, ..wrong });
            };
            if name.contains('\0') {
                refuse(Wrong::new("invalid", "must not contain U+0000, which cannot be stored"));
            } else if name.is_empty() || name.chars().count() > MAX_CUSTOM_NAME_CHARS {
                let message = format!("needs names of 1 to {MAX_CUSTOM_NAME_CHARS} characters");
                refuse(Wrong::new("invalid_name", message));
            }
            match Value::from_json(value) {
                Ok(value) => values.push(CustomValue { name, value: Document(value.to_string()) }),
                Err(wrong) => wrong.into_iter().for_each(refuse),
            }
        }
        if values.len() > MAX_CUSTOM_VALUES {
            wrongs.push(Wrong::new("too_many", format!("must have at most {MAX_CUSTOM_VALUES} members")));
        }
        if wrongs.is_empty() { Ok(Self(values)) } else { Err(wrongs) }
    }
}
