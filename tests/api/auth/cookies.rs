//! The token in a cookie, and requests of other sites.

use serde_json::json;

use crate::support::{Client, Server, sign};

use super::{READ, TICKET, assert_accepted, assert_forbidden, assert_refused, claims, create};

#[tokio::test]
async fn a_token_in_either_cookie_is_read() {
    let acme = Server::shared().new_tenant().await;
    let token = sign(&claims(&acme.tenant));
    let stranger = acme.without_token();
    for cookie in [
        format!("token={token}"),
        format!("connect.sid={token}"),
        format!("theme=dark; connect.sid={token}; lang=de"),
        format!("token={token}; connect.sid=nonsense"),
    ] {
        assert_accepted(&stranger.with_header("cookie", &cookie).get(READ).await);
    }
    for cookie in ["token=", "token", "other=1", "token=nonsense"] {
        assert_refused(&stranger.with_header("cookie", cookie).get(READ).await);
    }
    assert_refused(&stranger.with_header("cookie", &format!("Token={token}")).get(READ).await);
}

#[tokio::test]
async fn a_bearer_token_wins_over_a_cookie() {
    let server = Server::shared();
    let (acme, zeta) = (server.new_tenant().await, server.new_tenant().await);
    let id = acme.new_ticket(json!({})).await;
    let cookie = format!("token={}", sign(&claims(&zeta.tenant)));
    let both = acme.with_header("cookie", &cookie);
    assert_accepted(&both.get(&format!("{TICKET}/{id}")).await);

    // A bearer that does not count is not made up for by a cookie that does.
    let cookie = format!("token={}", sign(&claims(&acme.tenant)));
    let worse = acme.with_token("nonsense").with_header("cookie", &cookie);
    assert_refused(&worse.get(READ).await);

    // A bearer is not a browser's: the origin does not matter.
    let elsewhere = both.with_header("origin", "https://evil.example");
    assert_accepted(&elsewhere.post(TICKET, json!({ "channel": "email" })).await);
}

/// A browser that is signed in by cookie.
fn browser(acme: &Client) -> Client {
    acme.without_token().with_header("cookie", &format!("token={}", sign(&claims(&acme.tenant))))
}

#[tokio::test]
async fn a_cookie_counts_on_an_unsafe_method_only_from_the_same_origin() {
    let server = Server::shared();
    let acme = server.new_tenant().await;
    let browser = browser(&acme);
    let host = server.url.strip_prefix("http://").unwrap();
    let port = host.rsplit_once(':').unwrap().1;

    assert_accepted(&create(&browser.with_header("origin", &server.url)).await);
    assert_accepted(&create(&browser.with_header("sec-fetch-site", "same-origin")).await);
    for origin in [
        "https://evil.example",
        "null",
        "http://127.0.0.1",
        &format!("https://{host}"),
        &format!("http://{host}.evil.example"),
        &format!("http://localhost:{port}"),
        host,
    ] {
        let elsewhere = browser.with_header("origin", origin);
        assert_forbidden(&create(&elsewhere).await);
        // What the fetch metadata says does not make up for a foreign origin.
        assert_forbidden(&create(&elsewhere.with_header("sec-fetch-site", "same-origin")).await);
        assert_accepted(&elsewhere.get(READ).await);
    }
    assert_forbidden(&create(&browser).await);
    for site in ["cross-site", "same-site", "none", ""] {
        assert_forbidden(&create(&browser.with_header("sec-fetch-site", site)).await);
    }
    let elsewhere = browser.with_header("origin", "https://evil.example");
    assert_forbidden(&elsewhere.patch(TICKET, json!([])).await);
    assert_forbidden(&elsewhere.put("/api/mind/settings/timeZone", json!("UTC")).await);
    assert_accepted(&browser.get(READ).await);
}

#[tokio::test]
async fn a_proxy_on_this_machine_may_say_what_the_origin_is() {
    let acme = Server::shared().new_tenant().await;
    let browser = browser(&acme).with_header("origin", "https://desk.example");
    assert_forbidden(&create(&browser).await);
    let proxied =
        browser.with_header("x-forwarded-proto", "https").with_header("x-forwarded-host", "desk.example");
    assert_accepted(&create(&proxied).await);
    // A chain of proxies appends.
    let chained = proxied.with_header("x-forwarded-host", "desk.example, inner.example");
    assert_accepted(&create(&chained.with_header("x-forwarded-proto", "https,http")).await);
    assert_forbidden(&create(&proxied.with_header("origin", "http://desk.example")).await);
    assert_forbidden(&create(&proxied.with_header("x-forwarded-host", "other.example")).await);
}

#[tokio::test]
async fn the_public_url_says_what_the_origin_is() {
    for url in ["https://desk.example", "https://desk.example/", "https://desk.example/helpdesk/"] {
        let server = Server::with(&["--public-url", url]).await;
        let acme = server.new_tenant().await;
        let browser = browser(&acme);
        assert_accepted(&create(&browser.with_header("origin", "https://desk.example")).await);
        assert_forbidden(&create(&browser.with_header("origin", &server.url)).await);
        let proxied = browser.with_header("x-forwarded-host", "evil.example");
        assert_forbidden(&create(&proxied.with_header("origin", "http://evil.example")).await);
    }
}
