//! The SocialBoards ticket API: its table of contents.
//!
//! Paths stand here in lower case: requests come in any.

mod attachment;
mod auth;
mod category;
mod custom_field;
mod document;
mod envelope;
mod error;
mod guid;
mod moment;
mod note;
mod page;
mod person;
mod reply;
mod tag;
mod teammate;
mod text;
mod ticket;
mod token;
mod user_group;


use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::get;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{Dialect, Mount};
use crate::app::AppState;
use crate::error::Error;

/// The dialect.
pub const DIALECT: Dialect = Dialect {
    name: "socialboards",
    title: "SocialBoards",
    mounts: |app| {
        let prefix = app.config.socialboards_prefix.0.clone();
        vec![Mount { prefix, routes: router(app), any_case: true }]
    },
    render: error::render,
    document: |config| document::document(&config.socialboards_prefix.0),
};

/// The routes that ask for credentials.
fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(ticket::create::create))
        .routes(routes!(ticket::list::list))
        .routes(routes!(ticket::get::get))
        .routes(routes!(ticket::set_assignee::set_assignee))
        .routes(routes!(ticket::set_status::set_status))
        .routes(routes!(ticket::set_category::set_category))
        .routes(routes!(ticket::set_custom_field::set_custom_field))
        .routes(routes!(ticket::replace_tags::replace_tags))
        .routes(routes!(ticket::list_log::list_log))
        .routes(routes!(reply::create::create, reply::list::list))
        .routes(routes!(reply::list::list_by_body))
        .routes(routes!(note::create::create))
        .routes(routes!(note::update::update, note::delete::delete))
        .routes(routes!(teammate::list::list))
        .routes(routes!(user_group::list::list))
        .routes(routes!(tag::list::list))
        .routes(routes!(category::list::list))
        .routes(routes!(custom_field::list::list))
}

/// The routes that do not.
fn public_routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(token::create))
}

/// The routes, credentials included.
fn router(app: &AppState) -> Router<AppState> {
    let (private, _) = routes().split_for_parts();
    let (public, _) = public_routes().split_for_parts();
    private
        .route_layer(from_fn_with_state(app.clone(), auth::authenticate))
        .merge(public)
        .route("/docs/open-api", get(document::open_api))
        .fallback(|| async { Error::RouteNotFound })
}
