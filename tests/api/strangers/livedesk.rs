//! Where LiveDesk takes references.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::Place;

const MESSAGES: &str = "post /conversations/{conversation_id}/messages";

pub const PLACES: &[Place] = &[
    ("post /tickets", "/assignment_team", Some("team_name")),
    // The client's own, and addresses; a link to another's upload has a test beside that of uploads.
    ("post /tickets", "/attachments/-/file_url", None),
    ("post /tickets", "/requester/euid", None),
    ("post /tickets", "/requester/channel_contacts/channel_id", None),
    ("post /tickets", "/requester/channel_contacts/contact_id", None),
    ("post /tickets", "/requester/channel_contacts/sub_contact_id", None),
    ("post /tickets", "/requester/channel_contacts/followers/-/id", None),
    ("post /tickets", "/submitter/id", None),
    ("get /tickets/{ticket_id}", "{ticket_id}", Some("ticket_public_id")),
    ("put /tickets/{ticket_id}", "{ticket_id}", Some("ticket_public_id")),
    ("put /tickets/{ticket_id}", "/tags/-", Some("tag_name")),
    ("put /tickets/{ticket_id}", "/attachments/-/file_url", None),
    ("post /contacts", "/inbox_id", None),
    ("get /contacts", "?page", None),
    (MESSAGES, "{conversation_id}", Some("ticket_public_id")),
    // A message of any other ticket is refused: the test of messages says so.
    (MESSAGES, "/content_attributes/in_reply_to", None),
];

pub fn body(operation: &str, _own: &BTreeMap<&'static str, Value>) -> Value {
    match operation {
        "post /tickets" => json!({ "title": "a", "requester": { "euid": "a" } }),
        "put /tickets/{ticket_id}" => json!({ "title": "a", "description": "b" }),
        MESSAGES => json!({ "content": "a" }),
        _ => json!(null),
    }
}
