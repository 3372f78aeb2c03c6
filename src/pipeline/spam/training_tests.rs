//! Learns `weights.tsv` from the labelled mail in `tests/eval/tuned`, and holds such weights to mail that they were not
//! learnt from. `cargo test --lib weights -- --nocapture` shows how well they do.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use jiff::Timestamp;
use serde_json::Value;

use super::content::Content;
use super::features::{self, Features};
use super::mail::Mail;
use super::{KNOWN_SENDER, KNOWN_TO_PHRASES, LEAST, by_headers, log_sum, phrased};
use crate::domain::ticket::{Channel, Direction, Document, SpamStatus, Ticket};
use crate::pipeline::headers::Headers;
use crate::pipeline::{Subject, text};

/// How often every message is looked at.
const ROUNDS: usize = 30;
/// How fast weights follow.
const RATE: f64 = 0.15;
/// How strongly weights are drawn to nothing.
const DECAY: f64 = 0.0002;
/// In how many messages a word or a pair must stand.
const LEAST_MESSAGES: usize = 3;
/// Weights below this many hundredths are left out.
const LEAST_HUNDREDTHS: f64 = 4.0;
/// The thresholds that are shown.
const SHOWN: [f64; 5] = [0.5, 1.0, LEAST, 1.5, 2.0];
/// What a proof by phrases comes to at least, and one by headers.
const PHRASED: f64 = 2.0;
const CERTAIN: f64 = 99.0;
/// Files of mail that is hard on purpose, or short and without headers.
const ARTIFICIAL: [&str; 2] = ["reading", "spam"];
/// In how many parts the messages are held out in turn.
const PARTS: usize = 8;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Label {
    Person,
    Spam,
    Program,
}

struct Example {
    id: String,
    language: String,
    file: String,
    label: Label,
    /// Headers prove it, whatever the weights.
    is_certain: bool,
    /// The file's directory has the sender.
    is_known: bool,
    features: Features,
    /// The phrases prove it without the weights.
    is_phrased: bool,
}

type Weights = HashMap<String, [f64; 2]>;

fn examples() -> Vec<Example> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/eval/tuned");
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let mut examples = Vec::new();
    for file in files {
        let name = file.file_stem().unwrap().display().to_string();
        let mut known: Vec<String> = Vec::new();
        for line in fs::read_to_string(&file).unwrap().lines().filter(|line| !line.trim().is_empty()) {
            let line: Value = serde_json::from_str(line).unwrap();
            if line.get("ticket").is_some() {
                examples.push(example(&line, &name, &known));
            }
            let customers = line["directory"]["customers"].as_array().into_iter().flatten();
            known.extend(customers.filter_map(|customer| customer["email"].as_str().map(str::to_lowercase)));
        }
    }
    examples
}

/// A labelled case; one without a label is a customer's.
fn example(line: &Value, file: &str, known: &[String]) -> Example {
    let given = &line["ticket"];
    let of = |name: &str| given[name].as_str().unwrap_or_default().to_owned();
    let channel = if of("channel") == "email" { Channel::Email } else { Channel::Chat };
    let direction = if of("direction") == "out" { Direction::Out } else { Direction::In };
    let mut ticket = Ticket::blank(channel, direction, Timestamp::UNIX_EPOCH);
    ticket.from = given["from"].as_str().map(Into::into);
    ticket.content.subject = of("subject");
    ticket.content.body = Some(of("body"));
    let raw = given.get("rawData").map(|raw| Document(raw.to_string()));
    let headers = Headers::read(raw.as_ref());
    let text = text::extract(ticket.content.body.as_deref()).value;
    let subject = Subject { ticket: &ticket, headers: &headers, text: &text };
    let mail = if channel == Channel::Email { Mail::read(&subject) } else { Mail::default() };
    let content = Content::read(&subject, mail.is_reply);
    let id = line["id"].as_str().unwrap().to_owned();
    let is_known = known.contains(&of("from").to_lowercase());
    let ahead = if is_known { KNOWN_TO_PHRASES } else { 0.0 };
    Example {
        language: line["expect"]["languageCode"]
            .as_str()
            .or_else(|| id.strip_prefix("spam-")?.get(..2))
            .unwrap_or("other")
            .to_owned(),
        label: match line["expect"]["spamStatus"].as_str() {
            Some("auto_spam") => Label::Spam,
            Some("auto_programmatic") => Label::Program,
            _ => Label::Person,
        },
        is_certain: by_headers(&subject, is_known).is_some_and(|by| by.value != SpamStatus::AutoClean),
        is_known,
        is_phrased: phrased(&mail, &content, channel == Channel::Email, ahead).is_some(),
        features: features::read(&subject, &content, &mail),
        file: file.to_owned(),
        id,
    }
}

