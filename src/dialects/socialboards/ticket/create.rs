//! `POST /tickets` (seed: "Create Ticket").

use std::collections::BTreeSet;

use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::tag_names;
use crate::actions::{self, Push, PushOptions};
use crate::db::names::{self, Named, Names as Wanted};
use crate::db::{TenantTx, contacts};
use crate::dialects::socialboards::attachment::{self, BaseAttachment};
use crate::dialects::socialboards::custom_field;
use crate::dialects::socialboards::envelope::Envelope;
use crate::dialects::socialboards::guid::Guid;
use crate::dialects::socialboards::person::{self, Copy, Introduced};
use crate::dialects::socialboards::text::{self, Text};
use crate::domain::activity::Acting;
use crate::domain::analysis::Process;
use crate::domain::attachment::NewAttachment;
use crate::domain::change::Change;
use crate::domain::contact::Introduction;
use crate::domain::detail::{CustomValue, Detail, Mood};
use crate::domain::id::TicketId;
use crate::domain::patch::{TagChange, TicketPatch};
use crate::domain::settings::Settings;
use crate::domain::ticket::Channel;
use crate::error::{Error, FieldError};
use crate::http::caller::Caller;
use crate::http::extract::Body;
use crate::http::field::{AnyJson, Wrong};
use crate::http::read::{Ignored, Names, Reader};
use crate::http::value::{Id, Listed, Name, Short};
use crate::pipeline::text::markup;

/// How often a request is tried that others get in the way of.
const ATTEMPTS: usize = 5;

/// A ticket to create. The names of members count in any case.
#[derive(Debug, ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "it describes what is read member by member")]
pub struct CreateTicket {
    /// This or `message` must be there; at most 1000 characters.
    #[schema(example = "New car price list.")]
    title: Option<String>,
    #[schema(example = "Hello I want to buy a new car, how can I get a price list?")]
    message: Option<String>,
    /// Whether the message is HTML; true by default.
    #[schema(required = false, example = true)]
    is_html: bool,
    creator: Introduced,
    /// A teammate's `id`; null: unassigned.
    #[schema(example = "43b8adc7-755d-2be3-afb1-b6a462631977")]
    assignee_id: Option<String>,
    /// Null: uncategorized.
    #[schema(example = 15597)]
    category_id: Option<i64>,
    /// Mail addresses that get the team's replies too.
    #[schema(required = false, example = json!(["ann_smith@gmail.com"]))]
    cc: Vec<String>,
    #[schema(required = false)]
    attachments: Vec<BaseAttachment>,
    #[schema(required = false)]
    custom_fields: Vec<FieldValue>,
    /// `question`, `praise`, `suggestion` or `complaint`; analysis leaves it.
    #[schema(example = "question")]
    sentiment: Option<String>,
    /// Any text, such as the name of a page or channel; at most 255 characters.
    #[schema(example = "Price page")]
    source_name: Option<String>,
    /// Names. Unknown ones are made where the tenant's setting `createUnknownTags` says so, else refused.
    #[schema(required = false, example = json!([]))]
    tags: Vec<String>,
}

/// A custom field's value.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "it describes what is read member by member")]
pub struct FieldValue {
    /// The field's id, from `GET /CustomFields`.
    #[schema(example = 42623)]
    id: i64,
    /// Of the field's type; null: none.
    #[schema(value_type = Value, example = "Oslo")]
    value: Value,
}

struct New {
    title: Option<String>,
    text: Option<Text>,
    creator: Introduction,
    assignee: Option<Uuid>,
    cc: Vec<String>,
    attachments: Vec<NewAttachment>,
    source_name: Option<String>,
    mood: Option<Mood>,
    category_id: Option<i64>,
    custom_values: Vec<CustomValue>,
    tags: Vec<String>,
}

/// Create a ticket.
///
/// The creator is found by id, email or `customIdentifier`, in this order, or made. The answer is the ticket's bare id.
#[utoipa::path(post, path = "/tickets", tag = "ticket", request_body = CreateTicket,
    responses((status = OK, description = "The ticket's id", body = Envelope<i64>)))]
pub async fn create(caller: Caller, Body(body): Body<AnyJson>) -> Result<(Ignored, Envelope<i64>), Error> {
    let mut reader = Reader::new(body, Names::AnyCase)?;
    let new = New::read(&mut reader, &caller.settings);
    let mut tx = caller.begin().await?;
    let wanted =
        Wanted { tags: new.tags.clone(), agents: new.assignee.into_iter().collect(), ..Wanted::default() };
    let named = names::resolve(&mut tx, &wanted).await?;
    tag_names::refuse_unknown(&mut reader, "tags", &caller, &new.tags, &named);
    if named.agents.contains(&None) {
        reader.refuse("assigneeId", &Wrong::new("agent_not_found", "must be the id of a teammate"));
    }
    let ignored = reader.finish()?;
    let acting = caller.acting();
    let mut left = ATTEMPTS;
    let id = loop {
        left -= 1;
        match new.store(&mut tx, &acting, &caller.settings, named.clone()).await {
            Ok(id) => break id,
            // The creator was made meanwhile, or given one of the ids: now it can be seen.
            Err(error) if error.is_collision() && left > 0 => tx = caller.begin().await?,
            Err(error) => return Err(error),
        }
    };
    tx.commit().await?;
    if named.tags.contains(&None) {
        caller.app.forget_catalogue(caller.tenant).await;
    }
    Ok((ignored, Envelope::new(id.0)))
}

