//! An OpenAPI 3.1 document: what a dialect's routes say of themselves, and what holds for all of them.

use serde_json::{Map, Value, json};
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;

use crate::app::AppState;

/// What differs between the dialects.
#[derive(Debug)]
pub struct Wire<'a> {
    /// Where it is mounted.
    pub prefix: &'a str,
    /// The ways to show a credential, by name; each alone will do.
    pub schemes: Value,
    /// What the header of a 401 asks for.
    pub challenge: &'a str,
    /// The schema of an error, and its content type.
    pub error: &'a str,
    pub error_type: &'a str,
}

/// Puts a document together from the routes that ask for credentials and those that do not.
pub fn complete(
    skeleton: OpenApi,
    private: OpenApiRouter<AppState>,
    public: OpenApiRouter<AppState>,
    wire: &Wire<'_>,
) -> Value {
    let (_, asking) = OpenApiRouter::<AppState>::new().merge(private.clone()).split_for_parts();
    let router = OpenApiRouter::<AppState>::with_openapi(skeleton);
    let (_, api) = router.merge(private).merge(public).split_for_parts();
    // A document that was built by types always becomes JSON.
    let mut document = serde_json::to_value(&api).unwrap_or_default();
    document["servers"] = json!([{ "url": wire.prefix }]);
    document["components"]["securitySchemes"] = wire.schemes.clone();
    let members = document.get_mut("paths").and_then(Value::as_object_mut).into_iter().flatten();
    for (path, item) in members {
        let is_private = asking.paths.paths.contains_key(path);
        for (_, operation) in item.as_object_mut().into_iter().flatten() {
            complete_operation(operation, is_private, wire);
        }
    }
    document
}

/// Adds to an operation what every one of its kind has.
fn complete_operation(operation: &mut Value, is_private: bool, wire: &Wire<'_>) {
    let has_body = operation.get("requestBody").is_some();
    // A handler is named by its verb alone; its folder, the tag, says of what.
    let (verb, noun) = (text(&operation["operationId"]), text(&operation["tags"][0]));
    operation["operationId"] = format!("{verb}_{noun}").into();
    let mut errors = vec![(431, "The header block is larger than 32 kB"), (500, "A fault of the server")];
    if is_private {
        let schemes = wire.schemes.as_object().into_iter().flatten();
        operation["security"] = schemes.map(|(name, _)| json!({ name: [] })).collect();
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
        finish(status, response, wire);
    }
    responses.sort_keys();
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// Adds to a response the headers that it has, and to an error its body.
fn finish(status: &str, response: &mut Value, wire: &Wire<'_>) {
    let Some(response) = response.as_object_mut() else { return };
    let is_error = status >= "400";
    if is_error && !response.contains_key("content") {
        let schema = json!({ "$ref": format!("#/components/schemas/{}", wire.error) });
        response.insert("content".into(), json!({ wire.error_type: { "schema": schema } }));
    }
    let headers = response.entry("headers").or_insert_with(|| Value::Object(Map::new()));
    let id =
        "The request's id: the client's own, where it sent one of 1 to 128 letters, digits, `.`, `_` or `-`";
    headers["X-Request-Id"] = json!({ "description": id, "schema": { "type": "string" } });
    if status == "401" {
        let challenge = format!("`{}`", wire.challenge);
        headers["WWW-Authenticate"] = json!({ "description": challenge, "schema": { "type": "string" } });
    }
    if status == "503" {
        headers["Retry-After"] = json!({ "description": "Seconds", "schema": { "type": "integer" } });
    }
}
