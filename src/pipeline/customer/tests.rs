use std::time::Instant;

use jiff::Timestamp;
use serde_json::Value;

use super::*;
use crate::domain::directory::EntryContract;
use crate::domain::ticket::{Channel, Direction, Document};
use crate::domain::word::Word;
use crate::pipeline::Text;
use crate::pipeline::headers::Headers;

const CASES: &str = include_str!("../../../tests/eval/tuned/customer.jsonl");

fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn entry(value: &Value) -> Entry {
    let contract = |value: &Value| EntryContract {
        id: text(&value["id"]).unwrap(),
        email: text(&value["email"]),
        delivery_address: text(&value["deliveryAddress"]),
        counter_number: text(&value["counterNumber"]),
        ..EntryContract::default()
    };
    Entry {
        customer_id: text(&value["id"]).unwrap(),
        business: value["business"] == true,
        company: text(&value["company"]),
        firstname: text(&value["firstname"]),
        lastname: text(&value["lastname"]),
        email: text(&value["email"]),
        phone: text(&value["phone"]),
        address: text(&value["address"]),
        contracts: value["contracts"].as_array().into_iter().flatten().map(contract).collect(),
    }
}

fn directory(line: &str) -> MemoryDirectory {
    let line: Value = serde_json::from_str(line).unwrap();
    MemoryDirectory::new(line["directory"]["customers"].as_array().unwrap().iter().map(entry).collect())
}

fn ticket(value: &Value) -> Ticket {
    let channel = Channel::parse(value["channel"].as_str().unwrap()).unwrap();
    let direction = value["direction"].as_str().map_or(Direction::In, |word| Direction::parse(word).unwrap());
    let mut ticket = Ticket::blank(channel, direction, Timestamp::UNIX_EPOCH);
    ticket.from = text(&value["from"]);
    ticket.from_name = text(&value["fromName"]);
    ticket.customer_id = text(&value["customerId"]);
    ticket.mark_set_by_person([Field::CustomerId], true);
    ticket.content.to = value["to"].as_array().into_iter().flatten().filter_map(text).collect();
    ticket.content.subject = text(&value["subject"]).unwrap_or_default();
    ticket.content.body = text(&value["body"]);
    ticket.content.raw_data = value.get("rawData").map(|data| Document(data.to_string()));
    ticket
}

/// The body without markup, as near as a test needs it.
fn plain(body: &str) -> String {
    let mut plain = String::new();
    for part in body.split('<') {
        match part.split_once('>').filter(|_| !plain.is_empty() || body.starts_with('<')) {
            Some((_, rest)) => {
                plain.push('\n');
                plain.push_str(rest);
            }
            None => plain.push_str(part),
        }
    }
    plain
}

fn run(directory: &MemoryDirectory, ticket: &Ticket) -> Finding<Recognition> {
    let body = plain(ticket.content.body.as_deref().unwrap_or_default());
    let text = Text { plain: body.clone(), clean: body };
    let headers = Headers::read(ticket.content.raw_data.as_ref());
    let subject = Subject { ticket, headers: &headers, text: &text };
    let clues = clues(&subject);
    recognise(&subject, &clues, &directory.find(&clues.keys()))
}

#[test]
fn the_labelled_cases_are_right() {
    let mut lines = CASES.lines();
    let directory = directory(lines.next().unwrap());
    let mut failures = Vec::new();
    for line in lines {
        let case: Value = serde_json::from_str(line).unwrap();
        let found = run(&directory, &ticket(&case["ticket"]));
        let expect = &case["expect"];
        let value = &found.value;
        let is_right = value.customer_id == text(&expect["customerId"])
            && value.contract_id == text(&expect["contractId"])
            && Some(i64::from(value.legitimation)) == expect["customerLegitimation"].as_i64()
            && value.message.is_some() == (10..20).contains(&value.legitimation);
        if !is_right {
            failures.push(format!("{} {expect}\n    {found:?}", case["id"]));
        }
    }
    assert!(failures.is_empty(), "{} failures:\n{}", failures.len(), failures.join("\n"));
}

