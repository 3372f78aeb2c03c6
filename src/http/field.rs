//! Members of a request: absent, null, a value, or what is wrong with it.

use serde::de::{Error, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Number, Value};

/// A member of a request. It reads anything, so that one wrong member does not hide the next.
#[derive(Debug, Clone, Default)]
pub enum Field<T> {
    #[default]
    Absent,
    Null,
    Value(T),
    /// What is wrong, each with its pointer below the member.
    Wrong(Vec<Wrong>),
}

/// One thing that is wrong with a member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    /// Below the member: empty for the member itself.
    pub pointer: String,
    pub code: &'static str,
    /// Continues a sentence that begins with the member's name.
    pub message: String,
}

impl Wrong {
    /// Wrong with the member itself.
    pub fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { pointer: String::new(), code, message: message.into() }
    }

    /// Not of the type that is wanted, which completes "must be …".
    pub fn r#type(wanted: &str) -> Self {
        Self::new("wrong_type", format!("must be {wanted}"))
    }
}

/// A type that is read from JSON.
pub trait FromJson: Sized {
    /// Reads a value that is not null.
    fn from_json(value: Value) -> Result<Self, Vec<Wrong>>;
}

impl<T: FromJson> Field<T> {
    /// Reads a member that is there.
    pub fn read(member: Value) -> Self {
        match member {
            Value::Null => Self::Null,
            value => match T::from_json(value) {
                Ok(value) => Self::Value(value),
                Err(wrong) => Self::Wrong(wrong),
            },
        }
    }
}

impl<'de, T: FromJson> Deserialize<'de> for Field<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        AnyJson::deserialize(deserializer).map(|AnyJson(member)| Self::read(member))
    }
}

/// Any JSON of a request.
///
/// `serde_json` takes an object with one of its private names for a number or a raw text. The text it
/// would parse again, each time with a fresh limit to the depth, until the stack overflows: such a
/// name is refused here.
#[derive(Debug, Clone)]
pub struct AnyJson(pub Value);

/// How `serde_json` names what is private to it, and among that its numbers.
const PRIVATE: &str = "$serde_json::private::";
const NUMBER: &str = "$serde_json::private::Number";

impl<'de> Deserialize<'de> for AnyJson {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any;

        impl<'de> Visitor<'de> for Any {
            type Value = Value;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("JSON")
            }

            fn visit_unit<E>(self) -> Result<Value, E> {
                Ok(Value::Null)
            }

            fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
                Ok(value.into())
            }

            fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
                Ok(value.into())
            }

            fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
                Ok(value.into())
            }

            fn visit_i128<E: Error>(self, value: i128) -> Result<Value, E> {
                value.to_string().parse().map(Value::Number).map_err(E::custom)
            }

            fn visit_u128<E: Error>(self, value: u128) -> Result<Value, E> {
                value.to_string().parse().map(Value::Number).map_err(E::custom)
            }

            fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
                Ok(value.into())
            }

            fn visit_str<E>(self, value: &str) -> Result<Value, E> {
                Ok(value.into())
            }

            fn visit_string<E>(self, value: String) -> Result<Value, E> {
                Ok(value.into())
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
                let mut items = Vec::new();
                while let Some(AnyJson(item)) = seq.next_element()? {
                    items.push(item);
                }
                Ok(items.into())
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
                let mut members = Map::new();
                while let Some(name) = map.next_key::<String>()? {
                    if name == NUMBER {
                        let number: Result<Number, _> = map.next_value::<String>()?.parse();
                        return number.map(Value::Number).map_err(A::Error::custom);
                    }
                    if name.starts_with(PRIVATE) {
                        return Err(A::Error::custom(format!("{name} cannot be the name of a member")));
                    }
                    let AnyJson(value) = map.next_value()?;
                    members.insert(name, value);
                }
                Ok(members.into())
            }
        }

        deserializer.deserialize_any(Any).map(Self)
    }
}

impl FromJson for Value {
    fn from_json(value: Value) -> Result<Self, Vec<Wrong>> {
        let mut wrong = Vec::new();
        find_nul(&value, &mut String::new(), &mut wrong);
        if wrong.is_empty() { Ok(value) } else { Err(wrong) }
    }
}

