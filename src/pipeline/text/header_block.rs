//! The block of headers over a quoted mail: `Von: … Gesendet: … An: … Betreff: …`.

use super::line::Line;
use super::words::{Word, words};

/// How many lines a block is looked for in, and how long one may be.
const LINES: usize = 40;
const LONGEST: usize = 2000;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Header {
    From = 1,
    Sent = 2,
    To = 4,
    CarbonCopy = 8,
    Subject = 16,
    Other = 32,
}

use Header::{CarbonCopy, From, Other, Sent, Subject, To};

/// The names of headers in the languages that we read, folded.
const NAMES: &[(&str, Header)] = &[
    ("von", From),
    ("from", From),
    ("de", From),
    ("van", From),
    ("od", From),
    ("da", From),
    ("kimden", From),
    ("goenderen", From),
    ("absender", From),
    ("expediteur", From),
    ("sender", From),
    ("nadawca", From),
    ("gesendet", Sent),
    ("sent", Sent),
    ("datum", Sent),
    ("date", Sent),
    ("data", Sent),
    ("fecha", Sent),
    ("envoye", Sent),
    ("envoye le", Sent),
    ("verzonden", Sent),
    ("wyslano", Sent),
    ("goenderildi", Sent),
    ("goenderme tarihi", Sent),
    ("tarih", Sent),
    ("inviato", Sent),
    ("enviado", Sent),
    ("enviado el", Sent),
    ("gesendet am", Sent),
    ("date sent", Sent),
    ("an", To),
    ("to", To),
    ("a", To),
    ("aan", To),
    ("do", To),
    ("kime", To),
    ("alici", To),
    ("para", To),
    ("pour", To),
    ("empfaenger", To),
    ("cc", CarbonCopy),
    ("bcc", CarbonCopy),
    ("kopie", CarbonCopy),
    ("copie", CarbonCopy),
    ("kopia", CarbonCopy),
    ("dw", CarbonCopy),
    ("bilgi", CarbonCopy),
    ("copie a", CarbonCopy),
    ("betreff", Subject),
    ("subject", Subject),
    ("objet", Subject),
    ("oggetto", Subject),
    ("asunto", Subject),
    ("onderwerp", Subject),
    ("temat", Subject),
    ("konu", Subject),
    ("thema", Subject),
    ("antwort an", Other),
    ("reply to", Other),
    ("wichtigkeit", Other),
    ("importance", Other),
    ("prioritaet", Other),
    ("priority", Other),
    ("anlagen", Other),
    ("attachments", Other),
    ("gesendet von", Other),
    ("sent by", Other),
    ("bitte antworten an", Other),
];

fn header(name: &str) -> Option<Header> {
    NAMES.iter().find(|(known, _)| *known == name).map(|&(_, header)| header)
}

/// The header that a line is, and whether its value stands on the line too.
fn line_header(line: &str) -> Option<(Header, bool)> {
    let line = line.trim_start_matches(['>', '*', '|', ' ']);
    let colon = line.bytes().take(40).position(|byte| byte == b':')?;
    let name = crate::pipeline::fold::fold(&line[..colon]);
    let value = line[colon + 1..].trim_matches(|sign: char| sign == '*' || sign.is_whitespace());
    header(&name).map(|header| (header, !value.is_empty()))
}

/// The line after the block of headers that begins on a line, if one does.
pub fn find(lines: &[Line], at: usize) -> Option<usize> {
    let first = lines.get(at)?.text.as_str();
    if first.len() > LONGEST {
        return None;
    }
    let (start, _) = line_header(first)?;
    if start == Other {
        return None;
    }
    if headers_on_a_line(first) >= 3 {
        return Some(at + 1);
    }
    let (mut seen, mut end, mut has_address) = (0, at, false);
    // A value may be wrapped, or stand below its name.
    let mut wrapped = 0;
    for (index, line) in lines.iter().enumerate().skip(at).take(LINES) {
        if line.is_blank() {
            // A blank line after the headers ends them unless another follows at once.
            let next = lines[index..].iter().find(|line| !line.is_blank());
            if wrapped > 0 || next.is_none_or(|next| line_header(&next.text).is_none()) {
                break;
            }
            continue;
        }
        if let Some((header, has_value)) = line_header(&line.text) {
            seen |= header as u8;
            end = index + 1 + usize::from(!has_value && follows_value(lines, index));
            wrapped = 0;
            has_address |= header != Subject && line.text.contains('@');
        } else if index >= end {
            wrapped += 1;
            has_address |= line.text.contains('@');
            if wrapped > 2 {
                break;
            }
        }
    }
    let has = |header: Header| seen & header as u8 != 0;
    let is_block = (seen & !(Other as u8)).count_ones() >= 3
        && (has(From) || has(Sent))
        && (has(Subject) || has_address)
        && (has(From) || has(To));
    // Notes writes the sender and the date above, without names.
    let is_notes = has(To) && has(Subject) && !has(From) && is_below_date(lines, at);
    let is_short =
        has(From) && has_address && (has(Sent) || has(Subject)) && (seen & !(Other as u8)).count_ones() == 2;
    (is_block || is_notes || (is_short && has(Sent))).then_some(end)
}

