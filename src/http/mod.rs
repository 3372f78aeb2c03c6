//! What the dialects share. Knows no ticket.

pub mod authorization;
pub mod caller;
pub mod extract;
pub mod field;
mod files;
mod health;
pub mod key_set;
mod layers;
pub mod links;
pub mod multipart;
pub mod origin;
mod part_header;
mod server;
pub mod slots;

pub use layers::Worded;
pub use server::serve;

use axum::Router;
use axum::routing::get;

use crate::app::AppState;
use crate::dialects::mind;

/// Every route of the server.
pub fn router(app: AppState) -> Router {
    let mind = layers::enter(mind::router(&app), &app, mind::render);
    let others = Router::new()
        .merge(mind::browsable_docs())
        .route("/health/live", get(health::live))
        .route("/health/ready", get(health::ready))
        .route("/metrics", get(health::metrics))
        .route("/files/{tenant}/{upload}/{name}", get(files::get))
        .fallback(|| async { crate::error::Error::RouteNotFound });
    // Outside every dialect, errors are worded as Mind words them.
    let others = layers::enter(others, &app, mind::render);
    Router::new().nest(mind::PREFIX, mind).merge(others).with_state(app)
}
