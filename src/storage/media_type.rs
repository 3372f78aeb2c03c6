//! What a file is, by its content.

/// How many of the first bytes tell.
pub const SNIFFED: usize = 8 * 1024;

const TEXT: &str = "text/plain";

/// Text whose kind only the name tells.
const TEXTS: [(&str, &str); 9] = [
    ("csv", "text/csv"),
    ("eml", "message/rfc822"),
    ("htm", "text/html"),
    ("html", "text/html"),
    ("ics", "text/calendar"),
    ("json", "application/json"),
    ("svg", "image/svg+xml"),
    ("vcf", "text/vcard"),
    ("xml", "application/xml"),
];
/// What may be inside of a zip archive that only the name tells.
const ARCHIVES: [(&str, &str); 6] = [
    ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ("odp", "application/vnd.oasis.opendocument.presentation"),
    ("ods", "application/vnd.oasis.opendocument.spreadsheet"),
    ("odt", "application/vnd.oasis.opendocument.text"),
    ("pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
];
/// What may be inside of a compound file.
const COMPOUNDS: [(&str, &str); 4] = [
    ("doc", "application/msword"),
    ("msg", "application/vnd.ms-outlook"),
    ("ppt", "application/vnd.ms-powerpoint"),
    ("xls", "application/vnd.ms-excel"),
];
/// How a compound file begins (MS-CFB, section 2.2).
const COMPOUND: [u8; 8] = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];

/// The media type of a file that starts with these bytes, the first [`SNIFFED`] of it where it is longer. The name
/// decides only between what the bytes allow; `application/octet-stream` where they say nothing.
pub fn media_type(start: &[u8], name: &str) -> &'static str {
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).unwrap_or_default();
    let among = |types: &[(&str, &'static str)]| {
        types.iter().find(|(known, _)| *known == ending).map(|(_, media_type)| *media_type)
    };
    if start.starts_with(&COMPOUND) {
        return among(&COMPOUNDS).unwrap_or("application/octet-stream");
    }
    match infer::get(start).map(|kind| kind.mime_type()) {
        Some("application/zip") => among(&ARCHIVES).unwrap_or("application/zip"),
        // A page without an ending that says so is shown as what it is all the same.
        Some(known) => known,
        None if is_text(start) => among(&TEXTS).unwrap_or(TEXT),
        None => "application/octet-stream",
    }
}

/// UTF-8 without control characters, but those that texts have; the last character may be cut.
fn is_text(start: &[u8]) -> bool {
    let text = match std::str::from_utf8(start) {
        Ok(text) => text,
        Err(error) if error.error_len().is_none() && start.len() >= SNIFFED => {
            start.get(..error.valid_up_to()).and_then(|whole| std::str::from_utf8(whole).ok()).unwrap_or("\0")
        }
        Err(_) => return false,
    };
    text.chars().all(|sign| !sign.is_control() || matches!(sign, '\t' | '\n' | '\r' | '\u{c}'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_content_tells_and_not_the_name() {
        let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";
        assert_eq!(media_type(png, "a.pdf"), "image/png");
        assert_eq!(media_type(b"%PDF-1.7\n", "a.png"), "application/pdf");
        assert_eq!(media_type(b"<html><script>", "a.png"), "text/html");
        assert_eq!(
            media_type(b"MZ\x90\0\x03\0\0\0", "a.pdf"),
            "application/vnd.microsoft.portable-executable"
        );
    }

    #[test]
    fn the_name_decides_between_what_the_content_allows() {
        assert_eq!(media_type(b"a;b\n1;2\n", "A.CSV"), "text/csv");
        assert_eq!(media_type(b"a;b\n1;2\n", "a.pdf"), "text/plain");
        assert_eq!(media_type(b"<svg onload='x'/>", "a.svg"), "image/svg+xml");
        assert_eq!(media_type(b"PK\x03\x04abcd", "a.docx"), ARCHIVES[0].1);
        assert_eq!(media_type(b"PK\x03\x04abcd", "a.png"), "application/zip");
        assert_eq!(media_type(&COMPOUND, "a.xls"), "application/vnd.ms-excel");
        assert_eq!(media_type(b"\0\x01\x02", "a.txt"), "application/octet-stream");
        assert_eq!(media_type(b"", "a"), "text/plain");
    }

    #[test]
    fn a_character_that_is_cut_is_no_fault() {
        let mut long = vec![b'a'; SNIFFED - 1];
        long.push(0xc3);
        assert_eq!(media_type(&long, "a.txt"), "text/plain");
        assert_eq!(media_type(b"a\xc3", "a.txt"), "application/octet-stream");
    }
}
