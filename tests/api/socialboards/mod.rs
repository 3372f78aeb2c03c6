//! The SocialBoards dialect.

mod auth;
mod bad_input;
mod create;
mod easy_to_miss;
mod lists;
mod notes;
mod races;
mod replies;
mod routes;
mod statements;

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Client, Reply, Server};

/// A tenant, seen by its administrator through Mind and by a program through SocialBoards.
pub struct Desk {
    pub acme: Client,
    program: Client,
}

impl Desk {
    /// A fresh tenant of the shared server.
    pub async fn new() -> Self {
        Self::of(Server::shared()).await
    }

    /// A fresh tenant of any server.
    pub async fn of(server: &Server) -> Self {
        let acme = server.new_tenant().await;
        let issued = server.running.create_refresh_token(&acme.tenant, "crm").await;
        let (client, secret) = issued.unwrap_or_else(|_| panic!("a refresh token is issued"));
        let form = format!("grant_type=refresh_token&refresh_token={secret}&client_id={client}");
        let stranger = server.stranger();
        let answer = stranger
            .raw(Method::POST, "/socialboards/token", "application/x-www-form-urlencoded", form)
            .await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        let program = acme.with_token(answer.body["access_token"].as_str().unwrap());
        Self { acme, program }
    }

    /// A tenant with everything that the example of the reference names. Its GUIDs are the server's to give.
    pub async fn furnished() -> (Self, String) {
        let desk = Self::new().await;
        desk.set(
            "categories",
            json!([
                { "id": 15590, "name": "Cars" },
                { "id": 15597, "name": "New cars", "parentId": 15590 },
            ]),
        )
        .await;
        let field = json!([{ "id": 42623, "name": "City", "type": "select", "options": ["Oslo", "Bergen"] }]);
        desk.set("customFields", field).await;
        let eva = desk.teammate("eva@example.com").await;
        (desk, eva)
    }

    pub async fn get(&self, path: &str) -> Reply {
        self.send(Method::GET, path, None).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Reply {
        self.send(Method::POST, path, Some(body)).await
    }

    pub async fn patch(&self, path: &str, body: Value) -> Reply {
        self.send(Method::PATCH, path, Some(body)).await
    }

    pub async fn put(&self, path: &str, body: Value) -> Reply {
        self.send(Method::PUT, path, Some(body)).await
    }

    pub async fn delete(&self, path: &str) -> Reply {
        self.send(Method::DELETE, path, None).await
    }

    /// A body as it is.
    pub async fn raw(
        &self,
        method: Method,
        path: &str,
        content_type: &str,
        body: impl Into<Vec<u8>>,
    ) -> Reply {
        checked(self.program.raw(method, &format!("/socialboards{path}"), content_type, body).await)
    }

    pub async fn send(&self, method: Method, path: &str, body: Option<Value>) -> Reply {
        let path = format!("/socialboards{path}");
        let reply = self.program.send(method, &path, |request| match &body {
            Some(body) => request.json(body),
            None => request,
        });
        checked(reply.await)
    }

    /// What succeeds, without its envelope.
    pub async fn done(&self, method: Method, path: &str, body: Option<Value>) -> Value {
        let reply = self.send(method, path, body).await;
        assert_eq!(reply.status, 200, "{}", reply.text);
        reply.body["data"].clone()
    }

    /// A ticket's id, made with these members besides message and creator.
    pub async fn new_ticket(&self, members: Value) -> i64 {
        let mut body = json!({ "message": "Hello", "creator": { "email": "bill@example.com" } });
        body.as_object_mut().unwrap().extend(members.as_object().cloned().unwrap());
        self.done(Method::POST, "/tickets", Some(body)).await.as_i64().unwrap()
    }

    pub async fn ticket(&self, id: i64) -> Value {
        self.done(Method::GET, &format!("/tickets/{id}"), None).await
    }

    /// Sets one of the tenant's settings.
    pub async fn set(&self, name: &str, value: Value) {
        let set = self.acme.put(&format!("/api/mind/settings/{name}"), value).await;
        assert_eq!(set.status, 200, "{}", set.text);
    }

    /// The GUID of a new teammate called Eva Beispiel.
    pub async fn teammate(&self, email: &str) -> String {
        self.acme.new_agent(email, "agent").await;
        let all = self.done(Method::GET, "/teammates", None).await;
        let mut found = all.as_array().unwrap().iter().filter(|one| one["email"] == email);
        found.next().unwrap()["id"].as_str().unwrap().to_owned()
    }
}

/// Every answer is in the envelope, and says twice whether it is a success.
fn checked(reply: Reply) -> Reply {
    let body = reply.body.as_object().unwrap_or_else(|| panic!("no envelope: {}", reply.text));
    let names: Vec<&str> = body.keys().map(String::as_str).collect();
    assert_eq!(names, ["data", "errorCode", "errorText"], "{}", reply.text);
    assert_eq!(reply.header("content-type"), "application/json");
    if reply.status == 200 {
        assert_eq!((&body["errorCode"], &body["errorText"]), (&json!(-1), &Value::Null));
    } else {
        assert!(body["errorCode"].as_i64().unwrap() > 0, "{}", reply.text);
        assert!(body["data"].is_null() && body["errorText"].is_string(), "{}", reply.text);
    }
    reply
}

/// A refusal's status, code and text.
pub fn refusal(reply: &Reply) -> (u16, i64, &str) {
    let (code, text) = (&reply.body["errorCode"], &reply.body["errorText"]);
    (reply.status, code.as_i64().unwrap(), text.as_str().unwrap())
}

/// The same with ids and instants replaced wherever they stand.
pub fn redacted(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let members = members.iter().map(|(name, value)| {
                let is_id = ["id", "ticketId", "parentReplyId"].contains(&name.as_str());
                let is_time = name == "time" || name.ends_with("Time");
                if is_time {
                    let text = value.as_str().unwrap();
                    assert!(text.len() == 33 && text.ends_with("+00:00"), "{text}");
                }
                let hide = (is_id || is_time) && !value.is_null();
                (name.clone(), if hide { json!("*") } else { redacted(value) })
            });
            Value::Object(members.collect())
        }
        Value::Array(items) => items.iter().map(redacted).collect(),
        value => value.clone(),
    }
}

/// A client as the dialect shows them.
pub fn client(name: &str, email: Option<&str>) -> Value {
    json!({
        "id": "*", "name": name, "email": email, "image": null, "isBot": false, "status": "client",
        "customIdentifier": null,
    })
}

/// Eva, the teammate.
pub fn eva() -> Value {
    json!({
        "id": "*", "name": "Eva Beispiel", "email": "eva@example.com", "image": null, "isBot": false,
        "status": "team", "customIdentifier": null,
    })
}

/// A ticket of Bill's that says nothing but hello.
pub fn plain_ticket() -> Value {
    json!({
        "id": "*", "title": "", "message": "Hello", "htmlMessage": "Hello",
        "author": client("bill@example.com", Some("bill@example.com")), "category": null, "creationTime": "*",
        "lastThreadElementCreationTime": "*", "customFields": [], "lockedBy": null, "originalLink": "",
        "properties": {
            "isAnonymized": false, "isMuted": false, "hasAttachments": false, "hasDraft": false,
            "isAssignedToBot": false, "isDeleted": false, "isExpired": false, "isHidden": false, "isLocked": false,
            "isSpam": false, "isSensitive": false,
        },
        "replyCount": 0, "isMuted": false, "sentiment": null, "source": "email", "detailedSource": "email_message",
        "sourceName": null, "status": "open", "tags": [], "attachments": [],
    })
}
