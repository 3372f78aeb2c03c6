//! The customer that Mind's clients read.

use serde::Serialize;
use serde_json::Value;

use crate::dialects::mind::contract::wire::Contract;
use crate::dialects::mind::stored::{Stored, erp_id};
use crate::domain::customer;

/// A customer of the directory.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Customer {
    id: Value,
    email_matches: Option<bool>,
    business: bool,
    company: Option<String>,
    firstname: Option<String>,
    lastname: Option<String>,
    address: Option<String>,
    phone: Option<String>,
    email: Option<String>,
    tags: Vec<Tag>,
    #[serde(skip_serializing_if = "Option::is_none")]
    contracts: Option<Vec<Contract>>,
    additional_data: Stored,
}

/// The short form in which a customer shows its tags.
#[derive(Debug, Serialize)]
struct Tag {
    id: i64,
    color: String,
    name: String,
}

/// Whether a customer is shown with their contracts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Contracts {
    Hidden,
    Shown,
    /// With what the back end says beyond the reference.
    WithRawData,
}

impl Customer {
    /// Words a customer. `email_matches` says whether a ticket came from their address; `None` without a ticket.
    pub fn new(customer: customer::Customer, email_matches: Option<bool>, contracts: Contracts) -> Self {
        let shown = customer
            .contracts
            .into_iter()
            .map(|contract| Contract { contract, raw_data: contracts == Contracts::WithRawData });
        let tags = customer.tags.into_iter();
        Self {
            id: erp_id(&customer.id),
            email_matches,
            business: customer.business,
            company: customer.company,
            firstname: customer.firstname,
            lastname: customer.lastname,
            address: customer.address,
            phone: customer.phone,
            email: customer.email,
            tags: tags.map(|tag| Tag { id: tag.id, color: tag.color, name: tag.name }).collect(),
            contracts: (contracts != Contracts::Hidden).then(|| shown.collect()),
            additional_data: Stored(customer.additional_data),
        }
    }
}
