//! `POST /tickets/{ticketId}/log`.

use utoipa::ToSchema;

use super::log_item::{LogItem, TYPES};
use crate::db::{ticket_log, tickets};
use crate::dialects::socialboards::envelope::Envelope;
use crate::dialects::socialboards::page::Page;
use crate::domain::id::TicketId;
use crate::error::Error;
use crate::http::caller::Caller;
use crate::http::extract::{Body, PathId, Query};
use crate::http::field::AnyJson;
use crate::http::read::{Ignored, Names, Reader};

/// Which actions.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "it describes what is read member by member")]
pub struct ListLog {
    /// Empty or absent: all. A type that there is not has none.
    #[schema(required = false, example = json!(["ticket_status_changed"]))]
    action_types: Vec<String>,
}

/// List what happened to a ticket, the latest first.
#[utoipa::path(post, path = "/tickets/{ticketId}/log", tag = "ticket", request_body = ListLog,
    params(
        ("ticketId" = i64, Path, description = "The ticket's id", example = 4_484_636),
        ("take" = Option<i64>, Query, description = "25 by default; more than 50 are 50", example = 25),
        ("skip" = Option<i64>, Query, description = "0 by default", example = 0),
    ),
    responses(
        (status = OK, description = "What happened", body = Envelope<Vec<LogItem>>),
        (status = NOT_FOUND, description = "No such ticket"),
    ))]
pub async fn list_log(
    caller: Caller,
    id: PathId,
    mut query: Query,
    Body(body): Body<AnyJson>,
) -> Result<(Ignored, Envelope<Vec<LogItem>>), Error> {
    let mut reader = Reader::new(body, Names::AnyCase)?;
    let page = Page::of(&mut query);
    let types = reader.optional::<Vec<String>>("action_types").unwrap_or_default();
    let ignored = reader.finish_with(query)?;
    let id = TicketId(id.of("ticket")?);
    let mut db = caller.connect().await?;
    if !tickets::exists(&mut db, id).await? {
        return Err(Error::NotFound("ticket"));
    }
    let kinds = kinds(&types);
    let events = if kinds.is_empty() && !types.is_empty() {
        Vec::new()
    } else {
        ticket_log::list(&mut db, id, &kinds, page.take, page.skip).await?
    };
    let items = events.into_iter().filter_map(|event| LogItem::new(event, &caller.settings));
    Ok((ignored, Envelope::new(items.collect())))
}

/// What the core calls the types that there are.
fn kinds(types: &[String]) -> Vec<String> {
    let known = TYPES.iter().filter(|(known, _)| types.iter().any(|name| name == known));
    known.map(|(_, kind)| (*kind).to_owned()).collect()
}
