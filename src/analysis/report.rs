//! What a run says of itself: each stage, who did it, how long it took, and why it came to what it did.

use std::time::Duration;

use serde_json::{Map, Value, json};

use crate::domain::analysis::{EngineName, Stage};
use crate::domain::word::Word;
use crate::pipeline::Finding;

/// The rules of the local engine; a change of what it finds changes this.
pub const LOCAL_VERSION: &str = "1";

/// One stage of a run.
#[derive(Debug, Clone, PartialEq)]
pub struct StageReport {
    pub stage: Stage,
    pub engine: EngineName,
    pub version: String,
    pub duration: Duration,
    pub evidence: Vec<String>,
    /// 0 to 1; `None` where the stage does not weigh.
    pub score: Option<f64>,
    /// The score from which on a finding counts.
    pub threshold: Option<f64>,
    /// Why it did not run; `None` where it did.
    pub skipped: Option<&'static str>,
}

impl StageReport {
    /// A stage of the local engine that ran.
    pub fn ran<T>(stage: Stage, duration: Duration, finding: &Finding<T>) -> Self {
        Self {
            stage,
            engine: EngineName::Local,
            version: LOCAL_VERSION.into(),
            duration,
            evidence: finding.evidence.clone(),
            score: finding.score,
            threshold: finding.threshold,
            skipped: None,
        }
    }

    /// A stage that did not run.
    pub fn skipped(stage: Stage, why: &'static str) -> Self {
        let nothing = Finding::plain((), Vec::new());
        Self { skipped: Some(why), ..Self::ran(stage, Duration::ZERO, &nothing) }
    }
}

/// The reports for the column `activity.stages`, as the activity's technical rows show them
/// (enneo Mind, `GET /ticket/{id}/activity`).
pub fn to_json(reports: &[StageReport]) -> String {
    let stages = reports.iter().map(|report| {
        let mut stage = Map::new();
        stage.insert("stage".into(), report.stage.as_str().into());
        stage.insert("engine".into(), report.engine.as_str().into());
        stage.insert("version".into(), report.version.as_str().into());
        // To the microsecond, which is as much as a stage can be told apart by.
        let ms = (report.duration.as_secs_f64() * 1e6).round() / 1e3;
        stage.insert("durationMs".into(), json!(ms));
        stage.insert("evidence".into(), json!(report.evidence));
        stage.insert("score".into(), json!(report.score));
        stage.insert("threshold".into(), json!(report.threshold));
        stage.insert("skipped".into(), json!(report.skipped));
        Value::Object(stage)
    });
    Value::Array(stages.collect()).to_string()
}
