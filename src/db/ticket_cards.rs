//! Tickets as the dialects beside Mind show them: what each is, with the people, words and files around it.

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::value::RawValue;
use sqlx::{Postgres, QueryBuilder};

use super::attachments::FileRow;
use super::people::{AgentRow, ContactRow};
use super::ticket_rows::{Row, raw, word};
use super::{TenantConn, time};
use crate::domain::attachment::File;
use crate::domain::change::Change;
use crate::domain::detail::{CustomValue, Detail};
use crate::domain::id::{ContactId, TeamId, TicketId};
use crate::domain::message::Person;
use crate::domain::team::Team;
use crate::domain::ticket::{Channel, Status, Ticket};
use crate::domain::word::Word;
use crate::error::Error;

/// A ticket with what the dialects beside Mind show of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Card {
    pub ticket: Ticket,
    /// Its id for clients that do not count: it cannot be guessed.
    pub public_id: String,
    pub detail: Detail,
    /// Who owns it.
    pub owner: Option<Person>,
    /// Who asked; `None`: known by the sender's address alone.
    pub contact: Option<Person>,
    pub team: Option<Team>,
    /// The names of the tags that everybody may see.
    pub tags: Vec<String>,
    /// Of the opening message.
    pub attachments: Vec<File>,
    /// Answers and what customers wrote since; neither drafts nor notes.
    pub reply_count: i64,
    pub has_draft: bool,
    /// When somebody last wrote; the ticket's own creation where nobody did since.
    pub last_message_at: Timestamp,
}

type CardRow = Row<Extra>;

#[derive(Debug, Deserialize)]
struct Extra {
    public_id: String,
    last_message_at: Timestamp,
    detail: Option<DetailRow>,
    custom_values: Vec<CustomRow>,
    owner: Option<AgentRow>,
    contact: Option<ContactRow>,
    team: Option<TeamRow>,
    tags: Vec<String>,
    attachments: Vec<FileRow>,
    reply_count: i64,
    has_draft: bool,
}

#[derive(Debug, Deserialize)]
struct DetailRow {
    contact_id: Option<i64>,
    team_id: Option<i64>,
    category_id: Option<i64>,
    ticket_type: Option<String>,
    submitter: Option<String>,
    source_name: Option<String>,
    mood: Option<String>,
    channel_contact: Option<Box<RawValue>>,
    markdown: Option<String>,
}

#[derive(Debug, Deserialize)]
struct CustomRow {
    name: String,
    value: Box<RawValue>,
}

#[derive(Debug, Deserialize)]
struct TeamRow {
    id: i64,
    name: String,
}

/// The tickets with these ids, in this order; those that the tenant does not have are missing. One statement.
pub async fn list(db: &mut TenantConn, ids: &[TicketId]) -> Result<Vec<Card>, Error> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let tenant = db.tenant();
    let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
    let rows = sqlx::query_as!(
        CardRow,
        r#"
        select t.id, t.version, t.external_ticket_id, t.external_updated_at, t.channel, t.channel_id,
            t.subchannel_id, t.direction, t.from_address, t.from_name, t.to_addresses, t.cc_addresses,
            t.bcc_addresses, t.status, t.priority, t.subject, t.summary, t.body, t.body_plain,
            t.body_clean, t.sentiment, t.language, t.language_code, t.ai_support_level, t.spam_status,
            t.is_customer_active, t.auto_execute_at, t.created_at, t.modified_at,
            t.first_response_due_at, t.due_at, t.closed_at, t.customer_id, t.contract_id, t.partner_id,
            t.customer_legitimation, t.responder_id, t.agent_id, t.assigned_agent_ids,
            null::json as "additional_data: _", null::json as "raw_data: _", null::json as "workitem: _",
            t.set_by_person, t.removed_tag_ids, t.analysis_deferred,
            json_build_object(
                'public_id', t.public_id,
                'last_message_at', t.last_message_at,
                'detail', case when d.ticket_id is not null then json_build_object(
                    'contact_id', d.contact_id, 'team_id', d.team_id, 'category_id', d.category_id,
                    'ticket_type', d.ticket_type, 'submitter', d.submitter, 'source_name', d.source_name,
                    'mood', d.mood, 'channel_contact', d.channel_contact, 'markdown', d.markdown
                ) end,
                'custom_values', array(
                    select json_build_object('name', v.name, 'value', v.value) from custom_value v
                    where v.tenant_id = $1 and v.ticket_id = t.id order by v.position
                ),
                'owner', (
                    select json_build_object('guid', a.guid, 'first_name', a.first_name, 'last_name', a.last_name,
                        'email', a.email, 'phone', a.phone, 'external_id', a.external_id)
                    from agent a where a.tenant_id = $1 and a.id = t.agent_id
                ),
                'contact', (
                    select json_build_object('guid', p.guid, 'euid', p.euid, 'name', p.name, 'email', p.email,
                        'phone', p.phone, 'image', p.image, 'custom_identifier', p.custom_identifier)
                    from contact p where p.tenant_id = $1 and p.id = d.contact_id
                ),
                'team', (
                    select json_build_object('id', m.id, 'name', m.name)
                    from team m where m.tenant_id = $1 and m.id = d.team_id
                ),
                'tags', array(
                    select g.name from ticket_tag l
                    join tag g on g.tenant_id = l.tenant_id and g.id = l.tag_id
                    where l.tenant_id = $1 and l.ticket_id = t.id and not exists (
                        select from tag p
                        where p.tenant_id = $1 and p.id = any(g.ancestor_ids || g.id) and p.visibility <> 'public'
                    )
                    order by g.id
                ),
                'attachments', array(
                    select json_build_object('name', f.name, 'url', f.original_url, 'inline', f.inline,
                        'content_type', f.content_type, 'size_bytes', f.size_bytes)
                    from attachment f
                    where f.tenant_id = $1 and f.ticket_id = t.id and f.conversation_id is null
                    order by f.position
                ),
                'reply_count', c.replies,
                'has_draft', c.has_draft
            ) as "around: _"
        from ticket t
        left join ticket_detail d on d.tenant_id = t.tenant_id and d.ticket_id = t.id
        cross join lateral (
            select count(*) filter (where not m.is_draft) as replies, coalesce(bool_or(m.is_draft), false) as has_draft
            from conversation m
            where m.tenant_id = $1 and m.ticket_id = t.id and not m.is_opening and m.deleted_at is null
                and not m.is_private and m.direction <> 'internal'
        ) c
        where t.tenant_id = $1 and t.id = any($2)
        order by array_position($2, t.id)
        "#,
        tenant.0,
        &ids,
    )
    .fetch_all(db.raw())
    .await?;
    rows.into_iter().map(Card::try_from).collect()
}

