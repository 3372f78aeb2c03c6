//! Postal addresses as people and back ends write them.

use super::label::{Called, label};
use super::scan::{Scan, Token};

/// A street has at most so many words.
const MAX_STREET_WORDS: usize = 5;
/// A street without a number is looked for among so many words.
const MAX_TOKENS: usize = 400;
/// From this similarity on two spellings are one street.
const SIMILAR: f64 = 0.82;

/// A street with a house number, as it may stand somewhere in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Street {
    /// The words in front of the house number, folded, the nearest last; for a directory the whole street.
    pub words: Vec<String>,
    /// Folded: `12a`.
    pub number: String,
    /// The token at which the house number stands.
    pub index: usize,
}

/// What a text says of where somebody lives.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Places {
    pub streets: Vec<Street>,
    /// Folded: `82031`, `1012ab`, `00238`.
    pub postcodes: Vec<String>,
}

/// An address of the directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// Folded without blanks: `hugojunkersstr`.
    pub street: String,
    pub number: String,
    pub postcode: Option<String>,
    /// The words of the town, folded.
    pub town: Vec<String>,
}

impl Street {
    /// The street's possible names, from the nearest word to all of them.
    pub fn names(&self) -> impl Iterator<Item = String> + '_ {
        (0..self.words.len()).rev().map(|from| street_name(&self.words[from..]))
    }
}

/// Every street and postcode of a text, each at most `limit` times.
pub fn places(scan: &Scan, limit: usize) -> Places {
    let mut places = Places::default();
    for index in 0..scan.tokens.len() {
        if places.streets.len() < limit
            && let Some(street) = street(scan, index)
        {
            places.streets.push(street);
        }
        if places.postcodes.len() < limit
            && let Some(postcode) = postcode(scan, index)
            && !places.postcodes.contains(&postcode)
        {
            places.postcodes.push(postcode);
        }
    }
    places
}

/// Whether a five-digit number stands as postcodes do: before a town, or behind the country's letter.
pub fn is_postcode_like(scan: &Scan, index: usize) -> bool {
    let Some(token) = scan.tokens.get(index) else { return false };
    let is_code = token.is_number && matches!(token.folded.len(), 4 | 5);
    is_code && (has_country(scan, index) || next_is_town(scan, index))
}

/// Reads an address of the directory; `None` where no street with a number is in it.
pub fn read(text: &str) -> Option<Address> {
    let scan = Scan::new(text.chars().take(300).collect());
    let places = places(&scan, 8);
    // "82031 Grünwald, Am Markt 5" has a street; so has the first of "Hauptstr. 5, Etage 3".
    let street = places.streets.iter().find(|street| !places.postcodes.contains(&street.number))?;
    let postcode = postcode_index(&scan);
    let town = postcode.map(|(_, last)| {
        let words = scan.tokens.iter().skip(last + 1);
        words.take_while(|token| !token.has_digit).take(4).map(|token| token.folded.clone()).collect()
    });
    Some(Address {
        street: street_name(&street.words),
        number: street.number.clone(),
        postcode: places.postcodes.first().cloned(),
        town: town.unwrap_or_default(),
    })
}

impl Address {
    /// Whether a text names this address: the street, allowing for a slip, with its number, and the
    /// postcode or the town unless it names neither.
    pub fn is_in(&self, scan: &Scan, places: &Places) -> bool {
        let has_street = places.streets.iter().any(|street| {
            street.number == self.number && street.names().any(|name| is_same_street(&name, &self.street))
        });
        if !has_street {
            return self.is_in_without_number(scan, places);
        }
        let Some(postcode) = &self.postcode else { return true };
        if places.postcodes.is_empty() || places.postcodes.contains(postcode) {
            return true;
        }
        // A slip in the postcode of a town that is named.
        let town = self.town.first();
        town.is_some_and(|town| town.len() >= 3 && scan.tokens.iter().any(|token| &token.folded == town))
    }
}

impl Address {
    /// Whether a text names the street and the postcode, and no house number with them.
    fn is_in_without_number(&self, scan: &Scan, places: &Places) -> bool {
        if !self.postcode.as_ref().is_some_and(|postcode| places.postcodes.contains(postcode)) {
            return false;
        }
        let ends_here = |index: usize| {
            let from = scan.line_of(index).start.max((index + 1).saturating_sub(MAX_STREET_WORDS));
            let words: Vec<String> =
                scan.tokens[from..=index].iter().map(|token| token.folded.clone()).collect();
            (0..words.len()).any(|from| street_name(&words[from..]) == self.street)
        };
        (0..scan.tokens.len().min(MAX_TOKENS)).any(|index| {
            let has_number = scan.tokens.get(index + 1).is_some_and(|next| house_number(next).is_some());
            !has_number && ends_here(index)
        })
    }
}

