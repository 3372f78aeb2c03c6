//! What every request passes through, whatever its dialect.

use std::any::Any;
use std::time::Instant;

use axum::Router;
use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderMap, HeaderValue, Method};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use tower_http::catch_panic::CatchPanicLayer;
use tracing::Instrument;
use uuid::Uuid;

use super::multipart;
use crate::app::AppState;
use crate::error::Error;

/// Marks an answer whose error text is final.
#[derive(Debug, Clone, Copy)]
pub struct Worded;

const REQUEST_ID: &str = "x-request-id";

/// Writes the body of an error that has none yet: each dialect's own. The text is the request's id.
pub type Render = fn(Response, &str) -> Response;

/// What every request to these routes passes through, outermost first: its id, span and metrics; the wording of
/// errors; limits and the last resort. One layer, because each costs every request a boxed future and a copy of
/// the layers below it.
pub fn enter(router: Router<AppState>, app: &AppState, render: Render) -> Router<AppState> {
    let app = app.clone();
    router
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn(move |request, next| pass(app.clone(), render, request, next)))
}

async fn pass(app: AppState, render: Render, request: Request, next: Next) -> Response {
    let id = request_id(request.headers());
    let route = request.extensions().get::<MatchedPath>().map_or("unmatched", MatchedPath::as_str).to_owned();
    let method = request.method().clone();
    let span = tracing::info_span!("request", request.id = id, %method, route);
    let started = Instant::now();
    let answer = limited(&app, request, next).instrument(span).await;
    let mut response = render(answer, &id);
    let status = response.status().as_u16();
    tracing::debug!(request.id = id, %method, route, status, "a request was answered");
    let labels =
        [("route", route.clone()), ("method", label(&method).to_owned()), ("status", status.to_string())];
    metrics::counter!("tessera_http_requests_total", &labels).increment(1);
    metrics::histogram!("tessera_http_request_seconds", "route" => route).record(started.elapsed());
    // A request id is made of letters, digits and four signs: always a header value.
    if let Ok(id) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    response
}

async fn limited(app: &AppState, request: Request, next: Next) -> Response {
    let headers: usize =
        request.headers().iter().map(|(name, value)| name.as_str().len() + value.len() + 4).sum();
    let limit = app.config.max_headers.0;
    if headers + request.uri().path().len() + request.uri().query().map_or(0, str::len) > limit {
        return Error::HeadersTooLarge { limit }.into_response();
    }
    // A form with files comes piece by piece; whoever reads it notices when it does not come on.
    let is_upload = multipart::is_form(request.headers());
    let limit = if is_upload { app.config.upload_timeout.0 } else { app.config.request_timeout.0 };
    match tokio::time::timeout(limit, next.run(request)).await {
        Ok(response) => response,
        Err(_) => Error::TimedOut { limit }.into_response(),
    }
}

/// A method that a client made up is none of its own: every label value is kept for good.
fn label(method: &Method) -> &str {
    let known = [
        Method::GET,
        Method::HEAD,
        Method::POST,
        Method::PUT,
        Method::PATCH,
        Method::DELETE,
        Method::OPTIONS,
        Method::TRACE,
        Method::CONNECT,
    ];
    if known.contains(method) { method.as_str() } else { "other" }
}

fn request_id(headers: &HeaderMap) -> String {
    let given = headers.get(REQUEST_ID).and_then(|id| id.to_str().ok());
    let fits = |id: &&str| {
        (1..=128).contains(&id.len())
            && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
    };
    given.filter(fits).map_or_else(|| Uuid::new_v4().to_string(), str::to_owned)
}

#[expect(clippy::needless_pass_by_value, reason = "what the layer hands over")]
fn panicked(cause: Box<dyn Any + Send>) -> Response {
    let text = cause.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| cause.downcast_ref::<&str>().copied()).unwrap_or("without a message");
    Error::internal(format_args!("a handler panicked: {text}")).into_response()
}
