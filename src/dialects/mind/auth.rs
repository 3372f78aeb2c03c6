//! Which credential Mind takes: a bearer JWT, or the same JWT in a cookie.

use axum::extract::{Request, State};
use axum::http::header::COOKIE;
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::Response;

use crate::app::AppState;
use crate::domain::activity::Via;
use crate::error::Error;
use crate::http::caller::Caller;
use crate::http::{authorization, origin};

/// The cookies that may hold the token, the first wins.
const COOKIES: [&str; 2] = ["token", "connect.sid"];

/// Puts the [`Caller`] into the request, or answers 401. A bearer wins over a cookie; a cookie counts
/// on an unsafe method only from our own pages.
pub async fn authenticate(
    State(app): State<AppState>,
    request: Request,
    next: Next,
) -> Result<Response, Error> {
    let (mut parts, body) = request.into_parts();
    let caller = caller(&app, &parts).await?;
    if parts.headers.contains_key("x-enneo-on-behalf-of") {
        return Err(Error::Forbidden("acting on behalf of somebody is not available"));
    }
    parts.extensions.insert(caller);
    Ok(next.run(Request::from_parts(parts, body)).await)
}

async fn caller(app: &AppState, parts: &Parts) -> Result<Caller, Error> {
    let now = app.clock.now();
    if let Some(token) = bearer(parts)? {
        let claims = app.authority.verify(token, now).await?;
        return Caller::from_claims(app, &claims, Via::Mind).await;
    }
    let token = cookie(parts).ok_or(Error::Unauthenticated("there is none"))?;
    let claims = app.authority.verify(&token, now).await?;
    let caller = Caller::from_claims(app, &claims, Via::Mind).await?;
    if origin::is_forgeable(app.config.public_url.as_deref(), parts) {
        return Err(Error::Forbidden("a cookie counts only for requests of the same origin"));
    }
    Ok(caller)
}

fn bearer(parts: &Parts) -> Result<Option<&str>, Error> {
    match authorization::header(&parts.headers)? {
        None => Ok(None),
        Some((scheme, token)) if scheme == "bearer" => Ok(Some(token)),
        Some(_) => Err(Error::Unauthenticated("not the scheme Bearer")),
    }
}

fn cookie(parts: &Parts) -> Option<String> {
    let headers = parts.headers.get_all(COOKIE).iter();
    let cookies: Vec<(&str, &str)> = headers
        .filter_map(|header| header.to_str().ok())
        .flat_map(|header| header.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .collect();
    let named = |name| cookies.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
    COOKIES.into_iter().find_map(named)
}
