//! `POST /tickets/list`.

use serde_json::Value;
use utoipa::ToSchema;

use super::wire::Ticket;
use super::words::{Order, Source, WireStatus};
use crate::db::details::search_key;
use crate::db::ticket_cards::{self, Filter};
use crate::dialects::socialboards::envelope::Envelope;
use crate::dialects::socialboards::moment::Moment;
use crate::dialects::socialboards::page::Page;
use crate::domain::id::TicketId;
use crate::domain::settings::Settings;
use crate::domain::ticket::Document;
use crate::error::Error;
use crate::http::caller::Caller;
use crate::http::extract::Body;
use crate::http::field::{AnyJson, FromJson, Wrong};
use crate::http::read::{Ignored, Names, Reader};
use crate::http::value::{Digits, Id, Listed};

/// The most custom fields and the most ids that a filter names.
const MAX_FIELDS: usize = 50;
const MAX_IDS: usize = 1000;

/// Which tickets. A member that is absent or, but for `categoryId`, null lets all through.
#[derive(Debug, ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "it describes what is read member by member")]
pub struct ListTickets {
    /// Null: the uncategorized ones. Absent: all.
    #[schema(example = 15597)]
    category_id: Option<i64>,
    /// At most 50; all must hold.
    #[schema(required = false)]
    custom_fields: Vec<FieldFilter>,
    /// Created at or after.
    #[schema(example = "2026-11-01T00:00:00.0000000+01:00")]
    from: Option<String>,
    /// Created at or before.
    #[schema(example = "2026-12-01T00:00:00.0000000+01:00")]
    to: Option<String>,
    /// `last_thread_activity_desc`, which is the default too.
    #[schema(example = "last_thread_activity_desc")]
    order_by: Option<String>,
    /// How many to pass over; 0 by default.
    #[schema(example = 0)]
    skip: Option<i64>,
    /// 25 by default; more than 50 are 50.
    #[schema(example = 25)]
    take: Option<i64>,
    /// `email`, `web`, `phone`, `letter`, `system`, `chat` or `visit`.
    #[schema(example = "email")]
    source: Option<String>,
    /// `open`, `pending` or `completed`.
    #[schema(example = "open")]
    status: Option<String>,
    /// At most 1000; those that there are not are left out.
    ticket_ids: Option<Vec<i64>>,
}

/// A value that a custom field must have.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "it describes what is read member by member")]
pub struct FieldFilter {
    /// The field's name, or its id.
    #[schema(example = "City")]
    key: String,
    /// Compared as text, by its first 300 bytes.
    #[schema(value_type = Value, example = "Oslo")]
    value: Value,
}

/// List tickets.
///
/// By when somebody last wrote, the latest first. How many there are in all is not said.
#[utoipa::path(post, path = "/tickets/list", tag = "ticket", request_body = ListTickets,
    responses((status = OK, description = "The tickets", body = Envelope<Vec<Ticket>>)))]
pub async fn list(
    caller: Caller,
    Body(body): Body<AnyJson>,
) -> Result<(Ignored, Envelope<Vec<Ticket>>), Error> {
    let mut reader = Reader::new(body, Names::AnyCase)?;
    let page = Page::read(&mut reader);
    let filter = filter(&mut reader, &caller.settings);
    let ignored = reader.finish()?;
    let mut db = caller.connect().await?;
    let ids = ticket_cards::page(&mut db, &filter, page.take, page.skip).await?;
    let cards = ticket_cards::list(&mut db, &ids).await?;
    drop(db);
    let now = caller.app.clock.now();
    let tickets = cards.into_iter().map(|card| Ticket::new(card, &caller.settings, caller.links(), now));
    Ok((ignored, Envelope::new(tickets.collect())))
}

fn filter(reader: &mut Reader, settings: &Settings) -> Filter {
    // The only order that is known, and that of every list.
    let _ = reader.optional::<Listed<Order>>("orderBy");
    let custom_values = reader.objects("customFields", |reader| {
        let key = reader.required("key").map(|Digits::<255>(key)| key).unwrap_or_default();
        let value = reader.required("value").map(|Compared(value)| value).unwrap_or_default();
        (name_of(key, settings), value)
    });
    let custom_values = custom_values.value().flatten().unwrap_or_default();
    if custom_values.len() > MAX_FIELDS {
        reader.refuse("customFields", &Wrong::new("too_long", format!("must name at most {MAX_FIELDS}")));
    }
    let ids = reader.optional::<Vec<i64>>("ticketIds");
    if ids.as_ref().is_some_and(|ids| ids.len() > MAX_IDS) {
        reader.refuse("ticketIds", &Wrong::new("too_long", format!("must name at most {MAX_IDS}")));
    }
    Filter {
        ids: ids.map(|ids| ids.into_iter().map(TicketId).collect()),
        status: reader.optional("status").map(|Listed::<WireStatus>(status)| status.status()),
        channel: reader.optional("source").map(|Listed::<Source>(source)| source.channel()),
        from: reader.optional("from").map(|Moment(from)| from),
        to: reader.optional("to").map(|Moment(to)| to),
        category_id: reader.nullable("categoryId").map(|id| id.map(|Id(id)| id)),
        custom_values,
    }
}

/// A field goes by its name, and where no field has it as a name, by its id.
fn name_of(key: String, settings: &Settings) -> String {
    let fields = &settings.custom_fields;
    if fields.iter().any(|field| field.name == key) {
        return key;
    }
    let id = key.parse().ok();
    let named = fields.iter().find(|field| Some(field.id) == id).map(|field| field.name.clone());
    named.unwrap_or(key)
}

/// What a search compares of a value.
struct Compared(String);

impl FromJson for Compared {
    fn from_json(value: Value) -> Result<Self, Vec<Wrong>> {
        let value = Value::from_json(value)?;
        Ok(Self(search_key(&Document(value.to_string()))))
    }
}
