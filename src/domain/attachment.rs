//! A file that hangs on a ticket: where it is and what is known of it. Never fetched.

use crate::domain::ticket::Document;
use crate::domain::upload::Upload;

/// An attachment of a ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// Letters and digits.
    pub id: String,
    pub name: String,
    /// Where it opens now.
    pub url: String,
    /// Where the client said it is.
    pub original_url: String,
    /// Part of the text rather than beside it.
    pub inline: bool,
    /// Lower case, without the dot; `None` where the name has none.
    pub file_ending: Option<String>,
    /// By the name; `None` for an ending we do not know.
    pub content_type: Option<String>,
    pub size_bytes: Option<i64>,
    pub width: Option<i32>,
    pub height: Option<i32>,
    pub extracted_data: Option<Document>,
    pub extraction_status: Option<String>,
    pub extraction_data: Option<Document>,
}

/// The part of an attachment that every dialect shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    pub name: String,
    /// As it is stored: an address, or a reference to an upload.
    pub url: String,
    pub inline: bool,
    /// By the content where it was uploaded, else by the name; `None` for an ending we do not know.
    pub content_type: Option<String>,
    /// `None` where nobody has seen the file.
    pub size_bytes: Option<i64>,
}

/// An attachment that a request names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAttachment {
    pub name: String,
    pub url: String,
    pub inline: bool,
    /// The upload that the URL refers to, once that was looked up.
    pub upload: Option<Upload>,
}

impl NewAttachment {
    /// A file beside the text.
    pub fn new(name: impl Into<String>, url: impl Into<String>) -> Self {
        Self { name: name.into(), url: url.into(), inline: false, upload: None }
    }

    /// Whether it says nothing else than the other.
    pub fn is_same(&self, other: &Self) -> bool {
        (&self.name, &self.url, self.inline) == (&other.name, &other.url, other.inline)
    }

    /// `None` where nobody has seen the file.
    pub fn size_bytes(&self) -> Option<i64> {
        self.upload.as_ref().map(|upload| upload.size_bytes)
    }

    /// What the file is: by its content where it was uploaded, else by its name.
    pub fn content_type(&self) -> Option<&str> {
        match &self.upload {
            Some(upload) => Some(&upload.content_type),
            None => self.type_of_name(),
        }
    }

    /// The name's ending in lower case, at most 16 letters and digits; `None` where there is none.
    pub fn file_ending(&self) -> Option<String> {
        let (stem, ending) = self.name.rsplit_once('.')?;
        let fits = !stem.is_empty()
            && (1..=16).contains(&ending.len())
            && ending.bytes().all(|byte| byte.is_ascii_alphanumeric());
        fits.then(|| ending.to_ascii_lowercase())
    }

    /// The media type that the name's ending stands for (IANA); `None` for an ending we do not know.
    fn type_of_name(&self) -> Option<&'static str> {
        Some(match self.file_ending()?.as_str() {
            "pdf" => "application/pdf",
            "png" => "image/png",
            "jpg" | "jpeg" => "image/jpeg",
            "gif" => "image/gif",
            "tif" | "tiff" => "image/tiff",
            "webp" => "image/webp",
            "svg" => "image/svg+xml",
            "heic" => "image/heic",
            "txt" | "log" => "text/plain",
            "csv" => "text/csv",
            "htm" | "html" => "text/html",
            "xml" => "application/xml",
            "json" => "application/json",
            "zip" => "application/zip",
            "eml" => "message/rfc822",
            "ics" => "text/calendar",
            "doc" => "application/msword",
            "docx" => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            "xls" => "application/vnd.ms-excel",
            "xlsx" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "ppt" => "application/vnd.ms-powerpoint",
            "pptx" => "application/vnd.openxmlformats-officedocument.presentationml.presentation",
            "mp3" => "audio/mpeg",
            "wav" => "audio/wav",
            "mp4" => "video/mp4",
            "mov" => "video/quicktime",
            _ => return None,
        })
    }

    /// Whether it can be a scanned letter (enneo Mind: PDF, PNG, JPG or TIFF).
    pub fn is_scan(&self) -> bool {
        let ending = self.file_ending();
        matches!(ending.as_deref(), Some("pdf" | "png" | "jpg" | "jpeg" | "tif" | "tiff"))
    }
}

#[cfg(test)]
mod tests {
    use super::NewAttachment;

    fn named(name: &str) -> NewAttachment {
        NewAttachment::new(name, "")
    }

    #[test]
    fn the_ending_tells_the_type() {
        assert_eq!(named("Scan.PDF").file_ending().as_deref(), Some("pdf"));
        assert_eq!(named("Scan.PDF").content_type(), Some("application/pdf"));
        assert_eq!(named("archive.tar.gz").file_ending().as_deref(), Some("gz"));
        assert_eq!(named("archive.tar.gz").content_type(), None);
        assert_eq!(named("README").file_ending(), None);
        assert_eq!(named(".profile").file_ending(), None);
        assert_eq!(named("a.b c").file_ending(), None);
    }
}
