//! Attributes that the energy company makes up or proposes.

use super::*;
use crate::{
    requests::{Change, check, code, default_decision, form, rejection},
    views::{Ask, FormItem, FormNode},
};

fn create(attribute: &Value) -> Value {
    json!({ "@type": "CreateAttributeRequestItem", "mustBeAccepted": true, "attribute": attribute })
}

fn identity_of(owner: &str, value: &Value) -> Value {
    json!({ "@type": "IdentityAttribute", "owner": owner, "value": value })
}

fn tariff(owner: &str) -> Value {
    json!({
        "@type": "RelationshipAttribute", "owner": owner, "key": "tariff",
        "confidentiality": "protected", "isTechnical": false,
        "value": { "@type": "ProprietaryString", "title": "Tariff", "value": " Basic " },
    })
}

fn propose(attribute: &Value) -> Value {
    json!({
        "@type": "ProposeAttributeRequestItem", "mustBeAccepted": true, "attribute": attribute,
        "query": { "@type": "IdentityAttributeQuery", "valueType": "GivenName" },
    })
}

fn item(situation: &Situation) -> FormItem {
    let shown = form(situation, summary(situation));
    let FormNode::Item(item) = &shown.nodes[0] else {
        panic!("{shown:?}");
    };
    item.clone()
}

fn refused(situation: &Situation, answer: Value) -> String {
    let error = accept(situation, json!([answer])).unwrap_err();
    assert!(check(situation, Verdict::Reject, &rejection(situation)).is_success);
    error.code().into_owned()
}

#[test]
fn a_fact_about_the_person_becomes_their_own() {
    let situation = asked(json!([create(&identity_of("", &given_name(" Ada ")))]));
    let shown = item(&situation);
    assert!(shown.can_be_accepted);
    let Ask::CreateAttribute {
        owner,
        is_own,
        already_known,
        ..
    } = shown.ask
    else {
        panic!("{shown:?}");
    };
    assert_eq!((owner, is_own, already_known), (ada(), true, false));
    assert_eq!(
        default_decision(&situation).to_json()["items"],
        json!([{ "accept": true }])
    );
    let decided = accept(&situation, json!([{ "accept": true }])).unwrap();
    let [Change::CreateAttribute(made), Change::CreateShareInfo(_)] = decided.changes.as_slice()
    else {
        panic!("{:?}", decided.changes);
    };
    assert_eq!(made.content.owner(), Some(&ada()));
    assert_eq!(
        made.content.value().text("value"),
        Some("Ada"),
        "as one's own are kept"
    );
}

#[test]
fn what_the_person_has_already_is_shared_instead_of_made_twice() {
    let known = own(1, given_name("Ada"));
    let situation = asked(json!([create(&identity_of("", &given_name("Ada ")))])).holding([known]);
    assert!(matches!(
        item(&situation).ask,
        Ask::CreateAttribute {
            already_known: true,
            ..
        }
    ));
    let decided = accept(&situation, json!([{ "accept": true }])).unwrap();
    assert!(matches!(
        decided.changes.as_slice(),
        [Change::CreateShareInfo(_)]
    ));
}

#[test]
fn an_attribute_of_the_relationship_belongs_to_either_side_and_is_kept_as_it_is() {
    for (owner, kind) in [
        (String::new(), AttributeKind::OwnRelationshipAttribute),
        (ada().to_string(), AttributeKind::OwnRelationshipAttribute),
        (
            energy().to_string(),
            AttributeKind::PeerRelationshipAttribute,
        ),
    ] {
        let situation = asked(json!([create(&tariff(&owner))]));
        let shown = item(&situation);
        let Ask::CreateAttribute {
            is_own,
            confidentiality,
            ..
        } = shown.ask
        else {
            panic!("{shown:?}");
        };
        assert_eq!(is_own, kind == AttributeKind::OwnRelationshipAttribute);
        assert_eq!(confidentiality.as_deref(), Some("protected"));
        let decided = accept(&situation, json!([{ "accept": true }])).unwrap();
        let [Change::CreateAttribute(made)] = decided.changes.as_slice() else {
            panic!("{:?}", decided.changes);
        };
        assert_eq!(made.kind, kind);
        assert_eq!(made.content.value().text("value"), Some(" Basic "));
        assert_eq!(made.origin().unwrap().peer, energy());
    }
}

