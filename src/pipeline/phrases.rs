//! Words and phrases of a list, found in a text whatever its case, accents and punctuation.

use std::collections::HashSet;

use aho_corasick::{AhoCorasick, MatchKind};

use super::fold::fold;

/// What stands for any number, in digits or as a word: `seit # wochen` is found in "seit drei Wochen".
pub const NUMBER: &str = "#";

/// The words that count as numbers, folded.
const NUMBER_WORDS: &[&str] = &[
    "zwei",
    "drei",
    "vier",
    "fuenf",
    "sechs",
    "sieben",
    "acht",
    "neun",
    "zehn",
    "elf",
    "zwoelf",
    "zweiten",
    "dritten",
    "vierten",
    "fuenften",
    "sechsten",
    "zweite",
    "dritte",
    "vierte",
    "fuenfte",
    "zig",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "twelve",
    "second",
    "third",
    "fourth",
    "fifth",
    "deux",
    "trois",
    "quatre",
    "cinq",
    "dix",
    "troisieme",
    "twee",
    "drie",
    "vijf",
    "zes",
    "derde",
    "dwa",
    "trzy",
    "cztery",
    "trzeci",
    "iki",
    "uc",
    "bes",
    "ucuncu",
    "due",
    "tre",
    "quattro",
    "cinque",
    "terza",
    "dos",
    "tres",
    "cuatro",
    "cinco",
    "tercera",
];

/// The folded words of a text, and where its clauses and sentences end.
#[derive(Debug, Default)]
pub struct Words {
    /// Each word with a blank on either side, so that neighbours share none.
    padded: String,
    places: Vec<Place>,
}

/// Where a word stands.
#[derive(Debug, Clone, Copy)]
struct Place {
    /// In the padded text.
    byte: usize,
    clause: usize,
    sentence: usize,
}

/// A phrase that was found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Hit<'a, T> {
    /// As the list has it, folded.
    pub phrase: &'a str,
    pub value: T,
    /// The first and one past the last word, counted from the start of the text.
    pub words: (usize, usize),
    /// Commas and sentence ends begin the next one.
    pub clause: usize,
    pub sentence: usize,
}

/// Lists of phrases, each list with a value of its own.
pub struct Phrases<T> {
    automaton: AhoCorasick,
    known: Vec<(String, T)>,
}

impl Words {
    /// Reads a text, at most `max_bytes` of it.
    pub fn of(text: &str, max_bytes: usize) -> Self {
        let mut words = Self::default();
        let (mut clause, mut sentence) = (0, 0);
        let mut rest = &text[..text.floor_char_boundary(max_bytes)];
        while !rest.is_empty() {
            let (part, end, is_sentence) = next_clause(rest);
            words.push(part, clause, sentence);
            clause += 1;
            sentence += usize::from(is_sentence);
            rest = &rest[end..];
        }
        words
    }

    /// A word by its number, folded; `#` for a number.
    pub fn get(&self, word: usize) -> Option<&str> {
        let start = self.places.get(word)?.byte;
        let end = self.places.get(word + 1).map_or(self.padded.len(), |next| next.byte);
        self.padded.get(start..end).map(str::trim)
    }

    /// How many words there are.
    pub fn count(&self) -> usize {
        self.places.len()
    }

    /// Whether the word with this number is the first of its sentence.
    pub fn begins_sentence(&self, word: usize) -> bool {
        let sentence = |word: usize| self.places.get(word).map(|place| place.sentence);
        word.checked_sub(1).is_none_or(|before| sentence(before) != sentence(word))
    }

    /// How many words a sentence has.
    pub fn sentence_words(&self, sentence: usize) -> usize {
        let end = self.places.partition_point(|place| place.sentence <= sentence);
        end - self.places.partition_point(|place| place.sentence < sentence)
    }

    fn push(&mut self, text: &str, clause: usize, sentence: usize) {
        for word in fold(text).split(' ').filter(|word| !word.is_empty()) {
            self.places.push(Place { byte: self.padded.len(), clause, sentence });
            self.padded.push(' ');
            self.padded.push_str(normal(word));
            self.padded.push(' ');
        }
    }
}

/// The first clause of a text, the byte after its end mark, and whether its sentence ends there too.
fn next_clause(text: &str) -> (&str, usize, bool) {
    let mut signs = text.char_indices().peekable();
    while let Some((at, sign)) = signs.next() {
        let is_followed_by_blank = signs.peek().is_none_or(|(_, next)| !next.is_alphanumeric());
        let ends_sentence = match sign {
            '!' | '?' | '…' => true,
            '.' | ':' => is_followed_by_blank,
            '\n' => signs.peek().is_some_and(|(_, next)| *next == '\n' || *next == '\r'),
            ',' | ';' | '(' | ')' | '–' | '—' if is_followed_by_blank || sign != ',' => false,
            _ => continue,
        };
        return (&text[..at], at + sign.len_utf8(), ends_sentence);
    }
    (text, text.len(), true)
}

