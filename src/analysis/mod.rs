//! Understanding a ticket: the one place that runs the stages in order. Reads and writes nothing itself: whom the
//! directory knows it asks [`Directory`], what the message means an [`Engine`].

mod engine;
mod llm;
mod local;
pub mod report;

pub use engine::Engine;
pub use llm::{Endpoint, Llm};

use std::future::Future;
use std::time::{Duration, Instant};

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use self::engine::{Candidate, Question, Reading};
use self::report::StageReport;
use crate::domain::analysis::{EngineName, Plan, Sentiment, Stage};
use crate::domain::change::Change;
use crate::domain::directory::{Entry, Key};
use crate::domain::id::TagId;
use crate::domain::settings::AnalysisSettings;
use crate::domain::ticket::{AiSupportLevel, Field, SpamStatus, Ticket};
use crate::domain::word::Word;
use crate::pipeline::conditions::Facts;
use crate::pipeline::customer::{self, Recognition};
use crate::pipeline::extract::Source;
use crate::pipeline::headers::Headers;
use crate::pipeline::intents::{self, FoundIntent};
use crate::pipeline::language::Language;
use crate::pipeline::matter::prepared::{Fits, Prepared};
use crate::pipeline::matter::{Fit, THRESHOLD};
use crate::pipeline::outcome::OutcomeFacts;
use crate::pipeline::{Finding, Subject, Text, outcome, tags, text};

/// Whoever a tenant's directory knows.
pub trait Directory {
    type Error;

    /// Everybody who is found under any of the keys, with all their contracts.
    fn find(&self, keys: &[Key]) -> impl Future<Output = Result<Vec<Entry>, Self::Error>> + Send;
}

/// What one run looks at.
#[derive(Debug)]
pub struct Run<'a> {
    /// As it was when the run began.
    pub ticket: &'a Ticket,
    /// The tags that it has.
    pub tag_ids: &'a [TagId],
    /// An outside party wrote again after the first message.
    pub has_incoming_reply: bool,
    pub plan: &'a Plan,
    pub catalogue: &'a Prepared,
    pub settings: &'a AnalysisSettings,
    /// The tenant's own.
    pub zone: &'a TimeZone,
    /// Who reads; `None`: the local engine.
    pub llm: Option<&'a dyn Engine>,
    pub now: Timestamp,
}

/// What a run found. `None`: the stage did not run, and what the ticket has stays.
#[derive(Debug, Default)]
pub struct Findings {
    pub text: Option<Text>,
    /// `None` inside: the message has no language.
    pub language: Change<Option<Language>>,
    pub sentiment: Option<Sentiment>,
    pub summary: Option<String>,
    pub spam: Option<SpamStatus>,
    pub customer: Option<Recognition>,
    pub tags: Option<Vec<TagId>>,
    /// The tag for what has no other.
    pub default_tag: Option<TagId>,
    pub intents: Option<Vec<FoundIntent>>,
    pub outcome: Option<Outcome>,
    pub reports: Vec<StageReport>,
}

/// Who works the ticket from here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outcome {
    pub ai_support_level: AiSupportLevel,
    pub auto_execute_at: Option<Timestamp>,
}

/// The candidates that a model is offered at the most.
const MAX_CANDIDATES: usize = 15;

/// Runs the stages that the plan has, in their order.
pub async fn analyse<D: Directory>(run: &Run<'_>, directory: &D) -> Result<Findings, D::Error> {
    let mut work = Work { run, findings: Findings::default(), failed: None };
    work.findings.default_tag = run.catalogue.tags.iter().find(|tag| tag.is_default).map(|tag| tag.id);
    if run.settings.engine == EngineName::Llm && run.llm.is_none() {
        work.failed = Some("no model is configured".into());
    }
    // What an earlier run found is found anew; what a person said is taken as given.
    let mut ticket = run.ticket.clone();
    let is_given = |field| !run.plan.resets && run.ticket.set_by_person.contains(&field);
    if !is_given(Field::CustomerId) {
        ticket.customer_id = None;
        ticket.set_by_person.remove(&Field::CustomerId);
    }
    if !is_given(Field::ContractId) {
        ticket.contract_id = None;
        ticket.set_by_person.remove(&Field::ContractId);
    }
    let text = work.text();
    let headers = Headers::read(ticket.content.raw_data.as_ref());
    let subject = Subject { ticket: &ticket, headers: &headers, text: &text };
    let customer = work.customer(&subject, directory).await?;
    work.reading(&subject, customer.as_ref().is_some_and(|customer| customer.0.value.sender_is_known)).await;
    let is_spam = work.is_spam();
    let is_stopped = is_spam && run.plan.is_automatic;
    work.keep_customer(customer, is_stopped);
    work.matters(&subject, is_spam, is_stopped).await;
    work.outcome(is_spam);
    Ok(work.findings)
}

