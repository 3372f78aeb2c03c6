//! `POST /tag`.

use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::db::{TenantTx, subchannels, tags};
use crate::dialects::mind::created::Created;
use crate::dialects::mind::prefer::Prefer;
use crate::dialects::mind::read::Reader;
use crate::domain::id::TagId;
use crate::domain::tag::{Color, DetectionType, NewTag, TagPriority, TagReference, TagType, Visibility};
use crate::domain::ticket::Channel;
use crate::domain::word::Word;
use crate::error::{Error, FieldError};
use crate::http::caller::Caller;
use crate::http::extract::Body;
use crate::http::field::{Field, FromJson, Unknown, Wrong};
use crate::http::json::Json;
use crate::http::value::{Id, Listed, Name, Object};
use crate::pipeline::definition;

/// A new tag.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", expecting = "an object")]
pub struct CreateTag {
    /// 1 to 255 characters.
    #[serde(default)]
    #[schema(value_type = String, required = true, example = "Complaint")]
    name: Field<Name<255>>,
    /// `skill`, `product`, `brand`, `customerProperty`, `contractProperty` or `other`.
    #[serde(default)]
    #[schema(value_type = String, required = true, example = "skill")]
    r#type: Field<Listed<TagType>>,
    /// By default the name, after the parent's full name where there is a parent.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    full_name: Field<Name<255>>,
    /// The parent's id.
    #[serde(default)]
    #[schema(value_type = Option<i64>)]
    parent: Field<Id>,
    /// `ticket` (default), `contract` or `customer`.
    #[serde(default)]
    #[schema(value_type = String)]
    reference: Field<Listed<TagReference>>,
    /// `public` (default), `private` or `disabled`; the older `enabled` and `visible` mean `public`.
    #[serde(default)]
    #[schema(value_type = String)]
    visibility: Field<WireVisibility>,
    /// `grey` by default.
    #[serde(default)]
    #[schema(value_type = String)]
    color: Field<Listed<Color>>,
    /// Known: `defaultSkill`.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    properties: Field<Vec<Name<255>>>,
    /// `moderate` by default.
    #[serde(default)]
    #[schema(value_type = String)]
    complexity: Field<Name<255>>,
    /// Business hours until a ticket with this tag is due: 0 to 10000, 8 by default; null: no due date.
    #[serde(default)]
    #[schema(value_type = Option<f64>)]
    sla: Field<f64>,
    /// `do-not-change` (default), `low`, `medium`, `high` or `urgent`.
    #[serde(default)]
    #[schema(value_type = String)]
    priority: Field<Listed<TagPriority>>,
    /// Only for tickets of these channels.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    channels: Field<Vec<Listed<Channel>>>,
    /// Only for tickets of these subchannels.
    #[serde(default)]
    #[schema(value_type = Vec<i64>)]
    subchannels: Field<Vec<Id>>,
    /// True by default.
    #[serde(default)]
    #[schema(value_type = bool)]
    routing_relevance: Field<bool>,
    /// How it is found; by hand (`{"type": "manualAssignment"}`) by default.
    #[serde(default)]
    #[schema(value_type = Object)]
    detection_details: Field<Detection>,
    #[serde(default)]
    #[schema(value_type = Object)]
    test_case: Field<Object>,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

/// A visibility, older words included.
#[derive(Debug, Clone, Copy)]
struct WireVisibility(Visibility);

impl FromJson for WireVisibility {
    fn from_json(value: Value) -> Result<Self, Vec<Wrong>> {
        match value.as_str() {
            Some("enabled" | "visible") => Ok(Self(Visibility::Public)),
            _ => Listed::from_json(value).map(|Listed(visibility)| Self(visibility)),
        }
    }
}

/// A detection: an object with a `type`, kept as it came.
#[derive(Debug, Clone)]
struct Detection(String);

impl FromJson for Detection {
    fn from_json(value: Value) -> Result<Self, Vec<Wrong>> {
        let wrong = |pointer: &str, code, message: String| Wrong {
            pointer: pointer.into(),
            ..Wrong::new(code, message)
        };
        let flaws = definition::detection(&value).err().unwrap_or_default();
        let mut wrongs: Vec<Wrong> =
            flaws.into_iter().map(|flaw| wrong(&flaw.pointer, "invalid", flaw.message)).collect();
        if value.is_object() && value.get("type").is_none_or(Value::is_null) {
            let message = format!("must have a type: {}", DetectionType::choices());
            wrongs.push(wrong("/type", "required", message));
        }
        if !wrongs.is_empty() {
            return Err(wrongs);
        }
        Object::from_json(value).map(|Object(document)| Self(document.0))
    }
}

/// Create a tag.
///
/// Administrators alone.
#[utoipa::path(post, path = "/tag", tag = "tag", request_body = CreateTag,
    params(("Prefer" = Option<String>, Header, description = "`handling=strict`: unknown members are an error")),
    responses(
        (status = OK, description = "Created", body = Created),
        (status = FORBIDDEN, description = "Not an administrator"),
    ))]
