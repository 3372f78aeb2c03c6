//! What can be seen of a message that tells people from advertising and programs: its words, the pairs of
//! them, and signs of how it is written. [`super::weighting`] says what each of them weighs.

use std::collections::BTreeMap;

use super::content::Content;
use super::mail::Mail;
use super::voice;
use crate::pipeline::Subject;
use crate::pipeline::phrases::Words;

/// As many letters of a word's beginning tell it from others.
const STEM_LETTERS: usize = 7;

/// From how many letters on the end of a word is looked at too: compounds end with what they are.
const COMPOUND_LETTERS: usize = 11;

/// As many letters of a compound's end.
const TAIL_LETTERS: usize = 6;

/// How much the words of a message weigh together, whatever its length.
const WORDS_WEIGHT: f64 = 6.0;

/// What a word of the subject or of the sender's address weighs.
const OTHER_WEIGHT: f64 = 0.6;

/// As many letters of a word in the sender's address.
const ADDRESS_LETTERS: usize = 6;

/// As many bytes of a subject are read.
const MAX_TITLE: usize = 300;

/// What is seen, and how much of it; signs begin with `@`, ends of words with `~`, words of the subject with
/// `>`, those of the sender's address with `^`.
pub type Features = BTreeMap<String, f64>;

/// Reads a message; `content` and `mail` are what the rules made of it.
pub fn read(subject: &Subject<'_>, content: &Content, mail: &Mail) -> Features {
    let words = Words::of(&content.text, content.text.len());
    let mut features = of_words(&words);
    let share = WORDS_WEIGHT / count(features.len()).sqrt().max(2.0);
    for value in features.values_mut() {
        *value = share;
    }
    for word in mail.address() {
        let stem: String = word.chars().take(ADDRESS_LETTERS).collect();
        features.insert(format!("^{stem}"), OTHER_WEIGHT);
    }
    let title = Words::of(&subject.ticket.content.subject, MAX_TITLE);
    if !mail.is_reply {
        for word in (0..title.count()).filter_map(|at| title.get(at)) {
            let stem: String = word.chars().take(STEM_LETTERS).collect();
            features.insert(format!(">{stem}"), OTHER_WEIGHT);
        }
    }
    let mut sign = |name: &str, value: f64| {
        if value != 0.0 {
            features.insert(format!("@{name}"), value);
        }
    };
    sign("bias", 1.0);
    for (name, value) in content.counts() {
        sign(name, value);
    }
    for name in mail.signs() {
        sign(name, 1.0);
    }
    for name in voice::signs(&words, &content.text, subject.ticket.from.as_deref()) {
        sign(name, 1.0);
    }
    features
}

fn of_words(words: &Words) -> Features {
    let mut features = Features::new();
    let mut before = String::new();
    for word in (0..words.count()).filter_map(|at| words.get(at)) {
        let stem: String = word.chars().take(STEM_LETTERS).collect();
        let letters = word.chars().count();
        if letters >= COMPOUND_LETTERS {
            let tail: String = word.chars().skip(letters - TAIL_LETTERS).collect();
            features.insert(format!("~{tail}"), 1.0);
        }
        if !before.is_empty() {
            features.insert(format!("{before} {stem}"), 1.0);
        }
        features.insert(stem.clone(), 1.0);
        before = stem;
    }
    features
}

#[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
pub fn count(number: usize) -> f64 {
    number as f64
}
