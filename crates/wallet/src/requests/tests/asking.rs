//! What Ada is shown.

use serde_json::json;

use super::*;
use crate::{
    model::LocalResponse,
    requests::{Lookup, check, code, default_decision, form, needed, rejection},
    views::{Ask, Candidate, ConsentForm, FormItem, FormNode},
};

fn shown(situation: &Situation) -> ConsentForm {
    form(situation, summary(situation))
}

fn items(form: &ConsentForm) -> Vec<&FormItem> {
    form.nodes
        .iter()
        .flat_map(|node| match node {
            FormNode::Item(item) => vec![item],
            FormNode::Group { items, .. } => items.iter().collect(),
        })
        .collect()
}

fn candidates(item: &FormItem) -> &[Candidate] {
    match &item.ask {
        Ask::ReadAttribute { candidates, .. } => candidates,
        other => panic!("no ReadAttribute: {other:?}"),
    }
}

fn offered(situation: &Situation) -> Vec<AttributeId> {
    let form = shown(situation);
    candidates(items(&form)[0])
        .iter()
        .map(|candidate| candidate.attribute_id.clone())
        .collect()
}

#[test]
fn the_default_is_offered_first_then_the_newest() {
    let [old, new] = versions(own(1, given_name("A")), own(2, given_name("Ada")));
    let situation = asked(json!([read_given_name()])).holding([
        old,
        new,
        own(3, given_name("Augusta")).made_default(),
        own(4, given_name("Addie")),
        own(5, json!({ "@type": "Surname", "value": "King" })),
    ]);
    assert_eq!(offered(&situation), [3, 4, 2].map(attribute_id));
}

#[test]
fn required_items_are_preselected_and_optional_ones_are_not() {
    let mut optional = read_given_name();
    optional["mustBeAccepted"] = json!(false);
    let situation = asked(json!([
        read_given_name(),
        optional,
        { "@type": "RequestItemGroup", "title": "Terms", "items": [
            { "@type": "ConsentRequestItem", "mustBeAccepted": true, "consent": "I agree." },
            { "@type": "ConsentRequestItem", "mustBeAccepted": true, "consent": "I read it.",
              "requiresInteraction": true },
            { "@type": "AuthenticationRequestItem", "mustBeAccepted": true, "title": "It's me",
              "requireManualDecision": true },
        ]},
    ]))
    .holding([own(1, given_name("Ada"))]);

    let form = shown(&situation);
    assert_eq!(
        form.default_decision,
        json!({ "items": [
            { "accept": true, "existingAttributeId": attribute_id(1) },
            { "accept": false },
            { "items": [{ "accept": true }, { "accept": false }, { "accept": false }] },
        ]})
    );
    assert_eq!(
        default_decision(&situation).to_json(),
        form.default_decision
    );
    let paths: Vec<_> = items(&form).iter().map(|item| item.path.clone()).collect();
    assert_eq!(
        paths,
        [vec![0], vec![1], vec![2, 0], vec![2, 1], vec![2, 2]]
    );
    assert!(form.creates_relationship && form.is_decidable);
    assert!(items(&form)[3].requires_interaction && items(&form)[4].requires_interaction);
}

#[test]
fn a_required_item_without_anything_to_give_waits_for_the_person() {
    let situation = asked(json!([read_given_name()]));
    assert_eq!(
        default_decision(&situation).to_json(),
        json!({ "items": [{ "accept": false }] })
    );
    let form = shown(&situation);
    assert!(items(&form)[0].can_be_accepted, "a new one can be entered");
}

#[test]
fn an_attribute_without_the_wanted_tag_is_offered_last_and_brings_the_tag() {
    let query = json!({
        "@type": "IdentityAttributeQuery", "valueType": "GivenName", "tags": ["bkb:no", "x:legal"],
    });
    let situation = asked(json!([read(query)])).holding([
        own(1, given_name("Ada")).with_tags(&["x:legal"]),
        own(2, given_name("Addie")).made_default(),
    ]);
    let form = shown(&situation);
    let found = candidates(items(&form)[0]);
    assert_eq!(found[0].attribute_id, attribute_id(1));
    assert_eq!(found[0].add_tags, None);
    // The first of the wanted tags that may be used at all.
    assert_eq!(found[1].add_tags, Some(vec!["x:legal".to_owned()]));

    let situation = situation.holding([own(2, given_name("Addie"))]);
    let decision = default_decision(&situation);
    assert_eq!(
        decision.to_json()["items"][0],
        json!({ "accept": true, "existingAttributeId": attribute_id(2), "tags": ["x:legal"] })
    );
    assert!(check(&situation, Verdict::Accept, &decision).is_success);
}

#[test]
fn a_tag_that_nobody_may_use_leaves_nothing_to_give() {
    let query = json!({
        "@type": "IdentityAttributeQuery", "valueType": "GivenName", "tags": ["bkb:unknown"],
    });
    let situation = asked(json!([read(query)])).holding([own(1, given_name("Ada"))]);
    let form = shown(&situation);
    assert!(!items(&form)[0].can_be_accepted);
    assert!(candidates(items(&form)[0]).is_empty());
}

