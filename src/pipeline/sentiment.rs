//! The tone of a text: what its words say, with negation, emphasis and sarcasm.

mod english;
mod german;
mod lexicon;
mod others;
mod shouting;

use self::lexicon::{Cue, cues};
use super::Finding;
use super::phrases::{Hit, Words};
use crate::domain::analysis::Sentiment;

/// How much of a text is judged, in bytes. Tone shows early.
const MAX_BYTES: usize = 8_000;

/// How far a tone has to lean to count.
const DECISIVE: f64 = 1.5;

/// A message of so few words that hold a thank-you is one.
const THANKS_ALONE_WORDS: usize = 8;

/// How many words before a tone a negator reaches, and how many after it.
const NEGATED_BEFORE: usize = 3;
const NEGATED_AFTER: usize = 2;

/// What stands before a surname, folded.
const TITLES: &[&str] = &[
    "herr", "herrn", "frau", "familie", "fam", "dr", "mr", "mrs", "ms", "miss", "madame", "monsieur",
    "mevrouw", "heer", "pan", "pani", "pana", "signor", "signora", "senor", "senora",
];

/// How much of a grievance is left once the praise that comes after it ends in thanks.
const SETTLED: f64 = 0.3;

/// One thing that speaks for a tone.
struct Sign<'a> {
    phrase: &'a str,
    weight: f64,
    sentence: usize,
    word: usize,
}

/// The tone of a message in a language by its ISO 639-1 code; without one it is read as German. The score
/// is how strong the tone is.
pub fn judge(subject: &str, clean: &str, language: Option<&str>) -> Finding<Sentiment> {
    let subject = &subject[..subject.floor_char_boundary(MAX_BYTES / 8)];
    let clean = &clean[..clean.floor_char_boundary(MAX_BYTES)];
    let words = Words::of(&format!("{subject}\n\n{clean}"), MAX_BYTES * 2);
    let cues = cues(language);
    let hits: Vec<Hit<'_, Cue>> = cues.tones.find(&words).collect();
    let mut signs = weigh(&hits, &words);
    let openers: Vec<Hit<'_, ()>> = cues.openers.find(&words).collect();
    let sarcasm = sour_openers(&openers, &mut signs, &words);
    turn_praise_before_grievance(&mut signs);
    settle(&hits, &mut signs);
    signs.extend(sarcasm);
    signs.extend(thanks_alone(&hits, &signs, clean));
    let lean: f64 = signs.iter().map(|sign| sign.weight).sum();
    signs.extend(shouting::signs(subject, clean, lean).into_iter().map(|(phrase, weight)| Sign {
        phrase,
        weight,
        sentence: usize::MAX,
        word: usize::MAX,
    }));
    conclude(&signs)
}

fn conclude(signs: &[Sign<'_>]) -> Finding<Sentiment> {
    let lean: f64 = signs.iter().map(|sign| sign.weight).sum();
    let value = match lean {
        lean if lean <= -DECISIVE => Sentiment::Negative,
        lean if lean >= DECISIVE => Sentiment::Positive,
        _ => Sentiment::Neutral,
    };
    let mut strongest: Vec<&Sign<'_>> = signs.iter().filter(|sign| sign.weight != 0.0).collect();
    strongest.sort_by(|one, other| other.weight.abs().total_cmp(&one.weight.abs()));
    let evidence =
        strongest.iter().take(6).map(|sign| format!("“{}” weighs {:+.1}", sign.phrase, sign.weight));
    let score = lean.abs() / (lean.abs() + DECISIVE);
    Finding { value, evidence: evidence.collect(), score: Some(score), threshold: Some(0.5) }
}

/// What each tone weighs where it stands: turned by a negator near it, lifted by an intensifier before it,
/// each phrase only once, and nothing where it is somebody's name.
fn weigh<'a>(hits: &[Hit<'a, Cue>], words: &Words) -> Vec<Sign<'a>> {
    let mut signs: Vec<Sign<'a>> = Vec::new();
    for (at, hit) in hits.iter().enumerate() {
        let Cue::Tone(tone) = hit.value else { continue };
        if tone == 0.0 || signs.iter().any(|sign| sign.phrase == hit.phrase) {
            continue;
        }
        let title = hit.words.0.checked_sub(1).and_then(|before| words.get(before));
        if title.is_some_and(|title| TITLES.contains(&title)) {
            continue;
        }
        let weight = if is_negated(hits, at) {
            if tone > 0.0 { -0.8 * tone } else { 0.0 }
        } else if is_intensified(hits, at) {
            tone * 1.4
        } else {
            tone
        };
        signs.push(Sign { phrase: hit.phrase, weight, sentence: hit.sentence, word: hit.words.0 });
    }
    signs
}

