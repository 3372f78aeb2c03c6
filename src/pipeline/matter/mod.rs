//! How well a text fits what tags and AI agents are about.

mod bind;
#[cfg(test)]
mod cases;
mod context;
mod generic;
pub mod prepared;
mod topics;
mod vocabulary;
pub mod words;

use std::collections::HashMap;

use self::bind::Source;
use self::vocabulary::{Occurrence, Vocabulary, WordId};
use self::words::{Place, Words};
use crate::domain::detection::Detection;

/// The score from which on a text fits.
pub const THRESHOLD: f64 = 0.6;

/// What a tag or an AI agent is about, as its definition says it.
#[derive(Debug, Clone, Copy)]
pub struct Description<'a> {
    pub name: &'a str,
    pub detection: &'a Detection,
}

/// How well a text fits one description.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Fit {
    /// 0 to 1.
    pub score: f64,
    pub evidence: Vec<String>,
    /// It stands only where nothing else fits.
    pub is_fallback: bool,
}

/// Everything that a tenant's tags and AI agents look for, ready to be found in one pass.
#[derive(Debug, Default)]
pub struct Matcher {
    vocabulary: Vocabulary,
    phrases: Vec<Phrase>,
    /// The phrases that are looked at where a word of the vocabulary stands.
    by_word: Vec<Vec<usize>>,
    is_fallback: Vec<bool>,
}

/// Words that count together.
#[derive(Debug)]
struct Phrase {
    words: Vec<WordId>,
    /// Words that may stand between two of them; `None`: any order within one sentence.
    gaps: Option<Vec<usize>>,
    /// Its place in `words` of the longest word, by which it is looked for.
    key: usize,
    text: String,
    /// The descriptions that it speaks for.
    uses: Vec<(usize, Source, f64)>,
}

/// A phrase as it stands in a text.
struct Hit {
    matched: Vec<usize>,
    weight: f64,
    key_at: usize,
    again: bool,
}

/// What one phrase adds to one description.
struct Support<'a> {
    weight: f64,
    at: usize,
    source: Source,
    phrase: &'a Phrase,
    place: Place,
}

impl Matcher {
    pub fn new<'a>(descriptions: impl Iterator<Item = Description<'a>>) -> Self {
        let descriptions: Vec<_> = descriptions.collect();
        let mut matcher = Self::default();
        let mut known = HashMap::new();
        let shared = generic::shared_words(&descriptions);
        for (index, description) in descriptions.iter().enumerate() {
            let bound = bind::phrases(*description, &shared);
            matcher.is_fallback.push(bound.is_fallback);
            for phrase in bound.phrases {
                let words: Vec<_> = phrase.words.iter().map(|word| matcher.vocabulary.add(word)).collect();
                let number = *known.entry((words.clone(), phrase.gaps.clone())).or_insert_with(|| {
                    let lengths = phrase.words.iter().map(String::len).enumerate();
                    let key = lengths.rev().max_by_key(|&(_, length)| length).map_or(0, |(at, _)| at);
                    let (gaps, text) = (phrase.gaps, phrase.text);
                    matcher.phrases.push(Phrase { words, gaps, key, text, uses: Vec::new() });
                    matcher.phrases.len() - 1
                });
                matcher.phrases[number].uses.push((index, phrase.source, phrase.weight));
            }
        }
        matcher.by_word = vec![Vec::new(); matcher.vocabulary.len()];
        for (number, phrase) in matcher.phrases.iter().enumerate() {
            matcher.by_word[phrase.words[phrase.key] as usize].push(number);
        }
        matcher.vocabulary.compile();
        matcher
    }

    /// How well the words fit each description, in the order in which those were given.
    pub fn fits(&self, words: &Words) -> Vec<Fit> {
        let occurrences = self.vocabulary.occurrences(words);
        let mut supports: Vec<Vec<Support<'_>>> = Vec::new();
        supports.resize_with(self.is_fallback.len(), Vec::new);
        for here in occurrences.chunk_by(|a, b| a.id == b.id) {
            let numbers = here.first().map(|first| self.by_word[first.id as usize].as_slice());
            for phrase in numbers.unwrap_or_default().iter().map(|&number| &self.phrases[number]) {
                let Some(hit) = best_hit(phrase, here, &occurrences, words) else { continue };
                for &(description, source, weight) in &phrase.uses {
                    supports[description].push(support(phrase, &hit, words, source, weight));
                }
            }
        }
        supports
            .into_iter()
            .zip(&self.is_fallback)
            .map(|(supports, &is_fallback)| combine(supports, is_fallback))
            .collect()
    }
}

