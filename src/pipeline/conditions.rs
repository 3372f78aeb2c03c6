//! Conditions on a ticket, with the keys and comparators of the ticket search (enneo Mind, ticket search).

use std::cmp::Ordering;

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};

use crate::domain::detection::Condition;
use crate::domain::id::TagId;
use crate::domain::ticket::{SpamStatus, Ticket};
use crate::domain::word::Word;
use crate::domain::zone;

/// A ticket and what this analysis found of it; what is `None` here was not found, and the ticket's own
/// value stands.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    pub ticket: &'a Ticket,
    pub language: Option<&'a str>,
    pub language_code: Option<&'a str>,
    pub sentiment: Option<&'a str>,
    pub spam_status: Option<SpamStatus>,
    pub customer_id: Option<&'a str>,
    pub contract_id: Option<&'a str>,
    /// The ticket's tags as far as they are known.
    pub tag_ids: &'a [TagId],
    pub now: Timestamp,
    pub zone: &'a TimeZone,
}

impl Facts<'_> {
    /// Whether a customer is linked or was recognised.
    pub fn has_customer(&self) -> bool {
        self.customer_id.is_some() || self.ticket.customer_id.is_some()
    }

    /// Whether the ticket counts as spam.
    pub fn is_spam(&self) -> bool {
        use SpamStatus::{AutoProgrammatic, AutoSpam, ManualSpam};
        matches!(self.spam(), Some(AutoSpam | AutoProgrammatic | ManualSpam))
    }

    fn spam(&self) -> Option<SpamStatus> {
        self.ticket
            .spam_status
            .filter(|status| status.is_manual())
            .or(self.spam_status)
            .or(self.ticket.spam_status)
    }
}

/// Whether the ticket meets the condition; one that [`check`] refuses is never met.
pub fn holds(condition: &Condition, facts: &Facts<'_>) -> bool {
    if check(condition).is_err() {
        return false;
    }
    let key = condition.key.strip_prefix("t.").unwrap_or(&condition.key);
    if DATES.contains(&key) {
        return holds_date(condition, date(key, facts.ticket), facts);
    }
    let held = value(key, facts);
    let is_negative = matches!(condition.comparator.as_str(), "!=" | "not in");
    let wants_null = condition.values.iter().any(|wanted| wanted == "null");
    if held.is_empty() {
        // As in SQL, nothing is known of null, but for the spam status, whose null means clean.
        return if is_negative { key == "spamStatus" || wants_null_only(condition) } else { wants_null };
    }
    let matches = |wanted: &str| held.iter().any(|held| equal(key, held, wanted));
    match condition.comparator.as_str() {
        "in" | "=" => condition.values.iter().any(|wanted| matches(wanted)),
        "not in" | "!=" => !condition.values.iter().any(|wanted| matches(wanted)),
        comparator => held.iter().zip(condition.values.first()).any(|(held, wanted)| {
            let order = match (held.parse::<f64>(), wanted.parse::<f64>()) {
                (Ok(held), Ok(wanted)) => held.partial_cmp(&wanted),
                _ => Some(held.as_str().cmp(wanted)),
            };
            order.is_some_and(|order| in_order(comparator, order))
        }),
    }
}

/// Returns what is wrong with a key, a comparator or a value.
pub fn check(condition: &Condition) -> Result<(), String> {
    let key = condition.key.strip_prefix("t.").unwrap_or(&condition.key);
    let is_date = DATES.contains(&key);
    if !is_date && !SETS.contains(&key) {
        return Err(format!("{} is not a key of a condition", condition.key));
    }
    let count = condition.values.len();
    match condition.comparator.as_str() {
        "in" | "not in" if !is_date => Ok(()),
        "between" | "not between" if is_date && count == 2 => Ok(()),
        "between" | "not between" if is_date => Err("a range needs from and to".to_owned()),
        "=" | "!=" | "<" | ">" | "<=" | ">=" if count == 1 => Ok(()),
        "=" | "!=" | "<" | ">" | "<=" | ">=" => Err("this comparator needs one value".to_owned()),
        comparator => Err(format!("{comparator} is not a comparator of {}", condition.key)),
    }?;
    match condition
        .values
        .iter()
        .find(|value| is_date && instant(value, Timestamp::UNIX_EPOCH, &TimeZone::UTC).is_none())
    {
        Some(value) => Err(format!("{value} is not a date")),
        None => Ok(()),
    }
}

/// Whether a key's values are numbers.
pub fn is_numeric(key: &str) -> bool {
    let key = key.strip_prefix("t.").unwrap_or(key);
    matches!(key, "id" | "subchannelId" | "partnerId" | "agentId" | "tt.tagId" | "customerLegitimation")
}

