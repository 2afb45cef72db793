//! A case of `requests.json` as a situation and a Decision.

use serde_json::{Value, json};
use tessera_content::{Decision, DecisionNode, Request, RequestItem, RequestNode};
use tessera_core_types::{Address, CoreDate, RequestId};
use tessera_wallet::{
    model::{
        LocalRequest, LocalRequestSource, LocalRequestStatus, PeerDeletionStatus,
        RelationshipStatus,
    },
    requests::{
        Holdings, Situation, Verdict, expire, expiry_of_template_request, require_decision,
    },
};

use super::v7;

/// The situation in which the case is decided.
pub fn situation(case: &Value, world: &Value, mut content: Request) -> Situation {
    let address = |name: &str| Address::parse(world["addresses"][name].as_str().unwrap()).unwrap();
    let (me, peer) = (address("me"), address("peer"));
    let now = CoreDate::parse("2026-01-01T12:00:00.000Z").unwrap();
    let list = |name: &str| case["setup"][name].as_array().cloned().unwrap_or_default();

    let relationships: Vec<(Address, RelationshipStatus)> = list("relationships")
        .iter()
        .map(|one| {
            let peer = Address::parse(one["peer"].as_str().unwrap()).unwrap();
            (peer, serde_json::from_value(one["status"].clone()).unwrap())
        })
        .collect();
    let with_peer = relationships.iter().rfind(|(other, _)| *other == peer);
    let relationship = with_peer.map(|(_, status)| *status);
    let peer_deletion = list("relationships")
        .iter()
        .rfind(|one| one["peer"] == json!(peer))
        .and_then(|one| one.get("peerDeletionStatus"))
        .map(|status| serde_json::from_value::<PeerDeletionStatus>(status.clone()).unwrap());

    let source = &case["source"];
    let reference = source["reference"].as_str().unwrap();
    let is_template = source["type"] == "RelationshipTemplate";
    let template_expires_at = source
        .get("expiresAt")
        .map(|date| CoreDate::parse(date.as_str().unwrap()).unwrap());
    if is_template {
        content.expires_at =
            expiry_of_template_request(content.expires_at, template_expires_at, relationship);
    }
    let made_here = RequestId::parse("REQmadeHere000000001").unwrap();
    let mut request = LocalRequest {
        id: content.id.clone().unwrap_or(made_here),
        is_own: false,
        peer,
        created_at: now,
        content,
        source: Some(if is_template {
            LocalRequestSource::RelationshipTemplate {
                reference: reference.parse().unwrap(),
            }
        } else {
            LocalRequestSource::Message {
                reference: reference.parse().unwrap(),
            }
        }),
        response: None,
        status: LocalRequestStatus::Open,
        status_log: vec![],
        was_automatically_decided: false,
    };
    expire(&mut request, now);
    require_decision(&mut request, now);

    let mut attributes: Vec<_> = list("localAttributes")
        .iter()
        .map(v7::read_attribute)
        .collect();
    for details in list("forwardingDetails") {
        let share = v7::read_forwarding_details(&details);
        let mut of_it = attributes.iter_mut();
        let attribute = of_it.find(|attribute| attribute.id == share.attribute_id);
        attribute.unwrap().share_info.push(share);
    }
    Situation {
        me,
        now,
        today: now.to_utc().date_naive(),
        request,
        relationship,
        peer_deletion,
        established: relationships
            .into_iter()
            .filter(|(_, status)| {
                matches!(
                    status,
                    RelationshipStatus::Active
                        | RelationshipStatus::Terminated
                        | RelationshipStatus::DeletionProposed
                )
            })
            .map(|(peer, _)| peer)
            .collect(),
        holdings: attributes.into_iter().collect::<Holdings>(),
        tags: Some(serde_json::from_value(world["tagCollection"].clone()).unwrap()),
        sets_defaults: case["setup"]["setDefaultOwnIdentityAttributes"] == true,
    }
}

/// What is decided.
pub fn decision(case: &Value) -> (Verdict, Decision) {
    let decide = &case["decide"];
    let verdict = if decide["accept"] == true {
        Verdict::Accept
    } else {
        Verdict::Reject
    };
    (verdict, Decision::parse(decide).unwrap())
}

/// Whether a Decision accepts an item of some kind.
pub fn accepts(
    decision: &Decision,
    request: &Request,
    wanted: &dyn Fn(&RequestItem) -> bool,
) -> bool {
    let is_accepted = |(item, answer): (&RequestItem, &DecisionNode)| {
        matches!(answer, DecisionNode::Accept(_)) && wanted(item)
    };
    request
        .items
        .iter()
        .zip(&decision.items)
        .any(|(node, answer)| match (node, answer) {
            (RequestNode::Item(item), answer) => is_accepted((item, answer)),
            (RequestNode::Group(group), DecisionNode::Group(answers)) => {
                group.items.iter().zip(answers).any(is_accepted)
            }
            _ => false,
        })
}
