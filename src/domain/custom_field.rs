//! Fields and categories that a tenant defines.

use crate::domain::word::words;

words! {
    /// What a custom field holds.
    FieldKind("type of a custom field") {
        Text = "text",
        Number = "number",
        Boolean = "boolean",
        /// `YYYY-MM-DD`.
        Date = "date",
        /// One of its options.
        Select = "select",
    }
}

/// The definition of a custom field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomField {
    /// Unique within the tenant.
    pub id: i64,
    /// Unique within the tenant; values are kept by it.
    pub name: String,
    pub kind: FieldKind,
    /// A ticket cannot be made without it.
    pub required: bool,
    /// What a `select` chooses from; empty for the other kinds.
    pub options: Vec<String>,
}

/// A category that a ticket can belong to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Category {
    /// Unique within the tenant.
    pub id: i64,
    pub name: String,
    /// The category above it.
    pub parent_id: Option<i64>,
}

/// A value that somebody gives a custom field.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Given<'a> {
    Text(&'a str),
    Number,
    Boolean,
    /// An array or an object.
    Other,
}

impl CustomField {
    /// What is wrong with a value, to go on a sentence that begins with the field; `None` where it fits. A number or
    /// a truth value may come as text.
    pub fn fault(&self, value: Given<'_>) -> Option<String> {
        if self.required && matches!(value, Given::Text(text) if text.trim().is_empty()) {
            return Some("must not be empty: the field is required".to_owned());
        }
        let fits = match (self.kind, value) {
            (FieldKind::Text, Given::Text(_))
            | (FieldKind::Number, Given::Number)
            | (FieldKind::Boolean, Given::Boolean) => true,
            (FieldKind::Number, Given::Text(text)) => {
                text.trim().parse().is_ok_and(|number: f64| number.is_finite())
            }
            (FieldKind::Boolean, Given::Text(text)) => matches!(text, "true" | "false"),
            (FieldKind::Date, Given::Text(text)) => {
                text.len() == 10 && text.parse::<jiff::civil::Date>().is_ok()
            }
            (FieldKind::Select, Given::Text(text)) => self.options.iter().any(|option| option == text),
            _ => false,
        };
        if fits {
            return None;
        }
        Some(match self.kind {
            FieldKind::Text => "must be a text".to_owned(),
            FieldKind::Number => "must be a number".to_owned(),
            FieldKind::Boolean => "must be true or false".to_owned(),
            FieldKind::Date => "must be a date, such as 2026-12-25".to_owned(),
            FieldKind::Select => format!("must be one of {}", self.options.join(", ")),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(kind: FieldKind) -> CustomField {
        CustomField { id: 1, name: "x".into(), kind, required: false, options: vec!["Oslo".into()] }
    }

    #[test]
    fn a_value_fits_its_kind_or_says_why_not() {
        assert_eq!(field(FieldKind::Text).fault(Given::Text("a")), None);
        assert!(field(FieldKind::Text).fault(Given::Number).is_some());
        assert_eq!(field(FieldKind::Number).fault(Given::Text("1.5")), None);
        assert!(field(FieldKind::Number).fault(Given::Text("NaN")).is_some());
        assert_eq!(field(FieldKind::Date).fault(Given::Text("2026-02-28")), None);
        assert!(field(FieldKind::Date).fault(Given::Text("2026-02-30")).is_some());
        assert_eq!(field(FieldKind::Select).fault(Given::Text("Oslo")), None);
        assert_eq!(
            field(FieldKind::Select).fault(Given::Text("Bergen")).as_deref(),
            Some("must be one of Oslo")
        );
        assert!(field(FieldKind::Boolean).fault(Given::Other).is_some());
        assert_eq!(field(FieldKind::Text).fault(Given::Text(" ")), None);
        let required = CustomField { required: true, ..field(FieldKind::Text) };
        assert!(required.fault(Given::Text(" ")).is_some());
    }
}
