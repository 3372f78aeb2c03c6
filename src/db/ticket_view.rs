//! The full view of a ticket: everything around it, in one statement.

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::details::CustomRow;
use super::teams::TeamRow;
use super::ticket_rows::{Row, document, raw, word};
use super::{TenantConn, TenantTx, agents, directory, intents, tags, time};
use crate::domain::agent::Agent;
use crate::domain::attachment::Attachment;
use crate::domain::customer::Customer;
use crate::domain::detail::{CustomValue, TicketType};
use crate::domain::id::{AgentId, TagId, TicketId};
use crate::domain::intent::Intent;
use crate::domain::tag::Tag;
use crate::domain::team::Team;
use crate::domain::ticket::{Document, Ticket};
use crate::error::Error;

/// A ticket with everything that a reader sees around it.
#[derive(Debug, Clone, PartialEq)]
pub struct TicketView {
    pub ticket: Ticket,
    /// Every tag, hidden ones too.
    pub tag_ids: Vec<TagId>,
    /// The tags that the reader may see.
    pub tags: Vec<Tag>,
    /// Owner, assigned and recently active people, each once.
    pub people: Vec<Agent>,
    /// Who opened or changed it within the last hour.
    pub worked_on_by: Vec<AgentId>,
    pub attachments: Vec<Attachment>,
    pub intents: Vec<Intent>,
    /// `None` where no customer is linked or the directory does not know it.
    pub customer: Option<Customer>,
    /// The tenant's own mailboxes, folded.
    pub mailboxes: Vec<String>,
    /// Metadata of a system ticket.
    pub workitem: Option<Document>,
    pub team: Option<Team>,
    /// One of the tenant's categories; `None`: uncategorized.
    pub category_id: Option<i64>,
    pub ticket_type: Option<TicketType>,
    /// In their order.
    pub custom_values: Vec<CustomValue>,
    /// The tenant's neighbours by id.
    pub previous: Option<TicketId>,
    pub next: Option<TicketId>,
}

/// What a reader wants to see.
#[derive(Debug, Clone, Copy)]
pub struct Look {
    pub raw_data: bool,
    pub customer: bool,
    pub intents: bool,
    /// Whether the reader may see private tags.
    pub private_tags: bool,
    /// The beginning of the hour in which somebody "works on" the ticket.
    pub active_since: Timestamp,
}

impl Look {
    /// Of the tags that the reader may see.
    pub(super) fn visibilities(&self) -> &'static [&'static str] {
        if self.private_tags { &["public", "private"] } else { &["public"] }
    }
}

