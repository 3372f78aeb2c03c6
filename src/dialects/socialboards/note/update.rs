//! `PATCH /tickets/{ticketId}/notes/{noteId}`.

use utoipa::ToSchema;

use super::mention;
use crate::actions;
use crate::db::names::{self, Names as Wanted};
use crate::dialects::socialboards::attachment::{self, BaseAttachment};
use crate::dialects::socialboards::envelope::{Empty, Envelope};
use crate::dialects::socialboards::text;
use crate::domain::id::{MessageId, TicketId};
use crate::domain::message::MessagePatch;
use crate::error::Error;
use crate::http::caller::Caller;
use crate::http::extract::{Body, PathIds};
use crate::http::field::{AnyJson, Wrong};
use crate::http::read::{Ignored, Names, Reader};

/// What to change of a note; what is absent or null stays.
#[derive(Debug, ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "it describes what is read member by member")]
pub struct UpdateNote {
    /// Never empty.
    #[schema(example = "Eva knows the customer well.")]
    message: Option<String>,
    /// Whether the message is HTML; true by default.
    #[schema(required = false, example = true)]
    is_html: bool,
    /// All of them.
    attachments: Option<Vec<BaseAttachment>>,
    /// Ids of teammates, all of them.
    mentioned_users: Option<Vec<String>>,
}

/// Change a note.
///
/// Provisional: the original's request is unknown. The author stays.
#[utoipa::path(patch, path = "/tickets/{ticketId}/notes/{noteId}", tag = "note", request_body = UpdateNote,
    params(
        ("ticketId" = i64, Path, description = "The ticket's id", example = 4_484_636),
        ("noteId" = i64, Path, description = "The note's id", example = 816),
    ),
    responses(
        (status = OK, description = "Changed", body = Envelope<Empty>),
        (status = NOT_FOUND, description = "No such ticket, or no such note of it"),
    ))]
pub async fn update(
    caller: Caller,
    PathIds(ticket, note): PathIds,
    Body(body): Body<AnyJson>,
) -> Result<(Ignored, Envelope<Empty>), Error> {
    let mut reader = Reader::new(body, Names::AnyCase)?;
    let id = (TicketId(ticket.of("ticket")?), MessageId(note.of("note")?));
    let is_said = reader.has("message");
    let faults = reader.faults();
    let text = text::read(&mut reader);
    if is_said && text.is_none() && reader.faults() == faults {
        reader.refuse("message", &Wrong::new("empty", "must not be empty"));
    }
    let attachments = attachment::read(&mut reader);
    let mentioned = mention::read(&mut reader);
    let agents = mentioned.clone().unwrap_or_default();
    let count = agents.len();
    let mut tx = caller.begin().await?;
    let named = names::resolve(&mut tx, &Wanted { agents, ..Wanted::default() }).await?;
    let known = mention::known(&mut reader, &named, count);
    let ignored = reader.finish()?;
    let patch = MessagePatch {
        body: text.map(|text| (text.message, text.is_html)),
        attachments,
        mentioned_agent_ids: mentioned.map(|_| known),
    };
    actions::update_message(&mut tx, &caller.acting(), &caller.settings, id, true, patch).await?;
    tx.commit().await?;
    Ok((ignored, Envelope::new(Empty {})))
}
