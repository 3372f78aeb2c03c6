//! Definitions of tags' detection and of AI agents: from JSON with every fault named, and back.

mod reader;
mod write;

use std::collections::HashSet;

use serde_json::Value;

use self::reader::Reader;
use crate::domain::ai_agent::{AgentOption, AiAgent, Messages, Parameter, ParameterType};
use crate::domain::detection::{Condition, Detection};
use crate::domain::id::TagId;
use crate::domain::tag::DetectionType;
use crate::domain::ticket::Channel;
use crate::domain::word::Word;
use crate::pipeline::{conditions, extract};

pub use self::reader::Flaw;
pub use self::write::ai_agent_document;

/// Characters of a name, a code or a key.
const NAME: usize = 255;
/// Characters of a prompt or a message.
const PROSE: usize = 10_000;
/// Keywords of one definition, and values of one condition or enum.
const WORDS: usize = 1_000;
/// Conditions, parameters and options of one definition.
const ENTRIES: usize = 100;

/// Reads `detectionDetails`; absent members get their defaults. Returns every fault there is.
pub fn detection(value: &Value) -> Result<Detection, Vec<Flaw>> {
    let mut flaws = Vec::new();
    let detection = read_detection(value, String::new(), &mut flaws);
    if flaws.is_empty() { Ok(detection) } else { Err(flaws) }
}

