//! Where Mind takes references.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::Place;

pub const PLACES: &[Place] = &[
    ("post /ticket", "/subchannelId", Some("subchannel")),
    ("post /ticket", "/tags/-", Some("tag")),
    ("post /ticket", "/agentId", Some("agent")),
    // The back end's, the partner's, and what does not exist yet.
    ("post /ticket", "/contractId", None),
    ("post /ticket", "/externalTicketId", None),
    ("post /ticket", "/templateId", None),
    ("patch /ticket", "/id", Some("ticket")),
    ("patch /ticket", "/subchannelId", Some("subchannel")),
    ("patch /ticket", "/responderId", Some("agent")),
    ("patch /ticket", "/agentId", Some("agent")),
    ("patch /ticket", "/assignedAgentIds/-", Some("agent")),
    ("patch /ticket", "/tagIds/-", Some("tag")),
    ("patch /ticket", "/addTagIds/-", Some("tag")),
    ("patch /ticket", "/removeTagIds/-", Some("tag")),
    ("patch /ticket", "/externalTicketId", None),
    ("patch /ticket", "/channelId", None),
    ("patch /ticket", "/customerId", None),
    ("patch /ticket", "/contractId", None),
    ("patch /ticket", "/partnerId", None),
    ("patch /ticket", "/customerLegitimation", None),
    ("patch /ticket", "/expectedVersion", None),
    ("get /ticket/{ticketId}", "{ticketId}", Some("ticket")),
    ("post /tag", "/parent", Some("tag")),
    ("post /tag", "/subchannels/-", Some("subchannel")),
    ("get /tag/{id}", "{id}", Some("tag")),
    ("get /settings/subchannel", "?id", Some("subchannel")),
    // A number of hits and where they begin.
    ("get /profiles", "?limit", None),
    ("get /profiles", "?offset", None),
    ("post /tag", "/sla", None),
    ("post /profile", "/externalId", None),
    ("get /ticket/{ticketId}/activity", "{ticketId}", Some("ticket")),
    ("get /ticket/{ticketId}/activity", "?limit", None),
    ("get /ticket/{ticketId}/activity", "?offset", None),
    ("get /intent/byTicketId/{ticketId}", "{ticketId}", Some("ticket")),
    // The back end's own; every tenant may have the same.
    ("put /customer/{id}", "/contractIds/-", None),
    ("put /customer/{id}", "/id", None),
    ("put /customer/{id}", "{id}", None),
    ("put /contract/{id}", "{id}", None),
    ("get /customer/byCustomerId/{id}", "{id}", None),
    ("post /aiAgent", "/id", None),
    ("post /aiAgent", "/options/-/order", None),
    ("post /aiAgent", "/tagId", Some("tag")),
    ("get /aiAgents", "?limit", None),
    ("get /aiAgents", "?offset", None),
    ("get /aiAgent/{id}", "{id}", Some("ai_agent")),
    ("patch /aiAgent/{id}", "{id}", Some("ai_agent")),
    ("delete /aiAgent/{id}", "{id}", Some("ai_agent")),
    ("post /profile", "/settings/teamIds/-", Some("team")),
];

pub fn body(operation: &str, own: &BTreeMap<&'static str, Value>) -> Value {
    match operation {
        "post /ticket" => json!({ "channel": "email" }),
        "patch /ticket" => json!([{ "id": own["ticket"] }]),
        "post /tag" => json!({ "name": "A tag", "type": "skill" }),
        "post /aiAgent" => json!({ "code": "deposit", "name": "Deposit" }),
        "post /profile" => json!({ "email": "new@example.com" }),
        "patch /aiAgent/{id}" => json!({}),
        _ => json!(null),
    }
}
