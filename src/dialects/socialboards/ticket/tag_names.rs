//! Tags by their names.

use crate::actions;
use crate::db::TenantTx;
use crate::db::names::Named;
use crate::domain::activity::Acting;
use crate::domain::id::TagId;
use crate::domain::settings::Settings;
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

/// The tags of these names, of which `named` knows some; the others are made, where the tenant wants it.
pub async fn ensure(
    tx: &mut TenantTx,
    acting: &Acting,
    settings: &Settings,
    sent: Vec<String>,
    named: Named,
) -> Result<Vec<TagId>, Error> {
    let mut tags = named.tags;
    if tags.contains(&None) {
        tags = actions::name_tags(tx, acting, settings, sent).await?;
    }
    Ok(tags.into_iter().flatten().collect())
}
