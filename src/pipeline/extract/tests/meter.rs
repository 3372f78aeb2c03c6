use super::*;

fn meter() -> Parameter {
    parameter(ParameterType::Number, "meterValue", "Meter value")
}

#[test]
fn german_mails_say_the_current_reading() {
    assert_all(
        &meter(),
        &[
            ("Mein Zählerstand beträgt 87.870,5 kWh.", json!(87870.5)),
            ("Zählerstand: 012431", json!(12431)),
            ("Der Zählerstand war bisher 12.431, jetzt 12.998.", json!(12998)),
            ("Sie haben geschätzt: 9.000, tatsächlich sind es 8.712 kWh.", json!(8712)),
            ("geschätzt wurden 9.000, tatsächlich sind es 8.712", json!(8712)),
            ("Der Stand ist nicht 78870 sondern 87870.", json!(87870)),
            ("Nicht 12345, sondern 12354 ist der richtige Zählerstand.", json!(12354)),
            ("Der alte Stand war 5.000, der neue ist 6.120.", json!(6120)),
            ("Zählerstand alt 5000 neu 6000", json!(6000)),
            ("Zählerstand alt/neu: 5.000 / 6.000 kWh", json!(6000)),
            ("Zählerstand neu: 6000\nZählerstand alt: 5000", json!(6000)),
            ("Alter Zählerstand\n12431\nNeuer Zählerstand\n12998", json!(12998)),
            ("Zählernummer | Stand alt | Stand neu\n606691 | 12.431 | 12.998", json!(12998)),
            ("Zählernummer Stand alt Stand neu Verbrauch\n606691 12.431 12.998 567", json!(12998)),
            ("| | Zählerstand |\n|---|---|\n| alt | 12.431 |\n| neu | 12.998 |", json!(12998)),
            ("Ich habe mich vertippt: Zählerstand ist 4711 statt 4171.", json!(4711)),
            ("Ich habe versehentlich 4523 statt 4532 angegeben.", json!(4532)),
            ("Statt 4523 muss es 4532 heißen, es geht um den Zählerstand.", json!(4532)),
            (
                "Sie haben den Stand auf 9.800 kWh geschätzt, tatsächlich zeigt der Zähler 9.120 kWh.",
                json!(9120),
            ),
            (
                "Der von Ihnen geschätzte Zählerstand von 9.800 kWh ist zu hoch. Abgelesen habe ich 9.120 kWh.",
                json!(9120),
            ),
            (
                "Laut Ihrer Rechnung 12.431 kWh, das kann aber nicht stimmen, denn der Zähler zeigt 12.341 kWh.",
                json!(12341),
            ),
            (
                "In der Rechnung steht der Zählerstand 12.431 kWh. Das ist falsch. Richtig ist 12.341 kWh.",
                json!(12341),
            ),
            ("Mein letzter Zählerstand war 4.500, aktuell sind es 5.231,7 kWh", json!(5231.7)),
            ("Zählernummer 60669167, Zählerstand 8733, Kundennummer 83771", json!(8733)),
            ("Zähler 60669167, Stand 8733", json!(8733)),
            ("Zählerstand für Zähler 606691: 12345", json!(12345)),
            ("Zähler 1ESY1160669167: 8712kWh", json!(8712)),
            ("Zählerstand am 01.10.2026: 23.456 kWh, Tel. 0171 1234567", json!(23456)),
            ("Mein Verbrauch war 3.500 kWh. Der Zähler steht bei 44.120.", json!(44120)),
            ("Wir haben 3.500 kWh im Jahr verbraucht, Zählerstand 44.120", json!(44120)),
            ("Stand heute 14.321, letztes Jahr 12.004", json!(14321)),
            ("14 321 kWh stehen auf dem Zähler", json!(14321)),
            ("Gaszähler 1234,567 m³", json!(1234.567)),
            ("Der Gaszähler zeigt 4.321 cbm an.", json!(4321)),
            ("Wasserzähler: 812 qm", json!(812)),
            ("HT: 12.345, NT: 6.789", json!(12345)),
            ("Stand NT 6.789 kWh, Stand HT 12.345 kWh", json!(12345)),
            ("Zählerstand 12'431 kWh", json!(12431)),
            ("Hallo,\n\nanbei mein Zählerstand:\n\n12345\n\nViele Grüße", json!(12345)),
            ("Guten Tag,\nich möchte meinen Zählerstand melden. Es sind 6 734 kWh.\nDanke", json!(6734)),
            (
                "Kundennummer: 83771\nVertrag: 746839\nZählernummer: 1ESY1160669167\nZählerstand: 12.998\nDatum: 20.11.2026",
                json!(12998),
            ),
            ("Hugo-Junkers-Str. 5, 82031 Grünwald\nStromzähler 23.456", json!(23456)),
            ("Zählerstand vom 01.01.2026: 12.431 kWh\nZählerstand vom 20.11.2026: 12.998 kWh", json!(12998)),
            ("01.01.2026: 12.431 kWh, 20.11.2026: 12.998 kWh, Zählerstände", json!(12998)),
            ("Bitte korrigieren Sie den Zählerstand von 45.210 auf 42.510.", json!(42510)),
            ("Zahlendreher! Statt 78870 bitte 87870 als Zählerstand eintragen.", json!(87870)),
            ("Am 1.10. um 8:30 Uhr habe ich abgelesen: 15678", json!(15678)),
            ("Der Zählerstand ist 12345 (der alte war 12000).", json!(12345)),
            ("12.000 (geschätzt)\n12.345 (abgelesen, Zählerstand)", json!(12345)),
            ("Der Stand 2021 ist richtig.", json!(2021)),
            ("Die Zählerablesung 2026: 15.432 kWh", json!(15432)),
            ("Abschlag bisher 78 Euro, der Zählerstand ist 4.321", json!(4321)),
            (
                "Zählerstand: 4.321 kWh, bitte überweisen Sie 12,50 € auf DE89 3704 0044 0532 0130 00",
                json!(4321),
            ),
            ("Mein Zähler ist bei 12345, ich wohne mit 3 Personen auf 85 qm.", json!(12345)),
            ("Sehr geschätztes Team, mein Zählerstand ist 12345", json!(12345)),
            ("Mein gemeldeter Stand war falsch, hier der richtige: 12345", json!(12345)),
            ("Zählerstand 78870 gemeldet. Korrekter Stand: 87870", json!(87870)),
            ("Es muss 87870 heißen und nicht 78870 (Zählerstand).", json!(87870)),
            ("Ich konnte leider nicht früher ablesen, der Stand ist 12345.", json!(12345)),
            ("Anfangsstand 1.200, Endstand 3.456", json!(3456)),
        ],
    );
}

