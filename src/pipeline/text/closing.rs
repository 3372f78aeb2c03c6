//! Closing formulas: `Mit freundlichen Grüßen`, `LG`, `Best regards`, `Cordialement`.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::greeting;
use super::phrases::{
    ABBREVIATIONS, ADDRESSED_TAILS, CLOSING_TAILS, CLOSINGS, CONNECTORS, SENTENCE_WORDS, THANKS,
    WEAK_CLOSINGS, WISHES,
};
use super::words::{Word, is_name, words};

/// How sure it is that words are a closing formula.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// `Mit freundlichen Grüßen`, `Best regards`.
    Formula,
    /// One word, `Gruß`, `Saludos`: less sure inside a line.
    Word,
    /// `LG`.
    Abbreviation,
}

/// Phrases by their first word.
static PHRASES: LazyLock<HashMap<&str, Vec<Vec<&str>>>> = LazyLock::new(|| {
    let mut phrases: HashMap<&str, Vec<Vec<&str>>> = HashMap::new();
    for phrase in CLOSINGS {
        let words: Vec<&str> = phrase.split(' ').collect();
        phrases.entry(words[0]).or_default().push(words);
    }
    phrases
});

/// Where the closing formula of a line begins, in bytes; `next` is the line below, blank ones left out, and
/// `goes_on` whether there is a message below.
pub fn find(line: &str, next: &str, goes_on: &dyn Fn() -> bool) -> Option<usize> {
    let words = words(line);
    let is_alone = |phrases: &[&str], tail: usize| {
        phrases.iter().any(|phrase| {
            let length = phrase.split(' ').count();
            words.len() >= length
                && words.len() - length <= tail
                && phrase.split(' ').zip(&words).all(|(part, word)| part == word.folded)
                && words[length..].iter().all(Word::is_capitalised)
        })
    };
    if words.len() <= 6 && !line.ends_with(['?', ':']) {
        let is_followed = next.is_empty() || is_name(next) || starts_lower_name(next);
        if (is_alone(WEAK_CLOSINGS, 2) && is_followed && !goes_on())
            || (is_alone(WISHES, 0) && is_name(next) && !goes_on())
        {
            return Some(0);
        }
    }
    let mut at = 0;
    while at < words.len() {
        let Some((length, kind)) = formula(&words[at..]) else {
            at += 1;
            continue;
        };
        let end = words[at + length - 1].end;
        let tail = Tail { words: &words[at + length..], text: &line[end..] };
        if is_closing(line, &words, at, kind, &tail, goes_on) {
            return Some(start(line, &words, at));
        }
        at += length;
    }
    None
}

/// `tom` below `lg`.
fn starts_lower_name(line: &str) -> bool {
    let words = words(line);
    words.len() <= 2 && words.iter().all(|word| word.raw.chars().all(char::is_alphabetic))
}

/// The words and the text behind a formula.
struct Tail<'a> {
    words: &'a [Word<'a>],
    text: &'a str,
}

impl Tail<'_> {
    /// Whether what follows is a name, a place, a signature, or nothing.
    fn is_signature(&self, kind: Kind) -> bool {
        let Some(first) = self.words.first() else { return !self.text.contains('?') };
        let head = &self.words[..self.words.len().min(8)];
        if head.iter().any(|word| SENTENCE_WORDS.contains(&word.folded.as_str())) {
            return false;
        }
        let is_joined = CLOSING_TAILS.contains(&first.folded.as_str());
        let is_part = |word: &Word<'_>| {
            word.is_capitalised()
                || word.raw.starts_with(|sign: char| sign.is_ascii_digit())
                || CLOSING_TAILS.contains(&word.folded.as_str())
        };
        let is_lower_name =
            self.words.len() <= 3 && self.words.iter().all(|word| word.raw.chars().all(char::is_alphabetic));
        match kind {
            Kind::Abbreviation => head.iter().all(is_part) || is_lower_name,
            Kind::Word => {
                head.iter().take(4).all(is_part)
                    || (is_joined && self.words.len() <= 8)
                    || (is_lower_name && self.words.len() <= 2)
            }
            Kind::Formula => is_part(first) || is_lower_name || self.words.len() <= 6,
        }
    }

    /// Whether the formula is said to somebody: `Grüße an Frau Weber`.
    fn is_addressed(&self) -> bool {
        self.words.first().is_some_and(|word| ADDRESSED_TAILS.contains(&word.folded.as_str()))
    }
}

