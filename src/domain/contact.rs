//! A person outside who writes. The back end's own list of people is the directory of customers.

use jiff::Timestamp;
use uuid::Uuid;

use crate::domain::id::ContactId;
use crate::domain::mail;

/// A contact as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    pub id: ContactId,
    /// Its id where ids are GUIDs.
    pub guid: Uuid,
    /// The id that a client gave the person.
    pub euid: Option<String>,
    pub name: Option<String>,
    /// Unique within the tenant, whatever its case.
    pub email: Option<String>,
    pub phone: Option<String>,
    /// The address of a picture; never fetched.
    pub image: Option<String>,
    /// Folded.
    pub custom_identifier: Option<String>,
    /// Where the person first wrote, as the client named it.
    pub inbox: Option<String>,
    pub created_at: Timestamp,
    pub last_activity_at: Timestamp,
}

/// What a client says of a person: enough to find them, and what to remember.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Introduction {
    /// Looked up alone: nobody is made with a GUID of a client's choice.
    pub guid: Option<Uuid>,
    pub euid: Option<String>,
    pub name: Option<String>,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub image: Option<String>,
    /// Folded by [`fold_identifier`].
    pub custom_identifier: Option<String>,
    pub inbox: Option<String>,
    /// A channel's id, and the person's id in it.
    pub channel: Option<(String, String)>,
}

/// The name space of the GUIDs that follow from mail addresses.
const ADDRESSES: Uuid = Uuid::from_u128(0x9a1f_5c1e_7d0b_4c8e_9b2a_64f3_0c5d_21e7);

/// The GUID of whoever has this mail address, or writes under this number or name, known by it alone: the same
/// person has the same before and after becoming a contact.
pub fn guid_of_address(address: &str) -> Uuid {
    Uuid::new_v5(&ADDRESSES, mail::fold(address).as_bytes())
}

/// The form in which custom identifiers are kept and compared (SocialBoards, external chat: trimmed and in
/// lower case). `None` where nothing is left.
pub fn fold_identifier(identifier: &str) -> Option<String> {
    let folded = identifier.trim().to_lowercase();
    (!folded.is_empty()).then_some(folded)
}

/// The digits of a telephone number, by which numbers are compared. `None` where there are none.
pub fn phone_digits(phone: &str) -> Option<String> {
    let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
    (!digits.is_empty()).then_some(digits)
}

impl Introduction {
    /// Whether it names anything under which somebody can be found again.
    pub fn identifies(&self) -> bool {
        self.guid.is_some()
            || self.euid.is_some()
            || self.email.is_some()
            || self.custom_identifier.is_some()
            || self.channel.is_some()
    }
}
