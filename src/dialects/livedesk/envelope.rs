//! What the answers about tickets, and all errors, are wrapped in.

use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use crate::http::json::Json;

/// An answer about tickets.
#[derive(Debug, Serialize, ToSchema)]
pub struct Envelope<T> {
    /// Always 0: success.
    #[schema(example = 0)]
    code: i32,
    #[schema(example = "Success")]
    message: &'static str,
    data: T,
}

impl<T> Envelope<T> {
    /// Success.
    pub fn new(data: T) -> Self {
        Self { code: 0, message: "Success", data }
    }
}

impl<T: Serialize> IntoResponse for Envelope<T> {
    fn into_response(self) -> Response {
        Json(self).into_response()
    }
}

/// An error.
#[derive(Debug, Serialize, ToSchema)]
pub struct Failed {
    /// The HTTP status.
    #[schema(example = 422)]
    pub code: u16,
    /// What is wrong, in a sentence, with the JSON pointer of every bad field.
    #[schema(example = "the request is not valid: /title title is required")]
    pub message: String,
    /// Always null.
    #[schema(value_type = Option<String>, example = json!(null))]
    pub data: (),
}
