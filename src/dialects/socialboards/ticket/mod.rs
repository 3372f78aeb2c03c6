//! Tickets.

mod change;
pub mod create;
pub mod get;
pub mod list;
pub mod list_log;
mod log_item;
pub mod replace_tags;
pub mod set_assignee;
pub mod set_category;
pub mod set_custom_field;
pub mod set_status;
mod tag_names;
mod wire;
mod words;

pub use create::check_known;
