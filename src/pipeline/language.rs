//! The language that a text is written in.

mod words;

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use lingua::{IsoCode639_1, LanguageDetector, LanguageDetectorBuilder};

use self::words::FAMILIAR;
use super::Finding;
use super::fold::fold;

/// A language that can be told from the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Language {
    /// ISO 639-1.
    pub code: &'static str,
    /// In English.
    pub name: &'static str,
}

/// Every language that can be asked for.
pub const ALL: &[Language] = &[
    Language { code: "de", name: "German" },
    Language { code: "en", name: "English" },
    Language { code: "fr", name: "French" },
    Language { code: "nl", name: "Dutch" },
    Language { code: "pl", name: "Polish" },
    Language { code: "tr", name: "Turkish" },
    Language { code: "it", name: "Italian" },
    Language { code: "es", name: "Spanish" },
];

/// How much of a text is read, in bytes. What tells a language stands in a few sentences.
const MAX_BYTES: usize = 6_000;

/// How many bytes of words are judged; the cost grows with it.
const MAX_WORDS_BYTES: usize = 700;

/// No word of these languages is longer; keys, hashes and padding are.
const MAX_WORD_CHARS: usize = 40;

/// How much more likely each familiar word makes its languages.
const FAMILIAR_FACTOR: f64 = 6.0;

/// How much more likely the first language asked for is beforehand; it decides where a text fits several.
const FIRST_FACTOR: f64 = 2.0;

/// Below it, a text could be anything.
const THRESHOLD: f64 = 0.3;

/// The language of an ISO 639-1 code; `None` where it is not among those that analysis knows.
pub fn by_code(code: &str) -> Option<Language> {
    ALL.iter().copied().find(|language| language.code == code)
}

/// The language of a text among these codes, the most usual one first; `None` where the text says nothing,
/// such as a number or a name. Codes that are not in [`ALL`] are ignored.
pub fn detect(text: &str, among: &[&str]) -> Finding<Option<Language>> {
    let words = words_of(text);
    let mut asked: Vec<Language> = Vec::new();
    for code in among {
        let known = ALL.iter().find(|language| language.code == *code);
        asked.extend(known.filter(|known| !asked.contains(known)));
    }
    if words.is_empty() || asked.is_empty() {
        return finding(None, "no words to tell a language by".to_owned(), 0.0);
    }
    let Some((language, likelihood)) = most_likely(&words, &asked) else {
        return finding(None, "the words fit none of the languages".to_owned(), 0.0);
    };
    let evidence = format!("the words fit {} best of {} languages", language.name, asked.len());
    finding(Some(language).filter(|_| likelihood >= THRESHOLD), evidence, likelihood)
}

fn finding(value: Option<Language>, evidence: String, score: f64) -> Finding<Option<Language>> {
    Finding { value, evidence: vec![evidence], score: Some(score), threshold: Some(THRESHOLD) }
}

/// The words of a text as far as they are judged, without addresses, numbers and keys.
fn words_of(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut bytes = 0;
    for word in text[..text.floor_char_boundary(MAX_BYTES)].split_whitespace() {
        let is_name = word.contains(['@', '/', '\\', '_', '=']) || word.contains(|c: char| c.is_numeric());
        if is_name || word.len() > MAX_WORD_CHARS * 2 || word.chars().count() > MAX_WORD_CHARS {
            continue;
        }
        if !word.contains(char::is_alphabetic) {
            continue;
        }
        bytes += word.len();
        words.push(word);
        if bytes > MAX_WORDS_BYTES {
            break;
        }
    }
    words
}

/// The best of the languages and how likely it is, 0 to 1, by its letters and by words that are familiar.
fn most_likely(words: &[&str], asked: &[Language]) -> Option<(Language, f64)> {
    let familiar = count_familiar(words);
    let mut logs: Vec<(Language, f64)> = Vec::new();
    for (language, confidence) in confidences(words, asked) {
        let hits = familiar.get(language.code).copied().unwrap_or(0);
        if confidence > 0.0 || hits > 0 {
            let is_first = asked.first() == Some(&language);
            let prior = if is_first { FIRST_FACTOR.ln() } else { 0.0 };
            let log = confidence.max(1e-9).ln() + f64::from(hits) * FAMILIAR_FACTOR.ln() + prior;
            logs.push((language, log));
        }
    }
    let (best, top) = logs.iter().copied().max_by(|(_, one), (_, other)| one.total_cmp(other))?;
    let sum: f64 = logs.iter().map(|(_, log)| (log - top).exp()).sum();
    Some((best, 1.0 / sum))
}

