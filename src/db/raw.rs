//! Documents in `json` columns, as they were written.

use serde_json::value::RawValue;
use sqlx::encode::IsNull;
use sqlx::error::BoxDynError;
use sqlx::postgres::types::Oid;
use sqlx::postgres::{PgArgumentBuffer, PgHasArrayType, PgTypeInfo, PgValueRef};
use sqlx::types::Json;
use sqlx::{Decode, Encode, Postgres, Type};

use crate::domain::ticket::Document;
use crate::error::Error;

/// The types `json` and `json[]`, whose numbers are PostgreSQL's own and never change.
const JSON: Oid = Oid(114);
const JSON_ARRAY: Oid = Oid(199);

/// A document for a `json` column. sqlx's own `Json` travels as `jsonb`, which reorders members,
/// rewrites numbers and refuses large ones.
#[derive(Debug)]
pub struct Raw(Box<RawValue>);

impl Raw {
    /// Of what is not a document yet.
    pub fn of(value: &serde_json::Value) -> Result<Self, Error> {
        serde_json::value::to_raw_value(value).map(Self).map_err(Error::internal)
    }
}

/// A document for a JSON column. Errors where it is not JSON, which only a fault of ours can cause.
pub fn raw(document: &Document) -> Result<Raw, Error> {
    RawValue::from_string(document.0.clone()).map(Raw).map_err(Error::internal)
}

/// A document from a JSON column.
pub fn document(Raw(json): Raw) -> Document {
    Document(String::from(Box::<str>::from(json)))
}

impl Type<Postgres> for Raw {
    fn type_info() -> PgTypeInfo {
        PgTypeInfo::with_oid(JSON)
    }

    fn compatible(info: &PgTypeInfo) -> bool {
        <Json<Box<RawValue>> as Type<Postgres>>::compatible(info)
    }
}

impl PgHasArrayType for Raw {
    fn array_type_info() -> PgTypeInfo {
        PgTypeInfo::with_oid(JSON_ARRAY)
    }
}

impl Encode<'_, Postgres> for Raw {
    fn encode_by_ref(&self, buffer: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
        buffer.extend_from_slice(self.0.get().as_bytes());
        Ok(IsNull::No)
    }
}

impl Decode<'_, Postgres> for Raw {
    fn decode(value: PgValueRef<'_>) -> Result<Self, BoxDynError> {
        Json::<Box<RawValue>>::decode(value).map(|Json(raw)| Self(raw))
    }
}
