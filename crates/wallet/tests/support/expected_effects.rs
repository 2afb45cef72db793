//! What a case of `requests.json` expects a Decision to lead to.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use tessera_content::ResponseItem;
use tessera_wallet::{
    model::ShareDirection,
    requests::{Decided, Delivery, Holdings, Situation, delivery},
};

use super::{renamed, request_case::Case, v7};

/// Compares the answer, what carries it, and the stored objects afterwards. `names` says under
/// which names the vectors know the ids that were made.
pub fn compare(
    case: Case<'_>,
    situation: &Situation,
    decided: &Decided,
    mut names: BTreeMap<String, String>,
) {
    let id = case.id();
    names.insert(situation.now.to_string(), "$now".to_owned());
    if case.json["request"].get("id").is_none() {
        names.insert(situation.request.id.to_string(), "$request1".to_owned());
    }
    let named = |value: Value| renamed(value, &names);
    let wanted = |name: &str| case.expected(name).cloned().unwrap_or(Value::Null);

    let response = named(decided.response.to_json());
    assert_eq!(response, wanted("response"), "{id}: response");

    let (source, message, creation) = match delivery(
        &situation.request,
        situation.relationship,
        &decided.response,
    ) {
        Delivery::Message(content) => (json!("Message"), content.to_json(), Value::Null),
        Delivery::Relationship(content) => (json!("Relationship"), Value::Null, content.to_json()),
        Delivery::Nothing => (Value::Null, Value::Null, Value::Null),
    };
    assert_eq!(source, wanted("responseSource")["type"], "{id}: the source");
    assert_eq!(named(message), wanted("sentMessageContent"), "{id}");
    assert_eq!(
        named(creation),
        wanted("relationshipCreationContent"),
        "{id}"
    );

    let taken = decided
        .response
        .all_items()
        .filter(|item| matches!(item, ResponseItem::TransferFileOwnershipAccept { .. }));
    assert_eq!(decided.claims.len(), taken.count(), "{id}: claims");

    let mut after: Holdings = situation.holdings.clone();
    for change in &decided.changes {
        after.apply(change);
    }
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
        (json!(created), json!(changed))
    };
    let list = |name: &str| case.expected(name).cloned().unwrap_or_else(|| json!([]));
    let (created, changed) = before_and_after(&|holdings| {
        holdings
            .iter()
            .map(|attribute| (attribute.id.to_string(), v7::attribute(attribute)))
            .collect()
    });
    assert_eq!(created, list("createdAttributes"), "{id}: created");
    assert_eq!(changed, list("changedAttributes"), "{id}: changed");
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
    assert_eq!(created, list("createdForwardingDetails"), "{id}: shared");
    assert_eq!(changed, list("changedForwardingDetails"), "{id}: shares");
}
