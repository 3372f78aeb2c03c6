//! Whose message it is: one customer or nobody, never a guess.

use std::collections::BTreeSet;

use super::clues::{Clue, Kind, MAX_PER_KEY};
use super::facts::{Facts, Match, Target};
use super::label::Called;
use super::name::{self, Fit};

type Found = BTreeSet<usize>;

/// The customer's place among those found, and why; `None` where nobody or more than one fits.
pub fn decide(facts: &Facts<'_>, evidence: &mut Vec<String>) -> Option<usize> {
    let partners = facts.partners();
    note_partners(facts, evidence);
    note_numbers(facts, evidence);
    match by_named_numbers(facts, &partners, evidence) {
        Named::One(entry) => return Some(entry),
        Named::Contradiction => return None,
        Named::Nobody => {}
    }
    if !partners.is_empty() {
        return by_partner(facts, &partners, evidence);
    }
    by_other_numbers(facts, evidence)
        .or_else(|| by_address_in_text(facts, evidence))
        .or_else(|| by_name(facts, evidence))
}

enum Named {
    One(usize),
    Nobody,
    Contradiction,
}

fn by_named_numbers(facts: &Facts<'_>, partners: &Found, evidence: &mut Vec<String>) -> Named {
    let named = |is_right: &dyn Fn(&Match<'_>) -> bool| -> Found {
        facts
            .matches
            .iter()
            .filter(|found| found.is_named && is_right(found))
            .map(|found| found.entry)
            .collect()
    };
    let of_contracts = named(&|found| matches!(found.target, Target::Contract(_)));
    let of_customers = named(&|found| found.target == Target::Customer);
    let of_meters = named(&|found| matches!(found.target, Target::Meter(_)));
    let found: Found = if of_contracts.is_empty() || of_customers.is_empty() {
        of_contracts.union(&of_customers).copied().collect()
    } else {
        of_contracts.intersection(&of_customers).copied().collect()
    };
    if found.is_empty() && !of_contracts.is_empty() {
        evidence.push("the contract number and the customer number belong to different customers".into());
        return Named::Contradiction;
    }
    let Some(entry) = one_of(&found) else {
        if found.is_empty() {
            return Named::Nobody;
        }
        // Somebody names theirs and another's.
        let own: Found = found.intersection(partners).copied().collect();
        if let Some(entry) = one_of(&own) {
            evidence.push("of the customers whose numbers are named, one is the sender".into());
            return Named::One(entry);
        }
        evidence.push("numbers of more than one customer are named".into());
        return Named::Contradiction;
    };
    let is_odd = has_unknown_number(facts, entry) || (!of_meters.is_empty() && !of_meters.contains(&entry));
    if is_odd && !partners.contains(&entry) && facts.fit(entry, false) < Fit::Last {
        evidence.push(
            "another number that is named is not this customer's, and nothing else speaks for them".into(),
        );
        return Named::Contradiction;
    }
    Named::One(entry)
}

/// Whether the text names a contract or customer number that this customer does not have, where a number
/// of the other kind is theirs.
fn has_unknown_number(facts: &Facts<'_>, entry: usize) -> bool {
    let mut named = facts.clues.list.iter().filter(|clue| {
        clue.kind == Kind::Number
            && clue.is_plain
            && clue.span.0 == clue.span.1
            && clue.value.len() >= 4
            && matches!(clue.called, Called::Contract | Called::Customer)
    });
    let own: Vec<_> = facts.matches.iter().filter(|found| found.entry == entry && found.is_named).collect();
    named.any(|clue| {
        let is_own = own.iter().any(|found| overlaps(found.clue, clue));
        let other_kind = own.iter().any(|found| match found.target {
            Target::Contract(_) => clue.called == Called::Customer,
            Target::Customer => clue.called == Called::Contract,
            Target::Meter(_) => false,
        });
        !is_own && other_kind
    })
}

fn overlaps(one: &Clue, other: &Clue) -> bool {
    one.place == other.place && one.span.0 <= other.span.1 && other.span.0 <= one.span.1
}

fn by_partner(facts: &Facts<'_>, partners: &Found, evidence: &mut Vec<String>) -> Option<usize> {
    let numbered: Found = facts.matches.iter().map(|found| found.entry).collect();
    if let Some(entry) = one_of(partners) {
        // A daughter writes for her mother, whom she names.
        let others =
            numbered.iter().copied().filter(|other| *other != entry && facts.fit(*other, false) == Fit::Full);
        let others: Found = others.collect();
        let Some(other) = one_of(&others) else { return Some(entry) };
        if numbered.contains(&entry) {
            return Some(entry);
        }
        evidence.push(format!("the message names customer {} and their number", id(facts, other)));
        return Some(other);
    }
    evidence.push(format!("{} customers share that address", partners.len()));
    let narrowed = narrow(facts, partners, &numbered);
    match narrowed {
        Some(entry) => {
            evidence.push(format!("what the message names decides for customer {}", id(facts, entry)));
        }
        None => evidence.push("neither a first name nor a contract decides between them".into()),
    }
    narrowed
}

