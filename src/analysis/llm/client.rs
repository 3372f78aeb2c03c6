//! The wire to the endpoint: one question, some patience, further attempts where they may help.

use std::time::{Duration, Instant};

use reqwest::header::{AUTHORIZATION, RETRY_AFTER};
use reqwest::{Response, StatusCode, Url};
use secrecy::ExposeSecret;
use serde::Deserialize;
use serde_json::Value;

use super::Endpoint;
use super::breaker::Breaker;
use crate::analysis::engine::EngineError;

/// How often a question is put.
const ATTEMPTS: u32 = 3;
/// The wait before the second attempt; it doubles with each.
const FIRST_WAIT: Duration = Duration::from_millis(250);
/// The longest answer that is read, in bytes.
const MAX_ANSWER: usize = 1_000_000;

/// A connection to an OpenAI-compatible endpoint.
#[derive(Debug)]
pub struct Client {
    http: reqwest::Client,
    url: Url,
    endpoint: Endpoint,
    breaker: Breaker,
}

/// How an attempt failed.
enum Failure {
    /// Another attempt may help, after so long.
    Again(String, Option<Duration>),
    Final(String),
}

impl Client {
    /// Errors where the URL cannot be used.
    pub fn new(endpoint: Endpoint) -> Result<Self, EngineError> {
        let base = endpoint.url.trim_end_matches('/');
        let whole = if base.ends_with("/chat/completions") {
            base.into()
        } else {
            format!("{base}/chat/completions")
        };
        let url = Url::parse(&whole).map_err(|_| EngineError("the endpoint's URL cannot be read".into()))?;
        let http = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(Duration::from_secs(2))
            .build()
            .map_err(|error| EngineError(format!("the endpoint cannot be used: {error}")))?;
        Ok(Self { http, url, endpoint, breaker: Breaker::default() })
    }

    /// The text that the model answers with.
    pub async fn complete(&self, body: &Value) -> Result<String, EngineError> {
        let until = Instant::now() + self.endpoint.patience;
        let mut wait = FIRST_WAIT;
        let mut left = ATTEMPTS;
        loop {
            let now = Instant::now();
            if !self.breaker.lets_through(now) {
                return Err(EngineError(
                    "the model failed several times and is left alone for a while".into(),
                ));
            }
            left -= 1;
            let attempt =
                tokio::time::timeout(until.saturating_duration_since(now), self.attempt(body)).await;
            let failure = match attempt {
                Ok(Ok(answer)) => {
                    self.breaker.succeeded();
                    return Ok(answer);
                }
                Ok(Err(failure)) => failure,
                Err(_) => Failure::Final("the model did not answer in time".into()),
            };
            self.breaker.failed(Instant::now());
            let (why, asked) = match failure {
                Failure::Again(why, asked) if left > 0 => (why, asked),
                Failure::Again(why, _) | Failure::Final(why) => return Err(EngineError(why)),
            };
            let pause = asked.unwrap_or(wait);
            if Instant::now() + pause >= until {
                return Err(EngineError(why));
            }
            tokio::time::sleep(pause).await;
            wait *= 2;
        }
    }

    async fn attempt(&self, body: &Value) -> Result<String, Failure> {
        let mut request = self.http.post(self.url.clone()).json(body);
        if let Some(key) = &self.endpoint.api_key {
            request = request.header(AUTHORIZATION, format!("Bearer {}", key.expose_secret()));
        }
        let response = request.send().await.map_err(|error| {
            Failure::Again(format!("the model cannot be reached: {}", cause(&error)), None)
        })?;
        let status = response.status();
        if status == StatusCode::TOO_MANY_REQUESTS || status.is_server_error() {
            return Err(Failure::Again(format!("the model answered {status}"), retry_after(&response)));
        }
        if !status.is_success() {
            return Err(Failure::Final(format!("the model answered {status}")));
        }
        let answer = read(response).await?;
        let completion: Completion = serde_json::from_slice(&answer)
            .map_err(|_| Failure::Final("the endpoint's answer is no chat completion".into()))?;
        let message = completion.choices.into_iter().next().map(|choice| choice.message);
        match message {
            Some(Message { refusal: Some(_), .. }) => Err(Failure::Final("the model refused".into())),
            Some(Message { content: Some(content), .. }) => Ok(content),
            _ => Err(Failure::Final("the model answered nothing".into())),
        }
    }
}

#[derive(Deserialize)]
struct Completion {
    choices: Vec<Choice>,
}

#[derive(Deserialize)]
struct Choice {
    message: Message,
}

#[derive(Deserialize)]
struct Message {
    content: Option<String>,
    refusal: Option<String>,
}

async fn read(mut response: Response) -> Result<Vec<u8>, Failure> {
    let mut answer = Vec::new();
    loop {
        let chunk = response.chunk().await;
        let chunk = chunk.map_err(|_| Failure::Again("the model's answer broke off".into(), None))?;
        let Some(chunk) = chunk else { return Ok(answer) };
        if answer.len() + chunk.len() > MAX_ANSWER {
            return Err(Failure::Final("the model's answer is too long".into()));
        }
        answer.extend_from_slice(&chunk);
    }
}

fn retry_after(response: &Response) -> Option<Duration> {
    let seconds = response.headers().get(RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()?;
    Some(Duration::from_secs(seconds))
}

/// What went wrong at the bottom, without the URL.
fn cause(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    cause.to_string()
}
