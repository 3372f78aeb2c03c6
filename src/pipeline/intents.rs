//! What the sender wants, as the tenant's AI agents understand it.

use serde_json::{Map, Value, json};

use super::conditions::Facts;
use super::extract::{self, Source};
use super::fold::fold;
use super::matter::Fit;
use super::matter::prepared::PreparedAgent;
use super::matter::words::cut;
use super::tags::{in_channel, verdict};

/// An intent that an AI agent found (enneo Mind, intent).
#[derive(Debug, Clone, PartialEq)]
pub struct FoundIntent {
    pub ai_agent_id: i64,
    pub code: String,
    pub name: String,
    /// 0 to 1; 1 only where the text leaves no doubt and every required parameter was found.
    pub confidence: f64,
    /// `success`, `warning` or `danger`.
    pub confidence_color: &'static str,
    /// The parameters by key, in the AI agent's order.
    pub data: Map<String, Value>,
    /// Objects with `code`, `type`, `message` and `extraInfo`.
    pub infos: Vec<Value>,
    /// Objects with `type`, `name`, `icon`, `recommended` and `order`, in that order.
    pub options: Vec<Value>,
    /// `None` where the AI agent has no preview.
    pub message_preview: Option<String>,
    /// The sender's mail address; `None` where there is none.
    pub recipient: Option<String>,
    /// `ready` where every required parameter was found, else `preview`.
    pub status: &'static str,
    pub evidence: Vec<String>,
    /// Whether it may be carried out without a person.
    pub auto_executable: bool,
}

/// The score below which a text is not read for parameters.
const WORTH_READING: f64 = 0.3;

/// Finds a ticket's intents, the surest first. `fits` says how well its text fits each AI agent.
pub fn detect(
    agents: &[PreparedAgent],
    fits: &[Fit],
    facts: &Facts<'_>,
    source: &Source<'_>,
) -> Vec<FoundIntent> {
    let none = Fit::default();
    let asks_how = asks_how(source.clean);
    let mut found = Vec::new();
    let mut fallbacks = Vec::new();
    let mut something_fits = false;
    for (index, prepared) in agents.iter().enumerate() {
        let agent = &prepared.agent;
        if !in_channel(&agent.channels, facts) {
            continue;
        }
        let fit = fits.get(index).unwrap_or(&none);
        let read = if fit.score >= WORTH_READING || !agent.detection.conditions.is_empty() {
            Read::new(prepared, source)
        } else {
            Read::default()
        };
        let fit = Fit { score: weighed(fit, &read, asks_how), ..fit.clone() };
        let Some(verdict) = verdict(&agent.detection, &fit, facts) else { continue };
        something_fits |= !fit.is_fallback;
        if agent.detection.customer_needed && !facts.has_customer() {
            continue;
        }
        let is_certain = read.is_complete && read.required > 0 && verdict.score >= 0.8;
        let confidence = if is_certain { 1.0 } else { (verdict.score * 100.0).round().min(97.0) / 100.0 };
        let intent = intent(prepared, read, confidence, verdict.evidence, facts);
        if fit.is_fallback && verdict.is_by_text {
            fallbacks.push(intent);
        } else {
            found.push(intent);
        }
    }
    if !something_fits {
        found.extend(fallbacks);
    }
    found.sort_by(|a, b| b.confidence.total_cmp(&a.confidence));
    // Beside a certain intent, a faint one that has nothing to work with was only touched upon.
    let best = found.first().map_or(0.0, |intent| intent.confidence);
    found.retain(|intent| best < 0.95 || intent.status == "ready" || intent.confidence >= 0.7);
    found
}

/// What was read from the text for one AI agent.
#[derive(Debug, Default)]
struct Read {
    data: Map<String, Value>,
    evidence: Vec<String>,
    missing: Vec<usize>,
    required: usize,
    is_complete: bool,
}

impl Read {
    fn new(prepared: &PreparedAgent, source: &Source<'_>) -> Self {
        let mut read = Self::default();
        for (index, (parameter, pattern)) in
            prepared.agent.parameters.iter().zip(&prepared.patterns).enumerate()
        {
            read.required += usize::from(parameter.required);
            match extract::extract(source, parameter, pattern.as_ref()) {
                Some(extracted) => {
                    read.data.insert(parameter.key.clone(), extracted.value);
                    read.evidence.push(extracted.evidence);
                }
                None if parameter.required => read.missing.push(index),
                None => {}
            }
        }
        read.is_complete = read.missing.is_empty();
        read
    }
}