#[test]
fn only_what_an_expression_finds_is_offered() {
    let query = json!({ "@type": "IQLQuery", "queryString": "GivenName && #x:stage" });
    let situation = asked(json!([read(query)])).holding([
        own(1, given_name("Ada")),
        own(2, given_name("Addie")).with_tags(&["x:stage"]),
    ]);
    assert_eq!(offered(&situation), [attribute_id(2)]);
    let form = shown(&situation);
    let Ask::ReadAttribute { new_attribute, .. } = &items(&form)[0].ask else {
        panic!("no ReadAttribute");
    };
    assert_eq!(*new_attribute, None, "the query does not say what to make");
}

#[test]
fn a_condition_can_be_said_in_words() {
    let situation = asked(json!([read(json!({
        "@type": "IQLQuery", "queryString": "#x:work && !StreetAddress.country=DE",
    }))]));
    let form = shown(&situation);
    let shown = serde_json::to_value(&items(&form)[0].ask).unwrap();
    assert_eq!(shown["condition"], "#x:work && !StreetAddress.country=DE");
    assert_eq!(
        shown["conditionTree"],
        json!({ "kind": "all", "of": [
            { "kind": "tag", "tag": "x:work" },
            { "kind": "not", "condition": {
                "kind": "value", "valueType": "StreetAddress", "path": ["country"],
                "test": { "kind": "equals", "text": "DE" },
            } },
        ] })
    );
    // Other queries have no condition.
    let form = self::shown(&asked(json!([read_given_name()])));
    let shown = serde_json::to_value(&items(&form)[0].ask).unwrap();
    assert!(shown.get("conditionTree").is_none());
}

#[test]
fn nothing_private_and_nothing_of_the_asking_peer_is_offered_to_others() {
    let protected = own_with(2, &library(), "number", "protected");
    let stranger = identity("somebody pending");
    let situation = asked_by_message(json!([read_of_third("number", "")])).holding([
        own_with(1, &library(), "number", "private"),
        protected,
        own_with(3, &energy(), "number", "public"),
        own_with(4, &stranger, "number", "public"),
        own_with(5, &library(), "other", "public"),
    ]);
    assert_eq!(offered(&situation), [attribute_id(2)]);
    let form = shown(&situation);
    let candidate = &candidates(items(&form)[0])[0];
    assert_eq!(candidate.third_party, Some(library()));
    assert_eq!(candidate.is_protected, Some(true));
}

#[test]
fn a_new_relationship_attribute_is_fixed_but_for_its_value() {
    let situation = asked(json!([read_new("meter", "")]));
    let form = shown(&situation);
    let Ask::ReadAttribute { new_attribute, .. } = &items(&form)[0].ask else {
        panic!("no ReadAttribute");
    };
    let mut attribute = new_attribute
        .clone()
        .unwrap()
        .relationship_attribute
        .unwrap();
    attribute["value"]["value"] = json!("0815");
    let decided = accept(
        &situation,
        json!([{ "accept": true, "newAttribute": attribute }]),
    );
    assert_eq!(decided.unwrap().changes.len(), 1);
}

#[test]
fn a_key_in_use_and_an_owner_who_is_nobody_here_leave_nothing_to_accept() {
    let taken = own_with(1, &energy(), "meter", "public");
    let situation = asked_by_message(json!([
        read_new("meter", ""),
        read_new("meter", library().as_str()),
    ]))
    .holding([taken]);
    assert!(
        items(&shown(&situation))
            .iter()
            .all(|item| !item.can_be_accepted)
    );
}

#[test]
fn what_is_not_understood_is_shown_and_keeps_the_request_open() {
    let situation = asked(json!([
        { "@type": "DanceRequestItem", "mustBeAccepted": false, "title": "Tango" },
    ]));
    let form = shown(&situation);
    assert_eq!(situation.request.status, LocalRequestStatus::Open);
    assert!(!form.is_decidable);
    assert_eq!(
        form.not_decidable_code.as_deref(),
        Some(code::NOT_UNDERSTOOD)
    );
    assert!(matches!(&items(&form)[0].ask, Ask::NotUnderstood { raw } if raw["title"] == "Tango"));
    let rejection = rejection(&situation);
    assert!(!check(&situation, Verdict::Reject, &rejection).is_success);
}

#[test]
fn what_is_understood_but_not_supported_can_be_left_out_or_rejected() {
    let item = |required| {
        json!({ "@type": "ShareCredentialOfferRequestItem", "mustBeAccepted": required,
                "credentialOfferUrl": "openid-credential-offer://example" })
    };
    let optional = asked(json!([item(false)]));
    assert!(accept(&optional, json!([{ "accept": false }])).is_ok());
    let error = accept(&optional, json!([{ "accept": true }])).unwrap_err();
    assert_eq!(
        (error.code().as_ref(), error.path),
        (code::NOT_SUPPORTED, vec![0])
    );

    let required = asked(json!([item(true)]));
    assert!(!items(&shown(&required))[0].can_be_accepted);
    let rejection = rejection(&required);
    assert!(check(&required, Verdict::Reject, &rejection).is_success);
}

