//! Whatever may be asked, held and answered.

use proptest::{collection::vec, prelude::*};
use serde_json::json;
use tessera_content::RequestItem;

use super::{
    taking_files::{file_item, files},
    *,
};
use crate::requests::Holdings;

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

fn name() -> impl Strategy<Value = &'static str> {
    prop_oneof![4 => Just("Ada"), 4 => Just(" King "), 1 => Just("\u{1F511}")]
}

fn owner() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => Just(String::new()),
        2 => Just(ada().to_string()),
        2 => Just(energy().to_string()),
        1 => Just(library().to_string()),
    ]
}

fn attribute() -> impl Strategy<Value = Value> {
    let tags = prop_oneof![
        4 => Just(None),
        2 => Just(Some(vec!["x:a".to_owned()])),
        1 => Just(Some(vec!["bad".to_owned()])),
        1 => Just(Some((0..20).map(|n| format!("x:{n}")).collect())),
    ];
    let identity = (owner(), name(), tags).prop_map(|(owner, name, tags)| {
        let mut attribute = json!({
            "@type": "IdentityAttribute", "owner": owner, "value": given_name(name) });
        if let Some(tags) = tags {
            attribute["tags"] = json!(tags);
        }
        attribute
    });
    let relationship = (owner(), name(), "[ab]").prop_map(|(owner, name, key)| {
        json!({
            "@type": "RelationshipAttribute", "owner": owner, "key": key,
            "confidentiality": "public", "isTechnical": false,
            "value": { "@type": "ProprietaryString", "title": "Meter", "value": name },
        })
    });
    prop_oneof![3 => identity, 2 => relationship]
}

/// Proposals fit the kind and type of their query, else their Request is unreadable.
fn proposal() -> impl Strategy<Value = Value> {
    (query(), attribute())
        .prop_map(|(query, attribute)| {
            json!({
                "@type": "ProposeAttributeRequestItem", "mustBeAccepted": false,
                "query": query, "attribute": attribute,
            })
        })
        .prop_filter("can be read", |item| RequestItem::parse(item).is_ok())
}

fn settings() -> impl Strategy<Value = Value> {
    let bounds = (prop::option::of(0..4_i32), prop::option::of(0..4_i32));
    let bounded = (
        prop_oneof![
            Just("StringFormFieldSettings"),
            Just("IntegerFormFieldSettings"),
            Just("DoubleFormFieldSettings")
        ],
        bounds,
    )
        .prop_map(|(kind, (min, max))| {
            let mut settings = json!({ "@type": kind });
            for (name, bound) in [("min", min), ("max", max)] {
                if let Some(bound) = bound {
                    settings[name] = json!(bound);
                }
            }
            settings
        });
    let selection = (vec("[ab]", 0..3), any::<bool>()).prop_map(|(options, several)| {
        json!({ "@type": "SelectionFormFieldSettings", "options": options,
                "allowMultipleSelection": several })
    });
    prop_oneof![
        3 => bounded,
        1 => selection,
        1 => Just(json!({ "@type": "BooleanFormFieldSettings" })),
        1 => Just(json!({ "@type": "DateFormFieldSettings" })),
        1 => Just(json!({ "@type": "RatingFormFieldSettings", "maxRating": 5 })),
    ]
}

