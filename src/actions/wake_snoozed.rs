//! Opening the tickets whose snooze is over.

use std::sync::Arc;

use super::update_tickets::{Again, Element, Options, Request, update_tickets};
use crate::db::{TenantDb, tickets};
use crate::domain::activity::Acting;
use crate::domain::change::Change;
use crate::domain::patch::{StatusWish, TicketPatch};
use crate::domain::settings::Settings;
use crate::error::Error;

/// How many tickets one transaction opens.
const BATCH: i64 = 500;

/// Opens a tenant's pending tickets whose due date has come (enneo Mind: a pending ticket opens by
/// itself), in batches. Returns how many there were.
pub async fn wake_snoozed(db: &TenantDb, acting: &Acting) -> Result<usize, Error> {
    let mut woken = 0;
    loop {
        let mut tx = db.begin().await?;
        let due = tickets::due_snoozed(&mut tx, acting.now, BATCH).await?;
        if due.is_empty() {
            return Ok(woken);
        }
        woken += due.len();
        let open = Arc::new(TicketPatch { status: Change::Set(StatusWish::Open), ..TicketPatch::default() });
        let elements = due
            .into_iter()
            .map(|id| Element {
                id,
                expected_version: None,
                request: Request::Change(open.clone()),
                also: Vec::new(),
            })
            .collect();
        // Opening has nothing to do with a tenant's calendar, which only tags ask for.
        update_tickets(
            &mut tx,
            acting,
            &Settings::default(),
            elements,
            Options { worklog: false, private_tags: true, analysis: Again::No },
        )
        .await?;
        tx.commit().await?;
    }
}
