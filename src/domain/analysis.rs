//! When a ticket is analysed, which part of the analysis is wanted, and what the parts are.

use std::collections::BTreeSet;

use crate::domain::word::words;

words! {
    /// When a new ticket is analysed.
    Process("process") {
        /// Inside the request.
        Realtime = "realtime",
        /// In the background, soon.
        Batch = "batch",
        /// Not in advance: when a person first opens it.
        OnView = "false",
    }
    /// Which part of the analysis runs again.
    RefreshMode("refresh mode") {
        Full = "full",
        SummaryAndText = "summaryAndText",
        Customer = "customer",
        Tags = "tags",
        /// As `Tags`, by rules alone: no model is asked.
        TagsRuleBased = "tagsRuleBased",
        Agents = "agents",
    }
    /// What a job is to do; the jobs of one ticket that wait together unite theirs.
    Scope("scope") {
        /// A new message came: everything, but spam is not analysed further.
        Message = "message",
        Full = "full",
        SummaryAndText = "summaryAndText",
        Customer = "customer",
        Tags = "tags",
        TagsRuleBased = "tagsRuleBased",
        Agents = "agents",
        /// Everything from scratch, what a person set of customer, contract and tags included.
        Reset = "reset",
    }
    /// A part of the analysis, in the order in which they run.
    Stage("stage") {
        Text = "text",
        Language = "language",
        Sentiment = "sentiment",
        Summary = "summary",
        Spam = "spam",
        Customer = "customer",
        Tags = "tags",
        Agents = "agents",
        Outcome = "outcome",
    }
    /// The tone of a message.
    Sentiment("sentiment") {
        Positive = "positive",
        Neutral = "neutral",
        Negative = "negative",
    }
    /// Who reads the message.
    EngineName("engine") {
        /// The server itself: deterministic and offline.
        Local = "local",
        /// A language model behind an OpenAI-compatible endpoint.
        Llm = "llm",
    }
}

impl From<RefreshMode> for Scope {
    fn from(mode: RefreshMode) -> Self {
        match mode {
            RefreshMode::Full => Self::Full,
            RefreshMode::SummaryAndText => Self::SummaryAndText,
            RefreshMode::Customer => Self::Customer,
            RefreshMode::Tags => Self::Tags,
            RefreshMode::TagsRuleBased => Self::TagsRuleBased,
            RefreshMode::Agents => Self::Agents,
        }
    }
}

impl Scope {
    /// The stages that it runs (enneo Mind, bulk PATCH: `refreshMode`). A customer who is found anew
    /// brings the agents with it.
    pub fn stages(self) -> &'static [Stage] {
        match self {
            Self::Message | Self::Full | Self::Reset => &[
                Stage::Text,
                Stage::Language,
                Stage::Sentiment,
                Stage::Summary,
                Stage::Spam,
                Stage::Customer,
                Stage::Tags,
                Stage::Agents,
                Stage::Outcome,
            ],
            Self::SummaryAndText => &[Stage::Text, Stage::Sentiment, Stage::Summary],
            Self::Customer => &[Stage::Customer, Stage::Outcome],
            Self::Tags | Self::TagsRuleBased => &[Stage::Tags],
            Self::Agents => &[Stage::Agents, Stage::Outcome],
        }
    }
}

/// What one run does: everything that its scopes ask for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    stages: BTreeSet<Stage>,
    /// Tags are found by rules alone.
    pub rules_only: bool,
    /// Manual tags are taken off, and automatic ones stay.
    pub clears_manual_tags: bool,
    /// Customer, contract, legitimation, tags and intents are found from scratch, whoever set them.
    pub resets: bool,
    /// Nobody asked: spam is not analysed further.
    pub is_automatic: bool,
    /// The agents run where the customer turns out to be another.
    pub agents_follow_customer: bool,
}

impl Plan {
    /// The plan of a run with these scopes.
    pub fn new(scopes: &[Scope]) -> Self {
        let has = |scope| scopes.contains(&scope);
        let everything = has(Scope::Message) || has(Scope::Full) || has(Scope::Reset);
        Self {
            stages: scopes.iter().flat_map(|scope| scope.stages()).copied().collect(),
            rules_only: has(Scope::TagsRuleBased) && !has(Scope::Tags) && !everything,
            clears_manual_tags: has(Scope::Tags) || has(Scope::TagsRuleBased),
            resets: has(Scope::Reset),
            is_automatic: scopes.iter().all(|scope| *scope == Scope::Message),
            agents_follow_customer: has(Scope::Customer),
        }
    }

    /// Whether a stage runs.
    pub fn runs(&self, stage: Stage) -> bool {
        self.stages.contains(&stage)
    }

    /// Whether all tags are found anew, so that automatic ones that no longer fit come off.
    pub fn renews_tags(&self) -> bool {
        self.runs(Stage::Tags) && (!self.clears_manual_tags || self.runs(Stage::Text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::word::Word;

    #[test]
    fn scopes_that_wait_together_do_what_each_asks() {
        let plan = Plan::new(&[Scope::TagsRuleBased, Scope::SummaryAndText]);
        assert!(plan.rules_only && plan.clears_manual_tags && !plan.is_automatic);
        assert!(plan.runs(Stage::Summary) && plan.runs(Stage::Tags) && !plan.runs(Stage::Customer));
        let plan = Plan::new(&[Scope::Tags, Scope::TagsRuleBased]);
        assert!(!plan.rules_only);
    }

    #[test]
    fn a_message_alone_is_automatic() {
        assert!(Plan::new(&[Scope::Message]).is_automatic);
        assert!(!Plan::new(&[Scope::Message, Scope::Full]).is_automatic);
    }

    #[test]
    fn the_documentation_has_the_table_of_modes_and_stages() {
        let page = include_str!("../../docs/architecture.md");
        for scope in Scope::ALL {
            let cells =
                Stage::ALL.iter().map(|stage| if scope.stages().contains(stage) { " x |" } else { " |" });
            let row = format!("| `{}` |{}", scope.as_str(), cells.collect::<String>());
            assert!(page.contains(&row), "docs/architecture.md lacks the row {row}");
        }
    }
}
