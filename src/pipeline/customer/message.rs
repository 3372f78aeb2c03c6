//! The parts of a message that its writer wrote: subject, text and signature, without quoted history.

use super::scan::Scan;
use crate::pipeline::Text;
use crate::pipeline::fold::fold;

/// Nobody introduces themselves later than this, in bytes.
const MAX_TEXT_BYTES: usize = 64 * 1024;
const MAX_SUBJECT_BYTES: usize = 2 * 1024;
/// A signature is looked for so many bytes behind the text.
const MAX_SIGNATURE_BYTES: usize = 4 * 1024;
/// A header block of quoted history has its second line within so many lines.
const HEADER_LINES: usize = 4;

/// The closing formulas with which a text ends, folded, as a line's beginning.
const CLOSINGS: &[&str] = &[
    "mit freundlich",
    "mit besten gr",
    "mit den besten gr",
    "freundliche gr",
    "viele gr",
    "liebe gr",
    "beste gr",
    "herzliche gr",
    "schoene gr",
    "sonnige gr",
    "gruss",
    "gruesse",
    "mfg",
    "lg",
    "vg",
    "bg",
    "hochachtungsvoll",
    "best regards",
    "kind regards",
    "regards",
    "many thanks",
    "cheers",
    "sincerely",
    "yours",
    "best wishes",
    "best",
    "cordialement",
    "bien a vous",
    "salutations",
    "met vriendelijke groet",
    "vriendelijke groet",
    "groet",
    "groeten",
    "mvg",
    "pozdrawiam",
    "z powazaniem",
    "saygilar",
    "iyi gunler dilerim",
    "cordiali saluti",
    "distinti saluti",
    "saluti",
    "saludos",
    "un saludo",
    "atentamente",
    "danke und gruss",
    "vielen dank und",
    "thanks",
];

/// What was written, cut into words.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Message {
    pub subject: Scan,
    /// The text, with the signature behind it.
    pub text: Scan,
    /// The token of the text at which the closing formula stands; the number of tokens where none is.
    pub closing: usize,
    /// The name that was sent along with the sender's address.
    pub sender_name: Scan,
}

impl Message {
    pub fn new(subject: &str, text: &Text, sender_name: &str) -> Self {
        let text = Scan::new(own_text(text));
        let closing = closing(&text);
        Self {
            subject: Scan::new(head(subject, MAX_SUBJECT_BYTES).to_owned()),
            text,
            closing,
            sender_name: Scan::new(head(sender_name, MAX_SUBJECT_BYTES).to_owned()),
        }
    }
}

/// The clean text, and what follows it in the plain text up to quoted history.
fn own_text(text: &Text) -> String {
    let clean = head(&text.clean, MAX_TEXT_BYTES);
    let plain = head(&text.plain, MAX_TEXT_BYTES + MAX_SIGNATURE_BYTES);
    if clean.trim().is_empty() {
        return without_history(plain);
    }
    let mut own = without_history(clean);
    let last_line = clean.lines().rev().map(str::trim).find(|line| !line.is_empty());
    let tail = last_line.and_then(|line| plain.rfind(line).and_then(|at| plain.get(at + line.len()..)));
    let tail = head(tail.unwrap_or_default(), MAX_SIGNATURE_BYTES);
    own.push('\n');
    own.push_str(&without_history(tail));
    own
}

/// The text up to the line at which quoted history begins, without quoted lines.
fn without_history(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let mut own = String::with_capacity(text.len());
    let mut has_own = false;
    for (at, line) in lines.iter().enumerate() {
        let trimmed = line.trim();
        if trimmed.starts_with('>') {
            continue;
        }
        let coming = lines.get(at + 1..).unwrap_or_default();
        if is_separator(trimmed) || (has_own && begins_history(trimmed, coming)) {
            break;
        }
        has_own |= !trimmed.is_empty();
        own.push_str(line);
        own.push('\n');
    }
    own
}

fn is_separator(line: &str) -> bool {
    let is_ruled =
        line.starts_with("--") || line.starts_with("__") || line.starts_with("==") || line.starts_with("**");
    if !is_ruled || line.len() > 200 {
        return false;
    }
    let folded = fold(line);
    [
        "urspruengliche nachricht",
        "originalnachricht",
        "original message",
        "original appointment",
        "weitergeleitete nachricht",
        "forwarded message",
        "message d origine",
        "oorspronkelijk bericht",
        "wiadomosc oryginalna",
        "messaggio originale",
        "mensaje original",
        "orijinal mesaj",
        "original nachricht",
    ]
    .iter()
    .any(|separator| folded.starts_with(separator))
}

