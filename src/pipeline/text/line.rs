//! A body as lines, whether it came as HTML or as plain text.

/// Whose words a line is, as far as the markup or its first sign says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    Own,
    /// Quoted history.
    Quote,
    /// Between the quotes of a container that holds an attribution, quotes, and perhaps answers.
    Container,
    Signature,
}

/// One line of the text without markup; a blank one separates paragraphs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub text: String,
    pub mark: Mark,
    /// The markup says that everything from here on is history.
    pub starts_history: bool,
}

impl Line {
    pub fn new(text: String, mark: Mark) -> Self {
        Self { text, mark, starts_history: false }
    }

    pub fn is_blank(&self) -> bool {
        self.text.is_empty()
    }

    /// The line without one level of `>`.
    pub fn unquoted(&self) -> Self {
        let text = self.text.strip_prefix('>').unwrap_or(&self.text).trim_start();
        Self::new(text.to_owned(), mark_of(text, ""))
    }
}

/// The lines of a plain text.
pub fn plain_lines(text: &str) -> Vec<Line> {
    let lines = text.split('\n').flat_map(|line| line.trim_end_matches('\r').split('\r'));
    let mut previous = String::new();
    lines
        .map(|line| {
            let text = tidy(line);
            let mark = mark_of(&text, &previous);
            previous.clone_from(&text);
            Line::new(text, mark)
        })
        .collect()
}

/// The text of lines, trimmed, with at most one blank line in a row.
pub fn join<'a>(lines: impl Iterator<Item = &'a str>) -> String {
    let mut text = String::new();
    let mut is_gap = false;
    for line in lines {
        if line.is_empty() {
            is_gap = true;
            continue;
        }
        if !text.is_empty() {
            text.push_str(if is_gap { "\n\n" } else { "\n" });
        }
        text.push_str(line);
        is_gap = false;
    }
    text
}

/// Trimmed, blanks of every width made one kind, and without characters that nobody sees.
pub fn tidy(line: &str) -> String {
    let is_plain = |byte: u8| (b' '..0x7f).contains(&byte);
    if line.bytes().all(is_plain) {
        return line.trim().to_owned();
    }
    let mut tidy = String::with_capacity(line.len());
    for letter in line.chars() {
        match letter {
            '\u{ad}'
            | '\u{200b}'
            | '\u{200e}'
            | '\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'
            | '\u{2066}'..='\u{2069}'
            | '\u{feff}' => {}
            _ if letter.is_whitespace() => tidy.push(' '),
            _ if letter.is_control() => {}
            _ => tidy.push(letter),
        }
    }
    tidy.truncate(tidy.trim_end().len());
    tidy.drain(..tidy.len() - tidy.trim_start().len());
    tidy
}

/// A line that begins with `>` is quoted, unless that is a comparison in a sentence that the line above began.
pub fn mark_of(text: &str, above: &str) -> Mark {
    let Some(rest) = text.strip_prefix('>') else { return Mark::Own };
    let rest = rest.trim_start();
    let after_number = rest.trim_start_matches(|sign: char| sign.is_ascii_digit());
    let is_number = after_number.len() < rest.len() && !after_number.starts_with([')', '.']);
    let goes_on = above.ends_with(char::is_alphanumeric) && !above.starts_with('>');
    if (is_number || rest.starts_with('=')) && goes_on { Mark::Own } else { Mark::Quote }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comparison_is_no_quote() {
        assert_eq!(mark_of("> Wann ziehen Sie um?", "Hallo"), Mark::Quote);
        assert_eq!(mark_of("> 1. Wann ziehen Sie um?", "Hallo"), Mark::Quote);
        assert_eq!(mark_of("> 3000 kWh im Jahr", "schrieb Tom:"), Mark::Quote);
        assert_eq!(mark_of("> 3000 kWh im Jahr", "Mein Verbrauch liegt bei"), Mark::Own);
    }

    #[test]
    fn what_nobody_sees_is_left_out() {
        assert_eq!(tidy(" a\u{a0}b\u{200b}c\u{7}\t "), "a bc");
    }

    #[test]
    fn line_ends_of_every_system_are_read() {
        let texts = |text| plain_lines(text).into_iter().map(|line| line.text).collect::<Vec<_>>();
        assert_eq!(texts("a\r\nb\rc\n\nd"), ["a", "b", "c", "", "d"]);
    }
}
