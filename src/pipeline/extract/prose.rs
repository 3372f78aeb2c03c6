//! Free text: what a pattern matches, or what follows the parameter's name.

use regex::Regex;
use serde_json::Value;

use super::standing::Span;
use super::token::Kind;
use super::{Candidate, Document, name_words};
use crate::domain::ai_agent::Parameter;
use crate::pipeline::fold::fold;

/// Characters of a value.
const MOST: usize = 200;

/// What the pattern matches; without one, the rest of the sentence behind the parameter's name and a colon.
pub fn candidates(document: &Document<'_>, parameter: &Parameter, pattern: Option<&Regex>) -> Vec<Candidate> {
    if let Some(pattern) = pattern {
        return matched(document.text, pattern).collect();
    }
    let names = [fold(&parameter.name), fold(&parameter.key), name_words(parameter).join(" ")];
    let tokens = &document.tokens;
    let mut found = Vec::new();
    for at in (0..tokens.len()).filter(|&at| tokens[at].is_mark(':') || tokens[at].is_mark('=')) {
        let before = tokens[..at].iter().rev().take(12).take_while(|token| token.kind != Kind::Break);
        let mut words: Vec<&str> =
            before.filter(|token| !token.folded.is_empty()).map(|token| token.folded.as_str()).collect();
        words.reverse();
        let label = words.join(" ");
        let is_named = |name: &String| {
            label
                .strip_suffix(name.as_str())
                .is_some_and(|rest| !name.is_empty() && (rest.is_empty() || rest.ends_with(' ')))
        };
        if !names.iter().any(is_named) {
            continue;
        }
        let first = at + 1;
        let end = (first..tokens.len())
            .find(|&end| tokens[end].sentence != tokens[at].sentence || tokens[end].kind == Kind::Break);
        let mut last = end.unwrap_or(tokens.len());
        while last > first
            && matches!(tokens[last - 1].kind, Kind::Mark('.' | '!' | '?' | ';' | ',') | Kind::Break)
        {
            last -= 1;
        }
        if last > first {
            let candidate = Candidate::new(document, 8, Span { first, last: last - 1 }, Value::Null);
            found.push(Candidate { value: Value::from(shortened(&candidate.raw)), ..candidate });
        }
    }
    found
}

/// What a pattern matches in a text: its first group where it has one.
pub fn matched(text: &str, pattern: &Regex) -> impl Iterator<Item = Candidate> {
    let captures = pattern
        .captures_iter(text)
        .take(20)
        .filter_map(|captures| captures.get(1).or_else(|| captures.get(0)));
    captures.map(|found| found.as_str().trim()).filter(|found| !found.is_empty()).map(|found| Candidate {
        points: 8,
        value: Value::from(shortened(found)),
        raw: shortened(found),
    })
}

fn shortened(text: &str) -> String {
    text.chars().take(MOST).collect()
}
