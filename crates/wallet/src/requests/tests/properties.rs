//! What always holds, whatever is asked and however it is answered.

use proptest::{collection::vec, prelude::*};
use serde_json::json;
use tessera_content::{RequestNode, ResponseItem, ResponseItemResult, ResponseNode};

use super::*;
use crate::{
    requests::{Change, Holdings, check, default_decision, form, rejection},
    views::{Ask, FormItem, FormNode},
};

fn query() -> impl Strategy<Value = Value> {
    let identity = (
        prop_oneof![Just("GivenName"), Just("Surname"), Just("City")],
        prop_oneof![
            Just(None),
            Just(Some("x:a")),
            Just(Some("x:b")),
            Just(Some("bad"))
        ],
    )
        .prop_map(|(value_type, tag)| {
            let mut query = json!({ "@type": "IdentityAttributeQuery", "valueType": value_type });
            if let Some(tag) = tag {
                query["tags"] = json!([tag]);
            }
            query
        });
    let owner = prop_oneof![
        Just(String::new()),
        Just(energy().to_string()),
        Just(library().to_string())
    ];
    let relationship =
        (owner.clone(), "[ab]").prop_map(|(owner, key)| read_new(&key, &owner)["query"].clone());
    let third =
        (owner, "[ab]").prop_map(|(third, key)| read_of_third(&key, &third)["query"].clone());
    let iql = prop_oneof![Just("GivenName"), Just("#x:a"), Just("!Surname")]
        .prop_map(|text| json!({ "@type": "IQLQuery", "queryString": text }));
    prop_oneof![4 => identity, 2 => relationship, 3 => third, 1 => iql]
}

fn item() -> impl Strategy<Value = Value> {
    let kinds = prop_oneof![
        6 => query().prop_map(read),
        1 => Just(json!({ "@type": "ConsentRequestItem", "consent": "I agree." })),
        1 => Just(json!({ "@type": "AuthenticationRequestItem", "title": "It's me" })),
        1 => Just(json!({ "@type": "ShareCredentialOfferRequestItem", "credentialOfferUrl": "x" })),
    ];
    (kinds, prop::bool::weighted(0.3)).prop_map(|(mut item, required)| {
        item["mustBeAccepted"] = json!(required);
        item
    })
}

fn node() -> impl Strategy<Value = Value> {
    prop_oneof![
        3 => item(),
        1 => vec(item(), 1..4).prop_map(|items| json!({ "@type": "RequestItemGroup", "items": items })),
    ]
}

/// Six Attributes of every sort, some of them versions of one another.
fn holdings() -> impl Strategy<Value = Holdings> {
    let attribute = (
        0..5_u8,
        prop_oneof![Just("Ada"), Just("King")],
        prop_oneof![Just("public"), Just("protected"), Just("private")],
        "[ab]",
        prop_oneof![
            Just(None),
            Just(Some(None)),
            Just(Some(Some(DeletionStatus::ToBeDeletedByRecipient))),
            Just(Some(Some(DeletionStatus::DeletedByRecipient))),
        ],
    );
    (vec(attribute, 6), any::<bool>(), any::<bool>()).prop_map(|(made, first, second)| {
        let mut made: Vec<LocalAttribute> = (0..)
            .zip(made)
            .map(|(n, (sort, name, confidentiality, key, given))| {
                let attribute = match sort {
                    0 => own(n, given_name(name)),
                    1 => own(n, json!({ "@type": "Surname", "value": name })).with_tags(&["x:a"]),
                    2 => own_with(n, &energy(), &key, confidentiality),
                    3 => own_with(n, &library(), &key, confidentiality),
                    _ => {
                        let mut received = own(n, given_name(name));
                        received.kind = AttributeKind::PeerIdentityAttribute;
                        received.content = received.content.with_owner(library());
                        let share = share(&received, ShareDirection::Received, &library());
                        received.with_share(share)
                    }
                };
                match given {
                    None => attribute,
                    Some(None) => attribute.given_to(&energy()),
                    Some(Some(status)) => attribute.given_and(&energy(), status),
                }
            })
            .collect();
        for (at, linked) in [(0, first), (2, second)] {
            if linked && made[at].kind == made[at + 1].kind {
                let [old, new] = versions(made[at].clone(), made[at + 1].clone());
                (made[at], made[at + 1]) = (old, new);
            }
        }
        made.into_iter().collect()
    })
}

