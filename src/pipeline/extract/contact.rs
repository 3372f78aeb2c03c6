//! Mail addresses and telephone numbers.

use std::sync::LazyLock;

use email_address::EmailAddress;
use regex::Regex;
use serde_json::Value;

use super::lexicon::Sense;
use super::standing::{Span, standing};
use super::token::Kind;
use super::{Candidate, Document, own};

static PHONE: LazyLock<Regex> =
    LazyLock::new(|| own(r"(?:\+|\(?0|[1-9])[0-9 /().\u{a0}\u{2013}-]{4,24}[0-9]"));

/// Addresses and numbers of one text that are looked at.
const MOST: usize = 200;

/// The mail addresses of a text.
pub fn emails(document: &Document<'_>) -> Vec<Candidate> {
    let is_part = |letter: char| letter.is_alphanumeric() || "._%+'-".contains(letter);
    let mut found = Vec::new();
    for (at, token) in document.tokens.iter().enumerate().filter(|(_, token)| token.kind == Kind::Name) {
        for (sign, _) in token.text.match_indices('@') {
            let (before, behind) = (&token.text[..sign], &token.text[sign + 1..]);
            let start = before.trim_end_matches(is_part).len();
            let end = behind.len() - behind.trim_start_matches(is_part).len();
            let address = token.text[start..sign + 1 + end].trim_matches(['.', '-', '\'']);
            let is_valid =
                address.len() <= 254 && behind.contains('.') && address.parse::<EmailAddress>().is_ok();
            if is_valid && found.len() < MOST {
                found.push((Span::of(at), address.to_owned(), 0));
            }
        }
    }
    weighed(document, found)
}

/// The telephone numbers of a text, as they are written.
pub fn phones(document: &Document<'_>) -> Vec<Candidate> {
    let found = PHONE.find_iter(document.text).take(MOST).filter_map(|found| {
        let behind = document.text[found.end()..].chars().next();
        let before = document.text[..found.start()].chars().next_back();
        if behind.is_some_and(char::is_alphanumeric)
            || before.is_some_and(|letter| letter.is_alphanumeric() || "-._/@,".contains(letter))
        {
            return None;
        }
        let text = found.as_str();
        let digits = text.bytes().filter(u8::is_ascii_digit).count();
        let span = document.span(found.start(), found.end())?;
        let is_date =
            document.dates.iter().any(|date| date.span.first <= span.last && span.first <= date.span.last);
        let label = label(document, span.first);
        let is_dialled = text.starts_with(['+', '0', '(']);
        if !(6..=16).contains(&digits) || is_date || label < 0 || !is_dialled && label == 0 {
            return None;
        }
        let text = if text.contains('(') { text } else { text.trim_matches([')', '.', ' ']) };
        Some((span, text.trim().to_owned(), label + i32::from(is_dialled)))
    });
    weighed(document, found.collect())
}

/// Points for words of telephones before a number, against those of other numbers.
fn label(document: &Document<'_>, first: usize) -> i32 {
    let tokens = &document.tokens;
    let line =
        tokens[..first].iter().rev().take(8).take_while(|token| token.sentence == tokens[first].sentence);
    for word in line.filter(|token| !token.folded.is_empty()) {
        if [
            "tel",
            "fon",
            "phone",
            "mobil",
            "handy",
            "cell",
            "gsm",
            "call",
            "ruf",
            "erreich",
            "cep",
            "cellulare",
            "portable",
        ]
        .iter()
        .any(|start| word.folded.contains(start))
        {
            return 4;
        }
        if word.sense.has(Sense::IDENT) && !word.is_word(&["nummer", "number", "nr", "numero", "numer", "no"])
            || word.sense.has(Sense::READING.and(Sense::NAMED))
            || word.is_word(&["fax"])
        {
            return -1;
        }
        if word.sense.has(Sense::IDENT) {
            return 1;
        }
    }
    0
}

fn weighed(document: &Document<'_>, found: Vec<(Span, String, i32)>) -> Vec<Candidate> {
    let spans: Vec<Span> = found.iter().map(|(span, ..)| *span).collect();
    let standings = standing(&document.tokens, &spans);
    let candidates = found.into_iter().zip(standings);
    candidates
        .map(|((span, text, base), points)| {
            Candidate::new(document, points + base + 8, span, Value::from(text))
        })
        .collect()
}
