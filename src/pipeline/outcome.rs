//! Whether a ticket may be processed without a person (enneo Mind, auto-processing gates).

use super::Finding;
use super::intents::FoundIntent;
use crate::domain::settings::AutoProcessing;
use crate::domain::ticket::{AiSupportLevel, Channel, Direction, Status, Ticket};

/// What the gates look at.
#[derive(Debug, Clone, Copy)]
pub struct OutcomeFacts<'a> {
    pub ticket: &'a Ticket,
    pub intents: &'a [FoundIntent],
    pub is_spam: bool,
    /// The customer wrote again in this ticket.
    pub has_incoming_reply: bool,
    /// The level that this analysis, or a person, came to.
    pub legitimation: i32,
    pub has_contract: bool,
    pub settings: &'a AutoProcessing,
}

/// What becomes of a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outcome {
    pub ai_support_level: AiSupportLevel,
    /// The first gate that was closed, 1 to 10; `None`: all were open.
    pub failed_gate: Option<u8>,
    /// Whether it is carried out by itself, so that `autoExecuteAt` is set.
    pub auto_execute: bool,
}

/// The legitimation from which on a contract may be worked on.
const LEGITIMATION: i32 = 20;

/// Goes through the ten gates; the first that is closed decides.
pub fn decide(facts: &OutcomeFacts<'_>) -> Finding<Outcome> {
    let ticket = facts.ticket;
    let ready: Vec<_> = facts.intents.iter().filter(|intent| intent.status == "ready").collect();
    let settings = facts.settings;
    let gates = [
        (!facts.intents.is_empty(), "no intent was found"),
        (ticket.status == Status::Open, "the ticket is not open"),
        (!facts.is_spam, "the ticket is spam"),
        (!matches!(ticket.channel, Channel::Chat | Channel::Phone), "the ticket is a chat or a call"),
        (ticket.direction == Direction::In, "the ticket is outgoing or internal"),
        (settings.enabled, "enableAiAutoProcessing is off"),
        (ready.iter().all(|intent| intent.auto_executable), "an intent may only be carried out by a person"),
        (ready.len() == 1, "not exactly one intent is ready"),
        (!facts.has_incoming_reply, "the customer wrote again"),
        (!facts.has_contract || facts.legitimation >= LEGITIMATION, "the legitimation is below 20"),
    ];
    let failed = (1..).zip(gates).find(|(_, (is_open, _))| !is_open);
    let ai_support_level = match failed {
        _ if ticket.channel == Channel::Chat && ticket.ai_support_level == AiSupportLevel::Bot => {
            AiSupportLevel::Bot
        }
        Some(_) => AiSupportLevel::Human,
        None => AiSupportLevel::Automated,
    };
    let is_immediate = |intent: &FoundIntent| settings.immediate_agent_ids.contains(&intent.ai_agent_id);
    let outcome = Outcome {
        ai_support_level,
        failed_gate: failed.map(|(number, _)| number),
        auto_execute: failed.is_none() && facts.intents.iter().all(is_immediate),
    };
    let evidence = match failed {
        Some((number, (_, why))) => format!("gate {number}: {why}"),
        None => "all ten gates are open".to_owned(),
    };
    Finding::plain(outcome, vec![evidence])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn intent(status: &'static str, auto_executable: bool) -> FoundIntent {
        FoundIntent {
            ai_agent_id: 1,
            code: "process_meter_reading".to_owned(),
            name: "Meter reading".to_owned(),
            confidence: 1.0,
            confidence_color: "success",
            data: serde_json::Map::new(),
            infos: Vec::new(),
            options: Vec::new(),
            message_preview: None,
            recipient: None,
            status,
            evidence: Vec::new(),
            auto_executable,
        }
    }

    /// The outcome of a ticket that passes all gates, after a change to it.
    fn after(
        change: impl FnOnce(&mut Ticket, &mut Vec<FoundIntent>, &mut AutoProcessing, &mut (bool, bool, i32)),
    ) -> Outcome {
        let mut ticket = Ticket::blank(Channel::Email, Direction::In, jiff::Timestamp::UNIX_EPOCH);
        let mut intents = vec![intent("ready", true), intent("preview", false)];
        let mut settings = AutoProcessing { enabled: true, ..AutoProcessing::default() };
        let mut rest = (false, false, 20);
        change(&mut ticket, &mut intents, &mut settings, &mut rest);
        let (is_spam, has_incoming_reply, legitimation) = rest;
        let facts = OutcomeFacts {
            ticket: &ticket,
            intents: &intents,
            is_spam,
            has_incoming_reply,
            legitimation,
            has_contract: true,
            settings: &settings,
        };
        decide(&facts).value
    }

    #[test]
    fn each_gate_stops_what_it_is_there_for() {
        assert_eq!(after(|_, _, _, _| {}).failed_gate, None);
        assert_eq!(after(|_, intents, _, _| intents.clear()).failed_gate, Some(1));
        assert_eq!(after(|ticket, _, _, _| ticket.status = Status::Pending).failed_gate, Some(2));
        assert_eq!(after(|_, _, _, rest| rest.0 = true).failed_gate, Some(3));
        assert_eq!(after(|ticket, _, _, _| ticket.channel = Channel::Phone).failed_gate, Some(4));
        assert_eq!(after(|ticket, _, _, _| ticket.direction = Direction::Internal).failed_gate, Some(5));
        assert_eq!(after(|_, _, settings, _| settings.enabled = false).failed_gate, Some(6));
        assert_eq!(after(|_, intents, _, _| intents[0].auto_executable = false).failed_gate, Some(7));
        assert_eq!(after(|_, intents, _, _| intents.push(intent("ready", true))).failed_gate, Some(8));
        assert_eq!(after(|_, _, _, rest| rest.1 = true).failed_gate, Some(9));
        assert_eq!(after(|_, _, _, rest| rest.2 = 15).failed_gate, Some(10));
    }

    #[test]
    fn the_first_closed_gate_is_the_one_recorded() {
        let outcome = after(|ticket, _, settings, rest| {
            (ticket.status, settings.enabled, rest.2) = (Status::Closed, false, 0);
        });
        assert_eq!(outcome.failed_gate, Some(2));
    }

    #[test]
    fn only_immediate_agents_are_carried_out_by_themselves() {
        assert!(after(|_, _, settings, _| settings.immediate_agent_ids = vec![1]).auto_execute);
        assert!(!after(|_, _, settings, _| settings.immediate_agent_ids = vec![2]).auto_execute);
    }

    #[test]
    fn a_chat_that_a_bot_holds_stays_with_it() {
        let outcome = after(|ticket, _, _, _| {
            (ticket.channel, ticket.ai_support_level) = (Channel::Chat, AiSupportLevel::Bot);
        });
        assert_eq!(outcome.ai_support_level, AiSupportLevel::Bot);
        assert_eq!(after(|_, _, _, rest| rest.0 = true).ai_support_level, AiSupportLevel::Human);
    }
}
