//! A language model's endpoint, as `OpenAI`'s protocol has it, that answers what a test says.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::Semaphore;

/// What the endpoint answers to one question.
#[derive(Clone)]
pub enum Say {
    /// A completion with this text.
    Text(String),
    Refuse,
    Status(u16),
    /// 429, with `Retry-After` in seconds.
    Busy(u64),
    /// Nothing, until the test ends.
    Hang,
}

/// An endpoint at work.
pub struct Model {
    pub url: String,
    state: Arc<Inner>,
}

type Answer = Box<dyn Fn(&str, usize) -> Say + Send>;

struct Inner {
    answer: Mutex<Answer>,
    asked: Mutex<Vec<(Value, HeaderMap)>>,
    /// A question takes a permit before it is answered.
    gate: Semaphore,
}

impl Model {
    /// An endpoint that answers by the name of the schema that it is asked for (`reading` or `matters`) and the
    /// number of questions before.
    pub async fn start(answer: impl Fn(&str, usize) -> Say + Send + 'static) -> Self {
        let state = Arc::new(Inner {
            answer: Mutex::new(Box::new(answer)),
            asked: Mutex::default(),
            gate: Semaphore::new(Semaphore::MAX_PERMITS),
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/v1", listener.local_addr().unwrap());
        let router = Router::new().route("/v1/chat/completions", post(complete)).with_state(state.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { url, state }
    }

    /// An endpoint that reads every message as the same.
    pub async fn calm() -> Self {
        Self::start(|schema, _| Say::Text(calm(schema).to_string())).await
    }

    /// Keeps every question waiting until [`Model::open`].
    pub fn close(&self) {
        self.state.gate.forget_permits(Semaphore::MAX_PERMITS);
    }

    pub fn open(&self) {
        self.state.gate.add_permits(1000);
    }

    /// Waits until so many questions were asked.
    pub async fn asked(&self, number: usize) {
        for _ in 0..2000 {
            if self.questions().len() >= number {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
        panic!("the model was asked {} questions, not {number}", self.questions().len());
    }

    /// The bodies that were sent.
    pub fn questions(&self) -> Vec<Value> {
        self.state.asked.lock().unwrap().iter().map(|(body, _)| body.clone()).collect()
    }

    /// The headers of the first question.
    pub fn headers(&self) -> HeaderMap {
        self.state.asked.lock().unwrap()[0].1.clone()
    }
}

/// A neutral English message, about nothing in particular.
pub fn calm(schema: &str) -> Value {
    match schema {
        "reading" => {
            json!({ "language": "en", "sentiment": "neutral", "summary": "As the model sees it", "spam": "clean" })
        }
        _ => json!({ "matters": [] }),
    }
}

async fn complete(
    State(state): State<Arc<Inner>>,
    headers: HeaderMap,
    body: Bytes,
) -> (StatusCode, HeaderMap, String) {
    let body: Value = serde_json::from_slice(&body).unwrap();
    let schema = body["response_format"]["json_schema"]["name"].as_str().unwrap_or_default().to_owned();
    let before = {
        let mut asked = state.asked.lock().unwrap();
        asked.push((body, headers));
        asked.len() - 1
    };
    state.gate.acquire().await.unwrap().forget();
    let say = (state.answer.lock().unwrap())(&schema, before);
    let completion = |message: Value| json!({ "choices": [{ "index": 0, "message": message }] }).to_string();
    let mut answered = HeaderMap::new();
    let (status, text) = match say {
        Say::Text(text) => (200, completion(json!({ "role": "assistant", "content": text }))),
        Say::Refuse => (200, completion(json!({ "role": "assistant", "content": null, "refusal": "No." }))),
        Say::Status(status) => (status, "{}".into()),
        Say::Busy(seconds) => {
            answered.insert("retry-after", seconds.into());
            (429, "{}".into())
        }
        Say::Hang => std::future::pending().await,
    };
    (StatusCode::from_u16(status).unwrap(), answered, text)
}