/// The query that shows a ticket, as [`Row`]. What stands before it says by which names what belongs to the ticket
/// is known: `it`, the ticket in one row, `its_tags`, `its_files`, `its_detail` and `its_values`; and `look`, a
/// [`Look`] in one row. `$1` is the tenant.
macro_rules! view {
    ([$($with:tt)+], $($argument:expr),+ $(,)?) => {
        sqlx::query_as!(
            crate::db::ticket_rows::Row,
            $($with)+ + r#"
            select t.id, t.version, t.external_ticket_id, t.external_updated_at, t.channel, t.channel_id,
                t.subchannel_id, t.direction, t.from_address, t.from_name, t.to_addresses, t.cc_addresses,
                t.bcc_addresses, t.status, t.priority, t.subject, t.summary, t.body, t.body_plain,
                t.body_clean, t.sentiment, t.language, t.language_code, t.ai_support_level, t.spam_status,
                t.is_customer_active, t.auto_execute_at, t.created_at, t.modified_at,
                t.first_response_due_at, t.due_at, t.closed_at, t.customer_id, t.contract_id, t.partner_id,
                t.customer_legitimation, t.responder_id, t.agent_id, t.assigned_agent_ids,
                t.additional_data as "additional_data: _",
                case when look.raw_data then t.raw_data end as "raw_data: _", t.workitem as "workitem: _",
                t.set_by_person, t.removed_tag_ids, t.analysis_deferred,
                json_build_object(
                    'tag_ids', array(
                        select l.tag_id from its_tags l order by l.tag_id
                    ),
                    'tags', array(
                        select to_json(g) from (
                            select g.id, g.name, g.full_name, g.parent_id, g.reference, g.type, g.visibility,
                                g.color, g.properties, g.complexity, g.sla_hours, g.priority, g.channels,
                                g.subchannel_ids, g.routing_relevance, g.detection_details, g.test_case,
                                g.modified_by, g.modified_at
                            from its_tags l
                            join tag g on g.tenant_id = $1 and g.id = l.tag_id
                            where g.visibility = any(look.visibilities)
                                and (g.ancestor_ids = '{}' or not exists (
                                    select from tag p
                                    where p.tenant_id = $1 and p.id = any(g.ancestor_ids)
                                        and p.visibility <> all(look.visibilities)
                                ))
                            order by g.id
                        ) g
                    ),
                    'worked_on_by', w.ids,
                    'people', array(
                        select to_json(a) from (
                            select a.id, a.role, a.first_name, a.last_name, a.email, a.phone, a.type,
                                a.is_sso_only, a.lang, a.name_alias, a.external_id, a.last_seen_at
                            from agent a
                            where a.tenant_id = $1
                                and a.id = any(w.ids || t.assigned_agent_ids || array[t.agent_id])
                        ) a
                    ),
                    'attachments', array(
                        select to_json(f) from (
                            select f.id, f.name, f.url, f.original_url, f.inline, f.file_ending,
                                f.content_type, f.size_bytes, f.width, f.height, f.extracted_data,
                                f.extraction_status, f.extraction_data
                            from its_files f
                            order by f.position
                        ) f
                    ),
                    'intents', case when look.intents then array(
                        select to_json(i) from (
                            select i.id, i.ai_agent_id, i.contract_id, i.code, i.name, i.status, i.confidence,
                                i.confidence_color, i.verified, i.context, i.message_preview, i.recipient,
                                i.data, i.options, i.infos, i.extra_info, i.outcome
                            from intent i
                            where i.tenant_id = $1 and i.ticket_id = t.id and i.status <> 'deleted'
                            order by i.id
                        ) i
                    ) else '{}' end,
                    'customer', case when look.customer then (
                        select to_json(c) from (
                            select c.id, c.id_is_integer, c.business, c.company, c.firstname, c.lastname,
                                c.address, c.phone, c.email, c.additional_data,
                                array(
                                    select json_build_object('id', g.id, 'name', g.name, 'color', g.color)
                                    from tag g
                                    where g.tenant_id = $1 and g.id = any(c.tag_ids)
                                        and not exists (
                                            select from tag p
                                            where p.tenant_id = $1 and p.id = any(g.ancestor_ids || g.id)
                                                and p.visibility <> all(look.visibilities)
                                        )
                                    order by g.id
                                ) as tags,
                                array(
                                    select json_build_object('id', k.id, 'id_is_integer', k.id_is_integer,
                                        'customer_id', k.customer_id, 'document', k.document)
                                    from contract k
                                    where k.tenant_id = $1 and k.customer_id = c.id
                                    order by k.id
                                ) as contracts
                            from customer c
                            where c.tenant_id = $1 and c.id = t.customer_id
                        ) c
                    ) end,
                    'mailboxes', case when t.cc_addresses = '{}' then '{}' else array(
                        select s.address_folded from subchannel s
                        where s.tenant_id = $1 and s.address_folded is not null
                    ) end,
                    'detail', (
                        select json_build_object('category_id', d.category_id, 'ticket_type', d.ticket_type,
                            'team', (
                                select json_build_object('id', m.id, 'name', m.name) from team m
                                where m.tenant_id = $1 and m.id = d.team_id
                            ))
                        from its_detail d
                    ),
                    'custom_values', array(
                        select json_build_object('name', v.name, 'value', v.value) from its_values v
                        order by v.position
                    ),
                    'previous', (select max(n.id) from ticket n where n.tenant_id = $1 and n.id < t.id),
                    'next', (select min(n.id) from ticket n where n.tenant_id = $1 and n.id > t.id)
                ) as "around: _"
            from it t
            cross join look
            cross join lateral (
                select array(
                    select v.agent_id from ticket_view v
                    where v.tenant_id = $1 and v.ticket_id = t.id and v.last_viewed_at > look.active_since
                    union
                    select l.agent_id from worklog l
                    where l.tenant_id = $1 and l.ticket_id = t.id and l.at > look.active_since
                    order by 1
                ) as ids
            ) w
            "#,
            $($argument),+
        )
    };
}
pub(super) use view;