#[test]
fn english_mails_say_the_current_reading() {
    assert_all(
        &meter(),
        &[
            ("My meter reading is 87,870.5 kWh", json!(87870.5)),
            ("The reading is 12,431 today.", json!(12431)),
            ("I wrote 4523 by mistake, it should read 4532", json!(4532)),
            ("I wrote 4523 by mistake. The meter reading should be 4532.", json!(4532)),
            ("The estimated reading of 5400 is wrong, the meter shows 5123.", json!(5123)),
            ("Please correct the reading: it is 4532, not 4523.", json!(4532)),
            ("I accidentally entered 4523 instead of 4532 for my meter.", json!(4532)),
            ("It should be 4532 instead of 4523, that's the meter reading", json!(4532)),
            ("previous reading 12,431, current reading 12,998", json!(12998)),
            ("Old reading: 5000\nNew reading: 6000", json!(6000)),
            ("Meter number 60669167, reading 8733. Customer number 83771", json!(8733)),
            ("The number on the meter is 15678.", json!(15678)),
            ("Hello, my account number is 83771 and the meter reads 012345 kWh.", json!(12345)),
            ("I moved in on 1 October 2026, the reading was 5610 kWh", json!(5610)),
            ("Your bill says 9,000 (estimated). My actual reading is 8,712.", json!(8712)),
            ("The gas meter shows 845.12 m3", json!(845.12)),
            ("I use about 3500 kWh per year. The meter is at 44,120.", json!(44120)),
            ("The current meter reading is 12431. Call me at +44 20 7946 0958.", json!(12431)),
        ],
    );
}

