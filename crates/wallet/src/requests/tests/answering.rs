//! What Ada's answers lead to.

use serde_json::json;
use tessera_content::{ResponseItem, ResponseNode};

use super::*;
use crate::requests::{Change, check, code};

fn give(n: u32) -> Value {
    json!({ "accept": true, "existingAttributeId": attribute_id(n) })
}

fn refused(situation: &Situation, items: Value) -> (String, Vec<u32>) {
    let error = accept(situation, items).unwrap_err();
    (error.code().into_owned(), error.path)
}

fn answers(decided: &Decided) -> Vec<&ResponseItem> {
    decided
        .response
        .items
        .iter()
        .flat_map(ResponseNode::items)
        .collect()
}

#[test]
fn giving_the_same_twice_is_given_once() {
    let situation =
        asked(json!([read_given_name(), read_given_name()])).holding([own(1, given_name("Ada"))]);
    let decided = accept(&situation, json!([give(1), give(1)])).unwrap();
    assert!(matches!(
        answers(&decided)[0],
        ResponseItem::ReadAttributeAccept { .. }
    ));
    assert!(matches!(
        answers(&decided)[1],
        ResponseItem::AttributeAlreadySharedAccept { .. }
    ));
    assert_eq!(decided.changes.len(), 1);
}

#[test]
fn entering_the_same_twice_makes_one_attribute() {
    let situation = asked(json!([read_given_name(), read_given_name()]));
    let new = |name| {
        json!({ "accept": true, "newAttribute": {
        "@type": "IdentityAttribute", "owner": "", "value": given_name(name) } })
    };
    let decided = accept(&situation, json!([new("Ada"), new(" Ada ")])).unwrap();
    let [
        Change::CreateAttribute(made),
        Change::CreateShareInfo(shared),
    ] = &decided.changes[..]
    else {
        panic!("one attribute, shared once: {:?}", decided.changes.len());
    };
    assert_eq!(shared.attribute_id, made.id);
    assert!(made.is_default, "the first of its type");
}

#[test]
fn the_first_of_a_type_becomes_its_default_only_where_a_person_decides() {
    let new = json!([{ "accept": true, "newAttribute": {
        "@type": "IdentityAttribute", "owner": ada(), "value": given_name("Addie") } }]);
    let is_default = |situation: &Situation| {
        let decided = accept(situation, new.clone()).unwrap();
        let Change::CreateAttribute(made) = &decided.changes[0] else {
            panic!("an attribute is made");
        };
        made.is_default
    };
    let mut situation =
        asked(json!([read_given_name()])).holding([own(1, given_name("Ada")).made_default()]);
    assert!(!is_default(&situation), "there is one");
    situation.holdings = [own(1, given_name("Ada"))].into_iter().collect();
    assert!(is_default(&situation), "there is none");
    situation.sets_defaults = false;
    assert!(!is_default(&situation));
}

#[test]
fn a_new_version_takes_the_default_over() {
    let situation =
        asked(json!([read_given_name()])).holding([own(1, given_name("Ada")).made_default()]);
    let with_tag =
        json!([{ "accept": true, "existingAttributeId": attribute_id(1), "tags": ["x:a"] }]);
    let decided = accept(&situation, with_tag).unwrap();
    let mut after = situation.holdings.clone();
    decided
        .changes
        .iter()
        .for_each(|change| after.apply(change));
    let defaults: Vec<_> = after.iter().filter(|one| one.is_default).collect();
    assert_eq!(defaults.len(), 1);
    assert_eq!(defaults[0].succeeds, Some(attribute_id(1)));
}

#[test]
fn two_items_cannot_both_make_a_new_version_of_the_same() {
    let situation = asked(json!([
        read_given_name(),
        { "@type": "RequestItemGroup", "items": [read_given_name()] },
    ]))
    .holding([own(1, given_name("Ada"))]);
    let with_tag = |tag: &str| json!({ "accept": true, "existingAttributeId": attribute_id(1), "tags": [tag] });
    let decision = json!([with_tag("x:a"), { "items": [with_tag("x:b")] }]);
    let (code, path) = refused(&situation, decision.clone());
    assert_eq!((code.as_str(), path), (code::BAD_PARAMETERS, vec![1, 0]));
    // The tree says so, too.
    let decision = Decision::parse(&json!({ "items": decision })).unwrap();
    let found = check(&situation, Verdict::Accept, &decision);
    assert_eq!(found.code.as_deref(), Some(code::INHERITED));
    assert!(found.items.unwrap()[0].is_success);
}

#[test]
fn tags_that_are_there_already_make_no_new_version() {
    let situation =
        asked(json!([read_given_name()])).holding([own(1, given_name("Ada")).with_tags(&["x:a"])]);
    let decided = accept(
        &situation,
        json!([{ "accept": true, "existingAttributeId": attribute_id(1), "tags": ["x:a"] }]),
    );
    assert!(matches!(
        &decided.unwrap().changes[..],
        [Change::CreateShareInfo(_)]
    ));
}

