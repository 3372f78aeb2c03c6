//! Markdown as safe HTML (create ticket: `description`).
//!
//! HTML inside the Markdown is shown as the text that it is, and addresses are kept only where a click or a look runs
//! nothing: what comes out needs no cleaning.

use pulldown_cmark::{CowStr, Event, Options, Parser, Tag, TagEnd, html};

/// The longest Markdown that is rendered, in bytes, and the most blocks inside each other that a line may open: beyond
/// that the parser's time grows with the square. Such a text is shown as it was written.
const MAX_BYTES: usize = 512 * 1024;
const MAX_DEPTH: usize = 100;

/// The schemes of addresses that may be clicked.
const SCHEMES: [&str; 4] = ["http", "https", "mailto", "tel"];

/// Renders Markdown (`CommonMark`, tables, strikethrough). Empty for a text without content.
pub fn render(markdown: &str) -> String {
    if markdown.trim().is_empty() {
        return String::new();
    }
    let mut rendered = String::with_capacity(markdown.len() + markdown.len() / 2);
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    if is_tame(markdown) {
        html::push_html(&mut rendered, Parser::new_ext(markdown, options).map(safe));
    } else {
        let text = [
            Event::Start(Tag::CodeBlock(pulldown_cmark::CodeBlockKind::Indented)),
            Event::Text(markdown.into()),
        ];
        html::push_html(&mut rendered, text.into_iter().chain([Event::End(TagEnd::CodeBlock)]));
    }
    rendered
}

fn safe(event: Event<'_>) -> Event<'_> {
    match event {
        Event::Html(markup) | Event::InlineHtml(markup) => Event::Text(markup),
        Event::Start(Tag::HtmlBlock) => Event::Start(Tag::Paragraph),
        Event::End(TagEnd::HtmlBlock) => Event::End(TagEnd::Paragraph),
        Event::Start(Tag::Link { link_type, dest_url, title, id }) => {
            Event::Start(Tag::Link { link_type, dest_url: harmless(dest_url, &SCHEMES), title, id })
        }
        Event::Start(Tag::Image { link_type, dest_url, title, id }) => Event::Start(Tag::Image {
            link_type,
            dest_url: harmless(dest_url, &["http", "https"]),
            title,
            id,
        }),
        event => event,
    }
}

/// The address, or an empty one where it has none of these schemes.
fn harmless<'a>(address: CowStr<'a>, schemes: &[&str]) -> CowStr<'a> {
    let scheme = address.split_once(':').map(|(scheme, _)| scheme);
    if scheme.is_some_and(|scheme| schemes.iter().any(|known| scheme.eq_ignore_ascii_case(known))) {
        return address;
    }
    CowStr::Borrowed("")
}

fn is_tame(markdown: &str) -> bool {
    markdown.len() <= MAX_BYTES && markdown.lines().all(|line| depth(line) <= MAX_DEPTH)
}

