//! Recorded exchanges of enmeshed's runtimes with a stand-in for the Backbone, replayed: the same
//! questions must get the same statuses and answers of the same form.
//!
//! Ids and addresses are made anew by this server, and private keys were not recorded. So each actor
//! gets a key of its own, and what the server makes takes the place of what was recorded.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
};

use ed25519_dalek::SigningKey;
use reqwest::{
    Method,
    multipart::{Form, Part},
};
use serde_json::{Map, Value};
use tessera_core_types::{Address, CoreDate};

use crate::common::{Actor, PASSWORD, Reply, Server, new_key, sign, text};

/// What the stand-in does not answer, and the API has.
const ONLY_HERE: [&str; 2] = ["ownershipIsLocked", "isPasswordProtected"];
/// What the stand-in answers to an upload, and the API has in the metadata only.
const ONLY_THERE: [&str; 4] = [
    "modifiedByDevice",
    "deletedByDevice",
    "encryptedProperties",
    "ownershipIsLocked",
];

fn folder() -> PathBuf {
    let own = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/vectors");
    let vectors = std::env::var("TESSERA_VECTORS").unwrap_or_else(|_| own.to_owned());
    Path::new(&vectors).join("traces")
}

/// Somebody in a recording, as they are here.
struct Player {
    key: SigningKey,
    actor: Actor,
}

struct Replay {
    server: Server,
    players: HashMap<String, Player>,
    /// What stands here for recorded ids and addresses.
    names: HashMap<String, String>,
    /// The present ownership token of each file.
    ownership_tokens: HashMap<String, String>,
}

impl Replay {
    async fn new() -> Self {
        let server = Server::start_with(|settings| {
            settings.password_rule = tessera_backbone::PasswordRule::NotEmpty;
        })
        .await;
        Self {
            server,
            players: HashMap::new(),
            names: HashMap::new(),
            ownership_tokens: HashMap::new(),
        }
    }

    /// A recorded text with the names of here.
    fn here(&self, recorded: &str) -> String {
        let mut here = recorded.to_owned();
        let mut names: Vec<_> = self.names.iter().collect();
        names.sort();
        for (there, name) in names {
            if here.contains(there.as_str()) {
                here = here.replace(there.as_str(), name);
            }
        }
        here
    }

    /// A recorded body as it is sent here.
    fn body(&self, recorded: &Value) -> Value {
        match recorded {
            Value::String(text) => match cut_length(text) {
                // What was shortened was base64url; any other does as well.
                Some(length) => Value::String("A".repeat(length)),
                None => Value::String(self.here(text)),
            },
            Value::Array(values) => values.iter().map(|value| self.body(value)).collect(),
            Value::Object(map) => {
                let pairs = map
                    .iter()
                    .map(|(name, value)| (name.clone(), self.body(value)));
                Value::Object(pairs.collect())
            }
            other => other.clone(),
        }
    }

    /// Asks what was asked, and compares.
    async fn play(&mut self, exchange: &Value) {
        let place = format!("{} {}", exchange["n"], exchange["path"]);
        let who = text(&exchange["actor"]);
        let anonymous = self.server.anonymous();
        let player = self.players.entry(who).or_insert_with(|| Player {
            key: new_key(),
            actor: anonymous,
        });
        let (key, mut actor) = (player.key.clone(), player.actor.clone());
        let is_logged_in = exchange["requestHeaders"].get("authorization").is_some();
        if !is_logged_in {
            actor.token = None;
        }
        let path = self.here(&text(&exchange["path"]));
        let method: Method = text(&exchange["method"]).parse().unwrap();
        let recorded = &exchange["request"];
        let reply = if path == "/connect/token" {
            let username = self.here(&text(&recorded["username"]));
            let reply = self.server.login_as(&username, PASSWORD).await;
            let who = exchange["actor"].as_str().unwrap();
            let player = self.players.get_mut(who).unwrap();
            player.actor.token = Some(text(&reply.body["access_token"]));
            reply
        } else if path.ends_with("/Files") && method == Method::POST {
            self.upload(&actor, &path, recorded).await
        } else {
            let mut body = self.body(recorded);
            self.put_in_secrets(&mut body, &key, &path);
            let version = exchange["requestHeaders"]["x-supported-datawallet-version"].as_str();
            let headers: Vec<_> = version
                .map(|version| ("x-supported-datawallet-version", version))
                .into_iter()
                .collect();
            actor.send_with(method, &path, body, &headers).await
        };
        assert_eq!(
            Value::from(reply.status),
            exchange["status"],
            "{place}: {reply:?}"
        );
        self.compare(&exchange["response"], &reply.body, &place);
        self.remember_ownership_tokens(&path, &reply.body["result"]);
    }

    /// Signatures with the keys of here, passwords, ownership tokens.
    fn put_in_secrets(&self, body: &mut Value, key: &SigningKey, path: &str) {
        let Value::Object(map) = body else { return };
        if let Some(challenge) = map.get("signedChallenge") {
            let signed = sign(key, challenge["challenge"].as_str().unwrap());
            map.insert("signedChallenge".to_owned(), signed);
        }
        if map.contains_key("identityPublicKey") {
            let public_key = crate::common::public_key(key);
            map.insert("identityPublicKey".to_owned(), Value::String(public_key));
        }
        if map.contains_key("devicePassword") {
            map.insert(
                "devicePassword".to_owned(),
                Value::String(PASSWORD.to_owned()),
            );
        }
        if map.contains_key("ownershipToken") {
            let file = path.split('/').nth_back(1).unwrap();
            let token = self.ownership_tokens[file].clone();
            map.insert("ownershipToken".to_owned(), Value::String(token));
        }
    }

