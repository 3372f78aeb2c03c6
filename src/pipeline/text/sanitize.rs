//! HTML that is safe to show: the tags of a list, balanced, with the attributes of a list, and text.
//!
//! As in [`super::html`], the markup is read as a flat sequence of tags. A tree would be safe as well, but the tree that
//! HTML's rules make of unclosed tags can be as large as the square of the text.

use std::cell::{Cell, RefCell};

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{
    BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};
use html5ever::{Attribute, LocalName};

use super::read;

/// How much is handed to the tokenizer at once, in bytes. A tag that fills it whole ends the reading: the
/// tokenizer compares each attribute with all before it.
const PIECE: usize = 32 * 1024;
/// How many elements stand inside one another; deeper ones are left out, their text is not.
const DEPTH: usize = 100;

/// Elements that only give form. None of them has content that is not HTML, so that what was text stays text.
const ALLOWED: &[&str] = &[
    "a",
    "abbr",
    "address",
    "article",
    "aside",
    "b",
    "big",
    "blockquote",
    "br",
    "caption",
    "center",
    "cite",
    "code",
    "col",
    "colgroup",
    "dd",
    "del",
    "details",
    "dfn",
    "div",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "font",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "i",
    "img",
    "ins",
    "kbd",
    "li",
    "main",
    "mark",
    "ol",
    "p",
    "pre",
    "q",
    "s",
    "samp",
    "section",
    "small",
    "span",
    "strike",
    "strong",
    "sub",
    "summary",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "tt",
    "u",
    "ul",
    "var",
    "wbr",
];
const VOID: &[&str] = &["br", "col", "hr", "img", "wbr"];
/// Attributes that neither run nor fetch anything.
const ATTRIBUTES: &[&str] =
    &["align", "alt", "colspan", "dir", "height", "lang", "rowspan", "title", "valign", "width"];
const LINKS: &[&str] = &["http:", "https:", "mailto:", "tel:"];
const PICTURES: &[&str] = &["http:", "https:", "cid:"];

/// The safe part of HTML. What is beyond the beginning that is read, or behind a tag of endless length, is left out.
pub fn sanitize(body: &str) -> String {
    let body = read(body, &mut Vec::new());
    let sink = Sink { page: RefCell::default(), tokens: Cell::new(0) };
    let tokenizer = Tokenizer::new(sink, TokenizerOpts::default());
    let queue = BufferQueue::default();
    let mut rest = &*body;
    while !rest.is_empty() {
        let tokens = tokenizer.sink.tokens.get();
        let (piece, after) = rest.split_at(rest.floor_char_boundary(PIECE));
        queue.push_back(StrTendril::from_slice(piece));
        while !queue.is_empty() {
            // Scripts are read over, so nothing here waits for one.
            let _ = tokenizer.feed(&queue);
        }
        if !after.is_empty() && tokenizer.sink.tokens.get() == tokens {
            break;
        }
        rest = after;
    }
    if rest.is_empty() {
        tokenizer.end();
    }
    tokenizer.sink.page.into_inner().end()
}

struct Sink {
    page: RefCell<Page>,
    tokens: Cell<usize>,
}

#[derive(Default)]
struct Page {
    html: String,
    open: Vec<LocalName>,
    /// The element whose content is left out with it.
    skipped: Option<LocalName>,
}

