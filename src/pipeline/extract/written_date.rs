//! Dates that are written out: `1.10.`, `1 October 2026`, `2026-10-01`.

use jiff::civil::Date;

use super::calendar::month;
use super::standing::Span;
use super::token::{Kind, Token, is_plain};

/// A date as it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WrittenDate {
    pub span: Span,
    /// `None`: without a year.
    pub year: Option<i16>,
    pub month: i8,
    /// `None`: only the month is named.
    pub day: Option<i8>,
}

impl WrittenDate {
    /// The day that is meant: without a year the next one from `today` on, or else the nearest.
    pub fn day(&self, today: Date, is_future: bool) -> Option<Date> {
        let day = self.day.unwrap_or(1);
        if let Some(year) = self.year {
            return Date::new(year, self.month, day).ok();
        }
        let years = (today.year() - 1..=today.year().saturating_add(1))
            .filter_map(|year| Date::new(year, self.month, day).ok());
        let distance = |date: &Date| today.duration_until(*date).unsigned_abs();
        let known: Vec<Date> = years.collect();
        let next = known.iter().copied().find(|date| is_future && *date >= today);
        next.or_else(|| known.into_iter().min_by_key(distance))
    }
}

/// The dates of a text in their order. `day_first` says how `10/1` is read; `None`: only where it is clear.
pub fn written_dates(tokens: &[Token<'_>], day_first: Option<bool>) -> Vec<WrittenDate> {
    let mut dates = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let reader = Reader { tokens, at };
        let found = match tokens[at].kind {
            Kind::Digits => {
                reader.numeric(day_first).or_else(|| reader.dotted()).or_else(|| reader.day_then_month())
            }
            Kind::Word => reader.month_then_day(),
            _ => None,
        };
        let Some(found) = found.filter(|date| Date::new(2000, date.month, date.day.unwrap_or(1)).is_ok())
        else {
            at += 1;
            continue;
        };
        at = found.span.last + 1;
        dates.push(found);
    }
    dates
}

struct Reader<'a> {
    tokens: &'a [Token<'a>],
    at: usize,
}

