//! A note as it is shown.

use serde::Serialize;
use utoipa::ToSchema;

use crate::dialects::socialboards::attachment::Attachment;
use crate::dialects::socialboards::moment;
use crate::dialects::socialboards::person::User;
use crate::dialects::socialboards::text;
use crate::domain::message::Message;
use crate::http::links::Links;

/// A note.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Note {
    #[schema(example = 816)]
    id: i64,
    /// Plain text.
    #[schema(example = "Eva knows the customer.")]
    message: String,
    /// HTML that is safe to show.
    #[schema(example = "<p>Eva knows the customer.</p>")]
    html_message: String,
    attachments: Vec<Attachment>,
    author: User,
    mentioned_users: Vec<User>,
    #[schema(example = "2026-11-21T09:30:00.1234560+00:00")]
    creation_time: String,
}

impl Note {
    /// A message as it is now.
    pub fn new(note: Message, links: Links<'_>) -> Self {
        let (plain, html) = text::shown(&note.body, note.is_html);
        Self {
            id: note.id.0,
            message: plain,
            html_message: html,
            attachments: note.attachments.into_iter().map(|file| Attachment::new(file, links)).collect(),
            author: note.author.into(),
            mentioned_users: note.mentioned.into_iter().map(User::from).collect(),
            creation_time: moment::write(note.created_at),
        }
    }
}
