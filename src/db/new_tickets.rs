//! The insertion of a ticket with all that comes with it.

use jiff::Timestamp;
use uuid::Uuid;

use super::attachments::FileColumns;
use super::details::Columns;
use super::queue::NewJob;
use super::references::Known;
use super::ticket_rows::text;
use super::ticket_view::{Look, TicketView, view};
use super::{TenantTx, time};
use crate::domain::activity::Acting;
use crate::domain::attachment::NewAttachment;
use crate::domain::detail::Detail;
use crate::domain::id::{TagId, TicketId};
use crate::domain::ticket::{Ticket, as_str};
use crate::domain::word::Word;
use crate::error::Error;

/// What comes into being together with a ticket.
#[derive(Debug)]
pub struct Company<'a> {
    pub tags: &'a [TagId],
    /// With the id that each gets.
    pub attachments: &'a [(String, NewAttachment)],
    pub job: Option<NewJob>,
    /// `None`: nothing beyond what every dialect can say.
    pub detail: Option<&'a Detail>,
    pub acting: &'a Acting,
}

/// A ticket that was just inserted.
#[derive(Debug, Clone)]
pub struct Made {
    pub id: TicketId,
    /// For clients that do not count.
    pub public_id: String,
    /// `None` where nobody wanted to look.
    pub view: Option<TicketView>,
}