impl TokenSink for Sink {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut page = self.page.borrow_mut();
        self.tokens.set(self.tokens.get() + 1);
        match token {
            Token::CharacterTokens(text) => page.text(&text),
            Token::TagToken(tag) if tag.kind == TagKind::StartTag => return page.open(&tag),
            Token::TagToken(tag) => page.close(&tag.name),
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

impl Page {
    fn text(&mut self, text: &str) {
        if self.skipped.is_none() {
            push_escaped(&mut self.html, text);
        }
    }

    fn open(&mut self, tag: &Tag) -> TokenSinkResult<()> {
        let name = &*tag.name;
        let raw = match name {
            "script" => Some(RawKind::ScriptData),
            "title" | "textarea" => Some(RawKind::Rcdata),
            "style" | "xmp" | "iframe" | "noembed" | "noframes" | "noscript" => Some(RawKind::Rawtext),
            _ => None,
        };
        if let Some(raw) = raw {
            self.skipped = Some(tag.name.clone());
            return TokenSinkResult::RawData(raw);
        }
        let is_void = VOID.contains(&name);
        if self.skipped.is_some() || !ALLOWED.contains(&name) || !is_void && self.open.len() == DEPTH {
            return TokenSinkResult::Continue;
        }
        self.html.push('<');
        self.html.push_str(name);
        for attribute in &tag.attrs {
            if is_safe(name, attribute) {
                self.html.push(' ');
                self.html.push_str(&attribute.name.local);
                self.html.push_str("=\"");
                push_escaped(&mut self.html, &attribute.value);
                self.html.push('"');
            }
        }
        if name == "a" {
            self.html.push_str(" rel=\"noopener noreferrer\"");
        }
        self.html.push('>');
        if !is_void {
            self.open.push(tag.name.clone());
        }
        TokenSinkResult::Continue
    }

    fn close(&mut self, name: &LocalName) {
        if let Some(skipped) = &self.skipped {
            if skipped == name {
                self.skipped = None;
            }
            return;
        }
        if let Some(at) = self.open.iter().rposition(|open| open == name) {
            self.close_down_to(at);
        }
    }

    fn close_down_to(&mut self, at: usize) {
        for name in self.open.drain(at..).rev() {
            self.html.push_str("</");
            self.html.push_str(&name);
            self.html.push('>');
        }
    }

    fn end(mut self) -> String {
        self.close_down_to(0);
        self.html
    }
}

fn is_safe(element: &str, attribute: &Attribute) -> bool {
    let name = &*attribute.name.local;
    let schemes = match (element, name) {
        ("a", "href") => LINKS,
        ("img", "src") => PICTURES,
        _ => return ATTRIBUTES.contains(&name),
    };
    let starts = |scheme: &&str| {
        let start = attribute.value.get(..scheme.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    };
    schemes.iter().any(starts)
}

fn push_escaped(html: &mut String, text: &str) {
    for letter in text.chars() {
        match letter {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            letter => html.push(letter),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::sanitize;

    #[test]
    fn what_gives_form_stays_and_is_balanced() {
        assert_eq!(sanitize("<P>a<b>b</P>c"), "<p>a<b>b</b></p>c");
        assert_eq!(
            sanitize("<a href='https://x.de/?a=1&b=2' onclick=x>y</a>"),
            "<a href=\"https://x.de/?a=1&amp;b=2\" rel=\"noopener noreferrer\">y</a>"
        );
        assert_eq!(sanitize("x<br/>&auml; &lt;b&gt; \"q\""), "x<br>ä &lt;b&gt; &quot;q&quot;");
        assert_eq!(sanitize("</p>a</b>"), "a");
    }

    #[test]
    fn nothing_runs() {
        for (hostile, harmless) in [
            ("a<script>alert(1)</script>b", "ab"),
            ("<img src=x onerror=alert(1)>", "<img>"),
            ("<img src='data:text/html,x'>", "<img>"),
            ("<a href='javascript:alert(1)'>x</a>", "<a rel=\"noopener noreferrer\">x</a>"),
            ("<a href=' javascript:alert(1)'>x</a>", "<a rel=\"noopener noreferrer\">x</a>"),
            ("<svg><style><img src=x onerror=alert(1)></style></svg>", ""),
            (
                "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">",
                "<table><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\"></table>",
            ),
            ("<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">", "<img>&quot;&gt;"),
            ("<iframe src=x></iframe><object data=x>y</object>", "y"),
            ("<p style='background:url(x)' class=y id=z>a", "<p>a</p>"),
            ("a<script>b", "a"),
            ("<title><p>x</title>y", "y"),
        ] {
            assert_eq!(sanitize(hostile), harmless, "{hostile}");
        }
    }

    #[test]
    fn hostile_nesting_costs_no_more_than_its_length() {
        let hostile = "<b><i x=1>a</p><p>".repeat(20_000);
        let deep = sanitize(&hostile);
        assert!(deep.len() < 2 * hostile.len(), "{}", deep.len());
        assert_eq!(deep.matches("<b>").count(), deep.matches("</b>").count());
        let wide = format!("<p {}>a", "x=1 ".repeat(100_000));
        assert_eq!(sanitize(&wide), "");
    }
}
