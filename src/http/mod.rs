//! What the dialects share. Knows no ticket.

pub mod authorization;
pub mod caller;
pub mod document;
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
#[cfg_attr(not(test), expect(dead_code, reason = "no route of SocialBoards or LiveDesk takes a body yet"))]
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
use crate::dialects::{livedesk, mind, socialboards};
use crate::error::Error;

/// Every route of the server.
pub fn router(app: AppState) -> Router {
    let mind = layers::enter(mind::router(&app), &app, mind::render);
    let socialboards = layers::enter(socialboards::router(&app), &app, socialboards::render);
    let livedesk = layers::enter(livedesk::router(&app), &app, livedesk::render);
    let aliases = layers::enter(livedesk::aliases(&app), &app, livedesk::render);
    let others = Router::new()
        .merge(browsable_docs(&app))
        .route("/health/live", get(health::live))
        .route("/health/ready", get(health::ready))
        .route("/metrics", get(health::metrics))
        .route("/files/{tenant}/{upload}/{name}", get(files::get))
        .fallback(|| async { Error::RouteNotFound });
    // Outside every dialect, errors are worded as Mind words them.
    let others = layers::enter(others, &app, mind::render);
    let any_case = socialboards.with_state(app.clone()).map_request(in_lower_case);
    let mut router = Router::new()
        .nest(mind::PREFIX, mind)
        .nest_service(&app.config.socialboards_prefix.0, any_case)
        .merge(aliases)
        .merge(others);
    for prefix in livedesk::PREFIXES {
        router = router.nest(prefix, livedesk.clone());
    }
    router.with_state(app)
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

/// The documents to browse, without any network.
fn browsable_docs(app: &AppState) -> Router<AppState> {
    // The page asks for names that live as long as the process; there is one page.
    let at = |prefix: &str| &*format!("{prefix}/docs/open-api").leak();
    let urls = [
        Url::with_primary("Mind", at(mind::PREFIX), true),
        Url::new("SocialBoards", at(&app.config.socialboards_prefix.0)),
        Url::new("LiveDesk", at(livedesk::PREFIXES[0])),
    ];
    let config = Config::new(urls).validator_url("none");
    SwaggerUi::new("/docs").config(config).into()
}
