//! `POST /contacts`.

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::wire::Contact;
use crate::db::contact_search::{self, Taken};
use crate::db::{TenantTx, contacts};
use crate::domain::contact::Introduction;
use crate::domain::mail;
use crate::error::{Error, FieldError};
use crate::http::caller::Caller;
use crate::http::extract::Body;
use crate::http::field::{AnyJson, FromJson, Wrong};
use crate::http::json::Json;
use crate::http::read::{Ignored, Names, Reader};
use crate::http::value::{Digits, Name, Short, WebUrl};

/// A contact to create. Mail address, number and identifier must not be another's.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "the body is read member by member; this is what the document says of it")]
pub struct CreateContact {
    /// Where the contact writes; a text or a number.
    #[schema(example = "inbox_100")]
    inbox_id: String,
    #[schema(example = "Eva Beispiel")]
    name: Option<String>,
    #[schema(example = "eva@example.com")]
    email: Option<String>,
    #[schema(example = "+49 30 1234567")]
    phone_number: Option<String>,
    /// Stored and never fetched.
    #[schema(example = "https://example.com/eva.png")]
    avatar_url: Option<String>,
    /// The `euid` of tickets.
    #[schema(example = "contact_12345")]
    identifier: Option<String>,
}

/// The new contact.
#[derive(Debug, Serialize, ToSchema)]
pub struct CreatedContact {
    payload: CreatedPayload,
}

/// What a [`CreatedContact`] holds.
#[derive(Debug, Serialize, ToSchema)]
pub struct CreatedPayload {
    contact: Contact,
}

/// Create a contact.
#[utoipa::path(post, path = "/contacts", tag = "contact", request_body = CreateContact,
    responses((status = OK, description = "It is created", body = CreatedContact)))]
pub async fn create(
    caller: Caller,
    Body(body): Body<AnyJson>,
) -> Result<(Ignored, Json<CreatedContact>), Error> {
    let mut reader = Reader::new(body, Names::Exact)?;
    let who = read(&mut reader);
    let mut tx = caller.begin().await?;
    refuse_taken(&mut reader, contact_search::taken(&mut tx, &who).await?);
    let ignored = reader.finish()?;
    let Some(contact) = contacts::insert(&mut tx, &who, caller.acting().now).await? else {
        return Err(made_meanwhile(&mut tx, &who).await?);
    };
    tx.commit().await?;
    let contact = Contact::new(contact, Some(Vec::new()));
    Ok((ignored, Json(CreatedContact { payload: CreatedPayload { contact } })))
}

fn read(reader: &mut Reader) -> Introduction {
    Introduction {
        inbox: reader.required::<InboxId>("inbox_id").map(|InboxId(id)| id),
        name: reader.optional::<Short<255>>("name").map(|Short(name)| name).filter(|name| !name.is_empty()),
        email: reader.optional::<Address>("email").map(|Address(address)| address),
        phone: reader.optional::<Phone>("phone_number").map(|Phone(number)| number),
        image: reader.optional::<WebUrl>("avatar_url").map(|WebUrl(url)| url),
        euid: reader.optional::<Name<255>>("identifier").map(|Name(identifier)| identifier),
        ..Introduction::default()
    }
}

const TAKEN: &str = "is another contact's";

fn refuse_taken(reader: &mut Reader, taken: Taken) {
    for name in names_of(taken) {
        reader.refuse(name, &Wrong::new("taken", TAKEN));
    }
}

fn names_of(taken: Taken) -> Vec<&'static str> {
    let named = [(taken.email, "email"), (taken.phone, "phone_number"), (taken.euid, "identifier")];
    named.into_iter().filter(|(taken, _)| *taken).map(|(_, name)| name).collect()
}

/// Somebody else made a contact with one of the ids since the look-up, and has committed: it can be seen now.
async fn made_meanwhile(tx: &mut TenantTx, who: &Introduction) -> Result<Error, Error> {
    let taken = contact_search::taken(tx, who).await?;
    let field = |name: &str| FieldError {
        pointer: format!("/{name}"),
        code: "taken",
        message: format!("{name} {TAKEN}"),
    };
    Ok(Error::Invalid(names_of(taken).into_iter().map(field).collect()))
}

/// An inbox's id, as a text.
struct InboxId(String);

impl FromJson for InboxId {
    fn from_json(value: Value) -> Result<Self, Vec<Wrong>> {
        let Digits::<255>(id) = Digits::from_json(value)?;
        Name::<255>::from_json(id.into()).map(|Name(id)| Self(id))
    }
}

struct Address(String);

impl FromJson for Address {
    fn from_json(value: Value) -> Result<Self, Vec<Wrong>> {
        let text = String::from_json(value)?;
        let text = text.trim();
        if mail::is_address(text) {
            return Ok(Self(text.to_owned()));
        }
        Err(vec![Wrong::new("invalid_address", "must be a mail address")])
    }
}

struct Phone(String);

impl FromJson for Phone {
    fn from_json(value: Value) -> Result<Self, Vec<Wrong>> {
        let Short::<64>(number) = Short::from_json(value)?;
        if number.chars().any(|sign| sign.is_ascii_digit()) {
            return Ok(Self(number));
        }
        Err(vec![Wrong::new("invalid_number", "must be a telephone number")])
    }
}
