//! The contract that Mind's clients read.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

use super::members::{Kind, MEMBERS};
use crate::dialects::mind::stored::{erp_id, raw};
use crate::domain::customer;

/// A contract as it is shown: the members of the reference, null where the back end did not give one.
#[derive(Debug)]
pub struct Contract {
    pub contract: customer::Contract,
    /// Whether `rawData` is filled: with what the back end calls so, or all that it said where it calls nothing so.
    pub raw_data: bool,
}

impl Serialize for Contract {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let document = &self.contract.document;
        let mut json = serde_json::Deserializer::from_str(&document.0);
        let given = json.deserialize_map(Given).ok();
        let mut shown = serializer.serialize_map(Some(MEMBERS.len() + 2))?;
        shown.serialize_entry("id", &erp_id(&self.contract.id))?;
        for (at, (name, kind)) in MEMBERS.into_iter().enumerate() {
            let member = given.and_then(|given| given[at]).filter(|member| member.get() != "null");
            match (name, kind, member) {
                ("rawData", ..) if !self.raw_data => shown.serialize_entry(name, &())?,
                ("rawData", _, None) if given.is_some() => shown.serialize_entry(name, raw(document))?,
                (_, Kind::Digits, Some(member)) if is_number(member) => {
                    shown.serialize_entry(name, member.get())?;
                }
                (_, _, Some(member)) => shown.serialize_entry(name, member)?,
                (_, Kind::Objects, None) => shown.serialize_entry(name, &[(); 0])?,
                (_, Kind::Flag, None) => shown.serialize_entry(name, &false)?,
                (_, _, None) => shown.serialize_entry(name, &())?,
            }
            if name == "tenant" {
                shown.serialize_entry("customerId", &self.contract.customer_id)?;
            }
        }
        shown.end()
    }
}

fn is_number(json: &RawValue) -> bool {
    json.get().starts_with(|first: char| first == '-' || first.is_ascii_digit())
}

/// Reads what a document has of [`MEMBERS`]; of one that is there twice, the last.
struct Given;

impl<'de> Visitor<'de> for Given {
    type Value = [Option<&'de RawValue>; MEMBERS.len()];

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut given = [None; MEMBERS.len()];
        while let Some(at) = map.next_key_seed(Position)? {
            match at {
                Some(at) => given[at] = Some(map.next_value()?),
                None => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        Ok(given)
    }
}

/// Reads a name as its place among [`MEMBERS`].
struct Position;

impl<'de> DeserializeSeed<'de> for Position {
    type Value = Option<usize>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Position {
    type Value = Option<usize>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_str<E>(self, name: &str) -> Result<Self::Value, E> {
        Ok(MEMBERS.iter().position(|(member, _)| *member == name))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::domain::customer::ErpId;
    use crate::domain::ticket::Document;

    fn shown(document: &str, raw_data: bool) -> Value {
        let id = ErpId { text: "746839".into(), is_integer: true };
        let document = Document(document.into());
        let contract = customer::Contract { id, customer_id: "83".into(), document };
        serde_json::to_value(Contract { contract, raw_data }).unwrap()
    }

    #[test]
    fn every_member_is_there_whatever_the_back_end_gave() {
        for document in ["{}", "[]", "null", "7", "", "{\"orderId\":"] {
            let shown = shown(document, false);
            assert_eq!(shown.as_object().unwrap().len(), MEMBERS.len() + 2, "{document}");
            assert_eq!((&shown["id"], &shown["customerId"]), (&json!(746_839), &json!("83")));
            assert_eq!((&shown["orderId"], &shown["business"]), (&json!(null), &json!(false)));
            assert_eq!((&shown["registers"], &shown["erpUrls"]), (&json!([]), &json!([])));
        }
    }

    #[test]
    fn what_the_back_end_gave_is_shown_as_it_is() {
        let document = r#" { "orderId" : 1.10, "phone": -49, "tenant": "a", "tenant": "b", "cust\u006fmerId": "x",
            "rawData": {"secret": 1}, "unknown": [1], "business": null, "registers": [{"id": 1}] } "#;
        let given = shown(document, false);
        assert_eq!(given["orderId"].to_string(), "1.10");
        assert_eq!((&given["phone"], &given["tenant"]), (&json!("-49"), &json!("b")));
        assert_eq!((&given["customerId"], &given["rawData"]), (&json!("83"), &json!(null)));
        assert_eq!((&given["business"], &given["registers"]), (&json!(false), &json!([{ "id": 1 }])));
        assert_eq!(given.get("unknown"), None);
        assert_eq!(shown(document, true)["rawData"], json!({ "secret": 1 }));
        assert_eq!(shown(r#"{"unknown": [1]}"#, true)["rawData"], json!({ "unknown": [1] }));
    }
}