/// How many blocks a line may open inside each other, or continue by its indentation.
fn depth(line: &str) -> usize {
    let bytes = line.as_bytes();
    let (mut depth, mut spaces) = (0, 0);
    for (at, byte) in bytes.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|before| bytes.get(before));
        let ends = bytes.get(at + 1).is_none_or(|next| [b' ', b'\t'].contains(next));
        match byte {
            b'>' => depth += 1,
            b'-' | b'+' | b'*' if ends => depth += 1,
            b'.' | b')' if ends && before.is_some_and(u8::is_ascii_digit) => depth += 1,
            b'0'..=b'9' => {}
            b' ' => spaces += 1,
            b'\t' => spaces += 4,
            _ => break,
        }
    }
    depth + spaces / 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markdown_becomes_html() {
        let cases = [
            ("Hallo **Welt**", "<p>Hallo <strong>Welt</strong></p>\n"),
            ("# T\n\n- a\n- b", "<h1>T</h1>\n<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"),
            ("[x](https://a.de/?a=1&b=2)", "<p><a href=\"https://a.de/?a=1&amp;b=2\">x</a></p>\n"),
            ("~~a~~ 1 < 2 & 3", "<p><del>a</del> 1 &lt; 2 &amp; 3</p>\n"),
            ("a\n\n---\n\nb", "<p>a</p>\n<hr />\n<p>b</p>\n"),
            ("  \n\t", ""),
        ];
        for (markdown, html) in cases {
            assert_eq!(render(markdown), html, "{markdown}");
        }
    }

    #[test]
    fn nothing_in_it_runs() {
        let cases = [
            "<script>alert(1)</script>",
            "a <script>alert(1)</script> b",
            "<img src=x onerror=alert(1)>",
            "<div onclick=\"alert(1)\">\n\n**a**\n\n</div>",
            "<!-- x --><iframe src=\"javascript:alert(1)\"></iframe>",
            "[x](javascript:alert(1))",
            "[x](JaVaScRiPt:alert(1))",
            "[x](java&#x09;script:alert(1))",
            "[x](&#106;avascript:alert(1))",
            "[x](<java\tscript:alert(1)>)",
            "[x](data:text/html;base64,PHNjcmlwdD4=)",
            "[x](vbscript:x)",
            "[x][y]\n\n[y]: javascript:alert(1)",
            "<javascript:alert(1)>",
            "![x](javascript:alert(1))",
            "![x](data:image/svg+xml,<svg onload=alert(1)>)",
            "[x](https://a.de/\"onmouseover=\"alert(1))",
            "[x](https://a.de 'a\" onmouseover=\"alert(1)')",
            "![a\" onerror=\"alert(1)](https://a.de/b.png)",
            "```\" onclick=\"alert(1)\n</code><script>alert(1)</script>\n```",
            "|<script>|\n|---|\n|<img onerror=x>|",
        ];
        for markdown in cases {
            let html = render(markdown);
            for tag in html.split('<').skip(1).map(|tag| tag.split('>').next().unwrap_or_default()) {
                let name = tag.trim_start_matches('/').split([' ', '/']).next().unwrap_or_default();
                let known =
                    ["p", "a", "img", "pre", "code", "table", "thead", "tbody", "tr", "th", "td", "strong"];
                assert!(known.contains(&name), "{markdown}: {html}");
                // Outside and inside of quotation marks, in turn.
                for outside in tag.split('"').step_by(2) {
                    assert!(!outside.contains(" on"), "{markdown}: {html}");
                }
                for value in tag.split('"').skip(1).step_by(2) {
                    let value = value.to_lowercase();
                    assert!(!value.starts_with("javascript:") && !value.starts_with("data:"), "{html}");
                }
            }
        }
    }

    #[test]
    fn hostile_markdown_ends() {
        let repeat = |piece: &str| piece.repeat(400_000 / piece.len());
        let mut staircase = String::new();
        for step in 0..600 {
            staircase.push_str(&" ".repeat(step * 2));
            staircase.push_str("- a\n");
        }
        staircase.push_str(&"\n".repeat(100_000));
        let mut texts: Vec<String> = [
            ">",
            "> ",
            "- ",
            "1. ",
            "*",
            "_a",
            "**a ",
            "[",
            "](",
            "[a](",
            "![",
            "<",
            "</",
            "<!--",
            "`",
            "``a",
            "|",
            "a|\n",
            "~~",
            "\\",
            "&",
            "&#",
            "[a]: b\n",
            "[a]: <\n",
            "[a][",
            "*a_",
            "\n",
            "#",
            "\t",
            "<a ",
            "<?",
            "<![CDATA[",
            "(",
            "[a](<b",
            "- \n",
            "* *",
            "\"",
            "://",
            "a@",
            "]",
            "[]",
            "[^1]",
        ]
        .iter()
        .map(|piece| repeat(piece))
        .collect();
        texts.push(staircase);
        texts.push(format!("{}{}", repeat(">").get(..99).unwrap(), "\n>".repeat(100_000)));
        texts.push(format!("{}{}", "- ".repeat(50), "\n".repeat(300_000)));
        texts.push((1..800).map(|length| "`".repeat(length) + " ").collect());
        texts.push(format!("[a]: {}\n\n{}", "b".repeat(1000), "[a]".repeat(100_000)));
        texts.push("x".repeat(3_000_000));
        for text in texts {
            let before = std::time::Instant::now();
            let rendered = render(&text);
            assert!(rendered.len() < 12 * text.len() + 1_000_000);
            let start: String = text.chars().take(20).collect();
            assert!(before.elapsed().as_secs() < 10, "{start:?} takes {:?}", before.elapsed());
        }
    }
}
