//! Numbers of a text that may be a contract's, a customer's, a meter's or a phone's.

use super::address::is_postcode_like;
use super::clues::{Clue, Kind, Place};
use super::keys::id_value;
use super::label::{Called, Label, is_label_word, label, noun};
use super::phone;
use super::scan::{Scan, Token};

/// How many stretches of a text are looked at.
const MAX_TRIES: usize = 4_000;
/// How many numbers that the text names are kept, and as many again of the others.
const MAX_NUMBERS: usize = 50;
const MAX_PHONES: usize = 20;
/// An id is at most 50 characters long.
const MAX_ID_BYTES: usize = 50;
/// An id is written in at most so many groups.
const MAX_GROUPS: usize = 7;
/// Shorter ids need a label.
const MIN_UNNAMED: usize = 5;
/// Letters in front of, in or behind an id.
const MAX_LETTERS: usize = 4;

/// Every number of a text, with what the text calls it.
pub fn numbers(scan: &Scan, place: Place) -> Vec<Clue> {
    let (phones, is_phone) = phones(scan, place);
    let mut named = Vec::new();
    let mut unnamed = Vec::new();
    let mut tries = 0;
    for first in 0..scan.tokens.len() {
        if tries >= MAX_TRIES {
            break;
        }
        if !may_begin(scan, first) {
            continue;
        }
        for (first, last, value) in stretches(scan, first) {
            tries += 1;
            let mut label = label(scan, first, last);
            if label.called == Called::Nothing && is_phone.get(first).copied().unwrap_or_default() {
                label.called = Called::Phone;
            }
            if let Some(glued) = glued_label(&scan.tokens[first], label) {
                named.push(clue(scan, (first, last), place, glued.1, glued.0));
            }
            let is_named = label.called != Called::Nothing;
            if !is_named && value.len() < MIN_UNNAMED {
                continue;
            }
            let numbers = if is_named { &mut named } else { &mut unnamed };
            if numbers.len() < MAX_NUMBERS {
                numbers.push(clue(scan, (first, last), place, value, label));
            }
        }
    }
    named.into_iter().chain(unnamed).chain(phones).collect()
}

fn clue(scan: &Scan, (first, last): (usize, usize), place: Place, value: String, label: Label) -> Clue {
    let town = (first == last && is_postcode_like(scan, first))
        .then(|| scan.tokens.get(last + 1).map(|next| next.folded.clone()).unwrap_or_default());
    let clue = Clue::new(Kind::Number, value, scan.spelling(first, last), place);
    Clue { called: label.called, is_plain: label.is_plain, span: (first, last), town, ..clue }
}

/// "Kd83771" and "Vertragsnr746839": the label and the number in one word.
fn glued_label(token: &Token, label: Label) -> Option<(Label, String)> {
    let letters = token.folded.bytes().take_while(u8::is_ascii_alphabetic).count();
    let (word, digits) = token.folded.split_at_checked(letters)?;
    let is_glued =
        letters >= 2 && digits.len() >= MIN_UNNAMED && digits.bytes().all(|byte| byte.is_ascii_digit());
    let own = noun(word).filter(|own| is_glued && own.called.identifies() && label.called.may_identify())?;
    Some((Label { is_plain: true, ..own }, id_value(digits)))
}

fn may_begin(scan: &Scan, index: usize) -> bool {
    let token = &scan.tokens[index];
    if token.is_masked || is_attached_before(scan, index) {
        return false;
    }
    if token.has_digit {
        return true;
    }
    // The letters of "K-30055" and "K 30055".
    let next_is_number = scan
        .tokens
        .get(index + 1)
        .is_some_and(|next| next.has_digit && !next.is_masked && next.line == token.line);
    let is_prefix = is_letters(token) && next_is_number && noun(&token.folded).is_none();
    match scan.gap(index) {
        "-" | "." | "_" | "/" => is_prefix,
        " " => is_prefix && token.is_capital && !is_label_word(&token.folded),
        _ => false,
    }
}

fn is_letters(token: &Token) -> bool {
    !token.has_digit
        && token.folded.len() <= MAX_LETTERS
        && token.folded.bytes().all(|byte| byte.is_ascii_lowercase())
}

/// Whether what stands before belongs to the same number, as in `2024-746839`.
fn is_attached_before(scan: &Scan, index: usize) -> bool {
    index.checked_sub(1).is_some_and(|before| is_attached(scan, before))
}

/// Whether this token and the next are one number that must not be cut between them.
fn is_attached(scan: &Scan, index: usize) -> bool {
    let (Some(token), Some(next)) = (scan.tokens.get(index), scan.tokens.get(index + 1)) else {
        return false;
    };
    let is_id = |token: &Token| token.is_number && token.folded.len() >= MIN_UNNAMED;
    match scan.gap(index) {
        "/" if is_id(token) && is_id(next) => false,
        "." if !token.has_digit || !next.has_digit => {
            is_letters(token) && next.has_digit && !is_label_word(&token.folded)
        }
        "-" | "_" | "/" | "." => {
            let is_part =
                |token: &Token| token.has_digit || (is_letters(token) && !is_label_word(&token.folded));
            is_part(token) && is_part(next)
        }
        _ => false,
    }
}