#[test]
fn many_items_and_many_attributes_make_no_endless_form() {
    let items_asked: Vec<_> = (0..500).map(|_| read_given_name()).collect();
    let situation = asked(json!(items_asked))
        .holding((0..300).map(|n| own(n, given_name(&format!("Name {n}")))));
    let form = shown(&situation);
    let listed: Vec<usize> = items(&form)
        .iter()
        .map(|item| candidates(item).len())
        .collect();
    assert!(listed.iter().sum::<usize>() <= 10_000 + 500);
    assert!(
        listed.iter().all(|count| *count >= 1),
        "each keeps its best"
    );
}

#[test]
fn a_decided_request_shows_its_response() {
    let mut situation = asked(json!([
        { "@type": "AuthenticationRequestItem", "mustBeAccepted": true, "title": "It's me" },
    ]));
    let decided = accept(&situation, json!([{ "accept": true }])).unwrap();
    situation.request.status = LocalRequestStatus::Decided;
    situation.request.response = Some(LocalResponse {
        created_at: now(),
        content: decided.response.clone(),
        source: None,
    });
    let form = shown(&situation);
    assert!(!form.is_decidable);
    assert_eq!(form.response, Some(decided.response.to_json()));
}

#[test]
fn only_what_a_request_touches_has_to_be_fetched() {
    let situation = asked(json!([
        read_given_name(),
        read_given_name(),
        read_new("meter", ""),
        { "@type": "RequestItemGroup", "items": [read_of_third("number", "")] },
        { "@type": "AuthenticationRequestItem", "mustBeAccepted": true, "title": "It's me" },
    ]));
    let request = &situation.request.content;
    let mut lookups = needed(request, &energy(), None);
    lookups.sort();
    let mut expected = vec![
        Lookup::Candidates {
            value_type: "GivenName".to_owned(),
            tags: vec![],
        },
        Lookup::RelationshipKey {
            key: "meter".to_owned(),
            peer: Some(energy()),
        },
        Lookup::RelationshipKey {
            key: "number".to_owned(),
            peer: None,
        },
    ];
    expected.sort();
    assert_eq!(lookups, expected);

    let decision = Decision::parse(&json!({ "items": [
        { "accept": true, "existingAttributeId": attribute_id(7) },
        { "items": [{ "accept": true, "existingAttributeId": "nonsense" }] },
    ]}));
    let lookups = needed(request, &energy(), Some(&decision.unwrap()));
    let key = expected.remove(expected.len() - 2);
    assert_eq!(lookups, [key.clone(), Lookup::Attribute(attribute_id(7))]);

    // A value that is entered: whether it is there already.
    let decision = Decision::parse(&json!({ "items": [{ "accept": true, "newAttribute": {
        "@type": "IdentityAttribute", "owner": "", "value": given_name(" Ada ") } }]}));
    let lookups = needed(request, &energy(), Some(&decision.unwrap()));
    assert_eq!(lookups.len(), 3);
    assert!(lookups.contains(&key));
    assert!(lookups.contains(&Lookup::Default {
        value_type: "GivenName".to_owned()
    }));
    assert!(
        lookups
            .iter()
            .any(|lookup| lookup.finds(&own(1, given_name("Ada"))))
    );
}

#[test]
fn a_condition_is_looked_up_by_what_it_cannot_do_without() {
    let all = Lookup::OwnOfType(None);
    let of_type = |name: &str| Lookup::OwnOfType(Some(name.to_owned()));
    let with_tag = |tag: &str| Lookup::OwnWithTag(tag.to_owned());
    let with_text = |value_type: Option<&str>, text: &str| Lookup::OwnWithText {
        value_type: value_type.map(str::to_owned),
        text: text.to_owned(),
    };
    for (query, mut wanted) in [
        ("GivenName", vec![of_type("GivenName")]),
        ("GivenName?", vec![of_type("GivenName")]),
        ("GivenName=1.50", vec![of_type("GivenName")]),
        (
            "GivenName=Ada && !#x:a",
            vec![with_text(Some("GivenName"), "Ada")],
        ),
        ("value.city=Bonn && #x:a", vec![with_text(None, "Bonn")]),
        ("tags~x:a && GivenName", vec![with_tag("x:a")]),
        ("Surname || #x:a", vec![of_type("Surname"), with_tag("x:a")]),
        ("( Surname || GivenName ) && #x:a", vec![with_tag("x:a")]),
        ("!GivenName", vec![all.clone()]),
        ("Surname || !GivenName", vec![all.clone()]),
        ("owner=somebody", vec![all.clone()]),
    ] {
        let asked = asked(json!([read(
            json!({ "@type": "IQLQuery", "queryString": query })
        )]));
        let mut found = needed(&asked.request.content, &energy(), None);
        found.sort();
        wanted.sort();
        assert_eq!(found, wanted, "{query}");
    }
}
