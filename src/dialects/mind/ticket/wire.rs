//! The ticket document that Mind's clients read (seed: "Get a ticket, full data").

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::{Serialize, Serializer};
use utoipa::ToSchema;

use crate::db::ticket_view::TicketView;
use crate::dialects::mind::customer::wire::{Contracts, Customer};
use crate::dialects::mind::moment;
use crate::dialects::mind::profile::wire::Agent;
use crate::dialects::mind::stored::{Stored, raw};
use crate::dialects::mind::tag::wire::Tag;
use crate::domain::custom_field::Category;
use crate::domain::detail::CustomValue;
use crate::domain::id::AgentId;
use crate::domain::mail;
use crate::domain::ticket::{Channel, Direction, Document, as_str};
use crate::domain::word::Word;
use crate::domain::{attachment, intent, ticket};
use crate::http::links::Links;

/// Something by its id and name.
#[derive(Debug, Serialize, ToSchema)]
pub struct Named {
    #[schema(example = 7)]
    pub id: i64,
    #[schema(example = "IT Support")]
    pub name: String,
}

/// A ticket with everything around it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_field_names, reason = "as on the wire")]
pub struct Ticket {
    /// The ticket's id.
    #[schema(example = 376_189)]
    pub id: i64,
    /// Starts at 1, +1 for every saved change; send it back as `expectedVersion` to be told of changes in between.
    #[schema(example = 1)]
    pub version: i64,
    /// `in`, `out` or `internal`; never changes.
    #[schema(example = "in")]
    pub direction: &'static str,
    /// The sender: a mail address, a phone number or any id. Null for system tickets.
    #[schema(example = "tom@gmail.com")]
    pub from: Option<String>,
    /// The sender's name, where the request had one.
    #[schema(example = "Tom Mustermann")]
    pub from_name: Option<String>,
    /// Recipients: mail addresses, phone numbers or group names, by channel.
    pub to: Vec<String>,
    /// Deprecated: use `replyRecipients.cc`. Filled for mail only.
    #[schema(deprecated)]
    pub cc_emails: Vec<String>,
    /// Deprecated: use `replyRecipients.bcc`. Filled for mail only.
    #[schema(deprecated)]
    pub bcc_emails: Vec<String>,
    /// Deprecated: use `replyRecipients.cc`.
    #[schema(deprecated)]
    pub reply_cc_emails: Vec<String>,
    /// Whom an answer would go to. Null for system tickets, which cannot be answered.
    pub reply_recipients: Option<Recipients>,
    /// The mailbox, line or chat.
    pub subchannel_id: Option<i64>,
    /// The id in a foreign system; pushing a ticket with it again updates this one.
    #[schema(example = "EXT-12345")]
    pub external_ticket_id: Option<String>,
    /// `positive`, `neutral` or `negative`; null before analysis.
    pub sentiment: Option<String>,
    /// The language's name; null before analysis.
    #[schema(example = "English")]
    pub language: Option<String>,
    /// ISO 639-1; null before analysis.
    #[schema(example = "en")]
    pub language_code: Option<String>,
    /// When it will be processed automatically (ISO 8601, UTC).
    #[schema(example = "2023-11-07T05:31:56Z")]
    pub auto_execute_at: Option<String>,
    /// `unprocessed`, `human`, `bot` or `automated`.
    #[schema(example = "unprocessed")]
    pub ai_support_level: &'static str,
    /// `auto_spam`, `auto_clean`, `auto_programmatic`, `manual_spam` or `manual_clean`; null counts as not spam.
    pub spam_status: Option<&'static str>,
    /// Whether the customer is present in the chat.
    pub is_customer_active: bool,
    /// Always `internal`.
    #[schema(example = "internal")]
    pub interface: &'static str,
    /// `low`, `medium`, `high` or `urgent`.
    #[schema(example = "low")]
    pub priority: &'static str,
    /// `email`, `portal`, `phone`, `letter`, `system`, `chat` or `walkIn`.
    #[schema(example = "email")]
    pub channel: &'static str,
    /// The chat's id.
    pub channel_id: Option<String>,
    /// `open`, `pending` or `closed`.
    #[schema(example = "open")]
    pub status: &'static str,
    /// One line about the matter; empty before analysis.
    pub summary: String,
    /// The subject.
    pub subject: String,
    /// The text without HTML; null before analysis.
    pub body_plain: Option<String>,
    /// The text as it came, HTML included.
    pub body: Option<String>,
    /// The text without quotes, signature and footers; null before analysis.
    pub body_clean: Option<String>,
    /// Whether it should have been done by now.
    pub is_escalated: bool,
    /// `YYYY-MM-DD HH:MM:SS` in the tenant's time zone, as every date here but `autoExecuteAt`.
    #[schema(example = "2022-12-13 22:18:06")]
    pub created_at: String,
    /// The last saved change; null until the first.
    pub modified_at: Option<String>,
    /// When a first answer is due.
    pub first_response_due_by: Option<String>,
    /// When it must be done.
    pub due_by: Option<String>,
    /// When it was closed; null while it is not.
    pub closed_at: Option<String>,
    /// The customer with all contracts; only `tagIds` and `tags`, both empty, where none is linked or known.
    #[schema(value_type = Object)]
    pub customer: LinkedCustomer,
    /// The back end's id of the customer.
    #[schema(example = "123")]
    pub customer_id: Option<String>,
    /// The back end's id of the contract.
    #[schema(example = "746839")]
    pub contract_id: Option<String>,
    /// The back end's id of the partner.
    pub partner_id: Option<i64>,
    /// How sure it is that the sender is the customer: 0 to 20 by analysis, 30 and more confirmed by a person.
    pub customer_legitimation: i32,
    /// What that level means; only for levels 10 to 19.
    pub customer_legitimation_message: Option<&'static str>,
    /// Who wrote the latest answer.
    pub responder_id: Option<i64>,
    /// Who owns it.
    pub agent_id: Option<i64>,
    /// The owner's profile.
    pub agent: Option<Agent>,
    /// Who is assigned to it.
    pub assigned_agent_ids: Vec<i64>,
    /// Their profiles.
    pub assigned_agents: Vec<Agent>,
    /// Who opened or changed it within the last hour.
    pub worked_on_by_ids: Vec<i64>,
    /// Their profiles.
    pub worked_on_by: Vec<Agent>,
    /// The files beside the text, and every PDF.
    pub attachments: Vec<Attachment>,
    /// The team that has it; null where none has.
    pub team: Option<Named>,
    /// One of the tenant's categories (setting `categories`); null: uncategorized.
    pub category: Option<Named>,
    /// `problem`, `incident`, `question` or `task`; null where nobody said.
    pub ticket_type: Option<&'static str>,
    /// The fields that the tenant or a client made up: name and value.
    #[schema(value_type = Object, example = json!({ "Region": "Oslo" }))]
    pub custom_fields: CustomFields,
    /// Free data of clients.
    #[schema(value_type = Option<Object>)]
    pub additional_data: Option<Stored>,
    /// The reply template; null where the subchannel has none.
    pub template: Option<String>,
    /// The tags that the caller may see.
    pub tags: Vec<Tag>,
    /// The ids of all tags, hidden ones too.
    pub tag_ids: Vec<i64>,
    /// False where the caller lacks the skills for it.
    pub agent_skills_match: bool,
    /// What the sender wants; missing with `includeIntents=false`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub intents: Option<Vec<Intent>>,
    /// What the source system said; null unless `includeRawData=true`.
    #[schema(value_type = Option<Object>)]
    pub raw_data: Option<Stored>,
    /// Metadata of a system ticket, null for every other.
    #[schema(value_type = Option<Object>)]
    pub workitem: Option<Stored>,
    /// The tenant's next smaller ticket id.
    pub prev_ticket_id: Option<i64>,
    /// The tenant's next greater ticket id.
    pub next_ticket_id: Option<i64>,
    /// Always true.
    #[schema(example = true)]
    pub success: bool,
}

