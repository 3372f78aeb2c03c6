//! Which of a text's numbers is the parameter's.

use regex::Regex;

use super::lexicon::{Sense, sense};
use super::numeral::{Numeral, Unit, is_house_number, is_postcode, json, numerals, parse};
use super::standing::{Span, standing};
use super::token::Kind;
use super::{Candidate, Document, name_words, prose};
use crate::domain::ai_agent::Parameter;

/// The numbers that may be the parameter's value.
pub fn candidates(document: &Document<'_>, parameter: &Parameter) -> Vec<Candidate> {
    let wanted = Wanted::new(parameter);
    let numerals = numerals(document, false);
    let spans: Vec<Span> = numerals.iter().map(|numeral| Span::of(numeral.at)).collect();
    let standings = standing(&document.tokens, &spans);
    let mut candidates = Vec::new();
    for (index, numeral) in numerals.iter().enumerate() {
        let from = index.checked_sub(1).map_or(0, |before| numerals[before].at + 1);
        let to = numerals.get(index + 1).map_or(document.tokens.len(), |next| next.at);
        if let Some(points) = wanted.points(document, numeral, from, to) {
            let points = points + standings[index];
            if points >= 0 {
                candidates.push(Candidate::new(document, points, spans[index], json(numeral.value)));
            }
        }
    }
    candidates
}

/// The first number that the pattern matches in the text.
pub fn matched(document: &Document<'_>, pattern: &Regex) -> Option<Candidate> {
    prose::matched(document.text, pattern).find_map(|found| {
        let value = parse(found.raw.trim(), document.is_english, !document.is_english)?;
        Some(Candidate { value: json(value), ..found })
    })
}

/// What a parameter's name says of its number.
struct Wanted {
    /// Words that stand beside it, among them those that mean the same.
    words: Vec<String>,
    is_money: bool,
    is_name: bool,
}

impl Wanted {
    fn new(parameter: &Parameter) -> Self {
        let names = name_words(parameter);
        let says = |sense: Sense| names.iter().any(|name| self::sense(name).has(sense));
        let is_money = says(Sense::MONEY.and(Sense::MONEY_UNIT));
        let is_name = says(Sense::IDENT);
        let telling = |name: &&String| name.len() > 1 && !VAGUE.contains(&name.as_str());
        let mut words: Vec<String> = names.iter().filter(telling).cloned().collect();
        for group in SYNONYMS {
            let is_meant = group.split(' ').any(|word| names.iter().any(|name| begins(name, word)));
            if is_meant {
                words.extend(group.split(' ').map(str::to_owned));
            }
        }
        Self { words, is_money, is_name }
    }

    /// `None` for what cannot be it. `from` and `to` bound the words that belong to the number.
    fn points(&self, document: &Document<'_>, numeral: &Numeral, from: usize, to: usize) -> Option<i32> {
        let tokens = &document.tokens;
        let token = &tokens[numeral.at];
        let named = |at: usize| {
            tokens[at].kind == Kind::Word && self.words.iter().any(|word| begins(&tokens[at].folded, word))
        };
        let mut points = match numeral.unit {
            Unit::Money if self.is_money => 4,
            Unit::Money => -4,
            Unit::None => 0,
            Unit::Other | Unit::Meter | Unit::Area if self.is_money => -6,
            Unit::Other | Unit::Meter | Unit::Area => i32::from(named(numeral.at + 1)) * 3,
        };
        let here = |at: &usize| tokens[*at].sentence == token.sentence;
        let before: Vec<usize> =
            (from.max(numeral.at.saturating_sub(20))..numeral.at).rev().take_while(here).collect();
        let after: Vec<usize> = (numeral.at + 1..to.min(numeral.at + 10)).take_while(here).collect();
        let words_before =
            |most: usize| before.iter().copied().filter(|&at| tokens[at].kind == Kind::Word).take(most);
        let mut labels = words_before(3).map(|at| tokens[at].sense);
        let is_named_number = labels.any(|sense| sense.has(Sense::IDENT))
            || before
                .first()
                .is_some_and(|&at| tokens[at].sense.has(Sense::NAMED) || tokens[at].is_mark('#'));
        if is_named_number && !self.is_name && numeral.unit == Unit::None {
            return None;
        }
        if is_house_number(document, numeral.at) || is_postcode(document, numeral.at) {
            return None;
        }
        if self.is_name {
            points += if is_named_number { 2 } else { -4 };
        }
        if words_before(4).any(named) || after.iter().take(3).any(|&at| named(at)) {
            points += 4;
        } else if before.iter().chain(&after).any(|&at| named(at)) {
            points += 2;
        }
        match before.first().map(|&at| &tokens[at]) {
            Some(word) if word.sense.has(Sense::TO) => points += 3,
            // The difference is not the amount.
            Some(word) if word.is_word(&["um", "by"]) && self.is_money => return None,
            _ => {}
        }
        // Who says what is paid now wants something else.
        let is_present =
            |at: usize| PRESENT.contains(&tokens[at].folded.as_str()) && tokens[at].clause == token.clause;
        if self.is_money && words_before(8).any(is_present) {
            points -= 12;
        }
        let is_year =
            numeral.unit == Unit::None && token.text.len() == 4 && (1990.0..2040.0).contains(&numeral.value);
        Some(points - 4 * i32::from(is_year))
    }
}

/// Whether two words begin alike; a short one must be the whole word.
fn begins(word: &str, start: &str) -> bool {
    let stem = start.get(..6).unwrap_or(start);
    if start.len() > 3 {
        word.starts_with(stem) || word.len() > 8 && start.len() > 5 && word.ends_with(start)
    } else {
        word == start
    }
}

/// Words of what is paid now.
const PRESENT: &[&str] = &[
    "currently",
    "presently",
    "derzeit",
    "zurzeit",
    "momentan",
    "aktuell",
    "gegenwaertig",
    "actuellement",
    "momenteel",
    "obecnie",
    "attualmente",
    "actualmente",
];

/// Words of names that tell nothing of where the number stands.
const VAGUE: &[&str] = &[
    "value", "wert", "number", "new", "neu", "neuer", "neue", "neues", "the", "of", "der", "die", "das",
    "in", "im", "current", "zahl", "valeur",
];

/// Words that mean the same.
const SYNONYMS: &[&str] = &[
    "abschlag deposit instalment installment payment zahlung mensualite acompte voorschot termijnbedrag zaliczka taksit oedeme rata cuota betrag amount montant bedrag kwota tutar importo importe rate",
    "person personen persons people leute bewohner personnes personas persone osob kisi household haushalt",
    "gb mb gigabyte megabyte datenvolumen volume volumen data",
    "verbrauch consumption usage consommation verbruik zuzycie tuketim consumo jahresverbrauch",
    "qm m2 m² quadratmeter wohnflaeche flaeche area sqm surface",
    "kw kwp leistung power",
    "monat monate monaten month months mois maanden duration laufzeit",
    "tag tage tagen day days",
    "anzahl stueck menge quantity count pieces items quantite aantal ilosc adet cantidad quantita",
    "prozent percent %",
];