fn is_same_street(written: &str, known: &str) -> bool {
    written == known
        || (known.len() >= 6
            && written.len().abs_diff(known.len()) <= 3
            && strsim::normalized_damerau_levenshtein(written, known) >= SIMILAR)
}

/// One spelling for "Hugo-Junkers-Straße", "Hugo Junkers Str" and "Hugojunkersstr".
fn street_name(words: &[String]) -> String {
    let mut name = words.concat();
    for long in ["strasse", "strase", "strass"] {
        if let Some(stem) = name.strip_suffix(long) {
            name = format!("{stem}str");
            break;
        }
    }
    if let Some(stem) = name.strip_suffix("platz") {
        name = format!("{stem}pl");
    }
    for abbreviated in ["ulica", "ul", "aleja", "al"] {
        if words.first().is_some_and(|first| first == abbreviated) && words.len() > 1 {
            name = name.get(abbreviated.len()..).unwrap_or_default().to_owned();
        }
    }
    name
}

fn street(scan: &Scan, index: usize) -> Option<Street> {
    let token = scan.tokens.get(index)?;
    let mut number = house_number(token)?;
    // "12 a", but not "12 am".
    if let Some(next) = scan.tokens.get(index + 1).filter(|next| next.line == token.line && token.is_number)
        && next.folded.len() == 1
        && !next.has_digit
        && matches!(scan.gap(index), " " | "" | "-")
    {
        number.push_str(&next.folded);
    }
    let mut words = words_before(scan, index);
    if words.is_empty()
        || words.last().is_some_and(|word| matches!(word.as_str(), "hausnummer" | "hausnr" | "nr" | "no"))
    {
        words = words_above(scan, index).unwrap_or(words);
    }
    let behind = if words.is_empty() { words_behind(scan, index) } else { Vec::new() };
    let words = if words.is_empty() { behind } else { words };
    let is_street = words.iter().any(|word| word.len() >= 3);
    is_street.then_some(Street { words, number, index })
}

/// Up to four digits and a letter.
fn house_number(token: &Token) -> Option<String> {
    if token.is_masked || !token.has_digit || token.folded.len() > 5 {
        return None;
    }
    let digits = token.folded.bytes().take_while(u8::is_ascii_digit).count();
    let letters = token.folded.get(digits..)?;
    let fits = (1..=4).contains(&digits)
        && letters.len() <= 1
        && letters.bytes().all(|byte| byte.is_ascii_lowercase());
    let number = token.folded.trim_start_matches('0');
    (fits && !number.is_empty()).then(|| number.to_owned())
}

/// The words in front of a house number, back to the line's or the phrase's beginning.
fn words_before(scan: &Scan, index: usize) -> Vec<String> {
    let mut words = Vec::new();
    for before in (0..index).rev().take(MAX_STREET_WORDS) {
        let gap = scan.gap(before);
        let is_joined = !gap.contains([',', ';', ':', '\n', '(', ')', '|', '\t', '!', '?'])
            || (gap.trim() == "," && words.is_empty());
        let token = &scan.tokens[before];
        if !is_joined || token.is_masked {
            break;
        }
        // "Straße des 17. Juni 135", "C 4".
        if token.has_digit && (words.is_empty() || token.folded.len() > 2) {
            break;
        }
        words.push(token.folded.clone());
    }
    words.reverse();
    words
}

/// A form asks for the street on the line above its "Hausnummer".
fn words_above(scan: &Scan, index: usize) -> Option<Vec<String>> {
    let line = scan.line_of(index);
    let above = scan.line_of(line.start.checked_sub(1)?);
    let near = scan.tokens.get(index)?.line - scan.tokens.get(above.start)?.line <= 2;
    let says_number =
        line.len() == 2 || scan.tokens.get(line.start).is_some_and(|token| token.folded.starts_with("haus"));
    let words: Vec<_> = scan.tokens.get(above)?.iter().collect();
    let is_street =
        words.first().is_some_and(|first| matches!(first.folded.as_str(), "strasse" | "str" | "street"));
    if !near || !says_number || !is_street || words.iter().any(|token| token.has_digit) {
        return None;
    }
    Some(words.iter().skip(1).take(MAX_STREET_WORDS).map(|token| token.folded.clone()).collect())
}

/// "12 rue de la Paix": the words behind a number that nothing stands before.
fn words_behind(scan: &Scan, index: usize) -> Vec<String> {
    let mut words = Vec::new();
    for at in index..(index + MAX_STREET_WORDS).min(scan.tokens.len() - 1) {
        let gap = scan.gap(at);
        let next = &scan.tokens[at + 1];
        if gap.contains(['\n', ';', ':', '(', '.'])
            || (gap.contains(',') && at > index)
            || next.has_digit
            || next.is_masked
        {
            break;
        }
        words.push(next.folded.clone());
    }
    words
}

