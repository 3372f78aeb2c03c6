//! Names of months, weekdays and stretches of time.

use jiff::civil::Weekday;

/// The month that a folded word names, from 1.
pub fn month(word: &str) -> Option<i8> {
    position(&MONTHS, word)
}

/// The weekday that a folded word names.
pub fn weekday(word: &str) -> Option<Weekday> {
    Weekday::from_monday_one_offset(position(&WEEKDAYS, word)?).ok()
}

/// The number that a folded word says, where it is a small one.
pub fn count(word: &str) -> Option<i32> {
    position(&COUNTS, word).map(i32::from)
}

fn position(lists: &[&str], word: &str) -> Option<i8> {
    let names = |list: &&str| {
        list.split(' ').any(|name| match name.strip_suffix('*') {
            Some(start) => word.starts_with(start),
            None => word == name,
        })
    };
    i8::try_from(lists.iter().position(names)? + 1).ok()
}

const MONTHS: [&str; 12] = [
    "januar* jan jaenner january janvier januari stycz* ocak ocakta gennaio enero",
    "februar* feb february fevrier fev februari lutego luty subat* febbraio febrero",
    "maerz maer mrz mar march mars maart mrt marca marzec mart martta marzo",
    "april* apr avril avr kwiec* kwietnia nisan* aprile abril abr",
    "mai may mei maja maj mayis* maggio mayo",
    "juni jun june juin czerw* haziran* giugno junio",
    "juli jul july juillet lipca lipiec temmuz* luglio julio",
    "august* aug aout sierp* agustos* agosto ago",
    "september* sep sept septembre wrzes* eyluel* settembre septiembre setiembre",
    "oktober* okt oct october octobre pazdz* ekim* ottobre octubre",
    "november* nov novembre listopad* kasim* noviembre",
    "dezember* dez december dec decembre grud* aralik* dicembre diciembre dic",
];

const WEEKDAYS: [&str; 7] = [
    "montag* monday lundi maandag poniedzial* pazartesi* lunedi lunes",
    "dienstag* tuesday mardi dinsdag wtor* sali martedi martes",
    "mittwoch* wednesday mercredi woensdag srod* carsamba* mercoledi miercoles",
    "donnerstag* thursday jeudi donderdag czwart* persembe* giovedi jueves",
    "freitag* friday vendredi vrijdag piat* cuma venerdi viernes",
    "samstag* sonnabend* saturday samedi zaterdag sobot* cumartesi* sabato sabado",
    "sonntag* sunday dimanche zondag niedziel* pazar domenica domingo",
];

const COUNTS: [&str; 12] = [
    "einem einer ein eine a an one un une een jeden jedna bir uno una",
    "zwei two deux twee dwa dwie iki due dos",
    "drei three trois drie trzy uec tre tres",
    "vier four quatre cztery doert quattro cuatro",
    "fuenf five cinq vijf piec bes cinque cinco",
    "sechs six zes szesc alti sei seis",
    "sieben seven sept zeven siedem yedi sette siete",
    "acht eight huit osiem sekiz otto ocho",
    "neun nine neuf negen dziewiec dokuz nove nueve",
    "zehn ten dix tien dziesiec on dieci diez",
    "elf eleven onze",
    "zwoelf twelve douze twaalf dwanascie dodici doce",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_and_weekdays_have_names_in_each_language() {
        for (word, number) in [
            ("oktober", 10),
            ("juillet", 7),
            ("pazdziernika", 10),
            ("eyluel", 9),
            ("agosto", 8),
            ("maart", 3),
        ] {
            assert_eq!(month(word), Some(number), "{word}");
        }
        assert_eq!(month("sie"), None);
        assert_eq!(weekday("vendredi"), Some(Weekday::Friday));
        assert_eq!(count("drei"), Some(3));
    }
}
