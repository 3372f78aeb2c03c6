//! `tessera eval`: how well the local pipeline does on labelled cases.

mod case;
mod score;

use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;
use std::path::PathBuf;

use clap::Args;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use rustix::time::{ClockId, clock_gettime};
use serde_json::{Value, json};

use self::case::{Case, Tenant};
use self::score::{STAGES, Scores};
use super::Failure;
use crate::analysis::{self, Directory, Findings, Run};
use crate::clock::Clock;
use crate::domain::analysis::{Plan, Scope};
use crate::domain::directory::{Entry, Key};
use crate::domain::settings::AnalysisSettings;
use crate::domain::ticket::SpamStatus;
use crate::domain::word::Word;
use crate::pipeline::customer::MemoryDirectory;

#[derive(Debug, Args)]
pub struct Eval {
    /// Labelled cases, one JSON object a line
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Score this stage alone
    #[arg(long, value_parser = clap::builder::PossibleValuesParser::new(STAGES))]
    stage: Option<String>,
    /// Show up to so many failures of each stage
    #[arg(long, default_value_t = 0, value_name = "N")]
    failures: usize,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// A line that is not valid; the program ends with 2.
#[derive(Debug, thiserror::Error)]
#[error("{file}:{line}: {why}")]
pub struct InvalidLine {
    file: String,
    line: usize,
    why: String,
}

/// Runs every case and prints what it came to.
pub async fn eval(command: Eval) -> Result<(), Failure> {
    let mut scores = Scores::default();
    let now = Clock::default().now();
    for path in &command.files {
        let file = path.display().to_string();
        let text = std::fs::read_to_string(path).map_err(|error| format!("cannot read {file}: {error}"))?;
        let mut tenant = None;
        for (at, line) in text.lines().enumerate() {
            if line.trim().is_empty() {
                continue;
            }
            let invalid = |why: String| InvalidLine { file: file.clone(), line: at + 1, why };
            let line: Value = serde_json::from_str(line).map_err(|error| invalid(error.to_string()))?;
            if tenant.is_none() {
                tenant = Some(Tenant::read(line.get("directory")).map_err(invalid)?);
                if line.get("directory").is_some() {
                    continue;
                }
            }
            let case = Case::read(&line, now).map_err(invalid)?;
            if let Some(tenant) = &tenant {
                run(tenant, &case, now, &mut scores).await?;
            }
        }
    }
    if let Some(stage) = &command.stage {
        scores.stages.retain(|name, _| name == stage);
        scores.failures.retain(|failure| failure.0 == stage);
    }
    if command.json {
        println!("{}", scores.into_json());
    } else {
        println!("{}", scores.into_text(command.failures));
    }
    Ok(())
}

async fn run(tenant: &Tenant, case: &Case, now: Timestamp, scores: &mut Scores) -> Result<(), Failure> {
    let plan = Plan::new(&[Scope::Message]);
    let settings = AnalysisSettings::default();
    let run = Run {
        ticket: &case.ticket,
        tag_ids: &[],
        has_incoming_reply: false,
        plan: &plan,
        catalogue: &tenant.catalogue,
        settings: &settings,
        zone: &TimeZone::UTC,
        llm: None,
        now,
    };
    if scores.cases == 0 {
        // The models are loaded once for all.
        analysis::analyse(&run, &tenant.directory).await?;
    }
    let before = cpu_ms();
    let findings = analysis::analyse(&run, &tenant.directory).await?;
    scores.cpu_ms.push(cpu_ms() - before);
    scores.cases += 1;
    compare(case, &findings, scores);
    Ok(())
}

impl Directory for MemoryDirectory {
    type Error = Infallible;

