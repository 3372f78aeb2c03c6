//! Links to files: signed, so that they open without credentials, and only for a day.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use jiff::{SignedDuration, Timestamp};
use sha2::Sha256;

use crate::domain::id::TenantId;
use crate::domain::upload::{Upload, UploadId};

/// How long a link opens.
const LIFETIME: SignedDuration = SignedDuration::from_hours(24);
/// What the key is derived for: nothing else that the secret signs can pass for a link.
const PURPOSE: &[u8] = b"tessera/links to files/1";

/// The key that signs links.
#[derive(Clone)]
pub struct LinkKey(Hmac<Sha256>);

/// The links to one tenant's files, as one client sees the server.
#[derive(Debug, Clone, Copy)]
pub struct Links<'a> {
    pub(super) key: &'a LinkKey,
    /// Without a trailing slash.
    pub(super) base: &'a str,
    pub(super) tenant: TenantId,
    pub(super) now: Timestamp,
}

impl std::fmt::Debug for LinkKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LinkKey").finish_non_exhaustive()
    }
}

impl LinkKey {
    /// Derived from the secret that signs own tokens.
    pub fn of(secret: &[u8]) -> Self {
        let derived = keyed(secret).chain_update(PURPOSE).finalize().into_bytes();
        Self(keyed(&derived))
    }

    /// Whether a link was signed by this key, and still counts.
    pub fn counts(
        &self,
        tenant: TenantId,
        upload: &UploadId,
        (expires, signature): (i64, &str),
        now: Timestamp,
    ) -> bool {
        let Ok(signature) = BASE64_URL_SAFE_NO_PAD.decode(signature) else { return false };
        self.mac(tenant, upload, expires).verify_slice(&signature).is_ok() && now.as_second() < expires
    }

    fn mac(&self, tenant: TenantId, upload: &UploadId, expires: i64) -> Hmac<Sha256> {
        self.0.clone().chain_update(format!("{tenant}/{}/{expires}", upload.as_str()))
    }
}

fn keyed(secret: &[u8]) -> Hmac<Sha256> {
    #[expect(clippy::expect_used, reason = "HMAC takes a key of any length (RFC 2104)")]
    Hmac::new_from_slice(secret).expect("any length will do")
}

impl Links<'_> {
    /// Words an attachment's stored address: an upload as a link that opens from now on for a day, anything else
    /// as it is. The name is the link's last part.
    pub fn word(&self, address: &str, name: &str) -> String {
        match UploadId::referred(address) {
            Some(id) => self.link(&id, name),
            None => address.to_owned(),
        }
    }

    /// The link to an upload.
    pub fn to(&self, upload: &Upload) -> String {
        self.link(&upload.id, &upload.name)
    }

    fn link(&self, id: &UploadId, name: &str) -> String {
        let expires = self.now.as_second().saturating_add(LIFETIME.as_secs());
        let signature = self.key.mac(self.tenant, id, expires).finalize().into_bytes();
        let signature = BASE64_URL_SAFE_NO_PAD.encode(signature);
        let name = if name.is_empty() { "file".to_owned() } else { percent_encoded(name) };
        let (base, tenant, id) = (self.base, self.tenant, id.as_str());
        format!("{base}/files/{tenant}/{id}/{name}?expires={expires}&signature={signature}")
    }
}

/// As part of a path and as an extended header parameter: all but unreserved characters (RFC 3986, section 2.3).
pub(super) fn percent_encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    let digit = |four: u8| char::from_digit(four.into(), 16).unwrap_or_default().to_ascii_uppercase();
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => encoded.push(byte.into()),
            byte => encoded.extend(['%', digit(byte >> 4), digit(byte & 15)]),
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(link: &str) -> (i64, String) {
        let (_, query) = link.split_once("?expires=").unwrap();
        let (expires, signature) = query.split_once("&signature=").unwrap();
        (expires.parse().unwrap(), signature.to_owned())
    }

    #[test]
    fn a_link_counts_for_a_day_for_its_file_and_tenant_alone() {
        let key = LinkKey::of(b"a secret");
        let (tenant, id, now) = (TenantId(7), UploadId::of([1; 16]), Timestamp::UNIX_EPOCH);
        let links = Links { key: &key, base: "https://example.com", tenant, now };
        let link = links.word(&id.reference(), "Zähler 1.pdf");
        let start = format!("https://example.com/files/7/{}/Z%C3%A4hler%201.pdf?", "01".repeat(16));
        assert!(link.starts_with(&start), "{link}");
        assert_eq!(UploadId::meant(&link), Some(id.clone()));

        let (expires, signature) = parts(&link);
        let at = |hours| now + SignedDuration::from_hours(hours);
        let given = (expires, signature.as_str());
        assert!(key.counts(tenant, &id, given, at(23)) && !key.counts(tenant, &id, given, at(24)));
        assert!(!key.counts(TenantId(8), &id, given, now));
        assert!(!key.counts(tenant, &UploadId::of([2; 16]), given, now));
        assert!(!key.counts(tenant, &id, (expires + 1, &signature), now));
        assert!(
            !key.counts(tenant, &id, (expires, "%"), now) && !key.counts(tenant, &id, (expires, ""), now)
        );
        assert!(!LinkKey::of(b"another secret").counts(tenant, &id, given, now));
    }

    #[test]
    fn what_is_elsewhere_stays_as_it_is() {
        let key = LinkKey::of(b"a secret");
        let links = Links { key: &key, base: "", tenant: TenantId(7), now: Timestamp::UNIX_EPOCH };
        assert_eq!(links.word("https://example.com/a", "a"), "https://example.com/a");
        assert_eq!(links.word("upload:x", "a"), "upload:x");
    }
}
