//! What a text itself calls a number.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use super::label_words::{ABBREVIATIONS, BEGINNINGS, ENDINGS, FILLERS, NOUNS, NUMBER_WORDS, UNITS};
use super::scan::Scan;

/// The kind of number that the text says it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Called {
    Contract,
    Customer,
    /// Either of the two.
    Account,
    Meter,
    Order,
    File,
    Phone,
    Postcode,
    Reading,
    Invoice,
    Bank,
    Date,
    Amount,
    Other,
    /// The text does not say.
    Nothing,
}

impl Called {
    /// Whether a number that is called so can be a customer's, a contract's or a meter's.
    pub fn may_identify(self) -> bool {
        self.identifies() || self == Self::Nothing
    }

    /// Whether the text says that the number is a customer's, a contract's or a meter's.
    pub fn identifies(self) -> bool {
        matches!(self, Self::Contract | Self::Customer | Self::Account | Self::Meter)
    }

    /// For a sentence: `an order number`.
    pub fn noun(self) -> &'static str {
        match self {
            Self::Contract => "contract number",
            Self::Customer => "customer number",
            Self::Account => "account number",
            Self::Meter => "meter number",
            Self::Order => "order number",
            Self::File => "file number",
            Self::Phone => "phone number",
            Self::Postcode => "postcode",
            Self::Reading => "reading",
            Self::Invoice => "invoice number",
            Self::Bank => "bank detail",
            Self::Date => "date",
            Self::Amount => "amount",
            Self::Other | Self::Nothing => "number",
        }
    }

    /// Quantities are labelled by what stands right before them; a thing's number may stand apart.
    fn is_quantity(self) -> bool {
        matches!(self, Self::Reading | Self::Amount | Self::Date)
    }
}

/// A label: what the number is called and how plainly.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Label {
    pub called: Called,
    /// The text says "number", as in "Vertragsnummer", and not only "Vertrag".
    pub is_plain: bool,
}

impl Label {
    pub const NONE: Self = Self { called: Called::Nothing, is_plain: false };
}

/// How a word counts on the way from a number to its label.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    Noun(Label),
    /// "Nr.", "number".
    Number,
    Filler,
    Word,
}

/// The number of words between a number and a label that says "number".
const REACH: usize = 5;
/// The same for a label that does not.
const SHORT_REACH: usize = 2;
/// A list's label is at most so many words and numbers away.
const LIST_REACH: usize = 16;
/// A line that is a label for the next one has at most so many words.
const LABEL_LINE_WORDS: usize = 4;

static NOUN: LazyLock<HashMap<&str, Called>> = LazyLock::new(|| {
    NOUNS.iter().flat_map(|(called, words)| words.iter().map(move |word| (*word, *called))).collect()
});
static UNIT: LazyLock<HashMap<&str, Called>> = LazyLock::new(|| {
    UNITS.iter().flat_map(|(called, words)| words.iter().map(move |word| (*word, *called))).collect()
});
static FILLER: LazyLock<HashSet<&str>> = LazyLock::new(|| FILLERS.iter().copied().collect());

/// What the words around the tokens from `first` to `last` call them.
pub fn label(scan: &Scan, first: usize, last: usize) -> Label {
    if let Some(called) = unit(scan, first, last) {
        return Label { called, is_plain: true };
    }
    before(scan, first).or_else(|| after(scan, last)).unwrap_or_else(|| sign(scan, first))
}

/// What a word alone calls a number: `None` for a word that does not.
pub fn noun(word: &str) -> Option<Label> {
    if let Some(called) = NOUN.get(word) {
        return Some(Label { called: *called, is_plain: false });
    }
    for ending in ["nummern", "nummer", "number", "numarasi", "ziffer", "nr", "nrn"] {
        let Some(stem) = word.strip_suffix(ending).filter(|stem| stem.len() >= 2) else { continue };
        let stem = stem.trim_end_matches('s');
        let called = stem_of(stem).or_else(|| NOUN.get(format!("{stem}s").as_str()).copied());
        return Some(Label { called: called.unwrap_or(Called::Other), is_plain: true });
    }
    stem_of(word).map(|called| Label { called, is_plain: false })
}

/// Whether a word is about numbers or grammar, so that it is nobody's name.
pub fn is_label_word(word: &str) -> bool {
    role(word) != Role::Word
}

fn stem_of(word: &str) -> Option<Called> {
    let known = NOUN.get(word).copied();
    known
        .or_else(|| {
            let mut beginnings = BEGINNINGS.iter();
            beginnings
                .find(|(_, words)| words.iter().any(|start| word.starts_with(start)))
                .map(|(called, _)| *called)
        })
        .or_else(|| {
            let mut endings = ENDINGS.iter();
            endings
                .find(|(_, words)| words.iter().any(|end| word.len() > end.len() && word.ends_with(end)))
                .map(|(called, _)| *called)
        })
}

