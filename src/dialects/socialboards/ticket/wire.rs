//! A ticket as it is shown.

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::words::{Source, WireStatus};
use crate::db::ticket_cards::Card;
use crate::dialects::socialboards::attachment::Attachment;
use crate::dialects::socialboards::category::Category;
use crate::dialects::socialboards::custom_field::CustomField;
use crate::dialects::socialboards::moment;
use crate::dialects::socialboards::person::User;
use crate::domain::detail::Mood;
use crate::domain::settings::Settings;
use crate::domain::ticket::AiSupportLevel;
use crate::domain::word::Word;
use crate::http::links::Links;
use crate::pipeline::text::markup;

/// A ticket.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Ticket {
    #[schema(example = 4_484_636)]
    id: i64,
    #[schema(example = "New car price list.")]
    title: String,
    /// The message as plain text.
    #[schema(example = "Hello I want to buy a new car, how can I get a price list?")]
    message: String,
    /// The message as HTML that is safe to show.
    #[schema(example = "<p>Hello I want to buy a new car, how can I get a price list?</p>")]
    html_message: String,
    /// Who asked; null where the ticket does not say.
    author: Option<User>,
    /// Null: uncategorized.
    category: Option<Category>,
    #[schema(example = "2026-11-21T09:30:00.1234560+00:00")]
    creation_time: String,
    /// When somebody last wrote to the customer or they wrote back.
    #[schema(example = "2026-11-21T09:30:00.1234560+00:00")]
    last_thread_element_creation_time: String,
    /// Those that have a value.
    custom_fields: Vec<CustomField>,
    /// The teammate whom it is assigned to; null: nobody.
    locked_by: Option<User>,
    /// Always empty: there is no page outside.
    #[schema(example = "")]
    original_link: &'static str,
    properties: TicketProperties,
    /// Replies and what the customer wrote back, drafts and notes aside.
    #[schema(example = 0)]
    reply_count: i64,
    /// Always false.
    is_muted: bool,
    /// `question`, `praise`, `suggestion` or `complaint`; null before analysis.
    #[schema(example = "question")]
    sentiment: Option<&'static str>,
    /// `email`, `web`, `phone`, `letter`, `system`, `chat` or `visit`.
    #[schema(example = "email")]
    source: &'static str,
    #[schema(example = "email_message")]
    detailed_source: &'static str,
    /// As it was sent.
    #[schema(example = "Price page")]
    source_name: Option<String>,
    /// `open`, `pending` or `completed`.
    #[schema(example = "open")]
    status: &'static str,
    /// Names.
    #[schema(example = json!(["Cars"]))]
    tags: Vec<String>,
    attachments: Vec<Attachment>,
}

/// What else there is to say of a ticket.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_excessive_bools, reason = "the reference has them")]
pub struct TicketProperties {
    /// Always false.
    is_anonymized: bool,
    /// Always false.
    is_muted: bool,
    has_attachments: bool,
    has_draft: bool,
    is_assigned_to_bot: bool,
    /// Always false.
    is_deleted: bool,
    /// Whether it should have been done by now.
    is_expired: bool,
    /// Always false.
    is_hidden: bool,
    /// Whether it is assigned to a teammate.
    is_locked: bool,
    is_spam: bool,
    /// Always false.
    is_sensitive: bool,
}

impl Ticket {
    /// A ticket as it is now.
    pub fn new(card: Card, settings: &Settings, links: Links<'_>, now: Timestamp) -> Self {
        let (ticket, detail) = (card.ticket, card.detail);
        let body = ticket.content.body.as_deref().unwrap_or_default();
        let source = Source::of(ticket.channel);
        let properties = TicketProperties {
            is_anonymized: false,
            is_muted: false,
            has_attachments: !card.attachments.is_empty(),
            has_draft: card.has_draft,
            is_assigned_to_bot: ticket.ai_support_level == AiSupportLevel::Bot,
            is_deleted: false,
            is_expired: ticket.is_escalated(now),
            is_hidden: false,
            is_locked: card.owner.is_some(),
            is_spam: ticket.spam_status.is_some_and(crate::domain::ticket::SpamStatus::is_spam),
            is_sensitive: false,
        };
        let asked = card.contact.map(User::from);
        Self {
            id: ticket.id.0,
            message: markup::plain(body),
            html_message: markup::safe_html(body),
            title: ticket.content.subject,
            author: asked.or_else(|| User::outside(ticket.from.as_deref(), ticket.from_name.as_deref())),
            category: detail.category_id.map(|id| Category::of(id, settings)),
            creation_time: moment::write(ticket.created_at),
            last_thread_element_creation_time: moment::write(card.last_message_at),
            custom_fields: detail
                .custom_values
                .into_iter()
                .map(|value| CustomField::valued(value, settings))
                .collect(),
            locked_by: card.owner.map(User::from),
            original_link: "",
            properties,
            reply_count: card.reply_count,
            is_muted: false,
            sentiment: Mood::of(ticket.sentiment.as_deref(), detail.mood).map(Word::as_str),
            source: source.as_str(),
            detailed_source: source.detailed(),
            source_name: detail.source_name,
            status: WireStatus::of(ticket.status).as_str(),
            tags: card.tags,
            attachments: card.attachments.into_iter().map(|file| Attachment::new(file, links)).collect(),
        }
    }
}
