//! Taking a file: its bytes into the storage, what is known of it into the database.

use futures_util::{Stream, StreamExt};

use crate::db::{TenantTx, uploads};
use crate::domain::activity::Acting;
use crate::domain::id::TenantId;
use crate::domain::upload::{Upload, UploadId, safe_name};
use crate::error::{Error, FieldError};
use crate::storage::{SNIFFED, Scanner, Storage, media_type};

/// Stores the bytes of a file, scanned as they come where there is a scanner. An error of the stream, a finding (422
/// at `/file`) and a scanner that does not answer (503) leave nothing behind. The upload exists only once it is
/// recorded: no transaction waits for a client.
pub async fn store_file(
    storage: &Storage,
    scanner: Option<&Scanner>,
    tenant: TenantId,
    name: &str,
    mut pieces: impl Stream<Item = Result<impl AsRef<[u8]>, Error>> + Unpin,
) -> Result<Upload, Error> {
    let stored = store(storage, scanner, tenant, name, &mut pieces).await;
    if stored.is_err() {
        // A client that is still writing may not see an answer; the stream has limits of its own.
        while pieces.next().await.is_some_and(|piece| piece.is_ok()) {}
    }
    stored
}

/// Records an upload whose bytes are stored.
pub async fn record_upload(tx: &mut TenantTx, acting: &Acting, upload: &Upload) -> Result<(), Error> {
    uploads::insert(tx, upload, acting).await
}

async fn store(
    storage: &Storage,
    scanner: Option<&Scanner>,
    tenant: TenantId,
    name: &str,
    pieces: &mut (impl Stream<Item = Result<impl AsRef<[u8]>, Error>> + Unpin),
) -> Result<Upload, Error> {
    let mut scan = match scanner {
        Some(scanner) => Some(scanner.begin().await?),
        None => None,
    };
    let mut draft = storage.receive(tenant);
    let mut start = Vec::new();
    while let Some(piece) = pieces.next().await {
        let piece = piece?;
        let piece = piece.as_ref();
        let room = SNIFFED.saturating_sub(start.len()).min(piece.len());
        start.extend(piece.iter().take(room));
        if let Some(scan) = &mut scan {
            scan.write(piece).await?;
        }
        draft.write(piece).await?;
    }
    if let Some(scan) = scan
        && let Some(finding) = scan.verdict().await?
    {
        tracing::warn!(%tenant, finding, "an upload was refused");
        let message = format!("the file is infected: {finding}");
        return Err(Error::Invalid(vec![FieldError { pointer: "/file".into(), code: "infected", message }]));
    }
    let stored = draft.keep().await?;
    let name = safe_name(name);
    Ok(Upload {
        id: UploadId::of(rand::random()),
        sha256: stored.sha256,
        size_bytes: i64::try_from(stored.size_bytes).map_err(Error::internal)?,
        content_type: media_type(&start, &name).to_owned(),
        name,
    })
}
