//! People on the Mind wire: `/profile` and `/profiles`.

pub mod create;
pub mod get;
pub mod list;
pub mod wire;
