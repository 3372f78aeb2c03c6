//! What the clues say about each customer that they found.

use std::cell::OnceCell;
use std::collections::{BTreeSet, HashMap};

use super::clues::{Clue, Clues, Kind, Place};
use super::keys::{bare_digits, id_value};
use super::label::{self, Called};
use super::name::{self, Fit};
use super::{address, phone};
use crate::domain::directory::Entry;
use crate::domain::mail;

/// A number of one digit less needs a label that says "number".
const MIN_DIGITS: usize = 5;
/// A number of one character less is no meter unless the text says so.
const MIN_METER: usize = 8;
/// Readings have at most so many digits.
const MAX_READING_DIGITS: usize = 7;
/// More customers than this are not told apart.
const MAX_ENTRIES: usize = 1000;

/// What a number is the number of; a contract by its place among the customer's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Target {
    Customer,
    Contract(usize),
    Meter(usize),
}

/// A number of the message that is a customer's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Match<'a> {
    pub entry: usize,
    pub target: Target,
    pub clue: &'a Clue,
    /// Whether the text itself calls it a contract's, a customer's or a meter's.
    pub is_named: bool,
}

/// The customers that were found, and what ties them to the message.
pub struct Facts<'a> {
    pub clues: &'a Clues,
    pub entries: &'a [Entry],
    pub matches: Vec<Match<'a>>,
    names: Vec<Vec<name::Name>>,
    fits: Vec<[OnceCell<Fit>; 2]>,
}

impl<'a> Facts<'a> {
    pub fn new(clues: &'a Clues, entries: &'a [Entry]) -> Self {
        let entries = entries.get(..MAX_ENTRIES).unwrap_or(entries);
        let names: Vec<_> = entries.iter().map(name::names).collect();
        let fits = entries.iter().map(|_| Default::default()).collect();
        let mut facts = Self { clues, entries, matches: Vec::new(), names, fits };
        facts.matches = facts.find_matches();
        facts
    }

    /// The customers to whom an address or a phone number belongs.
    pub fn owners(&self, clue: &Clue) -> BTreeSet<usize> {
        let owns = |entry: &Entry| match clue.kind {
            Kind::Email => emails(entry).any(|email| mail::fold(email) == clue.value),
            Kind::Phone => phones(entry).any(|number| phone::keys(number).contains(&clue.value)),
            Kind::Number => false,
        };
        (0..self.entries.len()).filter(|entry| owns(&self.entries[*entry])).collect()
    }

    /// The customers with whom this message is exchanged, by their address or phone number.
    pub fn partners(&self) -> BTreeSet<usize> {
        for place in [Place::Sender, Place::ReplyTo, Place::Recipient] {
            let clues = self.clues.list.iter().filter(|clue| clue.place == place);
            let owners: BTreeSet<usize> = clues.flat_map(|clue| self.owners(clue)).collect();
            if !owners.is_empty() {
                return owners;
            }
        }
        BTreeSet::new()
    }

    /// How well the names in the message fit a customer's; a slip of the pen is forgiven where it `is_lenient`.
    pub fn fit(&self, entry: usize, is_lenient: bool) -> Fit {
        *self.fits[entry][usize::from(is_lenient)].get_or_init(|| {
            let message = &self.clues.message;
            let scans = [&message.sender_name, &message.subject, &message.text];
            let fits =
                self.names[entry].iter().flat_map(|name| scans.map(|scan| name::fit(scan, name, is_lenient)));
            fits.max().unwrap_or_default()
        })
    }

    /// Whether the message itself, not only its sender's display name, has the last name or company.
    pub fn has_last_name(&self, entry: usize) -> bool {
        let message = &self.clues.message;
        let scans = [&message.subject, &message.text];
        self.names[entry].iter().any(|name| scans.iter().any(|scan| name::fit(scan, name, false) > Fit::None))
    }

    /// Whether the text names this address.
    pub fn has_address(&self, address: Option<&str>) -> bool {
        let Some(address) = address.and_then(address::read) else { return false };
        address.is_in(&self.clues.message.text, &self.clues.places)
    }

    /// Whether the text names an address of this customer or of one of the contracts.
    pub fn lives_there(&self, entry: usize) -> bool {
        let Some(entry) = self.entries.get(entry) else { return false };
        let contracts = entry.contracts.iter().take(MAX_ENTRIES);
        let addresses =
            contracts.flat_map(|contract| [&contract.delivery_address, &contract.billing_address]);
        [&entry.address].into_iter().chain(addresses).any(|address| self.has_address(address.as_deref()))
    }

