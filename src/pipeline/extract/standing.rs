//! Which of several values holds: what is new or right, and what is old, estimated, mistyped or replaced.

use super::lexicon::Sense;
use super::token::{Kind, Token};

/// A value in a text, by its first and last token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    pub first: usize,
    pub last: usize,
}

impl Span {
    pub fn of(token: usize) -> Self {
        Self { first: token, last: token }
    }
}

/// Points for each of the values, which are in the text's order: above 0 what holds, below 0 what does not.
pub fn standing(tokens: &[Token<'_>], values: &[Span]) -> Vec<i32> {
    let mut points = vec![Standing::default(); values.len()];
    let text = Text { tokens, values, clause_ends: clause_ends(tokens) };
    let cues: Vec<Cue> = (0..tokens.len()).filter_map(|at| text.cue(at)).collect();
    for cue in &cues {
        if let Some(value) = text.value_of(cue) {
            points[value].add(cue.sense);
        }
    }
    text.exchanges(&mut points);
    text.columns(&cues, &mut points);
    points.into_iter().map(|standing| standing.points).collect()
}

#[derive(Debug, Clone, Copy, Default)]
struct Standing {
    points: i32,
    is_instead: bool,
    is_right: bool,
    is_wrong: bool,
}

impl Standing {
    fn add(&mut self, sense: Sense) {
        self.points += weight(sense);
        self.is_instead |= sense == Sense::INSTEAD;
        self.is_right |= sense.has(Sense::NEW.and(Sense::RIGHT));
        self.is_wrong |= sense == Sense::WRONG;
    }
}

fn weight(sense: Sense) -> i32 {
    match sense {
        Sense::RIGHT => 5,
        Sense::NEW => 4,
        Sense::SAID | Sense::WAS => -2,
        Sense::LAST => -4,
        _ => -8,
    }
}

/// A word that says something of a value; its sense is a single one.
#[derive(Debug, Clone, Copy)]
struct Cue {
    at: usize,
    sense: Sense,
    /// It follows its value.
    is_after: bool,
}

struct Text<'a> {
    tokens: &'a [Token<'a>],
    values: &'a [Span],
    /// The last token of each clause.
    clause_ends: Vec<usize>,
}

