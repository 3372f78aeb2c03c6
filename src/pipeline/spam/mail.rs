//! What the headers and the sender's address say of a mail.

use super::senders::{AUTO_REPLY, BOUNCER, BULK, MACHINE, MAILERS, MAILING, NO_REPLY, OFFICE, PEOPLES};
use super::voice;
use crate::pipeline::Subject;
use crate::pipeline::fold::fold;
use crate::pipeline::headers::Headers;

/// A header that leaves no doubt, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    Spam(String),
    Program(String),
}

/// The signs of a mail.
#[derive(Debug, Default)]
pub struct Mail {
    pub verdict: Option<Verdict>,
    pub is_reply: bool,
    pub evidence: Vec<String>,
    bulk_headers: Vec<&'static str>,
    is_precedence_bulk: bool,
    suppresses_replies: bool,
    sender_weight: (f64, f64),
    sender: Option<&'static str>,
    /// What else is seen of it, without a weight in the rules.
    others: Vec<&'static str>,
    /// The words of the sender's address.
    address: Vec<String>,
}

impl Mail {
    pub fn read(subject: &Subject<'_>) -> Self {
        let headers = subject.headers;
        let from = subject.ticket.from.as_deref().unwrap_or_default();
        let is_form = is_contact_form(headers, from, subject);
        let verdict = spam_flag(headers).map(Verdict::Spam);
        let program = (!is_form).then(|| program_header(headers)).flatten().map(Verdict::Program);
        let mut mail = Self {
            verdict: verdict.or(program),
            is_reply: is_reply(headers, &subject.ticket.content.subject),
            ..Self::default()
        };
        if !is_form {
            mail.weigh_headers(headers);
        }
        mail.weigh_sender(from, is_form);
        mail.look_further(headers, from);
        mail
    }

    fn look_further(&mut self, headers: &Headers, from: &str) {
        let mailer = headers.get("x-mailer").map(fold).unwrap_or_default();
        let has = |name: &str| headers.get(name).is_some();
        let (local, domain) = parts(from);
        let site = domain.split('.').rev().skip(1).find(|part| part.chars().count() > 3 || *part == "gmx");
        let words = site.unwrap_or_default().split('-').chain(Some(local.as_str()));
        self.address = words.filter(|word| !word.is_empty()).map(fold).collect();
        let is_peoples = domain.split('.').any(|part| PEOPLES.contains(&part));
        let signs = [
            (MAILERS.iter().any(|name| mailer.contains(name)), "a program for mailings sent it"),
            (
                self.is_reply && has("message-id") && !has("in-reply-to") && !has("references"),
                "an answer to nothing",
            ),
            (is_peoples, "the sender's address is at a provider for people"),
            (OFFICE.contains(&local.as_str()), "the sender's address is an office's"),
            (has("in-reply-to") || has("references"), "an answer by its headers"),
        ];
        self.others = signs.into_iter().filter(|(holds, _)| *holds).map(|(_, name)| name).collect();
    }

    /// The words of the sender's address, folded: the parts of its domain's name and what stands before the @.
    pub fn address(&self) -> &[String] {
        &self.address
    }

    fn weigh_headers(&mut self, headers: &Headers) {
        self.bulk_headers = BULK.iter().copied().filter(|name| headers.get(name).is_some()).collect();
        let precedence = headers.get("precedence").map(fold).unwrap_or_default();
        self.is_precedence_bulk = ["bulk", "list"].contains(&precedence.as_str());
        let suppressed = headers.get("x-auto-response-suppress").map(fold).unwrap_or_default();
        self.suppresses_replies = suppressed == "all" || suppressed.contains("autoreply");
        self.evidence.extend(self.bulk_headers.iter().map(|name| format!("the header {name}")));
        if self.is_precedence_bulk {
            self.evidence.push(format!("the header precedence says {precedence}"));
        }
        if self.suppresses_replies {
            self.evidence.push("the header x-auto-response-suppress".to_owned());
        }
    }

    fn weigh_sender(&mut self, from: &str, is_form: bool) {
        let (local, domain) = parts(from);
        let is_one_of = |words: &[&str]| words.contains(&local.as_str());
        let begins = |words: &[&str]| words.iter().any(|word| local.starts_with(word));
        let (spam, program, what) = if begins(BOUNCER) {
            (0.0, 3.0, "the sender's address is a mail system's")
        } else if begins(NO_REPLY) && !is_form {
            (0.3, 1.5, "the sender's address takes no answer")
        } else if is_one_of(MAILING) && !is_form {
            (1.0, 0.0, "the sender's address is for mailings")
        } else if is_one_of(MACHINE) {
            (0.0, 1.0, "the sender's address is a program's")
        } else if domain.rsplit('.').next().is_some_and(|ending| voice::CHEAP_DOMAINS.contains(&ending)) {
            (0.8, 0.0, "the sender's address has an ending that fraud prefers")
        } else {
            return;
        };
        self.sender_weight = (spam, program);
        self.sender = Some(what);
        self.evidence.push(what.to_owned());
    }

