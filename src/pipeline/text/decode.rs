//! What a mail gateway should have decoded: quoted-printable, entities in plain text, embedded files.

use html5ever::data::NAMED_ENTITIES;

/// The text without the content of `data:` addresses; `None` where there is none.
pub fn without_embedded_files(text: &str) -> Option<String> {
    const START: &str = ";base64,";
    let mut rest = text;
    let mut shorter = String::new();
    while let Some(at) = rest.find(START) {
        let (before, file) = rest.split_at(at + START.len());
        shorter.push_str(before);
        let is_content = |byte: u8| byte.is_ascii_alphanumeric() || b"+/=%\r\n \t".contains(&byte);
        let end = file.bytes().position(|byte| !is_content(byte)).unwrap_or(file.len());
        rest = &file[end..];
    }
    if shorter.is_empty() {
        return None;
    }
    shorter.push_str(rest);
    Some(shorter)
}

/// The text with leftovers of quoted-printable decoded; `None` where nothing in it is clearly that.
pub fn quoted_printable(text: &str) -> Option<String> {
    if !is_quoted_printable(text) {
        return None;
    }
    let bytes = text.as_bytes();
    let mut decoded = String::with_capacity(text.len());
    // Escaped bytes in a row, which are letters only together.
    let mut run = Vec::new();
    let mut copied = 0;
    let mut at = 0;
    while let Some(found) = bytes[at..].iter().position(|&byte| byte == b'=') {
        let equals = at + found;
        let (end, byte) = if let Some(byte) = escaped(bytes, equals) {
            (equals + 3, Some(byte))
        } else if let Some(end) = soft_break(bytes, equals) {
            (end, None)
        } else {
            at = equals + 1;
            continue;
        };
        if copied < equals {
            push_run(&mut decoded, &mut run);
            decoded.push_str(&text[copied..equals]);
        }
        run.extend(byte);
        copied = end;
        at = end;
    }
    push_run(&mut decoded, &mut run);
    decoded.push_str(&text[copied..]);
    Some(decoded)
}

fn is_quoted_printable(text: &str) -> bool {
    let bytes = text.as_bytes();
    let mut weak = 0;
    let mut line_start = 0;
    for (at, &byte) in bytes.iter().enumerate() {
        if byte == b'\n' {
            line_start = at + 1;
        }
        if byte != b'=' {
            continue;
        }
        if let Some(lead @ 0xc2..=0xf4) = escaped(bytes, at)
            && let Some(0x80..=0xbf) = escaped(bytes, at + 3)
            && (lead < 0xe0 || matches!(escaped(bytes, at + 6), Some(0x80..=0xbf)))
        {
            return true;
        }
        let follows = |sign: &[u8]| bytes[at..].starts_with(sign);
        if follows(b"=3D\"") || is_latin_umlaut(bytes, at) {
            return true;
        }
        let is_line_end = matches!(bytes.get(at + 3), Some(b'\r' | b'\n') | None);
        let is_long_line = at - line_start >= 50;
        if follows(b"=3D") || (follows(b"=20") && is_line_end) {
            weak += 1;
        } else if soft_break(bytes, at).is_some() && is_long_line {
            weak += if (70..=76).contains(&(at - line_start)) { 2 } else { 1 };
        }
    }
    weak >= 2
}

/// `=FC` for `ü` of the older character sets, inside a word.
fn is_latin_umlaut(bytes: &[u8], at: usize) -> bool {
    const UMLAUTS: &[&[u8]] = &[b"E4", b"F6", b"FC", b"DF", b"C4", b"D6", b"DC"];
    let lower = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_lowercase);
    let is_umlaut = bytes.get(at + 1..at + 3).is_some_and(|code| UMLAUTS.contains(&code));
    let before = at.checked_sub(1).map(|before| bytes[before]);
    let after = bytes.get(at + 3);
    is_umlaut
        && match before {
            Some(before) if before.is_ascii_alphabetic() => {
                lower(at + 3) || after.is_none_or(|after| b" .,!?\r\n".contains(after))
            }
            None | Some(b' ' | b'\n' | b'"' | b'(' | b'>') => lower(at + 3) && lower(at + 4),
            _ => false,
        }
}

