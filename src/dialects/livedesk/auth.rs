//! Which credential LiveDesk takes: `base64(key:secret)` under the scheme Basic, or Bearer as older clients send it.

use axum::extract::{Request, State};
use axum::http::HeaderMap;
use axum::middleware::Next;
use axum::response::Response;
use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use crate::app::AppState;
use crate::domain::activity::Via;
use crate::domain::credential::CredentialKind;
use crate::error::Error;
use crate::http::authorization;
use crate::http::caller::Caller;

/// The longest credential that is looked at, in bytes.
const MAX_BYTES: usize = 1024;
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Puts the [`Caller`] into the request, or answers 401.
pub async fn authenticate(
    State(app): State<AppState>,
    mut request: Request,
    next: Next,
) -> Result<Response, Error> {
    let (key, secret) = credential(request.headers())?;
    let program = app.program(CredentialKind::ApiKey, &key, &secret).await?;
    let caller = Caller::from_program(&app, &program, Via::LiveDesk).await?;
    request.extensions_mut().insert(caller);
    Ok(next.run(request).await)
}

/// Key and secret.
fn credential(headers: &HeaderMap) -> Result<(String, String), Error> {
    let header = authorization::header(headers)?;
    let (scheme, payload) = header.ok_or(Error::Unauthenticated("there is none"))?;
    if !["basic", "bearer"].contains(&scheme.as_str()) {
        return Err(Error::Unauthenticated("neither the scheme Basic nor Bearer"));
    }
    if payload.len() > MAX_BYTES {
        return Err(Error::Unauthenticated("the credential is too long"));
    }
    let text = BASE64.decode(payload).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    let text = text.ok_or(Error::Unauthenticated("not the base64 of a text"))?;
    let (key, secret) = text.split_once(':').ok_or(Error::Unauthenticated("no colon"))?;
    Ok((key.to_owned(), secret.to_owned()))
}
