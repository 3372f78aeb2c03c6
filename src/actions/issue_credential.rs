//! Giving credentials to programs and taking them back.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use jiff::Timestamp;
use sha2::{Digest, Sha256};

use crate::db::{TenantTx, credentials};
use crate::domain::credential::{self, CredentialKind};
use crate::error::Error;

/// A credential that was just made. Its secret is shown once and never again.
pub struct Issued {
    /// The key, or the client id.
    pub id: String,
    pub secret: String,
}

/// Makes a credential. Returns `None` where the tenant has another of this name.
pub async fn issue_credential(
    tx: &mut TenantTx,
    kind: CredentialKind,
    name: &str,
    now: Timestamp,
) -> Result<Option<Issued>, Error> {
    let random = rand::random::<[u8; 8]>().iter().fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"));
    let id = credential::compose_id(kind, tx.tenant(), &random);
    let secret = BASE64_URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>());
    let inserted = credentials::insert(tx, kind, name, &id, &Sha256::digest(&secret), now).await?;
    Ok(inserted.then_some(Issued { id, secret }))
}
