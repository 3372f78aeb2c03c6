//! `GET /categories`.

use super::Category;
use crate::dialects::socialboards::envelope::Envelope;
use crate::http::caller::Caller;

/// List categories.
///
/// Provisional: the original's answer is unknown. They are the tenant's setting `categories`.
#[utoipa::path(get, path = "/categories", tag = "category",
    responses((status = OK, description = "The categories", body = Envelope<Vec<Category>>)))]
pub async fn list(caller: Caller) -> Envelope<Vec<Category>> {
    let settings = &caller.settings;
    Envelope::new(settings.categories.iter().map(|category| Category::new(category, settings)).collect())
}
