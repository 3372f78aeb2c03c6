//! Hostile HTML made harmless to a parser that builds a tree of it: known elements, each closed where HTML would close
//! it.
//!
//! As in [`super::tags`], the markup is read as a flat sequence of tags. A parser repairs unclosed formatting, nested
//! paragraphs and what stands loose in a table by copying and moving elements, at a cost that grows with the square of
//! the text. Nothing is left here that it would repair, so that the tree is the sequence.

use html5ever::LocalName;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{Tag, TokenSinkResult};

use super::sanitize::{ATTRIBUTES, ELEMENTS};
use super::tags::{self, Visitor};

/// How many elements stand inside one another; deeper ones are left out, their text is not. A table's own parts
/// may be three deeper.
const DEPTH: usize = 100;

const VOID: &[&str] = &["br", "col", "hr", "img", "wbr"];
/// Elements of running text. Whatever else begins ends the paragraph before it.
const PHRASING: &[&str] = &[
    "a", "abbr", "b", "big", "br", "cite", "code", "del", "dfn", "em", "font", "i", "img", "ins", "kbd",
    "mark", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "tt", "u", "var", "wbr",
];
const HEADINGS: &[&str] = &["h1", "h2", "h3", "h4", "h5", "h6"];
/// Where anything may stand in a table. What is open outside stays open whatever is closed in one.
const CELLS: &[&str] = &["caption", "td", "th"];
/// Where nothing but parts of a table may stand.
const FRAMES: &[&str] = &["colgroup", "table", "tbody", "tfoot", "thead", "tr"];

/// The elements of HTML in a sequence that nests as it stands.
pub fn balanced(body: &str) -> String {
    let (page, _) = tags::read(body, Page::default());
    page.end()
}

#[derive(Default)]
struct Page {
    html: String,
    open: Vec<LocalName>,
    /// The element whose content is left out with it.
    skipped: Option<LocalName>,
}

impl Visitor for Page {
    fn text(&mut self, text: &str) {
        if self.skipped.is_some() {
            return;
        }
        if !text.bytes().all(|byte| byte.is_ascii_whitespace()) {
            self.leave_frame();
        }
        push_escaped(&mut self.html, text);
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
        if self.skipped.is_some() || !ELEMENTS.contains(&name) || !self.make_room(name) {
            return TokenSinkResult::Continue;
        }
        let is_void = VOID.contains(&name);
        if !is_void && homes(name).is_none() && self.open.len() >= DEPTH {
            return TokenSinkResult::Continue;
        }
        self.html.push('<');
        self.html.push_str(name);
        for attribute in &tag.attrs {
            let local = &*attribute.name.local;
            if ATTRIBUTES.contains(&local) || matches!((name, local), ("a", "href") | ("img", "src")) {
                self.html.push(' ');
                self.html.push_str(local);
                self.html.push_str("=\"");
                push_escaped(&mut self.html, &attribute.value);
                self.html.push('"');
            }
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
        } else if FRAMES.contains(&&**name) || CELLS.contains(&&**name) {
            let table = self.last(&["table"]).unwrap_or_default();
            self.close_from(table, name);
        } else {
            self.close_in_cell(name);
        }
    }
}

impl Page {
    /// Closes what ends where this element begins. False if it has no place here.
    fn make_room(&mut self, name: &str) -> bool {
        if let Some(homes) = homes(name) {
            let home = self.last(homes);
            if let Some(home) = home {
                self.close_down_to(home + 1);
            }
            return home.is_some();
        }
        self.leave_frame();
        if !PHRASING.contains(&name) {
            self.close_in_cell("p");
        }
        match name {
            "a" => self.close_in_cell("a"),
            "li" => self.end_item(&["li"]),
            "dd" | "dt" => self.end_item(&["dd", "dt"]),
            _ if HEADINGS.contains(&name)
                && self.open.last().is_some_and(|open| HEADINGS.contains(&&**open)) =>
            {
                self.close_down_to(self.open.len() - 1);
            }
            _ => {}
        }
        true
    }

    /// What stands loose in a table is given a cell.
    fn leave_frame(&mut self) {
        if self.open.last().is_some_and(|open| FRAMES.contains(&&**open)) && self.make_room("td") {
            self.html.push_str("<td>");
            self.open.push(LocalName::from("td"));
        }
    }

    fn end_item(&mut self, items: &[&str]) {
        let passes = |open: &str| PHRASING.contains(&open) || ["address", "div", "p"].contains(&open);
        if let Some(at) = self.open.iter().rposition(|open| !passes(open))
            && items.contains(&&*self.open[at])
        {
            self.close_down_to(at);
        }
    }

    fn close_in_cell(&mut self, name: &str) {
        let cell = self.last(CELLS).unwrap_or_default();
        self.close_from(cell, name);
    }

    fn close_from(&mut self, start: usize, name: &str) {
        if let Some(at) = self.open[start..].iter().rposition(|open| &**open == name) {
            self.close_down_to(start + at);
        }
    }

    fn last(&self, names: &[&str]) -> Option<usize> {
        self.open.iter().rposition(|open| names.contains(&&**open))
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

/// Where a part of a table may stand; `None` for what is not a part of one.
fn homes(name: &str) -> Option<&'static [&'static str]> {
    Some(match name {
        "caption" | "colgroup" | "tbody" | "tfoot" | "thead" => &["table"],
        "col" => &["colgroup", "table"],
        "tr" => &["table", "tbody", "tfoot", "thead"],
        "td" | "th" => &["table", "tbody", "tfoot", "thead", "tr"],
        _ => return None,
    })
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
