//! HTML as lines.

use super::line::Line;
use super::page::{BLOCKS, Page};
use super::tags;

const INLINE: &[&str] = &[
    "a", "abbr", "b", "big", "br", "caption", "code", "col", "colgroup", "del", "em", "font", "head", "i",
    "img", "ins", "label", "link", "meta", "o:p", "q", "s", "small", "span", "strike", "strong", "style",
    "sub", "sup", "td", "th", "title", "tt", "u",
];

/// Whether a body is HTML; `a < b` and `<tom@example.com>` do not make it that.
pub fn is_html(body: &str) -> bool {
    body.match_indices('<').any(|(at, _)| {
        let rest = &body[at + 1..];
        let starts =
            |prefix: &str| rest.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix));
        starts("!doctype html") || starts("!--") || tag_name(rest).is_some()
    })
}

/// The name of the element whose tag follows the `<`, if it is one of HTML.
fn tag_name(rest: &str) -> Option<String> {
    const LONGEST_TAG: usize = 512;
    let is_end = rest.starts_with('/');
    let rest = &rest[usize::from(is_end)..];
    let length = rest.bytes().take(11).position(|byte| !byte.is_ascii_alphanumeric() && byte != b':')?;
    let name = rest[..length].to_ascii_lowercase();
    if !BLOCKS.contains(&name.as_str()) && !INLINE.contains(&name.as_str()) {
        return None;
    }
    let after = &rest.as_bytes()[length..];
    let is_tag = match after {
        [b'>', ..] | [b'/', b'>', ..] | [b' ', b'/', b'>', ..] => true,
        [b' ' | b'\n' | b'\r' | b'\t', ..] if !is_end => {
            let tag = after.iter().take(LONGEST_TAG).take_while(|&&byte| byte != b'>');
            tag.into_iter().any(|&byte| byte == b'=')
        }
        _ => false,
    };
    is_tag.then_some(name)
}

/// The lines that a reader of the HTML sees.
pub fn lines(body: &str, evidence: &mut Vec<String>) -> Vec<Line> {
    let has_blocks = body
        .match_indices('<')
        .filter_map(|(at, _)| tag_name(&body[at + 1..]))
        .any(|name| BLOCKS.contains(&name.as_str()) || name == "td");
    let page = Page::new(!has_blocks);
    let (page, is_whole) = tags::read(body, page);
    if !is_whole {
        evidence.push(format!("stopped reading at a tag or comment of more than {} kB", tags::PIECE / 1024));
    }
    page.into_lines()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pipeline::text::line::Mark;

    fn text(html: &str) -> String {
        let lines = lines(html, &mut Vec::new());
        crate::pipeline::text::line::join(lines.iter().map(|line| line.text.as_str()))
    }

    fn marks(html: &str) -> Vec<(String, Mark)> {
        let lines = lines(html, &mut Vec::new()).into_iter();
        lines.filter(|line| !line.is_blank()).map(|line| (line.text, line.mark)).collect()
    }

    #[test]
    fn plain_text_with_a_less_than_sign_is_not_html() {
        for text in [
            "Verbrauch < 3000",
            "<tom@x.de>",
            "a<b und c>d",
            "<https://x.de>",
            "x <a und b> y",
            "<",
            "</",
            "<b",
            "i<n",
        ] {
            assert!(!is_html(text), "{text}");
        }
        for text in [
            "<p>x",
            "x<br>y",
            "x<BR/>y",
            "<!DOCTYPE html>",
            "<a href=\"x\">y</a>",
            "<div\nclass=x>",
            "</span>",
        ] {
            assert!(is_html(text), "{text}");
        }
    }

    #[test]
    fn blocks_are_lines_and_cells_of_a_row_one_line() {
        assert_eq!(text("<p>a</p><p>b<br>c</p>d"), "a\n\nb\nc\n\nd");
        assert_eq!(text("<div>a</div><div><br></div><div>b  \n c</div>"), "a\n\nb c");
        assert_eq!(
            text(
                "<table><tr><td>Nr.</td><td>7</td></tr><tr><td><p>Stand</p></td><td><p>9</p></td></tr></table>"
            ),
            "Nr. 7\nStand 9"
        );
        assert_eq!(text("<ul><li>a</li><li>b</li></ul>"), "a\nb");
        assert_eq!(text("a &amp; b&nbsp;&uuml;<a href='x'>c</a>"), "a & b üc");
        assert_eq!(text("<pre>a\nb</pre>"), "a\nb");
        assert_eq!(text("Hallo <b>Tom</b>,\n\nneue Zeile<br>\nletzte"), "Hallo Tom,\n\nneue Zeile\nletzte");
    }

    #[test]
    fn what_is_not_shown_is_not_read() {
        assert_eq!(
            text("<head><title>t</title><style>p{}</style></head><p>a<script>b<p></script><!-- c --></p>"),
            "a"
        );
        assert_eq!(text("<div style='display: none'>x<div>y</div>z</div>a"), "a");
    }

    #[test]
    fn regions_end_where_their_element_does() {
        let own = |text: &str| (text.to_owned(), Mark::Own);
        assert_eq!(
            marks(
                "<div>a</div><div class=gmail_signature>b<div>c</div>d</div>e<blockquote type=cite>f</blockquote>g"
            ),
            [
                own("a"),
                ("b".to_owned(), Mark::Signature),
                ("c".to_owned(), Mark::Signature),
                ("d".to_owned(), Mark::Signature),
                own("e"),
                ("f".to_owned(), Mark::Quote),
                own("g"),
            ]
        );
    }
}
