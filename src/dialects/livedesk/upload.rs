//! `POST /upload`: a file, before a ticket refers to it.

use serde::Serialize;
use utoipa::ToSchema;

use crate::actions;
use crate::dialects::livedesk::envelope::Envelope;
use crate::error::Error;
use crate::http::caller::Caller;
use crate::http::multipart::Form;

/// A form with a file.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "the form is read piece by piece; this is what the document says of it")]
pub struct UploadForm {
    /// The file, once; its type is told by its content.
    #[schema(format = Binary, content_media_type = "application/octet-stream")]
    file: String,
}

/// Where an upload is.
#[derive(Debug, Serialize, ToSchema)]
pub struct Uploaded {
    /// Opens without credentials for 24 hours. Tickets may refer to it by any link, however old.
    #[schema(
        example = "https://tessera.example.com/files/1/0123456789abcdef0123456789abcdef/a.pdf?expires=1&signature=x"
    )]
    file_url: String,
}

/// Upload a file.
#[utoipa::path(post, path = "/upload", tag = "upload",
    request_body(content = UploadForm, content_type = "multipart/form-data"),
    responses((status = OK, description = "It is stored", body = Envelope<Uploaded>)))]
pub async fn upload(caller: Caller, form: Form) -> Result<Envelope<Uploaded>, Error> {
    let file = form.file("file").await?;
    let (storage, scanner) = (&caller.app.storage, caller.app.scanner.as_ref());
    let upload = actions::store_file(storage, scanner, caller.tenant, &file.name, file.pieces).await?;
    let mut tx = caller.begin().await?;
    actions::record_upload(&mut tx, &caller.acting(), &upload).await?;
    tx.commit().await?;
    Ok(Envelope::new(Uploaded { file_url: caller.links().to(&upload) }))
}
