//! One line about the matter, taken from the message itself.

use super::Finding;
use super::fold::fold;

/// The longest summary, in characters.
pub const MAX_CHARS: usize = 140;
/// How much of a text is looked at, in bytes.
const MAX_BYTES: usize = 8_000;
/// How many sentences are looked at.
const MAX_SENTENCES: usize = 30;

/// The sentence that says most about the matter, after the subject where that says something of its own. Empty only
/// where there is no text at all.
pub fn summarise(subject: &str, clean: &str) -> Finding<String> {
    let subject = bare_subject(subject);
    let sentences = sentences(clean);
    let best = sentences
        .iter()
        .enumerate()
        .map(|(at, sentence)| (weight(sentence, at), sentence))
        .max_by(|(one, _), (other, _)| one.total_cmp(other));
    let Some((weight, sentence)) = best else {
        return Finding::plain(cut(&subject), vec!["the subject, since there is no text".into()]);
    };
    let says_more = !subject.is_empty() && !is_vague(&subject) && !fold(sentence).contains(&fold(&subject));
    if !says_more {
        return Finding::plain(cut(sentence), vec![format!("the sentence that weighs most ({weight:.1})")]);
    }
    let both = format!("{}: {sentence}", subject.trim_end_matches(['.', ':', '!']));
    Finding::plain(cut(&both), vec![format!("the subject, and the sentence that weighs most ({weight:.1})")])
}

/// A subject without the marks of replies and of ticket numbers.
fn bare_subject(subject: &str) -> String {
    let mut rest = subject.trim();
    loop {
        let lower = rest.get(..rest.floor_char_boundary(8)).unwrap_or_default().to_lowercase();
        let mark = MARKS.iter().find(|mark| lower.starts_with(**mark));
        if let Some(mark) = mark {
            rest = rest.get(mark.len()..).unwrap_or_default().trim_start();
        } else if rest.starts_with('[')
            && let Some((_, behind)) = rest.split_once(']')
            && !behind.trim().is_empty()
        {
            rest = behind.trim_start();
        } else {
            return one_line(rest);
        }
    }
}

/// How replies and forwarded messages begin their subject.
const MARKS: [&str; 11] = ["re:", "aw:", "fwd:", "fw:", "wg:", "antw:", "tr:", "rif:", "odp:", "ynt:", "rv:"];

fn is_vague(subject: &str) -> bool {
    let words = fold(subject);
    words.chars().count() < 4 || VAGUE.contains(&words.as_str())
}

/// Subjects that say nothing.
const VAGUE: [&str; 24] = [
    "anfrage",
    "frage",
    "hallo",
    "kontakt",
    "kontaktanfrage",
    "nachricht",
    "hilfe",
    "info",
    "information",
    "bitte",
    "dringend",
    "question",
    "hello",
    "help",
    "contact",
    "message",
    "request",
    "urgent",
    "kein betreff",
    "no subject",
    "ohne betreff",
    "bonjour",
    "ciao",
    "hola",
];

/// The sentences of a text, without salutations.
fn sentences(text: &str) -> Vec<String> {
    let text = text.get(..text.floor_char_boundary(MAX_BYTES)).unwrap_or(text);
    let mut sentences = Vec::new();
    for line in text.split("\n\n").flat_map(|part| part.split_inclusive(",\n")) {
        let line = one_line(line);
        let mut from = 0;
        for (at, sign) in line.char_indices() {
            let end = at + sign.len_utf8();
            let behind = line.get(end..).unwrap_or_default();
            let ends = matches!(sign, '!' | '?') || sign == '.' && is_full_stop(&line, at, behind);
            if ends && (behind.is_empty() || behind.starts_with(' ')) {
                sentences.push(line.get(from..end).unwrap_or_default().trim().to_owned());
                from = end;
            }
        }
        sentences.push(line.get(from..).unwrap_or_default().trim().to_owned());
    }
    let is_said = |sentence: &String| sentence.chars().any(char::is_alphanumeric) && !is_salutation(sentence);
    let said: Vec<String> =
        sentences.iter().filter(|sentence| is_said(sentence)).take(MAX_SENTENCES).cloned().collect();
    if !said.is_empty() {
        return said;
    }
    sentences.into_iter().filter(|sentence| !sentence.is_empty()).take(1).collect()
}

