use super::*;
use crate::domain::word::Word;

fn tone(language: &str, text: &str) -> &'static str {
    judge("", text, Some(language)).value.as_str()
}

#[test]
fn tone_is_not_topic() {
    for (language, text) in [
        ("de", "Hiermit kündige ich meinen Vertrag fristgerecht zum Jahresende. Vielen Dank im Voraus."),
        ("de", "Wann kommt meine Rechnung?"),
        ("en", "Please cancel my contract at the end of the year. Thanks in advance."),
        ("en", "My meter reading is 4711 kWh."),
        ("fr", "Je souhaite résilier mon contrat."),
    ] {
        assert_eq!(tone(language, text), "neutral", "{text}");
    }
}

#[test]
fn anger_fear_and_sarcasm_are_negative() {
    for (language, text) in [
        ("de", "Das ist eine Frechheit! Seit Wochen antwortet niemand."),
        ("de", "Na toll, schon wieder eine falsche Rechnung. Herzlichen Dank für nichts."),
        ("de", "Ich habe große Angst, dass mir der Strom abgestellt wird."),
        ("en", "This is outrageous. Nobody answers the phone, I am fed up."),
        ("fr", "C'est inadmissible, je suis très mécontent."),
    ] {
        assert_eq!(tone(language, text), "negative", "{text}");
    }
}

#[test]
fn praise_is_positive() {
    for (language, text) in [
        ("de", "Ihre Mitarbeiterin war super freundlich, ich bin sehr zufrieden!"),
        ("en", "Wonderful service, I am very happy. You solved it so quickly!"),
    ] {
        assert_eq!(tone(language, text), "positive", "{text}");
    }
}

#[test]
fn long_and_hostile_texts_are_judged_by_their_beginning() {
    for text in ["!".repeat(5_000_000), "nicht ".repeat(900_000), "ä".repeat(2_500_000)] {
        let began = std::time::Instant::now();
        judge(&text, &text, None);
        assert!(began.elapsed().as_secs() < 5);
    }
}
