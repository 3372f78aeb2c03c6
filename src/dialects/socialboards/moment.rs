//! Instants: ISO 8601 with an offset.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::Value;

use crate::domain::zone;
use crate::http::field::{FromJson, Wrong};

/// An instant in a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment(pub Timestamp);

impl FromJson for Moment {
    fn from_json(value: Value) -> Result<Self, Vec<Wrong>> {
        let instant = value.as_str().and_then(|text| text.trim().parse().ok()).and_then(zone::in_range);
        let wanted = "must be a date with an offset, such as 2026-11-21T09:30:00+01:00";
        instant.map(Self).ok_or_else(|| vec![Wrong::new("invalid_date", wanted)])
    }
}

/// With seven digits behind the second, as the original writes them, in UTC.
pub fn write(instant: Timestamp) -> String {
    let utc = instant.to_zoned(TimeZone::UTC);
    let ticks = utc.subsec_nanosecond().unsigned_abs() / 100;
    format!("{}.{ticks:07}+00:00", utc.strftime("%Y-%m-%dT%H:%M:%S"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn instants_have_seven_digits_and_an_offset() {
        let Moment(read) = Moment::from_json(json!("2026-11-21T09:30:00.1234567+01:00")).unwrap();
        assert_eq!(write(read), "2026-11-21T08:30:00.1234567+00:00");
        let Moment(whole) = Moment::from_json(json!("2026-11-21T09:30:00Z")).unwrap();
        assert_eq!(write(whole), "2026-11-21T09:30:00.0000000+00:00");
    }

    #[test]
    fn what_has_no_offset_is_no_instant() {
        for wrong in [json!("2026-11-21T09:30:00"), json!("2026-11-21"), json!(""), json!(1), json!("x")] {
            assert!(Moment::from_json(wrong.clone()).is_err(), "{wrong}");
        }
    }
}