    /// The numbers that belong to the customers, the longest spelling of each only.
    fn find_matches(&self) -> Vec<Match<'a>> {
        let index = Index::new(self.entries);
        let numbers =
            self.clues.list.iter().filter(|clue| clue.kind == Kind::Number && clue.called.may_identify());
        let mut matches: Vec<Match<'a>> = numbers.flat_map(|clue| self.matches_of(&index, clue)).collect();
        let spans: Vec<_> = matches.iter().map(|found| (found.clue.place, found.clue.span)).collect();
        matches.retain(|found| {
            let (first, last) = found.clue.span;
            let is_inside = |(place, (start, end)): &(Place, (usize, usize))| {
                *place == found.clue.place
                    && *start <= first
                    && last <= *end
                    && (*start, *end) != (first, last)
            };
            !spans.iter().any(is_inside)
        });
        matches
    }

    fn matches_of(&self, index: &Index, clue: &'a Clue) -> Vec<Match<'a>> {
        let Some(places) = index.places.get(&clue.value) else { return Vec::new() };
        let is_named = clue.called.identifies();
        let fits_label = |target: Target| match clue.called {
            Called::Contract => matches!(target, Target::Contract(_)),
            Called::Customer => target == Target::Customer,
            Called::Account => !matches!(target, Target::Meter(_)),
            Called::Meter => matches!(target, Target::Meter(_)),
            _ => true,
        };
        let found = |is_right: &dyn Fn(&(usize, Target, bool)) -> bool| -> Vec<Match<'a>> {
            let places = places.iter().filter(|place| is_right(place));
            places
                .map(|(entry, target, _)| Match { entry: *entry, target: *target, clue, is_named })
                .collect()
        };
        if is_named {
            if !is_long_enough(clue) {
                return Vec::new();
            }
            let exact = found(&|(_, target, is_bare)| fits_label(*target) && !is_bare);
            let bare = || found(&|(_, target, is_bare)| fits_label(*target) && *is_bare);
            // People take one of their numbers for the other.
            let swapped = || {
                found(&|(_, target, is_bare)| {
                    !is_bare
                        && !matches!(target, Target::Meter(_))
                        && clue.called != Called::Meter
                        && clue.value.len() >= MIN_DIGITS
                })
            };
            return Some(exact)
                .filter(|found| !found.is_empty())
                .or_else(|| Some(bare()).filter(|found| !found.is_empty()))
                .unwrap_or_else(swapped);
        }
        let mut matches = found(&|(_, _, is_bare)| !is_bare);
        matches.retain(|found| self.is_telling(found));
        matches
    }

    /// Whether a number that the text gives no name points at the customer all the same.
    fn is_telling(&self, found: &Match<'_>) -> bool {
        let clue = found.clue;
        let is_digits = clue.value.bytes().all(|byte| byte.is_ascii_digit());
        let mut numbers = self.clues.list.iter().filter(|other| other.kind == Kind::Number);
        // Once called an order's number, it is one wherever it stands.
        if numbers.any(|other| other.value == clue.value && !other.called.may_identify()) {
            return false;
        }
        if let Some(town) = &clue.town {
            // "83771 Tom Mustermann" is no town, but "10587 Berlin" is one, even if somebody is called so.
            let is_name = self.names[found.entry].iter().any(|name| match name {
                name::Name::Person { first, last } => first.iter().chain(last).any(|word| word == town),
                name::Name::Company(words) => words.contains(town),
            });
            return is_name && (clue.place == Place::Subject || self.fit(found.entry, false) == Fit::Full);
        }
        if matches!(found.target, Target::Meter(_)) && clue.value.len() < MIN_METER && is_digits {
            return false;
        }
        let is_weak = is_digits
            && (self.is_of_a_noun(clue)
                || (clue.value.len() <= MIN_DIGITS && clue.place != Place::Subject)
                || (clue.value.len() <= MAX_READING_DIGITS && self.speaks_of_readings()));
        !is_weak || self.fit(found.entry, false) >= Fit::Last || self.partners().contains(&found.entry)
    }

    /// "Projekt 746839" in a sentence is a project's number, whatever a project may be; a subject has no sentences.
    fn is_of_a_noun(&self, clue: &Clue) -> bool {
        let text = &self.clues.message.text;
        let first = clue.span.0;
        let noun = first.checked_sub(1).and_then(|before| text.tokens.get(before));
        clue.place == Place::Text
            && first > text.line_of(first).start + 1
            && text.gap_before(first) == " "
            && noun
                .is_some_and(|noun| noun.is_capital && !noun.has_digit && !label::is_label_word(&noun.folded))
    }

    fn speaks_of_readings(&self) -> bool {
        let message = &self.clues.message;
        let tokens = message.subject.tokens.iter().chain(&message.text.tokens);
        tokens.filter(|token| !token.has_digit).any(|token| {
            // "steht" and "bis" are of every text.
            token.folded.len() >= 6
                && label::noun(&token.folded).is_some_and(|label| label.called == Called::Reading)
        })
    }
}

/// A short number counts only if the text calls it a contract's or customer's, and it is no year.
fn is_long_enough(clue: &Clue) -> bool {
    if clue.value.len() >= MIN_DIGITS {
        return true;
    }
    let is_year = clue.value.parse::<u32>().is_ok_and(|year| (1900..=2100).contains(&year));
    clue.is_plain || (clue.value.len() >= 3 && !is_year)
}

fn emails(entry: &Entry) -> impl Iterator<Item = &str> {
    entry
        .email
        .as_deref()
        .into_iter()
        .chain(entry.contracts.iter().filter_map(|contract| contract.email.as_deref()))
}

fn phones(entry: &Entry) -> impl Iterator<Item = &str> {
    entry
        .phone
        .as_deref()
        .into_iter()
        .chain(entry.contracts.iter().filter_map(|contract| contract.phone.as_deref()))
}

/// The numbers of every customer: whose they are, of what, and whether the id's letters are left out.
struct Index {
    places: HashMap<String, Vec<(usize, Target, bool)>>,
}

impl Index {
    fn new(entries: &[Entry]) -> Self {
        let mut index = Self { places: HashMap::new() };
        for (at, entry) in entries.iter().enumerate() {
            index.add(at, Target::Customer, &entry.customer_id);
            for (place, contract) in entry.contracts.iter().enumerate() {
                index.add(at, Target::Contract(place), &contract.id);
                if let Some(meter) = &contract.counter_number {
                    index.places.entry(id_value(meter)).or_default().push((at, Target::Meter(place), false));
                }
            }
        }
        index
    }

    fn add(&mut self, entry: usize, target: Target, id: &str) {
        self.places.entry(id_value(id)).or_default().push((entry, target, false));
        if let Some(digits) = bare_digits(id) {
            self.places.entry(digits).or_default().push((entry, target, true));
        }
    }
}
