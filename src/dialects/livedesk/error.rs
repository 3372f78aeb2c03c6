//! How LiveDesk words an error: the envelope with the HTTP status as its code, since its list is unknown.

use axum::response::Response;

use super::envelope::Failed;
use crate::domain::fault::{Fault, Place};
use crate::domain::ticket::Field;
use crate::error::FieldError;
use crate::http::wording;

/// Writes the body of an error that has none yet; any other answer stays as it is.
pub fn render(response: Response, _request_id: &str) -> Response {
    wording::reword(response, "application/json", "Basic realm=\"tessera\"", |status, error| {
        let message = wording::full_message(status, error, word_fault);
        let failed = Failed { code: status.as_u16(), message, data: () };
        serde_json::to_vec(&failed).unwrap_or_default()
    })
}

/// A fault of the core at its pointer.
fn word_fault(fault: &Fault) -> FieldError {
    let pointer = match fault.place {
        Place::Field(field) => format!("/{}", member(field)),
        // What is wrong with a file is where it is.
        Place::Entry(Field::Attachments, entry) => format!("/attachments/{entry}/file_url"),
        Place::Entry(field, entry) => format!("/{}/{entry}", member(field)),
        Place::AddTag(entry) | Place::RemoveTag(entry) => format!("/tags/{entry}"),
        Place::Id => "{ticket_id}".to_owned(),
        Place::ExpectedVersion => String::new(),
    };
    FieldError { pointer, code: fault.code, message: fault.message.clone() }
}

/// The member of a request that sets a field; a field that none sets is not the client's to mend.
fn member(field: Field) -> &'static str {
    match field {
        Field::Subject => "title",
        Field::Body => "description",
        Field::From | Field::FromName => "requester",
        Field::Attachments => "attachments",
        Field::Priority => "priority",
        Field::Tags => "tags",
        _ => "",
    }
}
