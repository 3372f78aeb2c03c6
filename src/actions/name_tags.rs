//! From the names of tags to the tags.

use std::collections::BTreeMap;

use crate::db::names::{Names, resolve};
use crate::db::{TenantTx, tags};
use crate::domain::activity::Acting;
use crate::domain::id::TagId;
use crate::domain::settings::Settings;
use crate::error::Error;

/// The tags of these names, in their order; `None` where there is none that everybody may see. Where the tenant wants
/// it (setting `createUnknownTags`), those come into being. One statement where all are there, else at most four.
pub async fn name_tags(
    tx: &mut TenantTx,
    acting: &Acting,
    settings: &Settings,
    names: Vec<String>,
) -> Result<Vec<Option<TagId>>, Error> {
    let names = Names { tags: names, ..Names::default() };
    let mut found = resolve(tx, &names).await?.tags;
    if settings.create_unknown_tags && found.contains(&None) {
        tags::lock_names(tx).await?;
        // Who held the lock may have made them.
        found = resolve(tx, &names).await?.tags;
        let missing = names.tags.iter().zip(&found).filter(|(_, id)| id.is_none());
        let mut new: Vec<&str> = missing.map(|(name, _)| name.as_str()).collect();
        new.sort_unstable();
        new.dedup();
        let ids = tags::insert_named(tx, &new, acting.actor.name(), acting.now).await?;
        let made: BTreeMap<&str, TagId> = new.into_iter().zip(ids).collect();
        for (name, id) in names.tags.iter().zip(&mut found) {
            *id = id.or_else(|| made.get(name.as_str()).copied());
        }
    }
    Ok(found)
}
