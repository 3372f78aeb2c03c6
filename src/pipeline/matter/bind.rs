//! From a definition to the phrases that speak for it.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::Description;
use super::generic::{is_generic, is_stop_word};
use super::topics::{TOPICS, Topic};
use super::vocabulary::{phrase_words, stem};

/// Why a phrase speaks for a definition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    Keyword,
    Name,
    Topic,
    Hint,
    Prompt,
}

impl Source {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Keyword => "keyword",
            Self::Name => "name",
            Self::Topic => "topic",
            Self::Hint => "hint",
            Self::Prompt => "prompt",
        }
    }
}

/// What to look for, and how much it says.
#[derive(Debug)]
pub struct BoundPhrase {
    pub words: Vec<String>,
    /// See [`super::Phrase`].
    pub gaps: Option<Vec<usize>>,
    pub text: String,
    pub source: Source,
    pub weight: f64,
}

/// All that speaks for a definition.
#[derive(Debug, Default)]
pub struct Bound {
    pub phrases: Vec<BoundPhrase>,
    pub is_fallback: bool,
}

/// Words that may stand between two of a topic's phrase, without and with `..`.
const CLOSE: usize = 1;
const FAR: usize = 10;

/// The phrases of a definition: its keywords, its name, its topic's words, its prompt's words.
pub fn phrases(description: Description<'_>, shared: &HashSet<String>) -> Bound {
    let detection = description.detection;
    let mut bound = Bound::default();
    for keyword in &detection.keywords {
        let (words, gaps) = any_order(keyword);
        let weight = match words.as_slice() {
            [] => continue,
            [word] if is_generic(word) => 0.35,
            [_] => 0.66,
            words if words.iter().all(|word| is_generic(word)) => 0.62,
            _ => 0.76,
        };
        bound.phrases.push(BoundPhrase {
            words,
            gaps,
            text: keyword.clone(),
            source: Source::Keyword,
            weight,
        });
    }
    // `Second Level: Complaint`, `Move / relocation`: each part is a name.
    for part in description.name.split([':', '/', ',', '&', '|', '>', '(', ')', '–']) {
        let (words, gaps) = any_order(part);
        let specific = words.iter().filter(|word| !is_generic(word) && word.len() > 2).count();
        if specific > 0 {
            let weight = if words.len() > 1 { 0.7 } else { 0.63 };
            let text = part.trim().to_owned();
            bound.phrases.push(BoundPhrase { words, gaps, text, source: Source::Name, weight });
        }
    }
    let (topics, certainty) = topics(description);
    for topic in &topics {
        bound.is_fallback |= topic.is_fallback;
        let of = [
            (topic.called, Source::Topic, 0.66),
            (topic.says, Source::Topic, 0.72),
            (topic.hints, Source::Hint, 0.28),
        ];
        for (phrases, source, weight) in of {
            bound.phrases.extend(phrases.iter().map(|phrase| {
                let (words, gaps) = in_order(phrase);
                let weight = weight * certainty;
                BoundPhrase { words, gaps: Some(gaps), text: (*phrase).to_owned(), source, weight }
            }));
        }
    }
    let weight = if bound.phrases.is_empty() { 0.42 } else { 0.17 };
    let mut seen = HashSet::new();
    for word in phrase_words(&detection.prompt) {
        let says_something =
            word.len() > 3 && !is_stop_word(&word) && !is_generic(&word) && !shared.contains(&word);
        if says_something && seen.insert(word.clone()) {
            let text = word.clone();
            bound.phrases.push(BoundPhrase {
                words: vec![word],
                gaps: None,
                text,
                source: Source::Prompt,
                weight,
            });
        }
    }
    bound
}

/// A tenant's phrase: its words without stop words, in any order of one sentence.
fn any_order(phrase: &str) -> (Vec<String>, Option<Vec<usize>>) {
    let all = phrase_words(phrase);
    let mut words: Vec<_> = all.iter().filter(|word| !is_stop_word(word)).cloned().collect();
    if words.is_empty() {
        let gaps = vec![0; all.len().saturating_sub(1)];
        return (all, Some(gaps));
    }
    words.dedup();
    words.truncate(8);
    (words, None)
}

/// A topic's phrase: its words in their order.
fn in_order(phrase: &str) -> (Vec<String>, Vec<usize>) {
    let mut words: Vec<String> = Vec::new();
    let mut gaps = Vec::new();
    for part in phrase.split("..") {
        for (index, word) in phrase_words(part).into_iter().enumerate() {
            if !words.is_empty() {
                gaps.push(if index == 0 { FAR } else { CLOSE });
            }
            words.push(word);
        }
    }
    (words, gaps)
}

/// What every topic is called, as stems.
static CALLED: LazyLock<Vec<Vec<Vec<String>>>> = LazyLock::new(|| {
    TOPICS.iter().map(|topic| topic.called.iter().map(|called| stems(called)).collect()).collect()
});

/// The topics that a definition is about, and how sure that is.
fn topics(description: Description<'_>) -> (Vec<&'static Topic>, f64) {
    let name = stems(description.name);
    let keywords: Vec<_> = description.detection.keywords.iter().map(|keyword| stems(keyword)).collect();
    let by_name_and_keywords = ranked(|called| {
        let size = called.len() * called.len();
        let named = if contains(&name, called) { 4 * size } else { 0 };
        named + size * keywords.iter().filter(|keyword| *keyword == called).count()
    });
    if !by_name_and_keywords.is_empty() {
        return (by_name_and_keywords, 1.0);
    }
    let prompt = stems(&description.detection.prompt);
    (ranked(|called| if contains(&prompt, called) { called.len() * called.len() } else { 0 }), 0.95)
}

/// The best topics: those with at least half of the best one's points, at most two.
fn ranked(points: impl Fn(&[String]) -> usize) -> Vec<&'static Topic> {
    let mut ranked: Vec<(usize, &Topic)> = CALLED
        .iter()
        .zip(TOPICS)
        .map(|(called, topic)| (called.iter().map(|called| points(called)).sum(), topic))
        .filter(|&(points, _)| points > 0)
        .collect();
    ranked.sort_by_key(|&(points, _)| std::cmp::Reverse(points));
    let best = ranked.first().map_or(0, |&(points, _)| points);
    ranked.into_iter().take(2).filter(|&(points, _)| 2 * points >= best).map(|(_, topic)| topic).collect()
}

fn stems(phrase: &str) -> Vec<String> {
    phrase_words(phrase).iter().map(|word| stem(word).to_owned()).collect()
}

fn contains(words: &[String], part: &[String]) -> bool {
    !part.is_empty() && words.windows(part.len()).any(|window| window == part)
}
