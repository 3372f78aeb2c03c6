//! How a message is written: of whom it speaks, what it links to, how long it is.

use crate::pipeline::fold::fold;
use crate::pipeline::phrases::Words;

/// Words of who speaks of himself, folded.
const FIRST_PERSON: &[&str] = &[
    "ich", "mir", "mich", "mein", "meine", "meinen", "meinem", "meiner", "meines", "i", "my", "me", "mine",
    "je", "j", "moi", "mon", "ma", "mes", "ik", "mij", "mijn", "mnie", "moj", "moja", "moje", "mojej", "ben",
    "bana", "beni", "benim", "io", "mio", "mia", "miei", "yo", "mis", "im", "ive",
];

/// Words of a firm or a household that speaks of itself, folded.
const WE: &[&str] = &[
    "wir", "uns", "unser", "unsere", "unseren", "unserem", "unserer", "we", "our", "us", "nous", "notre",
    "nos", "wij", "we", "ons", "onze", "nasz", "nasza", "nasze", "naszej", "biz", "bizim", "noi", "nostro",
    "nostra", "nostri", "nosotros", "nuestro", "nuestra", "nuestros",
];

/// Words of who speaks to the reader, folded.
const SECOND_PERSON: &[&str] = &[
    "sie", "ihnen", "ihr", "ihre", "ihren", "ihrem", "ihrer", "ihres", "du", "dir", "dich", "dein", "deine",
    "deinen", "deiner", "euch", "euer", "eure", "you", "your", "yours", "vous", "votre", "vos", "u", "uw",
    "panstwo", "panstwa", "panstwu", "siz", "size", "sizin", "vi", "vostro", "vostra", "suo", "sua", "tuo",
    "tua", "usted", "ustedes", "su", "sus", "tu", "tus", "twoj", "twoje", "jouw", "je",
];

/// Endings of addresses that fraud prefers because they cost next to nothing.
pub const CHEAP_DOMAINS: &[&str] = &[
    "xyz", "top", "site", "click", "club", "online", "icu", "buzz", "live", "shop", "store", "loan", "win",
    "bid", "work", "vip", "cyou", "rest", "monster", "cam", "sbs", "cfd", "lol", "ru", "cn", "tk", "ml",
    "ga", "cf", "gq", "website", "space", "fun", "quest", "biz",
];

/// The last word of a mailing, folded.
const UNSUBSCRIBING: &[&str] = &[
    " abmelden",
    " abbestellen",
    " austragen",
    " unsubscribe",
    " preferences",
    " impressum",
    " desabonner",
    " desinscrire",
    " afmelden",
    " uitschrijven",
    " wypisz sie",
    " cancellati",
    " disiscriviti",
    " darse de baja",
    " abonelikten cik",
    " opt out",
];

/// As many links are looked at.
const MAX_LINKS: usize = 20;

/// The names of the signs that a text shows.
pub fn signs(words: &Words, text: &str, from: Option<&str>) -> Vec<&'static str> {
    let said = |list: &[&str]| {
        (0..words.count()).filter(|at| words.get(*at).is_some_and(|word| list.contains(&word))).count()
    };
    let number = |sign: char| text.matches(sign).count();
    let mut signs = vec![
        match said(FIRST_PERSON) {
            0 => "never says I",
            1 | 2 => "says I once or twice",
            _ => "says I often",
        },
        match said(WE) {
            0 => "never says we",
            1 | 2 => "says we once or twice",
            _ => "says we often",
        },
        match said(SECOND_PERSON) {
            0 => "never says you",
            1 | 2 => "says you once or twice",
            _ => "says you often",
        },
        match words.count() {
            0..8 => "fewer than 8 words",
            8..20 => "fewer than 20 words",
            20..60 => "fewer than 60 words",
            60..150 => "fewer than 150 words",
            _ => "150 words and more",
        },
        match number('?') {
            0 => "no question",
            1 => "one question",
            _ => "several questions",
        },
    ];
    let mut sign = |holds: bool, name: &'static str| {
        if holds {
            signs.push(name);
        }
    };
    sign(number('!') >= 2, "several exclamation marks");
    sign(text.contains('%'), "a percentage");
    sign(text.contains(['€', '$', '£']), "a price");
    sign(has_long_number(text), "a long number");
    sign(ends_with_unsubscribing(text), "ends with a way to unsubscribe");
    let links: Vec<&str> = text.split("://").skip(1).take(MAX_LINKS).map(host).collect();
    let www = text.matches("www.").count();
    sign(links.len() + www == 1, "one link");
    sign(links.len() + www > 1, "several links");
    let sender = from.and_then(|from| from.rsplit_once('@')).map(|(_, domain)| site(host(domain)));
    sign(links.iter().any(|link| Some(site(link)) == sender), "a link to the sender");
    let is_cheap = |host: &str| host.rsplit('.').next().is_some_and(|end| CHEAP_DOMAINS.contains(&end));
    sign(links.iter().any(|link| is_cheap(link)), "a link to an address that fraud prefers");
    signs
}

/// Six digits and more in a row, blanks aside: what customers, meters and accounts are known by.
fn has_long_number(text: &str) -> bool {
    let mut digits = 0;
    for sign in text.bytes() {
        match sign {
            b'0'..=b'9' => digits += 1,
            b' ' => {}
            _ => digits = 0,
        }
        if digits >= 6 {
            return true;
        }
    }
    false
}

fn ends_with_unsubscribing(text: &str) -> bool {
    let text = text.trim_end();
    let end = fold(&text[text.ceil_char_boundary(text.len().saturating_sub(80))..]);
    UNSUBSCRIBING.iter().any(|word| end.ends_with(word))
}

/// The host at the start of an address without its scheme.
fn host(address: &str) -> &str {
    let address = &address[..address.floor_char_boundary(255)];
    let end = address.find(|sign: char| !(sign.is_alphanumeric() || sign == '.' || sign == '-'));
    address[..end.unwrap_or(address.len())].trim_end_matches('.')
}

/// The last two parts of a host.
fn site(host: &str) -> &str {
    let mut dots = host.rmatch_indices('.').map(|(at, _)| at);
    dots.nth(1).map_or(host, |at| &host[at + 1..])
}
