//! The subchannels of a tenant.

use serde_json::value::RawValue;
use sqlx::types::Json;

use super::ticket_rows::word;
use super::{TenantConn, TenantTx};
use crate::domain::id::SubchannelId;
use crate::domain::mail;
use crate::domain::subchannel::{NewSubchannel, Subchannel, SubchannelKind};
use crate::domain::word::Word;
use crate::error::Error;

/// The tenant's subchannels by id: those of the given kinds, or all where none is given.
pub async fn list(
    db: &mut TenantConn,
    kinds: Option<&[SubchannelKind]>,
    id: Option<SubchannelId>,
) -> Result<Vec<Subchannel>, Error> {
    let tenant = db.tenant();
    let kinds: Option<Vec<String>> =
        kinds.map(|kinds| kinds.iter().map(|kind| kind.as_str().to_owned()).collect());
    let rows = sqlx::query!(
        r#"
        select id, channel, name, is_default, enabled, status, data as "data: Json<Box<RawValue>>"
        from subchannel
        where tenant_id = $1 and ($2::text[] is null or channel = any($2)) and ($3::bigint is null or id = $3)
        order by id
        "#,
        tenant.0,
        kinds.as_deref(),
        id.map(|id| id.0),
    )
    .fetch_all(db.raw())
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Subchannel {
                id: SubchannelId(row.id),
                kind: word(&row.channel)?,
                name: row.name,
                is_default: row.is_default,
                enabled: row.enabled,
                status: row.status,
                data: row.data.get().to_owned(),
            })
        })
        .collect()
}

/// Inserts a subchannel. A mailbox whose name is its address is known by it.
pub async fn insert(tx: &mut TenantTx, new: &NewSubchannel) -> Result<SubchannelId, Error> {
    let tenant = tx.tenant();
    let is_mailbox = new.kind == SubchannelKind::Email && mail::is_address(&new.name);
    let address = is_mailbox.then(|| mail::fold(&new.name));
    let id = sqlx::query_scalar!(
        "
        insert into subchannel (tenant_id, channel, name, address_folded, is_default, status)
        values ($1, $2, $3, $4, $5, $6)
        returning id
        ",
        tenant.0,
        new.kind.as_str(),
        new.name,
        address,
        new.is_default,
        new.status,
    )
    .fetch_one(tx.raw())
    .await?;
    Ok(SubchannelId(id))
}
