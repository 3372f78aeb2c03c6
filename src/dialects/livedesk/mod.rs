//! The LiveDesk ticket API: its table of contents.

mod auth;
mod document;
mod envelope;
mod error;
mod ticket;
mod upload;

pub use document::document;
pub use error::render;

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::AppState;
use crate::error::Error;

/// Where the dialect is mounted; all but the first are what older pages of its reference show.
pub const PREFIXES: [&str; 4] = ["/api/v2/accounts", "/api/V2/accounts", "/v2/accounts", "/V2/accounts"];

/// The routes that ask for credentials.
fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(ticket::get::get)).routes(routes!(upload::upload))
}

/// The dialect, credentials included.
pub fn router(app: &AppState) -> Router<AppState> {
    let (private, _) = routes().split_for_parts();
    private
        .route_layer(from_fn_with_state(app.clone(), auth::authenticate))
        .route("/docs/open-api", get(document::open_api))
        .fallback(|| async { Error::RouteNotFound })
}

/// What its reference has outside of every prefix.
pub fn aliases(app: &AppState) -> Router<AppState> {
    let upload = Router::new().route("/upload", post(upload::upload));
    upload.route_layer(from_fn_with_state(app.clone(), auth::authenticate))
}
