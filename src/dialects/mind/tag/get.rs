//! `GET /tag/{id}`.

use serde::Serialize;
use utoipa::ToSchema;

use super::wire::Tag;
use crate::db::tags::{self, Filter};
use crate::domain::id::TagId;
use crate::error::Error;
use crate::http::caller::Caller;
use crate::http::extract::PathId;
use crate::http::json::Json;

/// One tag.
#[derive(Debug, Serialize, ToSchema)]
pub struct OneTag {
    #[serde(flatten)]
    tag: Tag,
    /// Always true.
    success: bool,
}

/// Get a tag.
///
/// One that the caller may not see is like a missing one.
#[utoipa::path(get, path = "/tag/{id}", tag = "tag",
    params(("id" = i64, Path, description = "The tag's id")),
    responses(
        (status = OK, description = "The tag", body = OneTag),
        (status = NOT_FOUND, description = "No such tag"),
    ))]
pub async fn get(caller: Caller, id: PathId) -> Result<Json<OneTag>, Error> {
    let filter =
        Filter { id: Some(TagId(id.of("tag")?)), private: caller.sees_private_tags(), ..Filter::default() };
    let mut found = tags::list(&mut caller.connect().await?, &filter).await?;
    let tag = found.pop().ok_or(Error::NotFound("tag"))?;
    Ok(Json(OneTag { tag: Tag::new(tag, &caller.settings.calendar.zone), success: true }))
}
