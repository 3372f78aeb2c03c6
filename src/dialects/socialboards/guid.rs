//! Ids of people.

use serde_json::Value;
use uuid::Uuid;

use crate::http::field::{FromJson, Wrong};

/// The GUID of a person. The text `null` is null (SocialBoards, update assignee: its own example sends it).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Guid(pub Option<Uuid>);

impl FromJson for Guid {
    fn from_json(value: Value) -> Result<Self, Vec<Wrong>> {
        let text = value.as_str().map(str::trim);
        if text == Some("null") {
            return Ok(Self(None));
        }
        let guid = text.and_then(|text| text.parse().ok());
        guid.map(|guid| Self(Some(guid))).ok_or_else(|| vec![Wrong::new("wrong_type", "must be a GUID")])
    }
}
