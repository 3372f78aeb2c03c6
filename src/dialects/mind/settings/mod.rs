//! A tenant's own settings: `/settings/{name}`.

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::actions;
use crate::error::{Error, FieldError};
use crate::http::caller::Caller;
use crate::http::extract::{Body, PathName};
use crate::http::field::{AnyJson, FromJson};
use crate::http::json::Json;

/// A setting.
#[derive(Debug, Serialize, ToSchema)]
pub struct Setting {
    #[schema(example = "timeZone")]
    name: String,
    /// The tenant's value, or the default.
    #[schema(example = json!("Europe/Berlin"))]
    value: Value,
    /// Always true.
    success: bool,
}

/// Get a setting.
///
/// Known: `timeZone`, `businessHours`, `holidays`, `firstResponseHours`; of analysis `aiEngine`, `languages`,
/// `enableAiAgents`, `spamDetectionTagIds`, `enableAiAutoProcessing`, `immediateAiAgents`, `autoProcessingDelay`; of
/// SocialBoards and LiveDesk `customFields`, `categories`, `createUnknownTags`, `allowForeignAttachments` and
/// `socialboardsV1`. Administrators alone.
#[utoipa::path(get, path = "/settings/{name}", tag = "settings",
    params(("name" = String, Path, description = "The setting's name", example = "timeZone")),
    responses(
        (status = OK, description = "The setting", body = Setting),
        (status = FORBIDDEN, description = "Not an administrator"),
        (status = NOT_FOUND, description = "No such setting"),
    ))]
pub async fn get(caller: Caller, PathName(name): PathName) -> Result<Json<Setting>, Error> {
    caller.require_admin()?;
    let value = actions::get_setting(&mut caller.connect().await?, &name).await?;
    let value = value.ok_or(Error::NotFound("setting"))?;
    Ok(Json(Setting { name, value, success: true }))
}

/// Set a setting.
///
/// The body is the bare JSON value. Other processes notice within 5 s. Administrators alone.
///
/// - `customFields`: `[{"id": 7, "name": "Region", "type": "select", "required": false, "options": ["North"]}]`, at most
///   200, ids and names each once. The type is `text` (default), `number`, `boolean`, `date` or `select`, which alone
///   has options.
/// - `categories`: `[{"id": 4, "name": "Billing", "parentId": null}]`, at most 1000, a parent before its children.
/// - `createUnknownTags`: whether a tag that SocialBoards or LiveDesk names and that is not there is made (`false`).
/// - `allowForeignAttachments`: whether an attachment may lie elsewhere than in our uploads (`true`).
/// - `socialboardsV1`: whether the headers `Community` and `X-Token` count (`false`).
#[utoipa::path(put, path = "/settings/{name}", tag = "settings",
    params(("name" = String, Path, description = "The setting's name", example = "timeZone")),
    request_body(content = Value, description = "The value itself", example = json!("Europe/Berlin")),
    responses(
        (status = OK, description = "Set", body = Setting),
        (status = FORBIDDEN, description = "Not an administrator"),
        (status = NOT_FOUND, description = "No such setting"),
    ))]
pub async fn put(
    caller: Caller,
    PathName(name): PathName,
    Body(AnyJson(value)): Body<AnyJson>,
) -> Result<Json<Setting>, Error> {
    caller.require_admin()?;
    let value = Value::from_json(value).map_err(|wrongs| {
        let fields = wrongs.into_iter().map(|wrong| FieldError {
            pointer: wrong.pointer,
            code: wrong.code,
            message: format!("the setting {}", wrong.message),
        });
        Error::Invalid(fields.collect())
    })?;
    let mut tx = caller.begin().await?;
    actions::put_setting(&mut tx, &name, &value).await?;
    tx.commit().await?;
    caller.app.forget_settings(caller.tenant).await;
    Ok(Json(Setting { name, value, success: true }))
}