fn answer() -> impl Strategy<Value = Value> {
    let existing = (
        0..8_u32,
        prop_oneof![Just(None), Just(Some("x:a")), Just(Some("x:b"))],
    )
        .prop_map(|(n, tag)| match tag {
            None => json!({ "accept": true, "existingAttributeId": attribute_id(n) }),
            Some(tag) => {
                json!({ "accept": true, "existingAttributeId": attribute_id(n), "tags": [tag] })
            }
        });
    let identity = prop_oneof![Just("Ada"), Just(" Ada"), Just("\u{1F511}")].prop_map(|name| {
        json!({ "accept": true, "newAttribute": {
            "@type": "IdentityAttribute", "owner": "", "value": given_name(name) } })
    });
    let relationship = "[ab]".prop_map(|key| {
        json!({ "accept": true, "newAttribute": {
            "@type": "RelationshipAttribute", "owner": "", "key": key, "confidentiality": "public",
            "value": { "@type": "ProprietaryString", "title": "Meter", "value": "1" } } })
    });
    prop_oneof![
        3 => existing,
        2 => identity,
        1 => relationship,
        2 => Just(json!({ "accept": true })),
        3 => Just(json!({ "accept": false, "message": "no" })),
        1 => Just(json!({ "accept": true, "existingAttributeId": 1, "newAttribute": [] })),
    ]
}

fn answers() -> impl Strategy<Value = Vec<Value>> {
    let node = prop_oneof![
        4 => answer(),
        1 => vec(answer(), 0..4).prop_map(|items| json!({ "items": items })),
    ];
    vec(node, 0..5)
}

prop_compose! {
    fn situation()(
        items in vec(node(), 1..5),
        holdings in holdings(),
        by_message in any::<bool>(),
    ) -> Situation {
        let mut situation = if by_message { asked_by_message(json!(items)) } else { asked(json!(items)) };
        situation.holdings = holdings;
        situation
    }
}

/// A Decision like those that persons make with the form, with a slip here and there.
fn plausible(situation: &Situation, choices: &[u8]) -> Decision {
    let mut choices = choices.iter().cycle();
    let mut answer = |item: &FormItem| {
        let choice = choices.next().copied().unwrap_or_default();
        let Ask::ReadAttribute {
            candidates,
            new_attribute,
            ..
        } = &item.ask
        else {
            return json!({ "accept": item.can_be_accepted && choice < 200 });
        };
        let new = new_attribute.as_ref().map(|new| {
            let name = if choice % 2 == 0 { "Ada" } else { " Augusta" };
            let attribute = match &new.relationship_attribute {
                Some(attribute) => {
                    let mut attribute = attribute.clone();
                    attribute["value"]["value"] = json!(name);
                    attribute
                }
                None => json!({
                    "@type": "IdentityAttribute", "owner": "", "tags": ["x:a"],
                    "value": { "@type": new.value_type, "value": name },
                }),
            };
            json!({ "accept": true, "newAttribute": attribute })
        });
        let candidate = candidates.get(usize::from(choice) % candidates.len().max(1));
        let existing = candidate.map(|candidate| {
            let mut answer =
                json!({ "accept": true, "existingAttributeId": candidate.attribute_id });
            if let Some(tags) = &candidate.add_tags {
                answer["tags"] = json!(tags);
            }
            answer
        });
        let any =
            json!({ "accept": true, "existingAttributeId": attribute_id(u32::from(choice) % 6) });
        match choice {
            0..120 => existing.or(new),
            120..220 => new.or(existing),
            220..235 => None,
            _ => Some(any),
        }
        .unwrap_or(json!({ "accept": false }))
    };
    let nodes = form(situation, summary(situation)).nodes;
    let items: Vec<Value> = nodes
        .iter()
        .map(|node| match node {
            FormNode::Item(item) => answer(item),
            FormNode::Group { items, .. } => {
                json!({ "items": items.iter().map(&mut answer).collect::<Vec<_>>() })
            }
        })
        .collect();
    Decision::parse(&json!({ "items": items })).unwrap()
}