/// Returns `None` where this tenant has no such ticket.
pub async fn get(db: &mut TenantConn, id: TicketId, look: Look) -> Result<Option<TicketView>, Error> {
    let tenant = db.tenant();
    let row = view!(
        [r#"
        with look as (
            select $3::bool as raw_data, $4::text[] as visibilities, $5::bool as intents, $6::bool as customer,
                $7::timestamptz as active_since
        ), it as (
            select * from ticket where tenant_id = $1 and id = $2
        ), its_tags as not materialized (
            select tag_id from ticket_tag where tenant_id = $1 and ticket_id = $2
        ), its_files as (
            select * from attachment where tenant_id = $1 and ticket_id = $2 and conversation_id is null
        ), its_detail as (
            select * from ticket_detail where tenant_id = $1 and ticket_id = $2
        ), its_values as (
            select * from custom_value where tenant_id = $1 and ticket_id = $2
        )
        "#],
        tenant.0,
        id.0,
        look.raw_data,
        look.visibilities() as _,
        look.intents,
        look.customer,
        time::bind(look.active_since),
    )
    .fetch_optional(db.raw())
    .await?;
    row.map(TicketView::try_from).transpose()
}

/// Notes that a person opened a ticket: when last, and once an hour in its record. Does nothing
/// where this tenant has no such ticket.
pub async fn record(
    tx: &mut TenantTx,
    id: TicketId,
    agent: AgentId,
    name: &str,
    now: Timestamp,
) -> Result<(), Error> {
    let tenant = tx.tenant();
    let hour = Timestamp::from_second(now.as_second().div_euclid(3600) * 3600).unwrap_or(now);
    sqlx::query!(
        "
        with found as (
            select id from ticket where tenant_id = $1 and id = $2
        ), seen as (
            insert into ticket_view (tenant_id, ticket_id, agent_id, last_viewed_at)
            select $1, found.id, $3, $4 from found
            on conflict (tenant_id, ticket_id, agent_id) do update
            set last_viewed_at = excluded.last_viewed_at
            returning 1
        )
        insert into activity (tenant_id, ticket_id, kind, at, actor_kind, actor_id, actor_name, via, viewed_hour)
        select $1, found.id, 'viewed', $4, 'agent', $3, $5, 'mind', $6 from found
        on conflict (tenant_id, ticket_id, actor_id, viewed_hour) where kind = 'viewed' do nothing
        returning 1 as one
        ",
        tenant.0,
        id.0,
        agent.0,
        time::bind(now),
        name,
        time::bind(hour),
    )
    .fetch_optional(tx.raw())
    .await?;
    Ok(())
}

/// The JSON that [`get`] builds around a ticket.
#[derive(Deserialize)]
pub struct Around {
    tag_ids: Vec<i64>,
    tags: Vec<tags::Row>,
    worked_on_by: Vec<i64>,
    people: Vec<agents::Row>,
    attachments: Vec<AttachmentRow>,
    intents: Vec<intents::Row>,
    customer: Option<directory::Row>,
    mailboxes: Vec<String>,
    detail: Option<DetailRow>,
    custom_values: Vec<CustomRow>,
    previous: Option<i64>,
    next: Option<i64>,
}

#[derive(Deserialize)]
struct DetailRow {
    category_id: Option<i64>,
    ticket_type: Option<String>,
    team: Option<TeamRow>,
}

#[derive(Deserialize)]
struct AttachmentRow {
    id: String,
    name: String,
    url: String,
    original_url: String,
    inline: bool,
    file_ending: Option<String>,
    content_type: Option<String>,
    size_bytes: Option<i64>,
    width: Option<i32>,
    height: Option<i32>,
    extracted_data: Option<Box<RawValue>>,
    extraction_status: Option<String>,
    extraction_data: Option<Box<RawValue>>,
}

impl TryFrom<Row> for TicketView {
    type Error = Error;

    fn try_from(mut row: Row) -> Result<Self, Error> {
        let around =
            row.around.take().ok_or_else(|| Error::internal("a view came without its surroundings"))?.0;
        let workitem = row.workitem.take().map(document);
        let tags: Result<_, Error> = around.tags.into_iter().map(Tag::try_from).collect();
        let detail = around.detail;
        let ticket_type = detail.as_ref().and_then(|detail| detail.ticket_type.as_deref());
        let people: Result<_, Error> = around.people.into_iter().map(Agent::try_from).collect();
        Ok(Self {
            ticket: row.try_into()?,
            tag_ids: around.tag_ids.into_iter().map(TagId).collect(),
            tags: tags?,
            people: people?,
            worked_on_by: around.worked_on_by.into_iter().map(AgentId).collect(),
            attachments: around.attachments.into_iter().map(Attachment::from).collect(),
            intents: around.intents.into_iter().map(Intent::from).collect(),
            customer: around.customer.map(Customer::from),
            mailboxes: around.mailboxes,
            workitem,
            category_id: detail.as_ref().and_then(|detail| detail.category_id),
            ticket_type: ticket_type.map(word).transpose()?,
            team: detail.and_then(|detail| detail.team).map(Team::from),
            custom_values: around.custom_values.into_iter().map(CustomValue::from).collect(),
            previous: around.previous.map(TicketId),
            next: around.next.map(TicketId),
        })
    }
}

impl From<AttachmentRow> for Attachment {
    fn from(row: AttachmentRow) -> Self {
        Self {
            id: row.id,
            name: row.name,
            url: row.url,
            original_url: row.original_url,
            inline: row.inline,
            file_ending: row.file_ending,
            content_type: row.content_type,
            size_bytes: row.size_bytes,
            width: row.width,
            height: row.height,
            extracted_data: row.extracted_data.map(raw),
            extraction_status: row.extraction_status,
            extraction_data: row.extraction_data.map(raw),
        }
    }
}
