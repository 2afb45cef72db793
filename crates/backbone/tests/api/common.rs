//! A server of its own for each test, and identities that act on it.

use std::sync::{Arc, Mutex, Once};

use crate::coverage;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use ed25519_dalek::{Signer, SigningKey};
use reqwest::{Method, header::HeaderMap};
use serde_json::{Value, json};
use tempfile::TempDir;
use tessera_backbone::{Backbone, PasswordHashCost, Settings};
use tessera_core_types::{Clock, CoreDate, Randomness, SystemRandomness};

pub const PASSWORD: &str = "Correct-horse-1";

/// A clock that stands still until a test moves it.
pub struct TestClock(Mutex<CoreDate>);

impl TestClock {
    pub fn set(&self, now: CoreDate) {
        *self.0.lock().unwrap() = now;
    }

    pub fn advance(&self, seconds: i64) {
        let mut now = self.0.lock().unwrap();
        *now = now.plus(chrono::TimeDelta::seconds(seconds));
    }
}

impl Clock for TestClock {
    fn now(&self) -> CoreDate {
        *self.0.lock().unwrap()
    }
}

pub struct Server {
    pub backbone: Backbone,
    pub clock: Arc<TestClock>,
    pub folder: TempDir,
    pub http: reqwest::Client,
}

pub fn http() -> reqwest::Client {
    static PROVIDER: Once = Once::new();
    PROVIDER.call_once(|| {
        rustls::crypto::ring::default_provider()
            .install_default()
            .unwrap();
    });
    reqwest::Client::builder().no_proxy().build().unwrap()
}

/// The settings of the tests: the lowest cost of passwords, a clock that stands still.
pub fn settings(folder: &TempDir) -> (Settings, Arc<TestClock>) {
    let start = CoreDate::parse("2026-08-20T09:00:00.000Z").unwrap();
    let clock = Arc::new(TestClock(Mutex::new(start)));
    let mut settings = Settings::new(folder.path().join("data").join("backbone.sqlite"));
    settings.password_hash_cost = PasswordHashCost::LOWEST;
    settings.clock = clock.clone();
    (settings, clock)
}

impl Server {
    pub async fn start() -> Self {
        Self::start_with(|_| {}).await
    }

    pub async fn start_with(change: impl FnOnce(&mut Settings)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (mut settings, clock) = settings(&folder);
        change(&mut settings);
        Self {
            backbone: Backbone::start(settings).await.unwrap(),
            clock,
            folder,
            http: http(),
        }
    }

    pub fn url(&self, path: &str) -> String {
        let base = self.backbone.base_url();
        if path.starts_with("/") {
            format!("{base}{path}")
        } else {
            format!("{base}/api/v2/{path}")
        }
    }

    /// A call without login.
    pub fn anonymous(&self) -> Actor {
        Actor {
            http: self.http.clone(),
            url: self.url(""),
            token: None,
        }
    }

    pub fn now(&self) -> CoreDate {
        self.clock.now()
    }

    /// The date that many seconds from now, as JSON.
    pub fn in_seconds(&self, seconds: i64) -> String {
        let date = self.now().plus(chrono::TimeDelta::seconds(seconds));
        date.to_string()
    }

    pub async fn identity(&self) -> Identity {
        let key = new_key();
        let reply = self.create_identity(&key).await;
        assert_eq!(reply.status, 201, "{reply:?}");
        let device = reply.result["device"].clone();
        let address = text(&reply.result["address"]);
        let username = text(&device["username"]);
        let mut actor = self.anonymous();
        actor.token = Some(self.token(&username, PASSWORD).await);
        Identity {
            key,
            address,
            username,
            device: text(&device["id"]),
            actor,
        }
    }

    /// An identity that has a datawallet, as every client makes it at once.
    pub async fn identity_with_datawallet(&self) -> Identity {
        let identity = self.identity().await;
        let run = identity
            .post("SyncRuns", json!({"type": "DatawalletVersionUpgrade"}))
            .await
            .created();
        let run = text(&run["syncRun"]["id"]);
        identity
            .put(
                &format!("SyncRuns/{run}/FinalizeDatawalletVersionUpgrade"),
                json!({"newDatawalletVersion": 1}),
            )
            .await
            .ok();
        identity
    }

    pub async fn create_identity(&self, key: &SigningKey) -> Reply {
        let body = self.identity_body(key).await;
        self.anonymous().post("Identities", body).await
    }

