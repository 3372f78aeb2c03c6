//! Numbers in a text: their value and their unit.

use serde_json::Value;

use super::Document;
use super::lexicon::Sense;
use super::token::{Kind, Token, is_plain};

/// A number that is no part of a date.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Numeral {
    /// Its token.
    pub at: usize,
    pub value: f64,
    /// Digits before the decimal mark.
    pub digits: usize,
    pub unit: Unit,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    None,
    /// Kilowatt-hours or cubic metres.
    Meter,
    /// `qm`, which some write for cubic metres.
    Area,
    Money,
    Other,
}

/// The numbers of a text in their order.
pub fn numerals(document: &Document<'_>, is_meter: bool) -> Vec<Numeral> {
    let tokens = &document.tokens;
    let mut dates = document.dates.iter().peekable();
    let mut numerals = Vec::new();
    for (at, token) in tokens.iter().enumerate().filter(|(_, token)| token.kind == Kind::Digits) {
        while dates.next_if(|date| date.span.last < at).is_some() {}
        if dates.peek().is_some_and(|date| date.span.first <= at) {
            continue;
        }
        let unit = unit(document, at);
        // English decimals of a meter have three digits only in cubic metres.
        let is_cubic = tokens
            .get(at + 1)
            .is_some_and(|next| next.sense.has(Sense::METER_UNIT) && !next.folded.ends_with("kwh"));
        let dot_groups = !document.is_english || is_meter && !is_cubic;
        let Some(value) = parse(token.text, document.is_english, dot_groups) else { continue };
        let whole = value.abs().log10().max(0.0);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "the logarithm of a number of 40 digits"
        )]
        let digits = (whole as usize + 1).max(leading_digits(token.text));
        numerals.push(Numeral { at, value, digits, unit });
    }
    numerals
}

/// A JSON number, whole where it is.
pub fn json(value: f64) -> Value {
    // Below 2^53 every whole number is exact.
    #[expect(clippy::cast_possible_truncation, reason = "checked to be whole and small")]
    if value.fract() == 0.0 && value.abs() < 9e15 { Value::from(value as i64) } else { Value::from(value) }
}

fn leading_digits(text: &str) -> usize {
    let whole =
        if text.matches(',').count() == 1 { text.split(',').next().unwrap_or_default() } else { text };
    let is_bare = is_plain(whole);
    if is_bare { whole.len() } else { 0 }
}

/// Reads digits with separators. The last of two different marks is the decimal one; one before exactly three
/// digits groups if it does so in this language; blanks and apostrophes always group.
pub fn parse(text: &str, comma_groups: bool, dot_groups: bool) -> Option<f64> {
    let raw: String =
        text.chars().filter(|letter| !letter.is_whitespace() && !matches!(letter, '\'' | '’')).collect();
    if raw.len() > 40 || raw.contains(['/', '-', ':']) || raw.is_empty() {
        return None;
    }
    let is_grouped = raw.len() < text.len();
    let groups = |whole: &str, mark: char| {
        let mut parts = whole.split(mark);
        let first = parts.next().unwrap_or_default();
        (1..=3).contains(&first.len())
            && !first.trim_start_matches('0').is_empty()
            && parts.all(|part| part.len() == 3)
    };
    let plain = match (raw.matches('.').count(), raw.matches(',').count()) {
        (1, 0) if dot_groups && !is_grouped && groups(&raw, '.') => raw.replace('.', ""),
        (0, 1) if comma_groups && !is_grouped && groups(&raw, ',') => raw.replace(',', ""),
        (0 | 1, 0) => raw,
        (0, 1) => raw.replace(',', "."),
        (2.., 0) if groups(&raw, '.') => raw.replace('.', ""),
        (0, 2..) if groups(&raw, ',') => raw.replace(',', ""),
        (_, 1) if raw.rfind(',') > raw.rfind('.') && groups(raw.split(',').next()?, '.') => {
            raw.replace('.', "").replace(',', ".")
        }
        (1, _) if raw.rfind('.') > raw.rfind(',') && groups(raw.split('.').next()?, ',') => {
            raw.replace(',', "")
        }
        _ => return None,
    };
    plain.parse().ok().filter(|value: &f64| value.is_finite())
}

