//! `PUT /contract/{id}` (ours: the reference reads contracts from the back end).

use jiff::tz::TimeZone;
use serde_json::{Map, Value};

use super::members::{Kind, MEMBERS};
use crate::actions;
use crate::dialects::mind::customer::put::{Put, path_id};
use crate::dialects::mind::moment::Moment;
use crate::dialects::mind::read::{Erp, ErpText, Reader};
use crate::domain::change::Change;
use crate::domain::customer::{Contract, ErpId};
use crate::domain::ticket::Document;
use crate::error::{Error, FieldError};
use crate::http::caller::Caller;
use crate::http::extract::{Body, PathName};
use crate::http::field::{AnyJson, Field, FromJson, Wrong};
use crate::http::json::Json;
use crate::http::value::{Digits, Short};

/// A contract as a request gives it.
#[derive(Debug)]
pub struct Given {
    pub id: Option<ErpId>,
    pub customer_id: Option<String>,
    pub document: Document,
}

/// Create or replace a contract.
///
/// The body has the members of a ticket's `customer.contracts`; `customerId` alone is required, and that customer
/// may come later. Members beyond those are kept as they came, and shown as `rawData` where that is asked for and
/// not given itself. Dates are read in every form and shown in unix seconds. An absent member is empty
/// afterwards.
///
/// `id` may be left out: the path names the contract. It tells the type that the id is shown with; without it, a
/// path of digits is a number.
#[utoipa::path(put, path = "/contract/{id}", tag = "contract",
    params(("id" = String, Path, description = "The back end's id, 1 to 50 characters", example = "746839")),
    request_body(content = Object, example = json!({
        "id": 746_839, "customerId": 83_771, "counterNumber": "1ESY1160669167", "status": "active",
        "deliveryAddress": "Hugo-Junkers-Str. 5, 82031 Grünwald", "monthlyDeposit": 53,
    })),
    responses(
        (status = OK, description = "Saved", body = Put),
    ))]
pub async fn put(
    caller: Caller,
    PathName(path): PathName,
    Body(AnyJson(wire)): Body<AnyJson>,
) -> Result<Json<Put>, Error> {
    let mut errors = Vec::new();
    let given = read(wire, "", &caller.settings.calendar.zone, &mut errors);
    let id = path_id(&path, given.id.as_ref(), &mut errors);
    if given.customer_id.is_none() && errors.iter().all(|error| error.pointer != "/customerId") {
        errors.push(FieldError {
            pointer: "/customerId".into(),
            code: "required",
            message: "customerId is required".into(),
        });
    }
    let (Some(customer_id), Some(id), true) = (given.customer_id, id, errors.is_empty()) else {
        return Err(Error::Invalid(errors));
    };
    let shown = crate::dialects::mind::stored::erp_id(&id);
    let mut tx = caller.begin().await?;
    let contract = Contract { id, customer_id, document: given.document };
    let created = actions::put_contract(&mut tx, &contract).await?;
    tx.commit().await?;
    Ok(Json(Put { success: true, id: shown, created, warnings: Vec::new() }))
}

/// Reads the contract at a pointer and notes everything that is wrong with it.
pub fn read(wire: Value, at: &str, zone: &TimeZone, errors: &mut Vec<FieldError>) -> Given {
    let mut given = Given { id: None, customer_id: None, document: Document("{}".into()) };
    let mut reader = Reader::new(at, zone);
    match Value::from_json(wire) {
        Ok(Value::Object(mut members)) => {
            given.id = take(&mut reader, &mut members, "id").map(|Erp(id)| id);
            given.customer_id = take(&mut reader, &mut members, "customerId").map(|ErpText(id)| id);
            for (name, kind) in MEMBERS {
                check(&mut reader, &mut members, name, kind);
            }
            given.document = Document(Value::Object(members).to_string());
        }
        Ok(_) => reader.refuse_all(&[Wrong::r#type("an object")]),
        Err(wrongs) => reader.refuse_all(&wrongs),
    }
    errors.extend(reader.errors);
    given
}

/// Takes a member out, since it has a column of its own.
fn take<T: FromJson>(reader: &mut Reader<'_>, members: &mut Map<String, Value>, name: &str) -> Option<T> {
    let member = members.shift_remove(name)?;
    reader.optional(name, Field::read(member))
}

/// Sees that a member is what the reference says, and writes a date as clients read it.
fn check(reader: &mut Reader<'_>, members: &mut Map<String, Value>, name: &str, kind: Kind) {
    let Some(member) = members.get_mut(name) else { return };
    let value = member.clone();
    match kind {
        Kind::Text => drop(reader.optional(name, Field::<Short<1000>>::read(value))),
        Kind::Digits | Kind::Code => drop(reader.optional(name, Field::<Digits<1000>>::read(value))),
        Kind::Number => drop(reader.optional(name, Field::<f64>::read(value))),
        Kind::Flag => drop(reader.optional(name, Field::<bool>::read(value))),
        Kind::Objects => drop(reader.optional(name, Field::<Vec<AnObject>>::read(value))),
        Kind::Object => drop(reader.optional(name, Field::<AnObject>::read(value))),
        Kind::Date => {
            let date = reader.moment(name, Field::<Moment>::read(value));
            if let Change::Set(Some(instant)) = date {
                *member = instant.as_second().into();
            }
        }
    }
}

/// An object, whatever is in it.
#[derive(Debug)]
struct AnObject;

impl FromJson for AnObject {
    fn from_json(value: Value) -> Result<Self, Vec<Wrong>> {
        if value.is_object() { Ok(Self) } else { Err(vec![Wrong::r#type("an object")]) }
    }
}
