//! What a tenant defines for itself: custom fields and categories.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::fault;
use crate::domain::custom_field::{Category, CustomField, FieldKind};
use crate::domain::detail::{MAX_CUSTOM_NAME_CHARS, MAX_CUSTOM_VALUES};
use crate::domain::word::Word;
use crate::error::FieldError;

/// The most categories that a tenant has.
const MAX_CATEGORIES: usize = 1000;
/// How many categories stand inside one another: each shows all above it.
const MAX_DEPTH: usize = 10;

/// Reads `[{"id", "name", "type", "required", "options"}]`; type is `text` and required false where they are not given.
pub fn custom_fields(value: &Value) -> Result<Vec<CustomField>, FieldError> {
    let mut fields: Vec<CustomField> = Vec::new();
    for (at, entry) in entries(value, MAX_CUSTOM_VALUES)?.iter().enumerate() {
        let members = object(entry, at)?;
        let (id, name) = (id(members, at)?, name(members, at)?);
        unique(at, fields.iter().any(|field| field.id == id), "id")?;
        unique(at, fields.iter().any(|field| field.name == name), "name")?;
        let kind = match members.get("type") {
            None => FieldKind::Text,
            Some(word) => word.as_str().and_then(FieldKind::parse).ok_or_else(|| {
                fault(&format!("/{at}/type"), &format!("must have a type: {}", FieldKind::choices()))
            })?,
        };
        let required = match members.get("required") {
            None => false,
            Some(flag) => {
                let flag = flag.as_bool();
                flag.ok_or_else(|| fault(&format!("/{at}/required"), "must say true or false"))?
            }
        };
        let options = options(members, kind, at)?;
        fields.push(CustomField { id, name, kind, required, options });
    }
    Ok(fields)
}

/// Errors where a field that stays gets another name, or its name another field: values are kept by it, and would be
/// another field's.
pub fn keep_names(old: &[CustomField], new: &[CustomField]) -> Result<(), FieldError> {
    let moved = new
        .iter()
        .position(|field| old.iter().any(|known| (known.id == field.id) != (known.name == field.name)));
    let message = "must leave every field its id and name as long as it is defined";
    moved.map_or(Ok(()), |at| Err(fault(&format!("/{at}/name"), message)))
}

/// Reads `[{"id", "name", "parentId"}]`; without a parent a category stands at the top. A parent stands before its
/// children, so that none is its own.
pub fn categories(value: &Value) -> Result<Vec<Category>, FieldError> {
    let mut categories: Vec<Category> = Vec::new();
    let mut depths: BTreeMap<i64, usize> = BTreeMap::new();
    for (at, entry) in entries(value, MAX_CATEGORIES)?.iter().enumerate() {
        let members = object(entry, at)?;
        let (id, name) = (id(members, at)?, name(members, at)?);
        unique(at, categories.iter().any(|category| category.id == id), "id")?;
        let parent_id = match members.get("parentId") {
            None | Some(Value::Null) => None,
            Some(parent) => {
                let parent =
                    parent.as_i64().filter(|id| categories.iter().any(|category| category.id == *id));
                let message = "must name as a parent a category that stands before it";
                Some(parent.ok_or_else(|| fault(&format!("/{at}/parentId"), message))?)
            }
        };
        let depth = parent_id.and_then(|id| depths.get(&id).copied()).unwrap_or(0) + 1;
        if depth > MAX_DEPTH {
            let message = format!("must not have categories more than {MAX_DEPTH} deep");
            return Err(fault(&format!("/{at}/parentId"), &message));
        }
        depths.insert(id, depth);
        categories.push(Category { id, name, parent_id });
    }
    Ok(categories)
}

fn entries(value: &Value, most: usize) -> Result<&Vec<Value>, FieldError> {
    let entries = value.as_array().filter(|entries| entries.len() <= most);
    entries.ok_or_else(|| fault("", &format!("must be an array of at most {most} objects")))
}

fn object(entry: &Value, at: usize) -> Result<&Map<String, Value>, FieldError> {
    entry.as_object().ok_or_else(|| fault(&format!("/{at}"), "must hold objects"))
}

fn id(members: &Map<String, Value>, at: usize) -> Result<i64, FieldError> {
    // Below 2^53, so that every client reads it.
    let id = members.get("id").and_then(Value::as_i64).filter(|id| (1..1 << 53).contains(id));
    id.ok_or_else(|| fault(&format!("/{at}/id"), "must have an id, an integer from 1 to 2^53 - 1"))
}

fn name(members: &Map<String, Value>, at: usize) -> Result<String, FieldError> {
    let name = members.get("name").and_then(Value::as_str);
    let name = name.filter(|name| (1..=MAX_CUSTOM_NAME_CHARS).contains(&name.chars().count()));
    let message = format!("must have a name of 1 to {MAX_CUSTOM_NAME_CHARS} characters");
    name.map(str::to_owned).ok_or_else(|| fault(&format!("/{at}/name"), &message))
}

fn unique(at: usize, is_taken: bool, member: &str) -> Result<(), FieldError> {
    let message = format!("must not have the same {member} twice");
    if is_taken { Err(fault(&format!("/{at}/{member}"), &message)) } else { Ok(()) }
}

fn options(members: &Map<String, Value>, kind: FieldKind, at: usize) -> Result<Vec<String>, FieldError> {
    let options = match members.get("options") {
        None | Some(Value::Null) => Some(Vec::new()),
        Some(Value::Array(options)) => {
            options.iter().map(|option| option.as_str().map(str::to_owned)).collect()
        }
        Some(_) => None,
    };
    let distinct = |options: &Vec<String>| options.iter().collect::<BTreeSet<_>>().len() == options.len();
    let options =
        options.filter(distinct).filter(|options| (kind == FieldKind::Select) != options.is_empty());
    options.ok_or_else(|| {
        let message = "must have options, distinct texts, exactly where the type is select";
        fault(&format!("/{at}/options"), message)
    })
}
