//! A part of a list: `skip` and `take`.

use crate::http::extract::Query;
use crate::http::field::Wrong;
use crate::http::read::Reader;

/// The most that an answer holds. Who asks for more gets as many (SocialBoards: its own example does).
const MOST: i64 = 50;
const USUAL: i64 = 25;

/// A part of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    pub skip: i64,
    /// 0 to 50.
    pub take: i64,
}

impl Page {
    /// From the members of a body.
    pub fn read(reader: &mut Reader) -> Self {
        let mut number = |name: &str, usual: i64| {
            let number = reader.optional::<i64>(name).unwrap_or(usual);
            if number < 0 {
                reader.refuse(name, &Wrong::new("invalid", "must not be below 0"));
            }
            number
        };
        Self { skip: number("skip", 0), take: number("take", USUAL).min(MOST) }
    }

    /// From the parameters of a path.
    pub fn of(query: &mut Query) -> Self {
        let skip = query.number("skip", 0..=i64::MAX, 0);
        Self { skip, take: query.number("take", 0..=i64::MAX, USUAL).min(MOST) }
    }
}
