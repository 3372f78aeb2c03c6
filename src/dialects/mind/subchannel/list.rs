//! `GET /settings/subchannel`.

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::db::subchannels;
use crate::domain::id::SubchannelId;
use crate::domain::subchannel::{self, SubchannelKind};
use crate::domain::word::Word;
use crate::error::Error;
use crate::http::caller::Caller;
use crate::http::extract::Query;
use crate::http::json::Json;

/// A mailbox, line, chat or form.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Subchannel {
    #[schema(example = 1)]
    id: i64,
    /// `email`, `chat`, `phone`, `letter` or `portal`.
    #[schema(example = "email")]
    channel: &'static str,
    #[schema(example = "service@example.com")]
    name: String,
    is_default: bool,
    /// Always `internal`.
    interface: &'static str,
    enabled: bool,
    status: Option<String>,
    #[schema(value_type = Object)]
    data: Value,
}

/// The tenant's subchannels.
#[derive(Debug, Serialize, ToSchema)]
pub struct Subchannels {
    /// Always true.
    success: bool,
    subchannels: Vec<Subchannel>,
}

/// List subchannels.
#[utoipa::path(get, path = "/settings/subchannel", tag = "subchannel",
    params(
        ("channels" = Option<Vec<String>>, Query, description = "Only these: `all`, `email`, `chat`, `voice` (= `phone`), `phone`, `letter`, `portal`, `internal` (none)"),
        ("channel" = Option<String>, Query, description = "One of them (deprecated form)"),
        ("id" = Option<i64>, Query, description = "Only this one"),
    ),
    responses(
        (status = OK, description = "The subchannels", body = Subchannels),
    ))]
pub async fn list(caller: Caller, mut query: Query) -> Result<Json<Subchannels>, Error> {
    let named = |name| query.list(name).into_iter().map(move |word| (name, word));
    let wanted: Vec<(&str, String)> = named("channels").chain(named("channel")).collect();
    let mut kinds = Vec::new();
    let mut all = wanted.is_empty();
    for (name, word) in &wanted {
        match word.as_str() {
            "all" => all = true,
            "voice" => kinds.push(SubchannelKind::Phone),
            // A channel of the reference that has no subchannels here.
            "internal" => {}
            word => match SubchannelKind::parse(word) {
                Some(kind) => kinds.push(kind),
                None => {
                    query.refuse(name, "must be all, email, chat, voice, phone, letter, portal or internal");
                }
            },
        }
    }
    let id = match query.number("id", 1..=i64::MAX, 0) {
        0 => None,
        id => Some(SubchannelId(id)),
    };
    query.check()?;
    let kinds = if all { None } else { Some(kinds.as_slice()) };
    let found = subchannels::list(&mut caller.connect().await?, kinds, id).await?;
    Ok(Json(Subchannels { success: true, subchannels: found.into_iter().map(Subchannel::from).collect() }))
}

impl From<subchannel::Subchannel> for Subchannel {
    fn from(subchannel: subchannel::Subchannel) -> Self {
        Self {
            id: subchannel.id.0,
            channel: subchannel.kind.as_str(),
            name: subchannel.name,
            is_default: subchannel.is_default,
            interface: "internal",
            enabled: subchannel.enabled,
            status: subchannel.status,
            data: serde_json::from_str(&subchannel.data).unwrap_or_default(),
        }
    }
}
