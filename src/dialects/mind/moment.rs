//! Dates as Mind writes them, and the four forms in which it reads them.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use serde_json::Value;

use crate::domain::zone;
use crate::http::field::{FromJson, Wrong};

/// An instant in a request: `YYYY-MM-DD HH:MM:SS` and `YYYY-MM-DD` in the tenant's zone, ISO 8601
/// with or without a zone, or unix seconds as a number or in digits.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Moment {
    Instant(Timestamp),
    Local(DateTime),
}

impl Moment {
    /// The instant, to the second, which is what the wire can say. Returns `None` outside the years
    /// that the wire can write.
    pub fn instant(self, tz: &TimeZone) -> Option<Timestamp> {
        let instant = match self {
            Self::Instant(instant) => zone::in_range(instant)?,
            Self::Local(local) => zone::instant(tz, local)?,
        };
        Timestamp::from_second(instant.as_second()).ok()
    }

    fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let digits = text.strip_prefix('-').unwrap_or(text);
        if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return text.parse().ok().and_then(Self::unix);
        }
        // Shapes of a date alone first: a lenient parser would read times into them.
        if let Ok(date) = text.parse::<Date>()
            && text.len() == 10
        {
            return Some(Self::Local(date.at(0, 0, 0, 0)));
        }
        if let Ok(instant) = text.parse::<Timestamp>() {
            return Some(Self::Instant(instant));
        }
        let local = text.parse::<DateTime>().ok();
        local.filter(|_| text.len() > 10).map(Self::Local)
    }

    fn unix(seconds: i64) -> Option<Self> {
        Timestamp::from_second(seconds).ok().map(Self::Instant)
    }
}

impl FromJson for Moment {
    fn from_json(value: Value) -> Result<Self, Vec<Wrong>> {
        let moment = match &value {
            Value::String(text) => Self::parse(text),
            #[expect(
                clippy::cast_possible_truncation,
                reason = "a cast of a float saturates, and the range is checked next"
            )]
            Value::Number(number) => {
                number.as_i64().or_else(|| number.as_f64().map(|n| n.floor() as i64)).and_then(Self::unix)
            }
            _ => None,
        };
        let wanted = "must be a date: YYYY-MM-DD HH:MM:SS, YYYY-MM-DD, ISO 8601 or unix seconds";
        moment.ok_or_else(|| vec![Wrong::new("invalid_date", wanted)])
    }
}

/// `YYYY-MM-DD HH:MM:SS` in the tenant's zone.
pub fn local(tz: &TimeZone, instant: Timestamp) -> String {
    let local = zone::local(tz, instant);
    let (year, month, day) = (local.year(), local.month(), local.day());
    let (hour, minute, second) = (local.hour(), local.minute(), local.second());
    format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}")
}

/// ISO 8601 with `Z`, to the second.
pub fn iso(instant: Timestamp) -> String {
    let second = Timestamp::from_second(instant.as_second()).unwrap_or(instant);
    second.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(value: Value) -> Option<String> {
        let tz = TimeZone::get("Europe/Berlin").unwrap();
        Moment::from_json(value).ok()?.instant(&tz).map(|instant| instant.to_string())
    }

    #[test]
    fn four_forms_are_read() {
        for (form, instant) in [
            (json!("2026-01-02 03:04:05"), "2026-01-02T02:04:05Z"),
            (json!("2026-01-02"), "2026-01-01T23:00:00Z"),
            (json!("2026-01-02T03:04:05"), "2026-01-02T02:04:05Z"),
            (json!("2026-01-02T03:04:05Z"), "2026-01-02T03:04:05Z"),
            (json!("2026-01-02T03:04:05.250Z"), "2026-01-02T03:04:05Z"),
            (json!("2026-01-02T03:04:05+02:00"), "2026-01-02T01:04:05Z"),
            (json!(1_609_502_400), "2021-01-01T12:00:00Z"),
            (json!("1609502400"), "2021-01-01T12:00:00Z"),
            (json!(1_609_502_400.75), "2021-01-01T12:00:00Z"),
        ] {
            assert_eq!(read(form.clone()).as_deref(), Some(instant), "{form}");
        }
    }

    #[test]
    fn what_is_no_date_is_refused() {
        for form in [
            json!("yesterday"),
            json!(""),
            json!("2026-13-01"),
            json!("2026-02-30 10:00:00"),
            json!("2026-01-02 25:00:00"),
            json!(true),
            json!([]),
            json!({}),
            json!(1e300),
            json!("99999999999999999999"),
            json!("9999-12-31 23:59:59"),
        ] {
            assert_eq!(read(form.clone()), None, "{form}");
        }
    }

    #[test]
    fn dates_are_written_without_a_zone_or_in_utc() {
        let tz = TimeZone::get("Europe/Berlin").unwrap();
        let instant: Timestamp = "2026-07-01T10:00:00.5Z".parse().unwrap();
        assert_eq!(local(&tz, instant), "2026-07-01 12:00:00");
        assert_eq!(iso(instant), "2026-07-01T10:00:00Z");
    }
}
