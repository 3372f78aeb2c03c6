//! Mail addresses as people write them.

use email_address::{EmailAddress, Options};

/// The longest address that an index takes, in bytes.
pub const MAX_ADDRESS_BYTES: usize = 320;

/// An address, and the name in front of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mailbox {
    pub address: String,
    /// `None` where only the address was written.
    pub name: Option<String>,
}

/// Reads `address`, `<address>` and `Name <address>`. Returns `None` where there is no address in it.
pub fn parse(text: &str) -> Option<Mailbox> {
    let text = text.trim();
    if is_address(text) {
        return Some(Mailbox { address: text.to_owned(), name: None });
    }
    let (name, rest) = text.split_once('<')?;
    let address = rest.strip_suffix('>')?.trim();
    if !is_address(address) {
        return None;
    }
    let name = name.trim().trim_matches('"').trim();
    let name = (!name.is_empty()).then(|| name.to_owned());
    Some(Mailbox { address: address.to_owned(), name })
}

/// Whether the text is one mail address and nothing else.
pub fn is_address(text: &str) -> bool {
    let options = Options::default().without_display_text().without_domain_literal();
    text.len() <= MAX_ADDRESS_BYTES && EmailAddress::parse_with_options(text, options).is_ok()
}

/// The form in which addresses are compared and looked up.
pub fn fold(address: &str) -> String {
    address.trim().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_may_stand_before_the_address() {
        let mailbox = parse("\"Tom Mustermann\" <tom@mm.com>").unwrap();
        assert_eq!(
            (mailbox.address.as_str(), mailbox.name.as_deref()),
            ("tom@mm.com", Some("Tom Mustermann"))
        );
        assert_eq!(parse("<tom@mm.com>").unwrap().name, None);
        assert_eq!(parse(" tom@mm.com ").unwrap().address, "tom@mm.com");
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for text in [
            "",
            "tom",
            "tom@",
            "@mm.com",
            "tom@mm.com, eva@mm.com",
            "Tom <tom>",
            "Tom <tom@mm.com",
            "a b@c.de",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
        assert!(parse(&format!("{}@mm.com", "a".repeat(400))).is_none());
    }
}
