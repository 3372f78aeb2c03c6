//! What a patch says of one field.

/// Keep what is there, or set it to a value (which may be `None` where the field may be empty).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Change<T> {
    /// The request does not name the field.
    #[default]
    Keep,
    /// The request gives this value.
    Set(T),
}

impl<T> Change<T> {
    /// The value to set; `None` where the field is kept.
    pub fn value(self) -> Option<T> {
        match self {
            Self::Keep => None,
            Self::Set(value) => Some(value),
        }
    }

    /// The value to set, borrowed; `None` where the field is kept.
    pub fn as_ref(&self) -> Option<&T> {
        match self {
            Self::Keep => None,
            Self::Set(value) => Some(value),
        }
    }

    /// The same change of something made from the value.
    pub fn map<U>(self, make: impl FnOnce(T) -> U) -> Change<U> {
        match self {
            Self::Keep => Change::Keep,
            Self::Set(value) => Change::Set(make(value)),
        }
    }

    /// Whether the request names the field.
    pub fn is_set(&self) -> bool {
        matches!(self, Self::Set(_))
    }
}
