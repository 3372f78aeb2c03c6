//! Where the client believes the server to be: the base of URLs and the meaning of "same origin".

use std::net::SocketAddr;

use axum::http::header::{HOST, ORIGIN};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method};

/// The address at the other end of the connection.
#[derive(Debug, Clone, Copy)]
pub struct Peer(pub SocketAddr);

/// The server's base URL without a trailing slash: the setting, else what the request says. Forwarded
/// headers count only from a proxy on this machine.
pub fn base_url(setting: Option<&str>, parts: &Parts) -> String {
    if let Some(url) = setting {
        return url.trim_end_matches('/').to_owned();
    }
    let local = parts.extensions.get::<Peer>().is_some_and(|peer| peer.0.ip().is_loopback());
    let forwarded = |name| if local { text(&parts.headers, name) } else { None };
    let scheme = forwarded("x-forwarded-proto").unwrap_or("http");
    let host = forwarded("x-forwarded-host").or_else(|| text(&parts.headers, HOST.as_str()));
    let host = host.or_else(|| parts.uri.authority().map(axum::http::uri::Authority::as_str));
    format!("{scheme}://{}", host.unwrap_or("localhost"))
}

/// Whether a request that a cookie vouches for may have been made by another site: it is unsafe and
/// neither `Origin` nor, lacking that, `Sec-Fetch-Site` says that it is our own.
pub fn is_forgeable(setting: Option<&str>, parts: &Parts) -> bool {
    if [Method::GET, Method::HEAD, Method::OPTIONS, Method::TRACE].contains(&parts.method) {
        return false;
    }
    match text(&parts.headers, ORIGIN.as_str()) {
        Some(origin) => {
            origin_of(origin).is_none_or(|origin| Some(origin) != origin_of(&base_url(setting, parts)))
        }
        None => text(&parts.headers, "sec-fetch-site") != Some("same-origin"),
    }
}

/// Scheme, host and port of a URL, the default port filled in. Returns `None` for what is no URL.
fn origin_of(url: &str) -> Option<reqwest::Url> {
    let mut url = reqwest::Url::parse(url).ok()?;
    url.set_path("");
    url.set_query(None);
    Some(url)
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    // A chain of proxies appends; the first entry is the client's view.
    let value = headers.get(name)?.to_str().ok()?;
    Some(value.split(',').next().unwrap_or_default().trim()).filter(|value| !value.is_empty())
}
