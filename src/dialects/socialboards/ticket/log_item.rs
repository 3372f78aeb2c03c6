//! An entry of a ticket's log.

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::words::WireStatus;
use crate::db::ticket_log::Event;
use crate::dialects::socialboards::category::Category;
use crate::dialects::socialboards::moment;
use crate::dialects::socialboards::person::User;
use crate::domain::message::{Person, Side};
use crate::domain::settings::Settings;
use crate::domain::ticket::{Document, Status};
use crate::domain::word::Word;

/// The types of actions, and what the core calls them.
pub const TYPES: [(&str, &str); 7] = [
    ("ticket_created", "created"),
    ("ticket_read", "viewed"),
    ("ticket_status_changed", "status"),
    ("ticket_assigned_to_user", "agent_id"),
    ("ticket_category_changed", "category"),
    ("reply_created", "reply"),
    ("note_created", "note"),
];

/// Something that happened to a ticket.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct LogItem {
    /// For people; what stands in braces is found in `includedItems`.
    #[schema(
        example = "{User:43b8adc7-755d-2be3-afb1-b6a462631977} changed the status from open to completed"
    )]
    action_string: String,
    /// `ticket_created`, `ticket_read`, `ticket_status_changed`, `ticket_assigned_to_user`, `reply_created`; ours are
    /// `ticket_category_changed` and `note_created`.
    #[schema(example = "ticket_status_changed")]
    action_type: &'static str,
    included_items: IncludedItems,
    #[schema(example = "2026-11-21T09:30:00.1234560+00:00")]
    time: String,
    /// Who did it.
    user: User,
}

/// Whom and what an action is about.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct IncludedItems {
    categories: Vec<Category>,
    /// Always empty.
    #[schema(value_type = Vec<String>)]
    tags: [String; 0],
    users: Vec<User>,
}

impl LogItem {
    /// Returns `None` for what is not told.
    pub fn new(event: Event, settings: &Settings) -> Option<Self> {
        let (action_type, _) = TYPES.into_iter().find(|(_, what)| *what == event.what)?;
        let (from, to) = (value(&event.from), value(&event.to));
        let time = moment::write(event.at);
        let person =
            || event.agent.clone().map_or_else(|| User::program(event.actor_name.clone()), User::from);
        let user = || author(&to).unwrap_or_else(person);
        let mut included = IncludedItems::default();
        let who = user().placeholder();
        let action_string = match action_type {
            "ticket_created" => format!("{who} created the ticket"),
            "ticket_read" => format!("{who} read the ticket"),
            "ticket_status_changed" => {
                format!("{who} changed the status from {} to {}", status(&from), status(&to))
            }
            "ticket_assigned_to_user" => match event.owner {
                Some(owner) => {
                    let owner = User::from(owner);
                    let text = format!("{who} assigned the ticket to {}", owner.placeholder());
                    included.users.push(owner);
                    text
                }
                None => format!("{who} assigned the ticket to nobody"),
            },
            "ticket_category_changed" => match to.as_i64() {
                Some(id) => {
                    included.categories.push(Category::of(id, settings));
                    format!("{who} changed the category to {{Category:{id}}}")
                }
                None => format!("{who} took the category away"),
            },
            "note_created" => format!("{who} wrote a note"),
            _ => format!("{who} replied"),
        };
        included.users.insert(0, user());
        let user = user();
        Some(Self { action_string, action_type, included_items: included, time, user })
    }
}

/// The author of a message that was recorded.
fn author(message: &Value) -> Option<User> {
    let author = message.get("author")?;
    let text = |name: &str| author.get(name).and_then(Value::as_str).map(str::to_owned);
    let side = match author.get("side").and_then(Value::as_str) {
        Some("team") => Side::Team,
        Some("client") => Side::Client,
        _ => Side::Program,
    };
    Some(User::from(Person {
        guid: text("id").and_then(|id| id.parse().ok()),
        side,
        name: text("name").unwrap_or_default(),
        email: text("email"),
        phone: None,
        image: None,
        external_id: None,
        custom_identifier: None,
    }))
}

fn status(value: &Value) -> &'static str {
    let status = value.as_str().and_then(Status::parse);
    status.map_or("unknown", |status| WireStatus::of(status).as_str())
}

/// What is recorded was JSON when it was written.
fn value(document: &Document) -> Value {
    serde_json::from_str(&document.0).unwrap_or_default()
}
