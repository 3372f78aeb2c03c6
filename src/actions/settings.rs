//! What a tenant has set: reading, checking and writing it.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use serde_json::{Map, Value, json};

use crate::db::{TenantConn, TenantTx, settings};
use crate::domain::analysis::EngineName;
use crate::domain::business_hours::{Span, Week};
use crate::domain::id::TagId;
use crate::domain::settings::{LANGUAGES, Settings};
use crate::domain::word::Word;
use crate::error::{Error, FieldError};

mod definitions;

const WEEKDAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// The settings that exist, each with the value it has until a tenant sets another.
pub fn default_values() -> BTreeMap<&'static str, Value> {
    let office = json!([{ "from": "09:00", "to": "17:00" }]);
    let mut week = Map::new();
    for (day, name) in WEEKDAYS.iter().enumerate() {
        week.insert((*name).into(), if day < 5 { office.clone() } else { json!([]) });
    }
    BTreeMap::from([
        ("timeZone", json!("UTC")),
        ("businessHours", Value::Object(week)),
        ("holidays", json!([])),
        ("firstResponseHours", Value::Null),
        ("allowForeignAttachments", json!(true)),
        ("aiEngine", json!("local")),
        ("languages", json!(LANGUAGES)),
        ("enableAiAgents", json!(true)),
        ("spamDetectionTagIds", json!([])),
        ("enableAiAutoProcessing", json!(false)),
        ("immediateAiAgents", json!([])),
        ("autoProcessingDelay", Value::Null),
        ("customFields", json!([])),
        ("categories", json!([])),
        ("createUnknownTags", json!(false)),
        ("socialboardsV1", json!(false)),
    ])
}

/// Reads a tenant's settings. A stored value that no longer fits counts as not set.
pub async fn load_settings(db: &mut TenantConn) -> Result<Settings, Error> {
    let mut loaded = Settings::default();
    for (name, value) in settings::list(db).await? {
        if let Err(error) = apply(&mut loaded, &name, &value) {
            tracing::error!(setting = name, ?error, "a stored setting does not fit and is passed over");
        }
    }
    Ok(loaded)
}

/// The value of one setting. Returns `None` for a name that does not exist.
pub async fn get_setting(db: &mut TenantConn, name: &str) -> Result<Option<Value>, Error> {
    let Some(default) = default_values().remove(name) else { return Ok(None) };
    let stored = settings::list(db).await?.remove(name);
    Ok(Some(stored.unwrap_or(default)))
}

/// Sets one. Errors with 404 for a name that does not exist and 422 for a value that does not fit.
pub async fn put_setting(tx: &mut TenantTx, name: &str, value: &Value) -> Result<(), Error> {
    if !default_values().contains_key(name) {
        return Err(Error::NotFound("setting"));
    }
    let mut new = Settings::default();
    apply(&mut new, name, value).map_err(|error| Error::Invalid(vec![error]))?;
    if name == "customFields" {
        let old = load_settings(tx).await?.custom_fields;
        definitions::keep_names(&old, &new.custom_fields).map_err(|error| Error::Invalid(vec![error]))?;
    }
    settings::put(tx, name, value).await
}

fn apply(into: &mut Settings, name: &str, value: &Value) -> Result<(), FieldError> {
    match name {
        "timeZone" => into.calendar.zone = zone(value)?,
        "businessHours" => into.calendar.week = week(value)?,
        "holidays" => into.calendar.holidays = holidays(value)?,
        "firstResponseHours" => into.first_response_hours = hours(value)?,
        "allowForeignAttachments" => into.foreign_attachments = flag(value)?,
        "aiEngine" => into.analysis.engine = engine(value)?,
        "languages" => into.analysis.languages = languages(value)?,
        "enableAiAgents" => into.analysis.agents = flag(value)?,
        "spamDetectionTagIds" => into.analysis.spam_tag_ids = ids(value)?.into_iter().map(TagId).collect(),
        "enableAiAutoProcessing" => into.analysis.auto_processing.enabled = flag(value)?,
        "immediateAiAgents" => into.analysis.auto_processing.immediate_agent_ids = ids(value)?,
        "autoProcessingDelay" => into.analysis.auto_processing.delay_hours = hours(value)?,
        "customFields" => into.custom_fields = definitions::custom_fields(value)?,
        "categories" => into.categories = definitions::categories(value)?,
        "createUnknownTags" => into.create_unknown_tags = flag(value)?,
        "socialboardsV1" => into.socialboards_v1 = flag(value)?,
        _ => {}
    }
    Ok(())
}

