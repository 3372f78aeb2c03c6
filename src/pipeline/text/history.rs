//! Which lines are quoted history.

use super::line::{Line, Mark};
use super::words::{begins, contains, head};
use super::{attribution, header_block, phrases};

/// What of a mail is history, and what of that is a message somebody else wrote.
#[derive(Default)]
pub struct History {
    /// For each line whether it is the sender's own.
    pub is_own: Vec<bool>,
    /// The mail that this one forwards, or that stands below headers; empty where there is none.
    pub forwarded: Vec<Line>,
    pub evidence: Vec<String>,
}

/// How the history goes on at a line.
enum Turn {
    /// Lines up to this one belong to no message.
    Drop(usize),
    /// Everything from the first of these on is history, and its message begins at the second.
    Rest { from: usize, message: usize },
}

/// Find the quoted history in the lines of a mail.
pub fn find(lines: &[Line]) -> History {
    let marks = resolve_containers(lines);
    let mut history = History { is_own: vec![true; lines.len()], ..History::default() };
    let (mut quoted, mut is_reply, mut has_own) = (0, false, false);
    let mut at = 0;
    while at < lines.len() {
        let line = &lines[at];
        if line.is_blank() {
            at += 1;
            continue;
        }
        if marks[at] == Mark::Quote && !line.starts_history {
            quoted += 1;
            history.is_own[at] = false;
            at += 1;
            continue;
        }
        match turn(lines, &marks, at, has_own, &mut is_reply) {
            Some(Turn::Drop(end)) => {
                history.is_own[at..end].fill(false);
                at = end;
            }
            Some(Turn::Rest { from, message }) => {
                history
                    .evidence
                    .push(format!("cut quoted history from the line {}", excerpt(&lines[from].text)));
                history.is_own[from..].fill(false);
                history.forwarded = lines[message..].iter().map(unquoted_region).collect();
                break;
            }
            None => {
                has_own |= marks[at] == Mark::Own;
                at += 1;
            }
        }
    }
    if quoted > 0 {
        history.evidence.push(format!("cut quoted lines: {quoted}"));
        if history.forwarded.is_empty() && !is_reply {
            let others = lines.iter().zip(&marks).filter(|(_, mark)| **mark == Mark::Quote);
            history.forwarded = others.map(|(line, _)| line.unquoted()).collect();
        }
    }
    history
}

fn turn(lines: &[Line], marks: &[Mark], at: usize, has_own: bool, is_reply: &mut bool) -> Option<Turn> {
    let is_quoted = |index: usize| marks.get(index) == Some(&Mark::Quote);
    let after =
        |end: usize| (end..lines.len()).find(|&index| !lines[index].is_blank()).unwrap_or(lines.len());
    // Who answers below the quote goes on after it.
    let is_above_quote = |end: usize| is_quoted(after(end)) && lines[after(end)].text.starts_with('>');
    let line = &lines[at];
    if line.starts_history {
        let end = header_block::find(lines, at).unwrap_or(at);
        return Some(Turn::Rest { from: at, message: separator(lines, at).unwrap_or(end) });
    }
    if is_above_line(&line.text) {
        return Some(if has_own {
            Turn::Rest { from: at, message: lines.len() }
        } else {
            Turn::Drop(at + 1)
        });
    }
    if let Some(found) = attribution::find(lines, at) {
        let is_quote = is_quoted(after(found.end));
        // Below the words of somebody who tells of a letter stand its words in quotation marks.
        let is_told =
            lines.get(after(found.end)).is_some_and(|next| next.text.starts_with(['"', '„', '“', '»', '«']));
        if is_quote || (found.is_certain && !is_told) {
            *is_reply |= is_quote;
            return Some(if is_quote {
                Turn::Drop(found.end)
            } else {
                Turn::Rest { from: at, message: found.end }
            });
        }
    }
    let end = separator(lines, at).or_else(|| header_block::find(lines, at))?;
    if is_above_quote(end) {
        return Some(Turn::Drop(end));
    }
    let mut from = header_block::start(lines, at);
    // A rule above the headers is theirs.
    while let Some(above) = (0..from).rev().find(|&index| !lines[index].is_blank())
        && is_rule(&lines[above].text)
    {
        from = above;
    }
    Some(Turn::Rest { from, message: end })
}