/// Whether a dot ends a sentence: not that of a date, a number or a short form.
fn is_full_stop(line: &str, at: usize, behind: &str) -> bool {
    let word = line.get(..at).unwrap_or_default().rsplit(' ').next().unwrap_or_default();
    let next = behind.trim_start().chars().next();
    let is_short = word.chars().count() <= 3 && !word.chars().all(char::is_lowercase);
    let is_number = word.chars().all(|sign| sign.is_ascii_digit() || sign == '.');
    let begins = next.is_none_or(|sign| !sign.is_lowercase());
    begins && (next.is_none() || !is_short && !is_number)
}

fn is_salutation(sentence: &str) -> bool {
    let words = fold(sentence);
    let is_short = words.split(' ').count() <= 8 && sentence.chars().count() < 70;
    is_short
        && GREETINGS.iter().any(|greeting| words == *greeting || words.starts_with(&format!("{greeting} ")))
        && sentence.ends_with([',', '!', '.', ':'])
        || GREETINGS.contains(&words.as_str())
}

/// How messages begin, folded.
const GREETINGS: [&str; 40] = [
    "hallo",
    "hi",
    "hey",
    "guten tag",
    "guten morgen",
    "guten abend",
    "gruess gott",
    "gruezi",
    "moin",
    "servus",
    "sehr geehrte",
    "sehr geehrter",
    "liebe",
    "lieber",
    "liebes",
    "dear",
    "hello",
    "good morning",
    "good afternoon",
    "good evening",
    "bonjour",
    "bonsoir",
    "madame monsieur",
    "madame",
    "monsieur",
    "geachte",
    "beste",
    "goedendag",
    "dzien dobry",
    "szanowni panstwo",
    "witam",
    "merhaba",
    "sayin",
    "iyi gunler",
    "buongiorno",
    "gentile",
    "salve",
    "buenos dias",
    "buenas tardes",
    "estimados",
];

/// How much a sentence says of the matter.
fn weight(sentence: &str, at: usize) -> f64 {
    let folded = fold(sentence);
    let words = folded.split(' ').count();
    let has = |cues: &[&str]| cues.iter().any(|cue| folded.contains(cue));
    // The first sentences say what a message is about; the last ones are polite.
    let place = 2.0 - f64::from(u8::try_from(at.min(8)).unwrap_or(8)) * 0.25;
    let length = match words {
        0..=2 => -2.0,
        3..=5 => 0.0,
        6..=25 => 1.0,
        _ => 0.5,
    };
    place
        + length
        + if has(&REQUESTS) { 1.5 } else { 0.0 }
        + if has(&MATTERS) { 1.0 } else { 0.0 }
        + if sentence.contains('?') { 0.75 } else { 0.0 }
        + if sentence.chars().any(|sign| sign.is_ascii_digit()) { 0.5 } else { 0.0 }
        - if has(&PLEASANTRIES) { 3.0 } else { 0.0 }
}

/// What asks for something, folded.
const REQUESTS: [&str; 34] = [
    "bitte",
    "moechte",
    "will ",
    "koennen sie",
    "koennten sie",
    "kuendige",
    "beantrage",
    "brauche",
    "benoetige",
    "hiermit",
    "fordere",
    "please",
    "would like",
    "want to",
    "i need",
    "could you",
    "can you",
    "cancel",
    "request",
    "je souhaite",
    "je voudrais",
    "pouvez vous",
    "merci de",
    "ik wil",
    "kunt u",
    "graag",
    "prosze",
    "chcialbym",
    "chcialabym",
    "lutfen",
    "istiyorum",
    "vorrei",
    "potete",
    "quiero",
];

