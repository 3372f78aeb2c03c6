//! Categories: the tenant's setting `categories`.

pub mod list;
mod wire;

pub use wire::Category;
