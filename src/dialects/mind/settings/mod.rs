//! A tenant's own settings: `/settings/{name}`.

use axum::Json;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::actions;
use crate::error::{Error, FieldError};
use crate::http::caller::Caller;
use crate::http::extract::{Body, PathName};
use crate::http::field::{AnyJson, FromJson};

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
/// Known: `timeZone`, `businessHours`, `holidays`, `firstResponseHours`, and of analysis `aiEngine`,
/// `languages`, `enableAiAgents`, `spamDetectionTagIds`, `enableAiAutoProcessing`, `immediateAiAgents`,
/// `autoProcessingDelay`; and `socialboardsV1`. Administrators alone.
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