/// Occurrences of one word that are looked at; a text that repeats it more often says no more.
const MOST_OCCURRENCES: usize = 24;

/// The phrase where it counts most; `None` where its words do not stand together.
fn best_hit(phrase: &Phrase, here: &[Occurrence], all: &[Occurrence], words: &Words) -> Option<Hit> {
    let mut best: Option<Hit> = None;
    let mut count = 0;
    for occurrence in here.iter().take(MOST_OCCURRENCES) {
        let Some((matched, quality)) = around(phrase, occurrence, all, words) else { continue };
        let in_context = context::weight(words, &matched, phrase.words.len() == 1);
        count += usize::from(in_context > 0.0);
        let in_subject = words.list[occurrence.at].place == Place::Subject;
        let weight = quality * in_context;
        let rank = weight + if in_subject { 0.5 * weight } else { 0.0 };
        let known = best.as_ref().map_or(-1.0, |best| {
            best.weight * if words.list[best.key_at].place == Place::Subject { 1.5 } else { 1.0 }
        });
        if rank > known {
            best = Some(Hit { matched, weight, key_at: occurrence.at, again: false });
        }
    }
    best.map(|hit| Hit { again: count > 1, ..hit })
}

/// The places of the phrase's words around its longest one, and how well they match.
fn around(phrase: &Phrase, key: &Occurrence, all: &[Occurrence], words: &Words) -> Option<(Vec<usize>, f64)> {
    let sentence = words.list.get(key.at)?.sentence;
    let of = |id: WordId| {
        let start = all.partition_point(|other| other.id < id);
        all[start..].iter().take_while(move |other| other.id == id)
    };
    let near = |at: usize| words.list.get(at).is_some_and(|word| word.sentence == sentence);
    let mut matched = vec![key.at; phrase.words.len()];
    let mut quality = key.quality;
    let Some(gaps) = &phrase.gaps else {
        let reach = phrase.words.len() + 5;
        for (place, &id) in phrase.words.iter().enumerate().filter(|&(place, _)| place != phrase.key) {
            let other = of(id)
                .skip_while(|other| other.at + reach < key.at)
                .take_while(|other| other.at <= key.at + reach)
                .filter(|other| near(other.at) && other.at != key.at)
                .min_by_key(|other| other.at.abs_diff(key.at))?;
            matched[place] = other.at;
            quality *= other.quality;
        }
        return Some((matched, quality));
    };
    for place in phrase.key + 1..phrase.words.len() {
        let from = matched[place - 1];
        let other = of(phrase.words[place])
            .skip_while(|other| other.at <= from)
            .take_while(|other| other.at <= from + 1 + gaps[place - 1])
            .find(|other| near(other.at))?;
        matched[place] = other.at;
        quality *= other.quality;
    }
    for place in (0..phrase.key).rev() {
        let to = matched[place + 1];
        let other = of(phrase.words[place])
            .skip_while(|other| other.at + 1 + gaps[place] < to)
            .take_while(|other| other.at < to)
            .filter(|other| near(other.at))
            .last()?;
        matched[place] = other.at;
        quality *= other.quality;
    }
    Some((matched, quality))
}

fn support<'a>(phrase: &'a Phrase, hit: &Hit, words: &Words, source: Source, weight: f64) -> Support<'a> {
    let place = words
        .list
        .get(hit.matched.first().copied().unwrap_or(hit.key_at))
        .map_or(Place::Text, |word| word.place);
    let mut weight = weight * hit.weight;
    if place == Place::Subject {
        weight = 1.0 - (1.0 - weight) * (1.0 - 0.45 * hit.weight);
    }
    if hit.again && source != Source::Prompt {
        weight = 1.0 - (1.0 - weight) * 0.92;
    }
    Support { weight, at: hit.key_at, source, phrase, place }
}