/// Inserts a ticket with its tags, attachments, opening message, detail, record and job, and shows it to who wants
/// to `look`, in one statement. The `id` of `ticket` is not used.
///
/// Returns `None`, with nothing done, where the foreign system's id has a ticket already, or where what is `known`
/// of tags, agents and subchannels does not hold: one is missing, or a tag has another effect.
#[expect(clippy::too_many_lines, reason = "one statement with its parameters")]
pub async fn insert(
    tx: &mut TenantTx,
    ticket: &Ticket,
    company: &Company<'_>,
    known: &Known,
    look: Option<Look>,
) -> Result<Option<Made>, Error> {
    let tenant = tx.tenant();
    let public_id = public_id(ticket.created_at);
    let content = &ticket.content;
    let tags: Vec<i64> = company.tags.iter().map(|tag| tag.0).collect();
    let files = FileColumns::new(company.attachments);
    let job = company.job.as_ref();
    let actor = &company.acting.actor;
    let by_person: Vec<&str> = ticket.set_by_person.iter().map(|field| field.as_str()).collect();
    let none = Detail::default();
    let detail = company.detail.unwrap_or(&none);
    let customs = Columns::new(&detail.custom_values);
    let known = KnownColumns::new(known);
    /// Hands the insertion to a macro that says what is selected then: `its!(macro, further arguments)`.
    macro_rules! its {
        ($then:ident $(, $argument:expr)*) => {
            $then!(
                r#"
                with it as (
                    insert into ticket (tenant_id, external_ticket_id, external_updated_at, channel, subchannel_id,
                        direction, from_address, from_name, to_addresses, cc_addresses, bcc_addresses, status,
                        priority, subject, body, ai_support_level, created_at, first_response_due_at, due_at,
                        closed_at, customer_id, contract_id, agent_id, additional_data, raw_data, set_by_person,
                        analysis_deferred, public_id, last_message_at, sentiment)
                    select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19,
                        $20, $21, $22, $23, $24::text::json, $25::text::json, $26, $43, $44, $17, $45
                    where not exists (
                        select from unnest($60::bigint[], $61::double precision[], $62::text[])
                            as known (id, sla_hours, priority)
                        where not exists (
                            select from tag
                            where tag.tenant_id = $1 and tag.id = known.id
                                and tag.sla_hours is not distinct from known.sla_hours and tag.priority = known.priority
                        )
                    ) and not exists (
                        select from unnest($63::bigint[]) as known (id)
                        where not exists (
                            select from agent
                            where agent.tenant_id = $1 and agent.id = known.id and agent.deleted_at is null
                        )
                    ) and not exists (
                        select from unnest($64::bigint[]) as known (id)
                        where not exists (
                            select from subchannel where subchannel.tenant_id = $1 and subchannel.id = known.id
                        )
                    )
                    on conflict (tenant_id, external_ticket_id) do nothing
                    returning *
                ), its_tags as (
                    insert into ticket_tag (tenant_id, ticket_id, tag_id, source)
                    select $1, it.id, tag.id, 'manual' from it, unnest($27::bigint[]) as tag (id)
                    returning tag_id
                ), its_files as (
                    insert into attachment (tenant_id, id, ticket_id, position, name, url, original_url, inline,
                        file_ending, content_type, size_bytes)
                    select $1, f.id, it.id, f.position, f.name, f.url, f.url, f.inline, f.ending, f.type, f.size
                    from it, unnest($28::text[], $29::text[], $30::text[], $31::bool[], $32::text[], $33::text[],
                        $59::bigint[]) with ordinality as f (id, name, url, inline, ending, type, size, position)
                    returning *
                ), opened as (
                    insert into conversation (tenant_id, ticket_id, is_opening, direction, from_address, from_name,
                        to_addresses, cc_addresses, bcc_addresses, created_at)
                    select $1, it.id, true, $6, $7, $8, $9, $10, $11, $17 from it
                    returning 1
                ), recorded as (
                    insert into activity (tenant_id, ticket_id, version, kind, at, actor_kind, actor_id, actor_name, via)
                    select $1, it.id, 1, 'created', $34, $35, $36, $37, $38 from it
                    returning 1
                ), enqueued as (
                    insert into job (tenant_id, kind, ticket_id, scope, lane, state, max_attempts, scheduled_at, created_at)
                    select $1, $39, it.id, $40, $41, 'available', $42, $34, $34 from it where $39::text is not null
                    returning 1
                ), its_detail as (
                    insert into ticket_detail (tenant_id, ticket_id, contact_id, team_id, category_id, ticket_type,
                        submitter, source_name, mood, channel_contact, markdown)
                    select $1, it.id, $47, $48, $49, $50, $51, $52, $53, $54::text::json, $55 from it where $46
                    returning *
                ), its_values as (
                    insert into custom_value (tenant_id, ticket_id, name, position, value, folded)
                    select $1, it.id, v.name, v.position, v.value::json, v.folded
                    from it, unnest($56::text[], $57::text[], $58::text[])
                        with ordinality as v (name, value, folded, position)
                    returning *
                )
                "#,
                tenant.0,
                ticket.external_id,
                time::bind_opt(ticket.external_updated_at),
                ticket.channel.as_str(),
                ticket.subchannel_id.map(|id| id.0),
                ticket.direction.as_str(),
                ticket.from,
                ticket.from_name,
                &content.to,
                &content.cc,
                &content.bcc,
                ticket.status.as_str(),
                ticket.priority.as_str(),
                content.subject,
                content.body,
                ticket.ai_support_level.as_str(),
                time::bind(ticket.created_at),
                time::bind_opt(ticket.first_response_due_at),
                time::bind_opt(ticket.due_at),
                time::bind_opt(ticket.closed_at),
                ticket.customer_id,
                ticket.contract_id,
                ticket.agent_id.map(|id| id.0),
                text(content.additional_data.as_ref()),
                text(content.raw_data.as_ref()),
                by_person as _,
                &tags,
                files.ids as _,
                files.names as _,
                files.urls as _,
                &files.inlines,
                files.endings as _,
                files.types as _,
                time::bind(company.acting.now),
                actor.kind(),
                actor.agent_id().map(|id| id.0),
                actor.name(),
                company.acting.via.as_str(),
                job.map(|job| job.kind),
                job.map(|job| job.scope.clone()).unwrap_or_default() as _,
                job.map(|job| job.lane.as_str()),
                job.map(|job| job.max_attempts),
                ticket.analysis_deferred,
                public_id,
                ticket.sentiment,
                company.detail.is_some(),
                detail.contact_id.map(|id| id.0),
                detail.team_id.map(|id| id.0),
                detail.category_id,
                as_str(detail.ticket_type),
                detail.submitter,
                detail.source_name,
                as_str(detail.mood),
                text(detail.channel_contact.as_ref()),
                detail.markdown,
                customs.names as _,
                customs.values as _,
                &customs.folded,
                files.sizes as _,
                &known.tags,
                &known.sla_hours as _,
                &known.priorities as _,
                &known.agents,
                &known.subchannels,
                $($argument),*
            )
        };
    }
    macro_rules! id {
        ($with:tt, $($argument:expr),+ $(,)?) => {
            sqlx::query_scalar!($with + r#"select id as "id!" from it"#, $($argument),+)
        };
    }
    macro_rules! shown {
        ($with:tt, $($argument:expr),+ $(,)?) => {
            view!(
                [$with + "
                , look as (
                    select $65::bool as raw_data, $66::text[] as visibilities, $67::bool as intents,
                        $68::bool as customer, $69::timestamptz as active_since
                )
                "],
                $($argument),+
            )
        };
    }
    let (id, view) = match look {
        None => (its!(id).fetch_optional(tx.raw()).await?, None),
        Some(look) => {
            let row = its!(
                shown,
                look.raw_data,
                look.visibilities() as _,
                look.intents,
                look.customer,
                time::bind(look.active_since)
            );
            let row = row.fetch_optional(tx.raw()).await?;
            (row.as_ref().map(|row| row.id), row.map(TicketView::try_from).transpose()?)
        }
    };
    let Some(id) = id else { return Ok(None) };
    if let Some(job) = job {
        tx.note_jobs(job.lane, company.acting.now);
    }
    Ok(Some(Made { id: TicketId(id), public_id, view }))
}

/// What was looked up, column by column.
struct KnownColumns {
    tags: Vec<i64>,
    sla_hours: Vec<Option<f64>>,
    priorities: Vec<&'static str>,
    agents: Vec<i64>,
    subchannels: Vec<i64>,
}

impl KnownColumns {
    fn new(known: &Known) -> Self {
        let tags = known.tags.values();
        Self {
            tags: tags.clone().map(|tag| tag.id.0).collect(),
            sla_hours: tags.clone().map(|tag| tag.sla_hours).collect(),
            priorities: tags.map(|tag| tag.priority.as_str()).collect(),
            agents: known.agents.iter().map(|id| id.0).collect(),
            subchannels: known.subchannels.iter().map(|id| id.0).collect(),
        }
    }
}

/// An id for clients that cannot be guessed: the day, as LiveDesk has it, and 80 random bits.
fn public_id(created_at: Timestamp) -> String {
    let random = Uuid::new_v4().simple().to_string();
    // The first 12 and the last 8 of 32 hexadecimal digits: of those between, some tell the version.
    let (head, tail) = (random.get(..12).unwrap_or_default(), random.get(24..).unwrap_or_default());
    format!("tk_{}_{head}{tail}", created_at.strftime("%Y%m%d"))
}
