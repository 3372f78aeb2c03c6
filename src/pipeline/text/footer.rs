//! Footers: what programs and companies put below every mail.

use super::phrases::{
    DEVICES, FOOTERS, NOTICE_STARTS, NOTICE_WORDS, OFFERS, SCANNED, SENT, SENT_STARTS, SENT_WITH,
    SENTENCE_WORDS,
};
use super::words::{begins, contains, head, words};

/// Whether a line says only what the mail was sent with, or that it was scanned.
pub fn is_sent_from(line: &str) -> bool {
    const LONGEST: usize = 14;
    if line.len() > 200 {
        return false;
    }
    let line = head(line);
    let words: Vec<&str> = line.split(' ').collect();
    let starts = |known: &[&str]| known.iter().any(|start| begins(&line, start));
    if words.len() > LONGEST
        || words.iter().any(|word| *word != "wurde" && *word != "was" && SENTENCE_WORDS.contains(word))
    {
        return false;
    }
    let names_device = words[1..].iter().any(|word| DEVICES.contains(word))
        || (words[0] != "mail" && DEVICES.contains(&words[0]));
    let is_mine = matches!(
        words[1..],
        ["from", "my", ..] | ["von", "meinem" | "mein" | "meiner", ..] | ["de", "mon", ..]
    );
    (SENT.contains(&words[0])
        && words.get(1).is_some_and(|with| SENT_WITH.contains(with))
        && (names_device || (is_mine && words.len() <= 6)))
        || (words.last().is_some_and(|last| SENT.contains(last)) && starts(SENT_STARTS) && names_device)
        || (words.len() <= 7 && starts(OFFERS))
        || SCANNED.iter().any(|part| contains(&line, part))
}

/// Where a line ends in a sentence that says what the mail was sent with, in bytes.
pub fn sent_from_start(line: &str) -> Option<usize> {
    line.char_indices().filter(|(_, sign)| matches!(sign, '.' | '!' | '?')).map(|(at, _)| at + 1).find(
        |&at| {
            let rest = line[at..].trim_start();
            rest.len() < 120 && rest.len() < line[at..].len() && is_sent_from(rest)
        },
    )
}

/// Whether a footer begins on a line; `next` is the line below it.
pub fn begins_at(line: &str, next: &str) -> bool {
    let line = line.trim_start_matches(|sign: char| !sign.is_alphanumeric());
    let text = head(line);
    if FOOTERS.iter().any(|start| begins(&text, start)) {
        // A sentence about such a thing is none: `Geschäftsführer ist seit Mai Herr Meier.`
        return ![
            "geschaeftsfuehr",
            "vorstand",
            "handelsregister",
            "steuernummer",
            "confidentiality",
            "amtsgericht",
        ]
        .iter()
        .any(|start| text.starts_with(start))
            || is_labelled(line);
    }
    if !NOTICE_STARTS.iter().any(|start| begins(&text, start)) {
        return false;
    }
    let mut text = text;
    text.push(' ');
    text.push_str(&head(next));
    text.len() > 60 && NOTICE_WORDS.iter().any(|part| text.contains(part)) && !text.contains(" ich ")
}

/// Whether a label of one or two words stands at the beginning, or a register number in the line.
fn is_labelled(line: &str) -> bool {
    let label = line.split(':').next().unwrap_or(line);
    (label.len() < line.len() && words(label).len() <= 5)
        || line.contains("HRB")
        || line.contains("HRA")
        || line.ends_with(':')
        || words(line).len() <= 2
}

