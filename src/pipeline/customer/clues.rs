//! Everything in a message that may point at somebody.

use std::collections::BTreeSet;

use super::address::{self, Places};
use super::keys::{address_key, key, name_and_postcode_key, name_and_street_key};
use super::label::Called;
use super::message::Message;
use super::{name, numbers, phone};
use crate::domain::directory::{Key, KeyKind};
use crate::domain::mail;
use crate::domain::ticket::{Direction, Field};
use crate::pipeline::Subject;

/// A look-up has at most so many keys.
pub const MAX_KEYS: usize = 200;
/// A look-up shows at most so many customers for each of its keys.
pub const MAX_PER_KEY: usize = 20;
/// A text's streets and postcodes that are looked at.
const MAX_PLACES: usize = 8;
/// Words that may be a name and are looked up with a place.
const MAX_NAME_WORDS: usize = 16;
/// Addresses that are looked at, in the text or as recipients.
const MAX_EMAILS: usize = 20;

/// Local parts behind which nobody reads, without marks.
const MACHINES: &[&str] = &[
    "noreply",
    "donotreply",
    "mailerdaemon",
    "postmaster",
    "kontaktformular",
    "webformular",
    "formular",
    "webform",
    "formmailer",
    "contactform",
    "nichtantworten",
    "keineantwort",
];

/// Where a clue was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    Sender,
    /// The address to which the sender wants the answer.
    ReplyTo,
    Recipient,
    Subject,
    Text,
}

/// What a clue is before anybody has looked it up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Email,
    Phone,
    /// A contract's, a customer's or a meter's number.
    Number,
}

/// Something that may point at somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clue {
    pub kind: Kind,
    /// Folded, as the directory's keys are.
    pub value: String,
    /// As it was written.
    pub original: String,
    pub place: Place,
    /// What the text itself calls it.
    pub called: Called,
    /// Whether the text says "number", as in "Vertragsnummer".
    pub is_plain: bool,
    /// The first and last token in the subject or text.
    pub span: (usize, usize),
    /// The folded word behind a number that stands like a postcode.
    pub town: Option<String>,
}

impl Clue {
    pub fn new(kind: Kind, value: String, original: &str, place: Place) -> Self {
        let original = original.chars().filter(|letter| !letter.is_control()).take(80).collect();
        Self {
            kind,
            value,
            original,
            place,
            called: Called::Nothing,
            is_plain: false,
            span: (0, 0),
            town: None,
        }
    }

    /// Whether it is who wrote, or to whom we wrote.
    pub fn is_partner(&self) -> bool {
        matches!(self.place, Place::Sender | Place::ReplyTo | Place::Recipient)
    }
}

/// What a message holds that may point at somebody.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Clues {
    pub list: Vec<Clue>,
    pub message: Message,
    /// Streets and postcodes of the text.
    pub places: Places,
    /// Whether there is an address that could be in the directory: of the sender, or of a recipient of ours.
    pub has_partner: bool,
    /// Ids that a person or a partner set.
    given: Vec<Key>,
}

/// Collects what may point at somebody.
pub fn clues(subject: &Subject<'_>) -> Clues {
    let ticket = subject.ticket;
    let from = ticket.from.as_deref().and_then(mail::parse);
    let name = ticket.from_name.as_deref().or_else(|| from.as_ref().and_then(|from| from.name.as_deref()));
    // What we send is signed by our own people.
    let name = if ticket.direction == Direction::In { name } else { None };
    let message = Message::new(&ticket.content.subject, subject.text, name.unwrap_or_default());
    let mut list = partners(subject);
    let has_partner = !list.is_empty() || from.is_some();
    let content = &ticket.content;
    let own: BTreeSet<String> = if ticket.direction == Direction::In {
        content
            .to
            .iter()
            .chain(&content.cc)
            .take(MAX_EMAILS)
            .filter_map(|to| mail::parse(to))
            .map(|to| mail::fold(&to.address))
            .collect()
    } else {
        from.iter().map(|from| mail::fold(&from.address)).collect()
    };
    for (scan, place) in [(&message.subject, Place::Subject), (&message.text, Place::Text)] {
        for email in scan.emails.iter().take(MAX_EMAILS) {
            let is_new =
                !list.iter().any(|clue| &clue.value == email) && !own.contains(email) && !is_machine(email);
            if is_new {
                list.push(Clue::new(Kind::Email, email.clone(), email, place));
            }
        }
        list.extend(numbers::numbers(scan, place));
    }
    let places = address::places(&message.text, MAX_PLACES);
    let set = |field, id: &Option<String>, kind| {
        let id = id.as_deref().filter(|_| ticket.set_by_person.contains(&field))?;
        Some(key(kind, super::keys::id_value(id)))
    };
    let given = [
        set(Field::CustomerId, &ticket.customer_id, KeyKind::CustomerId),
        set(Field::ContractId, &ticket.contract_id, KeyKind::ContractId),
    ];
    Clues { list, message, places, has_partner, given: given.into_iter().flatten().collect() }
}

