//! Dates that count from the day of the message: `morgen`, `zum Monatsende`, `next Friday`.

use jiff::civil::Date;
use jiff::{Span as TimeSpan, ToSpan};

use super::calendar::{count, month, weekday};
use super::standing::Span;
use super::token::{Kind, Token};

/// A date that counts from the day of the message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RelativeDate {
    pub span: Span,
    pub date: Date,
    /// `heute`, `gestern`, `morgen`: often said of something else.
    pub is_adverb: bool,
}

/// The relative dates of a text in their order.
pub fn relative_dates(tokens: &[Token<'_>], today: Date) -> Vec<RelativeDate> {
    let mut dates = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let reader = Reader { tokens, at, today };
        let Some((last, date, is_adverb)) = reader.read() else {
            at += 1;
            continue;
        };
        dates.push(RelativeDate { span: Span { first: at, last }, date, is_adverb });
        at = last + 1;
    }
    dates
}

struct Reader<'a> {
    tokens: &'a [Token<'a>],
    at: usize,
    today: Date,
}

type Read = Option<(usize, Date, bool)>;

impl Reader<'_> {
    fn word(&self, at: usize) -> &str {
        self.tokens.get(at).filter(|token| token.kind == Kind::Word).map_or("", |token| token.folded.as_str())
    }

    fn before(&self) -> &str {
        self.at.checked_sub(1).map_or("", |at| self.word(at))
    }

    fn add(&self, span: TimeSpan) -> Option<Date> {
        self.today.checked_add(span).ok()
    }

    fn next_first(&self) -> Option<Date> {
        self.add(1.month()).map(Date::first_of_month)
    }

    fn read(&self) -> Read {
        if self.tokens[self.at].kind == Kind::Digits {
            return self.day_of_month();
        }
        let word = self.word(self.at);
        if word.is_empty() {
            return None;
        }
        self.adverb(word)
            .map(|date| (self.at, date, true))
            .or_else(|| self.part(word))
            .or_else(|| self.next(word))
            .or_else(|| self.distance(word))
    }

    fn adverb(&self, word: &str) -> Option<Date> {
        let before = self.before();
        match word {
            "heute" | "today" | "aujourd" | "vandaag" | "dzis" | "dzisiaj" | "buguen" | "oggi" | "hoy" => {
                Some(self.today)
            }
            "uebermorgen" | "overmorgen" | "pojutrze" | "dopodomani" => self.add(2.days()),
            "tomorrow" if before == "after" => self.add(2.days()),
            "demain" if before == "apres" => self.add(2.days()),
            "morgen" | "manana" if GREETS.contains(&before) => None,
            "morgen" | "tomorrow" | "demain" | "jutro" | "yarin" | "domani" | "manana" => self.add(1.day()),
            "gestern" | "yesterday" | "gisteren" | "wczoraj" | "duen" | "ieri" | "ayer" => self.add(-1.day()),
            "vorgestern" | "eergisteren" | "przedwczoraj" => self.add(-2.days()),
            _ => None,
        }
    }

    /// `Ende des Monats`, `Anfang Oktober`, `end of next month`.
    fn part(&self, word: &str) -> Read {
        let (part, mut at) = match word {
            "monatsende" | "jahresende" | "quartalsende" => (Part::End, self.at),
            "ende" | "end" | "fin" | "final" | "finales" | "einde" | "eind" | "fine" | "koniec" | "konca"
            | "koncem" | "sonu" | "sonuna" | "sonunda" => (Part::End, self.at + 1),
            "anfang" | "beginning" | "start" | "debut" | "begin" | "inizio" | "principios" | "poczatek"
            | "beginn" => (Part::Start, self.at + 1),
            "mitte" | "middle" | "mid" | "mi" | "medio" | "meta" | "midden" | "polowa" => {
                (Part::Middle, self.at + 1)
            }
            _ => return None,
        };
        // Turkish puts the month before its end.
        if word.starts_with("sonu") {
            let date = match self.before() {
                "ay" | "ayin" => self.today.last_of_month(),
                "yil" | "yilin" => self.today.last_of_year(),
                name => part.of(next_month(self.today, month(name)?)?),
            };
            return Some((self.at, date, false));
        }
        let mut is_coming = is_next(self.before());
        for _ in 0..4 {
            let word = self.word(at);
            is_coming |= is_next(word);
            if !FILLS.contains(&word) && !is_next(word) {
                break;
            }
            at += 1;
        }
        let date = match self.word(at) {
            "monatsende" | "monats" | "monat" | "month" | "mois" | "maand" | "miesiaca" | "mese" | "mes" => {
                let month = if is_coming { self.next_first()? } else { self.today.first_of_month() };
                let date = part.of(month);
                if date < self.today { part.of(self.next_first()?) } else { date }
            }
            "jahresende" | "jahres" | "jahr" | "year" | "annee" | "jaar" | "roku" | "anno" | "ano"
                if matches!(part, Part::End) =>
            {
                let year = if is_coming { self.add(1.year())? } else { self.today };
                year.last_of_year()
            }
            "quartalsende" | "quartals" | "quarter" if matches!(part, Part::End) => {
                let month = (self.today.month() + 2) / 3 * 3;
                Date::new(self.today.year(), month, 1).ok()?.last_of_month()
            }
            name => {
                // A year may follow: then it is a month that is written out.
                let month = month(name)?;
                let year =
                    self.tokens.get(at + 1).filter(|token| token.is_short_number(4) && token.text.len() == 4);
                match year.and_then(|year| year.text.parse().ok()) {
                    Some(year) => return Some((at + 1, part.of(Date::new(year, month, 1).ok()?), false)),
                    None => part.of(next_month(self.today, month)?),
                }
            }
        };
        Some((at, date, false))
    }

    /// `nächsten Monat`, `zum Ersten`, `next Friday`.
    fn next(&self, word: &str) -> Read {
        let before = self.before();
        match word {
            "monatserste" | "monatsersten" | "folgemonat" | "folgemonats" => {
                return Some((self.at, self.next_first()?, false));
            }
            "ersten" if ["zum", "am", "ab"].contains(&before) || is_next(before) => {
                return Some((self.at, self.next_first()?, false));
            }
            "monat" | "month" | "mois" | "maand" | "miesiacu" | "miesiaca" | "ay" | "mese" | "mes" => {
                let after = self.word(self.at + 1);
                let is_coming = is_next(before) || is_next(after) || after == "viene";
                return is_coming.then_some((self.at, self.next_first()?, false));
            }
            _ => {}
        }
        let is_last = ["letzten", "vergangenen", "last", "vorigen", "zeszly", "ubieglym"].contains(&before);
        let is_coming = is_next(before) || is_next(self.word(self.at + 1)) || WEEKDAY_LEADS.contains(&before);
        let nth = if is_last { -1 } else { 1 };
        let day = if is_last || is_coming { weekday(word)? } else { return None };
        Some((self.at, self.today.nth_weekday(nth, day).ok()?, false))
    }

    /// `in zwei Wochen`.
    fn distance(&self, word: &str) -> Read {
        if !["in", "dans", "over", "za", "tra", "fra", "en", "dentro"].contains(&word) {
            return None;
        }
        let at = self.at + 1 + usize::from(word == "dentro");
        let number = match self.tokens.get(at)? {
            token if token.is_short_number(3) => token.text.parse().ok()?,
            token => count(&token.folded)?,
        };
        let unit = self.word(at + 1);
        let starts = |beginnings: &[&str]| beginnings.iter().any(|beginning| unit.starts_with(beginning));
        let span = if starts(&["tag", "day", "jour", "dag", "dni", "giorn", "dia"]) {
            number.days()
        } else if starts(&["woche", "week", "semaine", "weken", "tydz", "tygodn", "settiman", "semana"]) {
            number.weeks()
        } else if starts(&["monat", "month", "mois", "maand", "miesia", "mes"]) {
            number.months()
        } else {
            return None;
        };
        Some((at + 1, self.add(span)?, false))
    }

    /// `zum 15.`, `on the 15th`, without a month.
    fn day_of_month(&self) -> Read {
        let token = self.tokens.get(self.at).filter(|token| token.is_short_number(2))?;
        let day: i8 = token.text.parse().ok()?;
        let mark = self.tokens.get(self.at + 1)?;
        let is_dotted =
            mark.is_mark('.') && ["zum", "ab", "am", "bis", "per", "dem"].contains(&self.before());
        let is_ordinal = mark.is_word(&["st", "nd", "rd", "th"]) && self.before() == "the";
        if !is_dotted && !is_ordinal
            || self.tokens.get(self.at + 2).is_some_and(|next| next.kind == Kind::Digits)
        {
            return None;
        }
        let is_coming = (2..=4)
            .any(|step| is_next(self.word(self.at + step)) || self.word(self.at + step).starts_with("folge"));
        let from = if is_coming { self.next_first()? } else { self.today };
        let of = |month: Date| Date::new(month.year(), month.month(), day).ok().filter(|date| *date >= from);
        let date = of(from).or_else(|| of(from.checked_add(1.month()).ok()?))?;
        Some((self.at + 1, date, false))
    }
}

