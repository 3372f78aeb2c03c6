//! `tessera openapi`.

use clap::Args;
use clap::builder::PossibleValuesParser;

use super::Failure;
use crate::config::Config;
use crate::dialects;

#[derive(Debug, Args)]
pub struct Openapi {
    /// Which dialect
    #[arg(default_value = "mind", value_parser = PossibleValuesParser::new(dialects::ALL.iter().map(|one| one.name)))]
    dialect: String,
}

/// Prints a dialect's document.
pub fn openapi(config: &Config, command: &Openapi) -> Result<(), Failure> {
    let mut named = dialects::ALL.iter().filter(|dialect| dialect.name == command.dialect);
    // Only names of the list get here.
    if let Some(dialect) = named.next() {
        println!("{}", serde_json::to_string_pretty(&(dialect.document)(config))?);
    }
    Ok(())
}
