//! The directory: customers, contracts, and the keys under which analysis finds them.

use std::collections::HashSet;

use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;
use sqlx::types::Json;

use super::ticket_rows::raw;
use super::{TenantConn, TenantTx};
use crate::domain::customer::{Contract, Customer, CustomerTag, ErpId, NewCustomer};
use crate::domain::directory::Key;
use crate::domain::word::Word;
use crate::error::Error;

/// A customer as a JSON row, which the full ticket view shares.
#[derive(Debug, Deserialize)]
pub struct Row {
    id: String,
    id_is_integer: bool,
    business: bool,
    company: Option<String>,
    firstname: Option<String>,
    lastname: Option<String>,
    address: Option<String>,
    phone: Option<String>,
    email: Option<String>,
    additional_data: Box<RawValue>,
    tags: Vec<TagRow>,
    contracts: Vec<ContractRow>,
}

#[derive(Debug, Deserialize)]
struct TagRow {
    id: i64,
    name: String,
    color: String,
}

#[derive(Debug, Deserialize)]
struct ContractRow {
    id: String,
    id_is_integer: bool,
    customer_id: String,
    document: Box<RawValue>,
}

/// A key with the customer, or the contract of a customer, that it leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnedKey {
    pub key: Key,
    pub customer_id: String,
    /// `None`: the key is the customer's own.
    pub contract_id: Option<String>,
}

/// A customer with their contracts, and the ids of the contracts that they name and that name them.
/// `private_tags` shows private tags too. Returns `None` where the directory does not know the id.
pub async fn get(
    db: &mut TenantConn,
    id: &str,
    private_tags: bool,
) -> Result<Option<(Customer, Vec<ErpId>)>, Error> {
    let tenant = db.tenant();
    let found = sqlx::query!(
        r#"
        select c.contract_ids as "contract_ids: Json<Vec<Value>>",
            json_build_object('id', c.id, 'id_is_integer', c.id_is_integer, 'business', c.business,
                'company', c.company, 'firstname', c.firstname, 'lastname', c.lastname, 'address', c.address,
                'phone', c.phone, 'email', c.email, 'additional_data', c.additional_data,
                'tags', array(
                    select json_build_object('id', g.id, 'name', g.name, 'color', g.color)
                    from tag g
                    where g.tenant_id = $1 and g.id = any(c.tag_ids)
                        and not exists (
                            select from tag p
                            where p.tenant_id = $1 and p.id = any(g.ancestor_ids || g.id)
                                and not (p.visibility = 'public' or $3 and p.visibility = 'private')
                        )
                    order by g.id
                ),
                'contracts', array(
                    select json_build_object('id', k.id, 'id_is_integer', k.id_is_integer,
                        'customer_id', k.customer_id, 'document', k.document)
                    from contract k
                    where k.tenant_id = $1 and k.customer_id = c.id
                    order by k.id
                )
            ) as "customer!: Json<Row>"
        from customer c
        where c.tenant_id = $1 and c.id = $2
        "#,
        tenant.0,
        id,
        private_tags,
    )
    .fetch_optional(db.raw())
    .await?;
    Ok(found.map(|found| {
        let customer = Customer::from(found.customer.0);
        let mut ids: Vec<ErpId> = found.contract_ids.0.iter().map(read_id).collect();
        let named: HashSet<String> = ids.iter().map(|id| id.text.clone()).collect();
        let naming = customer.contracts.iter().map(|contract| &contract.id);
        ids.extend(naming.filter(|id| !named.contains(&id.text)).cloned());
        (customer, ids)
    }))
}

/// Inserts or replaces a customer, whose tags stay. Returns whether it is new.
pub async fn put_customer(tx: &mut TenantTx, customer: &NewCustomer) -> Result<bool, Error> {
    let tenant = tx.tenant();
    let contract_ids: Value = customer.contract_ids.iter().map(write_id).collect();
    let is_new = sqlx::query_scalar!(
        r#"
        insert into customer (tenant_id, id, id_is_integer, business, company, firstname, lastname, address,
            phone, email, contract_ids, additional_data)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11::text::json, $12::text::json)
        on conflict (tenant_id, id) do update
        set id_is_integer = excluded.id_is_integer, business = excluded.business, company = excluded.company,
            firstname = excluded.firstname, lastname = excluded.lastname, address = excluded.address,
            phone = excluded.phone, email = excluded.email, contract_ids = excluded.contract_ids,
            additional_data = excluded.additional_data
        returning xmax = 0 as "is_new!"
        "#,
        tenant.0,
        customer.id.text,
        customer.id.is_integer,
        customer.business,
        customer.company,
        customer.firstname,
        customer.lastname,
        customer.address,
        customer.phone,
        customer.email,
        contract_ids.to_string(),
        customer.additional_data.0,
    )
    .fetch_one(tx.raw())
    .await?;
    Ok(is_new)
}

