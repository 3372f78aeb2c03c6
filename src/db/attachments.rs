//! The attachments of a ticket itself; those of its messages come and go with them.

use serde::Deserialize;

use super::{TenantConn, TenantTx};
use crate::domain::attachment::{File, NewAttachment};
use crate::domain::id::TicketId;
use crate::error::Error;

/// Files as columns; each comes with the id it gets if it is new.
#[derive(Debug)]
pub struct FileColumns<'a> {
    pub ids: Vec<&'a str>,
    pub names: Vec<&'a str>,
    pub urls: Vec<&'a str>,
    pub inlines: Vec<bool>,
    pub endings: Vec<Option<String>>,
    pub types: Vec<Option<&'a str>>,
    pub sizes: Vec<Option<i64>>,
}

impl<'a> FileColumns<'a> {
    /// In their order.
    pub fn new(files: &'a [(String, NewAttachment)]) -> Self {
        Self {
            ids: files.iter().map(|(id, _)| id.as_str()).collect(),
            names: files.iter().map(|(_, file)| file.name.as_str()).collect(),
            urls: files.iter().map(|(_, file)| file.url.as_str()).collect(),
            inlines: files.iter().map(|(_, file)| file.inline).collect(),
            endings: files.iter().map(|(_, file)| file.file_ending()).collect(),
            types: files.iter().map(|(_, file)| file.content_type()).collect(),
            sizes: files.iter().map(|(_, file)| file.size_bytes()).collect(),
        }
    }
}

/// A file as a JSON row that other statements build.
#[derive(Debug, Deserialize)]
pub struct FileRow {
    name: String,
    url: String,
    inline: bool,
    content_type: Option<String>,
    size_bytes: Option<i64>,
}

impl From<FileRow> for File {
    fn from(row: FileRow) -> Self {
        let FileRow { name, url, inline, content_type, size_bytes } = row;
        Self { name, url, inline, content_type, size_bytes }
    }
}

/// Name, address and place in the text of a ticket's attachments, in their order.
pub async fn list(db: &mut TenantConn, ticket: TicketId) -> Result<Vec<NewAttachment>, Error> {
    let tenant = db.tenant();
    let files = sqlx::query!(
        r#"
        select name, original_url as "url!", inline from attachment
        where tenant_id = $1 and ticket_id = $2 and conversation_id is null
        order by position
        "#,
        tenant.0,
        ticket.0,
    )
    .fetch_all(db.raw())
    .await?;
    let files = files.into_iter();
    Ok(files
        .map(|row| NewAttachment { inline: row.inline, ..NewAttachment::new(row.name, row.url) })
        .collect())
}

/// Makes these the ticket's attachments; each comes with the id it gets if it is new. One that the
/// ticket has already, by name and URL, keeps its id and what is known of it.
pub async fn replace(
    tx: &mut TenantTx,
    ticket: TicketId,
    files: &[(String, NewAttachment)],
) -> Result<(), Error> {
    let tenant = tx.tenant();
    let files = FileColumns::new(files);
    sqlx::query!(
        "
        with wanted as (
            select * from unnest($3::text[], $4::text[], $5::text[], $6::bool[], $7::text[], $8::text[],
                $9::bigint[])
                with ordinality as f (id, name, url, inline, ending, type, size, position)
        ), dropped as (
            delete from attachment a
            where a.tenant_id = $1 and a.ticket_id = $2 and a.conversation_id is null
                and not exists (select from wanted w where w.name = a.name and w.url = a.original_url)
            returning 1
        ), moved as (
            update attachment a set position = w.position, inline = w.inline
            from wanted w
            where a.tenant_id = $1 and a.ticket_id = $2 and a.conversation_id is null
                and a.name = w.name and a.original_url = w.url
            returning 1
        )
        insert into attachment (tenant_id, id, ticket_id, position, name, url, original_url, inline,
            file_ending, content_type, size_bytes)
        select $1, w.id, $2, w.position, w.name, w.url, w.url, w.inline, w.ending, w.type, w.size
        from wanted w
        where not exists (
            select from attachment a
            where a.tenant_id = $1 and a.ticket_id = $2 and a.conversation_id is null
                and a.name = w.name and a.original_url = w.url
        )
        returning 1 as one
        ",
        tenant.0,
        ticket.0,
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
