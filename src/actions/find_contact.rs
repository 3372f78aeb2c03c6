//! Finding the person who writes, or making them.

use jiff::{SignedDuration, Timestamp};

use crate::db::contacts::Match;
use crate::db::{TenantTx, contacts};
use crate::domain::activity::Acting;
use crate::domain::contact::{Contact, Introduction};
use crate::domain::mail;
use crate::error::Error;

/// How exactly a contact's last activity is known.
const ACTIVITY_EVERY: SignedDuration = SignedDuration::from_mins(1);

/// Finds the contact that an introduction names: by GUID, euid, id in a channel, mail address, custom identifier, in
/// this order (SocialBoards, external chat: id, then email, then customIdentifier), and remembers what was not known
/// of them. Somebody with another euid is somebody else. Makes the contact where there is none; whoever is made at
/// the same moment by somebody else is found. One statement for somebody known, else two, but for that.
pub async fn find_contact(tx: &mut TenantTx, acting: &Acting, who: &Introduction) -> Result<Contact, Error> {
    loop {
        let matches = contacts::matches(tx, who).await?;
        let keys: [fn(&Introduction, &Match) -> bool; 5] =
            [by_guid, by_euid, by_channel, by_email, by_custom_identifier];
        let found =
            keys.iter().find_map(|key| matches.iter().find(|one| key(who, one) && !is_other(who, one)));
        if let Some(found) = found {
            if !is_news(who, found, acting.now) {
                return Ok(found.contact.clone());
            }
            let completed = contacts::complete(tx, found.contact.id, who, acting.now).await?;
            return Ok(completed.unwrap_or_else(|| found.contact.clone()));
        }
        // What somebody else has stays theirs.
        let mut new = who.clone();
        for other in &matches {
            if by_channel(who, other) {
                new.channel = None;
            }
            if by_email(who, other) {
                new.email = None;
            }
            if by_custom_identifier(who, other) {
                new.custom_identifier = None;
            }
        }
        if let Some(made) = contacts::insert(tx, &new, acting.now).await? {
            return Ok(made);
        }
        // Somebody else made one with one of the ids since the look-up, and has committed: it can be seen now.
    }
}

/// Whether there is something to remember of a contact. That they wrote again is remembered to the minute, so that the
/// tickets of one person do not wait for each other.
fn is_news(who: &Introduction, one: &Match, now: Timestamp) -> bool {
    let contact = &one.contact;
    let adds = |given: &Option<String>, known: &Option<String>| given.is_some() && known.is_none();
    contact.last_activity_at.duration_until(now) >= ACTIVITY_EVERY
        || adds(&who.euid, &contact.euid)
        || adds(&who.name, &contact.name)
        || adds(&who.email, &contact.email)
        || adds(&who.phone, &contact.phone)
        || adds(&who.image, &contact.image)
        || adds(&who.custom_identifier, &contact.custom_identifier)
        || who.channel.is_some() && !one.by_channel
}

fn is_other(who: &Introduction, one: &Match) -> bool {
    who.euid.is_some() && one.contact.euid.is_some() && who.euid != one.contact.euid
}

fn by_guid(who: &Introduction, one: &Match) -> bool {
    who.guid == Some(one.contact.guid)
}

fn by_euid(who: &Introduction, one: &Match) -> bool {
    who.euid.is_some() && who.euid == one.contact.euid
}

fn by_channel(_: &Introduction, one: &Match) -> bool {
    one.by_channel
}

fn by_email(who: &Introduction, one: &Match) -> bool {
    let folded = who.email.as_deref().map(mail::fold);
    folded.is_some() && folded == one.contact.email.as_deref().map(mail::fold)
}

fn by_custom_identifier(who: &Introduction, one: &Match) -> bool {
    who.custom_identifier.is_some() && who.custom_identifier == one.contact.custom_identifier
}
