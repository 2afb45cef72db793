//! The recorded Requests of the published packages: what can be decided, what is answered, how
//! that is sent, and what changes. Every case is run; one of a form that is not known here fails.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

mod support;

use std::panic;

use proptest::prelude::*;
use serde_json::{Value, json};
use support::{
    expected_effects, placeholders::Placeholders, request_case::Case, shuffled::shuffled,
};
use tessera_content::{DecisionNode, Request, RequestItem, ResponseItem, ValueKind, ValueType};
use tessera_core_types::Address;
use tessera_wallet::{
    model::{LocalRequest, LocalRequestStatus},
    requests::{
        Situation, Verdict, advance, check, code, decide, default_decision, expire, form, rejection,
    },
    views::{Ask, DecisionCheck, FormItem, FormNode},
};

#[test]
fn vectors_requests() {
    let vectors = support::vectors("requests.json");
    assert_eq!(vectors["format"], "tessera-request-vectors/1");
    let cases = vectors["cases"].as_array().unwrap();
    let failed: Vec<&str> = cases
        .iter()
        .map(|json| Case {
            json,
            world: &vectors["world"],
        })
        .filter(|case| panic::catch_unwind(|| run(*case)).is_err())
        .map(Case::id)
        .collect();
    let passed = cases.len() - failed.len();
    println!("requests.json: {passed} of {} cases passed", cases.len());
    assert!(failed.is_empty(), "failed: {}", failed.join(", "));
    assert!(passed > 0);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn engine_and_vectors_agree_under_shuffled_input(seed in any::<u64>().no_shrink()) {
        let vectors = support::vectors("requests.json");
        let world = shuffled(&vectors["world"], seed);
        for case in vectors["cases"].as_array().unwrap() {
            run(Case { json: &shuffled(case, seed), world: &world });
        }
    }
}

fn run(case: Case<'_>) {
    check_form(case);
    let id = case.id();
    let Ok(content) = Request::parse(&case.json["request"]) else {
        assert!(case.expected("parseError").is_some(), "{id}: is readable");
        assert_ne!(case.level(), Some("lenient"), "{id}: should be read");
        return;
    };
    let request = match (case.arrives(content), case.expected("receiveError")) {
        (Ok(request), None) => request,
        (Err(refused), Some(wanted)) => {
            if let Some(code) = wanted.get("code") {
                assert_eq!(json!(refused.code()), *code, "{id}: receiveError");
            }
            return;
        }
        (received, _) => panic!("{id}: received is {}", received.is_ok()),
    };
    let situation = case.situation(request);
    let (verdict, decision) = case.decision();
    let found = check(&situation, verdict, &decision);
    let mut ids = Placeholders::default();
    let decided = decide(&situation, verdict, &decision, &mut ids);
    assert_eq!(decided.is_ok(), found.is_success, "{id}: check and decide");
    let again = decide(&situation, verdict, &decision, &mut Placeholders::default());
    assert_eq!(decided, again, "{id}: the same again");
    show(&situation, &decision.items, &found);

    if case.expected("parseError").is_some() {
        if case.level() == Some("lenient") {
            in_words_of_v6(case, &situation, &found);
        } else {
            never_decidable(case, &situation, &found);
        }
        return;
    }
    statuses(case, &situation.request, &situation);
    if case.expected("prerequisitesError").is_some() {
        assert!(!found.is_success, "{id}: can't be decided");
        return;
    }
    match exact_check(case) {
        Some(wanted) => assert_eq!(support::check_to_json(&found), wanted, "{id}: canDecide"),
        None => refused(case, &found),
    }
    if let Ok(decided) = decided {
        expected_effects::compare(case, &situation, &decided, ids.names);
    }
}

/// What the check is to find; `None` if it is only to refuse.
fn exact_check(case: Case<'_>) -> Option<Value> {
    let wanted = case.expected("canDecide")?;
    let refuses_more = match case.level() {
        None => false,
        Some("quirk") => true,
        Some("outcome") => wanted["isSuccess"] == false || case.expected("decideThrows").is_some(),
        Some(other) => panic!("{}: canDecide with the level {other}", case.id()),
    };
    (!refuses_more).then(|| wanted.clone())
}

