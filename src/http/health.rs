//! Is the process up, is it ready, how is it doing. None of these asks for credentials.

use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::Worded;
use crate::app::AppState;
use crate::db::schema;
use crate::http::json::Json;
use crate::telemetry;

/// Always 200: the process is up.
pub async fn live() -> impl IntoResponse {
    Json(json!({ "status": "ok" }))
}

/// 200 where database, schema and workers are as they should be, else 503 with what is not.
pub async fn ready(State(app): State<AppState>) -> Response {
    let (database, migrations) = match schema::is_current(&app.db).await {
        Ok(current) => ("ok", if current { "ok" } else { "not current" }),
        Err(error) => {
            tracing::warn!(%error, "the database cannot be reached");
            ("not reachable", "unknown")
        }
    };
    let workers = if app.workers.are_alive() && app.queue.is_alive() { "ok" } else { "not running" };
    let parts = json!({ "database": database, "migrations": migrations, "workers": workers });
    if [database, migrations, workers].iter().all(|part| *part == "ok") {
        return Json(json!({ "status": "ok", "parts": parts })).into_response();
    }
    let body = Json(json!({ "status": "unavailable", "parts": parts }));
    (StatusCode::SERVICE_UNAVAILABLE, [(RETRY_AFTER, "1")], Extension(Worded), body).into_response()
}

/// Prometheus' text format.
pub async fn metrics() -> impl IntoResponse {
    ([(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], telemetry::metrics().render())
}