fn role(word: &str) -> Role {
    if NUMBER_WORDS.contains(&word) {
        Role::Number
    } else if FILLER.contains(word) {
        Role::Filler
    } else {
        noun(word).map_or(Role::Word, Role::Noun)
    }
}

fn unit(scan: &Scan, first: usize, last: usize) -> Option<Called> {
    let gap = scan.gap(last);
    let behind = gap.trim_start_matches([' ', '\u{a0}', ',', '-', '.']);
    if behind.starts_with(['€', '$', '£', '%', '°']) {
        return Some(Called::Amount);
    }
    let ahead = scan.gap_before(first).trim_end_matches([' ', '\u{a0}']);
    if ahead.ends_with(['€', '$', '£']) {
        return Some(Called::Amount);
    }
    if ahead.ends_with('+') {
        return Some(Called::Phone);
    }
    if !matches!(gap, "" | " " | "\u{a0}" | "-" | "  ") {
        return None;
    }
    scan.tokens.get(last + 1).and_then(|next| UNIT.get(next.folded.as_str())).copied()
}

/// `[#746839]` and `#746839` are how tickets are numbered.
fn sign(scan: &Scan, first: usize) -> Label {
    let ahead = scan.gap_before(first).trim_end();
    if ahead.ends_with('#') { Label { called: Called::File, is_plain: true } } else { Label::NONE }
}

fn before(scan: &Scan, first: usize) -> Option<Label> {
    let line = scan.tokens.get(first)?.line;
    let mut weak: Option<Label> = None;
    let mut words = 0;
    let mut says_number = false;
    for index in (0..first).rev() {
        let token = &scan.tokens[index];
        if token.line != line {
            // A form writes the label above its value.
            let is_first = scan.line_of(first).start == first;
            return weak.or_else(|| if is_first { line_label(scan, index, line) } else { None });
        }
        if ends_sentence(scan, index) {
            break;
        }
        if token.has_digit || token.is_masked {
            // In a list the next number is of the same kind.
            let is_list = words == 0 && weak.is_none() && is_list_gap(scan.gap(index));
            if is_list && first - index <= LIST_REACH {
                continue;
            }
            break;
        }
        match role(&token.folded) {
            Role::Number => {
                if words == 0 {
                    says_number = true;
                    weak = weak.map(|label| Label { is_plain: true, ..label });
                }
            }
            Role::Filler => {}
            Role::Noun(label) if label.is_plain || (says_number && words == 0 && weak.is_none()) => {
                return Some(Label { is_plain: true, ..label });
            }
            Role::Noun(label) => {
                let reach = if label.called.is_quantity() { 0 } else { SHORT_REACH };
                if weak.is_none() && words <= reach {
                    weak = Some(label);
                } else {
                    words += 1;
                }
            }
            Role::Word => words += 1,
        }
        if words > REACH {
            break;
        }
    }
    weak
}

/// The label that a line of its own gives to the next one.
fn line_label(scan: &Scan, index: usize, line: usize) -> Option<Label> {
    let range = scan.line_of(index);
    let near = scan.tokens.get(index).is_some_and(|token| line - token.line <= 2);
    if !near || range.len() > LABEL_LINE_WORDS {
        return None;
    }
    let tokens = scan.tokens.get(range)?;
    if tokens.iter().any(|token| token.has_digit) {
        return None;
    }
    let says_number = tokens.iter().any(|token| role(&token.folded) == Role::Number);
    let labels = tokens.iter().rev().filter_map(|token| match role(&token.folded) {
        Role::Noun(label) => Some(label),
        _ => None,
    });
    let label = labels.reduce(|near, far| if far.is_plain && !near.is_plain { far } else { near })?;
    // A word among others is a sentence about something.
    let is_label = label.is_plain || says_number || tokens.len() <= 2;
    is_label.then_some(Label { is_plain: label.is_plain || says_number, ..label })
}

fn after(scan: &Scan, last: usize) -> Option<Label> {
    let line = scan.tokens.get(last)?.line;
    let in_brackets = scan.gap(last).trim_end().ends_with(['(', '[', '=']);
    let mut has_filler = in_brackets;
    for index in last + 1..(last + 6).min(scan.tokens.len()) {
        let token = &scan.tokens[index];
        if token.line != line
            || token.has_digit
            || ends_sentence(scan, index - 1)
            || scan.gap(index - 1).contains([',', ';'])
        {
            return None;
        }
        match role(&token.folded) {
            Role::Filler => has_filler = true,
            Role::Number => {}
            Role::Noun(label) => {
                let next_is_number = scan.tokens.get(index + 1).is_some_and(|next| {
                    next.has_digit
                        && next.line == line
                        && !ends_sentence(scan, index)
                        && !scan.gap(index).contains(',')
                });
                let has_own = next_is_number && !in_brackets;
                let counts = has_filler || label.called.identifies() || label.called == Called::Reading;
                // "für", "und" and the like join it to something else.
                let is_said = in_brackets || index == last + 1 || is_said(scan, last);
                return (counts && is_said && !has_own).then_some(label);
            }
            Role::Word => return None,
        }
    }
    None
}

