//! Teammates: the tenant's people.

pub mod list;
