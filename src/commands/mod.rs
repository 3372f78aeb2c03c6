//! The commands of the program.

mod credential;
mod database;
mod demo;
mod eval;
mod jobs;
mod key;
mod migrate;
mod openapi;
mod serve;
mod tenant;
mod token;

pub use serve::Running;

use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{Parser, Subcommand};

use crate::config::Config;
use crate::domain::credential::CredentialKind;
use crate::telemetry;

/// Why a command failed, in one sentence.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;

/// A multi-tenant, AI-assisted customer-service ticketing server.
#[derive(Debug, Parser)]
#[command(version, disable_help_subcommand = true)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    config: Config,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Bring the schema up to date, serve every dialect and run the background workers (the default)
    Serve,
    /// Bring the schema up to date and stop
    Migrate,
    /// Create, list, disable and enable tenants
    #[command(subcommand)]
    Tenant(tenant::Tenant),
    /// Print a signed token for the Mind dialect and the console
    Token(token::Token),
    /// Create, list and revoke the key pairs of LiveDesk clients
    #[command(subcommand)]
    ApiKey(credential::Credential),
    /// Create, list and revoke the refresh tokens of SocialBoards clients
    #[command(subcommand)]
    RefreshToken(credential::Credential),
    /// Fill the tenant `demo` with believable data
    Demo(demo::Demo),
    /// Show the queue's jobs, run one again, end one
    #[command(subcommand)]
    Jobs(jobs::Jobs),
    /// Print a dialect's OpenAPI 3.1 document
    Openapi(openapi::Openapi),
    /// Run the local analysis over labelled cases and print how well it does
    Eval(eval::Eval),
}

/// Reads the command line and runs it to its end. A setting that cannot be read is an error like any
/// other that keeps a command from starting: 1. A command line of the wrong form is 2.
pub fn run() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) if matches!(error.kind(), ErrorKind::ValueValidation | ErrorKind::InvalidValue) => {
            let text = error.to_string();
            let sentence = text.lines().next().unwrap_or_default().trim_start_matches("error: ");
            eprintln!("tessera: {sentence}");
            return ExitCode::FAILURE;
        }
        Err(error) => error.exit(),
    };
    let serves = matches!(cli.command, None | Some(Command::Serve));
    // What an administrator reads are the command's own lines, and what goes wrong.
    let filter = if serves { cli.config.log.as_str() } else { "warn" };
    let done =
        telemetry::start_logging(filter, cli.config.log_format).map_err(Failure::from).and_then(|()| {
            let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
            runtime.block_on(dispatch(cli))
        });
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("tessera: {failure}");
            if failure.is::<eval::InvalidLine>() { ExitCode::from(2) } else { ExitCode::FAILURE }
        }
    }
}

async fn dispatch(cli: Cli) -> Result<(), Failure> {
    let config = cli.config.without_empty();
    match cli.command {
        None | Some(Command::Serve) => serve::serve(config).await,
        Some(Command::Migrate) => migrate::migrate(config).await,
        Some(Command::Tenant(command)) => tenant::tenant(config, command).await,
        Some(Command::Token(command)) => token::token(config, command).await,
        Some(Command::ApiKey(command)) => {
            credential::credential(config, CredentialKind::ApiKey, command).await
        }
        Some(Command::RefreshToken(command)) => {
            credential::credential(config, CredentialKind::RefreshToken, command).await
        }
        Some(Command::Demo(command)) => demo::demo(config, command).await,
        Some(Command::Jobs(command)) => jobs::jobs(config, command).await,
        Some(Command::Openapi(command)) => openapi::openapi(&config, &command),
        Some(Command::Eval(command)) => eval::eval(command).await,
    }
}
