//! `GET /ticket/{ticketId}`: everything around a ticket (seed: "Get a ticket, full data").

use axum::Json;
use jiff::{SignedDuration, Timestamp};

use super::wire::{Show, Ticket};
use crate::db::ticket_view::{self, Look};
use crate::domain::activity::Actor;
use crate::domain::id::TicketId;
use crate::error::Error;
use crate::http::caller::{Caller, CallerRole};
use crate::http::extract::{PathId, Query};

/// Get a ticket.
///
/// With `viewing` (the default), a person's look is noted: in `workedOnBy` for an hour, and in the
/// ticket's record. A program's look is not.
#[utoipa::path(get, path = "/ticket/{ticketId}", tag = "ticket",
    params(
        ("ticketId" = i64, Path, description = "The ticket's id", example = 376_189),
        ("viewing" = Option<bool>, Query, description = "Whether this counts as opening the ticket; true by default"),
        ("includeRawData" = Option<bool>, Query, description = "Fill `rawData`; false by default"),
        ("includeCustomer" = Option<bool>, Query, description = "The whole customer; true by default"),
        ("includeIntents" = Option<bool>, Query, description = "The intents; true by default"),
        ("refresh" = Option<bool>, Query, description = "Accepted; analysing again comes later"),
        ("erpCacheOnly" = Option<bool>, Query, description = "Accepted; asking the back end comes later"),
    ),
    responses(
        (status = OK, description = "The ticket", body = Ticket),
        (status = NOT_FOUND, description = "No such ticket"),
    ))]
pub async fn get(caller: Caller, id: PathId, mut query: Query) -> Result<Json<Ticket>, Error> {
    let now = caller.acting().now;
    let look = Look {
        raw_data: query.flag("includeRawData", false),
        customer: query.flag("includeCustomer", true),
        intents: query.flag("includeIntents", true),
        private_tags: caller.sees_private_tags(),
        active_since: an_hour_before(now),
    };
    let viewing = query.flag("viewing", true);
    query.flag("refresh", false);
    query.flag("erpCacheOnly", false);
    query.check()?;
    let id = TicketId(id.of("ticket")?);
    let view = match &caller.actor {
        Actor::Agent { id: agent, name } if viewing && caller.role != CallerRole::Integration => {
            let mut tx = caller.begin_unhurried().await?;
            ticket_view::record(&mut tx, id, *agent, name, now).await?;
            let view = ticket_view::get(&mut tx, id, look).await?;
            tx.commit().await?;
            view
        }
        _ => ticket_view::get(&mut caller.connect().await?, id, look).await?,
    };
    let zone = &caller.settings.calendar.zone;
    let show = Show { zone, now, customer: look.customer, intents: look.intents };
    Ok(Json(Ticket::new(view.ok_or(Error::NotFound("ticket"))?, show)))
}

/// The beginning of the hour in which somebody "works on" a ticket.
pub fn an_hour_before(now: Timestamp) -> Timestamp {
    now.checked_sub(SignedDuration::from_hours(1)).unwrap_or(Timestamp::MIN)
}