fn begins_history(line: &str, coming: &[&str]) -> bool {
    if line.len() > 300 {
        return false;
    }
    let folded = fold(line);
    let is_header = |line: &str, names: &[&str]| names.iter().any(|name| line.trim_start().starts_with(name));
    if is_header(line, &["Von:", "From:", "De :", "De:", "Van:", "Od:", "Da:", "Kimden:"]) {
        let second = [
            "Gesendet:",
            "Sent:",
            "Datum:",
            "Date:",
            "An:",
            "To:",
            "Envoyé",
            "Verzonden:",
            "Wysłano:",
            "Inviato:",
            "Enviado:",
            "Gönderilen:",
            "À :",
        ];
        return coming.iter().take(HEADER_LINES).any(|line| is_header(line, &second));
    }
    let is_attribution = line.ends_with(':')
        && line.bytes().any(|byte| byte.is_ascii_digit())
        && [
            "schrieb",
            "wrote",
            "a ecrit",
            "schreef",
            "napisal",
            "napisala",
            "ha scritto",
            "escribio",
            "yazdi",
            "geschrieben",
        ]
        .iter()
        .any(|verb| folded.contains(verb));
    let starts = ["am ", "on ", "le ", "op ", "w dniu ", "il ", "el "];
    // Long attributions break before the verb.
    let breaks = starts.iter().any(|start| folded.starts_with(start))
        && line.bytes().filter(u8::is_ascii_digit).count() >= 5
        && coming.first().is_some_and(|line| {
            let line = line.trim();
            line.ends_with(':')
                && ["schrieb", "wrote"].iter().any(|verb| line.contains(verb))
                && line.len() < 200
        });
    is_attribution || breaks
}

/// The first token of the last line that is a closing formula.
fn closing(scan: &Scan) -> usize {
    let mut line_start = scan.tokens.len();
    while line_start > 0 {
        let line = scan.line_of(line_start - 1);
        let words: Vec<_> = scan
            .tokens
            .get(line.clone())
            .unwrap_or_default()
            .iter()
            .take(5)
            .map(|token| token.folded.as_str())
            .collect();
        let text = words.join(" ");
        let is_closing = CLOSINGS.iter().any(|closing| {
            text.strip_prefix(closing)
                .is_some_and(|rest| rest.is_empty() || closing.len() > 5 || rest.starts_with(' '))
        });
        if is_closing && line.len() <= 8 {
            return line.start;
        }
        // Signatures are short: the formula is not further up.
        if scan.tokens.len() - line.start > 200 {
            break;
        }
        line_start = line.start;
    }
    scan.tokens.len()
}

/// The first bytes of a text, cut between characters.
fn head(text: &str, bytes: usize) -> &str {
    text.get(..text.floor_char_boundary(bytes)).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(plain: &str, clean: &str) -> Message {
        Message::new("", &Text { plain: plain.into(), clean: clean.into() }, "")
    }

    #[test]
    fn the_signature_counts_and_quoted_history_does_not() {
        let plain = "Hallo,\nbitte kündigen.\n\nMit freundlichen Grüßen\nTom Mustermann\n\nAm 12.03.2024 um 10:00 schrieb Service:\n> Ihre Kundennummer 83771";
        let own = message(plain, "Hallo,\nbitte kündigen.").text;
        assert!(own.text.contains("Tom Mustermann") && !own.text.contains("83771"), "{}", own.text);
    }

    #[test]
    fn an_outlook_header_begins_history() {
        let plain = "Danke!\nTom\n\nVon: Service <service@stadtwerk.de>\nGesendet: Montag\nAn: Tom\nBetreff: Vertrag 746839";
        assert!(!message(plain, plain).text.text.contains("746839"));
        let form = "Von: Tom Mustermann\nDatum: heute\nKundennummer: 83771";
        assert!(message(form, form).text.text.contains("83771"));
    }

    #[test]
    fn the_closing_formula_divides_text_from_signature() {
        let message = message("Anna zieht aus.\n\nViele Grüße\nPeter Schmidt", "");
        let behind: Vec<_> =
            message.text.tokens[message.closing..].iter().map(|token| token.folded.as_str()).collect();
        assert_eq!(behind, ["viele", "gruesse", "peter", "schmidt"]);
    }

    #[test]
    fn only_the_beginning_of_a_huge_text_counts() {
        let huge = "ä".repeat(1_000_000);
        assert!(message(&huge, &huge).text.text.len() < 100_000);
    }
}
