use jiff::Timestamp;

use super::*;
use crate::domain::ticket::{Document, Ticket};
use crate::pipeline::Text;
use crate::pipeline::headers::Headers;

fn verdict(direction: Direction, headers: &str, subject: &str, body: &str, is_known: bool) -> SpamStatus {
    let mut ticket = Ticket::blank(Channel::Email, direction, Timestamp::UNIX_EPOCH);
    ticket.from = Some("somebody@example.com".into());
    ticket.content.subject = subject.into();
    ticket.content.body = Some(body.into());
    let headers = Headers::read(Some(&Document(format!("{{\"headers\": {headers}}}"))));
    let text = Text { plain: body.into(), clean: body.into() };
    judge(&Subject { ticket: &ticket, headers: &headers, text: &text }, is_known).value
}

#[test]
fn headers_tell_programs_and_spam_from_people() {
    let question = "Guten Tag, wo bleibt meine Rechnung für Mai?";
    for (headers, is_known, expected) in [
        ("{}", false, SpamStatus::AutoClean),
        (r#"{"Auto-Submitted": "no"}"#, false, SpamStatus::AutoClean),
        (r#"{"auto-submitted": "auto-replied"}"#, false, SpamStatus::AutoProgrammatic),
        (r#"{"X-Spam-Flag": "YES"}"#, false, SpamStatus::AutoSpam),
        (r#"{"X-Spam-Flag": ["YES"]}"#, true, SpamStatus::AutoClean),
    ] {
        assert_eq!(verdict(Direction::In, headers, "Rechnung", question, is_known), expected, "{headers}");
    }
}

#[test]
fn advertising_is_spam_and_customers_are_not() {
    let offer = "Dear Sir or Madam, we offer SEO services and guarantee the first page of Google. Increase your \
                 traffic now! Reply for a free quote. Unsubscribe here.";
    assert_eq!(verdict(Direction::In, "{}", "Boost your ranking", offer, false), SpamStatus::AutoSpam);
    let asks = "Guten Tag, ich habe eine Mail bekommen, in der ich auf einen Link klicken soll. Ist das Phishing? \
                Meine Kundennummer ist 83771.";
    assert_eq!(verdict(Direction::In, "{}", "Verdächtige Mail", asks, false), SpamStatus::AutoClean);
}

#[test]
fn only_what_comes_in_is_judged() {
    let headers = r#"{"Auto-Submitted": "auto-generated"}"#;
    for direction in [Direction::Out, Direction::Internal] {
        assert_eq!(verdict(direction, headers, "x", "x", false), SpamStatus::AutoClean);
    }
}
