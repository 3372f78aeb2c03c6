use super::*;

const OLD: &str = "DE89370400440532013000";
const NEW: &str = "GB29NWBK60161331926819";

#[test]
fn an_iban_is_read_compact_and_the_new_one_wins() {
    assert_all(
        &parameter(ParameterType::Iban, "iban", "IBAN"),
        &[
            ("IBAN: DE89 3704 0044 0532 0130 00 bei der Commerzbank", json!(OLD)),
            ("de89370400440532013000", json!(OLD)),
            ("iban de89 3704 0044 0532 0130 00.", json!(OLD)),
            ("alt: DE89370400440532013000, neu: GB29 NWBK 6016 1331 9268 19", json!(NEW)),
            ("Neue IBAN GB29 NWBK 6016 1331 9268 19 (bisher DE89 3704 0044 0532 0130 00)", json!(NEW)),
            (
                "Bisher haben Sie von DE89370400440532013000 abgebucht, künftig bitte von GB29NWBK60161331926819.",
                json!(NEW),
            ),
            ("Please use GB29 NWBK 6016 1331 9268 19 instead of DE89 3704 0044 0532 0130 00", json!(NEW)),
            ("DE88 3704 0044 0532 0130 00", Value::Null),
        ],
    );
}

#[test]
fn a_mail_address_is_the_new_one() {
    assert_all(
        &parameter(ParameterType::Email, "email", "E-Mail"),
        &[
            ("Bitte an tom@mustermann.de.", json!("tom@mustermann.de")),
            ("Meine neue Adresse ist neu@x.de, die alte war alt@x.de", json!("neu@x.de")),
            ("statt alt@x.de bitte neu@x.de verwenden", json!("neu@x.de")),
            ("Old address: a@x.com\nNew address: <b@x.com>", json!("b@x.com")),
            ("kein Mail hier @home", Value::Null),
        ],
    );
}

#[test]
fn a_telephone_number_stays_as_it_is_written() {
    assert_all(
        &parameter(ParameterType::Phone, "phone", "Telefon"),
        &[
            ("Rufen Sie mich an: 0171 1234567.", json!("0171 1234567")),
            ("Kundennummer 0083771, Tel.: +49 (89) 1234-567", json!("+49 (89) 1234-567")),
            ("Zählerstand 012431, erreichbar unter 030/123456", json!("030/123456")),
            ("neue Nummer 0171 1234567, alte Nummer 0160 7654321", json!("0171 1234567")),
            ("Mon numéro: 06 12 34 56 78", json!("06 12 34 56 78")),
            ("Termin am 01.12.2026", Value::Null),
        ],
    );
}

#[test]
fn an_address_is_one_line_and_the_new_one() {
    assert_all(
        &parameter(ParameterType::Address, "newAddress", "New address"),
        &[
            (
                "Wir ziehen in die Hugo-Junkers-Str. 5, 82031 Grünwald um.",
                json!("Hugo-Junkers-Str. 5, 82031 Grünwald"),
            ),
            ("von der Hauptstraße 3 nach Lindenweg 12a, 10115 Berlin", json!("Lindenweg 12a, 10115 Berlin")),
            (
                "Alte Adresse: Hauptstr. 3, 82031 Grünwald\nNeue Adresse: Lindenweg 12, 10115 Berlin",
                json!("Lindenweg 12, 10115 Berlin"),
            ),
            (
                "Neue Adresse:\nAlte Landstraße 5\n60311 Frankfurt am Main",
                json!("Alte Landstraße 5, 60311 Frankfurt am Main"),
            ),
            ("my new address is 12 High Street, London SW1A 1AA", json!("12 High Street, London SW1A 1AA")),
            ("Ma nouvelle adresse : 12 rue de la Paix, 75002 Paris", json!("12 rue de la Paix, 75002 Paris")),
            ("Ik verhuis naar Kerkstraat 12, 1234 AB Amsterdam", json!("Kerkstraat 12, 1234 AB Amsterdam")),
            ("nowy adres: ul. Długa 5, 00-950 Warszawa", json!("ul. Długa 5, 00-950 Warszawa")),
            ("Il nuovo indirizzo è Via Roma 5, 20121 Milano", json!("Via Roma 5, 20121 Milano")),
            ("La nueva dirección es Calle Mayor 5, 28013 Madrid", json!("Calle Mayor 5, 28013 Madrid")),
            ("Ich habe am 3. Mai angerufen", Value::Null),
            ("Zählerstand 12.431 kWh", Value::Null),
        ],
    );
}

#[test]
fn a_value_of_an_enum_stands_as_a_whole_word() {
    let values = ["monatlich", "jährlich", "halb jährlich"].map(str::to_owned).to_vec();
    let interval = Parameter { values, ..parameter(ParameterType::Enum, "interval", "Zahlweise") };
    assert_all(
        &interval,
        &[
            ("Bitte künftig JAEHRLICH abbuchen", json!("jährlich")),
            ("lieber halb-jährlich zahlen", json!("halb jährlich")),
            ("bisher monatlich, jetzt jährlich", json!("jährlich")),
            ("nicht monatlich sondern jährlich", json!("jährlich")),
            ("dreimonatliche Zahlung", Value::Null),
        ],
    );
}

#[test]
fn a_text_follows_its_name_or_matches_its_pattern() {
    let reason = parameter(ParameterType::Text, "reason", "Grund");
    assert_eq!(
        read("Ich kündige.\nGrund: Umzug nach Berlin. Danke", &reason),
        Some(json!("Umzug nach Berlin"))
    );
    assert_eq!(read("Reason: moving abroad", &reason), Some(json!("moving abroad")));
    assert_eq!(read("Ohne Grund", &reason), None);
    let order = Parameter {
        pattern: Some("Auftrag ([A-Z]{2}[0-9]{4})".to_owned()),
        ..parameter(ParameterType::Text, "order", "Auftrag")
    };
    assert_eq!(read("zu Auftrag AB1234 und Auftrag CD5678", &order), Some(json!("AB1234")));
}

#[test]
fn an_address_is_read_in_mails_as_people_write_them() {
    assert_all(
        &parameter(ParameterType::Address, "newAddress", "New address"),
        &[
            (
                "Wir ziehen am 15.1. von der Hauptstr. 5, 80331 München in den Lindenweg 7, 80333 München.",
                json!("Lindenweg 7, 80333 München"),
            ),
            (
                "Neue Anschrift ab 1.12.2026: Karl-Marx-Allee 120, 10243 Berlin. Bisher: Am Markt 3, 04109 Leipzig.",
                json!("Karl-Marx-Allee 120, 10243 Berlin"),
            ),
            (
                "Meine neue Adresse lautet Unter den Linden 77 in 10117 Berlin.",
                json!("Unter den Linden 77, 10117 Berlin"),
            ),
            ("Straße: Bahnhofstraße 12 b\nPLZ/Ort: 50667 Köln", json!("Bahnhofstraße 12 b")),
            ("Tom Mustermann, Goethestr. 12b, D-60313 Frankfurt", json!("Goethestr. 12b, 60313 Frankfurt")),
            (
                "I'm moving to 221B Baker Street, London NW1 6XE from 5 Park Road",
                json!("221B Baker Street, London NW1 6XE"),
            ),
            ("Ich habe 3 Verträge und 2 Zähler", Value::Null),
            ("Am Montag um 5 habe ich angerufen", Value::Null),
            (
                "Nous déménageons au 5 avenue Victor Hugo, 69002 Lyon",
                json!("5 avenue Victor Hugo, 69002 Lyon"),
            ),
        ],
    );
}
