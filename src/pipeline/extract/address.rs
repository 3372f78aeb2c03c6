//! Postal addresses.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use super::lexicon::Sense;
use super::standing::{Span, standing};
use super::token::{Kind, Token};
use super::{Candidate, Document, own};

/// Addresses of one text that are looked at.
const MOST: usize = 50;

/// The addresses of a text as `street number, postcode town`.
pub fn candidates(document: &Document<'_>) -> Vec<Candidate> {
    let tokens = &document.tokens;
    let mut found: Vec<(Span, String, i32)> = Vec::new();
    let mut free = 0;
    for at in 0..tokens.len() {
        if at < free || found.len() == MOST {
            continue;
        }
        let Some((span, street)) = street(document, at).filter(|(span, _)| span.first >= free) else {
            continue;
        };
        let town = town(document, span.last + 1);
        let last = town.as_ref().map_or(span.last, |(last, _)| *last);
        let line = match &town {
            Some((_, town)) => format!("{street}, {town}"),
            None => street,
        };
        found.push((Span { first: span.first, last }, line, i32::from(town.is_some())));
        free = last + 1;
    }
    let spans: Vec<Span> = found.iter().map(|(span, ..)| *span).collect();
    let standings = standing(tokens, &spans);
    let candidates = found.into_iter().zip(standings).map(|((span, line, base), points)| {
        let points = points + base + direction(document, span) + 8;
        Candidate::new(document, points, span, Value::from(line))
    });
    candidates.collect()
}

/// Points for where somebody goes, against where somebody comes from.
fn direction(document: &Document<'_>, span: Span) -> i32 {
    let tokens = &document.tokens;
    let mut here = tokens[..span.first].iter().rev().take(4).take_while(|token| {
        token.sentence == tokens[span.first].sentence && matches!(token.kind, Kind::Word)
    });
    here.find_map(|token| match token.folded.as_str() {
        "nach" | "in" | "to" | "into" | "naar" | "a" | "au" | "do" | "na" | "zu" | "ins" | "adresine" => {
            Some(2)
        }
        "von" | "aus" | "from" | "van" | "z" | "ze" | "da" | "dal" | "desde" | "verlasse" => Some(-3),
        _ => None,
    })
    .unwrap_or_default()
}

/// The street and house number whose number, or whose first word in the languages that put it first, is here.
fn street(document: &Document<'_>, at: usize) -> Option<(Span, String)> {
    let tokens = &document.tokens;
    let token = &tokens[at];
    let is_number = token.is_short_number(4) || token.kind == Kind::Name && HOUSE.is_match(token.text);
    if !is_number {
        return None;
    }
    let (first, last) = before(tokens, at).or_else(|| after(tokens, at))?;
    let span = Span { first, last };
    let text = document.slice(span).split_whitespace().collect::<Vec<_>>().join(" ");
    Some((span, text))
}

static HOUSE: LazyLock<Regex> = LazyLock::new(|| own(r"^[0-9]{1,4}(?:[a-zA-Z]|[-/][0-9]{1,4}[a-zA-Z]?)$"));

