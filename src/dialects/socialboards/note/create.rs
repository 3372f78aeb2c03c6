//! `POST /tickets/{ticketId}/notes`.

use utoipa::ToSchema;

use super::mention;
use super::wire::Note;
use crate::actions;
use crate::db::names;
use crate::dialects::socialboards::attachment::{self, BaseAttachment};
use crate::dialects::socialboards::envelope::Envelope;
use crate::dialects::socialboards::person::{self, Introduced};
use crate::dialects::socialboards::text;
use crate::domain::id::TicketId;
use crate::domain::message::{Author, NewMessage};
use crate::domain::ticket::Direction;
use crate::error::Error;
use crate::http::caller::Caller;
use crate::http::extract::{Body, PathId};
use crate::http::field::{AnyJson, Wrong};
use crate::http::read::{Ignored, Names, Reader};

/// A note to write.
#[derive(Debug, ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "it describes what is read member by member")]
pub struct CreateNote {
    #[schema(example = "Eva knows the customer.")]
    message: String,
    /// Whether the message is HTML; true by default.
    #[schema(required = false, example = true)]
    is_html: bool,
    #[schema(required = false)]
    attachments: Vec<BaseAttachment>,
    /// A teammate by `id` or email; absent or null: the program itself.
    author: Option<Introduced>,
    /// Ids of teammates.
    #[schema(required = false, example = json!(["43b8adc7-755d-2be3-afb1-b6a462631977"]))]
    mentioned_users: Vec<String>,
}

/// Write a note.
///
/// Provisional: the original's request is unknown.
#[utoipa::path(post, path = "/tickets/{ticketId}/notes", tag = "note", request_body = CreateNote,
    params(("ticketId" = i64, Path, description = "The ticket's id", example = 4_484_636)),
    responses(
        (status = OK, description = "The note", body = Envelope<Note>),
        (status = NOT_FOUND, description = "No such ticket"),
    ))]
pub async fn create(
    caller: Caller,
    id: PathId,
    Body(body): Body<AnyJson>,
) -> Result<(Ignored, Envelope<Note>), Error> {
    let mut reader = Reader::new(body, Names::AnyCase)?;
    let id = TicketId(id.of("ticket")?);
    let text = text::read_required(&mut reader).unwrap_or_default();
    let attachments = attachment::read(&mut reader).unwrap_or_default();
    let faults = reader.faults();
    let introduced = person::read_author(&mut reader, "author");
    let is_author_fine = reader.faults() == faults;
    let mentioned = mention::read(&mut reader).unwrap_or_default();
    let mut wanted = introduced.as_ref().map(person::wanted).unwrap_or_default();
    // The author comes behind those whom the note names.
    wanted.agents.splice(0..0, mentioned.iter().copied());
    let mut tx = caller.begin().await?;
    let named = names::resolve(&mut tx, &wanted).await?;
    let mentioned_agent_ids = mention::known(&mut reader, &named, mentioned.len());
    let mut authors = named.agents.iter().skip(mentioned.len()).chain(&named.agents_by_email);
    let agent = authors.find_map(|agent| *agent);
    if introduced.is_some() && agent.is_none() && is_author_fine {
        reader.refuse("author", &Wrong::new("agent_not_found", "must be a teammate"));
    }
    let ignored = reader.finish()?;
    let acting = caller.acting();
    let program = || Author::Program(acting.actor.name().unwrap_or_default().to_owned());
    let note = NewMessage {
        author: agent.map_or_else(program, Author::Agent),
        direction: Direction::Internal,
        is_private: true,
        is_draft: false,
        body: text.message,
        is_html: text.is_html,
        parent_id: None,
        to: Vec::new(),
        cc: Vec::new(),
        mentioned_agent_ids,
        attachments,
    };
    let written = actions::write_message(&mut tx, &acting, &caller.settings, id, note, None).await?;
    tx.commit().await?;
    Ok((ignored, Envelope::new(Note::new(written, caller.links()))))
}
