//! The words and phrases of a language, by what they say about the tone.

use std::sync::LazyLock;

use super::english::ENGLISH;
use super::german::GERMAN;
use super::others::{DUTCH, FRENCH, ITALIAN, POLISH, SPANISH, TURKISH};
use crate::pipeline::phrases::Phrases;

/// Lists as [`Phrases`] reads them. A phrase in several of them counts in the first.
#[derive(Debug, Clone, Copy)]
pub struct Lexicon {
    /// Rage, threats, fear: one of them is enough.
    pub very_negative: &'static str,
    /// Anger, disappointment, being kept waiting: one is enough as well, praise outweighs it.
    pub negative: &'static str,
    /// What makes a text negative where several come together.
    pub mildly_negative: &'static str,
    /// What a calm report of a fault says too.
    pub slightly_negative: &'static str,
    pub very_positive: &'static str,
    pub positive: &'static str,
    pub mildly_positive: &'static str,
    /// Praise that never means it.
    pub sarcastic: &'static str,
    /// Formulas and topics that hold such words but no tone; the longer phrase wins.
    pub neutral: &'static str,
    pub thanks: &'static str,
    pub negators: &'static str,
    pub intensifiers: &'static str,
    /// Praise that turns sour where it opens a sentence and a grievance follows.
    pub sarcasm_openers: &'static str,
}

/// What a phrase does.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Cue {
    /// Below 0 is negative; 1.5 on either side decides.
    Tone(f64),
    Thanks,
    Negator,
    Intensifier,
}

/// A language's phrases, ready to be found.
pub struct Cues {
    pub tones: Phrases<Cue>,
    pub openers: Phrases<()>,
}

impl Lexicon {
    fn cues(&self) -> Cues {
        let tones = Phrases::new(&[
            (Cue::Tone(0.0), self.neutral),
            (Cue::Tone(-2.0), self.sarcastic),
            (Cue::Tone(-3.0), self.very_negative),
            (Cue::Tone(-2.0), self.negative),
            (Cue::Tone(-1.0), self.mildly_negative),
            (Cue::Tone(-0.4), self.slightly_negative),
            (Cue::Tone(3.0), self.very_positive),
            (Cue::Tone(2.0), self.positive),
            (Cue::Tone(0.7), self.mildly_positive),
            (Cue::Thanks, self.thanks),
            (Cue::Negator, self.negators),
            (Cue::Intensifier, self.intensifiers),
        ]);
        Cues { tones, openers: Phrases::new(&[((), self.sarcasm_openers)]) }
    }
}

/// The phrases of a language by its ISO 639-1 code, of German where there are none.
pub fn cues(language: Option<&str>) -> &'static Cues {
    macro_rules! of {
        ($lexicon:expr) => {{
            static CUES: LazyLock<Cues> = LazyLock::new(|| $lexicon.cues());
            &CUES
        }};
    }
    match language {
        Some("en") => of!(ENGLISH),
        Some("fr") => of!(FRENCH),
        Some("nl") => of!(DUTCH),
        Some("pl") => of!(POLISH),
        Some("tr") => of!(TURKISH),
        Some("it") => of!(ITALIAN),
        Some("es") => of!(SPANISH),
        _ => of!(GERMAN),
    }
}
