//! A text as words, numbers and marks, with the sentences and clauses that they stand in.

use super::clause::number_clauses;
use super::hidden::{hide_accounts, hide_phones};
use super::lexicon::{Sense, sense};
use crate::pipeline::fold::fold;

/// A word, a number or a mark of a text.
#[derive(Debug, Clone)]
pub struct Token<'a> {
    pub text: &'a str,
    /// Byte offset in the text.
    pub start: usize,
    pub kind: Kind,
    /// A word's folded form; empty for all else.
    pub folded: String,
    pub sense: Sense,
    /// Tokens of one sentence have the same number.
    pub sentence: u32,
    /// Tokens of one clause have the same number.
    pub clause: u32,
}

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Word,
    /// Digits, perhaps with marks and blanks between them.
    Digits,
    /// What has digits but is no number: an identifier, a time, a telephone number, an address of mail.
    Name,
    Mark(char),
    /// The end of a line.
    Break,
}

impl Token<'_> {
    pub fn end(&self) -> usize {
        self.start + self.text.len()
    }

    pub fn is_mark(&self, mark: char) -> bool {
        self.kind == Kind::Mark(mark)
    }

    pub fn is_word(&self, words: &[&str]) -> bool {
        self.kind == Kind::Word && words.contains(&self.folded.as_str())
    }

    pub fn is_capitalised(&self) -> bool {
        self.text.starts_with(char::is_uppercase)
    }

    /// Whether it is plain digits, at most this many.
    pub fn is_short_number(&self, digits: usize) -> bool {
        self.kind == Kind::Digits && self.text.len() <= digits && is_plain(self.text)
    }
}

/// Whether these are digits and nothing else.
pub fn is_plain(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|letter| letter.is_ascii_digit())
}

/// The tokens of a text.
pub fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut tokens = Reader { text, at: 0, chunk_end: 0, tokens: Vec::new() }.read();
    hide_accounts(&mut tokens);
    hide_phones(&mut tokens);
    number_clauses(&mut tokens);
    tokens
}

/// The index of the first token that begins at this byte or behind it.
pub fn index_at(tokens: &[Token<'_>], byte: usize) -> usize {
    tokens.partition_point(|token| token.start < byte)
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    /// The end of the run without white space that `at` stands in.
    chunk_end: usize,
    tokens: Vec<Token<'a>>,
}

impl<'a> Reader<'a> {
    fn read(mut self) -> Vec<Token<'a>> {
        while let Some(letter) = self.text[self.at..].chars().next() {
            if self.at >= self.chunk_end && !letter.is_whitespace() && self.skip_address() {
                continue;
            }
            let end = self.at + letter.len_utf8();
            if letter == '\n' {
                self.push(end, Kind::Break);
            } else if letter == '\t' {
                self.push(end, Kind::Mark('|'));
            } else if letter.is_ascii_digit() {
                self.digits();
            } else if letter.is_alphanumeric() {
                let end = self.word_end(self.at);
                let word = &self.text[self.at..end];
                let is_name = word.bytes().any(|letter| letter.is_ascii_digit())
                    && !sense(&fold(word)).has(Sense::UNIT.and(Sense::HIGH).and(Sense::LOW));
                self.push(end, if is_name { Kind::Name } else { Kind::Word });
            } else if letter.is_whitespace() || is_invisible(letter) {
                self.at = end;
            } else {
                self.push(end, Kind::Mark(letter));
            }
        }
        self.tokens
    }

    /// Takes a mail address or a link as one token.
    fn skip_address(&mut self) -> bool {
        let chunk = self.text[self.at..].split(char::is_whitespace).next().unwrap_or_default();
        self.chunk_end = self.at + chunk.len();
        let chunk = chunk.trim_end_matches([',', ';', '.', ':', '!', '?', ')']);
        let is_address = chunk.contains('@') || chunk.contains("://") || chunk.starts_with("www.");
        if is_address {
            self.push(self.at + chunk.len(), Kind::Name);
        }
        is_address
    }

    fn push(&mut self, end: usize, kind: Kind) {
        let text = &self.text[self.at..end];
        let folded = match kind {
            Kind::Word => fold(text),
            Kind::Mark('€' | '$' | '£' | '%' | '°') => text.to_owned(),
            _ => String::new(),
        };
        let sense = if folded.is_empty() { Sense::NONE } else { sense(&folded) };
        self.tokens.push(Token { text, start: self.at, kind, folded, sense, sentence: 0, clause: 0 });
        self.at = end;
    }

    fn word_end(&self, from: usize) -> usize {
        let rest = &self.text[from..];
        from + rest.find(|letter: char| !letter.is_alphanumeric() && !is_accent(letter)).unwrap_or(rest.len())
    }

    fn digits(&mut self) {
        let bytes = self.text.as_bytes();
        let run = |from: usize| bytes[from..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        let mut end = self.at + run(self.at);
        let mut is_name = false;
        // A mark between digits belongs to them.
        while let Some((mark, width)) = joiner(&self.text[end..]) {
            let next = run(end + width);
            let part = end - self.at;
            let joins = match mark {
                ':' => next == 2 && (is_name || part <= 2),
                '/' => next < 4 && part < 4 || self.text[self.at..end].contains('/'),
                _ => true,
            };
            if next == 0 || !joins {
                break;
            }
            is_name |= mark == ':';
            end += width + next;
        }
        if !is_name && run(self.at) <= 3 {
            end = self.blank_groups(end);
        }
        let word_end = self.word_end(end);
        if word_end > end {
            let word = fold(&self.text[end..word_end]);
            let is_attached = sense(&word).has(Sense::UNIT.and(Sense::HIGH).and(Sense::LOW))
                || ["st", "nd", "rd", "th", "er", "e", "ste", "de"].contains(&word.as_str());
            if !is_attached {
                return self.push(word_end, Kind::Name);
            }
        }
        let number = &self.text[self.at..end];
        is_name |=
            number.len() > 40 || number.contains(['/', '-']) && !is_date_shaped(number) || is_code(number);
        self.push(end, if is_name { Kind::Name } else { Kind::Digits });
    }

    /// The end of groups of three digits that single blanks set apart.
    fn blank_groups(&self, first_end: usize) -> usize {
        if !is_plain(&self.text[self.at..first_end]) {
            return first_end;
        }
        let mut end = first_end;
        loop {
            let rest = &self.text[end..];
            let width = match rest.chars().next() {
                Some(blank @ (' ' | '\u{a0}' | '\u{202f}' | '\u{2009}')) => blank.len_utf8(),
                _ => return end,
            };
            let group = rest.as_bytes().get(width..).unwrap_or_default();
            let digits = group.iter().take(4).take_while(|byte| byte.is_ascii_digit()).count();
            if digits != 3 {
                return end;
            }
            let behind = group.get(3..).unwrap_or_default();
            end += width + 3;
            if let [b'.' | b',' | b':' | b'/' | b'-', next, ..] = behind
                && next.is_ascii_digit()
            {
                let decimals = behind[1..].iter().take_while(|byte| byte.is_ascii_digit()).count();
                let is_decimal = matches!(behind[0], b',' | b'.') && decimals <= 3;
                return if is_decimal { end + 1 + decimals } else { first_end };
            }
        }
    }
}

fn joiner(rest: &str) -> Option<(char, usize)> {
    let mark = rest.chars().next()?;
    matches!(mark, '.' | ',' | '\'' | '’' | ':' | '/' | '-').then(|| (mark, mark.len_utf8()))
}

fn is_accent(letter: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&letter)
}

