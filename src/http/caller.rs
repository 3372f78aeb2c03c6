//! Who is calling, and the door to their tenant's data.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use super::authorization::Claims;
use super::links::Links;
use super::origin;
use crate::app::AppState;
use crate::db::credentials::Program;
use crate::db::{TenantConn, TenantDb, TenantTx};
use crate::domain::activity::{Acting, Actor, Via};
use crate::domain::agent::Role;
use crate::domain::id::{AgentId, TenantId};
use crate::domain::settings::Settings;
use crate::error::Error;

/// The longest name in a token, in bytes.
const MAX_NAME_BYTES: usize = 255;

/// A verified caller. A dialect's `authenticate` puts it into the request.
#[derive(Debug, Clone)]
pub struct Caller {
    pub app: AppState,
    pub tenant: TenantId,
    pub actor: Actor,
    pub role: CallerRole,
    /// The tenant's settings as they were when the request came.
    pub settings: Arc<Settings>,
    db: TenantDb,
    via: Via,
    /// The base of URLs, where the client believes the server to be.
    base: String,
}

/// What a caller may do: the lower of what is stored and what the token allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallerRole {
    Admin,
    Agent,
    /// A program of a partner: creates, patches and reads tickets.
    Integration,
}

impl Caller {
    /// Finds whom verified claims speak for. Errors with 401 where there is nobody.
    pub async fn from_claims(app: &AppState, claims: &Claims, via: Via) -> Result<Self, Error> {
        if claims.client.is_some() {
            return Err(Error::Unauthenticated("an access token of another dialect"));
        }
        let is_plain = |text: &str| text.len() <= MAX_NAME_BYTES && !text.chars().any(char::is_control);
        if !is_plain(&claims.sub) || !is_plain(&claims.tenant) {
            return Err(Error::Unauthenticated("a name that cannot be stored"));
        }
        let integration = claims.sub.strip_prefix("integration:").filter(|name| !name.is_empty());
        let agent = match integration {
            Some(_) => None,
            None => {
                Some(claims.sub.parse().map(AgentId).map_err(|_| Error::Unauthenticated("nobody's sub"))?)
            }
        };
        let holder = app.holder(&claims.tenant, agent).await?;
        let ceiling = match claims.role.as_str() {
            "admin" => CallerRole::Admin,
            "agent" => CallerRole::Agent,
            "integration" => CallerRole::Integration,
            _ => return Err(Error::Unauthenticated("an unknown role")),
        };
        let (actor, role) = match (&holder.agent, integration) {
            (Some(person), _) => {
                let role = match (ceiling, person.role) {
                    (CallerRole::Integration, _) => CallerRole::Integration,
                    (CallerRole::Admin, Role::Admin) => CallerRole::Admin,
                    _ => CallerRole::Agent,
                };
                (Actor::Agent { id: person.id, name: person.name.clone() }, role)
            }
            // A program has no stored role that could reach higher.
            (None, Some(name)) => (Actor::Integration { name: name.to_owned() }, CallerRole::Integration),
            (None, None) => return Err(Error::Unauthenticated("nobody's token")),
        };
        let settings = app.settings(holder.tenant).await?;
        let db = app.db.tenant(holder.tenant);
        Ok(Self {
            app: app.clone(),
            tenant: holder.tenant,
            actor,
            role,
            settings,
            db,
            via,
            base: String::new(),
        })
    }

    /// A program that was let in by a credential of its own.
    pub async fn from_program(app: &AppState, program: &Program, via: Via) -> Result<Self, Error> {
        let settings = app.settings(program.tenant).await?;
        let db = app.db.tenant(program.tenant);
        let actor = Actor::Integration { name: program.name.clone() };
        let (tenant, role) = (program.tenant, CallerRole::Integration);
        Ok(Self { app: app.clone(), tenant, actor, role, settings, db, via, base: String::new() })
    }

    /// A transaction for reading.
    pub async fn connect(&self) -> Result<TenantConn, Error> {
        Ok(self.db.connect().await?)
    }

    /// A transaction for a change.
    pub async fn begin(&self) -> Result<TenantTx, Error> {
        Ok(self.db.begin().await?)
    }

    /// A transaction whose change a crash of the database may take back.
    pub async fn begin_unhurried(&self) -> Result<TenantTx, Error> {
        Ok(self.db.begin_unhurried().await?)
    }

    /// Who acts, on which road and when, for a write.
    pub fn acting(&self) -> Acting {
        Acting { actor: self.actor.clone(), via: self.via, now: self.app.clock.now() }
    }

    /// The links to the tenant's files.
    pub fn links(&self) -> Links<'_> {
        Links {
            key: self.app.authority.link_key(),
            base: &self.base,
            tenant: self.tenant,
            now: self.app.clock.now(),
        }
    }

    /// Errors with 403 for anybody but an administrator.
    pub fn require_admin(&self) -> Result<(), Error> {
        match self.role {
            CallerRole::Admin => Ok(()),
            _ => Err(Error::Forbidden("this needs the role admin")),
        }
    }

    /// Whether private tags are shown (enneo Mind: permission `viewPrivateTags`, an administrator's).
    pub fn sees_private_tags(&self) -> bool {
        self.role == CallerRole::Admin
    }
}

impl FromRequestParts<AppState> for Caller {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &AppState) -> Result<Self, Error> {
        // Absent only where a route was mounted outside `authenticate`.
        let caller = parts.extensions.get::<Self>().cloned();
        let caller = caller.ok_or(Error::Unauthenticated("nobody asked"))?;
        let base = origin::base_url(caller.app.config.public_url.as_deref(), parts);
        Ok(Self { base, ..caller })
    }
}