/// Logistic regression over three outcomes, by `AdaGrad`, in an order that is the same every time.
fn learn(examples: &[&Example]) -> Weights {
    let mut seen: HashMap<&str, usize> = HashMap::new();
    for name in examples.iter().flat_map(|example| example.features.keys()) {
        *seen.entry(name).or_default() += 1;
    }
    let mut ids: HashMap<&str, usize> = HashMap::new();
    let mut names = Vec::new();
    let rows: Vec<(Vec<(usize, f64)>, Label)> = examples
        .iter()
        .map(|example| {
            let mut row = Vec::new();
            for (name, value) in &example.features {
                if seen[name.as_str()] >= LEAST_MESSAGES {
                    let id = *ids.entry(name).or_insert_with(|| {
                        names.push(name.clone());
                        names.len() - 1
                    });
                    row.push((id, *value));
                }
            }
            (row, example.label)
        })
        .collect();
    let mut weights = vec![[0.0_f64; 2]; names.len()];
    let mut squares = vec![[1e-2_f64; 2]; names.len()];
    let mut order: Vec<usize> = (0..rows.len()).collect();
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    for _ in 0..ROUNDS {
        for at in (1..order.len()).rev() {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            order.swap(at, usize::try_from((state >> 33) % (at as u64 + 1)).unwrap());
        }
        for row in order.iter().map(|at| &rows[*at]) {
            let mut sums = [0.0_f64; 2];
            for (id, value) in &row.0 {
                sums[0] += weights[*id][0] * value;
                sums[1] += weights[*id][1] * value;
            }
            let shares = [sums[0].exp(), sums[1].exp()];
            let total = 1.0 + shares[0] + shares[1];
            for (class, label) in [(0, Label::Spam), (1, Label::Program)] {
                let error = shares[class] / total - f64::from(u8::from(row.1 == label));
                for (id, value) in &row.0 {
                    let weight = &mut weights[*id][class];
                    let step = error * value + DECAY * *weight;
                    let square = &mut squares[*id][class];
                    *square += step * step;
                    *weight -= RATE * step / square.sqrt();
                }
            }
        }
    }
    let round = |weight: f64| (weight * 100.0).round();
    let known = names.into_iter().zip(weights).map(|(name, weight)| (name, weight.map(round)));
    known.filter(|(_, weight)| weight.iter().any(|weight| weight.abs() >= LEAST_HUNDREDTHS)).collect()
}

fn odds(weights: &Weights, example: &Example) -> f64 {
    let mut sums = [0.0_f64; 2];
    for (name, value) in &example.features {
        if let Some(weight) = weights.get(name) {
            sums[0] += weight[0] * value / 100.0;
            sums[1] += weight[1] * value / 100.0;
        }
    }
    let odds = log_sum(sums[0], sums[1]) - if example.is_known { KNOWN_SENDER } else { 0.0 };
    match example {
        Example { is_certain: true, .. } => CERTAIN,
        Example { is_phrased: true, .. } => odds.max(PHRASED),
        _ => odds,
    }
}

/// Right positives, found positives and all positives from a threshold on.
fn tally(judged: &[(f64, &Example)], least: f64) -> (usize, usize, usize) {
    let mut tally = (0, 0, 0);
    for (odds, example) in judged {
        let (is_found, is_nobody) = (*odds >= least, example.label != Label::Person);
        tally.0 += usize::from(is_found && is_nobody);
        tally.1 += usize::from(is_found);
        tally.2 += usize::from(is_nobody);
    }
    tally
}

fn show(name: &str, judged: &[(f64, &Example)]) {
    let mut line = format!("{name:12} {:4}", judged.len());
    for least in SHOWN {
        let (right, found, all) = tally(judged, least);
        let percent =
            |of: usize| if of == 0 { 100.0 } else { features::count(right) * 100.0 / features::count(of) };
        write!(line, "  {least}: {:5.1}/{:5.1}", percent(found), percent(all)).unwrap();
    }
    println!("{line}");
}

