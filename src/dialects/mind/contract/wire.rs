//! The contract that Mind's clients read.

use serde_json::{Map, Value, json};

use super::members::{Kind, MEMBERS};
use crate::dialects::mind::stored::{erp_id, value};
use crate::domain::customer::Contract;

/// Words a contract: the members of the reference, null where the back end did not give one. With `raw_data`,
/// what the back end calls so, or all that it said where it calls nothing so.
pub fn contract_json(contract: Contract, raw_data: bool) -> Value {
    let mut given = match value(contract.document) {
        Value::Object(given) => given,
        _ => Map::new(),
    };
    let raw_data = raw_data.then(|| match given.get("rawData") {
        None | Some(Value::Null) => Value::Object(given.clone()),
        Some(raw_data) => raw_data.clone(),
    });
    let mut shown = Map::new();
    shown.insert("id".into(), erp_id(&contract.id));
    for (name, kind) in MEMBERS {
        let default = match kind {
            Kind::Objects => json!([]),
            Kind::Flag => json!(false),
            _ => Value::Null,
        };
        let given = given.shift_remove(name).filter(|member| !member.is_null());
        let member = match given.unwrap_or(default) {
            Value::Number(number) if kind == Kind::Digits => number.to_string().into(),
            member => member,
        };
        shown.insert(name.into(), member);
        if name == "tenant" {
            shown.insert("customerId".into(), contract.customer_id.as_str().into());
        }
    }
    shown.insert("rawData".into(), raw_data.unwrap_or_default());
    Value::Object(shown)
}
