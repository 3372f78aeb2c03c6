//! A text as words in which spellings of the same are equal.

use crate::pipeline::fold::fold;

/// Bytes of a text that are looked at.
const MOST_BYTES: usize = 64 * 1024;
/// Bytes beyond which a word is no word.
const LONGEST_WORD: usize = 60;

/// The words of a ticket's subject and text.
#[derive(Debug, Default)]
pub struct Words {
    /// Every word's key with a blank between, so that all can be searched at once.
    pub keys: String,
    pub list: Vec<Word>,
    sentence: u32,
    clause: u32,
}

/// One word.
#[derive(Debug, Clone, Copy)]
pub struct Word {
    /// Where its key stands in [`Words::keys`].
    pub start: usize,
    pub end: usize,
    /// Counts sentences, over subject and text.
    pub sentence: u32,
    /// Counts clauses, over subject and text.
    pub clause: u32,
    pub place: Place,
    /// Whether it began with a capital.
    pub is_capital: bool,
    /// Whether its sentence is a question.
    pub is_asked: bool,
}

/// Where a word stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    Subject,
    /// A subject that begins with `Re:` or the like: words that were ours first.
    Reply,
    Text,
}

impl Words {
    /// The words of the first 64 kB of each.
    pub fn new(subject: &str, text: &str) -> Self {
        let mut words = Self::default();
        let (subject, place) = without_reply_marks(subject);
        words.add(subject, place);
        words.end_sentence(0, false);
        words.add(text, Place::Text);
        words
    }

    pub fn key(&self, index: usize) -> &str {
        self.list.get(index).and_then(|word| self.keys.get(word.start..word.end)).unwrap_or_default()
    }

    /// The index of the word within whose key a byte of [`Words::keys`] lies.
    pub fn at(&self, byte: usize) -> usize {
        self.list.partition_point(|word| word.end <= byte)
    }

    fn add(&mut self, text: &str, place: Place) {
        let text = cut(text, MOST_BYTES);
        let mut from = self.list.len();
        let mut start = None;
        let mut letters = text.char_indices().peekable();
        let mut newlines = 0;
        while let Some((at, letter)) = letters.next() {
            let next = letters.peek().map(|&(_, next)| next);
            let inside = start.is_some() && is_apostrophe(letter) && next.is_some_and(char::is_alphanumeric);
            if letter.is_alphanumeric() || inside || ('\u{300}'..='\u{36f}').contains(&letter) {
                start.get_or_insert(at);
                newlines = 0;
                continue;
            }
            if let Some(start) = start.take() {
                self.push(text.get(start..at).unwrap_or_default(), place);
            }
            newlines = if letter == '\n' { newlines + 1 } else { newlines };
            let at_end = next.is_none_or(char::is_whitespace);
            let after_digit =
                text.get(..at).is_some_and(|before| before.ends_with(|last: char| last.is_ascii_digit()));
            let ends = match letter {
                '!' | '?' | ';' | '…' | '•' => true,
                '.' if !at_end => false,
                '.' if after_digit => next.is_none_or(|next| next == '\n'),
                // `Hauptstr. 4`, `bzw. der`: an abbreviation.
                '.' => begins_a_sentence(text.get(at + 1..).unwrap_or_default()),
                '\n' => newlines > 1,
                _ => false,
            };
            if ends && self.list.len() > from {
                self.end_sentence(from, letter == '?');
                from = self.list.len();
            } else if matches!(letter, '.' | ',' | ':' | '(' | ')' | '–' | '—') || letter == '-' && at_end
            {
                self.clause += 1;
            }
        }
        if let Some(start) = start {
            self.push(text.get(start..).unwrap_or_default(), place);
        }
    }

