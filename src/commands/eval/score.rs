//! How well findings agree with labels.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

/// The stages that can be scored, in the order in which they are shown.
pub const STAGES: [&str; 10] = [
    "language",
    "bodyClean",
    "sentiment",
    "spam",
    "customer",
    "contract",
    "legitimation",
    "tags",
    "intents",
    "parameters",
];

/// What the cases of one stage came to.
#[derive(Debug, Default, Clone)]
pub struct Score {
    cases: usize,
    kind: Kind,
    hits: usize,
    /// Found, but not labelled.
    false_alarms: usize,
    /// Labelled, but not found.
    misses: usize,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Kind {
    #[default]
    Accuracy,
    Retrieval,
    RetrievalWithF1,
}

impl Score {
    /// One answer that is right or wrong.
    pub fn answer(&mut self, right: bool) {
        self.cases += 1;
        if right {
            self.hits += 1;
        } else {
            self.misses += 1;
        }
    }

    /// One thing that is there or not, such as spam; `None` stands for nothing.
    pub fn one<T: PartialEq>(&mut self, expected: Option<&T>, found: Option<&T>) {
        self.kind = Kind::Retrieval;
        self.cases += 1;
        match (expected, found) {
            (Some(expected), Some(found)) if expected == found => self.hits += 1,
            (expected, found) => {
                self.misses += usize::from(expected.is_some());
                self.false_alarms += usize::from(found.is_some());
            }
        }
    }

    /// A set of things, counted one by one.
    pub fn set<T: Ord>(&mut self, expected: &BTreeSet<T>, found: &BTreeSet<T>) {
        self.kind = Kind::RetrievalWithF1;
        self.cases += 1;
        self.hits += expected.intersection(found).count();
        self.misses += expected.difference(found).count();
        self.false_alarms += found.difference(expected).count();
    }

    /// The figures by name. A ratio of nothing to nothing is 1.
    pub fn figures(&self) -> Vec<(&'static str, f64)> {
        let ratio = |part: usize, whole: usize| if whole == 0 { 1.0 } else { count(part) / count(whole) };
        let precision = ratio(self.hits, self.hits + self.false_alarms);
        let recall = ratio(self.hits, self.hits + self.misses);
        match self.kind {
            Kind::Accuracy => vec![("accuracy", ratio(self.hits, self.cases))],
            Kind::Retrieval => vec![("precision", precision), ("recall", recall)],
            Kind::RetrievalWithF1 => {
                let f1 = ratio(2 * self.hits, 2 * self.hits + self.false_alarms + self.misses);
                vec![("precision", precision), ("recall", recall), ("f1", f1)]
            }
        }
    }
}

/// Everything that a run came to.
#[derive(Debug, Default)]
pub struct Scores {
    pub cases: usize,
    pub stages: BTreeMap<&'static str, Score>,
    /// Stage, case, what was expected and what was found.
    pub failures: Vec<(&'static str, String, Value, Value)>,
    /// One for each case.
    pub cpu_ms: Vec<f64>,
}

impl Scores {
    /// The machine-readable form.
    pub fn into_json(mut self) -> Value {
        let mut stages = Map::new();
        for stage in STAGES {
            let Some(score) = self.stages.get(stage) else { continue };
            let mut entry = Map::new();
            entry.insert("cases".into(), json!(score.cases));
            for (name, figure) in score.figures() {
                entry.insert(name.into(), json!((figure * 10_000.0).round() / 10_000.0));
            }
            stages.insert(stage.into(), Value::Object(entry));
        }
        let (p50, p95) = (self.cpu(50), self.cpu(95));
        json!({ "cases": self.cases, "stages": stages, "cpu_ms": { "p50": p50, "p95": p95 } })
    }

    /// A table for people, and up to so many failures of each stage.
    pub fn into_text(mut self, failures: usize) -> String {
        let mut lines = vec![format!("{:<14}{:>6}  figures", "stage", "cases")];
        for stage in STAGES {
            let Some(score) = self.stages.get(stage) else { continue };
            let figures: Vec<String> = score
                .figures()
                .iter()
                .map(|(name, figure)| format!("{name} {:.1} %", figure * 100.0))
                .collect();
            lines.push(format!("{stage:<14}{:>6}  {}", score.cases, figures.join(", ")));
        }
        let (p50, p95) = (self.cpu(50), self.cpu(95));
        lines.push(format!("{} cases, CPU ms a case: p50 {p50}, p95 {p95}", self.cases));
        for stage in STAGES {
            let of_stage = self.failures.iter().filter(|failure| failure.0 == stage).take(failures);
            lines.extend(of_stage.map(|(stage, case, expected, found)| {
                format!("{stage} {case}\n  expected {expected}\n  found    {found}")
            }));
        }
        lines.join("\n")
    }

    fn cpu(&mut self, percent: usize) -> f64 {
        self.cpu_ms.sort_by(f64::total_cmp);
        let at = (self.cpu_ms.len() * percent / 100).min(self.cpu_ms.len().saturating_sub(1));
        let cpu = self.cpu_ms.get(at).copied().unwrap_or_default();
        (cpu * 1000.0).round() / 1000.0
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts of cases are far below 2^52")]
fn count(number: usize) -> f64 {
    number as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_than_the_expected_one_is_a_miss_and_a_false_alarm() {
        let mut score = Score::default();
        score.one(Some(&"a"), Some(&"a"));
        score.one(Some(&"a"), Some(&"b"));
        score.one(None::<&&str>, None);
        assert_eq!(score.figures(), [("precision", 0.5), ("recall", 0.5)]);
    }

    #[test]
    fn sets_are_counted_one_by_one() {
        let mut score = Score::default();
        score.set(&BTreeSet::from([1, 2]), &BTreeSet::from([2, 3]));
        assert_eq!(score.figures(), [("precision", 0.5), ("recall", 0.5), ("f1", 0.5)]);
    }
}
