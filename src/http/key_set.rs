//! The keys of an identity provider (RFC 7517), fetched when needed and kept.

use std::sync::{PoisonError, RwLock};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use jsonwebtoken::jwk::{Jwk, KeyAlgorithm, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey};
use serde::Deserialize;
use serde_json::Value;
use tokio::sync::Mutex;

use crate::error::Error;

/// An unknown key is asked for at most this often.
const REFRESH_AT_MOST_EVERY: SignedDuration = SignedDuration::from_secs(60);
/// How long the provider may take.
const FETCH_TIMEOUT: Duration = Duration::from_secs(5);
/// The largest key set that is read, in bytes.
const MAX_SET_BYTES: usize = 1_000_000;

/// A provider's keys.
#[derive(Debug)]
pub struct KeySet {
    url: String,
    client: reqwest::Client,
    keys: RwLock<Vec<Jwk>>,
    /// When the set was last asked for. Held while asking, so that many tokens of a new key cause one
    /// request, and apart from the keys, so that the tokens of known ones do not wait for it.
    asked_at: Mutex<Option<Timestamp>>,
}

/// A set as it is served. Keys of kinds that are not known here are passed over (RFC 7517, section 5).
#[derive(Debug, Deserialize)]
struct Served {
    keys: Vec<Value>,
}

impl KeySet {
    /// Fetches nothing yet.
    pub fn new(url: String) -> Result<Self, reqwest::Error> {
        let client = reqwest::Client::builder().timeout(FETCH_TIMEOUT).build()?;
        Ok(Self { url, client, keys: RwLock::default(), asked_at: Mutex::default() })
    }

    /// The key with this id for this algorithm. A token without an id gets the only key that fits.
    /// An unknown id makes the set be fetched again, at most once a minute.
    pub async fn find(
        &self,
        kid: Option<&str>,
        alg: Algorithm,
        now: Timestamp,
    ) -> Result<DecodingKey, Error> {
        if let Some(key) = self.known(kid, alg) {
            return Ok(key);
        }
        let mut asked_at = self.asked_at.lock().await;
        if let Some(key) = self.known(kid, alg) {
            return Ok(key);
        }
        if asked_at.is_none_or(|at| at.duration_until(now) >= REFRESH_AT_MOST_EVERY) {
            *asked_at = Some(now);
            match self.fetch().await {
                Ok(keys) => *self.keys.write().unwrap_or_else(PoisonError::into_inner) = keys,
                Err(error) => tracing::warn!(url = self.url, error, "the key set cannot be fetched"),
            }
        }
        self.known(kid, alg).ok_or(Error::Unauthenticated("its key is not in the key set"))
    }

    fn known(&self, kid: Option<&str>, alg: Algorithm) -> Option<DecodingKey> {
        pick(&self.keys.read().unwrap_or_else(PoisonError::into_inner), kid, alg)
    }

    async fn fetch(&self) -> Result<Vec<Jwk>, String> {
        let response = self.client.get(&self.url).send().await.map_err(|error| error.to_string())?;
        let mut response = response.error_for_status().map_err(|error| error.to_string())?;
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| error.to_string())? {
            body.extend_from_slice(&chunk);
            if body.len() > MAX_SET_BYTES {
                return Err("the key set is too large".into());
            }
        }
        let set: Served = serde_json::from_slice(&body).map_err(|error| error.to_string())?;
        Ok(set.keys.into_iter().filter_map(|key| serde_json::from_value(key).ok()).collect())
    }
}

fn pick(keys: &[Jwk], kid: Option<&str>, alg: Algorithm) -> Option<DecodingKey> {
    let mut fitting = keys
        .iter()
        .filter(|key| kid.is_none() || key.common.key_id.as_deref() == kid)
        .filter(|key| key.common.public_key_use != Some(PublicKeyUse::Encryption))
        .filter(|key| key.common.key_algorithm.is_none_or(|named| is_for(named, alg)))
        .filter_map(|key| DecodingKey::from_jwk(key).ok())
        .filter(|key| key.family() == alg.family());
    let key = fitting.next()?;
    // Without an id, two keys that fit leave the choice open.
    (kid.is_some() || fitting.next().is_none()).then_some(key)
}

fn is_for(named: KeyAlgorithm, alg: Algorithm) -> bool {
    matches!(
        (named, alg),
        (KeyAlgorithm::RS256, Algorithm::RS256)
            | (KeyAlgorithm::ES256, Algorithm::ES256)
            | (KeyAlgorithm::EdDSA, Algorithm::EdDSA)
    )
}
