//! What the dialects' wordings of an error have in common.

use std::sync::Arc;

use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};

use super::Worded;
use crate::domain::fault::Fault;
use crate::error::{Error, FieldError, Refusal};

/// How many bad fields an answer names: a body of nothing but faults would come back a hundredfold.
pub const MAX_FIELDS: usize = 1000;

/// Writes the body of an error that has none yet; any other answer stays as it is. `challenge` is what a 401 asks for.
pub fn reword(
    mut response: Response,
    content_type: &'static str,
    challenge: &'static str,
    body: impl FnOnce(StatusCode, Option<&Error>) -> Vec<u8>,
) -> Response {
    let status = response.status();
    let is_error = status.is_client_error() || status.is_server_error();
    if !is_error || response.extensions().get::<Worded>().is_some() {
        return response;
    }
    let error = response.extensions_mut().remove::<Arc<Error>>();
    let body = body(status, error.as_deref());
    let (mut parts, _) = response.into_parts();
    parts.headers.remove(CONTENT_LENGTH);
    let mut worded = (parts, body).into_response();
    let headers = worded.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    if status == StatusCode::UNAUTHORIZED {
        headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static(challenge));
    }
    if status == StatusCode::SERVICE_UNAVAILABLE && !headers.contains_key(RETRY_AFTER) {
        headers.insert(RETRY_AFTER, HeaderValue::from_static("1"));
    }
    worded.extensions_mut().insert(Worded);
    worded
}

/// What an error says to a client, in a sentence. A fault of the server says nothing of its inside; without an error,
/// the status says it all.
pub fn message(status: StatusCode, error: Option<&Error>) -> String {
    let Some(error) = error else { return status.canonical_reason().unwrap_or("Error").to_lowercase() };
    match error {
        Error::Unauthenticated(_) => "credentials are missing or not valid".into(),
        Error::Refused(refusal, _) | Error::RefusedFields(refusal, _) => match refusal {
            Refusal::Invalid => "the request is not valid".into(),
            Refusal::Missing(noun) => format!("no such {noun}"),
            Refusal::StaleVersion => "the version has changed meanwhile".into(),
            Refusal::Conflict => "the request conflicts with what is stored".into(),
        },
        Error::Database(_) if error.status() == StatusCode::SERVICE_UNAVAILABLE => {
            "the database is not available at the moment".into()
        }
        Error::LeaseLost | Error::Database(_) | Error::Internal(_) => {
            "the server failed; its log has the request's id".into()
        }
        other => other.to_string(),
    }
}

/// The same, followed by every bad field with its pointer.
pub fn full_message(
    status: StatusCode,
    error: Option<&Error>,
    word_fault: fn(&Fault) -> FieldError,
) -> String {
    let mut text = message(status, error);
    let fields = error.map(|error| fields(error, word_fault)).unwrap_or_default();
    for (at, field) in fields.iter().take(MAX_FIELDS).enumerate() {
        text.push_str(if at == 0 { ": " } else { "; " });
        if !field.pointer.is_empty() {
            text.push_str(&field.pointer);
            text.push(' ');
        }
        text.push_str(&field.message);
    }
    text
}

/// Every bad field; those in the core's words are put in the dialect's.
pub fn fields(error: &Error, word_fault: fn(&Fault) -> FieldError) -> Vec<FieldError> {
    match error {
        Error::BadRequest(fields) | Error::Invalid(fields) | Error::RefusedFields(_, fields) => {
            fields.clone()
        }
        Error::Refused(_, faults) => faults.iter().map(word_fault).collect(),
        _ => Vec::new(),
    }
}
