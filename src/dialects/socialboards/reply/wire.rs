//! A reply as it is shown.

use serde::Serialize;
use utoipa::ToSchema;

use crate::dialects::socialboards::attachment::Attachment;
use crate::dialects::socialboards::moment;
use crate::dialects::socialboards::person::User;
use crate::dialects::socialboards::text;
use crate::domain::message::{Message, Side};
use crate::http::links::Links;

/// A reply.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Reply {
    #[schema(example = 815)]
    id: i64,
    #[schema(example = 4_484_636)]
    ticket_id: i64,
    /// The reply that it answers; null: the ticket itself.
    parent_reply_id: Option<i64>,
    /// How many replies it answers, one through the other.
    #[schema(example = 0)]
    level: u32,
    author: User,
    /// Plain text.
    #[schema(example = "Please find it attached.")]
    message: String,
    /// HTML that is safe to show.
    #[schema(example = "<p>Please find it attached.</p>")]
    html_message: String,
    #[schema(example = "2026-11-21T09:30:00.1234560+00:00")]
    creation_time: String,
    attachments: Vec<Attachment>,
    /// Always empty.
    #[schema(value_type = Vec<String>)]
    tags: [String; 0],
    /// Of a reply of the team: the ticket's `cc`.
    #[schema(example = json!(["ann_smith@gmail.com"]))]
    cc_emails: Vec<String>,
    /// Of a reply of the team: who asked.
    #[schema(example = json!(["bill_smith@gmail.com"]))]
    to_emails: Vec<String>,
    properties: ReplyProperties,
}

/// What else there is to say of a reply.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReplyProperties {
    is_by_team: bool,
    is_draft: bool,
    /// Always false.
    is_hidden: bool,
}

impl Reply {
    /// A message as it is now.
    pub fn new(message: Message, links: Links<'_>) -> Self {
        let properties = ReplyProperties {
            is_by_team: message.author.side != Side::Client,
            is_draft: message.is_draft,
            is_hidden: false,
        };
        let (plain, html) = text::shown(&message.body, message.is_html);
        Self {
            id: message.id.0,
            ticket_id: message.ticket_id.0,
            parent_reply_id: message.parent_id.map(|id| id.0),
            level: message.level,
            author: message.author.into(),
            message: plain,
            html_message: html,
            creation_time: moment::write(message.created_at),
            attachments: message.attachments.into_iter().map(|file| Attachment::new(file, links)).collect(),
            tags: [],
            cc_emails: message.cc,
            to_emails: message.to,
            properties,
        }
    }
}
