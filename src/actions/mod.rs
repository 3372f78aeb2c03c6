//! What can be done, whichever dialect asks. One verb a file, named as its function.

mod attach_uploads;
mod change_ticket;
mod create_tenant;
mod fill_demo;
mod find_contact;
mod issue_credential;
mod load_catalogue;
mod name_tags;
mod push_ticket;
mod put_directory;
mod record_findings;
mod save_ai_agent;
mod settings;
mod start_deferred;
mod store_upload;
mod update_tickets;
mod wake_snoozed;
mod write_message;

pub use attach_uploads::attachment_faults;
pub use change_ticket::{TicketChange, assign_ticket, change_ticket};
pub use create_tenant::{NewTenant, create_tenant};
pub use fill_demo::fill_demo;
pub use find_contact::find_contact;
pub use issue_credential::issue_credential;
pub use load_catalogue::load_catalogue;
pub use name_tags::name_tags;
pub use push_ticket::{Push, PushOptions, PushOutcome, Pushed, push_faults, push_ticket};
pub use put_directory::{put_contract, put_customer};
pub use record_findings::{Recorded, record_findings};
pub use save_ai_agent::{create_ai_agent, replace_ai_agent};
pub use settings::{get_setting, load_settings, put_setting};
pub use start_deferred::start_deferred;
pub use store_upload::{record_upload, store_file};
pub use update_tickets::{
    Again, Element, Options, Outcome, OutcomeKind, Request, reference_faults, update_tickets,
};
pub use wake_snoozed::wake_snoozed;
pub use write_message::{delete_message, update_message, write_message};
