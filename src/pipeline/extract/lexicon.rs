//! What words say about the values beside them, in the languages that mail comes in.

use std::collections::HashMap;
use std::sync::LazyLock;

/// A set of what a word says.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sense(u64);

impl Sense {
    pub const NONE: Self = Self(0);
    /// It holds now, or is to hold.
    pub const NEW: Self = Self(1);
    /// It is right; with a negation, wrong.
    pub const RIGHT: Self = Self(1 << 1);
    /// It held before.
    pub const OLD: Self = Self(1 << 2);
    /// The last one: mostly the one before.
    pub const LAST: Self = Self(1 << 3);
    pub const ESTIMATE: Self = Self(1 << 4);
    pub const WRONG: Self = Self(1 << 5);
    /// A slip that is told, which does not say of which value.
    pub const SLIP: Self = Self(1 << 6);
    /// What comes next is replaced: `statt`.
    pub const INSTEAD: Self = Self(1 << 7);
    pub const NOT: Self = Self(1 << 8);
    /// It was, which need not mean that it is no longer.
    pub const WAS: Self = Self(1 << 9);
    /// Somebody has given it earlier.
    pub const SAID: Self = Self(1 << 10);
    /// Speaks of the value before: `that`, `is`.
    pub const BACK: Self = Self(1 << 11);
    pub const FROM: Self = Self(1 << 12);
    pub const TO: Self = Self(1 << 13);
    /// Begins a clause of its own: `weil`.
    pub const CLAUSE: Self = Self(1 << 14);
    /// Joins clauses: `und`.
    pub const AND: Self = Self(1 << 15);
    /// A clause that belongs to the one before its comma: `dass`.
    pub const THAT: Self = Self(1 << 16);
    pub const READING: Self = Self(1 << 17);
    pub const DEVICE: Self = Self(1 << 18);
    /// A number that names something: `Kundennummer`.
    pub const IDENT: Self = Self(1 << 19);
    /// Names something where a number follows at once: `Vertrag 746839`.
    pub const NAMED: Self = Self(1 << 20);
    pub const USAGE: Self = Self(1 << 21);
    pub const MONEY: Self = Self(1 << 22);
    /// The day's or purchased part of a reading.
    pub const HIGH: Self = Self(1 << 23);
    /// The night's or fed-in part.
    pub const LOW: Self = Self(1 << 24);
    /// Units of meters.
    pub const METER_UNIT: Self = Self(1 << 25);
    pub const MONEY_UNIT: Self = Self(1 << 26);
    pub const OTHER_UNIT: Self = Self(1 << 27);
    /// Ends a street's name, or is its kind.
    pub const STREET: Self = Self(1 << 28);
    /// Follows the number that it replaces: Turkish `yerine`.
    pub const AFTER: Self = Self(1 << 29);
    /// Of a year.
    pub const YEARLY: Self = Self(1 << 30);
    /// A meter's unit that is an area's, too.
    pub const AREA_UNIT: Self = Self(1 << 31);

    /// Only English has it of the languages here.
    pub const ENGLISH: Self = Self(1 << 32);
    /// Another of the languages has it, and English has not.
    pub const FOREIGN: Self = Self(1 << 33);

    pub const UNIT: Self =
        Self(Self::METER_UNIT.0 | Self::MONEY_UNIT.0 | Self::OTHER_UNIT.0 | Self::AREA_UNIT.0);

