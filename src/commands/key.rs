//! The key that signs own tokens: the one that is set, or one made once.

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;

use base64::Engine;
use base64::prelude::BASE64_STANDARD_NO_PAD;
use secrecy::{ExposeSecret, SecretString};

use super::Failure;
use crate::config::Config;
use crate::http::authorization::{Authority, Provider};
use crate::http::key_set::KeySet;

/// The shortest key, in bytes (RFC 7518, section 3.2).
const MIN_BYTES: usize = 32;

/// Whose tokens the server accepts.
pub fn authority(config: &Config) -> Result<Authority, Failure> {
    let secret = match &config.jwt_secret {
        Some(secret) => secret.clone(),
        None => kept(&config.data_dir)?,
    };
    if secret.expose_secret().len() < MIN_BYTES {
        return Err(format!("TESSERA_JWT_SECRET must have at least {MIN_BYTES} bytes").into());
    }
    let provider = match &config.jwks_url {
        None => None,
        Some(url) => Some(Provider {
            keys: KeySet::new(url.clone())?,
            issuer: config.jwt_issuer.clone(),
            audience: config.jwt_audience.clone(),
        }),
    };
    Ok(Authority::new(&secret, provider))
}

/// The key in the data directory, made where there is none. Of two processes that make one at once,
/// both use the one that was there first.
fn kept(data_dir: &Path) -> Result<SecretString, Failure> {
    let path = data_dir.join("jwt.key");
    let unusable =
        |error: std::io::Error| format!("the signing key {} cannot be used: {error}", path.display());
    match fs::read_to_string(&path) {
        Ok(key) => return Ok(key.trim().to_owned().into()),
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(error) => return Err(unusable(error).into()),
    }
    // Everybody may pass through: PostgreSQL, which runs as another user where we are root, lives below.
    fs::DirBuilder::new().recursive(true).mode(0o711).create(data_dir).map_err(unusable)?;
    let key = BASE64_STANDARD_NO_PAD.encode(rand::random::<[u8; MIN_BYTES]>());
    let draft = data_dir.join(format!("jwt.key.{}", std::process::id()));
    let mut file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&draft)
        .map_err(unusable)?;
    file.write_all(key.as_bytes()).and_then(|()| file.sync_all()).map_err(unusable)?;
    // A hard link appears whole or not at all, and never replaces one that is there.
    let linked = fs::hard_link(&draft, &path);
    fs::remove_file(&draft).map_err(unusable)?;
    match linked {
        Ok(()) => {}
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
        Err(error) => return Err(unusable(error).into()),
    }
    Ok(fs::read_to_string(&path).map_err(unusable)?.trim().to_owned().into())
}