    /// The names of the signs that headers and sender show.
    pub fn signs(&self) -> Vec<&'static str> {
        let mut signs: Vec<&'static str> = self.sender.into_iter().collect();
        match self.bulk_headers.len() {
            0 => {}
            1 => signs.push("a header of mailings"),
            _ => signs.push("several headers of mailings"),
        }
        let others = [
            (self.is_precedence_bulk, "the header precedence says bulk"),
            (self.suppresses_replies, "a header that suppresses replies"),
            (self.is_reply, "an answer"),
        ];
        signs.extend_from_slice(&self.others);
        signs.extend(others.into_iter().filter(|(holds, _)| *holds).map(|(_, name)| name));
        signs
    }

    /// What speaks for a mass mailing; next to a customer's words a single header says little.
    pub fn bulk(&self, is_customer: bool) -> f64 {
        let headers = self.bulk_headers.len();
        let weight = match (headers, is_customer) {
            (0, _) => 0.0,
            (1, true) => 0.7,
            (_, true) => 1.2,
            (1, false) => 2.0,
            (_, false) => 3.0,
        };
        weight + self.sender_weight.0 + if self.is_precedence_bulk && headers > 0 { 0.8 } else { 0.0 }
    }

    /// What speaks for a program, likewise.
    pub fn program(&self, is_customer: bool) -> f64 {
        let alone = self.is_precedence_bulk && self.bulk_headers.is_empty();
        let header = match (alone, self.suppresses_replies) {
            (false, false) => 0.0,
            (true, true) => 3.0,
            _ if is_customer => 1.0,
            _ => 3.0,
        };
        header + self.sender_weight.1
    }
}

/// A spam filter on the way found it to be spam.
fn spam_flag(headers: &Headers) -> Option<String> {
    let says = |name: &str, values: &[&str]| {
        headers.all(name).any(|value| values.iter().any(|known| fold(value).split(' ').next() == Some(known)))
    };
    for name in ["x-spam-flag", "x-spam-status", "x-spam", "x-spam-result"] {
        if says(name, &["yes", "true", "spam"]) {
            return Some(format!("the header {name} says spam"));
        }
    }
    if says("x-rspamd-action", &["reject", "add", "rewrite"])
        || says("x-microsoft-antispam-mailbox-delivery", &["spam"])
    {
        return Some("a filter on the way marked it as spam".to_owned());
    }
    let report = headers.get("x-forefront-antispam-report").unwrap_or_default();
    let marked = ["SFV:SPM", "CAT:SPM", "CAT:PHSH", "CAT:HPHISH", "CAT:HSPM", "CAT:MALW"];
    marked
        .iter()
        .any(|mark| report.contains(mark))
        .then(|| "the header x-forefront-antispam-report says spam".to_owned())
}

/// A header that only programs set.
fn program_header(headers: &Headers) -> Option<String> {
    let submitted =
        headers.all("auto-submitted").map(fold).find(|value| !value.is_empty() && !value.starts_with("no"));
    if let Some(value) = submitted {
        return Some(format!(
            "the header auto-submitted says {}",
            value.split(' ').take(2).collect::<Vec<_>>().join("-")
        ));
    }
    let says_no = |value: &str| ["no", "false", "0"].contains(&fold(value).as_str());
    for name in AUTO_REPLY {
        if headers.get(name).is_some_and(|value| !says_no(value)) {
            return Some(format!("the header {name}"));
        }
    }
    let precedence = headers.get("precedence").map(fold).unwrap_or_default();
    if ["auto reply", "auto_reply", "junk"].contains(&precedence.as_str()) {
        return Some(format!("the header precedence says {precedence}"));
    }
    if headers.all("return-path").any(|path| path.split_whitespace().collect::<String>() == "<>") {
        return Some("the header return-path is empty, as in a report of delivery".to_owned());
    }
    let kind = headers.get("content-type").unwrap_or_default().to_lowercase();
    if kind.trim_start().starts_with("multipart/report") {
        return Some("the header content-type says that it is a report".to_owned());
    }
    None
}

/// A form on a website that sends for the person in Reply-To.
fn is_contact_form(headers: &Headers, from: &str, subject: &Subject<'_>) -> bool {
    let Some(reply_to) = headers.get("reply-to") else { return false };
    let (local, domain) = parts(reply_to);
    let (from_local, from_domain) = parts(from);
    let is_other = !local.is_empty() && (local, domain) != (from_local, from_domain);
    let (local, _) = parts(reply_to);
    let taken = [NO_REPLY, BOUNCER, MAILING, MACHINE].concat();
    let is_person = !taken.iter().any(|word| local.starts_with(word));
    let is_office = OFFICE.contains(&local.as_str());
    is_other && is_person && (!is_office || looks_like_form(subject))
}

fn looks_like_form(subject: &Subject<'_>) -> bool {
    let title = fold(&subject.ticket.content.subject);
    let names = ["formular", "contact form", "kontaktanfrage", "webform", "web form"];
    let body = &subject.text.plain;
    let body = &body[..body.floor_char_boundary(2_000)];
    names.iter().any(|name| title.contains(name))
        || ["Nachricht:", "Message:", "Anliegen:", "Ihre Nachricht"].iter().any(|label| body.contains(label))
}

/// Whether it answers or passes on another message.
fn is_reply(headers: &Headers, subject: &str) -> bool {
    let prefixes =
        ["re:", "aw:", "fwd:", "fw:", "wg:", "antw:", "sv:", "rv:", "odp:", "ynt:", "tr:", "r:", "i:"];
    let start: String = subject.trim_start().chars().take(8).flat_map(char::to_lowercase).collect();
    prefixes.iter().any(|prefix| start.starts_with(prefix)) || headers.get("in-reply-to").is_some()
}

/// The letters of the local part and the domain of the first address in a text, in lower case.
fn parts(address: &str) -> (String, String) {
    let address = &address[..address.floor_char_boundary(320)];
    let inner = address.rsplit_once('<').map_or(address, |(_, inner)| inner);
    let Some((local, domain)) = inner.split_once('@') else { return Default::default() };
    let local =
        local.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    let domain = domain.trim_end_matches(['>', ' ', ',', ';']).to_lowercase();
    (local, domain)
}
