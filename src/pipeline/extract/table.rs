//! Tables of plain text, whose head says what a column's numbers are.

use super::lexicon::Sense;
use super::token::{Kind, Token};

/// For each token of a table's row, what the words above it in the head say.
pub fn heads(tokens: &[Token<'_>]) -> Vec<Sense> {
    let mut senses = vec![Sense::NONE; tokens.len()];
    let mut head: Vec<Sense> = Vec::new();
    // The columns of a line without marks, which must be the line above the row.
    let mut labels: Vec<Sense> = Vec::new();
    let mut start = 0;
    for line in tokens.split_inclusive(|token| token.kind == Kind::Break) {
        let cells = cells(line);
        let has_digits = line.iter().any(|token| matches!(token.kind, Kind::Digits | Kind::Name));
        let is_rule = line.iter().all(|token| matches!(token.kind, Kind::Mark(_) | Kind::Break));
        if is_rule {
            // A line of dashes, or a blank one.
        } else if cells.len() < 2 {
            head.clear();
            let values: Vec<usize> =
                (0..line.len()).filter(|&at| matches!(line[at].kind, Kind::Digits | Kind::Name)).collect();
            let is_row = line.iter().all(|token| token.kind != Kind::Word || token.sense.has(Sense::UNIT));
            if is_row && values.len() > 1 && values.len() == labels.len() {
                for (at, &sense) in values.iter().zip(&labels) {
                    senses[start + at] = sense;
                }
            } else {
                labels = if has_digits { Vec::new() } else { columns(line) };
            }
        } else if has_digits && cells.len() == head.len() {
            for (cell, &sense) in cells.iter().zip(&head) {
                senses[start + cell.0..start + cell.1].fill(sense);
            }
        } else if !has_digits {
            head = cells
                .iter()
                .map(|&(from, to)| line[from..to].iter().fold(Sense::NONE, |sum, token| sum.and(token.sense)))
                .collect();
        }
        start += line.len();
    }
    senses
}

/// The columns that a line of words names: a label each, with what stands before or behind it.
fn columns(line: &[Token<'_>]) -> Vec<Sense> {
    let is_label = |token: &Token<'_>| token.sense.has(LABELS) || token.is_word(&["datum", "date"]);
    let telling: Vec<&Token<'_>> =
        line.iter().filter(|token| token.sense.has(STANDINGS) || is_label(token)).collect();
    let starts_with_label = telling.first().is_some_and(|token| is_label(token));
    let mut columns: Vec<Sense> = Vec::new();
    let mut is_open = false;
    for token in telling {
        if !is_open || starts_with_label && is_label(token) {
            columns.push(Sense::NONE);
        }
        if let Some(last) = columns.last_mut() {
            *last = last.and(token.sense);
        }
        is_open = starts_with_label || !is_label(token);
    }
    columns
}

const LABELS: Sense =
    Sense::READING.and(Sense::DEVICE).and(Sense::IDENT).and(Sense::USAGE).and(Sense::NAMED).and(Sense::MONEY);
const STANDINGS: Sense =
    Sense::NEW.and(Sense::OLD).and(Sense::LAST).and(Sense::ESTIMATE).and(Sense::RIGHT).and(Sense::WRONG);

/// The cells of a line, each from its first token to behind its last one.
fn cells(line: &[Token<'_>]) -> Vec<(usize, usize)> {
    let mut cells = Vec::new();
    let mut from = 0;
    for (at, token) in line.iter().enumerate() {
        if token.is_mark('|') {
            cells.push((from, at));
            from = at + 1;
        }
    }
    let end = line.len() - usize::from(line.last().is_some_and(|token| token.kind == Kind::Break));
    cells.push((from, end.max(from)));
    // A mark at the edge of a line sets nothing apart.
    if cells.last().is_some_and(|(from, to)| from == to) {
        cells.pop();
    }
    if cells.first().is_some_and(|(from, to)| from == to) {
        cells.remove(0);
    }
    cells
}
