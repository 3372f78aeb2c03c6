//! What the dialects share. Knows no ticket.

pub mod authorization;
pub mod caller;
pub mod extract;
pub mod field;
mod health;
pub mod key_set;
mod layers;
pub mod origin;
mod server;

pub use layers::{RequestId, Worded};
pub use server::serve;

use axum::Router;
use axum::routing::get;

use crate::app::AppState;
use crate::dialects::mind;

/// Every route of the server.
pub fn router(app: AppState) -> Router {
    let dialects = Router::new().nest(mind::PREFIX, mind::router(&app));
    let routes = dialects
        .merge(mind::browsable_docs())
        .route("/health/live", get(health::live))
        .route("/health/ready", get(health::ready))
        .route("/metrics", get(health::metrics))
        .fallback(|| async { crate::error::Error::RouteNotFound });
    // Outside every dialect, errors are worded as Mind words them.
    let worded = layers::guard(routes, &app).layer(axum::middleware::from_fn(mind::render));
    layers::observe(worded).with_state(app)
}
