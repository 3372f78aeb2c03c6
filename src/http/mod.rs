//! What the dialects share. Knows no ticket.

pub mod authorization;
pub mod caller;
pub mod document;
pub mod extract;
pub mod field;
mod files;
mod health;
pub mod json;
pub mod key_set;
mod layers;
pub mod links;
pub mod multipart;
pub mod origin;
mod part_header;
pub mod read;
mod server;
pub mod slots;
pub mod value;
pub mod wording;

pub use layers::Worded;
pub use server::serve;

use axum::Router;
use axum::extract::Request;
use axum::http::uri::{PathAndQuery, Uri};
use axum::routing::get;
use tower::ServiceExt;
use utoipa_swagger_ui::{Config, SwaggerUi, Url};

use crate::app::AppState;
use crate::dialects;
use crate::error::Error;

/// Every route of the server.
pub fn router(app: AppState) -> Router {
    let mut documents = Vec::new();
    let mut router = Router::new();
    for dialect in dialects::ALL {
        for (at, mount) in (dialect.mounts)(&app).into_iter().enumerate() {
            if at == 0 {
                documents.push((dialect.title, format!("{}/docs/open-api", mount.prefix)));
            }
            let entered = layers::enter(mount.routes, &app, dialect.render);
            router = match (mount.prefix.as_str(), mount.any_case) {
                ("", _) => router.merge(entered),
                (prefix, false) => router.nest(prefix, entered),
                (prefix, true) => {
                    let folded = entered.with_state(app.clone()).map_request(in_lower_case);
                    router.nest_service(prefix, folded)
                }
            };
        }
    }
    let others = Router::new()
        .merge(browsable_docs(documents))
        .route("/health/live", get(health::live))
        .route("/health/ready", get(health::ready))
        .route("/metrics", get(health::metrics))
        .route("/files/{tenant}/{upload}/{name}", get(files::get))
        .fallback(|| async { Error::RouteNotFound });
    let others = layers::enter(others, &app, dialects::ALL[0].render);
    router.merge(others).with_state(app)
}

/// Its path is matched in lower case.
fn in_lower_case(mut request: Request) -> Request {
    let path = request.uri().path();
    if path.bytes().any(|byte| byte.is_ascii_uppercase()) {
        let query = request.uri().query().map(|query| format!("?{query}")).unwrap_or_default();
        let lower = PathAndQuery::try_from(path.to_ascii_lowercase() + &query);
        let mut parts = request.uri().clone().into_parts();
        // Lower case is as well-formed as what it comes from.
        parts.path_and_query = lower.ok().or(parts.path_and_query);
        if let Ok(uri) = Uri::from_parts(parts) {
            *request.uri_mut() = uri;
        }
    }
    request
}

/// The documents to browse, by title and path, without any network.
fn browsable_docs(documents: Vec<(&'static str, String)>) -> Router<AppState> {
    // The page asks for paths that live as long as the process; there is one page.
    let urls = documents.into_iter().enumerate();
    let urls = urls.map(|(at, (title, path))| Url::with_primary(title, path.leak(), at == 0));
    let config = Config::new(urls).validator_url("none");
    SwaggerUi::new("/docs").config(config).into()
}
