//! A template that brings something: the name of who made it.

#![allow(clippy::unwrap_used, clippy::panic, clippy::expect_used, missing_docs)]

mod flow_support;

use flow_support::*;
use serde_json::{Value, json};
use tessera_content::{Decision, TemplateContent};
use tessera_wallet::{
    Wallet, WalletError,
    model::{LocalAttribute, RelationshipStatus},
    views::{Ask, FormNode, RequestSearch},
};

async fn named(wallet: &Wallet, name: &str) -> LocalAttribute {
    let value = json!({ "@type": "DisplayName", "value": name });
    wallet.add_attribute(value, None).await.unwrap()
}

/// Shares `attribute` under its id and asks for a name.
fn card(attribute: &LocalAttribute) -> Value {
    json!({
        "@type": "RelationshipTemplateContent",
        "onNewRelationship": { "items": [
            {
                "@type": "ReadAttributeRequestItem",
                "mustBeAccepted": true,
                "query": { "@type": "IdentityAttributeQuery", "valueType": "Surname" },
            },
            {
                "@type": "ShareAttributeRequestItem",
                "mustBeAccepted": true,
                "attributeId": attribute.id,
                "attribute": attribute.content,
            },
        ] },
    })
}

fn lovelace() -> Decision {
    Decision::parse(&json!({ "items": [
        { "accept": true, "newAttribute": {
            "@type": "IdentityAttribute", "owner": "",
            "value": { "@type": "Surname", "value": "Lovelace" },
        } },
        { "accept": true },
    ] }))
    .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_is_offered_kept_and_taken_back() {
    let world = World::new().await;
    let (_library_home, library) = world.somebody("City library").await;
    let (_ada_home, ada) = world.somebody("Ada").await;
    let own = named(&library, "City library").await;
    let template = library
        .create_template(template_of(&world, content(&card(&own))))
        .await
        .unwrap();

    // Before anything is decided the name is only offered.
    let request = load(&ada, &template).await;
    let form = ada.form(&request).await.unwrap();
    assert_eq!(form.summary.peer.name.as_deref(), Some("City library"));
    let search = RequestSearch::default();
    let line = ada
        .search_requests(search)
        .await
        .unwrap()
        .requests
        .remove(0);
    assert_eq!(line.peer.name.as_deref(), Some("City library"));
    let FormNode::Item(item) = &form.nodes[1] else {
        panic!("{form:?}");
    };
    assert!(
        matches!(&item.ask, Ask::ShareAttribute { value, .. } if value["value"] == "City library")
    );

    ada.accept(&request, &lovelace()).await.unwrap();
    let contact = ada.contact(library.address()).await.unwrap();
    assert_eq!(contact.contact.peer.name.as_deref(), Some("City library"));
    let [received] = contact.received.as_slice() else {
        panic!("{contact:?}");
    };
    assert_eq!(received.id, own.id, "under the id that the library gave it");
    assert_eq!(received.owner, *library.address());

    // The library knows who has its name, and what the other side is called.
    library.sync().await.unwrap();
    let contact = library.contact(ada.address()).await.unwrap();
    assert_eq!(contact.contact.peer.name.as_deref(), Some("Lovelace"));
    let [given] = contact.given.as_slice() else {
        panic!("{contact:?}");
    };
    assert_eq!(given.id, own.id);
    assert_eq!(given.shared_with[0].peer, *ada.address());

    // Nothing stays on either side when it comes to nothing.
    let pending = library.relationships().await.unwrap().remove(0);
    library.reject_relationship(&pending.id).await.unwrap();
    library.sync().await.unwrap();
    ada.sync().await.unwrap();
    let contact = ada.contact(library.address()).await.unwrap();
    assert_eq!(contact.contact.status, Some(RelationshipStatus::Rejected));
    assert!(contact.received.is_empty());
    let contact = library.contact(ada.address()).await.unwrap();
    assert!(contact.given.is_empty() && contact.received.is_empty());
    assert_eq!(contact.contact.peer.name, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_what_is_ones_own_is_shared_and_only_as_it_is() {
    let world = World::new().await;
    let (_home, library) = world.somebody("City library").await;
    let own = named(&library, "City library").await;
    let mut other_text = card(&own);
    other_text["onNewRelationship"]["items"][1]["attribute"]["value"]["value"] = "Bank".into();
    let mut not_here = card(&own);
    not_here["onNewRelationship"]["items"][1]["attributeId"] = "ATTnotHere0000000001".into();
    let mut of_relationship = card(&own);
    of_relationship["onNewRelationship"]["items"][1]["initialAttributePeer"] =
        library.address().as_str().into();
    for wrong in [other_text, not_here, of_relationship] {
        let content = TemplateContent::parse(&wrong).unwrap();
        let refused = library.create_template(template_of(&world, content)).await;
        let error = refused.unwrap_err();
        assert!(
            matches!(&error, WalletError::OwnRequest(error) if error.path == [1]),
            "{error:?}"
        );
        assert_eq!(
            error.code(),
            "error.consumption.requests.invalidRequestItem"
        );
    }
    assert_eq!(library.templates().await.unwrap().len(), 0);
}