/// A word as it is compared: numbers are all the same.
fn normal(word: &str) -> &str {
    let is_number = word.bytes().all(|byte| byte.is_ascii_digit()) || NUMBER_WORDS.contains(&word);
    if is_number { NUMBER } else { word }
}

impl<T: Copy> Phrases<T> {
    /// Builds the lists. A list's phrases are parted by commas or lines; a `*` at the end of a phrase stands
    /// for any ending of its last word. The longest phrase wins; of the same phrase, the first list's.
    pub fn new(lists: &[(T, &str)]) -> Self {
        let mut known: Vec<(String, T)> = Vec::new();
        let mut patterns = HashSet::new();
        let mut ordered = Vec::new();
        for (value, list) in lists {
            for phrase in list.split([',', '\n']).map(str::trim).filter(|phrase| !phrase.is_empty()) {
                let (stem, is_open) = phrase.strip_suffix('*').map_or((phrase, false), |stem| (stem, true));
                let folded = fold(&stem.replace(NUMBER, "2"));
                let mut pattern = String::new();
                for word in folded.split(' ') {
                    pattern.push(' ');
                    pattern.push_str(normal(word));
                    pattern.push(' ');
                }
                pattern.truncate(pattern.len() - usize::from(is_open));
                if patterns.insert(pattern.clone()) {
                    ordered.push(pattern);
                    known.push((phrase.to_owned(), *value));
                }
            }
        }
        #[expect(clippy::expect_used, reason = "the lists are constants, far from the automaton's limits")]
        let automaton = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            .build(&ordered)
            .expect("the lists fit an automaton");
        Self { automaton, known }
    }

    /// Every phrase of the lists that is in the text, in its order; none overlaps another.
    pub fn find<'a>(&'a self, words: &'a Words) -> impl Iterator<Item = Hit<'a, T>> {
        self.automaton.find_iter(&words.padded).filter_map(|found| {
            let (phrase, value) = self.known.get(found.pattern().as_usize())?;
            let first = words.places.binary_search_by_key(&found.start(), |place| place.byte).ok()?;
            let last = words.places.partition_point(|place| place.byte < found.end());
            let place = words.places.get(first)?;
            let (clause, sentence) = (place.clause, place.sentence);
            Some(Hit { phrase, value: *value, words: (first, last), clause, sentence })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(lists: &[(char, &str)], text: &str) -> Vec<(String, char)> {
        let phrases = Phrases::new(lists);
        phrases.find(&Words::of(text, 10_000)).map(|hit| (hit.phrase.to_owned(), hit.value)).collect()
    }

    #[test]
    fn phrases_are_found_as_whole_words_in_any_spelling() {
        let lists = [('a', "schon wieder, enttäuscht*\nseit # Wochen"), ('b', "wieder, geht's noch")];
        assert_eq!(
            found(&lists, "SCHON  wieder! Seit drei Wochen, seit 3 wochen: ich bin enttaeuschter."),
            [
                ("schon wieder".to_owned(), 'a'),
                ("seit # Wochen".to_owned(), 'a'),
                ("seit # Wochen".to_owned(), 'a'),
                ("enttäuscht*".to_owned(), 'a'),
            ]
        );
        assert_eq!(found(&lists, "Wiedersehen wieder. Geht’s noch?").len(), 2);
    }

    #[test]
    fn neighbours_are_all_found() {
        assert_eq!(found(&[('a', "na toll, super")], "na toll super super").len(), 3);
    }

    #[test]
    fn clauses_and_sentences_are_counted() {
        let phrases = Phrases::new(&[((), "rot, blau, grün, gelb")]);
        let words = Words::of("Rot, blau grün.\n\nGelb 3.000,5", 1_000);
        let places: Vec<_> = phrases.find(&words).map(|hit| (hit.words, hit.clause, hit.sentence)).collect();
        assert_eq!(places[0], ((0, 1), 0, 0));
        assert_eq!(places[1], ((1, 2), 1, 0));
        assert_eq!(places[2].1, 1);
        assert!(places[3].2 > 0);
    }

    #[test]
    fn only_the_first_bytes_are_read() {
        assert_eq!(found(&[('a', "ü")], &"ü ".repeat(1_000)).len(), 1_000);
        assert_eq!(Words::of(&"ü ".repeat(1_000), 10).places.len(), 3);
    }
}
