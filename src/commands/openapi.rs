//! `tessera openapi`.

use clap::{Args, ValueEnum};

use super::Failure;
use crate::config::Config;
use crate::dialects::{livedesk, mind, socialboards};

#[derive(Debug, Args)]
pub struct Openapi {
    /// Which dialect
    #[arg(default_value = "mind")]
    dialect: Dialect,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Dialect {
    Mind,
    #[value(name = "socialboards")]
    SocialBoards,
    #[value(name = "livedesk")]
    LiveDesk,
}

/// Prints a dialect's document.
pub fn openapi(config: &Config, command: &Openapi) -> Result<(), Failure> {
    let document = match command.dialect {
        Dialect::Mind => mind::document(),
        Dialect::SocialBoards => socialboards::document(&config.socialboards_prefix.0),
        Dialect::LiveDesk => livedesk::document(),
    };
    println!("{}", serde_json::to_string_pretty(&document)?);
    Ok(())
}