/// Whether a line is a company or a way to reach somebody: telephone, mail, web.
pub fn is_contact(line: &str) -> bool {
    const LABELS: &[&str] = &[
        "tel", "telefon", "fon", "fax", "telefax", "mobil", "mobile", "handy", "phone", "cell", "web", "www",
        "email", "mail", "e mail", "t", "m", "f", "telefoon", "telefono", "tel fax", "internet", "homepage",
        "festnetz",
    ];
    const COMPANIES: &[&str] = &[
        "gmbh", "mbh", "ag", "kg", "ohg", "gbr", "ug", "se", "ltd", "limited", "inc", "llc", "plc", "bv",
        "sarl", "srl",
    ];
    if line.len() > 120 {
        return false;
    }
    let text = head(line);
    let is_company = text.split(' ').skip(1).any(|word| COMPANIES.contains(&word)) && words(line).len() <= 6;
    let has_value = line.bytes().filter(u8::is_ascii_digit).count() >= 5
        || line.contains('@')
        || line.contains("www.")
        || line.contains("http");
    let is_bare =
        words(line).len() <= 7 && (line.contains('@') || line.contains("www.") || line.starts_with("http"));
    let is_number = line.len() >= 6
        && line.starts_with(['+', '0'])
        && line.chars().all(|sign| sign.is_ascii_digit() || " +-/()".contains(sign));
    is_company || (has_value && LABELS.iter().any(|label| begins(&text, label))) || is_bare || is_number
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sent_from_lines_are_told_from_sentences() {
        for line in [
            "Gesendet von meinem iPhone",
            "Von meinem iPhone gesendet",
            "Sent from my iPad",
            "Gesendet mit der GMX Mail App",
            "Get Outlook for Android",
            "Holen Sie sich Outlook für iOS",
            "Diese Nachricht wurde von meinem Android Mobiltelefon mit WEB.DE Mail gesendet.",
            "Von meinem Samsung Galaxy Smartphone gesendet.",
            "Envoyé de mon iPhone",
            "Verstuurd vanaf mijn iPhone",
            "Wysłane z iPhone'a",
            "iPhone'umdan gönderildi",
            "Inviato da iPhone",
            "Enviado desde mi iPhone",
            "Virenfrei. www.avast.com",
            "Outlook für Android herunterladen",
            "Sent from Yahoo Mail on Android",
            "Gesendet mit Proton Mail sicherer E-Mail.",
            "Gesendet von Mail für Windows",
            "-- Gesendet mit meinem Handy",
        ] {
            assert!(is_sent_from(line), "{line}");
        }
        for line in [
            "Gesendet habe ich Ihnen das schon am 3. Mai.",
            "Von meinem Konto wurden 50 Euro abgebucht.",
            "Sent from your office I got three letters",
            "Diese Mail wurde mir gestern zugestellt",
            "Von meiner alten Adresse bin ich weggezogen.",
            "Von meinem Handy aus geht das Kundenportal nicht auf.",
            "Foto wurde per Mail verschickt",
            "Outlook für Android stürzt bei Ihren Mails ab, was soll ich tun",
        ] {
            assert!(!is_sent_from(line), "{line}");
        }
        assert_eq!(sent_from_start("Bitte melden. Gesendet von meinem iPhone"), Some("Bitte melden.".len()));
    }

    #[test]
    fn notices_are_told_from_messages() {
        for line in [
            "Diese E-Mail enthält vertrauliche und/oder rechtlich geschützte Informationen.",
            "This e-mail and any attachments are confidential and intended solely for the addressee.",
            "CONFIDENTIALITY NOTICE: The contents",
            "Geschäftsführer: Anna Meier",
            "Sitz der Gesellschaft: Berlin",
            "Amtsgericht Berlin HRB 1234",
            "Ce message est confidentiel et destiné exclusivement à son destinataire.",
        ] {
            assert!(begins_at(line, ""), "{line}");
        }
        for line in [
            "Diese E-Mail habe ich nie bekommen.",
            "Geschäftsführer ist seit Mai Frau Weber und nicht mehr Herr Meier.",
            "Bitte behandeln Sie das vertraulich.",
            "Hinweis: der Zähler ist defekt.",
        ] {
            assert!(!begins_at(line, ""), "{line}");
        }
    }

    #[test]
    fn ways_to_reach_somebody_are_contacts() {
        for line in [
            "Tel.: 030 123456",
            "tom@mustermann.de",
            "www.mustermann.de",
            "+49 30 123456",
            "Mobil 0171/123456",
            "E-Mail: tom@x.de",
        ] {
            assert!(is_contact(line), "{line}");
        }
        assert!(!is_contact("Mein Zählerstand ist 12345"));
    }
}
