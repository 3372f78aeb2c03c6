//! Reading members of a request: what is wrong, and where.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::moment::Moment;
use crate::domain::change::Change;
use crate::domain::customer::ErpId;
use crate::domain::mail::{self, Mailbox};
use crate::error::FieldError;
use crate::http::field::{Field, FromJson, Unknown, Wrong, escape};
use crate::http::value::OneOrMany;

/// The longest id of a back end.
pub const MAX_ERP_ID_CHARS: usize = 50;

/// Something in a request that was put aside without harm.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Warning {
    /// Where, as a JSON pointer (RFC 6901).
    #[schema(example = "/colour")]
    pub pointer: String,
    /// A stable machine word: `unknown_member`, `read_only` or `ignored`.
    #[schema(example = "unknown_member")]
    pub code: &'static str,
    /// A sentence.
    #[schema(example = "colour is not a member of this request and was ignored")]
    pub message: String,
}

/// Reads one object of a request and gathers everything that is wrong with it.
#[derive(Debug)]
pub struct Reader<'a> {
    /// The object's own pointer.
    at: String,
    zone: &'a TimeZone,
    pub errors: Vec<FieldError>,
    pub warnings: Vec<Warning>,
}

impl<'a> Reader<'a> {
    /// For the object at a pointer; the empty one is the body.
    pub fn new(at: impl Into<String>, zone: &'a TimeZone) -> Self {
        Self { at: at.into(), zone, errors: Vec::new(), warnings: Vec::new() }
    }

    /// Notes that a member is wrong.
    pub fn refuse(&mut self, name: &str, wrong: &Wrong) {
        let pointer = format!("{}/{}{}", self.at, escape(name), wrong.pointer);
        self.errors.push(FieldError {
            pointer,
            code: wrong.code,
            message: format!("{name} {}", wrong.message),
        });
    }

    /// Notes what is wrong with the object itself, or at pointers below it.
    pub fn refuse_all(&mut self, wrongs: &[Wrong]) {
        for wrong in wrongs {
            let pointer = format!("{}{}", self.at, wrong.pointer);
            let name = pointer.rsplit('/').next().filter(|name| !name.is_empty()).unwrap_or("the body");
            let message = format!("{name} {}", wrong.message);
            self.errors.push(FieldError { pointer, code: wrong.code, message });
        }
    }

    /// The zone in which dates without one are read.
    pub fn zone(&self) -> &'a TimeZone {
        self.zone
    }

    /// Notes that a member was put aside.
    pub fn warn(&mut self, name: &str, code: &'static str, message: &str) {
        let pointer = format!("{}/{}", self.at, escape(name));
        self.warnings.push(Warning { pointer, code, message: format!("{name} {message}") });
    }

    /// A member that may be null.
    pub fn nullable<T>(&mut self, name: &str, field: Field<T>) -> Change<Option<T>> {
        match field {
            Field::Absent => Change::Keep,
            Field::Null => Change::Set(None),
            Field::Value(value) => Change::Set(Some(value)),
            Field::Wrong(wrongs) => {
                for wrong in &wrongs {
                    self.refuse(name, wrong);
                }
                Change::Keep
            }
        }
    }

    /// A member that is never null.
    pub fn change<T>(&mut self, name: &str, field: Field<T>) -> Change<T> {
        if matches!(field, Field::Null) {
            self.refuse(name, &Wrong::new("not_nullable", "must not be null"));
            return Change::Keep;
        }
        match self.nullable(name, field) {
            Change::Set(Some(value)) => Change::Set(value),
            _ => Change::Keep,
        }
    }

    /// A member whose null counts as absent.
    pub fn optional<T>(&mut self, name: &str, field: Field<T>) -> Option<T> {
        self.nullable(name, field).value().flatten()
    }

    /// A member that must be there.
    pub fn required<T>(&mut self, name: &str, field: Field<T>) -> Option<T> {
        if matches!(field, Field::Absent) {
            self.refuse(name, &Wrong::new("required", "is required"));
        }
        self.change(name, field).value()
    }

    /// An instant that may be null.
    pub fn moment(&mut self, name: &str, field: Field<Moment>) -> Change<Option<Timestamp>> {
        match self.nullable(name, field) {
            Change::Keep => Change::Keep,
            Change::Set(None) => Change::Set(None),
            Change::Set(Some(moment)) => {
                let instant = moment.instant(self.zone);
                if instant.is_none() {
                    self.refuse(name, &Wrong::new("invalid_date", "must lie in the years 2 to 9998"));
                }
                instant.map_or(Change::Keep, |instant| Change::Set(Some(instant)))
            }
        }
    }

    /// A list of mail addresses, of which a name before the address is dropped. Without `check`, any
    /// texts: numbers, group names.
    pub fn addresses(&mut self, name: &str, field: Field<OneOrMany>, check: bool) -> Change<Vec<String>> {
        let Change::Set(list) = self.nullable(name, field) else { return Change::Keep };
        let mut addresses = Vec::new();
        for (at, text) in list.map(|list| list.0).unwrap_or_default().into_iter().enumerate() {
            let mailbox = mail::parse(&text);
            let too_long = text.chars().count() > mail::MAX_ADDRESS_BYTES;
            match mailbox {
                Some(Mailbox { address, .. }) => addresses.push(address),
                None if check || too_long => {
                    let (code, message) = if too_long && !check {
                        ("too_long", "must be at most 320 characters")
                    } else {
                        ("invalid_address", "must be a mail address")
                    };
                    let wrong = Wrong { pointer: format!("/{at}"), ..Wrong::new(code, message) };
                    self.refuse(name, &wrong);
                }
                None => addresses.push(text),
            }
        }
        Change::Set(addresses)
    }

    /// As [`Reader::unknown`], for an object within this one.
    pub fn unknown_below(&mut self, pointer: &str, unknown: Unknown, strict: bool) {
        let length = self.at.len();
        self.at.push_str(pointer);
        self.unknown(unknown, &[], strict);
        self.at.truncate(length);
    }

    /// Says of every unknown member that it is read-only, or not known. In strict mode the latter is
    /// an error.
    pub fn unknown(&mut self, unknown: Unknown, read_only: &[&str], strict: bool) {
        for name in unknown.0 {
            if read_only.contains(&name.as_str()) {
                self.warn(&name, "read_only", "is derived by the server and was ignored");
            } else if strict {
                self.refuse(&name, &Wrong::new("unknown_member", "is not a member of this request"));
            } else {
                self.warn(&name, "unknown_member", "is not a member of this request and was ignored");
            }
        }
    }
}

/// An id of a back end, a text or a whole number, with its type; at most 50 characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Erp(pub ErpId);

impl FromJson for Erp {
    fn from_json(value: Value) -> Result<Self, Vec<Wrong>> {
        let (text, is_integer) = match value.as_i64() {
            Some(number) => (number.to_string(), true),
            None if value.is_string() => (String::from_json(value)?, false),
            None => return Err(vec![Wrong::r#type("a string or a whole number")]),
        };
        if text.is_empty() || text.chars().count() > MAX_ERP_ID_CHARS {
            return Err(vec![Wrong::new("too_long", "must be 1 to 50 characters")]);
        }
        Ok(Self(ErpId { text, is_integer }))
    }
}

/// An id of a back end whatever its type; at most 50 characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ErpText(pub String);

impl FromJson for ErpText {
    fn from_json(value: Value) -> Result<Self, Vec<Wrong>> {
        Erp::from_json(value).map(|Erp(id)| Self(id.text))
    }
}
