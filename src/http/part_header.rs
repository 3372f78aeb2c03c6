//! The headers of a form's part.

use crate::error::Error;

/// What the headers of a part say.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct PartHeader {
    pub name: Option<String>,
    /// As the client wrote it; `None` where the part is no file, or its name is not UTF-8.
    pub file_name: Option<String>,
}

impl PartHeader {
    /// Reads a block of headers, what is left of the delimiter's line before it. Errors with 400 for a part that
    /// follows no line break.
    pub fn read(block: &[u8]) -> Result<Self, Error> {
        let text = String::from_utf8_lossy(block);
        let mut lines = text.split("\r\n");
        // Padding is allowed behind a delimiter (RFC 2046, section 5.1.1).
        if lines.next().is_some_and(|rest| !rest.trim_matches([' ', '\t']).is_empty()) {
            return Err(Error::Unreadable("the form has a boundary that does not end its line".into()));
        }
        let mut fields = lines.filter_map(|line| line.split_once(':'));
        let disposition = fields.find(|(name, _)| name.trim().eq_ignore_ascii_case("content-disposition"));
        let Some((_, value)) = disposition else { return Ok(Self::default()) };
        let extended = parameter(value, "filename*").and_then(|text| decoded(&text));
        let plain = || parameter(value, "filename").map(|name| name.replace("%22", "\""));
        Ok(Self { name: parameter(value, "name"), file_name: extended.or_else(plain) })
    }
}

/// A parameter of a header's value. In a quoted one, `\"` is a quotation mark, and any other backslash itself, as
/// browsers write it.
pub fn parameter(value: &str, wanted: &str) -> Option<String> {
    let mut rest = value;
    loop {
        // What is before the first semicolon is no parameter.
        rest = rest.split_once(';')?.1;
        let (name, after) = rest.split_at(rest.find([';', '='])?);
        let Some(after) = after.strip_prefix('=') else {
            rest = after;
            continue;
        };
        let after = after.trim_start();
        let (text, behind) = if let Some(quoted) = after.strip_prefix('"') {
            unquoted(quoted)?
        } else {
            let (text, behind) = after.split_at(after.find(';').unwrap_or(after.len()));
            (text.trim().to_owned(), behind)
        };
        if name.trim().eq_ignore_ascii_case(wanted) {
            return Some(text);
        }
        rest = behind;
    }
}

/// The text up to the closing quotation mark, and what is behind it.
fn unquoted(quoted: &str) -> Option<(String, &str)> {
    let mut text = String::new();
    let mut signs = quoted.char_indices().peekable();
    while let Some((at, sign)) = signs.next() {
        match sign {
            '"' => return Some((text, quoted.get(at + 1..)?)),
            '\\' if signs.next_if(|(_, next)| *next == '"').is_some() => text.push('"'),
            sign => text.push(sign),
        }
    }
    None
}

/// An extended value in UTF-8 (RFC 8187); `None` for any other.
fn decoded(text: &str) -> Option<String> {
    let mut parts = text.splitn(3, '\'');
    let (charset, _language, encoded) = (parts.next()?, parts.next()?, parts.next()?);
    if !charset.eq_ignore_ascii_case("utf-8") {
        return None;
    }
    let mut bytes = Vec::with_capacity(encoded.len());
    let mut rest = encoded.as_bytes();
    while let [first, behind @ ..] = rest {
        rest = behind;
        match (first, behind) {
            (b'%', [high, low, behind @ ..]) => {
                let digit = |byte: u8| char::from(byte).to_digit(16);
                bytes.push(u8::try_from(digit(*high)? * 16 + digit(*low)?).ok()?);
                rest = behind;
            }
            (b'%', _) => return None,
            (byte, _) => bytes.push(*byte),
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> PartHeader {
        PartHeader::read(format!("\r\nContent-Disposition: form-data; {line}").as_bytes()).unwrap()
    }

    #[test]
    fn names_are_read_as_clients_write_them() {
        let cases = [
            (r#"name="file"; filename="a.txt""#, "a.txt"),
            ("name=file; filename=a.txt", "a.txt"),
            (r#"filename="a.txt"; NAME="file""#, "a.txt"),
            (r#"name="file"; filename="a\"b%22;c.txt""#, "a\"b\";c.txt"),
            (r#"name="file"; filename="C:\dir\a.txt""#, r"C:\dir\a.txt"),
            (r#"name="file"; filename="?"; filename*=UTF-8''Z%C3%A4hler%201.pdf"#, "Zähler 1.pdf"),
            (r#"name="file"; filename="a.txt"; filename*=UTF-8''%C3"#, "a.txt"),
            (r#"name="file"; filename="a.txt"; filename*=latin1''%E4"#, "a.txt"),
            ("name=\"file\"; filename=\"Zähler.pdf\"", "Zähler.pdf"),
        ];
        for (line, file_name) in cases {
            let wanted = PartHeader { name: Some("file".into()), file_name: Some(file_name.into()) };
            assert_eq!(read(line), wanted, "{line}");
        }
    }

    #[test]
    fn a_part_without_names_is_nobodys() {
        for line in ["", "x", "name", "name=\"open", ";;;=", "x=\"name=file"] {
            assert_eq!(read(line).name, None, "{line}");
        }
        assert_eq!(PartHeader::read(b"").unwrap(), PartHeader::default());
        assert!(PartHeader::read(b"behind\r\n").is_err());
    }
}