/// `Alte Landstraße 5`, `Via Roma 5`, `ul. Długa 5/7`.
fn before(tokens: &[Token<'_>], at: usize) -> Option<(usize, usize)> {
    let sentence = tokens[at].sentence;
    let mut first = at;
    let mut words = 0;
    let mut has_street = false;
    let mut start = None;
    while first > 0 && words < 5 {
        let token = &tokens[first - 1];
        let touches =
            token.kind == Kind::Word || matches!(token.kind, Kind::Mark('.' | '-' | ':' | '’' | '\''));
        // `No: 5` is the only place of a colon.
        let is_colon =
            token.is_mark(':') && !(first == at && first > 1 && tokens[first - 2].is_word(&["no", "nr"]));
        let is_stop = token.is_mark('.') && token.sentence != sentence;
        if !touches || is_colon || is_stop || token.kind == Kind::Break {
            break;
        }
        if token.kind == Kind::Word {
            let is_known = STREET_WORDS.contains(&token.folded.as_str());
            let is_name = token.is_capitalised() || token.sense.has(Sense::STREET);
            if STOPS.contains(&token.folded.as_str()) || !is_name && !is_known {
                break;
            }
            has_street |= token.sense.has(Sense::STREET)
                && token.folded.len() > 1
                && !token.is_word(&["hof", "st", "court"]);
            words += 1;
            if is_name || token.is_capitalised() {
                start = Some(first - 1);
            }
        }
        first -= 1;
    }
    let first = start.filter(|_| has_street || starts_like_street(tokens, start))?;
    // The kind of street that comes first begins the name.
    let leads = (first..at).find(|&lead| tokens[lead].is_word(LEADS));
    let mut last = at;
    let is_letter = |token: &Token<'_>| {
        token.text.len() == 1
            && token.kind == Kind::Word
            && token.text.starts_with(|letter: char| letter.is_ascii_alphabetic())
    };
    if tokens.get(at + 1).is_some_and(is_letter)
        && tokens.get(at + 2).is_none_or(|next| next.kind != Kind::Word || next.is_capitalised())
    {
        last = at + 1;
    }
    Some((leads.unwrap_or(first), last))
}

/// `Am Alten Markt 5`, `Unter den Linden 7`.
fn starts_like_street(tokens: &[Token<'_>], start: Option<usize>) -> bool {
    start.is_some_and(|start| {
        tokens[start].is_word(&["am", "an", "im", "auf", "unter", "zum", "zur", "hinter", "vor", "in"])
            && tokens[start].is_capitalised()
            && start > 0
            && !matches!(tokens[start - 1].kind, Kind::Mark('.' | '!' | '?'))
            && tokens[start + 1..].iter().take(3).any(|token| {
                token.is_capitalised()
                    && token.sense == Sense::NONE
                    && super::calendar::month(&token.folded).is_none()
            })
    })
}

/// `12 High Street`, `12 rue de la Paix`.
fn after(tokens: &[Token<'_>], at: usize) -> Option<(usize, usize)> {
    let mut last = at + 1;
    let mut words = 0;
    let is_french =
        tokens.get(last).or_else(|| tokens.get(last + 1)).is_some_and(|token| token.is_word(FRENCH));
    let mut end = None;
    while let Some(token) = tokens.get(last).filter(|_| words < 6) {
        let is_word = token.kind == Kind::Word;
        let joins = matches!(token.kind, Kind::Mark('-' | '\'' | '’'))
            || is_french && token.is_word(&["de", "la", "du", "des", "le", "les", "l", "d"]);
        if !joins && !(is_word && (token.is_capitalised() || is_french && words == 0)) {
            break;
        }
        words += usize::from(is_word);
        if is_french && token.is_capitalised() || token.sense.has(Sense::STREET) && words > 1 && !is_french {
            end = Some(last);
            if !is_french {
                break;
            }
        }
        last += 1;
    }
    end.map(|end| (at, end))
}

/// The postcode and the town behind a street, and their last token.
fn town(document: &Document<'_>, from: usize) -> Option<(usize, String)> {
    let tokens = &document.tokens;
    let mut at = from;
    while at < from + 3
        && tokens.get(at).is_some_and(|token| {
            matches!(token.kind, Kind::Mark(',' | '-' | '–' | '/') | Kind::Break)
                || token.is_word(&["in", "d"])
        })
    {
        at += 1;
    }
    let code = tokens.get(at)?;
    let is_code = |token: &Token<'_>| {
        token.is_short_number(6) && token.text.len() >= 4 && token.text.len() != 6
            || token.kind == Kind::Name && CODE.is_match(token.text)
    };
    // An English town stands before its postcode.
    let mut last = at;
    let is_name = |token: &Token<'_>| {
        token.kind == Kind::Word && token.is_capitalised() && !STOPS.contains(&token.folded.as_str())
    };
    if is_name(code) {
        while last < at + 3 && tokens.get(last).is_some_and(is_name) {
            last += 1;
        }
        if tokens.get(last).is_some_and(|token| token.is_mark(',')) {
            last += 1;
        }
        let outer = tokens.get(last).filter(|token| token.kind == Kind::Name && OUTER.is_match(token.text));
        let inner =
            tokens.get(last + 1).filter(|token| token.kind == Kind::Name && INNER.is_match(token.text));
        if outer.is_some() && inner.is_some() {
            last += 2;
        } else if from == at || tokens[at - 1].kind == Kind::Break {
            return None;
        } else if tokens.get(last - 1).is_some_and(|token| token.is_mark(',')) {
            last -= 1;
        }
        return Some((last - 1, document.slice(Span { first: at, last: last - 1 }).to_owned()));
    }
    if !is_code(code) {
        return None;
    }
    last += 1;
    // The letters of a Dutch postcode.
    let letters = |token: &Token<'_>| {
        token.kind == Kind::Word
            && token.text.len() == 2
            && token.text.bytes().all(|letter| letter.is_ascii_uppercase())
    };
    if code.text.len() == 4 && tokens.get(last).is_some_and(letters) {
        last += 1;
    }
    let mut names = 0;
    while names < 4
        && tokens.get(last).is_some_and(|token| is_name(token) || names > 0 && is_link(tokens, last))
    {
        last += 1;
        names += 1;
    }
    (names > 0).then(|| (last - 1, document.slice(Span { first: at, last: last - 1 }).to_owned()))
}

