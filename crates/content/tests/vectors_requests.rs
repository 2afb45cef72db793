//! The recorded Requests, Decisions, Responses and Notifications: what is read, what is refused,
//! and that nothing is lost on the way through our types.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

mod common;

use common::{list, text, vectors};
use serde_json::{Map, Value, json};
use tessera_content::{
    CreationContent, Decision, MessageContent, Notification, NotificationItem, Request,
    RequestItem, Response,
};

/// Ids and times that were made up while recording, as valid ones.
fn filled(value: &Value) -> Value {
    match value {
        Value::String(name) if name == "$now" => json!("2024-05-06T07:08:09.123Z"),
        Value::String(name) if name.starts_with('$') => {
            let digits = name.trim_start_matches(|c: char| !c.is_ascii_digit());
            let prefix = match name.trim_end_matches(|c: char| c.is_ascii_digit()) {
                "$attribute" => "ATT",
                "$request" => "REQ",
                "$forwarding" => "ATTFD",
                "$notification" => "NOT",
                other => panic!("{other}"),
            };
            json!(format!(
                "{prefix}{digits:0>width$}",
                width = 20 - prefix.len()
            ))
        }
        Value::Array(entries) => entries.iter().map(filled).collect(),
        Value::Object(map) => map
            .iter()
            .map(|(name, value)| (name.clone(), filled(value)))
            .collect::<Map<_, _>>()
            .into(),
        other => other.clone(),
    }
}

/// Whether keys are sorted everywhere that types say so.
fn assert_sorted(json: &Value, case: &Value) {
    match json {
        Value::Array(entries) => entries.iter().for_each(|entry| assert_sorted(entry, case)),
        Value::Object(map) => {
            let keys: Vec<&String> = map.keys().collect();
            assert!(keys.is_sorted(), "{keys:?} in {case}");
            for (name, value) in map {
                if name != "metadata" && name != "value" {
                    assert_sorted(value, case);
                }
            }
        }
        _ => {}
    }
}

/// What v6 wrote and no version since 7.0 knows.
fn without_v6_fields(json: &Value) -> Value {
    let dropped = ["validFrom", "validTo"];
    match json {
        Value::Array(entries) => entries.iter().map(without_v6_fields).collect(),
        Value::Object(map) => map
            .iter()
            .filter(|(name, _)| !dropped.contains(&name.as_str()))
            .map(|(name, value)| {
                // A single third party counts as a list of one.
                let value = match value {
                    Value::String(_) if name == "thirdParty" => json!([value]),
                    _ => without_v6_fields(value),
                };
                (name.clone(), value)
            })
            .collect::<Map<_, _>>()
            .into(),
        other => other.clone(),
    }
}

/// Refused by upstream and kept here, not understood: it can be shown, but never answered.
const NOT_UNDERSTOOD: [&str; 2] = ["read6.unknownItem", "read6.unknownValueType"];
/// Refused by upstream v7 and read here, because v6 sends it.
const READ_FOR_V6: [&str; 4] = [
    "share.v6.names",
    "authentication.parse.noTitle",
    "read6.freeText",
    "read6.componentType",
];

#[test]
fn vectors_requests() {
    let vectors = vectors("requests.json");
    let cases = list(&vectors, "cases");
    for case in cases {
        let id = text(case, "id");
        let read = Request::parse(&case["request"]);
        let is_kept = NOT_UNDERSTOOD.contains(&id);
        let is_v6 = READ_FOR_V6.contains(&id);
        if case["expected"].get("parseError").is_some() && !is_kept && !is_v6 {
            let error = read.expect_err(id);
            assert_eq!(error.code(), code_of(id), "{error} for {id}");
            assert!(
                error.path().is_some_and(|path| path.starts_with("items")),
                "{error:?}"
            );
            continue;
        }
        let request = read.unwrap_or_else(|error| panic!("{error} for {id}"));
        // A group inside of a group parses upstream, but nobody can process it.
        assert_eq!(
            request.is_understood(),
            !is_kept && id != "group.nested",
            "{id}"
        );
        let written = request.to_json();
        assert_sorted(&written, case);
        let mut expected = without_v6_fields(&case["request"]);
        expected["@type"] = json!("Request");
        assert_eq!(written, expected, "{id}");
        assert!(request.to_nested_json().get("@type").is_none(), "{id}");
        assert_eq!(
            Request::parse(&request.to_nested_json()).unwrap(),
            request,
            "{id}"
        );
    }
    println!("requests.json, requests: {} cases passed", cases.len());
}

