//! Reading the members of a body one by one: everything that is wrong with it at once, and what nobody read.

use std::collections::HashMap;
use std::fmt::Write as _;

use axum::http::HeaderValue;
use axum::response::{IntoResponseParts, ResponseParts};
use serde_json::Value;

use super::extract::Query;
use super::field::{AnyJson, Field, FromJson, Wrong, escape};
use crate::domain::change::Change;
use crate::error::{Error, FieldError};

/// The longest `Tessera-Ignored`, in bytes.
const MAX_HEADER_BYTES: usize = 4096;

/// How the names of members are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Names {
    Exact,
    /// Whatever their case; of several that differ in case alone, the last counts.
    AnyCase,
}

/// Reads one object of a request.
#[derive(Debug)]
pub struct Reader {
    /// The object's own pointer; the empty one is the body.
    at: String,
    names: Names,
    /// By the name that they are asked for: the name as it was sent, and the value.
    members: HashMap<String, (String, Value)>,
    errors: Vec<FieldError>,
    ignored: Vec<String>,
}

/// The pointers of what was sent and not read: the header `Tessera-Ignored`.
#[derive(Debug, Default)]
pub struct Ignored(Vec<String>);

impl Reader {
    /// Errors with 422 where the body is no object.
    pub fn new(AnyJson(body): AnyJson, names: Names) -> Result<Self, Error> {
        let reader = Self::of(String::new(), names, body);
        reader.map_err(|wrong| {
            let message = format!("the body {}", wrong.message);
            Error::Invalid(vec![FieldError { pointer: wrong.pointer, code: wrong.code, message }])
        })
    }