#[test]
fn more_tags_than_an_attribute_can_have_are_refused() {
    let many: Vec<String> = (0..20).map(|n| format!("x:{n}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let situation =
        asked(json!([read_given_name()])).holding([own(1, given_name("Ada")).with_tags(&many)]);
    let one_more =
        json!([{ "accept": true, "existingAttributeId": attribute_id(1), "tags": ["x:20"] }]);
    assert_eq!(refused(&situation, one_more).0, code::UNREADABLE);
}

#[test]
fn nobody_is_told_that_an_old_version_follows_a_new_one() {
    let [old, new] = versions(own(1, given_name("A")), own(2, given_name("Ada")));
    let promised = new.given_and(&energy(), DeletionStatus::ToBeDeletedByRecipient);
    let situation = asked(json!([read_given_name()])).holding([old.clone(), promised]);
    assert_eq!(refused(&situation, json!([give(1)])).0, code::MISMATCH);
    // Once the peer has deleted it, it can be given again.
    let [_, new] = versions(own(1, given_name("A")), own(2, given_name("Ada")));
    let deleted = new.given_and(&energy(), DeletionStatus::DeletedByRecipient);
    let situation = asked(json!([read_given_name()])).holding([old, deleted]);
    assert!(accept(&situation, json!([give(1)])).is_ok());

    let [old, new] = versions(
        own_with(1, &library(), "number", "public"),
        own_with(2, &library(), "number", "public").given_to(&energy()),
    );
    let situation = asked_by_message(json!([read_of_third("number", "")])).holding([old, new]);
    assert_eq!(refused(&situation, json!([give(1)])).0, code::MISMATCH);
}

#[test]
fn what_belongs_to_the_relationship_with_the_asking_peer_is_not_a_third_partys() {
    let situation = asked_by_message(json!([read_of_third("number", "")])).holding([own_with(
        1,
        &energy(),
        "number",
        "public",
    )]);
    assert_eq!(refused(&situation, json!([give(1)])).0, code::MISMATCH);
}

#[test]
fn an_answer_to_a_query_for_a_third_party_names_it() {
    let situation = asked_by_message(json!([read_of_third("number", library().as_str())]))
        .holding([own_with(1, &library(), "number", "public")]);
    let decided = accept(&situation, json!([give(1)])).unwrap();
    let ResponseItem::ReadAttributeAccept {
        initial_attribute_peer,
        ..
    } = answers(&decided)[0]
    else {
        panic!("it is given");
    };
    assert_eq!(*initial_attribute_peer, Some(library()));
    // v6 knows it by another name.
    let json = tessera_content::with_v6_names(decided.response.to_json());
    assert_eq!(json["items"][0]["thirdPartyAddress"], json!(library()));
    assert_eq!(json["items"][0]["initialAttributePeer"], json!(library()));
}

#[test]
fn an_attribute_that_would_belong_to_neither_side_is_not_made() {
    let situation = asked(json!([read_new("meter", library().as_str())]));
    let (code, _) = refused(
        &situation,
        json!([{ "accept": true, "newAttribute": {
        "@type": "RelationshipAttribute", "owner": library(), "key": "meter",
        "confidentiality": "public", "isTechnical": false,
        "value": { "@type": "ProprietaryString", "title": "Meter", "value": "1" } } }]),
    );
    assert_eq!(code, code::BAD_ITEM);
}

#[test]
fn a_value_type_of_an_older_version_is_not_stored() {
    let query = json!({ "@type": "IQLQuery", "queryString": "City" });
    let situation = asked(json!([read(query)]));
    let (code, _) = refused(
        &situation,
        json!([{ "accept": true, "newAttribute": {
        "@type": "IdentityAttribute", "owner": "",
        "value": { "@type": "City", "value": "Berlin" } } }]),
    );
    assert_eq!(code, code::UNREADABLE);
}

#[test]
fn the_same_new_key_is_not_accepted_twice() {
    let mut items = [read_new("meter", ""), read_new("meter", ada().as_str())];
    let new = json!({ "accept": true, "newAttribute": {
        "@type": "RelationshipAttribute", "owner": ada(), "key": "meter",
        "confidentiality": "public", "isTechnical": false,
        "value": { "@type": "ProprietaryString", "title": "Meter", "value": "1" } } });
    let required = asked(json!(items));
    assert_eq!(
        refused(&required, json!([new, new])),
        (code::KEY_TAKEN.to_owned(), vec![])
    );

    items
        .iter_mut()
        .for_each(|item| item["mustBeAccepted"] = json!(false));
    let optional = asked(json!(items));
    let expected = (code::BAD_PARAMETERS.to_owned(), vec![]);
    assert_eq!(refused(&optional, json!([new, new])), expected);
    assert!(accept(&optional, json!([new, { "accept": false }])).is_ok());
}

#[test]
fn errors_name_the_place_and_tell_nothing_private() {
    let situation = asked(json!([
        { "@type": "AuthenticationRequestItem", "mustBeAccepted": true, "title": "It's me" },
        { "@type": "RequestItemGroup", "items": [read_given_name()] },
    ]));
    let secret = "Augusta\u{1F511}";
    let error = accept(
        &situation,
        json!([{ "accept": true }, { "items": [{ "accept": true, "newAttribute": {
            "@type": "IdentityAttribute", "owner": "", "value": given_name(secret) } }] }]),
    )
    .unwrap_err();
    assert_eq!(error.path, [1, 0]);
    assert_eq!(error.code(), code::BAD_PARAMETERS);
    assert!(!format!("{error} {error:?}").contains("Augusta"));
}
