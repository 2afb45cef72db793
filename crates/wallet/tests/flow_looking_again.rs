//! A form is checked again and again: what is kept of the last look never outlives a change.

#![allow(clippy::unwrap_used, clippy::panic, clippy::expect_used, missing_docs)]

mod flow_support;

use flow_support::*;
use serde_json::json;
use tessera_core_types::AttributeId;
use tessera_wallet::Wallet;

async fn surname(wallet: &Wallet, name: &str) -> AttributeId {
    let value = json!({ "@type": "Surname", "value": name });
    wallet.add_attribute(value, None).await.unwrap().id
}

#[tokio::test(flavor = "multi_thread")]
async fn what_changed_between_two_looks_is_seen() {
    let world = World::new().await;
    let (_library_home, library) = world.somebody("City library").await;
    let (_ada_home, ada) = world.somebody("Ada").await;
    let asked = json!({
        "@type": "RelationshipTemplateContent",
        "onNewRelationship": { "items": [{
            "@type": "ReadAttributeRequestItem",
            "mustBeAccepted": true,
            "query": { "@type": "IdentityAttributeQuery", "valueType": "Surname" },
        }] },
    });
    let template = template_of(&world, content(&asked));
    let template = library.create_template(template).await.unwrap();
    let lovelace = surname(&ada, "Lovelace").await;
    let request = load(&ada, &template).await;

    let decision = ada.default_decision(&request).await.unwrap();
    for _ in 0..2 {
        let check = ada.check(&request, &decision).await.unwrap();
        assert!(check.is_success, "{check:?}");
    }
    // A new one is offered at once.
    surname(&ada, "King").await;
    let form = ada.form(&request).await.unwrap();
    assert!(json!(form.nodes).to_string().contains("King"));
    // One that is gone can be given no more, neither tried nor done.
    ada.delete_attribute(&lovelace).await.unwrap();
    let check = ada.check(&request, &decision).await.unwrap();
    assert!(!check.is_success);
    let refused = ada.accept(&request, &decision).await.unwrap_err();
    assert_eq!(
        refused.code(),
        "error.transport.recordNotFound",
        "{refused}"
    );
    let decision = ada.default_decision(&request).await.unwrap();
    assert!(ada.check(&request, &decision).await.unwrap().is_success);
    ada.accept(&request, &decision).await.unwrap();
    assert!(!ada.check(&request, &decision).await.unwrap().is_success);
}
