//! `GET /aiAgents`.

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::wire::AiAgent;
use crate::db::ai_agents::{self, Filter};
use crate::domain::ticket::Channel;
use crate::domain::word::Word;
use crate::error::Error;
use crate::http::caller::Caller;
use crate::http::extract::Query;
use crate::http::json::Json;

/// The tenant's AI agents.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AiAgents {
    #[schema(value_type = Vec<AiAgent>)]
    ai_agents: Vec<Value>,
    /// Always true.
    success: bool,
}

/// What the shorter formats show.
const SHORT: [&str; 4] = ["id", "code", "name", "enabled"];
const MEDIUM: [&str; 7] = ["id", "code", "name", "enabled", "tagId", "channels", "autoExecutable"];

/// List AI agents.
///
/// By id, disabled ones too. Those whose tag is disabled, or private and not for the caller, are left out.
#[utoipa::path(get, path = "/aiAgents", tag = "aiAgent",
    params(
        ("format" = Option<String>, Query, description = "`short` (`id`, `code`, `name`, `enabled`), `medium` (`tagId`, `channels`, `autoExecutable` too) or `full` (default)"),
        ("q" = Option<String>, Query, description = "In the code or the name"),
        ("channel" = Option<String>, Query, description = "Those for tickets of this channel"),
        ("intelligence" = Option<String>, Query, description = "`smart`: those that text analysis finds; `rulebased`: those that conditions alone find, or a person assigns"),
        ("limit" = Option<i64>, Query, description = "1 to 1000", example = 1000),
        ("offset" = Option<i64>, Query, description = "How many to skip", example = 0),
    ),
    responses(
        (status = OK, description = "The AI agents", body = AiAgents),
    ))]
pub async fn list(caller: Caller, mut query: Query) -> Result<Json<AiAgents>, Error> {
    let shown: Option<&[&str]> = match query.text("format") {
        None | Some("full") => None,
        Some("medium") => Some(&MEDIUM),
        Some("short") => Some(&SHORT),
        Some(_) => {
            query.refuse("format", "must be short, medium or full");
            None
        }
    };
    let channel = query.text("channel").filter(|word| *word != "all").map(Channel::parse);
    if channel == Some(None) {
        query.refuse("channel", &format!("must be all, {}", Channel::choices()));
    }
    let by_model = match query.text("intelligence") {
        None => None,
        Some("smart") => Some(true),
        Some("rulebased") => Some(false),
        Some(_) => {
            query.refuse("intelligence", "must be rulebased or smart");
            None
        }
    };
    if query.text("q").is_some_and(|text| text.contains('\0')) {
        query.refuse("q", "must not contain U+0000");
    }
    let filter = Filter {
        id: None,
        text: query.text("q").map(str::to_owned),
        channel: channel.flatten(),
        by_model,
        private: caller.sees_private_tags(),
        disabled: false,
        limit: query.number("limit", 1..=1000, 1000),
        offset: query.number("offset", 0..=i64::MAX, 0),
    };
    query.check()?;
    let found = ai_agents::list(&mut caller.connect().await?, &filter).await?;
    let zone = &caller.settings.calendar.zone;
    let mut ai_agents = Vec::with_capacity(found.len());
    for stored in found {
        let mut agent = serde_json::to_value(AiAgent::new(stored, zone)?).map_err(Error::internal)?;
        if let (Some(shown), Some(members)) = (shown, agent.as_object_mut()) {
            members.retain(|name, _| shown.contains(&name.as_str()));
        }
        ai_agents.push(agent);
    }
    Ok(Json(AiAgents { ai_agents, success: true }))
}