/// Whether the word behind the number says that it is something.
fn is_said(scan: &Scan, last: usize) -> bool {
    scan.tokens.get(last + 1).is_some_and(|next| {
        matches!(
            next.folded.as_str(),
            "ist"
                | "lautet"
                | "war"
                | "is"
                | "was"
                | "als"
                | "as"
                | "est"
                | "es"
                | "e"
                | "jest"
                | "meine"
                | "mein"
                | "my"
        )
    })
}

fn is_list_gap(gap: &str) -> bool {
    matches!(gap.trim(), "" | "," | "/" | "&" | "+" | "-" | ";")
}

/// Whether a sentence ends between this token and the next one.
fn ends_sentence(scan: &Scan, index: usize) -> bool {
    let gap = scan.gap(index);
    if gap.contains(['!', '?']) {
        return true;
    }
    let Some(dot) = gap.find('.') else { return false };
    let spaced = gap.get(dot + 1..).is_some_and(|rest| rest.starts_with(char::is_whitespace));
    let is_abbreviation = |word: &str| word.ends_with("nr") || ABBREVIATIONS.contains(&word);
    spaced && !scan.tokens.get(index).is_some_and(|token| is_abbreviation(&token.folded))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the number in angle brackets is called.
    fn called(text: &str) -> Called {
        let start = text.find('<').unwrap();
        let end = text.find('>').unwrap() - 1;
        let scan = Scan::new(text.replace(['<', '>'], ""));
        let first = scan.tokens.iter().position(|token| token.start >= start).unwrap();
        let last = scan.tokens.iter().rposition(|token| token.end <= end).unwrap();
        label(&scan, first, last).called
    }

    #[test]
    fn the_word_in_front_counts() {
        for (text, expected) in [
            ("Vertragsnummer <746839>", Called::Contract),
            ("Vertrags-Nr.: <746839>", Called::Contract),
            ("mein Vertrag <746839>", Called::Contract),
            ("meines Stromvertrages <746839>", Called::Contract),
            ("Kd.-Nr. <83771>", Called::Customer),
            ("meine Kundennummer lautet <83771>", Called::Customer),
            ("my customer number is <83771>", Called::Customer),
            ("numer klienta: <83771>", Called::Customer),
            ("numer umowy <746839>", Called::Contract),
            ("müşteri numaram <83771>", Called::Customer),
            ("numéro de contrat : <746839>", Called::Contract),
            ("Zählernummer <12345678>", Called::Meter),
            ("Zähler <12345678>", Called::Meter),
            ("Zählerstand <83771>", Called::Reading),
            ("Der Stand ist <83771>", Called::Reading),
            ("Bestellnummer <746839>", Called::Order),
            ("Bestellung vom letzten Montag <746839>", Called::Order),
            ("Ihre Rechnung Nr. <746839>", Called::Invoice),
            ("Vorgangsnummer: <746839>", Called::File),
            ("Unser Zeichen: <746839>", Called::File),
            ("Lieferscheinnummer <746839>", Called::Order),
            ("Sozialversicherungsnummer <746839>", Called::Other),
            ("Kundennr. <83771>", Called::Customer),
            ("PLZ <83771>", Called::Postcode),
            ("Tel.: <746839>", Called::Phone),
            ("Ich rufe an. <746839>", Called::Nothing),
            ("Umzug <746839>", Called::Nothing),
        ] {
            assert_eq!(called(text), expected, "{text}");
        }
    }

    #[test]
    fn the_nearest_label_wins_unless_another_says_number() {
        assert_eq!(called("Rechnung zu Vertrag <746839>"), Called::Contract);
        assert_eq!(called("Vertragsnummer laut Rechnung <746839>"), Called::Contract);
        assert_eq!(called("Vertragsnummer 746839, Bestellnummer <4711>"), Called::Order);
        assert_eq!(called("Bestellnummer 4711, mein Vertrag <746839>"), Called::Contract);
        assert_eq!(called("Verträge 746839 und <746840>"), Called::Contract);
    }

    #[test]
    fn what_stands_behind_counts_too() {
        assert_eq!(called("<83771> kWh"), Called::Reading);
        assert_eq!(called("<83771> €"), Called::Amount);
        assert_eq!(called("<83771> ist meine Kundennummer"), Called::Customer);
        assert_eq!(called("<746839> (Bestellnummer)"), Called::Order);
        assert_eq!(called("<746839> Kundennummer 83771"), Called::Nothing);
    }

    #[test]
    fn a_form_writes_the_label_above() {
        assert_eq!(called("Kundennummer\n<83771>"), Called::Customer);
        assert_eq!(called("Zählerstand:\n\n<83771>"), Called::Reading);
        assert_eq!(called("Ich habe einen Vertrag bei Ihnen\n<746839>"), Called::Nothing);
    }
}
