//! `PUT /customer/{id}` (ours: the reference reads customers from the back end).

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::actions;
use crate::dialects::mind::contract::put::{Given, read as read_contract};
use crate::dialects::mind::prefer::Prefer;
use crate::dialects::mind::read::{Erp, MAX_ERP_ID_CHARS, Reader, Warning};
use crate::dialects::mind::stored::erp_id;
use crate::domain::customer::{Contract, ErpId, NewCustomer};
use crate::domain::ticket::Document;
use crate::error::{Error, FieldError};
use crate::http::caller::Caller;
use crate::http::extract::{Body, PathName};
use crate::http::field::{Field, Unknown};
use crate::http::json::Json;
use crate::http::value::{Digits, Object, Short};

/// A customer as the back end has them. An absent member is empty afterwards.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", expecting = "an object")]
pub struct PutCustomer {
    /// As in the path. It tells the type that the id is shown with; without it, a path of digits is a number.
    #[serde(default)]
    #[schema(value_type = Option<Value>, example = 83_771)]
    id: Field<Erp>,
    /// False by default.
    #[serde(default)]
    #[schema(value_type = bool)]
    business: Field<bool>,
    /// At most 255 characters, as are the names.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    company: Field<Short<255>>,
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "Tom")]
    firstname: Field<Short<255>>,
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "Mustermann")]
    lastname: Field<Short<255>>,
    /// At most 1000 characters.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "Hugo-Junkers-Str. 5, 82031 Grünwald")]
    address: Field<Short<1000>>,
    /// At most 255 characters; a number is read too.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "+4949123456789")]
    phone: Field<Digits<255>>,
    /// At most 320 characters.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "tom@mustermann.de")]
    email: Field<Short<320>>,
    /// Contracts that may come later; each says itself whose it is.
    #[serde(default)]
    #[schema(value_type = Vec<Value>, example = json!([746_839]))]
    contract_ids: Field<Vec<Erp>>,
    /// Contracts to be saved together with the customer, at most 1000, with the members of `PUT /contract/{id}`
    /// and an `id` each. Other contracts of the customer stay.
    #[serde(default)]
    #[schema(value_type = Vec<Object>)]
    contracts: Field<Vec<Value>>,
    #[serde(default)]
    #[schema(value_type = Object)]
    additional_data: Field<Object>,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

/// What became of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Put {
    /// Always true.
    pub success: bool,
    /// A number or a text.
    #[schema(example = 83_771)]
    pub id: Value,
    /// Whether it was not there before.
    pub created: bool,
    /// What was ignored.
    pub warnings: Vec<Warning>,
}

/// How many contracts come with a customer at most.
const MAX_CONTRACTS: usize = 1000;

/// Create or replace a customer.
#[utoipa::path(put, path = "/customer/{id}", tag = "customer", request_body = PutCustomer,
    params(
        ("id" = String, Path, description = "The back end's id, 1 to 50 characters", example = "83771"),
        ("Prefer" = Option<String>, Header, description = "`handling=strict`: unknown members are an error"),
    ),
    responses(
        (status = OK, description = "Saved", body = Put),
    ))]
pub async fn put(
    caller: Caller,
    PathName(path): PathName,
    prefer: Prefer,
    Body(wire): Body<PutCustomer>,
) -> Result<Json<Put>, Error> {
    let mut reader = Reader::new("", &caller.settings.calendar.zone);
    let (customer, contracts) = wire.read(&path, &mut reader, prefer.strict);
    let (Some(customer), true) = (customer, reader.errors.is_empty()) else {
        return Err(Error::Invalid(reader.errors));
    };
    let mut tx = caller.begin().await?;
    let created = actions::put_customer(&mut tx, &customer, &contracts).await?;
    tx.commit().await?;
    Ok(Json(Put { success: true, id: erp_id(&customer.id), created, warnings: reader.warnings }))
}

