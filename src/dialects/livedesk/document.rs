//! The OpenAPI 3.1 document.

use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;

use super::envelope::Failed;
use super::{PREFIXES, routes};
use crate::error::Error;
use crate::http::document::{self, Wire};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Tessera: LiveDesk ticket API",
        description = "Tickets for clients of LiveDesk.\n\nAlso at `/v2/accounts`. Success is `code` 0; an error's code is its HTTP status, and its message names every bad field by its JSON pointer. Unknown members and query parameters are ignored; the former are named in the header `Tessera-Ignored`.",
        license(name = "Apache-2.0", identifier = "Apache-2.0")
    ),
    tags((name = "ticket", description = "Tickets"), (name = "upload", description = "Files")),
    components(schemas(Failed))
)]
struct Skeleton;

/// The document.
pub fn document() -> Value {
    let wire = Wire {
        prefix: PREFIXES[0],
        schemes: json!({
            "basicAuth": { "type": "http", "scheme": "basic", "description": "Key and secret" },
            "bearerAuth": { "type": "http", "scheme": "bearer", "description": "The same `base64(key:secret)`" },
        }),
        challenge: "Basic",
        error: "Failed",
        error_type: "application/json",
    };
    document::complete(Skeleton::openapi(), routes(), OpenApiRouter::new(), &wire)
}

/// This document.
pub async fn open_api() -> Result<Response, Error> {
    let document = serde_json::to_string_pretty(&document()).map_err(Error::internal)?;
    Ok(([(CONTENT_TYPE, "application/json")], document).into_response())
}
