//! Where the sender's own words end: closing formula, signature, footer.

use super::history::{History, excerpt, is_rule};
use super::line::{Line, Mark, join};
use super::phrases::{POSTSCRIPTS, THANKS};
use super::words::{begins, head, is_name, is_sentence, words};
use super::{closing, footer};

/// What is left of the sender's own lines.
#[derive(Default)]
pub struct Own {
    /// The message; empty where there is none.
    pub text: String,
    /// All own words but footers: what there is where a mail is a closing formula and nothing else.
    pub closing: String,
    /// What is marked as signature reads like a message, and there is no other.
    pub is_signed_message: bool,
    pub evidence: Vec<String>,
}

/// Cut what ends a message from each run of own lines between quotes.
pub fn cut(lines: &[Line], history: &History) -> Own {
    let mut own = Own::default();
    let mut kept: Vec<&str> = Vec::new();
    let (mut rest, mut signed) = (Vec::new(), Vec::new());
    let mut segment: Vec<&str> = Vec::new();
    for (line, &is_own) in lines.iter().zip(&history.is_own) {
        if !is_own && !line.is_blank() {
            cut_segment(&segment, &mut kept, &mut rest, &mut own.evidence);
            segment.clear();
        } else if line.mark == Mark::Signature {
            signed.push(line.text.as_str());
            segment.push("");
        } else {
            segment.push(&line.text);
        }
    }
    cut_segment(&segment, &mut kept, &mut rest, &mut own.evidence);
    if signed.iter().any(|line| !line.is_empty()) {
        own.evidence.push("cut the signature that the markup names".to_owned());
    }
    own.text = join(kept.into_iter());
    own.closing = join(rest.into_iter());
    own.is_signed_message = own.text.is_empty() && signed.iter().any(|line| is_sentence(line));
    own
}

/// Cut one run of own lines; what is cut but no footer goes to `rest`.
fn cut_segment<'a>(
    lines: &[&'a str],
    kept: &mut Vec<&'a str>,
    rest: &mut Vec<&'a str>,
    evidence: &mut Vec<String>,
) {
    let from = kept.len();
    let (mut has_text, mut is_closed) = (false, false);
    // A blank line keeps the runs apart.
    kept.push("");
    for (at, &line) in lines.iter().enumerate() {
        if line.is_empty() {
            kept.push(line);
            continue;
        }
        let below = &lines[at + 1..];
        let next = || below.iter().copied().find(|line| !line.is_empty()).unwrap_or_default();
        if footer::is_sent_from(line) || footer::begins_at(line, next()) {
            if has_text {
                evidence.push(format!("cut the footer from the line {}", excerpt(line)));
                keep_postscript(below, kept);
                break;
            }
            continue;
        }
        if is_delimiter(line) && has_text {
            evidence.push("cut the signature below its delimiter".to_owned());
            rest.extend(below.iter().filter(|line| !footer::is_sent_from(line)));
            keep_postscript(below, kept);
            break;
        }
        let goes_on = || has_message(below);
        if let Some(start) = closing::find(line, next(), &goes_on)
            && (has_text || start > 0 || !goes_on())
        {
            evidence.push(format!("cut the closing formula from {}", excerpt(&line[start..])));
            if start == 0 {
                drop_joint(kept);
            }
            kept.push(line[..start].trim_end());
            rest.push(&line[start..]);
            rest.extend(below.iter().filter(|line| !footer::is_sent_from(line)));
            keep_postscript(below, kept);
            is_closed = true;
            break;
        }
        if let Some(start) = footer::sent_from_start(line) {
            evidence.push(format!("cut the footer from {}", excerpt(line[start..].trim_start())));
            kept.push(&line[..start]);
            break;
        }
        has_text = true;
        if !is_placeholder(line) {
            kept.push(line);
        }
    }
    trim_end(kept, from);
    if !is_closed && let Some(end) = signature_start(&kept[from..]) {
        evidence.push(format!("cut the signature from the line {}", excerpt(kept[from + end])));
        rest.extend(kept.drain(from + end..));
        trim_end(kept, from);
    }
}

/// The `und` that joins the last line to a closing formula goes with that.
fn drop_joint(kept: &mut [&str]) {
    if let Some(last) = kept.iter_mut().rev().find(|line| !line.is_empty())
        && let Some(shorter) = [" und", " u.", " and", " &"].iter().find_map(|joint| last.strip_suffix(joint))
    {
        *last = shorter.trim_end();
    }
}

