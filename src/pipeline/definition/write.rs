//! An AI agent as the document that it was read from.

use serde_json::{Value, json};

use crate::domain::ai_agent::AiAgent;
use crate::domain::detection::{Condition, Detection};
use crate::domain::word::Word;
use crate::pipeline::conditions;

/// The whole document, with the members in the reference's order.
pub fn ai_agent_document(agent: &AiAgent) -> Value {
    let parameters: Vec<_> = agent
        .parameters
        .iter()
        .map(|parameter| {
            json!({
                "key": parameter.key,
                "name": parameter.name,
                "type": parameter.kind.as_str(),
                "required": parameter.required,
                "pattern": parameter.pattern,
                "values": parameter.values,
            })
        })
        .collect();
    let options: Vec<_> = agent
        .options
        .iter()
        .map(|option| {
            json!({
                "type": option.r#type,
                "name": option.name,
                "icon": option.icon,
                "recommended": option.recommended,
                "order": option.order,
            })
        })
        .collect();
    json!({
        "id": agent.id,
        "code": agent.code,
        "name": agent.name,
        "enabled": agent.enabled,
        "tagId": agent.tag_id.map(|id| id.0),
        "channels": agent.channels,
        "detectionDetails": detection(&agent.detection),
        "parameters": parameters,
        "options": options,
        "messages": {
            "preview": agent.messages.preview,
            "success": agent.messages.success,
            "missing": agent.messages.missing,
        },
        "autoExecutable": agent.auto_executable,
    })
}

fn detection(detection: &Detection) -> Value {
    json!({
        "type": detection.kind.as_str(),
        "customerNeeded": detection.customer_needed,
        "prompt": detection.prompt,
        "keywords": detection.keywords,
        "conditions": detection.conditions.iter().map(condition).collect::<Vec<_>>(),
    })
}

fn condition(condition: &Condition) -> Value {
    let is_numeric = conditions::is_numeric(&condition.key);
    let value = |text: &String| match text.parse::<i64>() {
        Ok(number) if is_numeric => json!(number),
        _ => json!(text),
    };
    let (key, comparator, values) = (&condition.key, &condition.comparator, &condition.values);
    match (comparator.as_str(), values.as_slice()) {
        ("between" | "not between", [from, to]) => {
            json!({"key": key, "comparator": comparator, "from": value(from), "to": value(to)})
        }
        ("in" | "not in", _) => {
            json!({"key": key, "comparator": comparator, "values": values.iter().map(value).collect::<Vec<_>>()})
        }
        (_, [only]) => json!({"key": key, "comparator": comparator, "value": value(only)}),
        _ => json!({"key": key, "comparator": comparator, "values": values}),
    }
}
