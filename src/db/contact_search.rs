//! Looking for contacts: by what must be unique, and by what somebody remembers of them.

use serde::Deserialize;
use sqlx::types::Json;

use super::TenantConn;
use super::contacts::Row;
use crate::domain::contact::{Contact, Introduction, phone_digits};
use crate::domain::mail;
use crate::domain::word::{Word, words};
use crate::error::Error;

/// How many contacts a search looks through beyond what it finds by an index, and how many of those it takes.
const LOOKED_AT: i64 = 10_000;
const FOUND: i64 = 1_000;

words! {
    /// What a list of contacts is ordered by; whoever has none of it comes last.
    SortKey("order") {
        Id = "id",
        Name = "name",
        Email = "email",
        Phone = "phone",
        LastActivity = "last_activity",
    }
}

/// What of an introduction somebody has already.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Taken {
    pub euid: bool,
    pub email: bool,
    /// The same digits.
    pub phone: bool,
}

/// A page of contacts.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Page {
    /// How many there are in all, as far as they were looked through.
    pub total: i64,
    /// Each with the channels in which it is known: the channel's id and the contact's in it.
    pub contacts: Vec<(Contact, Vec<(String, String)>)>,
}

/// Which contacts, and in which order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Search {
    /// A part of a name, mail address, number or identifier; empty: all.
    pub text: String,
    pub sort: SortKey,
    pub descending: bool,
}

#[derive(Debug, Deserialize)]
struct Listed {
    contact: Row,
    channels: Vec<(String, String)>,
}

/// What of an introduction is somebody's.
pub async fn taken(db: &mut TenantConn, who: &Introduction) -> Result<Taken, Error> {
    let tenant = db.tenant();
    let row = sqlx::query!(
        r#"
        select exists (select from contact where tenant_id = $1 and euid = $2) as "euid!",
            exists (select from contact where tenant_id = $1 and email_folded = $3) as "email!",
            exists (select from contact where tenant_id = $1 and phone_digits = $4) as "phone!"
        "#,
        tenant.0,
        who.euid,
        who.email.as_deref().map(mail::fold),
        who.phone.as_deref().and_then(phone_digits),
    )
    .fetch_one(db.raw())
    .await?;
    Ok(Taken { euid: row.euid, email: row.email, phone: row.phone })
}

/// A page of the contacts that a search finds. Among the 10,000 newest, whoever has the text anywhere; beyond them,
/// whoever has it at the beginning. One statement.
pub async fn page(db: &mut TenantConn, search: &Search, limit: i64, offset: i64) -> Result<Page, Error> {
    let tenant = db.tenant();
    let text = mail::fold(&search.text);
    // Behind every text that begins so.
    let end = format!("{text}\u{10FFFF}");
    let digits = phone_digits(&text).filter(|_| is_number(&text));
    let digits_end = digits.as_ref().map(|digits| format!("{digits}:"));
    let row = sqlx::query!(
        r#"
        with recent as materialized (
            select id, name_folded, email_folded, phone_digits, euid, custom_identifier from contact
            where tenant_id = $1
            order by id desc limit $9
        ), known as (
            select id from recent
            where $2 = '' or position($2 in name_folded) > 0 or position($2 in email_folded) > 0
                or position($2 in lower(euid)) > 0 or position($2 in custom_identifier) > 0
                or position($4 in phone_digits) > 0
            union
            (select id from contact
            where $2 <> '' and tenant_id = $1 and name_folded >= $2 and name_folded < $3 limit $10)
            union
            (select id from contact
            where $2 <> '' and tenant_id = $1 and email_folded >= $2 and email_folded < $3 limit $10)
            union
            (select id from contact
            where $2 <> '' and tenant_id = $1 and custom_identifier >= $2 and custom_identifier < $3 limit $10)
            union
            (select id from contact
            where $2 <> '' and tenant_id = $1 and euid >= $11 and euid < $12 limit $10)
            union
            (select id from contact
            where $2 <> '' and tenant_id = $1 and phone_digits >= $4 and phone_digits < $5 limit $10)
        ), page as (
            select c.*, row_number() over (
                    order by
                        case when not $7 then case $6
                            when 'name' then c.name_folded when 'email' then c.email_folded
                            when 'phone' then c.phone_digits end end,
                        case when $7 then case $6
                            when 'name' then c.name_folded when 'email' then c.email_folded
                            when 'phone' then c.phone_digits end end desc nulls last,
                        case when $6 = 'last_activity' and not $7 then c.last_activity_at end,
                        case when $6 = 'last_activity' and $7 then c.last_activity_at end desc,
                        case when not $7 then c.id end,
                        c.id desc
                ) as place
            from known join contact c on c.tenant_id = $1 and c.id = known.id
        )
        select (select count(*) from known) as "total!",
            array(
                select json_build_object('contact', p, 'channels', array(
                        select json_build_array(h.channel_id, h.contact_in_channel)
                        from contact_channel h where h.tenant_id = $1 and h.contact_id = p.id
                        order by h.channel_id, h.contact_in_channel
                    ))
                from page p
                where p.place > $13 and p.place <= $13 + $8
                order by p.place
            ) as "contacts!: Vec<Json<Listed>>"
        "#,
        tenant.0,
        text,
        end,
        digits,
        digits_end,
        search.sort.as_str(),
        search.descending,
        limit,
        LOOKED_AT,
        FOUND,
        search.text.trim(),
        format!("{}\u{10FFFF}", search.text.trim()),
        offset,
    )
    .fetch_one(db.raw())
    .await?;
    let contacts = row.contacts.into_iter().map(|Json(listed)| (listed.contact.into(), listed.channels));
    Ok(Page { total: row.total, contacts: contacts.collect() })
}

/// Whether a text is a telephone number or the beginning of one.
fn is_number(text: &str) -> bool {
    text.chars().all(|sign| sign.is_ascii_digit() || " +-/().".contains(sign))
}