/// Whether the value of a header without one stands on the line below.
fn follows_value(lines: &[Line], at: usize) -> bool {
    lines.get(at + 1).is_some_and(|next| !next.is_blank() && line_header(&next.text).is_none())
}

/// How many different headers stand one after the other on a line.
fn headers_on_a_line(line: &str) -> u32 {
    let mut seen = 0;
    for Word { end, folded, .. } in words(line) {
        if line[end..].trim_start_matches('*').starts_with(':')
            && let Some(header) = header(&folded)
        {
            seen |= header as u8;
        }
    }
    seen.count_ones()
}

/// Where the name and date begin that Notes writes above its headers; the line itself where there are none.
pub fn start(lines: &[Line], at: usize) -> usize {
    let mut above = (0..at).rev().filter(|&index| !lines[index].is_blank());
    match (above.next(), above.next()) {
        (Some(date), name) if is_date(&lines[date].text) => name
            .filter(|&name| super::words::is_name(&lines[name].text) || lines[name].text.contains('@'))
            .unwrap_or(date),
        _ => at,
    }
}

fn is_below_date(lines: &[Line], at: usize) -> bool {
    start(lines, at) != at
}

/// Whether a line is a date with a time and little more.
fn is_date(line: &str) -> bool {
    let digits = line.bytes().filter(u8::is_ascii_digit).count();
    line.len() <= 40 && digits >= 8 && line.contains(':') && line.contains(['.', '/', '-'])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pipeline::text::line::plain_lines;

    fn found(text: &str) -> Option<usize> {
        find(&plain_lines(text), 0)
    }

    #[test]
    fn blocks_of_many_programs_are_found() {
        for (text, end) in [
            (
                "Von: Tom <tom@x.de>\nGesendet: Freitag, 3. Mai 2024 10:12\nAn: Service\nBetreff: Umzug\n\nHallo",
                4,
            ),
            ("*From:* Tom\n*Sent:* Friday\n*To:* Service\n*Subject:* Move\nHello", 4),
            ("From: Tom\n\nSent: Friday\n\nTo: Service\n\nSubject: Move\n\nHello", 7),
            ("De : Tom\nEnvoyé : vendredi\nÀ : Service\nObjet : x\nBonjour", 4),
            ("Von:\nTom <tom@x.de>\nAn:\nService\nBetreff:\nUmzug\nHallo", 6),
            ("Von: Tom Gesendet: Freitag An: Service Betreff: Umzug", 1),
            ("Betreff: x\nDatum: 3. Mai\nVon: Tom\nAn: Service\n\nHallo", 4),
        ] {
            assert_eq!(found(text), Some(end), "{text}");
        }
    }

    #[test]
    fn what_a_customer_lists_is_no_block() {
        for text in [
            "Von: Alte Str. 5\nAn: Neue Str. 6\nDatum: 1.5.",
            "Betreff: Umzug\n\nSehr geehrte Damen und Herren",
            "Datum: 1.5.2024\nZählerstand: 123\nZählernummer: 456",
            "An: Stadtwerke\nBetreff: Kündigung\n\nIch kündige.",
        ] {
            assert_eq!(found(text), None, "{text}");
        }
    }

    #[test]
    fn notes_writes_name_and_date_above() {
        let lines = plain_lines(
            "Hallo\n\nKundenservice <s@x.de>\n03.05.2024 10:12\n\nAn: Tom\nKopie:\nThema: Re: Umzug\n\nText",
        );
        assert_eq!(find(&lines, 5), Some(8));
        assert_eq!(start(&lines, 5), 2);
    }
}
