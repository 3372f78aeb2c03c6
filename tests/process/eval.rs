//! How well the analysis does on the repository's labelled cases, and what the command says of bad ones.

use std::fs;
use std::path::Path;

use serde_json::Value;

use super::Home;

/// The least that every figure must reach on cases that nobody looked at while the rules were written.
const MEASURED: [(&str, &str, f64); 9] = [
    ("language", "accuracy", 0.98),
    ("bodyClean", "accuracy", 0.90),
    ("sentiment", "accuracy", 0.75),
    ("spam", "precision", 0.98),
    ("spam", "recall", 0.80),
    ("customer", "precision", 0.99),
    ("customer", "recall", 0.85),
    ("tags", "f1", 0.85),
    ("intents", "f1", 0.80),
];

fn files(folder: &str) -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/eval").join(folder);
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path().display().to_string());
    let mut files: Vec<String> = entries.filter(|path| path.ends_with("jsonl")).collect();
    files.sort();
    files
}

fn scores(files: &[String]) -> Value {
    let mut args = vec!["eval", "--json"];
    args.extend(files.iter().map(String::as_str));
    serde_json::from_str(&Home::new().run(&args).succeeded().out).unwrap()
}

#[test]
fn the_measured_cases_reach_the_targets() {
    let scores = scores(&files("measured"));
    for (stage, figure, least) in MEASURED {
        let reached = scores["stages"][stage][figure].as_f64().unwrap();
        assert!(reached >= least, "{stage}: {figure} {reached}, not {least}");
    }
    assert!(scores["cases"].as_u64().unwrap() >= 250);
}

#[test]
fn the_cases_that_the_rules_were_written_with_stay_right() {
    let scores = scores(&files("tuned"));
    for (stage, figures) in scores["stages"].as_object().unwrap() {
        for figure in ["accuracy", "precision", "recall"] {
            let Some(reached) = figures[figure].as_f64() else { continue };
            assert!(reached >= 0.9, "{stage}: {figure} {reached}");
        }
    }
    assert!(scores["cases"].as_u64().unwrap() >= 300);
}

#[test]
fn one_stage_and_its_failures_can_be_shown_and_a_bad_line_is_named() {
    let home = Home::new();
    let good = r#"{"id": "a", "ticket": {"channel": "email", "body": "Guten Tag, mein Zähler ist kaputt."}, "expect": {"languageCode": "tr", "sentiment": "neutral"}}"#;
    fs::write(home.path("cases.jsonl"), format!("{good}\n\n")).unwrap();
    let shown = home.run(&["eval", "cases.jsonl", "--stage", "language", "--failures", "5"]).succeeded().out;
    assert!(shown.contains("accuracy 0.0 %") && shown.contains("expected \"tr\""), "{shown}");
    assert!(!shown.contains("sentiment"), "{shown}");

    for (bad, word) in [
        ("{", "EOF"),
        ("{\"id\": \"b\"}", "ticket"),
        (r#"{"id": "b", "ticket": {"channel": "pigeon"}, "expect": {}}"#, "/channel"),
        (
            r#"{"directory": {"tags": [{"id": 1, "name": "x", "detectionDetails": {"type": "magic"}}]}}"#,
            "tag 1",
        ),
    ] {
        fs::write(home.path("cases.jsonl"), format!("\n{bad}\n")).unwrap();
        let done = home.run(&["eval", "cases.jsonl"]);
        assert_eq!(done.code, Some(2), "{done:?}");
        assert!(done.err.contains("cases.jsonl:2:") && done.err.contains(word), "{word}: {done:?}");
    }
    assert_eq!(home.run(&["eval", "nowhere.jsonl"]).code, Some(1));
}
