//! The recorded own actions of the published packages: making, succeeding and deleting Attributes,
//! telling peers, the end of a Relationship, and own Requests with their answers.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

mod support;

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::{Value, json};
use support::{
    attribute_case::{
        address, attributes, check_names, contacts, difference, established, expected_difference,
        list, now,
    },
    placeholders::Placeholders,
    shuffled::shuffled,
};
use tessera_content::{Request, Response, TagCollection};
use tessera_core_types::{Address, AttributeId, CoreDate};
use tessera_wallet::{
    WalletError,
    answers::{self, Answer},
    attributes::{
        AttributeError, Keeping, Kept, OutgoingNotification, RelationshipEnd, relationship_ended,
    },
    keys::DatabaseKey,
    model::{LocalAttribute, LocalRequestStatus, RelationshipStatus},
    own_requests::{OwnRequest, OwnRequestError, can_create, sent},
    requests::{Change, Holdings},
    store::{self, FolderLock, Store},
};

#[test]
fn vectors_requests_attributes() {
    let vectors = support::vectors("requests-attributes.json");
    let cases = vectors["cases"].as_array().unwrap();
    for case in cases {
        run(case, &vectors);
    }
    println!("requests-attributes.json: {} cases passed", cases.len());
    assert!(!cases.is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn own_actions_and_vectors_agree_under_shuffled_input(seed in any::<u64>().no_shrink()) {
        let vectors = support::vectors("requests-attributes.json");
        for case in vectors["cases"].as_array().unwrap() {
            run(&shuffled(case, seed), &vectors);
        }
    }
}

/// What an action led to.
#[derive(Default)]
struct Outcome {
    difference: BTreeMap<String, Value>,
    messages: Vec<Value>,
    code: Option<String>,
    status: Option<LocalRequestStatus>,
}

fn run(case: &Value, vectors: &Value) {
    let id = case["id"].as_str().unwrap();
    check_names(
        case,
        &["id", "title", "setup", "action", "expected", "conformance"],
        id,
    );
    check_names(
        &case["setup"],
        &[
            "relationships",
            "localAttributes",
            "forwardingDetails",
            "setDefaultOwnIdentityAttributes",
        ],
        id,
    );
    let outcome = match case["action"]["type"].as_str().unwrap() {
        "relationshipRejectedOrRevoked" | "peerDecomposed" | "decompose" => ended(case),
        "ownRequest" => own_request(case, vectors),
        _ => own_action(case, vectors),
    };
    compare(case, outcome);
}

fn compare(case: &Value, outcome: Outcome) {
    let id = case["id"].as_str().unwrap();
    let expected = &case["expected"];
    check_names(
        expected,
        &[
            "error",
            "exception",
            "status",
            "createdAttributes",
            "changedAttributes",
            "deletedAttributes",
            "createdForwardingDetails",
            "changedForwardingDetails",
            "deletedForwardingDetails",
            "sentMessages",
        ],
        id,
    );
    let failure = expected.get("error").or(expected.get("exception"));
    match case["conformance"]["level"].as_str() {
        None => {
            assert_eq!(
                outcome.code.is_some(),
                failure.is_some(),
                "{id}: {:?}",
                outcome.code
            );
            if let Some(code) = failure.and_then(|failure| failure.get("code")) {
                assert_eq!(json!(outcome.code), *code, "{id}: code");
            }
            if let Some(status) = expected.get("status") {
                let found = outcome.status.map(|status| format!("{status:?}"));
                assert_eq!(json!(found), *status, "{id}: status");
            }
            assert_eq!(outcome.difference, expected_difference(expected), "{id}");
            assert_eq!(outcome.messages, messages(expected), "{id}: sentMessages");
        }
        // Refused likewise; which code is free.
        Some("outcome") => {
            assert!(
                failure.is_some() && outcome.code.is_some(),
                "{id}: is refused"
            );
            assert_eq!(outcome.difference, BTreeMap::new(), "{id}");
        }
        Some("quirk") => recommended(id, &case["conformance"], expected, &outcome),
        Some(other) => panic!("{id}: {other} is not known"),
    }
}

/// What is recommended where upstream errs: to refuse (with a code, if it names one) what upstream
/// takes, or to do what upstream leaves undone.
fn recommended(id: &str, conformance: &Value, expected: &Value, outcome: &Outcome) {
    let recommended = conformance["recommended"].as_str().unwrap();
    if recommended.starts_with("refuse") {
        let code = outcome
            .code
            .as_deref()
            .unwrap_or_else(|| panic!("{id}: is refused"));
        let named = recommended
            .split(|end: char| !end.is_alphanumeric() && end != '.')
            .find(|word| word.starts_with("error."));
        assert_eq!(named.unwrap_or(code), code, "{id}: code");
        assert_eq!(outcome.difference, BTreeMap::new(), "{id}");
        return;
    }
    assert_eq!(outcome.code, None, "{id}: is done");
    let wanted = match id {
        "delete.chain.broken" => json!({ "deletedAttributes": ["ATTtessera0000000001"] }),
        // What is recorded is as far as upstream gets, which is all there is to do.
        _ => json!(expected_difference(expected)),
    };
    if id == "default.twoDefaults" {
        let changed = outcome.difference["changedAttributes"].as_array().unwrap();
        let defaults: Vec<&Value> = changed
            .iter()
            .filter(|attribute| attribute.get("isDefault").is_some())
            .map(|attribute| &attribute["id"])
            .collect();
        assert_eq!(changed.len(), 3, "{id}");
        assert_eq!(json!(defaults), json!(["ATTtessera0000000003"]), "{id}");
    } else {
        assert_eq!(json!(outcome.difference), wanted, "{id}");
    }
}

/// Messages as they are expected: towards whom in which order is free.
fn messages(expected: &Value) -> Vec<Value> {
    let sent = expected.get("sentMessages").and_then(Value::as_array);
    in_one_order(sent.cloned().unwrap_or_default())
}

fn in_one_order(mut messages: Vec<Value>) -> Vec<Value> {
    if messages.len() > 1 {
        for message in &mut messages {
            message["content"]["id"] = json!("$notification");
        }
    }
    messages.sort_by_key(|message| message["recipients"].to_string());
    messages
}

fn own_action(case: &Value, vectors: &Value) -> Outcome {
    let before: Holdings = attributes(case).into_iter().collect();
    let (me, contacts) = (address(vectors, "me"), contacts(case));
    let tags = TagCollection::default();
    let keeping = Keeping {
        me: &me,
        now: now(),
        today: now().to_utc().date_naive(),
        holdings: &before,
        contacts: &contacts,
        tags: Some(&tags),
        sets_defaults: case["setup"]["setDefaultOwnIdentityAttributes"] == true,
    };
    let mut ids = Placeholders::default();
    match act(&case["action"], &keeping, &mut ids) {
        Ok(kept) => Outcome {
            difference: after(&before, &kept.changes, &ids),
            messages: in_one_order(
                kept.notifications
                    .iter()
                    .map(|one| message(one, &ids))
                    .collect(),
            ),
            ..Outcome::default()
        },
        Err(error) => Outcome {
            code: Some(error.code().to_owned()),
            ..Outcome::default()
        },
    }
}

fn act(
    action: &Value,
    keeping: &Keeping<'_>,
    ids: &mut Placeholders,
) -> Result<Kept, AttributeError> {
    let id = |name: &str| AttributeId::parse(action[name].as_str().unwrap()).unwrap();
    let tags = |content: &Value| -> Option<Vec<String>> {
        let tags = content.get("tags")?.as_array().unwrap().iter();
        Some(tags.map(|tag| tag.as_str().unwrap().to_owned()).collect())
    };
    match action["type"].as_str().unwrap() {
        "create" => {
            let content = &action["content"];
            keeping.create(&content["value"], tags(content).as_deref(), ids)
        }
        "succeed" => {
            let content = &action["successorContent"];
            let tags = tags(content);
            keeping.succeed_identity(
                &id("predecessorId"),
                &content["value"],
                tags.as_deref(),
                ids,
            )
        }
        "succeedRelationship" => {
            let value = &action["successorContent"]["value"];
            keeping.succeed_relationship(&id("predecessorId"), value, ids)
        }
        "notifySuccession" => {
            let peer = Address::parse(action["peer"].as_str().unwrap()).unwrap();
            keeping.tell_of_succession(&id("attributeId"), &peer, ids)
        }
        "delete" => keeping.delete(&id("attributeId"), ids),
        "setDefault" => keeping.set_default(&id("attributeId")),
        other => panic!("the action {other} is not known"),
    }
}

fn after(before: &Holdings, changes: &[Change], ids: &Placeholders) -> BTreeMap<String, Value> {
    let mut after = before.clone();
    for change in changes {
        after.apply(change);
    }
    difference(before, &after, &names(ids))
}

fn names(ids: &Placeholders) -> BTreeMap<String, String> {
    let mut names = ids.names.clone();
    names.insert(now().to_string(), "$now".to_owned());
    names
}

fn message(sent: &OutgoingNotification, ids: &Placeholders) -> Value {
    let message = json!({ "recipients": [sent.peer], "content": sent.notification.to_json() });
    support::renamed(message, &names(ids))
}

/// An own Request: checked, sent, and answered.
fn own_request(case: &Value, vectors: &Value) -> Outcome {
    let action = &case["action"];
    check_names(
        action,
        &["type", "request", "response"],
        case["id"].as_str().unwrap(),
    );
    let (me, peer) = (address(vectors, "me"), address(vectors, "peer"));
    let request = Request::parse(&action["request"]).unwrap();
    let before: Holdings = attributes(case).into_iter().collect();
    let tags = TagCollection::default();
    let check = can_create(OwnRequest {
        me: &me,
        peer: Some(&peer),
        contact: contacts(case).get(&peer).copied(),
        established: &established(case),
        request: &request,
        holdings: &before,
        tags: Some(&tags),
        now: now(),
    });
    if let Some(error) = OwnRequestError::first(&check) {
        return Outcome {
            code: Some(error.code.into_owned()),
            ..Outcome::default()
        };
    }
    let mut ids = Placeholders::default();
    let mut changes = sent(&request, &peer, &before, now());
    let mut waiting = before.clone();
    for change in &changes {
        waiting.apply(change);
    }
    let Some(response) = action.get("response") else {
        return Outcome {
            difference: after(&before, &changes, &ids),
            status: Some(LocalRequestStatus::Open),
            ..Outcome::default()
        };
    };
    let response = Response::parse(response).unwrap();
    let known: BTreeMap<AttributeId, LocalAttribute> = waiting
        .iter()
        .map(|attribute| (attribute.id.clone(), attribute.clone()))
        .collect();
    let answer = Answer {
        me: &me,
        peer: &peer,
        request: &request,
        response: &response,
        known: &known,
        now: now(),
    };
    match answers::changes(answer, &mut ids) {
        Ok(brought) => {
            changes.extend(brought);
            Outcome {
                difference: after(&before, &changes, &ids),
                status: Some(LocalRequestStatus::Completed),
                ..Outcome::default()
            }
        }
        Err(error) => Outcome {
            difference: after(&before, &changes, &ids),
            code: Some(error.code().into_owned()),
            status: Some(LocalRequestStatus::Open),
            ..Outcome::default()
        },
    }
}

/// The end of a Relationship, as the store makes it.
fn ended(case: &Value) -> Outcome {
    let (relationships, action) = (list(case, "relationships"), &case["action"]);
    let relationship = relationships
        .iter()
        .find(|one| match action.get("peer") {
            Some(peer) => one["peer"] == *peer,
            None => one["id"] == action["relationshipId"],
        })
        .unwrap();
    let peer = Address::parse(relationship["peer"].as_str().unwrap()).unwrap();
    let status: RelationshipStatus =
        serde_json::from_value(relationship["status"].clone()).unwrap();
    let ended_at = relationship["auditLogDates"]
        .as_array()
        .and_then(|dates| dates.last())
        .map_or(now(), |date| {
            CoreDate::parse(date.as_str().unwrap()).unwrap()
        });
    let end = match action["type"].as_str().unwrap() {
        "relationshipRejectedOrRevoked" => RelationshipEnd::NeverWas,
        "peerDecomposed" => RelationshipEnd::DecomposedByPeer(ended_at),
        "decompose" => RelationshipEnd::Decomposed,
        other => panic!("the action {other} is not known"),
    };
    let there = attributes(case);
    let before: Holdings = there.iter().cloned().collect();
    match in_a_store(there, peer, status, end) {
        Ok(after) => Outcome {
            difference: difference(&before, &after, &BTreeMap::new()),
            ..Outcome::default()
        },
        Err(error) => Outcome {
            code: Some(error.code().into_owned()),
            ..Outcome::default()
        },
    }
}

/// What is left of these Attributes in a database when a Relationship has ended.
fn in_a_store(
    there: Vec<LocalAttribute>,
    peer: Address,
    status: RelationshipStatus,
    end: RelationshipEnd,
) -> Result<Holdings, WalletError> {
    let folder = tempfile::tempdir().unwrap();
    let key = DatabaseKey::from_slice(&[42; 32]).unwrap();
    let store = Store::create(FolderLock::acquire(folder.path()).unwrap(), &key).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    runtime.block_on(store.write(move |transaction| {
        for attribute in &there {
            store::attributes::insert(transaction, attribute)?;
        }
        relationship_ended(transaction, &peer, status, end)?;
        let mut left = Vec::new();
        for attribute in &there {
            left.extend(store::attributes::by_id(transaction, &attribute.id)?);
        }
        Ok::<_, WalletError>(left.into_iter().collect())
    }))
}
