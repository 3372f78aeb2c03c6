//! The OpenAPI 3.1 document: what the routes say of themselves, and what holds for all of them.

use serde_json::{Map, Value, json};
use utoipa::OpenApi;

use super::error::Problem;
use super::{PREFIX, public_routes, routes};
use crate::app::AppState;
use utoipa_axum::router::OpenApiRouter;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Tessera: Mind API",
        description = "Tickets, and what they refer to.\n\nErrors are `application/problem+json` and name every bad field by its JSON pointer. Unknown query parameters are ignored.",
        license(name = "Apache-2.0", identifier = "Apache-2.0")
    ),
    tags(
        (name = "ticket", description = "Tickets"),
        (name = "tag", description = "Tags"),
        (name = "intent", description = "What the senders of tickets want"),
        (name = "aiAgent", description = "What is found in tickets, and how"),
        (name = "customer", description = "The directory's customers"),
        (name = "contract", description = "The directory's contracts"),
        (name = "subchannel", description = "Mailboxes, lines, chats and forms"),
        (name = "profile", description = "People"),
        (name = "settings", description = "A tenant's own settings"),
        (name = "service", description = "The server itself"),
    ),
    components(schemas(Problem))
)]
struct Skeleton;

/// The document.
pub fn document() -> Value {
    let router = OpenApiRouter::<AppState>::with_openapi(Skeleton::openapi());
    let (_, private) = OpenApiRouter::<AppState>::new().merge(routes()).split_for_parts();
    let (_, api) = router.merge(routes()).merge(public_routes()).split_for_parts();
    // A document that was built by types always becomes JSON.
    let mut document = serde_json::to_value(&api).unwrap_or_default();
    document["servers"] = json!([{ "url": PREFIX }]);
    document["components"]["securitySchemes"] = json!({
        "bearerAuth": { "type": "http", "scheme": "bearer", "bearerFormat": "JWT" },
        "cookieAuth": {
            "type": "apiKey", "in": "cookie", "name": "token",
            "description": "The same JWT; the cookie `connect.sid` is read too. On an unsafe method it counts only from the same origin",
        },
    });
    let members = document.get_mut("paths").and_then(Value::as_object_mut).into_iter().flatten();
    for (path, item) in members {
        let is_private = private.paths.paths.contains_key(path);
        for (_, operation) in item.as_object_mut().into_iter().flatten() {
            complete(operation, is_private);
        }
    }
    document
}

/// Adds to an operation what every one of its kind has.
fn complete(operation: &mut Value, is_private: bool) {
    let has_body = operation.get("requestBody").is_some();
    // A handler is named by its verb alone; its folder, the tag, says of what.
    let (verb, noun) = (text(&operation["operationId"]), text(&operation["tags"][0]));
    operation["operationId"] = format!("{verb}_{noun}").into();
    let mut errors = vec![(431, "The header block is larger than 32 kB"), (500, "A fault of the server")];
    if is_private {
        operation["security"] = json!([{ "bearerAuth": [] }, { "cookieAuth": [] }]);
        errors.extend([
            (401, "No valid credentials"),
            (403, "Known, but not allowed"),
            (422, "Not valid; every bad field is named"),
            (503, "The database is not available, or the request took longer than 30 s"),
        ]);
    } else {
        operation["security"] = json!([]);
        errors.push((503, "The server is not available"));
    }
    if has_body {
        errors.extend([
            (400, "The body cannot be read as JSON"),
            (413, "The body is larger than 10 MB"),
            (415, "The content type is not application/json"),
        ]);
    }
    let Some(responses) = operation.get_mut("responses").and_then(Value::as_object_mut) else { return };
    for (status, description) in errors {
        responses.entry(status.to_string()).or_insert_with(|| json!({ "description": description }));
    }
    for (status, response) in responses.iter_mut() {
        finish(status, response);
    }
    responses.sort_keys();
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// Adds to a response the headers that it has, and to an error its body.
fn finish(status: &str, response: &mut Value) {
    let Some(response) = response.as_object_mut() else { return };
    let is_error = status >= "400";
    if is_error && !response.contains_key("content") {
        let schema = json!({ "$ref": "#/components/schemas/Problem" });
        response.insert("content".into(), json!({ "application/problem+json": { "schema": schema } }));
    }
    let headers = response.entry("headers").or_insert_with(|| Value::Object(Map::new()));
    let id =
        "The request's id: the client's own, where it sent one of 1 to 128 letters, digits, `.`, `_` or `-`";
    headers["X-Request-Id"] = json!({ "description": id, "schema": { "type": "string" } });
    if status == "401" {
        headers["WWW-Authenticate"] = json!({ "description": "`Bearer`", "schema": { "type": "string" } });
    }
    if status == "503" {
        headers["Retry-After"] = json!({ "description": "Seconds", "schema": { "type": "integer" } });
    }
}
