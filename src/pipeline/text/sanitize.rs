//! HTML that is safe to show: the elements and attributes of a list, and text.
//!
//! [`ammonia`] decides what is safe. It builds a tree, which HTML's rules can make far larger than the text, so that it
//! is given only what [`super::balance`] leaves.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use ammonia::{Builder, UrlRelative};

use super::{balance, read};

/// Elements that only give form. None of them has content that is not HTML, so that what was text stays text.
pub const ELEMENTS: &[&str] = &[
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
/// Attributes of any element that neither run nor fetch anything.
pub const ATTRIBUTES: &[&str] =
    &["align", "alt", "colspan", "dir", "height", "lang", "rowspan", "title", "valign", "width"];
const LINKS: &[&str] = &["http", "https", "mailto", "tel"];
const PICTURES: &[&str] = &["http", "https", "cid"];

static CLEANER: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut cleaner = Builder::default();
    cleaner
        .tags(ELEMENTS.iter().copied().collect())
        .generic_attributes(ATTRIBUTES.iter().copied().collect())
        .tag_attributes(HashMap::from([("a", HashSet::from(["href"])), ("img", HashSet::from(["src"]))]))
        .url_schemes(LINKS.iter().chain(PICTURES).copied().collect())
        .url_relative(UrlRelative::Deny)
        .link_rel(Some("noopener noreferrer"))
        .attribute_filter(of_its_schemes);
    cleaner
});

/// The safe part of HTML. What is beyond the beginning that is read, or behind a tag of endless length, is left out.
pub fn sanitize(body: &str) -> String {
    CLEANER.clean(&balance::balanced(&read(body, &mut Vec::new()))).to_string()
}

