//! Who has what of the person's, as one list over all contacts.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

mod flow_support;

use flow_support::*;
use serde_json::json;
use tessera_content::{Decision, Request};
use tessera_wallet::{
    Wallet,
    model::DeletionStatus,
    views::{AttributeView, GivenEntry, GivenOrder, GivenSearch},
};

async fn given(wallet: &Wallet, search: GivenSearch) -> Vec<GivenEntry> {
    let page = wallet.given(search).await.unwrap();
    assert_eq!(page.entries.len(), page.total as usize);
    page.entries
}

async fn everything_given(wallet: &Wallet) -> Vec<GivenEntry> {
    given(wallet, GivenSearch::default()).await
}

async fn own_name(wallet: &Wallet) -> AttributeView {
    let own = wallet.attributes().await.unwrap();
    own.into_iter()
        .find(|one| one.value_type == "GivenName")
        .unwrap()
}

/// The list says the same as the page of each contact, which is made of the Attributes themselves.
async fn agrees(wallet: &Wallet) {
    let listed = everything_given(wallet).await;
    let mut counted = 0;
    for contact in wallet.contacts().await.unwrap() {
        let peer = contact.peer.address;
        for one in wallet.given_to(&peer).await.unwrap() {
            counted += 1;
            let entry = listed
                .iter()
                .find(|entry| entry.peer == peer && entry.attribute_id == one.attribute.id)
                .unwrap_or_else(|| panic!("{one:?} in {listed:?}"));
            assert_eq!(entry.newest_id, one.newest_id);
            assert_eq!(entry.value, one.attribute.value);
            assert_eq!(entry.version, one.holder.version);
            assert_eq!(entry.since, one.holder.since);
            assert_eq!(entry.request_id, one.holder.request_id);
            assert_eq!(entry.notification_id, one.holder.notification_id);
            assert_eq!(entry.is_stale, one.holder.is_stale);
            assert_eq!(entry.deletion, one.holder.deletion);
            assert_eq!(entry.peer_name, one.holder.peer_name);
        }
    }
    assert_eq!(listed.len(), counted);
}

