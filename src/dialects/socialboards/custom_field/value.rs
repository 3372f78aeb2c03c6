//! A value that a request gives a custom field: `{id, value}`.

use serde_json::Value;

use crate::domain::change::Change;
use crate::domain::custom_field::{CustomField, Given};
use crate::domain::detail::CustomValue;
use crate::domain::settings::Settings;
use crate::domain::ticket::Document;
use crate::http::field::Wrong;
use crate::http::read::Reader;
use crate::http::value::Id;

/// Reads `id` and `value`. Returns the field, and its value, null and absent ones as `None`; `None` where something
/// is wrong, which is noted.
pub fn read<'a>(
    reader: &mut Reader,
    settings: &'a Settings,
) -> Option<(&'a CustomField, Change<Option<CustomValue>>)> {
    let id = reader.required("id").map(|Id(id)| id);
    let value = reader.nullable::<Value>("value");
    let id = id?;
    let Some(field) = settings.custom_fields.iter().find(|field| field.id == id) else {
        let message = format!("must name a custom field; there is none with the id {id}");
        reader.refuse("id", &Wrong::new("custom_field_not_found", message));
        return None;
    };
    if let Change::Set(Some(value)) = &value
        && let Some(fault) = field.fault(given(value))
    {
        reader.refuse("value", &Wrong::new("invalid", fault));
        return None;
    }
    let valued = |value: Value| CustomValue { name: field.name.clone(), value: Document(value.to_string()) };
    Some((field, value.map(|value| value.map(valued))))
}

fn given(value: &Value) -> Given<'_> {
    match value {
        Value::String(text) => Given::Text(text),
        Value::Number(_) => Given::Number,
        Value::Bool(_) => Given::Boolean,
        _ => Given::Other,
    }
}
