//! Which parts of the markup are quoted history, a signature, or shown to nobody.

use html5ever::tokenizer::Tag;

use super::line::Mark;

/// What an element's attributes say about the text inside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Region {
    /// Shown to nobody.
    Hidden,
    Marked(Mark),
    /// It begins the history, which may go on after its end.
    HistoryStart,
}

/// Ids and classes of the mail programs that put all history behind one element.
const HISTORY_STARTS: &[&str] = &[
    "divrplyfwdmsg",
    "appendonsend",
    "olk_src_body",
    "reference-message",
    "outlookmessageheader",
    "moz-forward-container",
];

/// What the element is that a tag opens; `None` where it is like its surroundings.
pub fn region(tag: &Tag) -> Option<Region> {
    let mut names = String::new();
    let mut style = String::new();
    let mut is_cite = false;
    for attribute in &tag.attrs {
        let value = || attribute.value.to_ascii_lowercase();
        match &*attribute.name.local {
            "class" | "id" | "name" | "data-smartmail" => {
                names.push_str(&value());
                names.push(' ');
            }
            "style" => style = value().replace(' ', ""),
            "type" => is_cite = value() == "cite",
            _ => {}
        }
    }
    let is_token =
        |token: &str| names.split(|sign: char| !sign.is_ascii_alphanumeric()).any(|part| part == token);
    let is = |part: &str| names.contains(part);
    if style.contains("display:none") || style.contains("mso-hide:all") {
        return Some(Region::Hidden);
    }
    if HISTORY_STARTS.iter().any(|start| is(start)) {
        return Some(Region::HistoryStart);
    }
    match &*tag.name {
        "html" | "body" | "a" | "img" | "input" | "meta" => None,
        "blockquote" => {
            let is_indent =
                style.contains("border:none") || (style.contains("margin") && !style.contains("border-left"));
            (is_cite || is("quote") || is("cite") || !is_indent).then_some(Region::Marked(Mark::Quote))
        }
        "footer" => Some(Region::Marked(Mark::Signature)),
        _ if is("signatur") || is_token("sig") || is_token("footer") || is("disclaimer") => {
            Some(Region::Marked(Mark::Signature))
        }
        // Gmail puts the attribution, the quotes and the answers between them into one of these.
        _ if is("gmail_quote") => Some(Region::Marked(Mark::Container)),
        _ if is("quote") => Some(Region::Marked(Mark::Quote)),
        _ => None,
    }
}