/// Reads an AI agent's document, whose `id` does not count. Returns every fault there is.
pub fn ai_agent(id: i64, document: &Value) -> Result<AiAgent, Vec<Flaw>> {
    let mut flaws = Vec::new();
    let mut reader = Reader::new(document, String::new(), &mut flaws);
    let code = reader.text("code", usize::MAX);
    let is_code = |letter: u8| matches!(letter, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-');
    if code.is_empty() || code.len() > NAME || !code.bytes().all(is_code) {
        reader.flaw("code", "must be 1 to 255 characters of a-z, 0-9, _ and -");
    }
    let agent = AiAgent {
        id,
        code,
        name: reader.needed_text("name", NAME),
        enabled: reader.flag("enabled", true),
        tag_id: reader.integer("tagId").map(TagId),
        channels: channels(&mut reader),
        detection: {
            let pointer = reader.pointer("detectionDetails");
            let value = reader.get("detectionDetails").unwrap_or(&Value::Null);
            read_detection(value, pointer, reader.flaws())
        },
        parameters: parameters(&mut reader),
        options: options(&mut reader),
        messages: reader.get("messages").map(|value| messages(&mut reader, value)).unwrap_or_default(),
        auto_executable: reader.flag("autoExecutable", false),
    };
    if flaws.is_empty() { Ok(agent) } else { Err(flaws) }
}

fn read_detection(value: &Value, path: String, flaws: &mut Vec<Flaw>) -> Detection {
    let empty = Value::Object(serde_json::Map::new());
    let mut reader = Reader::new(if value.is_null() { &empty } else { value }, path, flaws);
    Detection {
        kind: reader.word("type", DetectionType::ManualAssignment),
        customer_needed: reader.flag("customerNeeded", true),
        prompt: reader.text("prompt", PROSE),
        keywords: reader.texts("keywords", WORDS, NAME),
        conditions: {
            let mut read = Vec::new();
            for (index, value) in reader.list("conditions", ENTRIES).iter().enumerate() {
                let pointer = reader.pointer(&format!("conditions/{index}"));
                read.extend(condition(value, pointer, reader.flaws()));
            }
            read
        },
    }
}

fn condition(value: &Value, path: String, flaws: &mut Vec<Flaw>) -> Option<Condition> {
    let before = flaws.len();
    let mut reader = Reader::new(value, path.clone(), flaws);
    let key = reader.needed_text("key", NAME);
    let comparator = reader.needed_text("comparator", NAME);
    let mut values = Vec::new();
    if comparator.ends_with("between") {
        for name in ["from", "to"] {
            values.extend(reader.get(name).map(|value| (name.to_owned(), value)));
        }
    } else if let Some(value) = reader.get("value") {
        values.push(("value".to_owned(), value));
    }
    if values.is_empty() {
        let list = reader.list("values", WORDS);
        values.extend(list.iter().enumerate().map(|(index, value)| (format!("values/{index}"), value)));
    }
    let mut read = Vec::new();
    for (name, value) in values {
        match value {
            Value::String(text) => read.push(text.clone()),
            Value::Number(_) | Value::Bool(_) | Value::Null => read.push(value.to_string()),
            Value::Array(_) | Value::Object(_) => reader.flaw(&name, "must be a string, a number or a flag"),
        }
    }
    if flaws.len() > before {
        return None;
    }
    let condition = Condition { key, comparator, values: read };
    match conditions::check(&condition) {
        Ok(()) => Some(condition),
        Err(message) => {
            flaws.push(Flaw { pointer: path, message });
            None
        }
    }
}

fn channels(reader: &mut Reader<'_>) -> Vec<String> {
    let given = reader.texts("channels", ENTRIES, NAME);
    let mut channels: Vec<String> = Vec::new();
    for (index, word) in given.into_iter().enumerate() {
        let words = match word.as_str() {
            "all" => Channel::ALL.to_vec(),
            word => Channel::parse(word).into_iter().collect(),
        };
        if words.is_empty() {
            reader.flaw(&format!("channels/{index}"), format!("must be all, {}", Channel::choices()));
        }
        for word in words {
            if !channels.iter().any(|known| known == word.as_str()) {
                channels.push(word.as_str().to_owned());
            }
        }
    }
    channels
}

fn parameters(reader: &mut Reader<'_>) -> Vec<Parameter> {
    let mut parameters: Vec<Parameter> = Vec::new();
    let mut keys = HashSet::new();
    for (index, value) in reader.list("parameters", ENTRIES).iter().enumerate() {
        let pointer = reader.pointer(&format!("parameters/{index}"));
        let mut reader = Reader::new(value, pointer, reader.flaws());
        let key = reader.needed_text("key", NAME);
        if !key.is_empty() && !keys.insert(key.clone()) {
            reader.flaw("key", "stands for another parameter already");
        }
        let name = reader.text("name", NAME);
        let parameter = Parameter {
            name: if name.is_empty() { key.clone() } else { name },
            key,
            kind: reader.word("type", ParameterType::Text),
            required: reader.flag("required", false),
            pattern: Some(reader.text("pattern", 1_000)).filter(|pattern| !pattern.is_empty()),
            values: reader.texts("values", WORDS, NAME),
        };
        if let Some(Err(message)) = parameter.pattern.as_deref().map(extract::pattern) {
            reader.flaw("pattern", message);
        }
        if parameter.kind == ParameterType::Enum && parameter.values.is_empty() {
            reader.flaw("values", "must name at least one value of the enum");
        }
        parameters.push(parameter);
    }
    parameters
}

fn options(reader: &mut Reader<'_>) -> Vec<AgentOption> {
    let mut options = Vec::new();
    for (index, value) in reader.list("options", ENTRIES).iter().enumerate() {
        let pointer = reader.pointer(&format!("options/{index}"));
        let mut reader = Reader::new(value, pointer, reader.flaws());
        let order = reader.integer("order");
        options.push(AgentOption {
            r#type: reader.needed_text("type", NAME),
            name: reader.text("name", NAME),
            icon: reader.text("icon", NAME),
            recommended: reader.flag("recommended", false),
            order: order.unwrap_or_else(|| i64::try_from(index).unwrap_or(i64::MAX)),
        });
    }
    options
}

fn messages(reader: &mut Reader<'_>, value: &Value) -> Messages {
    let pointer = reader.pointer("messages");
    let mut reader = Reader::new(value, pointer, reader.flaws());
    Messages {
        preview: reader.text("preview", PROSE),
        success: reader.text("success", PROSE),
        missing: reader.text("missing", PROSE),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn absent_members_get_their_defaults() {
        let read = detection(&json!({"type": "aiDetection", "unknown": 1})).unwrap();
        assert_eq!(read.kind, DetectionType::AiDetection);
        assert!(read.customer_needed && read.keywords.is_empty() && read.conditions.is_empty());
        assert_eq!(detection(&Value::Null).unwrap().kind, DetectionType::ManualAssignment);
    }

    #[test]
    fn a_condition_keeps_its_values_whichever_member_they_stand_in() {
        let read = detection(&json!({"conditions": [
            {"key": "t.subchannelId", "comparator": "in", "values": [3, "4"]},
            {"key": "channel", "comparator": "=", "value": "letter"},
            {"key": "t.createdAt", "comparator": "between", "from": "2026-01-01", "to": 1_800_000_000},
        ]}))
        .unwrap();
        let values: Vec<_> = read.conditions.iter().map(|condition| condition.values.join(" ")).collect();
        assert_eq!(values, ["3 4", "letter", "2026-01-01 1800000000"]);
    }

    #[test]
    fn every_fault_of_an_agent_is_named_at_its_pointer() {
        let flaws = ai_agent(
            1,
            &json!({
                "code": "Bad Code", "channels": ["fax"],
                "detectionDetails": {"type": "magic", "conditions": [{"key": "t.nothing", "comparator": "="}]},
                "parameters": [{"key": "a", "pattern": "("}, {"key": "a", "type": "enum"}],
                "options": [{"name": "no type"}],
            }),
        )
        .unwrap_err();
        let pointers: Vec<_> = flaws.iter().map(|flaw| flaw.pointer.as_str()).collect();
        assert_eq!(
            pointers,
            [
                "/code",
                "/name",
                "/channels/0",
                "/detectionDetails/type",
                "/detectionDetails/conditions/0",
                "/parameters/0/pattern",
                "/parameters/1/key",
                "/parameters/1/values",
                "/options/0/type"
            ]
        );
    }

    #[test]
    fn a_pattern_too_large_to_compile_is_a_flaw() {
        let document =
            json!({"code": "a", "name": "A", "parameters": [{"key": "k", "pattern": "(\\w{1000}){1000}"}]});
        assert_eq!(ai_agent(1, &document).unwrap_err()[0].pointer, "/parameters/0/pattern");
    }

    #[test]
    fn a_document_comes_back_as_it_was_read() {
        let document = json!({
            "id": 7, "code": "move", "name": "Move", "enabled": false, "tagId": 3,
            "channels": ["email", "chat"],
            "detectionDetails": {
                "type": "aiAndConditionDetection", "customerNeeded": false, "prompt": "moves", "keywords": ["Umzug"],
                "conditions": [
                    {"key": "t.subchannelId", "comparator": "in", "values": [3]},
                    {"key": "t.createdAt", "comparator": "between", "from": "-7 DAY", "to": "CURRENT_TIME"},
                    {"key": "t.channel", "comparator": "!=", "value": "letter"},
                ],
            },
            "parameters": [{
                "key": "kind", "name": "Kind", "type": "enum", "required": true, "pattern": "^a", "values": ["a", "b"],
            }],
            "options": [{"type": "go", "name": "Go", "icon": "check", "recommended": true, "order": 1}],
            "messages": {"preview": "p", "success": "s", "missing": "m"},
            "autoExecutable": true,
        });
        let agent = ai_agent(7, &document).unwrap();
        assert_eq!(ai_agent_document(&agent).to_string(), document.to_string());
    }

    #[test]
    fn all_channels_are_written_out() {
        let document = json!({"code": "a", "name": "A", "channels": ["all"]});
        assert_eq!(ai_agent(1, &document).unwrap().channels.len(), Channel::ALL.len());
    }
}
