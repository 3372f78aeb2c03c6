//! People: whoever writes, asks or owns, and how a request names them.

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::guid::Guid;
use crate::db::names::Names;
use crate::domain::contact::{Introduction, fold_identifier, guid_of_address};
use crate::domain::mail;
use crate::domain::message::{Person, Side};
use crate::http::field::{FromJson, Wrong};
use crate::http::read::Reader;
use crate::http::value::{Digits, Short};

/// Somebody.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct User {
    #[schema(value_type = String, format = "uuid", example = "43b8adc7-755d-2be3-afb1-b6a462631977")]
    id: Uuid,
    #[schema(example = "Bill Smith")]
    name: String,
    #[schema(example = "bill_smith@gmail.com")]
    email: Option<String>,
    /// The address of a picture.
    image: Option<String>,
    /// Whether it is a program.
    is_bot: bool,
    /// `team` or `client`.
    #[schema(example = "client")]
    status: &'static str,
    /// In lower case.
    custom_identifier: Option<String>,
}

/// Somebody who writes a ticket, a reply or a note. One of `id`, `email` and `customIdentifier` must be there.
#[derive(Debug, ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "it describes what is read member by member")]
pub struct Introduced {
    /// The id of somebody who is known.
    id: Option<String>,
    /// At most 255 characters.
    #[schema(example = "Bill Smith")]
    name: Option<String>,
    #[schema(example = "bill_smith@gmail.com")]
    email: Option<String>,
    /// The address of a picture, at most 2048 characters; never fetched.
    image: Option<String>,
    /// At most 255 characters.
    phone_number: Option<String>,
    /// At most 255 characters; compared without regard to case and to blanks around it.
    custom_identifier: Option<String>,
    /// A bot has no `customIdentifier`.
    #[schema(required = false)]
    is_bot: bool,
}

impl From<Person> for User {
    fn from(person: Person) -> Self {
        let known_by = person.email.as_deref().unwrap_or(&person.name);
        Self {
            id: person.guid.unwrap_or_else(|| guid_of_address(known_by)),
            name: person.name,
            email: person.email,
            image: person.image,
            is_bot: person.side == Side::Program,
            status: match person.side {
                Side::Client => "client",
                Side::Team | Side::Program => "team",
            },
            custom_identifier: person.custom_identifier,
        }
    }
}

impl User {
    /// Somebody outside of whom only what stands in the ticket is known; `None` where nothing does.
    pub fn outside(address: Option<&str>, name: Option<&str>) -> Option<Self> {
        let known_by = address.or(name)?;
        Some(Self {
            id: guid_of_address(known_by),
            name: name.unwrap_or(known_by).to_owned(),
            email: address.filter(|address| mail::is_address(address)).map(str::to_owned),
            image: None,
            is_bot: false,
            status: "client",
            custom_identifier: None,
        })
    }

    /// A program, or, without a name, the server itself.
    pub fn program(name: Option<String>) -> Self {
        let name = name.unwrap_or_else(|| "Tessera".to_owned());
        Self {
            id: guid_of_address(&name),
            name,
            email: None,
            image: None,
            is_bot: true,
            status: "team",
            custom_identifier: None,
        }
    }

    /// The placeholder that stands for the person in a text of the log.
    pub fn placeholder(&self) -> String {
        format!("{{User:{}}}", self.id)
    }
}

/// Reads the member that says who writes; what is wrong or missing is noted.
pub fn read_author(reader: &mut Reader, member: &str) -> Option<Introduction> {
    let sent = reader.object(member, |reader| {
        let who = introduction(reader);
        (who, reader.faults() > 0)
    });
    let (who, is_refused) = sent.value()??;
    if !who.identifies() && !is_refused {
        let wanted = "must have an email, a customIdentifier or an id";
        reader.refuse(member, &Wrong::new("required", wanted));
    }
    Some(who)
}

/// The same for one that must be there.
pub fn read_required_author(reader: &mut Reader, member: &str) -> Option<Introduction> {
    let faults = reader.faults();
    let who = read_author(reader, member);
    if who.is_none() && reader.faults() == faults {
        reader.refuse(member, &Wrong::new("required", "is required"));
    }
    who
}

/// The teammate whom an introduction may name, for a look-up.
pub fn wanted(who: &Introduction) -> Names {
    Names {
        agents: who.guid.into_iter().collect(),
        agents_by_email: who.email.as_deref().map(mail::fold).into_iter().collect(),
        ..Names::default()
    }
}

fn introduction(reader: &mut Reader) -> Introduction {
    let is_bot = reader.optional("isBot").unwrap_or(false);
    let identifier =
        reader.optional("customIdentifier").and_then(|Digits::<255>(text)| fold_identifier(&text));
    Introduction {
        guid: reader.optional("id").and_then(|Guid(id)| id),
        name: reader.optional("name").and_then(|Short::<255>(text)| filled(&text)),
        email: reader.optional("email").and_then(|Address(address)| address),
        phone: reader.optional("phoneNumber").and_then(|Digits::<255>(text)| filled(&text)),
        image: reader.optional("image").and_then(|Short::<2048>(text)| filled(&text)),
        custom_identifier: identifier.filter(|_| !is_bot),
        ..Introduction::default()
    }
}

/// A mail address; an empty one is none.
#[derive(Debug)]
struct Address(Option<String>);

impl FromJson for Address {
    fn from_json(value: Value) -> Result<Self, Vec<Wrong>> {
        let text = filled(&String::from_json(value)?);
        if text.as_deref().is_some_and(|text| !mail::is_address(text)) {
            return Err(vec![Wrong::new("invalid_address", "must be a mail address")]);
        }
        Ok(Self(text))
    }
}

/// Who gets a copy.
#[derive(Debug)]
pub struct Copy(pub String);

impl FromJson for Copy {
    fn from_json(value: Value) -> Result<Self, Vec<Wrong>> {
        let mailbox = mail::parse(&String::from_json(value)?);
        let wrong = || vec![Wrong::new("invalid_address", "must hold mail addresses")];
        mailbox.map(|mailbox| Self(mailbox.address)).ok_or_else(wrong)
    }
}

fn filled(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}