    fn push(&mut self, word: &str, place: Place) {
        // Elided articles are words of their own: l'abonnement, d'adresse.
        if let Some((article, rest)) = word.split_once(is_apostrophe)
            && (1..=2).contains(&article.len())
            && rest.len() > 2
            && !rest.starts_with(is_apostrophe)
        {
            self.push(article, place);
            self.push(rest, place);
            return;
        }
        if word.len() > LONGEST_WORD {
            return;
        }
        let key = key(word);
        if key.is_empty() {
            return;
        }
        if matches!(key.as_str(), "aber" | "sondern" | "but" | "mais" | "maar" | "ale" | "ama" | "pero") {
            self.clause += 1;
        }
        let (sentence, clause) = (self.sentence, self.clause);
        let start = self.keys.len();
        self.keys.push_str(&key);
        let is_capital = word.starts_with(char::is_uppercase);
        let end = self.keys.len();
        self.keys.push(' ');
        self.list.push(Word { start, end, sentence, clause, place, is_capital, is_asked: false });
    }

    fn end_sentence(&mut self, from: usize, is_asked: bool) {
        self.sentence += 1;
        self.clause += 1;
        for word in self.list.iter_mut().skip(from) {
            word.is_asked = is_asked;
        }
    }
}

/// The key of one word: folded, and with umlauts as if they had never been, since people write
/// `Zähler`, `Zaehler` and `Zahler`.
pub fn key(word: &str) -> String {
    let folded = fold(word);
    let mut key = String::with_capacity(folded.len());
    let mut letters = folded.chars().peekable();
    while let Some(letter) = letters.next() {
        if letter == ' ' {
            continue;
        }
        key.push(letter);
        if matches!(letter, 'a' | 'o' | 'u') && letters.peek() == Some(&'e') {
            letters.next();
        }
    }
    key
}

/// The start of a text, at most so many bytes of it.
pub fn cut(text: &str, most: usize) -> &str {
    text.get(..text.floor_char_boundary(most)).unwrap_or(text)
}

fn begins_a_sentence(rest: &str) -> bool {
    rest.chars()
        .find(|letter| !letter.is_whitespace())
        .is_none_or(|first| !first.is_lowercase() && !first.is_ascii_digit())
}

fn is_apostrophe(letter: char) -> bool {
    matches!(letter, '\'' | '’' | '`' | '´')
}

/// Takes `Re:`, `AW:`, `Fwd:` and their like off a subject.
fn without_reply_marks(subject: &str) -> (&str, Place) {
    let mut place = Place::Subject;
    let mut rest = subject.trim_start();
    while let Some((mark, after)) = rest.split_once(':') {
        match mark.trim().to_lowercase().as_str() {
            "re" | "aw" | "antw" | "antwort" | "sv" | "ynt" | "odp" | "rif" => place = Place::Reply,
            "fwd" | "fw" | "wg" | "tr" | "wtr" => {}
            _ => break,
        }
        rest = after.trim_start();
    }
    (rest, place)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_a_word_have_one_key() {
        assert_eq!(key("Zähler"), key("ZAEHLER"));
        assert_eq!(key("Zähler"), "zahler");
        assert_eq!(key("kündigen"), "kundigen");
    }

    #[test]
    fn sentences_end_at_their_marks_and_not_after_ordinals() {
        let words = Words::new("", "Am 1. Oktober ziehe ich um. Wie geht das?\n\nGruß");
        let sentences: Vec<_> = words.list.iter().map(|word| word.sentence).collect();
        assert_eq!(sentences, [1, 1, 1, 1, 1, 1, 2, 2, 2, 3]);
        assert!(words.list[6].is_asked && !words.list[5].is_asked);
    }

    #[test]
    fn marks_of_a_reply_are_no_words() {
        let words = Words::new("AW: WG: Rechnung", "don't résilier l'abonnement");
        assert_eq!(words.keys, "rechnung dont resilier l abonnement ");
        assert_eq!(words.list[0].place, Place::Reply);
        assert_eq!(words.at(3), 0);
        assert_eq!(words.key(words.at(9)), "dont");
    }
}
