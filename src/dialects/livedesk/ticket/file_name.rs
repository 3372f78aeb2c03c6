//! What a file is called that a client names by its URL alone.

use percent_encoding::percent_decode_str;

use crate::domain::upload::safe_name;

/// The last segment of the URL's path; `file` where there is none.
pub fn file_name(url: &str) -> String {
    let url = reqwest::Url::parse(url);
    let mut segments = url.iter().filter_map(reqwest::Url::path_segments).flatten();
    let last = segments.rfind(|segment| !segment.is_empty()).unwrap_or_default();
    safe_name(&percent_decode_str(last).decode_utf8_lossy())
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
            ("https://example.com", "file"),
            ("https://example.com/%00%0a", "file"),
            ("https://example.com/..%2f..%5cpasswd", "passwd"),
            ("https://example.com/%ff", "\u{fffd}"),
        ];
        for (url, name) in cases {
            assert_eq!(file_name(url), name, "{url}");
        }
    }
}