fn assert_sound(situation: &Situation, decided: &Decided) {
    let request = &situation.request.content;
    assert_eq!(decided.response.items.len(), request.items.len());
    for (asked, answered) in request.items.iter().zip(&decided.response.items) {
        let same_shape = matches!(
            (asked, answered),
            (RequestNode::Item(_), ResponseNode::Item(_))
                | (RequestNode::Group(_), ResponseNode::Group(_))
        );
        assert!(same_shape);
        assert_eq!(asked.items().count(), answered.items().count());
    }
    let mut after = situation.holdings.clone();
    decided
        .changes
        .iter()
        .for_each(|change| after.apply(change));
    for (asked, answered) in request.all_items().zip(decided.response.all_items()) {
        if asked.must_be_accepted() {
            assert_eq!(answered.result(), Some(ResponseItemResult::Accepted));
        }
        let (ResponseItem::ReadAttributeAccept {
            attribute_id: id, ..
        }
        | ResponseItem::AttributeAlreadySharedAccept { attribute_id: id }
        | ResponseItem::AttributeSuccessionAccept {
            successor_id: id, ..
        }) = answered
        else {
            continue;
        };
        let attribute = after.get(id).unwrap();
        let is_of_the_peer = attribute
            .origin()
            .is_some_and(|origin| origin.peer == energy());
        assert!(is_of_the_peer || attribute.living_forward_to(&energy()).is_some());
        let json = asked.to_json();
        if json["query"]["@type"] == "ThirdPartyRelationshipAttributeQuery" {
            assert_ne!(attribute.content.to_json()["confidentiality"], "private");
            assert!(!is_of_the_peer);
        }
    }
    for attribute in after.iter() {
        let living = attribute.share_info.iter().filter(|share| {
            share.direction == ShareDirection::Forwarded
                && share.peer == energy()
                && !share.is_deleted_by_recipient()
        });
        assert!(living.count() <= 1);
        if let Some(newer) = attribute.succeeded_by.as_ref().and_then(|id| after.get(id)) {
            assert_eq!(
                newer.succeeds.as_ref(),
                Some(&attribute.id),
                "chains have no branches"
            );
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn whatever_is_decided_is_sound(situation in situation(), choices in vec(any::<u8>(), 8)) {
        let decision = plausible(&situation, &choices);
        let found = check(&situation, Verdict::Accept, &decision);
        let mut ids = RandomIds(&SystemRandomness);
        let decided = decide(&situation, Verdict::Accept, &decision, &mut ids);
        prop_assert_eq!(found.is_success, decided.is_ok());
        if let Ok(decided) = decided {
            assert_sound(&situation, &decided);
        }
    }

    #[test]
    fn no_decision_of_whatever_shape_does_harm((situation, given) in (situation(), answers())) {
        let decision = Decision::parse(&json!({ "items": given })).unwrap();
        for verdict in [Verdict::Accept, Verdict::Reject] {
            let found = check(&situation, verdict, &decision);
            let mut ids = RandomIds(&SystemRandomness);
            let decided = decide(&situation, verdict, &decision, &mut ids);
            prop_assert_eq!(found.is_success, decided.is_ok());
        }
    }

    #[test]
    fn a_rejection_is_always_possible_and_changes_nothing(situation in situation()) {
        let mut ids = RandomIds(&SystemRandomness);
        let decided = decide(&situation, Verdict::Reject, &rejection(&situation), &mut ids).unwrap();
        prop_assert_eq!(decided.changes, Vec::<Change>::new());
        let mut results = decided.response.all_items().map(ResponseItem::result);
        prop_assert!(results.all(|result| result == Some(ResponseItemResult::Rejected)));
    }

    #[test]
    fn what_the_form_starts_with_fails_only_for_what_the_person_must_do(situation in situation()) {
        let decision = default_decision(&situation);
        let shown = form(&situation, summary(&situation));
        prop_assert_eq!(&shown.default_decision, &decision.to_json());
        if let Err(error) = decide(&situation, Verdict::Accept, &decision, &mut RandomIds(&SystemRandomness)) {
            // Something must be entered or ticked, or items get into each other's way.
            let expected = [
                crate::requests::code::REQUIRED_NOT_ACCEPTED,
                crate::requests::code::KEY_TAKEN,
                crate::requests::code::BAD_PARAMETERS,
                crate::requests::code::MISMATCH,
            ];
            prop_assert!(expected.contains(&error.code().as_ref()), "{}", error);
        }
    }
}