    fn of(at: String, names: Names, value: Value) -> Result<Self, Wrong> {
        let Value::Object(object) = value else { return Err(Wrong::r#type("an object")) };
        let mut reader = Self { at, names, members: HashMap::new(), errors: Vec::new(), ignored: Vec::new() };
        for (sent, value) in object {
            if let Some((earlier, _)) = reader.members.insert(reader.key(&sent), (sent, value)) {
                reader.ignored.push(reader.pointer(&earlier));
            }
        }
        Ok(reader)
    }

    /// A member that may be null.
    pub fn nullable<T: FromJson>(&mut self, name: &str) -> Change<Option<T>> {
        let Some((sent, value)) = self.take(name) else { return Change::Keep };
        match Field::read(value) {
            Field::Absent => Change::Keep,
            Field::Null => Change::Set(None),
            Field::Value(value) => Change::Set(Some(value)),
            Field::Wrong(wrongs) => {
                for wrong in &wrongs {
                    self.refuse(&sent, wrong);
                }
                Change::Keep
            }
        }
    }

    /// A member that is never null.
    pub fn change<T: FromJson>(&mut self, name: &str) -> Change<T> {
        match self.nullable(name) {
            Change::Keep => Change::Keep,
            Change::Set(Some(value)) => Change::Set(value),
            Change::Set(None) => {
                self.refuse(name, &Wrong::new("not_nullable", "must not be null"));
                Change::Keep
            }
        }
    }

    /// A member whose null counts as absent.
    pub fn optional<T: FromJson>(&mut self, name: &str) -> Option<T> {
        self.nullable(name).value().flatten()
    }

    /// A member that must be there.
    pub fn required<T: FromJson>(&mut self, name: &str) -> Option<T> {
        if !self.has(name) {
            self.refuse(name, &Wrong::new("required", "is required"));
        }
        self.change(name).value()
    }

    /// A member that is an object and may be null.
    pub fn object<T>(&mut self, name: &str, read: impl FnOnce(&mut Self) -> T) -> Change<Option<T>> {
        let Some((sent, value)) = self.take(name) else { return Change::Keep };
        if value.is_null() {
            return Change::Set(None);
        }
        let at = self.pointer(&sent);
        self.below(at, &sent, value, read).map_or(Change::Keep, |value| Change::Set(Some(value)))
    }

    /// A member that is an array of objects and may be null; one that is wrong is left out.
    pub fn objects<T>(&mut self, name: &str, mut read: impl FnMut(&mut Self) -> T) -> Change<Option<Vec<T>>> {
        let Some((sent, value)) = self.take(name) else { return Change::Keep };
        let items = match value {
            Value::Null => return Change::Set(None),
            Value::Array(items) => items,
            _ => {
                self.refuse(&sent, &Wrong::r#type("an array of objects"));
                return Change::Keep;
            }
        };
        let at = self.pointer(&sent);
        let items = items.into_iter().enumerate();
        let items =
            items.filter_map(|(index, item)| self.below(format!("{at}/{index}"), &sent, item, &mut read));
        Change::Set(Some(items.collect()))
    }

    /// Whether a member was sent, is not null, and was not read yet.
    pub fn is_given(&self, name: &str) -> bool {
        self.members.get(&self.key(name)).is_some_and(|(_, value)| !value.is_null())
    }

    /// Whether a member was sent and not read yet.
    pub fn has(&self, name: &str) -> bool {
        self.members.contains_key(&self.key(name))
    }

    /// Notes that a member is wrong.
    pub fn refuse(&mut self, name: &str, wrong: &Wrong) {
        let pointer = format!("{}{}", self.pointer(name), wrong.pointer);
        let message = format!("{name} {}", wrong.message);
        self.errors.push(FieldError { pointer, code: wrong.code, message });
    }

    /// How much is wrong so far.
    pub fn faults(&self) -> usize {
        self.errors.len()
    }

    /// What was ignored. Errors with 422 where anything is wrong.
    pub fn finish(mut self) -> Result<Ignored, Error> {
        self.leave_rest();
        if self.errors.is_empty() { Ok(Ignored(self.ignored)) } else { Err(Error::Invalid(self.errors)) }
    }

    /// The same, with what is wrong with the query.
    pub fn finish_with(mut self, query: Query) -> Result<Ignored, Error> {
        self.errors.splice(0..0, query.into_errors());
        self.finish()
    }

    fn take(&mut self, name: &str) -> Option<(String, Value)> {
        self.members.remove(&self.key(name))
    }

    fn below<T>(
        &mut self,
        at: String,
        name: &str,
        value: Value,
        read: impl FnOnce(&mut Self) -> T,
    ) -> Option<T> {
        match Self::of(at.clone(), self.names, value) {
            Ok(mut inner) => {
                let value = read(&mut inner);
                inner.leave_rest();
                self.errors.append(&mut inner.errors);
                self.ignored.append(&mut inner.ignored);
                Some(value)
            }
            Err(wrong) => {
                let message = format!("{name} {}", wrong.message);
                self.errors.push(FieldError { pointer: at, code: wrong.code, message });
                None
            }
        }
    }

    fn leave_rest(&mut self) {
        let mut rest: Vec<String> = self.members.drain().map(|(_, (sent, _))| sent).collect();
        rest.sort_unstable();
        let rest = rest.iter().map(|sent| format!("{}/{}", self.at, escape(sent)));
        self.ignored.extend(rest.collect::<Vec<_>>());
    }

    fn key(&self, name: &str) -> String {
        match self.names {
            Names::Exact => name.to_owned(),
            Names::AnyCase => name.to_lowercase(),
        }
    }

    fn pointer(&self, name: &str) -> String {
        format!("{}/{}", self.at, escape(name))
    }
}

impl IntoResponseParts for Ignored {
    type Error = std::convert::Infallible;

    /// Names as many as the header has room for.
    fn into_response_parts(self, mut response: ResponseParts) -> Result<ResponseParts, Self::Error> {
        let mut text = String::new();
        for pointer in self.0 {
            let pointer = encode(&pointer);
            if text.len() + pointer.len() + 2 > MAX_HEADER_BYTES {
                break;
            }
            text.push_str(if text.is_empty() { "" } else { ", " });
            text.push_str(&pointer);
        }
        if let (false, Ok(value)) = (text.is_empty(), HeaderValue::from_str(&text)) {
            response.headers_mut().insert("tessera-ignored", value);
        }
        Ok(response)
    }
}

/// As in the fragment of a URL (RFC 6901, section 6), and commas too: they stand between pointers.
fn encode(pointer: &str) -> String {
    let mut text = String::with_capacity(pointer.len());
    for byte in pointer.bytes() {
        if byte.is_ascii_graphic() && ![b',', b'%'].contains(&byte) {
            text.push(char::from(byte));
        } else {
            // Writing to a text cannot fail.
            let _ = write!(text, "%{byte:02X}");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::response::IntoResponse;
    use serde_json::json;

    fn reader(body: Value, names: Names) -> Reader {
        Reader::new(AnyJson(body), names).unwrap()
    }

    fn pointers(error: Error) -> Vec<String> {
        let Error::Invalid(fields) = error else { panic!("{error}") };
        fields.into_iter().map(|field| field.pointer).collect()
    }

    fn header(ignored: Ignored) -> Option<String> {
        let response = (ignored, ()).into_response();
        response.headers().get("tessera-ignored").map(|value| value.to_str().unwrap().to_owned())
    }

    #[test]
    fn names_count_in_any_case_where_the_dialect_says_so() {
        let body = json!({ "TITLE": "a", "isHtml": false, "IsHtml": true });
        let mut any = reader(body.clone(), Names::AnyCase);
        assert_eq!(any.required::<String>("title").as_deref(), Some("a"));
        assert_eq!(any.optional::<bool>("isHtml"), Some(true));
        assert_eq!(header(any.finish().unwrap()).as_deref(), Some("/isHtml"));
        let mut exact = reader(body, Names::Exact);
        assert_eq!(exact.optional::<String>("title"), None);
        assert_eq!(exact.optional::<bool>("isHtml"), Some(false));
        assert_eq!(header(exact.finish().unwrap()).as_deref(), Some("/IsHtml, /TITLE"));
    }

    #[test]
    fn everything_that_is_wrong_is_named_where_it_stands() {
        let body = json!({ "a": 1, "O": { "b": true, "n": null }, "list": [{ "c": 1 }, 2, { "c": "x" }] });
        let mut reader = reader(body, Names::AnyCase);
        assert_eq!(reader.optional::<String>("a"), None);
        assert_eq!(reader.required::<String>("gone"), None);
        let inner = reader.object("o", |inner| (inner.optional::<i64>("b"), inner.required::<i64>("n")));
        assert_eq!(inner, Change::Set(Some((None, None))));
        let list = reader.objects("list", |inner| inner.optional::<i64>("c"));
        assert_eq!(list, Change::Set(Some(vec![Some(1), None])));
        let named = pointers(reader.finish().unwrap_err());
        assert_eq!(named, ["/a", "/gone", "/O/b", "/O/n", "/list/1", "/list/2/c"]);
    }

    #[test]
    fn null_absent_and_given_are_three_things() {
        let mut reader = reader(json!({ "null": null, "o": null, "list": null }), Names::Exact);
        assert_eq!(reader.nullable::<i64>("null"), Change::Set(None));
        assert_eq!(reader.nullable::<i64>("absent"), Change::Keep);
        assert_eq!(reader.object("o", |_| ()), Change::Set(None));
        assert_eq!(reader.objects("list", |_| ()), Change::Set(None));
        assert_eq!(header(reader.finish().unwrap()), None);
    }

    #[test]
    fn what_is_ignored_fits_a_header() {
        let mut names = serde_json::Map::new();
        names.insert("a,b ü\n/~".into(), json!(1));
        assert_eq!(
            header(reader(Value::Object(names.clone()), Names::Exact).finish().unwrap()).as_deref(),
            Some("/a%2Cb%20%C3%BC%0A~1~0")
        );
        for name in 0..10_000 {
            names.insert(name.to_string(), json!(1));
        }
        let text = header(reader(Value::Object(names), Names::Exact).finish().unwrap()).unwrap();
        assert!((4000..=MAX_HEADER_BYTES).contains(&text.len()));
    }

    #[test]
    fn a_body_that_is_no_object_is_refused() {
        let error = Reader::new(AnyJson(json!([])), Names::Exact).unwrap_err();
        assert_eq!(pointers(error), [""]);
    }
}
