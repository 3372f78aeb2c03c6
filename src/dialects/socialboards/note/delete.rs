//! `DELETE /tickets/{ticketId}/notes/{noteId}`.

use crate::actions;
use crate::dialects::socialboards::envelope::{Empty, Envelope};
use crate::domain::id::{MessageId, TicketId};
use crate::error::Error;
use crate::http::caller::Caller;
use crate::http::extract::PathIds;

/// Delete a note.
///
/// Provisional: the original's request is unknown. The ticket's record keeps what it said.
#[utoipa::path(delete, path = "/tickets/{ticketId}/notes/{noteId}", tag = "note",
    params(
        ("ticketId" = i64, Path, description = "The ticket's id", example = 4_484_636),
        ("noteId" = i64, Path, description = "The note's id", example = 816),
    ),
    responses(
        (status = OK, description = "Deleted", body = Envelope<Empty>),
        (status = NOT_FOUND, description = "No such ticket, or no such note of it"),
    ))]
pub async fn delete(caller: Caller, PathIds(ticket, note): PathIds) -> Result<Envelope<Empty>, Error> {
    let id = (TicketId(ticket.of("ticket")?), MessageId(note.of("note")?));
    let mut tx = caller.begin().await?;
    actions::delete_message(&mut tx, &caller.acting(), &caller.settings, id, true).await?;
    tx.commit().await?;
    Ok(Envelope::new(Empty {}))
}