#[tokio::test(flavor = "multi_thread")]
async fn from_the_first_answer_to_the_last_version_that_is_gone() {
    let world = World::new().await;
    let (_library_home, library) = world.somebody("Library").await;
    let (_ada_home, ada) = world.somebody("Ada").await;
    assert!(everything_given(&ada).await.is_empty());
    let relationship = connect(&world, &ada, &library).await;
    agrees(&ada).await;
    let first = everything_given(&ada).await;
    assert_eq!(first.len(), 2, "her name and her favourite shelf");
    let name = own_name(&ada).await;
    let entry = first
        .iter()
        .find(|one| one.attribute_id == name.id)
        .unwrap();
    assert_eq!(entry.peer, *library.address());
    let request = entry.request_id.as_ref().unwrap();
    assert_eq!(entry.receipt, ada.receipt_of(request).await.unwrap());
    assert!(entry.receipt.is_some() && entry.can_be_asked_back && !entry.can_be_told);

    // A new version that nobody was told of.
    world.clock.forward(1);
    let value = json!({ "@type": "GivenName", "value": "Augusta" });
    let newer = ada.succeed_attribute(&name.id, value, None).await.unwrap();
    agrees(&ada).await;
    let stale = GivenSearch {
        stale_only: true,
        ..GivenSearch::default()
    };
    let [old] = given(&ada, stale.clone()).await.try_into().unwrap();
    assert_eq!((&old.newest_id, old.version), (&newer.id, 1));
    assert!(old.can_be_told);
    let peers = [library.address().clone()];
    ada.notify_about_succession(&newer.id, &peers)
        .await
        .unwrap();
    agrees(&ada).await;
    assert!(given(&ada, stale).await.is_empty());

    // It is asked back, and goes.
    let asked_back = GivenSearch {
        asked_back_only: true,
        ..GivenSearch::default()
    };
    assert!(given(&ada, asked_back.clone()).await.is_empty());
    let delete = Request::parse(&json!({ "items": [{
        "@type": "DeleteAttributeRequestItem", "mustBeAccepted": false, "attributeId": newer.id,
    }] }))
    .unwrap();
    let sent = ada.send_request(library.address(), delete).await.unwrap();
    agrees(&ada).await;
    let [asked] = given(&ada, asked_back.clone()).await.try_into().unwrap();
    assert_eq!(
        asked.deletion.unwrap().status,
        DeletionStatus::DeletionRequestSent
    );
    library.sync().await.unwrap();
    let promise = Decision::parse(&json!({ "items": [
        { "accept": true, "deletionDate": world.now().plus(chrono::TimeDelta::days(1)) },
    ] }))
    .unwrap();
    library.accept(&sent.id, &promise).await.unwrap();
    ada.sync().await.unwrap();
    agrees(&ada).await;
    let [promised] = given(&ada, asked_back).await.try_into().unwrap();
    assert_eq!(
        promised.deletion.unwrap().status,
        DeletionStatus::ToBeDeletedByRecipient
    );
    assert!(!promised.can_be_asked_back);

    // Old versions go with the Attribute.
    ada.delete_attribute(&newer.id).await.unwrap();
    agrees(&ada).await;
    ada.terminate_relationship(&relationship).await.unwrap();
    agrees(&ada).await;
    ada.decompose_relationship(&relationship).await.unwrap();
    assert!(everything_given(&ada).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_searched_filtered_and_taken_page_by_page() {
    let world = World::new().await;
    let (_ada_home, ada) = world.somebody("Ada").await;
    let (_library_home, library) = world.somebody("Library").await;
    let (_school_home, school) = world.somebody("School").await;
    connect(&world, &ada, &library).await;
    world.clock.forward(1);
    connect(&world, &ada, &school).await;
    agrees(&ada).await;
    let name = own_name(&ada).await;
    ada.set_attribute_label(&name.id, Some("Pen name"))
        .await
        .unwrap();

    let search = GivenSearch::default;
    let text = |text: &str| GivenSearch {
        text: text.to_owned(),
        ..search()
    };
    for (wanted, count) in [
        (text("ada"), 2),
        (text("poet"), 2),
        (text("pen"), 2),
        (text("nobody"), 0),
        (
            GivenSearch {
                value_types: vec!["GivenName".to_owned()],
                ..text("poet")
            },
            4,
        ),
        (
            GivenSearch {
                peer: Some(school.address().clone()),
                ..search()
            },
            2,
        ),
        (
            GivenSearch {
                attribute: Some(name.id.clone()),
                ..search()
            },
            2,
        ),
    ] {
        assert_eq!(given(&ada, wanted.clone()).await.len(), count, "{wanted:?}");
    }
    for order in [
        GivenOrder::NewestFirst,
        GivenOrder::OldestFirst,
        GivenOrder::ByValue,
        GivenOrder::ByValueDescending,
    ] {
        let whole = given(&ada, GivenSearch { order, ..search() }).await;
        assert_eq!(whole.len(), 4);
        let mut after = None;
        for expected in &whole {
            let page = GivenSearch {
                order,
                after,
                limit: 1,
                ..search()
            };
            let page = ada.given(page).await.unwrap();
            assert_eq!(page.entries, std::slice::from_ref(expected), "{order:?}");
            assert_eq!(page.total, 4);
            after = page.entries.last().map(|one| one.place.clone());
        }
    }
    let newest = everything_given(&ada).await;
    assert_eq!(newest[0].peer, *school.address());
    let by_value = GivenSearch {
        order: GivenOrder::ByValue,
        ..search()
    };
    let by_value = given(&ada, by_value).await;
    assert_eq!(by_value[0].value["value"], "Ada");
    assert_eq!(by_value[3].value["value"], "Poetry");
}
