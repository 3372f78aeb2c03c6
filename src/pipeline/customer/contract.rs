//! Which of a customer's contracts a message is about.

use std::collections::BTreeSet;

use super::clues::Kind;
use super::facts::{Facts, Match, Target};
use crate::domain::mail;

/// The contract's id: the customer's only one, or the one that the message names by its number, its meter,
/// its own address or the place it delivers to. `None` where none or more than one is named.
pub fn choose(facts: &Facts<'_>, entry: usize, evidence: &mut Vec<String>) -> Option<String> {
    let contracts = &facts.entries.get(entry)?.contracts;
    if let [only] = contracts.as_slice() {
        evidence.push(format!("contract {} is the customer's only one", only.id));
        return Some(only.id.clone());
    }
    let by_number = |is_right: &dyn Fn(&Match<'_>) -> Option<usize>| -> BTreeSet<usize> {
        facts.matches.iter().filter(|found| found.entry == entry).filter_map(is_right).collect()
    };
    let of_contract = |found: &Match<'_>| match found.target {
        Target::Contract(at) => Some(at),
        _ => None,
    };
    let named = || by_number(&|found| of_contract(found).filter(|_| found.is_named));
    let unnamed = || by_number(&of_contract);
    let metered = || {
        by_number(&|found| match found.target {
            Target::Meter(at) => Some(at),
            _ => None,
        })
    };
    let ways: [(&str, &dyn Fn() -> BTreeSet<usize>); 5] = [
        ("its number", &named),
        ("its number", &unnamed),
        ("its meter", &metered),
        ("its own address", &|| by_email(facts, entry)),
        ("where it delivers to", &|| by_delivery(facts, entry)),
    ];
    for (what, way) in ways {
        let found = way();
        if found.is_empty() {
            continue;
        }
        let Some(at) = found.first().filter(|_| found.len() == 1) else {
            evidence.push(format!("more than one contract is named by {what}"));
            return None;
        };
        let id = contracts.get(*at).map(|contract| contract.id.clone())?;
        evidence.push(format!("contract {id} is named by {what}"));
        return Some(id);
    }
    evidence.push(format!("none of the customer's {} contracts is named", contracts.len()));
    None
}

/// The contracts that have an address of their own, and it is the sender's.
fn by_email(facts: &Facts<'_>, entry: usize) -> BTreeSet<usize> {
    let Some(entry) = facts.entries.get(entry) else { return BTreeSet::new() };
    let customer = entry.email.as_deref().map(mail::fold);
    let emails = facts.clues.list.iter().filter(|clue| clue.kind == Kind::Email);
    let own: Vec<_> =
        emails.map(|clue| &clue.value).filter(|value| customer.as_ref() != Some(*value)).collect();
    let is_own = |email: Option<&String>| email.is_some_and(|email| own.contains(&&mail::fold(email)));
    (0..entry.contracts.len()).filter(|at| is_own(entry.contracts[*at].email.as_ref())).collect()
}

/// The contracts whose place is named, unless the customer lives there.
fn by_delivery(facts: &Facts<'_>, entry: usize) -> BTreeSet<usize> {
    let Some(entry) = facts.entries.get(entry) else {
        return BTreeSet::new();
    };
    let home = entry.address.as_deref().and_then(super::address::read);
    let is_elsewhere = |address: &&str| super::address::read(address) != home;
    let is_named = |at: &usize| {
        let delivery = entry.contracts[*at].delivery_address.as_deref().filter(is_elsewhere);
        delivery.is_some() && facts.has_address(delivery)
    };
    (0..entry.contracts.len().min(300)).filter(is_named).collect()
}
