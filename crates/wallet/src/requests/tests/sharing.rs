//! What the energy company gives to Ada.

use super::*;
use crate::{
    requests::{Change, check, code, default_decision, form},
    views::{Ask, FormNode},
};

fn shares(attribute: &Value) -> Value {
    json!({
        "@type": "ShareAttributeRequestItem", "mustBeAccepted": true,
        "attributeId": attribute_id(50), "attribute": attribute,
    })
}

fn name(owner: &Address, name: &str) -> Value {
    json!({
        "@type": "IdentityAttribute", "owner": owner,
        "value": { "@type": "DisplayName", "value": name },
    })
}

fn certificate(owner: &Address) -> Value {
    json!({
        "@type": "RelationshipAttribute", "owner": owner, "key": "certified",
        "confidentiality": "public", "isTechnical": false,
        "value": { "@type": "ProprietaryString", "title": "Certified", "value": "yes" },
    })
}

fn of_relationship(owner: &Address, with: &Address) -> Value {
    let mut item = shares(&certificate(owner));
    item["initialAttributePeer"] = with.as_str().into();
    item
}

fn kept(situation: &Situation) -> (LocalAttribute, Value) {
    let decided = accept(situation, json!([{ "accept": true }])).unwrap();
    let [Change::CreateAttribute(attribute)] = decided.changes.as_slice() else {
        panic!("{:?}", decided.changes);
    };
    let answer = decided.response.to_json()["items"][0].clone();
    (attribute.clone(), answer)
}

#[test]
fn a_name_is_shown_and_kept_under_the_id_it_came_with() {
    let situation = asked(json!([shares(&name(&energy(), " Energy Corp. "))]));
    let shown = form(&situation, summary(&situation));
    let FormNode::Item(item) = &shown.nodes[0] else {
        panic!("{shown:?}");
    };
    assert!(item.can_be_accepted);
    let Ask::ShareAttribute {
        value,
        owner,
        already_known,
        ..
    } = &item.ask
    else {
        panic!("{item:?}");
    };
    assert_eq!(value["value"], " Energy Corp. ");
    assert_eq!((owner, *already_known), (&Some(energy()), false));
    let decision = default_decision(&situation).to_json();
    assert_eq!(decision["items"], json!([{ "accept": true }]));

    let (attribute, answer) = kept(&situation);
    assert_eq!(attribute.id, attribute_id(50));
    assert_eq!(attribute.kind, AttributeKind::PeerIdentityAttribute);
    assert_eq!(attribute.content.value().to_json()["value"], "Energy Corp.");
    let origin = attribute.origin().unwrap();
    assert_eq!(
        (origin.direction, &origin.peer),
        (ShareDirection::Received, &energy())
    );
    assert_eq!(answer["@type"], "AcceptResponseItem");
}

#[test]
fn what_is_known_already_is_not_kept_twice_not_even_within_one_request() {
    let mut again = shares(&name(&energy(), "Energy Corp."));
    again["attributeId"] = attribute_id(51).as_str().into();
    let situation = asked(json!([shares(&name(&energy(), "Energy Corp.")), again]));
    let decided = accept(&situation, json!([{ "accept": true }, { "accept": true }])).unwrap();
    assert_eq!(decided.changes.len(), 1);
    let answers = decided.response.to_json()["items"].clone();
    assert_eq!(
        answers[1]["@type"],
        "AttributeAlreadySharedAcceptResponseItem"
    );
    assert_eq!(answers[1]["attributeId"], json!(attribute_id(50)));
}

#[test]
fn something_of_another_relationship_of_the_sender_is_a_third_partys() {
    for owner in [energy(), library()] {
        let situation = asked(json!([of_relationship(&owner, &library())]));
        let (attribute, _) = kept(&situation);
        assert_eq!(
            attribute.kind,
            AttributeKind::ThirdPartyRelationshipAttribute
        );
        let origin = attribute.origin().unwrap();
        assert_eq!(origin.peer, energy());
        assert_eq!(origin.initial_attribute_peer, Some(library()));
    }
}

#[test]
fn what_is_not_the_senders_to_give_is_refused_before_anything_is_stored() {
    let mut with_peer = shares(&name(&energy(), "Energy Corp."));
    with_peer["initialAttributePeer"] = library().as_str().into();
    for (item, why) in [
        (shares(&name(&ada(), "Ada")), "about Ada"),
        (shares(&name(&library(), "Library")), "about a third party"),
        (with_peer, "a fact about the sender has no third party"),
        (shares(&certificate(&energy())), "of which Relationship?"),
        (of_relationship(&ada(), &library()), "Ada's"),
        (of_relationship(&energy(), &energy()), "with itself"),
        (of_relationship(&identity("Eve"), &library()), "neither's"),
    ] {
        let situation = asked(json!([item]));
        let decision = Decision::parse(&json!({ "items": [{ "accept": true }] })).unwrap();
        let found = check(&situation, Verdict::Accept, &decision);
        let found = found.items.unwrap()[0].code.clone();
        assert_eq!(found.as_deref(), Some(code::BAD_ITEM), "{why}");
        let shown = serde_json::to_value(form(&situation, summary(&situation))).unwrap();
        assert_eq!(shown["nodes"][0]["canBeAccepted"], false, "{why}");
    }
}

#[test]
fn the_id_of_something_that_is_there_is_not_taken_over() {
    let own = stored(
        50,
        AttributeKind::OwnIdentityAttribute,
        &name(&ada(), "Ada"),
    );
    let situation = asked(json!([shares(&name(&energy(), "Energy Corp."))])).holding([own]);
    let error = accept(&situation, json!([{ "accept": true }])).unwrap_err();
    assert_eq!(error.code(), code::BAD_ITEM);

    let items = json!([
        shares(&name(&energy(), "Energy Corp.")),
        shares(&name(&energy(), "Energy Inc.")),
    ]);
    let answers = json!([{ "accept": true }, { "accept": true }]);
    let error = accept(&asked(items), answers).unwrap_err();
    assert_eq!(
        (error.code().as_ref(), error.path),
        (code::BAD_ITEM, vec![1])
    );
}

#[test]
fn characters_that_no_attribute_may_have_are_refused() {
    let situation = asked(json!([shares(&name(&energy(), "Energy \u{1F389}"))]));
    let error = accept(&situation, json!([{ "accept": true }])).unwrap_err();
    assert_eq!(error.code(), code::CHARACTERS);
}
