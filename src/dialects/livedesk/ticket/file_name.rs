//! What a file is called that a client names by its URL alone.

use percent_encoding::percent_decode_str;

const MAX_CHARS: usize = 255;

/// The last segment of the URL's path, else the host.
pub fn file_name(url: &str) -> String {
    let Ok(url) = reqwest::Url::parse(url) else { return "file".to_owned() };
    let segments = url.path_segments().into_iter().flatten();
    let last = segments.rev().find(|segment| !segment.is_empty()).unwrap_or_default();
    let decoded = percent_decode_str(last).decode_utf8_lossy();
    let name: String = decoded
        .chars()
        .filter(|sign| !sign.is_control())
        .map(|sign| if "/\\".contains(sign) { '_' } else { sign })
        .take(MAX_CHARS)
        .collect();
    let name = name.trim();
    if name.is_empty() { url.host_str().unwrap_or("file").to_owned() } else { name.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::file_name;

    #[test]
    fn the_last_segment_is_the_name() {
        let cases = [
            ("https://example.com/files/error.jpg", "error.jpg"),
            ("https://example.com/files/Z%C3%A4hler%20neu.pdf?x=1#y", "Zähler neu.pdf"),
            ("https://example.com/files/", "files"),
            ("https://example.com", "example.com"),
            ("https://example.com/%00%0a", "example.com"),
            ("https://example.com/..%2f..%5cpasswd", ".._.._passwd"),
            ("https://example.com/%ff", "\u{fffd}"),
        ];
        for (url, name) in cases {
            assert_eq!(file_name(url), name, "{url}");
        }
        assert_eq!(file_name(&format!("https://a.de/{}", "ä".repeat(300))).chars().count(), 255);
    }
}
