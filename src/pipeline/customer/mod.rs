//! Recognising the customer: one person or nobody, never a guess, and how sure it is that they wrote.
//!
//! A directory has up to a million customers, so nothing is searched: the message is read for [`clues`],
//! [`Clues::keys`] are looked up as equalities, each for at most [`MAX_PER_KEY`] customers, and [`recognise`]
//! weighs whoever they found.

mod address;
mod clues;
mod contract;
mod decide;
mod facts;
mod keys;
mod label;
mod label_words;
mod legitimation;
mod memory;
mod message;
mod name;
mod numbers;
mod phone;
mod scan;

pub use clues::{Clues, MAX_PER_KEY, clues};
pub use keys::{contract_keys, customer_keys};
pub use memory::MemoryDirectory;

use self::clues::Place;
use self::facts::Facts;
use self::keys::id_value;
use self::legitimation::Recognised;
use super::{Finding, Subject};
use crate::domain::directory::Entry;
use crate::domain::ticket::{Field, Ticket};

/// Who a message is from, or to whom it went.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Recognition {
    /// `None`: nobody, or nobody for certain.
    pub customer_id: Option<String>,
    /// `None`: several, and the message names none or not one only.
    pub contract_id: Option<String>,
    /// 0 to 20 (enneo Mind, 2.10).
    pub legitimation: i32,
    /// A sentence for agents; `None` unless the legitimation is 10 to 19.
    pub message: Option<String>,
    /// Whether the sender's address is in the directory, whoever was recognised.
    pub sender_is_known: bool,
}

/// Weighs the customers that the clues' keys found. Ids that a person or a partner set are taken as given.
pub fn recognise(subject: &Subject<'_>, clues: &Clues, entries: &[Entry]) -> Finding<Recognition> {
    let ticket = subject.ticket;
    let facts = Facts::new(clues, entries);
    let mut evidence = Vec::new();
    let (customer_id, entry) = customer(ticket, &facts, &mut evidence);
    let contract_id = if ticket.set_by_person.contains(&Field::ContractId) {
        ticket.contract_id.clone()
    } else {
        entry.and_then(|entry| contract::choose(&facts, entry, &mut evidence))
    };
    let legitimation = match (&customer_id, &contract_id) {
        (Some(customer_id), Some(contract_id)) => {
            legitimation::level(ticket, &facts, Recognised { customer_id, contract_id, entry })
        }
        _ => 0,
    };
    let senders = clues.list.iter().filter(|clue| matches!(clue.place, Place::Sender | Place::ReplyTo));
    let sender_is_known = senders.into_iter().any(|sender| !facts.owners(sender).is_empty());
    if customer_id.is_none() {
        evidence.push("nobody was recognised for certain".into());
    }
    let message = legitimation::message(legitimation);
    Finding::plain(Recognition { customer_id, contract_id, legitimation, message, sender_is_known }, evidence)
}

/// The customer's id, and their place among those found.
fn customer(
    ticket: &Ticket,
    facts: &Facts<'_>,
    evidence: &mut Vec<String>,
) -> (Option<String>, Option<usize>) {
    let is_set = |field| ticket.set_by_person.contains(&field);
    if is_set(Field::CustomerId) {
        let entry = ticket
            .customer_id
            .as_deref()
            .and_then(|id| place_of(facts, |entry| is_same_id(&entry.customer_id, id)));
        evidence.push("the customer was set by a person".into());
        return (ticket.customer_id.clone(), entry);
    }
    let entry = match ticket.contract_id.as_deref().filter(|_| is_set(Field::ContractId)) {
        Some(id) => {
            evidence.push(format!("contract {id} was set by a person"));
            place_of(facts, |entry| entry.contracts.iter().any(|contract| is_same_id(&contract.id, id)))
        }
        None => decide::decide(facts, evidence),
    };
    (entry.and_then(|entry| facts.entries.get(entry)).map(|entry| entry.customer_id.clone()), entry)
}

fn place_of(facts: &Facts<'_>, is_it: impl Fn(&Entry) -> bool) -> Option<usize> {
    facts.entries.iter().position(is_it)
}

fn is_same_id(one: &str, other: &str) -> bool {
    id_value(one) == id_value(other)
}

#[cfg(test)]
mod tests;
