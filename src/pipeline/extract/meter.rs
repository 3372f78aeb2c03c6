//! What a meter shows: the current or corrected value, never the old, estimated or mistyped one.

use jiff::ToSpan;
use jiff::civil::Date;

use super::lexicon::Sense;
use super::numeral::{Numeral, Unit, is_house_number, is_postcode, json, numerals};
use super::standing::{Span, standing};
use super::table::heads;
use super::token::{Kind, Token};
use super::{Candidate, Document};

/// The readings of a text.
pub fn candidates(document: &Document<'_>) -> Vec<Candidate> {
    let numerals = numerals(document, true);
    let spans: Vec<Span> = numerals.iter().map(|numeral| Span::of(numeral.at)).collect();
    let standings = standing(&document.tokens, &spans);
    let text = Text { document, heads: heads(&document.tokens), numerals: &numerals };
    let mut found: Vec<(Candidate, Option<Date>)> = Vec::new();
    for (index, numeral) in numerals.iter().enumerate() {
        if let Some(points) = text.points(index) {
            let points = points + standings[index];
            if points > 0 {
                let value = json(numeral.value);
                found.push((Candidate::new(document, points, spans[index], value), text.date(index)));
            }
        }
    }
    // Of readings of several days the last one counts.
    let soon = document.today.checked_add(1.day()).unwrap_or(document.today);
    let mut days: Vec<Date> =
        found.iter().filter_map(|(_, date)| *date).filter(|date| *date <= soon).collect();
    days.sort_unstable();
    days.dedup();
    let last = days.last().copied().filter(|_| days.len() > 1);
    let dated = found.into_iter().map(|(mut candidate, date)| {
        candidate.points += 2 * i32::from(last.is_some() && date == last);
        candidate
    });
    dated.collect()
}

struct Text<'a> {
    document: &'a Document<'a>,
    /// What the head of a table says of each token.
    heads: Vec<Sense>,
    numerals: &'a [Numeral],
}

/// The word that says what a number is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Label {
    /// A number that names something.
    Name,
    Usage,
    Money,
    Reading,
    /// A reading's word before another number.
    Shared,
    /// The device's word alone, which its number may follow.
    Device,
    Behind,
    /// In the sentence before.
    Near,
    None,
}

