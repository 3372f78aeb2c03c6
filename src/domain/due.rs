//! What the tags of a ticket make of its priority and its due dates.

use crate::domain::business_hours::Calendar;
use crate::domain::change::Change;
use crate::domain::patch::TicketPatch;
use crate::domain::tag::TagEffect;
use crate::domain::ticket::{Field, Ticket};

/// The change that follows from a ticket's having exactly these tags.
///
/// The smallest of their `sla_hours`, counted in business hours from the ticket's creation, sets
/// `due_at`; the highest of their priorities sets the priority. What a person set stays, and so does
/// the priority where no tag sets one (enneo Mind, tag: `sla`, `priority`).
pub fn follow_tags(ticket: &Ticket, tags: &[TagEffect], calendar: &Calendar) -> TicketPatch {
    let mut patch = TicketPatch::default();
    if !ticket.set_by_person.contains(&Field::DueAt) {
        let hours = tags.iter().filter_map(|tag| tag.sla_hours).min_by(f64::total_cmp);
        let due_at = hours.and_then(|hours| calendar.after(ticket.created_at, hours));
        patch.due_at = Change::Set(due_at);
    }
    if !ticket.set_by_person.contains(&Field::Priority)
        && let Some(priority) = tags.iter().filter_map(|tag| tag.priority.priority()).max()
    {
        patch.priority = Change::Set(priority);
    }
    patch
}