/// A run under way.
struct Work<'r> {
    run: &'r Run<'r>,
    findings: Findings,
    /// Why the model is not asked any more.
    failed: Option<String>,
}

/// What recognition came to, and how long it took.
type Recognised = (Finding<Recognition>, Duration);

impl<'r> Work<'r> {
    fn ran<T>(&mut self, stage: Stage, took: Duration, finding: &Finding<T>) {
        self.findings.reports.push(StageReport::ran(stage, took, finding));
    }

    fn skip(&mut self, stage: Stage, why: &'static str) {
        if self.run.plan.runs(stage) {
            self.findings.reports.push(StageReport::skipped(stage, why));
        }
    }

    /// The text that the later stages read: as found, but for what a person set.
    fn text(&mut self) -> Text {
        let ticket = self.run.ticket;
        let content = &ticket.content;
        let stored = content.body_plain.clone().zip(content.body_clean.clone());
        let mut text = match stored {
            Some((plain, clean)) if !self.run.plan.runs(Stage::Text) => Text { plain, clean },
            _ => {
                let (found, took) = local::timed(|| text::extract(content.body.as_deref()));
                if self.run.plan.runs(Stage::Text) {
                    self.ran(Stage::Text, took, &found);
                    self.findings.text = Some(found.value.clone());
                }
                found.value
            }
        };
        let set =
            |field, value: &Option<String>| value.clone().filter(|_| ticket.set_by_person.contains(&field));
        if let Some(plain) = set(Field::BodyPlain, &content.body_plain) {
            text.plain = plain;
        }
        if let Some(clean) = set(Field::BodyClean, &content.body_clean) {
            text.clean = clean;
        }
        text
    }

    /// Who wrote. It comes before spam, which looks at whether the sender is known.
    async fn customer<D: Directory>(
        &mut self,
        subject: &Subject<'_>,
        directory: &D,
    ) -> Result<Option<Recognised>, D::Error> {
        if !self.run.plan.runs(Stage::Customer) {
            return Ok(None);
        }
        let began = Instant::now();
        let clues = customer::clues(subject);
        let entries = directory.find(&clues.keys()).await?;
        let found = customer::recognise(subject, &clues, &entries);
        Ok(Some((found, began.elapsed())))
    }

    fn keep_customer(&mut self, customer: Option<Recognised>, is_stopped: bool) {
        let Some((found, took)) = customer else { return };
        if is_stopped {
            return self.skip(Stage::Customer, SPAM);
        }
        self.ran(Stage::Customer, took, &found);
        self.findings.customer = Some(found.value);
    }

    /// Asks the model, and reads here where there is none or it fails.
    async fn reading(&mut self, subject: &Subject<'_>, sender_is_known: bool) {
        let plan = self.run.plan;
        let stages = [Stage::Language, Stage::Sentiment, Stage::Summary, Stage::Spam];
        if !stages.iter().any(|stage| plan.runs(*stage)) {
            return;
        }
        let question =
            Question { subject: *subject, languages: &self.run.settings.languages, sender_is_known };
        let (reading, engine) = match self.model() {
            None => (local::read(&question), None),
            Some(model) => match model.read(&question).await {
                Ok(reading) => (reading, Some(model)),
                Err(error) => {
                    self.failed = Some(error.0);
                    (local::read(&question), None)
                }
            },
        };
        let Reading { language, sentiment, summary, spam } = reading;
        let before = self.findings.reports.len();
        if plan.runs(Stage::Language) {
            self.ran(Stage::Language, language.1, &language.0);
            self.findings.language = Change::Set(language.0.value);
        }
        if plan.runs(Stage::Sentiment) {
            self.ran(Stage::Sentiment, sentiment.1, &sentiment.0);
            self.findings.sentiment = Some(sentiment.0.value);
        }
        if plan.runs(Stage::Summary) {
            self.ran(Stage::Summary, summary.1, &summary.0);
            self.findings.summary = Some(summary.0.value);
        }
        if plan.runs(Stage::Spam) {
            if self.run.ticket.spam_status.is_some_and(SpamStatus::is_manual) {
                self.skip(Stage::Spam, "a person decided");
            } else {
                self.ran(Stage::Spam, spam.1, &spam.0);
                self.findings.spam = Some(spam.0.value);
            }
        }
        self.sign(before, engine);
    }

