//! Files of tickets, replies and notes.

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::attachment::{File, NewAttachment};
use crate::http::field::Wrong;
use crate::http::links::Links;
use crate::http::read::Reader;
use crate::http::value::Name;

/// A file.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Attachment {
    /// Whether it is a part of the text.
    is_content_part: bool,
    #[schema(example = "filename.png")]
    name: String,
    #[schema(example = "https://your.attachment.url/filename.png")]
    url: String,
}

/// A file that is somewhere; it is not fetched.
#[derive(Debug, ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "it describes what is read member by member")]
pub struct BaseAttachment {
    /// `http` or `https`, at most 2048 characters.
    #[schema(example = "https://your.attachment.url/filename.png")]
    url: String,
    /// At most 255 characters.
    #[schema(example = "filename.png")]
    name: String,
    /// Whether it is a part of the text; false by default.
    #[schema(required = false)]
    is_content_part: bool,
}

impl Attachment {
    /// A file; an upload by a link that opens for a day.
    pub fn new(file: File, links: Links<'_>) -> Self {
        let url = links.word(&file.url, &file.name);
        Self { is_content_part: file.inline, name: file.name, url }
    }
}

/// Reads the member `attachments`; `None` where it is absent or null.
pub fn read(reader: &mut Reader) -> Option<Vec<NewAttachment>> {
    let files = reader.objects("attachments", |reader| {
        let url = reader.required("url").map(|Name::<2048>(url)| url);
        if url.as_deref().is_some_and(|url| !is_web(url)) {
            reader.refuse("url", &Wrong::new("invalid_url", "must be an http or https URL"));
        }
        let name = reader.required("name").map(|Name::<255>(name)| name);
        let inline = reader.optional("isContentPart").unwrap_or(false);
        NewAttachment { inline, ..NewAttachment::new(name.unwrap_or_default(), url.unwrap_or_default()) }
    });
    files.value().flatten()
}

fn is_web(text: &str) -> bool {
    let parsed = reqwest::Url::parse(text);
    parsed.is_ok_and(|url| ["http", "https"].contains(&url.scheme()) && url.has_host())
}