fn judge<'a>(learnt: &[&Example], held_out: &[&'a Example]) -> Vec<(f64, &'a Example)> {
    let weights = learn(learnt);
    held_out.iter().map(|example| (odds(&weights, example), *example)).collect()
}

/// Which of the parts that are held out in turn a message belongs to.
fn part(example: &Example) -> usize {
    let hash = example.id.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    usize::try_from((hash >> 20) % PARTS as u64).unwrap()
}

#[test]
fn weights_hold_on_mail_that_they_were_not_learnt_from() {
    let examples = examples();
    println!("held out in {PARTS} parts: precision/recall from each threshold on");
    let mut judged = Vec::new();
    for held_out in 0..PARTS {
        let (out, learnt): (Vec<&Example>, Vec<&Example>) =
            examples.iter().partition(|example| part(example) == held_out);
        judged.extend(judge(&learnt, &out));
    }
    show("all", &judged);
    let ordinary = judged.iter().filter(|(_, example)| !ARTIFICIAL.contains(&example.file.as_str()));
    let ordinary: Vec<(f64, &Example)> = ordinary.copied().collect();
    show("ordinary", &ordinary);
    let right =
        judged.iter().filter(|(_, example)| example.is_phrased && example.label != Label::Person).count();
    println!("phrases alone find {right}");
    let mut groups: BTreeMap<&str, Vec<(f64, &Example)>> = BTreeMap::new();
    for (odds, example) in &judged {
        groups.entry(&example.language).or_default().push((*odds, example));
        groups.entry(&example.file).or_default().push((*odds, example));
    }
    for (name, judged) in groups {
        show(name, &judged);
    }
    for (odds, example) in &judged {
        if (*odds >= LEAST) != (example.label != Label::Person) {
            println!("  {:?} {} {odds:.2}", example.label, example.id);
        }
    }
    for file in ["everyday", "inbox", "reading", "spam", "spam-mixed"] {
        let (out, learnt): (Vec<&Example>, Vec<&Example>) =
            examples.iter().partition(|example| example.file == file);
        show(&format!("{file} unseen"), &judge(&learnt, &out));
    }
    let (right, found, all) = tally(&ordinary, LEAST);
    assert!(features::count(right) >= 0.98 * features::count(found), "precision: {right} of {found}");
    assert!(features::count(right) >= 0.85 * features::count(all), "recall: {right} of {all}");
}

#[test]
fn the_weights_are_what_the_labelled_mail_teaches() {
    let examples = examples();
    let learnt = learn(&examples.iter().collect::<Vec<_>>());
    let mut lines: Vec<String> =
        learnt.iter().map(|(name, [spam, program])| format!("{name}\t{spam:.0}\t{program:.0}\n")).collect();
    lines.sort();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let kept = fs::read_to_string(root.join("src/pipeline/spam/weights.tsv")).unwrap();
    let kept: Weights = kept
        .lines()
        .map(|line| {
            let columns: Vec<&str> = line.split('\t').collect();
            (columns[0].to_owned(), [columns[1].parse().unwrap(), columns[2].parse().unwrap()])
        })
        .collect();
    // Another machine may round the last hundredth elsewhere, and what is left out is below the least.
    let names: BTreeSet<&String> = learnt.keys().chain(kept.keys()).collect();
    let differs = |name: &&&String| match (learnt.get(**name), kept.get(**name)) {
        (Some(new), Some(old)) => new.iter().zip(old).any(|(new, old)| (new - old).abs() > 1.0),
        (Some(alone), None) | (None, Some(alone)) => {
            alone.iter().any(|weight| weight.abs() > LEAST_HUNDREDTHS + 1.0)
        }
        (None, None) => false,
    };
    let differing = names.iter().filter(differs).count();
    if differing > 0 {
        fs::write(root.join("target/weights.tsv"), lines.concat()).unwrap();
    }
    assert_eq!(
        differing, 0,
        "the mail teaches other weights than src/pipeline/spam/weights.tsv has; copy target/weights.tsv there"
    );
}
