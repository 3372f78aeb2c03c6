//! A body's text: all of it without markup, and what its sender wrote without closing formula, signature,
//! footer and quoted history.

mod attribution;
mod balance;
mod closing;
mod decode;
mod ending;
mod footer;
mod greeting;
mod header_block;
mod history;
mod html;
mod line;
pub mod markup;
mod page;
mod phrases;
mod regions;
mod sanitize;
mod tags;
mod words;

use std::borrow::Cow;

use super::{Finding, Text};
use line::{Line, Mark};

/// As much of a body as is read, in bytes.
const READ: usize = 512 * 1024;

/// How many forwards within forwards are opened to find a message.
const FORWARDS: usize = 4;

/// The text of a body, HTML or plain; `None` and a body without a message give empty texts.
pub fn extract(body: Option<&str>) -> Finding<Text> {
    let mut evidence = Vec::new();
    let body = read(body.unwrap_or_default(), &mut evidence);
    let lines = lines(&body, &mut evidence);
    let plain = line::join(lines.iter().map(|line| line.text.as_str()));
    let clean = clean(lines, &mut evidence);
    Finding::plain(Text { plain, clean }, evidence)
}

/// The text of a body as a reader sees it: a plain one as it is, HTML without its markup.
pub fn readable(body: &str) -> Cow<'_, str> {
    if html::is_html(body) { Cow::Owned(extract(Some(body)).value.plain) } else { Cow::Borrowed(body) }
}

/// The beginning of the body, as far as it is read, with leftovers of transfer encodings decoded.
fn read<'a>(body: &'a str, evidence: &mut Vec<String>) -> Cow<'a, str> {
    let mut body = Cow::Borrowed(body);
    if body.len() > READ
        && let Some(shorter) = decode::without_embedded_files(&body)
    {
        evidence.push("left out files that are embedded in the markup".to_owned());
        body = Cow::Owned(shorter);
    }
    if body.len() > READ {
        evidence.push(format!("read the first {} kB of {} kB", READ / 1024, body.len() / 1024));
        let end = body.floor_char_boundary(READ);
        body = match body {
            Cow::Borrowed(body) => Cow::Borrowed(&body[..end]),
            Cow::Owned(mut body) => {
                body.truncate(end);
                Cow::Owned(body)
            }
        };
    }
    if let Some(decoded) = decode::quoted_printable(&body) {
        evidence.push("decoded leftovers of quoted-printable".to_owned());
        body = Cow::Owned(decoded);
    }
    body
}

fn lines(body: &str, evidence: &mut Vec<String>) -> Vec<Line> {
    if html::is_html(body) {
        return html::lines(body, evidence);
    }
    let Some(decoded) = decode::entities(body) else { return line::plain_lines(body) };
    evidence.push("decoded HTML entities in plain text".to_owned());
    if html::is_html(&decoded) { html::lines(&decoded, evidence) } else { line::plain_lines(&decoded) }
}

/// The sender's own words; where there are none, those of the mail that is forwarded.
fn clean(mut lines: Vec<Line>, evidence: &mut Vec<String>) -> String {
    let mut fallback = String::new();
    for _ in 0..FORWARDS {
        let history = history::find(&lines);
        let own = ending::cut(&lines, &history);
        if !own.text.is_empty() {
            evidence.extend(history.evidence);
            evidence.extend(own.evidence);
            return own.text;
        }
        if own.is_signed_message {
            evidence.push("kept what is marked as signature, as there is no other message".to_owned());
            unmark(&mut lines, Mark::Signature);
            continue;
        }
        if fallback.is_empty() {
            fallback = own.closing;
        }
        if history.forwarded.is_empty() {
            break;
        }
        evidence.push("took the forwarded message, as there is no other".to_owned());
        lines = history.forwarded;
    }
    fallback
}

fn unmark(lines: &mut [Line], mark: Mark) {
    for line in lines {
        if line.mark == mark {
            line.mark = Mark::Own;
        }
    }
}

#[cfg(test)]
mod tests;
