use super::*;

#[test]
fn dates_are_read_in_their_forms() {
    assert_all(
        &parameter(ParameterType::Date, "moveDate", "Date of the move"),
        &[
            ("Ich ziehe zum 01.12.2026 um", json!("2026-12-01")),
            ("Umzug am 1.12.26", json!("2026-12-01")),
            ("Wir ziehen zum 31.3. um", json!("2027-03-31")),
            ("Umzug ab dem 1. Dezember", json!("2026-12-01")),
            ("Umzug am 15. März 2027", json!("2027-03-15")),
            ("Umzug am 1. 12. 2026", json!("2026-12-01")),
            ("I am moving on December 1st", json!("2026-12-01")),
            ("I am moving on 1 May 2027", json!("2027-05-01")),
            ("I am moving on May 1, 2027", json!("2027-05-01")),
            ("moving: 2026-12-24", json!("2026-12-24")),
            ("moving on 12/31/2026", json!("2026-12-31")),
            ("moving on 12/25", json!("2026-12-25")),
            ("I am moving on 12/1", Value::Null),
            ("Umzug zum Monatsende", json!("2026-11-30")),
            ("Wir ziehen Ende Dezember um", json!("2026-12-31")),
            ("Wir ziehen zum Ende des nächsten Monats um", json!("2026-12-31")),
            ("Umzug zum Ersten", json!("2026-12-01")),
            ("Ich ziehe nächsten Monat um", json!("2026-12-01")),
            ("Umzug Mitte Januar", json!("2027-01-15")),
            ("Ich ziehe morgen um", json!("2026-11-22")),
            ("Guten Morgen, ich ziehe übermorgen um", json!("2026-11-23")),
            ("Wir ziehen in zwei Wochen um", json!("2026-12-05")),
            ("Umzug nächsten Montag", json!("2026-11-23")),
            ("we are moving next Friday", json!("2026-11-27")),
            ("we are moving at the end of next month", json!("2026-12-31")),
            ("Ich ziehe zum 15. um", json!("2026-12-15")),
            ("moving on the 15th of next month", json!("2026-12-15")),
            ("Ich ziehe zum nächstmöglichen Zeitpunkt um", Value::Null),
            ("Ich bin am 1.11. umgezogen", json!("2026-11-01")),
            ("Je déménage le 3 janvier 2027", json!("2027-01-03")),
            ("Je déménage le 01/02/2027", json!("2027-02-01")),
            ("Ik verhuis op 1 februari 2027", json!("2027-02-01")),
            ("Przeprowadzam się 1 lutego 2027", json!("2027-02-01")),
            ("1 Şubat 2027 tarihinde taşınıyorum", json!("2027-02-01")),
            ("Mi trasferisco il 1 febbraio 2027", json!("2027-02-01")),
            ("Me mudo el 1 de febrero de 2027", json!("2027-02-01")),
            ("Umzug am 31.02.2027", Value::Null),
        ],
    );
}

#[test]
fn the_name_says_which_of_two_dates_is_meant() {
    let out = parameter(ParameterType::Date, "moveOutDate", "Auszugsdatum");
    let into = parameter(ParameterType::Date, "moveInDate", "Einzugsdatum");
    for (text, first, second) in [
        ("Auszug am 30.11.2026, Einzug am 01.12.2026", "2026-11-30", "2026-12-01"),
        ("Einzug: 01.12.2026\nAuszug: 30.11.2026", "2026-11-30", "2026-12-01"),
        ("Ich ziehe zum 30.11. aus und zum 1.12. in die neue Wohnung ein.", "2026-11-30", "2026-12-01"),
        ("I am moving out on 30 November and moving in on 1 December.", "2026-11-30", "2026-12-01"),
    ] {
        assert_eq!(read(text, &out), Some(json!(first)), "{text}");
        assert_eq!(read(text, &into), Some(json!(second)), "{text}");
    }
    assert_all(
        &parameter(ParameterType::Date, "endDate", "End of the contract"),
        &[
            ("geboren am 3.4.1970, Kündigung zum 31.12.2026", json!("2026-12-31")),
            ("Ihr Schreiben vom 3.11.2026: ich kündige zum 31.12.", json!("2026-12-31")),
            ("Ich bin seit 1.3.2019 Kunde und kündige zum 28.2.", json!("2027-02-28")),
            ("Heute schreibe ich Ihnen, weil ich zum Jahresende kündige.", json!("2026-12-31")),
            ("Ich kündige zum nächstmöglichen Zeitpunkt.", Value::Null),
            ("Please cancel my contract as of 31 December", json!("2026-12-31")),
        ],
    );
    assert_all(
        &parameter(ParameterType::Date, "readingDate", "Date of the reading"),
        &[
            ("Zählerstand am 20.11.: 12.345 kWh", json!("2026-11-20")),
            ("Abgelesen am 1.10. um 8 Uhr: 12.345", json!("2026-10-01")),
            ("Ich habe gestern abgelesen: 12.345", json!("2026-11-20")),
            ("Zählerstand 12.345, bitte rufen Sie am 5.12.2026 an", Value::Null),
        ],
    );
    assert_all(
        &parameter(ParameterType::Date, "validFrom", "Valid from"),
        &[
            ("Neue IBAN ab 1.12.2026, Rechnung vom 3.11.2026", json!("2026-12-01")),
            ("Abschlag künftig 53 Euro ab Januar 2027", json!("2027-01-01")),
        ],
    );
}

