//! Whether a message is spam, a program's, or somebody's.

mod content;
mod cues;
mod features;
mod mail;
mod senders;
mod voice;
mod weighting;

use self::content::Content;
use self::mail::{Mail, Verdict};
use self::weighting::{Weighed, Weight};
use super::{Finding, Subject};
use crate::domain::ticket::{Channel, Direction, SpamStatus};

/// From which weight on phrases and signs of the headers count as proof; [`content`] and [`mail`] weigh by it.
const DECISIVE: f64 = 3.0;

/// From which logarithm of odds on a message is nobody's: 1.25 means that spam or a program is e^1.25 = 3.5 times as
/// likely as a person.
const LEAST: f64 = 1.25;

/// What a known customer is ahead in that measure.
const KNOWN_SENDER: f64 = 2.0;

/// What a known customer is ahead where phrases count.
const KNOWN_TO_PHRASES: f64 = 1.5;

/// Whether a ticket is spam: `AutoSpam`, `AutoProgrammatic` or `AutoClean`, never a manual value. Headers
/// and programs' phrases count in mail alone; what is not incoming is clean. The score is how likely it is
/// that no person wrote to us about a matter.
pub fn judge(subject: &Subject<'_>, sender_is_known: bool) -> Finding<SpamStatus> {
    let is_mail = subject.ticket.channel == Channel::Email;
    let mail = if is_mail { Mail::read(subject) } else { Mail::default() };
    if let Some(verdict) = certain(subject, &mail, sender_is_known) {
        return verdict;
    }
    let content = Content::read(subject, mail.is_reply);
    let weighed = Weighed::of(features::read(subject, &content, &mail));
    let Weight { spam, program } = weighed.sum;
    let ahead = if sender_is_known { KNOWN_SENDER } else { 0.0 };
    let phrased = phrased(&mail, &content, is_mail, if sender_is_known { KNOWN_TO_PHRASES } else { 0.0 });
    let odds = if is_mail { log_sum(spam, program) } else { spam } - ahead;
    let odds = if phrased.is_some() { odds.max(LEAST) } else { odds };
    let value = match phrased {
        Some(value) => value,
        None if odds < LEAST => SpamStatus::AutoClean,
        None if is_mail && program > spam => SpamStatus::AutoProgrammatic,
        None => SpamStatus::AutoSpam,
    };
    let own = weighed.strongest(|part| match value {
        SpamStatus::AutoProgrammatic => part.program,
        SpamStatus::AutoSpam => part.spam,
        _ => -(part.spam + part.program),
    });
    let evidence = own.into_iter().chain(mail.evidence).chain(content.evidence).take(10).collect();
    Finding { value, evidence, score: Some(likelihood(odds)), threshold: Some(likelihood(LEAST)) }
}

/// What the phrases of advertising, fraud and programs prove without the weighting; `None`: nothing.
fn phrased(mail: &Mail, content: &Content, is_mail: bool, ahead: f64) -> Option<SpamStatus> {
    let spam = mail.bulk(content.is_customer()) + content.spam - ahead;
    let program = if is_mail { mail.program(content.is_customer()) + content.program } else { 0.0 };
    if program >= DECISIVE && program >= spam {
        return Some(SpamStatus::AutoProgrammatic);
    }
    (spam >= DECISIVE).then_some(SpamStatus::AutoSpam)
}

/// The logarithm of the odds that one or the other holds.
fn log_sum(one: f64, other: f64) -> f64 {
    let (less, more) = if one < other { (one, other) } else { (other, one) };
    more + (less - more).exp().ln_1p()
}

fn likelihood(odds: f64) -> f64 {
    1.0 / (1.0 + (-odds).exp())
}

/// What is certain without a look at the text: by the ticket's direction, or by the mail's headers. `None`: the text
/// decides.
pub fn by_headers(subject: &Subject<'_>, sender_is_known: bool) -> Option<Finding<SpamStatus>> {
    let is_mail = subject.ticket.channel == Channel::Email;
    certain(subject, &if is_mail { Mail::read(subject) } else { Mail::default() }, sender_is_known)
}

fn certain(subject: &Subject<'_>, mail: &Mail, sender_is_known: bool) -> Option<Finding<SpamStatus>> {
    if subject.ticket.direction != Direction::In || subject.ticket.channel == Channel::System {
        return Some(clean("only incoming messages are judged", 0.0));
    }
    match &mail.verdict {
        Some(Verdict::Spam(why)) if !sender_is_known => {
            Some(finding(SpamStatus::AutoSpam, vec![why.clone()], DECISIVE * 4.0))
        }
        Some(Verdict::Program(why)) => {
            Some(finding(SpamStatus::AutoProgrammatic, vec![why.clone()], DECISIVE * 4.0))
        }
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
#[cfg(test)]
mod training_tests;
