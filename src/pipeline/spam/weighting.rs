//! What each feature of a message weighs, learnt from labelled mail (`docs/eval.md`, "The weighting").

use std::collections::HashMap;
use std::sync::LazyLock;

use super::features::Features;

/// A line each: the feature, and in hundredths what it weighs for spam and for a program.
const WEIGHTS: &str = include_str!("weights.tsv");

/// As many features are named as evidence.
const MAX_NAMED: usize = 5;

/// What a feature speaks for, in logarithms of odds.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Weight {
    pub spam: f64,
    pub program: f64,
}

/// What the features of a message come to.
#[derive(Debug, Default)]
pub struct Weighed {
    pub sum: Weight,
    /// Each feature that weighs something, and what it added.
    parts: Vec<(String, Weight)>,
}

impl Weighed {
    /// Adds up what the features weigh.
    pub fn of(features: Features) -> Self {
        let mut weighed = Self::default();
        for (name, value) in features {
            let Some(weight) = weights().get(name.as_str()) else { continue };
            let part = Weight { spam: weight.spam * value, program: weight.program * value };
            weighed.sum.spam += part.spam;
            weighed.sum.program += part.program;
            weighed.parts.push((name, part));
        }
        weighed
    }

    /// The features that speak most for spam, a program or, where `of` makes them negative, for a person.
    pub fn strongest(mut self, of: impl Fn(Weight) -> f64) -> Vec<String> {
        self.parts.retain(|(name, part)| name != "@bias" && of(*part) > 0.1);
        self.parts.sort_by(|one, other| of(other.1).total_cmp(&of(one.1)));
        self.parts.truncate(MAX_NAMED);
        self.parts.iter().map(|(name, part)| format!("{}: {:+.1}", worded(name), of(*part))).collect()
    }
}

fn worded(name: &str) -> String {
    let mut letters = name.chars();
    let kind = letters.next();
    let rest = letters.as_str();
    match kind {
        Some('@') => rest.to_owned(),
        Some('~') => format!("a word that ends in “{rest}”"),
        Some('>') => format!("“{rest}” in the subject"),
        Some('^') => format!("“{rest}” in the sender's address"),
        _ => format!("“{name}”"),
    }
}

fn weights() -> &'static HashMap<&'static str, Weight> {
    static PARSED: LazyLock<HashMap<&'static str, Weight>> = LazyLock::new(|| {
        let line = |line: &'static str| {
            let mut fields = line.split('\t');
            let name = fields.next()?;
            let mut hundredths = || fields.next()?.parse::<f64>().ok().map(|value| value / 100.0);
            Some((name, Weight { spam: hundredths()?, program: hundredths()? }))
        };
        WEIGHTS.lines().filter_map(line).collect()
    });
    &PARSED
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_weights_is_read() {
        assert_eq!(weights().len(), WEIGHTS.lines().count());
        let sums = weights().values().map(|weight| weight.spam + weight.program);
        assert!(sums.into_iter().all(f64::is_finite) && weights().contains_key("@bias"));
    }
}
