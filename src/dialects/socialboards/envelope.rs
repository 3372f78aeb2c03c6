//! What every answer but that of `POST /token` is wrapped in.

use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use crate::http::json::Json;

/// An answer.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Envelope<T> {
    data: T,
    /// Always -1: success.
    #[schema(example = -1)]
    error_code: i32,
    /// Always null.
    error_text: Option<String>,
}

impl<T> Envelope<T> {
    /// Success.
    pub fn new(data: T) -> Self {
        Self { data, error_code: -1, error_text: None }
    }
}

impl<T: Serialize> IntoResponse for Envelope<T> {
    fn into_response(self) -> Response {
        Json(self).into_response()
    }
}

/// What an update answers: an empty object.
#[derive(Debug, Serialize, ToSchema)]
pub struct Empty {}

/// An error.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Failed {
    /// Always null.
    #[schema(value_type = Option<String>, example = json!(null))]
    pub data: (),
    /// 1 unreadable, 2 no valid credentials, 3 not allowed, 4 no such route, 5 not found, 6 no such method, 7 not
    /// valid, 8 conflict, 9 too large, 10 content type, 11 not available at the moment, 12 fault of the server.
    #[schema(example = 7)]
    pub error_code: i32,
    /// What is wrong, in a sentence, with the JSON pointer of every bad field.
    #[schema(example = "the request is not valid: /title title must be a string")]
    pub error_text: String,
}
