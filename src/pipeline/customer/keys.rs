//! Under which keys a row of the directory is stored.

use super::{address, name, phone};
use crate::domain::directory::{Entry, EntryContract, Key, KeyKind};
use crate::domain::mail;
use crate::pipeline::fold::fold;

/// The longest value that a key has, in bytes.
const MAX_KEY_BYTES: usize = 320;
/// An id without its letters is a key of its own from so many digits on.
const MIN_BARE_DIGITS: usize = 4;

/// The keys under which a customer is found, without those of the contracts.
pub fn customer_keys(entry: &Entry) -> Vec<Key> {
    let mut keys = id_keys(KeyKind::CustomerId, &entry.customer_id);
    keys.extend(reach_keys(entry.email.as_deref(), entry.phone.as_deref()));
    let mut names = name::person(entry.firstname.as_deref(), entry.lastname.as_deref());
    names.extend(entry.company.as_deref().map(name::company_words).map(name::Name::Company));
    keys.extend(entry.address.iter().flat_map(|address| address_keys(address, &names)));
    finish(keys)
}

/// The keys under which a customer is found through a contract.
pub fn contract_keys(contract: &EntryContract) -> Vec<Key> {
    let mut keys = id_keys(KeyKind::ContractId, &contract.id);
    keys.extend(reach_keys(contract.email.as_deref(), contract.phone.as_deref()));
    keys.extend(contract.counter_number.as_deref().map(id_value).map(|value| key(KeyKind::Meter, value)));
    let names = name::person(contract.firstname.as_deref(), contract.lastname.as_deref());
    let addresses = contract.delivery_address.iter().chain(&contract.billing_address);
    keys.extend(addresses.flat_map(|address| address_keys(address, &names)));
    finish(keys)
}

/// An id as it is looked up: letters and digits only, folded, without leading zeros.
pub fn id_value(id: &str) -> String {
    let mut value = fold(id);
    value.retain(|letter| letter != ' ');
    let trimmed = value.trim_start_matches('0');
    if trimmed.is_empty() { value } else { trimmed.to_owned() }
}

/// The digits of an id that begins with letters, as people quote it: `30055` of `K-30055`.
pub fn bare_digits(id: &str) -> Option<String> {
    let value = id_value(id);
    let digits = value.trim_start_matches(|letter: char| letter.is_ascii_alphabetic());
    let is_bare = digits.len() < value.len()
        && digits.len() >= MIN_BARE_DIGITS
        && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_bare.then(|| digits.trim_start_matches('0').to_owned())
}

/// Under which a message's postcode, street and house number are looked up.
pub fn address_key(postcode: &str, street: &str, number: &str) -> Key {
    key(KeyKind::Address, format!("{postcode} {street} {number}"))
}

/// Under which a name's word is looked up together with a postcode.
pub fn name_and_postcode_key(word: &str, postcode: &str) -> Key {
    key(KeyKind::Name, format!("{word} {postcode}"))
}

/// Under which a name's word is looked up together with a street and house number.
pub fn name_and_street_key(word: &str, street: &str, number: &str) -> Key {
    key(KeyKind::Name, format!("{word} {street} {number}"))
}

pub fn key(kind: KeyKind, value: String) -> Key {
    Key { kind, value }
}

fn id_keys(kind: KeyKind, id: &str) -> Vec<Key> {
    let bare = bare_digits(id).map(|digits| key(kind, digits));
    [key(kind, id_value(id))].into_iter().chain(bare).collect()
}

fn reach_keys(email: Option<&str>, phone: Option<&str>) -> Vec<Key> {
    let email = email.map(|email| key(KeyKind::Email, mail::fold(email)));
    let phones = phone.map(phone::keys).unwrap_or_default();
    email.into_iter().chain(phones.into_iter().map(|phone| key(KeyKind::Phone, phone))).collect()
}

fn address_keys(text: &str, names: &[name::Name]) -> Vec<Key> {
    let Some(address) = address::read(text) else { return Vec::new() };
    let mut keys = Vec::new();
    if let Some(postcode) = &address.postcode {
        keys.push(address_key(postcode, &address.street, &address.number));
    }
    for word in names.iter().flat_map(name::lookup_words) {
        keys.extend(address.postcode.iter().map(|postcode| name_and_postcode_key(word, postcode)));
        keys.push(name_and_street_key(word, &address.street, &address.number));
    }
    keys
}

fn finish(mut keys: Vec<Key>) -> Vec<Key> {
    keys.retain(|key| !key.value.is_empty() && key.value.len() <= MAX_KEY_BYTES);
    keys.sort();
    keys.dedup();
    keys
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_an_id_are_one() {
        for id in ["K-30055", "k30055", "K 30 055", "K.30055"] {
            assert_eq!(id_value(id), "k30055", "{id}");
        }
        assert_eq!(id_value("0083771"), "83771");
        assert_eq!(id_value("000"), "000");
        assert_eq!(bare_digits("K-30055").as_deref(), Some("30055"));
        assert_eq!(bare_digits("K-300"), None);
        assert_eq!(bare_digits("1ESY1160669167"), None);
        assert_eq!(bare_digits("83771"), None);
    }

    #[test]
    fn a_customer_has_a_key_for_every_way_to_be_found() {
        let entry = Entry {
            customer_id: "K-30055".into(),
            lastname: Some("Müller".into()),
            email: Some("Tom@Mueller.de".into()),
            phone: Some("089 1234567".into()),
            address: Some("Hauptstraße 5, 82031 Grünwald".into()),
            ..Entry::default()
        };
        let keys: Vec<_> = customer_keys(&entry).into_iter().map(|key| (key.kind, key.value)).collect();
        let expected = [
            (KeyKind::CustomerId, "30055"),
            (KeyKind::CustomerId, "k30055"),
            (KeyKind::Email, "tom@mueller.de"),
            (KeyKind::Phone, "49891234567"),
            (KeyKind::Name, "mueller 82031"),
            (KeyKind::Name, "mueller hauptstr 5"),
            (KeyKind::Address, "82031 hauptstr 5"),
        ];
        assert_eq!(keys, expected.map(|(kind, value)| (kind, value.to_owned())));
    }
}
