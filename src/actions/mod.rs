//! What can be done, whichever dialect asks. One verb a file, named as its function.

mod create_tenant;
mod fill_demo;
mod push_ticket;
mod settings;
mod update_tickets;
mod wake_snoozed;

pub use create_tenant::{NewTenant, create_tenant};
pub use fill_demo::fill_demo;
pub use push_ticket::{Push, PushOptions, PushOutcome, push_faults, push_ticket};
pub use settings::{get_setting, load_settings, put_setting};
pub use update_tickets::{Element, Options, Outcome, OutcomeKind, Request, reference_faults, update_tickets};
pub use wake_snoozed::wake_snoozed;
