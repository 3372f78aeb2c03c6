//! A body between the dialects: whether it is HTML is not written beside it, so that it has to tell by itself.

use super::{decode, html, line, lines, read, sanitize};

/// The body that reads as this text, or as this HTML, whoever reads it.
pub fn stored(text: String, is_html: bool) -> String {
    if !resembles_markup(&text) || is_html && html::is_html(&text) {
        return text;
    }
    if is_html { format!("<p>{text}</p>") } else { format!("<p>{}</p>", escaped(&text)) }
}

/// The text of a body. One that is plain stays as it is.
pub fn plain(body: &str) -> String {
    if !html::is_html(body) && decode::entities(body).is_none() {
        return body.to_owned();
    }
    let mut evidence = Vec::new();
    let body = read(body, &mut evidence);
    line::join(lines(&body, &mut evidence).iter().map(|line| line.text.as_str()))
}

/// A body as HTML that is safe to show.
pub fn safe_html(body: &str) -> String {
    if html::is_html(body) { sanitize::sanitize(body) } else { escaped(&plain(body)) }
}

/// Plain text as HTML.
pub fn escaped(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '\r' if letters.peek() == Some(&'\n') => {}
            '\n' | '\r' => html.push_str("<br>\n"),
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            letter => html.push(letter),
        }
    }
    html
}

/// Whether a reader of HTML, lenient as they are, would find markup or entities in it.
fn resembles_markup(text: &str) -> bool {
    let opens = |at: usize| {
        let next = text.as_bytes().get(at + 1);
        next.is_some_and(|byte| byte.is_ascii_alphabetic() || b"/!?".contains(byte))
    };
    text.match_indices('<').any(|(at, _)| opens(at)) || decode::entities(text).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plain_text_reads_the_same_whatever_it_looks_like() {
        for text in [
            "Hello",
            "a < b & c > d",
            "Tom <tom@example.com>",
            "<b>not bold</b>",
            "<script>alert(1)</script>",
            "&lt;p&gt; and &copy;",
            "one\ntwo <br>\nthree",
        ] {
            let body = stored(text.to_owned(), false);
            assert_eq!(plain(&body), text, "{body}");
            assert_eq!(plain(&safe_html(&body)), text, "{body}");
        }
        assert_eq!(stored("a < b\nc".to_owned(), false), "a < b\nc", "what cannot be mistaken stays");
    }

    #[test]
    fn html_is_read_as_html_whatever_it_lacks() {
        assert_eq!(stored("<p>a</p>".to_owned(), true), "<p>a</p>");
        assert_eq!(stored("a, b".to_owned(), true), "a, b");
        assert_eq!(stored("&lt;b&gt;".to_owned(), true), "<p>&lt;b&gt;</p>");
        assert_eq!(plain(&stored("&lt;b&gt;".to_owned(), true)), "<b>");
        assert_eq!(plain(&stored("a<script>b</script>".to_owned(), true)), "a");
    }

    #[test]
    fn text_is_shown_with_its_line_breaks() {
        assert_eq!(safe_html("a & b\r\n\"c\" < d"), "a &amp; b<br>\n&quot;c&quot; &lt; d");
    }
}
