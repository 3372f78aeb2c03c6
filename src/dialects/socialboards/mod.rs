//! The SocialBoards ticket API: its table of contents.
//!
//! Paths stand here in lower case: requests come in any.

mod auth;
mod document;
mod envelope;
mod error;
mod tag;
mod token;

pub use document::document;
pub use error::render;

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::get;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::AppState;
use crate::error::Error;

/// The routes that ask for credentials.
fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(tag::list::list))
}

/// The routes that do not.
fn public_routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(token::create))
}

/// The dialect, credentials included.
pub fn router(app: &AppState) -> Router<AppState> {
    let (private, _) = routes().split_for_parts();
    let (public, _) = public_routes().split_for_parts();
    private
        .route_layer(from_fn_with_state(app.clone(), auth::authenticate))
        .merge(public)
        .route("/docs/open-api", get(document::open_api))
        .fallback(|| async { Error::RouteNotFound })
}
