//! Who asks, and what the person wrote about them: how the code came in, what was before, and who
//! else has such a name.

#![allow(clippy::unwrap_used, clippy::panic, clippy::expect_used, missing_docs)]

mod flow_support;

use flow_support::*;
use serde_json::json;
use tessera_core_types::RequestId;
use tessera_wallet::{
    Wallet, WalletError,
    views::{CodeOrigin, Found, SenderView},
};

/// A template whose maker calls itself something.
async fn introduce(world: &World, who: &Wallet, name: &str, reader: &Wallet) -> RequestId {
    let value = json!({ "@type": "DisplayName", "value": name });
    let attribute = who.add_attribute(value, None).await.unwrap();
    let template = who
        .create_template(template_of(
            world,
            content(&json!({
                "@type": "RelationshipTemplateContent",
                "onNewRelationship": { "title": "Hello", "items": [
                    {
                        "@type": "ShareAttributeRequestItem",
                        "mustBeAccepted": true,
                        "attributeId": attribute.id,
                        "attribute": attribute.content,
                    },
                ] },
            })),
        ))
        .await
        .unwrap();
    load(reader, &template).await
}

fn names(sender: &SenderView) -> Vec<Option<&str>> {
    let names = sender.look_alikes.iter().map(|peer| peer.name.as_deref());
    names.collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_the_name_of_a_contact_and_another_address_is_named() {
    let world = World::new().await;
    let (_library_home, library) = world.somebody("City library").await;
    let (_stranger_home, stranger) = world.somebody("Somebody").await;
    let (_ada_home, ada) = world.somebody("Ada").await;
    let request = introduce(&world, &library, "City library", &ada).await;
    let sender = ada.request_sender(&request).await.unwrap();
    assert_eq!(sender.host, "localhost");
    assert_eq!((sender.relationships, sender.decided), (0, 0));
    assert!(!sender.is_contact && !sender.is_by_message);
    assert_eq!(names(&sender), []);
    let decision = ada.default_decision(&request).await.unwrap();
    ada.accept(&request, &decision).await.unwrap();

    // The l is a capital I: other alphabets are no part of a valid name.
    let imitation = introduce(&world, &stranger, "City Iibrary", &ada).await;
    let sender = ada.request_sender(&imitation).await.unwrap();
    assert_eq!(sender.peer.address, *stranger.address());
    assert_eq!(names(&sender), [Some("City library")]);
    assert_eq!(sender.look_alikes[0].address, *library.address());

    // The library itself is like nobody else, and is known.
    let again = ada.request_sender(&request).await.unwrap();
    assert_eq!(names(&again), []);
    assert!(again.is_contact);
    assert_eq!((again.relationships, again.decided), (1, 0));
    let nothing = RequestId::parse("REQzzzzzzzzzzzzzzzzz").unwrap();
    assert!(matches!(
        ada.request_sender(&nothing).await,
        Err(WalletError::NotFound(_))
    ));
}

#[tokio::test(flavor = "multi_thread")]
async fn how_the_code_came_in_is_written_down_once() {
    let world = World::new().await;
    let (_library_home, library) = world.somebody("City library").await;
    let (ada_home, ada) = world.somebody("Ada").await;
    let template = library
        .create_template(template_of(&world, library_card()))
        .await
        .unwrap();
    let request = load(&ada, &template).await;
    let came_by = async |wallet: &Wallet| wallet.request_sender(&request).await.unwrap().came_by;
    assert_eq!(came_by(&ada).await, None);
    for origin in [CodeOrigin::Screen, CodeOrigin::Link] {
        ada.set_code_origin(&request, origin).await.unwrap();
    }
    let ada = ada_home.restart(&world, ada).await;
    assert_eq!(came_by(&ada).await, Some(CodeOrigin::Screen));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_person_writes_about_a_contact_is_found_kept_and_never_sent() {
    let world = World::new().await;
    let (_library_home, library) = world.somebody("City library").await;
    let (ada_home, ada) = world.somebody("Ada").await;
    let relationship = connect(&world, &ada, &library).await;
    let tags = [" town ".to_owned(), "town".to_owned(), String::new()];
    let note = ada
        .set_contact_note(
            library.address(),
            Some(" Bücherei Müller "),
            Some("Opens at nine."),
            &tags,
        )
        .await
        .unwrap();
    assert_eq!(note.title.as_deref(), Some("Bücherei Müller"));
    assert_eq!(note.tags, ["town"]);
    for text in ["muller", "opens nine", "town"] {
        let found = ada.find(text, 5).await.unwrap();
        let [Found::Contact { peer, .. }] = found.as_slice() else {
            panic!("{text}: {found:?}");
        };
        assert_eq!(peer.address, *library.address());
    }
    let too_long = "x".repeat(101);
    let refused = ada
        .set_contact_note(library.address(), Some(&too_long), None, &[])
        .await;
    assert_eq!(
        refused.unwrap_err().code(),
        "error.tessera.contacts.titleTooLong"
    );

    let ada = ada_home.restart(&world, ada).await;
    ada.terminate_relationship(&relationship).await.unwrap();
    assert_eq!(ada.contact_note(library.address()).await.unwrap(), note);
    library.sync().await.unwrap();
    let theirs = library.contact(ada.address()).await.unwrap();
    let known = format!("{theirs:?}");
    assert!(!known.contains("Müller") && !known.contains("nine"));
    assert_eq!(theirs.contact.peer.title, None);
}
