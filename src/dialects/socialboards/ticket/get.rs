//! `GET /tickets/{ticketId}`.

use super::wire::Ticket;
use crate::db::ticket_cards;
use crate::dialects::socialboards::envelope::Envelope;
use crate::domain::id::TicketId;
use crate::error::Error;
use crate::http::caller::Caller;
use crate::http::extract::PathId;

/// Get a ticket.
#[utoipa::path(get, path = "/tickets/{ticketId}", tag = "ticket",
    params(("ticketId" = i64, Path, description = "The ticket's id", example = 4_484_636)),
    responses(
        (status = OK, description = "The ticket", body = Envelope<Ticket>),
        (status = NOT_FOUND, description = "No such ticket"),
    ))]
pub async fn get(caller: Caller, id: PathId) -> Result<Envelope<Ticket>, Error> {
    let id = TicketId(id.of("ticket")?);
    let card = ticket_cards::list(&mut caller.connect().await?, &[id]).await?.pop();
    let card = card.ok_or(Error::NotFound("ticket"))?;
    Ok(Envelope::new(Ticket::new(card, &caller.settings, caller.links(), caller.app.clock.now())))
}
