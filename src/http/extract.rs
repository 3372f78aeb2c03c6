//! axum's extractors with [`Error`] as their rejection.

use std::convert::Infallible;

use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE, EXPECT};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue};
use http_body_util::BodyExt;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::error::Category;

use crate::app::AppState;
use crate::error::{Error, FieldError};

/// How many bytes beyond the limit are read and dropped.
pub(super) const DROPPED: usize = 32 << 20;

/// A JSON body. 415 for another content type, 413 beyond the limit, 400 for what is not JSON and 422
/// for JSON of the wrong shape.
#[derive(Debug)]
pub struct Body<T>(pub T);

impl<T: DeserializeOwned> FromRequest<AppState> for Body<T> {
    type Rejection = Error;

    async fn from_request(request: Request, app: &AppState) -> Result<Self, Error> {
        if !is_json(request.headers()) {
            return Err(Error::UnsupportedMediaType("application/json"));
        }
        let limit = app.config.max_body.0;
        let bytes = read(request, limit).await?;
        if bytes.is_empty() {
            return Err(Error::Unreadable("the body is empty".into()));
        }
        serde_json::from_slice(&bytes).map(Self).map_err(|error| {
            // A wrong shape is met before what breaks the syntax further on.
            let syntax = serde_json::from_slice::<IgnoredAny>(&bytes).err();
            json_error(&syntax.unwrap_or(error))
        })
    }
}

/// Reads a body of at most `limit` bytes. What is beyond is read on for a while and dropped, because a
/// client that is still writing may not see an answer before it is done.
pub async fn read(request: Request, limit: usize) -> Result<Vec<u8>, Error> {
    let (parts, mut body) = request.into_parts();
    let header = |name| parts.headers.get(name).and_then(|value| value.to_str().ok());
    let announced = header(CONTENT_LENGTH).and_then(|length| length.parse::<usize>().ok());
    let waits = header(EXPECT).is_some();
    if announced.is_some_and(|length| length > limit && (waits || length > limit.saturating_add(DROPPED))) {
        return Err(Error::TooLarge { limit });
    }
    let mut bytes = Vec::with_capacity(announced.unwrap_or_default().min(limit));
    let mut seen: usize = 0;
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| Error::Unreadable("the body broke off".into()))?;
        let Ok(data) = frame.into_data() else { continue };
        seen = seen.saturating_add(data.len());
        if seen > limit.saturating_add(DROPPED) {
            break;
        }
        if seen > limit {
            bytes = Vec::new();
        } else {
            bytes.extend_from_slice(&data);
        }
    }
    if seen > limit { Err(Error::TooLarge { limit }) } else { Ok(bytes) }
}

fn is_json(headers: &HeaderMap) -> bool {
    let text = headers.get(CONTENT_TYPE).map(HeaderValue::to_str);
    let Some(Ok(text)) = text else { return false };
    let essence = text.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    essence == "application/json" || essence.starts_with("application/") && essence.ends_with("+json")
}

fn json_error(error: &serde_json::Error) -> Error {
    match error.classify() {
        Category::Data => Error::Invalid(vec![FieldError {
            pointer: String::new(),
            code: "wrong_type",
            message: format!("the body has the wrong shape: {error}"),
        }]),
        Category::Syntax | Category::Eof | Category::Io => {
            Error::Unreadable(format!("the body is not JSON: {error}"))
        }
    }
}

/// A path parameter that is an id: an integer from 1 to 2^63-1. Anything else is an unknown id.
#[derive(Debug, Clone, Copy)]
pub struct PathId(Option<i64>);

impl PathId {
    /// Errors with 404 for what is no id.
    pub fn of(self, noun: &'static str) -> Result<i64, Error> {
        self.0.ok_or(Error::NotFound(noun))
    }

    fn read(text: &str) -> Self {
        let digits = Some(text).filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()));
        Self(digits.and_then(|text| text.parse().ok()).filter(|id| *id > 0))
    }
}

impl FromRequestParts<AppState> for PathId {
    type Rejection = Infallible;