impl Text<'_> {
    fn tokens(&self) -> &[Token<'_>] {
        &self.document.tokens
    }

    /// `None` for what is no reading at all.
    fn points(&self, index: usize) -> Option<i32> {
        let numeral = &self.numerals[index];
        let at = numeral.at;
        let token = &self.tokens()[at];
        if numeral.digits > 9 || matches!(numeral.unit, Unit::Money | Unit::Other) || self.is_elsewhere(at) {
            return None;
        }
        let label = self.label(index);
        let mut points = match label {
            Label::Name | Label::Money => return None,
            Label::Usage => -9,
            Label::Reading => 6,
            Label::Shared => 5,
            Label::Device | Label::Behind => 4,
            Label::Near => 3,
            Label::None if self.document.mentions_meter => 2,
            Label::None => i32::from(self.is_alone(numeral)),
        };
        let has_label = matches!(label, Label::Reading | Label::Shared | Label::Device | Label::Behind);
        match numeral.unit {
            Unit::Meter => points += 3,
            Unit::Area if !has_label => return None,
            _ => {}
        }
        let has_unit = matches!(numeral.unit, Unit::Meter | Unit::Area);
        if !has_unit {
            let is_year = token.text.len() == 4 && (1990.0..2040.0).contains(&numeral.value);
            if is_year && !self.is_stated(at) {
                return None;
            }
            if numeral.digits < 3 && numeral.value.fract() == 0.0 {
                let before = at.checked_sub(1).map(|before| &self.tokens()[before]);
                let is_direct = before.is_some_and(|before| {
                    before.is_mark(':')
                        || before.is_mark('=')
                        || before.sense.has(Sense::READING.and(Sense::NEW).and(Sense::METER_UNIT))
                        || before.is_word(STATES)
                });
                if !is_direct {
                    return None;
                }
                points -= 4;
            }
            points -= 4 * i32::from(numeral.digits > 7);
            points -= self.device_number(index, label);
        }
        let head = self.heads[at];
        points += if head.has(Sense::OLD.and(Sense::LAST).and(Sense::ESTIMATE).and(Sense::WRONG)) {
            -8
        } else {
            4 * i32::from(head.has(Sense::NEW.and(Sense::RIGHT)))
        };
        Some(points + self.tariff(at))
    }

    /// A house number, a postcode, the number of a list's entry.
    fn is_elsewhere(&self, at: usize) -> bool {
        let tokens = self.tokens();
        let starts_line = at == 0 || tokens[at - 1].kind == Kind::Break;
        let is_entry = starts_line
            && tokens[at].is_short_number(2)
            && tokens.get(at + 1).is_some_and(|next| next.is_mark('.') || next.is_mark(')'));
        is_entry || is_house_number(self.document, at) || is_postcode(self.document, at)
    }

    /// Whether a number that could be a year is said to be a value.
    fn is_stated(&self, at: usize) -> bool {
        let tokens = self.tokens();
        let before = at.checked_sub(1).map(|before| &tokens[before]);
        let is_said = before.is_some_and(|before| {
            before.is_mark(':')
                || before.is_mark('=')
                || before.is_word(STATES)
                || before.sense.has(Sense::NEW) && before.folded != "heute"
        });
        let is_right = tokens[at + 1..].iter().take(3).any(|token| token.sense.has(Sense::RIGHT));
        is_said && !tokens.get(at + 1).is_some_and(|next| next.is_mark(':')) || is_right
    }

    fn is_alone(&self, numeral: &Numeral) -> bool {
        self.numerals.len() == 1 && numeral.digits > 2 && self.tokens().len() < 30
    }

    /// Points against a number that may be the device's: `Zähler 606691: 12.431`.
    fn device_number(&self, index: usize, label: Label) -> i32 {
        let tokens = self.tokens();
        let numeral = &self.numerals[index];
        let marks = tokens[..numeral.at]
            .iter()
            .rev()
            .take(3)
            .take_while(|token| matches!(token.kind, Kind::Mark(_)))
            .count();
        let is_adjacent = numeral.at.checked_sub(marks + 1).is_some_and(|before| {
            tokens[before].sense.has(Sense::DEVICE) && !tokens[before].sense.has(Sense::READING)
        });
        let next = self
            .numerals
            .get(index + 1)
            .filter(|next| tokens[next.at].sentence == tokens[numeral.at].sentence);
        // What has a device's name of its own is another meter's.
        let another = next.is_some_and(|next| {
            !tokens[numeral.at..next.at]
                .iter()
                .any(|token| token.sense.has(Sense::DEVICE) && !token.sense.has(Sense::READING))
        });
        match label {
            Label::Device if is_adjacent && numeral.digits > 6 => 6,
            _ if is_adjacent && another => 3,
            _ => 0,
        }
    }

    fn label(&self, index: usize) -> Label {
        let numeral = &self.numerals[index];
        let head = self.heads[numeral.at];
        if head.has(Sense::IDENT.and(Sense::NAMED)) {
            return Label::Name;
        }
        if head.has(Sense::USAGE) {
            return Label::Usage;
        }
        if self.is_usage_behind(numeral.at) {
            return Label::Usage;
        }
        if head.has(Sense::READING) {
            return Label::Reading;
        }
        match self.before(numeral) {
            Label::None => match self.behind(index) {
                Label::None => self.near(numeral.at),
                label => label,
            },
            label => label,
        }
    }

    /// The nearest label before a number in its sentence.
    fn before(&self, numeral: &Numeral) -> Label {
        let tokens = self.tokens();
        let at = numeral.at;
        let (mut words, mut has_comma, mut has_number, mut has_device) = (0, false, false, false);
        for back in (at.saturating_sub(40)..self.chain_start(at)).rev() {
            let token = &tokens[back];
            if token.sentence != tokens[at].sentence {
                break;
            }
            match token.kind {
                Kind::Digits => has_number |= !self.is_in_date(back),
                Kind::Name => has_number = true,
                Kind::Mark(',') => has_comma = true,
                Kind::Mark('#' | '°') if words == 0 && !has_number => return Label::Name,
                Kind::Mark(_) | Kind::Break => {}
                Kind::Word => {
                    if !has_number && self.names(back, words, has_comma, numeral) {
                        return Label::Name;
                    }
                    let sense = token.sense;
                    if sense.has(Sense::IDENT) && !sense.has(Sense::READING) && !self.is_display(back) {
                        // Another number's name.
                    } else if sense.has(Sense::USAGE) && !has_number && !has_comma && words <= 6 {
                        return Label::Usage;
                    } else if sense.has(Sense::READING) || self.is_display(back) {
                        return if has_number { Label::Shared } else { Label::Reading };
                    } else if sense.has(Sense::MONEY)
                        && !has_number
                        && !has_comma
                        && words <= 4
                        && numeral.unit == Unit::None
                    {
                        return Label::Money;
                    }
                    has_device |= sense.has(Sense::DEVICE);
                    words += usize::from(!sense.has(Sense::UNIT));
                }
            }
        }
        if has_device { Label::Device } else { Label::None }
    }

    /// Where the blocks begin that a number is the last of: `1 ESY 116 066 9167`.
    fn chain_start(&self, at: usize) -> usize {
        let tokens = self.tokens();
        let is_block = |token: &Token<'_>| match token.kind {
            Kind::Digits | Kind::Name => true,
            Kind::Word => {
                token.text.len() <= 4
                    && token.sense == Sense::NONE
                    && token.text.chars().all(char::is_uppercase)
            }
            _ => false,
        };
        let joins = |at: usize| is_block(&tokens[at]) && tokens[at].end() + 1 >= tokens[at + 1].start;
        let start = (at.saturating_sub(6)..at).rev().take_while(|&back| joins(back)).last().unwrap_or(at);
        if tokens[start..at].iter().any(|token| token.kind == Kind::Word) { start } else { at }
    }

    fn is_in_date(&self, at: usize) -> bool {
        let dates = &self.document.dates;
        let next = dates.partition_point(|date| date.span.last < at);
        dates.get(next).is_some_and(|date| date.span.first <= at)
    }

    /// Whether the word makes the number behind it a name.
    fn names(&self, word: usize, words: usize, has_comma: bool, numeral: &Numeral) -> bool {
        let token = &self.tokens()[word];
        if token.sense.has(Sense::IDENT) {
            return words <= 5 && !has_comma && !self.is_display(word);
        }
        let is_filled = words == 1 && self.tokens()[word + 1].is_word(FILLERS);
        token.sense.has(Sense::NAMED) && numeral.unit == Unit::None && !has_comma && (words == 0 || is_filled)
    }

    /// `the number on the meter`, which is no name.
    fn is_display(&self, word: usize) -> bool {
        let tokens = self.tokens();
        tokens[word].is_word(&["number", "numbers", "nummer", "numero", "numer"])
            && tokens.get(word + 1).is_some_and(|next| {
                next.is_word(&["on", "auf", "sur", "op", "shown", "displayed", "i", "ich"])
            })
    }

    /// `3.500 kWh Verbrauch`, `3.500 kWh im Jahr`.
    fn is_usage_behind(&self, at: usize) -> bool {
        let tokens = self.tokens();
        let clause = tokens[at + 1..].iter().take(6).take_while(|token| {
            token.clause == tokens[at].clause && !matches!(token.kind, Kind::Digits | Kind::Name)
        });
        clause.clone().take(5).any(|token| token.sense.has(Sense::USAGE))
            || clause.take(4).any(|token| token.sense.has(Sense::YEARLY))
                && !tokens[at + 1..].iter().take(5).any(|token| token.kind == Kind::Digits)
    }

    /// A label behind the number in its sentence: `12.431 steht auf dem Zähler`.
    fn behind(&self, index: usize) -> Label {
        let tokens = self.tokens();
        let at = self.numerals[index].at;
        let end = self.numerals.get(index + 1).map_or(tokens.len(), |next| next.at).min(at + 16);
        let stretch = &tokens[at + 1..end];
        let mut words = stretch
            .iter()
            .take_while(|token| token.sentence == tokens[at].sentence)
            .filter(|token| token.kind == Kind::Word && !token.sense.has(Sense::UNIT));
        let says = stretch.first().is_some_and(|token| token.is_mark('('))
            || words.clone().next().is_some_and(|word| word.sense.has(Sense::BACK));
        match words.find(|token| {
            token.sense.has(Sense::IDENT.and(Sense::NAMED).and(Sense::READING).and(Sense::DEVICE))
        }) {
            Some(word) if word.sense.has(Sense::IDENT.and(Sense::NAMED)) => {
                if says {
                    Label::Name
                } else {
                    Label::None
                }
            }
            Some(_) => Label::Behind,
            None => Label::None,
        }
    }

    /// A label in the sentence or line before.
    fn near(&self, at: usize) -> Label {
        let tokens = self.tokens();
        let sentence = tokens[at].sentence;
        let before = tokens[..at]
            .iter()
            .rev()
            .take(40)
            .skip_while(|token| token.sentence == sentence || token.kind == Kind::Break);
        let mut last = None;
        for token in before {
            if *last.get_or_insert(token.sentence) != token.sentence {
                break;
            }
            if token.sense.has(Sense::READING) && !token.sense.has(Sense::IDENT) {
                return Label::Near;
            }
        }
        Label::None
    }

    /// Points for the day's, against the night's and the fed-in part of a reading.
    fn tariff(&self, at: usize) -> i32 {
        let tokens = self.tokens();
        let points = |token: &Token<'_>| {
            let is_code = |code: &str| token.kind == Kind::Name && token.text.ends_with(code);
            if token.sense.has(Sense::HIGH) || is_code("1.8.0") || is_code("1.8.1") {
                Some(1)
            } else if token.sense.has(Sense::LOW) || is_code("1.8.2") || is_code("2.8.0") || is_code("2.8.1")
            {
                Some(-2)
            } else {
                None
            }
        };
        let sentence = tokens[at].sentence;
        let here = |token: &&Token<'_>| token.sentence == sentence && token.kind != Kind::Digits;
        let before = tokens[..at].iter().rev().take(5).take_while(here);
        let after = tokens[at + 1..].iter().take(4).take_while(|token| here(token) && !token.is_mark(','));
        before.chain(after).find_map(points).unwrap_or_default()
    }

    /// The day that the number belongs to: the nearest date of its sentence, before it first.
    fn date(&self, index: usize) -> Option<Date> {
        let tokens = self.tokens();
        let at = self.numerals[index].at;
        let dates = &self.document.dates;
        let next = dates.partition_point(|date| date.span.first < at);
        let from = index.checked_sub(1).map_or(0, |before| self.numerals[before].at);
        let to = self.numerals.get(index + 1).map_or(tokens.len(), |next| next.at);
        let here = |first: usize| tokens[first].sentence == tokens[at].sentence;
        let before = next
            .checked_sub(1)
            .map(|before| &dates[before])
            .filter(|date| date.span.first > from && here(date.span.first));
        let after = dates.get(next).filter(|date| date.span.last < to && here(date.span.first));
        before.or(after)?.day(self.document.today, false)
    }
}

/// Words before a value.
const STATES: &[&str] = &[
    "ist", "betraegt", "lautet", "zeigt", "von", "bei", "is", "shows", "reads", "est", "affiche", "de",
    "staat", "wynosi", "wskazuje", "segna", "es", "marca", "sind", "indique",
];

/// Words between a name and its number.
const FILLERS: &[&str] = &["ist", "is", "lautet", "est", "nr", "no", "number", "to", "e", "es", "jest"];
