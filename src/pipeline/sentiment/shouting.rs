//! Tone that is in signs rather than words: faces, capitals, rows of exclamation and question marks.

const GLAD: &[&str] = &[
    ":-)", ":)", ";-)", "😊", "😀", "😃", "😄", "🙂", "😍", "🥰", "❤", "👍", "🙏", "🎉", "👏", "💚", "💪",
    "⭐", "🌟", "🤗", "🥳",
];
const GRIM: &[&str] = &[
    ":-(", ":(", ":-/", "😡", "😠", "🤬", "😤", "😢", "😭", "😞", "😟", "😔", "🙄", "👎", "😒", "😩", "😫",
    "🤦", "😱", "💩", "🤮", "😰", "😨", "🖕",
];

/// Two capital words or more in a row are shouting; one is a name or an abbreviation.
const SHOUTED_WORDS: usize = 2;

/// What the signs of a text say and weigh; `lean` is what its words came to.
pub fn signs(subject: &str, clean: &str, lean: f64) -> Vec<(&'static str, f64)> {
    let mut signs = Vec::new();
    let has = |marks: &[&str]| marks.iter().any(|mark| clean.contains(mark) || subject.contains(mark));
    if has(GRIM) {
        signs.push(("an angry or sad face", -1.2));
    } else if has(GLAD) && lean > -0.5 {
        signs.push(("a glad face", if lean > 0.3 { 0.8 } else { 0.4 }));
    }
    if has(&["!!"]) && lean > 0.3 {
        signs.push(("rows of exclamation marks", 0.5));
    } else if has(&["!!!"]) || has(&["!!"]) && lean < -0.3 {
        signs.push(("rows of exclamation marks", -1.0));
    }
    if has(&["??", "?!", "!?"]) {
        let is_loud = lean < -0.3 || has(&["???"]);
        signs.push(("rows of question marks", if is_loud { -1.0 } else { -0.6 }));
    }
    if is_shouting(clean) {
        signs.push(("words in capitals", if lean > 0.3 { 0.5 } else { -1.2 }));
    }
    signs
}

/// Whether words are shouted in a text that is not all in capitals, or all of it is.
fn is_shouting(text: &str) -> bool {
    let mut row = 0;
    let mut longest = 0;
    for word in text.split_whitespace() {
        let letters = word.chars().filter(|letter| letter.is_alphabetic()).count();
        let is_capital = letters >= 3
            && !word.contains(|sign: char| sign.is_lowercase() || sign.is_numeric())
            && word.contains(['A', 'E', 'I', 'O', 'U', 'Ä', 'Ö', 'Ü', 'Y']);
        row = if is_capital {
            row + 1
        } else if letters == 0 || letters < 3 && row > 0 && !word.contains(char::is_lowercase) {
            row
        } else {
            0
        };
        longest = longest.max(row);
    }
    longest >= SHOUTED_WORDS
}
