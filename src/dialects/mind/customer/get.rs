//! `GET /customer/byCustomerId/{id}`.

use serde::Serialize;
use serde_json::Value;

use super::wire::{Contracts, Customer};
use crate::db::directory;
use crate::dialects::mind::read::MAX_ERP_ID_CHARS;
use crate::dialects::mind::stored::erp_id;
use crate::error::Error;
use crate::http::caller::Caller;
use crate::http::extract::{PathName, Query};
use crate::http::json::Json;

/// A customer without a ticket.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct KnownCustomer {
    #[serde(flatten)]
    customer: Customer,
    contract_ids: Vec<Value>,
    success: bool,
}

/// Get a customer.
///
/// As in a ticket, with `contractIds`, those that the customer names and those that name the customer, and
/// `success`; `emailMatches` is null, since there is no ticket.
#[utoipa::path(get, path = "/customer/byCustomerId/{id}", tag = "customer",
    params(
        ("id" = String, Path, description = "The back end's id", example = "83771"),
        ("includeContracts" = Option<bool>, Query, description = "The contracts; true by default. Otherwise `contracts` is missing"),
        ("includeRawData" = Option<bool>, Query, description = "Fill the contracts' `rawData`; false by default"),
        ("includeAgentPreview" = Option<bool>, Query, description = "Accepted; `agentPreview` is always shown"),
    ),
    responses(
        (status = OK, description = "The customer", body = Object),
        (status = NOT_FOUND, description = "No such customer"),
    ))]
pub async fn get(
    caller: Caller,
    PathName(id): PathName,
    mut query: Query,
) -> Result<Json<KnownCustomer>, Error> {
    let contracts = query.flag("includeContracts", true);
    let raw_data = query.flag("includeRawData", false);
    query.flag("includeAgentPreview", true);
    query.check()?;
    if id.contains('\0') || id.chars().count() > MAX_ERP_ID_CHARS {
        return Err(Error::NotFound("customer"));
    }
    let found = directory::get(&mut caller.connect().await?, &id, caller.sees_private_tags()).await?;
    let (customer, contract_ids) = found.ok_or(Error::NotFound("customer"))?;
    let contracts = match (contracts, raw_data) {
        (false, _) => Contracts::Hidden,
        (true, false) => Contracts::Shown,
        (true, true) => Contracts::WithRawData,
    };
    Ok(Json(KnownCustomer {
        customer: Customer::new(customer, None, contracts),
        contract_ids: contract_ids.iter().map(erp_id).collect(),
        success: true,
    }))
}
