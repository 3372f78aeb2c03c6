mod date;
mod hostile;
mod meter;
mod number;
mod other;
mod readings;

use serde_json::{Value, json};

use super::*;

fn parameter(kind: ParameterType, key: &str, name: &str) -> Parameter {
    let (key, name) = (key.to_owned(), name.to_owned());
    Parameter { key, name, kind, required: true, pattern: None, values: Vec::new() }
}

/// What a mail of Saturday, 21 November 2026 says.
fn read_mail(subject: &str, clean: &str, parameter: &Parameter) -> Option<Value> {
    let zone = TimeZone::get("Europe/Berlin").unwrap();
    let source = Source { subject, clean, at: "2026-11-21T09:30:00Z".parse().unwrap(), zone: &zone };
    let pattern = parameter.pattern.as_deref().map(|text| pattern(text).unwrap());
    extract(&source, parameter, pattern.as_ref()).map(|found| found.value)
}

fn read(clean: &str, parameter: &Parameter) -> Option<Value> {
    read_mail("", clean, parameter)
}

/// Every text of a list says its value; all that do not are named at once.
fn assert_all(parameter: &Parameter, cases: &[(&str, Value)]) {
    let wrong: Vec<String> = cases
        .iter()
        .filter_map(|(text, expected)| {
            let value = read(text, parameter).unwrap_or(Value::Null);
            (value != *expected).then(|| format!("{text:?}\n  is {expected}, but was read as {value}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

#[test]
fn the_evidence_names_the_key_and_the_place() {
    let zone = TimeZone::UTC;
    let source =
        Source { subject: "", clean: "Zählerstand: 87.870,5 kWh", at: Timestamp::UNIX_EPOCH, zone: &zone };
    let found =
        extract(&source, &parameter(ParameterType::MeterReading, "meterValue", "Meter value"), None).unwrap();
    assert_eq!(found.value, json!(87870.5));
    assert_eq!(found.evidence, "meterValue = 87870.5 from “87.870,5” in the text");
}

#[test]
fn a_pattern_of_a_tenant_is_bounded() {
    assert!(pattern("(\\w{1000}){1000}").unwrap_err().contains("too large"));
    assert!(pattern("(").unwrap_err().starts_with("is not a regular expression"));
    assert!(pattern("^[0-9]{4,6}$").is_ok());
}
