//! A tenant's local time: reading and writing instants that name no zone.

use jiff::civil::DateTime;
use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{Timestamp, Zoned};

/// The instant of a local time. Ambiguous ones take the earlier offset, non-existing ones the next
/// valid instant. Returns `None` outside the years 1 to 9999.
pub fn instant(zone: &TimeZone, local: DateTime) -> Option<Timestamp> {
    let ambiguous = zone.to_ambiguous_timestamp(local);
    let instant = match ambiguous.offset() {
        AmbiguousOffset::Unambiguous { .. } | AmbiguousOffset::Fold { .. } => ambiguous.earlier().ok()?,
        AmbiguousOffset::Gap { after, .. } => {
            // Read with the later offset, a skipped local time lies just before the change of offset.
            let before = after.to_timestamp(local).ok()?;
            zone.following(before).next().map_or(before, |change| change.timestamp())
        }
    };
    in_range(instant)
}

/// Returns `None` outside the years 1 to 9999, which the wire cannot write.
pub fn in_range(instant: Timestamp) -> Option<Timestamp> {
    let year = instant.to_zoned(TimeZone::UTC).year();
    // A day of margin, so that no zone's local time leaves the range.
    (2..=9998).contains(&year).then_some(instant)
}

/// The local time of an instant.
pub fn local(zone: &TimeZone, instant: Timestamp) -> Zoned {
    instant.to_zoned(zone.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn berlin(local: &str) -> String {
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        instant(&zone, local.parse().unwrap()).unwrap().to_string()
    }

    #[test]
    fn summer_time_begins_and_ends() {
        assert_eq!(berlin("2026-03-29 01:59:59"), "2026-03-29T00:59:59Z");
        assert_eq!(berlin("2026-03-29 02:30:00"), "2026-03-29T01:00:00Z");
        assert_eq!(berlin("2026-03-29 03:00:00"), "2026-03-29T01:00:00Z");
        assert_eq!(berlin("2026-10-25 02:30:00"), "2026-10-25T00:30:00Z");
        assert_eq!(berlin("2026-10-25 03:00:00"), "2026-10-25T02:00:00Z");
    }

    #[test]
    fn years_that_the_wire_cannot_write_are_refused() {
        let zone = TimeZone::UTC;
        assert!(instant(&zone, "9999-06-01 00:00:00".parse().unwrap()).is_none());
        assert!(instant(&zone, "2026-06-01 00:00:00".parse().unwrap()).is_some());
    }
}
