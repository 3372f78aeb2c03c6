//! The directory as recognition reads it: who is there, and by which keys they are found.

use crate::domain::word::words;

words! {
    /// What a key of the directory is. A key is folded text that is looked up as an equality.
    KeyKind("key") {
        CustomerId = "customer_id",
        ContractId = "contract_id",
        Email = "email",
        Phone = "phone",
        Meter = "meter",
        /// A word of a last name or company with the postcode, or with the street and house number, of
        /// where they are: what finds them in spite of a slip in the rest.
        Name = "name",
        /// Postcode, street and house number.
        Address = "address",
    }
}

/// A key under which somebody is found.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    pub kind: KeyKind,
    /// Folded; at most 320 bytes.
    pub value: String,
}

/// A customer with their contracts, as far as recognition looks at them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Entry {
    pub customer_id: String,
    pub business: bool,
    pub company: Option<String>,
    pub firstname: Option<String>,
    pub lastname: Option<String>,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub address: Option<String>,
    pub contracts: Vec<EntryContract>,
}

/// A contract of an [`Entry`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EntryContract {
    pub id: String,
    pub email: Option<String>,
    pub firstname: Option<String>,
    pub lastname: Option<String>,
    pub phone: Option<String>,
    pub delivery_address: Option<String>,
    pub billing_address: Option<String>,
    pub counter_number: Option<String>,
}
