//! JSON Web Tokens: verifying those of clients, signing our own.

use std::sync::Arc;
use std::time::Duration;

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use jiff::{SignedDuration, Timestamp};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use moka::future::Cache;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Deserializer, Serialize};
use sha2::{Digest, Sha256};

use super::key_set::KeySet;
use super::links::LinkKey;
use crate::error::Error;

/// The longest token that is looked at, in bytes.
const MAX_TOKEN_BYTES: usize = 8 * 1024;
/// How long a signature that counted is taken to count: a key that its provider has withdrawn goes unnoticed
/// for less than the 5 s that are promised.
const REMEMBERED: Duration = Duration::from_secs(4);
/// How far clocks may differ.
const LEEWAY: SignedDuration = SignedDuration::from_secs(60);

/// What a token says.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Claims {
    /// The tenant's slug.
    pub tenant: String,
    /// An agent's id, or `integration:NAME`.
    pub sub: String,
    /// `admin`, `agent` or `integration`: a ceiling, which what is stored may lower.
    pub role: String,
    /// Seconds since 1970.
    #[serde(deserialize_with = "whole_seconds")]
    pub exp: i64,
    #[serde(default, skip_deserializing, skip_serializing_if = "Option::is_none")]
    pub iat: Option<i64>,
    #[serde(default, deserialize_with = "some_whole_seconds", skip_serializing_if = "Option::is_none")]
    pub nbf: Option<i64>,
    /// The agent's id once more, as the original system has it.
    #[serde(default, rename = "userId", skip_serializing_if = "Option::is_none")]
    pub user_id: Option<i64>,
    /// The client id behind an access token of SocialBoards: it counts there alone, and no longer than that one.
    #[serde(default, rename = "tessera_client", skip_serializing_if = "Option::is_none")]
    pub client: Option<String>,
}

/// Whose tokens count.
pub struct Authority {
    verify: DecodingKey,
    sign: EncodingKey,
    links: LinkKey,
    provider: Option<Provider>,
    /// The claims of tokens whose signature counted, by the hash of the token.
    verified: Cache<[u8; 32], Arc<Claims>>,
}

/// An identity provider whose tokens are accepted beside our own.
#[derive(Debug)]
pub struct Provider {
    pub keys: KeySet,
    pub issuer: Option<String>,
    pub audience: Option<String>,
}

impl std::fmt::Debug for Authority {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Authority").field("provider", &self.provider).finish_non_exhaustive()
    }
}

impl Authority {
    /// Accepts tokens of our own secret, and of the provider where there is one.
    pub fn new(secret: &SecretString, provider: Option<Provider>) -> Self {
        let secret = secret.expose_secret().as_bytes();
        Self {
            verify: DecodingKey::from_secret(secret),
            sign: EncodingKey::from_secret(secret),
            links: LinkKey::of(secret),
            provider,
            verified: Cache::builder().max_capacity(10_000).time_to_live(REMEMBERED).build(),
        }
    }

    /// The key that signs links to files.
    pub fn link_key(&self) -> &LinkKey {
        &self.links
    }

    /// Signs a token of our own that runs out after `ttl`.
    pub fn sign(&self, mut claims: Claims, now: Timestamp, ttl: SignedDuration) -> Result<String, Error> {
        claims.iat = Some(now.as_second());
        claims.exp = now.as_second().saturating_add(ttl.as_secs());
        jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &self.sign).map_err(Error::internal)
    }

    /// Checks signature, times and, for a provider's token, issuer and audience.
    pub async fn verify(&self, token: &str, now: Timestamp) -> Result<Arc<Claims>, Error> {
        if token.len() > MAX_TOKEN_BYTES {
            return Err(Error::Unauthenticated("the token is too long"));
        }
        let hash: [u8; 32] = Sha256::digest(token).into();
        let claims = if let Some(claims) = self.verified.get(&hash).await {
            claims
        } else {
            let claims = Arc::new(self.claims(token, now).await?);
            self.verified.insert(hash, claims.clone()).await;
            claims
        };
        let (now, leeway) = (now.as_second(), LEEWAY.as_secs());
        if claims.exp.saturating_add(leeway) < now {
            return Err(Error::Unauthenticated("the token has run out"));
        }
        if claims.nbf.is_some_and(|nbf| nbf.saturating_sub(leeway) > now) {
            return Err(Error::Unauthenticated("the token is not valid yet"));
        }
        Ok(claims)
    }

    /// What a token says whose signature counts. The key follows from the algorithm family, so that a public
    /// key never serves as a secret.
    async fn claims(&self, token: &str, now: Timestamp) -> Result<Claims, Error> {
        let header =
            jsonwebtoken::decode_header(token).map_err(|_| Error::Unauthenticated("no token header"))?;
        match (header.alg, &self.provider) {
            (Algorithm::HS256, _) => decode(token, &self.verify, &rules(Algorithm::HS256)),
            (alg @ (Algorithm::RS256 | Algorithm::ES256 | Algorithm::EdDSA), Some(provider)) => {
                let key = provider.keys.find(header.kid.as_deref(), alg, now).await?;
                decode(token, &key, &provider.rules(alg))
            }
            _ => Err(Error::Unauthenticated("the algorithm is not accepted")),
        }
    }
}

impl Provider {
    fn rules(&self, alg: Algorithm) -> Validation {
        let mut rules = rules(alg);
        let mut required = Vec::new();
        if let Some(issuer) = &self.issuer {
            rules.set_issuer(&[issuer]);
            required.push("iss");
        }
        if let Some(audience) = &self.audience {
            rules.set_audience(&[audience]);
            rules.validate_aud = true;
            required.push("aud");
        }
        rules.set_required_spec_claims(&required);
        rules
    }
}

/// The scheme, in lower case, and the credential of the header `Authorization`; `None` where there is none.
/// Errors with 401 where it cannot be read.
pub fn header(headers: &HeaderMap) -> Result<Option<(String, &str)>, Error> {
    let Some(value) = headers.get(AUTHORIZATION) else { return Ok(None) };
    let text = value.to_str().map_err(|_| Error::Unauthenticated("an unreadable header"))?.trim();
    let (scheme, credential) = text.split_once(' ').unwrap_or((text, ""));
    Ok(Some((scheme.to_ascii_lowercase(), credential.trim())))
}

/// The signature alone; times are checked against our own clock.
fn rules(alg: Algorithm) -> Validation {
    let mut rules = Validation::new(alg);
    rules.validate_exp = false;
    rules.validate_nbf = false;
    rules.validate_aud = false;
    rules.set_required_spec_claims::<&str>(&[]);
    rules
}

fn decode(token: &str, key: &DecodingKey, rules: &Validation) -> Result<Claims, Error> {
    let data = jsonwebtoken::decode::<Claims>(token, key, rules);
    data.map(|data| data.claims).map_err(|_| Error::Unauthenticated("signature or claims do not count"))
}

/// A `NumericDate`, which may have a fraction (RFC 7519, section 2).
#[expect(clippy::cast_possible_truncation, reason = "the cast of a float saturates")]
fn whole_seconds<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
    f64::deserialize(deserializer).map(|seconds| seconds.floor() as i64)
}

fn some_whole_seconds<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<i64>, D::Error> {
    whole_seconds(deserializer).map(Some)
}
