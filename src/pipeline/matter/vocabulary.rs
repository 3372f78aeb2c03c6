//! The words that matter, and finding them in a text in any of their forms.

use std::collections::{HashMap, HashSet};

use aho_corasick::{AhoCorasick, AhoCorasickKind};

use super::words::{Words, key};

/// The number of a word of the vocabulary.
pub type WordId = u32;

/// Where a word of the vocabulary stands in a text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Occurrence {
    pub id: WordId,
    pub at: usize,
    /// 1 for the word itself, less for a part of a compound or a misspelling.
    pub quality: f64,
}

/// Letters below which a word is not looked for inside others.
const SHORTEST_PART: usize = 5;
/// Letters below which a misspelling could be any word.
const SHORTEST_MISSPELT: usize = 7;
const LONGEST_MISSPELT: usize = 30;

/// The words that matter.
#[derive(Debug, Default)]
pub struct Vocabulary {
    stems: HashMap<String, WordId>,
    /// Whole words with one letter left out, or none.
    misspelt: HashMap<String, Vec<(String, WordId)>>,
    parts: Option<AhoCorasick>,
    part_ids: Vec<WordId>,
}

impl Vocabulary {
    /// The number of a word, which is new or known.
    pub fn add(&mut self, word: &str) -> WordId {
        let stem = stem(word);
        let next = WordId::try_from(self.stems.len()).unwrap_or(WordId::MAX);
        let id = *self.stems.entry(stem.to_owned()).or_insert(next);
        let letters = word.chars().count();
        if (SHORTEST_MISSPELT..=LONGEST_MISSPELT).contains(&letters)
            && !word.bytes().any(|byte| byte.is_ascii_digit())
        {
            for short in shortened(word) {
                let known = self.misspelt.entry(short).or_default();
                if !known.iter().any(|(known, _)| known == word) {
                    known.push((word.to_owned(), id));
                }
            }
        }
        id
    }

    pub fn len(&self) -> usize {
        self.stems.len()
    }

    /// Makes the parts of compounds findable. Call it once, when all words are known.
    pub fn compile(&mut self) {
        let mut stems: Vec<_> = self.stems.iter().filter(|(stem, _)| stem.len() >= SHORTEST_PART).collect();
        stems.sort_unstable();
        self.part_ids = stems.iter().map(|(_, id)| **id).collect();
        self.parts = AhoCorasick::builder()
            .kind(Some(AhoCorasickKind::ContiguousNFA))
            .build(stems.iter().map(|(stem, _)| stem.as_str()))
            .ok();
    }

    /// Every occurrence, by word of the vocabulary and then by place; a place once a word.
    pub fn occurrences(&self, words: &Words) -> Vec<Occurrence> {
        let mut found = Vec::new();
        let mut is_known = vec![false; words.list.len()];
        for (at, is_known) in is_known.iter_mut().enumerate() {
            for id in self.forms(words.key(at)) {
                found.push(Occurrence { id, at, quality: 1.0 });
                *is_known = true;
            }
        }
        if let Some(parts) = &self.parts {
            for part in parts.find_overlapping_iter(&words.keys) {
                let at = words.at(part.start());
                let Some(word) = words.list.get(at) else { continue };
                let rest = words.keys.get(part.end()..word.end).unwrap_or_default();
                let quality = compound(part.start() - word.start, part.len(), rest);
                if quality > 0.0 {
                    is_known[at] = true;
                    found.push(Occurrence { id: self.part_ids[part.pattern().as_usize()], at, quality });
                }
            }
        }
        let mut seen: HashMap<&str, Option<WordId>> = HashMap::new();
        for at in (0..words.list.len()).filter(|&at| !is_known[at]) {
            let word = words.key(at);
            if let Some(id) = *seen.entry(word).or_insert_with(|| self.misspelt(word)) {
                found.push(Occurrence { id, at, quality: 0.92 });
            }
        }
        found.sort_unstable_by(|a, b| (a.id, a.at).cmp(&(b.id, b.at)).then(b.quality.total_cmp(&a.quality)));
        found.dedup_by_key(|occurrence| (occurrence.id, occurrence.at));
        found
    }

