//! A category as it is shown.

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::custom_field;
use crate::domain::settings::Settings;

/// A category.
#[derive(Debug, Serialize, ToSchema)]
pub struct Category {
    #[schema(example = 15597)]
    id: i64,
    #[schema(example = "New cars")]
    name: String,
    /// Those above it, from the top down.
    parents: Vec<Parent>,
}

/// A category above another.
#[derive(Debug, Serialize, ToSchema)]
pub struct Parent {
    #[schema(example = 15590)]
    id: i64,
    #[schema(example = "Cars")]
    name: String,
}

impl Category {
    /// The category with this id; one that the tenant has taken away since is known by its id alone.
    pub fn of(id: i64, settings: &Settings) -> Self {
        match find(settings, id) {
            Some(category) => Self::new(category, settings),
            None => Self { id, name: id.to_string(), parents: Vec::new() },
        }
    }

    /// A category with those above it.
    pub fn new(category: &custom_field::Category, settings: &Settings) -> Self {
        let mut parents = Vec::new();
        let mut above = category.parent_id;
        // A parent stands before its children, so that this ends.
        while let Some(parent) = above.and_then(|id| find(settings, id)) {
            parents.push(Parent { id: parent.id, name: parent.name.clone() });
            above = parent.parent_id;
        }
        parents.reverse();
        Self { id: category.id, name: category.name.clone(), parents }
    }
}

fn find(settings: &Settings, id: i64) -> Option<&custom_field::Category> {
    settings.categories.iter().find(|category| category.id == id)
}
