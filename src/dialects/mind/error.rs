//! How Mind words an error: `application/problem+json` (RFC 9457) with the members that its clients read.

use axum::http::StatusCode;
use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;

use super::ticket::members;
use crate::error::{Error, Refusal};
use crate::http::wording;

/// An error.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Problem {
    /// Always `about:blank`: the status says it all (RFC 9457).
    #[schema(example = "about:blank")]
    pub r#type: &'static str,
    /// The status in words.
    #[schema(example = "Unprocessable Entity")]
    pub title: &'static str,
    /// The HTTP status.
    #[schema(example = 422)]
    pub status: u16,
    /// What is wrong, in a sentence.
    #[schema(example = "the request is not valid")]
    pub detail: String,
    /// Always false.
    #[schema(example = false)]
    pub success: bool,
    /// A stable machine word.
    #[schema(example = "invalid")]
    pub code: String,
    /// As `detail`.
    #[schema(example = "the request is not valid")]
    pub message: String,
    /// The request's id, as in the header `X-Request-Id`.
    #[schema(example = "6f1c2a0e-3f0e-4a52-9f0b-2b3a4c5d6e7f")]
    pub request_id: String,
    /// Every bad field, the first 1000 of them; empty where the request as a whole is refused.
    pub errors: Vec<ProblemField>,
}

/// One bad field.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProblemField {
    /// A JSON pointer (RFC 6901); a query parameter is `?name`, a path parameter `{name}`.
    #[schema(example = "/dueBy")]
    pub pointer: String,
    /// A stable machine word.
    #[schema(example = "invalid_date")]
    pub code: &'static str,
    /// What is wrong with it, in a sentence.
    #[schema(example = "dueBy must be a date")]
    pub message: String,
}

/// Writes the body of an error that has none yet; any other answer stays as it is.
pub fn render(response: Response, request_id: &str) -> Response {
    wording::reword(response, "application/problem+json", "Bearer realm=\"tessera\"", |status, error| {
        serde_json::to_vec(&problem(status, error, request_id.to_owned())).unwrap_or_default()
    })
}

fn problem(status: StatusCode, error: Option<&Error>, request_id: String) -> Problem {
    let title = status.canonical_reason().unwrap_or("Error");
    let message = wording::message(status, error);
    let (code, errors) = match error {
        // One element alone has no index in its pointers.
        Some(error) => (code(error), wording::fields(error, |fault| members::word_fault(fault, ""))),
        None => (bare_code(status).to_owned(), Vec::new()),
    };
    let errors = errors.into_iter().take(wording::MAX_FIELDS).map(|field| ProblemField {
        pointer: field.pointer,
        code: field.code,
        message: field.message,
    });
    Problem {
        r#type: "about:blank",
        title,
        status: status.as_u16(),
        detail: message.clone(),
        success: false,
        code,
        message,
        request_id,
        errors: errors.collect(),
    }
}

fn code(error: &Error) -> String {
    let word = match error {
        Error::NotFound(noun)
        | Error::Refused(Refusal::Missing(noun), _)
        | Error::RefusedFields(Refusal::Missing(noun), _) => {
            return format!("{noun}_not_found");
        }
        Error::Unauthenticated(_) => "unauthenticated",
        Error::Forbidden(_) => "forbidden",
        Error::RouteNotFound => "route_not_found",
        Error::Unreadable(_) => "unreadable",
        Error::BadRequest(_)
        | Error::Invalid(_)
        | Error::Refused(Refusal::Invalid, _)
        | Error::RefusedFields(Refusal::Invalid, _) => "invalid",
        Error::Refused(Refusal::StaleVersion, _) | Error::RefusedFields(Refusal::StaleVersion, _) => {
            "version_conflict"
        }
        Error::Refused(Refusal::Conflict, _) | Error::RefusedFields(Refusal::Conflict, _) => "conflict",
        Error::TooLarge { .. } | Error::HeadersTooLarge { .. } => "too_large",
        Error::UnsupportedMediaType(_) => "unsupported_media_type",
        Error::TimedOut { .. } | Error::Away { .. } => "unavailable",
        Error::Database(_) if error.status() == StatusCode::SERVICE_UNAVAILABLE => "unavailable",
        Error::LeaseLost | Error::Database(_) | Error::Internal(_) => "internal",
    };
    word.to_owned()
}

fn bare_code(status: StatusCode) -> &'static str {
    match status {
        StatusCode::METHOD_NOT_ALLOWED => "method_not_allowed",
        StatusCode::NOT_FOUND => "route_not_found",
        StatusCode::PAYLOAD_TOO_LARGE => "too_large",
        StatusCode::SERVICE_UNAVAILABLE => "unavailable",
        StatusCode::UNSUPPORTED_MEDIA_TYPE => "unsupported_media_type",
        status if status.is_server_error() => "internal",
        _ => "unreadable",
    }
}
