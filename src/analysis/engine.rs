//! Who reads a message: what an engine is asked, and what it may answer.

use std::fmt::Debug;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use crate::domain::analysis::{EngineName, Sentiment};
use crate::domain::ticket::SpamStatus;
use crate::pipeline::language::Language;
use crate::pipeline::{Finding, Subject};

/// A future of an engine.
pub type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T, EngineError>> + Send + 'a>>;

/// Reads messages. An engine fills findings and can do nothing else: what it answers is checked against
/// the lists of words and the candidates that it was given.
pub trait Engine: Debug + Send + Sync {
    fn name(&self) -> EngineName;

    /// Of its rules, or of its model.
    fn version(&self) -> &str;

    /// Language, sentiment, summary and spam.
    fn read<'a>(&'a self, question: &'a Question<'a>) -> Answer<'a, Reading>;

    /// Which of the candidates the message is about. Those that do not fit may be left out.
    fn sort<'a>(&'a self, question: &'a Question<'a>, candidates: &'a [Candidate]) -> Answer<'a, Vec<Fit>>;
}

/// What a run knows of a message before it is read.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    pub subject: Subject<'a>,
    /// The languages to tell apart, as ISO 639-1 codes.
    pub languages: &'a [String],
    /// The sender's address is in the tenant's directory.
    pub sender_is_known: bool,
}

/// What an engine reads in a message, and how long each took.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    pub language: (Finding<Option<Language>>, Duration),
    pub sentiment: (Finding<Sentiment>, Duration),
    pub summary: (Finding<String>, Duration),
    pub spam: (Finding<SpamStatus>, Duration),
}

/// A tag or an AI agent that the message may be about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// What it is called in the answer, such as `tag:12`.
    pub key: String,
    pub name: String,
    /// The sentence that describes the matter.
    pub prompt: String,
}

/// How well a candidate fits.
#[derive(Debug, Clone, PartialEq)]
pub struct Fit {
    pub key: String,
    /// 0 to 1.
    pub score: f64,
    pub evidence: Vec<String>,
}

/// Why an engine has no answer: one sentence for an administrator.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct EngineError(pub String);
