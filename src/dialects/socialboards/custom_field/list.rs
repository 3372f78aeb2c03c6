//! `GET /CustomFields`.

use super::CustomField;
use crate::dialects::socialboards::envelope::Envelope;
use crate::http::caller::Caller;

/// List custom fields.
///
/// Provisional: the original's answer is unknown. They are the tenant's setting `customFields`.
#[utoipa::path(get, path = "/customfields", tag = "customField",
    responses((status = OK, description = "The custom fields", body = Envelope<Vec<CustomField>>)))]
pub async fn list(caller: Caller) -> Envelope<Vec<CustomField>> {
    let fields = caller.settings.custom_fields.iter().enumerate();
    Envelope::new(fields.map(|(at, field)| CustomField::definition(field, at)).collect())
}
