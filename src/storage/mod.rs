//! Where the bytes of uploads are: a folder, or a bucket of S3. Nobody else knows which.
//!
//! A tenant's file is at the address that its content makes (`<tenant>/<first two digits>/<sha256>`), so that the
//! same bytes are there once. What is still arriving is elsewhere, and gone when it does not arrive whole.

mod draft;
mod media_type;
mod place;
mod scanner;

pub use draft::Draft;
pub use media_type::{SNIFFED, media_type};
pub use scanner::Scanner;

use std::ops::Range;
use std::path::Path as FilePath;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::stream::BoxStream;
use object_store::path::Path;
use object_store::{GetOptions, GetRange, ObjectStore};

use crate::domain::id::TenantId;
use crate::error::Error;

/// Where what is still arriving is.
const INCOMING: &str = "incoming";
/// After this long, nothing is still arriving.
const ABANDONED: Duration = Duration::from_hours(24);

/// The bytes of uploads.
#[derive(Debug, Clone)]
pub struct Storage {
    store: Arc<dyn ObjectStore>,
    /// What every address starts with.
    root: Path,
    /// How much is written at once.
    part_bytes: usize,
    /// The folder itself, where it is one.
    folder: Option<Arc<FilePath>>,
}

/// What is known of a stored file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// 64 hexadecimal digits.
    pub sha256: String,
    pub size_bytes: u64,
}

impl Storage {
    /// The storage of a URL (`file:///…` or `s3://bucket/prefix`); where there is none, a folder of the data
    /// directory. The error says what is wrong with the URL or the folder.
    pub fn open(url: Option<&str>, data_dir: &FilePath) -> Result<Self, String> {
        match url {
            None => {
                let folder = data_dir.join("uploads");
                place::folder(&folder).or_else(|error| {
                    tracing::warn!(error, "uploads will be refused");
                    place::absent(&folder)
                })
            }
            Some(url) => place::of_url(url),
        }
    }

    /// Begins to take a file; nothing is there until it is kept.
    pub fn receive(&self, tenant: TenantId) -> Draft {
        Draft::new(self.clone(), tenant)
    }

    /// The bytes of a stored file, all or a part of them, as they come.
    pub async fn read(
        &self,
        tenant: TenantId,
        sha256: &str,
        range: Range<u64>,
    ) -> Result<BoxStream<'static, object_store::Result<Bytes>>, Error> {
        let options = GetOptions { range: Some(GetRange::Bounded(range)), ..GetOptions::default() };
        let found = self.store.get_opts(&self.address(tenant, sha256), options).await;
        match found {
            Ok(found) => Ok(found.into_stream()),
            Err(error @ object_store::Error::NotFound { .. }) => Err(Error::internal(error)),
            Err(error) => Err(away(&error)),
        }
    }

    /// Removes what has not arrived whole for a day. In a bucket that is for its lifecycle rules to do.
    pub async fn sweep(&self) -> std::io::Result<()> {
        let Some(folder) = &self.folder else { return Ok(()) };
        let mut entries = match tokio::fs::read_dir(folder.join(INCOMING)).await {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
            entries => entries?,
        };
        while let Some(entry) = entries.next_entry().await? {
            let age = entry.metadata().await?.modified()?.elapsed();
            if age.is_ok_and(|age| age > ABANDONED) {
                tokio::fs::remove_file(entry.path()).await?;
            }
        }
        Ok(())
    }

    fn address(&self, tenant: TenantId, sha256: &str) -> Path {
        let start = sha256.get(..2).unwrap_or_default();
        self.root.clone().join(tenant.to_string()).join(start).join(sha256)
    }
}

/// Waiting may help: the disk is full, the bucket does not answer.
fn away(error: &object_store::Error) -> Error {
    Error::Away { what: "the storage of files", cause: error.to_string() }
}