impl FromJson for String {
    fn from_json(value: Value) -> Result<Self, Vec<Wrong>> {
        match value {
            Value::String(text) if text.contains('\0') => Err(vec![nul()]),
            Value::String(text) => Ok(text),
            _ => Err(vec![Wrong::r#type("a string")]),
        }
    }
}

impl FromJson for bool {
    fn from_json(value: Value) -> Result<Self, Vec<Wrong>> {
        value.as_bool().ok_or_else(|| vec![Wrong::r#type("true or false")])
    }
}

impl FromJson for i64 {
    fn from_json(value: Value) -> Result<Self, Vec<Wrong>> {
        value.as_i64().ok_or_else(|| vec![Wrong::r#type("a whole number")])
    }
}

impl FromJson for f64 {
    fn from_json(value: Value) -> Result<Self, Vec<Wrong>> {
        let number = value.as_f64().filter(|number| number.is_finite());
        number.ok_or_else(|| vec![Wrong::r#type("a number")])
    }
}

impl<T: FromJson> FromJson for Vec<T> {
    fn from_json(value: Value) -> Result<Self, Vec<Wrong>> {
        let Value::Array(items) = value else { return Err(vec![Wrong::r#type("an array")]) };
        let mut read = Self::with_capacity(items.len());
        let mut wrongs = Vec::new();
        for (at, item) in items.into_iter().enumerate() {
            match T::from_json(item) {
                Ok(item) => read.push(item),
                Err(wrong) => wrongs.extend(
                    wrong
                        .into_iter()
                        .map(|wrong| Wrong { pointer: format!("/{at}{}", wrong.pointer), ..wrong }),
                ),
            }
        }
        if wrongs.is_empty() { Ok(read) } else { Err(wrongs) }
    }
}

/// The names of members that a request type does not know.
#[derive(Debug, Clone, Default)]
pub struct Unknown(pub Vec<String>);

impl<'de> Deserialize<'de> for Unknown {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Names;

        impl<'de> serde::de::Visitor<'de> for Names {
            type Value = Unknown;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<Unknown, A::Error> {
                let mut names = Vec::new();
                while let Some((name, _)) = map.next_entry::<String, serde::de::IgnoredAny>()? {
                    names.push(name);
                }
                Ok(Unknown(names))
            }
        }

        deserializer.deserialize_map(Names)
    }
}

/// Escapes a member's name for a pointer (RFC 6901).
pub fn escape(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

fn nul() -> Wrong {
    Wrong::new("invalid", "must not contain U+0000, which cannot be stored")
}

fn find_nul(value: &Value, at: &mut String, wrong: &mut Vec<Wrong>) {
    let below = |at: &mut String, step: &str, value: &Value, wrong: &mut Vec<Wrong>| {
        let length = at.len();
        at.push('/');
        at.push_str(step);
        find_nul(value, at, wrong);
        at.truncate(length);
    };
    match value {
        Value::String(text) if text.contains('\0') => wrong.push(Wrong { pointer: at.clone(), ..nul() }),
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                below(at, &index.to_string(), item, wrong);
            }
        }
        Value::Object(members) => {
            for (name, member) in members {
                if name.contains('\0') {
                    wrong.push(Wrong { pointer: at.clone(), ..nul() });
                }
                below(at, &escape(name), member, wrong);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_nul_is_found_wherever_it_hides() {
        let wrong = Value::from_json(json!({ "a": [1, { "b/c": "x\0" }], "d\0": 1 })).unwrap_err();
        let pointers: Vec<&str> = wrong.iter().map(|wrong| wrong.pointer.as_str()).collect();
        assert_eq!(pointers, ["/a/1/b~1c", ""]);
    }

    #[test]
    fn every_bad_entry_of_a_list_is_named() {
        let wrong = Vec::<i64>::from_json(json!([1, "2", 1.5, 3])).unwrap_err();
        let pointers: Vec<&str> = wrong.iter().map(|wrong| wrong.pointer.as_str()).collect();
        assert_eq!(pointers, ["/1", "/2"]);
    }
}
