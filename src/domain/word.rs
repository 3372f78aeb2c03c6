//! Closed lists of words. A list is an enum here and text with a check in the schema.

/// A value of a closed list.
pub trait Word: Sized + Copy + 'static {
    /// What the list is called in a sentence.
    const NOUN: &'static str;
    /// Every word, in the order of the reference.
    const ALL: &'static [Self];

    /// The word itself.
    fn as_str(self) -> &'static str;

    /// Returns `None` for a word that is not in the list.
    fn parse(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|known| known.as_str() == word)
    }

    /// The list for a message: `low, medium, high or urgent`.
    fn choices() -> String {
        let words: Vec<_> = Self::ALL.iter().map(|word| word.as_str()).collect();
        match words.split_last() {
            Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
            _ => words.concat(),
        }
    }
}

macro_rules! words {
    ($($(#[$doc:meta])* $name:ident($noun:literal) { $($(#[$variant_doc:meta])* $variant:ident = $word:literal,)* })*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$variant_doc])* $variant,)* }

        impl $crate::domain::word::Word for $name {
            const NOUN: &'static str = $noun;
            const ALL: &'static [Self] = &[$(Self::$variant),*];

            fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),* }
            }
        }
    )*};
}
pub(crate) use words;

#[cfg(test)]
mod tests {
    use super::Word;
    use crate::domain::ticket::Priority;

    #[test]
    fn a_list_reads_as_a_sentence() {
        assert_eq!(Priority::choices(), "low, medium, high or urgent");
        assert_eq!(Priority::parse("urgent"), Some(Priority::Urgent));
        assert_eq!(Priority::parse("Urgent"), None);
    }
}
