//! `GET /tag`.

use serde::Serialize;
use utoipa::ToSchema;

use super::wire::Tag;
use crate::db::tags::{self, Filter};
use crate::domain::tag::TagType;
use crate::domain::word::Word;
use crate::error::{Error, FieldError};
use crate::http::caller::Caller;
use crate::http::extract::Query;
use crate::http::json::Json;

/// The tenant's tags.
#[derive(Debug, Serialize, ToSchema)]
pub struct Tags {
    tags: Vec<Tag>,
    /// Always true.
    success: bool,
}

/// List tags.
///
/// Disabled tags, private ones of which the caller may see none, and everything below them are left out.
#[utoipa::path(get, path = "/tag", tag = "tag",
    params(
        ("q" = Option<String>, Query, description = "In the name or the full name"),
        ("type" = Option<String>, Query, description = "Only this type"),
        ("includeDisabled" = Option<bool>, Query, description = "Disabled ones too"),
        ("format" = Option<String>, Query, description = "`full` (default), `compact`, `short` or `medium`; all show every member"),
    ),
    responses(
        (status = OK, description = "The tags", body = Tags),
        (status = BAD_REQUEST, description = "`detectionFilter` is not available"),
    ))]
pub async fn list(caller: Caller, mut query: Query) -> Result<Json<Tags>, Error> {
    if query.text("detectionFilter").is_some() {
        return Err(Error::BadRequest(vec![FieldError {
            pointer: "?detectionFilter".into(),
            code: "not_allowed",
            message: "detectionFilter is not available here".into(),
        }]));
    }
    let r#type = query.text("type").map(TagType::parse);
    if r#type == Some(None) {
        query.refuse("type", &format!("must be {}", TagType::choices()));
    }
    if query.text("format").is_some_and(|format| !["full", "compact", "short", "medium"].contains(&format)) {
        query.refuse("format", "must be full, compact, short or medium");
    }
    if query.text("q").is_some_and(|text| text.contains('\0')) {
        query.refuse("q", "must not contain U+0000");
    }
    let filter = Filter {
        id: None,
        text: query.text("q").map(str::to_owned),
        r#type: r#type.flatten(),
        disabled: query.flag("includeDisabled", false),
        private: caller.sees_private_tags(),
    };
    query.check()?;
    let tags = tags::list(&mut caller.connect().await?, &filter).await?;
    let zone = &caller.settings.calendar.zone;
    Ok(Json(Tags { tags: tags.into_iter().map(|tag| Tag::new(tag, zone)).collect(), success: true }))
}
