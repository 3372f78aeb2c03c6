//! The files that clients sent. Their bytes are in the storage.

use super::{TenantConn, TenantTx, time};
use crate::domain::activity::Acting;
use crate::domain::upload::{Upload, UploadId};
use crate::error::Error;

struct Row {
    id: String,
    sha256: String,
    size_bytes: i64,
    content_type: String,
    name: String,
}

impl TryFrom<Row> for Upload {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        let id = UploadId::parse(&row.id).ok_or_else(|| Error::internal("a stored upload's id is none"))?;
        let Row { sha256, size_bytes, content_type, name, .. } = row;
        Ok(Self { id, sha256, size_bytes, content_type, name })
    }
}

/// Stores what is known of a file whose bytes are stored.
pub async fn insert(tx: &mut TenantTx, upload: &Upload, acting: &Acting) -> Result<(), Error> {
    let tenant = tx.tenant();
    sqlx::query!(
        "
        insert into upload (tenant_id, id, sha256, size_bytes, content_type, name, created_at, actor_kind,
            actor_id, actor_name)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        ",
        tenant.0,
        upload.id.as_str(),
        upload.sha256,
        upload.size_bytes,
        upload.content_type,
        upload.name,
        time::bind(acting.now),
        acting.actor.kind(),
        acting.actor.agent_id().map(|id| id.0),
        acting.actor.name(),
    )
    .execute(tx.raw())
    .await?;
    Ok(())
}

/// Those of the uploads that this tenant has.
pub async fn get_many(db: &mut TenantConn, ids: &[UploadId]) -> Result<Vec<Upload>, Error> {
    let tenant = db.tenant();
    let ids: Vec<&str> = ids.iter().map(UploadId::as_str).collect();
    let rows = sqlx::query_as!(
        Row,
        "
        select id, sha256, size_bytes, content_type, name from upload
        where tenant_id = $1 and id = any($2::text[])
        ",
        tenant.0,
        ids as _,
    )
    .fetch_all(db.raw())
    .await?;
    rows.into_iter().map(Upload::try_from).collect()
}

/// The upload that a link leads to. Returns `None` where there is none, or its tenant is disabled.
pub async fn get_for_link(db: &mut TenantConn, id: &UploadId) -> Result<Option<Upload>, Error> {
    let tenant = db.tenant();
    let row = sqlx::query_as!(
        Row,
        "
        select u.id, u.sha256, u.size_bytes, u.content_type, u.name
        from upload u
        join tenant t on t.id = u.tenant_id
        where u.tenant_id = $1 and u.id = $2 and t.disabled_at is null
        ",
        tenant.0,
        id.as_str(),
    )
    .fetch_optional(db.raw())
    .await?;
    row.map(Upload::try_from).transpose()
}
