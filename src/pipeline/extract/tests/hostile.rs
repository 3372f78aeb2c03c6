use std::time::{Duration, Instant};

use super::*;

const KINDS: [ParameterType; 9] = [
    ParameterType::Number,
    ParameterType::Date,
    ParameterType::Iban,
    ParameterType::MeterReading,
    ParameterType::Email,
    ParameterType::Phone,
    ParameterType::Address,
    ParameterType::Enum,
    ParameterType::Text,
];

#[test]
fn no_text_takes_long_or_ends_the_program() {
    let repeated = |part: &str| part.repeat(200_000);
    let texts = [
        "a".repeat(5_000_000),
        "ä".repeat(5_000_000),
        repeated("1 "),
        repeated("12.345 "),
        repeated("123 456 "),
        repeated("nicht alt neu "),
        repeated("neu: "),
        repeated("\n"),
        repeated("Stand\n"),
        repeated("Stand | alt\n"),
        repeated("1 | 2\n"),
        repeated("a@"),
        repeated("a@b."),
        repeated("+49 "),
        repeated("DE89"),
        repeated("DE89 3704 0044 "),
        repeated("1.1.2026 "),
        repeated("Straße 5, 12345 A "),
        repeated("Am "),
        repeated("reason: "),
        repeated("x:"),
        repeated("("),
        repeated("Stand alt neu "),
        repeated("-"),
        repeated("0 "),
        "9".repeat(5_000_000),
        repeated("9.999"),
        repeated("\u{301}\u{0}\u{feff}m³²½٣"),
        "٣ ²³ ½ 1² ³1 \u{202f}1\u{202f}234,".to_owned(),
        "1, 2. 3: 4- 5' 6’7 .8 ,9 1.,2 1,.2 99999999999999999999999999 1.2.3.4 0/0/0 99.99.9999".to_owned(),
    ];
    let mut slow = Vec::new();
    for kind in KINDS {
        let values = vec!["a".to_owned(), "a a a a b".to_owned(), String::new(), "-".to_owned()];
        let parameter = Parameter { values, ..parameter(kind, "reason", "Reason") };
        for text in &texts {
            let started = Instant::now();
            read(text, &parameter);
            let took = started.elapsed();
            if took > Duration::from_secs(10) {
                slow.push(format!("{kind:?} {:?} {took:?}", &text[..text.floor_char_boundary(20)]));
            }
        }
    }
    assert!(slow.is_empty(), "{}", slow.join("\n"));
}

#[test]
fn every_prefix_of_a_mail_can_be_read() {
    let mail = "Grüße,\nZählerstand alt/neu: 12.431,5 / 12 998 m³ — nicht 1'234 sondern (5678)! Am 1. 10. 2026, ±½ \u{301}ß 0171/123 45-67 DE89 3704 \
        0044 0532 0130 00 tom@x.de Hauptstr. 5a, 82031 Grünwald | neu | x: → 30/11 zum 15. nächsten Monats";
    for kind in KINDS {
        let parameter = Parameter { values: vec!["neu".to_owned()], ..parameter(kind, "x", "Neu") };
        for end in (0..=mail.len()).filter(|&end| mail.is_char_boundary(end)) {
            read(&mail[..end], &parameter);
            read(&mail[end..], &parameter);
        }
    }
}
