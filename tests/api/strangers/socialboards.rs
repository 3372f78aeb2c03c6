//! Where SocialBoards takes references.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::Place;

const TICKET: &str = "/tickets/{ticketId}";

pub const PLACES: &[Place] = &[
    // A credential, of which none is known here.
    ("post /token", "/client_id", None),
    ("post /tickets", "/assigneeId", Some("agent_guid")),
    ("post /tickets", "/categoryId", Some("category")),
    ("post /tickets", "/customFields/-/id", Some("custom_field")),
    ("post /tickets", "/tags/-", Some("tag_name")),
    // Whoever is not found by an id is found by the address beside it.
    ("post /tickets", "/creator/id", None),
    ("post /tickets/list", "/ticketIds/-", Some("ticket")),
    // A filter: what fits nothing is an empty list.
    ("post /tickets/list", "/categoryId", None),
    ("post /tickets/list", "/skip", None),
    ("post /tickets/list", "/take", None),
    ("get /tickets/{ticketId}", "{ticketId}", Some("ticket")),
    ("patch /tickets/{ticketId}/assignee", "{ticketId}", Some("ticket")),
    ("patch /tickets/{ticketId}/assignee", "/assigneeId", Some("agent_guid")),
    ("patch /tickets/{ticketId}/assignee", "/previousAssigneeId", Some("agent_guid")),
    ("patch /tickets/{ticketId}/status", "{ticketId}", Some("ticket")),
    ("patch /tickets/{ticketId}/category", "{ticketId}", Some("ticket")),
    ("patch /tickets/{ticketId}/category", "/categoryId", Some("category")),
    ("patch /tickets/{ticketId}/customfields", "{ticketId}", Some("ticket")),
    ("patch /tickets/{ticketId}/customfields", "/id", Some("custom_field")),
    ("post /tickets/{ticketId}/log", "{ticketId}", Some("ticket")),
    ("post /tickets/{ticketId}/log", "?skip", None),
    ("post /tickets/{ticketId}/log", "?take", None),
    ("post /tickets/{ticketId}/replies", "{ticketId}", Some("ticket")),
    ("post /tickets/{ticketId}/replies", "/parentReplyId", Some("reply")),
    ("post /tickets/{ticketId}/replies", "/author/id", None),
    ("get /tickets/{ticketId}/replies", "{ticketId}", Some("ticket")),
    ("get /tickets/{ticketId}/replies", "?skip", None),
    ("get /tickets/{ticketId}/replies", "?take", None),
    ("post /tickets/{ticketId}/replies/list", "{ticketId}", Some("ticket")),
    ("post /tickets/{ticketId}/replies/list", "/skip", None),
    ("post /tickets/{ticketId}/replies/list", "/take", None),
    ("post /tickets/{ticketId}/notes", "{ticketId}", Some("ticket")),
    ("post /tickets/{ticketId}/notes", "/author/id", None),
    ("patch /tickets/{ticketId}/notes/{noteId}", "{ticketId}", Some("ticket")),
    ("patch /tickets/{ticketId}/notes/{noteId}", "{noteId}", Some("note")),
    // The note is there once.
    ("delete /tickets/{ticketId}/notes/{noteId}", "{ticketId}", None),
    ("delete /tickets/{ticketId}/notes/{noteId}", "{noteId}", Some("note")),
    ("put /tickets/{ticketId}/tags", "{ticketId}", Some("ticket")),
    ("get /teammates", "?group", Some("team")),
];

pub fn body(operation: &str, own: &BTreeMap<&'static str, Value>) -> Value {
    let Some((method, path)) = operation.split_once(' ') else { return json!(null) };
    match (method, path.strip_prefix(TICKET).unwrap_or(path)) {
        ("post", "/tickets") => json!({ "message": "a", "creator": { "email": "a@example.com" } }),
        ("post", "/tickets/list" | "/replies/list") => json!({}),
        ("post", "/log") => json!({ "action_types": [] }),
        ("post", "/replies" | "/notes") => {
            json!({ "message": "a", "author": { "email": "eva@example.com" } })
        }
        // Whose it is, by now.
        ("patch", "/assignee") => {
            json!({ "assigneeId": own["agent_guid"], "previousAssigneeId": own["agent_guid"] })
        }
        ("patch", "/status") => json!({ "status": "open" }),
        ("patch", "/category") => json!({ "categoryId": null }),
        ("patch", "/customfields") => json!({ "id": own["custom_field"], "value": "a" }),
        ("patch", "/notes/{noteId}") => json!({ "message": "b" }),
        ("put", "/tags") => json!([]),
        _ => json!(null),
    }
}
