//! The recorded Notifications of the published packages: what a peer tells, and what follows.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

mod support;

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::{Value, json};
use support::{
    attribute_case::{address, attributes, check_names, difference, expected_difference, now},
    shuffled::shuffled,
};
use tessera_content::Notification;
use tessera_wallet::{
    notifications::{NotificationError, NotificationProblem, Processed, Received, process},
    requests::Holdings,
};

#[test]
fn vectors_requests_notifications() {
    let vectors = support::vectors("requests-notifications.json");
    let cases = vectors["cases"].as_array().unwrap();
    for case in cases {
        run(case, &vectors);
    }
    println!("requests-notifications.json: {} cases passed", cases.len());
    assert!(!cases.is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn notifications_and_vectors_agree_under_shuffled_input(seed in any::<u64>().no_shrink()) {
        let vectors = support::vectors("requests-notifications.json");
        for case in vectors["cases"].as_array().unwrap() {
            run(&shuffled(case, seed), &vectors);
        }
    }
}

fn run(case: &Value, vectors: &Value) {
    let id = case["id"].as_str().unwrap();
    let expected = &case["expected"];
    check_names(
        case,
        &[
            "id",
            "title",
            "setup",
            "notification",
            "expected",
            "conformance",
        ],
        id,
    );
    check_names(
        &case["setup"],
        &["relationships", "localAttributes", "forwardingDetails"],
        id,
    );
    check_names(
        expected,
        &[
            "statusAfterReceived",
            "finalStatus",
            "events",
            "parseError",
            "createdAttributes",
            "changedAttributes",
            "changedForwardingDetails",
        ],
        id,
    );
    let level = case["conformance"]["level"].as_str();
    let before: Holdings = attributes(case).into_iter().collect();
    let processed = match Notification::parse(&case["notification"]) {
        Ok(notification) => receive(&notification, &before, vectors),
        Err(_) => {
            assert!(expected.get("parseError").is_some(), "{id}: is readable");
            assert_ne!(level, Some("lenient"), "{id}: should be read");
            return;
        }
    };
    match (level, expected.get("parseError").is_some()) {
        (None, false) => as_expected(id, expected, &before, &processed),
        // What upstream leaves half done is done.
        (Some("quirk"), false) => {
            let changes = &processed
                .as_ref()
                .unwrap_or_else(|error| panic!("{id}: {error}"));
            assert_eq!(
                changed(&before, changes),
                expected_difference(expected),
                "{id}"
            );
        }
        // Readable here, but nothing that could be followed.
        (Some("outcome"), true) => {
            let problem = processed.unwrap_err().problem;
            assert_eq!(problem, NotificationProblem::NotUnderstood, "{id}");
        }
        // In the words of v6.
        (Some("lenient"), true) => {
            let processed = processed.unwrap_or_else(|error| panic!("{id}: {error}"));
            let meant = receive(&meant(case), &before, vectors).unwrap();
            assert_eq!(processed, meant, "{id}");
            assert!(!processed.events.is_empty(), "{id}: it means something");
        }
        other => panic!("{id}: {other:?} is not known"),
    }
}

/// The Notification in the words of v7 that are recommended for its items.
fn meant(case: &Value) -> Notification {
    let recommended = case["conformance"]["recommended"].as_str().unwrap();
    let name = recommended
        .split_whitespace()
        .find(|word| word.ends_with("NotificationItem"))
        .unwrap();
    let mut notification = case["notification"].clone();
    for item in notification["items"].as_array_mut().unwrap() {
        item["@type"] = json!(name);
    }
    Notification::parse(&notification).unwrap()
}

fn receive(
    notification: &Notification,
    holdings: &Holdings,
    vectors: &Value,
) -> Result<Processed, NotificationError> {
    let peer = address(vectors, "peer");
    let received = |holdings| Received {
        peer: &peer,
        notification,
        holdings,
        now: now(),
    };
    let processed = process(received(holdings))?;
    // A second time changes nothing more.
    let mut after = holdings.clone();
    for change in &processed.changes {
        after.apply(change);
    }
    let mut twice = after.clone();
    for change in &process(received(&after)).unwrap_or_default().changes {
        twice.apply(change);
    }
    assert_eq!(
        difference(&after, &twice, &BTreeMap::new()),
        BTreeMap::new()
    );
    Ok(processed)
}

fn as_expected(
    id: &str,
    expected: &Value,
    before: &Holdings,
    processed: &Result<Processed, NotificationError>,
) {
    assert_eq!(expected["statusAfterReceived"], "Open", "{id}");
    let status = match processed {
        Ok(_) => "Completed",
        Err(_) => "Error",
    };
    assert_eq!(expected["finalStatus"], status, "{id}: {processed:?}");
    let nothing = Processed::default();
    let processed = processed.as_ref().unwrap_or(&nothing);
    let events: Vec<&str> = processed.events.iter().map(|event| event.name()).collect();
    let wanted = expected.get("events").cloned().unwrap_or(json!([]));
    assert_eq!(json!(events), wanted, "{id}: events");
    assert_eq!(
        changed(before, processed),
        expected_difference(expected),
        "{id}"
    );
}

fn changed(before: &Holdings, processed: &Processed) -> BTreeMap<String, Value> {
    let mut after = before.clone();
    for change in &processed.changes {
        after.apply(change);
    }
    let names = BTreeMap::from([(now().to_string(), "$now".to_owned())]);
    difference(before, &after, &names)
}