/// The customer of a ticket.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum LinkedCustomer {
    Known(Box<Customer>),
    /// None is linked, or the directory does not know it.
    #[serde(rename_all = "camelCase")]
    Unknown {
        tag_ids: [i64; 0],
        tags: [(); 0],
    },
}

/// Addresses of an answer.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct Recipients {
    pub to: Vec<String>,
    pub cc: Vec<String>,
    pub bcc: Vec<String>,
}

/// A file of a ticket. It is never fetched: what is not known of it is null.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Attachment {
    /// Letters and digits.
    pub id: String,
    pub url: String,
    pub name: String,
    /// Bytes.
    pub size: Option<i64>,
    pub width: Option<i32>,
    pub height: Option<i32>,
    pub inline: bool,
    #[schema(example = "jpg")]
    pub file_ending: Option<String>,
    #[schema(example = "image/jpeg")]
    pub content_type: Option<String>,
    pub original_url: String,
    #[schema(value_type = Option<Object>)]
    pub extracted_data: Option<Stored>,
    pub extraction_status: Option<String>,
    #[schema(value_type = Option<Object>)]
    pub extraction_data: Option<Stored>,
}

/// What the sender wants, as an AI agent understood it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Intent {
    pub id: i64,
    /// A stable word.
    #[schema(example = "process_meter_reading")]
    pub code: String,
    pub name: String,
    pub ai_agent_id: i64,
    pub contract_id: Option<String>,
    /// `preview`, `ready`, `executed`, `invalidated`, `deleted` or `archived`.
    pub status: String,
    /// 0 to 1.
    pub confidence: f64,
    #[schema(example = "warning")]
    pub confidence_color: String,
    pub verified: bool,
    #[schema(value_type = Object)]
    pub context: Stored,
    pub message_preview: Option<String>,
    pub recipient: Option<String>,
    /// The extracted parameters by key.
    #[schema(value_type = Object)]
    pub data: Stored,
    /// `{type, name, icon, recommended, order}` each.
    #[schema(value_type = Vec<Object>)]
    pub options: Stored,
    /// `{code, type, message, extraInfo}` each.
    #[schema(value_type = Vec<Object>)]
    pub infos: Stored,
    #[schema(value_type = Option<Value>)]
    pub extra_info: Option<Stored>,
    /// What its execution came to; null until then.
    #[schema(value_type = Option<Object>)]
    pub outcome: Option<Stored>,
}