/// The keys that are compared as values.
const SETS: &[&str] = &[
    "id",
    "status",
    "channelId",
    "subchannelId",
    "direction",
    "priority",
    "customerId",
    "contractId",
    "partnerId",
    "isCustomerActive",
    "sentiment",
    "language",
    "languageCode",
    "from",
    "externalTicketId",
    "aiSupportLevel",
    "channel",
    "agentId",
    "spamStatus",
    "customerLegitimation",
    "tt.tagId",
    "i.aiAgentId",
    "w.id",
];

/// The keys that are compared as instants.
const DATES: &[&str] = &[
    "createdAt",
    "modifiedAt",
    "firstResponseDueBy",
    "dueBy",
    "closedAt",
    "lastMessageAt",
    "lastCustomerMessageAt",
    "modelRunAt",
];

fn wants_null_only(condition: &Condition) -> bool {
    condition.comparator == "not in" && condition.values.is_empty()
}

/// The values of a key; none where it is null.
fn value(key: &str, facts: &Facts<'_>) -> Vec<String> {
    let ticket = facts.ticket;
    let found = |found: Option<&str>, own: &Option<String>| found.map(str::to_owned).or_else(|| own.clone());
    let one = match key {
        "id" => Some(ticket.id.to_string()),
        "status" => Some(ticket.status.as_str().to_owned()),
        "channelId" => ticket.channel_id.clone(),
        "subchannelId" => ticket.subchannel_id.map(|id| id.to_string()),
        "direction" => Some(ticket.direction.as_str().to_owned()),
        "priority" => Some(ticket.priority.as_str().to_owned()),
        "customerId" => found(facts.customer_id, &ticket.customer_id),
        "contractId" => found(facts.contract_id, &ticket.contract_id),
        "partnerId" => ticket.partner_id.map(|id| id.to_string()),
        "isCustomerActive" => Some(ticket.is_customer_active.to_string()),
        "sentiment" => found(facts.sentiment, &ticket.sentiment),
        "language" => found(facts.language, &ticket.language),
        "languageCode" => found(facts.language_code, &ticket.language_code),
        "from" => ticket.from.clone(),
        "externalTicketId" => ticket.external_id.clone(),
        "aiSupportLevel" => Some(ticket.ai_support_level.as_str().to_owned()),
        "channel" => Some(ticket.channel.as_str().to_owned()),
        "agentId" => Some(ticket.agent_id.map_or_else(|| "unassigned".to_owned(), |id| id.to_string())),
        "spamStatus" => facts.spam().map(|status| status.as_str().to_owned()),
        "customerLegitimation" => Some(ticket.customer_legitimation.to_string()),
        "tt.tagId" => return facts.tag_ids.iter().map(ToString::to_string).collect(),
        _ => None,
    };
    one.into_iter().collect()
}

fn equal(key: &str, held: &str, wanted: &str) -> bool {
    match key {
        "channel" if wanted == "all" => true,
        "isCustomerActive" => {
            held == wanted || (held == "true") == (wanted == "1") && matches!(wanted, "0" | "1")
        }
        // The reference's older words for the same states.
        "status" => match wanted {
            "resolved" => held == "closed",
            "waitingOnCustomer" | "waitingOnThirdParty" => held == "pending",
            _ => held == wanted,
        },
        _ => held.eq_ignore_ascii_case(wanted),
    }
}

fn in_order(comparator: &str, order: Ordering) -> bool {
    match comparator {
        "=" => order.is_eq(),
        "!=" => order.is_ne(),
        "<" => order.is_lt(),
        ">" => order.is_gt(),
        "<=" => order.is_le(),
        ">=" => order.is_ge(),
        _ => false,
    }
}

fn date(key: &str, ticket: &Ticket) -> Option<Timestamp> {
    match key {
        // What is analysed is the customer's own first message.
        "createdAt" | "lastMessageAt" | "lastCustomerMessageAt" => Some(ticket.created_at),
        "modifiedAt" => ticket.modified_at,
        "firstResponseDueBy" => ticket.first_response_due_at,
        "dueBy" => ticket.due_at,
        "closedAt" => ticket.closed_at,
        _ => None,
    }
}

fn holds_date(condition: &Condition, held: Option<Timestamp>, facts: &Facts<'_>) -> bool {
    let Some(held) = held else { return false };
    let wanted: Option<Vec<_>> =
        condition.values.iter().map(|value| instant(value, facts.now, facts.zone)).collect();
    match (condition.comparator.as_str(), wanted.as_deref()) {
        ("between", Some([from, to])) => *from <= held && held <= *to,
        ("not between", Some([from, to])) => held < *from || *to < held,
        (comparator, Some([wanted])) => in_order(comparator, held.cmp(wanted)),
        _ => false,
    }
}