fn refused(case: Case<'_>, found: &DecisionCheck) {
    let id = case.id();
    assert!(!found.is_success, "{id}: can't be decided");
    let thrown = case.expected("canDecideThrows");
    if let Some(code) = thrown.and_then(|thrown| thrown.get("code")) {
        assert_eq!(json!(found.code), *code, "{id}: the code");
    }
    // What is recommended names a code, where one is.
    let recommended = case.json["conformance"]["recommended"].as_str();
    let mut words = recommended.unwrap_or_default().split_whitespace();
    if let Some(code) = words.find_map(|word| word.find("error.").map(|at| &word[at..])) {
        let code = code.trim_end_matches(|end: char| !end.is_ascii_alphanumeric());
        let tree = support::check_to_json(found).to_string();
        assert!(tree.contains(code), "{id}: {code} in {tree}");
    }
}

/// Kept, shown, never answered.
fn never_decidable(case: Case<'_>, situation: &Situation, found: &DecisionCheck) {
    let id = case.id();
    assert_eq!(situation.request.status, LocalRequestStatus::Open, "{id}");
    assert_eq!(found.code.as_deref(), Some(code::NOT_UNDERSTOOD), "{id}");
    let rejected = check(situation, Verdict::Reject, &rejection(situation));
    assert!(!rejected.is_success, "{id}: can't be rejected");
}

/// What only enmeshed v6 says: upstream can't read it, it is answered in the words of the
/// question, and can always be rejected.
fn in_words_of_v6(case: Case<'_>, situation: &Situation, found: &DecisionCheck) {
    let id = case.id();
    let request = &situation.request;
    assert_eq!(request.status, LocalRequestStatus::ManualDecisionRequired);
    let rejected = check(situation, Verdict::Reject, &rejection(situation));
    assert!(rejected.is_success, "{id}: can be rejected");

    let (verdict, decision) = case.decision();
    let mut ids = Placeholders::default();
    let decided = decide(situation, verdict, &decision, &mut ids).ok();
    let answers: Vec<ResponseItem> = decided
        .iter()
        .flat_map(|decided| decided.response.all_items().cloned())
        .collect();
    let items: Vec<&RequestItem> = request.content.all_items().collect();
    assert_eq!(decision.items.len(), items.len(), "{id}: no groups here");
    for (at, (item, given)) in items.iter().zip(&decision.items).enumerate() {
        let answer = answers.get(at);
        if matches!(given, DecisionNode::Reject(_)) {
            assert!(
                matches!(answer, Some(ResponseItem::Reject { .. })),
                "{id}: the rejection"
            );
            continue;
        }
        match item {
            RequestItem::Authentication(_) => {
                assert_eq!(answer, Some(&ResponseItem::Accept), "{id}");
            }
            RequestItem::FreeText(_) => assert!(
                matches!(answer, Some(ResponseItem::FreeTextAccept { .. })),
                "{id}"
            ),
            RequestItem::ShareAttribute(shared) => {
                let Some(ResponseItem::ShareAttributeAccept { attribute_id }) = answer else {
                    panic!("{id}: {answer:?}");
                };
                assert_ne!(Some(attribute_id), shared.source_attribute_id.as_ref());
                assert!(ids.names.contains_key(attribute_id.as_str()), "{id}");
            }
            // A value type of v6 is given to whoever asks for it.
            RequestItem::ReadAttribute(_) => {
                assert!(found.is_success, "{id}");
                assert!(
                    matches!(answer, Some(ResponseItem::ReadAttributeAccept { attribute, .. })
                        if attribute.value().kind() == ValueKind::V6),
                    "{id}: {answer:?}"
                );
            }
            // A File without a token, a listener: shown, never given.
            RequestItem::TransferFileOwnership(_) | RequestItem::RegisterAttributeListener(_) => {
                assert!(!found.is_success, "{id}: can't be accepted");
            }
            other => panic!("{id}: what v6 says with {}", other.type_name()),
        }
    }
}

fn statuses(case: Case<'_>, received: &LocalRequest, situation: &Situation) {
    let id = case.id();
    let mut request = received.clone();
    if let Some(expires_at) = case.expected("expiresAt") {
        let found = request.content.expires_at.unwrap().to_string();
        assert_eq!(json!(found), *expires_at, "{id}: expiresAt");
    }
    let is_quirk = case.level() == Some("quirk");
    if case.expected("response").is_some() && !is_quirk {
        advance(&mut request, LocalRequestStatus::Decided, situation.now).unwrap();
        advance(&mut request, LocalRequestStatus::Completed, situation.now).unwrap();
        assert!(!expire(&mut request, situation.now));
    }
    if is_quirk {
        return;
    }
    let status = json!(request.status);
    assert_eq!(Some(&status), case.expected("finalStatus"), "{id}: status");
    let log: Vec<String> = request
        .status_log
        .iter()
        .map(|entry| format!("{:?}>{:?}", entry.old_status, entry.new_status))
        .collect();
    if let Some(wanted) = case.expected("statusLog") {
        assert_eq!(json!(log), *wanted, "{id}: log");
    }
    // Upstream expires what came in a Message only when it is read the next time.
    if case.level().is_none() {
        let after = match received.status {
            LocalRequestStatus::Expired => "Expired",
            _ => "Open",
        };
        assert_eq!(case.expected("statusAfterReceived"), Some(&json!(after)));
    }
    if let Some(wanted) = case.expected("statusAfterPrerequisites") {
        let reached = format!("Open>{}", wanted.as_str().unwrap());
        assert!(log.contains(&reached), "{id}: {reached}");
    }
}