/// A word counts once, however many phrases it stands in.
fn combine(mut supports: Vec<Support<'_>>, is_fallback: bool) -> Fit {
    supports.sort_by(|a, b| b.weight.total_cmp(&a.weight).then(a.at.cmp(&b.at)));
    let mut used: Vec<(usize, WordId)> = Vec::new();
    let mut evidence = Vec::new();
    let (mut missing, mut hints, mut prompts) = (1.0, 0, 0);
    let mut is_negated = false;
    for support in &supports {
        let id = support.phrase.words[support.phrase.key];
        if used.iter().any(|&(at, known)| at == support.at || known == id) {
            continue;
        }
        let is_strong = !matches!(support.source, Source::Hint | Source::Prompt);
        if support.weight <= 0.0 {
            is_negated |= is_strong;
            if is_strong {
                evidence.push(format!("\"{}\" is negated", support.phrase.text));
            }
            continue;
        }
        let counter = if support.source == Source::Prompt { &mut prompts } else { &mut hints };
        if !is_strong {
            *counter += 1;
            if *counter > 3 {
                continue;
            }
        }
        used.push((support.at, id));
        missing *= 1.0 - support.weight.min(0.98);
        if evidence.len() < 8 {
            let place = if support.place == Place::Text { "text" } else { "subject" };
            let source = support.source.as_str();
            evidence
                .push(format!("{source} \"{}\" in the {place} ({:.2})", support.phrase.text, support.weight));
        }
    }
    let mut score = 1.0 - missing;
    if is_negated {
        score *= 0.6;
    }
    Fit { score, evidence, is_fallback }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::tag::DetectionType;

    fn detection(prompt: &str, keywords: &[&str]) -> Detection {
        Detection {
            kind: DetectionType::AiDetection,
            customer_needed: false,
            prompt: prompt.to_owned(),
            keywords: keywords.iter().map(|&word| word.to_owned()).collect(),
            conditions: Vec::new(),
        }
    }

    fn score(name: &str, detection: &Detection, subject: &str, text: &str) -> f64 {
        let matcher = Matcher::new([Description { name, detection }].into_iter());
        matcher.fits(&Words::new(subject, text))[0].score
    }

    #[test]
    fn a_keyword_fits_in_its_forms_and_misspellings() {
        let wifi = detection("", &["Satellitenschüssel"]);
        for text in ["Meine Satellitenschüssel wackelt", "Zwei Satellitenschuesseln", "die Satelitenschüssel"]
        {
            assert!(score("X", &wifi, "", text) >= THRESHOLD, "{text}");
        }
        assert!(score("X", &wifi, "", "Meine Schüssel wackelt") < THRESHOLD);
    }

    #[test]
    fn a_topic_is_found_in_words_that_the_tag_does_not_name() {
        let bare = detection("", &[]);
        assert!(score("Umzug", &bare, "", "Wir ziehen zum 1. Mai in die Hauptstr. 4 um.") >= THRESHOLD);
        assert!(score("Meter reading", &bare, "", "Mein Zähler zeigt 4711 an") >= THRESHOLD);
        let prompt = detection("The customer wants to cancel the contract", &[]);
        assert!(score("Tag 4", &prompt, "", "hiermit kündige ich fristgerecht") >= THRESHOLD);
    }

    #[test]
    fn what_is_negated_or_threatened_does_not_fit() {
        let cancel = detection("", &["Kündigung", "cancel"]);
        for text in [
            "Ich will nicht kündigen, nur eine Frage stellen.",
            "Das ist keine Kündigung.",
            "Ich kündige nicht.",
            "I don't want to cancel my contract.",
            "Wenn das so bleibt, melden Sie sich, sonst kündige ich.",
            "Je ne veux pas résilier.",
        ] {
            assert!(score("Kündigung", &cancel, "", text) < THRESHOLD, "{text}");
        }
        let invoice = detection("", &["Rechnung"]);
        assert!(score("Rechnung", &invoice, "", "Ich habe noch keine Rechnung erhalten.") >= THRESHOLD);
        assert!(score("Rechnung", &invoice, "", "Die Rechnung habe ich nicht bekommen.") >= THRESHOLD);
    }

    #[test]
    fn what_is_mentioned_in_passing_does_not_fit() {
        let invoice = detection("", &["Rechnung"]);
        assert!(
            score("Rechnung", &invoice, "", "Meine Kundennummer steht auf der letzten Rechnung.") < THRESHOLD
        );
        assert!(score("Rechnung", &invoice, "", "Rechnungsnummer 1234") < THRESHOLD);
    }
}
