//! `POST /settings/subchannel`.

use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::db::subchannels;
use crate::dialects::mind::created::Created;
use crate::dialects::mind::prefer::Prefer;
use crate::dialects::mind::read::Reader;
use crate::domain::subchannel::{NewSubchannel, SubchannelKind};
use crate::error::{Error, FieldError};
use crate::http::caller::Caller;
use crate::http::extract::Body;
use crate::http::field::{Field, FromJson, Unknown, Wrong};
use crate::http::json::Json;
use crate::http::value::{Listed, Name, Short};

/// A new subchannel.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", expecting = "an object")]
pub struct CreateSubchannel {
    /// 1 to 255 characters. A mailbox is best named by its address: it is then known as our own.
    #[serde(default)]
    #[schema(value_type = String, required = true, example = "service@example.com")]
    name: Field<Name<255>>,
    /// `email`, `chat`, `phone` (also `voice`), `letter` or `portal`.
    #[serde(default)]
    #[schema(value_type = String, required = true, example = "email")]
    channel: Field<WireChannel>,
    /// Free text.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    status: Field<Short<255>>,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

/// A channel's word; `None` for a channel that cannot have subchannels, which the reference answers with 400.
#[derive(Debug, Clone, Copy)]
struct WireChannel(Option<SubchannelKind>);

impl FromJson for WireChannel {
    fn from_json(value: Value) -> Result<Self, Vec<Wrong>> {
        match value.as_str() {
            Some("voice") => Ok(Self(Some(SubchannelKind::Phone))),
            Some("system" | "walkIn") => Ok(Self(None)),
            _ => Listed::from_json(value).map(|Listed(kind)| Self(Some(kind))),
        }
    }
}

/// Create a subchannel.
///
/// Administrators alone.
#[utoipa::path(post, path = "/settings/subchannel", tag = "subchannel", request_body = CreateSubchannel,
    params(("Prefer" = Option<String>, Header, description = "`handling=strict`: unknown members are an error")),
    responses(
        (status = OK, description = "Created", body = Created),
        (status = BAD_REQUEST, description = "`system` and `walkIn` have no subchannels"),
        (status = FORBIDDEN, description = "Not an administrator"),
    ))]
pub async fn create(
    caller: Caller,
    prefer: Prefer,
    Body(wire): Body<CreateSubchannel>,
) -> Result<Json<Created>, Error> {
    caller.require_admin()?;
    let mut reader = Reader::new("", &caller.settings.calendar.zone);
    let name = reader.required("name", wire.name);
    let channel = reader.required("channel", wire.channel);
    let status = reader.optional("status", wire.status).map(|Short(status)| status);
    reader.unknown(wire.unknown, &["id", "isDefault", "interface", "enabled", "data"], prefer.strict);
    if !reader.errors.is_empty() {
        return Err(Error::Invalid(reader.errors));
    }
    let (Some(Name(name)), Some(WireChannel(Some(kind)))) = (name, channel) else {
        return Err(Error::BadRequest(vec![FieldError {
            pointer: "/channel".into(),
            code: "not_allowed",
            message: "the channels system and walkIn have no subchannels".into(),
        }]));
    };
    let mut tx = caller.begin().await?;
    let id = subchannels::insert(&mut tx, &NewSubchannel { kind, name, status, is_default: false }).await?;
    tx.commit().await?;
    Ok(Json(Created::new(id.0, reader.warnings)))
}
