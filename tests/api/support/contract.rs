//! Holds answers against `openapi/mind.json`: status, headers and body of every answer the tests see.

use std::collections::HashMap;
use std::sync::{Mutex, OnceLock};

use jsonschema::Validator;
use reqwest::Method;
use serde_json::{Value, json};

use super::client::Reply;

const PREFIX: &str = "/api/mind";

/// Panics where an answer is not as the document says.
pub fn check(method: &Method, path: &str, reply: &Reply) {
    let path = path.split('?').next().unwrap_or_default();
    let Some(path) = path.strip_prefix(PREFIX) else { return };
    if path == "/docs/open-api" || *method == Method::HEAD {
        return;
    }
    assert!(!reply.header("x-request-id").is_empty(), "{method} {path} has no request id");
    let Some(template) = template(path) else {
        return problem(method, path, reply);
    };
    let name = method.as_str().to_lowercase();
    let operation = &document()["paths"][&template][&name];
    if operation.is_null() {
        assert_eq!(reply.status, 405, "{method} {path} is not in the document");
        assert!(!reply.header("allow").is_empty(), "a 405 has Allow");
        return problem(method, path, reply);
    }
    let status = reply.status.to_string();
    let response = &operation["responses"][&status];
    assert!(!response.is_null(), "{method} {template} does not document {status}: {}", reply.text);
    for (header, _) in response["headers"].as_object().into_iter().flatten() {
        // It stands only where a request gave cause to an analysis.
        if header == "Tessera-Processing" {
            continue;
        }
        assert!(!reply.header(header).is_empty(), "{method} {template} {status} lacks {header}");
    }
    let (content_type, media) = response["content"].as_object().and_then(|all| all.iter().next()).unwrap();
    assert!(reply.header("content-type").starts_with(content_type), "{method} {template} {status}");
    let key = format!("{name} {template} {status}");
    validate(&key, &media["schema"], &reply.body);
}

fn problem(method: &Method, path: &str, reply: &Reply) {
    assert_eq!(reply.header("content-type"), "application/problem+json", "{method} {path}: {}", reply.text);
    validate("problem", &json!({ "$ref": "#/components/schemas/Problem" }), &reply.body);
}

fn validate(key: &str, schema: &Value, body: &Value) {
    static VALIDATORS: OnceLock<Mutex<HashMap<String, &'static Validator>>> = OnceLock::new();
    let validators = VALIDATORS.get_or_init(Mutex::default);
    let validator = *validators.lock().unwrap().entry(key.to_owned()).or_insert_with(|| {
        let mut schema = schema.clone();
        schema["components"] = document()["components"].clone();
        Box::leak(Box::new(jsonschema::validator_for(&schema).expect("a valid schema")))
    });
    let errors: Vec<String> =
        validator.iter_errors(body).map(|error| format!("{} at {}", error, error.instance_path())).collect();
    assert!(errors.is_empty(), "{key}: {errors:#?}\n{body:#}");
}

/// The document's path for a real one.
fn template(path: &str) -> Option<String> {
    let paths = document()["paths"].as_object().unwrap().keys();
    let fits = |template: &str| {
        let (real, known): (Vec<_>, Vec<_>) = (path.split('/').collect(), template.split('/').collect());
        real.len() == known.len()
            && real.iter().zip(&known).all(|(real, known)| known.starts_with('{') || real == known)
    };
    // A literal path wins over a parameter, as in the router.
    let mut fitting: Vec<&String> = paths.filter(|template| fits(template)).collect();
    fitting.sort_by_key(|template| template.contains('{'));
    fitting.first().map(|template| (*template).clone())
}

fn document() -> &'static Value {
    static DOCUMENT: OnceLock<Value> = OnceLock::new();
    DOCUMENT.get_or_init(|| serde_json::from_str(include_str!("../../../openapi/mind.json")).unwrap())
}