impl Reader<'_> {
    fn text(&self, at: usize) -> &str {
        self.tokens.get(at).filter(|token| token.kind == Kind::Digits).map_or("", |token| token.text)
    }

    fn date(&self, last: usize, year: Option<i16>, month: i8, day: i8) -> Option<WrittenDate> {
        let span = Span { first: self.at, last };
        ((1..=12).contains(&month) && (1..=31).contains(&day)).then_some(WrittenDate {
            span,
            year,
            month,
            day: Some(day),
        })
    }

    /// In one token: `01.10.2026`, `2026-10-01`, `10/25`, `1.10` before a full stop or behind a preposition.
    fn numeric(&self, day_first: Option<bool>) -> Option<WrittenDate> {
        let text = self.text(self.at);
        let mark = text.chars().find(|letter| !letter.is_ascii_digit())?;
        let parts: Vec<i16> = text.split(mark).map(|part| part.parse().ok()).collect::<Option<_>>()?;
        let small = |part: i16| i8::try_from(part).unwrap_or_default();
        match (mark, &parts[..]) {
            ('-', &[year, month, day]) if year > 31 => {
                self.date(self.at, Some(year), small(month), small(day))
            }
            ('.' | '-', &[day, month, year]) => {
                self.date(self.at, Some(century(year)), small(month), small(day))
            }
            ('/', &[a, b, year]) if a <= 31 => {
                let (day, month) = in_order(a, b, Some(day_first.unwrap_or(true)))?;
                self.date(self.at, Some(century(year)), small(month), small(day))
            }
            ('/', &[a, b]) => {
                let (day, month) = in_order(a, b, day_first)?;
                self.date(self.at, None, small(month), small(day))
            }
            ('.', &[day, month]) if text.len() <= 5 => {
                let has_stop = self
                    .tokens
                    .get(self.at + 1)
                    .is_some_and(|next| next.is_mark('.') && next.start == self.tokens[self.at].end());
                let is_led = self.at > 0
                    && self.tokens[self.at - 1].is_word(LEADS)
                    && text.split('.').nth(1)?.len() == 2;
                let follows = self.tokens.get(self.at + 2).is_some_and(|next| is_unit(next));
                if !has_stop && !is_led || follows {
                    return None;
                }
                let last = self.at + usize::from(has_stop);
                let year = self.year(last + 1).filter(|_| has_stop);
                self.date(last + usize::from(year.is_some()), year, small(month), small(day))
            }
            _ => None,
        }
    }

    /// With blanks: `1. 10. 2026`, `1. 10.2026`.
    fn dotted(&self) -> Option<WrittenDate> {
        let day = self.small(self.at)?;
        self.tokens.get(self.at + 1).filter(|mark| mark.is_mark('.'))?;
        if let Some(month) = self.small(self.at + 2) {
            self.tokens.get(self.at + 3).filter(|mark| mark.is_mark('.'))?;
            let year = self.year(self.at + 4);
            return self.date(self.at + 3 + usize::from(year.is_some()), year, month, day);
        }
        let (month, year) = self.text(self.at + 2).split_once('.')?;
        let year = year.parse().ok().filter(|_| year.len() == 4)?;
        self.date(self.at + 2, Some(year), month.parse().ok()?, day)
    }

    fn day_then_month(&self) -> Option<WrittenDate> {
        let day = self.small(self.at)?;
        let mut at = self.at + 1;
        for skipped in [ORDINALS, &["of", "de", "del", "d"]] {
            while self.tokens.get(at).is_some_and(|token| {
                token.is_word(skipped) || matches!(token.kind, Kind::Mark('.' | '\'' | '’' | 'º' | '°'))
            }) {
                at += 1;
            }
        }
        let word = self.tokens.get(at).filter(|token| token.kind == Kind::Word)?;
        let month = month(&word.folded)?;
        let (last, year) = self.year_behind(at);
        self.date(last, year, month, day)
    }

    fn month_then_day(&self) -> Option<WrittenDate> {
        // Words are many and dates are few: the names are looked up only before a number.
        self.tokens[self.at + 1..].iter().take(3).find(|token| token.kind == Kind::Digits)?;
        let month = month(&self.tokens[self.at].folded)?;
        let mut at = self.at + 1;
        while self
            .tokens
            .get(at)
            .is_some_and(|token| token.is_word(&["the", "de", "del"]) || token.is_mark('.'))
        {
            at += 1;
        }
        if let Some(year) = self.year(at) {
            return Some(WrittenDate {
                span: Span { first: self.at, last: at },
                year: Some(year),
                month,
                day: None,
            });
        }
        // Only English writes the month first, and a number behind any other month is something else.
        let day = self.small(at).filter(|_| self.tokens[self.at].is_capitalised() && at == self.at + 1)?;
        if self.tokens.get(at + 1).is_some_and(is_unit) {
            return None;
        }
        if self.tokens.get(at + 1).is_some_and(|token| token.is_word(ORDINALS)) {
            at += 1;
        }
        let (last, year) = self.year_behind(at);
        self.date(last, year, month, day)
    }

    /// The year behind a token, and the last token of the date.
    fn year_behind(&self, at: usize) -> (usize, Option<i16>) {
        let mut next = at + 1;
        while next <= at + 2
            && self.tokens.get(next).is_some_and(|token| {
                token.is_word(&["de", "del"]) || token.is_mark(',') || token.is_mark('.')
            })
        {
            next += 1;
        }
        match self.year(next) {
            Some(year) => (next, Some(year)),
            None => (at, None),
        }
    }

    fn small(&self, at: usize) -> Option<i8> {
        let text = self.text(at);
        if is_plain(text) && text.len() <= 2 { text.parse().ok() } else { None }
    }

    fn year(&self, at: usize) -> Option<i16> {
        let text = self.text(at);
        let has_unit = self.tokens.get(at + 1).is_some_and(is_unit);
        if text.len() == 4 && is_plain(text) && !has_unit {
            text.parse().ok().filter(|year| (1900..2100).contains(year))
        } else {
            None
        }
    }
}

fn is_unit(token: &Token<'_>) -> bool {
    token.sense.has(super::lexicon::Sense::METER_UNIT.and(super::lexicon::Sense::MONEY_UNIT))
}

fn century(year: i16) -> i16 {
    match year {
        0..=60 => 2000 + year,
        61..=99 => 1900 + year,
        _ => year,
    }
}

/// The day and the month of `a/b`.
fn in_order(a: i16, b: i16, day_first: Option<bool>) -> Option<(i16, i16)> {
    match (a, b) {
        (13.., _) => Some((a, b)),
        (_, 13..) => Some((b, a)),
        _ if a == b => Some((a, b)),
        _ => day_first.map(|day_first| if day_first { (a, b) } else { (b, a) }),
    }
}

const ORDINALS: &[&str] = &["st", "nd", "rd", "th", "er", "e", "ste", "de"];

const LEADS: &[&str] = &[
    "zum", "am", "ab", "bis", "vom", "per", "dem", "den", "le", "du", "au", "op", "vanaf", "dnia", "od",
    "do", "il", "dal", "el",
];
