//! `GET /tags`. Its answer is ours: the original's is unknown.

use serde::Serialize;
use utoipa::ToSchema;

use crate::db::tags::{self, Filter};
use crate::dialects::socialboards::envelope::Envelope;
use crate::error::Error;
use crate::http::caller::Caller;

/// A tag.
#[derive(Debug, Serialize, ToSchema)]
pub struct Tag {
    #[schema(example = 12)]
    id: i64,
    #[schema(example = "Billing")]
    name: String,
}

/// List tags.
///
/// Provisional: the original's answer is unknown. Disabled and private tags, and everything below them, are left out.
#[utoipa::path(get, path = "/tags", tag = "tag",
    responses((status = OK, description = "The tags", body = Envelope<Vec<Tag>>)))]
pub async fn list(caller: Caller) -> Result<Envelope<Vec<Tag>>, Error> {
    let filter = Filter { private: caller.sees_private_tags(), ..Filter::default() };
    let tags = tags::list(&mut caller.connect().await?, &filter).await?;
    Ok(Envelope::new(tags.into_iter().map(|tag| Tag { id: tag.id.0, name: tag.name }).collect()))
}
