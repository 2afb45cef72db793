//! What the cases about Attributes have in common: what is there before, and what has become of it
//! afterwards.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use tessera_core_types::{Address, CoreDate};
use tessera_wallet::{
    attributes::{Contact, Contacts},
    model::{LocalAttribute, RelationshipStatus, ShareDirection},
    requests::Holdings,
};

use super::v7;

/// Now, in every case.
pub fn now() -> CoreDate {
    CoreDate::parse("2026-01-01T12:00:00.000Z").unwrap()
}

/// Somebody of the world of the vectors.
pub fn address(vectors: &Value, name: &str) -> Address {
    Address::parse(vectors["world"]["addresses"][name].as_str().unwrap()).unwrap()
}

/// A list of the setup; an absent one is empty.
pub fn list(case: &Value, name: &str) -> Vec<Value> {
    case["setup"][name].as_array().cloned().unwrap_or_default()
}

/// Fails for a property that no case has had so far: whoever adds one must say what it means.
pub fn check_names(of: &Value, known: &[&str], id: &str) {
    for name in of.as_object().unwrap().keys() {
        assert!(known.contains(&name.as_str()), "{id}: {name} is not known");
    }
}

/// The Attributes that are there before.
pub fn attributes(case: &Value) -> Vec<LocalAttribute> {
    let read = |one: &Value| v7::read_attribute(one);
    let mut attributes: Vec<_> = list(case, "localAttributes").iter().map(read).collect();
    for details in list(case, "forwardingDetails") {
        let share = v7::read_forwarding_details(&details);
        let mut of_it = attributes.iter_mut();
        let attribute = of_it.find(|attribute| attribute.id == share.attribute_id);
        attribute.unwrap().share_info.push(share);
    }
    attributes
}

/// How it stands with everybody: the last Relationship of each counts.
pub fn contacts(case: &Value) -> Contacts {
    let read = |one: &Value| {
        let peer = Address::parse(one["peer"].as_str().unwrap()).unwrap();
        let peer_deletion = one.get("peerDeletionStatus").cloned();
        let contact = Contact {
            status: serde_json::from_value(one["status"].clone()).unwrap(),
            peer_deletion: peer_deletion.map(|status| serde_json::from_value(status).unwrap()),
        };
        (peer, contact)
    };
    list(case, "relationships").iter().map(read).collect()
}

/// Everybody with whom there is an established Relationship.
pub fn established(case: &Value) -> BTreeSet<Address> {
    use RelationshipStatus as Status;
    contacts(case)
        .into_iter()
        .filter(|(_, contact)| {
            matches!(
                contact.status,
                Status::Active | Status::Terminated | Status::DeletionProposed
            )
        })
        .map(|(peer, _)| peer)
        .collect()
}

/// What differs between two states, in the words of the vectors: `createdAttributes` and so on.
/// Lists that are empty are left out.
pub fn difference(
    before: &Holdings,
    after: &Holdings,
    names: &BTreeMap<String, String>,
) -> BTreeMap<String, Value> {
    let attributes = |holdings: &Holdings| -> BTreeMap<String, Value> {
        holdings
            .iter()
            .map(|attribute| (attribute.id.to_string(), v7::attribute(attribute)))
            .collect()
    };
    let forwardings = |holdings: &Holdings| -> BTreeMap<String, Value> {
        holdings
            .iter()
            .flat_map(|attribute| &attribute.share_info)
            .filter(|share| share.direction == ShareDirection::Forwarded)
            .map(|share| {
                let id = share.forwarding_details_id.as_ref().unwrap();
                (id.to_string(), v7::forwarding_details(share))
            })
            .collect()
    };
    let mut found = BTreeMap::new();
    for (what, old, new) in [
        ("Attributes", attributes(before), attributes(after)),
        ("ForwardingDetails", forwardings(before), forwardings(after)),
    ] {
        let mut put = |how: &str, list: Vec<Value>| {
            if !list.is_empty() {
                let list = super::renamed(list.into(), names);
                found.insert(format!("{how}{what}"), list);
            }
        };
        let is_new = |id: &&String| !old.contains_key(*id);
        let is_other =
            |(id, value): &(&String, &Value)| old.get(*id).is_some_and(|known| known != *value);
        let created = new.keys().filter(is_new).map(|id| new[id].clone());
        put("created", created.collect());
        let changed = new.iter().filter(is_other).map(|(_, value)| value.clone());
        put("changed", changed.collect());
        let gone = old.keys().filter(|id| !new.contains_key(*id));
        put("deleted", gone.map(|id| json!(id)).collect());
    }
    found
}

/// The same lists of what a case expects.
pub fn expected_difference(expected: &Value) -> BTreeMap<String, Value> {
    let is_list = |name: &str| {
        ["created", "changed", "deleted"]
            .iter()
            .any(|how| name.starts_with(how))
    };
    expected
        .as_object()
        .unwrap()
        .iter()
        .filter(|(name, _)| is_list(name))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}