fn postcode(scan: &Scan, index: usize) -> Option<String> {
    let token = scan.tokens.get(index)?;
    if !token.is_number || token.is_masked {
        return None;
    }
    let next = scan.tokens.get(index + 1).filter(|next| next.line == token.line);
    match token.folded.len() {
        5 => {
            let called = label(scan, index, index).called;
            let is_code = matches!(called, Called::Nothing | Called::Postcode) || next_is_town(scan, index);
            is_code.then(|| token.folded.clone())
        }
        4 => {
            let letters = next.filter(|next| {
                next.folded.len() == 2 && !next.has_digit && next.is_capital && scan.gap(index) == " "
            });
            match letters {
                Some(letters) => Some(format!("{}{}", token.folded, letters.folded)),
                None => is_postcode_like(scan, index).then(|| token.folded.clone()),
            }
        }
        2 => {
            let rest =
                next.filter(|next| next.is_number && next.folded.len() == 3 && scan.gap(index) == "-")?;
            Some(format!("{}{}", token.folded, rest.folded))
        }
        _ => None,
    }
}

fn postcode_index(scan: &Scan) -> Option<(usize, usize)> {
    (0..scan.tokens.len()).find(|index| postcode(scan, *index).is_some()).map(|index| {
        let last = if scan.tokens[index].folded.len() == 5 || is_postcode_like(scan, index) {
            index
        } else {
            index + 1
        };
        (index, last)
    })
}

fn has_country(scan: &Scan, index: usize) -> bool {
    let ahead = index.checked_sub(1).and_then(|before| scan.tokens.get(before));
    ahead.is_some_and(|token| {
        matches!(token.folded.as_str(), "d" | "a" | "ch" | "de" | "at") && scan.gap_before(index) == "-"
    })
}

/// Whether a capital word follows on the same line with nothing but a blank between.
fn next_is_town(scan: &Scan, index: usize) -> bool {
    let gap = scan.gap(index);
    matches!(gap, " " | "\u{a0}" | "  ")
        && scan.tokens.get(index + 1).is_some_and(|next| {
            next.is_capital
                && !next.has_digit
                && next.folded.len() >= 3
                && !super::label::is_label_word(&next.folded)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_in(address: &str, text: &str) -> bool {
        let scan = Scan::new(text.to_owned());
        read(address).unwrap().is_in(&scan, &places(&scan, 20))
    }

    #[test]
    fn an_address_of_the_directory_is_read() {
        for text in [
            "Hugo-Junkers-Str. 5, 82031 Grünwald",
            "Hugo-Junkers-Straße 5 82031 Grünwald",
            "82031 Grünwald, Hugo Junkers Strasse 5",
            "Hugo-Junkers-Str. 5, D-82031 Grünwald",
        ] {
            let address = read(text).unwrap();
            assert_eq!((address.street.as_str(), address.number.as_str()), ("hugojunkersstr", "5"), "{text}");
            assert_eq!(address.postcode.as_deref(), Some("82031"), "{text}");
            assert_eq!(address.town.first().map(String::as_str), Some("gruenwald"), "{text}");
        }
        assert_eq!(read("ul. Długa 5/7, 00-238 Warszawa").unwrap().street, "dluga");
        assert_eq!(read("Damstraat 12, 1012 AB Amsterdam").unwrap().postcode.as_deref(), Some("1012ab"));
        assert_eq!(read("12 rue de la Paix, 75002 Paris").unwrap().street, "ruedelapaix");
        assert_eq!(read("Am Markt 12 a, 20095 Hamburg").unwrap().number, "12a");
        assert_eq!(read("Postfach"), None);
    }

    #[test]
    fn spellings_of_an_address_are_one() {
        for text in [
            "Tom Mustermann, Hugo-Junkers-Str. 5, 82031 Grünwald",
            "ich wohne in der hugo junkers strasse 5 in 82031 grünwald",
            "Hugo-Junkers-Straße 5\n82031 Grünwald",
            "Hugo-Junckers-Str.5, 82031 Gruenwald",
            "Straße: Hugo-Junkers-Str.\nHausnummer: 5\nPLZ: 82031",
            "Hugo-Junkers-Str. 5, 82013 Grünwald",
            "Hugo-Junkers-Str., 82031 Grünwald",
        ] {
            assert!(is_in("Hugo-Junkers-Str. 5, 82031 Grünwald", text), "{text}");
        }
        assert!(is_in("Am Markt 12a, 20095 Hamburg", "Am Markt 12 A in Hamburg"));
    }

    #[test]
    fn another_address_is_not_this_one() {
        for text in [
            "Hugo-Junkers-Str. 7, 82031 Grünwald",
            "Hugo-Junkers-Str., 10115 Berlin",
            "Hugo-Junkers-Str. 5, 10115 Berlin",
            "Hauptstr. 5, 82031 Grünwald",
            "82031 Grünwald",
        ] {
            assert!(!is_in("Hugo-Junkers-Str. 5, 82031 Grünwald", text), "{text}");
        }
    }
}