fn is_negated(hits: &[Hit<'_, Cue>], at: usize) -> bool {
    let hit = &hits[at];
    let is_praise = matches!(hit.value, Cue::Tone(tone) if tone > 0.0);
    let negates = |other: &&Hit<'_, Cue>| other.value == Cue::Negator && other.clause == hit.clause;
    let before = hits[..at].iter().rev().take(4).filter(negates);
    let after = hits[at + 1..].iter().take(3).filter(negates);
    let reaches = |gap: usize, most: usize| gap < most;
    before.into_iter().any(|other| reaches(hit.words.0 - other.words.1, NEGATED_BEFORE))
        || is_praise && after.into_iter().any(|other| reaches(other.words.0 - hit.words.1, NEGATED_AFTER))
}

fn is_intensified(hits: &[Hit<'_, Cue>], at: usize) -> bool {
    let hit = &hits[at];
    let before = at.checked_sub(1).and_then(|before| hits.get(before));
    before.is_some_and(|other| other.value == Cue::Intensifier && other.words.1 == hit.words.0)
}

/// Praise that begins a sentence while this or the next one is a grievance.
fn sour_openers<'a>(openers: &[Hit<'a, ()>], signs: &mut Vec<Sign<'a>>, words: &Words) -> Vec<Sign<'a>> {
    let mut sour = Vec::new();
    for opener in openers.iter().filter(|opener| words.begins_sentence(opener.words.0)) {
        let near = signs.iter().filter(|sign| {
            sign.weight < 0.0
                && sign.word >= opener.words.1
                && (opener.sentence..=opener.sentence + 1).contains(&sign.sentence)
        });
        let grievance: f64 = near.map(|sign| sign.weight).sum();
        let is_only_praise = words.sentence_words(opener.sentence) <= opener.words.1 - opener.words.0 + 2;
        let is_same = signs.iter().any(|sign| {
            sign.weight < -0.8 && sign.sentence == opener.sentence && sign.word >= opener.words.1
        });
        if grievance <= -0.9 && (is_only_praise || is_same) {
            signs.retain(|sign| !(sign.weight > 0.0 && sign.word == opener.words.0));
            sour.push(Sign {
                phrase: opener.phrase,
                weight: -2.0,
                sentence: opener.sentence,
                word: opener.words.0,
            });
            break;
        }
    }
    sour
}

/// Praise that a grievance follows in the same sentence was no praise.
fn turn_praise_before_grievance(signs: &mut [Sign<'_>]) {
    for at in 0..signs.len() {
        let (sentence, word) = (signs[at].sentence, signs[at].word);
        let after = signs.iter().filter(|sign| sign.sentence == sentence && sign.word > word);
        let grievance: f64 = after.map(|sign| sign.weight.min(0.0)).sum();
        if signs[at].weight > 0.0 && grievance <= -1.0 {
            signs[at].weight *= -0.3;
        }
    }
}

/// Lessens a grievance that comes before praise and thanks: it has been put right.
fn settle(hits: &[Hit<'_, Cue>], signs: &mut [Sign<'_>]) {
    let praise = signs.iter().filter(|sign| sign.weight >= DECISIVE).map(|sign| sign.word).max();
    let grievance = signs.iter().filter(|sign| sign.weight < -0.5).map(|sign| sign.word).max();
    let (Some(praise), Some(grievance)) = (praise, grievance) else { return };
    let thanks = hits.iter().rfind(|hit| hit.value == Cue::Thanks);
    if praise > grievance && thanks.is_some_and(|thanks| thanks.words.0 > grievance) {
        for sign in signs.iter_mut().filter(|sign| sign.weight < 0.0) {
            sign.weight *= SETTLED;
        }
    }
}

/// A thank-you in a message that says hardly more.
fn thanks_alone<'a>(hits: &[Hit<'a, Cue>], signs: &[Sign<'_>], clean: &str) -> Option<Sign<'a>> {
    let is_short = clean.split_whitespace().take(THANKS_ALONE_WORDS + 1).count() <= THANKS_ALONE_WORDS;
    let is_calm = signs.iter().all(|sign| sign.weight >= 0.0);
    let thanks = hits.iter().find(|hit| hit.value == Cue::Thanks)?;
    let weight = if is_short && is_calm && !clean.contains('?') { DECISIVE } else { 0.4 };
    (is_calm).then_some(Sign {
        phrase: thanks.phrase,
        weight,
        sentence: thanks.sentence,
        word: thanks.words.0,
    })
}

#[cfg(test)]
mod tests;
