//! A text cut into words and numbers, with what is neither taken out of play.

use crate::domain::mail;
use crate::pipeline::fold::fold;

/// A longer run of letters and digits is nothing that anybody wrote.
const MAX_TOKEN_BYTES: usize = 64;

/// A run of letters and digits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// Where it begins and ends in the text, in bytes.
    pub start: usize,
    pub end: usize,
    /// Counted from 0.
    pub line: usize,
    pub folded: String,
    /// Whether there is an ASCII digit in it.
    pub has_digit: bool,
    /// Whether it is ASCII digits only.
    pub is_number: bool,
    /// Whether it begins with an upper-case letter.
    pub is_capital: bool,
    /// Part of an address, a link, a date, a time, a decimal or an account number.
    pub is_masked: bool,
}

/// A text and what it is made of.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scan {
    pub text: String,
    pub tokens: Vec<Token>,
    /// Mail addresses in it, folded.
    pub emails: Vec<String>,
}

impl Scan {
    pub fn new(text: String) -> Self {
        let mut scan = Self { tokens: tokens(&text), text, emails: Vec::new() };
        scan.mask_links();
        scan.mask_dates_and_decimals();
        scan.mask_accounts();
        scan
    }

    /// What stands between a token and the next one; empty at the end.
    pub fn gap(&self, index: usize) -> &str {
        let Some(token) = self.tokens.get(index) else { return "" };
        let end = self.tokens.get(index + 1).map_or(self.text.len(), |next| next.start);
        self.text.get(token.end..end).unwrap_or_default()
    }

    /// What stands between the token before and this one.
    pub fn gap_before(&self, index: usize) -> &str {
        match index.checked_sub(1) {
            Some(before) => self.gap(before),
            None => self.text.get(..self.tokens.first().map_or(0, |token| token.start)).unwrap_or_default(),
        }
    }

    /// The spelling of the tokens from `first` to `last`.
    pub fn spelling(&self, first: usize, last: usize) -> &str {
        match (self.tokens.get(first), self.tokens.get(last)) {
            (Some(first), Some(last)) => self.text.get(first.start..last.end).unwrap_or_default(),
            _ => "",
        }
    }

    /// The tokens of the same line as this one, as a range of indices.
    pub fn line_of(&self, index: usize) -> std::ops::Range<usize> {
        let Some(token) = self.tokens.get(index) else { return index..index };
        let start = self.tokens.partition_point(|other| other.line < token.line);
        let end = self.tokens.partition_point(|other| other.line <= token.line);
        start..end
    }

    fn mask(&mut self, start: usize, end: usize) {
        let from = self.tokens.partition_point(|token| token.end <= start);
        for token in self.tokens.iter_mut().skip(from).take_while(|token| token.start < end) {
            token.is_masked = true;
        }
    }

