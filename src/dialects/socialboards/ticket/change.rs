//! What every change of one thing about a ticket ends in.

use crate::actions::{self, Options, TicketChange};
use crate::dialects::socialboards::envelope::{Empty, Envelope};
use crate::domain::id::TicketId;
use crate::error::Error;
use crate::http::caller::Caller;

/// Changes a ticket. Errors with 404 where this tenant has no such ticket.
pub async fn apply(caller: &Caller, id: TicketId, change: TicketChange) -> Result<Envelope<Empty>, Error> {
    let mut tx = caller.begin().await?;
    let acting = caller.acting();
    actions::change_ticket(&mut tx, &acting, &caller.settings, id, change, Options::unanalysed()).await?;
    tx.commit().await?;
    Ok(Envelope::new(Empty {}))
}
