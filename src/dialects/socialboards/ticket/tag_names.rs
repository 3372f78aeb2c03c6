//! Tags by their names.

use std::collections::BTreeSet;

use crate::db::names::{self, Named, Names};
use crate::db::{TenantTx, tags};
use crate::domain::activity::Acting;
use crate::domain::id::TagId;
use crate::error::Error;
use crate::http::caller::Caller;
use crate::http::field::Wrong;
use crate::http::read::Reader;

/// Notes at the members, each with its place, what does not exist and may not be made.
pub fn refuse_unknown(reader: &mut Reader, member: &str, caller: &Caller, sent: &[String], named: &Named) {
    if caller.settings.create_unknown_tags {
        return;
    }
    for (at, (name, id)) in sent.iter().zip(&named.tags).enumerate() {
        if id.is_none() {
            let message = format!("must hold names of tags; there is none with the name {name}");
            let wrong = Wrong::new("tag_not_found", message);
            reader.refuse(member, &Wrong { pointer: format!("/{at}"), ..wrong });
        }
    }
}

/// The tags of these names, of which `named` knows some; the others are made.
pub async fn ensure(
    tx: &mut TenantTx,
    acting: &Acting,
    sent: &[String],
    mut named: Named,
) -> Result<Vec<TagId>, Error> {
    if named.tags.iter().any(Option::is_none) {
        tags::lock_names(tx).await?;
        let wanted = Names { tags: sent.to_vec(), ..Names::default() };
        // Somebody else may have made them before the lock was granted.
        named = names::resolve(tx, &wanted).await?;
        let missing = sent.iter().zip(&named.tags).filter(|(_, id)| id.is_none());
        let missing: BTreeSet<String> = missing.map(|(name, _)| name.clone()).collect();
        if !missing.is_empty() {
            let missing: Vec<String> = missing.into_iter().collect();
            tags::insert_named(tx, &missing, acting.actor.name(), acting.now).await?;
            named = names::resolve(tx, &wanted).await?;
        }
    }
    Ok(named.tags.into_iter().flatten().collect())
}