/// The score of a text, given what could be read from it.
fn weighed(fit: &Fit, read: &Read, asks_how: bool) -> f64 {
    if fit.score < WORTH_READING {
        fit.score
    } else if read.required > 0 && read.is_complete {
        1.0 - (1.0 - fit.score) * 0.65
    } else if read.required > 0 && asks_how {
        // Somebody who asks how to do it has not done it.
        fit.score * 0.75
    } else {
        fit.score
    }
}

fn intent(
    prepared: &PreparedAgent,
    read: Read,
    confidence: f64,
    mut evidence: Vec<String>,
    facts: &Facts<'_>,
) -> FoundIntent {
    let agent = &prepared.agent;
    let mut infos = Vec::new();
    for parameter in &agent.parameters {
        if let Some(value) = read.data.get(&parameter.key) {
            let message = format!("{}: {}", parameter.name, plain(value));
            infos.push(info("parameter_found", "success", &message, &parameter.key));
        }
    }
    for parameter in read.missing.iter().filter_map(|&index| agent.parameters.get(index)) {
        let message = match agent.messages.missing.as_str() {
            "" => format!("{} is missing", parameter.name),
            message => message.replace("{parameter}", &parameter.name),
        };
        infos.push(info("parameter_missing", "warning", &message, &parameter.key));
    }
    let mut options: Vec<_> = agent.options.iter().collect();
    options.sort_by_key(|option| option.order);
    let options = options.into_iter().map(|option| {
        json!({
            "type": option.r#type, "name": option.name, "icon": option.icon,
            "recommended": option.recommended, "order": option.order,
        })
    });
    evidence.extend(read.evidence);
    let confidence_color = match confidence {
        0.9.. => "success",
        0.7.. => "warning",
        _ => "danger",
    };
    FoundIntent {
        ai_agent_id: agent.id,
        code: agent.code.clone(),
        name: agent.name.clone(),
        confidence,
        confidence_color,
        message_preview: preview(&agent.messages.preview, &read.data),
        data: read.data,
        infos,
        options: options.collect(),
        recipient: facts.ticket.from.clone().filter(|from| from.contains('@')),
        status: if read.is_complete || agent.parameters.is_empty() { "ready" } else { "preview" },
        evidence,
        auto_executable: agent.auto_executable,
    }
}

fn info(code: &str, kind: &str, message: &str, parameter: &str) -> Value {
    json!({"code": code, "type": kind, "message": message, "extraInfo": {"parameter": parameter}})
}

/// A message with `{key}` replaced by the parameter, or by an ellipsis where it was not found.
fn preview(message: &str, data: &Map<String, Value>) -> Option<String> {
    if message.is_empty() {
        return None;
    }
    let mut filled = String::with_capacity(message.len());
    let mut rest = message;
    while let Some((before, behind)) = rest.split_once('{') {
        filled.push_str(before);
        let Some((key, behind)) = behind.split_once('}') else {
            filled.push('{');
            rest = behind;
            continue;
        };
        filled.push_str(&data.get(key).map_or_else(|| "…".to_owned(), plain));
        rest = behind;
    }
    filled.push_str(rest);
    Some(filled)
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn asks_how(text: &str) -> bool {
    let folded = fold(cut(text, 4_096));
    ASKS_HOW.iter().any(|phrase| folded.contains(phrase))
}

const ASKS_HOW: &[&str] = &[
    "wie kann ich",
    "wie koennen wir",
    "wie melde",
    "wie geht",
    "wie funktioniert",
    "wo kann ich",
    "wo finde",
    "wo melde",
    "wie lese",
    "wie muss ich",
    "was muss ich",
    "bis wann muss",
    "wann wird",
    "wann muss",
    "how do i",
    "how can i",
    "how do we",
    "where do i",
    "where can i",
    "what do i need",
    "when will",
    "when do i",
    "comment puis je",
    "comment faire",
    "hoe kan ik",
    "waar kan ik",
    "jak moge",
    "gdzie moge",
    "nasil",
    "come posso",
    "dove posso",
    "como puedo",
    "donde puedo",
];
