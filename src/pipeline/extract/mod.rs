//! Reading parameters from a text.

mod address;
mod calendar;
mod clause;
mod contact;
mod date;
mod date_words;
mod enumeration;
mod hidden;
mod iban;
mod lexicon;
mod meter;
mod number;
mod numeral;
mod prose;
mod relative_date;
mod standing;
mod table;
mod token;
mod written_date;

use std::cmp::Reverse;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use regex::{Regex, RegexBuilder};
use serde_json::Value;

use self::lexicon::Sense;
use self::standing::Span;
use self::token::{Kind, Token, tokens};
use self::written_date::{WrittenDate, written_dates};
use crate::domain::ai_agent::{Parameter, ParameterType};
use crate::pipeline::fold::fold;

/// The text that parameters are read from.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    pub subject: &'a str,
    pub clean: &'a str,
    /// When the message came, from which relative dates count.
    pub at: Timestamp,
    pub zone: &'a TimeZone,
}

/// A parameter's value, and where it stood.
#[derive(Debug, Clone, PartialEq)]
pub struct Extracted {
    pub value: Value,
    /// A sentence for an administrator.
    pub evidence: String,
}

/// The value of a parameter. `pattern` is the parameter's own, compiled. Returns `None` where the text does not say.
pub fn extract(source: &Source<'_>, parameter: &Parameter, pattern: Option<&Regex>) -> Option<Extracted> {
    let texts = [cut(source.clean), cut(source.subject)];
    let tokens = texts.map(tokens);
    let about = About::new(source, &tokens);
    let [in_text, in_subject] = tokens;
    let documents = [Document::new(texts[0], in_text, &about), Document::new(texts[1], in_subject, &about)];
    let [in_text, in_subject] = documents.map(|document| best(&document, parameter, pattern));
    // The text says what is wanted; a subject that is plain about it beats a guess.
    let is_guess = |found: &Candidate| found.points < SURE;
    let (found, place) = match (in_text, in_subject) {
        (Some(text), Some(subject)) if is_guess(&text) && !is_guess(&subject) => (subject, "subject"),
        (Some(text), _) => (text, "text"),
        (None, subject) => (subject?, "subject"),
    };
    let evidence = format!("{} = {} from “{}” in the {place}", parameter.key, found.value, found.raw);
    Some(Extracted { value: found.value, evidence })
}

/// Compiles a tenant's pattern, or says what is wrong with it.
pub fn pattern(text: &str) -> Result<Regex, String> {
    let built = RegexBuilder::new(text).size_limit(1 << 18).dfa_size_limit(1 << 20).nest_limit(50).build();
    built.map_err(|error| match error {
        regex::Error::CompiledTooBig(_) => "is too large a regular expression".to_owned(),
        error => {
            let message = error.to_string();
            format!("is not a regular expression: {}", message.lines().last().unwrap_or_default().trim())
        }
    })
}

/// Bytes of a text that are looked at.
const MOST_BYTES: usize = 64 * 1024;

/// Bytes of a value that evidence quotes, and that a pattern is tried on.
const MOST_EVIDENCE: usize = 500;

/// Points from which on a candidate is more than a guess.
const SURE: i32 = 4;

fn cut(text: &str) -> &str {
    &text[..text.floor_char_boundary(MOST_BYTES)]
}

/// What holds for the whole message.
struct About {
    today: Date,
    /// Commas group thousands here.
    is_english: bool,
    mentions_meter: bool,
    /// How `10/1` is read; `None`: only where it is clear.
    day_first: Option<bool>,
}

impl About {
    fn new(source: &Source<'_>, texts: &[Vec<Token<'_>>; 2]) -> Self {
        let (mut english, mut foreign, mut mentions_meter) = (0, 0, false);
        for word in texts.iter().flatten().filter(|token| token.kind == Kind::Word) {
            english += usize::from(word.sense.has(Sense::ENGLISH));
            foreign += usize::from(word.sense.has(Sense::FOREIGN));
            mentions_meter |= word.sense.has(Sense::READING.and(Sense::DEVICE));
        }
        let is_american = source
            .zone
            .iana_name()
            .is_some_and(|name| name.starts_with("America/") || name.starts_with("US/"));
        let is_english = english > foreign;
        let day_first = if is_english { is_american.then_some(false) } else { Some(true) };
        let today = source.at.to_zoned(source.zone.clone()).date();
        Self { today, is_english, mentions_meter, day_first }
    }
}

