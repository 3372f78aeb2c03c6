//! `GET /files/…`: the files behind signed links. No credential is asked for.

use std::ops::Range;

use axum::body::Body;
use axum::extract::{FromRequestParts, State};
use axum::http::header::{
    ACCEPT_RANGES, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_RANGE,
    CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, IF_NONE_MATCH, IF_RANGE, RANGE, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};

use super::extract::Query;
use super::links::percent_encoded;
use crate::app::AppState;
use crate::db::uploads;
use crate::domain::id::TenantId;
use crate::domain::upload::{Upload, UploadId};
use crate::error::Error;

/// What browsers may show by themselves: it runs no script.
const SHOWN: [&str; 6] =
    ["application/pdf", "image/gif", "image/jpeg", "image/png", "image/webp", "text/plain"];
/// The same whether the link is wrong, over, or leads nowhere.
const SHUT: Error = Error::Forbidden("the link is not valid, or has run out");

/// A link that counts: its signature is a credential of the tenant that it names.
#[derive(Debug)]
pub struct Link {
    tenant: TenantId,
    upload: UploadId,
}

impl FromRequestParts<AppState> for Link {
    type Rejection = Error;

    #[expect(clippy::disallowed_types, reason = "its rejection is dropped")]
    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> Result<Self, Error> {
        let path = axum::extract::Path::<(String, String, String)>::from_request_parts(parts, app).await;
        let axum::extract::Path((tenant, upload, _)) = path.map_err(|_| SHUT)?;
        let query = Query::from_request_parts(parts, app).await?;
        let tenant = TenantId(tenant.parse().map_err(|_| SHUT)?);
        let upload = UploadId::parse(&upload).ok_or(SHUT)?;
        let expires = query.text("expires").and_then(|text| text.parse().ok()).ok_or(SHUT)?;
        let given = (expires, query.text("signature").ok_or(SHUT)?);
        let counts = app.authority.link_key().counts(tenant, &upload, given, app.clock.now());
        if counts { Ok(Self { tenant, upload }) } else { Err(SHUT) }
    }
}

/// The file, or the part of it that is asked for.
pub async fn get(
    State(app): State<AppState>,
    link: Link,
    method: Method,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let upload =
        uploads::get_for_link(&mut app.db.tenant(link.tenant).connect().await?, &link.upload).await?;
    let upload = upload.ok_or(SHUT)?;
    let size = u64::try_from(upload.size_bytes).map_err(Error::internal)?;
    let mut answer = described(&upload)?;
    let tag = format!("\"{}\"", upload.sha256);
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    if text(IF_NONE_MATCH).is_some_and(|known| known == "*" || known.contains(&tag)) {
        return Ok((StatusCode::NOT_MODIFIED, answer).into_response());
    }
    // A part of something else would not fit to what the client has.
    let part = text(RANGE).filter(|_| text(IF_RANGE).is_none_or(|known| known == tag));
    let (status, range) = match part.map(|part| range_of(part, size)) {
        None | Some(Asked::All) => (StatusCode::OK, 0..size),
        Some(Asked::Part(range)) => (StatusCode::PARTIAL_CONTENT, range),
        Some(Asked::Nothing) => {
            let all = header(format!("bytes */{size}"))?;
            return Ok((StatusCode::RANGE_NOT_SATISFIABLE, [(CONTENT_RANGE, all)]).into_response());
        }
    };
    if status == StatusCode::PARTIAL_CONTENT {
        let last = range.end.saturating_sub(1);
        answer.insert(CONTENT_RANGE, header(format!("bytes {}-{last}/{size}", range.start))?);
    }
    let length = range.end - range.start;
    answer.insert(CONTENT_LENGTH, length.into());
    let body = if method == Method::HEAD || length == 0 {
        Body::empty()
    } else {
        Body::from_stream(app.storage.read(link.tenant, &upload.sha256, range).await?)
    };
    Ok((status, answer, body).into_response())
}

