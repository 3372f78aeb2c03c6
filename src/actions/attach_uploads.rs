//! From what a client says of its attachments to the uploads that it means.

use std::collections::{BTreeMap, HashSet};

use crate::db::{TenantConn, uploads};
use crate::domain::attachment::NewAttachment;
use crate::domain::fault::{Fault, Place};
use crate::domain::settings::Settings;
use crate::domain::ticket::Field;
use crate::domain::upload::{Upload, UploadId};
use crate::error::Error;

/// Makes every attachment whose URL is one of our links refer to the upload, with its name where the client gave
/// none; the others stay as they are. Returns the faults: links to what the tenant does not have. No statement is sent
/// where no URL is one of ours.
pub async fn attach_uploads(db: &mut TenantConn, files: &mut [NewAttachment]) -> Result<Vec<Fault>, Error> {
    let meant: Vec<Option<UploadId>> = files.iter().map(|file| UploadId::meant(&file.url)).collect();
    let ids: Vec<UploadId> = meant.iter().flatten().cloned().collect();
    let mut known: BTreeMap<UploadId, Upload> = BTreeMap::new();
    if !ids.is_empty() {
        let uploads = uploads::get_many(db, &ids).await?;
        known.extend(uploads.into_iter().map(|upload| (upload.id.clone(), upload)));
    }
    let mut faults = Vec::new();
    for (at, (file, id)) in files.iter_mut().zip(meant).enumerate() {
        match id.map(|id| known.get(&id)) {
            None => {}
            Some(Some(upload)) => refer(file, upload),
            Some(None) => {
                let place = Place::Entry(Field::Attachments, at);
                faults.push(Fault::new(
                    0,
                    place,
                    "attachment_not_found",
                    "there is no upload behind this URL",
                ));
            }
        }
    }
    Ok(faults)
}

/// The faults of attachments that are elsewhere, where the tenant wants none. What the ticket had `before` may stay.
pub fn foreign_faults(settings: &Settings, files: &[NewAttachment], before: &[NewAttachment]) -> Vec<Fault> {
    let known: HashSet<&str> = before.iter().map(|file| file.url.as_str()).collect();
    let is_foreign =
        |file: &NewAttachment| UploadId::meant(&file.url).is_none() && !known.contains(file.url.as_str());
    let foreign =
        files.iter().enumerate().filter(|(_, file)| !settings.foreign_attachments && is_foreign(file));
    let message = "this tenant takes attachments from its uploads alone";
    foreign
        .map(|(at, _)| Fault::new(0, Place::Entry(Field::Attachments, at), "foreign_attachment", message))
        .collect()
}

/// The faults that attachments have, for a request that is refused for other reasons anyway. What the ticket had
/// `before` may stay.
pub async fn attachment_faults(
    db: &mut TenantConn,
    settings: &Settings,
    files: &[NewAttachment],
    before: &[NewAttachment],
) -> Result<Vec<Fault>, Error> {
    let mut files = files.to_vec();
    let mut faults = attach_uploads(db, &mut files).await?;
    faults.extend(foreign_faults(settings, &files, before));
    Ok(faults)
}

/// The files by name and URL, each once.
pub fn unique(files: &[NewAttachment]) -> Vec<NewAttachment> {
    let mut seen = HashSet::new();
    files.iter().filter(|file| seen.insert((&file.name, &file.url))).cloned().collect()
}

fn refer(file: &mut NewAttachment, upload: &Upload) {
    file.url = upload.id.reference();
    if file.name.is_empty() {
        file.name.clone_from(&upload.name);
    }
    file.upload = Some(upload.clone());
}