/// How a ticket is shown.
#[derive(Debug, Clone, Copy)]
pub struct Show<'a> {
    pub zone: &'a TimeZone,
    pub now: Timestamp,
    /// The whole customer rather than the stub.
    pub customer: bool,
    pub intents: bool,
    pub links: Links<'a>,
    pub categories: &'a [Category],
}

/// Custom values, in their order.
#[derive(Debug)]
pub struct CustomFields(Vec<CustomValue>);

impl Serialize for CustomFields {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|field| (&field.name, raw(&field.value))))
    }
}

/// A category by its id; one that the tenant has taken away has no name any more.
fn category(categories: &[Category], id: i64) -> Named {
    let found = categories.iter().find(|category| category.id == id);
    Named { id, name: found.map(|category| category.name.clone()).unwrap_or_default() }
}

impl Ticket {
    /// Words a view.
    pub fn new(view: TicketView, show: Show<'_>) -> Self {
        let local = |instant| moment::local(show.zone, instant);
        let agent = |id: &AgentId| {
            let person = view.people.iter().find(|person| person.id == *id);
            person.map(|person| Agent::new(person, show.zone))
        };
        let agents = |ids: &[AgentId]| ids.iter().filter_map(agent).collect();
        let ticket = &view.ticket;
        let owner = ticket.agent_id.as_ref().and_then(agent);
        let (assigned, worked) = (agents(&ticket.assigned_agent_ids), agents(&view.worked_on_by));
        let recipients = recipients(ticket, &view.mailboxes);
        let is_escalated = ticket.is_escalated(show.now);
        let customer = match view.customer.filter(|_| show.customer) {
            Some(customer) => {
                let email_matches = is_customers(ticket.from.as_deref(), customer.email.as_deref());
                LinkedCustomer::Known(Box::new(Customer::new(
                    customer,
                    Some(email_matches),
                    Contracts::Shown,
                )))
            }
            None => LinkedCustomer::Unknown { tag_ids: [], tags: [] },
        };
        let ticket = view.ticket;
        let content = ticket.content;
        let is_email = ticket.channel == Channel::Email;
        let is_system = ticket.channel == Channel::System;
        Self {
            id: ticket.id.0,
            version: ticket.version,
            direction: ticket.direction.as_str(),
            from: ticket.from.filter(|_| !is_system),
            from_name: ticket.from_name,
            to: content.to,
            cc_emails: if is_email { content.cc } else { Vec::new() },
            bcc_emails: if is_email { content.bcc } else { Vec::new() },
            reply_cc_emails: recipients.as_ref().map(|recipients| recipients.cc.clone()).unwrap_or_default(),
            reply_recipients: recipients,
            subchannel_id: ticket.subchannel_id.map(|id| id.0),
            external_ticket_id: ticket.external_id,
            sentiment: ticket.sentiment,
            language: ticket.language,
            language_code: ticket.language_code,
            auto_execute_at: ticket.auto_execute_at.map(moment::iso),
            ai_support_level: ticket.ai_support_level.as_str(),
            spam_status: ticket::as_str(ticket.spam_status),
            is_customer_active: ticket.is_customer_active,
            interface: "internal",
            priority: ticket.priority.as_str(),
            channel: ticket.channel.as_str(),
            channel_id: ticket.channel_id,
            status: ticket.status.as_str(),
            summary: content.summary,
            subject: content.subject,
            body_plain: content.body_plain,
            body: content.body,
            body_clean: content.body_clean,
            is_escalated,
            created_at: local(ticket.created_at),
            modified_at: ticket.modified_at.map(local),
            first_response_due_by: ticket.first_response_due_at.map(local),
            due_by: ticket.due_at.map(local),
            closed_at: ticket.closed_at.map(local),
            customer,
            customer_id: ticket.customer_id,
            contract_id: ticket.contract_id,
            partner_id: ticket.partner_id,
            customer_legitimation: ticket.customer_legitimation,
            customer_legitimation_message: legitimation_message(ticket.customer_legitimation),
            responder_id: ticket.responder_id.map(|id| id.0),
            agent_id: ticket.agent_id.map(|id| id.0),
            agent: owner,
            assigned_agent_ids: ticket.assigned_agent_ids.iter().map(|id| id.0).collect(),
            assigned_agents: assigned,
            worked_on_by_ids: view.worked_on_by.iter().map(|id| id.0).collect(),
            worked_on_by: worked,
            attachments: view
                .attachments
                .into_iter()
                .filter(is_shown)
                .map(|file| Attachment::new(file, show.links))
                .collect(),
            team: view.team.map(|team| Named { id: team.id.0, name: team.name }),
            category: view.category_id.map(|id| category(show.categories, id)),
            ticket_type: as_str(view.ticket_type),
            custom_fields: CustomFields(view.custom_values),
            additional_data: content.additional_data.map(Stored),
            template: None,
            tags: view.tags.into_iter().map(|tag| Tag::new(tag, show.zone)).collect(),
            tag_ids: view.tag_ids.iter().map(|id| id.0).collect(),
            agent_skills_match: true,
            intents: show.intents.then(|| view.intents.into_iter().map(Intent::from).collect()),
            raw_data: content.raw_data.map(Stored),
            workitem: is_system.then(|| Stored(view.workitem.unwrap_or_else(|| Document("{}".into())))),
            prev_ticket_id: view.previous.map(|id| id.0),
            next_ticket_id: view.next.map(|id| id.0),
            success: true,
        }
    }
}