fn is_invisible(letter: char) -> bool {
    matches!(letter, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{feff}' | '*') || letter.is_control()
}

fn is_date_shaped(number: &str) -> bool {
    let parts: Vec<&str> = number.split(['/', '-']).collect();
    let widths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
    parts.iter().all(|part| is_plain(part))
        && match widths[..] {
            [1..=2, 1..=2] => number.contains('/'),
            [1..=2, 1..=2, 2 | 4] | [4, 1..=2, 1..=2] => true,
            _ => false,
        }
}

/// Whether dots group these digits neither by thousands nor as a date: `1.8.0`.
fn is_code(number: &str) -> bool {
    let whole = number.split(',').next().unwrap_or_default();
    let mut widths = whole.split('.').map(str::len);
    let first = widths.next().unwrap_or_default();
    let rest: Vec<usize> = widths.collect();
    let is_grouped = first <= 3 && rest.iter().all(|&width| width == 3);
    rest.len() > 1 && !is_grouped && !(first <= 2 && matches!(rest[..], [1..=2, 2 | 4]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(text: &str) -> Vec<&str> {
        tokens(text).into_iter().filter(|token| token.kind == Kind::Digits).map(|token| token.text).collect()
    }

    #[test]
    fn digits_are_taken_together_with_their_marks_and_blanks() {
        for (text, expected) in [
            ("87.870,5 kWh", vec!["87.870,5"]),
            ("6 734 kWh und 5'610", vec!["6 734", "5'610"]),
            ("12 345,6m³", vec!["12 345,6"]),
            ("8712kWh, 4321", vec!["8712", "4321"]),
            ("4523 4532", vec!["4523", "4532"]),
            ("HT/NT 12345/6789", vec!["12345", "6789"]),
            ("am 01.10.2026 um 8:30 Uhr", vec!["01.10.2026"]),
        ] {
            assert_eq!(numbers(text), expected, "{text}");
        }
    }

    #[test]
    fn names_are_no_numbers() {
        for text in [
            "1ESY1160669167",
            "DE89 3704 0044 0532 0130 00",
            "+49 171 1234567",
            "0171 1234567",
            "030/123456",
            "(030) 123 456",
            "06 12 34 56 78",
            "tom83771@mustermann.de https://x.de/123",
            "1-1:1.8.0",
        ] {
            assert_eq!(numbers(text), Vec::<&str>::new(), "{text}");
        }
    }

    #[test]
    fn a_wrapped_line_is_one_sentence_and_a_list_is_many() {
        let wrapped = tokens("ich habe heute den Zähler abgelesen und der Stand\n12345 kWh ist richtig");
        assert_eq!(wrapped.last().unwrap().sentence, 0);
        let list = tokens("Kunde: 1\nZähler: 2\nStand: 3");
        assert_eq!(list.last().unwrap().sentence, 2);
    }
}
