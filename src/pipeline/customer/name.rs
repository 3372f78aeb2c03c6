//! Names of people and companies, as the directory has them and as a message writes them.

use super::label::is_label_word;
use super::scan::{Scan, Token};
use crate::domain::directory::Entry;
use crate::pipeline::fold::fold;

const PARTICLES: &[&str] = &[
    "von", "van", "der", "den", "de", "zu", "zum", "zur", "vom", "al", "el", "la", "le", "di", "du", "da",
    "dos", "bin", "ben", "ter", "te", "und", "dr", "prof", "med", "ing", "dipl", "freiherr", "graf",
];

const LEGAL_FORMS: &[&str] = &[
    "gmbh",
    "ag",
    "kg",
    "ohg",
    "ug",
    "gbr",
    "ev",
    "e",
    "v",
    "eg",
    "se",
    "co",
    "mbh",
    "haftungsbeschraenkt",
    "kgaa",
    "inh",
    "inhaber",
    "ek",
    "k",
    "und",
    "and",
    "et",
    "ltd",
    "limited",
    "inc",
    "llc",
    "sarl",
    "sas",
    "sa",
    "bv",
    "nv",
    "spa",
    "srl",
    "sp",
    "z",
    "o",
    "zoo",
    "sti",
    "as",
    "plc",
    "partg",
    "stiftung",
    "ggmbh",
    "the",
    "der",
    "die",
    "das",
    "fuer",
];

/// Words that stand before a last name without being a first name.
const NEUTRAL: &[&str] = &[
    "herr",
    "herrn",
    "frau",
    "familie",
    "fam",
    "eheleute",
    "mr",
    "mrs",
    "ms",
    "miss",
    "mister",
    "madame",
    "monsieur",
    "mme",
    "dr",
    "prof",
    "dipl",
    "ing",
    "name",
    "nachname",
    "familienname",
    "hallo",
    "hello",
    "hi",
    "guten",
    "gruss",
    "gruesse",
    "gruessen",
    "mfg",
    "lg",
    "vg",
    "kuendigung",
    "umzug",
    "kundin",
    "kunde",
    "vertrag",
    "mieter",
    "mieterin",
    "firma",
    "haus",
    "wohnung",
    "pan",
    "pani",
    "bay",
    "bayan",
    "signor",
    "signora",
    "senor",
    "senora",
    "dhr",
    "mevr",
    "mevrouw",
    "regards",
    "sincerely",
    "cheers",
    "thanks",
    "danke",
    "team",
    "von",
    "van",
    "surname",
    "wg",
    "re",
    "fw",
    "fwd",
    "aw",
];

/// How well a message's names fit those of a directory's customer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fit {
    #[default]
    None,
    /// The last name, but with another person's first name.
    OtherFirst,
    /// The last name alone.
    Last,
    /// First and last name, or the company.
    Full,
}

/// A name of the directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Name {
    /// The words of the first name, which may be missing, and of the last.
    Person {
        first: Vec<String>,
        last: Vec<String>,
    },
    Company(Vec<String>),
}

/// Every name under which a customer may write: their own, their company's and their contracts'.
pub fn names(entry: &Entry) -> Vec<Name> {
    let mut names = person(entry.firstname.as_deref(), entry.lastname.as_deref());
    for contract in &entry.contracts {
        names.extend(person(contract.firstname.as_deref(), contract.lastname.as_deref()));
    }
    let company: Vec<_> = entry.company.as_deref().map(company_words).unwrap_or_default();
    if !company.is_empty() {
        names.push(Name::Company(company));
    }
    names.dedup();
    names
}

/// The words by which somebody of this name is looked up with an address.
pub fn lookup_words(name: &Name) -> &[String] {
    match name {
        Name::Person { last, .. } => last,
        Name::Company(words) => words,
    }
}

/// The names of a person; empty where there is no last name.
pub fn person(first: Option<&str>, last: Option<&str>) -> Vec<Name> {
    let words = |text: &str| -> Vec<String> {
        let folded = fold(text);
        folded
            .split(' ')
            .filter(|word| !word.is_empty() && !PARTICLES.contains(word))
            .take(6)
            .map(str::to_owned)
            .collect()
    };
    let last = last.map(words).unwrap_or_default();
    let first = first.map(words).unwrap_or_default();
    if last.is_empty() { Vec::new() } else { vec![Name::Person { first, last }] }
}

