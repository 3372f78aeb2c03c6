//! Mail headers as a ticket's `rawData.headers` has them.

use serde_json::Value;

use crate::domain::ticket::Document;

/// Mail headers: names in lower case, values as they came.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Headers(Vec<(String, String)>);

impl Headers {
    /// Reads `rawData.headers`: a name in any case, and a string or an array of strings; anything else
    /// there is ignored (enneo Mind, create a ticket: `rawData`).
    pub fn read(raw_data: Option<&Document>) -> Self {
        let Some(document) = raw_data else { return Self::default() };
        let Ok(Value::Object(mut document)) = serde_json::from_str(&document.0) else {
            return Self::default();
        };
        let Some(Value::Object(headers)) = document.remove("headers") else { return Self::default() };
        let mut read = Vec::new();
        for (name, value) in headers {
            let name = name.to_lowercase();
            match value {
                Value::String(value) => read.push((name, value)),
                Value::Array(values) => {
                    let values = values.into_iter().filter_map(|value| match value {
                        Value::String(value) => Some((name.clone(), value)),
                        _ => None,
                    });
                    read.extend(values);
                }
                _ => {}
            }
        }
        Self(read)
    }

    /// The first value of a header, by its name in lower case.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.all(name).next()
    }

    /// Every value of a header, by its name in lower case.
    pub fn all<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}
