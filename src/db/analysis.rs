//! What analysis reads beside the ticket: who of the directory may be meant, and whether somebody answered.

use serde::Deserialize;
use sqlx::types::Json;

use super::TenantConn;
use crate::domain::directory::{Entry, EntryContract, Key};
use crate::domain::id::TicketId;
use crate::domain::word::Word;
use crate::error::Error;

/// How many contracts of a customer are looked at, besides those that a key named.
const CONTRACTS: i64 = 50;

/// Whoever is found under any of the keys, at most `per_key` for each, with their contracts. One statement.
pub async fn find(db: &mut TenantConn, keys: &[Key], per_key: usize) -> Result<Vec<Entry>, Error> {
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    let tenant = db.tenant();
    let kinds: Vec<&str> = keys.iter().map(|key| key.kind.as_str()).collect();
    let values: Vec<&str> = keys.iter().map(|key| key.value.as_str()).collect();
    let rows = sqlx::query_as!(
        Row,
        r#"
        with hit as (
            select k.customer_id, k.contract_id
            from unnest($2::text[], $3::text[]) as w (kind, value)
            cross join lateral (
                select d.customer_id, d.contract_id from directory_key d
                where d.tenant_id = $1 and d.kind = w.kind and d.value = w.value
                limit $4
            ) k
        )
        select h.customer_id as "customer_id!", coalesce(c.business, false) as "business!", c.company,
            c.firstname, c.lastname, c.email, c.phone, c.address,
            array(
                select json_build_object('id', k.id, 'email', k.document ->> 'email',
                    'firstname', k.document ->> 'firstname', 'lastname', k.document ->> 'lastname',
                    'phone', k.document ->> 'phone', 'delivery_address', k.document ->> 'deliveryAddress',
                    'billing_address', k.document ->> 'billingAddress',
                    'counter_number', k.document ->> 'counterNumber')
                from (
                    (
                        select n.id from contract n
                        where n.tenant_id = $1 and n.customer_id = h.customer_id order by n.id limit $5
                    )
                    union
                    select x.contract_id from hit x where x.customer_id = h.customer_id
                ) w
                join contract k on k.tenant_id = $1 and k.id = w.id and k.customer_id = h.customer_id
                order by k.id
            ) as "contracts!: Vec<Json<Contract>>"
        from (select distinct customer_id from hit) h
        left join customer c on c.tenant_id = $1 and c.id = h.customer_id
        order by 1
        "#,
        tenant.0,
        kinds as _,
        values as _,
        i64::try_from(per_key).unwrap_or(i64::MAX),
        CONTRACTS,
    )
    .fetch_all(db.raw())
    .await?;
    Ok(rows.into_iter().map(Entry::from).collect())
}

/// Whether an outside party wrote again after the first message.
pub async fn has_incoming_reply(db: &mut TenantConn, id: TicketId) -> Result<bool, Error> {
    let tenant = db.tenant();
    let found = sqlx::query_scalar!(
        r#"
        select exists (
            select from conversation
            where tenant_id = $1 and ticket_id = $2 and direction = 'in' and not is_opening
                and not is_draft and deleted_at is null
        ) as "exists!"
        "#,
        tenant.0,
        id.0,
    )
    .fetch_one(db.raw())
    .await?;
    Ok(found)
}

struct Row {
    customer_id: String,
    business: bool,
    company: Option<String>,
    firstname: Option<String>,
    lastname: Option<String>,
    email: Option<String>,
    phone: Option<String>,
    address: Option<String>,
    contracts: Vec<Json<Contract>>,
}

#[derive(Deserialize)]
struct Contract {
    id: String,
    email: Option<String>,
    firstname: Option<String>,
    lastname: Option<String>,
    phone: Option<String>,
    delivery_address: Option<String>,
    billing_address: Option<String>,
    counter_number: Option<String>,
}

impl From<Row> for Entry {
    fn from(row: Row) -> Self {
        Self {
            customer_id: row.customer_id,
            business: row.business,
            company: row.company,
            firstname: row.firstname,
            lastname: row.lastname,
            email: row.email,
            phone: row.phone,
            address: row.address,
            contracts: row.contracts.into_iter().map(|contract| contract.0.into()).collect(),
        }
    }
}

impl From<Contract> for EntryContract {
    fn from(row: Contract) -> Self {
        Self {
            id: row.id,
            email: row.email,
            firstname: row.firstname,
            lastname: row.lastname,
            phone: row.phone,
            delivery_address: row.delivery_address,
            billing_address: row.billing_address,
            counter_number: row.counter_number,
        }
    }
}
