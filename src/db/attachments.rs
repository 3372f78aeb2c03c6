//! The attachments of a ticket.

use super::{TenantConn, TenantTx};
use crate::domain::attachment::NewAttachment;
use crate::domain::id::TicketId;
use crate::error::Error;

/// Name, address and place in the text of a ticket's attachments, in their order.
pub async fn list(db: &mut TenantConn, ticket: TicketId) -> Result<Vec<NewAttachment>, Error> {
    let tenant = db.tenant();
    let files = sqlx::query!(
        r#"
        select name, original_url as "url!", inline from attachment
        where tenant_id = $1 and ticket_id = $2
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
    let ids: Vec<&str> = files.iter().map(|(id, _)| id.as_str()).collect();
    let names: Vec<&str> = files.iter().map(|(_, file)| file.name.as_str()).collect();
    let urls: Vec<&str> = files.iter().map(|(_, file)| file.url.as_str()).collect();
    let inlines: Vec<bool> = files.iter().map(|(_, file)| file.inline).collect();
    let endings: Vec<Option<String>> = files.iter().map(|(_, file)| file.file_ending()).collect();
    let types: Vec<Option<&str>> = files.iter().map(|(_, file)| file.content_type()).collect();
    let sizes: Vec<Option<i64>> = files.iter().map(|(_, file)| file.size_bytes()).collect();
    sqlx::query!(
        "
        with wanted as (
            select * from unnest($3::text[], $4::text[], $5::text[], $6::bool[], $7::text[], $8::text[],
                $9::bigint[])
                with ordinality as f (id, name, url, inline, ending, type, size, position)
        ), dropped as (
            delete from attachment a
            where a.tenant_id = $1 and a.ticket_id = $2
                and not exists (select from wanted w where w.name = a.name and w.url = a.original_url)
            returning 1
        ), moved as (
            update attachment a set position = w.position, inline = w.inline
            from wanted w
            where a.tenant_id = $1 and a.ticket_id = $2 and a.name = w.name and a.original_url = w.url
            returning 1
        )
        insert into attachment (tenant_id, id, ticket_id, position, name, url, original_url, inline,
            file_ending, content_type, size_bytes)
        select $1, w.id, $2, w.position, w.name, w.url, w.url, w.inline, w.ending, w.type, w.size
        from wanted w
        where not exists (
            select from attachment a
            where a.tenant_id = $1 and a.ticket_id = $2 and a.name = w.name and a.original_url = w.url
        )
        returning 1 as one
        ",
        tenant.0,
        ticket.0,
        ids as _,
        names as _,
        urls as _,
        &inlines,
        endings as _,
        types as _,
        sizes as _,
    )
    .fetch_all(tx.raw())
    .await?;
    Ok(())
}
