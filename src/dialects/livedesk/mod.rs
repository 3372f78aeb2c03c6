//! The LiveDesk ticket API: its table of contents.

mod auth;
mod contact;
mod document;
mod envelope;
mod error;
mod markdown;
mod message;
mod moment;
mod ticket;
mod upload;


use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{Dialect, Mount};
use crate::app::AppState;
use crate::error::Error;

/// Where the dialect is mounted; all but the first are what older pages of its reference show.
const PREFIXES: [&str; 4] = ["/api/v2/accounts", "/api/V2/accounts", "/v2/accounts", "/V2/accounts"];

/// The dialect.
pub const DIALECT: Dialect = Dialect {
    name: "livedesk",
    title: "LiveDesk",
    mounts: |app| {
        let routes = router(app);
        let mount = |prefix: &str| Mount { prefix: prefix.to_owned(), routes: routes.clone(), any_case: false };
        let mut mounts: Vec<Mount> = PREFIXES.into_iter().map(mount).collect();
        mounts.push(Mount { prefix: String::new(), routes: aliases(app), any_case: false });
        mounts
    },
    render: error::render,
    document: |_| document::document(),
};

/// The routes that ask for credentials.
fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(ticket::create::create))
        .routes(routes!(ticket::get::get, ticket::put::put))
        .routes(routes!(contact::create::create, contact::list::list))
        .routes(routes!(message::create::create))
        .routes(routes!(upload::upload))
}

/// The routes, credentials included.
fn router(app: &AppState) -> Router<AppState> {
    let (private, _) = routes().split_for_parts();
    private
        .route_layer(from_fn_with_state(app.clone(), auth::authenticate))
        .route("/docs/open-api", get(document::open_api))
        .fallback(|| async { Error::RouteNotFound })
}

/// What its reference has outside of every prefix.
fn aliases(app: &AppState) -> Router<AppState> {
    let upload = Router::new().route("/upload", post(upload::upload));
    upload.route_layer(from_fn_with_state(app.clone(), auth::authenticate))
}
