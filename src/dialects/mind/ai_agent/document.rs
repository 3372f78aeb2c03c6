//! Reading an AI agent's document, on creation and with changes merged into it.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::db::TenantTx;
use crate::db::references::{self, Wanted};
use crate::dialects::mind::read::Reader;
use crate::domain::ai_agent::AiAgent;
use crate::domain::id::TagId;
use crate::error::{Error, FieldError};
use crate::http::field::{FromJson, Unknown, Wrong};
use crate::pipeline::definition;

/// The members that the server sets.
const READ_ONLY: [&str; 4] = ["id", "modifiedBy", "modifiedAt", "success"];
/// The members of the document.
const KNOWN: [&str; 10] = [
    "code",
    "name",
    "enabled",
    "tagId",
    "channels",
    "detectionDetails",
    "parameters",
    "options",
    "messages",
    "autoExecutable",
];

/// The members of a request that count; what is wrong with the others is noted. Errors where it is no object.
pub fn members(wire: Value, reader: &mut Reader<'_>, strict: bool) -> Result<Map<String, Value>, Error> {
    let mut given = match Value::from_json(wire) {
        Ok(Value::Object(given)) => given,
        Ok(_) => {
            reader.refuse_all(&[Wrong::r#type("an object")]);
            Map::new()
        }
        Err(wrongs) => {
            reader.refuse_all(&wrongs);
            Map::new()
        }
    };
    if !reader.errors.is_empty() {
        return Err(Error::Invalid(std::mem::take(&mut reader.errors)));
    }
    let others: Vec<String> = given.keys().filter(|name| !KNOWN.contains(&name.as_str())).cloned().collect();
    for name in &others {
        given.shift_remove(name);
    }
    reader.unknown(Unknown(others), &READ_ONLY, strict);
    Ok(given)
}

/// Puts a change into a document: objects are merged member by member, all else is replaced (enneo Mind, AI
/// agents: PATCH).
pub fn merge(into: &mut Value, change: Value) {
    match (into, change) {
        (Value::Object(into), Value::Object(change)) => {
            for (name, member) in change {
                merge(into.entry(name).or_insert(Value::Null), member);
            }
        }
        (into, change) => *into = change,
    }
}

/// Checks a whole document, its tag included. Errors with everything that is wrong with it.
pub async fn check(
    tx: &mut TenantTx,
    id: i64,
    document: &Value,
    reader: &mut Reader<'_>,
) -> Result<AiAgent, Error> {
    let read = definition::ai_agent(id, document);
    if let Err(flaws) = &read {
        let wrongs = flaws
            .iter()
            .map(|flaw| Wrong { pointer: flaw.pointer.clone(), ..Wrong::new("invalid", &flaw.message) });
        reader.refuse_all(&wrongs.collect::<Vec<_>>());
    }
    if let Some(tag) = document["tagId"].as_i64() {
        let wanted = Wanted { tags: BTreeSet::from([TagId(tag)]), ..Wanted::default() };
        if references::look_up(tx, &wanted).await?.tags.is_empty() {
            reader.errors.push(FieldError {
                pointer: "/tagId".into(),
                code: "tag_not_found",
                message: format!("there is no tag {tag}"),
            });
        }
    }
    let (Ok(agent), true) = (read, reader.errors.is_empty()) else {
        return Err(Error::Invalid(std::mem::take(&mut reader.errors)));
    };
    Ok(agent)
}

/// The refusal of a code that another AI agent of the tenant has.
pub fn taken() -> Error {
    Error::conflict("/code", "another AI agent has this code")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn objects_are_merged_and_all_else_is_replaced() {
        let mut document = json!({ "a": { "b": 1, "c": [1, 2] }, "d": 1, "e": { "f": 1 } });
        merge(&mut document, json!({ "a": { "c": [3], "g": { "h": 1 } }, "d": null, "e": 2 }));
        assert_eq!(document, json!({ "a": { "b": 1, "c": [3], "g": { "h": 1 } }, "d": null, "e": 2 }));
    }
}
