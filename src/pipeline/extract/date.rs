//! Which of a text's dates is the parameter's.

use jiff::civil::Date;
use serde_json::Value;

use super::date_words::{
    BIRTH, DONE, END, IN, LETTER, MOVE, OUT, PLANS, PREPOSITIONS, READING, START, STARTS,
};
use super::relative_date::relative_dates;
use super::standing::{Span, standing};
use super::token::{Kind, Token};
use super::written_date::WrittenDate;
use super::{Candidate, Document, name_words};
use crate::domain::ai_agent::Parameter;

/// The dates that may be the parameter's value as `YYYY-MM-DD`, the likeliest first.
pub fn candidates(document: &Document<'_>, parameter: &Parameter) -> Vec<Candidate> {
    let tokens = &document.tokens;
    let names = name_words(parameter);
    let wanted = Topic::of_names(&names);
    let is_future = !matches!(wanted, Topic::Reading | Topic::Letter | Topic::Birth)
        && (wanted != Topic::Other || tokens.iter().any(|token| begins(&token.folded, PLANS)));
    let mut dates: Vec<Dated> = Vec::new();
    for written in document.dates.iter().take(MOST) {
        dates.extend(dated(document, written, is_future));
    }
    for relative in relative_dates(tokens, document.today).into_iter().take(MOST) {
        let overlaps = dates
            .iter()
            .any(|date| date.span.first <= relative.span.last && relative.span.first <= date.span.last);
        if !overlaps {
            dates.push(Dated {
                span: relative.span,
                date: relative.date,
                base: if relative.is_adverb { -2 } else { 1 },
            });
        }
    }
    dates.sort_by_key(|date| date.span.first);
    let spans: Vec<Span> = dates.iter().map(|date| date.span).collect();
    let standings = standing(tokens, &spans);
    let mut ranked = Vec::new();
    for (index, date) in dates.iter().enumerate() {
        let around = Around::new(tokens, &spans, index);
        let points = date.base + standings[index].signum() * 2 + around.points(wanted, &names);
        let is_possible = wanted != Topic::Reading || date.date <= document.today;
        if points >= 0 && is_possible {
            ranked.push(Candidate::new(document, points, date.span, Value::from(date.date.to_string())));
        }
    }
    ranked
}

/// Dates of one text that are weighed.
const MOST: usize = 200;

struct Dated {
    span: Span,
    date: Date,
    base: i32,
}

fn dated(document: &Document<'_>, written: &WrittenDate, is_future: bool) -> Option<Dated> {
    let tokens = &document.tokens;
    let span = written.span;
    let before = span.first.checked_sub(1).map_or("", |at| tokens[at].folded.as_str());
    if written.day.is_none() && !STARTS.contains(&before) {
        return None;
    }
    // Who has moved already tells of a day gone by.
    let sentence = tokens[span.first].sentence;
    let near = &tokens[span.first.saturating_sub(12)..tokens.len().min(span.last + 8)];
    let is_done = near.iter().any(|token| {
        token.sentence == sentence
            && (DONE.contains(&token.folded.as_str()) || token.folded.ends_with("gezogen"))
    });
    let date = written.day(document.today, is_future && !is_done)?;
    Some(Dated { span, date, base: 1 + i32::from(PREPOSITIONS.contains(&before)) })
}

/// What a date is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Topic {
    Out,
    In,
    Move,
    End,
    Start,
    Reading,
    Birth,
    Letter,
    Other,
}

impl Topic {
    fn of_names(names: &[String]) -> Self {
        let has = |beginnings: &[&str]| names.iter().any(|name| begins(name, beginnings));
        let is = |words: &[&str]| names.iter().any(|name| words.contains(&name.as_str()));
        if has(BIRTH) {
            Self::Birth
        } else if has(OUT) || is(&["out"]) {
            Self::Out
        } else if has(IN) || is(&["in"]) {
            Self::In
        } else if has(MOVE) {
            Self::Move
        } else if has(END) || is(&["end"]) {
            Self::End
        } else if has(READING) {
            Self::Reading
        } else if has(START) || is(&["ab", "valid", "gueltig"]) {
            Self::Start
        } else if has(LETTER) {
            Self::Letter
        } else {
            Self::Other
        }
    }

