//! `POST /profile`.

use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::wire::ProfileSettings;
use crate::db::{TenantTx, agents, teams};
use crate::dialects::mind::created::Created;
use crate::dialects::mind::prefer::Prefer;
use crate::dialects::mind::read::Reader;
use crate::domain::agent::{NewAgent, Role};
use crate::domain::id::{AgentId, TeamId};
use crate::domain::mail;
use crate::error::{Error, FieldError};
use crate::http::caller::Caller;
use crate::http::extract::Body;
use crate::http::field::{Field, Unknown, Wrong};
use crate::http::json::Json;
use crate::http::value::{Id, Listed, Name, Short};

/// A new person. A password comes with sign-in.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", expecting = "an object")]
pub struct CreateProfile {
    /// At most 255 characters.
    #[serde(default)]
    #[schema(value_type = String, example = "Eva")]
    first_name: Field<Short<255>>,
    /// At most 255 characters.
    #[serde(default)]
    #[schema(value_type = String, example = "Beispiel")]
    last_name: Field<Short<255>>,
    /// Unique within the tenant.
    #[serde(default)]
    #[schema(value_type = String, required = true, example = "eva@example.com")]
    email: Field<Name<320>>,
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    phone: Field<Short<255>>,
    /// `admin` or `agent` (default).
    #[serde(default)]
    #[schema(value_type = String, example = "agent")]
    role: Field<Listed<Role>>,
    /// ISO 639-1; `de` by default.
    #[serde(default)]
    #[schema(value_type = String, example = "de")]
    lang: Field<Name<8>>,
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    name_alias: Field<Short<255>>,
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    external_id: Field<Short<255>>,
    /// Of the reference's settings, the teams alone.
    #[serde(default)]
    #[schema(value_type = Option<ProfileSettings>)]
    settings: Field<Value>,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

/// Create a person.
///
/// Administrators alone.
#[utoipa::path(post, path = "/profile", tag = "profile", request_body = CreateProfile,
    params(("Prefer" = Option<String>, Header, description = "`handling=strict`: unknown members are an error")),
    responses(
        (status = OK, description = "Created", body = Created),
        (status = FORBIDDEN, description = "Not an administrator"),
        (status = CONFLICT, description = "The mail address is taken"),
    ))]
pub async fn create(
    caller: Caller,
    prefer: Prefer,
    Body(wire): Body<CreateProfile>,
) -> Result<Json<Created>, Error> {
    caller.require_admin()?;
    let mut reader = Reader::new("", &caller.settings.calendar.zone);
    let first_name = reader.optional("firstName", wire.first_name).map(|Short(text)| text);
    let last_name = reader.optional("lastName", wire.last_name).map(|Short(text)| text);
    let email = reader.required("email", wire.email).map(|Name(text)| text);
    if email.as_deref().is_some_and(|email| !mail::is_address(email)) {
        reader.refuse("email", &Wrong::new("invalid_address", "must be a mail address"));
    }
    let new = NewAgent {
        role: reader.optional("role", wire.role).map_or(Role::Agent, |Listed(role)| role),
        first_name: first_name.unwrap_or_default(),
        last_name: last_name.unwrap_or_default(),
        email,
        phone: reader.optional("phone", wire.phone).map(|Short(text)| text),
        lang: reader.optional("lang", wire.lang).map_or_else(|| "de".into(), |Name(text)| text),
        name_alias: reader.optional("nameAlias", wire.name_alias).map(|Short(text)| text),
        external_id: reader.optional("externalId", wire.external_id).map(|Short(text)| text),
    };
    let team_ids = team_ids(wire.settings, &mut reader, prefer.strict);
    reader.unknown(
        wire.unknown,
        &["id", "lastSeen", "type", "isSsoOnly", "image", "password"],
        prefer.strict,
    );
    if !reader.errors.is_empty() {
        return Err(Error::Invalid(reader.errors));
    }
    let mut tx = caller.begin().await?;
    let Some(id) = agents::insert(&mut tx, &new, caller.acting().now).await? else {
        return Err(Error::conflict("/email", "another person has this mail address"));
    };
    join(&mut tx, id, &team_ids).await?;
    tx.commit().await?;
    Ok(Json(Created::new(id.0, reader.warnings)))
}

/// The teams that the settings name.
fn team_ids(settings: Field<Value>, reader: &mut Reader<'_>, strict: bool) -> Vec<TeamId> {
    let mut members = match reader.optional("settings", settings) {
        Some(Value::Object(members)) => members,
        Some(_) => {
            reader.refuse("settings", &Wrong::r#type("an object"));
            return Vec::new();
        }
        None => return Vec::new(),
    };
    let mut below = Reader::new("/settings", reader.zone());
    let ids = members.remove("teamIds").map_or(Field::Absent, Field::<Vec<Id>>::read);
    let ids = below.optional("teamIds", ids).unwrap_or_default();
    below.unknown(Unknown(members.into_iter().map(|(name, _)| name).collect()), &[], strict);
    reader.errors.append(&mut below.errors);
    reader.warnings.append(&mut below.warnings);
    ids.into_iter().map(|Id(id)| TeamId(id)).collect()
}

/// Puts a new person into teams. Errors with 422 for each that is not there.
async fn join(tx: &mut TenantTx, agent: AgentId, ids: &[TeamId]) -> Result<(), Error> {
    if ids.is_empty() {
        return Ok(());
    }
    let joined = teams::join(tx, agent, ids).await?;
    let unknown = ids.iter().enumerate().filter(|(_, id)| !joined.contains(id)).map(|(at, id)| FieldError {
        pointer: format!("/settings/teamIds/{at}"),
        code: "team_not_found",
        message: format!("there is no team {id}"),
    });
    let unknown: Vec<FieldError> = unknown.collect();
    if unknown.is_empty() { Ok(()) } else { Err(Error::Invalid(unknown)) }
}