    /// The words that this one is an inflected form of.
    fn forms<'a>(&'a self, word: &'a str) -> impl Iterator<Item = WordId> + 'a {
        let cuts = word.char_indices().rev().map(|(at, _)| at).take(6);
        std::iter::once(word.len()).chain(cuts).filter_map(move |at| {
            let (stem, ending) = word.split_at_checked(at)?;
            is_ending(stem, ending).then(|| self.stems.get(stem).copied())?
        })
    }

    fn misspelt(&self, word: &str) -> Option<WordId> {
        let letters = word.chars().count();
        if !(SHORTEST_MISSPELT - 1..=LONGEST_MISSPELT).contains(&letters) || REAL_WORDS.contains(&word) {
            return None;
        }
        if word.bytes().any(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let near = |known: &str| {
            let same_length = known.len() == word.len();
            // Another letter at one place is often another word: Anmeldung, Abmeldung.
            let swapped = same_length && sorted(known) == sorted(word);
            known.as_bytes().first() == word.as_bytes().first()
                && (swapped || !same_length || letters > 8)
                && strsim::osa_distance(known, word) == 1
                && (!same_length || swapped || known.as_bytes().get(..3) == word.as_bytes().get(..3))
        };
        shortened(word)
            .filter_map(|short| self.misspelt.get(&short))
            .flatten()
            .find(|(known, _)| near(known))
            .map(|&(_, id)| id)
    }
}

/// The words of a phrase as the vocabulary wants them.
pub fn phrase_words(phrase: &str) -> Vec<String> {
    let words = phrase.split(|letter: char| !letter.is_alphanumeric() && !matches!(letter, '\'' | '’'));
    words.map(|word| key(word.trim_matches(['\'', '’']))).filter(|word| !word.is_empty()).collect()
}

/// Takes the commonest endings off, so that the forms of a word share what is left.
pub fn stem(word: &str) -> &str {
    const ENDINGS: &[&str] = &["en", "es", "e", "n", "s", "a", "y", "i"];
    if word.bytes().any(|byte| byte.is_ascii_digit()) || word.ends_with("ss") {
        return word;
    }
    let least = |ending: &str| if ending == "e" || ending == "en" { 3 } else { 4 };
    ENDINGS
        .iter()
        .find_map(|ending| word.strip_suffix(ending).filter(|stem| stem.chars().count() >= least(ending)))
        .unwrap_or(word)
}

/// Whether a word may end so after such a stem.
fn is_ending(stem: &str, ending: &str) -> bool {
    static ENDINGS: std::sync::LazyLock<HashSet<&str>> = std::sync::LazyLock::new(|| {
        "a ach ai ais am ami ant ar are as ate ation ations ato e ed ee eem ees ego ei ej ela em en end ende ens ent er era eren \
         ere ern ert es est et ez i ia iamo ie iem iez ie ieren iert im in ing ings io ite ito iz ling ly m ment n o om ona onej \
         ono ons ow owi s se st t te ten ter tes tet to u um un ung ungen y ych ym yor iyor d de den i mak mek"
            .split_whitespace()
            .collect()
    });
    match stem.len() {
        0..3 => ending.is_empty(),
        3 => matches!(ending, "" | "e" | "s" | "es" | "ed" | "ing" | "en" | "t" | "er" | "n"),
        _ => ending.is_empty() || ENDINGS.contains(ending),
    }
}

/// How well a word fits that holds a stem after so many letters, with the rest behind it; 0: not at all.
fn compound(before: usize, letters: usize, rest: &str) -> f64 {
    // What a number or a date of something is called is not about the thing.
    const NAMES_OF_NUMBERS: &[&str] =
        &["nummer", "nr", "frist", "adresse", "anschrift", "datum", "snummer", "snr", "sfrist", "sdatum"];
    let is_long = letters > 5;
    match (before, is_ending("long", rest)) {
        (0, true) | (1, _) => 0.0,
        (2.., true) if is_long || before > 2 => 0.95,
        (2.., _) if !is_long => 0.0,
        (before, _) if NAMES_OF_NUMBERS.iter().any(|name| rest.starts_with(name)) => {
            if before == 0 {
                0.2
            } else {
                0.0
            }
        }
        (0, _) => {
            if is_long && rest.len() > 3 {
                0.93
            } else if is_long {
                0.85
            } else {
                0.5
            }
        }
        (_, _) => 0.85,
    }
}

/// A word with each of its letters left out, and the word itself.
fn shortened(word: &str) -> impl Iterator<Item = String> + '_ {
    let without = word.char_indices().map(|(at, letter)| {
        let mut short = String::with_capacity(word.len());
        short.push_str(word.get(..at).unwrap_or_default());
        short.push_str(word.get(at + letter.len_utf8()..).unwrap_or_default());
        short
    });
    without.chain(std::iter::once(word.to_owned()))
}

