//! `tessera api-key` and `tessera refresh-token`.

use clap::{Args, Subcommand};

use super::{Failure, database};
use crate::actions;
use crate::clock::Clock;
use crate::config::Config;
use crate::db::{Db, TenantDb, credentials, tenants};
use crate::domain::credential::{CredentialKind, MAX_NAME_BYTES, is_name};

#[derive(Debug, Subcommand)]
pub enum Credential {
    /// Create one and print it; its secret is never shown again
    Create(Named),
    /// Print name, key or client id, creation and last use of each
    List {
        /// The tenant's slug
        #[arg(long)]
        tenant: String,
    },
    /// Refuse one from now on
    Revoke(Named),
}

#[derive(Debug, Args)]
pub struct Named {
    /// The tenant's slug
    #[arg(long)]
    tenant: String,
    /// What it is called; what it does is recorded under this name
    #[arg(long)]
    name: String,
}

/// Runs one of them.
pub async fn credential(config: Config, kind: CredentialKind, command: Credential) -> Result<(), Failure> {
    if let Credential::Create(named) = &command
        && !is_name(&named.name)
    {
        let name = &named.name;
        return Err(
            format!("{name:?} is no name: 1 to {MAX_NAME_BYTES} bytes without control characters").into()
        );
    }
    let clock = Clock::default();
    database::open(&config).await?.with(async |db| run(db, &clock, kind, command).await).await
}

async fn run(db: &Db, clock: &Clock, kind: CredentialKind, command: Credential) -> Result<(), Failure> {
    match command {
        Credential::Create(Named { tenant, name }) => {
            let mut tx = door(db, &tenant).await?.begin().await?;
            let issued = actions::issue_credential(&mut tx, kind, &name, clock.now()).await?;
            let issued = issued.ok_or_else(|| format!("the tenant {tenant} has one named {name} already"))?;
            tx.commit().await?;
            let between = match kind {
                CredentialKind::ApiKey => ':',
                CredentialKind::RefreshToken => ' ',
            };
            println!("{}{between}{}", issued.id, issued.secret);
        }
        Credential::List { tenant } => {
            let mut connection = door(db, &tenant).await?.connect().await?;
            let id = match kind {
                CredentialKind::ApiKey => "key",
                CredentialKind::RefreshToken => "client_id",
            };
            println!("name\t{id}\tcreated_at\tlast_used_at");
            for credential in credentials::list(&mut connection, kind).await? {
                let used = credential.last_used_at.map_or_else(|| "never".to_owned(), |at| at.to_string());
                println!("{}\t{}\t{}\t{used}", credential.name, credential.id, credential.created_at);
            }
        }
        Credential::Revoke(Named { tenant, name }) => {
            let mut tx = door(db, &tenant).await?.begin().await?;
            let revoked = credentials::revoke(&mut tx, kind, &name, clock.now()).await?;
            if revoked.is_none() {
                return Err(format!("the tenant {tenant} has none named {name}").into());
            }
            tx.commit().await?;
        }
    }
    Ok(())
}

async fn door(db: &Db, slug: &str) -> Result<TenantDb, Failure> {
    let tenant = tenants::find(db, slug).await?;
    Ok(db.tenant(tenant.ok_or_else(|| format!("there is no tenant {slug}"))?.id))
}
