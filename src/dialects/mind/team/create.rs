//! `POST /team`.

use serde::Deserialize;
use utoipa::ToSchema;

use crate::db::teams;
use crate::dialects::mind::created::Created;
use crate::dialects::mind::prefer::Prefer;
use crate::dialects::mind::read::Reader;
use crate::error::Error;
use crate::http::caller::Caller;
use crate::http::extract::Body;
use crate::http::field::{Field, Unknown};
use crate::http::json::Json;
use crate::http::value::Name;

/// A new team.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(expecting = "an object")]
pub struct CreateTeam {
    /// 1 to 255 characters, unique within the tenant.
    #[serde(default)]
    #[schema(value_type = String, required = true, example = "Second level")]
    name: Field<Name<255>>,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

/// Create a team.
///
/// Administrators alone. People join it as they are created: `settings.teamIds` of `POST /profile`.
#[utoipa::path(post, path = "/team", tag = "team", request_body = CreateTeam,
    params(("Prefer" = Option<String>, Header, description = "`handling=strict`: unknown members are an error")),
    responses(
        (status = OK, description = "Created", body = Created),
        (status = FORBIDDEN, description = "Not an administrator"),
        (status = CONFLICT, description = "The name is taken"),
    ))]
pub async fn create(
    caller: Caller,
    prefer: Prefer,
    Body(wire): Body<CreateTeam>,
) -> Result<Json<Created>, Error> {
    caller.require_admin()?;
    let mut reader = Reader::new("", &caller.settings.calendar.zone);
    let name = reader.required("name", wire.name);
    reader.unknown(wire.unknown, &["id"], prefer.strict);
    let (Some(Name(name)), true) = (name, reader.errors.is_empty()) else {
        return Err(Error::Invalid(reader.errors));
    };
    let mut tx = caller.begin().await?;
    let Some(id) = teams::insert(&mut tx, &name, caller.acting().now).await? else {
        return Err(Error::conflict("/name", "another team has this name"));
    };
    tx.commit().await?;
    Ok(Json(Created::new(id.0, reader.warnings)))
}
