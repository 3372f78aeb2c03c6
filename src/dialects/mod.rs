//! Wire ⇄ domain. None knows another.

use axum::Router;
use axum::response::Response;
use serde_json::Value;

use crate::app::AppState;
use crate::config::Config;

macro_rules! dialects {
    ($($name:ident,)*) => {
        $(pub mod $name;)*

        /// Every dialect. The first words what belongs to none.
        pub const ALL: &[Dialect] = &[$($name::DIALECT),*];
    };
}

// A dialect is its folder and its line here.
dialects! {
    mind,
    socialboards,
    livedesk,
}

/// What the server knows of a dialect.
#[derive(Debug)]
pub struct Dialect {
    /// What it is called on the command line.
    pub name: &'static str,
    /// What it is called by people.
    pub title: &'static str,
    /// Its routes, credentials included, by where they are mounted. The first has the document at `/docs/open-api`.
    pub mounts: fn(&AppState) -> Vec<Mount>,
    /// Writes the body of an error that has none yet. The text is the request's id.
    pub render: fn(Response, &str) -> Response,
    /// Its OpenAPI document.
    pub document: fn(&Config) -> Value,
}

/// Routes at a place.
pub struct Mount {
    /// What their paths begin with; empty where they stand at the top.
    pub prefix: String,
    pub routes: Router<AppState>,
    /// Paths are matched in lower case, in which the routes are written.
    pub any_case: bool,
}
