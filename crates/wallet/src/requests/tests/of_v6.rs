//! What only v6 asks for is answered out of what Ada has.

use std::collections::BTreeSet;

use serde_json::json;

use super::*;
use crate::{
    requests::{Change, check, code, default_decision, form, needed},
    views::{Ask, Candidate, FormNode},
};
use tessera_content::ResponseItem;

fn read_of_type(value_type: &str) -> Value {
    read(json!({ "@type": "IdentityAttributeQuery", "valueType": value_type }))
}

fn address(n: u32, city: &str) -> LocalAttribute {
    let address = json!({ "@type": "StreetAddress", "recipient": "Ada", "street": "Square",
        "houseNo": "12", "zipCode": "W1", "city": city, "country": "GB" });
    own(n, address)
}

fn candidates(situation: &Situation) -> Vec<Candidate> {
    match form(situation, summary(situation)).nodes.remove(0) {
        FormNode::Item(item) => match item.ask {
            Ask::ReadAttribute { candidates, .. } => candidates,
            other => panic!("{other:?}"),
        },
        FormNode::Group { .. } => panic!("no group was asked"),
    }
}

/// What is at hand when only what has to be is fetched.
fn with_what_is_needed(situation: Situation, decision: Option<&Decision>) -> Situation {
    let lookups = needed(&situation.request.content, &energy(), decision);
    let all: Vec<LocalAttribute> = situation.holdings.iter().cloned().collect();
    let is_needed = |one: &LocalAttribute| lookups.iter().any(|lookup| lookup.finds(one));
    situation.holding(all.into_iter().filter(is_needed))
}

#[test]
fn the_city_of_an_address_is_given_as_an_attribute_of_its_own() {
    let situation = asked_by_message(json!([read_of_type("City")])).holding([
        address(1, "London").made_default(),
        address(2, "Marylebone"),
        own(3, given_name("Ada")),
    ]);
    let situation = with_what_is_needed(situation, None);
    let offered = candidates(&situation);
    let shown: Vec<_> = offered
        .iter()
        .map(|one| (one.attribute_id.clone(), one.value["value"].clone()))
        .collect();
    assert_eq!(
        shown,
        [
            (attribute_id(1), json!("London")),
            (attribute_id(2), json!("Marylebone"))
        ]
    );

    let decision = default_decision(&situation);
    let situation = with_what_is_needed(situation, Some(&decision));
    assert!(check(&situation, Verdict::Accept, &decision).is_success);
    let mut ids = RandomIds(&SystemRandomness);
    let decided = decide(&situation, Verdict::Accept, &decision, &mut ids).unwrap();
    let [
        Change::CreateAttribute(city),
        Change::AddSource { attribute, source },
        Change::CreateShareInfo(share),
    ] = decided.changes.as_slice()
    else {
        panic!("{:?}", decided.changes);
    };
    // What it was made of is remembered.
    assert_eq!((attribute, source), (&city.id, &attribute_id(1)));
    assert_eq!(
        city.content.value().to_json(),
        json!({ "@type": "City", "value": "London" })
    );
    assert_eq!(share.attribute_id, city.id);
    let answer = decided.response.all_items().next().unwrap();
    assert!(
        matches!(answer, ResponseItem::ReadAttributeAccept { attribute_id, attribute, .. }
        if *attribute_id == city.id && *attribute == city.content)
    );

    // The next time it is there, and the peer has it.
    let mut later = situation.clone();
    for change in &decided.changes {
        later.holdings.apply(change);
    }
    let offered = candidates(&later);
    assert_eq!(offered.len(), 2, "{offered:?}");
    assert_eq!(offered[0].attribute_id, city.id);
    assert!(offered[0].already_shared_with_peer);
    for (named, sources) in [(city.id.clone(), 0), (attribute_id(1), 1)] {
        let again = accept(
            &later,
            json!([{ "accept": true, "existingAttributeId": named }]),
        )
        .unwrap();
        let answer = again.response.all_items().next().unwrap();
        assert!(
            matches!(answer, ResponseItem::AttributeAlreadySharedAccept { attribute_id }
            if *attribute_id == city.id)
        );
        assert_eq!(sources_of(&again.changes, &city.id).len(), sources);
        assert_eq!(again.changes.len(), sources, "{:?}", again.changes);
    }
}

