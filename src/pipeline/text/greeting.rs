//! The German closing formulas around `Gruß`, read by their grammar.

use super::words::Word;

/// A formula at the beginning of words.
pub struct Greeting {
    /// In words.
    pub length: usize,
    /// Nothing stands before the noun: `Gruß`.
    pub is_bare: bool,
}

/// `(Mit) (den) freundlichen Grüßen`, in its many forms and spellings.
pub fn find(words: &[Word<'_>]) -> Option<Greeting> {
    const LONGEST: usize = 7;
    let has_lead = words[0].folded == "mit";
    let mut adjectives = 0;
    for (at, word) in words.iter().enumerate().take(LONGEST) {
        let word = word.folded.as_str();
        if at > 0 || !has_lead {
            let is_noun = word.starts_with("gruess")
                || word.starts_with("gruss")
                || word.starts_with("gruse")
                || word.starts_with("gruees")
                || word.starts_with("griess")
                || word.starts_with("griass")
                || (word == "groeten" && adjectives > 0)
                || word.starts_with("gruese");
            if is_noun {
                let next = words.get(at + 1).map_or("", |next| next.folded.as_str());
                let is_verb = word.starts_with("gruesst")
                    || word == "gruessend"
                    || ["gott", "dich", "sie", "euch"].contains(&next)
                    || word.len() > 11;
                let is_noun_alone = matches!(
                    word,
                    "gruss" | "gruess" | "gruesse" | "gruessle" | "gruessli" | "gruesschen" | "grusse"
                );
                return match (is_verb, has_lead || adjectives > 0) {
                    (true, _) => None,
                    (false, true) => Some(Greeting { length: at + 1, is_bare: false }),
                    (false, false) => is_noun_alone.then_some(Greeting { length: at + 1, is_bare: true }),
                };
            }
            // Broken letters: `Mit freundlichen Gr??en`
            if has_lead && adjectives > 0 && word == "gr" {
                let broken = words.get(at + 1).filter(|next| next.folded == "en" || next.folded == "e");
                return Some(Greeting { length: at + 1 + usize::from(broken.is_some()), is_bare: false });
            }
            if is_adjective(word) || (has_lead && (word.ends_with("en") || word.ends_with("em"))) {
                adjectives += 1;
            } else if !(adjectives > 0 && matches!(word, "und" | "u") || has_lead && at == 1) {
                return None;
            }
        }
    }
    None
}

fn is_adjective(word: &str) -> bool {
    const ADJECTIVES: &[&str] = &[
        "beste",
        "besten",
        "bestem",
        "bester",
        "liebe",
        "lieben",
        "lieber",
        "liebem",
        "viele",
        "vielen",
        "vielem",
        "schoene",
        "schoenen",
        "schoener",
        "nette",
        "netten",
        "ganz",
        "freundl",
        "frdl",
        "frl",
        "freundliche",
        "freundlichst",
        "liebste",
        "allerbeste",
        "tausend",
        "1000",
        "sehr",
        "recht",
        "netter",
        "freundlcihe",
        "freundlche",
        "herzl",
        "liebi",
        "vieli",
        "schoeni",
        "fruendlechi",
        "fruendlichi",
        "herzlechi",
        "herzlichi",
        "beschti",
        "veele",
        "leve",
        "liebi",
        "vieli",
        "schoeni",
        "fruendlechi",
        "fruendlichi",
        "herzlechi",
        "herzlichi",
        "beschti",
        "veele",
        "leve",
    ];
    const ENDINGS: &[&str] = &[
        "liche", "lichen", "lichem", "licher", "lichste", "lichsten", "ige", "igen", "igem", "iger", "ische",
        "ischen", "ale", "alen", "liebste", "liebsten",
    ];
    ADJECTIVES.contains(&word) || (word.len() >= 6 && ENDINGS.iter().any(|ending| word.ends_with(ending)))
}
