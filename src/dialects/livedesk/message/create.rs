//! `POST /conversations/{conversation_id}/messages`.

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::actions;
use crate::db::{TenantTx, details, tickets};
use crate::dialects::livedesk::moment;
use crate::domain::change::Change;
use crate::domain::id::{MessageId, TicketId};
use crate::domain::message::{Author, NewMessage};
use crate::domain::ticket::Direction;
use crate::error::{Error, FieldError};
use crate::http::caller::Caller;
use crate::http::extract::{Body, PathName};
use crate::http::field::{AnyJson, FromJson, Wrong};
use crate::http::json::Json;
use crate::http::read::{Ignored, Names, Reader};
use crate::http::value::Name;

/// How LiveDesk says outgoing.
const OUTGOING: i64 = 1;

/// A message to the customer, or a note.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "the body is read member by member; this is what the document says of it")]
pub struct CreateMessage {
    /// Plain text.
    #[schema(example = "We are on our way.")]
    content: String,
    /// A note, for the people who work on the ticket; false by default.
    #[schema(example = false)]
    private: Option<bool>,
    content_attributes: Option<ContentAttributes>,
}

/// What a message refers to.
#[derive(Debug, Serialize, ToSchema)]
pub struct ContentAttributes {
    /// The message that it answers, of the same ticket; as number or text.
    #[schema(example = 17)]
    #[serde(skip_serializing_if = "Option::is_none")]
    in_reply_to: Option<i64>,
}

/// The new message.
#[derive(Debug, Serialize, ToSchema)]
pub struct CreatedMessage {
    #[schema(example = 18)]
    id: i64,
    #[schema(example = "We are on our way.")]
    content: String,
    /// The channel in which the requester wrote; null where none is known.
    #[schema(example = "inbox_100")]
    inbox_id: Option<String>,
    /// The ticket's number.
    #[schema(example = 42)]
    conversation_id: i64,
    /// 1: outgoing.
    #[schema(example = 1)]
    message_type: i64,
    /// Always `text`.
    #[schema(example = "text")]
    content_type: &'static str,
    content_attributes: ContentAttributes,
    #[schema(example = false)]
    private: bool,
    #[schema(example = "2025-11-04T09:30:00Z")]
    created_at: String,
    sender: MessageSender,
}

/// The program that wrote it.
#[derive(Debug, Serialize, ToSchema)]
pub struct MessageSender {
    /// The name of its key.
    #[schema(example = "chat bridge")]
    name: String,
    /// Always `program`.
    #[schema(example = "program")]
    r#type: &'static str,
}

/// Write a message.
#[utoipa::path(post, path = "/conversations/{conversation_id}/messages", tag = "message",
    params(("conversation_id" = String, Path, description = "The ticket's number or its `ticket_id`", example = "42")),
    request_body = CreateMessage,
    responses(
        (status = OK, description = "It is stored", body = CreatedMessage),
        (status = NOT_FOUND, description = "No such ticket"),
    ))]
pub async fn create(
    caller: Caller,
    PathName(conversation_id): PathName,
    Body(body): Body<AnyJson>,
) -> Result<(Ignored, Json<CreatedMessage>), Error> {
    let mut tx = caller.begin().await?;
    let ticket = find(&mut tx, &conversation_id).await?;
    let mut reader = Reader::new(body, Names::Exact)?;
    let content = reader.required::<Name<{ usize::MAX }>>("content").map(|Name(text)| text);
    let is_private = reader.optional::<bool>("private").unwrap_or_default();
    let reply = reader.object("content_attributes", |inner| inner.optional::<ReplyId>("in_reply_to"));
    let in_reply_to = match reply {
        Change::Set(Some(Some(ReplyId(id)))) => Some(id),
        _ => None,
    };
    let ignored = reader.finish()?;
    let acting = caller.acting();
    let name = acting.actor.name().unwrap_or_default().to_owned();
    let message = NewMessage {
        author: Author::Program(name.clone()),
        direction: if is_private { Direction::Internal } else { Direction::Out },
        is_private,
        is_draft: false,
        body: content.unwrap_or_default(),
        is_html: false,
        parent_id: in_reply_to.map(MessageId),
        to: Vec::new(),
        cc: Vec::new(),
        mentioned_agent_ids: Vec::new(),
        attachments: Vec::new(),
    };
    let written = actions::write_message(&mut tx, &acting, &caller.settings, ticket, message, None).await;
    let written = written.map_err(word)?;
    let channel = details::get(&mut tx, ticket).await?.channel_contact;
    tx.commit().await?;
    let channel: Option<Value> = channel.and_then(|kept| serde_json::from_str(&kept.0).ok());
    Ok((
        ignored,
        Json(CreatedMessage {
            id: written.id.0,
            content: written.body,
            inbox_id: channel.and_then(|kept| kept["channel_id"].as_str().map(str::to_owned)),
            conversation_id: ticket.0,
            message_type: OUTGOING,
            content_type: "text",
            content_attributes: ContentAttributes { in_reply_to },
            private: is_private,
            created_at: moment::show(written.created_at),
            sender: MessageSender { name, r#type: "program" },
        }),
    ))
}

/// The ticket, by its number or its public id.
async fn find(tx: &mut TenantTx, conversation_id: &str) -> Result<TicketId, Error> {
    const UNKNOWN: Error = Error::NotFound("conversation");
    if conversation_id.starts_with("tk_") {
        let is_id = conversation_id.len() <= 64 && !conversation_id.contains('\0');
        let id = if is_id { tickets::find_public(tx, conversation_id).await? } else { None };
        return id.ok_or(UNKNOWN);
    }
    let is_number = conversation_id.bytes().all(|byte| byte.is_ascii_digit());
    let id = conversation_id.parse().ok().filter(|id: &i64| is_number && *id > 0).ok_or(UNKNOWN)?;
    let locked = tickets::lock(tx, &[TicketId(id)], false).await?.pop();
    locked.map(|ticket| ticket.id).ok_or(UNKNOWN)
}

fn word(error: Error) -> Error {
    match error {
        Error::NotFound("message") => Error::Invalid(vec![FieldError {
            pointer: "/content_attributes/in_reply_to".into(),
            code: "message_not_found",
            message: "in_reply_to must be the id of a message of this ticket".into(),
        }]),
        error => error,
    }
}

/// A message's id, as number or text.
struct ReplyId(i64);

impl FromJson for ReplyId {
    fn from_json(value: Value) -> Result<Self, Vec<Wrong>> {
        let id = match &value {
            Value::String(text) if text.bytes().all(|byte| byte.is_ascii_digit()) => text.parse().ok(),
            value => value.as_i64(),
        };
        let id = id.filter(|id| *id > 0);
        id.map(Self).ok_or_else(|| vec![Wrong::r#type("the id of a message")])
    }
}