pub async fn create(
    caller: Caller,
    prefer: Prefer,
    Body(wire): Body<CreateTag>,
) -> Result<Json<Created>, Error> {
    caller.require_admin()?;
    let mut reader = Reader::new("", &caller.settings.calendar.zone);
    let new = wire.read(&mut reader, prefer.strict);
    let mut tx = caller.begin().await?;
    let acting = caller.acting();
    let (full_name, ancestors) = place(&mut tx, &new, &mut reader.errors).await?;
    if !reader.errors.is_empty() {
        return Err(Error::Invalid(reader.errors));
    }
    let id = tags::insert(&mut tx, &new, &full_name, &ancestors, acting.actor.name(), acting.now).await?;
    tx.commit().await?;
    caller.app.forget_catalogue(caller.tenant).await;
    Ok(Json(Created::new(id.0, reader.warnings)))
}

impl CreateTag {
    fn read(self, reader: &mut Reader<'_>, strict: bool) -> NewTag {
        let sla_hours = match reader.nullable("sla", self.sla).value() {
            None => Some(8.0),
            Some(hours) => hours,
        };
        if sla_hours.is_some_and(|hours| !(0.0..=10_000.0).contains(&hours)) {
            reader.refuse("sla", &Wrong::new("out_of_range", "must be 0 to 10000 business hours"));
        }
        let channels = reader.optional("channels", self.channels).unwrap_or_default();
        let subchannels = reader.optional("subchannels", self.subchannels).unwrap_or_default();
        let properties = reader.optional("properties", self.properties).unwrap_or_default();
        let detection = reader.optional("detectionDetails", self.detection_details);
        let test_case = reader.optional("testCase", self.test_case);
        let new = NewTag {
            name: reader.required("name", self.name).map(|Name(name)| name).unwrap_or_default(),
            full_name: reader.optional("fullName", self.full_name).map(|Name(name)| name),
            parent_id: reader.optional("parent", self.parent).map(|Id(id)| TagId(id)),
            reference: reader
                .optional("reference", self.reference)
                .map_or(TagReference::Ticket, |word| word.0),
            r#type: reader.required("type", self.r#type).map_or(TagType::Other, |word| word.0),
            visibility: reader
                .optional("visibility", self.visibility)
                .map_or(Visibility::Public, |word| word.0),
            color: reader.optional("color", self.color).map_or(Color::Grey, |word| word.0),
            properties: properties.into_iter().map(|Name(property)| property).collect(),
            complexity: reader
                .optional("complexity", self.complexity)
                .map_or_else(|| "moderate".into(), |Name(complexity)| complexity),
            sla_hours,
            priority: reader
                .optional("priority", self.priority)
                .map_or(TagPriority::DoNotChange, |word| word.0),
            channels: channels.into_iter().map(|word| word.0.as_str().to_owned()).collect(),
            subchannel_ids: subchannels.into_iter().map(|Id(id)| id).collect(),
            routing_relevance: reader.optional("routingRelevance", self.routing_relevance).unwrap_or(true),
            detection_details: detection
                .map_or_else(|| r#"{"type":"manualAssignment"}"#.into(), |Detection(details)| details),
            test_case: test_case.map_or_else(|| "{}".into(), |Object(document)| document.0),
        };
        reader.unknown(self.unknown, &["id", "assignment", "modifiedBy", "modifiedAt"], strict);
        new
    }
}

/// The full name and the line of ancestors, which follow from the parent. References that lead nowhere
/// become errors.
async fn place(
    tx: &mut TenantTx,
    new: &NewTag,
    errors: &mut Vec<FieldError>,
) -> Result<(String, Vec<i64>), Error> {
    if !new.subchannel_ids.is_empty() {
        let known: Vec<i64> =
            subchannels::list(tx, None, None).await?.iter().map(|known| known.id.0).collect();
        let missing = new.subchannel_ids.iter().enumerate().filter(|(_, id)| !known.contains(id));
        errors.extend(missing.map(|(entry, id)| FieldError {
            pointer: format!("/subchannels/{entry}"),
            code: "subchannel_not_found",
            message: format!("there is no subchannel {id}"),
        }));
    }
    let own_name = new.full_name.clone();
    let Some(parent) = new.parent_id else {
        return Ok((own_name.unwrap_or_else(|| new.name.clone()), Vec::new()));
    };
    let Some((parent_name, path)) = tags::lineage(tx, parent).await? else {
        errors.push(FieldError {
            pointer: "/parent".into(),
            code: "tag_not_found",
            message: format!("there is no tag {parent}"),
        });
        return Ok((String::new(), Vec::new()));
    };
    Ok((own_name.unwrap_or_else(|| format!("{parent_name}: {}", new.name)), path))
}
