//! Opening a folder or a bucket.

use std::fs::DirBuilder;
use std::os::unix::fs::DirBuilderExt;
use std::path::Path as FilePath;
use std::sync::Arc;
use std::time::Duration;

use object_store::aws::{AmazonS3Builder, AmazonS3ConfigKey};
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{ClientConfigKey, ClientOptions, RetryConfig};
use reqwest::Url;

use super::Storage;

/// How much is written into a file at once.
const FILE_PART: usize = 256 * 1024;
/// The smallest part that S3 takes, but for the last.
const S3_PART: usize = 5 * 1024 * 1024;
/// How long S3 may take to accept a connection.
const CONNECT: Duration = Duration::from_secs(5);
/// How long it may say nothing.
const SILENCE: Duration = Duration::from_secs(30);
/// How long a request is tried again.
const RETRIES: Duration = Duration::from_secs(15);

/// The storage that a setting names.
pub(super) fn of_url(text: &str) -> Result<Storage, String> {
    let wrong = || format!("TESSERA_STORAGE_URL must be file:///… or s3://bucket/prefix, not {text:?}");
    let url = Url::parse(text).map_err(|_| wrong())?;
    match url.scheme() {
        "file" => folder(&url.to_file_path().map_err(|()| wrong())?),
        "s3" => {
            let bucket = url.host_str().filter(|bucket| !bucket.is_empty()).ok_or_else(wrong)?;
            // Credentials, region and endpoint are where every program of AWS finds them.
            bucket_of(AmazonS3Builder::from_env().with_bucket_name(bucket), url.path())
        }
        _ => Err(wrong()),
    }
}

/// A folder, made where it is not there; others may not look inside.
pub(super) fn folder(path: &FilePath) -> Result<Storage, String> {
    let unusable = |error: &dyn std::fmt::Display| {
        format!("the folder of uploads {} cannot be used: {error}", path.display())
    };
    // Others may pass through what is above: PostgreSQL may live there as another user.
    let above = path.parent().unwrap_or(path);
    let made = DirBuilder::new().recursive(true).mode(0o711).create(above);
    made.and_then(|()| DirBuilder::new().recursive(true).mode(0o700).create(path))
        .map_err(|error| unusable(&error))?;
    let store = LocalFileSystem::new_with_prefix(path).map_err(|error| unusable(&error))?.with_fsync(true);
    Ok(Storage {
        store: Arc::new(store),
        root: Path::default(),
        part_bytes: FILE_PART,
        folder: Some(path.into()),
    })
}

/// A folder that is not there and cannot be made: a server that takes no uploads needs none, and where one comes, it
/// is tried again.
pub(super) fn absent(path: &FilePath) -> Result<Storage, String> {
    let unusable = |error: &dyn std::fmt::Display| format!("the data directory has no path: {error}");
    let path = std::path::absolute(path).map_err(|error| unusable(&error))?;
    let root = Path::from_absolute_path(path).map_err(|error| unusable(&error))?;
    let store = Arc::new(LocalFileSystem::new().with_fsync(true));
    Ok(Storage { store, root, part_bytes: FILE_PART, folder: None })
}

/// A bucket below a prefix.
pub(super) fn bucket_of(builder: AmazonS3Builder, prefix: &str) -> Result<Storage, String> {
    let unusable = |error: &dyn std::fmt::Display| {
        format!("TESSERA_STORAGE_URL names a bucket that is not usable: {error}")
    };
    // The options replace those of the environment, and with them the word for an endpoint without TLS.
    let allow_http = builder.get_config_value(&AmazonS3ConfigKey::Client(ClientConfigKey::AllowHttp));
    let client = ClientOptions::new()
        .with_allow_http(allow_http.is_some_and(|word| word.eq_ignore_ascii_case("true")))
        .with_connect_timeout(CONNECT)
        .with_read_timeout(SILENCE)
        // A file may take long to be read by its client.
        .with_timeout_disabled();
    let retry = RetryConfig { max_retries: 3, retry_timeout: RETRIES, ..RetryConfig::default() };
    let store = builder.with_client_options(client).with_retry(retry).build();
    Ok(Storage {
        store: Arc::new(store.map_err(|error| unusable(&error))?),
        root: Path::parse(prefix.trim_matches('/')).map_err(|error| unusable(&error))?,
        part_bytes: S3_PART,
        folder: None,
    })
}
