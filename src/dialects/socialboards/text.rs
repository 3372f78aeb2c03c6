//! What people write: a message, and whether it is HTML.

use crate::http::field::Wrong;
use crate::http::read::Reader;
use crate::pipeline::text::markup;

/// A message of a request.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Text {
    pub message: String,
    /// True unless the request says otherwise (SocialBoards, create ticket).
    pub is_html: bool,
}

/// Reads `message` and `isHtml`; a message of nothing but blanks is none.
pub fn read(reader: &mut Reader) -> Option<Text> {
    let message = reader.optional::<String>("message").filter(|message| !message.trim().is_empty());
    let is_html = reader.optional("isHtml").unwrap_or(true);
    message.map(|message| Text { message, is_html })
}

/// The same for one that must be there.
pub fn read_required(reader: &mut Reader) -> Option<Text> {
    let faults = reader.faults();
    let text = read(reader);
    if text.is_none() && reader.faults() == faults {
        reader.refuse("message", &Wrong::new("required", "is required"));
    }
    text
}

/// A stored message as text, and as HTML that is safe to show.
pub fn shown(body: &str, is_html: bool) -> (String, String) {
    let body = markup::stored(body.to_owned(), is_html);
    (markup::plain(&body), markup::safe_html(&body))
}
