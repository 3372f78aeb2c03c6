//! What members of requests are made of, whichever the dialect.

use serde_json::Value;

use super::field::{FromJson, Wrong};
use crate::domain::ticket::Document;
use crate::domain::word::Word;

/// A word of a closed list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Listed<W>(pub W);

impl<W: Word> FromJson for Listed<W> {
    fn from_json(value: Value) -> Result<Self, Vec<Wrong>> {
        let word = value.as_str().and_then(W::parse);
        word.map(Self).ok_or_else(|| vec![Wrong::new("not_allowed", format!("must be {}", W::choices()))])
    }
}

/// An id of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Id(pub i64);

impl FromJson for Id {
    fn from_json(value: Value) -> Result<Self, Vec<Wrong>> {
        let id = value.as_i64().filter(|id| *id > 0);
        id.map(Self).ok_or_else(|| vec![Wrong::r#type("a whole number from 1 to 9223372036854775807")])
    }
}

/// A text of at most so many characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Short<const MAX: usize>(pub String);

impl<const MAX: usize> FromJson for Short<MAX> {
    fn from_json(value: Value) -> Result<Self, Vec<Wrong>> {
        let text = String::from_json(value)?;
        if text.chars().count() > MAX {
            return Err(vec![Wrong::new("too_long", format!("must be at most {MAX} characters"))]);
        }
        Ok(Self(text))
    }
}

/// A text of at least one and at most so many characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name<const MAX: usize>(pub String);

impl<const MAX: usize> FromJson for Name<MAX> {
    fn from_json(value: Value) -> Result<Self, Vec<Wrong>> {
        let Short(text) = Short::<MAX>::from_json(value)?;
        if text.trim().is_empty() {
            return Err(vec![Wrong::new("empty", "must not be empty")]);
        }
        Ok(Self(text))
    }
}

/// A text of at most so many characters, or a number as such.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Digits<const MAX: usize>(pub String);

impl<const MAX: usize> FromJson for Digits<MAX> {
    fn from_json(value: Value) -> Result<Self, Vec<Wrong>> {
        let text = match value {
            Value::Number(number) => number.to_string().into(),
            text @ Value::String(_) => text,
            _ => return Err(vec![Wrong::r#type("a string or a number")]),
        };
        Short::<MAX>::from_json(text).map(|Short(text)| Self(text))
    }
}

/// A JSON object that is kept as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Object(pub Document);

impl FromJson for Object {
    fn from_json(value: Value) -> Result<Self, Vec<Wrong>> {
        if !value.is_object() {
            return Err(vec![Wrong::r#type("an object")]);
        }
        let value = Value::from_json(value)?;
        Ok(Self(Document(value.to_string())))
    }
}

/// An http or https URL of at most 2048 characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebUrl(pub String);

impl FromJson for WebUrl {
    fn from_json(value: Value) -> Result<Self, Vec<Wrong>> {
        let Name(url) = Name::<2048>::from_json(value)?;
        let parsed = reqwest::Url::parse(&url);
        if parsed.is_ok_and(|url| ["http", "https"].contains(&url.scheme()) && url.has_host()) {
            return Ok(Self(url));
        }
        Err(vec![Wrong::new("invalid_url", "must be an http or https URL")])
    }
}

/// Several texts, or one alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OneOrMany(pub Vec<String>);

impl FromJson for OneOrMany {
    fn from_json(value: Value) -> Result<Self, Vec<Wrong>> {
        match value {
            Value::String(_) => Ok(Self(vec![String::from_json(value)?])),
            Value::Array(_) => Vec::from_json(value).map(Self),
            _ => Err(vec![Wrong::r#type("a string or an array of strings")]),
        }
    }
}