/// The id of the path with its type. Returns `None`, with the error noted, for one that cannot be, or that the
/// body contradicts.
pub fn path_id(path: &str, body: Option<&ErpId>, errors: &mut Vec<FieldError>) -> Option<ErpId> {
    let mut refuse = |pointer: &str, code, message: &str| {
        errors.push(FieldError { pointer: pointer.into(), code, message: message.into() });
        None
    };
    if path.contains('\0') || !(1..=MAX_ERP_ID_CHARS).contains(&path.chars().count()) {
        return refuse("{id}", "invalid", "id must be 1 to 50 characters, none of them U+0000");
    }
    match body {
        Some(id) if id.text != path => refuse("/id", "not_allowed", "id must be the id of the path"),
        Some(id) => Some(id.clone()),
        None => {
            let is_integer = path.parse::<i64>().is_ok_and(|number| number.to_string() == path);
            Some(ErpId { text: path.into(), is_integer })
        }
    }
}

impl PutCustomer {
    fn read(self, path: &str, reader: &mut Reader<'_>, strict: bool) -> (Option<NewCustomer>, Vec<Contract>) {
        let id = reader.optional("id", self.id).map(|Erp(id)| id);
        let id = path_id(path, id.as_ref(), &mut reader.errors);
        let contract_ids = reader.optional("contractIds", self.contract_ids).unwrap_or_default();
        let contracts = reader.optional("contracts", self.contracts).unwrap_or_default();
        let business = reader.optional("business", self.business).unwrap_or_default();
        let company = reader.optional("company", self.company).map(|Short(text)| text);
        let firstname = reader.optional("firstname", self.firstname).map(|Short(text)| text);
        let lastname = reader.optional("lastname", self.lastname).map(|Short(text)| text);
        let address = reader.optional("address", self.address).map(|Short(text)| text);
        let phone = reader.optional("phone", self.phone).map(|Digits(text)| text);
        let email = reader.optional("email", self.email).map(|Short(text)| text);
        let additional_data = reader.optional("additionalData", self.additional_data);
        let additional_data = additional_data.map_or_else(|| Document("{}".into()), |Object(data)| data);
        reader.unknown(self.unknown, &["emailMatches", "tags", "tagIds", "success"], strict);
        let Some(id) = id else { return (None, Vec::new()) };
        let contracts = own_contracts(contracts, &id, reader);
        let contract_ids = contract_ids.into_iter().map(|Erp(id)| id).collect();
        let customer = NewCustomer {
            id,
            business,
            company,
            firstname,
            lastname,
            address,
            phone,
            email,
            contract_ids,
            additional_data,
        };
        (Some(customer), contracts)
    }
}

/// The contracts of a customer's body: each with an id of its own, and none of somebody else's.
fn own_contracts(wire: Vec<Value>, customer: &ErpId, reader: &mut Reader<'_>) -> Vec<Contract> {
    let mut contracts = Vec::new();
    let mut seen = BTreeSet::new();
    let refuse = |errors: &mut Vec<FieldError>, pointer: String, code, message: &str| {
        errors.push(FieldError { pointer, code, message: message.into() });
    };
    if wire.len() > MAX_CONTRACTS {
        refuse(&mut reader.errors, "/contracts".into(), "too_long", "contracts must be at most 1000");
        return contracts;
    }
    for (at, wire) in wire.into_iter().enumerate() {
        let at = format!("/contracts/{at}");
        let before = reader.errors.len();
        let Given { id, customer_id, document } = read_contract(wire, &at, reader.zone(), &mut reader.errors);
        if reader.errors.len() > before {
            continue;
        }
        let Some(id) = id else {
            refuse(&mut reader.errors, format!("{at}/id"), "required", "id is required");
            continue;
        };
        if !seen.insert(id.text.clone()) {
            let message = "another contract of this request has the same id";
            refuse(&mut reader.errors, format!("{at}/id"), "duplicate", message);
        }
        if customer_id.is_some_and(|named| named != customer.text) {
            let message = "customerId must be the id of the path";
            refuse(&mut reader.errors, format!("{at}/customerId"), "not_allowed", message);
        }
        contracts.push(Contract { id, customer_id: customer.text.clone(), document });
    }
    contracts
}
