//! `GET /tickets/{ticket_id}`.

use serde::Serialize;
use utoipa::ToSchema;

use crate::dialects::livedesk::envelope::Envelope;
use crate::error::Error;
use crate::http::caller::Caller;
use crate::http::extract::PathName;

/// A ticket.
#[derive(Debug, Serialize, ToSchema)]
pub struct Ticket {
    #[schema(example = "tk_20251104_789abc")]
    ticket_id: String,
}

/// Get a ticket.
#[utoipa::path(get, path = "/tickets/{ticket_id}", tag = "ticket",
    params(("ticket_id" = String, Path, description = "The ticket's id", example = "tk_20251104_789abc")),
    responses(
        (status = OK, description = "The ticket", body = Envelope<Ticket>),
        (status = NOT_FOUND, description = "No such ticket"),
    ))]
pub async fn get(_caller: Caller, PathName(_ticket_id): PathName) -> Result<Envelope<Ticket>, Error> {
    // No ticket has such an id yet.
    Err(Error::NotFound("ticket"))
}
