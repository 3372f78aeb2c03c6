//! `tessera openapi`.

use clap::{Args, ValueEnum};

use super::Failure;
use crate::dialects::mind;

#[derive(Debug, Args)]
pub struct Openapi {
    /// Which dialect
    #[arg(default_value = "mind")]
    dialect: Dialect,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Dialect {
    Mind,
}

/// Prints a dialect's document.
pub fn openapi(command: &Openapi) -> Result<(), Failure> {
    let document = match command.dialect {
        Dialect::Mind => mind::document(),
    };
    println!("{}", serde_json::to_string_pretty(&document)?);
    Ok(())
}
