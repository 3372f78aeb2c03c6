//! `PUT /tickets/{ticketId}/tags`.

use super::tag_names;
use crate::actions::{self, Options, TicketChange};
use crate::db::names::{self, Names as Wanted};
use crate::dialects::socialboards::envelope::{Empty, Envelope};
use crate::domain::id::TicketId;
use crate::domain::patch::{TagChange, TicketPatch};
use crate::error::Error;
use crate::http::caller::Caller;
use crate::http::extract::{Body, PathId};
use crate::http::field::AnyJson;
use crate::http::read::{Names, Reader};
use crate::http::value::Name;

/// The member under which the body is read: it has none of its own.
const WHOLE: &str = "tags";

/// Replace a ticket's tags.
///
/// Provisional: the original's request is unknown. The body is an array of names; private tags stay.
#[utoipa::path(put, path = "/tickets/{ticketId}/tags", tag = "ticket",
    request_body(content = Vec<String>, description = "Names of tags", example = json!(["Cars"])),
    params(("ticketId" = i64, Path, description = "The ticket's id", example = 4_484_636)),
    responses(
        (status = OK, description = "Replaced", body = Envelope<Empty>),
        (status = NOT_FOUND, description = "No such ticket"),
    ))]
pub async fn replace_tags(
    caller: Caller,
    id: PathId,
    Body(AnyJson(body)): Body<AnyJson>,
) -> Result<Envelope<Empty>, Error> {
    let mut reader = Reader::new(AnyJson(serde_json::json!({ WHOLE: body })), Names::Exact)?;
    let id = TicketId(id.of("ticket")?);
    let sent = reader.required(WHOLE).unwrap_or_else(Vec::new);
    let sent: Vec<String> = sent.into_iter().map(|Name::<255>(name)| name.trim().to_owned()).collect();
    let mut tx = caller.begin().await?;
    let named = names::resolve(&mut tx, &Wanted { tags: sent.clone(), ..Wanted::default() }).await?;
    tag_names::refuse_unknown(&mut reader, WHOLE, &caller, &sent, &named);
    reader.finish().map_err(at_the_body)?;
    let is_new = named.tags.contains(&None);
    let acting = caller.acting();
    let tags = TagChange::Replace(tag_names::ensure(&mut tx, &acting, &caller.settings, sent, named).await?);
    let patch = TicketPatch { tags, ..TicketPatch::default() };
    let change = TicketChange { patch, ..TicketChange::default() };
    actions::change_ticket(&mut tx, &acting, &caller.settings, id, change, Options::unanalysed()).await?;
    tx.commit().await?;
    if is_new {
        caller.app.forget_catalogue(caller.tenant).await;
    }
    Ok(Envelope::new(Empty {}))
}

fn at_the_body(error: Error) -> Error {
    match error {
        Error::Invalid(mut fields) => {
            for field in &mut fields {
                field.pointer = field.pointer.strip_prefix("/tags").unwrap_or_default().to_owned();
            }
            Error::Invalid(fields)
        }
        error => error,
    }
}
