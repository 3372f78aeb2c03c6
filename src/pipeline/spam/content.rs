//! What the words of a message say of who wrote it.

use std::sync::LazyLock;

use super::cues;
use crate::pipeline::Subject;
use crate::pipeline::fold::fold;
use crate::pipeline::phrases::{Phrases, Words};

/// How much of a message is read: its head, and its foot where mailings say how to leave them.
const HEAD_BYTES: usize = 6_000;
const FOOT_BYTES: usize = 2_000;

/// The most that a customer's ordinary words weigh together.
const MAX_CUSTOMER: f64 = 2.4;

/// What a phrase speaks for.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Sign {
    Spam(f64),
    Phishing,
    Program(f64),
    StrongCustomer,
    Customer,
    Silent,
}

/// What the words weigh for each verdict, a customer's already taken off.
#[derive(Debug, Default)]
pub struct Content {
    pub spam: f64,
    pub program: f64,
    pub evidence: Vec<String>,
    /// What was read: the sender's own words.
    pub text: String,
    customer: f64,
    found: Found,
}

/// How many different phrases of each kind were found.
#[derive(Debug, Default)]
struct Found {
    spam: f64,
    fraud: f64,
    program: f64,
    strong_customer: f64,
    customer: f64,
    program_subject: f64,
}

impl Content {
    pub fn read(subject: &Subject<'_>, is_reply: bool) -> Self {
        let text = judged(subject, is_reply);
        let words = Words::of(&text, text.len());
        let mut content = Self::default();
        let (mut ordinary, mut strong) = (0.0_f64, 0.0_f64);
        let mut seen: Vec<&str> = Vec::new();
        for hit in phrases().find(&words) {
            if seen.contains(&hit.phrase) {
                continue;
            }
            seen.push(hit.phrase);
            match hit.value {
                Sign::Spam(weight) => {
                    content.spam += weight;
                    content.found.spam += weight;
                }
                Sign::Phishing => {
                    content.spam += 1.4;
                    content.found.fraud += 1.0;
                }
                Sign::Program(weight) => {
                    content.program += weight;
                    content.found.program += weight;
                }
                Sign::StrongCustomer => {
                    strong += 3.5;
                    content.found.strong_customer += 1.0;
                }
                Sign::Customer => {
                    ordinary += 0.8;
                    content.found.customer += 1.0;
                }
                Sign::Silent => continue,
            }
            content.evidence.push(format!("“{}” {}", hit.phrase.trim_end_matches('*'), says(hit.value)));
        }
        content.add_subject(subject, is_reply);
        content.add_links(&text);
        content.customer = ordinary.min(MAX_CUSTOMER) + strong;
        content.spam -= content.customer;
        content.program -= ordinary.min(0.8) + strong;
        content.text = text;
        content
    }

    /// How often phrases of each kind were found, the more the less each counts, and what the rules make of
    /// them.
    pub fn counts(&self) -> [(&'static str, f64); 8] {
        [
            ("words of advertising", self.found.spam.ln_1p()),
            ("words of fraud", self.found.fraud.ln_1p()),
            ("words of programs", self.found.program.ln_1p()),
            ("words of customers alone", self.found.strong_customer.ln_1p()),
            ("words of customers", self.found.customer.ln_1p()),
            ("a program's subject", self.found.program_subject),
            ("the rules' weight for spam", self.spam.clamp(-3.0, 6.0) / 3.0),
            ("the rules' weight for a program", self.program.clamp(-3.0, 6.0) / 3.0),
        ]
    }

    /// Whether anything in it sounds like a customer.
    pub fn is_customer(&self) -> bool {
        self.customer > 0.0
    }

    fn add_subject(&mut self, subject: &Subject<'_>, is_reply: bool) {
        let title = &subject.ticket.content.subject;
        let (prefix, rest) = title.split_once(':').unwrap_or((title, ""));
        let prefix = fold(&prefix[..prefix.floor_char_boundary(80)]);
        let short = [
            "gelesen",
            "read",
            "accepted",
            "declined",
            "tentative",
            "zugesagt",
            "abgesagt",
            "abwesend",
            "ooo",
        ];
        let is_whole = !short.contains(&prefix.as_str()) || !rest.is_empty();
        if !is_reply && is_whole && cues::PROGRAM_SUBJECTS.contains(&prefix.as_str()) {
            self.program += 3.0;
            self.found.program_subject = 1.0;
            self.evidence.push("the subject begins as a program's".to_owned());
        }
    }

    fn add_links(&mut self, text: &str) {
        let links =
            text.matches("http://").count() + text.matches("https://").count() + text.matches("www.").count();
        if links > 0 && self.spam > 0.0 {
            self.spam += 0.5;
            self.evidence.push("a link".to_owned());
        }
    }
}

fn says(sign: Sign) -> &'static str {
    match sign {
        Sign::Spam(_) => "is advertising",
        Sign::Phishing => "is what fraud says",
        Sign::Program(_) => "is what programs say",
        Sign::StrongCustomer | Sign::Customer | Sign::Silent => "is what customers say",
    }
}

fn phrases() -> &'static Phrases<Sign> {
    static PHRASES: LazyLock<Phrases<Sign>> = LazyLock::new(|| {
        Phrases::new(&[
            (Sign::Silent, cues::SILENT),
            (Sign::StrongCustomer, cues::STRONG_CUSTOMER),
            (Sign::Spam(2.2), cues::STRONG_SPAM),
            (Sign::Phishing, cues::PHISHING),
            (Sign::Program(3.0), cues::STRONG_PROGRAM),
            (Sign::Program(1.5), cues::PROGRAM),
            (Sign::Spam(1.0), cues::SPAM),
            (Sign::Customer, cues::CUSTOMER),
        ])
    });
    &PHRASES
}

/// Subject and text as far as they are the sender's own: without what is quoted, where something is.
fn judged(subject: &Subject<'_>, is_reply: bool) -> String {
    let title = &subject.ticket.content.subject;
    let title = if is_reply { "" } else { &title[..title.floor_char_boundary(300)] };
    let plain = subject.text.plain.as_str();
    let body = if is_reply || quotes(plain) { subject.text.clean.as_str() } else { plain };
    let head = body.floor_char_boundary(HEAD_BYTES);
    let foot = body.ceil_char_boundary(body.len().saturating_sub(FOOT_BYTES)).max(head);
    format!("{title}\n\n{}\n\n{}", &body[..head], &body[foot..])
}

/// Whether a text holds another message.
fn quotes(plain: &str) -> bool {
    let start = &plain[..plain.floor_char_boundary(HEAD_BYTES)];
    let marks = [
        "\n>",
        "\nVon:",
        "\nFrom:",
        "\nGesendet:",
        "\nSent:",
        " schrieb",
        " wrote:",
        "Ursprüngliche Nachricht",
        "Original Message",
        "Weitergeleitete Nachricht",
        "Forwarded message",
    ];
    start.starts_with('>') || marks.iter().any(|mark| start.contains(mark))
}