impl New {
    fn read(reader: &mut Reader, settings: &Settings) -> Self {
        let faults = reader.faults();
        let title = reader.optional("title").map(|Short::<1000>(title)| title);
        let text = text::read(reader);
        let is_blank = title.as_deref().is_none_or(|title| title.trim().is_empty()) && text.is_none();
        if is_blank && reader.faults() == faults {
            reader.refuse("message", &Wrong::new("required", "or title is required"));
        }
        let creator = person::read_required_author(reader, "creator").unwrap_or_default();
        let category_id = read_category(reader, settings).value().flatten();
        let cc = reader.optional::<Vec<Copy>>("cc").unwrap_or_default();
        let tags = reader.optional::<Vec<Name<255>>>("tags").unwrap_or_default();
        Self {
            title,
            text,
            creator,
            assignee: reader.optional("assigneeId").and_then(|Guid(id)| id),
            cc: cc.into_iter().map(|Copy(address)| address).collect(),
            attachments: attachment::read(reader).unwrap_or_default(),
            source_name: reader.optional("sourceName").map(|Short::<255>(name)| name),
            mood: reader.optional("sentiment").map(|Listed(mood)| mood),
            category_id,
            custom_values: read_custom_values(reader, settings),
            tags: tags.into_iter().map(|Name(name)| name.trim().to_owned()).collect(),
        }
    }

    async fn store(
        &self,
        tx: &mut TenantTx,
        acting: &Acting,
        settings: &Settings,
        named: Named,
    ) -> Result<TicketId, Error> {
        let owner = named.agents.first().copied().flatten();
        let tags = tag_names::ensure(tx, acting, settings, self.tags.clone(), named).await?;
        check_known(tx, &self.creator, "/creator/id").await?;
        let contact = actions::find_contact(tx, acting, &self.creator).await?;
        let from = contact.email.or(contact.custom_identifier);
        let text = self.text.clone();
        let patch = TicketPatch {
            subject: Change::Set(self.title.clone().unwrap_or_default()),
            body: Change::Set(text.map(|text| markup::stored(text.message, text.is_html))),
            from: Change::Set(self.creator.email.clone().or(from)),
            from_name: Change::Set(self.creator.name.clone().or(contact.name)),
            cc: Change::Set(self.cc.clone()),
            sentiment: match self.mood {
                Some(mood) => Change::Set(Some(mood.sentiment().to_owned())),
                None => Change::Keep,
            },
            agent_id: Change::Set(owner),
            tags: TagChange::Replace(tags),
            ..TicketPatch::default()
        };
        let detail = Detail {
            contact_id: Some(contact.id),
            category_id: self.category_id,
            source_name: self.source_name.clone(),
            mood: self.mood,
            custom_values: self.custom_values.clone(),
            ..Detail::default()
        };
        let push = Push {
            channel: Channel::Email,
            created_at: None,
            patch,
            attachments: Change::Set(self.attachments.clone()),
            detail: Some(detail),
        };
        let options = PushOptions { process: Process::Batch, private_tags: false, look: None };
        Ok(actions::push_ticket(tx, acting, settings, push, options).await?.id)
    }
}

/// Errors with 422 at `pointer` where somebody is named by nothing but an id that nobody has: nobody is made with a
/// GUID of a client's choice.
pub async fn check_known(tx: &mut TenantTx, who: &Introduction, pointer: &str) -> Result<(), Error> {
    let is_guid_alone = who.guid.is_some() && who.email.is_none() && who.custom_identifier.is_none();
    if !is_guid_alone || !contacts::matches(tx, who).await?.is_empty() {
        return Ok(());
    }
    let message = "id must be that of somebody who wrote before".to_owned();
    Err(Error::Invalid(vec![FieldError { pointer: pointer.to_owned(), code: "contact_not_found", message }]))
}

/// Reads the member `categoryId`.
pub fn read_category(reader: &mut Reader, settings: &Settings) -> Change<Option<i64>> {
    let change = reader.nullable("categoryId").map(|id| id.map(|Id(id)| id));
    if let Change::Set(Some(id)) = change
        && !settings.categories.iter().any(|category| category.id == id)
    {
        let message = format!("must name a category; there is none with the id {id}");
        reader.refuse("categoryId", &Wrong::new("category_not_found", message));
    }
    change
}

fn read_custom_values(reader: &mut Reader, settings: &Settings) -> Vec<CustomValue> {
    let mut seen = BTreeSet::new();
    let values = reader.objects("customFields", |reader| {
        let (field, value) = custom_field::read(reader, settings)?;
        if !seen.insert(field.id) {
            reader.refuse("id", &Wrong::new("duplicate", "must not be given twice"));
        }
        value.value().flatten()
    });
    let values: Vec<CustomValue> =
        values.value().flatten().unwrap_or_default().into_iter().flatten().collect();
    for field in settings
        .custom_fields
        .iter()
        .filter(|field| field.required && !values.iter().any(|value| value.name == field.name))
    {
        let message = format!("must have a value for {}, the field {}", field.name, field.id);
        reader.refuse("customFields", &Wrong::new("required", message));
    }
    values
}
