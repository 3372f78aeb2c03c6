//! Many rows at once, for the demo tenant.

use jiff::Timestamp;
use serde_json::Value;
use sqlx::types::Json;

use super::{TenantConn, TenantTx, time};
use crate::domain::customer::{Contract, ErpId, NewCustomer};
use crate::domain::id::{AgentId, SubchannelId, TagId};
use crate::domain::ticket::Document;
use crate::error::Error;

/// A customer of the demo directory with one contract.
#[derive(Debug)]
pub struct DemoCustomer {
    pub id: String,
    pub firstname: &'static str,
    pub lastname: &'static str,
    pub address: String,
    pub phone: String,
    pub email: String,
    pub contract_id: String,
    pub contract: Value,
}

impl DemoCustomer {
    /// The customer without the contract.
    pub fn new_customer(&self) -> NewCustomer {
        NewCustomer {
            id: ErpId { text: self.id.clone(), is_integer: true },
            business: false,
            company: None,
            firstname: Some(self.firstname.into()),
            lastname: Some(self.lastname.into()),
            address: Some(self.address.clone()),
            phone: Some(self.phone.clone()),
            email: Some(self.email.clone()),
            contract_ids: Vec::new(),
            additional_data: Document("{}".into()),
        }
    }

    /// The contract.
    pub fn contract(&self) -> Contract {
        Contract {
            id: ErpId { text: self.contract_id.clone(), is_integer: true },
            customer_id: self.id.clone(),
            document: Document(self.contract.to_string()),
        }
    }
}

/// A ticket of the demo tenant.
#[derive(Debug)]
pub struct DemoTicket {
    pub from: String,
    pub from_name: String,
    pub subject: String,
    pub body: String,
    pub status: &'static str,
    pub priority: &'static str,
    pub channel: &'static str,
    pub created_at: Timestamp,
    pub due_at: Timestamp,
    pub tag: TagId,
    pub agent: Option<AgentId>,
    pub subchannel: Option<SubchannelId>,
    pub customer_id: Option<String>,
    pub contract_id: Option<String>,
}

/// How many tickets the tenant has.
pub async fn count_tickets(db: &mut TenantConn) -> Result<usize, Error> {
    let tenant = db.tenant();
    let count =
        sqlx::query_scalar!(r#"select count(*) as "count!" from ticket where tenant_id = $1"#, tenant.0)
            .fetch_one(db.raw())
            .await?;
    Ok(usize::try_from(count).unwrap_or_default())
}

/// Inserts the customers and contracts that are not there yet.
pub async fn insert_customers(tx: &mut TenantTx, customers: &[DemoCustomer]) -> Result<(), Error> {
    let tenant = tx.tenant();
    let ids: Vec<&str> = customers.iter().map(|customer| customer.id.as_str()).collect();
    let firstnames: Vec<&str> = customers.iter().map(|customer| customer.firstname).collect();
    let lastnames: Vec<&str> = customers.iter().map(|customer| customer.lastname).collect();
    let addresses: Vec<&str> = customers.iter().map(|customer| customer.address.as_str()).collect();
    let phones: Vec<&str> = customers.iter().map(|customer| customer.phone.as_str()).collect();
    let emails: Vec<&str> = customers.iter().map(|customer| customer.email.as_str()).collect();
    let contract_ids: Vec<&str> = customers.iter().map(|customer| customer.contract_id.as_str()).collect();
    let contracts: Vec<Json<&Value>> = customers.iter().map(|customer| Json(&customer.contract)).collect();
    sqlx::query!(
        "
        with wanted as (
            select * from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[],
                $8::text[], $9::json[])
                as w (id, firstname, lastname, address, phone, email, contract_id, contract)
        ), known as (
            insert into customer (tenant_id, id, id_is_integer, business, firstname, lastname, address, phone, email)
            select $1, id, true, false, firstname, lastname, address, phone, email from wanted
            on conflict (tenant_id, id) do nothing
            returning 1
        )
        insert into contract (tenant_id, id, id_is_integer, customer_id, document)
        select $1, contract_id, true, id, contract from wanted
        on conflict (tenant_id, id) do nothing
        returning 1 as one
        ",
        tenant.0,
        ids as _,
        firstnames as _,
        lastnames as _,
        addresses as _,
        phones as _,
        emails as _,
        contract_ids as _,
        contracts as _,
    )
    .fetch_all(tx.raw())
    .await?;
    Ok(())
}

/// Inserts tickets, each with its tag, its opening message and its record.
pub async fn insert_tickets(tx: &mut TenantTx, tickets: &[DemoTicket]) -> Result<(), Error> {
    let tenant = tx.tenant();
    macro_rules! column {
        ($ticket:ident => $value:expr) => {
            &tickets.iter().map(|$ticket| $value).collect::<Vec<_>>()[..]
        };
    }
    // The ids come first, so that what hangs on a ticket can name it.
    let rows = sqlx::query_scalar!(
        "
        with wanted as materialized (
            select nextval(pg_get_serial_sequence('ticket', 'id')) as id, w.*
            from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
                $9::timestamptz[], $10::timestamptz[], $11::bigint[], $12::bigint[], $13::bigint[], $14::text[], $15::text[])
                as w (from_address, from_name, subject, body, status, priority, channel, created_at, due_at,
                    tag_id, agent_id, subchannel_id, customer_id, contract_id)
        ), made as (
            insert into ticket (tenant_id, id, channel, subchannel_id, direction, from_address, from_name, status,
                priority, subject, body, ai_support_level, created_at, due_at, closed_at, customer_id, contract_id,
                customer_legitimation, agent_id, public_id, last_message_at)
            select $1, id, channel, subchannel_id, 'in', from_address, from_name, status, priority, subject, body,
                'unprocessed', created_at, due_at, case when status = 'closed' then created_at + interval '5 minutes' end, customer_id,
                contract_id, case when contract_id is null then 0 else 20 end, agent_id,
                'tk_' || to_char(created_at at time zone 'UTC', 'YYYYMMDD') || '_'
                    || substr(replace(gen_random_uuid()::text, '-', ''), 1, 20), created_at
            from wanted
            returning 1
        ), tagged as (
            insert into ticket_tag (tenant_id, ticket_id, tag_id, source)
            select $1, id, tag_id, 'manual' from wanted
            returning 1
        ), opened as (
            insert into conversation (tenant_id, ticket_id, is_opening, direction, from_address, from_name, created_at)
            select $1, id, true, 'in', from_address, from_name, created_at from wanted
            returning 1
        )
        insert into activity (tenant_id, ticket_id, version, kind, at, actor_kind, via)
        select $1, id, 1, 'created', created_at, 'system', 'system' from wanted
        returning 1 as one
        ",
        tenant.0,
        column!(ticket => ticket.from.as_str()) as _,
        column!(ticket => ticket.from_name.as_str()) as _,
        column!(ticket => ticket.subject.as_str()) as _,
        column!(ticket => ticket.body.as_str()) as _,
        column!(ticket => ticket.status) as _,
        column!(ticket => ticket.priority) as _,
        column!(ticket => ticket.channel) as _,
        column!(ticket => time::bind(ticket.created_at)),
        column!(ticket => time::bind(ticket.due_at)),
        column!(ticket => ticket.tag.0),
        column!(ticket => ticket.agent.map(|id| id.0)) as _,
        column!(ticket => ticket.subchannel.map(|id| id.0)) as _,
        column!(ticket => ticket.customer_id.as_deref()) as _,
        column!(ticket => ticket.contract_id.as_deref()) as _,
    )
    .fetch_all(tx.raw())
    .await?;
    drop(rows);
    Ok(())
}