#[test]
fn what_is_not_about_the_two_sides_or_not_valid_is_refused() {
    let future = json!({ "@type": "BirthDate", "day": 2, "month": 6, "year": 2026 });
    let of_v6 = json!({ "@type": "City", "value": "London" });
    let mut tagged = identity_of("", &given_name("Ada"));
    tagged["tags"] = json!(["no prefix"]);
    for attribute in [
        identity_of(energy().as_str(), &given_name("Ada")),
        identity_of(library().as_str(), &given_name("Ada")),
        tariff(library().as_str()),
        identity_of("", &future),
        identity_of("", &of_v6),
        tagged,
    ] {
        let situation = asked(json!([create(&attribute)]));
        assert!(!item(&situation).can_be_accepted, "{attribute}");
        assert_eq!(
            refused(&situation, json!({ "accept": true })),
            code::BAD_ITEM
        );
    }
}

#[test]
fn more_tags_than_an_attribute_can_have_are_refused_before_anything_is_made() {
    let many: Vec<String> = (0..20).map(|n| format!("x:{n}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let mut created = identity_of("", &given_name("Ada"));
    created["tags"] = json!(["x:one more"]);
    for asked_item in [create(&created), propose(&created)] {
        let known = own(1, given_name("Ada")).with_tags(&many);
        let situation = asked(json!([asked_item])).holding([known]);
        let answer = json!({ "accept": true, "attribute": created });
        assert_eq!(refused(&situation, answer), code::UNREADABLE);
    }
}

#[test]
fn a_proposal_is_what_the_form_starts_with() {
    let proposed = identity_of("", &given_name("Augusta"));
    let others = [own(1, given_name("Ada")), own(2, given_name("Augusta"))];
    let situation = asked(json!([propose(&proposed)])).holding(others);
    let shown = item(&situation);
    let Ask::ProposeAttribute {
        proposal,
        candidates,
        new_attribute,
        ..
    } = shown.ask
    else {
        panic!("{shown:?}");
    };
    assert_eq!(proposal.attribute, proposed);
    assert_eq!(proposal.existing_attribute_id, Some(attribute_id(2)));
    assert_eq!(candidates.len(), 2);
    assert_eq!(new_attribute.unwrap().value_type, "GivenName");
    let decision = default_decision(&situation);
    assert_eq!(
        decision.to_json()["items"],
        json!([{ "accept": true, "attribute": proposed }])
    );
    let decided = accept(&situation, decision.to_json()["items"].clone()).unwrap();
    assert!(
        matches!(decided.changes.as_slice(), [Change::CreateShareInfo(share)]
        if share.attribute_id == attribute_id(2))
    );
}

#[test]
fn a_proposal_can_be_overruled() {
    let situation = asked(json!([propose(&identity_of("", &given_name("Augusta")))]))
        .holding([own(1, given_name("Ada"))]);
    let own = json!([{ "accept": true, "attributeId": attribute_id(1) }]);
    let decided = accept(&situation, own).unwrap();
    let answer = &decided.response.to_json()["items"][0];
    assert_eq!(answer["@type"], "ProposeAttributeAcceptResponseItem");
    assert_eq!(answer["attribute"]["value"]["value"], "Ada");
    // What Read items call it counts as nothing.
    let read = json!({ "accept": true, "existingAttributeId": attribute_id(1) });
    assert_eq!(refused(&situation, read), code::UNREADABLE);
}

#[test]
fn a_proposal_that_does_not_answer_its_own_query_is_not_what_the_form_starts_with() {
    let mut asked_item = propose(&identity_of("", &given_name("Augusta")));
    asked_item["query"]["tags"] = json!(["x:stage"]);
    let stage = own(1, given_name("Ada")).with_tags(&["x:stage"]);
    let situation = asked(json!([asked_item])).holding([stage]);
    assert_eq!(
        default_decision(&situation).to_json()["items"],
        json!([{ "accept": true, "attributeId": attribute_id(1) }])
    );
}

#[test]
fn a_proposal_about_somebody_else_can_only_be_rejected() {
    let mut asked_item = propose(&tariff(energy().as_str()));
    asked_item["query"] = read_new("tariff", energy().as_str())["query"].clone();
    let situation = asked(json!([asked_item]));
    assert!(!item(&situation).can_be_accepted);
    let answer = json!({ "accept": true, "attribute": tariff(energy().as_str()) });
    assert_eq!(refused(&situation, answer), code::BAD_ITEM);
}