/// The cleaner knows one list of schemes for all addresses: a picture must not write a mail.
fn of_its_schemes<'a>(element: &str, attribute: &str, value: &'a str) -> Option<Cow<'a, str>> {
    let schemes = match (element, attribute) {
        ("a", "href") => LINKS,
        ("img", "src") => PICTURES,
        _ => return Some(value.into()),
    };
    let (scheme, _) = value.split_once(':')?;
    schemes.iter().any(|known| scheme.eq_ignore_ascii_case(known)).then_some(value.into())
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use proptest::prelude::*;

    use super::super::READ;
    use super::*;

    #[test]
    fn what_gives_form_stays_and_is_balanced() {
        for (html, safe) in [
            ("<P>a<b>b</P>c", "<p>a<b>b</b></p>c"),
            (
                "<a href='https://x.de/?a=1&b=2' onclick=x>y</a>",
                "<a href=\"https://x.de/?a=1&amp;b=2\" rel=\"noopener noreferrer\">y</a>",
            ),
            ("<img src=cid:1 alt=x>", "<img src=\"cid:1\" alt=\"x\">"),
            ("x<br/>&auml; &lt;b&gt; \"q\"", "x<br>ä &lt;b&gt; \"q\""),
            ("</p>a</b>", "a"),
            ("<p>a<p>b<div>c</div>", "<p>a</p><p>b</p><div>c</div>"),
            ("<ul><li>a<ul><li>b</ul><li>c</ul>", "<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>"),
            ("<dl><dt>a<dd>b<dt>c</dl>", "<dl><dt>a</dt><dd>b</dd><dt>c</dt></dl>"),
            ("<h1>a<h2>b</h2>", "<h1>a</h1><h2>b</h2>"),
            (
                "<table><td>a<td>b<tr><td><div>c</table>d",
                "<table><tbody><tr><td>a</td><td>b</td></tr><tr><td><div>c</div></td></tr></tbody></table>d",
            ),
            ("<table>a<tr><td>b", "<table><tbody><tr><td>a</td></tr><tr><td>b</td></tr></tbody></table>"),
            ("<td>a</td><tr>b", "ab"),
        ] {
            assert_eq!(sanitize(html), safe, "{html}");
        }
    }

    #[test]
    fn every_element_of_the_list_stays() {
        for element in ELEMENTS {
            let html = sanitize(&format!("<table><{element}></table>"));
            assert!(html.contains(&format!("<{element}")), "{element}: {html}");
        }
    }

    #[test]
    fn nothing_runs() {
        const LINK: &str = "<a rel=\"noopener noreferrer\">x</a>";
        const TITLE: &str = "<img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">";
        let in_table = format!("<table><tbody><tr><td>{TITLE}</td></tr></tbody></table>");
        for (hostile, harmless) in [
            ("a<script>alert(1)</script>b", "ab"),
            ("<img src=x onerror=alert(1)>", "<img>"),
            ("<img src='data:text/html,x'>", "<img>"),
            ("<img src='mailto:a@b.de'>", "<img>"),
            ("<a href='cid:1'>x</a>", LINK),
            ("<a href='//x.de'>x</a>", LINK),
            ("<a href='javascript:alert(1)'>x</a>", LINK),
            ("<a href=' javascript:alert(1)'>x</a>", LINK),
            ("<a href='java&#x0A;script:alert(1)'>x</a>", LINK),
            ("<a href='java\tscript:alert(1)'>x</a>", LINK),
            ("<a href='&#1;javascript:alert(1)'>x</a>", LINK),
            ("<a href='JaVaScRiPt&colon;alert(1)'>x</a>", LINK),
            ("<a href='vbscript:x'>x</a>", LINK),
            ("<svg><style><img src=x onerror=alert(1)></style></svg>", ""),
            ("<svg></p><style><a title=\"</style><img src=1 onerror=alert(1)>\">", "<img>\"&gt;"),
            (
                "<svg><foreignObject><p><style><!--</style><img src=x onerror=alert(1)>-->",
                "<p><img>--&gt;</p>",
            ),
            ("<svg><animate onbegin=alert(1)><a xlink:href='javascript:alert(1)'>x</a>", LINK),
            (
                "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">",
                in_table.as_str(),
            ),
            ("<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>", ""),
            ("<math><annotation-xml encoding='text/html'><style><img src=x onerror=alert(1)>", ""),
            ("<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">", "<img>\"&gt;"),
            ("<template><img src=x onerror=alert(1)></template>", "<img>"),
            ("<title><style></title><img src=x onerror=alert(1)></style>", "<img>"),
            ("<title><p>x</title>y", "y"),
            ("<textarea><p title='</textarea><img src=x onerror=alert(1)>'>", "<img>'&gt;"),
            ("<!--><img src=x onerror=alert(1)>-->", "<img>--&gt;"),
            ("<!-- --!><img src=x onerror=alert(1)>-->", "<img>--&gt;"),
            ("<!--<img src=x onerror=alert(1)>-->a", "a"),
            ("<![CDATA[<p>a]]>", "a]]&gt;"),
            ("<svg><![CDATA[><img src=x onerror=alert(1)>]]>", "<img>]]&gt;"),
            ("<?x <p onclick=x>a", "a"),
            ("<p/onclick=alert(1)>a", "<p>a</p>"),
            ("<select><style></select><img src=x onerror=alert(1)></style>", ""),
            ("<xmp><p title='</xmp><img src=x onerror=alert(1)>'>", "<img>'&gt;"),
            ("<plaintext><b onclick=x>a", "<b>a</b>"),
            ("<iframe src=x></iframe><object data=x>y</object>", "y"),
            (
                "<iframe srcdoc='<script>alert(1)</script>'></iframe><base href=x><meta http-equiv=refresh>",
                "",
            ),
            ("<p style='background:url(x)' class=y id=z>a", "<p>a</p>"),
            ("a<script>b", "a"),
        ] {
            assert_eq!(sanitize(hostile), harmless, "{hostile}");
        }
    }

    #[test]
    fn hostile_markup_costs_no_more_than_its_length() {
        let fonts =
            |count: usize| (0..count).map(|at| format!("<font title={at}>")).collect::<Vec<_>>().concat();
        // What grows with the square of the text is far beyond the time at this size already.
        let hostile = [
            "<b><i x=1>a</p><p>".repeat(8_750),
            "<b>".repeat(1_700_000),
            "<div>".repeat(31_250),
            "<p>a".repeat(31_250),
            "<a href=x>a".repeat(15_625),
            "<a><div>".repeat(18_750),
            "<table>a".repeat(18_750),
            "<table><tr><td>".repeat(9_375),
            format!("<table>{}", "<br>a".repeat(31_250)),
            format!("<table>{}", "<b><tr>a".repeat(18_750)),
            format!("<table><tr>{}{}", fonts(90), "<tr>a".repeat(31_250)),
            format!("<p>{}{}", fonts(90), "<p>a</p>".repeat(18_750)),
            format!("<p>{}{}", fonts(90), "<hr>a".repeat(31_250)),
            format!("<ul><li>{}{}", fonts(90), "<li>a".repeat(31_250)),
            format!("<h1>{}{}", fonts(90), "<h1>a".repeat(31_250)),
            format!("<a>{}{}", fonts(90), "<a>a</a>".repeat(18_750)),
            format!("{}{}", fonts(90), "</font><font title=x>a".repeat(7_812)),
            format!("{}{}", "<div>".repeat(99), "<b lang=x></b>".repeat(12_500)),
            "<ul><li>".repeat(18_750),
            "<dl><dt><dd>".repeat(12_500),
            "<".repeat(5_000_000),
            "<!--".repeat(37_500),
            "&lt;&nbsp;<p>".repeat(12_500),
        ];
        for html in hostile {
            let before = Instant::now();
            let safe = sanitize(&html);
            let start: String = html.chars().take(30).collect();
            assert!(safe.len() < 12 * READ, "{start} becomes {}", safe.len());
            let most = if html.len() < READ { 2 } else { 8 };
            assert!(before.elapsed().as_secs() < most, "{start} takes {:?}", before.elapsed());
        }
        let distinct = (0..50_000).map(|at| format!("x{at} ")).collect::<Vec<_>>().concat();
        for attributes in ["x=1 ".repeat(100_000), distinct] {
            assert_eq!(sanitize(&format!("<p {attributes}>a")), "");
        }
    }

    proptest! {
        /// What would change when it is read again is where dangerous markup hides.
        #[test]
        fn what_is_safe_is_read_as_it_stands(pieces in prop::collection::vec(piece(), 0..40)) {
            let html = pieces.concat();
            let balanced = balance::balanced(&html);
            let safe = sanitize(&html);
            prop_assert_eq!(&sanitize(&safe), &safe);
            prop_assert_eq!(&CLEANER.clean(&safe).to_string(), &safe);
            for element in ["p", "b", "a", "li", "div", "table", "td", "font", "h1"] {
                let tags = |html: &str| html.matches(&format!("<{element}")).count();
                prop_assert_eq!(tags(&balanced), tags(&safe));
            }
        }
    }

    fn piece() -> impl Strategy<Value = String> {
        let element = prop::sample::select(ELEMENTS);
        let other = prop::sample::select(vec![
            "a",
            " ",
            "&lt;p&gt;",
            "<svg>",
            "<style>",
            "</style>",
            "<title>",
            "<!--",
            "-->",
            "</p>",
            "\"",
        ]);
        prop_oneof![
            4 => element.clone().prop_map(|name| format!("<{name}>")),
            2 => element.prop_map(|name| format!("</{name}>")),
            2 => other.prop_map(str::to_owned),
        ]
    }
}
