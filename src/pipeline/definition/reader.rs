//! Reading members of a JSON object, with every fault kept.

use serde_json::{Map, Value};

use crate::domain::word::Word;

/// One fault of a definition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flaw {
    /// A JSON pointer into the definition.
    pub pointer: String,
    pub message: String,
}

/// An object, where it stands, and where its faults go. An absent member and null are the same.
pub struct Reader<'a> {
    members: Option<&'a Map<String, Value>>,
    path: String,
    flaws: &'a mut Vec<Flaw>,
}

impl<'a> Reader<'a> {
    pub fn new(value: &'a Value, path: String, flaws: &'a mut Vec<Flaw>) -> Self {
        let members = value.as_object();
        if members.is_none() {
            flaws.push(Flaw { pointer: path.clone(), message: "must be an object".to_owned() });
        }
        Self { members, path, flaws }
    }

    pub fn pointer(&self, name: &str) -> String {
        format!("{}/{name}", self.path)
    }

    pub fn flaws(&mut self) -> &mut Vec<Flaw> {
        self.flaws
    }

    pub fn flaw(&mut self, name: &str, message: impl Into<String>) {
        let pointer = self.pointer(name);
        self.flaws.push(Flaw { pointer, message: message.into() });
    }

    pub fn get(&self, name: &str) -> Option<&'a Value> {
        self.members?.get(name).filter(|value| !value.is_null())
    }

    /// A text of at most so many characters; empty where it is absent.
    pub fn text(&mut self, name: &str, most: usize) -> String {
        match self.get(name) {
            None => String::new(),
            Some(Value::String(text)) => {
                if text.chars().count() > most {
                    self.flaw(name, format!("must have at most {most} characters"));
                }
                text.clone()
            }
            Some(_) => {
                self.flaw(name, "must be a string");
                String::new()
            }
        }
    }

    /// A text of 1 to so many characters that has to be there.
    pub fn needed_text(&mut self, name: &str, most: usize) -> String {
        let before = self.flaws.len();
        let text = self.text(name, most);
        if text.trim().is_empty() && self.flaws.len() == before {
            self.flaw(name, "must not be empty");
        }
        text
    }

    pub fn flag(&mut self, name: &str, default: bool) -> bool {
        match self.get(name) {
            None => default,
            Some(Value::Bool(flag)) => *flag,
            Some(_) => {
                self.flaw(name, "must be true or false");
                default
            }
        }
    }

    pub fn integer(&mut self, name: &str) -> Option<i64> {
        let value = self.get(name)?;
        let integer = value.as_i64();
        if integer.is_none() {
            self.flaw(name, "must be an integer");
        }
        integer
    }

    pub fn word<W: Word>(&mut self, name: &str, default: W) -> W {
        match self.get(name) {
            None => return default,
            Some(Value::String(word)) => {
                if let Some(word) = W::parse(word) {
                    return word;
                }
            }
            Some(_) => {}
        }
        self.flaw(name, format!("must be {}", W::choices()));
        default
    }

    /// The elements of an array of at most so many; none where it is absent.
    pub fn list(&mut self, name: &str, most: usize) -> &'a [Value] {
        match self.get(name) {
            None => &[],
            Some(Value::Array(list)) if list.len() <= most => list,
            Some(Value::Array(_)) => {
                self.flaw(name, format!("must have at most {most} elements"));
                &[]
            }
            Some(_) => {
                self.flaw(name, "must be an array");
                &[]
            }
        }
    }

    /// An array of texts that are not empty, of at most so many characters each.
    pub fn texts(&mut self, name: &str, most: usize, characters: usize) -> Vec<String> {
        let mut texts = Vec::new();
        for (index, value) in self.list(name, most).iter().enumerate() {
            match value.as_str().map(str::trim) {
                Some(text) if !text.is_empty() && text.chars().count() <= characters => {
                    texts.push(text.to_owned());
                }
                _ => {
                    let message = format!("must be a string of 1 to {characters} characters");
                    self.flaw(&format!("{name}/{index}"), message);
                }
            }
        }
        texts
    }
}