fn unit(document: &Document<'_>, at: usize) -> Unit {
    let tokens = &document.tokens;
    let is_money = |at: Option<usize>| {
        at.and_then(|at| tokens.get(at)).is_some_and(|token| token.sense.has(Sense::MONEY_UNIT))
    };
    let mut next = at + 1;
    // `53,- €`
    while next <= at + 2
        && tokens.get(next).is_some_and(|token| {
            matches!(token.kind, Kind::Mark(',' | '-' | '–' | '\'' | '’'))
                && token.start <= tokens[next - 1].end() + 1
        })
    {
        next += 1;
    }
    if next == at + 3 {
        let is_meter = tokens.get(next).is_some_and(|token| token.sense.has(Sense::METER_UNIT));
        return if is_meter { Unit::Meter } else { Unit::Money };
    }
    // `8 bis 12 Uhr`
    let is_range = tokens[at].is_short_number(2)
        && tokens.get(at + 1).is_some_and(|next| {
            next.is_word(&["und", "bis", "to", "and", "a", "y", "tot", "do"])
                || matches!(next.kind, Kind::Mark('-' | '–'))
        })
        && tokens.get(at + 2).is_some_and(|next| next.kind == Kind::Digits);
    let sense = tokens.get(at + 1 + 2 * usize::from(is_range)).map_or(Sense::NONE, |token| token.sense);
    if sense.has(Sense::METER_UNIT) {
        Unit::Meter
    } else if sense.has(Sense::AREA_UNIT) {
        Unit::Area
    } else if is_money(Some(next)) || is_money(at.checked_sub(1)) {
        Unit::Money
    } else if sense.has(Sense::OTHER_UNIT) {
        Unit::Other
    } else {
        Unit::None
    }
}

/// Whether the number is a house's: `Hauptstraße 5`, `12 High Street`, `12 rue de la Paix`.
pub fn is_house_number(document: &Document<'_>, at: usize) -> bool {
    let tokens = &document.tokens;
    if !tokens[at].is_short_number(4) {
        return false;
    }
    let is_street = |at: usize| tokens[at].sense.has(Sense::STREET) && tokens[at].folded.len() > 1;
    let behind = (at.saturating_sub(2)..at)
        .any(|before| is_street(before) && tokens[before].sentence == tokens[at].sentence)
        && tokens[at - 1].kind != Kind::Mark(':');
    let names = tokens[at + 1..].iter().take(4).take_while(|token| token.kind == Kind::Word);
    let mut ahead = (at + 1..at + 1 + names.count()).take_while(|&next| !tokens[next].sense.has(Sense::UNIT));
    let is_english = ahead.clone().any(|next| is_street(next) && tokens[at + 1].is_capitalised())
        || ahead.next().is_some_and(|next| {
            tokens[next].is_word(&["rue", "avenue", "boulevard", "bd", "chemin", "place", "impasse"])
        });
    behind || is_english
}

/// Whether the number is a postcode before its town.
pub fn is_postcode(document: &Document<'_>, at: usize) -> bool {
    let tokens = &document.tokens;
    let is_town =
        |token: &Token<'_>| token.kind == Kind::Word && token.is_capitalised() && token.sense == Sense::NONE;
    if !tokens[at].is_short_number(5) || tokens[at].text.len() < 4 || !tokens.get(at + 1).is_some_and(is_town)
    {
        return false;
    }
    let before = |back: usize| at.checked_sub(back).map(|at| &tokens[at]);
    if before(1).is_some_and(|token| token.is_mark('-'))
        && before(2).is_some_and(|token| token.is_word(&["d", "a", "ch", "f", "nl", "pl", "i", "e"]))
    {
        return true;
    }
    let follows_house = (at.saturating_sub(4)..at).any(|house| {
        let is_number = tokens[house].is_short_number(4)
            || tokens[house].kind == Kind::Name && tokens[house].text.len() <= 5;
        let is_close = tokens[house + 1..at].iter().all(|token| {
            matches!(token.kind, Kind::Mark(',' | '/' | '-') | Kind::Break | Kind::Digits | Kind::Name)
        });
        is_number && is_close && house > 0 && tokens[house - 1].kind != Kind::Break
    });
    let starts_line = before(1).is_none_or(|token| token.kind == Kind::Break);
    let line = tokens[at + 1..].iter().take(4).take_while(|token| token.kind != Kind::Break);
    let fills_line = line.clone().count() <= 3 && line.clone().all(is_town);
    let is_announced = before(2).is_some_and(|token| token.is_mark(':'));
    follows_house || tokens[at].text.len() == 5 && starts_line && fills_line && !is_announced
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn marks_group_or_divide_by_language() {
        for (raw, english, value) in [
            ("87.870,5", false, 87870.5),
            ("87,870.5", true, 87870.5),
            ("12.431", false, 12431.0),
            ("12,431", true, 12431.0),
            ("12,431", false, 12.431),
            ("12,4", false, 12.4),
            ("12.4", true, 12.4),
            ("6 734", false, 6734.0),
            ("5'610", false, 5610.0),
            ("012431", false, 12431.0),
            ("012.431", false, 12431.0),
            ("1.234.567", false, 1_234_567.0),
            ("0.125", true, 0.125),
            ("1234.567", false, 1234.567),
            ("6 734,25", false, 6734.25),
        ] {
            assert_eq!(parse(raw, english, !english), Some(value), "{raw}");
        }
        assert_eq!(parse("1.8.0", false, true), None);
    }
}