/// Which tickets, and in which order: by when somebody last wrote, the latest first.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Filter {
    /// Only these.
    pub ids: Option<Vec<TicketId>>,
    pub status: Option<Status>,
    pub channel: Option<Channel>,
    /// Created at or after.
    pub from: Option<Timestamp>,
    /// Created at or before.
    pub to: Option<Timestamp>,
    /// `Set(None)`: uncategorized.
    pub category_id: Change<Option<i64>>,
    /// Name and the beginning of the value's text, as [`super::details::search_key`] makes it; all must hold.
    pub custom_values: Vec<(String, String)>,
}

/// A page of the tickets that a filter lets through. One statement.
pub async fn page(
    db: &mut TenantConn,
    filter: &Filter,
    limit: i64,
    offset: i64,
) -> Result<Vec<TicketId>, Error> {
    let tenant = db.tenant().0;
    let mut query: QueryBuilder<Postgres> = QueryBuilder::new(
        "select t.id from ticket t
         left join ticket_detail d on d.tenant_id = t.tenant_id and d.ticket_id = t.id
         where t.tenant_id = ",
    );
    query.push_bind(tenant);
    if let Some(ids) = &filter.ids {
        let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
        query.push(" and t.id = any(").push_bind(ids).push(")");
    }
    if let Some(status) = filter.status {
        query.push(" and t.status = ").push_bind(status.as_str());
    }
    if let Some(channel) = filter.channel {
        query.push(" and t.channel = ").push_bind(channel.as_str());
    }
    if let Some(from) = filter.from {
        query.push(" and t.created_at >= ").push_bind(time::bind(from));
    }
    if let Some(to) = filter.to {
        query.push(" and t.created_at <= ").push_bind(time::bind(to));
    }
    match filter.category_id {
        Change::Keep => {}
        Change::Set(None) => {
            query.push(" and d.category_id is null");
        }
        Change::Set(Some(category)) => {
            query.push(" and d.category_id = ").push_bind(category);
        }
    }
    for (name, value) in &filter.custom_values {
        query.push(" and exists (select from custom_value v where v.tenant_id = ").push_bind(tenant);
        query.push(" and v.ticket_id = t.id and v.name = ").push_bind(name.clone());
        query.push(" and v.folded = ").push_bind(value.clone()).push(")");
    }
    query.push(" order by t.last_message_at desc, t.id desc limit ").push_bind(limit);
    query.push(" offset ").push_bind(offset);
    let ids: Vec<i64> = query.build_query_scalar().fetch_all(db.raw()).await?;
    Ok(ids.into_iter().map(TicketId).collect())
}

impl TryFrom<CardRow> for Card {
    type Error = Error;

    fn try_from(mut row: CardRow) -> Result<Self, Error> {
        let extra =
            row.around.take().ok_or_else(|| Error::internal("a card came without its surroundings"))?.0;
        let custom_values = extra.custom_values.into_iter();
        let mut detail = match extra.detail {
            Some(row) => Detail::try_from(row)?,
            None => Detail::default(),
        };
        detail.custom_values =
            custom_values.map(|row| CustomValue { name: row.name, value: raw(row.value) }).collect();
        let files = extra.attachments.into_iter();
        Ok(Self {
            ticket: row.try_into()?,
            public_id: extra.public_id,
            detail,
            owner: extra.owner.map(Person::from),
            contact: extra.contact.map(Person::from),
            team: extra.team.map(|row| Team { id: TeamId(row.id), name: row.name }),
            tags: extra.tags,
            attachments: files.map(File::from).collect(),
            reply_count: extra.reply_count,
            has_draft: extra.has_draft,
            last_message_at: extra.last_message_at,
        })
    }
}

impl TryFrom<DetailRow> for Detail {
    type Error = Error;

    fn try_from(row: DetailRow) -> Result<Self, Error> {
        Ok(Self {
            contact_id: row.contact_id.map(ContactId),
            team_id: row.team_id.map(TeamId),
            category_id: row.category_id,
            ticket_type: row.ticket_type.as_deref().map(word).transpose()?,
            submitter: row.submitter,
            source_name: row.source_name,
            mood: row.mood.as_deref().map(word).transpose()?,
            channel_contact: row.channel_contact.map(raw),
            markdown: row.markdown,
            custom_values: Vec::new(),
        })
    }
}