fn engine(value: &Value) -> Result<EngineName, FieldError> {
    let engine = value.as_str().and_then(EngineName::parse);
    engine.ok_or_else(|| fault("", &format!("must be {}", EngineName::choices())))
}

fn flag(value: &Value) -> Result<bool, FieldError> {
    value.as_bool().ok_or_else(|| fault("", "must be true or false"))
}

fn ids(value: &Value) -> Result<Vec<i64>, FieldError> {
    let entries = value.as_array().ok_or_else(|| fault("", "must be an array of ids"))?;
    let id = |(at, entry): (usize, &Value)| {
        let id = entry.as_i64().filter(|id| *id > 0);
        id.ok_or_else(|| fault(&format!("/{at}"), "must be an integer above 0"))
    };
    entries.iter().enumerate().map(id).collect()
}

fn languages(value: &Value) -> Result<Vec<String>, FieldError> {
    let codes = value.as_array().filter(|codes| !codes.is_empty());
    let codes = codes.ok_or_else(|| fault("", "must be an array with at least one language"))?;
    let code = |(at, code): (usize, &Value)| {
        let known = code.as_str().filter(|code| LANGUAGES.contains(code)).map(str::to_owned);
        known.ok_or_else(|| fault(&format!("/{at}"), &format!("must be one of {}", LANGUAGES.join(", "))))
    };
    codes.iter().enumerate().map(code).collect()
}

fn zone(value: &Value) -> Result<TimeZone, FieldError> {
    let zone = value.as_str().and_then(|name| TimeZone::get(name).ok());
    zone.ok_or_else(|| fault("", "must be the name of a time zone, such as Europe/Berlin"))
}

fn hours(value: &Value) -> Result<Option<f64>, FieldError> {
    if value.is_null() {
        return Ok(None);
    }
    let hours = value.as_f64().filter(|hours| (0.0..=10_000.0).contains(hours));
    hours.map(Some).ok_or_else(|| fault("", "must be null or a number of business hours from 0 to 10000"))
}

fn holidays(value: &Value) -> Result<BTreeSet<Date>, FieldError> {
    let days = value.as_array().ok_or_else(|| fault("", "must be an array of dates"))?;
    let date = |(at, day): (usize, &Value)| {
        let date = day.as_str().filter(|text| text.len() == 10).and_then(|text| text.parse().ok());
        date.ok_or_else(|| fault(&format!("/{at}"), "must be a date, such as 2026-12-25"))
    };
    days.iter().enumerate().map(date).collect()
}

fn week(value: &Value) -> Result<Week, FieldError> {
    let days = value.as_object().ok_or_else(|| fault("", "must be an object with the weekdays' names"))?;
    let mut week = Week::default();
    for (name, spans) in days {
        let day = WEEKDAYS.iter().position(|known| known == name);
        let day = day.ok_or_else(|| fault(&format!("/{name}"), "is no weekday: monday to sunday"))?;
        let spans =
            spans.as_array().ok_or_else(|| fault(&format!("/{name}"), "must be an array of spans"))?;
        for (at, span) in spans.iter().enumerate() {
            let pointer = format!("/{name}/{at}");
            let span = span_of(span).ok_or_else(|| {
                fault(&pointer, "must have from and to as HH:MM, from before to, at most 24:00")
            })?;
            let previous = week.0[day].last().map(|last| last.to);
            if previous.is_some_and(|to| to.is_none_or(|to| to > span.from)) {
                return Err(fault(&pointer, "must begin after the span before it ends"));
            }
            week.0[day].push(span);
        }
    }
    Ok(week)
}

