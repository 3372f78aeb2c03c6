//! The record of what happened: what a change looks like in it.

use serde_json::{Value, json};

use crate::domain::activity::{FieldChange, FieldValue};
use crate::domain::word::Word;
use crate::error::Error;

/// The changes of one ticket for the column `changes`.
pub fn changes_json(changes: Vec<FieldChange>) -> Result<Value, Error> {
    let items: Result<Vec<Value>, Error> = changes
        .into_iter()
        .map(|change| {
            let (from, to) = (value_json(change.from)?, value_json(change.to)?);
            Ok(json!({ "field": change.field.as_str(), "from": from, "to": to }))
        })
        .collect();
    items.map(Value::Array)
}

fn value_json(value: FieldValue) -> Result<Value, Error> {
    Ok(match value {
        FieldValue::Null => Value::Null,
        FieldValue::Bool(value) => value.into(),
        FieldValue::Int(value) => value.into(),
        FieldValue::Text(value) => value.into(),
        FieldValue::Instant(value) => value.to_string().into(),
        FieldValue::Texts(values) => values.into(),
        FieldValue::Ids(values) => values.into(),
        FieldValue::Document(text) => serde_json::from_str(&text).map_err(Error::internal)?,
    })
}
