//! `POST /tickets/{ticketId}/replies`.

use utoipa::ToSchema;

use super::wire::Reply;
use crate::actions;
use crate::db::messages::{self, Which};
use crate::db::names::{self, Named};
use crate::db::{TenantTx, tickets};
use crate::dialects::socialboards::attachment::{self, BaseAttachment};
use crate::dialects::socialboards::envelope::Envelope;
use crate::dialects::socialboards::person::{self, Introduced};
use crate::dialects::socialboards::text::{self, Text};
use crate::dialects::socialboards::ticket::check_known;
use crate::domain::attachment::NewAttachment;
use crate::domain::contact::Introduction;
use crate::domain::id::{AgentId, MessageId, TicketId};
use crate::domain::mail;
use crate::domain::message::{Author, NewMessage};
use crate::domain::patch::StatusWish;
use crate::domain::ticket::{Direction, Ticket};
use crate::error::Error;
use crate::http::caller::Caller;
use crate::http::extract::{Body, PathId};
use crate::http::field::{AnyJson, Wrong};
use crate::http::read::{Ignored, Names, Reader};
use crate::http::value::Id;

/// A reply to write.
#[derive(Debug, ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "it describes what is read member by member")]
pub struct CreateReply {
    /// A teammate by `id` or email; else a client, found or made as a ticket's creator is.
    author: Introduced,
    #[schema(example = "Please find it attached.")]
    message: String,
    /// Whether the message is HTML; true by default.
    #[schema(required = false, example = true)]
    is_html: bool,
    #[schema(required = false)]
    attachments: Vec<BaseAttachment>,
    /// A reply of the same ticket; null: it answers the ticket itself.
    parent_reply_id: Option<i64>,
    /// A draft changes nothing but itself; false by default.
    #[schema(required = false)]
    is_draft: bool,
    /// The ticket's status becomes `completed`; false by default.
    #[schema(required = false)]
    is_ticket_needed_to_be_completed: bool,
    /// The status does not follow from who replies; false by default.
    #[schema(required = false)]
    suppress_ticket_status_autoupdate: bool,
}

struct New {
    author: Introduction,
    text: Option<Text>,
    attachments: Vec<NewAttachment>,
    parent_id: Option<MessageId>,
    is_draft: bool,
    completes: bool,
    keeps_status: bool,
}

/// Reply to a ticket.
///
/// A reply of the team makes the ticket `pending`, one of a client `open`.
#[utoipa::path(post, path = "/tickets/{ticketId}/replies", tag = "reply", request_body = CreateReply,
    params(("ticketId" = i64, Path, description = "The ticket's id", example = 4_484_636)),
    responses(
        (status = OK, description = "The reply", body = Envelope<Reply>),
        (status = NOT_FOUND, description = "No such ticket"),
    ))]
pub async fn create(
    caller: Caller,
    id: PathId,
    Body(body): Body<AnyJson>,
) -> Result<(Ignored, Envelope<Reply>), Error> {
    let mut reader = Reader::new(body, Names::AnyCase)?;
    let id = TicketId(id.of("ticket")?);
    let new = New::read(&mut reader);
    let mut tx = caller.begin().await?;
    // With its people: they are whom a reply of the team goes to.
    let ticket = tickets::lock(&mut tx, &[id], true).await?.pop().ok_or(Error::NotFound("ticket"))?;
    if let Some(parent) = new.parent_id {
        let found = messages::list(&mut tx, id, Which::One(parent), 1, 0).await?.pop();
        if found.is_none_or(|message| message.is_note() || message.is_draft) {
            let message = format!("must be a reply of the ticket; there is none with the id {parent}");
            reader.refuse("parentReplyId", &Wrong::new("reply_not_found", message));
        }
    }
    let named = names::resolve(&mut tx, &person::wanted(&new.author)).await?;
    let ignored = reader.finish()?;
    let acting = caller.acting();
    let author = if let Some(agent) = teammate(&named) {
        Author::Agent(agent)
    } else {
        check_known(&mut tx, &new.author, "/author/id").await?;
        Author::Contact(actions::find_contact(&mut tx, &acting, &new.author).await?.id)
    };
    let (message, status) = new.into_message(author, ticket);
    let written = write(&mut tx, &caller, id, message, status).await?;
    tx.commit().await?;
    Ok((ignored, Envelope::new(written)))
}

async fn write(
    tx: &mut TenantTx,
    caller: &Caller,
    id: TicketId,
    message: NewMessage,
    status: Option<StatusWish>,
) -> Result<Reply, Error> {
    let acting = caller.acting();
    let written = actions::write_message(tx, &acting, &caller.settings, id, message, status).await?;
    Ok(Reply::new(written, caller.links()))
}

/// The teammate whom the author's id or email names.
fn teammate(named: &Named) -> Option<AgentId> {
    named.agents.iter().chain(&named.agents_by_email).copied().flatten().next()
}

impl New {
    fn read(reader: &mut Reader) -> Self {
        let mut flag = |name: &str| reader.optional::<bool>(name).unwrap_or(false);
        let is_draft = flag("isDraft");
        let completes = flag("isTicketNeededToBeCompleted");
        let keeps_status = flag("suppressTicketStatusAutoupdate");
        Self {
            author: person::read_required_author(reader, "author").unwrap_or_default(),
            text: text::read_required(reader),
            attachments: attachment::read(reader).unwrap_or_default(),
            parent_id: reader.optional("parentReplyId").map(|Id(id)| MessageId(id)),
            is_draft,
            completes,
            keeps_status,
        }
    }

    fn into_message(self, author: Author, ticket: Ticket) -> (NewMessage, Option<StatusWish>) {
        let is_by_team = matches!(author, Author::Agent(_));
        let status = match (self.is_draft, self.completes, self.keeps_status) {
            (true, _, _) | (false, false, true) => None,
            (false, true, _) => Some(StatusWish::Closed),
            (false, false, false) if is_by_team => Some(StatusWish::Waiting),
            (false, false, false) => Some(StatusWish::Open),
        };
        let (to, cc) = if is_by_team {
            let requester = ticket.from.filter(|address| mail::is_address(address));
            (requester.into_iter().collect(), ticket.content.cc)
        } else {
            (Vec::new(), Vec::new())
        };
        let text = self.text.unwrap_or_default();
        let message = NewMessage {
            author,
            direction: if is_by_team { Direction::Out } else { Direction::In },
            is_private: false,
            is_draft: self.is_draft,
            body: text.message,
            is_html: text.is_html,
            parent_id: self.parent_id,
            to,
            cc,
            mentioned_agent_ids: Vec::new(),
            attachments: self.attachments,
        };
        (message, status)
    }
}