/// A text, taken apart.
struct Document<'a> {
    text: &'a str,
    tokens: Vec<Token<'a>>,
    dates: Vec<WrittenDate>,
    today: Date,
    is_english: bool,
    mentions_meter: bool,
}

impl<'a> Document<'a> {
    fn new(text: &'a str, tokens: Vec<Token<'a>>, about: &About) -> Self {
        let dates = written_dates(&tokens, about.day_first);
        Self {
            text,
            tokens,
            dates,
            today: about.today,
            is_english: about.is_english,
            mentions_meter: about.mentions_meter,
        }
    }

    fn slice(&self, span: Span) -> &'a str {
        &self.text[self.tokens[span.first].start..self.tokens[span.last].end()]
    }

    /// The tokens that cover these bytes.
    fn span(&self, start: usize, end: usize) -> Option<Span> {
        let first = self.tokens.partition_point(|token| token.end() <= start);
        let last = token::index_at(&self.tokens, end).checked_sub(1)?;
        (first <= last).then_some(Span { first, last })
    }
}

/// Something that may be the value.
#[derive(Debug, Clone)]
struct Candidate {
    points: i32,
    value: Value,
    /// As it is written.
    raw: String,
}

impl Candidate {
    fn new(document: &Document<'_>, points: i32, span: Span, value: Value) -> Self {
        let raw = document.slice(span);
        let raw = &raw[..raw.floor_char_boundary(MOST_EVIDENCE)];
        Self { points, value, raw: raw.to_owned() }
    }
}

/// The likeliest value of a text.
fn best(document: &Document<'_>, parameter: &Parameter, pattern: Option<&Regex>) -> Option<Candidate> {
    let mut candidates = match parameter.kind {
        ParameterType::MeterReading => meter::candidates(document),
        ParameterType::Number if is_reading(parameter) => meter::candidates(document),
        ParameterType::Number => number::candidates(document, parameter),
        ParameterType::Date => date::candidates(document, parameter),
        ParameterType::Iban => iban::candidates(document),
        ParameterType::Email => contact::emails(document),
        ParameterType::Phone => contact::phones(document),
        ParameterType::Address => address::candidates(document),
        ParameterType::Enum => enumeration::candidates(document, &parameter.values),
        ParameterType::Text => prose::candidates(document, parameter, pattern),
    };
    // Of equals the first one stays first.
    candidates.sort_by_key(|candidate| Reverse(candidate.points));
    let Some(pattern) = pattern.filter(|_| parameter.kind != ParameterType::Text) else {
        return candidates.into_iter().next();
    };
    let plain = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let fits = |candidate: &Candidate| {
        pattern.is_match(&plain(&candidate.value)) || pattern.is_match(&candidate.raw)
    };
    candidates.into_iter().find(fits).or_else(|| match parameter.kind {
        ParameterType::Number if !is_reading(parameter) => number::matched(document, pattern),
        ParameterType::Phone => prose::matched(document.text, pattern).next(),
        _ => None,
    })
}

/// Whether a number is what a meter shows, by its name.
fn is_reading(parameter: &Parameter) -> bool {
    let names = name_words(parameter);
    let says = |sense: Sense| names.iter().any(|name| lexicon::sense(name).has(sense));
    says(Sense::READING.and(Sense::DEVICE)) && !says(Sense::IDENT.and(Sense::USAGE).and(Sense::MONEY))
}

/// The folded words of a parameter's key and name: `moveOutDate` is `move`, `out`, `date`.
fn name_words(parameter: &Parameter) -> Vec<String> {
    let mut spaced = String::new();
    for letter in parameter.key.chars() {
        if letter.is_uppercase() || !letter.is_alphanumeric() {
            spaced.push(' ');
        }
        spaced.push(letter);
    }
    let mut words: Vec<String> = Vec::new();
    for word in fold(&format!("{spaced} {}", parameter.name)).split(' ') {
        if word.len() > 1 && !words.iter().any(|known| known == word) {
            words.push(word.to_owned());
        }
    }
    words
}

/// A regular expression of this program.
#[expect(clippy::expect_used, reason = "the patterns are constants, which the tests of each file compile")]
fn own(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a constant pattern compiles")
}

#[cfg(test)]
mod tests;
