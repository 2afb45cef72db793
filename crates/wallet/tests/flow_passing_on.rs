//! Sharing what belongs to one Relationship with the contact of another.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

mod flow_support;

use flow_support::{World, connect};
use serde_json::{Value, json};
use tessera_content::Request;
use tessera_core_types::{Address, RequestId};
use tessera_wallet::{
    Wallet,
    views::{AttributeView, RequestSearch, SentState},
};

/// Agrees with `peer` on entries of their Relationship: those that `creator` makes up.
async fn agree(creator: &Wallet, peer: &Wallet, entries: &[(&str, &Address, &str)]) {
    let items: Vec<Value> = entries
        .iter()
        .map(|(key, owner, confidentiality)| {
            json!({ "@type": "CreateAttributeRequestItem", "mustBeAccepted": true, "attribute": {
                "@type": "RelationshipAttribute", "owner": owner, "key": key,
                "confidentiality": confidentiality, "isTechnical": false,
                "value": { "@type": "ProprietaryString", "title": format!("The {key}"),
                           "value": format!("{key} of 1842") } } })
        })
        .collect();
    let request = Request::parse(&json!({ "items": items })).unwrap();
    creator.send_request(peer.address(), request).await.unwrap();
    accept(peer).await;
    creator.sync().await.unwrap();
}

/// Takes everything that is asked.
async fn accept(wallet: &Wallet) -> RequestId {
    wallet.sync().await.unwrap();
    let search = RequestSearch::default();
    let open = wallet.search_requests(search).await.unwrap().requests;
    let [question] = open.as_slice() else {
        panic!("{open:?}");
    };
    let decision = wallet.default_decision(&question.id).await.unwrap();
    wallet.accept(&question.id, &decision).await.unwrap();
    question.id.clone()
}

async fn offered(wallet: &Wallet, peer: &Address, text: &str) -> Vec<AttributeView> {
    let found = wallet.passable_entries(peer, text, 50).await.unwrap();
    assert!(!found.has_more);
    found.entries.into_iter().map(|one| one.attribute).collect()
}

fn keys(entries: &[AttributeView]) -> Vec<&str> {
    entries
        .iter()
        .filter_map(|one| one.key.as_deref())
        .collect()
}

fn share(entry: &AttributeView) -> Value {
    json!({ "items": [{ "@type": "ShareAttributeRequestItem", "mustBeAccepted": true,
                        "attributeId": entry.id }] })
}

#[tokio::test]
async fn an_entry_of_one_contact_is_shared_with_another_who_learns_where_it_is_from() {
    let world = World::new().await;
    let (_ada_home, ada) = world.somebody("Ada").await;
    let (_library_home, library) = world.somebody("Library").await;
    let (_energy_home, energy) = world.somebody("Energy").await;
    connect(&world, &ada, &library).await;
    connect(&world, &ada, &energy).await;
    let (me, theirs) = (ada.address(), library.address());
    world.clock.forward(1);
    agree(
        &library,
        &ada,
        &[
            ("card", me, "public"),
            ("desk", theirs, "protected"),
            ("secret", me, "private"),
        ],
    )
    .await;

    // Her favourite shelf she told the library when they met, and the other energy itself.
    let entries = offered(&ada, energy.address(), "").await;
    assert_eq!(keys(&entries), ["shelfMark", "card", "desk"]);
    assert_eq!(
        keys(&offered(&ada, energy.address(), "DESK of").await),
        ["desk"]
    );
    assert!(offered(&ada, energy.address(), "secret").await.is_empty());
    // To the library they are nothing new.
    let for_library = offered(&ada, library.address(), "").await;
    assert_eq!(for_library.len(), 1);
    assert_eq!(for_library[0].peer.as_ref(), Some(energy.address()));
    let found = ada.passable_entries(energy.address(), "", 1).await.unwrap();
    assert_eq!((found.entries.len(), found.has_more), (1, true));
    assert_eq!(found.entries[0].with.address, *library.address());

    // What is offered can be asked, both what is Ada's and what is the library's.
    for entry in &entries {
        let request = share(entry);
        let check = ada.check_request(energy.address(), &request).await.unwrap();
        assert!(check.is_success, "{check:?}");
        let request = ada.read_own_request(&request).await.unwrap();
        let sent = ada.send_request(energy.address(), request).await.unwrap();
        accept(&energy).await;
        ada.sync().await.unwrap();
        let sent = ada.sent_request(&sent.id).await.unwrap().summary;
        assert_eq!(sent.state, SentState::Answered);
    }
    let received = energy.contact(ada.address()).await.unwrap().received;
    for key in ["shelfMark", "card", "desk"] {
        let entry = received
            .iter()
            .find(|one| one.key.as_deref() == Some(key) && one.third_party.is_some())
            .unwrap();
        assert_eq!(entry.third_party.as_ref(), Some(library.address()));
        assert_eq!(entry.peer.as_ref(), Some(ada.address()));
    }
    // It has them now, and may not pass them on itself.
    assert!(offered(&ada, energy.address(), "").await.is_empty());
    let (_bank_home, bank) = world.somebody("Bank").await;
    connect(&world, &energy, &bank).await;
    assert!(offered(&energy, bank.address(), "card").await.is_empty());
}

#[tokio::test]
async fn what_is_of_a_contact_that_ended_is_offered_and_nothing_to_it() {
    let world = World::new().await;
    let (_ada_home, ada) = world.somebody("Ada").await;
    let (_library_home, library) = world.somebody("Library").await;
    let (_energy_home, energy) = world.somebody("Energy").await;
    let with_library = connect(&world, &ada, &library).await;
    let with_energy = connect(&world, &ada, &energy).await;
    assert_eq!(
        keys(&offered(&ada, energy.address(), "").await),
        ["shelfMark"]
    );

    // An entry of a contact that is over may still be shown; nobody who is over is shown anything.
    ada.terminate_relationship(&with_library).await.unwrap();
    assert_eq!(
        keys(&offered(&ada, energy.address(), "").await),
        ["shelfMark"]
    );
    ada.terminate_relationship(&with_energy).await.unwrap();
    assert!(offered(&ada, energy.address(), "").await.is_empty());
}
