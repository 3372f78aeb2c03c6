//! What a program shows to be let in.

use jiff::Timestamp;

use crate::domain::id::TenantId;
use crate::domain::word::words;

/// The longest name, in bytes.
pub const MAX_NAME_BYTES: usize = 200;

words! {
    /// What kind of credential.
    CredentialKind("kind of credential") {
        /// A key with its secret, of LiveDesk.
        ApiKey = "api_key",
        /// A client id with its refresh token, of SocialBoards.
        RefreshToken = "refresh_token",
    }
}

/// A credential that counts, without its secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credential {
    pub name: String,
    /// The key, or the client id.
    pub id: String,
    pub created_at: Timestamp,
    /// To the minute; `None`: never.
    pub last_used_at: Option<Timestamp>,
}

/// A credential's id from its random part. It holds the tenant's number.
pub fn compose_id(kind: CredentialKind, tenant: TenantId, random: &str) -> String {
    let prefix = match kind {
        CredentialKind::ApiKey => "key",
        CredentialKind::RefreshToken => "client",
    };
    format!("{prefix}_{}_{random}", tenant.0)
}

/// The tenant that an id names; `None` where it is no id of ours.
pub fn tenant_of(id: &str) -> Option<TenantId> {
    let (_, rest) = id.split_once('_')?;
    let (number, _) = rest.split_once('_')?;
    number.parse().ok().map(TenantId)
}

/// Whether a credential may be called so.
pub fn is_name(name: &str) -> bool {
    let fits = (1..=MAX_NAME_BYTES).contains(&name.len());
    fits && name.trim() == name && !name.chars().any(char::is_control)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_names_its_tenant() {
        let id = compose_id(CredentialKind::ApiKey, TenantId(12), "9f_3");
        assert_eq!(tenant_of(&id), Some(TenantId(12)));
        for other in ["", "key", "key_12", "key_x_9f", "key_99999999999999999999_9f", "12_"] {
            assert_eq!(tenant_of(other), None, "{other}");
        }
    }

    #[test]
    fn a_name_is_short_and_plain() {
        assert!(is_name("Portal 2") && is_name("ü"));
        for other in ["", " ", "a ", "a\nb", "a\0", &"a".repeat(MAX_NAME_BYTES + 1)] {
            assert!(!is_name(other), "{other:?}");
        }
    }
}