/// Whom an answer would go to (contract: `replyRecipients`).
fn recipients(ticket: &ticket::Ticket, mailboxes: &[String]) -> Option<Recipients> {
    if ticket.channel == Channel::System {
        return None;
    }
    let content = &ticket.content;
    // Copies exist on mails alone, as in `ccEmails` and `bccEmails`.
    let (cc, bcc) = match ticket.channel {
        Channel::Email => (content.cc.as_slice(), content.bcc.as_slice()),
        _ => Default::default(),
    };
    if ticket.direction != Direction::In {
        return Some(Recipients { to: content.to.clone(), cc: cc.to_vec(), bcc: bcc.to_vec() });
    }
    let sender = ticket.from.iter().filter(|from| mail::is_address(from)).cloned();
    // The mailbox that the message came to is ours too, whatever its subchannel is called.
    let ours = |address: &str| {
        let folded = mail::fold(address);
        mailboxes.contains(&folded) || content.to.iter().any(|to| mail::fold(to) == folded)
    };
    let cc = cc.iter().filter(|address| !ours(address)).cloned();
    Some(Recipients { to: sender.collect(), cc: cc.collect(), bcc: Vec::new() })
}

/// Files beside the text, and PDFs even inside it.
fn is_shown(file: &attachment::Attachment) -> bool {
    !file.inline || file.file_ending.as_deref() == Some("pdf")
}

/// Whether the sender's address is the customer's.
fn is_customers(from: Option<&str>, email: Option<&str>) -> bool {
    email.is_some_and(|email| from.map(mail::fold) == Some(mail::fold(email)))
}

fn legitimation_message(level: i32) -> Option<&'static str> {
    match level {
        12 => Some("The sender's address is not known in the directory"),
        13 => Some("The contract or customer id and the last name were found in the message"),
        15 => Some("The contract id and the customer id were found in the message"),
        10..=19 => Some("The customer could not be confirmed"),
        _ => None,
    }
}

impl Attachment {
    fn new(file: attachment::Attachment, links: Links<'_>) -> Self {
        Self {
            id: file.id,
            url: links.word(&file.url, &file.name),
            original_url: links.word(&file.original_url, &file.name),
            name: file.name,
            size: file.size_bytes,
            width: file.width,
            height: file.height,
            inline: file.inline,
            file_ending: file.file_ending,
            content_type: file.content_type,
            extracted_data: file.extracted_data.map(Stored),
            extraction_status: file.extraction_status,
            extraction_data: file.extraction_data.map(Stored),
        }
    }
}

impl From<intent::Intent> for Intent {
    fn from(intent: intent::Intent) -> Self {
        Self {
            id: intent.id,
            code: intent.code,
            name: intent.name,
            ai_agent_id: intent.ai_agent_id,
            contract_id: intent.contract_id,
            status: intent.status,
            confidence: intent.confidence,
            confidence_color: intent.confidence_color,
            verified: intent.verified,
            context: Stored(intent.context),
            message_preview: intent.message_preview,
            recipient: intent.recipient,
            data: Stored(intent.data),
            options: Stored(intent.options),
            infos: Stored(intent.infos),
            extra_info: intent.extra_info.map(Stored),
            outcome: intent.outcome.map(Stored),
        }
    }
}
