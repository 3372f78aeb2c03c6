//! Where sentences and clauses end.

use super::lexicon::Sense;
use super::token::{Kind, Token};

/// Numbers the sentences and clauses.
pub fn number_clauses(tokens: &mut [Token<'_>]) {
    let (mut sentence, mut clause) = (0, 0);
    let mut line_start = 0;
    let mut line = Line::default();
    let mut solid = None;
    for at in 0..tokens.len() {
        let token = &tokens[at];
        let ends = match token.kind {
            Kind::Break => {
                let ends = line.end(tokens, line_start, at, solid);
                line_start = at + 1;
                line = Line::default();
                ends
            }
            Kind::Mark('!' | '?' | ';') => Ends::Sentence,
            Kind::Mark('.') if ends_sentence(tokens, at) => Ends::Sentence,
            Kind::Mark(',' | ':' | '=' | '(' | ')' | '–' | '—' | '|' | '>' | '→' | '•') => {
                Ends::Clause
            }
            Kind::Mark('-') if tokens.get(at + 1).is_some_and(|next| next.start > token.end()) => {
                Ends::Clause
            }
            Kind::Word if token.sense.has(Sense::AND.and(Sense::CLAUSE)) => Ends::Clause,
            _ => Ends::Nothing,
        };
        if token.kind != Kind::Break {
            solid = Some(at);
        }
        line.has_digits |= token.kind == Kind::Digits;
        line.words += usize::from(token.kind == Kind::Word);
        let follows_comma = at > 0 && tokens[at - 1].is_mark(',') && token.sense.has(Sense::THAT);
        if follows_comma {
            clause -= 1;
        }
        let token = &mut tokens[at];
        match ends {
            Ends::Nothing => (token.sentence, token.clause) = (sentence, clause),
            Ends::Clause if token.kind == Kind::Word => {
                // A conjunction begins the clause that follows it.
                clause += 1;
                (token.sentence, token.clause) = (sentence, clause);
            }
            Ends::Clause => {
                (token.sentence, token.clause) = (sentence, clause);
                clause += 1;
            }
            Ends::Sentence => {
                (token.sentence, token.clause) = (sentence, clause);
                sentence += 1;
                clause += 1;
            }
        }
    }
}

enum Ends {
    Nothing,
    Clause,
    Sentence,
}

#[derive(Default)]
struct Line {
    words: usize,
    has_digits: bool,
}

impl Line {
    /// What the end of a line ends: nothing where the line was only wrapped, a clause where it is the heading
    /// of the number below.
    /// `solid` is the last token that is no end of a line.
    fn end(&self, tokens: &[Token<'_>], start: usize, end: usize, solid: Option<usize>) -> Ends {
        // A colon reaches over the lines below it, blank ones too.
        if solid.is_some_and(|solid| tokens[solid].is_mark(':')) {
            return Ends::Nothing;
        }
        let Some(last) = tokens[start..end].last() else { return Ends::Sentence };
        let next = tokens.get(end + 1);
        let width = last.end() - tokens[start].start;
        let is_open = matches!(last.kind, Kind::Word | Kind::Digits | Kind::Name | Kind::Mark(','));
        let continues = next.is_some_and(|next| {
            let starts_low = next.text.starts_with(char::is_lowercase) || next.kind == Kind::Digits;
            next.kind != Kind::Break && (starts_low || width > 60)
        });
        if is_open && width >= 45 && continues {
            return Ends::Nothing;
        }
        let is_heading = self.words > 0 && self.words <= 6 && !self.has_digits && last.kind == Kind::Word;
        if is_heading && next.is_some_and(|next| next.kind == Kind::Digits) {
            Ends::Clause
        } else {
            Ends::Sentence
        }
    }
}

/// Whether a full stop ends its sentence: not behind an abbreviation or a day's number.
fn ends_sentence(tokens: &[Token<'_>], at: usize) -> bool {
    let Some(next) = tokens.get(at + 1) else { return true };
    if next.start == tokens[at].end() && next.kind != Kind::Break {
        return false;
    }
    let Some(before) = at.checked_sub(1).and_then(|before| tokens.get(before)) else { return false };
    match before.kind {
        Kind::Word => {
            let is_house = before.sense.has(Sense::STREET) && matches!(next.kind, Kind::Digits | Kind::Name);
            let is_short = is_house
                || before.text.chars().count() == 1
                || ABBREVIATIONS.contains(&before.folded.as_str());
            !is_short
                && (next.kind != Kind::Word
                    || !next.text.starts_with(char::is_lowercase)
                    || before.text.len() > 4)
        }
        Kind::Digits if before.text.len() <= 2 || is_day_and_month(before.text) => next.kind == Kind::Break,
        _ => true,
    }
}

fn is_day_and_month(text: &str) -> bool {
    let mut parts = text.split('.');
    let mut small = |most: u8| {
        parts.next().and_then(|part| part.parse::<u8>().ok()).is_some_and(|part| (1..=most).contains(&part))
    };
    small(31) && small(12) && parts.next().is_none()
}

const ABBREVIATIONS: &[&str] = &[
    "str",
    "nr",
    "ca",
    "bzw",
    "tel",
    "kd",
    "vertr",
    "usw",
    "evtl",
    "inkl",
    "zzgl",
    "st",
    "no",
    "dr",
    "ggf",
    "abs",
    "bspw",
    "vgl",
    "zb",
    "mr",
    "mrs",
    "ms",
    "approx",
    "ul",
    "al",
    "cad",
    "sok",
    "sk",
    "mah",
    "av",
    "num",
    "mm",
    "resp",
    "zaehlernr",
    "zst",
    "zstd",
    "kundennr",
    "jan",
    "feb",
    "maer",
    "apr",
    "jun",
    "jul",
    "aug",
    "sep",
    "sept",
    "okt",
    "oct",
    "nov",
    "dez",
    "dec",
];