/// The line after a separator and the headers below it, if the line is one.
fn separator(lines: &[Line], at: usize) -> Option<usize> {
    let line = &lines[at].text;
    if line.len() > 160 {
        return None;
    }
    let is_frame = |sign: char| "-_=*~+#>< ".contains(sign) || sign.is_whitespace();
    let inner = line.trim_matches(is_frame);
    let is_framed = inner.len() < line.len()
        && line.starts_with(['-', '_', '=', '*', '~', '+', '#', '<'])
        && (line.ends_with(['-', '_', '=', '*', '~', '+', '#', '>', ':']));
    let name = head(inner);
    let is_separator = phrases::SEPARATORS.contains(&name.as_str())
        || phrases::SEPARATOR_STARTS.iter().any(|start| begins(&name, start))
        || (is_framed
            && line.starts_with("---")
                | line.starts_with("===")
                | line.starts_with("***")
                | line.starts_with("___")
            && name.split(' ').count() <= 8
            && phrases::SEPARATOR_WORDS.iter().any(|word| contains(&name, word)));
    // Notes: `Kundenservice---03.05.2024 10:12:34---Sehr geehrter …`
    let is_notes = line.split("---").nth(1).is_some_and(|date| {
        (8..=30).contains(&date.trim().len())
            && date.contains(':')
            && date.bytes().filter(u8::is_ascii_digit).count() >= 8
    });
    if !is_separator && !is_notes {
        return None;
    }
    let below = (at + 1..lines.len()).find(|&index| !lines[index].is_blank());
    Some(below.and_then(|below| header_block::find(lines, below)).unwrap_or(at + 1))
}

/// Whether a line asks to write above it.
fn is_above_line(line: &str) -> bool {
    // Who tells of such a line quotes it.
    if line.len() > 240 || line.contains(['"', '„', '“', '«', '»']) {
        return false;
    }
    let line = head(line);
    phrases::ABOVE_LINE.iter().any(|phrase| contains(&line, phrase))
}

/// Whether a line is nothing but a rule.
pub fn is_rule(line: &str) -> bool {
    line.len() >= 3 && line.chars().all(|sign| "-_=*~#•·—–─━+ ".contains(sign))
}

/// The marks of lines, with those in containers told apart: answers where quotes stand beside them, else
/// history.
fn resolve_containers(lines: &[Line]) -> Vec<Mark> {
    let mut marks: Vec<Mark> = lines.iter().map(|line| line.mark).collect();
    let mut at = 0;
    while at < lines.len() {
        if marks[at] != Mark::Container {
            at += 1;
            continue;
        }
        let is_inside = |mark: &Mark| matches!(mark, Mark::Container | Mark::Quote);
        let end = at + marks[at..].iter().take_while(|mark| is_inside(mark)).count();
        // An attribution and then a quote: what else is there was written between.
        let quote = (at..end).find(|&index| marks[index] == Mark::Quote && !lines[index].is_blank());
        let is_reply = quote.is_some_and(|quote| {
            let mut above = lines[at..quote].iter().filter(|line| !line.is_blank());
            above.clone().count() <= 4 && above.next_back().is_none_or(|line| line.text.ends_with(':'))
        });
        for mark in marks[at..end].iter_mut().filter(|mark| **mark == Mark::Container) {
            *mark = if is_reply { Mark::Own } else { Mark::Quote };
        }
        at = end;
    }
    marks
}

/// A line of the mail that is forwarded, as that mail's own.
fn unquoted_region(line: &Line) -> Line {
    let mut line = line.clone();
    line.starts_history = false;
    if line.mark != Mark::Signature {
        line.mark = super::line::mark_of(&line.text, "");
    }
    line
}

/// A line as evidence shows it.
pub fn excerpt(line: &str) -> String {
    const LENGTH: usize = 60;
    let end = line.floor_char_boundary(LENGTH);
    if end < line.len() { format!("'{}…'", &line[..end]) } else { format!("'{line}'") }
}
