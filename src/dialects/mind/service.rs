//! The server itself. None of these asks for credentials.

use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::AppState;
use crate::error::Error;
use crate::http::Worded;
use crate::http::json::Json;
use crate::maintenance;

/// Whether something is well.
#[derive(Debug, Serialize, ToSchema)]
pub struct Health {
    success: bool,
    /// A word.
    #[schema(example = "ok")]
    status: &'static str,
}

/// The server's version.
#[derive(Debug, Serialize, ToSchema)]
pub struct Version {
    /// Always true.
    success: bool,
    #[schema(example = "0.1.0")]
    version: &'static str,
}

/// Is the process up?
#[utoipa::path(get, path = "/health", tag = "service",
    responses((status = OK, description = "It is", body = Health)))]
pub async fn health() -> Json<Health> {
    Json(Health { success: true, status: "ok" })
}

/// Did maintenance run within the last 15 minutes?
#[utoipa::path(get, path = "/health/cron", tag = "service",
    responses(
        (status = OK, description = "It did", body = Health),
        (status = SERVICE_UNAVAILABLE, description = "It did not, or nobody knows", body = Health),
    ))]
pub async fn cron(State(app): State<AppState>) -> Response {
    let status = match maintenance::is_on_time(&app, app.clock.now()).await {
        Ok(true) => return Json(Health { success: true, status: "ok" }).into_response(),
        Ok(false) => "overdue",
        Err(error) => {
            tracing::warn!(%error, "it cannot be told when maintenance ran");
            "unknown"
        }
    };
    let body = Json(Health { success: false, status });
    (StatusCode::SERVICE_UNAVAILABLE, [(RETRY_AFTER, "60")], Extension(Worded), body).into_response()
}

/// Which version is this?
#[utoipa::path(get, path = "/version", tag = "service",
    responses((status = OK, description = "The version", body = Version)))]
pub async fn version() -> Json<Version> {
    Json(Version { success: true, version: env!("CARGO_PKG_VERSION") })
}

/// This document.
pub async fn open_api() -> Result<Response, Error> {
    let document = serde_json::to_string_pretty(&super::document::document()).map_err(Error::internal)?;
    Ok(([(CONTENT_TYPE, "application/json")], document).into_response())
}
