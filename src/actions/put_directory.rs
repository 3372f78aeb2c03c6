//! Writing customers and contracts of the directory, with the keys under which analysis finds them.

use serde_json::Value;

use crate::db::TenantTx;
use crate::db::directory::{self, OwnedKey};
use crate::domain::customer::{Contract, NewCustomer};
use crate::domain::directory::{Entry, EntryContract, Key};
use crate::error::Error;
use crate::pipeline::customer::{contract_keys, customer_keys};

/// Inserts or replaces a customer and, of their contracts, those given; the others stay. No two contracts may
/// have one id. Returns whether the customer is new.
pub async fn put_customer(
    tx: &mut TenantTx,
    customer: &NewCustomer,
    contracts: &[Contract],
) -> Result<bool, Error> {
    let is_new = directory::put_customer(tx, customer).await?;
    if !contracts.is_empty() {
        directory::put_contracts(tx, &contracts.iter().collect::<Vec<_>>()).await?;
    }
    let contract_ids: Vec<&str> = contracts.iter().map(|contract| contract.id.text.as_str()).collect();
    let mut keys = keys_of_customer(customer);
    keys.extend(contracts.iter().flat_map(keys_of_contract));
    directory::replace_keys(tx, &[&customer.id.text], &contract_ids, &keys).await?;
    Ok(is_new)
}

/// Inserts or replaces a contract, whose customer may come later. Returns whether it is new.
pub async fn put_contract(tx: &mut TenantTx, contract: &Contract) -> Result<bool, Error> {
    let new = directory::put_contracts(tx, &[contract]).await?;
    directory::replace_keys(tx, &[], &[&contract.id.text], &keys_of_contract(contract)).await?;
    Ok(new == 1)
}

/// The customer's own keys.
pub(super) fn keys_of_customer(customer: &NewCustomer) -> Vec<OwnedKey> {
    let entry = Entry {
        customer_id: customer.id.text.clone(),
        business: customer.business,
        company: customer.company.clone(),
        firstname: customer.firstname.clone(),
        lastname: customer.lastname.clone(),
        email: customer.email.clone(),
        phone: customer.phone.clone(),
        address: customer.address.clone(),
        contracts: Vec::new(),
    };
    let owned = |key: Key| OwnedKey { key, customer_id: customer.id.text.clone(), contract_id: None };
    customer_keys(&entry).into_iter().map(owned).collect()
}

/// The contract's keys.
pub(super) fn keys_of_contract(contract: &Contract) -> Vec<OwnedKey> {
    let owned = |key: Key| OwnedKey {
        key,
        customer_id: contract.customer_id.clone(),
        contract_id: Some(contract.id.text.clone()),
    };
    contract_keys(&entry_contract(contract)).into_iter().map(owned).collect()
}

/// What recognition reads of a contract's document.
fn entry_contract(contract: &Contract) -> EntryContract {
    let document: Value = serde_json::from_str(&contract.document.0).unwrap_or_default();
    // Back ends give numbers of phones and meters either way.
    let text = |name: &str| match &document[name] {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    };
    EntryContract {
        id: contract.id.text.clone(),
        email: text("email"),
        firstname: text("firstname"),
        lastname: text("lastname"),
        phone: text("phone"),
        delivery_address: text("deliveryAddress"),
        billing_address: text("billingAddress"),
        counter_number: text("counterNumber"),
    }
}