/// What every answer says of a file. Whatever it is, it runs nothing in the name of this server.
fn described(upload: &Upload) -> Result<HeaderMap, Error> {
    let is_shown = SHOWN.contains(&upload.content_type.as_str());
    let content_type = match upload.content_type.as_str() {
        "text/plain" => "text/plain; charset=utf-8",
        other => other,
    };
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, header(content_type)?);
    headers.insert(CONTENT_DISPOSITION, header(disposition(is_shown, &upload.name))?);
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static("sandbox; default-src 'none'"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("private"));
    headers.insert(ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    headers.insert(ETAG, header(format!("\"{}\"", upload.sha256))?);
    Ok(headers)
}

/// RFC 6266, with the name in both forms.
fn disposition(is_shown: bool, name: &str) -> String {
    let kind = if is_shown { "inline" } else { "attachment" };
    let plain = |sign: char| (sign.is_ascii_graphic() || sign == ' ') && !matches!(sign, '"' | '\\' | '%');
    let ascii: String = name.chars().map(|sign| if plain(sign) { sign } else { '_' }).collect();
    format!("{kind}; filename=\"{ascii}\"; filename*=UTF-8''{}", percent_encoded(name))
}

fn header(text: impl AsRef<str>) -> Result<HeaderValue, Error> {
    HeaderValue::from_str(text.as_ref()).map_err(Error::internal)
}

/// What part of a file is asked for.
#[derive(Debug, PartialEq, Eq)]
enum Asked {
    /// No part, several at once, or none that can be read: then the whole is right too (RFC 9110, section 14.2).
    All,
    Part(Range<u64>),
    /// One that begins behind its end.
    Nothing,
}

fn range_of(text: &str, size: u64) -> Asked {
    let Some((first, last)) = text.trim().strip_prefix("bytes=").and_then(|range| range.split_once('-'))
    else {
        return Asked::All;
    };
    let number = |text: &str| {
        let digits = text.trim();
        let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        // A number too large to be read is behind any end.
        is_number.then(|| digits.parse().unwrap_or(u64::MAX))
    };
    let range = match (number(first), number(last)) {
        (Some(first), Some(last)) if first <= last => first..last.saturating_add(1).min(size),
        (Some(first), None) if last.trim().is_empty() => first..size,
        (None, Some(count)) if first.trim().is_empty() => size.saturating_sub(count)..size,
        _ => return Asked::All,
    };
    if range.is_empty() { Asked::Nothing } else { Asked::Part(range) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_is_one_part_of_the_file() {
        let cases = [
            ("bytes=0-0", Asked::Part(0..1)),
            ("bytes=2-", Asked::Part(2..10)),
            ("bytes=2-99", Asked::Part(2..10)),
            ("bytes=-3", Asked::Part(7..10)),
            ("bytes=-99", Asked::Part(0..10)),
            ("bytes=10-", Asked::Nothing),
            ("bytes=-0", Asked::Nothing),
            ("bytes=99999999999999999999999-", Asked::Nothing),
            ("bytes=3-2", Asked::All),
            ("bytes=0-1,3-4", Asked::All),
            ("bytes=-", Asked::All),
            ("lines=1-2", Asked::All),
            ("bytes=+1-2", Asked::All),
        ];
        for (text, asked) in cases {
            assert_eq!(range_of(text, 10), asked, "{text}");
        }
        assert_eq!(range_of("bytes=0-", 0), Asked::Nothing);
    }

    #[test]
    fn a_name_stands_in_both_forms() {
        let header = disposition(false, "Zähler \"1\".pdf");
        let wanted = "attachment; filename=\"Z_hler _1_.pdf\"; filename*=UTF-8''Z%C3%A4hler%20%221%22.pdf";
        assert_eq!(header, wanted);
        assert!(disposition(true, "a.png").starts_with("inline; filename=\"a.png\""));
    }
}
