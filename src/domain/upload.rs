//! A file that a client sent: what is known of it, and how the rest of the world names it.

/// The longest name, in bytes.
const MAX_NAME_BYTES: usize = 255;
/// The longest ending that a shortened name keeps, in bytes.
const MAX_ENDING_BYTES: usize = 32;
/// What stands before the id where an attachment refers to an upload.
const SCHEME: &str = "upload:";
/// Names that stand for devices on some systems, whatever their ending.
const RESERVED: [&str; 6] = ["aux", "con", "nul", "prn", "com", "lpt"];

/// The name of an upload: 32 hexadecimal digits that nobody can guess.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UploadId(String);

/// A file that is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    pub id: UploadId,
    /// Of the content, 64 hexadecimal digits.
    pub sha256: String,
    pub size_bytes: i64,
    /// The media type that the content has.
    pub content_type: String,
    /// Safe to be the name of a file anywhere.
    pub name: String,
}

impl UploadId {
    /// Returns `None` for what is no id.
    pub fn parse(text: &str) -> Option<Self> {
        let is_hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        (text.len() == 32 && text.bytes().all(is_hex)).then(|| Self(text.to_owned()))
    }

    /// The id of 16 random bytes.
    pub fn of(random: [u8; 16]) -> Self {
        Self(hexadecimal(&random))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// How an attachment refers to it.
    pub fn reference(&self) -> String {
        format!("{SCHEME}{}", self.0)
    }

    /// The upload that an attachment's stored address refers to; `None` for any other address.
    pub fn referred(address: &str) -> Option<Self> {
        Self::parse(address.strip_prefix(SCHEME)?)
    }

    /// The upload that a client means: by one of our links, relative or absolute, under whatever name of the
    /// server and however old; or by a reference. `None` for any other address.
    pub fn meant(address: &str) -> Option<Self> {
        if let Some(id) = Self::referred(address) {
            return Some(id);
        }
        let path = address.split(['?', '#']).next().unwrap_or_default();
        let mut parts = path.rsplit('/');
        let (name, id, tenant, files) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        let is_number = (1..=19).contains(&tenant.len()) && tenant.bytes().all(|byte| byte.is_ascii_digit());
        let before = parts.next();
        // What is before is nothing, or ends in a slash.
        (files == "files" && before.is_some() && is_number && !name.is_empty()).then(|| Self::parse(id))?
    }
}

/// Bytes as lower-case hexadecimal digits.
pub fn hexadecimal(bytes: &[u8]) -> String {
    let digit = |four: u8| char::from_digit(four.into(), 16).unwrap_or_default();
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

/// A name that is safe to be a file's on any system and in any header: no path, no control or bidirectional
/// characters, no device, at most 255 bytes with the ending kept; `file` where nothing is left.
pub fn safe_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let kept = last.chars().filter(|sign| !sign.is_control() && !is_invisible(*sign));
    let kept: String = kept.map(|sign| if r#"<>:"|?*"#.contains(sign) { '_' } else { sign }).collect();
    let trimmed = kept.trim().trim_end_matches(['.', ' ']);
    if trimmed.is_empty() {
        return "file".to_owned();
    }
    let named = if is_device(trimmed) { format!("_{trimmed}") } else { trimmed.to_owned() };
    shortened(&named)
}

fn is_invisible(sign: char) -> bool {
    matches!(sign,
        '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().trim_end().to_ascii_lowercase();
    let digits = stem.trim_start_matches(|sign: char| sign.is_ascii_alphabetic());
    let word = stem.strip_suffix(digits).unwrap_or_default();
    let is_numbered = digits.len() == 1 && ["com", "lpt"].contains(&word);
    RESERVED.contains(&word) && (is_numbered || digits.is_empty() && !["com", "lpt"].contains(&word))
}

fn shortened(name: &str) -> String {
    if name.len() <= MAX_NAME_BYTES {
        return name.to_owned();
    }
    let ending = name.rsplit_once('.').map(|(_, ending)| ending).unwrap_or_default();
    let ending = if ending.len() <= MAX_ENDING_BYTES { ending } else { "" };
    let room = MAX_NAME_BYTES - ending.len() - usize::from(!ending.is_empty());
    let stem = &name[..name.floor_char_boundary(room)];
    if ending.is_empty() { stem.to_owned() } else { format!("{stem}.{ending}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_recognised_whatever_its_host_and_age() {
        let id = "0123456789abcdef0123456789abcdef";
        let known = [
            format!("https://tessera.example.com/files/7/{id}/a.pdf?expires=1&signature=x"),
            format!("http://127.0.0.1:8005/files/7/{id}/a.pdf"),
            format!("https://example.com/below/files/7/{id}/a%20b.pdf#page=2"),
            format!("/files/7/{id}/a.pdf"),
            format!("upload:{id}"),
        ];
        for address in known {
            assert_eq!(UploadId::meant(&address), UploadId::parse(id), "{address}");
        }
        let others = [
            format!("https://example.com/files/x/{id}/a.pdf"),
            format!("https://example.com/files/7/{}/a.pdf", id.to_uppercase()),
            format!("https://example.com/files/7/{id}/"),
            format!("https://example.com/files/7/{id}"),
            format!("https://example.com/profiles/7/{id}/a.pdf"),
            format!("https://example.com/a?b=/files/7/{id}/a.pdf"),
            "upload:x".to_owned(),
            String::new(),
        ];
        for address in others {
            assert_eq!(UploadId::meant(&address), None, "{address}");
        }
    }

    #[test]
    fn a_name_becomes_safe() {
        let cases = [
            ("meter.jpg", "meter.jpg"),
            ("../../etc/passwd", "passwd"),
            ("C:\\Users\\eva\\Zähler 1.PDF", "Zähler 1.PDF"),
            ("a\0b\r\nc.txt", "abc.txt"),
            ("invoice\u{202e}fdp.exe", "invoicefdp.exe"),
            ("\u{200b}\u{feff}", "file"),
            ("..", "file"),
            ("dir/", "file"),
            ("", "file"),
            ("a.txt. . ", "a.txt"),
            ("con", "_con"),
            ("NUL.txt", "_NUL.txt"),
            ("com1.log", "_com1.log"),
            ("com.log", "com.log"),
            ("console.log", "console.log"),
            ("lpt10", "lpt10"),
            ("a<b>:\"|?*c.txt", "a_b______c.txt"),
            (".profile", ".profile"),
        ];
        for (given, safe) in cases {
            assert_eq!(safe_name(given), safe, "{given:?}");
        }
    }

    #[test]
    fn a_long_name_keeps_its_ending() {
        let name = safe_name(&format!("{}.pdf", "ä".repeat(300)));
        assert!(name.len() <= 255 && name.ends_with("ä.pdf"), "{name}");
        assert_eq!(safe_name(&"a".repeat(300)).len(), 255);
        assert_eq!(safe_name(&format!("a.{}", "b".repeat(300))).len(), 255);
    }

    #[test]
    fn an_id_is_32_lower_case_hexadecimal_digits() {
        assert_eq!(UploadId::of([255; 16]).as_str(), "f".repeat(32));
        assert_eq!(UploadId::of([1; 16]).reference(), format!("upload:{}", "01".repeat(16)));
        assert!(UploadId::parse("0").is_none());
    }
}
