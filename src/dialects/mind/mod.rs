//! The enneo Mind API: its table of contents.

mod ai_agent;
mod auth;
mod contract;
mod created;
mod customer;
mod document;
mod error;
mod intent;
mod moment;
mod prefer;
mod profile;
mod read;
mod service;
mod settings;
mod stored;
mod subchannel;
mod tag;
mod team;
mod ticket;

pub use ticket::create::draft;

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::get;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{Dialect, Mount};
use crate::app::AppState;

/// Where the dialect is mounted.
const PREFIX: &str = "/api/mind";

/// The dialect.
pub const DIALECT: Dialect = Dialect {
    name: "mind",
    title: "Mind",
    mounts: |app| vec![Mount { prefix: PREFIX.to_owned(), routes: router(app), any_case: false }],
    render: error::render,
    document: |_| document::document(),
};

/// The routes that ask for credentials.
fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(ticket::create::create, ticket::patch::patch))
        .routes(routes!(ticket::get::get))
        .routes(routes!(ticket::activity::list_activity))
        .routes(routes!(intent::list::list))
        .routes(routes!(tag::list::list, tag::create::create))
        .routes(routes!(tag::get::get))
        .routes(routes!(ai_agent::list::list))
        .routes(routes!(ai_agent::create::create))
        .routes(routes!(ai_agent::get::get, ai_agent::patch::patch, ai_agent::delete::delete))
        .routes(routes!(customer::put::put))
        .routes(routes!(customer::get::get))
        .routes(routes!(contract::put::put))
        .routes(routes!(subchannel::list::list, subchannel::create::create))
        .routes(routes!(settings::get, settings::put))
        .routes(routes!(profile::list::list))
        .routes(routes!(profile::get::get, profile::create::create))
        .routes(routes!(team::list::list))
        .routes(routes!(team::create::create))
}

/// The routes that do not.
fn public_routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(service::health))
        .routes(routes!(service::cron))
        .routes(routes!(service::version))
}

/// The routes, credentials included.
fn router(app: &AppState) -> Router<AppState> {
    let (private, _) = routes().split_for_parts();
    let (public, _) = public_routes().split_for_parts();
    private
        .route_layer(from_fn_with_state(app.clone(), auth::authenticate))
        .merge(public)
        .route("/docs/open-api", get(service::open_api))
}