fn span_of(value: &Value) -> Option<Span> {
    let from = time(value.get("from")?)?;
    let to = value.get("to")?;
    if to == "24:00" {
        return Some(Span { from, to: None });
    }
    let to = time(to)?;
    (from < to).then_some(Span { from, to: Some(to) })
}

fn time(value: &Value) -> Option<Time> {
    let text = value.as_str().filter(|text| text.len() == 5)?;
    Time::strptime("%H:%M", text).ok()
}

fn fault(pointer: &str, message: &str) -> FieldError {
    FieldError { pointer: pointer.into(), code: "invalid", message: format!("the setting {message}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_are_what_a_new_tenant_works_with() {
        let mut settings = Settings::default();
        for (name, value) in default_values() {
            apply(&mut settings, name, &value).unwrap();
        }
        assert_eq!(settings, Settings::default());
    }

    /// Categories, each in the one before.
    fn nested(depth: i64) -> Value {
        let parent = |id: i64| if id == 1 { Value::Null } else { json!(id - 1) };
        (1..=depth).map(|id| json!({ "id": id, "name": "a", "parentId": parent(id) })).collect()
    }

    #[test]
    fn a_field_keeps_its_name_as_long_as_it_is_defined() {
        let read = |value: Value| definitions::custom_fields(&value).unwrap();
        let old = read(json!([{ "id": 1, "name": "a" }, { "id": 2, "name": "b" }]));
        let keeps = |value: Value| definitions::keep_names(&old, &read(value));
        assert!(keeps(json!([{ "id": 2, "name": "b", "type": "number" }, { "id": 3, "name": "c" }])).is_ok());
        assert_eq!(keeps(json!([{ "id": 1, "name": "x" }])).unwrap_err().pointer, "/0/name");
        assert_eq!(keeps(json!([{ "id": 3, "name": "a" }])).unwrap_err().pointer, "/0/name");
        assert!(definitions::categories(&nested(10)).is_ok());
    }

    #[test]
    fn what_does_not_fit_is_named() {
        let bad = [
            ("timeZone", json!("Mars/Olympus"), ""),
            ("holidays", json!(["2026-12-25", "x"]), "/1"),
            ("businessHours", json!({ "monday": [{ "from": "09:00", "to": "08:00" }] }), "/monday/0"),
            (
                "businessHours",
                json!({ "monday": [{ "from": "09:00", "to": "24:00" }, { "from": "10:00", "to": "11:00" }] }),
                "/monday/1",
            ),
            ("businessHours", json!({ "noday": [] }), "/noday"),
            ("firstResponseHours", json!(-1), ""),
            ("aiEngine", json!("oracle"), ""),
            ("languages", json!(["de", "xx"]), "/1"),
            ("languages", json!([]), ""),
            ("immediateAiAgents", json!([0]), "/0"),
            ("enableAiAutoProcessing", json!("yes"), ""),
            ("customFields", json!([{ "id": 1, "name": "a" }, { "id": 1, "name": "b" }]), "/1/id"),
            ("customFields", json!([{ "id": 1, "name": "a" }, { "id": 2, "name": "a" }]), "/1/name"),
            ("customFields", json!([{ "id": 1, "name": "a", "type": "select" }]), "/0/options"),
            ("customFields", json!([{ "id": 1, "name": "a", "type": "colour" }]), "/0/type"),
            ("categories", json!([{ "id": 1, "name": "a", "parentId": 2 }]), "/0/parentId"),
            ("categories", json!([{ "id": 1, "name": "a", "parentId": 1 }]), "/0/parentId"),
            ("categories", nested(11), "/10/parentId"),
            ("socialboardsV1", json!(1), ""),
        ];
        for (name, value, pointer) in bad {
            assert_eq!(apply(&mut Settings::default(), name, &value).unwrap_err().pointer, pointer);
        }
    }
}
