//! The OpenAPI 3.1 document.

use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use utoipa::OpenApi;

use super::envelope::Failed;
use super::{public_routes, routes};
use crate::app::AppState;
use crate::error::Error;
use crate::http::document::{self, Wire};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Tessera: SocialBoards ticket API",
        description = "Tickets for clients of SocialBoards.\n\nPaths and the names of members count in any case. Success is `errorCode` -1. An error has a code of its own, the HTTP status that goes with it, and names every bad field by its JSON pointer in `errorText`. Unknown members and query parameters are ignored; the former are named in the header `Tessera-Ignored`.",
        license(name = "Apache-2.0", identifier = "Apache-2.0")
    ),
    tags(
        (name = "token", description = "Access tokens"),
        (name = "ticket", description = "Tickets"),
        (name = "reply", description = "Replies: what the team answers and what clients write back"),
        (name = "note", description = "Notes: for the team alone"),
        (name = "teammate", description = "The tenant's people"),
        (name = "userGroup", description = "Teams"),
        (name = "tag", description = "Tags"),
        (name = "category", description = "Categories"),
        (name = "customField", description = "Custom fields"),
    ),
    components(schemas(Failed))
)]
struct Skeleton;

/// The document of the dialect where it is mounted.
pub fn document(prefix: &str) -> Value {
    let wire = Wire {
        prefix,
        schemes: json!({
            "bearerAuth": {
                "type": "http", "scheme": "bearer",
                "description": "An access token of `POST /token`. Without it, the headers `Community` (the tenant's slug) and `X-Token` (one of its refresh tokens) count where the tenant's setting `socialboardsV1` says so",
            },
        }),
        challenge: "Bearer",
        error: "Failed",
        error_type: "application/json",
    };
    document::complete(Skeleton::openapi(), routes(), public_routes(), &wire)
}

/// This document.
pub async fn open_api(State(app): State<AppState>) -> Result<Response, Error> {
    let document = document(&app.config.socialboards_prefix.0);
    let document = serde_json::to_string_pretty(&document).map_err(Error::internal)?;
    Ok(([(CONTENT_TYPE, "application/json")], document).into_response())
}
