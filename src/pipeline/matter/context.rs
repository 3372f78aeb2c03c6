//! What the words around a phrase make of it: negation, condition, mention in passing.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::words::{Place, Words};

/// How far words around a phrase are looked at.
const REACH: usize = 6;

/// What is left of a phrase where it stands: 0 where it is negated, else up to 1. `matched` are its words'
/// places; `is_noun` says that it names a thing and no wish.
pub fn weight(words: &Words, matched: &[usize], is_noun: bool) -> f64 {
    let (Some(&first), Some(&last)) = (matched.iter().min(), matched.iter().max()) else { return 0.0 };
    if is_negated(words, matched, first, last) {
        return 0.0;
    }
    let mut weight: f64 = 1.0;
    let Some(place) = words.list.get(first) else { return 0.0 };
    let before: Vec<_> = (first.saturating_sub(3 * REACH)..first)
        .filter(|&at| words.list[at].sentence == place.sentence)
        .map(|at| words.key(at))
        .collect();
    if before.iter().any(|word| THREATS.contains(word)) {
        weight *= 0.45;
    } else if before.iter().any(|word| CONDITIONS.contains(word)) && !is_noun {
        weight *= 0.85;
    }
    if is_noun && place.place == Place::Text {
        let mut back = before.iter().rev().skip_while(|word| ARTICLES.contains(**word)).take(1);
        if back.any(|word| PASSING.contains(*word)) {
            weight *= 0.7;
        }
    }
    if is_noun && LABELS.contains(words.key(last + 1)) {
        weight *= 0.7;
    }
    if place.place == Place::Reply {
        weight *= 0.75;
    }
    weight
}

fn is_negated(words: &Words, matched: &[usize], first: usize, last: usize) -> bool {
    let Some(&word) = words.list.get(first) else { return false };
    let same_clause = |at: usize| words.list.get(at).is_some_and(|other| other.clause == word.clause);
    let nearby = first.saturating_sub(REACH)..=last + REACH;
    let lacks = || {
        nearby.clone().any(|at| {
            words.list.get(at).is_some_and(|other| other.sentence == word.sentence)
                && LACK.contains(words.key(at))
        })
    };
    for at in (first.saturating_sub(REACH)..first).rev() {
        if !same_clause(at) {
            break;
        }
        if NEGATORS.contains(words.key(at)) {
            return !lacks();
        }
        if !FILLERS.contains(words.key(at)) && !ARTICLES.contains(words.key(at)) {
            break;
        }
    }
    if (first..=last).any(|at| !matched.contains(&at) && NEGATORS.contains(words.key(at))) {
        return !lacks();
    }
    let is_verb = !word.is_capital && words.key(last).ends_with(['e', 'n', 't', 'k'])
        || words.key(first) != words.key(last);
    for at in last + 1..=last + REACH {
        if !is_verb || !same_clause(at) {
            break;
        }
        if NEGATORS_BEHIND.contains(words.key(at)) {
            return !lacks();
        }
        if !FILLERS.contains(words.key(at)) && !ARTICLES.contains(words.key(at)) {
            break;
        }
    }
    false
}

fn set(words: &'static str) -> HashSet<&'static str> {
    words.split_whitespace().collect()
}

/// As keys: folded, and without what marks an umlaut.
static NEGATORS: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    set(
        "nicht kein keine keinen keinem keiner keines keinesfalls keineswegs niemals nie ohne statt anstatt weder noch \
         not no never dont doesnt didnt wont isnt arent wasnt without neither nor cannot instead \
         pas jamais sans aucun aucune ni niet geen nooit zonder nie bez zadnej zadnego non senza nessun nessuna no nunca sin tampoco \
         nein degil hic nem",
    )
});

/// Negations that stand behind what they negate.
static NEGATORS_BEHIND: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    set(
        "nicht keinesfalls keineswegs niemals niet istemiyorum istemiyoruz istemem degil degilim dusunmuyorum",
    )
});

static FILLERS: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    set(
        "ich wir es man mich zu um mehr wirklich jetzt sofort gleich etwa vor dass will wollen mochte mochten wollte wollten werde werden wurde \
         beabsichtige plane vertrag stromvertrag gasvertrag doch aber also naturlich bitte eigentlich direkt \
         i we to be want wants wanted wish wishing going like would will planning plan intend intending asking looking trying about actually really \
         contract by means as this is just yet submitting writing \
         je nous veux voulons voudrais souhaite souhaitons de ik wij wil willen wens mijn te om chce chcemy chcialbym chcialabym \
         voglio vogliamo vorrei quiero queremos quisiera deseo etmek iptal it s in der absicht abonnement contrat",
    )
});

static ARTICLES: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    set(
        "der die das den dem des ein eine einen einem einer eines mein meine meinen meinem meiner unser unsere unserer unseren ihr ihre ihrer ihren ihrem dieser diese diesen dieses \
         letzte letzten letzter nachste nachsten nachster aktuelle aktuellen neue neuen neuer beigefugte beigefugten kommende kommenden erste ersten \
         the a an my our your this that any last next latest current recent first upcoming new \
         le la les un une mon ma mes notre votre l d het een mijn onze uw il lo gli i el los las mi tu su sus moj moja mojej",
    )
});

/// What introduces a thing that is mentioned and not meant.
static PASSING: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    set(
        "auf in im laut aus fur gemass per mittels seit on in from for with per under since sur dans pour selon op uit voor na w z dla sulla nella per en segun para",
    )
});

/// What makes a thing the name of a number.
static LABELS: LazyLock<HashSet<&str>> =
    LazyLock::new(|| set("nr nummer number no num numero nummern numer num id"));

/// What introduces what may happen and is not wanted yet.
static THREATS: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    set(
        "sonst ansonsten andernfalls otherwise sinon altrimenti uberlege uberlegen uberlegt considering notfalls anderenfalls drohe",
    )
});

static CONDITIONS: LazyLock<HashSet<&str>> =
    LazyLock::new(|| set("falls wenn if si als jesli se eger sollte unless ob whether"));

/// Verbs that, negated, say that the thing itself is meant: a bill that did not come is about a bill.
static LACK: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    set(
        "erhalten bekommen gekommen angekommen eingegangen erhielt bekam vorliegt vorliegen gefunden finden finde sehe sehen einsehen offnen herunterladen zugeschickt zugesandt geschickt gesendet verstehe verstanden verstehen nachvollziehen einverstanden akzeptieren akzeptiere korrekt richtig stimmt moglich funktioniert geklappt ablesen lesbar \
         received receive got get gotten arrived come came see find sent understand correct right agree possible works working accept seen explain had \
         recu recevoir ontvangen gekregen otrzymalem otrzymalam dostalem dostalam ricevuto recibido almadim gelmedi alamadim",
    )
});
