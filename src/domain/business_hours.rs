//! Counting in business hours.

use std::collections::BTreeSet;

use jiff::civil::{Date, Time, Weekday};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};

use crate::domain::zone;

/// How far ahead a count looks before it gives up: a tenant may have no business hours at all.
const HORIZON_DAYS: usize = 3 * 366;

/// When a tenant works.
#[derive(Debug, Clone, PartialEq)]
pub struct Calendar {
    pub zone: TimeZone,
    pub week: Week,
    /// Local days without business hours.
    pub holidays: BTreeSet<Date>,
}

/// The spans of each weekday, Monday first; ascending and without overlap.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Week(pub [Vec<Span>; 7]);

/// From (inclusive) to (exclusive) on one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    pub from: Time,
    /// `None`: midnight at the day's end.
    pub to: Option<Time>,
}

impl Week {
    /// Monday to Friday, 09:00 to 17:00: a new tenant's.
    pub fn office() -> Self {
        let day = vec![Span { from: Time::constant(9, 0, 0, 0), to: Some(Time::constant(17, 0, 0, 0)) }];
        let mut week: [Vec<Span>; 7] = Default::default();
        for weekday in &mut week[..5] {
            weekday.clone_from(&day);
        }
        Self(week)
    }

    fn day(&self, weekday: Weekday) -> &[Span] {
        // The offset from Monday is 0 to 6.
        &self.0[usize::from(weekday.to_monday_zero_offset().unsigned_abs())]
    }
}

impl Calendar {
    /// The instant that lies `hours` business hours after `start`, to the second, which is what the
    /// wire can say. Returns `None` where three years hold fewer business hours than that.
    pub fn after(&self, start: Timestamp, hours: f64) -> Option<Timestamp> {
        let start = Timestamp::from_second(start.as_second()).ok()?;
        let mut left = SignedDuration::try_from_secs_f64(hours * 3600.0).ok()?;
        let mut date = zone::local(&self.zone, start).date();
        for _ in 0..HORIZON_DAYS {
            for (opens, closes) in self.spans(date) {
                let from = opens.max(start);
                if from >= closes {
                    continue;
                }
                let open = from.duration_until(closes);
                if left <= open {
                    return zone::in_range(from.checked_add(left).ok()?);
                }
                left -= open;
            }
            date = date.checked_add(1.day()).ok()?;
        }
        None
    }

    fn spans(&self, date: Date) -> Vec<(Timestamp, Timestamp)> {
        if self.holidays.contains(&date) {
            return Vec::new();
        }
        let spans = self.week.day(date.weekday()).iter();
        spans
            .filter_map(|span| {
                let opens = zone::instant(&self.zone, date.to_datetime(span.from))?;
                let end = match span.to {
                    Some(to) => date.to_datetime(to),
                    None => date.tomorrow().ok()?.to_datetime(Time::midnight()),
                };
                Some((opens, zone::instant(&self.zone, end)?))
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn calendar(holidays: &[&str]) -> Calendar {
        Calendar {
            zone: TimeZone::get("Europe/Berlin").unwrap(),
            week: Week::office(),
            holidays: holidays.iter().map(|day| day.parse().unwrap()).collect(),
        }
    }

    fn after(calendar: &Calendar, start: &str, hours: f64) -> String {
        calendar.after(start.parse().unwrap(), hours).unwrap().to_string()
    }

    #[test]
    fn hours_stop_at_closing_time_and_go_on_the_next_business_day() {
        let calendar = calendar(&[]);
        // Friday 15:00 in Berlin (winter) and four hours: two on Friday, two on Monday.
        assert_eq!(after(&calendar, "2026-01-09T14:00:00Z", 4.0), "2026-01-12T10:00:00Z");
        // Exactly at closing time.
        assert_eq!(after(&calendar, "2026-01-09T14:00:00Z", 2.0), "2026-01-09T16:00:00Z");
        // On a Sunday the count begins on Monday.
        assert_eq!(after(&calendar, "2026-01-11T12:00:00Z", 8.0), "2026-01-12T16:00:00Z");
        assert_eq!(after(&calendar, "2026-01-12T08:00:00Z", 0.5), "2026-01-12T08:30:00Z");
    }

    #[test]
    fn holidays_do_not_count_and_summer_time_moves_the_day() {
        assert_eq!(after(&calendar(&["2026-01-12"]), "2026-01-09T15:00:00Z", 2.0), "2026-01-13T09:00:00Z");
        // From Friday in winter time to Monday in summer time.
        assert_eq!(after(&calendar(&[]), "2026-03-27T15:00:00Z", 2.0), "2026-03-30T08:00:00Z");
    }

    #[test]
    fn a_tenant_that_never_works_is_never_due() {
        let never = Calendar { week: Week::default(), ..calendar(&[]) };
        assert_eq!(never.after("2026-01-09T14:00:00Z".parse().unwrap(), 1.0), None);
    }
}