    /// Whether it says any of these.
    pub fn has(self, any: Self) -> bool {
        self.0 & any.0 != 0
    }

    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// What a folded word says.
pub fn sense(word: &str) -> Sense {
    if let Some(&sense) = LEXICON.exact.get(word) {
        return sense;
    }
    let (Some(first), Some(last)) = (word.as_bytes().first_chunk(), word.as_bytes().last_chunk()) else {
        return Sense::NONE;
    };
    let beginnings =
        LEXICON.beginnings.get(first).into_iter().flatten().filter(|(start, _)| word.starts_with(start));
    let endings = LEXICON.endings.get(last).into_iter().flatten().filter(|(end, _)| word.ends_with(end));
    beginnings.chain(endings).fold(Sense::NONE, |sum, &(_, sense)| sum.and(sense))
}

/// Parts of words by their first or last two bytes.
type Parts = HashMap<[u8; 2], Vec<(&'static str, Sense)>>;

#[derive(Debug, Default)]
struct Lexicon {
    exact: HashMap<&'static str, Sense>,
    beginnings: Parts,
    endings: Parts,
}

static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| {
    let mut lexicon = Lexicon::default();
    for &(sense, words) in WORDS {
        for word in words.split_whitespace() {
            let start =
                word.strip_suffix('*').and_then(|start| Some((start, *start.as_bytes().first_chunk()?)));
            let end = word.strip_prefix('*').and_then(|end| Some((end, *end.as_bytes().last_chunk()?)));
            if let Some((start, key)) = start {
                lexicon.beginnings.entry(key).or_default().push((start, sense));
            } else if let Some((end, key)) = end {
                lexicon.endings.entry(key).or_default().push((end, sense));
            } else {
                let known = lexicon.exact.entry(word).or_default();
                *known = known.and(sense);
            }
        }
    }
    lexicon
});

/// Folded words; `word*` is a beginning and `*word` an ending. An exact word is not looked up as the others.
const WORDS: &[(Sense, &str)] = &[
    (
        Sense::ENGLISH,
        "the my and to of for please reading readings not it hello dear i you we have with this that your meter shows reads regards thanks should be by
        on at from are current been new will am",
    ),
    (
        Sense::FOREIGN,
        "der die das ist und mein meine ich nicht bitte von zu mit fuer sie hallo stand den dem ein eine wir es betraegt le la les est et mon je du votre
        releve index het een mijn ik de van jest moj stan na do il di del che contatore lettura nuovo mio el mi los que contador lectura ve bir bu",
    ),
    (
        Sense::NEW,
        "neu neue neuer neuen neues neuem neuerdings neuester neueste neuesten aktuell aktuelle aktueller aktuellen aktuelles aktuellem jetzt
        jetzige jetziger jetzigen jetziges nun heute heutige heutiger heutigen derzeit derzeitig* momentan* mittlerweile inzwischen gegenwaertig*
        kuenftig* zukuenftig* sondern stattdessen korrigiert* berichtigt*
        new newest now current currently today latest enough reicht reichen ausreichen genuegt genuegen closing final instead updated should corrected revised
        nouveau nouvel nouvelle nouveaux maintenant actuel actuelle actuellement aujourd plutot corrige corrigee desormais
        nieuw nieuwe nu huidig huidige vandaag actuele voortaan gecorrigeerd*
        nowy nowa nowe nowego nowej teraz obecny obecna obecne obecnie dzis dzisiaj dzisiejszy aktualny aktualna aktualne aktualnie aktualnego
        aktualnej lecz powinno powinien powinna odtad skorygowan*
        yeni guencel simdi simdiki buguen buguenkue olmali olacak artik
        nuovo nuova nuovi attuale attuali attualmente adesso oggi ora bensi ormai aggiornata aggiornato
        nuevo nueva nuevos actual actualmente ahora hoy sino deberia actualizada",
    ),
    (
        Sense::RIGHT,
        "richtig richtige richtiger richtigen richtiges richtigerweise korrekt korrekte korrekter korrekten korrektes korrekterweise tatsaechlich*
        wirklich wirkliche wirklicher wirklichen wahr wahre wahrer stimmt stimmen stimmte eigentlich real reale realen realer
        correct correctly right actual actually really true real proper properly accurate
        correcte corrects correctement juste exact exacte reel reelle reellement realite bon bonne vrai vraie
        juist juiste correcte klopt kloppen echt echte werkelijk* goede feitelijk*
        prawidlow* poprawn* wlasciw* rzeczywist* faktyczn*
        dogru dogrusu gercek gercekte
        corretto corretta giusto giusta reale effettivo effettiva effettivamente esatto esatta realta
        correcto correcta cierto verdadero verdadera efectivamente exacta exacto realidad",
    ),
    (
        Sense::OLD,
        "alt alte alter alten altes altem vorherig* vorig* vorjahr* vorjaehrig* bisher* frueher* damals damalig* urspruenglich* anfangs anfaenglich*
        anfangsstand einzugsstand ehemalig* zuvor einst gestrig* vormals vorheriger
        ago old older previous previously former formerly earlier initial initially original originally
        ancien ancienne anciens precedent precedente auparavant avant initial initiale
        oude oud eerder eerdere voorheen vroegere oorspronkelijk*
        stary stara stare starego starej poprzedni* dotychczas* wczesniej* uprzedni*
        eski oenceki evvelki ilk
        vecchio vecchia vecchi precedenti prima precedentemente
        anterior anteriores antiguo antigua viejo vieja antes anteriormente",
    ),
    (
        Sense::LAST,
        "letzt* zuletzt anfang opening start starting beginning last dernier derniere laatste vorige ostatni* gecen ultimo ultima",
    ),
    (
        Sense::ESTIMATE,
        "geschaetzt* schaetz* hochgerechnet* hochrechn* angenommen* unterstellt* prognos* veranschlagt* errechnet* rechnerisch*
        estimat* assumed guess guessed projected calculated extrapolat*
        estime* estimation
        geschat* schatting ingeschat* berekende
        szacunk* szacow* oszacow* prognoz*
        tahmin tahmini tahmine
        stimat* presunt* stimato
        estimad* estimacion",
    ),
    (
        Sense::WRONG,
        "falsch* faelschlich* irrtuemlich* versehentlich* fehlerhaft* inkorrekt* unrichtig* verkehrt* unzutreffend*
        wrong wrongly incorrect* mistakenly mistaken erroneous* accidentally inaccurate misread mistyped typoed
        faux fausse erronee errone errones incorrecte
        fout foute verkeerd* onjuist* foutief foutieve abusievelijk*
        bledn* pomylkow* omylkow* nieprawidlow* niepoprawn*
        yanlis yanlislikla hatali yanlisti
        sbagliat* errat* erroneament* erroneo scorrett*
        erroneo erronea equivocad* incorrecto incorrecta",
    ),
    (
        Sense::SLIP,
        "vertippt verschrieben verlesen vertan versehen zahlendreher tippfehler irrtum fehler verwechselt mistake typo error erreur trompe
        vergissing vergist typefout pomylka pomylke blad hata errore sbagliato error equivoque",
    ),
    (Sense::INSTEAD, "statt anstatt anstelle zamiast anziche"),
    (Sense::INSTEAD.and(Sense::AFTER), "yerine degil"),
    (Sense::NOT, "nicht keinesfalls keineswegs not isn wasn doesn t cannot pas niet nie non"),
    (Sense::WAS, "gestern yesterday gisteren wczoraj duen ieri ayer war waren lag betrug was were stood etait byl bylo bylo wynosil idi era fue"),
    (
        Sense::SAID,
        "angegeben eingetragen gemeldet mitgeteilt durchgegeben uebermittelt geschrieben notiert erfasst abgerechnet berechnet eingegeben gesendet geschickt genannt
        wrote billed charged entered typed submitted reported sent gave noted told recorded written
        envoye transmis ecrit saisi communique doorgegeven ingevuld opgegeven gemeld ingevoerd
        podalem podalam podano wpisalem wpisalam zgloszony zglosilem yazdim girdim bildirdim yazmisim
        scritto inserito comunicato inviato escribi indique envie comunique introduje",
    ),
    (
        Sense::BACK,
        "ist sind das dies dieser diese dieses welcher welches welche der die is that this which it are these
        est sont ce cette c qui dat deze to jest ten bu bunlar e questo questa quella es esto esta eso kann stimmt war wurde wird was wurden laut",
    ),
    (Sense::FROM, "von from de van z ze od da dal depuis du"),
    (Sense::TO, "auf nach to naar na a au do al"),
    (
        Sense::CLAUSE,
        "weil da denn because since parce car puisque omdat want bo poniewaz gdyz cunku perche porque pues obwohl although wobei damit",
    ),
    (Sense::AND, "und and et en ve e y but mais maar ale ma pero sowie oraz sondern whereas while waehrend"),
    (Sense::THAT, "dass that que dat ze ki che qu"),
    (
        Sense::READING,
        "zaehlerst* zaehlerwert* zaehlerablesung* *zaehlerstand *zaehlerstaende *zaehlerstandes *zaehlerstands zaehlwert* zaelerstand zahlerstand* zst zstd
        meterstand* *meterstand stand stande staende standes stands endstand messwert* *messwert ablese* ablesung* *ablesung abgelesen* ables*
        zeigt zeigte anzeige angezeigt* displayanzeige steht stehen standmeldung
        reading readings read reads shows showing display displays displayed index
        releve releves affiche affichait indique affichage relevee
        tellerstand* meterstanden aflezing afgelezen aangeeft geeft toont staat
        odczyt* wskaz* stan stanu stany pokazuje odczytal*
        endeks* endeksi okuma okudugum goesteriyor goesterge degeri okunan okudum
        lettura letture autolettura segna indica leggo letto
        lectura lecturas marca indicacion muestra leido leida",
    ),
    (
        Sense::DEVICE,
        "zaehler* *zaehler *zaehlers *zaehlern meter meters metre compteur* teller watermeter gasmeter elektriciteitsmeter stroommeter
        licznik* gazomierz* wodomierz* sayac* contatore contatori contador contadores smartmeter",
    ),
    (
        Sense::IDENT,
        "nummer nummern *nummer *nummern *nr nr nrn number numbers num numero numer numeru numara* numarasi numaram id ids iban bic blz konto* kto
        plz postleitzahl postcode zip zipcode tel telefon* telephone phone mobil mobile handy* fax fon ref referenz* reference referencia referentie
        aktenzeichen az kundennr kdnr kd vertragsnr malo melo marktlokation* messlokation* zaehlpunkt* serien* serial matricola matricule pod pdl
        pdr cups ean code codice kod kode codigo customerid abonenumarasi tesisat pesel nip steuernummer personalausweis version klantnr",
    ),
    (
        Sense::NAMED,
        "kunde kunden kundin vertrag vertrags vertragskonto customer contract account client clients contrat klant klantnummer umowa umowy klient
        klienta muesteri soezlesme abone cliente contratto contrato rechnung *rechnung invoice bill facture factuur faktura fatura fattura factura
        ticket vorgang auftrag bestellung order case fall wohnung whg haus apartment flat mieter no n obis kennzahl seite page",
    ),
    (
        Sense::USAGE,
        "verbrauch verbraucht verbrauchs verbraucht* verbrauch* *verbrauch consum* usage used differenz difference verbruik* *verbruik verbruikt
        zuzyc* zuzyt* tueketim* consommation consomme consommation consumo consumato consumido verbrauchen mehrverbrauch unterschied",
    ),
    (
        Sense::YEARLY,
        "jahr jahre jahres jaehrlich* year yearly annual* annum annee annuel* jaar jaarlijks* rok rocznie roczny roku yil yilda yillik anno annuo
        annuale annui ano anual anuales",
    ),
    (
        Sense::MONEY,
        "betrag abschlag* *abschlag abschlags* *abschlaege rate raten zahlung* *zahlung betraege kosten preis* guthaben nachzahlung* erstattung*
        gutschrift* amount deposit* payment* instalment* installment* price cost* fee charge* refund*
        montant mensualite* acompte* prix voorschot* bedrag termijnbedrag* kwota kwote zaliczk* rata raty cena oplat* tutar* taksit* oedeme* fiyat
        importo acconto prezzo importe cuota* pago pagos precio",
    ),
    (Sense::HIGH, "ht tagstrom tag hochtarif peak day bezug t1 hp hoog guenduez f1 punta dzienna giorno"),
    (Sense::LOW, "nt nachtstrom nacht niedertarif offpeak night einspeisung eingespeist* export t2 hc laag gece f2 f3 valle nocna notte teruglevering"),
    (
        Sense::METER_UNIT,
        "kwh mwh m3 m³ cbm kubik* kilowattst* cubic kilovatios kilowatt* kilowattuur kubieke szescienny* mc ft3",
    ),
    (Sense::AREA_UNIT, "qm m2 m² sqm"),
    (
        Sense::MONEY_UNIT,
        "€ eur euro euros $ usd dollar dollars £ gbp pound pounds pln zl zloty* zlotych tl try lira lire chf franken",
    ),
    (
        Sense::OTHER_UNIT,
        "% prozent percent procent cent ct h std stunde* hour hours heures uur godzin* saat uhr min minute* tag* tage tagen day days jours dagen dni guen
        giorni dias woche* week weeks semaine* weken tygodni* hafta settiman* semana* monat monate monaten month months mois maand maanden miesiac* ay mesi
        meses jahre jahren years ans jaren lat yil anni anos tag person personen persons people personnes personas persone osob osoby kisi leute kinder
        zimmer rooms mal times mb gb tb mbit kw kwp kva watt volt ampere amp cm mm km kg liter litre grad celsius stueck pieces pcs x °",
    ),
    (
        Sense::STREET,
        "*strasse *str strasse str *weg *platz *allee *gasse *ring *damm *ufer *steig *stieg *chaussee *pfad *graben *markt *hof *berg weg platz allee
        gasse ring damm ufer street st road rd lane ln avenue ave drive court square rue boulevard bd chemin place impasse *straat *laan
        *plein *gracht *kade *weg ul ulica aleja al via viale corso piazza calle avenida plaza paseo cad cadde caddesi sok sokak sk mah mahallesi bulvari",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_says_what_its_parts_say() {
        assert!(sense("stromzaehlerstand").has(Sense::READING));
        assert!(sense("zaehlernummer").has(Sense::IDENT));
        assert!(sense("gaszaehlers").has(Sense::DEVICE));
        assert!(!sense("abstand").has(Sense::READING));
        assert!(!sense("neustadt").has(Sense::NEW));
        assert!(sense("geschaetzten").has(Sense::ESTIMATE));
        assert_eq!(sense("grüße"), Sense::NONE);
    }

    #[test]
    fn every_entry_is_folded_and_can_be_found() {
        for word in WORDS.iter().flat_map(|(_, words)| words.split_whitespace()) {
            let plain = word.trim_matches('*');
            assert!(sense(plain) != Sense::NONE, "{word}");
            let is_unit = plain.chars().any(|letter| !letter.is_alphanumeric());
            assert!(is_unit || crate::pipeline::fold::fold(plain) == plain, "{word}");
        }
    }
}
