//! How SocialBoards words an error: the envelope with a positive code of our own, since its list is unknown.

use axum::http::StatusCode;
use axum::response::Response;

use super::envelope::Failed;
use crate::domain::fault::{Fault, Place};
use crate::domain::ticket::Field;
use crate::error::{Error, FieldError};
use crate::http::wording;

/// The code of each status.
const CODES: [(StatusCode, i32); 13] = [
    (StatusCode::BAD_REQUEST, 1),
    (StatusCode::UNAUTHORIZED, 2),
    (StatusCode::FORBIDDEN, 3),
    (StatusCode::NOT_FOUND, 5),
    (StatusCode::METHOD_NOT_ALLOWED, 6),
    (StatusCode::UNPROCESSABLE_ENTITY, 7),
    (StatusCode::CONFLICT, 8),
    (StatusCode::PAYLOAD_TOO_LARGE, 9),
    (StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE, 9),
    (StatusCode::UNSUPPORTED_MEDIA_TYPE, 10),
    (StatusCode::SERVICE_UNAVAILABLE, 11),
    (StatusCode::INTERNAL_SERVER_ERROR, FAULT),
    (StatusCode::TOO_MANY_REQUESTS, 13),
];
/// A path that is none of ours, as opposed to a thing that is not there.
const ROUTE_NOT_FOUND: i32 = 4;
const FAULT: i32 = 12;

/// Writes the body of an error that has none yet; any other answer stays as it is.
pub fn render(response: Response, _request_id: &str) -> Response {
    wording::reword(response, "application/json", "Bearer realm=\"tessera\"", |status, error| {
        let error_text = wording::full_message(status, error, word_fault);
        let failed = Failed { data: (), error_code: code(status, error), error_text };
        serde_json::to_vec(&failed).unwrap_or_default()
    })
}

fn code(status: StatusCode, error: Option<&Error>) -> i32 {
    if matches!(error, Some(Error::RouteNotFound)) {
        return ROUTE_NOT_FOUND;
    }
    let known = CODES.iter().find(|(known, _)| *known == status).map(|(_, code)| *code);
    known.unwrap_or(if status.is_server_error() { FAULT } else { 1 })
}

/// A fault of the core at its pointer.
fn word_fault(fault: &Fault) -> FieldError {
    let pointer = match fault.place {
        Place::Field(field) => format!("/{}", member(field)),
        Place::Entry(field, entry) => format!("/{}/{entry}", member(field)),
        Place::AddTag(entry) | Place::RemoveTag(entry) => format!("/tags/{entry}"),
        Place::Id => "{id}".to_owned(),
        Place::ExpectedVersion => String::new(),
    };
    FieldError { pointer, code: fault.code, message: fault.message.clone() }
}

/// The member of a request that sets a field; a field that none sets is not the client's to mend.
fn member(field: Field) -> &'static str {
    match field {
        Field::Subject => "title",
        Field::Body => "message",
        Field::From | Field::FromName => "creator",
        Field::AgentId => "assigneeId",
        Field::Cc => "cc",
        Field::Attachments => "attachments",
        Field::Sentiment => "sentiment",
        Field::Status => "status",
        Field::Tags => "tags",
        _ => "",
    }
}
