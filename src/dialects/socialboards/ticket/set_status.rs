//! `PATCH /tickets/{ticketId}/Status`.

use utoipa::ToSchema;

use super::change;
use super::words::WireStatus;
use crate::actions::TicketChange;
use crate::dialects::socialboards::envelope::{Empty, Envelope};
use crate::domain::change::Change;
use crate::domain::id::TicketId;
use crate::domain::patch::TicketPatch;
use crate::error::Error;
use crate::http::caller::Caller;
use crate::http::extract::{Body, PathId};
use crate::http::field::AnyJson;
use crate::http::read::{Ignored, Names, Reader};
use crate::http::value::Listed;

/// A status.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "it describes what is read member by member")]
pub struct SetStatus {
    /// `open`, `pending` or `completed`.
    #[schema(example = "completed")]
    status: String,
}

/// Set a ticket's status.
///
/// Provisional: the original's request is unknown.
#[utoipa::path(patch, path = "/tickets/{ticketId}/status", tag = "ticket", request_body = SetStatus,
    params(("ticketId" = i64, Path, description = "The ticket's id", example = 4_484_636)),
    responses(
        (status = OK, description = "Set", body = Envelope<Empty>),
        (status = NOT_FOUND, description = "No such ticket"),
    ))]
pub async fn set_status(
    caller: Caller,
    id: PathId,
    Body(body): Body<AnyJson>,
) -> Result<(Ignored, Envelope<Empty>), Error> {
    let mut reader = Reader::new(body, Names::AnyCase)?;
    let id = TicketId(id.of("ticket")?);
    let status = reader.required("status").map(|Listed::<WireStatus>(status)| status.wish());
    let ignored = reader.finish()?;
    let patch = TicketPatch { status: status.map_or(Change::Keep, Change::Set), ..TicketPatch::default() };
    let change = TicketChange { patch, ..TicketChange::default() };
    Ok((ignored, change::apply(&caller, id, change).await?))
}
