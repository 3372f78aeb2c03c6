//! Understanding a ticket. Stages are pure: input in, finding and evidence out. Nothing here knows a
//! database, a clock or HTTP; [`crate::domain`] is all that it names.

pub mod conditions;
pub mod customer;
pub mod definition;
pub mod demo_agents;
pub mod extract;
pub mod fold;
pub mod headers;
pub mod intents;
pub mod language;
pub mod matter;
pub mod outcome;
pub mod phrases;
pub mod sentiment;
pub mod spam;
pub mod summary;
pub mod tags;
pub mod text;

use crate::domain::ticket::Ticket;

/// What a stage came to, and why.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding<T> {
    pub value: T,
    /// Why, in sentences for an administrator, such as `matched contract 746839 in the subject`.
    pub evidence: Vec<String>,
    /// 0 to 1; `None` where the stage does not weigh.
    pub score: Option<f64>,
    /// The score from which on the finding counts.
    pub threshold: Option<f64>,
}

impl<T> Finding<T> {
    /// A finding that was not weighed.
    pub fn plain(value: T, evidence: Vec<String>) -> Self {
        Self { value, evidence, score: None, threshold: None }
    }
}

/// A ticket's text without markup, and without what is not the message.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Text {
    /// The whole text without markup.
    pub plain: String,
    /// Without quoted history, signature, footer and disclaimer.
    pub clean: String,
}

/// What the later stages look at.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    /// As it was when analysis began.
    pub ticket: &'a Ticket,
    pub headers: &'a headers::Headers,
    pub text: &'a Text,
}
