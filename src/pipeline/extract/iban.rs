//! IBANs whose checksum is right.

use std::sync::LazyLock;

use iban::Iban;
use regex::Regex;
use serde_json::Value;

use super::standing::{Span, standing};
use super::{Candidate, Document, own};

static CANDIDATE: LazyLock<Regex> = LazyLock::new(|| {
    own(r"(?i)(?-u:\b)[a-z]{2}[ \u{a0}]?[0-9]{2}(?:[ .\u{a0}\u{2009}\u{202f}-]?[a-z0-9]){11,36}")
});

/// IBANs of one text that are looked at.
const MOST: usize = 100;

/// The IBANs of a text, compact and in upper case.
pub fn candidates(document: &Document<'_>) -> Vec<Candidate> {
    let mut found: Vec<(Span, String)> = Vec::new();
    for candidate in CANDIDATE.find_iter(document.text).take(MOST) {
        let Some((bytes, iban)) = valid(candidate.as_str()) else { continue };
        found.extend(document.span(candidate.start(), candidate.start() + bytes).map(|span| (span, iban)));
    }
    let spans: Vec<Span> = found.iter().map(|(span, _)| *span).collect();
    let standings = standing(&document.tokens, &spans);
    found
        .into_iter()
        .zip(standings)
        .map(|((span, iban), points)| Candidate::new(document, points + 8, span, Value::from(iban)))
        .collect()
}

/// The longest beginning that is an IBAN, since words behind it may look like its last blocks, and its bytes.
fn valid(text: &str) -> Option<(usize, String)> {
    let letters: Vec<(usize, char)> =
        text.char_indices().filter(|(_, letter)| letter.is_ascii_alphanumeric()).collect();
    let compact: String = letters.iter().map(|(_, letter)| letter.to_ascii_uppercase()).collect();
    (15..=compact.len().min(34)).rev().find_map(|length| {
        let iban = compact.get(..length)?;
        iban.parse::<Iban>().ok()?;
        Some((letters.get(length - 1)?.0 + 1, iban.to_owned()))
    })
}
