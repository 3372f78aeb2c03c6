//! The header `Prefer` (RFC 7240): how strict the client wants us to be.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

/// What the client prefers.
#[derive(Debug, Clone, Copy)]
pub struct Prefer {
    /// Unknown members are an error rather than a warning.
    pub strict: bool,
}

impl<S: Sync> FromRequestParts<S> for Prefer {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let headers = parts.headers.get_all("prefer").iter().filter_map(|header| header.to_str().ok());
        let mut preferences = headers.flat_map(|header| header.split([',', ';']));
        let strict = preferences.any(|preference| {
            let (name, value) = preference.split_once('=').unwrap_or((preference, ""));
            name.trim().eq_ignore_ascii_case("handling")
                && value.trim().trim_matches('"').eq_ignore_ascii_case("strict")
        });
        Ok(Self { strict })
    }
}