/// The one among several that a number, the signature, a first name or a last name decides for.
fn narrow(facts: &Facts<'_>, found: &Found, numbered: &Found) -> Option<usize> {
    let own: Found = found.intersection(numbered).copied().collect();
    if !own.is_empty() {
        return one_of(&own);
    }
    // Of so many the look-up shows a part only, in which a name may seem to be the only one.
    if found.len() >= MAX_PER_KEY {
        return None;
    }
    let message = &facts.clues.message;
    let signature = message.text.tokens.get(message.closing..).unwrap_or_default();
    let has_first = |entry: usize, tokens: &[super::scan::Token]| {
        let first = facts.entries.get(entry).and_then(|entry| entry.firstname.as_deref());
        first.is_some_and(|first| name::has_first_name(tokens, first))
    };
    let signed: Found = found.iter().copied().filter(|entry| has_first(*entry, signature)).collect();
    if let Some(entry) = one_of(&signed) {
        return Some(entry);
    }
    let scans = [&message.text, &message.subject, &message.sender_name];
    let is_named = |entry: &usize| scans.iter().any(|scan| has_first(*entry, &scan.tokens));
    let named: Found = found.iter().copied().filter(is_named).collect();
    if !named.is_empty() {
        return one_of(&named);
    }
    let fitting: Found =
        found.iter().copied().filter(|entry| facts.fit(*entry, false) >= Fit::Last).collect();
    one_of(&fitting)
}

/// Meters, and numbers that the text gives no name.
fn by_other_numbers(facts: &Facts<'_>, evidence: &mut Vec<String>) -> Option<usize> {
    let found: Found = facts.matches.iter().map(|found| found.entry).collect();
    if found.len() > 1 {
        let fitting: Found =
            found.iter().copied().filter(|entry| facts.fit(*entry, false) >= Fit::Last).collect();
        evidence.push("the numbers belong to more than one customer".into());
        return one_of(&fitting);
    }
    one_of(&found)
}

fn by_address_in_text(facts: &Facts<'_>, evidence: &mut Vec<String>) -> Option<usize> {
    let emails = facts.clues.list.iter().filter(|clue| clue.kind == Kind::Email && !clue.is_partner());
    let mut found = Found::new();
    for clue in emails {
        let owners = facts.owners(clue);
        for owner in &owners {
            evidence.push(format!(
                "{} in the text is the address of customer {}",
                clue.original,
                id(facts, *owner)
            ));
        }
        found.extend(owners);
    }
    match found.len() {
        0 | 1 => one_of(&found),
        _ => narrow(facts, &found, &Found::new()),
    }
}

/// A phone number or an address, together with the name.
fn by_name(facts: &Facts<'_>, evidence: &mut Vec<String>) -> Option<usize> {
    let phones = facts.clues.list.iter().filter(|clue| clue.kind == Kind::Phone && !clue.is_partner());
    let owners = phones.map(|clue| facts.owners(clue)).filter(|owners| owners.len() < MAX_PER_KEY);
    let called: Found = owners.flatten().collect();
    let mut found: Vec<(usize, Fit)> = Vec::new();
    for entry in 0..facts.entries.len() {
        let has_phone = called.contains(&entry);
        if !has_phone && !facts.lives_there(entry) {
            continue;
        }
        let what = if has_phone { "the phone number" } else { "the address" };
        let fit = facts.fit(entry, true);
        if fit >= Fit::Last {
            evidence.push(format!("{what} and the name are those of customer {}", id(facts, entry)));
            found.push((entry, fit));
        } else {
            evidence.push(format!("{what} is that of customer {}, but the name is not", id(facts, entry)));
        }
    }
    let best = found.iter().map(|(_, fit)| *fit).max()?;
    let best: Found = found.iter().filter(|(_, fit)| *fit == best).map(|(entry, _)| *entry).collect();
    if best.len() > 1 {
        evidence.push("more than one customer fits name and address".into());
    }
    one_of(&best)
}

fn note_partners(facts: &Facts<'_>, evidence: &mut Vec<String>) {
    for clue in facts.clues.list.iter().filter(|clue| clue.is_partner()).take(5) {
        let owners = facts.owners(clue);
        let who = if clue.place == super::clues::Place::Recipient { "recipient" } else { "sender" };
        if owners.is_empty() {
            evidence.push(format!("tried the {who} {}: nobody has it", clue.original));
        }
        for owner in owners.iter().take(5) {
            evidence.push(format!(
                "the {who} {} is in the directory as customer {}",
                clue.original,
                id(facts, *owner)
            ));
        }
    }
}

fn note_numbers(facts: &Facts<'_>, evidence: &mut Vec<String>) {
    let mut noted = 0;
    for clue in facts.clues.list.iter().filter(|clue| clue.kind == Kind::Number) {
        let place = if clue.place == super::clues::Place::Subject { "subject" } else { "text" };
        let matches: Vec<_> = facts.matches.iter().filter(|found| found.clue == clue).collect();
        for found in &matches {
            let customer = &facts.entries[found.entry];
            let contract = |at: usize| customer.contracts.get(at).map_or("", |contract| contract.id.as_str());
            evidence.push(match found.target {
                Target::Customer => format!("matched customer {} in the {place}", customer.customer_id),
                Target::Contract(at) => format!("matched contract {} in the {place}", contract(at)),
                Target::Meter(at) => format!(
                    "matched the meter number {} of contract {} in the {place}",
                    clue.original,
                    contract(at)
                ),
            });
        }
        let is_part = clue.span.0 != clue.span.1;
        if !matches.is_empty() || is_part || noted == 10 {
            continue;
        }
        if clue.called.identifies() {
            evidence.push(format!("tried the {} {}: nobody has it", clue.called.noun(), clue.original));
            noted += 1;
        } else if !clue.called.may_identify() {
            let noun = clue.called.noun();
            let article = if noun.starts_with(['a', 'i', 'o']) { "an" } else { "a" };
            evidence.push(format!("left out {}: the text calls it {article} {noun}", clue.original));
            noted += 1;
        }
    }
}

fn id<'a>(facts: &Facts<'a>, entry: usize) -> &'a str {
    facts.entries.get(entry).map_or("", |entry| entry.customer_id.as_str())
}

fn one_of(found: &Found) -> Option<usize> {
    found.first().copied().filter(|_| found.len() == 1)
}
