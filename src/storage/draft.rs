//! A file that is arriving.

use object_store::path::Path;
use object_store::{MultipartUpload, ObjectStoreExt};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{INCOMING, Storage, Stored, away};
use crate::domain::id::TenantId;
use crate::domain::upload::hexadecimal;
use crate::error::Error;

/// A file that is arriving. Dropped before it is kept, it leaves nothing behind.
#[derive(Debug)]
pub struct Draft {
    storage: Storage,
    tenant: TenantId,
    hash: Sha256,
    size_bytes: u64,
    /// What has come and is not written yet: less than a part.
    waiting: Vec<u8>,
    /// Where the parts are; `None` while there is none.
    parts: Option<Parts>,
}

/// The parts of a file that is larger than one.
#[derive(Debug)]
struct Parts {
    at: Path,
    /// `None` where it has ended.
    upload: Option<Box<dyn MultipartUpload>>,
}

impl Draft {
    pub(super) fn new(storage: Storage, tenant: TenantId) -> Self {
        let (hash, waiting) = (Sha256::new(), Vec::new());
        Self { storage, tenant, hash, size_bytes: 0, waiting, parts: None }
    }

    /// Takes the next bytes.
    pub async fn write(&mut self, piece: &[u8]) -> Result<(), Error> {
        self.hash.update(piece);
        self.size_bytes += piece.len() as u64;
        self.waiting.extend_from_slice(piece);
        while self.waiting.len() >= self.storage.part_bytes {
            let rest = self.waiting.split_off(self.storage.part_bytes);
            let part = std::mem::replace(&mut self.waiting, rest);
            self.write_part(part).await?;
        }
        Ok(())
    }

    /// Puts the file at its address, unless the same bytes are there already.
    pub async fn keep(mut self) -> Result<Stored, Error> {
        let sha256 = hexadecimal(&std::mem::take(&mut self.hash).finalize());
        let stored = Stored { sha256, size_bytes: self.size_bytes };
        let address = self.storage.address(self.tenant, &stored.sha256);
        match self.storage.store.head(&address).await {
            Ok(found) if found.size == stored.size_bytes => return Ok(stored),
            Ok(_) | Err(object_store::Error::NotFound { .. }) => {}
            Err(error) => return Err(away(&error)),
        }
        let last = std::mem::take(&mut self.waiting);
        if self.parts.is_none() {
            let put = self.storage.store.put(&address, last.into()).await;
            put.map_err(|error| away(&error))?;
            return Ok(stored);
        }
        if !last.is_empty() {
            self.write_part(last).await?;
        }
        if let Some(parts) = &mut self.parts
            && let Some(upload) = &mut parts.upload
        {
            upload.complete().await.map_err(|error| away(&error))?;
            parts.upload = None;
            let moved = self.storage.store.rename(&parts.at, &address).await;
            moved.map_err(|error| away(&error))?;
        }
        self.parts = None;
        Ok(stored)
    }

    async fn write_part(&mut self, part: Vec<u8>) -> Result<(), Error> {
        if self.parts.is_none() {
            let at = self.storage.root.clone().join(INCOMING).join(Uuid::new_v4().simple().to_string());
            let upload = self.storage.store.put_multipart(&at).await.map_err(|error| away(&error))?;
            self.parts = Some(Parts { at, upload: Some(upload) });
        }
        let upload = self.parts.as_mut().and_then(|parts| parts.upload.as_mut());
        let upload = upload.ok_or_else(|| Error::internal("a draft was written after its end"))?;
        upload.put_part(part.into()).await.map_err(|error| away(&error))
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        let Some(parts) = self.parts.take() else { return };
        // Without a runtime the process ends, and the sweep comes by later.
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
        let store = self.storage.store.clone();
        runtime.spawn(async move {
            let removed = match parts.upload {
                Some(mut upload) => upload.abort().await,
                None => store.delete(&parts.at).await,
            };
            if let Err(error) = removed {
                tracing::warn!(%error, "the rest of a broken upload stays for now");
            }
        });
    }
}