/// Whatever is asked can be shown, and what is accepted was shown as acceptable.
fn show(situation: &Situation, given: &[DecisionNode], found: &DecisionCheck) {
    let shown = form(situation, support::summary(situation));
    assert_eq!(
        shown.default_decision,
        default_decision(situation).to_json()
    );
    let nodes = shown.nodes.iter().zip(given);
    let mut pairs: Vec<(&FormItem, &DecisionNode)> = Vec::new();
    for (node, given) in nodes {
        match (node, given) {
            (FormNode::Item(item), given) => pairs.push((item, given)),
            (FormNode::Group { items, .. }, DecisionNode::Group(given)) => {
                pairs.extend(items.iter().zip(given));
            }
            (FormNode::Group { .. }, _) => {}
        }
    }
    for (item, given) in pairs {
        // What a query for a condition is answered with is the person's affair.
        let is_condition = matches!(
            &item.ask,
            Ask::ReadAttribute { condition, .. } | Ask::ProposeAttribute { condition, .. }
                if condition.is_some()
        );
        // What only v6 knows is made of what is there, not entered in a form.
        let is_of_v6 = matches!(&item.ask, Ask::ReadAttribute { value_type: Some(name), .. }
            if ValueType::of_kind(ValueKind::V6, name).is_some());
        let is_told = !is_condition && !is_of_v6;
        if found.is_success && matches!(given, DecisionNode::Accept(_)) && is_told {
            assert!(
                item.can_be_accepted,
                "{:?} of {}",
                item.path, item.item_type
            );
        }
    }
}

/// Names that may stand in each part of a case.
const FORM: [(&str, &[&str]); 6] = [
    (
        "",
        &[
            "id",
            "title",
            "conformance",
            "setup",
            "source",
            "request",
            "decide",
            "expected",
        ],
    ),
    ("/conformance", &["level", "recommended"]),
    (
        "/setup",
        &[
            "relationships",
            "localAttributes",
            "forwardingDetails",
            "files",
            "alreadyReceivedRequestId",
            "setDefaultOwnIdentityAttributes",
        ],
    ),
    ("/source", &["type", "reference", "isOwn", "expiresAt"]),
    ("/decide", &["accept", "items"]),
    (
        "/expected",
        &[
            "parseError",
            "receiveError",
            "statusAfterReceived",
            "expiresAt",
            "statusAfterPrerequisites",
            "prerequisitesError",
            "canDecide",
            "canDecideThrows",
            "response",
            "decideThrows",
            "createdAttributes",
            "changedAttributes",
            "createdForwardingDetails",
            "changedForwardingDetails",
            "sentMessageContent",
            "relationshipCreationContent",
            "responseSource",
            "finalStatus",
            "statusLog",
        ],
    ),
];

fn check_form(case: Case<'_>) {
    for (part, known) in FORM {
        let names = case.json.pointer(part).and_then(Value::as_object);
        for name in names.into_iter().flat_map(|object| object.keys()) {
            assert!(
                known.contains(&name.as_str()),
                "{}: {part}/{name} is not known here",
                case.id()
            );
        }
    }
    assert!(
        matches!(case.level(), None | Some("outcome" | "quirk" | "lenient")),
        "{}: the level",
        case.id()
    );
    let one_of = ["parseError", "receiveError", "finalStatus"];
    let outcomes = one_of.iter().filter(|name| case.expected(name).is_some());
    assert_eq!(outcomes.count(), 1, "{}: what is expected", case.id());
}

#[test]
fn the_world_of_the_vectors_is_readable() {
    let vectors = support::vectors("requests.json");
    for address in vectors["world"]["addresses"].as_object().unwrap().values() {
        Address::parse(address.as_str().unwrap()).unwrap();
    }
}
