//! `POST /token`: OAuth's refresh of an access token, outside the envelope.

use axum::Extension;
use axum::extract::{Request, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::AppState;
use crate::domain::credential::CredentialKind;
use crate::error::Error;
use crate::http::Worded;
use crate::http::authorization::Claims;
use crate::http::extract;
use crate::http::json::Json;

/// The longest body, in bytes.
const MAX_BODY: usize = 16 * 1024;
const LIFETIME: SignedDuration = SignedDuration::from_hours(1);

/// An access token.
#[derive(Debug, Serialize, ToSchema)]
pub struct TokenAnswer {
    #[schema(example = "eyJhbGciOiJIUzI1NiJ9.e30.c2ln")]
    access_token: String,
    /// Always `bearer`.
    #[schema(example = "bearer")]
    token_type: &'static str,
    /// Seconds.
    #[schema(example = 3599)]
    expires_in: i32,
    /// The one that was sent: it stays valid.
    refresh_token: String,
}

/// What to exchange for an access token.
#[derive(Debug, Deserialize, ToSchema)]
#[expect(dead_code, reason = "it describes the form, which is read by hand: one name has two spellings")]
pub struct TokenRequest {
    /// `refresh_token`; `grand_type` is read too.
    #[schema(example = "refresh_token")]
    grant_type: String,
    #[schema(example = "hWmVDSUWPyg6uI6BVIvMOhTjv0EyYxNTrWbyoOJLYkQ")]
    refresh_token: String,
    #[schema(example = "client_1_9f86d081884c7d65")]
    client_id: String,
}

/// Why there is none (RFC 6749, section 5.2).
#[derive(Debug, Serialize, ToSchema)]
pub struct Refusal {
    /// `invalid_request`, `invalid_grant` or `unsupported_grant_type`.
    #[schema(example = "invalid_grant")]
    error: &'static str,
    #[schema(example = "client_id or refresh_token is not valid")]
    error_description: &'static str,
}

/// Get an access token.
///
/// It lives for an hour, or until its refresh token is revoked.
#[utoipa::path(post, path = "/token", tag = "token",
    request_body(content = TokenRequest, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = OK, description = "The token", body = TokenAnswer),
        (status = BAD_REQUEST, description = "Not a grant that counts", body = Refusal),
        (status = PAYLOAD_TOO_LARGE, description = "The body is larger than 16 kB", body = Refusal),
        (status = UNSUPPORTED_MEDIA_TYPE, description = "The body is no form", body = Refusal),
    ))]
pub async fn create(State(app): State<AppState>, request: Request) -> Result<Response, Error> {
    let invalid = |status, description| Ok(refuse(status, "invalid_request", description));
    if !is_form(request.headers().get(CONTENT_TYPE)) {
        let said = "the content type must be application/x-www-form-urlencoded";
        return invalid(StatusCode::UNSUPPORTED_MEDIA_TYPE, said);
    }
    let body = match extract::read(request, MAX_BODY).await {
        Ok(body) => body,
        Err(Error::TooLarge { .. }) => {
            return invalid(StatusCode::PAYLOAD_TOO_LARGE, "the body is larger than 16 kB");
        }
        Err(_) => return invalid(StatusCode::BAD_REQUEST, "the body cannot be read"),
    };
    let form: Vec<(String, String)> = form_urlencoded::parse(&body).into_owned().collect();
    let field = |name: &str| {
        let found = form.iter().find(|(known, _)| known == name).map(|(_, value)| value.trim());
        found.filter(|value| !value.is_empty())
    };
    match field("grant_type").or_else(|| field("grand_type")) {
        Some("refresh_token") => {}
        Some(_) => {
            let said = "grant_type must be refresh_token";
            return Ok(refuse(StatusCode::BAD_REQUEST, "unsupported_grant_type", said));
        }
        None => return invalid(StatusCode::BAD_REQUEST, "grant_type is required"),
    }
    let (Some(client), Some(secret)) = (field("client_id"), field("refresh_token")) else {
        return invalid(StatusCode::BAD_REQUEST, "client_id and refresh_token are required");
    };
    let program = match app.program(CredentialKind::RefreshToken, client, secret).await {
        Ok(program) => program,
        Err(Error::Unauthenticated(_)) => {
            let said = "client_id or refresh_token is not valid";
            return Ok(refuse(StatusCode::BAD_REQUEST, "invalid_grant", said));
        }
        Err(error) => return Err(error),
    };
    let claims = Claims {
        tenant: program.slug.clone(),
        sub: format!("integration:{}", program.name),
        role: "integration".to_owned(),
        exp: 0,
        iat: None,
        nbf: None,
        user_id: None,
        client: Some(program.id.clone()),
    };
    let access_token = app.authority.sign(claims, app.clock.now(), LIFETIME)?;
    let refresh_token = secret.to_owned();
    // As the original says it.
    let access = TokenAnswer { access_token, token_type: "bearer", expires_in: 3599, refresh_token };
    Ok(([(CACHE_CONTROL, "no-store")], Json(access)).into_response())
}

fn refuse(status: StatusCode, error: &'static str, error_description: &'static str) -> Response {
    let body = Json(Refusal { error, error_description });
    (status, [(CACHE_CONTROL, "no-store")], Extension(Worded), body).into_response()
}

fn is_form(content_type: Option<&HeaderValue>) -> bool {
    let Some(Ok(text)) = content_type.map(HeaderValue::to_str) else { return false };
    let essence = text.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/x-www-form-urlencoded")
}
