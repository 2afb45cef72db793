//! From a template to a Relationship, between two wallets and a real Backbone.

#![allow(clippy::unwrap_used, clippy::panic, clippy::expect_used, missing_docs)]

mod flow_support;

use flow_support::*;
use serde_json::json;
use tessera_content::{Decision, PasswordLocation, PasswordType};
use tessera_wallet::{
    TemplatePassword, WalletError,
    keys::SecretText,
    model::RelationshipStatus,
    views::{HistoryEvent, LoadOutcome, LocalRequestStatus},
};

fn events(history: &[tessera_wallet::views::HistoryEntry]) -> Vec<HistoryEvent> {
    history.iter().rev().map(|entry| entry.event).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pin_a_form_a_name_pending_accepted_active_and_still_there_after_a_restart() {
    let world = World::new().await;
    let (library_home, library) = world.somebody("City library").await;
    let (ada_home, ada_wallet) = world.somebody("Ada").await;
    let mut new = template_of(&world, library_card());
    new.password = Some(TemplatePassword {
        password_type: PasswordType::Pin(4),
        password: SecretText::from("1234"),
        location: Some(PasswordLocation::Letter),
    });
    let template = library.create_template(new).await.unwrap();
    let code = reference(&template);

    let view = ada_wallet.read_code(&code).await.unwrap();
    assert!(view.is_own_backbone && view.is_for_this_identity);
    let question = view.password.unwrap();
    assert_eq!((question.pin_length, question.location), (Some(4), Some(2)));

    let before = everything(&ada_wallet).await;
    let pin = |pin: &str| Some(SecretText::from(pin));
    let error = |result: Result<LoadOutcome, WalletError>| result.unwrap_err();
    assert_eq!(
        error(ada_wallet.load_template(&code, None).await),
        WalletError::NoPasswordProvided
    );
    assert_eq!(
        error(ada_wallet.load_template(&code, pin("99999")).await),
        WalletError::PinLength(4)
    );
    assert_eq!(
        error(ada_wallet.load_template(&code, pin("9999")).await),
        WalletError::WrongPasswordOrGone
    );
    assert_eq!(everything(&ada_wallet).await, before);

    let LoadOutcome::Request { request_id } =
        ada_wallet.load_template(&code, pin("1234")).await.unwrap()
    else {
        panic!("a Request");
    };
    // The stored one is returned without asking the Backbone again.
    let asked = world.proxy.count("GET", "/api/v2/RelationshipTemplates/");
    assert_eq!(
        ada_wallet.load_template(&code, pin("0000")).await.unwrap(),
        LoadOutcome::NonCompletedRequestExists {
            request_id: request_id.clone()
        }
    );
    assert_eq!(
        world.proxy.count("GET", "/api/v2/RelationshipTemplates/"),
        asked
    );

    let form = ada_wallet.form(&request_id).await.unwrap();
    assert!(form.is_decidable && form.creates_relationship);
    assert_eq!(form.summary.title.as_deref(), Some("Become a reader"));
    assert_eq!(form.summary.item_count, 4);
    let check = ada_wallet.check(&request_id, &ada()).await.unwrap();
    assert!(check.is_success, "{check:?}");

    let request = ada_wallet.accept(&request_id, &ada()).await.unwrap();
    assert_eq!(request.status, LocalRequestStatus::Completed);
    let pending = ada_wallet.relationships().await.unwrap().remove(0);
    assert_eq!(pending.status, RelationshipStatus::Pending);
    assert!(pending.is_own);
    // A template is opened once more while its Relationship is Pending.
    assert_eq!(
        ada_wallet.load_template(&code, pin("1234")).await.unwrap(),
        LoadOutcome::RelationshipExists {
            relationship_id: pending.id.clone()
        }
    );

    let report = library.sync().await.unwrap();
    assert_eq!(report.events, 1);
    assert_eq!(
        report.changed_relationships.as_slice(),
        std::slice::from_ref(&pending.id)
    );
    let asked_for = library.relationship(&pending.id).await.unwrap();
    assert_eq!(asked_for.status, RelationshipStatus::Pending);
    assert!(!asked_for.is_own);
    assert_eq!(asked_for.peer.address, *ada_wallet.address());
    let contact = library.contact(ada_wallet.address()).await.unwrap();
    let received: Vec<_> = contact
        .received
        .iter()
        .map(|attribute| attribute.value["value"].clone())
        .collect();
    assert!(received.contains(&json!("Ada")) && received.contains(&json!("Poetry")));
    let own_request = library.request(&request_id).await.unwrap();
    assert!(own_request.is_own);
    assert_eq!(own_request.status, LocalRequestStatus::Completed);

    let accepted = library.accept_relationship(&pending.id).await.unwrap();
    assert_eq!(accepted.status, RelationshipStatus::Active);
    let again = library.accept_relationship(&pending.id).await;
    assert_eq!(
        again.unwrap_err().code(),
        "error.transport.relationships.wrongRelationshipStatus"
    );
    ada_wallet.sync().await.unwrap();

    let ada_wallet = ada_home.restart(&world, ada_wallet).await;
    let library = library_home.restart(&world, library).await;
    let active = ada_wallet.relationship(&pending.id).await.unwrap();
    assert_eq!(active.status, RelationshipStatus::Active);
    assert_eq!(active.audit_log.len(), 2);
    let names = ada_wallet.attributes().await.unwrap();
    assert_eq!(names.len(), 1);
    assert!(names[0].is_default);
    assert_eq!(names[0].shared_count, 1);
    let name = ada_wallet.attribute(&names[0].id).await.unwrap();
    assert_eq!(name.shared_with[0].peer, *library.address());
    let contact = ada_wallet.contact(library.address()).await.unwrap();
    assert_eq!(contact.contact.status, Some(RelationshipStatus::Active));
    assert_eq!(contact.contact.request_id, Some(request_id));
    assert_eq!(contact.given.len(), 2);
    assert_eq!(
        events(&ada_wallet.history().await.unwrap()),
        [
            HistoryEvent::ProfileCreated,
            HistoryEvent::TemplateLoaded,
            HistoryEvent::RequestReceived,
            HistoryEvent::RequestAccepted,
            HistoryEvent::AnswerQueued,
            HistoryEvent::RelationshipSent,
            HistoryEvent::RelationshipActivated,
        ]
    );
    let library_history = library.history().await.unwrap();
    assert_eq!(
        events(&library_history),
        [
            HistoryEvent::ProfileCreated,
            HistoryEvent::TemplateCreated,
            HistoryEvent::RelationshipReceived,
            HistoryEvent::RequestAccepted,
            HistoryEvent::RelationshipActivated,
        ]
    );
    assert_eq!(ada_wallet.sync().await.unwrap().events, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rejected_relationship_leaves_nothing_of_what_was_shared() {
    let world = World::new().await;
    let (_library_home, library) = world.somebody("City library").await;
    let (_ada_home, ada_wallet) = world.somebody("Ada").await;
    let template = library
        .create_template(template_of(&world, library_card()))
        .await
        .unwrap();
    let request = load(&ada_wallet, &template).await;
    ada_wallet.accept(&request, &ada()).await.unwrap();
    let id = ada_wallet.relationships().await.unwrap().remove(0).id;
    library.sync().await.unwrap();
    let wrong_side = ada_wallet.reject_relationship(&id).await.unwrap_err();
    assert_eq!(wrong_side, WalletError::OnlyAllowedForPeer);

    let rejected = library.reject_relationship(&id).await.unwrap();
    assert_eq!(rejected.status, RelationshipStatus::Rejected);
    let contact = library.contact(ada_wallet.address()).await.unwrap();
    assert!(contact.received.is_empty() && contact.given.is_empty());

    ada_wallet.sync().await.unwrap();
    let contact = ada_wallet.contact(library.address()).await.unwrap();
    assert_eq!(contact.contact.status, Some(RelationshipStatus::Rejected));
    assert!(contact.given.is_empty() && contact.received.is_empty());
    // The name is Ada's own and stays.
    let own = ada_wallet.attributes().await.unwrap();
    assert_eq!(own.len(), 1);
    assert_eq!(own[0].shared_count, 0);

    // She may try again with the same code.
    let request = load(&ada_wallet, &template).await;
    let decision = ada_wallet.default_decision(&request).await.unwrap();
    assert!(
        ada_wallet
            .check(&request, &decision)
            .await
            .unwrap()
            .is_success
    );
    ada_wallet.accept(&request, &decision).await.unwrap();
    library.sync().await.unwrap();
    let newest = library.relationships().await.unwrap().remove(0);
    assert_ne!(newest.id, id);
    assert_eq!(
        library
            .accept_relationship(&newest.id)
            .await
            .unwrap()
            .status,
        RelationshipStatus::Active
    );
    ada_wallet.sync().await.unwrap();
    assert_eq!(
        ada_wallet
            .contact(library.address())
            .await
            .unwrap()
            .contact
            .status,
        Some(RelationshipStatus::Active)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_relationship_is_taken_back_while_it_is_pending() {
    let world = World::new().await;
    let (_library_home, library) = world.somebody("City library").await;
    let (_ada_home, ada_wallet) = world.somebody("Ada").await;
    let template = library
        .create_template(template_of(&world, library_card()))
        .await
        .unwrap();
    let request = load(&ada_wallet, &template).await;
    ada_wallet.accept(&request, &ada()).await.unwrap();
    library.sync().await.unwrap();
    let id = ada_wallet.relationships().await.unwrap().remove(0).id;
    let wrong_side = library.revoke_relationship(&id).await.unwrap_err();
    assert_eq!(wrong_side, WalletError::OnlyAllowedForPeer);
    let revoked = ada_wallet.revoke_relationship(&id).await.unwrap();
    assert_eq!(revoked.status, RelationshipStatus::Revoked);
    assert!(
        ada_wallet
            .contact(library.address())
            .await
            .unwrap()
            .given
            .is_empty()
    );

    // The library decides before it has heard of that.
    let late = library.accept_relationship(&id).await.unwrap();
    assert_eq!(late.status, RelationshipStatus::Revoked);
    library.sync().await.unwrap();
    let contact = library.contact(ada_wallet.address()).await.unwrap();
    assert_eq!(contact.contact.status, Some(RelationshipStatus::Revoked));
    assert!(contact.received.is_empty());
    assert_eq!(library.sync_status().await.unwrap().waiting, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rejected_request_tells_its_maker_nothing() {
    let world = World::new().await;
    let (_library_home, library) = world.somebody("City library").await;
    let (_ada_home, ada_wallet) = world.somebody("Ada").await;
    let template = library
        .create_template(template_of(&world, library_card()))
        .await
        .unwrap();
    let request = load(&ada_wallet, &template).await;
    let before = world.proxy.count("POST", "/api/v2/Relationships");
    let rejected = ada_wallet.reject(&request).await.unwrap();
    assert_eq!(rejected.status, LocalRequestStatus::Completed);
    assert!(rejected.response.unwrap().source.is_none());
    assert_eq!(ada_wallet.sync().await.unwrap().waiting, 0);
    assert_eq!(world.proxy.count("POST", "/api/v2/Relationships"), before);
    assert_eq!(library.sync().await.unwrap().events, 0);
    assert!(ada_wallet.reject(&request).await.is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_decision_that_does_not_fit_changes_nothing() {
    let world = World::new().await;
    let (_library_home, library) = world.somebody("City library").await;
    let (_ada_home, ada_wallet) = world.somebody("Ada").await;
    let template = library
        .create_template(template_of(&world, library_card()))
        .await
        .unwrap();
    let request = load(&ada_wallet, &template).await;
    let before = everything(&ada_wallet).await;
    for (decision, code) in [
        (
            json!({ "items": [] }),
            "error.consumption.requests.decide.validation.invalidNumberOfItems",
        ),
        (
            json!({ "items": [
                { "accept": false },
                { "items": [{ "accept": false }] },
                { "accept": true },
                { "accept": true },
            ] }),
            "error.consumption.requests.decide.validation.mustBeAcceptedItemNotAccepted",
        ),
    ] {
        let decision = Decision::parse(&decision).unwrap();
        assert!(
            !ada_wallet
                .check(&request, &decision)
                .await
                .unwrap()
                .is_success
        );
        let error = ada_wallet.accept(&request, &decision).await.unwrap_err();
        assert_eq!(error.code(), code);
        assert_eq!(everything(&ada_wallet).await, before);
    }
}
