//! Words that say little about a matter.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use super::Description;
use super::vocabulary::phrase_words;

/// Whether a word carries no matter at all.
pub fn is_stop_word(key: &str) -> bool {
    key.len() < 2 || STOP_WORDS.contains(key)
}

/// Whether a word stands in texts about anything.
pub fn is_generic(key: &str) -> bool {
    GENERIC.contains(key)
}

/// The words that the prompts of several descriptions share, and that therefore tell none from the others.
pub fn shared_words(descriptions: &[Description<'_>]) -> HashSet<String> {
    let mut counts: HashMap<String, usize> = HashMap::new();
    for description in descriptions {
        let words: HashSet<_> = phrase_words(&description.detection.prompt).into_iter().collect();
        for word in words {
            *counts.entry(word).or_default() += 1;
        }
    }
    counts.into_iter().filter(|&(_, count)| count > 2).map(|(word, _)| word).collect()
}

static STOP_WORDS: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    "a about after all also am an and any are as asks asking at be been but by can could did do does for from get gets give gives has have having he her his how i if in into is it its like \
     may me more my no not of off on one or other our out over per please she should so some than that the their them then there these they this those to under up us want wants was we were what when \
     where which who whose why will wish wishes with without would you your \
     aber alle als am an andere auch auf aus bei beim bis bitte da damit das dass dem den der des die diese dieser dieses doch du durch ein eine einem einen einer eines er es etwas fur gegen geht \
     haben hat hatte hier hin ich ihr ihre ihren im in ins ist kann kein keine konnen man mehr mein meine meinen mit mochte mochten muss nach nicht noch nur ob oder ohne schon sehr sein seine seinen \
     sich sie sind so soll uber um und uns unser unsere unter vom von vor war was wegen weil wenn wer werden wie will wir wird wo wurde zu zum zur zwischen \
     au aux avec ce ces cette dans de des du elle en est et il je la le les leur ma mes mon nous ou par pas pour que qui sa se ses son sont sur un une veut vous \
     dat deze die een en het hij ik maar met mijn naar niet of om onze op te van voor wij wil zijn \
     co czy dla do i jak jest lub mi na nie od po przez sie w z za ze \
     bir bu da ile icin mi ne olarak ve veya \
     che chi con da del della di e gli ho il la le lo mi nel non o per sono su un una vuole \
     con de del el en es esta la las lo los mi no o para por que quiere se su un una y"
        .split_whitespace()
        .collect()
});

static GENERIC: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    "account adresse address andern anderung anfrage angaben anliegen anpassen antwort anruf betreff brief bei betrag case change changes changed concern contact contract customer customers customerservice \
     daten data detail details document dokument e-mail email mail energie energy enquiry frage fragen gas gast general haus help hilfe info information informationen inquiry issue kontakt konto \
     kunde kunden kundenservice kundin kundennummer letter level mail melden meldung meldet message mitteilen mitteilung monat monatlich monthly nachricht name neu neue neuen neuer neues new nummer number \
     customerneeded option other others payment person phone portal post preis price problem probleme process produkt product question questions report reports request requests schreiben send sends sender sendet service sonstige \
     sonstiges stadtwerke status strom subject support system team telefon text thema ticket topic transmits submit submits unternehmen update vertrag vertrage vertragskonto verbrauch wasser water wechsel \
     wechseln wunscht zahlen zahler zahlung zahlungen zeit power electricity meter meters supplier company date reads read new tell tells says value provides provide provided transmit handle handles \
     second first skill default tag agent contrat client clients question compte courrier klant klanten vraag umowa klient pytanie sozlesme musteri soru contratto cliente domanda contrato clientes pregunta"
        .split_whitespace()
        .collect()
});