fn code_of(id: &str) -> &'static str {
    if id == "read.iql.syntaxError" {
        "error.tessera.content.invalidIql"
    } else {
        "error.tessera.content.malformed"
    }
}

#[test]
fn vectors_decisions() {
    let vectors = vectors("requests.json");
    let mut passed = 0;
    for case in list(&vectors, "cases") {
        let Some(decision) = case.get("decide").filter(|decision| decision.is_object()) else {
            continue;
        };
        let read = Decision::parse(decision).unwrap();
        assert_eq!(read.to_json()["items"], decision["items"], "{case}");
        passed += 1;
    }
    println!("requests.json, decisions: {passed} cases passed");
}

#[test]
fn vectors_responses() {
    let vectors = vectors("requests.json");
    let mut passed = 0;
    for case in list(&vectors, "cases") {
        let expected = filled(&case["expected"]);
        if let Some(recorded) = expected.get("response").filter(|value| value.is_object()) {
            let response = Response::parse(recorded).unwrap();
            assert_eq!(response.to_canonical_json(), recorded.to_string(), "{case}");
            passed += 1;
        }
        if let Some(recorded) = expected.get("sentMessageContent") {
            let content = MessageContent::parse(recorded).unwrap();
            assert!(matches!(content, MessageContent::Response(_)));
            assert_eq!(content.to_canonical_json(), recorded.to_string(), "{case}");
            passed += 1;
        }
        if let Some(recorded) = expected.get("relationshipCreationContent") {
            let content = CreationContent::parse(recorded).unwrap();
            assert!(matches!(content, CreationContent::Response(_)));
            assert_eq!(content.to_canonical_json(), recorded.to_string(), "{case}");
            passed += 1;
        }
    }
    println!("requests.json, responses and their carriers: {passed} cases passed");
}

#[test]
fn vectors_notifications() {
    let vectors = vectors("requests-notifications.json");
    let cases = list(&vectors, "cases");
    for case in cases {
        let read = Notification::parse(&case["notification"]);
        if text(case, "id") == "items.empty" {
            assert_eq!(read.unwrap_err().code(), "error.tessera.content.malformed");
            continue;
        }
        let notification = read.unwrap();
        let written = notification.to_json();
        assert_sorted(&written, case);
        if text(case, "id") == "items.v6" {
            // Words of v6 become those of v7, which mean the same.
            assert_eq!(
                written["items"][0]["@type"],
                "OwnAttributeDeletedByOwnerNotificationItem"
            );
        } else {
            assert_eq!(written, case["notification"], "{case}");
        }
    }
    let unknown = json!({"@type": "PeerMovedNotificationItem", "where": "there"});
    let item = NotificationItem::parse(&unknown).unwrap();
    assert_eq!(item.to_json(), unknown);
    println!("requests-notifications.json: {} cases passed", cases.len());
}

#[test]
fn what_is_not_understood_is_kept_as_it_came() {
    let item = json!({"@type": "DanceRequestItem", "title": "Dance", "steps": [{"b": 1, "a": 2}]});
    let read = RequestItem::parse(&item).unwrap();
    let RequestItem::Unknown(unknown) = &read else {
        panic!("{read:?}");
    };
    assert_eq!(unknown.type_name(), "DanceRequestItem");
    assert_eq!(unknown.frame.title.as_deref(), Some("Dance"));
    assert!(
        read.must_be_accepted(),
        "what does not say so cannot be left out"
    );
    assert_eq!(read.to_canonical_json(), item.to_string());
}
