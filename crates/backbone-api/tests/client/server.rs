//! A server whose answers are written down in advance, and which remembers what it was asked.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::{Request, State},
    response::Response,
};
use tessera_backbone_api::client::{
    AuthenticatedClient, BackboneClient, ClientSettings, Credentials, RetryPolicy,
};
use tessera_core_types::Username;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

pub const PASSWORD: &str = "Device-Pass & Word=1";
pub const CLIENT_SECRET: &str = "App-Secret-77";

/// One answer.
#[derive(Clone)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(&'static str, String)>,
    pub body: String,
    pub delay: Duration,
}

pub fn answer(status: u16, body: impl Into<String>) -> Answer {
    Answer {
        status,
        headers: Vec::new(),
        body: body.into(),
        delay: Duration::ZERO,
    }
}

impl Answer {
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    pub fn after(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }
}

/// What came.
#[derive(Clone, Debug)]
pub struct Asked {
    pub method: String,
    pub path: String,
    pub query: String,
    pub bearer: Option<String>,
    pub datawallet_version: Option<String>,
    pub body: String,
}

#[derive(Default)]
struct Script {
    tokens: VecDeque<Answer>,
    answers: VecDeque<Answer>,
    asked: Vec<Asked>,
    logins: u32,
}

/// A server with a script. The last answer of each kind is given for ever.
#[derive(Clone)]
pub struct Server {
    pub base_url: String,
    script: Arc<Mutex<Script>>,
}

impl Server {
    /// Answers calls with `answers`, one after the other, and each login with a new token.
    pub async fn with(answers: impl IntoIterator<Item = Answer>) -> Self {
        Self::with_logins([], answers).await
    }

    /// The same, with the answers to logins.
    pub async fn with_logins(
        tokens: impl IntoIterator<Item = Answer>,
        answers: impl IntoIterator<Item = Answer>,
    ) -> Self {
        let script = Arc::new(Mutex::new(Script {
            tokens: tokens.into_iter().collect(),
            answers: answers.into_iter().collect(),
            ..Script::default()
        }));
        let app = Router::new()
            .fallback(respond)
            .with_state(Arc::clone(&script));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base_url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        Self { base_url, script }
    }

    /// The calls that came, logins not among them.
    pub fn asked(&self) -> Vec<Asked> {
        self.script.lock().unwrap().asked.clone()
    }

    /// How many logins there were.
    pub fn logins(&self) -> u32 {
        self.script.lock().unwrap().logins
    }

    pub fn client(&self) -> BackboneClient {
        client(&self.base_url)
    }

    pub fn device(&self) -> AuthenticatedClient {
        device(&self.client())
    }
}

pub fn settings(base_url: &str) -> ClientSettings {
    ClientSettings {
        connect_timeout: Duration::from_secs(5),
        retry: RetryPolicy {
            max_retries: 2,
            first_delay: Duration::from_millis(1),
            longest_delay: Duration::from_millis(10),
        },
        ..ClientSettings::new(base_url, "test", CLIENT_SECRET)
    }
}

pub fn client(base_url: &str) -> BackboneClient {
    BackboneClient::new(settings(base_url)).unwrap()
}

pub fn device(client: &BackboneClient) -> AuthenticatedClient {
    let username = Username::parse("USRaaaaaaaaaaaaaaaaa").unwrap();
    client.log_in_as(Credentials::new(username, PASSWORD))
}

/// A login that lasts `seconds`.
pub fn token(name: &str, seconds: u32) -> Answer {
    let body =
        format!(r#"{{"access_token":"{name}","token_type":"Bearer","expires_in":{seconds}}}"#);
    answer(200, body)
}

async fn respond(State(script): State<Arc<Mutex<Script>>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap();
    let header = |name: &str| {
        let value = parts.headers.get(name)?;
        Some(value.to_str().unwrap().to_owned())
    };
    let asked = Asked {
        method: parts.method.to_string(),
        path: parts.uri.path().to_owned(),
        query: parts.uri.query().unwrap_or_default().to_owned(),
        bearer: header("authorization"),
        datawallet_version: header("x-supported-datawallet-version"),
        body: String::from_utf8(body.to_vec()).unwrap(),
    };
    let answer = {
        let mut script = script.lock().unwrap();
        if asked.path == "/connect/token" {
            script.logins += 1;
            let number = script.logins;
            next(&mut script.tokens).unwrap_or_else(|| token(&format!("token-{number}"), 300))
        } else {
            script.asked.push(asked);
            next(&mut script.answers).unwrap()
        }
    };
    tokio::time::sleep(answer.delay).await;
    let mut response = Response::builder().status(answer.status);
    for (name, value) in answer.headers {
        response = response.header(name, value);
    }
    response.body(Body::from(answer.body)).unwrap()
}

fn next(answers: &mut VecDeque<Answer>) -> Option<Answer> {
    if answers.len() > 1 {
        answers.pop_front()
    } else {
        answers.front().cloned()
    }
}

/// A server that answers every connection with the same bytes, whatever is asked, and then hangs
/// up (or, with `None`, never says anything). Returns the base URL and a counter of connections.
pub async fn raw(bytes: Option<&'static [u8]>) -> (String, Arc<Mutex<u32>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base_url = format!("http://{}", listener.local_addr().unwrap());
    let count = Arc::new(Mutex::new(0));
    let counter = Arc::clone(&count);
    tokio::spawn(async move {
        let mut silent = Vec::new();
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            *counter.lock().unwrap() += 1;
            let mut buffer = [0_u8; 4096];
            let _ = stream.read(&mut buffer).await;
            match bytes {
                Some(bytes) => {
                    let _ = stream.write_all(bytes).await;
                    let _ = stream.shutdown().await;
                }
                None => silent.push(stream),
            }
        }
    });
    (base_url, count)
}
