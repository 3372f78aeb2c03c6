//! A custom field as it is shown.

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::domain::custom_field::{self, FieldKind};
use crate::domain::detail::CustomValue;
use crate::domain::settings::Settings;
use crate::domain::word::Word;

/// A custom field.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CustomField {
    /// Null where the tenant does not define the field: a client of another dialect made it up.
    #[schema(example = 42623)]
    id: Option<i64>,
    #[schema(example = "City")]
    name: String,
    /// `text`, `number`, `boolean`, `date` or `select`.
    #[schema(example = "select")]
    r#type: &'static str,
    /// Its place among the tenant's, from 1; 0 where the tenant does not define it.
    #[schema(example = 1)]
    order: usize,
    /// Always empty.
    placeholder: &'static str,
    /// Always null.
    #[schema(value_type = Option<String>)]
    default_value: Option<&'static str>,
    /// What a `select` chooses from.
    possible_values: Vec<PossibleValue>,
    /// Always false.
    is_hidden: bool,
    is_required: bool,
    /// Always false.
    is_sensitive_data: bool,
    /// Always empty; obsolete in the original.
    #[schema(value_type = Vec<i64>)]
    assigned_category_ids: [i64; 0],
    /// The ticket's value; absent where there is no ticket.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Value>, example = "Oslo")]
    value: Option<Value>,
}

/// One of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct PossibleValue {
    #[schema(example = 1)]
    order: usize,
    #[schema(example = "Oslo")]
    value: String,
}

impl CustomField {
    /// The definition at its place, from 0.
    pub fn definition(field: &custom_field::CustomField, at: usize) -> Self {
        let options = field.options.iter().enumerate();
        Self {
            id: Some(field.id),
            name: field.name.clone(),
            r#type: field.kind.as_str(),
            order: at + 1,
            possible_values: options
                .map(|(at, value)| PossibleValue { order: at + 1, value: value.clone() })
                .collect(),
            is_required: field.required,
            ..Self::undefined(String::new())
        }
    }

    /// A ticket's value with the definition of its field.
    pub fn valued(value: CustomValue, settings: &Settings) -> Self {
        let mut fields = settings.custom_fields.iter().enumerate();
        let field = match fields.find(|(_, field)| field.name == value.name) {
            Some((at, field)) => Self::definition(field, at),
            None => Self::undefined(value.name),
        };
        // What is stored was JSON when it came.
        Self { value: Some(serde_json::from_str(&value.value.0).unwrap_or_default()), ..field }
    }

    fn undefined(name: String) -> Self {
        Self {
            id: None,
            name,
            r#type: FieldKind::Text.as_str(),
            order: 0,
            placeholder: "",
            default_value: None,
            possible_values: Vec::new(),
            is_hidden: false,
            is_required: false,
            is_sensitive_data: false,
            assigned_category_ids: [],
            value: None,
        }
    }
}
