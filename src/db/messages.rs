//! What is said on a ticket after it was opened.

use jiff::Timestamp;
use sqlx::types::Json;

use super::attachments::{FileColumns, FileRow};
use super::people::{AgentRow, ContactRow};
use super::ticket_rows::word;
use super::{TenantConn, TenantTx, time};
use crate::domain::attachment::NewAttachment;
use crate::domain::id::{AgentId, MessageId, TicketId};
use crate::domain::message::{Author, Message, MessagePatch, NewMessage, Person, Side};
use crate::domain::word::Word;
use crate::error::Error;

/// Which messages of a ticket; drafts are among them, what was deleted never is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// Answers and what customers wrote, notes aside.
    Replies,
    All,
    One(MessageId),
}

/// A ticket's messages, oldest first. An internal or private one is a note.
pub async fn list(
    db: &mut TenantConn,
    ticket: TicketId,
    which: Which,
    limit: i64,
    offset: i64,
) -> Result<Vec<Message>, Error> {
    let tenant = db.tenant();
    let (notes, one) = match which {
        Which::Replies => (Some(false), None),
        Which::All => (None, None),
        Which::One(id) => (None, Some(id.0)),
    };
    let rows = sqlx::query!(
        r#"
        select c.id, c.direction, c.is_private, c.is_draft, coalesce(c.body, '') as "body!", c.is_html, c.parent_id,
            c.level, c.to_addresses, c.cc_addresses, c.created_at, c.modified_at, c.author_name, c.from_address,
            c.from_name,
            (
                select json_build_object('guid', a.guid, 'first_name', a.first_name, 'last_name', a.last_name,
                    'email', a.email, 'phone', a.phone, 'external_id', a.external_id)
                from agent a where a.tenant_id = $1 and a.id = c.agent_id
            ) as "agent: Json<AgentRow>",
            (
                select json_build_object('guid', p.guid, 'euid', p.euid, 'name', p.name, 'email', p.email,
                    'phone', p.phone, 'image', p.image, 'custom_identifier', p.custom_identifier)
                from contact p where p.tenant_id = $1 and p.id = c.contact_id
            ) as "contact: Json<ContactRow>",
            array(
                select json_build_object('guid', a.guid, 'first_name', a.first_name, 'last_name', a.last_name,
                    'email', a.email, 'phone', a.phone, 'external_id', a.external_id)
                from agent a where a.tenant_id = $1 and a.id = any(c.mentioned_agent_ids) order by a.id
            ) as "mentioned!: Vec<Json<AgentRow>>",
            array(
                select json_build_object('name', f.name, 'url', f.original_url, 'inline', f.inline,
                    'content_type', f.content_type, 'size_bytes', f.size_bytes)
                from attachment f where f.tenant_id = $1 and f.conversation_id = c.id order by f.position
            ) as "attachments!: Vec<Json<FileRow>>"
        from conversation c
        where c.tenant_id = $1 and c.ticket_id = $2 and not c.is_opening and c.deleted_at is null
            and ($3::bool is null or (c.is_private or c.direction = 'internal') = $3)
            and ($4::bigint is null or c.id = $4)
        order by c.id
        limit $5 offset $6
        "#,
        tenant.0,
        ticket.0,
        notes,
        one,
        limit,
        offset,
    )
    .fetch_all(db.raw())
    .await?;
    let messages = rows.into_iter().map(|row| {
        let team = row.agent.map(|Json(agent)| Person::from(agent));
        let client = row.contact.map(|Json(contact)| Person::from(contact));
        let program = row.author_name.or(row.from_name).or_else(|| row.from_address.clone());
        let someone = || Person {
            guid: None,
            side: Side::Program,
            name: program.unwrap_or_default(),
            email: row.from_address,
            phone: None,
            image: None,
            external_id: None,
            custom_identifier: None,
        };
        Ok(Message {
            id: MessageId(row.id),
            ticket_id: ticket,
            author: team.or(client).unwrap_or_else(someone),
            direction: word(&row.direction)?,
            is_private: row.is_private,
            is_draft: row.is_draft,
            body: row.body,
            is_html: row.is_html,
            parent_id: row.parent_id.map(MessageId),
            level: row.level.unsigned_abs(),
            to: row.to_addresses,
            cc: row.cc_addresses,
            mentioned: row.mentioned.into_iter().map(|Json(agent)| agent.into()).collect(),
            attachments: row.attachments.into_iter().map(|Json(file)| file.into()).collect(),
            created_at: time::read(row.created_at),
            modified_at: time::read_opt(row.modified_at),
        })
    });
    messages.collect()
}

