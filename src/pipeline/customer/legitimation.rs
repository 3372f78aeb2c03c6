//! How sure it is that the sender is the customer.

use super::clues::{Clue, Kind, Place};
use super::facts::Facts;
use super::keys::{bare_digits, id_value};
use super::label::Called;
use super::phone;
use crate::domain::directory::{Entry, EntryContract};
use crate::domain::mail;
use crate::domain::ticket::{Channel, Direction, Ticket};

/// Who was recognised: the ids, and what the directory knows of them.
#[derive(Debug, Clone, Copy)]
pub struct Recognised<'a> {
    pub customer_id: &'a str,
    pub contract_id: &'a str,
    /// The customer's place among those found; `None` where the directory does not know them.
    pub entry: Option<usize>,
}

/// The level, 0 to 20 (enneo Mind, 2.10: the highest rule that holds).
pub fn level(ticket: &Ticket, facts: &Facts<'_>, who: Recognised<'_>) -> i32 {
    if ticket.channel == Channel::System || ticket.direction != Direction::In {
        return 20;
    }
    let entry = who.entry.and_then(|entry| facts.entries.get(entry));
    let contract = entry.and_then(|entry| {
        entry.contracts.iter().find(|contract| id_value(&contract.id) == id_value(who.contract_id))
    });
    let senders = || facts.clues.list.iter().filter(|clue| clue.is_partner());
    if entry.is_some_and(|entry| senders().any(|sender| is_theirs(sender, entry, contract))) {
        return 20;
    }
    if ticket.channel == Channel::Letter && entry.is_some_and(|entry| has_address(facts, entry, contract)) {
        return 20;
    }
    let of_contract = spans(facts, who.contract_id, Called::Contract);
    let of_customer = spans(facts, who.customer_id, Called::Customer);
    let has_both = of_contract.iter().any(|span| of_customer.iter().any(|other| other != span));
    if has_both {
        return 15;
    }
    let has_one = !of_contract.is_empty() || !of_customer.is_empty();
    if has_one && who.entry.is_some_and(|entry| facts.has_last_name(entry)) {
        return 13;
    }
    let is_known = senders().any(|sender| !facts.owners(sender).is_empty());
    if facts.clues.has_partner && !is_known {
        return 12;
    }
    let may_default = matches!(ticket.channel, Channel::Email | Channel::Portal | Channel::Chat);
    if may_default && !facts.clues.has_partner { 10 } else { 0 }
}

/// One sentence for agents; `None` outside of 10 to 19.
pub fn message(level: i32) -> Option<String> {
    let sentence = match level {
        15 => {
            "The message names the contract and the customer number, but no known address confirms the sender."
        }
        13 => {
            "The message names a number of the customer and the last name, but no known address confirms the sender."
        }
        12 => "The sender's address is not in the directory.",
        10 => "There is no sender's address that could confirm the customer.",
        _ => return None,
    };
    Some(sentence.to_owned())
}

fn is_theirs(sender: &Clue, entry: &Entry, contract: Option<&EntryContract>) -> bool {
    match sender.kind {
        Kind::Email => {
            let emails = [entry.email.as_deref(), contract.and_then(|contract| contract.email.as_deref())];
            emails.into_iter().flatten().any(|email| mail::fold(email) == sender.value)
        }
        Kind::Phone => {
            let phones = [entry.phone.as_deref(), contract.and_then(|contract| contract.phone.as_deref())];
            phones.into_iter().flatten().any(|number| phone::keys(number).contains(&sender.value))
        }
        Kind::Number => false,
    }
}

fn has_address(facts: &Facts<'_>, entry: &Entry, contract: Option<&EntryContract>) -> bool {
    let addresses =
        contract.into_iter().flat_map(|contract| [&contract.delivery_address, &contract.billing_address]);
    [&entry.address].into_iter().chain(addresses).any(|address| facts.has_address(address.as_deref()))
}

/// Where the message has this id, unless the text calls it something else.
fn spans(facts: &Facts<'_>, id: &str, own: Called) -> Vec<(Place, (usize, usize))> {
    let value = id_value(id);
    let bare = bare_digits(id);
    let numbers = facts.clues.list.iter().filter(|clue| clue.kind == Kind::Number && clue.town.is_none());
    let is_it = |clue: &&Clue| match clue.called {
        Called::Meter => false,
        Called::Nothing => clue.value == value,
        called if called.identifies() => {
            clue.value == value || (bare.as_ref() == Some(&clue.value) && called == own)
        }
        _ => false,
    };
    numbers.filter(is_it).map(|clue| (clue.place, clue.span)).collect()
}
