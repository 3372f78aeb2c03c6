//! Analysing what waited for somebody to look at it.

use crate::db::{TenantTx, tickets};
use crate::domain::activity::Acting;
use crate::domain::id::TicketId;
use crate::error::Error;
use crate::jobs::analyze_ticket;

/// Writes the job of a deferred analysis, once: whoever looks at the same moment finds the job, or the run, of the
/// first.
pub async fn start_deferred(tx: &mut TenantTx, acting: &Acting, id: TicketId) -> Result<(), Error> {
    if tickets::waits_for_look(tx, id, analyze_ticket::KIND).await? {
        tickets::update_many(tx, Vec::new(), &[(id, analyze_ticket::now())], acting, None).await?;
    }
    Ok(())
}
