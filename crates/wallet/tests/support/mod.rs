//! What several tests of the wallet need.

#![allow(dead_code, reason = "every test takes what it needs")]

pub mod attribute_case;
pub mod expected_effects;
pub mod placeholders;
pub mod request_case;
pub mod shuffled;
pub mod v7;

use std::{collections::BTreeMap, env, fs, path::PathBuf};

use serde_json::{Map, Value};
use tessera_wallet::{
    requests::Situation,
    views::{DecisionCheck, PeerView, RequestSummary},
};

/// A file of vectors.
pub fn vectors(file: &str) -> Value {
    let folder = env::var_os("TESSERA_VECTORS").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/vectors"),
        PathBuf::from,
    );
    let text = fs::read_to_string(folder.join(file)).unwrap();
    serde_json::from_str(&text).unwrap()
}

/// A check without its messages, which are ours to write.
pub fn check_to_json(check: &DecisionCheck) -> Value {
    fn without_messages(value: Value) -> Value {
        match value {
            Value::Object(map) => Value::Object(
                map.into_iter()
                    .filter(|(name, _)| name != "message")
                    .map(|(name, value)| (name, without_messages(value)))
                    .collect::<Map<_, _>>(),
            ),
            Value::Array(list) => list.into_iter().map(without_messages).collect(),
            other => other,
        }
    }
    without_messages(serde_json::to_value(check).unwrap())
}

/// JSON in which some texts have other names.
pub fn renamed(value: Value, names: &BTreeMap<String, String>) -> Value {
    match value {
        Value::String(text) => Value::String(names.get(&text).cloned().unwrap_or(text)),
        Value::Array(list) => list.into_iter().map(|one| renamed(one, names)).collect(),
        Value::Object(map) => map
            .into_iter()
            .map(|(name, value)| (name, renamed(value, names)))
            .collect::<Map<_, _>>()
            .into(),
        other => other,
    }
}

/// The line of a Request in a list.
pub fn summary(situation: &Situation) -> RequestSummary {
    RequestSummary {
        id: situation.request.id.clone(),
        peer: PeerView {
            address: situation.peer().clone(),
            name: None,
            title: None,
            first_seen_at: situation.now,
            relationship_id: None,
        },
        title: situation.request.content.title.clone(),
        status: situation.request.status,
        accepted: None,
        held: None,
        created_at: situation.now,
        expires_at: situation.request.content.expires_at,
        is_dismissible: false,
        is_dismissed: false,
        item_count: 0,
    }
}
