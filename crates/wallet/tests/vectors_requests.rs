//! The recorded Requests of the published packages: what can be decided, what is answered, and
//! what changes.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

mod support;

use std::collections::BTreeMap;

use serde_json::{Value, json};
use support::{request_case, v7};
use tessera_content::{Request, RequestItem};
use tessera_core_types::{Address, AttributeForwardingDetailsId, AttributeId};
use tessera_wallet::{
    model::{LocalRequestStatus, ShareDirection},
    requests::{
        Change, Decided, Holdings, IdSource, RandomIds, Situation, Verdict, advance, check, code,
        decide, expire, form,
    },
};

/// What a case is about that the engine has no part in: carrying Requests around.
const NOT_OF_THE_ENGINE: [&str; 2] = ["life.duplicateId", "life.ownMessage"];

#[test]
fn vectors_requests() {
    let vectors = support::vectors("requests.json");
    let (mut passed, mut not_supported, mut elsewhere) = (0, vec![], vec![]);
    for case in vectors["cases"].as_array().unwrap() {
        let id = case["id"].as_str().unwrap();
        if NOT_OF_THE_ENGINE.contains(&id) {
            elsewhere.push(id);
        } else if is_supported(case) {
            run(case, &vectors["world"]);
            passed += 1;
        } else {
            show_as_not_understood(case, &vectors["world"]);
            not_supported.push(id);
        }
    }
    println!(
        "requests.json: {passed} cases passed, {} not yet supported, {} not decided here",
        not_supported.len(),
        elsewhere.len()
    );
    println!("not yet supported: {}", not_supported.join(", "));
    println!("not decided here: {}", elsewhere.join(", "));
    assert!(passed > 0);
}

fn is_supported(case: &Value) -> bool {
    fn types(items: &Value) -> Vec<&str> {
        let items = items.as_array().unwrap();
        items
            .iter()
            .flat_map(|item| match item.get("items") {
                Some(inner) => types(inner),
                None => vec![item["@type"].as_str().unwrap()],
            })
            .collect()
    }
    types(&case["request"]["items"]).iter().all(|name| {
        !matches!(
            *name,
            "ProposeAttributeRequestItem"
                | "CreateAttributeRequestItem"
                | "DeleteAttributeRequestItem"
                | "FormFieldRequestItem"
                | "FreeTextRequestItem"
                | "TransferFileOwnershipRequestItem"
        )
    })
}

fn is(case: &Value, level: &str) -> bool {
    case["conformance"]["level"] == level
}

fn run(case: &Value, world: &Value) {
    let id = case["id"].as_str().unwrap();
    let expected = &case["expected"];
    let Ok(request) = Request::parse(&case["request"]) else {
        assert!(expected.get("parseError").is_some(), "{id}: is readable");
        assert!(!is(case, "lenient"), "{id}: should be read");
        return;
    };
    let situation = request_case::situation(case, world, request);
    let (verdict, decision) = request_case::decision(case);
    if expected.get("parseError").is_some() || expected.get("prerequisitesError").is_some() {
        more_than_upstream_can_do(case, &situation);
        return;
    }
    statuses(case, &situation);

    let found = check(&situation, verdict, &decision);
    if let Some(wanted) = recommended(case) {
        assert_eq!(support::check_to_json(&found), wanted, "{id}: canDecide");
    } else {
        assert!(!found.is_success, "{id}: can't be decided");
        if let Some(code) = expected["canDecideThrows"].get("code") {
            assert_eq!(json!(found.code), *code, "{id}: the code");
        }
    }
    let mut ids = Placeholders::default();
    let decided = decide(&situation, verdict, &decision, &mut ids);
    assert_eq!(decided.is_ok(), found.is_success, "{id}: check and decide");
    if let Ok(decided) = decided {
        effects(case, &situation, &decided, &ids);
    }
}

/// What the check is to find; `None` if it is only to find something.
fn recommended(case: &Value) -> Option<Value> {
    let expected = &case["expected"];
    if is(case, "quirk") || (is(case, "outcome") && expected.get("decideThrows").is_some()) {
        return None;
    }
    expected.get("canDecide").cloned()
}

