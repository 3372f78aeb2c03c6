//! `PATCH /tickets/{ticketId}/Assignee`: compare and set.

use utoipa::ToSchema;
use uuid::Uuid;

use crate::actions;
use crate::db::names::{self, Names as Wanted};
use crate::dialects::socialboards::envelope::{Empty, Envelope};
use crate::dialects::socialboards::guid::Guid;
use crate::domain::id::{AgentId, TicketId};
use crate::error::Error;
use crate::http::caller::Caller;
use crate::http::extract::{Body, PathId};
use crate::http::field::{AnyJson, Wrong};
use crate::http::read::{Ignored, Names, Reader};

/// Whom to assign, and who had it when the caller last looked. Both must be there; null, also as the text `null`, is
/// nobody.
#[derive(Debug, ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "it describes what is read member by member")]
pub struct SetAssignee {
    #[schema(required = true, example = "43b8adc7-755d-2be3-afb1-b6a462631977")]
    assignee_id: Option<String>,
    #[schema(required = true, example = "null")]
    previous_assignee_id: Option<String>,
}

/// Assign a ticket.
#[utoipa::path(patch, path = "/tickets/{ticketId}/assignee", tag = "ticket", request_body = SetAssignee,
    params(("ticketId" = i64, Path, description = "The ticket's id", example = 4_484_636)),
    responses(
        (status = OK, description = "Assigned", body = Envelope<Empty>),
        (status = NOT_FOUND, description = "No such ticket"),
        (status = CONFLICT, description = "Somebody else has it meanwhile"),
    ))]
pub async fn set_assignee(
    caller: Caller,
    id: PathId,
    Body(body): Body<AnyJson>,
) -> Result<(Ignored, Envelope<Empty>), Error> {
    let mut reader = Reader::new(body, Names::AnyCase)?;
    let id = TicketId(id.of("ticket")?);
    let owner = read_owner(&mut reader, "assigneeId");
    let previous = read_owner(&mut reader, "previousAssigneeId");
    let mut tx = caller.begin().await?;
    let agents = owner.into_iter().chain(previous).collect();
    let mut agents =
        names::resolve(&mut tx, &Wanted { agents, ..Wanted::default() }).await?.agents.into_iter();
    let new = owner.and_then(|_| agents.next().flatten());
    if owner.is_some() && new.is_none() {
        reader.refuse("assigneeId", &Wrong::new("agent_not_found", "must be the id of a teammate"));
    }
    // Somebody who is not there has no ticket: an id that nobody has.
    let expected = previous.map(|_| agents.next().flatten().unwrap_or(AgentId(0)));
    let ignored = reader.finish()?;
    let acting = caller.acting();
    let pointer = "/previousAssigneeId";
    actions::assign_ticket(&mut tx, &acting, &caller.settings, id, (expected, new), pointer).await?;
    tx.commit().await?;
    Ok((ignored, Envelope::new(Empty {})))
}

/// A member that must be there and may be null.
fn read_owner(reader: &mut Reader, name: &str) -> Option<Uuid> {
    if !reader.has(name) {
        reader.refuse(name, &Wrong::new("required", "is required; null is nobody"));
    }
    reader.optional(name).and_then(|Guid(id)| id)
}