fn item() -> impl Strategy<Value = Value> {
    let of_type = |name: &'static str| {
        move |mut item: Value| {
            item["@type"] = json!(name);
            item
        }
    };
    let kinds = prop_oneof![
        6 => query().prop_map(read),
        3 => proposal(),
        3 => attribute().prop_map(|attribute| json!({ "attribute": attribute }))
            .prop_map(of_type("CreateAttributeRequestItem")),
        2 => (attribute(), 0..8_u32, prop::option::of(owner()))
            .prop_map(|(attribute, n, third)| {
                let mut item = json!({ "attribute": attribute, "attributeId": attribute_id(n) });
                if let Some(third) = third.filter(|third| !third.is_empty()) {
                    item["initialAttributePeer"] = json!(third);
                }
                item
            })
            .prop_map(of_type("ShareAttributeRequestItem")),
        2 => (0..8_u32).prop_map(|n| json!({ "attributeId": attribute_id(n) }))
            .prop_map(of_type("DeleteAttributeRequestItem")),
        2 => settings().prop_map(|settings| json!({ "title": "A field", "settings": settings }))
            .prop_map(of_type("FormFieldRequestItem")),
        2 => (0..4_u8, prop::bool::weighted(0.8)).prop_map(|(n, has_token)| file_item(n, has_token)),
        1 => Just(json!({ "@type": "FreeTextRequestItem", "freeText": "Why?" })),
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
pub fn holdings() -> impl Strategy<Value = Holdings> {
    let attribute = (
        0..6_u8,
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
                    4 => received(n, &library(), name),
                    _ => received(n, &energy(), name),
                };
                match given {
                    None => attribute,
                    Some(_) if attribute.kind == AttributeKind::PeerIdentityAttribute => attribute,
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

pub fn answer() -> impl Strategy<Value = Value> {
    let existing = (
        prop_oneof![Just("existingAttributeId"), Just("attributeId")],
        0..8_u32,
        prop_oneof![Just(None), Just(Some("x:a")), Just(Some("x:b"))],
    )
        .prop_map(|(name, n, tag)| {
            let mut answer = json!({ "accept": true });
            answer[name] = json!(attribute_id(n));
            if let Some(tag) = tag {
                answer["tags"] = json!([tag]);
            }
            answer
        });
    let entered = (
        prop_oneof![Just("newAttribute"), Just("attribute")],
        attribute(),
    )
        .prop_map(|(name, attribute)| {
            let mut answer = json!({ "accept": true });
            answer[name] = attribute;
            answer
        });
    let response = prop_oneof![
        Just(json!("a")),
        Just(json!("")),
        Just(json!("2026-06-01")),
        Just(json!(2)),
        Just(json!(2.5)),
        Just(json!(true)),
        Just(json!(["a", "b"])),
        Just(json!([])),
        Just(json!({})),
    ];
    prop_oneof![
        3 => existing,
        3 => entered,
        2 => response.prop_map(|response| {
            json!({ "accept": true, "response": response, "freeText": response })
        }),
        2 => prop_oneof![Just("2026-06-01T12:00:00.000Z"), Just("2020-01-01"), Just("soon")]
            .prop_map(|date| json!({ "accept": true, "deletionDate": date })),
        2 => Just(json!({ "accept": true })),
        3 => Just(json!({ "accept": false, "message": "no" })),
        1 => Just(json!({ "accept": true, "existingAttributeId": 1, "newAttribute": [] })),
    ]
}

pub fn answers() -> impl Strategy<Value = Vec<Value>> {
    let node = prop_oneof![
        4 => answer(),
        1 => vec(answer(), 0..4).prop_map(|items| json!({ "items": items })),
    ];
    vec(node, 0..5)
}

fn asked_for(items: &Value, holdings: Holdings, by_message: bool) -> Situation {
    let asked = if by_message { asked_by_message } else { asked };
    let mut situation = asked(items.clone());
    situation.holdings = holdings;
    situation.files = files(&situation.request.content);
    situation
}

/// Up to four items and groups.
pub fn situation() -> impl Strategy<Value = Situation> {
    (vec(node(), 1..5), holdings(), any::<bool>())
        .prop_map(|(items, holdings, by_message)| asked_for(&json!(items), holdings, by_message))
}

/// Nothing but one item.
pub fn of_one_item() -> impl Strategy<Value = Situation> {
    (item(), holdings(), any::<bool>())
        .prop_map(|(item, holdings, by_message)| asked_for(&json!([item]), holdings, by_message))
}
