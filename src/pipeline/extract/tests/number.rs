use super::*;

#[test]
fn the_amount_that_is_wanted_is_not_the_one_that_was() {
    assert_all(
        &parameter(ParameterType::Number, "depositAmount", "New deposit"),
        &[
            ("Bitte den Abschlag auf 53 Euro senken (bisher 78).", json!(53)),
            ("Ändern Sie meinen Abschlag bitte von 78 auf 53.", json!(53)),
            ("Ich zahle bisher 78 € und möchte künftig 53 € zahlen.", json!(53)),
            ("Please lower my monthly payment from 120 to 95 EUR.", json!(95)),
            ("Mein Abschlag soll von 110,00 € auf 89,50 € gesenkt werden. Kundennummer 83771.", json!(89.5)),
            ("Vertrag 746839: ab 1.10.2026 bitte 60 Euro statt 80 Euro Abschlag", json!(60)),
            ("Bitte erhöhen Sie den Abschlag um 20 Euro auf 73 Euro.", json!(73)),
            ("Je souhaite passer ma mensualité de 78 € à 53 €.", json!(53)),
            ("Graag mijn termijnbedrag van 78 euro naar 53 euro verlagen.", json!(53)),
            ("Proszę obniżyć zaliczkę z 78 na 53 zł.", json!(53)),
            ("Vorrei abbassare la rata da 78 a 53 euro.", json!(53)),
            ("Quiero bajar la cuota de 78 a 53 euros.", json!(53)),
            ("Aylık ödememi 78 TL yerine 53 TL yapın.", json!(53)),
            ("Abschlag: 1.250,00 EUR, Zählerstand 4711 kWh", json!(1250)),
            ("Ich möchte den Abschlag senken, Kundennummer 83771.", Value::Null),
        ],
    );
}

#[test]
fn a_number_is_found_by_the_words_of_its_name() {
    for (key, name, text, expected) in [
        ("persons", "Personen im Haushalt", "Wir wohnen auf 85 qm mit 3 Personen, Hauptstr. 12", json!(3)),
        ("persons", "Number of persons", "Der Tarif gilt ab 3 Personen", json!(3)),
        ("area", "Wohnfläche", "Wir wohnen auf 85 qm mit 3 Personen", json!(85)),
        ("dataVolume", "Extra data in MB", "I would like 20 MB more, we are 3 people", json!(20)),
        (
            "consumption",
            "Jahresverbrauch",
            "Mein Jahresverbrauch liegt bei 3.500 kWh, Abschlag 78 Euro",
            json!(3500),
        ),
        ("meterNumber", "Zählernummer", "Zählernummer 60669167, Stand 8733", json!(60_669_167)),
        ("quantity", "Anzahl", "Bitte senden Sie mir 2 Stück bis 1.12.2026", json!(2)),
    ] {
        assert_eq!(read(text, &parameter(ParameterType::Number, key, name)), Some(expected), "{key}: {text}");
    }
}

#[test]
fn a_pattern_says_where_the_number_stands() {
    let volume = Parameter {
        pattern: Some("([0-9]+) ?GB".to_owned()),
        ..parameter(ParameterType::Number, "volume", "Volume")
    };
    assert_eq!(read("Tarif 5 zu 20 Euro, bitte 40 GB dazu", &volume), Some(json!(40)));
    assert_eq!(read("Tarif 5 zu 20 Euro", &volume), None);
}

#[test]
fn a_deposit_is_read_in_mails_as_people_write_them() {
    assert_all(
        &parameter(ParameterType::Number, "depositAmount", "New deposit"),
        &[
            ("Bitte passen Sie meinen monatlichen Abschlag ab Januar auf 95 Euro an.", json!(95)),
            ("Mein Abschlag von 120 € ist viel zu hoch. 80 € würden reichen.", json!(80)),
            ("Ich möchte statt 120 € nur noch 80 € im Monat zahlen. Verbrauch 2.500 kWh.", json!(80)),
            ("Abschlag bitte um 20 € senken", Value::Null),
            ("Please increase my deposit to 1,250.50 EUR per month", json!(1250.5)),
            ("Abschlag 95,- EUR ab 1.1.", json!(95)),
            ("neuer Abschlag: 95", json!(95)),
            ("Könnten Sie die Zahlung auf EUR 95 reduzieren? Vertrag 746839", json!(95)),
            ("I currently pay £120 a month, could you make it £80?", json!(80)),
            ("Ich bekomme 150 Euro Guthaben, bitte den Abschlag auf 60 Euro setzen.", json!(60)),
            ("Warum ist mein Abschlag gestiegen? Kunde seit 2019, 2 Personen", Value::Null),
            ("Abschlag 120€ -> 80€", json!(80)),
        ],
    );
}