/// Inserts a message with its attachments, each with the id it gets, and notes on the ticket that somebody wrote, but
/// for drafts and notes. The ticket must be locked, and the message that is answered must be one of it.
pub async fn insert(
    tx: &mut TenantTx,
    ticket: TicketId,
    message: &NewMessage,
    files: &[(String, NewAttachment)],
    now: Timestamp,
) -> Result<MessageId, Error> {
    let tenant = tx.tenant();
    let (agent, contact, program) = match &message.author {
        Author::Agent(id) => (Some(id.0), None, None),
        Author::Contact(id) => (None, Some(id.0), None),
        Author::Program(name) => (None, None, Some(name.as_str())),
    };
    let mentioned = ids(&message.mentioned_agent_ids);
    let files = FileColumns::new(files);
    let id = sqlx::query_scalar!(
        r#"
        with made as (
            insert into conversation (tenant_id, ticket_id, is_opening, direction, is_private, is_draft, body,
                is_html, parent_id, level, agent_id, contact_id, author_name, to_addresses, cc_addresses,
                mentioned_agent_ids, created_at)
            select $1, $2, false, $3, $4, $5, $6, $7, $8,
                coalesce((select p.level + 1 from conversation p where p.tenant_id = $1 and p.id = $8), 0),
                $9, $10, $11, $12, $13, $14, $15
            returning id
        ), attached as (
            insert into attachment (tenant_id, id, ticket_id, conversation_id, position, name, url, original_url,
                inline, file_ending, content_type, size_bytes)
            select $1, f.id, $2, made.id, f.position, f.name, f.url, f.url, f.inline, f.ending, f.type, f.size
            from made, unnest($16::text[], $17::text[], $18::text[], $19::bool[], $20::text[], $21::text[],
                $22::bigint[]) with ordinality as f (id, name, url, inline, ending, type, size, position)
            returning 1
        ), heard as (
            update ticket set last_message_at = greatest(last_message_at, $15)
            where tenant_id = $1 and id = $2 and not $5 and not $4 and $3 <> 'internal'
            returning 1
        )
        select id as "id!" from made
        "#,
        tenant.0,
        ticket.0,
        message.direction.as_str(),
        message.is_private,
        message.is_draft,
        message.body,
        message.is_html,
        message.parent_id.map(|id| id.0),
        agent,
        contact,
        program,
        &message.to,
        &message.cc,
        &mentioned,
        time::bind(now),
        files.ids as _,
        files.names as _,
        files.urls as _,
        &files.inlines,
        files.endings as _,
        files.types as _,
        files.sizes as _,
    )
    .fetch_one(tx.raw())
    .await?;
    Ok(MessageId(id))
}

/// Changes a message. What the patch leaves out stays; the ticket must be locked.
pub async fn update(
    tx: &mut TenantTx,
    ticket: TicketId,
    id: MessageId,
    patch: &MessagePatch,
    files: &[(String, NewAttachment)],
    now: Timestamp,
) -> Result<(), Error> {
    let tenant = tx.tenant();
    let mentioned = patch.mentioned_agent_ids.as_deref().map(ids);
    let files = FileColumns::new(files);
    sqlx::query!(
        r#"
        with changed as (
            update conversation set body = coalesce($4, body), is_html = coalesce($5, is_html),
                mentioned_agent_ids = coalesce($6, mentioned_agent_ids), modified_at = $7
            where tenant_id = $1 and ticket_id = $2 and id = $3
            returning 1
        ), dropped as (
            delete from attachment where tenant_id = $1 and conversation_id = $3 and $8
            returning 1
        )
        insert into attachment (tenant_id, id, ticket_id, conversation_id, position, name, url, original_url, inline,
            file_ending, content_type, size_bytes)
        select $1, f.id, $2, $3, f.position, f.name, f.url, f.url, f.inline, f.ending, f.type, f.size
        from unnest($9::text[], $10::text[], $11::text[], $12::bool[], $13::text[], $14::text[], $15::bigint[])
            with ordinality as f (id, name, url, inline, ending, type, size, position)
        returning 1 as one
        "#,
        tenant.0,
        ticket.0,
        id.0,
        patch.body.as_ref().map(|(body, _)| body.as_str()),
        patch.body.as_ref().map(|(_, is_html)| *is_html),
        mentioned.as_deref(),
        time::bind(now),
        patch.attachments.is_some(),
        files.ids as _,
        files.names as _,
        files.urls as _,
        &files.inlines,
        files.endings as _,
        files.types as _,
        files.sizes as _,
    )
    .fetch_all(tx.raw())
    .await?;
    Ok(())
}

/// Takes a message away from every reader. The ticket must be locked.
pub async fn delete(tx: &mut TenantTx, ticket: TicketId, id: MessageId, now: Timestamp) -> Result<(), Error> {
    let tenant = tx.tenant();
    sqlx::query!(
        "update conversation set deleted_at = $4 where tenant_id = $1 and ticket_id = $2 and id = $3",
        tenant.0,
        ticket.0,
        id.0,
        time::bind(now),
    )
    .execute(tx.raw())
    .await?;
    Ok(())
}

fn ids(agents: &[AgentId]) -> Vec<i64> {
    agents.iter().map(|id| id.0).collect()
}