/// The stretches that begin here and may be one number: end to end, with the folded value.
fn stretches(scan: &Scan, first: usize) -> Vec<(usize, usize, String)> {
    let mut found = Vec::new();
    let mut written = String::new();
    for last in first..(first + MAX_GROUPS).min(scan.tokens.len()) {
        let token = &scan.tokens[last];
        if last > first {
            let gap = scan.gap(last - 1);
            let joins = matches!(gap, " " | "\u{a0}" | "\u{202f}" | "." | "-" | "/" | "_" | " - " | "  ");
            let is_group = token.has_digit
                || (is_letters(token) && (token.is_capital || gap == "-") && !is_label_word(&token.folded));
            if !joins || !is_group || token.is_masked || token.line != scan.tokens[first].line {
                break;
            }
        }
        written.push_str(&token.folded);
        if written.len() > MAX_ID_BYTES {
            break;
        }
        let ends = token.has_digit || (last > first && scan.gap(last - 1) == "-");
        let has_digit = written.bytes().any(|byte| byte.is_ascii_digit());
        if ends && has_digit && !is_attached(scan, last) {
            found.push((first, last, id_value(&written)));
        }
    }
    found
}

/// Phone numbers, and for every token whether it is part of one.
fn phones(scan: &Scan, place: Place) -> (Vec<Clue>, Vec<bool>) {
    let mut clues: Vec<Clue> = Vec::new();
    let mut is_phone = vec![false; scan.tokens.len()];
    let mut index = 0;
    while index < scan.tokens.len() && clues.len() < MAX_PHONES {
        let first = index;
        index += 1;
        let token = &scan.tokens[first];
        if !token.is_number || token.is_masked || is_phone[first] {
            continue;
        }
        let ahead = scan.gap_before(first);
        let has_plus = ahead.ends_with('+');
        let begins = has_plus || (token.folded.starts_with('0') && !ahead.ends_with(['.', ',', '-']));
        let called = label(scan, first, first).called;
        let is_called = token.folded.len() >= MIN_UNNAMED && called == Called::Phone;
        if called.identifies() || !(begins || is_called) {
            continue;
        }
        let mut digits = 0;
        for last in first..(first + MAX_GROUPS).min(scan.tokens.len()) {
            let token = &scan.tokens[last];
            let joins = last == first
                || (scan.gap(last - 1).len() <= 4
                    && scan.gap(last - 1).chars().all(|mark| " -/.()\u{a0}\u{2013}".contains(mark)));
            digits += token.folded.len();
            if !joins
                || !token.is_number
                || token.is_masked
                || token.line != scan.tokens[first].line
                || digits > 16
            {
                break;
            }
            let sign = if has_plus { "+" } else { "" };
            let spelling = format!("{sign}{}", scan.spelling(first, last));
            let is_next_group = scan
                .tokens
                .get(last + 1)
                .is_some_and(|next| next.is_number && matches!(scan.gap(last), "-" | "/" | "."));
            if digits >= 7
                && !is_next_group
                && let Some(value) = phone::fold(&spelling)
            {
                is_phone[first..=last].iter_mut().for_each(|part| *part = true);
                clues.push(Clue {
                    called: Called::Phone,
                    span: (first, last),
                    ..Clue::new(Kind::Phone, value, &spelling, place)
                });
            }
        }
    }
    (clues, is_phone)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<(String, Called)> {
        let clues = numbers(&Scan::new(text.to_owned()), Place::Text);
        clues
            .into_iter()
            .filter(|clue| clue.kind == Kind::Number)
            .map(|clue| (clue.value, clue.called))
            .collect()
    }

    fn has(text: &str, value: &str, called: Called) -> bool {
        found(text).contains(&(value.to_owned(), called))
    }

    #[test]
    fn spellings_of_a_number_are_found() {
        for text in
            ["Kundennummer K-30 055", "Kundennummer: k30055", "Kundennr. K 30055", "Kundennummer K.30.055"]
        {
            assert!(has(text, "k30055", Called::Customer), "{text} {:?}", found(text));
        }
        assert!(has("Vertrag 746 839", "746839", Called::Contract));
        assert!(has("Vertragsnummer 746.839.", "746839", Called::Contract));
        assert!(has("Kd83771", "83771", Called::Customer));
        assert!(has("Zähler 1 ESY 11 6066 9167", "1esy1160669167", Called::Meter));
        assert!(has("Kundennummer/Vertragsnummer 83771/746839", "746839", Called::Contract));
    }

    #[test]
    fn a_part_of_a_number_is_none() {
        for text in ["RE-746839", "2024-746839", "746839-2024", "R.2024.746839", "1.746.839", "12/746839"] {
            assert!(!found(text).iter().any(|(value, _)| value == "746839"), "{text} {:?}", found(text));
        }
    }

    #[test]
    fn phone_numbers_are_not_ids() {
        let clues = numbers(
            &Scan::new("Sie erreichen mich: 0171 / 746839-12 oder +49 (0)89 1234567".into()),
            Place::Text,
        );
        let phones: Vec<_> =
            clues.iter().filter(|clue| clue.kind == Kind::Phone).map(|clue| clue.value.as_str()).collect();
        assert!(phones.contains(&"4917174683912") && phones.contains(&"49891234567"), "{phones:?}");
        assert!(
            !clues.iter().any(|clue| clue.kind == Kind::Number && clue.called.may_identify()),
            "{clues:?}"
        );
    }

    #[test]
    fn a_million_numbers_are_not_all_looked_at() {
        let text = "746839 ".repeat(10_000);
        assert!(found(&text).len() <= 2 * MAX_NUMBERS);
    }
}