/// Reads `CURRENT_DATE`, `CURRENT_TIME`, `-7 DAY`, `-4 HOUR`, a date with or without a time, ISO 8601, or
/// Unix seconds.
fn instant(text: &str, now: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
    let text = text.trim();
    match text {
        "CURRENT_TIME" => return Some(now),
        "CURRENT_DATE" => return zone::instant(zone, zone::local(zone, now).date().into()),
        _ => {}
    }
    if let Ok(seconds) = text.parse::<i64>() {
        return Timestamp::from_second(seconds).ok();
    }
    if let Some((number, unit)) = text.split_once(' ')
        && let Ok(number) = number.parse::<i32>()
    {
        let span = match unit.trim().to_ascii_uppercase().trim_end_matches('S') {
            "MINUTE" => Span::new().try_minutes(number),
            "HOUR" => Span::new().try_hours(number),
            "DAY" => Span::new().try_days(number),
            "WEEK" => Span::new().try_weeks(number),
            "MONTH" => Span::new().try_months(number),
            "YEAR" => Span::new().try_years(number),
            _ => return None,
        };
        return zone::local(zone, now).checked_add(span.ok()?).ok().map(|then| then.timestamp());
    }
    if let Ok(instant) = text.parse::<Timestamp>() {
        return Some(instant);
    }
    let local = text.parse::<DateTime>().or_else(|_| text.parse::<Date>().map(DateTime::from)).ok()?;
    zone::instant(zone, local)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ticket::{Channel, Direction};

    fn met(key: &str, comparator: &str, values: &[&str], change: impl FnOnce(&mut Ticket)) -> bool {
        let now: Timestamp = "2026-11-10T12:00:00Z".parse().unwrap();
        let mut ticket =
            Ticket::blank(Channel::Letter, Direction::In, "2026-11-08T12:00:00Z".parse().unwrap());
        change(&mut ticket);
        let condition = Condition {
            key: key.to_owned(),
            comparator: comparator.to_owned(),
            values: values.iter().map(|&value| value.to_owned()).collect(),
        };
        let facts = Facts {
            ticket: &ticket,
            language: Some("German"),
            language_code: Some("de"),
            sentiment: Some("negative"),
            spam_status: None,
            customer_id: Some("83771"),
            contract_id: None,
            tag_ids: &[TagId(4)],
            now,
            zone: &TimeZone::UTC,
        };
        holds(&condition, &facts)
    }

    #[test]
    fn values_are_compared_with_or_without_a_prefix() {
        assert!(met("t.channel", "in", &["letter", "email"], |_| {}));
        assert!(met("channel", "=", &["letter"], |_| {}));
        assert!(met("t.channel", "in", &["all"], |_| {}));
        assert!(!met("t.channel", "not in", &["letter"], |_| {}));
        assert!(met("t.languageCode", "=", &["de"], |_| {}));
        assert!(met("t.customerId", "in", &["83771"], |_| {}));
        assert!(met("tt.tagId", "in", &["4"], |_| {}));
        assert!(met("t.agentId", "in", &["unassigned"], |_| {}));
        assert!(met("t.customerLegitimation", ">=", &["9"], |ticket| ticket.customer_legitimation = 20));
    }

    #[test]
    fn null_is_kept_by_the_spam_status_alone() {
        assert!(met("t.spamStatus", "not in", &["auto_spam"], |_| {}));
        assert!(!met("t.contractId", "not in", &["1"], |_| {}));
        assert!(!met("t.spamStatus", "not in", &["auto_spam"], |ticket| {
            ticket.spam_status = Some(SpamStatus::AutoSpam);
        }));
    }

    #[test]
    fn dates_are_absolute_or_relative_to_now() {
        assert!(met("t.createdAt", ">", &["-3 DAY"], |_| {}));
        assert!(!met("t.createdAt", ">", &["-1 DAY"], |_| {}));
        assert!(met("t.createdAt", "between", &["2026-11-08", "2026-11-09 00:00:00"], |_| {}));
        assert!(met("t.createdAt", "<", &["CURRENT_DATE"], |_| {}));
        assert!(met("t.createdAt", "not between", &["CURRENT_DATE", "CURRENT_TIME"], |_| {}));
        assert!(!met("t.dueBy", "<", &["CURRENT_TIME"], |_| {}));
    }

    #[test]
    fn unknown_keys_and_comparators_are_refused() {
        let check = |key: &str, comparator: &str, values: &[&str]| {
            let values = values.iter().map(|&value| value.to_owned()).collect();
            check(&Condition { key: key.to_owned(), comparator: comparator.to_owned(), values })
        };
        assert!(check("t.colour", "=", &["red"]).is_err());
        assert!(check("t.channel", "like", &["e"]).is_err());
        assert!(check("t.createdAt", "in", &["2026-01-01"]).is_err());
        assert!(check("t.createdAt", ">", &["soon"]).is_err());
        assert!(check("t.createdAt", "between", &["2026-01-01"]).is_err());
        assert!(check("t.status", "not in", &["closed"]).is_ok());
    }
}
