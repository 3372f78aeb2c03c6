//! Whether a message is spam, a program's, or somebody's.

mod content;
mod cues;
mod mail;

use self::content::Content;
use self::mail::{Mail, Verdict};
use super::{Finding, Subject};
use crate::domain::ticket::{Channel, Direction, SpamStatus};

/// From which weight on signs count as proof; [`content`] and [`mail`] weigh by it.
const DECISIVE: f64 = 3.0;

/// What a known customer is ahead when the content is weighed.
const KNOWN_SENDER: f64 = 1.5;

/// Whether a ticket is spam: `AutoSpam`, `AutoProgrammatic` or `AutoClean`, never a manual value. Headers
/// and programs' phrases count in mail alone; what is not incoming is clean. The score is how much
/// speaks for the verdict, or against a clean one.
pub fn judge(subject: &Subject<'_>, sender_is_known: bool) -> Finding<SpamStatus> {
    if let Some(verdict) = by_headers(subject, sender_is_known) {
        return verdict;
    }
    let is_mail = subject.ticket.channel == Channel::Email;
    let mail = if is_mail { Mail::read(subject) } else { Mail::default() };
    let content = Content::read(subject, mail.is_reply);
    let spam =
        mail.bulk(content.is_customer()) + content.spam - if sender_is_known { KNOWN_SENDER } else { 0.0 };
    let program = if is_mail { mail.program(content.is_customer()) + content.program } else { 0.0 };
    let evidence: Vec<String> = mail.evidence.into_iter().chain(content.evidence).take(8).collect();
    if program >= DECISIVE && program >= spam {
        return finding(SpamStatus::AutoProgrammatic, evidence, program);
    }
    if spam >= DECISIVE {
        return finding(SpamStatus::AutoSpam, evidence, spam);
    }
    finding(SpamStatus::AutoClean, evidence, program.max(spam))
}

/// What is certain without a look at the text: by the ticket's direction, or by the mail's headers. `None`: the text
/// decides.
pub fn by_headers(subject: &Subject<'_>, sender_is_known: bool) -> Option<Finding<SpamStatus>> {
    let ticket = subject.ticket;
    if ticket.direction != Direction::In || ticket.channel == Channel::System {
        return Some(clean("only incoming messages are judged", 0.0));
    }
    let mail = if ticket.channel == Channel::Email { Mail::read(subject) } else { Mail::default() };
    match mail.verdict {
        Some(Verdict::Spam(why)) if !sender_is_known => {
            Some(finding(SpamStatus::AutoSpam, vec![why], DECISIVE * 4.0))
        }
        Some(Verdict::Program(why)) => Some(finding(SpamStatus::AutoProgrammatic, vec![why], DECISIVE * 4.0)),
        _ => None,
    }
}

fn clean(why: &str, weight: f64) -> Finding<SpamStatus> {
    finding(SpamStatus::AutoClean, vec![why.to_owned()], weight)
}

fn finding(value: SpamStatus, evidence: Vec<String>, weight: f64) -> Finding<SpamStatus> {
    let weight = weight.max(0.0);
    Finding { value, evidence, score: Some(weight / (weight + DECISIVE)), threshold: Some(0.5) }
}

#[cfg(test)]
mod tests;