/// What messages to a service are about, folded.
const MATTERS: [&str; 36] = [
    "rechnung",
    "zaehler",
    "abschlag",
    "vertrag",
    "umzug",
    "ziehe",
    "kuendig",
    "konto",
    "bank",
    "iban",
    "zahlung",
    "mahnung",
    "stoerung",
    "internet",
    "lieferung",
    "tarif",
    "preis",
    "invoice",
    "bill",
    "meter",
    "contract",
    "move",
    "moving",
    "account",
    "payment",
    "refund",
    "delivery",
    "facture",
    "contrat",
    "compteur",
    "factuur",
    "faktur",
    "umow",
    "fatura",
    "bolletta",
    "factura",
];

/// What is only polite, folded.
const PLEASANTRIES: [&str; 20] = [
    "vielen dank im voraus",
    "danke im voraus",
    "vielen dank fuer ihre",
    "ich hoffe es geht",
    "thanks in advance",
    "thank you in advance",
    "thank you for your",
    "hope you are",
    "hope this",
    "hope you re",
    "looking forward",
    "freue mich auf",
    "merci d avance",
    "bij voorbaat",
    "alvast bedankt",
    "z gory dziekuje",
    "simdiden tesekkur",
    "grazie in anticipo",
    "gracias de antemano",
    "vielen dank",
];

fn one_line(text: &str) -> String {
    let plain: String = text.chars().map(|sign| if sign.is_control() { ' ' } else { sign }).collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The text, or as many whole words as fit before an ellipsis.
fn cut(text: &str) -> String {
    let text = text.trim_end_matches([',', ';', ':']).trim();
    if text.chars().count() <= MAX_CHARS {
        return text.to_owned();
    }
    let fits: String = text.chars().take(MAX_CHARS - 1).collect();
    let whole = fits.rsplit_once(' ').map_or(fits.as_str(), |(whole, _)| whole);
    // One word that fills the line has no end to keep.
    let kept = if whole.chars().count() > MAX_CHARS / 2 { whole } else { &fits };
    format!("{}…", kept.trim_end_matches([',', ';', ':', '.', ' ']))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn summary(subject: &str, clean: &str) -> String {
        summarise(subject, clean).value
    }

    #[test]
    fn the_matter_is_said_and_the_salutation_is_not() {
        let text = "Sehr geehrte Damen und Herren,\n\nich hoffe, es geht Ihnen gut. Bitte senken Sie meinen Abschlag \
                    auf 53 Euro. Vielen Dank im Voraus.";
        assert_eq!(summary("Re: Anfrage", text), "Bitte senken Sie meinen Abschlag auf 53 Euro.");
        let text = "Hello,\n\nwhy is my last invoice so high? Thank you for your help.";
        assert_eq!(summary("", text), "why is my last invoice so high?");
    }

    #[test]
    fn a_subject_of_its_own_comes_first_without_its_marks() {
        let text = "Guten Tag,\n\nich ziehe zum 1.10. nach Köln.";
        assert_eq!(summary("AW: WG: [#4711] Umzug", text), "Umzug: ich ziehe zum 1.10. nach Köln.");
        assert_eq!(summary("Umzug nach Köln", "Umzug nach Köln am 1. Mai."), "Umzug nach Köln am 1. Mai.");
    }

    #[test]
    fn it_is_one_line_of_at_most_140_characters_and_never_empty_where_there_is_text() {
        let long = "Bitte prüfen Sie die Rechnung ".repeat(40);
        for text in
            [long.as_str(), "ä".repeat(5_000_000).as_str(), "ok", "Hallo,", "\u{1}\u{2}x\n\ny", "...!!"]
        {
            let summary = summary("", text);
            assert!(!summary.is_empty() && summary.chars().count() <= MAX_CHARS, "{summary}");
            assert!(!summary.contains('\n'), "{summary}");
        }
        assert_eq!(summary("Zählerstand", ""), "Zählerstand");
        assert_eq!(summary("", ""), "");
    }
}
