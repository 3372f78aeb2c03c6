//! Where SocialBoards takes references.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::Place;

pub const PLACES: &[Place] = &[
    // A credential, of which none is known here.
    ("post /token", "/client_id", None),
];

pub fn body(_operation: &str, _own: &BTreeMap<&'static str, Value>) -> Value {
    json!(null)
}