/// The words of a company that tell it from others.
pub fn company_words(company: &str) -> Vec<String> {
    let folded = fold(company);
    let words = folded.split(' ').filter(|word| word.len() >= 2 && !LEGAL_FORMS.contains(word));
    words.take(6).map(str::to_owned).collect()
}

/// Words of a stretch of tokens that may be somebody's name.
pub fn candidates(tokens: &[Token]) -> impl Iterator<Item = &str> {
    tokens
        .iter()
        .filter(|token| !token.is_masked && !token.has_digit)
        .map(|token| token.folded.as_str())
        .filter(|word| {
            (2..=30).contains(&word.len())
                && !is_label_word(word)
                && !NEUTRAL.contains(word)
                && !PARTICLES.contains(word)
                && !LEGAL_FORMS.contains(word)
        })
}

/// How well this text's names fit. With `is_lenient` a slip of the pen is forgiven.
pub fn fit(scan: &Scan, name: &Name, is_lenient: bool) -> Fit {
    match name {
        Name::Company(words) => {
            let mut found = scan.tokens.iter().filter(|token| !token.is_masked);
            let first =
                words.first().is_some_and(|word| found.any(|token| is_same(&token.folded, word, is_lenient)));
            let rest = words.iter().skip(1).all(|word| {
                scan.tokens.iter().any(|token| !token.is_masked && is_same(&token.folded, word, is_lenient))
            });
            if first && rest { Fit::Full } else { Fit::None }
        }
        Name::Person { first, last } => {
            let fits = (0..scan.tokens.len()).map(|index| person_fit(scan, index, first, last, is_lenient));
            fits.max().unwrap_or_default()
        }
    }
}

/// Whether the first name of this person is in the text as a word of its own.
pub fn has_first_name(tokens: &[Token], first: &str) -> bool {
    let folded = fold(first);
    let Some(first) = folded.split(' ').find(|word| !PARTICLES.contains(word) && word.len() >= 2) else {
        return false;
    };
    tokens.iter().any(|token| !token.is_masked && token.is_capital && is_same(&token.folded, first, false))
        || tokens.iter().rev().take(3).any(|token| !token.is_masked && is_same(&token.folded, first, false))
}

fn person_fit(scan: &Scan, index: usize, first: &[String], last: &[String], is_lenient: bool) -> Fit {
    let Some(head) = last.first() else { return Fit::None };
    let is_head =
        |token: &Token| !token.is_masked && !token.has_digit && is_same(&token.folded, head, is_lenient);
    if !scan.tokens.get(index).is_some_and(is_head) {
        return Fit::None;
    }
    let token = &scan.tokens[index];
    let mut end = index + 1;
    for word in &last[1..] {
        while scan.tokens.get(end).is_some_and(|token| PARTICLES.contains(&token.folded.as_str())) {
            end += 1;
        }
        if !scan.tokens.get(end).is_some_and(|token| is_same(&token.folded, word, is_lenient)) {
            return Fit::None;
        }
        end += 1;
    }
    let line = scan.line_of(index);
    let around = index.saturating_sub(4).max(line.start)..(end + 2).min(line.end);
    let is_first = |token: &Token| {
        first.first().is_some_and(|first| {
            is_same(&token.folded, first, false)
                || (is_lenient && is_transposed(&token.folded, first))
                || (token.folded.len() == 1 && first.starts_with(&token.folded))
        })
    };
    let near = around.filter(|at| !(index..end).contains(at));
    if first.is_empty() || near.clone().any(|at| is_first(&scan.tokens[at])) {
        return if token.is_capital || !first.is_empty() { Fit::Full } else { Fit::None };
    }
    if is_above_or_below(scan, &line, &is_first) {
        return Fit::Full;
    }
    if !token.is_capital && scan.text.contains(char::is_uppercase) {
        return Fit::None;
    }
    let is_name = |token: &Token| {
        token.is_capital
            && !token.has_digit
            && token.folded.len() >= 2
            && !NEUTRAL.contains(&token.folded.as_str())
            && !is_label_word(&token.folded)
    };
    let others = (line.start..index).filter(|at| !PARTICLES.contains(&scan.tokens[*at].folded.as_str()));
    let mut others = others.filter(|at| !matches!(scan.tokens[*at].folded.as_str(), "name" | "mein"));
    let is_signed = line.len() <= 4 && index > line.start;
    if is_signed && others.clone().next().is_some() && others.all(|at| is_name(&scan.tokens[at])) {
        return Fit::OtherFirst;
    }
    Fit::Last
}

