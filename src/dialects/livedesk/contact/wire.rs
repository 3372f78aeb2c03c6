//! A contact as answers show it.

use serde::Serialize;
use utoipa::ToSchema;

use crate::dialects::livedesk::moment;
use crate::domain::contact::Contact as DomainContact;

/// A contact.
#[expect(clippy::struct_field_names, reason = "the names are the reference's")]
#[derive(Debug, Serialize, ToSchema)]
pub struct Contact {
    #[schema(example = 7)]
    id: i64,
    #[schema(example = "Eva Beispiel")]
    name: Option<String>,
    #[schema(example = "eva@example.com")]
    email: Option<String>,
    #[schema(example = "+49 30 1234567")]
    phone_number: Option<String>,
    /// The `euid` of tickets.
    #[schema(example = "contact_12345")]
    identifier: Option<String>,
    #[schema(example = "https://example.com/eva.png")]
    avatar_url: Option<String>,
    /// The same.
    #[schema(example = "https://example.com/eva.png")]
    thumbnail: Option<String>,
    /// Always `offline`.
    #[schema(example = "offline")]
    availability_status: &'static str,
    /// Always empty.
    #[schema(value_type = Object)]
    additional_attributes: Empty,
    /// Always empty.
    #[schema(value_type = Object)]
    custom_attributes: Empty,
    #[schema(example = "2025-11-04T08:15:00Z")]
    created_at: String,
    #[schema(example = "2025-11-04T09:30:00Z")]
    last_activity_at: String,
    /// Where the contact is known; left out where the request says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    contact_inboxes: Option<Vec<ContactInbox>>,
}

/// An object without members.
#[derive(Debug, Serialize)]
struct Empty {}

/// An inbox in which a contact is known.
#[derive(Debug, Serialize, ToSchema)]
pub struct ContactInbox {
    /// The contact's id there; null where none was said.
    #[schema(example = "-1001234567890")]
    source_id: Option<String>,
    inbox: Inbox,
}

/// An inbox.
#[derive(Debug, Serialize, ToSchema)]
pub struct Inbox {
    #[schema(example = "inbox_100")]
    id: String,
}

impl Contact {
    /// With the channels in which it is known: the channel's id and the contact's in it. `None` leaves them out.
    pub fn new(contact: DomainContact, channels: Option<Vec<(String, String)>>) -> Self {
        let first = contact.inbox;
        let contact_inboxes = channels.map(|channels| {
            let is_known = channels.iter().any(|(channel, _)| Some(channel) == first.as_ref());
            let first = first.filter(|_| !is_known).map(|inbox| (inbox, None));
            let all = first.into_iter().chain(channels.into_iter().map(|(channel, id)| (channel, Some(id))));
            all.map(|(id, source_id)| ContactInbox { source_id, inbox: Inbox { id } }).collect()
        });
        Self {
            id: contact.id.0,
            name: contact.name,
            email: contact.email,
            phone_number: contact.phone,
            identifier: contact.euid.or(contact.custom_identifier),
            avatar_url: contact.image.clone(),
            thumbnail: contact.image,
            availability_status: "offline",
            additional_attributes: Empty {},
            custom_attributes: Empty {},
            created_at: moment::show(contact.created_at),
            last_activity_at: moment::show(contact.last_activity_at),
            contact_inboxes,
        }
    }
}
