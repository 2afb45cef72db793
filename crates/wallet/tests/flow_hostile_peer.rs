//! What comes back on an own template is checked: who sent it, and whether it answers what was
//! asked.

#![allow(clippy::unwrap_used, clippy::panic, clippy::expect_used, missing_docs)]

mod flow_support;

use flow_support::*;
use serde_json::{Value, json};
use tessera_core_types::{Address, RelationshipTemplateId};
use tessera_wallet::{
    Wallet,
    model::{RelationshipStatus, RelationshipTemplate},
    views::HistoryEvent,
};

async fn library(world: &World) -> (Home, Wallet, RelationshipTemplate) {
    let (home, library) = world.somebody("City library").await;
    let template = library
        .create_template(template_of(world, library_card()))
        .await
        .unwrap();
    (home, library, template)
}

/// The answer that Ada would give, from `owner`.
fn answer(owner: &Address) -> Value {
    json!({
        "@type": "RelationshipCreationContent",
        "response": {
            "result": "Accepted",
            "requestId": "REQstranger000000000",
            "items": [
                {
                    "@type": "ReadAttributeAcceptResponseItem",
                    "result": "Accepted",
                    "attributeId": "ATTstranger000000001",
                    "attribute": {
                        "@type": "IdentityAttribute",
                        "owner": owner,
                        "value": { "@type": "GivenName", "value": "Grace" },
                    },
                },
                {
                    "@type": "ResponseItemGroup",
                    "items": [{ "@type": "RejectResponseItem", "result": "Rejected" }],
                },
                { "@type": "AcceptResponseItem", "result": "Accepted" },
                { "@type": "RejectResponseItem", "result": "Rejected" },
            ],
        },
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_whose_answer_fits_is_a_contact_like_any_other() {
    let world = World::new().await;
    let (_home, library, template) = library(&world).await;
    let stranger = Stranger::new(&world).await;
    let address = stranger.address.clone();
    let made = stranger
        .answer(&template, &answer(&address), &address, &template.id)
        .await;
    assert_eq!(library.sync().await.unwrap().events, 1);
    let contact = library.contact(&address).await.unwrap();
    assert_eq!(contact.contact.relationship_id, Some(made.id.clone()));
    assert_eq!(contact.received.len(), 1);
    let active = library.accept_relationship(&made.id).await.unwrap();
    assert_eq!(active.status, RelationshipStatus::Active);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_does_not_fit_is_not_used_and_can_be_rejected() {
    type Change = fn(&mut Value, &Address);
    let cases: [(&str, Change, &str); 11] = [
        (
            "a required item is rejected",
            |answer, _| {
                answer["response"]["items"][0] =
                    json!({ "@type": "RejectResponseItem", "result": "Rejected" });
            },
            "error.consumption.requests.decide.validation.mustBeAcceptedItemNotAccepted",
        ),
        (
            "an item is missing",
            |answer, _| {
                answer["response"]["items"].as_array_mut().unwrap().pop();
            },
            "error.consumption.requests.decide.validation.invalidNumberOfItems",
        ),
        (
            "an item too many in a group",
            |answer, _| {
                let items = answer["response"]["items"][1]["items"]
                    .as_array_mut()
                    .unwrap();
                items.push(items[0].clone());
            },
            "error.consumption.requests.decide.validation.invalidNumberOfItems",
        ),
        (
            "a group where an item is",
            |answer, _| {
                answer["response"]["items"][2] = answer["response"]["items"][1].clone();
            },
            "error.tessera.requests.answerDoesNotFit",
        ),
        (
            "another value type",
            |answer, _| {
                answer["response"]["items"][0]["attribute"]["value"]["@type"] = "Surname".into();
            },
            "error.consumption.requests.attributeQueryMismatch",
        ),
        (
            "somebody else's name",
            |answer, library| {
                answer["response"]["items"][0]["attribute"]["owner"] = library.as_str().into();
            },
            "error.consumption.requests.attributeQueryMismatch",
        ),
        (
            "forbidden characters",
            |answer, _| {
                answer["response"]["items"][0]["attribute"]["value"]["value"] =
                    "Gr\u{430}ce".into();
            },
            "error.consumption.attributes.forbiddenCharactersInAttribute",
        ),
        (
            "another kind of answer",
            |answer, _| {
                answer["response"]["items"][2] = json!({
                    "@type": "FormFieldAcceptResponseItem",
                    "result": "Accepted",
                    "response": "yes",
                });
            },
            "error.tessera.requests.answerDoesNotFit",
        ),
        (
            "an unknown kind of answer",
            |answer, _| {
                answer["response"]["items"][2] =
                    json!({ "@type": "DanceResponseItem", "result": "Accepted" });
            },
            "error.tessera.requests.answerDoesNotFit",
        ),
        (
            "a rejected Request",
            |answer, _| answer["response"]["result"] = "Rejected".into(),
            "error.tessera.requests.answerDoesNotFit",
        ),
        (
            "a Relationship without its attribute's owner",
            |answer, library| {
                answer["response"]["items"][3] = json!({
                    "@type": "ReadAttributeAcceptResponseItem",
                    "result": "Accepted",
                    "attributeId": "ATTstranger000000002",
                    "attribute": {
                        "@type": "RelationshipAttribute",
                        "owner": library,
                        "key": "shelfMark",
                        "confidentiality": "public",
                        "isTechnical": false,
                        "value": {
                            "@type": "ProprietaryString",
                            "title": "Favourite shelf",
                            "value": "Poetry",
                        },
                    },
                });
            },
            "error.consumption.requests.attributeQueryMismatch",
        ),
    ];
    let world = World::new().await;
    let (_home, library, template) = library(&world).await;
    for (name, change, code) in cases {
        let stranger = Stranger::new(&world).await;
        let address = stranger.address.clone();
        let mut content = answer(&address);
        change(&mut content, library.address());
        let made = stranger
            .answer(&template, &content, &address, &template.id)
            .await;
        library.sync().await.unwrap();
        let contact = library.contact(&address).await.unwrap();
        assert_eq!(
            contact.contact.status,
            Some(RelationshipStatus::Pending),
            "{name}"
        );
        assert!(
            contact.received.is_empty() && contact.given.is_empty(),
            "{name}"
        );
        let newest = library.history().await.unwrap().swap_remove(0);
        assert_eq!(newest.event, HistoryEvent::SuspiciousRefused, "{name}");
        assert_eq!(newest.code.as_deref(), Some(code), "{name}");
        assert!(library.requests().await.unwrap().is_empty(), "{name}");
        let rejected = library.reject_relationship(&made.id).await.unwrap();
        assert_eq!(rejected.status, RelationshipStatus::Rejected);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_can_answer_in_the_name_of_another() {
    let world = World::new().await;
    let (_home, library, template) = library(&world).await;
    let (_ada_home, ada) = world.somebody("Ada").await;
    let elsewhere = RelationshipTemplateId::parse("RLTother000000000000").unwrap();
    let stranger = Stranger::new(&world).await;
    let own = stranger.address.clone();
    let other = Stranger::new(&world).await;
    let in_her_name = stranger
        .answer(
            &template,
            &answer(ada.address()),
            ada.address(),
            &template.id,
        )
        .await;
    let for_another = other
        .answer(
            &template,
            &answer(&other.address),
            &other.address,
            &elsewhere,
        )
        .await;
    let before = library.relationships().await.unwrap();
    // Each is offered three times, and refused each time.
    for _ in 0..4 {
        assert_eq!(library.sync().await.unwrap().events, 0);
    }
    assert_eq!(library.relationships().await.unwrap(), before);
    assert!(library.contact(&own).await.is_err());
    for id in [in_her_name.id, for_another.id] {
        assert!(library.relationship(&id).await.is_err());
    }
    let history = library.history().await.unwrap();
    let suspicions: Vec<_> = history
        .iter()
        .filter(|entry| entry.event == HistoryEvent::SuspiciousRefused)
        .collect();
    assert!(!suspicions.is_empty());
    for entry in suspicions {
        assert_eq!(
            entry.code.as_deref(),
            Some("error.transport.signatureNotValid")
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_peer_can_not_take_the_id_of_anothers_attribute() {
    let world = World::new().await;
    let (_home, library, template) = library(&world).await;
    let first = Stranger::new(&world).await;
    let second = Stranger::new(&world).await;
    for stranger in [&first, &second] {
        let address = &stranger.address;
        let mut content = answer(address);
        if stranger.address == second.address {
            content["response"]["requestId"] = "REQstranger000000001".into();
        }
        stranger
            .answer(&template, &content, address, &template.id)
            .await;
        library.sync().await.unwrap();
    }
    let kept = library.contact(&first.address).await.unwrap();
    assert_eq!(kept.received.len(), 1);
    assert_eq!(kept.received[0].owner, first.address);
    let refused = library.contact(&second.address).await.unwrap();
    assert!(refused.received.is_empty());
    assert_eq!(
        library.history().await.unwrap()[0].code.as_deref(),
        Some("error.consumption.attributes.successorMustNotYetExist")
    );
}

/// What the wallet told the Backbone about the events of its last sync run.
fn last_results(world: &World) -> Vec<Value> {
    let bodies = world.proxy.bodies("PUT", "/api/v2/SyncRuns/");
    let last: Value = serde_json::from_slice(bodies.last().unwrap()).unwrap();
    last["externalEventResults"].as_array().unwrap().clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_event_does_not_stop_the_good_ones() {
    let world = World::new().await;
    let (_home, library, template) = library(&world).await;
    let (_ada_home, ada) = world.somebody("Ada").await;
    let bad = Stranger::new(&world).await;
    let good = Stranger::new(&world).await;
    bad.answer(
        &template,
        &answer(ada.address()),
        ada.address(),
        &template.id,
    )
    .await;
    good.answer(
        &template,
        &answer(&good.address),
        &good.address,
        &template.id,
    )
    .await;
    let report = library.sync().await.unwrap();
    assert_eq!(report.events, 1);
    assert_eq!(library.contacts().await.unwrap().len(), 1);
    let results = last_results(&world);
    assert_eq!(results[0]["errorCode"], "error.transport.signatureNotValid");
    assert_eq!(results[1].get("errorCode"), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_of_an_unknown_kind_is_no_error() {
    let world = World::new().await;
    let (_home, library, template) = library(&world).await;
    let stranger = Stranger::new(&world).await;
    let address = stranger.address.clone();
    stranger
        .answer(&template, &answer(&address), &address, &template.id)
        .await;
    world.proxy.rule(|seen| {
        if seen.is("GET", "/api/v2/SyncRuns/") {
            Action::Change(Box::new(|events| {
                events["result"][0]["type"] = "SomethingNew".into();
                events["result"][0]["payload"] = json!({ "any": ["thing"] });
            }))
        } else {
            Action::Pass
        }
    });
    assert_eq!(library.sync().await.unwrap().events, 1);
    let results = last_results(&world);
    assert_eq!(results.len(), 1);
    assert_eq!(results[0].get("errorCode"), None);
}
