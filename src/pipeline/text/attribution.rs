//! The sentence over a quote: `Am 3. Mai 2024 um 10:12 schrieb Tom <tom@example.com>:`.

use super::line::Line;
use super::words::{Word, words};

/// An attribution is wrapped over no more lines than these.
const LINES: usize = 4;
const LONGEST: usize = 400;

const VERBS: &[&str] = &[
    "schrieb",
    "schrieben",
    "wrote",
    "writes",
    "schreef",
    "ecrit",
    "escribio",
    "scritto",
    "napisal",
    "napisala",
    "napisano",
    "pisze",
    "yazdi",
    "geschrieben",
    "skrev",
    "escreveu",
    "schreibt",
];

/// The first words of one, folded.
const STARTS: &[&str] = &[
    "am", "on", "op", "le", "el", "il", "w", "dnia", "em", "den", "vom", "zitat", "quoting", "citando",
    "citeren", "in",
];

/// Words of somebody who tells of a letter, not of a program.
const TELLING: &[&str] = &[
    "mir", "uns", "ich", "sie", "ihr", "ihre", "ihrem", "ihren", "du", "wir", "er", "me", "us", "you",
    "your", "i", "we", "she", "he", "dass", "that", "mich", "unser", "unsere", "mein", "meine", "my", "our",
    "habe", "haben", "have",
];

/// An attribution found.
pub struct Attribution {
    /// The line after it.
    pub end: usize,
    /// It names a date and a sender as programs do, so it needs no quote below it to be one.
    pub is_certain: bool,
}

/// The attribution that begins on a line, if one does.
pub fn find(lines: &[Line], at: usize) -> Option<Attribution> {
    let first = lines.get(at)?.text.as_str();
    if first.len() > LONGEST || !may_begin(first) {
        return None;
    }
    let mut text = String::new();
    for (end, line) in lines.iter().enumerate().skip(at).take(LINES) {
        if line.is_blank()
            || text.len() + line.text.len() > LONGEST
            || (end > at && line.mark != lines[at].mark)
        {
            return None;
        }
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(&line.text);
        if let Some(is_certain) = weigh(&text) {
            return Some(Attribution { end: end + 1, is_certain });
        }
        if line.text.ends_with([':', '!', '?']) {
            return None;
        }
    }
    None
}

fn trim(text: &str) -> &str {
    text.trim_matches(|sign: char| sign == '-' || sign == '*' || sign == '_' || sign.is_whitespace())
}

fn may_begin(line: &str) -> bool {
    let line = trim(line);
    let words = words(line);
    let Some(first) = words.first() else { return false };
    let is_verb = |word: &Word<'_>| VERBS.contains(&word.folded.as_str());
    STARTS.contains(&first.folded.as_str())
        || line.contains('@')
        || line.starts_with(|sign: char| sign.is_ascii_digit())
        // A weekday and a date, as Polish and Spanish programs begin.
        || (first.raw.chars().count() <= 4 && words.get(1).is_some_and(|word| word.raw.starts_with(|sign: char| sign.is_ascii_digit())))
        || words.iter().any(is_verb)
}

/// Whether a text is a whole attribution, and if so, whether it is certain.
fn weigh(text: &str) -> Option<bool> {
    let is_framed = text.starts_with("--") && text.ends_with("--");
    let text = trim(text);
    let words = words(text);
    let verb = words.iter().position(|word| VERBS.contains(&word.folded.as_str()));
    let has_colon = text.ends_with(':');
    let is_quoting = words
        .first()
        .is_some_and(|word| ["zitat", "quoting", "citando", "citeren"].contains(&word.folded.as_str()));
    let Some(verb) = verb else {
        // `2024-05-03 10:12 GMT+02:00 Tom <tom@example.com>:`, `Zitat von Tom <tom@example.com>:`
        let is_dated = text.starts_with(|sign: char| sign.is_ascii_digit()) && text.ends_with(">:");
        return ((is_dated || (is_quoting && has_colon)) && text.contains('@')).then_some(true);
    };
    let has_digit = text.contains(|sign: char| sign.is_ascii_digit());
    let is_last_word = verb + 1 == words.len();
    let ends_sentence = |word: &Word<'_>| {
        word.raw.len() >= 6
            && word.raw.starts_with(char::is_lowercase)
            && text[word.end..].starts_with(['.', '!', '?'])
    };
    if words.iter().any(|word| ends_sentence(word) && text[word.end + 1..].starts_with(' ')) {
        return None;
    }
    if !(has_colon || is_framed || is_last_word || text.ends_with('>')) {
        return None;
    }
    let is_telling = words.iter().any(|word| TELLING.contains(&word.folded.as_str()))
        || (matches!(words[verb].folded.as_str(), "geschrieben" | "schreibt") && !text.contains('@'));
    let is_certain = has_digit
        && !is_telling
        && (has_colon || is_framed)
        && (text.contains('@') || has_time(text) || has_year(&words) || is_name_last(&words[verb + 1..]));
    // Without a date it is one only over a quote, and short.
    (has_digit || text.contains('@') || words.len() <= 8).then_some(is_certain)
}

