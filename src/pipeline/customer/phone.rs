//! Phone numbers as people and back ends write them.

/// Fewer digits than this are no phone number that points at anybody.
const MIN_DIGITS: usize = 7;
/// E.164 allows no more.
const MAX_DIGITS: usize = 15;

/// The form in which numbers are looked up: digits with the country code, Germany's where none was
/// written. `None` where the text is no phone number and nothing else.
pub fn fold(text: &str) -> Option<String> {
    let text = text.trim();
    let is_number =
        |letter: char| letter.is_ascii_digit() || "+-/.() \u{a0}\u{2009}\u{2011}\u{2013}".contains(letter);
    if text.len() > 64 || !text.chars().all(is_number) {
        return None;
    }
    // The trunk zero of "+49 (0) 89".
    let text = text.replace("(0)", "");
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    if !(MIN_DIGITS..=MAX_DIGITS + 2).contains(&digits.len()) {
        return None;
    }
    let international = if text.trim_start().starts_with('+') {
        digits
    } else if let Some(rest) = digits.strip_prefix("00") {
        rest.to_owned()
    } else if let Some(rest) = digits.strip_prefix('0') {
        format!("49{rest}")
    } else if digits.starts_with("49") && digits.len() > 10 {
        digits
    } else {
        format!("49{digits}")
    };
    // Back ends put the country code in front of numbers that have it already, or keep the trunk zero.
    let national = international.strip_prefix("49").map(|rest| match rest.strip_prefix("49") {
        Some(twice) if twice.len() >= MIN_DIGITS => twice,
        _ => rest.trim_start_matches('0'),
    });
    Some(match national {
        Some(national) => format!("49{national}"),
        None => international,
    })
}

/// The forms under which a directory's number is stored: a number without a plus may lack it or its zero.
pub fn keys(text: &str) -> Vec<String> {
    // "089 1234 / 0171 5678" and "089 1234 (privat)" are more than a number.
    let text = text.split([',', ';']).next().unwrap_or(text);
    let Some(folded) = fold(text) else { return Vec::new() };
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let mut keys = vec![folded];
    if !digits.starts_with('0') && !keys.contains(&digits) {
        keys.push(digits);
    }
    keys
}

#[cfg(test)]
mod tests {
    use super::{fold, keys};

    #[test]
    fn spellings_of_a_number_are_one() {
        for text in
            ["+49 89 123456-0", "0049 89 1234560", "089/1234560", "+49 (0)89 1234560", "(089) 123 45 60"]
        {
            assert_eq!(fold(text).as_deref(), Some("49891234560"), "{text}");
        }
        assert_eq!(fold("+43 1 2345678").as_deref(), Some("4312345678"));
    }

    #[test]
    fn a_country_code_that_stands_twice_counts_once() {
        for text in ["+4949123456789", "049 123456789", "0123 456789"] {
            assert_eq!(fold(text).as_deref(), Some("49123456789"), "{text}");
        }
    }

    #[test]
    fn a_number_of_a_directory_may_lack_its_plus() {
        assert!(keys("48601234567").contains(&"48601234567".to_owned()));
        assert!(keys("49123456789").contains(&"49123456789".to_owned()));
        assert!(keys("1711234567").contains(&"491711234567".to_owned()));
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for text in ["", "tom@mm.com", "12345", "K-30055", "+49 123456789012345678", "call 0891234567"] {
            assert_eq!(fold(text), None, "{text}");
        }
    }
}