/// The byte that `=XX` stands for.
fn escaped(bytes: &[u8], at: usize) -> Option<u8> {
    let &[b'=', high, low] = bytes.get(at..at + 3)? else { return None };
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    Some(digit(high)? << 4 | digit(low)?)
}

/// Where the line after `=` at a line's end begins; a rule of equals signs is none.
fn soft_break(bytes: &[u8], at: usize) -> Option<usize> {
    if at.checked_sub(1).is_some_and(|before| bytes[before] == b'=') {
        return None;
    }
    match bytes.get(at + 1..)? {
        [b'\r', b'\n', ..] => Some(at + 3),
        [b'\n' | b'\r', ..] => Some(at + 2),
        _ => None,
    }
}

/// Escaped bytes as UTF-8, and as Latin-1 what is no UTF-8.
fn push_run(text: &mut String, run: &mut Vec<u8>) {
    for chunk in run.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().map(|&byte| char::from(byte)));
    }
    run.clear();
}

/// The text with its HTML entities decoded; `None` where it has none.
pub fn entities(text: &str) -> Option<String> {
    let mut decoded = String::new();
    let mut copied = 0;
    for (at, _) in text.match_indices('&') {
        if at < copied {
            continue;
        }
        let Some((letters, length)) = entity(&text[at..]) else { continue };
        decoded.push_str(&text[copied..at]);
        decoded.extend(letters.into_iter().flatten());
        copied = at + length;
    }
    if copied == 0 {
        return None;
    }
    decoded.push_str(&text[copied..]);
    Some(decoded)
}

/// The letters that the entity at the beginning of a text stands for, and its length in bytes.
fn entity(text: &str) -> Option<([Option<char>; 2], usize)> {
    const LONGEST: usize = 33;
    let end = text.bytes().take(LONGEST).position(|byte| byte == b';')?;
    let name = &text[1..=end];
    let letters = if let Some(number) = name.strip_prefix('#') {
        let number = number.trim_end_matches(';');
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16),
            None => number.parse(),
        };
        [code.ok().filter(|&code| code >= 32).and_then(char::from_u32), None]
    } else {
        let &(first, second) = NAMED_ENTITIES.get(name)?;
        [first, second].map(|code| char::from_u32(code).filter(|&letter| letter != '\0'))
    };
    letters[0].is_some().then_some((letters, end + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leftovers_of_quoted_printable_are_decoded() {
        let decoded = |text| quoted_printable(text).unwrap();
        assert_eq!(decoded("f=C3=BCr mein Z=\n=C3=A4hler=20\r\n"), "für mein Zähler \r\n");
        assert_eq!(decoded("Gr=C3=\r\n=BC=C3=9Fe"), "Grüße");
        assert_eq!(decoded("Stra=DFe"), "Straße");
        assert_eq!(decoded("<a href=3D\"x\">"), "<a href=\"x\">");
        assert_eq!(decoded("10 =E2=82=AC"), "10 €");
    }

    #[test]
    fn what_only_looks_like_quoted_printable_stays() {
        for text in [
            "Rabatt=20%",
            "a=b",
            "Summe =\n12",
            "=====\nx",
            "https://x.de/?id=FC&b=3Dx",
            "=",
            "=C",
            "=C3=",
            "",
        ] {
            assert_eq!(quoted_printable(text), None, "{text}");
        }
    }

    #[test]
    fn entities_are_decoded_where_they_are_whole() {
        assert_eq!(entities("f&uuml;r 3 &lt; 4 &#8364; &#xE4;").as_deref(), Some("für 3 < 4 € ä"));
        assert_eq!(entities("Meier & Sohn; AT&T; &#0; &copy"), None);
    }

    #[test]
    fn embedded_files_are_left_out() {
        let text = "<img src=\"data:image/png;base64,iVBORw0KGgo=\"><p>x";
        assert_eq!(without_embedded_files(text).as_deref(), Some("<img src=\"data:image/png;base64,\"><p>x"));
        assert_eq!(without_embedded_files("<p>x"), None);
    }
}
