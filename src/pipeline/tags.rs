//! Which of the tenant's tags a ticket gets.

use super::Finding;
use super::conditions::{Facts, holds};
use super::matter::{Fit, THRESHOLD};
use crate::domain::detection::Detection;
use crate::domain::id::TagId;
use crate::domain::tag::DetectionType;
use crate::domain::word::Word;

/// A tag as far as it finds tickets.
#[derive(Debug, Clone, PartialEq)]
pub struct TagRule {
    pub id: TagId,
    pub name: String,
    /// With the parents' names.
    pub full_name: String,
    /// Stands alone, where nothing else fits (property `defaultSkill`).
    pub is_default: bool,
    /// Only for tickets of these channels; empty: for all.
    pub channels: Vec<String>,
    /// Only for tickets of these subchannels; empty: for all.
    pub subchannel_ids: Vec<i64>,
    pub detection: Detection,
}

/// A tag that a ticket gets.
#[derive(Debug, Clone, PartialEq)]
pub struct FoundTag {
    pub id: TagId,
    /// 0 to 1.
    pub score: f64,
    pub threshold: f64,
    pub evidence: Vec<String>,
}

/// Finds a ticket's tags. `fits` says how well its text fits each rule; `rules_only` leaves the text out.
pub fn detect(
    rules: &[TagRule],
    fits: &[Fit],
    facts: &Facts<'_>,
    rules_only: bool,
) -> Finding<Vec<FoundTag>> {
    let none = Fit::default();
    let mut found = Vec::new();
    let mut fallbacks = Vec::new();
    let mut evidence = Vec::new();
    for (index, rule) in rules.iter().enumerate() {
        if !in_scope(rule, facts) {
            continue;
        }
        let fit = fits.get(index).filter(|_| !rules_only).unwrap_or(&none);
        let Some(verdict) = verdict(&rule.detection, fit, facts) else { continue };
        if rule.detection.customer_needed && !facts.has_customer() {
            evidence
                .push(format!("tag {} ({}) fits, but no customer was recognised", rule.id, rule.full_name));
            continue;
        }
        let tag =
            FoundTag { id: rule.id, score: verdict.score, threshold: THRESHOLD, evidence: verdict.evidence };
        if fit.is_fallback && verdict.is_by_text || rule.is_default {
            fallbacks.push((rule, tag));
        } else {
            evidence.push(format!("tag {} ({}) at {:.2}", rule.id, rule.full_name, tag.score));
            found.push(tag);
        }
    }
    if found.is_empty() {
        fallbacks.sort_by_key(|(rule, _)| rule.is_default);
        for (rule, tag) in fallbacks.into_iter().take(1) {
            evidence.push(format!(
                "tag {} ({}) at {:.2}, since nothing else fits",
                rule.id, rule.full_name, tag.score
            ));
            found.push(tag);
        }
    }
    if found.is_empty() && !facts.is_spam() {
        for rule in rules.iter().filter(|rule| rule.is_default && in_scope(rule, facts)).take(1) {
            let why =
                format!("tag {} ({}) is the default skill, since nothing fits", rule.id, rule.full_name);
            evidence.push(why.clone());
            found.push(FoundTag { id: rule.id, score: 0.0, threshold: THRESHOLD, evidence: vec![why] });
        }
    }
    let score = found.iter().map(|tag| tag.score).max_by(f64::total_cmp);
    Finding { value: found, evidence, score, threshold: Some(THRESHOLD) }
}

/// Why a detection fires.
pub(super) struct Verdict {
    pub score: f64,
    pub evidence: Vec<String>,
    /// The text was needed for it.
    pub is_by_text: bool,
}

/// `None` where the detection does not fire.
pub(super) fn verdict(detection: &Detection, fit: &Fit, facts: &Facts<'_>) -> Option<Verdict> {
    let conditions_hold = !detection.conditions.is_empty()
        && detection.conditions.iter().all(|condition| holds(condition, facts));
    let by_text = fit.score >= THRESHOLD;
    let (fires, score, is_by_text) = match detection.kind {
        DetectionType::ConditionDetection => (conditions_hold, 1.0, false),
        DetectionType::AiAndConditionDetection => (by_text && conditions_hold, fit.score, true),
        DetectionType::AiOrConditionDetection if conditions_hold => (true, 1.0, false),
        DetectionType::AiDetection | DetectionType::AiOrConditionDetection => (by_text, fit.score, true),
        DetectionType::ManualAssignment | DetectionType::CustomLogic => (false, 0.0, false),
    };
    let mut evidence = Vec::new();
    if conditions_hold && detection.kind != DetectionType::AiDetection {
        evidence.extend(detection.conditions.iter().map(|condition| {
            format!("{} {} {}", condition.key, condition.comparator, condition.values.join(", "))
        }));
    }
    if is_by_text {
        evidence.extend(fit.evidence.iter().cloned());
    }
    fires.then_some(Verdict { score, evidence, is_by_text })
}

fn in_scope(rule: &TagRule, facts: &Facts<'_>) -> bool {
    in_channel(&rule.channels, facts)
        && (rule.subchannel_ids.is_empty()
            || facts.ticket.subchannel_id.is_some_and(|id| rule.subchannel_ids.contains(&id.0)))
}

/// Whether the ticket came through one of the channels; none are all.
pub(super) fn in_channel(channels: &[String], facts: &Facts<'_>) -> bool {
    let channel = facts.ticket.channel.as_str();
    channels.is_empty() || channels.iter().any(|known| known == channel || known == "all")
}
