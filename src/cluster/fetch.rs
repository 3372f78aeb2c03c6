//! Fetching PostgreSQL's programs once, for machines where none are installed.

use std::error::Error;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest, Sha256, Sha512};

use super::pinned::{NPM_VERSION, RELEASE_VERSION, RELEASES, npm_package, release_target};
use super::{ClusterError, blocking, unpack};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// Without a byte; a whole archive may take longer.
const READ_TIMEOUT: Duration = Duration::from_secs(30);

enum Hash {
    /// Lower-case hex digits.
    Sha256(String),
    /// Base64, as npm writes it.
    Sha512(String),
}

/// Fetches what `TESSERA_PG_URL` points to, a `tar.gz`, unless it is in the cache; returns where its programs are.
pub(super) async fn named(url: &str, sha256: Option<&str>, cache: &Path) -> Result<PathBuf, ClusterError> {
    let sha256 = sha256.and_then(hex_digest).ok_or(ClusterError::NoHash)?;
    let version = format!("sha256-{}", &sha256[..16]);
    if let Some(directory) = unpack::programs_in(&cache.join(&version)) {
        return Ok(directory);
    }
    tracing::info!("fetching PostgreSQL from {url}");
    let archive = download(url).await?;
    install(archive, Hash::Sha256(sha256), url, cache, &version).await
}

/// Fetches the pinned version: through npm where it is installed, else from its release page.
pub(super) async fn pinned(cache: &Path) -> Result<PathBuf, ClusterError> {
    let mut attempts = Vec::new();
    match npm_package() {
        Some((package, hash)) => match from_npm(package, hash, cache).await {
            Ok(directory) => return Ok(directory),
            // A wrong hash is no missing network: somebody should hear of it.
            Err(error @ ClusterError::WrongHash { .. }) => return Err(error),
            Err(error) => attempts.push(error.to_string()),
        },
        None => attempts.push("npm has no package for this platform".to_owned()),
    }
    match release_target() {
        Some(target) => match from_releases(RELEASES, RELEASE_VERSION, target, cache).await {
            Ok(directory) => return Ok(directory),
            Err(error @ ClusterError::WrongHash { .. }) => return Err(error),
            Err(error) => attempts.push(error.to_string()),
        },
        None => attempts.push("there is no release for this platform".to_owned()),
    }
    Err(ClusterError::NoBinaries(attempts.join("; ")))
}

/// The programs' directories of all versions in the cache.
pub(super) fn cached(cache: &Path) -> Vec<PathBuf> {
    let versions = cache.read_dir().into_iter().flatten().filter_map(Result::ok);
    let complete =
        versions.map(|version| version.path()).filter(|path| path.extension().is_none_or(|end| end != "new"));
    complete.filter_map(|version| unpack::programs_in(&version)).collect()
}

/// npm's own client knows its registry and its proxy, so no host stands here. Runs no script of the package.
async fn from_npm(package: &str, hash: &str, cache: &Path) -> Result<PathBuf, ClusterError> {
    let name = format!("{package}@{NPM_VERSION}");
    tracing::info!("fetching PostgreSQL with npm pack {name}");
    let target = cache.join("npm.new");
    let pack = {
        let (name, target) = (name.clone(), target.clone());
        move || -> Result<Vec<u8>, ClusterError> {
            // An attempt that was cut off may have left half an archive.
            let _ = std::fs::remove_dir_all(&target);
            std::fs::create_dir_all(&target).map_err(ClusterError::file("create", &target))?;
            let output = Command::new("npm")
                .args(["pack", &name, "--loglevel=error", "--ignore-scripts", "--fetch-retries=0"])
                .args(["--fetch-timeout=120000", "--pack-destination"])
                .arg(&target)
                .current_dir(&target)
                .stdin(Stdio::null())
                .output()
                .map_err(|source| ClusterError::Program { program: "npm".into(), source })?;
            let files = target.read_dir().map_err(ClusterError::file("read", &target))?;
            let mut files = files.filter_map(Result::ok).map(|entry| entry.path());
            if let Some(archive) =
                files.find(|path| path.extension().is_some_and(|extension| extension == "tgz"))
            {
                std::fs::read(&archive).map_err(ClusterError::file("read", &archive))
            } else {
                let said = String::from_utf8_lossy(&output.stderr);
                let said = said.lines().map(|line| line.trim_start_matches("npm error").trim());
                Err(ClusterError::Npm(said.filter(|line| !line.is_empty()).collect::<Vec<_>>().join("; ")))
            }
        }
    };
    let packed = blocking(pack).await?;
    let _ = std::fs::remove_dir_all(&target);
    install(packed?, Hash::Sha512(hash.to_owned()), &name, cache, NPM_VERSION).await
}