fn sorted(word: &str) -> Vec<u8> {
    let mut letters = word.as_bytes().to_vec();
    letters.sort_unstable();
    letters
}

/// Words that look like misspellings of others.
const REAL_WORDS: &[&str] = &[
    "contact",
    "contacts",
    "kontakt",
    "contrast",
    "charge",
    "charges",
    "charged",
    "changed",
    "leading",
    "treading",
    "heading",
    "readings",
    "betrag",
    "wohnung",
    "meinung",
    "anmeldung",
    "abmeldung",
    "ablehnung",
    "anlesung",
    "leistung",
    "leitung",
    "erhohung",
    "beratung",
    "bedeutung",
    "verbrauch",
    "zahlungen",
    "zeichnung",
    "zuordnung",
    "anzahlung",
    "einzahlung",
    "auszahlung",
    "nachzahlung",
    "teilung",
    "mitteilung",
    "erstattung",
    "bestattung",
    "erwartung",
    "zahlte",
    "zahlen",
    "zahler",
    "zahlers",
    "rechnen",
    "abgelesen",
    "compliant",
    "compliance",
    "preposition",
    "position",
    "despite",
    "moving",
    "removing",
    "improving",
    "building",
    "billing",
    "filling",
    "reminded",
    "customer",
    "costumer",
    "kunden",
    "kundigen",
    "kundige",
    "lieferung",
    "lieferungen",
    "forderung",
    "forderungen",
    "forderung",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn quality(word: &str, text: &str) -> f64 {
        let mut vocabulary = Vocabulary::default();
        let wanted = vocabulary.add(&key(word));
        vocabulary.compile();
        let found = vocabulary.occurrences(&Words::new("", text));
        found.iter().filter(|found| found.id == wanted).map(|found| found.quality).fold(0.0, f64::max)
    }

    #[test]
    fn a_word_is_found_in_its_forms() {
        for (word, text) in [
            ("Zählerstand", "Zählerstände"),
            ("kündigen", "Kündigung"),
            ("kündigen", "kündige"),
            ("Rechnung", "Rechnungen"),
            ("move", "moving"),
            ("cancel", "cancelling"),
            ("faktura", "fakturę"),
            ("umowa", "umowy"),
        ] {
            assert!(quality(word, text) > 0.99, "{word} in {text}: {}", quality(word, text));
        }
    }

    #[test]
    fn a_word_is_found_in_compounds() {
        assert!(quality("Zählerstand", "Stromzählerstand") > 0.9);
        assert!(quality("Rechnung", "Jahresrechnungen") > 0.9);
        assert!(quality("Abschlag", "Abschlagszahlung") > 0.9);
        assert!(quality("kündigen", "gekündigt") > 0.9);
        assert!(quality("Rechnung", "Rechnungsnummer") < 0.3);
    }

    #[test]
    fn a_small_misspelling_is_found_and_another_word_is_not() {
        assert!(quality("Zählerstand", "Zähelrstand") > 0.9);
        assert!(quality("Zählerstand", "Zählerstnd") > 0.9);
        assert!(quality("Rechnung", "Rechung") > 0.9);
        assert!(quality("contract", "contact") < 0.1);
        assert!(quality("Abmeldung", "Anmeldung") < 0.1);
        assert!(quality("Rechnung", "rechne") < 0.1);
        assert!(quality("Umzug", "Anzug") < 0.1);
    }
}