#[test]
fn a_city_that_is_there_already_gets_the_address_it_is_made_of_too() {
    let city = own(3, given_name("Ada")).of_type_city();
    let situation =
        asked_by_message(json!([read_of_type("City")])).holding([address(1, "London"), city]);
    let named = json!([{ "accept": true, "existingAttributeId": attribute_id(1) }]);
    let decided = accept(&situation, named).unwrap();
    let [
        Change::AddSource { attribute, source },
        Change::CreateShareInfo(share),
    ] = decided.changes.as_slice()
    else {
        panic!("{:?}", decided.changes);
    };
    assert_eq!((attribute, source), (&attribute_id(3), &attribute_id(1)));
    assert_eq!(share.attribute_id, attribute_id(3));
    // One that the person enters is made of nothing.
    let entered = own(4, given_name("Ada")).of_type_city().content.to_json();
    let situation = asked_by_message(json!([read_of_type("City")])).holding([address(1, "London")]);
    let entered = json!([{ "accept": true, "newAttribute": entered }]);
    let decided = accept(&situation, entered).unwrap();
    let made = |change: &Change| matches!(change, Change::AddSource { .. });
    assert!(!decided.changes.iter().any(made), "{:?}", decided.changes);
}

#[test]
fn a_name_is_made_of_the_defaults() {
    let names = [
        own(1, given_name("Augusta")),
        own(2, given_name("Ada")).made_default(),
        own(3, json!({ "@type": "Surname", "value": "King" })),
        own(4, json!({ "@type": "Surname", "value": "Lovelace" })).made_default(),
        own(
            5,
            json!({ "@type": "HonorificPrefix", "value": "Countess" }),
        )
        .made_default(),
    ];
    let situation = asked_by_message(json!([read_of_type("PersonName")])).holding(names.clone());
    let offered = candidates(&with_what_is_needed(situation.clone(), None));
    let [candidate] = offered.as_slice() else {
        panic!("{offered:?}");
    };
    assert_eq!(candidate.attribute_id, attribute_id(4));
    let name = json!({ "@type": "PersonName", "givenName": "Ada", "surname": "Lovelace",
        "honorificPrefix": "Countess" });
    assert_eq!(candidate.value, name);
    let decided = accept(
        &situation,
        json!([{ "accept": true, "existingAttributeId": attribute_id(4) }]),
    )
    .unwrap();
    let Change::CreateAttribute(made) = &decided.changes[0] else {
        panic!("{:?}", decided.changes);
    };
    // Of the defaults, and of nothing else.
    let sources = sources_of(&decided.changes, &made.id);
    assert_eq!(sources, [2, 4, 5].map(attribute_id).into());
    // Not without what a name must have.
    let situation = asked_by_message(json!([read_of_type("PersonName")]));
    let situation = situation.holding(names.into_iter().skip(2));
    assert!(candidates(&situation).is_empty());
}

#[test]
fn what_only_v6_knows_is_given_to_nobody_else() {
    let city = own(1, given_name("Ada")).of_type_city();
    for query in [
        json!({ "@type": "IQLQuery", "queryString": "City" }),
        json!({ "@type": "IQLQuery", "queryString": "City || GivenName" }),
    ] {
        let situation = asked_by_message(json!([read(query)])).holding([city.clone()]);
        assert!(candidates(&situation).is_empty());
        let named = json!([{ "accept": true, "existingAttributeId": attribute_id(1) }]);
        assert_eq!(
            accept(&situation, named).unwrap_err().code,
            code::BAD_PARAMETERS
        );
    }
    // Nor is it entered for anything else.
    let entered = json!([{ "accept": true, "newAttribute": city.content.to_json() }]);
    let situation = asked_by_message(json!([read_given_name()]));
    assert!(accept(&situation, entered.clone()).is_err());
    let situation = asked_by_message(json!([read_of_type("City")]));
    assert!(accept(&situation, entered).is_ok());
}

/// What the changes say an Attribute is made of.
fn sources_of(changes: &[Change], made: &AttributeId) -> BTreeSet<AttributeId> {
    let source = |change: &Change| match change {
        Change::AddSource { attribute, source } if attribute == made => Some(source.clone()),
        _ => None,
    };
    changes.iter().filter_map(source).collect()
}

impl LocalAttribute {
    fn of_type_city(mut self) -> Self {
        let mut content = self.content.to_json();
        content["value"] = json!({ "@type": "City", "value": "London" });
        self.content = Attribute::parse(&content).unwrap();
        self
    }
}