impl Text<'_> {
    fn cue(&self, at: usize) -> Option<Cue> {
        let token = &self.tokens[at];
        if token.kind != Kind::Word {
            return None;
        }
        let next = self.tokens.get(at + 1);
        let next_is = |words: &[&str]| next.is_some_and(|next| next.is_word(words));
        let before_is = |words: &[&str]| at > 0 && self.tokens[at - 1].is_word(words);
        let sense = token.sense;
        let replaces = match token.folded.as_str() {
            "instead" | "rather" | "invece" | "plutot" => next_is(&["of", "than", "di", "del", "que"]),
            "lieu" => before_is(&["au"]),
            "lugar" | "vez" => before_is(&["en"]),
            "plaats" => before_is(&["in"]),
            _ => sense.has(Sense::INSTEAD),
        };
        let cue = |sense| Some(Cue { at, sense, is_after: false });
        if replaces {
            let is_after = sense.has(Sense::AFTER);
            let negates = is_after
                && at > 0
                && self.tokens[at - 1].kind == Kind::Word
                && !self.tokens[at - 1].sense.has(Sense::UNIT);
            return if negates { None } else { Some(Cue { at, sense: Sense::INSTEAD, is_after }) };
        }
        if sense.has(Sense::NOT) || self.is_spanish_no(at) {
            let value =
                self.next(at).filter(|&value| self.words_between(at, self.values[value].first) <= 3)?;
            let is_direct = self.tokens[self.values[value].first].clause == token.clause
                && !self.tokens[at..self.values[value].first]
                    .iter()
                    .any(|token| token.sense.has(Sense::RIGHT));
            return if is_direct { cue(Sense::NOT) } else { None };
        }
        let is_slip = sense.has(Sense::SLIP) && before_is(&["by", "par", "per", "por", "aus", "przez", "in"]);
        if is_slip || sense.has(Sense::WRONG) {
            // What was wrongly taken over was right.
            return if next_is(TAKEN_OVER) { None } else { cue(Sense::WRONG) };
        }
        if sense.has(Sense::ESTIMATE) {
            let greets =
                next_is(&["damen", "team", "herr", "herren", "frau", "kundenservice", "kolleginnen"]);
            return if greets { None } else { cue(Sense::ESTIMATE) };
        }
        if sense.has(Sense::RIGHT.and(Sense::NEW)) {
            let positive = if sense.has(Sense::RIGHT) { Sense::RIGHT } else { Sense::NEW };
            return cue(if self.is_negated(at) { Sense::WRONG } else { positive });
        }
        let is_too = before_is(&["zu", "too", "trop", "te", "za", "troppo", "demasiado"]);
        if is_too && TOO.iter().any(|word| token.folded.starts_with(word)) {
            return cue(Sense::LAST);
        }
        if token.folded == "vor" {
            let age = |token: &Token<'_>| {
                ["jahr", "monat", "woche"].iter().any(|age| token.folded.starts_with(age))
            };
            let is_past = self.tokens[at + 1..].iter().take(3).any(age);
            return if is_past { cue(Sense::OLD) } else { None };
        }
        if BILLS.iter().any(|bill| token.folded.ends_with(bill)) {
            let purpose = self.tokens[at.saturating_sub(3)..at]
                .iter()
                .any(|token| token.is_word(&["fuer", "for", "pour", "voor", "per", "para", "dla", "icin"]));
            return if purpose { None } else { cue(Sense::LAST) };
        }
        [Sense::OLD, Sense::LAST, Sense::SAID, Sense::WAS]
            .into_iter()
            .find(|&one| sense.has(one))
            .and_then(cue)
    }

    fn is_spanish_no(&self, at: usize) -> bool {
        let names =
            at > 0 && self.tokens[at - 1].sense.has(Sense::DEVICE.and(Sense::NAMED).and(Sense::IDENT));
        self.tokens[at].folded == "no"
            && !names
            && self
                .tokens
                .get(at + 1)
                .is_some_and(|next| next.kind != Kind::Mark('.') && next.kind != Kind::Mark(':'))
    }

    /// Whether a word of being right is denied: `nicht richtig`, `stimmt nicht`, `doğru değil`.
    fn is_negated(&self, at: usize) -> bool {
        let denies = |token: &&Token<'_>| {
            token.sense.has(Sense::NOT)
                || token.is_word(&["degil", "no", "kaum", "never", "n"])
                || token.folded.starts_with("kein")
        };
        let clause = self.tokens[at].clause;
        let near =
            |token: &&Token<'_>| token.clause == clause && !matches!(token.kind, Kind::Digits | Kind::Name);
        let before = self.tokens[at.saturating_sub(4)..at].iter().rev().take_while(near);
        let is_verb = self.tokens[at].is_word(&["stimmt", "stimmen", "stimmte", "klopt", "kloppen", "dogru"]);
        let after = self.tokens[at + 1..].iter().take(if is_verb { 3 } else { 1 }).take_while(near);
        before.chain(after).any(|token| denies(&token))
    }

    /// The first value behind a token.
    fn next(&self, at: usize) -> Option<usize> {
        let next = self.values.partition_point(|value| value.first <= at);
        (next < self.values.len()).then_some(next)
    }

    fn words_between(&self, from: usize, to: usize) -> usize {
        // More than a few are all the same.
        let between = self.tokens.get(from + 1..to).unwrap_or_default();
        between
            .iter()
            .take(40)
            .filter(|token| token.kind == Kind::Word && !token.sense.has(Sense::UNIT))
            .count()
    }

    /// The value that a cue speaks of.
    fn value_of(&self, cue: &Cue) -> Option<usize> {
        let next = self.next(cue.at);
        let before = self.values.partition_point(|value| value.first <= cue.at).checked_sub(1);
        if before.is_some_and(|value| self.values[value].last >= cue.at) {
            // It is a part of the value.
            return None;
        }
        let token = &self.tokens[cue.at];
        let in_clause = |value: &usize| self.tokens[self.values[*value].first].clause == token.clause;
        let (next_here, before_here) = (next.filter(in_clause), before.filter(in_clause));
        if cue.is_after {
            return before.filter(|&value| {
                cue.at - self.values[value].last <= 6
                    && self.words_between(self.values[value].last, cue.at) <= 1
            });
        }
        if matches!(cue.sense, Sense::INSTEAD | Sense::NOT) {
            return next_here
                .or_else(|| next.filter(|&value| self.words_between(cue.at, self.values[value].first) <= 2));
        }
        match (before_here, next_here) {
            (Some(before), Some(next)) => Some(if self.says_back(before, cue) { before } else { next }),
            (Some(value), None) | (None, Some(value)) => Some(value),
            (None, None) if self.is_aside(cue) => {
                self.back(cue, before).or_else(|| self.aside_ahead(cue, next))
            }
            (None, None) => self.ahead(cue, next).or_else(|| self.back(cue, before)),
        }
    }

    /// Whether the words behind a value speak of it: `4523 ist falsch`.
    fn says_back(&self, value: usize, cue: &Cue) -> bool {
        let from = self.values[value].last + 1;
        let mut words = self
            .tokens
            .get(from..cue.at)
            .unwrap_or_default()
            .iter()
            .filter(|token| token.kind == Kind::Word && !token.sense.has(Sense::UNIT));
        cue.at.saturating_sub(from) <= 5 && words.next().is_some_and(|word| word.sense.has(Sense::BACK))
    }

    /// The value that a clause without one announces.
    fn ahead(&self, cue: &Cue, next: Option<usize>) -> Option<usize> {
        let value = next?;
        let first = self.values[value].first;
        let (token, target) = (&self.tokens[cue.at], &self.tokens[first]);
        if target.sentence != token.sentence {
            return None;
        }
        let is_positive = matches!(cue.sense, Sense::NEW | Sense::RIGHT);
        let end = *self.clause_ends.get(token.clause as usize)?;
        let announces = match self.tokens[end].kind {
            Kind::Mark(mark) => mark != ',' && mark != ')',
            Kind::Break => true,
            _ => false,
        };
        let is_next = target.clause == token.clause + 1;
        let is_ahead = if is_positive {
            target.clause <= token.clause + 2
        } else {
            announces && is_next && self.words_between(end, first) <= 1
        };
        is_ahead.then_some(value)
    }

    /// The value behind brackets: `Zählerstand (geschätzt): 9.876`.
    fn aside_ahead(&self, cue: &Cue, next: Option<usize>) -> Option<usize> {
        let value = next?;
        let first = self.values[value].first;
        let (token, target) = (&self.tokens[cue.at], &self.tokens[first]);
        let end = *self.clause_ends.get(token.clause as usize)?;
        let is_close = target.clause <= token.clause + 2 && self.words_between(end, first) <= 1;
        (target.sentence == token.sentence && is_close).then_some(value)
    }

    /// The value that a clause without one looks back to: `12.431 (geschätzt)`, `12.431, das ist falsch`.
    fn back(&self, cue: &Cue, before: Option<usize>) -> Option<usize> {
        let value = before?;
        let last = self.values[value].last;
        let (token, target) = (&self.tokens[cue.at], &self.tokens[last]);
        let is_verdict = matches!(cue.sense, Sense::WRONG | Sense::ESTIMATE);
        if target.sentence != token.sentence {
            let gap = token.sentence.saturating_sub(target.sentence);
            return (gap <= 2
                && is_verdict
                && self.begins_back(cue, |other| other.sentence == token.sentence))
            .then_some(value);
        }
        let clauses = token.clause.saturating_sub(target.clause);
        let is_near = clauses == 1 || self.is_aside(cue) && clauses <= 2;
        let end = *self.clause_ends.get(token.clause as usize)?;
        if !is_near || self.tokens[end].is_mark(':') || self.tokens[end].is_mark('=') {
            return None;
        }
        let words =
            self.tokens[..=end].iter().rev().take_while(|other| other.clause == token.clause).take(20);
        let is_short = words.filter(|other| other.kind == Kind::Word).count() <= 2;
        let speaks = is_verdict || cue.sense == Sense::RIGHT;
        let begins_back = speaks && self.begins_back(cue, |other| other.clause == token.clause);
        (is_short || self.is_aside(cue) || begins_back).then_some(value)
    }

    /// Whether the cue stands in brackets.
    fn is_aside(&self, cue: &Cue) -> bool {
        let clause = self.tokens[cue.at].clause;
        let start = self.tokens[..cue.at].iter().rev().take(12).position(|token| token.clause != clause);
        start.is_some_and(|start| self.tokens[cue.at - 1 - start].is_mark('('))
    }

    /// Whether the stretch that the cue stands in begins with a word that speaks of what was before.
    fn begins_back(&self, cue: &Cue, in_stretch: impl Fn(&Token<'_>) -> bool) -> bool {
        let stretch = self.tokens[..=cue.at].iter().rev().take(12).take_while(|token| in_stretch(token));
        let first = stretch.filter(|token| token.kind == Kind::Word && !token.sense.has(Sense::AND)).last();
        first.is_some_and(|word| word.sense.has(Sense::BACK) && !word.sense.has(Sense::CLAUSE))
    }

    /// `von 78 auf 53`, `78 → 53`, and `versehentlich 4523 statt 4532`.
    fn exchanges(&self, points: &mut [Standing]) {
        for (index, pair) in self.values.windows(2).enumerate() {
            let (a, b) = (pair[0], pair[1]);
            let (first, second) = (&self.tokens[a.first], &self.tokens[b.first]);
            if first.sentence != second.sentence || b.first - a.last > 40 {
                continue;
            }
            let before = |at: usize, sense: Sense| {
                let mut back = self.tokens[..at]
                    .iter()
                    .rev()
                    .take(2)
                    .skip_while(|token| token.sense.has(Sense::MONEY_UNIT));
                back.next().is_some_and(|token| token.sense.has(sense))
            };
            let between = self.tokens.get(a.last + 1..b.first).unwrap_or_default();
            let has_arrow =
                between.len() <= 5 && between.iter().any(|token| token.is_mark('>') || token.is_mark('→'));
            if has_arrow || before(a.first, Sense::FROM) && before(b.first, Sense::TO) {
                points[index].points -= 8;
                points[index + 1].points += 4;
            }
            let said = self.tokens[a.first.saturating_sub(12)..self.tokens.len().min(b.last + 8)]
                .iter()
                .filter(|token| token.sentence == first.sentence);
            let was_said = points[index].is_wrong || said.clone().any(|token| token.sense.has(Sense::SAID));
            let asks = said
                .clone()
                .any(|token| token.is_word(&["bitte", "please", "moechte", "soll", "prosze", "lutfen"]));
            if points[index + 1].is_instead && !points[index].is_right && was_said && !asks {
                points[index].points = -8;
                points[index + 1].points = 4;
            }
        }
    }

    /// `Stand alt / neu: 5000 / 6000`, on one line or as the head of a table.
    fn columns(&self, cues: &[Cue], points: &mut [Standing]) {
        let mut from = 0;
        while from < cues.len() {
            let mut to = from + 1;
            while to < cues.len() && to - from < 6 && self.is_bare(cues[to - 1].at, cues[to].at) {
                to += 1;
            }
            let heads = &cues[from..to];
            let is_mixed = heads.iter().any(|cue| weight(cue.sense) > 0)
                && heads.iter().any(|cue| weight(cue.sense) < 0);
            if let Some(value) = self.next(cues[to - 1].at).filter(|_| is_mixed)
                && self.is_bare(cues[to - 1].at, self.values[value].first)
                && let Some(values) = self.values.get(value..value + heads.len())
                && values.windows(2).all(|pair| self.is_bare(pair[0].last, pair[1].first))
                // A row with more numbers than these has other columns, too.
                && self.values.get(value + heads.len()).is_none_or(|next| !self.is_bare(values[heads.len() - 1].last, next.first))
            {
                for (index, head) in heads.iter().enumerate() {
                    points[value + index].points = weight(head.sense);
                }
            }
            from = to;
        }
    }

    /// Whether nothing but names of columns, units and marks stands between two tokens.
    fn is_bare(&self, from: usize, to: usize) -> bool {
        let labels = Sense::READING.and(Sense::DEVICE).and(Sense::UNIT).and(Sense::AND).and(Sense::MONEY);
        self.tokens.get(from + 1..to).is_some_and(|between| {
            between.len() <= 12
                && between.iter().all(|token| match token.kind {
                    Kind::Mark(mark) => mark != '.' && mark != '?',
                    Kind::Break => true,
                    Kind::Word => token.sense.has(labels),
                    Kind::Digits | Kind::Name => false,
                })
        })
    }
}

const TAKEN_OVER: &[&str] = &[
    "uebernommen",
    "erfasst",
    "verbucht",
    "verarbeitet",
    "gebucht",
    "abgeschrieben",
    "weitergegeben",
    "uebertragen",
];

/// What a value is that is too much or too little.
const TOO: &[&str] = &[
    "hoch", "niedrig", "viel", "wenig", "high", "low", "much", "eleve", "haut", "bas", "hoog", "laag",
    "wysok", "nisk", "alt", "bass", "alto", "baj",
];

/// What holds an earlier value.
const BILLS: &[&str] = &[
    "rechnung",
    "bill",
    "invoice",
    "facture",
    "factuur",
    "afrekening",
    "faktura",
    "fakturze",
    "fatura",
    "faturada",
    "fattura",
    "bolletta",
    "factura",
];

fn clause_ends(tokens: &[Token<'_>]) -> Vec<usize> {
    let mut ends = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let clause = token.clause as usize;
        if ends.len() <= clause {
            ends.resize(clause + 1, at);
        }
        ends[clause] = at;
    }
    ends
}