/// Inserts or replaces contracts, of which no two may have one id, in the order of their ids. Returns how
/// many are new.
pub async fn put_contracts(tx: &mut TenantTx, contracts: &[&Contract]) -> Result<usize, Error> {
    let tenant = tx.tenant();
    let ids: Vec<&str> = contracts.iter().map(|contract| contract.id.text.as_str()).collect();
    let are_integers: Vec<bool> = contracts.iter().map(|contract| contract.id.is_integer).collect();
    let customers: Vec<&str> = contracts.iter().map(|contract| contract.customer_id.as_str()).collect();
    // As text: sqlx sends every JSON value as jsonb, which rewrites it.
    let documents: Vec<&str> = contracts.iter().map(|contract| contract.document.0.as_str()).collect();
    let are_new = sqlx::query_scalar!(
        r#"
        insert into contract (tenant_id, id, id_is_integer, customer_id, document)
        select $1, w.id, w.id_is_integer, w.customer_id, w.document::json
        from unnest($2::text[], $3::bool[], $4::text[], $5::text[])
            as w (id, id_is_integer, customer_id, document)
        order by w.id
        on conflict (tenant_id, id) do update
        set id_is_integer = excluded.id_is_integer, customer_id = excluded.customer_id,
            document = excluded.document
        returning xmax = 0 as "is_new!"
        "#,
        tenant.0,
        ids as _,
        &are_integers,
        customers as _,
        documents as _,
    )
    .fetch_all(tx.raw())
    .await?;
    Ok(are_new.into_iter().filter(|is_new| *is_new).count())
}

/// Leaves these keys and no others to these customers, as their own, and to these contracts. Their rows must
/// be locked, or written in the same transaction, so that two savings cannot mix their keys.
pub async fn replace_keys(
    tx: &mut TenantTx,
    customers: &[&str],
    contracts: &[&str],
    keys: &[OwnedKey],
) -> Result<(), Error> {
    let tenant = tx.tenant();
    let kinds: Vec<&str> = keys.iter().map(|owned| owned.key.kind.as_str()).collect();
    let values: Vec<&str> = keys.iter().map(|owned| owned.key.value.as_str()).collect();
    let customer_ids: Vec<&str> = keys.iter().map(|owned| owned.customer_id.as_str()).collect();
    let contract_ids: Vec<&str> =
        keys.iter().map(|owned| owned.contract_id.as_deref().unwrap_or_default()).collect();
    // What stays is neither deleted nor inserted, so that the order of the two does not matter.
    sqlx::query!(
        r#"
        with wanted as materialized (
            select * from unnest($4::text[], $5::text[], $6::text[], $7::text[])
                as w (kind, value, customer_id, contract_id)
        ), gone as (
            delete from directory_key k
            where k.tenant_id = $1
                and (k.contract_id = any($3::text[]) or k.contract_id = '' and k.customer_id = any($2::text[]))
                and not exists (
                    select from wanted w
                    where w.kind = k.kind and w.value = k.value and w.customer_id = k.customer_id
                        and w.contract_id = k.contract_id
                )
            returning 1
        )
        insert into directory_key (tenant_id, kind, value, customer_id, contract_id)
        select $1, kind, value, customer_id, contract_id from wanted
        on conflict do nothing
        returning 1 as one
        "#,
        tenant.0,
        customers as _,
        contracts as _,
        kinds as _,
        values as _,
        customer_ids as _,
        contract_ids as _,
    )
    .fetch_all(tx.raw())
    .await?;
    Ok(())
}

fn write_id(id: &ErpId) -> Value {
    let number = id.text.parse::<i64>().ok().filter(|_| id.is_integer);
    number.map_or_else(|| id.text.clone().into(), Value::from)
}

fn read_id(id: &Value) -> ErpId {
    match id {
        Value::String(text) => ErpId { text: text.clone(), is_integer: false },
        number => ErpId { text: number.to_string(), is_integer: true },
    }
}

impl From<Row> for Customer {
    fn from(row: Row) -> Self {
        let tags = row.tags.into_iter();
        let contracts = row.contracts.into_iter();
        Self {
            id: ErpId { text: row.id, is_integer: row.id_is_integer },
            business: row.business,
            company: row.company,
            firstname: row.firstname,
            lastname: row.lastname,
            address: row.address,
            phone: row.phone,
            email: row.email,
            tags: tags.map(|tag| CustomerTag { id: tag.id, name: tag.name, color: tag.color }).collect(),
            additional_data: raw(row.additional_data),
            contracts: contracts.map(Contract::from).collect(),
        }
    }
}

impl From<ContractRow> for Contract {
    fn from(row: ContractRow) -> Self {
        Self {
            id: ErpId { text: row.id, is_integer: row.id_is_integer },
            customer_id: row.customer_id,
            document: raw(row.document),
        }
    }
}