fn more_than_upstream_can_do(case: &Value, situation: &Situation) {
    let id = case["id"].as_str().unwrap();
    let (verdict, decision) = request_case::decision(case);
    let found = check(situation, verdict, &decision);
    match id {
        // Early v6: accepted like any other.
        "authentication.parse.noTitle" => assert!(found.is_success, "{id}"),
        // v6: kept under an id of its own, and answered in its words.
        "share.v6.names" => {
            assert!(found.is_success, "{id}");
            let decided = decide(situation, verdict, &decision, &mut Placeholders::default());
            let decided = decided.unwrap();
            let [Change::CreateAttribute(kept)] = decided.changes.as_slice() else {
                panic!("{id}: {:?}", decided.changes);
            };
            assert_ne!(kept.id.as_str(), "ATTtessera0000000050", "{id}");
            let answer = &decided.response.to_json()["items"][0];
            assert_eq!(answer["@type"], "ShareAttributeAcceptResponseItem", "{id}");
            assert_eq!(answer["attributeId"], json!(kept.id), "{id}");
        }
        // A value type of v6 can be shown and rejected.
        "read6.componentType" => {
            assert!(situation.request.content.is_understood());
            assert!(!found.is_success, "{id}");
            let rejection = tessera_wallet::requests::rejection(situation);
            assert!(
                check(situation, Verdict::Reject, &rejection).is_success,
                "{id}"
            );
        }
        "life.expired.message" => {
            assert_eq!(situation.request.status, LocalRequestStatus::Expired);
            assert_eq!(found.code.as_deref(), Some(code::EXPIRED), "{id}");
        }
        // Kept, shown, never answered.
        _ => {
            assert_eq!(situation.request.status, LocalRequestStatus::Open, "{id}");
            assert_eq!(found.code.as_deref(), Some(code::NOT_UNDERSTOOD), "{id}");
        }
    }
}

fn statuses(case: &Value, situation: &Situation) {
    let (id, expected) = (case["id"].as_str().unwrap(), &case["expected"]);
    let mut request = situation.request.clone();
    if let Some(expires_at) = expected.get("expiresAt") {
        let found = request.content.expires_at.unwrap().to_string();
        assert_eq!(json!(found), *expires_at, "{id}: expiresAt");
    }
    if expected.get("response").is_some() && !is(case, "quirk") {
        advance(&mut request, LocalRequestStatus::Decided, situation.now).unwrap();
        advance(&mut request, LocalRequestStatus::Completed, situation.now).unwrap();
        assert!(!expire(&mut request, situation.now));
    }
    if !is(case, "quirk") {
        let status = format!("{:?}", request.status);
        assert_eq!(json!(status), expected["finalStatus"], "{id}: status");
        let log: Vec<String> = request
            .status_log
            .iter()
            .map(|entry| format!("{:?}>{:?}", entry.old_status, entry.new_status))
            .collect();
        if !is(case, "outcome") {
            assert_eq!(json!(log), expected["statusLog"], "{id}: log");
        }
    }
}