    fn remember_ownership_tokens(&mut self, path: &str, result: &Value) {
        for (name, file) in [
            ("ownershipToken", result["id"].as_str()),
            ("newOwnershipToken", path.split('/').nth_back(1)),
        ] {
            if let (Some(token), Some(file)) = (result[name].as_str(), file) {
                self.ownership_tokens
                    .insert(file.to_owned(), token.to_owned());
            }
        }
    }

    async fn upload(&self, actor: &Actor, path: &str, recorded: &Value) -> Reply {
        let mut form = Form::new();
        for (name, value) in recorded.as_object().unwrap() {
            let value = value.as_str().unwrap();
            form = match value
                .strip_prefix('<')
                .and_then(|rest| rest.split(' ').next())
            {
                Some(length) if name == "content" => {
                    let cipher = vec![b'x'; length.parse().unwrap()];
                    form.part("content", Part::bytes(cipher).file_name("cipher.bin"))
                }
                _ => form.text(
                    name.clone(),
                    text(&self.body(&Value::String(value.to_owned()))),
                ),
            };
        }
        let request = self.server.http.post(self.server.url(path)).multipart(form);
        let request = request.bearer_auth(actor.token.as_ref().unwrap());
        Reply::read(request.send().await.unwrap()).await
    }

    /// Compares an answer with the recorded one, and learns what the names of there are here.
    fn compare(&mut self, there: &Value, here: &Value, place: &str) {
        match (there, here) {
            (Value::Object(there), Value::Object(here)) => self.compare_objects(there, here, place),
            (Value::Array(there), Value::Array(here)) => {
                assert_eq!(there.len(), here.len(), "{place}: {there:?}\n{here:?}");
                for (index, (there, here)) in there.iter().zip(here).enumerate() {
                    self.compare(there, here, &format!("{place}[{index}]"));
                }
            }
            (Value::String(there), Value::String(here)) => self.compare_texts(there, here, place),
            // The API takes it away with a cancellation, the stand-in does not.
            (Value::String(_), Value::Null)
                if place.ends_with("/Cancel\".result.gracePeriodEndsAt") => {}
            _ => assert_eq!(there, here, "{place}"),
        }
    }

    fn compare_objects(
        &mut self,
        there: &Map<String, Value>,
        here: &Map<String, Value>,
        place: &str,
    ) {
        let is_upload = there.contains_key("ownershipToken");
        for name in here.keys() {
            let is_known = there.contains_key(name) || ONLY_HERE.contains(&name.as_str());
            assert!(is_known, "{place}: {name} was not recorded");
        }
        for (name, value) in there {
            let place = format!("{place}.{name}");
            match here.get(name) {
                // A new name each time, and the texts of errors are compared by the other tests.
                Some(_) if place.contains(".error.") && name != "code" => {}
                Some(Value::String(_))
                    if name == "ownershipToken" || name == "newOwnershipToken" => {}
                Some(found) => self.compare(value, found, &place),
                None => assert!(
                    is_upload && ONLY_THERE.contains(&name.as_str()),
                    "{place} is missing"
                ),
            }
        }
    }

    fn compare_texts(&mut self, there: &str, here: &str, place: &str) {
        if let Some(length) = cut_length(there) {
            assert_eq!(here.len(), length, "{place}");
        } else if there.starts_with("<cut") || place.ends_with(".access_token") {
            assert!(!here.is_empty(), "{place}");
        } else if CoreDate::parse(there).is_ok() {
            assert!(CoreDate::parse(here).is_ok(), "{place}: {here}");
            assert_eq!(there.len(), here.len(), "{place}: {there} {here}");
        } else if is_name(there) {
            let known = self
                .names
                .entry(there.to_owned())
                .or_insert_with(|| here.to_owned());
            assert_eq!(known, here, "{place}: another {there}");
        } else if there.starts_with('<') {
            // Bytes, of which the number was recorded.
        } else {
            assert_eq!(there, here, "{place}");
        }
    }
}

/// Ids and addresses, which each server makes anew.
fn is_name(text: &str) -> bool {
    let is_id = text.len() == 20
        && text[..3].bytes().all(|byte| byte.is_ascii_uppercase())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
    is_id || Address::parse(text).is_ok()
}

/// How long a text was that was shortened to `… <123 characters>`.
fn cut_length(text: &str) -> Option<usize> {
    let (_, length) = text.strip_suffix(" characters>")?.split_once("... <")?;
    length.parse().ok()
}

#[tokio::test]
async fn vectors_recorded_exchanges_get_the_same_answers() {
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "json")
        })
        .collect();
    files.sort();
    assert!(!files.is_empty());
    for file in files {
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        let trace: Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
        let exchanges = trace["exchanges"].as_array().unwrap();
        let mut replay = Replay::new().await;
        let began = &exchanges[0]["responseHeaders"]["X-Request-Time"];
        let began = CoreDate::parse(began.as_str().unwrap()).unwrap();
        for exchange in exchanges {
            let after = chrono::TimeDelta::milliseconds(exchange["ms"].as_i64().unwrap());
            replay.server.clock.set(began.plus(after));
            replay.play(exchange).await;
        }
        println!("{name}: {} of {} passed", exchanges.len(), exchanges.len());
    }
}