#[test]
fn hostile_texts_are_read_fast_and_looked_up_briefly() {
    let directory = directory(CASES.lines().next().unwrap());
    let bodies = [
        "9".repeat(5_000_000),
        "a".repeat(5_000_000),
        "746839 ".repeat(500_000),
        "Vertragsnummer 1-2-3/".repeat(200_000),
        "\n".repeat(1_000_000),
        "> ".repeat(1_000_000),
        "tom@mustermann.de,".repeat(200_000),
        "Hauptstr. 5, 82031 ".repeat(200_000),
        "DE89 ".repeat(1_000_000),
        "+49 ".repeat(1_000_000),
        "Mustermann ".repeat(500_000),
        "\u{301}\u{0}ß".repeat(500_000),
        "1.".repeat(1_000_000),
        "Am 1.1.2024 schrieb\n".repeat(200_000),
    ];
    for body in bodies {
        let mut ticket = Ticket::blank(Channel::Email, Direction::In, Timestamp::UNIX_EPOCH);
        ticket.content.body = Some(body.clone());
        ticket.content.subject = body.chars().take(100_000).collect();
        let text = Text { plain: body.clone(), clean: body.clone() };
        let subject = Subject { ticket: &ticket, headers: &Headers::default(), text: &text };
        let begin = Instant::now();
        let clues = clues(&subject);
        let keys = clues.keys();
        recognise(&subject, &clues, &directory.find(&keys));
        let name: String = body.chars().take(24).collect();
        assert!(keys.len() <= clues::MAX_KEYS, "{name}");
        assert!(begin.elapsed().as_millis() < 500, "{name}: {:?}", begin.elapsed());
    }
}

#[test]
fn ids_that_a_person_set_are_given() {
    let directory = directory(CASES.lines().next().unwrap());
    let mut ticket = Ticket::blank(Channel::Email, Direction::In, Timestamp::UNIX_EPOCH);
    ticket.from = Some("tom@mustermann.de".into());
    ticket.contract_id = Some("746841".into());
    ticket.mark_set_by_person([Field::ContractId], true);
    let found = run(&directory, &ticket).value;
    assert_eq!((found.customer_id.as_deref(), found.contract_id.as_deref()), (Some("83773"), Some("746841")));
    assert_eq!(found.legitimation, 0);

    ticket.contract_id = None;
    ticket.mark_set_by_person([Field::CustomerId], false);
    let found = run(&directory, &ticket).value;
    assert_eq!((found.customer_id, found.sender_is_known), (None, true));
}

#[test]
fn the_evidence_says_what_was_tried() {
    let directory = directory(CASES.lines().next().unwrap());
    let mut ticket = Ticket::blank(Channel::Email, Direction::In, Timestamp::UNIX_EPOCH);
    ticket.from = Some("tom@mustermann.de".into());
    ticket.content.subject = "Vertrag 746839".into();
    ticket.content.body = Some("Zählernummer 99887766, Bestellnummer 4711".into());
    let evidence = run(&directory, &ticket).evidence;
    for sentence in [
        "the sender tom@mustermann.de is in the directory as customer 83771",
        "matched contract 746839 in the subject",
        "tried the meter number 99887766: nobody has it",
        "left out 4711: the text calls it an order number",
    ] {
        assert!(evidence.iter().any(|line| line == sentence), "{sentence}: {evidence:?}");
    }
}

#[test]
fn a_mailbox_of_very_many_is_decided_by_a_number_only() {
    let entry = |at: usize| Entry {
        customer_id: format!("{}", 70_000 + at),
        firstname: Some(if at == 3 { "Peter".into() } else { format!("Anna{at}") }),
        lastname: Some("Krause".into()),
        email: Some("post@verwaltung.example".into()),
        contracts: vec![EntryContract { id: format!("{}", 600_000 + at), ..EntryContract::default() }],
        ..Entry::default()
    };
    let directory = MemoryDirectory::new((0..500).map(entry).collect());
    let mut ticket = Ticket::blank(Channel::Email, Direction::In, Timestamp::UNIX_EPOCH);
    ticket.from = Some("post@verwaltung.example".into());
    ticket.content.body = Some("Viele Grüße\nPeter Krause".into());
    assert_eq!(run(&directory, &ticket).value.customer_id, None);

    ticket.content.subject = "Vertrag 600400".into();
    let found = run(&directory, &ticket).value;
    assert_eq!((found.customer_id.as_deref(), found.legitimation), (Some("70400"), 20));
}