/// Whether nothing but a name follows the verb.
fn is_name_last(words: &[Word<'_>]) -> bool {
    !words.is_empty() && words.iter().all(Word::is_capitalised)
}

/// Whether a text holds a time of day, such as `10:12`.
fn has_time(text: &str) -> bool {
    text.as_bytes().windows(4).any(|four| {
        four[0].is_ascii_digit() && four[1] == b':' && four[2].is_ascii_digit() && four[3].is_ascii_digit()
    })
}

fn has_year(words: &[Word<'_>]) -> bool {
    words.iter().any(|word| word.raw.len() == 4 && (word.raw.starts_with("20") || word.raw.starts_with("19")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pipeline::text::line::plain_lines;

    fn found(text: &str) -> Option<(usize, bool)> {
        find(&plain_lines(text), 0).map(|found| (found.end, found.is_certain))
    }

    #[test]
    fn attributions_of_many_programs_are_certain() {
        for text in [
            "Am 3. Mai 2024 um 10:12 schrieb Tom Meier <tom@x.de>:",
            "Am 03.05.24 um 10:12 schrieb Stadtwerke:",
            "On Fri, May 3, 2024 at 10:12 AM Tom Meier <tom@x.de> wrote:",
            "Kundenservice <service@x.de> schrieb am Fr., 3. Mai 2024, 10:12:",
            "Le ven. 3 mai 2024 à 10:12, Tom <tom@x.fr> a écrit :",
            "El vie, 3 may 2024 a las 10:12, Tom (<tom@x.es>) escribió:",
            "Il giorno ven 3 mag 2024 alle ore 10:12 Tom <tom@x.it> ha scritto:",
            "Op vr 3 mei 2024 om 10:12 schreef Tom <tom@x.nl>:",
            "pt., 3 maj 2024 o 10:12 Tom <tom@x.pl> napisał(a):",
            "3 May 2024 Cum, 10:12 tarihinde Tom <tom@x.tr> şunu yazdı:",
            "2024-05-03 10:12 GMT+02:00 Tom <tom@x.de>:",
            "Zitat von Tom Meier <tom@x.de>:",
            "---- On Fri, 03 May 2024 10:12:00 +0200 Tom <tom@x.de> wrote ----",
        ] {
            assert_eq!(found(text), Some((1, true)), "{text}");
        }
    }

    #[test]
    fn a_wrapped_attribution_is_read_to_its_colon() {
        assert_eq!(
            found(
                "Am Freitag, 3. Mai 2024 um 10:12:30 MESZ hat\nTom Meier <tom@x.de> Folgendes geschrieben:\nx"
            ),
            Some((2, true))
        );
        assert_eq!(
            found("On Fri, May 3, 2024 at 10:12 AM\nTom Meier\n<tom@x.de> wrote:\nx"),
            Some((3, true))
        );
    }

    #[test]
    fn somebody_who_tells_of_a_letter_writes_no_attribution() {
        for text in [
            "Am 3. Mai schrieb mir Ihre Kollegin, dass alles gut ist.",
            "Am 3. Mai habe ich Ihnen geschrieben. Es fehlt:",
            "Ich bin umgezogen.\nTom schrieb:",
        ] {
            assert_eq!(found(text), None, "{text}");
        }
        assert_eq!(found("Am 3. Mai um 10:12 schrieb mir Ihre Kollegin:"), Some((1, false)));
    }
}