    async fn find(&self, keys: &[Key]) -> Result<Vec<Entry>, Infallible> {
        Ok(MemoryDirectory::find(self, keys))
    }
}

fn compare(case: &Case, findings: &Findings, scores: &mut Scores) {
    let label = |name: &str| case.expect.get(name);
    let text = |value: &Value| match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    };
    let mut answer = |stage: &'static str, expected: Value, found: Value, right: bool| {
        scores.stages.entry(stage).or_default().answer(right);
        if !right {
            scores.failures.push((stage, case.id.clone(), expected, found));
        }
    };
    if let Some(expected) = label("languageCode") {
        let found = json!(findings.language.value().flatten().map(|language| language.code));
        answer("language", expected.clone(), found.clone(), *expected == found);
    }
    if let Some(expected) = label("bodyClean").and_then(Value::as_str) {
        let found = findings.text.as_ref().map_or("", |text| text.clean.as_str());
        let (expected, found) = (fold_blanks(expected), fold_blanks(found));
        let right = expected == found;
        answer("bodyClean", json!(expected), json!(found), right);
    }
    if let Some(expected) = label("sentiment") {
        let found = json!(findings.sentiment.map(Word::as_str));
        answer("sentiment", expected.clone(), found.clone(), *expected == found);
    }
    let customer = findings.customer.as_ref();
    if let Some(expected) = label("contractId") {
        let (expected, found) = (text(expected), customer.and_then(|found| found.contract_id.clone()));
        answer("contract", json!(expected), json!(found), expected == found);
    }
    if let Some(expected) = label("customerLegitimation") {
        let found = json!(customer.map_or(0, |found| found.legitimation));
        answer("legitimation", expected.clone(), found.clone(), *expected == found);
    }
    let labelled: BTreeMap<&String, &Value> =
        label("parameters").and_then(Value::as_object).into_iter().flatten().collect();
    for (code, parameters) in labelled {
        let intent = findings.intents.iter().flatten().find(|intent| intent.code == *code);
        for (key, expected) in parameters.as_object().into_iter().flatten() {
            let found = intent.and_then(|intent| intent.data.get(key)).cloned().unwrap_or(Value::Null);
            let right = is_same(expected, &found);
            answer("parameters", json!({ key: expected }), json!({ key: found }), right);
        }
    }
    let mut retrieve = |stage: &'static str, expected: Option<String>, found: Option<String>| {
        scores.stages.entry(stage).or_default().one(expected.as_ref(), found.as_ref());
        if expected != found {
            scores.failures.push((stage, case.id.clone(), json!(expected), json!(found)));
        }
    };
    if let Some(expected) = label("spamStatus").and_then(Value::as_str) {
        let is_spam = |status: &str| status.ends_with("_spam") || status.ends_with("_programmatic");
        let found = findings.spam.is_some_and(SpamStatus::is_spam);
        let spam = |is_spam: bool| is_spam.then(|| "spam".to_owned());
        retrieve("spam", spam(is_spam(expected)), spam(found));
    }
    if let Some(expected) = label("customerId") {
        retrieve("customer", text(expected), customer.and_then(|found| found.customer_id.clone()));
    }
    let mut sets = |stage: &'static str, expected: BTreeSet<String>, found: BTreeSet<String>| {
        scores.stages.entry(stage).or_default().set(&expected, &found);
        if expected != found {
            scores.failures.push((stage, case.id.clone(), json!(expected), json!(found)));
        }
    };
    let labels = |value: &Value| value.as_array().into_iter().flatten().filter_map(text).collect();
    if let Some(expected) = label("tagIds") {
        sets("tags", labels(expected), findings.tags.iter().flatten().map(ToString::to_string).collect());
    }
    if let Some(expected) = label("intents") {
        sets(
            "intents",
            labels(expected),
            findings.intents.iter().flatten().map(|intent| intent.code.clone()).collect(),
        );
    }
}

/// Numbers by their value, texts whatever their case and outer blanks.
fn is_same(expected: &Value, found: &Value) -> bool {
    match (expected, found) {
        (Value::Number(expected), Value::Number(found)) => expected.as_f64() == found.as_f64(),
        (Value::String(expected), Value::String(found)) => {
            expected.trim().to_lowercase() == found.trim().to_lowercase()
        }
        (expected, found) => expected == found,
    }
}

fn fold_blanks(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The processor time of this thread, in milliseconds.
#[expect(clippy::cast_precision_loss, reason = "far below 2^52 ns")]
fn cpu_ms() -> f64 {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    time.tv_sec as f64 * 1e3 + time.tv_nsec as f64 / 1e6
}