/// Layout of <https://github.com/theseus-rs/postgresql-binaries/releases>: the hash is in a file beside the archive.
async fn from_releases(
    base: &str,
    version: &str,
    target: &str,
    cache: &Path,
) -> Result<PathBuf, ClusterError> {
    let url = format!("{base}/{version}/postgresql-{version}-{target}.tar.gz");
    tracing::info!("fetching PostgreSQL from {url}");
    let beside = format!("{url}.sha256");
    let published = download(&beside).await?;
    let published = String::from_utf8_lossy(&published);
    let sha256 = published.split_whitespace().find_map(hex_digest).ok_or(ClusterError::BadArchive(beside))?;
    let archive = download(&url).await?;
    install(archive, Hash::Sha256(sha256), &url, cache, version).await
}

async fn download(url: &str) -> Result<Vec<u8>, ClusterError> {
    let failed = |error: reqwest::Error| {
        // Its own text says only that sending failed; the reason is in what caused it.
        let causes = std::iter::successors(error.source(), |&cause| cause.source());
        let reason = causes.last().map_or_else(|| error.to_string(), ToString::to_string);
        ClusterError::Download { url: url.to_owned(), reason }
    };
    let client = reqwest::Client::builder().connect_timeout(CONNECT_TIMEOUT).read_timeout(READ_TIMEOUT);
    let request = client.build().map_err(failed)?.get(url);
    let response = request.send().await.and_then(reqwest::Response::error_for_status).map_err(failed)?;
    Ok(response.bytes().await.map_err(failed)?.into())
}

/// Checks the archive and puts it into the cache.
async fn install(
    archive: Vec<u8>,
    hash: Hash,
    origin: &str,
    cache: &Path,
    version: &str,
) -> Result<PathBuf, ClusterError> {
    let (origin, directory) = (origin.to_owned(), cache.join(version));
    blocking(move || {
        hash.check(&archive, &origin)?;
        unpack::unpack(&archive, &directory, &origin)
    })
    .await?
}

impl Hash {
    fn check(self, archive: &[u8], origin: &str) -> Result<(), ClusterError> {
        let (expected, found) = match self {
            Self::Sha256(expected) => {
                let found = Sha256::digest(archive).iter().fold(String::new(), |mut digits, byte| {
                    let _ = write!(digits, "{byte:02x}");
                    digits
                });
                (expected, found)
            }
            Self::Sha512(expected) => (expected, BASE64_STANDARD.encode(Sha512::digest(archive))),
        };
        if expected == found {
            return Ok(());
        }
        Err(ClusterError::WrongHash { origin: origin.to_owned(), expected, found })
    }
}

pub(super) fn hex(bytes: &[u8]) -> String {
    let mut digits = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        // Writing to a String cannot fail.
        let _ = write!(digits, "{byte:02x}");
    }
    digits
}

/// The text as a SHA-256 in lower case, if it is one.
fn hex_digest(text: &str) -> Option<String> {
    let is_digest = text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_digest.then(|| text.to_ascii_lowercase())
}

#[cfg(test)]
mod tests;
