//! The page that a reader of HTML sees, as lines: filled tag by tag.

use html5ever::LocalName;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{Tag, TokenSinkResult};

use super::line::{Line, Mark, mark_of, tidy};
use super::regions::{Region, region};
use super::tags::Visitor;

/// How many marked regions may stand inside each other; deeper ones are like their surroundings.
const REGIONS: usize = 64;

/// Elements that begin and end a line.
pub const BLOCKS: &[&str] = &[
    "address",
    "article",
    "aside",
    "blockquote",
    "body",
    "center",
    "dd",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "html",
    "li",
    "main",
    "nav",
    "ol",
    "p",
    "pre",
    "section",
    "table",
    "tbody",
    "tfoot",
    "thead",
    "tr",
    "ul",
];

/// Those that stand apart from what is around them.
const PARAGRAPHS: &[&str] =
    &["blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "ol", "p", "pre", "table", "ul"];

/// The lines read so far and where on the page the reading is.
#[derive(Default)]
pub struct Page {
    lines: Vec<Line>,
    line: String,
    /// The text so far ends in a blank that stands only if more text follows.
    is_gap: bool,
    wants_blank_line: bool,
    regions: Vec<OpenRegion>,
    /// Open `pre` elements.
    preformatted: u32,
    keeps_newlines: bool,
    /// A newline after a `br` is the same line end.
    is_after_br: bool,
    starts_history: bool,
    /// How many lines there were when the table cell began; `None` outside the row's first cell.
    cell: Option<usize>,
    /// Nothing stands in the cell yet, so a block in it does not begin a line.
    is_cell_fresh: bool,
}

/// An element with a mark, and how many of its name are open inside it, itself counted.
struct OpenRegion {
    name: LocalName,
    open: u32,
    /// `None` where nothing inside is shown.
    mark: Option<Mark>,
}

impl Visitor for Page {
    /// Read text between tags.
    fn text(&mut self, text: &str) {
        if self.mark().is_none() {
            return;
        }
        let keeps_newlines = self.keeps_newlines || self.preformatted > 0;
        for letter in text.chars() {
            match letter {
                '\n' if keeps_newlines => {
                    if !self.is_after_br {
                        self.end_line_even_blank();
                    }
                    self.is_after_br = false;
                }
                _ if letter.is_whitespace() => self.is_gap = true,
                _ => self.letter(letter),
            }
        }
    }

    /// Read a start tag.
    fn open(&mut self, tag: &Tag) -> TokenSinkResult<()> {
        let name = &*tag.name;
        match name {
            "script" | "style" | "title" | "textarea" | "noframes" | "iframe" => {
                let kind = match name {
                    "script" => RawKind::ScriptData,
                    "title" | "textarea" => RawKind::Rcdata,
                    _ => RawKind::Rawtext,
                };
                if name != "textarea" {
                    self.push_region(tag.name.clone(), None);
                }
                return TokenSinkResult::RawData(kind);
            }
            "br" => {
                self.end_line_even_blank();
                self.is_after_br = true;
            }
            "img" => self.image(tag),
            "pre" => self.preformatted += 1,
            "td" | "th" => self.start_cell(),
            _ => {}
        }
        if name == "p" && self.regions.last().is_some_and(|region| &*region.name == "p") {
            self.end_line();
            self.regions.pop();
        }
        if BLOCKS.contains(&name) {
            // Outlook writes each line as a paragraph of this class, and a blank one between paragraphs.
            let is_line = tag.attrs.iter().any(|attribute| attribute.value.starts_with("MsoNormal"));
            self.start_block(PARAGRAPHS.contains(&name) && !is_line);
        }
        if name == "tr" {
            self.cell = None;
        }
        let is_void =
            tag.self_closing || matches!(name, "br" | "hr" | "img" | "input" | "meta" | "link" | "col");
        match region(tag) {
            Some(Region::HistoryStart) => {
                self.end_line();
                self.starts_history = true;
                self.count_open(&tag.name);
            }
            Some(Region::Hidden) if !is_void => self.push_region(tag.name.clone(), None),
            Some(Region::Marked(mark)) if !is_void => self.push_region(tag.name.clone(), Some(mark)),
            _ if !is_void => self.count_open(&tag.name),
            _ => {}
        }
        TokenSinkResult::Continue
    }

    /// Read an end tag.
    fn close(&mut self, name: &LocalName) {
        match &**name {
            "pre" => self.preformatted = self.preformatted.saturating_sub(1),
            "tr" | "table" => self.cell = None,
            _ => {}
        }
        if BLOCKS.contains(&&**name) {
            self.start_block(PARAGRAPHS.contains(&&**name));
        }
        let Some(at) = self.regions.iter().rposition(|region| region.name == *name) else { return };
        let region = &mut self.regions[at];
        region.open -= 1;
        if region.open == 0 {
            let mark = self.mark();
            let outer = at.checked_sub(1).map_or(Some(Mark::Own), |outer| self.regions[outer].mark);
            if mark != outer {
                self.end_line();
            }
            self.regions.truncate(at);
        }
    }
}

impl Page {
    /// An empty page, on which line ends in the markup are lines or not.
    pub fn new(keeps_newlines: bool) -> Self {
        Self { keeps_newlines, ..Self::default() }
    }

    /// What was read.
    pub fn into_lines(mut self) -> Vec<Line> {
        self.end_line();
        self.lines
    }

    /// The mark of the text to come; `None` where it is not shown.
    fn mark(&self) -> Option<Mark> {
        self.regions.last().map_or(Some(Mark::Own), |region| region.mark)
    }

    fn count_open(&mut self, name: &LocalName) {
        if let Some(region) = self.regions.iter_mut().rev().find(|region| region.name == *name) {
            region.open = region.open.saturating_add(1);
        }
    }

    fn push_region(&mut self, name: LocalName, mark: Option<Mark>) {
        if self.regions.len() == REGIONS {
            self.count_open(&name);
            return;
        }
        let outer = self.mark();
        let inner = match (outer, mark) {
            (None, _) | (_, None) => None,
            (Some(Mark::Quote), _) | (Some(Mark::Signature), Some(Mark::Own)) => outer,
            (_, inner) => inner,
        };
        if inner != outer {
            self.end_line();
        }
        self.regions.push(OpenRegion { name, open: 1, mark: inner });
    }

    fn start_block(&mut self, is_paragraph: bool) {
        if !self.is_cell_fresh {
            self.end_line();
            self.wants_blank_line |= is_paragraph;
        }
    }

    /// Cells of a row stand on one line, unless one of them is more than a line.
    fn start_cell(&mut self) {
        if let Some(start) = self.cell {
            if self.line.is_empty()
                && self.lines.len() == start + 1
                && self.lines.last().is_some_and(|line| Some(line.mark) == self.mark() && !line.is_blank())
                && let Some(line) = self.lines.pop()
            {
                self.line = line.text;
                self.starts_history |= line.starts_history;
                self.wants_blank_line = false;
            }
            if self.lines.len() == start {
                self.is_gap = true;
            } else {
                self.end_line();
            }
        } else {
            self.end_line();
        }
        self.cell = Some(self.lines.len());
        self.is_cell_fresh = true;
    }

    fn letter(&mut self, letter: char) {
        if self.line.is_empty() {
            if self.wants_blank_line && self.lines.last().is_some_and(|line| !line.is_blank()) {
                let mark = self.mark().unwrap_or(Mark::Own);
                self.lines.push(Line::new(String::new(), mark));
            }
        } else if self.is_gap {
            self.line.push(' ');
        }
        self.wants_blank_line = false;
        self.is_gap = false;
        self.is_after_br = false;
        self.is_cell_fresh = false;
        self.line.push(letter);
    }

    /// A picture that stands for a sign, such as an emoji, is that sign.
    fn image(&mut self, tag: &Tag) {
        let alt = tag.attrs.iter().find(|attribute| &*attribute.name.local == "alt");
        if let Some(alt) = alt
            && alt.value.len() <= 16
            && !alt.value.is_ascii()
            && !alt.value.contains(char::is_alphanumeric)
        {
            self.text(&alt.value);
        }
    }

    fn end_line(&mut self) {
        self.is_gap = false;
        if !self.line.is_empty() {
            self.end_line_even_blank();
        }
    }

    fn end_line_even_blank(&mut self) {
        let Some(mark) = self.mark() else { return };
        let line = std::mem::take(&mut self.line);
        let mut line = Line::new(tidy(&line), mark);
        if mark == Mark::Own {
            let above = self.lines.last().map_or("", |above| above.text.as_str());
            line.mark = mark_of(&line.text, above);
        }
        line.starts_history = std::mem::take(&mut self.starts_history);
        self.lines.push(line);
        self.is_gap = false;
        self.is_cell_fresh = false;
    }
}
