//! The labelled cases of tags and intents, and how long matching takes.

use std::time::Instant;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::Value;

use super::prepared::Prepared;
use crate::domain::id::TagId;
use crate::domain::ticket::{Channel, Direction, Ticket};
use crate::domain::word::Word;
use crate::pipeline::conditions::Facts;
use crate::pipeline::definition::{ai_agent, detection};
use crate::pipeline::demo_agents;
use crate::pipeline::extract::Source;
use crate::pipeline::intents::{self, FoundIntent};
use crate::pipeline::tags::{self, TagRule};

const CASES: &str = include_str!("../../../tests/eval/tuned/matter.jsonl");

fn prepared(directory: &Value) -> Prepared {
    let tags = directory["directory"]["tags"].as_array().unwrap().iter().map(|tag| TagRule {
        id: TagId(tag["id"].as_i64().unwrap()),
        name: tag["name"].as_str().unwrap().to_owned(),
        full_name: tag["fullName"].as_str().unwrap().to_owned(),
        is_default: tag["properties"].to_string().contains("defaultSkill"),
        channels: Vec::new(),
        subchannel_ids: Vec::new(),
        detection: detection(&tag["detectionDetails"]).unwrap(),
    });
    let agents = demo_agents::documents();
    let agents = agents.iter().zip(1..).map(|(document, id)| ai_agent(id, document).unwrap());
    Prepared::new(tags.collect(), agents.collect())
}

fn run(prepared: &Prepared, case: &Value) -> (Vec<i64>, Vec<FoundIntent>) {
    let text = |name: &str| case["ticket"][name].as_str().unwrap_or_default();
    let channel = Channel::parse(text("channel")).unwrap();
    let now: Timestamp = "2026-11-10T09:00:00Z".parse().unwrap();
    let mut ticket = Ticket::blank(channel, Direction::In, now);
    ticket.customer_id = case["expect"]["customerId"].as_str().map(str::to_owned);
    let facts = Facts {
        ticket: &ticket,
        language: None,
        language_code: None,
        sentiment: None,
        spam_status: None,
        customer_id: None,
        contract_id: None,
        tag_ids: &[],
        now,
        zone: &TimeZone::UTC,
    };
    let fits = prepared.fits(text("subject"), text("body"));
    let tags = tags::detect(&prepared.tags, &fits.tags, &facts, false);
    let source = Source { subject: text("subject"), clean: text("body"), at: now, zone: &TimeZone::UTC };
    let intents = intents::detect(&prepared.agents, &fits.agents, &facts, &source);
    (tags.value.iter().map(|tag| tag.id.0).collect(), intents)
}

/// Right, found and wanted ones, and their F1.
#[derive(Default)]
struct Score {
    right: f64,
    found: f64,
    wanted: f64,
}

impl Score {
    fn count<T: PartialEq>(&mut self, found: &[T], wanted: &[T]) -> bool {
        let right = found.iter().filter(|one| wanted.contains(one)).count();
        let small = |count: usize| f64::from(u32::try_from(count).unwrap());
        self.right += small(right);
        self.found += small(found.len());
        self.wanted += small(wanted.len());
        right == found.len() && right == wanted.len()
    }

    fn f1(&self) -> f64 {
        2.0 * self.right / (self.found + self.wanted)
    }
}

#[test]
fn the_labelled_cases_are_met() {
    let mut lines = CASES.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let prepared = prepared(&lines.next().unwrap());
    let (mut of_tags, mut of_intents, mut values) = (Score::default(), Score::default(), Score::default());
    for case in lines {
        let (tags, intents) = run(&prepared, &case);
        let expect = &case["expect"];
        let wanted: Vec<_> = expect["tagIds"].as_array().unwrap().iter().filter_map(Value::as_i64).collect();
        if !of_tags.count(&tags, &wanted) {
            println!("{} tags {tags:?}, wanted {wanted:?}: {}", case["id"], case["ticket"]);
        }
        if let Some(wanted) = expect["intents"].as_array() {
            let wanted: Vec<_> = wanted.iter().filter_map(Value::as_str).collect();
            let found: Vec<_> = intents.iter().map(|intent| intent.code.as_str()).collect();
            if !of_intents.count(&found, &wanted) {
                println!("{} intents {found:?}, wanted {wanted:?}: {}", case["id"], case["ticket"]);
            }
        }
        for (code, parameters) in expect["parameters"].as_object().into_iter().flatten() {
            let found = intents.iter().find(|intent| intent.code == *code);
            for (key, wanted) in parameters.as_object().unwrap() {
                let found = found.and_then(|intent| intent.data.get(key));
                let found: Vec<_> = found.map(ToString::to_string).into_iter().collect();
                if !values.count(&found, &[wanted.to_string()]) {
                    println!("{} {key} {found:?}, wanted {wanted}: {}", case["id"], case["ticket"]);
                }
            }
        }
    }
    println!("tags {:.3} intents {:.3} parameters {:.3}", of_tags.f1(), of_intents.f1(), values.f1());
    assert!(of_tags.f1() >= 0.95 && of_intents.f1() >= 0.95 && values.f1() >= 0.95);
}

#[test]
fn hostile_texts_take_no_longer_than_long_ones() {
    let directory = serde_json::from_str(CASES.lines().next().unwrap()).unwrap();
    let prepared = prepared(&directory);
    for body in [
        "x".repeat(5_000_000),
        "Zählerstand 1.1. ".repeat(600_000),
        "0 ".repeat(5_000_000),
        "a.b@".repeat(2_000_000),
    ] {
        let case = serde_json::json!({
            "ticket": {"channel": "email", "subject": "Zählerstand", "body": body},
            "expect": {"customerId": "1"},
        });
        let started = Instant::now();
        run(&prepared, &case);
        let took = started.elapsed();
        assert!(took.as_secs() < 10, "{took:?}");
    }
}