    fn mask_links(&mut self) {
        let mut spans = Vec::new();
        let mut emails = Vec::new();
        let mut offset = 0;
        let is_border = |letter: char| letter.is_whitespace() || "<>()[]{}|,;\"'".contains(letter);
        for chunk in self.text.split(is_border) {
            let span = (offset, offset + chunk.len());
            // Every border is looked at in its own length.
            offset = span.1
                + self.text.get(span.1..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
            if chunk.contains("://") || chunk.starts_with("www.") {
                spans.push(span);
            } else if chunk.contains('@') && chunk.len() <= mail::MAX_ADDRESS_BYTES {
                spans.push(span);
                let address =
                    chunk.rsplit(':').next().unwrap_or(chunk).trim_matches(['.', '*', '_', '!', '?']);
                if mail::is_address(address) {
                    emails.push(mail::fold(address));
                }
            }
        }
        for (start, end) in spans {
            self.mask(start, end);
        }
        self.emails = emails;
    }

    fn mask_dates_and_decimals(&mut self) {
        let mut index = 0;
        while index < self.tokens.len() {
            // The run of numbers that nothing but a mark joins.
            let mut last = index;
            while self.tokens[last].is_number
                && matches!(self.gap(last), "." | "," | ":" | "/" | "-")
                && self.tokens.get(last + 1).is_some_and(|next| next.is_number)
            {
                last += 1;
            }
            if last > index {
                let is_decimal = (index..last).any(|at| {
                    self.gap(at) == ":" || (self.gap(at) == "," && self.tokens[at + 1].folded.len() <= 3)
                });
                if is_decimal || (last == index + 2 && self.is_date(index)) {
                    self.tokens[index..=last].iter_mut().for_each(|token| token.is_masked = true);
                }
            }
            index = last + 1;
        }
    }

    fn is_date(&self, first: usize) -> bool {
        let number = |index: usize| self.tokens[index].folded.parse::<u32>().unwrap_or(u32::MAX);
        let (first, second, third) = (number(first), number(first + 1), number(first + 2));
        let is_day = |number: u32| (1..=31).contains(&number);
        let is_year = |number: u32| (1900..=2100).contains(&number);
        (is_day(first) && is_day(second) && (third < 100 || is_year(third)))
            || (is_year(first) && is_day(second) && is_day(third))
    }

    /// Takes account numbers out, which are groups of digits that could be anything.
    fn mask_accounts(&mut self) {
        for first in 0..self.tokens.len() {
            let head = &self.tokens[first].folded;
            let has_head = head.len() >= 4
                && head.bytes().take(2).all(|byte| byte.is_ascii_alphabetic())
                && head.bytes().skip(2).take(2).all(|byte| byte.is_ascii_digit());
            if !has_head || self.tokens[first].is_masked {
                continue;
            }
            let mut account = head.clone();
            let mut last = first;
            loop {
                if (15..=34).contains(&account.len()) && account.to_uppercase().parse::<iban::Iban>().is_ok()
                {
                    self.tokens[first..=last].iter_mut().for_each(|token| token.is_masked = true);
                    break;
                }
                let Some(next) = self.tokens.get(last + 1) else { break };
                if !matches!(self.gap(last), " " | "\u{a0}" | "-" | ".")
                    || account.len() + next.folded.len() > 34
                {
                    break;
                }
                account.push_str(&next.folded);
                last += 1;
            }
        }
    }
}

fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut line = 0;
    let mut start = None;
    // A mark that stands alone belongs to the letter before it.
    let is_part = |letter: char| letter.is_alphanumeric() || ('\u{300}'..='\u{36f}').contains(&letter);
    for (at, letter) in text.char_indices().chain([(text.len(), ' ')]) {
        match (start, is_part(letter)) {
            (None, true) => start = Some(at),
            (Some(begin), false) => {
                tokens.extend(text.get(begin..at).map(|spelling| token(spelling, begin, line)));
                start = None;
            }
            _ => {}
        }
        line += usize::from(letter == '\n');
    }
    tokens
}

fn token(spelling: &str, start: usize, line: usize) -> Token {
    let is_long = spelling.len() > MAX_TOKEN_BYTES;
    Token {
        start,
        end: start + spelling.len(),
        line,
        folded: if is_long { String::new() } else { fold(spelling) },
        has_digit: !is_long && spelling.bytes().any(|byte| byte.is_ascii_digit()),
        is_number: !is_long && spelling.bytes().all(|byte| byte.is_ascii_digit()),
        is_capital: spelling.chars().next().is_some_and(char::is_uppercase),
        is_masked: is_long,
    }
}

#[cfg(test)]
mod tests {
    use super::Scan;

    fn open(text: &str) -> Vec<String> {
        let scan = Scan::new(text.to_owned());
        scan.tokens.into_iter().filter(|token| !token.is_masked).map(|token| token.folded).collect()
    }

    #[test]
    fn what_is_no_number_of_its_own_is_masked() {
        assert_eq!(open("am 12.03.2024 um 10:30"), ["am", "um"]);
        assert_eq!(open("2024-03-12: 83.771,50 EUR"), ["eur"]);
        assert_eq!(
            open("IBAN DE89 3704 0044 0532 0130 00, Vertrag 746.839"),
            ["iban", "vertrag", "746", "839"]
        );
        assert_eq!(open("siehe https://shop.de/order/746839 bitte"), ["siehe", "bitte"]);
    }

    #[test]
    fn addresses_are_found_and_masked() {
        let scan = Scan::new("E-Mail:Tom83771@Mustermann.de, sonst <eva@mm.com>.".into());
        assert_eq!(scan.emails, ["tom83771@mustermann.de", "eva@mm.com"]);
        assert!(scan.tokens.iter().all(|token| token.is_masked || !token.has_digit));
    }

    #[test]
    fn a_huge_word_is_masked() {
        assert_eq!(open(&"9".repeat(50_000)), Vec::<String>::new());
    }
}