/// `am Main`, `an der Ruhr`, `-Mitte`.
fn is_link(tokens: &[Token<'_>], at: usize) -> bool {
    let is_name = |at: usize| {
        let name = tokens.get(at).filter(|token| token.kind == Kind::Word && token.is_capitalised());
        name.is_some_and(|token| !token.sense.has(Sense::STREET))
    };
    let is_small = tokens[at].is_word(&["am", "an", "im", "ob", "der", "den", "bei", "in", "a", "d"])
        && tokens[at].kind == Kind::Word;
    is_small
        && (is_name(at + 1)
            || tokens.get(at + 1).is_some_and(|token| token.is_word(&["der", "den"])) && is_name(at + 2))
        || tokens[at].is_mark('-')
            && tokens[at].end() == tokens.get(at + 1).map_or(0, |next| next.start)
            && is_name(at + 1)
}

static CODE: LazyLock<Regex> = LazyLock::new(|| own(r"^(?:[0-9]{2}-[0-9]{3}|[0-9]{4}[A-Z]{2})$"));
static OUTER: LazyLock<Regex> = LazyLock::new(|| own(r"^[A-Z]{1,2}[0-9]{1,2}[A-Z]?$"));
static INNER: LazyLock<Regex> = LazyLock::new(|| own(r"^[0-9][A-Z]{2}$"));

const FRENCH: &[&str] =
    &["rue", "avenue", "boulevard", "bd", "chemin", "place", "impasse", "allee", "quai", "route", "cours"];

/// Kinds of street that stand before the name.
const LEADS: &[&str] =
    &["ul", "ulica", "aleja", "via", "viale", "corso", "piazza", "calle", "avenida", "plaza", "paseo"];

/// Small words inside of a street's name.
const STREET_WORDS: &[&str] = &[
    "den", "der", "dem", "de", "la", "le", "du", "des", "del", "della", "di", "van", "von", "no", "nr",
    "alten",
];

/// Capitalised words that are no part of an address.
const STOPS: &[&str] = &[
    "adresse",
    "anschrift",
    "address",
    "adres",
    "adresi",
    "indirizzo",
    "direccion",
    "wohnung",
    "umzug",
    "auszug",
    "einzug",
    "lieferadresse",
    "lieferstelle",
    "rechnungsadresse",
    "haus",
    "herr",
    "frau",
    "kunde",
    "stand",
    "zaehlerstand",
    "zaehler",
    "nummer",
    "telefon",
    "tel",
    "seit",
    "ab",
    "bitte",
    "ich",
    "wir",
    "meine",
    "neue",
    "viele",
    "mit",
    "danke",
    "vielen",
    "gruesse",
    "kundennummer",
    "vertrag",
    "email",
    "mail",
    "i",
    "my",
    "please",
    "new",
    "die",
    "das",
    "es",
    "und",
];
