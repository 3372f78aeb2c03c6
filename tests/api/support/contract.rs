//! Holds answers against the documents of `openapi/`: status, headers and body of every answer the tests see.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, OnceLock};

use jsonschema::Validator;
use reqwest::Method;
use serde_json::{Value, json};

use super::client::Reply;

/// What stands only where there is something to say.
const OPTIONAL_HEADERS: [&str; 2] = ["Tessera-Processing", "Tessera-Ignored"];

/// A dialect and its document.
pub struct Dialect {
    pub name: &'static str,
    /// Where it is mounted; the first is the document's.
    pub prefixes: &'static [&'static str],
    pub document: Value,
    /// The schema of an error, and its content type.
    error: (&'static str, &'static str),
}

/// Every dialect.
pub static DIALECTS: LazyLock<[Dialect; 3]> = LazyLock::new(|| {
    let document = |text: &str| serde_json::from_str::<Value>(text).unwrap();
    let failed = ("Failed", "application/json");
    let dialects = [
        Dialect {
            name: "mind",
            prefixes: &["/api/mind"],
            document: document(include_str!("../../../openapi/mind.json")),
            error: ("Problem", "application/problem+json"),
        },
        Dialect {
            name: "socialboards",
            prefixes: &["/socialboards"],
            document: document(include_str!("../../../openapi/socialboards.json")),
            error: failed,
        },
        Dialect {
            name: "livedesk",
            prefixes: &["/api/v2/accounts", "/api/V2/accounts", "/v2/accounts", "/V2/accounts"],
            document: document(include_str!("../../../openapi/livedesk.json")),
            error: failed,
        },
    ];
    for dialect in &dialects {
        assert_eq!(dialect.document["servers"], json!([{ "url": dialect.prefixes[0] }]));
    }
    dialects
});

/// Panics where an answer is not as its dialect's document says.
pub fn check(method: &Method, path: &str, reply: &Reply) {
    let path = path.split('?').next().unwrap_or_default();
    let below =
        |prefix: &str| path.strip_prefix(prefix).filter(|rest| rest.is_empty() || rest.starts_with('/'));
    let of = |dialect: &'static Dialect| {
        dialect.prefixes.iter().find_map(|prefix| Some((dialect, below(prefix)?)))
    };
    let Some((dialect, path)) = DIALECTS.iter().find_map(of) else { return };
    if !path.eq_ignore_ascii_case("/docs/open-api") && *method != Method::HEAD {
        dialect.check(method, path, reply);
    }
}

impl Dialect {
    fn check(&'static self, method: &Method, path: &str, reply: &Reply) {
        assert!(!reply.header("x-request-id").is_empty(), "{method} {path} has no request id");
        let Some(template) = self.template(path) else {
            return self.check_error(method, path, reply);
        };
        let name = method.as_str().to_lowercase();
        let operation = &self.document["paths"][&template][&name];
        if operation.is_null() {
            assert_eq!(reply.status, 405, "{method} {path} is not in the document");
            assert!(!reply.header("allow").is_empty(), "a 405 has Allow");
            return self.check_error(method, path, reply);
        }
        let status = reply.status.to_string();
        let response = &operation["responses"][&status];
        assert!(!response.is_null(), "{method} {template} does not document {status}: {}", reply.text);
        let headers = response["headers"].as_object().into_iter().flatten();
        for (header, _) in headers.filter(|(header, _)| !OPTIONAL_HEADERS.contains(&header.as_str())) {
            assert!(!reply.header(header).is_empty(), "{method} {template} {status} lacks {header}");
        }
        let (content_type, media) =
            response["content"].as_object().and_then(|all| all.iter().next()).unwrap();
        assert!(reply.header("content-type").starts_with(content_type), "{method} {template} {status}");
        let key = format!("{} {name} {template} {status}", self.name);
        self.validate(&key, &media["schema"], &reply.body);
    }

    fn check_error(&'static self, method: &Method, path: &str, reply: &Reply) {
        let (schema, content_type) = self.error;
        assert!(reply.status >= 400, "{method} {path}: {}", reply.text);
        assert_eq!(reply.header("content-type"), content_type, "{method} {path}: {}", reply.text);
        let schema = json!({ "$ref": format!("#/components/schemas/{schema}") });
        self.validate(&format!("{} error", self.name), &schema, &reply.body);
    }

    fn validate(&self, key: &str, schema: &Value, body: &Value) {
        static VALIDATORS: OnceLock<Mutex<HashMap<String, &'static Validator>>> = OnceLock::new();
        let validators = VALIDATORS.get_or_init(Mutex::default);
        let validator = *validators.lock().unwrap().entry(key.to_owned()).or_insert_with(|| {
            let mut schema = schema.clone();
            schema["components"] = self.document["components"].clone();
            Box::leak(Box::new(jsonschema::validator_for(&schema).expect("a valid schema")))
        });
        let errors: Vec<String> = validator
            .iter_errors(body)
            .map(|error| format!("{} at {}", error, error.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{key}: {errors:#?}\n{body:#}");
    }

    /// The document's path for a real one; in any case where the dialect takes that.
    fn template(&self, path: &str) -> Option<String> {
        let any_case = self.name == "socialboards";
        let path = if any_case { path.to_lowercase() } else { path.to_owned() };
        let paths = self.document["paths"].as_object().unwrap().keys();
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
}
