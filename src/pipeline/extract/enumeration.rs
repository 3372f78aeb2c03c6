//! Which of a parameter's values the text names.

use std::collections::HashMap;

use serde_json::Value;

use super::standing::{Span, standing};
use super::token::Kind;
use super::{Candidate, Document};
use crate::pipeline::fold::fold;

/// The values that stand in a text as whole words, longer ones first where they overlap.
pub fn candidates(document: &Document<'_>, values: &[String]) -> Vec<Candidate> {
    let folded: Vec<Vec<String>> =
        values.iter().map(|value| fold(value).split(' ').map(str::to_owned).collect()).collect();
    let mut by_first: HashMap<&str, Vec<usize>> = HashMap::new();
    for (index, words) in folded.iter().enumerate() {
        if let Some(first) = words.first().filter(|first| !first.is_empty()) {
            by_first.entry(first).or_default().push(index);
        }
    }
    let texts: Vec<(usize, String)> = words(document);
    let mut found: Vec<(Span, usize)> = Vec::new();
    let mut at = 0;
    while at < texts.len() {
        let fits = |index: &&usize| {
            let value = &folded[**index];
            texts
                .get(at..at + value.len())
                .is_some_and(|text| text.iter().zip(value).all(|((_, word), other)| word == other))
        };
        let named = by_first.get(texts[at].1.as_str()).into_iter().flatten().filter(fits);
        let Some(&value) = named.max_by_key(|index| folded[**index].len()) else {
            at += 1;
            continue;
        };
        let last = at + folded[value].len() - 1;
        found.push((Span { first: texts[at].0, last: texts[last].0 }, value));
        at = last + 1;
    }
    let spans: Vec<Span> = found.iter().map(|(span, _)| *span).collect();
    let standings = standing(&document.tokens, &spans);
    let candidates = found.into_iter().zip(standings);
    candidates
        .map(|((span, value), points)| {
            Candidate::new(document, points + 8, span, Value::from(values[value].as_str()))
        })
        .collect()
}

/// The folded words and numbers of a text with their tokens.
fn words(document: &Document<'_>) -> Vec<(usize, String)> {
    let mut words = Vec::new();
    for (at, token) in document.tokens.iter().enumerate() {
        if token.kind == Kind::Word {
            words.push((at, token.folded.clone()));
        } else {
            words.extend(
                fold(token.text).split(' ').filter(|word| !word.is_empty()).map(|word| (at, word.to_owned())),
            );
        }
    }
    words
}