/// A form writes first and last name on lines of their own: "Vorname: Tom".
fn is_above_or_below(scan: &Scan, line: &std::ops::Range<usize>, is_first: &dyn Fn(&Token) -> bool) -> bool {
    let above = line.start.checked_sub(1).map(|at| scan.line_of(at));
    let below = scan.line_of(line.end);
    above.into_iter().chain([below]).any(|other| {
        other.len() <= 2 && scan.tokens.get(other).is_some_and(|tokens| tokens.last().is_some_and(is_first))
    })
}

/// Whether two folded words are one: also without the umlaut, and with a slip where that is allowed.
pub fn is_same(written: &str, known: &str, is_lenient: bool) -> bool {
    if written == known {
        return true;
    }
    if written.len().abs_diff(known.len()) > 3 || written.is_empty() {
        return false;
    }
    let is_near = written.bytes().next() == known.bytes().next();
    if is_near && without_umlauts(written) == without_umlauts(known) {
        return true;
    }
    let slips = match known.len() {
        0..=4 => 0,
        5..=8 => 1,
        _ => 2,
    };
    is_lenient
        && is_near
        && slips > 0
        && written.len() < 40
        && strsim::damerau_levenshtein(written, known) <= slips
}

/// "Micheal" is Michael, while one letter more or less makes Martina of Martin.
fn is_transposed(written: &str, known: &str) -> bool {
    written.len() == known.len() && known.len() >= 5 && known.len() < 40 && {
        let sorted = |word: &str| {
            let mut bytes = word.as_bytes().to_vec();
            bytes.sort_unstable();
            bytes
        };
        sorted(written) == sorted(known) && strsim::damerau_levenshtein(written, known) == 1
    }
}

fn without_umlauts(word: &str) -> String {
    let mut plain = String::with_capacity(word.len());
    let mut letters = word.chars().peekable();
    let mut before = ' ';
    while let Some(letter) = letters.next() {
        plain.push(letter);
        // "ue" of "Mueller", but not that of "Bauer".
        if matches!(letter, 'a' | 'o' | 'u') && !"aeiouq".contains(before) && letters.peek() == Some(&'e') {
            letters.next();
        }
        before = letter;
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tom() -> Name {
        person(Some("Tom"), Some("Mustermann")).remove(0)
    }

    fn fits(text: &str, name: &Name) -> Fit {
        fit(&Scan::new(text.to_owned()), name, false)
    }

    #[test]
    fn first_and_last_name_stand_together() {
        for text in [
            "Tom Mustermann",
            "Mustermann, Tom",
            "T. Mustermann",
            "Tom und Eva Mustermann",
            "tom mustermann",
            "Vorname: Tom\nNachname: Mustermann",
        ] {
            assert_eq!(fits(text, &tom()), Fit::Full, "{text}");
        }
        for text in ["Familie Mustermann", "Herr Mustermann", "MfG Mustermann", "Mein Name ist Mustermann."] {
            assert_eq!(fits(text, &tom()), Fit::Last, "{text}");
        }
        for text in ["Eva Mustermann", "Viele Grüße\nEva Mustermann", "Name: Eva Mustermann"] {
            assert_eq!(fits(text, &tom()), Fit::OtherFirst, "{text}");
        }
        assert_eq!(fits("ein Mustermännchen", &tom()), Fit::None);
    }

    #[test]
    fn spellings_of_a_name_are_one() {
        let names = person(Some("Ayşe"), Some("Yıldırım"));
        assert_eq!(fits("Ayse Yildirim", &names[0]), Fit::Full);
        let names = person(Some("Jürgen"), Some("Müller-Lüdenscheidt"));
        assert_eq!(fits("Jurgen Muller-Ludenscheidt", &names[0]), Fit::Full);
        assert_eq!(fits("Juergen Mueller Luedenscheidt", &names[0]), Fit::Full);
        let names = person(Some("Jan"), Some("van der Berg"));
        assert_eq!(fits("Jan v. Berg", &names[0]), Fit::Full);
        assert!(!is_same("baur", "bauer", false));
        assert!(is_same("musterman", "mustermann", true) && !is_same("musterman", "mustermann", false));
    }

    #[test]
    fn a_company_is_known_by_all_its_words() {
        let name = Name::Company(company_words("Bäckerei Schmidt GmbH & Co. KG"));
        assert_eq!(fits("Ihre Bäckerei Schmidt", &name), Fit::Full);
        assert_eq!(fits("Herr Schmidt", &name), Fit::None);
    }
}