/// The addresses and numbers of whoever we talk to.
fn partners(subject: &Subject<'_>) -> Vec<Clue> {
    let ticket = subject.ticket;
    let mut list: Vec<Clue> = Vec::new();
    let mut add = |text: &str, place| {
        let clue = match mail::parse(text) {
            Some(mailbox) => {
                Some(Clue::new(Kind::Email, mail::fold(&mailbox.address), &mailbox.address, place))
            }
            None => phone::fold(text).map(|phone| Clue::new(Kind::Phone, phone, text, place)),
        };
        let new = clue.filter(|clue| !list.iter().any(|known| known.value == clue.value));
        list.extend(new.filter(|clue| !is_machine(&clue.value)));
    };
    if ticket.direction == Direction::In {
        if let Some(from) = ticket.from.as_deref().or_else(|| subject.headers.get("from")) {
            add(from, Place::Sender);
        }
        for reply_to in subject.headers.all("reply-to").take(2) {
            add(reply_to, Place::ReplyTo);
        }
    } else {
        for to in ticket.content.to.iter().take(MAX_EMAILS) {
            add(to, Place::Recipient);
        }
    }
    list
}

fn is_machine(address: &str) -> bool {
    let local = address.split('@').next().unwrap_or_default();
    let plain: String = local.chars().filter(char::is_ascii_alphanumeric).collect();
    address.contains('@') && MACHINES.iter().any(|machine| plain.starts_with(machine))
}

impl Clues {
    /// What to look up: each key once, the most telling first, at most [`MAX_KEYS`].
    pub fn keys(&self) -> Vec<Key> {
        let mut keys = self.given.clone();
        let reach = |clue: &Clue| match clue.kind {
            Kind::Email => Some(key(KeyKind::Email, clue.value.clone())),
            Kind::Phone => Some(key(KeyKind::Phone, clue.value.clone())),
            Kind::Number => None,
        };
        let numbers = |is_named: bool| {
            let numbers = self
                .list
                .iter()
                .filter(move |clue| clue.kind == Kind::Number && clue.called.identifies() == is_named);
            numbers.flat_map(number_keys)
        };
        keys.extend(self.list.iter().filter(|clue| clue.is_partner()).filter_map(reach));
        keys.extend(numbers(true).take(60));
        keys.extend(self.list.iter().filter(|clue| !clue.is_partner()).filter_map(reach).take(30));
        keys.extend(self.place_keys().into_iter().take(70));
        keys.extend(numbers(false));
        let mut seen = BTreeSet::new();
        keys.retain(|key| {
            !key.value.is_empty() && key.value.len() <= mail::MAX_ADDRESS_BYTES && seen.insert(key.clone())
        });
        keys.truncate(MAX_KEYS);
        keys
    }

    /// Whole addresses, and names with a part of an address, so that a slip in the rest is found too.
    fn place_keys(&self) -> Vec<Key> {
        let Places { streets, postcodes } = &self.places;
        let mut keys = Vec::new();
        for street in streets {
            for (postcode, name) in
                postcodes.iter().flat_map(|postcode| street.names().map(move |name| (postcode, name)))
            {
                keys.push(address_key(postcode, &name, &street.number));
            }
        }
        keys.truncate(40);
        for word in self.name_words() {
            keys.extend(postcodes.iter().take(2).map(|postcode| name_and_postcode_key(&word, postcode)));
            for street in streets.iter().take(2) {
                keys.extend(street.names().map(|name| name_and_street_key(&word, &name, &street.number)));
            }
        }
        keys
    }

    /// Words that may be the writer's name: the sender's, those of the signature and those above an address.
    fn name_words(&self) -> Vec<String> {
        let Message { text, closing, sender_name, .. } = &self.message;
        let mut words: Vec<String> = Vec::new();
        let mut add = |found: &mut dyn Iterator<Item = &str>| {
            for word in found {
                if words.len() < MAX_NAME_WORDS && !words.iter().any(|known| known == word) {
                    words.push(word.to_owned());
                }
            }
        };
        add(&mut name::candidates(&sender_name.tokens).take(4));
        for street in &self.places.streets {
            let start = street.index.saturating_sub(street.words.len() + 8);
            let near =
                text.tokens.get(start..street.index.saturating_sub(street.words.len())).unwrap_or_default();
            let near: Vec<_> = name::candidates(near).collect();
            add(&mut near.into_iter().rev().take(4));
        }
        if self.places.streets.is_empty() {
            for postcode in self.places.postcodes.iter().take(2) {
                let at = text.tokens.iter().position(|token| &token.folded == postcode).unwrap_or_default();
                let near = text.tokens.get(at.saturating_sub(10)..at).unwrap_or_default();
                add(&mut name::candidates(near).take(6));
            }
        }
        add(&mut name::candidates(text.tokens.get(*closing..).unwrap_or_default()).skip(1).take(6));
        let start = text
            .tokens
            .iter()
            .position(|token| matches!(token.folded.as_str(), "name" | "nachname" | "heisse" | "bin"));
        if let Some(start) = start {
            add(&mut name::candidates(text.tokens.get(start + 1..).unwrap_or_default()).take(3));
        }
        words
    }
}

/// A number is looked up as everything that it may be, for people confuse their numbers.
fn number_keys(clue: &Clue) -> Vec<Key> {
    let kinds: &[KeyKind] = match clue.called {
        Called::Contract | Called::Customer | Called::Account => &[KeyKind::ContractId, KeyKind::CustomerId],
        Called::Meter => &[KeyKind::Meter],
        Called::Nothing => &[KeyKind::ContractId, KeyKind::CustomerId, KeyKind::Meter],
        _ => &[],
    };
    kinds.iter().map(|kind| key(*kind, clue.value.clone())).collect()
}