fn effects(case: &Value, situation: &Situation, decided: &Decided, ids: &Placeholders) {
    let (id, expected) = (case["id"].as_str().unwrap(), &case["expected"]);
    let mut after: Holdings = situation.holdings.clone();
    for change in &decided.changes {
        after.apply(change);
    }
    let mut names = ids.names.clone();
    names.insert(situation.now.to_string(), "$now".to_owned());
    if case["request"].get("id").is_none() {
        names.insert(situation.request.id.to_string(), "$request1".to_owned());
    }
    let named = |value: Value| support::renamed(value, &names);

    assert_eq!(
        named(decided.response.to_json()),
        expected["response"],
        "{id}: response"
    );
    let before_and_after = |write: &dyn Fn(&Holdings) -> BTreeMap<String, Value>| {
        let (old, new) = (write(&situation.holdings), write(&after));
        let mut created: Vec<(String, Value)> = vec![];
        let mut changed = vec![];
        for (key, value) in new {
            match old.get(&key) {
                None => created.push((names.get(&key).cloned().unwrap_or(key), named(value))),
                Some(known) if *known != value => changed.push(named(value)),
                Some(_) => {}
            }
        }
        created.sort_by(|(left, _), (right, _)| left.cmp(right));
        let created: Vec<Value> = created.into_iter().map(|(_, value)| value).collect();
        (created, changed)
    };
    let list = |name: &str| expected.get(name).cloned().unwrap_or_else(|| json!([]));
    let (created, changed) = before_and_after(&|holdings| {
        holdings
            .iter()
            .map(|attribute| (attribute.id.to_string(), v7::attribute(attribute)))
            .collect()
    });
    assert_eq!(
        json!(created),
        list("createdAttributes"),
        "{id}: createdAttributes"
    );
    assert_eq!(
        json!(changed),
        list("changedAttributes"),
        "{id}: changedAttributes"
    );
    let (created, changed) = before_and_after(&|holdings| {
        holdings
            .iter()
            .flat_map(|attribute| &attribute.share_info)
            .filter(|share| share.direction == ShareDirection::Forwarded)
            .map(|share| {
                let id = share.forwarding_details_id.as_ref().unwrap();
                (id.to_string(), v7::forwarding_details(share))
            })
            .collect()
    });
    let wanted = list("createdForwardingDetails");
    assert_eq!(json!(created), wanted, "{id}: createdForwardingDetails");
    let wanted = list("changedForwardingDetails");
    assert_eq!(json!(changed), wanted, "{id}: changedForwardingDetails");
}

fn show_as_not_understood(case: &Value, world: &Value) {
    let id = case["id"].as_str().unwrap();
    let Ok(request) = Request::parse(&case["request"]) else {
        return;
    };
    let situation = request_case::situation(case, world, request);
    let (verdict, decision) = request_case::decision(case);
    let shown = form(&situation, support::summary(&situation));
    let text = serde_json::to_string(&shown).unwrap();
    assert!(text.contains("\"kind\":\"notUnderstood\""), "{id}");
    let found = check(&situation, verdict, &decision);
    let accepts_it = request_case::accepts(&decision, &situation.request.content, &|item| {
        !matches!(
            item,
            RequestItem::ReadAttribute(_)
                | RequestItem::ShareAttribute(_)
                | RequestItem::Consent(_)
                | RequestItem::Authentication(_)
        )
    });
    if accepts_it {
        assert!(!found.is_success, "{id}");
    }
    let randomness = tessera_core_types::SystemRandomness;
    let decided = decide(&situation, verdict, &decision, &mut RandomIds(&randomness));
    assert_eq!(decided.is_ok(), found.is_success, "{id}: check and decide");
}

/// Ids that are remembered under the names that the vectors give them.
#[derive(Default)]
struct Placeholders {
    names: BTreeMap<String, String>,
    attributes: usize,
    forwardings: usize,
}

impl IdSource for Placeholders {
    fn attribute_id(&mut self) -> AttributeId {
        self.attributes += 1;
        let id = AttributeId::parse(&format!("ATTnew{:014}", self.attributes)).unwrap();
        let name = format!("$attribute{}", self.attributes);
        self.names.insert(id.to_string(), name);
        id
    }

    fn forwarding_details_id(&mut self) -> AttributeForwardingDetailsId {
        self.forwardings += 1;
        let text = format!("ATTFDnew{:012}", self.forwardings);
        let id = AttributeForwardingDetailsId::parse(&text).unwrap();
        let name = format!("$forwarding{}", self.forwardings);
        self.names.insert(id.to_string(), name);
        id
    }
}

#[test]
fn the_world_of_the_vectors_is_readable() {
    let vectors = support::vectors("requests.json");
    for address in vectors["world"]["addresses"].as_object().unwrap().values() {
        Address::parse(address.as_str().unwrap()).unwrap();
    }
}