#[test]
fn mails_in_other_languages_say_the_current_reading() {
    assert_all(
        &meter(),
        &[
            ("Le compteur affiche 45210 kWh", json!(45210)),
            ("Bonjour, mon relevé de compteur est de 12 431 kWh. Numéro client 83771.", json!(12431)),
            ("Ancien index : 12431, nouvel index : 12998", json!(12998)),
            ("L'index estimé de 9.000 est faux, le compteur indique 8.712 kWh.", json!(8712)),
            ("Ce n'est pas 78870 mais 87870 sur mon compteur.", json!(87870)),
            ("J'ai écrit 4523 par erreur au lieu de 4532 pour le compteur.", json!(4532)),
            ("Meterstand: 1203 m3", json!(1203)),
            ("Mijn meterstand is 12.431, de vorige was 11.900.", json!(12431)),
            ("De oude meterstand was 5.000, de nieuwe is 6.120.", json!(6120)),
            ("Het is niet 78870 maar 87870, de meterstand dus.", json!(87870)),
            ("U heeft 9.000 geschat, de meter geeft 8.712 aan. Klantnummer 83771", json!(8712)),
            ("Stan licznika wynosi 23 456 kWh", json!(23456)),
            ("Poprzedni odczyt 12431, aktualny odczyt 12998", json!(12998)),
            ("Stan licznika to nie 78870, lecz 87870.", json!(87870)),
            ("Numer licznika: 606691, stan: 8712 kWh", json!(8712)),
            ("Zamiast 4523 powinno być 4532, chodzi o licznik.", json!(4532)),
            ("Sayaç endeksi 12.998 kWh", json!(12998)),
            ("Sayacın eski değeri 12431, yeni değeri 12998.", json!(12998)),
            ("Sayaç değeri 78870 değil 87870 olmalı.", json!(87870)),
            ("4523 yerine 4532 yazılmalı, sayaç endeksi.", json!(4532)),
            ("Tahmini 9.000 yazmışsınız, sayaç 8.712 gösteriyor.", json!(8712)),
            ("La lettura del contatore è 12.431 kWh", json!(12431)),
            ("La vecchia lettura era 5.000, quella nuova è 6.120.", json!(6120)),
            ("Il contatore segna 87870 e non 78870.", json!(87870)),
            ("La lettura stimata di 9.000 è sbagliata: il contatore segna 8.712", json!(8712)),
            ("La lectura del contador es 12.431 kWh", json!(12431)),
            ("La lectura anterior era 5.000, la actual es 6.120.", json!(6120)),
            ("No es 78870 sino 87870, la lectura del contador.", json!(87870)),
            ("El contador marca 8.712 en lugar de los 9.000 estimados.", json!(8712)),
            ("Número de contador 606691, lectura 8712", json!(8712)),
        ],
    );
}

#[test]
fn other_numbers_are_no_readings() {
    assert_all(
        &meter(),
        &[
            ("Meine Zählernummer ist 60669167.", Value::Null),
            ("Zähler 1ESY1160669167", Value::Null),
            (
                "Meine Kundennummer ist 83771, bitte um Rückruf wegen des Zählerstands unter 0171 1234567.",
                Value::Null,
            ),
            ("Abschlag 53 Euro", Value::Null),
            ("Hauptstraße 5, 82031 Grünwald, Zähler im Keller", Value::Null),
            ("Wann wird der Zähler am 12.11.2026 abgelesen?", Value::Null),
            ("Der Zähler wird 2027 getauscht.", Value::Null),
            ("Mein Zähler ist seit 3 Wochen defekt.", Value::Null),
            ("Ihr geschätzter Zählerstand von 9.000 kWh ist falsch.", Value::Null),
            ("Der Zählerstand 9.000 wurde geschätzt, das akzeptiere ich nicht.", Value::Null),
            ("Mein Jahresverbrauch liegt bei 3.500 kWh.", Value::Null),
            ("IBAN DE89 3704 0044 0532 0130 00, wann kommt die Ablesung?", Value::Null),
            ("My meter number is 60669167.", Value::Null),
            ("Zählerablesung 2026", Value::Null),
            ("Ich warte seit 14 Tagen auf den Ableser, Termin war 8:00 bis 12:00 Uhr.", Value::Null),
        ],
    );
}

#[test]
fn the_subject_counts_where_the_text_has_no_reading() {
    let subject = |subject, clean| read_mail(subject, clean, &meter());
    assert_eq!(
        subject("Zählerstand 12.431 kWh", "Guten Tag, siehe Betreff. Kundennummer 83771."),
        Some(json!(12431))
    );
    assert_eq!(subject("Zählerstand", "12345"), Some(json!(12345)));
    assert_eq!(subject("Meter reading 12,431", "See subject. Regards, Tom"), Some(json!(12431)));
    assert_eq!(subject("Zählerstand 12.431", "Korrektur: der Zählerstand ist 12.341"), Some(json!(12341)));
}

#[test]
fn a_name_that_speaks_of_a_meter_makes_a_number_a_reading() {
    for (key, name) in [
        ("meterValue", "Meter value"),
        ("wert", "Zählerstand"),
        ("index", "Index du compteur"),
        ("stan", "Stan licznika"),
        ("v", "Lettura"),
    ] {
        assert!(is_reading(&parameter(ParameterType::Number, key, name)), "{key} {name}");
    }
    for (key, name) in
        [("meterNumber", "Zählernummer"), ("deposit", "New deposit"), ("usage", "Verbrauch laut Zähler")]
    {
        assert!(!is_reading(&parameter(ParameterType::Number, key, name)), "{key} {name}");
    }
}

#[test]
fn a_reading_must_match_its_pattern() {
    let meter = Parameter { pattern: Some("^[0-9]{5,6}$".to_owned()), ..meter() };
    assert_eq!(read("Zählerstand Strom 4.711, Gas 12.998", &meter), Some(json!(12998)));
    assert_eq!(read("Zählerstand 123", &meter), None);
}
