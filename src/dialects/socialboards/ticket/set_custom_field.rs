//! `PATCH /tickets/{ticketId}/CustomFields`.

use super::change;
use super::create::FieldValue;
use crate::actions::TicketChange;
use crate::dialects::socialboards::custom_field;
use crate::dialects::socialboards::envelope::{Empty, Envelope};
use crate::domain::change::Change;
use crate::domain::detail::{CustomChange, DetailPatch};
use crate::domain::id::TicketId;
use crate::domain::settings::Settings;
use crate::error::Error;
use crate::http::caller::Caller;
use crate::http::extract::{Body, PathId};
use crate::http::field::{AnyJson, Wrong};
use crate::http::read::{Ignored, Names, Reader};

/// Set the value of a ticket's custom field.
///
/// Provisional: the original's request is unknown. Null takes the value away, unless the field is required.
#[utoipa::path(patch, path = "/tickets/{ticketId}/customfields", tag = "ticket", request_body = FieldValue,
    params(("ticketId" = i64, Path, description = "The ticket's id", example = 4_484_636)),
    responses(
        (status = OK, description = "Set", body = Envelope<Empty>),
        (status = NOT_FOUND, description = "No such ticket"),
    ))]
pub async fn set_custom_field(
    caller: Caller,
    id: PathId,
    Body(body): Body<AnyJson>,
) -> Result<(Ignored, Envelope<Empty>), Error> {
    let mut reader = Reader::new(body, Names::AnyCase)?;
    let id = TicketId(id.of("ticket")?);
    let custom_values = read(&mut reader, &caller.settings);
    let ignored = reader.finish()?;
    let detail = DetailPatch { custom_values, ..DetailPatch::default() };
    let change = TicketChange { detail, ..TicketChange::default() };
    Ok((ignored, change::apply(&caller, id, change).await?))
}

fn read(reader: &mut Reader, settings: &Settings) -> CustomChange {
    let was_sent = reader.has("value");
    if !was_sent {
        reader.refuse("value", &Wrong::new("required", "is required; null is none"));
    }
    match custom_field::read(reader, settings) {
        Some((_, Change::Set(Some(value)))) => CustomChange::Set(value),
        Some((field, Change::Set(None))) if field.required => {
            reader.refuse("value", &Wrong::new("required", "must not be null: the field is required"));
            CustomChange::Keep
        }
        Some((field, Change::Set(None))) => CustomChange::Clear(field.name.clone()),
        Some((_, Change::Keep)) | None => CustomChange::Keep,
    }
}