    #[expect(clippy::disallowed_types, reason = "the one place that words its rejection")]
    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> Result<Self, Infallible> {
        let text = axum::extract::Path::<String>::from_request_parts(parts, app).await;
        Ok(text.map_or(Self(None), |text| Self::read(&text)))
    }
}

/// Two path parameters that are ids, in their order.
#[derive(Debug, Clone, Copy)]
pub struct PathIds(pub PathId, pub PathId);

impl FromRequestParts<AppState> for PathIds {
    type Rejection = Infallible;

    #[expect(clippy::disallowed_types, reason = "the one place that words its rejection")]
    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> Result<Self, Infallible> {
        let texts = axum::extract::Path::<(String, String)>::from_request_parts(parts, app).await;
        let (first, second) = texts.map(|axum::extract::Path(texts)| texts).unwrap_or_default();
        Ok(Self(PathId::read(&first), PathId::read(&second)))
    }
}

/// A path parameter that is a name.
#[derive(Debug, Clone)]
pub struct PathName(pub String);

impl FromRequestParts<AppState> for PathName {
    type Rejection = Error;

    #[expect(clippy::disallowed_types, reason = "the one place that words its rejection")]
    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> Result<Self, Error> {
        let text = axum::extract::Path::<String>::from_request_parts(parts, app).await;
        text.map(|axum::extract::Path(name)| Self(name)).map_err(|_| Error::RouteNotFound)
    }
}

/// The query string as its pairs, in their order; a handler reads the names it knows.
#[derive(Debug, Clone, Default)]
pub struct Query {
    pairs: Vec<(String, String)>,
    errors: Vec<FieldError>,
}

impl FromRequestParts<AppState> for Query {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &AppState) -> Result<Self, Error> {
        let query = parts.uri.query().unwrap_or_default();
        let pairs = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        Ok(Self { pairs, errors: Vec::new() })
    }
}

impl Query {
    /// The last value of a parameter; `None` where it is absent or empty.
    pub fn text(&self, name: &str) -> Option<&str> {
        let found = self.pairs.iter().rev().find(|(key, _)| key == name);
        found.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }

    /// Every value of a parameter, `name` and `name[]` alike, comma-separated ones apart.
    pub fn list(&self, name: &str) -> Vec<String> {
        let named = self.pairs.iter().filter(|(key, _)| key.strip_suffix("[]").unwrap_or(key) == name);
        let values = named.flat_map(|(_, value)| value.split(','));
        values.map(|value| value.trim().to_owned()).filter(|value| !value.is_empty()).collect()
    }

    /// `true`, `false`, `1` or `0`; the default where it is absent.
    pub fn flag(&mut self, name: &str, default: bool) -> bool {
        match self.text(name) {
            None => default,
            Some("true" | "1") => true,
            Some("false" | "0") => false,
            Some(_) => {
                self.refuse(name, "must be true or false");
                default
            }
        }
    }

    /// A whole number of a range; the default where it is absent.
    pub fn number(&mut self, name: &str, range: std::ops::RangeInclusive<i64>, default: i64) -> i64 {
        let Some(text) = self.text(name) else { return default };
        match text.parse::<i64>() {
            Ok(number) if range.contains(&number) => number,
            _ => {
                let (from, to) = (range.start(), range.end());
                self.refuse(name, &format!("must be a whole number from {from} to {to}"));
                default
            }
        }
    }

    /// Notes that a parameter's value is not allowed.
    pub fn refuse(&mut self, name: &str, message: &str) {
        let message = format!("{name} {message}");
        self.errors.push(FieldError { pointer: format!("?{name}"), code: "invalid", message });
    }

    /// Errors with 422 where any parameter was refused.
    pub fn check(self) -> Result<(), Error> {
        if self.errors.is_empty() { Ok(()) } else { Err(Error::Invalid(self.errors)) }
    }

    /// What was refused so far.
    pub fn into_errors(self) -> Vec<FieldError> {
        self.errors
    }
}
