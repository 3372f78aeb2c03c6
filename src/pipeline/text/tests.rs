use std::fmt::Write as _;
use std::time::{Duration, Instant};

use super::*;

fn clean(body: &str) -> String {
    extract(Some(body)).value.clean
}

#[test]
fn a_body_without_text_is_two_empty_texts() {
    assert_eq!(extract(None).value, Text::default());
    assert_eq!(extract(Some(" \n<p> </p>")).value, Text::default());
}

#[test]
fn the_cases_of_our_own_writing_hold() {
    let cases = include_str!("../../../tests/eval/tuned/text.jsonl");
    let fold = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut failures = String::new();
    let mut count = 0;
    for line in cases.lines() {
        let case: serde_json::Value = serde_json::from_str(line).unwrap();
        let Some(expected) = case["expect"]["bodyClean"].as_str() else { continue };
        count += 1;
        let finding = extract(case["ticket"]["body"].as_str());
        let (found, expected) = (fold(&finding.value.clean), fold(expected));
        if found != expected {
            let _ = write!(
                failures,
                "\n{}\n  expected {expected}\n  found    {found}\n  {:?}",
                case["id"], finding.evidence
            );
        }
    }
    assert!(count >= 60, "{count} cases");
    assert!(failures.is_empty(), "{failures}");
}

#[test]
fn bad_input_is_fast_and_ends_at_a_letter() {
    // What grows with the square of the text is far beyond the time at a quarter of what is read already.
    let length = READ / 4;
    let five_megabytes = 5 * 1024 * 1024;
    let mut attributes = "<p>a</p><a".to_owned();
    for number in 0..20_000 {
        let _ = write!(attributes, " {number:x}=\">\"");
    }
    let bodies = [
        ("one word", "ä".repeat(five_megabytes / 2)),
        ("nested tables", "<table><tr><td>".repeat(10_000) + "x"),
        ("nested quotes", "<blockquote type=cite>".repeat(6_000) + "x"),
        ("open elements", "<b><i>".repeat(10_000) + &"</p>".repeat(10_000)),
        ("attributes", attributes),
        ("control characters", "\u{1}\u{7}\u{1b}\u{85}".repeat(length / 5)),
        ("less-than signs", "<".repeat(five_megabytes)),
        ("tags without end", "<a ".repeat(length / 3)),
        ("quote signs", ">".repeat(length)),
        ("quoted lines", "> a\n".repeat(length / 4)),
        ("blank lines", "\n".repeat(length)),
        ("headers", "Von: a@b\n\n".repeat(length / 10)),
        ("headers and gaps", ("Von: a\n".to_owned() + &"\n".repeat(500)).repeat(250)),
        ("attributions", "Am 3. Mai um 10:12 schrieb\n".repeat(length / 27)),
        ("closings", "Mit freundlichen ".repeat(length / 17)),
        ("closing lines", "ich habe Ihnen viele Grüße an alle, LG\n".repeat(length / 42)),
        ("equals signs", "=\n=C3".repeat(length / 5)),
        ("entities", "&amp".repeat(length / 4)),
        ("full stops", ". ".repeat(length / 2)),
        ("sent from", ". sent from my".repeat(length / 14)),
        ("names", "Tom\n\n".repeat(length / 5)),
        ("rules", "---\n".repeat(length / 4)),
    ];
    for (name, body) in bodies {
        let start = Instant::now();
        let text = extract(Some(&body)).value;
        let took = start.elapsed();
        assert!(took < Duration::from_secs(4), "{name} took {took:?}");
        assert!(text.plain.len() <= READ * 2, "{name}");
    }
}

#[test]
fn a_long_body_is_read_up_to_the_limit_and_without_embedded_files() {
    let body =
        format!("<p>Hallo</p><img src=\"data:image/png;base64,{}\"><p>Ende</p>", "iVBO".repeat(1_000_000));
    assert_eq!(clean(&body), "Hallo\n\nEnde");
    let body = format!("a{}", "ü".repeat(READ));
    let finding = extract(Some(&body));
    assert_eq!(finding.value.plain.len(), READ - 1);
    assert_eq!(finding.evidence, ["read the first 512 kB of 1024 kB"]);
}

#[test]
fn the_plain_text_keeps_what_the_clean_one_leaves_out() {
    let finding = extract(Some(
        "Hallo,\r\n\r\nStand 123.\r\n\r\nLG Tom\r\n\r\nAm 3. Mai 2024 um 10:12 schrieb Service <s@x.de>:\r\n> Wie ist der Stand?\r\n",
    ));
    assert_eq!(finding.value.clean, "Hallo,\n\nStand 123.");
    assert!(finding.value.plain.ends_with("\n> Wie ist der Stand?"));
    assert_eq!(finding.evidence, ["cut quoted lines: 1", "cut the closing formula from 'LG Tom'"]);
}

#[test]
fn a_mail_without_a_message_of_its_own_is_not_empty() {
    assert_eq!(clean("LG Tom\n\nGesendet von meinem iPhone"), "LG Tom");
    assert_eq!(
        clean(
            "Gesendet von meinem iPhone\n\nAnfang der weitergeleiteten Nachricht:\n\nVon: A <a@x.de>\nDatum: 3. Mai\nAn: b@x.de\nBetreff: x\n\nDer Zähler steht.\n\nMfG\nA"
        ),
        "Der Zähler steht."
    );
    assert_eq!(
        clean("<div class=\"gmail_signature\">Ich habe noch eine Frage dazu.<br>LG</div>"),
        "Ich habe noch eine Frage dazu."
    );
    assert_eq!(clean("> Das ist alles, was hier steht."), "Das ist alles, was hier steht.");
}

#[test]
fn a_mail_of_2_kb_takes_less_than_a_fifth_of_the_budget() {
    let html = format!(
        "<html><head><style>p{{margin:0}}</style></head><body>{}<p class=MsoNormal>Mit freundlichen Gr&uuml;&szlig;en</p><p>Tom</p></body></html>",
        "<p class=MsoNormal><span style='font-size:11.0pt'>Sehr geehrte Damen und Herren, mein Z&auml;hlerstand ist 123.</span><o:p></o:p></p>\n".repeat(14)
    );
    let plain = "Sehr geehrte Damen und Herren, mein Zählerstand ist 123 und ich ziehe bald um.\n".repeat(24)
        + "\nMit freundlichen Grüßen\nTom";
    for (name, body) in [("html", html), ("plain", plain)] {
        let start = Instant::now();
        for _ in 0..200 {
            std::hint::black_box(extract(Some(&body)));
        }
        // The budget is one of an optimised build.
        let limit = Duration::from_millis(if cfg!(debug_assertions) { 40 } else { 2 });
        let took = start.elapsed() / 200;
        println!("{name}, {} bytes: {took:?}", body.len());
        assert!(took < limit, "{name}: {took:?}");
    }
}
