//! The OpenAPI 3.1 document: what the routes say of themselves, and what holds for all of them.

use serde_json::{Value, json};
use utoipa::OpenApi;

use super::error::Problem;
use super::{PREFIX, public_routes, routes};
use crate::http::document::{self, Wire};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Tessera: Mind API",
        description = "Tickets, and what they refer to.\n\nErrors are `application/problem+json` and name every bad field by its JSON pointer. Unknown query parameters are ignored.",
        license(name = "Apache-2.0", identifier = "Apache-2.0")
    ),
    tags(
        (name = "ticket", description = "Tickets"),
        (name = "tag", description = "Tags"),
        (name = "intent", description = "What the senders of tickets want"),
        (name = "aiAgent", description = "What is found in tickets, and how"),
        (name = "customer", description = "The directory's customers"),
        (name = "contract", description = "The directory's contracts"),
        (name = "subchannel", description = "Mailboxes, lines, chats and forms"),
        (name = "profile", description = "People"),
        (name = "team", description = "Groups of people"),
        (name = "settings", description = "A tenant's own settings"),
        (name = "service", description = "The server itself"),
    ),
    components(schemas(Problem))
)]
struct Skeleton;

/// The document.
pub fn document() -> Value {
    let wire = Wire {
        prefix: PREFIX,
        schemes: json!({
            "bearerAuth": { "type": "http", "scheme": "bearer", "bearerFormat": "JWT" },
            "cookieAuth": {
                "type": "apiKey", "in": "cookie", "name": "token",
                "description": "The same JWT; the cookie `connect.sid` is read too. On an unsafe method it counts only from the same origin",
            },
        }),
        challenge: "Bearer",
        error: "Problem",
        error_type: "application/problem+json",
    };
    document::complete(Skeleton::openapi(), routes(), public_routes(), &wire)
}
