//! A client of one tenant. Every answer that it sees is held against the OpenAPI document.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Method, RequestBuilder};
use serde_json::Value;

use super::contract;
use super::server::{Server, token};

/// Somebody who talks to a server.
#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    base: String,
    /// The tenant's slug.
    pub tenant: String,
    /// What it says in `Authorization`.
    authorization: Option<String>,
    headers: HeaderMap,
}

/// An answer.
#[derive(Debug, Clone)]
pub struct Reply {
    pub status: u16,
    pub headers: HeaderMap,
    /// Null where the body is not JSON.
    pub body: Value,
    pub text: String,
}

impl Reply {
    /// A header; empty where there is none.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map(|value| value.to_str().unwrap()).unwrap_or_default()
    }

    /// The pointers of what is wrong, in their order.
    pub fn pointers(&self) -> Vec<&str> {
        self.named("errors")
    }

    /// The pointers of what was ignored.
    pub fn warnings(&self) -> Vec<&str> {
        self.named("warnings")
    }

    fn named(&self, list: &str) -> Vec<&str> {
        let items = self.body[list].as_array().into_iter().flatten();
        items.map(|item| item["pointer"].as_str().unwrap()).collect()
    }
}

impl Client {
    pub fn new(base: &str, tenant: &str, token: Option<String>) -> Self {
        Self {
            http: reqwest::Client::new(),
            base: base.into(),
            tenant: tenant.into(),
            authorization: token.map(|token| format!("Bearer {token}")),
            headers: HeaderMap::new(),
        }
    }

    /// The same with another token.
    pub fn with_token(&self, token: &str) -> Self {
        self.with_authorization(format!("Bearer {token}"))
    }

    /// The same with another credential of any scheme.
    pub fn with_authorization(&self, authorization: String) -> Self {
        Self { authorization: Some(authorization), ..self.clone() }
    }

    /// The same without a credential.
    pub fn without_token(&self) -> Self {
        Self { authorization: None, ..self.clone() }
    }

    /// A program of the tenant that speaks LiveDesk, by a key of its own. For a server on the shared database.
    pub fn livedesk(&self) -> Self {
        let key = Server::shared().new_api_key(&self.tenant);
        self.with_authorization(format!("Basic {}", BASE64_STANDARD.encode(key)))
    }

    /// A program of the tenant that speaks SocialBoards, by an access token. For a server on the shared database.
    pub async fn socialboards(&self) -> Self {
        let (client, token) = Server::shared().new_refresh_token(&self.tenant);
        let form = [("grant_type", "refresh_token"), ("client_id", &client), ("refresh_token", &token)];
        let granted = self.without_token().form("/socialboards/token", &form).await;
        assert_eq!(granted.status, 200, "{}", granted.text);
        self.with_token(granted.body["access_token"].as_str().unwrap())
    }

    /// Somebody else of the same tenant: `sub` is an agent's id, or `integration:NAME`.
    pub fn acting_as(&self, sub: &str, role: &str) -> Self {
        self.with_token(&token(&self.tenant, sub, role))
    }

    /// What it says in `Authorization`, for a request that is written by hand.
    pub fn authorization(&self) -> String {
        self.authorization.clone().unwrap_or_default()
    }

    /// The same with a header on every request.
    pub fn with_header(&self, name: &'static str, value: &str) -> Self {
        let mut headers = self.headers.clone();
        headers.insert(HeaderName::from_static(name), HeaderValue::from_str(value).unwrap());
        Self { headers, ..self.clone() }
    }

    pub async fn get(&self, path: &str) -> Reply {
        self.send(Method::GET, path, |request| request).await
    }

    /// The status alone; `None` where the connection broke.
    pub async fn try_get(&self, path: &str) -> Option<u16> {
        let request = self.http.get(format!("{}{path}", self.base)).headers(self.headers.clone());
        request.send().await.ok().map(|response| response.status().as_u16())
    }

    pub async fn post(&self, path: &str, body: Value) -> Reply {
        self.send(Method::POST, path, |request| request.json(&body)).await
    }

    pub async fn patch(&self, path: &str, body: Value) -> Reply {
        self.send(Method::PATCH, path, |request| request.json(&body)).await
    }

    pub async fn put(&self, path: &str, body: Value) -> Reply {
        self.send(Method::PUT, path, |request| request.json(&body)).await
    }

    /// A body as it is, with a content type.
    pub async fn raw(
        &self,
        method: Method,
        path: &str,
        content_type: &str,
        body: impl Into<Vec<u8>>,
    ) -> Reply {
        let body = body.into();
        self.send(method, path, |request| request.header("content-type", content_type).body(body)).await
    }

    /// A form.
    pub async fn form(&self, path: &str, fields: &[(&str, &str)]) -> Reply {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        self.raw(Method::POST, path, "application/x-www-form-urlencoded", body).await
    }

    /// Any request; `make` adds what it needs.
    pub async fn send(
        &self,
        method: Method,
        path: &str,
        make: impl FnOnce(RequestBuilder) -> RequestBuilder,
    ) -> Reply {
        let request = self.http.request(method.clone(), format!("{}{path}", self.base));
        let request = request.headers(self.headers.clone());
        let request = match &self.authorization {
            Some(authorization) => request.header(AUTHORIZATION, authorization),
            None => request,
        };
        let response = make(request).send().await.expect("the server answers");
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let text = response.text().await.expect("the answer is text");
        let body = serde_json::from_str(&text).unwrap_or_default();
        let reply = Reply { status, headers, body, text };
        contract::check(&method, path, &reply);
        reply
    }

    /// A ticket's id, made with the given members besides the channel.
    pub async fn new_ticket(&self, members: Value) -> i64 {
        let mut body = serde_json::json!({ "channel": "email" });
        body.as_object_mut().unwrap().extend(members.as_object().cloned().unwrap_or_default());
        let made = self.post("/api/mind/ticket", body).await;
        assert_eq!(made.status, 200, "{}", made.text);
        made.body["id"].as_i64().unwrap()
    }

    /// A ticket as an integration sees it: no view is noted.
    pub async fn ticket(&self, id: i64) -> Value {
        let seen = self.get(&format!("/api/mind/ticket/{id}?viewing=false&includeRawData=true")).await;
        assert_eq!(seen.status, 200, "{}", seen.text);
        seen.body
    }

    /// A tag's id, made with the given members besides name and type.
    pub async fn new_tag(&self, members: Value) -> i64 {
        let mut body = serde_json::json!({ "name": "A tag", "type": "skill" });
        body.as_object_mut().unwrap().extend(members.as_object().cloned().unwrap_or_default());
        let made = self.post("/api/mind/tag", body).await;
        assert_eq!(made.status, 200, "{}", made.text);
        made.body["id"].as_i64().unwrap()
    }

    /// A person's id, made with this role.
    pub async fn new_agent(&self, email: &str, role: &str) -> i64 {
        let body =
            serde_json::json!({ "firstName": "Eva", "lastName": "Beispiel", "email": email, "role": role });
        let made = self.post("/api/mind/profile", body).await;
        assert_eq!(made.status, 200, "{}", made.text);
        made.body["id"].as_i64().unwrap()
    }
}