/// How well the letters fit each language; nothing where no letter is one of theirs.
fn confidences(words: &[&str], asked: &[Language]) -> Vec<(Language, f64)> {
    if let [only] = asked {
        return vec![(*only, 1.0)];
    }
    let values = detector(asked).compute_language_confidence_values(words.join(" "));
    let mut confidences = Vec::new();
    for (language, confidence) in values {
        let code = language.iso_code_639_1().to_string();
        let known = asked.iter().find(|known| known.code == code);
        confidences.extend(known.map(|known| (*known, confidence)));
    }
    confidences
}

/// How many of the words are familiar ones, by the language's code.
fn count_familiar(words: &[&str]) -> HashMap<&'static str, u32> {
    static CODES: LazyLock<HashMap<String, Vec<&'static str>>> = LazyLock::new(|| {
        let mut codes: HashMap<String, Vec<&'static str>> = HashMap::new();
        for (code, list) in FAMILIAR {
            for word in list.split_whitespace() {
                let of_word = codes.entry(fold(word)).or_default();
                if !of_word.contains(code) {
                    of_word.push(code);
                }
            }
        }
        codes
    });
    let mut counts = HashMap::new();
    for word in fold(&words.join(" ")).split(' ') {
        for code in CODES.get(word).into_iter().flatten() {
            *counts.entry(*code).or_default() += 1;
        }
    }
    counts
}

/// The detector of a set of languages, shared; its models are read when it is first used and stay.
fn detector(asked: &[Language]) -> Arc<LanguageDetector> {
    static DETECTORS: Mutex<BTreeMap<Vec<&str>, Arc<LanguageDetector>>> = Mutex::new(BTreeMap::new());
    let mut codes: Vec<&'static str> = asked.iter().map(|language| language.code).collect();
    codes.sort_unstable();
    let mut detectors = DETECTORS.lock().unwrap_or_else(PoisonError::into_inner);
    let build = || {
        let codes: Vec<IsoCode639_1> =
            asked.iter().filter_map(|language| language.code.parse().ok()).collect();
        Arc::new(LanguageDetectorBuilder::from_iso_codes_639_1(&codes).build())
    };
    detectors.entry(codes).or_insert_with(build).clone()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str, among: &[&str]) -> Option<&'static str> {
        detect(text, among).value.map(|language| language.code)
    }

    #[test]
    fn messages_are_read_in_their_own_language() {
        let among: Vec<&str> = ALL.iter().map(|language| language.code).collect();
        for (expected, text) in [
            ("de", "Guten Tag, ich möchte meinen Vertrag zum Jahresende kündigen."),
            ("en", "Could you please send me a copy of my last invoice?"),
            ("fr", "Bonjour, je souhaite résilier mon contrat."),
            ("nl", "Ik wil graag mijn meterstand doorgeven."),
            ("pl", "Chciałbym podać stan mojego licznika."),
            ("tr", "Merhaba, sözleşmemi iptal etmek istiyorum."),
            ("it", "Vorrei comunicare la lettura del contatore."),
            ("es", "Quiero cambiar mi cuenta bancaria, por favor."),
            ("de", "Danke!"),
            ("tr", "Merhaba"),
        ] {
            assert_eq!(code(text, &among), Some(expected), "{text}");
        }
    }

    #[test]
    fn only_the_languages_that_are_asked_for_are_found() {
        assert_eq!(code("Could you please send me a copy of my last invoice?", &["de", "en"]), Some("en"));
        assert_eq!(code("Guten Tag, wo bleibt meine Rechnung?", &["de"]), Some("de"));
    }

    #[test]
    fn a_text_without_words_has_no_language() {
        let among: Vec<&str> = ALL.iter().map(|language| language.code).collect();
        for text in ["", "12345", "!!! ???", "\u{1}\u{2}"] {
            assert_eq!(code(text, &among), None, "{text:?}");
        }
    }
}
