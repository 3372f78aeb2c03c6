//! `PATCH /tickets/{ticketId}/Category`.

use utoipa::ToSchema;

use super::change;
use super::create::read_category;
use crate::actions::TicketChange;
use crate::dialects::socialboards::envelope::{Empty, Envelope};
use crate::domain::detail::DetailPatch;
use crate::domain::id::TicketId;
use crate::error::Error;
use crate::http::caller::Caller;
use crate::http::extract::{Body, PathId};
use crate::http::field::{AnyJson, Wrong};
use crate::http::read::{Ignored, Names, Reader};

/// A category.
#[derive(Debug, ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "it describes what is read member by member")]
pub struct SetCategory {
    /// Must be there; null: uncategorized.
    #[schema(required = true, example = 15597)]
    category_id: Option<i64>,
}

/// Set a ticket's category.
///
/// Provisional: the original's request is unknown.
#[utoipa::path(patch, path = "/tickets/{ticketId}/category", tag = "ticket", request_body = SetCategory,
    params(("ticketId" = i64, Path, description = "The ticket's id", example = 4_484_636)),
    responses(
        (status = OK, description = "Set", body = Envelope<Empty>),
        (status = NOT_FOUND, description = "No such ticket"),
    ))]
pub async fn set_category(
    caller: Caller,
    id: PathId,
    Body(body): Body<AnyJson>,
) -> Result<(Ignored, Envelope<Empty>), Error> {
    let mut reader = Reader::new(body, Names::AnyCase)?;
    let id = TicketId(id.of("ticket")?);
    if !reader.has("categoryId") {
        reader.refuse("categoryId", &Wrong::new("required", "is required; null is uncategorized"));
    }
    let category_id = read_category(&mut reader, &caller.settings);
    let ignored = reader.finish()?;
    let detail = DetailPatch { category_id, ..DetailPatch::default() };
    let change = TicketChange { detail, ..TicketChange::default() };
    Ok((ignored, change::apply(&caller, id, change).await?))
}