    pub async fn identity_body(&self, key: &SigningKey) -> Value {
        json!({
            "clientId": "test",
            "clientSecret": "test",
            "identityPublicKey": public_key(key),
            "identityVersion": 1,
            "devicePassword": PASSWORD,
            "deviceCommunicationLanguage": "de",
            "signedChallenge": self.signed_challenge(key).await,
        })
    }

    pub async fn signed_challenge(&self, key: &SigningKey) -> Value {
        let challenge = self
            .anonymous()
            .post("Challenges", Value::Null)
            .await
            .created();
        sign(
            key,
            &json!({
                "expiresAt": challenge["expiresAt"],
                "id": challenge["id"],
                "type": "Identity",
            })
            .to_string(),
        )
    }

    pub async fn login(&self, fields: &[(&str, &str)]) -> Reply {
        let url = self.url("/connect/token");
        let reply = Reply::read(self.http.post(url).form(fields).send().await.unwrap()).await;
        coverage::note(&Method::POST, "/connect/token", &reply);
        reply
    }

    pub async fn login_as(&self, username: &str, password: &str) -> Reply {
        self.login(&[
            ("grant_type", "password"),
            ("client_id", "test"),
            ("client_secret", "test"),
            ("username", username),
            ("password", password),
        ])
        .await
    }

    pub async fn token(&self, username: &str, password: &str) -> String {
        let reply = self.login_as(username, password).await;
        assert_eq!(reply.status, 200, "{reply:?}");
        text(&reply.body["access_token"])
    }
}

pub fn new_key() -> SigningKey {
    let mut seed = [0; 32];
    SystemRandomness.fill(&mut seed);
    SigningKey::from_bytes(&seed)
}

/// The public key as it travels.
pub fn public_key(key: &SigningKey) -> String {
    let public_key = json!({
        "pub": BASE64_URL_SAFE_NO_PAD.encode(key.verifying_key().as_bytes()),
        "alg": 3,
        "@type": "CryptoSignaturePublicKey",
    });
    bytes(&public_key.to_string())
}

pub fn sign(key: &SigningKey, challenge: &str) -> Value {
    let signature = json!({
        "sig": BASE64_URL_SAFE_NO_PAD.encode(key.sign(challenge.as_bytes()).to_bytes()),
        "alg": 2,
        "@type": "CryptoSignature",
    });
    json!({
        "challenge": challenge,
        "signature": BASE64_URL_SAFE_NO_PAD.encode(signature.to_string()),
    })
}

pub fn text(value: &Value) -> String {
    value
        .as_str()
        .unwrap_or_else(|| panic!("{value}"))
        .to_owned()
}

/// Base64url of a text, as contents travel.
pub fn bytes(text: &str) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(text)
}

/// Somebody who calls, logged in or not.
#[derive(Clone)]
pub struct Actor {
    http: reqwest::Client,
    url: String,
    pub token: Option<String>,
}

impl Actor {
    pub async fn send(&self, method: Method, path: &str, body: Value) -> Reply {
        self.send_with(
            method,
            path,
            body,
            &[("x-supported-datawallet-version", "1")],
        )
        .await
    }

