//! The customer that Mind's clients read.

use serde_json::{Value, json};

use crate::dialects::mind::contract::wire::contract_json;
use crate::dialects::mind::stored::{erp_id, value};
use crate::domain::customer::Customer;

/// Whether a customer is shown with their contracts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Contracts {
    Hidden,
    Shown,
    /// With what the back end says beyond the reference.
    WithRawData,
}

/// Words a customer. `email_matches` says whether a ticket came from their address; `None` without a ticket.
pub fn customer_json(customer: Customer, email_matches: Option<bool>, contracts: Contracts) -> Value {
    let tags: Vec<Value> = customer
        .tags
        .iter()
        .map(|tag| json!({ "id": tag.id, "color": tag.color, "name": tag.name }))
        .collect();
    let mut shown = json!({
        "id": erp_id(&customer.id),
        "emailMatches": email_matches,
        "business": customer.business,
        "company": customer.company,
        "firstname": customer.firstname,
        "lastname": customer.lastname,
        "address": customer.address,
        "phone": customer.phone,
        "email": customer.email,
        "tags": tags,
    });
    if contracts != Contracts::Hidden {
        let raw_data = contracts == Contracts::WithRawData;
        let contracts = customer.contracts.into_iter().map(|contract| contract_json(contract, raw_data));
        shown["contracts"] = contracts.collect();
    }
    shown["additionalData"] = value(customer.additional_data);
    shown
}
