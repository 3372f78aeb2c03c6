//! The directory: customers and contracts as the tenant's back end has them.

use crate::domain::ticket::Document;

/// An id of the back end, which may be a number or a text there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ErpId {
    pub text: String,
    /// Whether it came as a number and goes back as one.
    pub is_integer: bool,
}

/// A customer with everything a full ticket view shows.
#[derive(Debug, Clone, PartialEq)]
pub struct Customer {
    pub id: ErpId,
    pub business: bool,
    pub company: Option<String>,
    pub firstname: Option<String>,
    pub lastname: Option<String>,
    pub address: Option<String>,
    pub phone: Option<String>,
    pub email: Option<String>,
    pub tags: Vec<CustomerTag>,
    pub additional_data: Document,
    pub contracts: Vec<Contract>,
}

/// A customer as a back end tells of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewCustomer {
    pub id: ErpId,
    pub business: bool,
    pub company: Option<String>,
    pub firstname: Option<String>,
    pub lastname: Option<String>,
    pub address: Option<String>,
    pub phone: Option<String>,
    pub email: Option<String>,
    /// Contracts that they have; the directory need not know them yet.
    pub contract_ids: Vec<ErpId>,
    pub additional_data: Document,
}

/// The short form in which a customer shows its tags.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomerTag {
    pub id: i64,
    pub name: String,
    pub color: String,
}

/// A contract: its ids, and what the back end says of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contract {
    pub id: ErpId,
    pub customer_id: String,
    /// A JSON object whose members differ from back end to back end.
    pub document: Document,
}
