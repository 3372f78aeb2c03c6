//! The kinds of background work, one a file, and the list of them all.

pub mod analyze_ticket;

use crate::app::AppState;
use crate::queue::Registry;

/// Who works each kind.
pub fn registry(app: &AppState) -> Registry {
    let app = app.clone();
    Registry::default().with(analyze_ticket::KIND, move |job| analyze_ticket::run(app.clone(), job))
}
