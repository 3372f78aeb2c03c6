//! Which credential SocialBoards takes: an access token of its own, or the headers of its first version.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;

use crate::app::AppState;
use crate::domain::activity::Via;
use crate::domain::credential::CredentialKind;
use crate::error::Error;
use crate::http::authorization;
use crate::http::caller::Caller;

/// Puts the [`Caller`] into the request, or answers 401. A bearer wins over the headers of the first version.
pub async fn authenticate(
    State(app): State<AppState>,
    mut request: Request,
    next: Next,
) -> Result<Response, Error> {
    let caller = caller(&app, request.headers()).await?;
    request.extensions_mut().insert(caller);
    Ok(next.run(request).await)
}

async fn caller(app: &AppState, headers: &HeaderMap) -> Result<Caller, Error> {
    let kind = CredentialKind::RefreshToken;
    match authorization::header(headers)? {
        Some((scheme, token)) if scheme == "bearer" => {
            let claims = app.authority.verify(token, app.clock.now()).await?;
            let client = claims.client.as_deref();
            let client = client.ok_or(Error::Unauthenticated("a token of another dialect"))?;
            let program = app.signed_program(kind, client).await?;
            if program.slug != claims.tenant {
                return Err(Error::Unauthenticated("a token of another tenant"));
            }
            Caller::from_program(app, &program, Via::SocialBoards).await
        }
        Some(_) => Err(Error::Unauthenticated("not the scheme Bearer")),
        None => {
            let text = |name| headers.get(name).map(HeaderValue::to_str).and_then(Result::ok);
            let (Some(community), Some(token)) = (text("community"), text("x-token")) else {
                return Err(Error::Unauthenticated("there is none"));
            };
            let program = app.program_of(kind, community.trim(), token.trim()).await?;
            let caller = Caller::from_program(app, &program, Via::SocialBoards).await?;
            if !caller.settings.socialboards_v1 {
                return Err(Error::Unauthenticated("the first version is off"));
            }
            Ok(caller)
        }
    }
}
