//! Words of a line, folded so that spellings compare equal.

use crate::pipeline::fold::fold;

/// A word and where it stands in its line, in bytes.
#[derive(Debug)]
pub struct Word<'a> {
    pub start: usize,
    pub end: usize,
    pub raw: &'a str,
    pub folded: String,
}

impl Word<'_> {
    pub fn is_capitalised(&self) -> bool {
        self.raw.starts_with(char::is_uppercase)
    }
}

/// The words of a line: runs of letters and digits.
pub fn words(line: &str) -> Vec<Word<'_>> {
    let mut words = Vec::new();
    let mut start = None;
    for (at, letter) in line.char_indices().chain([(line.len(), ' ')]) {
        // Marks that stand alone belong to the letter before them.
        let is_inside = letter.is_alphanumeric() || ('\u{300}'..='\u{36f}').contains(&letter);
        match (start, is_inside) {
            (None, true) => start = Some(at),
            (Some(from), false) => {
                let raw = &line[from..at];
                words.push(Word { start: from, end: at, raw, folded: fold(raw) });
                start = None;
            }
            _ => {}
        }
    }
    words
}

/// The folded beginning of a line, as far as phrases at its start are looked for.
pub fn head(line: &str) -> String {
    fold(&line[..line.floor_char_boundary(240)])
}

/// Whether a folded text begins with a folded phrase, at the end of a word.
pub fn begins(text: &str, phrase: &str) -> bool {
    text.strip_prefix(phrase).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
}

/// Whether a folded text contains a folded word or a sequence of them.
pub fn contains(text: &str, phrase: &str) -> bool {
    text.match_indices(phrase).any(|(at, _)| {
        let rest = &text[at + phrase.len()..];
        (at == 0 || text[..at].ends_with(' ')) && (rest.is_empty() || rest.starts_with(' '))
    })
}

/// Whether a line is nothing but a name: up to five words with capitals, and titles and particles.
pub fn is_name(line: &str) -> bool {
    const NO_NAMES: &[&str] = &[
        "bitte",
        "danke",
        "dank",
        "vielen",
        "herzlichen",
        "besten",
        "hallo",
        "guten",
        "moin",
        "ja",
        "nein",
        "ok",
        "okay",
        "thanks",
        "thank",
        "many",
        "hello",
        "hi",
        "yes",
        "no",
        "please",
        "merci",
        "grazie",
        "gracias",
        "bedankt",
        "dziekuje",
        "tesekkuerler",
        "tesekkuer",
        "sehr",
        "liebe",
        "lieber",
        "dear",
        "tschuess",
        "mahlzeit",
        "super",
        "erledigt",
        "stimmt",
        "gekuendigt",
        "kuendigung",
        "zaehlerstand",
        "rechnung",
        "umzug",
        "adresse",
        "anlage",
        "anhang",
        "siehe",
        "alles",
        "schoenen",
        "schoenes",
        "dzien",
        "bonjour",
        "buongiorno",
        "hola",
        "merhaba",
        "goedemorgen",
        "bis",
        "viel",
        "viele",
        "gute",
        "guter",
        "gutes",
        "strom",
        "gas",
        "keine",
        "nicht",
    ];
    let line = line.trim_start_matches(['-', '–', '—', '~', '*', ' ']).trim_end_matches(['*', ' ', ',']);
    if line.is_empty() || line.len() > 60 || line.ends_with(['!', '?', ':', ';']) {
        return false;
    }
    if line.contains(|sign: char| sign.is_ascii_digit() || "@/:;!?=+<>%€".contains(sign)) {
        return false;
    }
    let words = words(line);
    let particles = [
        "von", "van", "de", "der", "den", "zu", "und", "el", "al", "da", "di", "and", "u", "i", "a", "v",
        "vom", "et", "y", "la", "le", "del", "ter",
    ];
    let is_part = |word: &Word<'_>| word.is_capitalised() || particles.contains(&word.folded.as_str());
    (1..=7).contains(&words.len())
        && words.iter().any(Word::is_capitalised)
        && words.iter().all(is_part)
        && !words.iter().any(|word| NO_NAMES.contains(&word.folded.as_str()))
        && (!line.ends_with('.') || words.last().is_some_and(|word| word.raw.chars().count() <= 4))
}

/// Whether a line reads like a part of a message and not like one of a signature.
pub fn is_sentence(line: &str) -> bool {
    let words = words(&line[..line.floor_char_boundary(400)]);
    let lower = words.iter().filter(|word| word.raw.starts_with(char::is_lowercase)).count();
    words.len() >= 5 && lower >= 3
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_told_from_sentences() {
        assert!(is_name("Tom Mustermann"));
        assert!(is_name("i.A. Dr. Anna von der Heide"));
        assert!(!is_name("Vielen Dank"));
        assert!(!is_name("Bitte um Rückruf."));
        assert!(is_sentence("ich habe noch eine Frage dazu"));
        assert!(!is_sentence("Hugo-Junkers-Str. 5, 82031 Grünwald"));
    }

    #[test]
    fn words_know_where_they_stand() {
        let words = words("Grüße, M.f.G.");
        assert_eq!(
            words.iter().map(|word| word.folded.as_str()).collect::<Vec<_>>(),
            ["gruesse", "m", "f", "g"]
        );
        assert_eq!((words[0].start, words[0].end), (0, "Grüße".len()));
    }
}