/// Take blank lines and rules off the end.
fn trim_end(kept: &mut Vec<&str>, from: usize) {
    while kept.len() > from
        && kept.last().is_some_and(|line| line.is_empty() || is_rule(line) || is_delimiter(line))
    {
        kept.pop();
    }
}

/// The line above a signature: `-- `.
fn is_delimiter(line: &str) -> bool {
    matches!(line, "--" | "—" | "––" | "- -" | "-- --" | "__")
}

/// A picture that the mail program left out.
fn is_placeholder(line: &str) -> bool {
    let is_bracketed = line.starts_with(['[', '<']) && line.ends_with([']', '>']) && line.len() <= 200;
    is_bracketed && {
        let name = head(line);
        ["cid", "image", "bild", "inline image", "inline bild", "cid image001"]
            .iter()
            .any(|start| begins(&name, start))
            || name.starts_with("image0")
    }
}

/// Whether a message goes on within the next lines.
fn has_message(lines: &[&str]) -> bool {
    lines
        .iter()
        .filter(|line| !line.is_empty())
        .take(5)
        .take_while(|line| {
            !is_delimiter(line)
                && !is_rule(line)
                && !footer::is_sent_from(line)
                && !footer::begins_at(line, "")
        })
        .any(|line| is_sentence(line))
}

/// A postscript is part of the message, wherever it stands.
fn keep_postscript<'a>(lines: &[&'a str], kept: &mut Vec<&'a str>) {
    let is_postscript = |line: &str| {
        POSTSCRIPTS.iter().any(|start| begins(&head(&line[..line.floor_char_boundary(40)]), start))
    };
    let Some(start) = lines.iter().position(|line| is_postscript(line) && line.len() > 4) else { return };
    kept.push("");
    let is_part = |line: &&&str| {
        !line.is_empty() && !footer::is_sent_from(line) && !is_delimiter(line) && !is_rule(line)
    };
    kept.extend(lines[start..].iter().take_while(is_part));
}

/// Where a signature without a closing formula begins: a name alone at the end, or a name and ways to reach
/// whoever bears it.
fn signature_start(lines: &[&str]) -> Option<usize> {
    const LONGEST: usize = 12;
    let last = lines.iter().rposition(|line| !line.is_empty())?;
    let is_end = |at: usize| {
        let above = lines[..at].iter().rev().find(|line| !line.is_empty());
        above.is_some_and(|above| ends_message(above, at > 0 && lines[at - 1].is_empty()))
    };
    if is_end(last) && (is_name(lines[last]) || is_lower_name(lines, last)) {
        return Some(last);
    }
    let first = last.saturating_sub(LONGEST).max(1);
    (first..last).find(|&at| {
        let block = &lines[at + 1..=last];
        let is_below_thanks =
            lines[..at].iter().rev().find(|line| !line.is_empty()).is_some_and(|line| is_thanks(line));
        is_name(lines[at])
            && is_end(at)
            && (is_below_thanks
                || (lines[at - 1].is_empty() && block.iter().any(|line| footer::is_contact(line))))
            && !block.iter().any(|line| is_sentence(line))
    })
}

/// `tom` below `danke`.
fn is_lower_name(lines: &[&str], at: usize) -> bool {
    let is_word = lines[at].len() <= 12 && lines[at].chars().all(char::is_alphabetic);
    let above = lines[..at].iter().rev().find(|line| !line.is_empty());
    is_word
        && !THANKS.contains(&head(lines[at]).as_str())
        && above.is_some_and(|above| is_thanks(above) && words(above).len() <= 3)
}

/// Whether a line is thanks and little more.
fn is_thanks(line: &str) -> bool {
    let words = words(line);
    words.len() <= 8
        && !line.ends_with([':', '?'])
        && words.iter().any(|word| THANKS.contains(&word.folded.as_str()))
}

/// Whether a signature may stand below a line: it thanks, or ends a sentence.
fn ends_message(line: &str, has_gap: bool) -> bool {
    is_thanks(line)
        || (line.ends_with(['.', '!', '?', ')']) && is_clause(line))
        || (has_gap && !line.ends_with([':', ',']) && is_clause(line))
}

/// Whether a line is more than a call or a salutation.
fn is_clause(line: &str) -> bool {
    let words = words(line);
    words.len() >= 3 && words.iter().any(|word| !word.is_capitalised())
}