#[test]
fn a_move_is_dated_in_mails_as_people_write_them() {
    assert_all(
        &parameter(ParameterType::Date, "moveDate", "Date of the move"),
        &[
            ("Hallo, wir ziehen am 15.1. von der Hauptstr. 5 in den Lindenweg 7.", json!("2027-01-15")),
            ("Mein Auszug ist am 31. Januar 2027, Schlüsselübergabe um 10 Uhr.", json!("2027-01-31")),
            (
                "Ihr Schreiben vom 10.11.2026 habe ich erhalten. Ich ziehe zum 01.02.2027 aus.",
                json!("2027-02-01"),
            ),
            ("Wir sind zum 1. November umgezogen.", json!("2026-11-01")),
            ("I will be moving out of my flat on the 31st of January.", json!("2027-01-31")),
            ("We moved on 3 November 2026", json!("2026-11-03")),
            ("Umzug voraussichtlich Ende Januar", json!("2027-01-31")),
            ("Ich ziehe ab Februar 2027 um", json!("2027-02-01")),
            ("Umzugstermin: 05.12.2026, 9:00 Uhr. Geboren am 05.06.1980.", json!("2026-12-05")),
            ("Umzug am Freitag", json!("2026-11-27")),
            ("Umzug am kommenden Samstag", json!("2026-11-28")),
            ("Heute Morgen rief ich an. Der Umzug ist in drei Wochen.", json!("2026-12-12")),
            ("Mein Umzug, Frist 14 Tage, Rechnung 4711", Value::Null),
        ],
    );
}

#[test]
fn an_end_of_a_contract_is_dated_in_mails_as_people_write_them() {
    assert_all(
        &parameter(ParameterType::Date, "endDate", "End of the contract"),
        &[
            (
                "hiermit kündige ich meinen Vertrag 746839 fristgerecht zum 31.12.2026. Bitte bestätigen Sie bis zum 5.12.2026.",
                json!("2026-12-31"),
            ),
            ("Kündigung zum Jahresende", json!("2026-12-31")),
            ("Kündigung per Ende März 2027", json!("2027-03-31")),
            ("Hiermit kündige ich meinen Stromvertrag vom 1.3.2020.", Value::Null),
            ("Ich widerrufe den Vertrag vom 10.11.2026", Value::Null),
            ("I'd like to terminate my contract effective 1 March 2027", json!("2027-03-01")),
            ("Je souhaite résilier mon contrat au 31 décembre 2026.", json!("2026-12-31")),
            ("Ik zeg mijn contract op per 1 januari", json!("2027-01-01")),
            ("Wypowiadam umowę z dniem 31 grudnia 2026", json!("2026-12-31")),
            ("Sözleşmemi 31 Aralık 2026 tarihinde iptal etmek istiyorum", json!("2026-12-31")),
            ("Disdetta dal 1° gennaio 2027", json!("2027-01-01")),
            ("Quiero darme de baja el 31 de diciembre", json!("2026-12-31")),
            ("Meine Sonderkündigung wegen der Preiserhöhung zum 1.1.2027", json!("2027-01-01")),
        ],
    );
}
