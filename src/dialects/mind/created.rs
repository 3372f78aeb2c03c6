//! What is answered for something new of which the id is all there is to say.

use serde::Serialize;
use utoipa::ToSchema;

use super::read::Warning;

/// The id of what was created.
#[derive(Debug, Serialize, ToSchema)]
pub struct Created {
    /// Always true.
    success: bool,
    #[schema(example = 7)]
    id: i64,
    /// What was ignored.
    warnings: Vec<Warning>,
}

impl Created {
    /// With what was ignored of the request.
    pub fn new(id: i64, warnings: Vec<Warning>) -> Self {
        Self { success: true, id, warnings }
    }
}
