//! The `local` engine: the stages of the pipeline.

use std::time::{Duration, Instant};

use super::engine::{Question, Reading};
use crate::pipeline::{language, sentiment, spam, summary};

/// Reads a message without asking anybody.
pub fn read(question: &Question<'_>) -> Reading {
    let clean = &question.subject.text.clean;
    let title = &question.subject.ticket.content.subject;
    let languages: Vec<&str> = question.languages.iter().map(String::as_str).collect();
    let language = timed(|| {
        let found = language::detect(clean, &languages);
        // The text may say nothing, or there is none.
        if found.value.is_some() { found } else { language::detect(title, &languages) }
    });
    let code = language.0.value.map(|language| language.code);
    Reading {
        language,
        sentiment: timed(|| sentiment::judge(title, clean, code)),
        summary: timed(|| summary::summarise(title, clean)),
        spam: timed(|| spam::judge(&question.subject, question.sender_is_known)),
    }
}

/// What the work came to, and how long it took.
pub fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let began = Instant::now();
    let done = work();
    (done, began.elapsed())
}
