//! `GET /contacts`.

use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use super::wire::Contact;
use crate::db::contact_search::{self, Page, Search, SortKey};
use crate::domain::word::{Word, words};
use crate::error::Error;
use crate::http::caller::Caller;
use crate::http::extract::Query;
use crate::http::json::Json;

/// How many contacts a page has.
const PER_PAGE: i64 = 15;
/// The last page that can be asked for: nobody has more contacts in a list.
const LAST_PAGE: i64 = 1_000_000;
const MAX_TEXT_CHARS: usize = 255;

words! {
    /// What a list is ordered by.
    Sort("sort") {
        Email = "email",
        Name = "name",
        PhoneNumber = "phone_number",
        LastActivityAt = "last_activity_at",
        CreatedAt = "created_at",
        Company = "company",
        City = "city",
        Country = "country",
    }
}

/// Which contacts.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "parameters are read one by one; this is what the document says of them")]
pub struct ListContacts {
    /// A part of the name, mail address, number or identifier. Beyond the 10,000 newest contacts, its beginning.
    #[param(example = "beispiel")]
    q: Option<String>,
    /// From 1; 15 contacts each.
    #[param(example = 1)]
    page: Option<i64>,
    /// Any of these. Contacts have no labels here, so that none has.
    labels: Option<Vec<String>>,
    /// `email`, `name`, `phone_number`, `last_activity_at`, `created_at` (default), `company`, `city` or `country`.
    #[param(example = "name")]
    sort: Option<String>,
    /// `asc` (default) or `desc`.
    #[param(example = "desc")]
    direction: Option<String>,
    /// Whether `contact_inboxes` are shown; true by default.
    include_contact_inboxes: Option<bool>,
}

/// A page of contacts.
#[derive(Debug, Serialize, ToSchema)]
pub struct Contacts {
    meta: Meta,
    payload: Vec<Contact>,
}

/// What a page is a part of.
#[derive(Debug, Serialize, ToSchema)]
pub struct Meta {
    /// Of all pages; the newest 10,000 contacts are counted.
    #[schema(example = 1)]
    count: i64,
    #[schema(example = 1)]
    current_page: i64,
}

/// List contacts.
#[utoipa::path(get, path = "/contacts", tag = "contact", params(ListContacts),
    responses((status = OK, description = "A page of them", body = Contacts)))]
pub async fn list(caller: Caller, mut query: Query) -> Result<Json<Contacts>, Error> {
    let text = query.text("q").unwrap_or_default().to_owned();
    if text.contains('\0') || text.chars().count() > MAX_TEXT_CHARS {
        query.refuse("q", "must be at most 255 characters without U+0000");
    }
    let current_page = query.number("page", 1..=LAST_PAGE, 1);
    let sort = query.text("sort").map(Sort::parse);
    if sort == Some(None) {
        query.refuse("sort", &format!("must be {}", Sort::choices()));
    }
    let direction = query.text("direction").map(str::to_ascii_lowercase);
    if direction.as_deref().is_some_and(|word| !["asc", "desc"].contains(&word)) {
        query.refuse("direction", "must be asc or desc");
    }
    let with_inboxes = query.flag("include_contact_inboxes", true);
    let is_labelled = !query.list("labels").is_empty();
    query.check()?;
    let search = Search {
        text: text.trim().to_owned(),
        sort: sort.flatten().map_or(SortKey::Id, SortKey::from),
        descending: direction.as_deref() == Some("desc"),
    };
    let mut page = Page::default();
    if !is_labelled {
        let mut db = caller.connect().await?;
        page = contact_search::page(&mut db, &search, PER_PAGE, (current_page - 1) * PER_PAGE).await?;
    }
    let payload = page.contacts.into_iter();
    let payload =
        payload.map(|(contact, channels)| Contact::new(contact, with_inboxes.then_some(channels))).collect();
    Ok(Json(Contacts { meta: Meta { count: page.total, current_page }, payload }))
}

impl From<Sort> for SortKey {
    /// Of company, city and country nothing is known: the order is that of the ids.
    fn from(sort: Sort) -> Self {
        match sort {
            Sort::Email => Self::Email,
            Sort::Name => Self::Name,
            Sort::PhoneNumber => Self::Phone,
            Sort::LastActivityAt => Self::LastActivity,
            Sort::CreatedAt | Sort::Company | Sort::City | Sort::Country => Self::Id,
        }
    }
}
