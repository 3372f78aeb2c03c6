//! `GET /ticket/{ticketId}/activity`.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::members;
use crate::db::activity;
use crate::dialects::mind::moment;
use crate::dialects::mind::stored::value;
use crate::domain::activity::{self as record, Actor};
use crate::domain::id::TicketId;
use crate::domain::ticket::{Document, Field};
use crate::domain::word::Word;
use crate::error::Error;
use crate::http::caller::Caller;
use crate::http::extract::{PathId, Query};
use crate::http::json::Json;
use crate::http::links::Links;

/// What happened to a ticket.
#[derive(Debug, Serialize, ToSchema)]
pub struct ActivityPage {
    /// Always true.
    success: bool,
    /// How many there are in all.
    #[schema(example = 2)]
    total: i64,
    /// Newest first.
    activities: Vec<Activity>,
}

/// Something that happened.
#[derive(Debug, Serialize, ToSchema)]
pub struct Activity {
    id: i64,
    /// `YYYY-MM-DD HH:MM:SS` in the tenant's time zone.
    #[schema(example = "2024-08-29 14:38:12")]
    at: String,
    /// `created`, `changed`, `viewed` or `analysed`.
    #[schema(example = "changed")]
    r#type: &'static str,
    by: By,
    /// The road on which it came: `mind`, or `system` for the server itself.
    #[schema(example = "mind")]
    via: &'static str,
    changes: Vec<FieldChange>,
    /// Of an analysis, with `showTechnicalInformation=true`: what each stage found, by which engine, and why:
    /// `{stage, engine, version, durationMs, evidence, score, threshold, skipped}` each.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<Object>>)]
    stages: Option<Value>,
}

/// Who did it.
#[derive(Debug, Serialize, ToSchema)]
pub struct By {
    /// `agent` for a person, `integration` for a program, `system` for the server itself.
    #[schema(example = "agent")]
    r#type: &'static str,
    /// The person's id.
    id: Option<i64>,
    /// Null for the server.
    #[schema(example = "Eva Beispiel")]
    name: Option<String>,
}

/// One member's change.
#[derive(Debug, Serialize, ToSchema)]
pub struct FieldChange {
    /// The member of the ticket.
    #[schema(example = "status")]
    field: &'static str,
    /// Its value before, in the form that the ticket shows.
    #[schema(value_type = Value)]
    from: Value,
    /// And after.
    #[schema(value_type = Value)]
    to: Value,
}

/// What happened to a ticket?
#[utoipa::path(get, path = "/ticket/{ticketId}/activity", tag = "ticket",
    params(
        ("ticketId" = i64, Path, description = "The ticket's id", example = 376_189),
        ("showTechnicalInformation" = Option<bool>, Query, description = "What each stage of an analysis found and why; administrators alone. False by default"),
        ("limit" = Option<i64>, Query, description = "1 to 500; 100 by default"),
        ("offset" = Option<i64>, Query, description = "How many to skip; 0 by default"),
    ),
    responses(
        (status = OK, description = "What happened, newest first", body = ActivityPage),
        (status = FORBIDDEN, description = "`showTechnicalInformation` asked for by somebody who is no administrator"),
        (status = NOT_FOUND, description = "No such ticket"),
    ))]
pub async fn list_activity(
    caller: Caller,
    id: PathId,
    mut query: Query,
) -> Result<Json<ActivityPage>, Error> {
    let technical = query.flag("showTechnicalInformation", false);
    let limit = query.number("limit", 1..=500, 100);
    let offset = query.number("offset", 0..=i64::MAX, 0);
    query.check()?;
    if technical {
        caller.require_admin()?;
    }
    let id = TicketId(id.of("ticket")?);
    let page = activity::list(&mut caller.connect().await?, id, technical, limit, offset).await?;
    let (total, page) = page.ok_or(Error::NotFound("ticket"))?;
    let zone = &caller.settings.calendar.zone;
    let links = caller.links();
    let activities = page.into_iter().map(|activity| Activity::new(activity, zone, links)).collect();
    Ok(Json(ActivityPage { success: true, total, activities }))
}

impl Activity {
    fn new(activity: record::Activity, zone: &TimeZone, links: Links<'_>) -> Self {
        let by = By {
            r#type: activity.actor.kind(),
            id: activity.actor.agent_id().map(|id| id.0),
            name: match activity.actor {
                Actor::Agent { name, .. } | Actor::Integration { name } => Some(name),
                Actor::System => None,
            },
        };
        let changes = activity.changes.into_iter().map(|change| FieldChange {
            field: members::member(change.field),
            from: shown(change.field, change.from, zone, links),
            to: shown(change.field, change.to, zone, links),
        });
        Self {
            id: activity.id,
            at: moment::local(zone, activity.at),
            r#type: activity.kind.as_str(),
            by,
            via: activity.via.as_str(),
            changes: changes.collect(),
            stages: activity.stages.map(value),
        }
    }
}

/// A recorded value as the ticket shows it: instants are dates there, and uploads links.
fn shown(field: Field, document: Document, zone: &TimeZone, links: Links<'_>) -> Value {
    let recorded = value(document);
    if field == Field::Attachments {
        return files(recorded, links);
    }
    let date: fn(&TimeZone, Timestamp) -> String = match field {
        Field::ExternalUpdatedAt | Field::FirstResponseDueAt | Field::DueAt | Field::ClosedAt => {
            moment::local
        }
        Field::AutoExecuteAt => |_, instant| moment::iso(instant),
        _ => return recorded,
    };
    let instant = recorded.as_str().and_then(|text| text.parse().ok());
    instant.map_or(recorded, |instant| date(zone, instant).into())
}

/// Each file is its name, a space and where it is.
fn files(recorded: Value, links: Links<'_>) -> Value {
    let Value::Array(files) = recorded else { return recorded };
    let file = |file: Value| match file.as_str().and_then(|text| text.rsplit_once(' ')) {
        Some((name, address)) => format!("{name} {}", links.word(address, name)).into(),
        None => file,
    };
    files.into_iter().map(file).collect()
}