fn is_closing(
    line: &str,
    words: &[Word<'_>],
    at: usize,
    kind: Kind,
    tail: &Tail<'_>,
    goes_on: &dyn Fn() -> bool,
) -> bool {
    let before = line[..words[at].start].trim_end();
    let is_line_start = !before.contains(char::is_alphanumeric);
    // What is quoted was written by somebody else.
    if before.ends_with(['"', '„', '“', '”', '«', '»', '\'', '‚', '‘']) {
        return false;
    }
    if is_set_formula(&words[at..]) {
        return is_line_start || before.ends_with(['.', '!', ',', ';']);
    }
    if tail.is_addressed() {
        return is_line_start && tail.words.len() <= 4 && !goes_on() && !tail.text.ends_with('?');
    }
    if !tail.is_signature(kind) {
        return false;
    }
    if is_line_start {
        return true;
    }
    let previous = at.checked_sub(1).map(|previous| words[previous].folded.as_str());
    let is_after = |known: &[&str]| previous.is_some_and(|previous| known.contains(&previous));
    let is_after_thanks = is_after(THANKS)
        || words[at.saturating_sub(6)..at].iter().any(|word| THANKS.contains(&word.folded.as_str()));
    let ends_sentence =
        before.ends_with(|sign: char| !sign.is_alphanumeric() && !",-–/\"'„“&+(".contains(sign));
    let is_short = tail.words.len() <= 5;
    let is_joined = is_after(CONNECTORS) || before.ends_with(['&', '+', '/']);
    let is_remaining = ["mit", "with", "porgo", "reciba", "reciban", "le", "les", "lacze"]
        .contains(&words[at].folded.as_str())
        || is_after(&["ich", "verbleibe", "wir"]);
    ends_sentence
        || ((is_after(THANKS) || is_after(&["bitte", "please"])) && (kind != Kind::Word || is_short))
        || (is_joined && is_short && (is_after_thanks || kind == Kind::Formula))
        || (before.ends_with([',', '-', '–', '/']) && is_short && (is_after_thanks || kind == Kind::Formula))
        || (kind == Kind::Formula && is_remaining && is_short)
}

/// The closing sentence of French letters, which goes on after its formula.
fn is_set_formula(words: &[Word<'_>]) -> bool {
    words.get(1).is_some_and(|second| {
        matches!(
            (words[0].folded.as_str(), second.folded.as_str()),
            ("veuillez", "agreer" | "recevoir" | "croire") | ("recevez", "madame" | "monsieur")
        )
    }) || (words.len() > 4
        && words[0].folded == "je"
        && words[1].folded == "vous"
        && words[2].folded == "prie"
        && CLOSINGS.iter().any(|phrase| phrase.split(' ').zip(words).all(|(part, word)| part == word.folded)))
}

/// How many words a formula at the beginning of these has, and of which kind it is.
fn formula(words: &[Word<'_>]) -> Option<(usize, Kind)> {
    let first = words.first()?.folded.as_str();
    if let Some(greeting) = greeting::find(words) {
        return Some((greeting.length, if greeting.is_bare { Kind::Word } else { Kind::Formula }));
    }
    if ABBREVIATIONS.contains(&first) {
        return Some((1, Kind::Abbreviation));
    }
    // M.f.G., L.G.
    if first.len() == 1 && words.len() >= 2 {
        let spelled: String = words
            .iter()
            .take(3)
            .take_while(|word| word.raw.len() == 1)
            .map(|word| word.folded.as_str())
            .collect();
        for length in [3, 2] {
            let touches = |pair: &[Word<'_>]| pair[1].start - pair[0].end <= 2;
            if spelled.get(..length).is_some_and(|letters| ABBREVIATIONS.contains(&letters))
                && words[..length].windows(2).all(touches)
            {
                return Some((length, Kind::Abbreviation));
            }
        }
    }
    let phrases = PHRASES.get(first)?;
    let longest = phrases
        .iter()
        .filter(|phrase| {
            phrase.len() <= words.len() && phrase.iter().zip(words).all(|(part, word)| *part == word.folded)
        })
        .map(Vec::len)
        .max()?;
    // `Mit freundlichen` alone was cut off; with anything behind it, it is no formula.
    if longest == 2 && first == "mit" && words[1].folded == "freundlichen" && words.len() > 2 {
        return None;
    }
    Some((longest, if longest == 1 { Kind::Word } else { Kind::Formula }))
}

/// Where the formula begins, with the words and signs that join it to what stands before it.
fn start(line: &str, words: &[Word<'_>], at: usize) -> usize {
    let mut start = words[at].start;
    for word in words[..at].iter().rev() {
        let is_pronoun = matches!(word.folded.as_str(), "ich" | "wir");
        let joins = CONNECTORS.contains(&word.folded.as_str())
            || (is_pronoun && line[..word.start].trim_end().ends_with("verbleibe"))
            || (is_pronoun && line[word.end..start].trim().is_empty() && line[..start].contains("verbleibe"));
        if !joins || line[word.end..start].contains(['.', '!', '?']) {
            break;
        }
        start = word.start;
    }
    let before = &line[..start];
    let kept = before.trim_end_matches(|sign: char| sign.is_whitespace() || ",-–&+(/*_".contains(sign));
    if kept.contains(char::is_alphanumeric) { kept.len() } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(line: &str) -> Option<&str> {
        find(line, "Tom Mustermann", &|| false).map(|at| &line[..at])
    }

    #[test]
    fn formulas_on_a_line_of_their_own_are_closings() {
        for line in [
            "Mit freundlichen Grüßen",
            "Mit freundlichem Gruß",
            "mit freundlichen gruessen,",
            "MfG",
            "LG",
            "VG Tom",
            "lg tom",
            "M.f.G.",
            "Viele Grüße aus dem schönen Hamburg",
            "Liebe Grüße und ein schönes Wochenende",
            "Beste Grüße",
            "Herzliche Grüße, Ihre Anna Meier",
            "Gruß",
            "Hochachtungsvoll",
            "Es grüßt Sie herzlich",
            "Kind regards,",
            "Best regards Tom",
            "Cheers",
            "Best,",
            "Yours sincerely",
            "Sincerely,",
            "Cordialement",
            "Bien à vous",
            "Met vriendelijke groet,",
            "Pozdrawiam",
            "Z poważaniem",
            "Saygılarımla",
            "Cordiali saluti",
            "Un saludo",
            "Veuillez agréer, Madame, Monsieur, mes salutations distinguées.",
            "Mit sonnigen Grüßen von der Küste",
            "Mit freundlichen Gr??en",
            "Liebi Grüess",
            "Liebe Grüße & bleiben Sie gesund",
            "gruß basti",
            "Ihre Anna",
            "Viele Grüße an das Team",
            "GLG eure Oma",
            "*Mit freundlichen Grüßen*",
            "Ich verbleibe mit freundlichen Grüßen",
        ] {
            let kept = kept(line);
            assert!(kept.is_some_and(|kept| kept.is_empty() || kept == "Ich"), "{line}: {kept:?}");
        }
    }

    #[test]
    fn formulas_behind_a_sentence_are_closings() {
        for (line, before) in [
            ("Bitte um Rückruf. LG Tom", "Bitte um Rückruf."),
            ("Danke und viele Grüße, Tom", "Danke"),
            ("Vielen Dank und mit freundlichen Grüßen", "Vielen Dank"),
            ("Danke LG Anna", "Danke"),
            ("Vielen Dank, viele Grüße Tom", "Vielen Dank"),
            ("Thanks and regards, Tom", "Thanks"),
            ("Thanks & best regards", "Thanks"),
            (
                "Der Stand ist 123. Mit freundlichen Grüßen Tom Mustermann Hugo-Junkers-Str. 5 82031 Grünwald",
                "Der Stand ist 123.",
            ),
            (
                "Für Ihre Mühe danke ich im Voraus und verbleibe mit freundlichen Grüßen",
                "Für Ihre Mühe danke ich im Voraus",
            ),
        ] {
            assert_eq!(kept(line), Some(before), "{line}");
        }
    }

    #[test]
    fn formulas_inside_a_sentence_are_none() {
        for line in [
            "Beste Grüße an Ihr Team und vielen Dank für die schnelle Hilfe beim letzten Mal.",
            "Ich soll Ihnen viele Grüße von meinem Mann ausrichten.",
            "Richten Sie bitte Herrn Maier schöne Grüße aus.",
            "VGH Versicherung",
            "„Mit freundlichen Grüßen, Ihr Team“",
            "LG Fernseher kaputt",
            "Mein Fernseher von LG ist defekt.",
            "Sincerely hope you can help.",
            "Best option would be a refund.",
            "Cheers for the help!",
            "Grüß Gott,",
            "Grüße Sie, ich habe eine Frage.",
            "Viele Grüße und bitte melden Sie sich.",
            "Mit freundlichen Mitarbeitern habe ich gesprochen.",
            "Ihre Rechnung ist falsch.",
            "Mit Grüßen allein ist mir nicht geholfen.",
            "Regards the invoice, it is wrong.",
        ] {
            assert_eq!(kept(line), None, "{line}");
        }
    }
}
