//! What is prepared once for a tenant, and then run for every ticket.

use regex::Regex;

use super::words::Words;
use super::{Description, Fit, Matcher};
use crate::domain::ai_agent::AiAgent;
use crate::pipeline::extract;
use crate::pipeline::tags::TagRule;

/// A tenant's tags and AI agents with all that is compiled from them.
#[derive(Debug, Default)]
pub struct Prepared {
    pub tags: Vec<TagRule>,
    pub agents: Vec<PreparedAgent>,
    matcher: Matcher,
}

/// An AI agent that is enabled.
#[derive(Debug)]
pub struct PreparedAgent {
    pub agent: AiAgent,
    /// Each parameter's own pattern, compiled; `None` where it has none, or one that does not compile.
    pub patterns: Vec<Option<Regex>>,
}

/// How well a ticket's text fits what the tenant has.
#[derive(Debug, Default)]
pub struct Fits {
    /// In the order of [`Prepared::tags`].
    pub tags: Vec<Fit>,
    /// In the order of [`Prepared::agents`].
    pub agents: Vec<Fit>,
}

impl Prepared {
    /// Leaves disabled AI agents out.
    pub fn new(tags: Vec<TagRule>, agents: Vec<AiAgent>) -> Self {
        let agents: Vec<_> = agents
            .into_iter()
            .filter(|agent| agent.enabled)
            .map(|agent| {
                let compiled = |pattern: &str| extract::pattern(pattern).ok();
                let patterns = agent
                    .parameters
                    .iter()
                    .map(|parameter| parameter.pattern.as_deref().and_then(compiled))
                    .collect();
                PreparedAgent { agent, patterns }
            })
            .collect();
        let of_tags = tags.iter().map(|tag| Description { name: &tag.full_name, detection: &tag.detection });
        let of_agents = agents
            .iter()
            .map(|prepared| Description { name: &prepared.agent.name, detection: &prepared.agent.detection });
        let matcher = Matcher::new(of_tags.chain(of_agents));
        Self { tags, agents, matcher }
    }

    /// Matches a subject and a clean text, the first 64 kB of each.
    pub fn fits(&self, subject: &str, clean: &str) -> Fits {
        let mut tags = self.matcher.fits(&Words::new(subject, clean));
        let agents = tags.split_off(self.tags.len().min(tags.len()));
        Fits { tags, agents }
    }
}
