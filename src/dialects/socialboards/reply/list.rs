//! `GET /tickets/{ticketId}/replies`, and the same by `POST /tickets/{ticketId}/replies/list`.

use utoipa::ToSchema;

use super::wire::Reply;
use crate::db::messages::{self, Which};
use crate::db::tickets;
use crate::dialects::socialboards::envelope::Envelope;
use crate::dialects::socialboards::page::Page;
use crate::domain::id::TicketId;
use crate::error::Error;
use crate::http::caller::Caller;
use crate::http::extract::{Body, PathId, Query};
use crate::http::field::AnyJson;
use crate::http::read::{Ignored, Names, Reader};

/// Which replies.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "it describes what is read member by member")]
pub struct ListReplies {
    /// How many to pass over; 0 by default.
    #[schema(example = 0)]
    skip: Option<i64>,
    /// 25 by default; more than 50 are 50.
    #[schema(example = 25)]
    take: Option<i64>,
}

/// List replies, the oldest first.
///
/// Provisional: the original's request is unknown. Drafts are among them.
#[utoipa::path(get, path = "/tickets/{ticketId}/replies", tag = "reply",
    params(
        ("ticketId" = i64, Path, description = "The ticket's id", example = 4_484_636),
        ("take" = Option<i64>, Query, description = "25 by default; more than 50 are 50", example = 25),
        ("skip" = Option<i64>, Query, description = "0 by default", example = 0),
    ),
    responses(
        (status = OK, description = "The replies", body = Envelope<Vec<Reply>>),
        (status = NOT_FOUND, description = "No such ticket"),
    ))]
pub async fn list(caller: Caller, id: PathId, mut query: Query) -> Result<Envelope<Vec<Reply>>, Error> {
    let page = Page::of(&mut query);
    query.check()?;
    Ok(Envelope::new(read(&caller, id, page).await?))
}

/// List replies, the oldest first, by a body.
///
/// Provisional: the original's request is unknown. Drafts are among them.
#[utoipa::path(post, path = "/tickets/{ticketId}/replies/list", tag = "reply", request_body = ListReplies,
    params(("ticketId" = i64, Path, description = "The ticket's id", example = 4_484_636)),
    responses(
        (status = OK, description = "The replies", body = Envelope<Vec<Reply>>),
        (status = NOT_FOUND, description = "No such ticket"),
    ))]
pub async fn list_by_body(
    caller: Caller,
    id: PathId,
    Body(body): Body<AnyJson>,
) -> Result<(Ignored, Envelope<Vec<Reply>>), Error> {
    let mut reader = Reader::new(body, Names::AnyCase)?;
    let page = Page::read(&mut reader);
    let ignored = reader.finish()?;
    Ok((ignored, Envelope::new(read(&caller, id, page).await?)))
}

async fn read(caller: &Caller, id: PathId, page: Page) -> Result<Vec<Reply>, Error> {
    let id = TicketId(id.of("ticket")?);
    let mut db = caller.connect().await?;
    if !tickets::exists(&mut db, id).await? {
        return Err(Error::NotFound("ticket"));
    }
    let replies = messages::list(&mut db, id, Which::Replies, page.take, page.skip).await?;
    Ok(replies.into_iter().map(|reply| Reply::new(reply, caller.links())).collect())
}
