//! Custom fields: the tenant's setting `customFields`, and the values that tickets have.

pub mod list;
mod value;
mod wire;

pub use value::read;
pub use wire::CustomField;