    /// Says of the reports from `first` on who made them, and why it was not the model.
    fn sign(&mut self, first: usize, engine: Option<&dyn Engine>) {
        for report in self.findings.reports.iter_mut().skip(first).filter(|report| report.skipped.is_none()) {
            match (engine, &self.failed) {
                (Some(engine), _) => {
                    report.engine = engine.name();
                    engine.version().clone_into(&mut report.version);
                }
                (None, Some(why)) => report.evidence.insert(0, format!("the local engine took over: {why}")),
                (None, None) => {}
            }
        }
    }

    /// The model, unless it failed already.
    fn model(&self) -> Option<&'r dyn Engine> {
        let wanted = self.run.settings.engine == EngineName::Llm && self.failed.is_none();
        self.run.llm.filter(|_| wanted)
    }

    /// Which tags and AI agents the message is about.
    async fn matters(&mut self, subject: &Subject<'_>, is_spam: bool, is_stopped: bool) {
        let (plan, catalogue) = (self.run.plan, self.run.catalogue);
        let agents = plan.runs(Stage::Agents) || plan.agents_follow_customer && self.has_new_customer();
        if is_stopped {
            self.skip(Stage::Tags, SPAM);
            self.skip(Stage::Agents, SPAM);
            return;
        }
        if !plan.runs(Stage::Tags) && !agents {
            return;
        }
        let title = &subject.ticket.content.subject;
        let (mut fits, took) = local::timed(|| catalogue.fits(title, &subject.text.clean));
        let engine = if plan.rules_only && !agents { None } else { self.sort(subject, &mut fits).await };
        let found = self.findings.customer.clone();
        let language = self.findings.language.value().flatten();
        // Where the customer was looked for, what the ticket had before no longer counts.
        let ticket = if plan.runs(Stage::Customer) { subject.ticket } else { self.run.ticket };
        let facts = Facts {
            ticket,
            language: language.map(|language| language.name),
            language_code: language.map(|language| language.code),
            sentiment: self.findings.sentiment.map(Word::as_str),
            spam_status: self.findings.spam,
            customer_id: found.as_ref().and_then(|found| found.customer_id.as_deref()),
            contract_id: found.as_ref().and_then(|found| found.contract_id.as_deref()),
            tag_ids: self.run.tag_ids,
            now: self.run.now,
            zone: self.run.zone,
        };
        let first = self.findings.reports.len();
        if plan.runs(Stage::Tags) {
            let rules_only = plan.rules_only;
            let (found, and) = local::timed(|| tags::detect(&catalogue.tags, &fits.tags, &facts, rules_only));
            self.ran(Stage::Tags, took + and, &found);
            let default = self.findings.default_tag.filter(|_| is_spam);
            let found = found.value.iter().map(|tag| tag.id).filter(|tag| Some(*tag) != default);
            self.findings.tags = Some(found.collect());
        }
        if agents && !self.run.settings.agents {
            self.findings
                .reports
                .push(StageReport::skipped(Stage::Agents, "the setting enableAiAgents is off"));
        } else if agents {
            let source = Source {
                subject: title,
                clean: &subject.text.clean,
                at: ticket.created_at,
                zone: self.run.zone,
            };
            let (found, and) =
                local::timed(|| intents::detect(&catalogue.agents, &fits.agents, &facts, &source));
            self.ran(Stage::Agents, took + and, &evidence_of(&found));
            self.findings.intents = Some(found);
        }
        self.sign(first, engine);
    }

    /// Has the model say how well the likeliest candidates fit, instead of what the words alone said.
    async fn sort(&mut self, subject: &Subject<'_>, fits: &mut Fits) -> Option<&'r dyn Engine> {
        let model = self.model()?;
        let catalogue = self.run.catalogue;
        let of_tags = catalogue
            .tags
            .iter()
            .zip(&mut fits.tags)
            .map(|(tag, fit)| (fit, format!("tag:{}", tag.id), &tag.full_name, &tag.detection));
        let of_agents = catalogue.agents.iter().zip(&mut fits.agents).map(|(prepared, fit)| {
            let agent = &prepared.agent;
            (fit, format!("agent:{}", agent.id), &agent.name, &agent.detection)
        });
        let all = of_tags.chain(of_agents).filter(|(_, _, _, detection)| detection.kind.reads_text());
        let mut all: Vec<(&mut Fit, Candidate)> = all
            .map(|(fit, key, name, detection)| {
                (fit, Candidate { key, name: name.clone(), prompt: detection.prompt.clone() })
            })
            .collect();
        all.sort_by(|(one, _), (other, _)| other.score.total_cmp(&one.score));
        let candidates: Vec<Candidate> =
            all.iter().take(MAX_CANDIDATES).map(|(_, candidate)| candidate.clone()).collect();
        if candidates.is_empty() {
            return None;
        }
        let question =
            Question { subject: *subject, languages: &self.run.settings.languages, sender_is_known: false };
        let answer = match model.sort(&question, &candidates).await {
            Ok(answer) => answer,
            Err(error) => {
                self.failed = Some(error.0);
                return None;
            }
        };
        for (fit, candidate) in all {
            let said = answer.iter().find(|said| said.key == candidate.key);
            fit.score = said.map_or(0.0, |said| said.score);
            fit.evidence = said.map(|said| said.evidence.clone()).unwrap_or_default();
        }
        Some(model)
    }

    fn has_new_customer(&self) -> bool {
        let found = self.findings.customer.as_ref().and_then(|found| found.customer_id.as_ref());
        found.is_some() && found != self.run.ticket.customer_id.as_ref()
    }

    /// Who works the ticket from here: the gates of auto-processing.
    fn outcome(&mut self, is_spam: bool) {
        if !self.run.plan.runs(Stage::Outcome) {
            return;
        }
        let ticket = self.run.ticket;
        let found = self.findings.customer.as_ref();
        let set = |field| ticket.set_by_person.contains(&field) && !self.run.plan.resets;
        let level = found.filter(|_| !set(Field::CustomerLegitimation));
        let facts = OutcomeFacts {
            ticket,
            intents: self.findings.intents.as_deref().unwrap_or_default(),
            is_spam,
            has_incoming_reply: self.run.has_incoming_reply,
            legitimation: level.map_or(ticket.customer_legitimation, |found| found.legitimation),
            has_contract: found.map_or(ticket.contract_id.is_some(), |found| found.contract_id.is_some()),
            settings: &self.run.settings.auto_processing,
        };
        let (found, took) = local::timed(|| outcome::decide(&facts));
        self.ran(Stage::Outcome, took, &found);
        let delay = self.run.settings.auto_processing.delay_hours.unwrap_or_default();
        let delay = SignedDuration::try_from_secs_f64(delay * 3600.0).unwrap_or_default();
        self.findings.outcome = Some(Outcome {
            ai_support_level: found.value.ai_support_level,
            auto_execute_at: found.value.auto_execute.then(|| self.run.now + delay),
        });
    }

    fn is_spam(&self) -> bool {
        let stored = self.run.ticket.spam_status;
        let found = self.findings.spam.or(stored).is_some_and(SpamStatus::is_spam);
        found || self.run.settings.spam_tag_ids.iter().any(|tag| self.run.tag_ids.contains(tag))
    }
}

/// What the AI agents' stage says for all of them.
fn evidence_of(intents: &[FoundIntent]) -> Finding<()> {
    let evidence = intents.iter().flat_map(|intent| {
        let head = format!("{} at {:.2}", intent.code, intent.confidence);
        std::iter::once(head).chain(intent.evidence.iter().map(|line| format!("  {line}")))
    });
    let score = intents.iter().map(|intent| intent.confidence).max_by(f64::total_cmp);
    Finding { value: (), evidence: evidence.collect(), score, threshold: Some(THRESHOLD) }
}

/// Why a stage does not run.
const SPAM: &str = "spam is not analysed further";
