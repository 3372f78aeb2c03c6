//! `GET /ticket/{ticketId}`: everything around a ticket (seed: "Get a ticket, full data").

use axum::response::{IntoResponse, Response};
use jiff::{SignedDuration, Timestamp};

use super::processing::Processing;
use super::wire::{Show, Ticket};
use crate::actions::{self, Again, Element, Options, Request};
use crate::db::ticket_view::{self, Look};
use crate::domain::activity::Actor;
use crate::domain::analysis::Scope;
use crate::domain::id::TicketId;
use crate::error::Error;
use crate::http::caller::{Caller, CallerRole};
use crate::http::extract::{PathId, Query};
use crate::http::json::Json;

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
        ("refresh" = Option<bool>, Query, description = "Clears customer, contract, legitimation, intents and tags, whoever set them, and analyses everything inside the request; for people alone; false by default"),
        ("erpCacheOnly" = Option<bool>, Query, description = "Accepted; asking the back end comes later"),
    ),
    responses(
        (status = OK, description = "The ticket", body = Ticket,
            headers(("Tessera-Processing" = String, description = "Where this look or `refresh` had the ticket analysed: `done` or `queued`"))),
        (status = FORBIDDEN, description = "`refresh` by a program"),
        (status = NOT_FOUND, description = "No such ticket"),
    ))]
pub async fn get(caller: Caller, id: PathId, mut query: Query) -> Result<Response, Error> {
    let now = caller.acting().now;
    let look = Look {
        raw_data: query.flag("includeRawData", false),
        customer: query.flag("includeCustomer", true),
        intents: query.flag("includeIntents", true),
        private_tags: caller.sees_private_tags(),
        active_since: an_hour_before(now),
    };
    let viewing = query.flag("viewing", true);
    let refresh = query.flag("refresh", false);
    query.flag("erpCacheOnly", false);
    query.check()?;
    let id = TicketId(id.of("ticket")?);
    // A program is no viewer.
    let person = match &caller.actor {
        Actor::Agent { id, name } if caller.role != CallerRole::Integration => Some((*id, name)),
        _ => None,
    };
    if refresh && person.is_none() {
        return Err(Error::Forbidden("only a person may have a ticket analysed from scratch"));
    }
    let view = match person {
        Some((agent, name)) if viewing => {
            let mut tx = caller.begin_unhurried().await?;
            ticket_view::record(&mut tx, id, agent, name, now).await?;
            let view = ticket_view::get(&mut tx, id, look).await?;
            tx.commit().await?;
            view
        }
        _ => {
            let mut connection = caller.connect().await?;
            let view = ticket_view::get(&mut connection, id, look).await?;
            connection.end();
            view
        }
    };
    let mut view = view.ok_or(Error::NotFound("ticket"))?;
    let mut processing = None;
    if refresh || view.ticket.analysis_deferred && viewing && person.is_some() {
        let acting = caller.acting();
        let mut tx = caller.begin().await?;
        if refresh {
            let request = Request::Refresh(Scope::Reset);
            let element = Element { id, expected_version: None, request, also: Vec::new() };
            let options = Options { worklog: false, private_tags: true, analysis: Again::No };
            actions::update_tickets(&mut tx, &acting, &caller.settings, vec![element], options).await?;
        } else {
            actions::start_deferred(&mut tx, &acting, id).await?;
        }
        tx.commit().await?;
        let done = caller.app.analyse_now(caller.tenant, id).await;
        if done {
            let seen = ticket_view::get(&mut caller.connect().await?, id, look).await?;
            view = seen.ok_or(Error::NotFound("ticket"))?;
        }
        processing = Some(Processing::of(done));
    }
    let zone = &caller.settings.calendar.zone;
    let links = caller.links();
    let show = Show {
        zone,
        now,
        customer: look.customer,
        intents: look.intents,
        links,
        categories: &caller.settings.categories,
    };
    Ok((Processing::header(processing), Json(Ticket::new(view, show))).into_response())
}

/// The beginning of the hour in which somebody "works on" a ticket.
pub fn an_hour_before(now: Timestamp) -> Timestamp {
    now.checked_sub(SignedDuration::from_hours(1)).unwrap_or(Timestamp::MIN)
}