#[derive(Clone, Copy)]
enum Part {
    Start,
    Middle,
    End,
}

impl Part {
    fn of(self, month: Date) -> Date {
        match self {
            Self::Start => month.first_of_month(),
            Self::Middle => Date::new(month.year(), month.month(), 15).unwrap_or(month),
            Self::End => month.last_of_month(),
        }
    }
}

/// The first day of the next month of this number, this one included.
fn next_month(today: Date, month: i8) -> Option<Date> {
    let year = if month < today.month() { today.year() + 1 } else { today.year() };
    Date::new(year, month, 1).ok()
}

fn is_next(word: &str) -> bool {
    NEXT.iter().any(|next| word.starts_with(next))
}

const NEXT: &[&str] = &[
    "naechst", "kommend", "next", "prochain", "volgend", "przyszl", "nastepn", "gelecek", "prossim",
    "proxim", "upcoming", "coming",
];

const FILLS: &[&str] = &[
    "des", "dieses", "diesen", "vom", "of", "the", "this", "du", "de", "l", "cette", "ce", "van", "deze",
    "dit", "het", "del", "tego",
];

const GREETS: &[&str] =
    &["guten", "schoenen", "heute", "gestern", "jeden", "la", "por", "goede", "goeden", "am"];

const WEEKDAY_LEADS: &[&str] = &[
    "am", "bis", "ab", "zum", "diesen", "diesem", "on", "by", "this", "from", "until", "ce", "op", "w", "do",
    "od", "este", "el", "questo", "bu",
];