    pub async fn send_with(
        &self,
        method: Method,
        path: &str,
        body: Value,
        headers: &[(&'static str, &str)],
    ) -> Reply {
        let url = match path.strip_prefix('/') {
            Some(_) => self.url.replace("/api/v2/", path),
            None => format!("{}{path}", self.url),
        };
        let mut request = self.http.request(method.clone(), url);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        if !body.is_null() {
            request = request.json(&body);
        }
        let reply = Reply::read(request.send().await.unwrap()).await;
        coverage::note(&method, path, &reply);
        reply
    }

    pub async fn get(&self, path: &str) -> Reply {
        self.send(Method::GET, path, Value::Null).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Reply {
        self.send(Method::POST, path, body).await
    }

    pub async fn put(&self, path: &str, body: Value) -> Reply {
        self.send(Method::PUT, path, body).await
    }

    pub async fn delete(&self, path: &str) -> Reply {
        self.send(Method::DELETE, path, Value::Null).await
    }
}

/// An identity with one device, logged in.
pub struct Identity {
    pub key: SigningKey,
    pub address: String,
    pub username: String,
    pub device: String,
    actor: Actor,
}

impl std::ops::Deref for Identity {
    type Target = Actor;

    fn deref(&self) -> &Actor {
        &self.actor
    }
}

impl Identity {
    /// The same identity at a server that was started anew.
    pub fn move_to(&mut self, server: &Server) {
        self.actor = server.anonymous();
    }

    /// The same identity with a token of now.
    pub async fn log_in_again(&mut self, server: &Server) {
        self.actor.token = Some(server.token(&self.username, PASSWORD).await);
    }

    /// A second device of the identity, logged in.
    pub async fn second_device(&self, server: &Server) -> Actor {
        let device = self
            .post(
                "Devices",
                json!({
                    "devicePassword": PASSWORD,
                    "signedChallenge": server.signed_challenge(&self.key).await,
                }),
            )
            .await
            .created();
        let mut actor = self.actor.clone();
        actor.token = Some(server.token(&text(&device["username"]), PASSWORD).await);
        actor
    }

    /// A template without any limits.
    pub async fn template(&self) -> String {
        let created = self
            .post(
                "RelationshipTemplates",
                json!({"content": bytes("template")}),
            )
            .await
            .created();
        text(&created["id"])
    }

    /// A relationship that this identity creates from a template of that one.
    pub async fn request_relationship(&self, to: &Identity) -> String {
        let body = json!({
            "relationshipTemplateId": to.template().await,
            "creationContent": bytes("creation"),
        });
        text(&self.post("Relationships", body).await.created()["id"])
    }

    /// An active relationship with that identity.
    pub async fn connect(&self, to: &Identity) -> String {
        let id = self.request_relationship(to).await;
        to.put(&format!("Relationships/{id}/Accept"), json!({}))
            .await
            .ok();
        id
    }

    /// Fetches everything new in one sync run, and ends it without an error.
    pub async fn sync(&self) -> Vec<Value> {
        let run = self.post("SyncRuns", json!({})).await;
        if run.status == 200 {
            return Vec::new();
        }
        let run = text(&run.created()["syncRun"]["id"]);
        let events = self
            .get(&format!("SyncRuns/{run}/ExternalEvents"))
            .await
            .ok();
        let events = events.as_array().unwrap().clone();
        let results: Vec<Value> = events
            .iter()
            .map(|event| json!({"externalEventId": event["id"]}))
            .collect();
        self.put(
            &format!("SyncRuns/{run}/FinalizeExternalEventSync"),
            json!({"externalEventResults": results, "datawalletModifications": []}),
        )
        .await
        .ok();
        events
    }

    /// The types of everything new.
    pub async fn new_events(&self) -> Vec<String> {
        let events = self.sync().await;
        events.iter().map(|event| text(&event["type"])).collect()
    }
}

/// An answer.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub headers: HeaderMap,
    /// The whole body; null when it is empty.
    pub body: Value,
    /// `result` of it.
    pub result: Value,
}

impl Reply {
    pub async fn read(response: reqwest::Response) -> Self {
        let status = response.status().as_u16();
        let headers = response.headers().clone();
        let text = response.text().await.unwrap();
        let body: Value = serde_json::from_str(&text).unwrap_or_else(|_| {
            if text.is_empty() {
                Value::Null
            } else {
                Value::String(text)
            }
        });
        Self {
            status,
            headers,
            result: body["result"].clone(),
            body,
        }
    }

    pub fn ok(self) -> Value {
        assert_eq!(self.status, 200, "{self:?}");
        self.result
    }

    pub fn created(self) -> Value {
        assert_eq!(self.status, 201, "{self:?}");
        self.result
    }

    pub fn no_content(self) {
        assert_eq!((self.status, &self.body), (204, &Value::Null), "{self:?}");
    }

    /// The error's status and code without the common beginning.
    pub fn error(&self) -> (u16, &str) {
        let code = self.body["error"]["code"].as_str();
        let code = code.unwrap_or_else(|| panic!("{self:?}"));
        (
            self.status,
            code.strip_prefix("error.platform.").unwrap_or(code),
        )
    }

    pub fn message(&self) -> &str {
        self.body["error"]["message"].as_str().unwrap_or_default()
    }

    /// What a table of expectations says: `200` or `400 code`.
    pub fn summary(&self) -> String {
        match self.body["error"]["code"].as_str() {
            Some(_) => {
                let (status, code) = self.error();
                let code = code.rsplit('.').next().unwrap_or(code);
                format!("{status} {code}")
            }
            None => self.status.to_string(),
        }
    }
}