    /// Words that speak for the topic, and words that speak for another one.
    fn words(self) -> (&'static [&'static [&'static str]], &'static [&'static [&'static str]]) {
        match self {
            Self::Out => (&[OUT, END], &[IN, START]),
            Self::In => (&[IN, START], &[OUT, END]),
            Self::Move => (&[MOVE, IN, OUT], &[]),
            Self::End => (&[END, OUT], &[IN, START]),
            Self::Start => (&[START, IN], &[END, OUT, READING]),
            Self::Reading => (&[READING], &[IN, START, END]),
            Self::Birth => (&[BIRTH], &[]),
            Self::Letter => (&[LETTER], &[]),
            Self::Other => (&[], &[]),
        }
    }
}

/// The words around a date.
struct Around<'a> {
    clause: Vec<&'a str>,
    sentence: Vec<&'a str>,
    before: &'a str,
}

impl<'a> Around<'a> {
    fn new(tokens: &'a [Token<'a>], spans: &[Span], index: usize) -> Self {
        let span = spans[index];
        let from = index
            .checked_sub(1)
            .map_or(0, |before| spans[before].last + 1)
            .max(span.first.saturating_sub(25));
        let to = spans.get(index + 1).map_or(tokens.len(), |next| next.first).min(span.last + 15);
        let (sentence, clause) = (tokens[span.first].sentence, tokens[span.first].clause);
        // The clause before speaks of this date, too, unless it has one of its own: `Auszug: 30.11.`
        let is_free =
            index.checked_sub(1).is_none_or(|before| tokens[spans[before].first].clause + 1 < clause);
        let words = |of: &dyn Fn(&Token<'_>) -> bool| {
            let near = tokens[from..span.first].iter().chain(&tokens[span.last + 1..to.max(span.last + 1)]);
            near.filter(|token| token.kind == Kind::Word && of(token))
                .map(|token| token.folded.as_str())
                .collect()
        };
        Self {
            clause: words(&|token| {
                token.clause == clause
                    || is_free
                        && token.clause + 1 == clause
                        && token.sentence == sentence
                        && token.start < tokens[span.first].start
            }),
            sentence: words(&|token| token.sentence == sentence),
            before: span.first.checked_sub(1).map_or("", |at| tokens[at].folded.as_str()),
        }
    }

    fn points(&self, wanted: Topic, names: &[String]) -> i32 {
        let has = |words: &[&str], beginnings: &[&str]| words.iter().any(|word| begins(word, beginnings));
        let (for_it, against) = wanted.words();
        let mut points = 0;
        if for_it.iter().any(|words| has(&self.clause, words)) {
            points += 4;
        } else if for_it.iter().any(|words| has(&self.sentence, words)) {
            points += 2;
        }
        if points < 4 && against.iter().any(|words| has(&self.clause, words)) {
            points -= 3;
        }
        let is_named = |word: &&str| {
            names.iter().any(|name| {
                name.len() > 3
                    && !["date", "datum", "data", "fecha", "tarih"].contains(&name.as_str())
                    && word.starts_with(name.as_str())
            })
        };
        points += 2 * i32::from(self.clause.iter().any(is_named));
        if wanted != Topic::Birth && has(&self.clause, BIRTH) {
            points -= 10;
        }
        if wanted != Topic::Letter
            && (has(&self.clause, LETTER) && !has(&self.clause, END)
                || ["vom", "dated"].contains(&self.before))
        {
            points -= 8;
        }
        if ["seit", "since", "depuis", "sinds", "dal", "desde"].contains(&self.before)
            && matches!(wanted, Topic::End | Topic::Out)
        {
            points -= 6;
        }
        if matches!(wanted, Topic::Start)
            && ["ab", "from", "starting", "vanaf", "od", "dal", "desde"].contains(&self.before)
        {
            points += 2;
        }
        points
    }
}

/// Whether a word is one of these, or begins like one that has more than three letters.
fn begins(word: &str, beginnings: &[&str]) -> bool {
    beginnings
        .iter()
        .any(|beginning| word == *beginning || beginning.len() > 3 && word.starts_with(beginning))
}
