//! Every decision leaves a receipt that nothing takes away.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

mod flow_support;

use flow_support::*;
use serde_json::{Value, json};
use tessera_content::{Decision, Request, ResponseResult};
use tessera_core_types::RequestId;
use tessera_wallet::{
    FileDescription, Wallet, WalletError,
    model::LocalRequestSource,
    views::{
        Ask, FormNode, LocalRequestStatus, Receipt, ReceiptDelivery, ReceiptOutcomeKind,
        ReceiptSearch,
    },
};

async fn receipt_of(wallet: &Wallet, request: &RequestId) -> Receipt {
    let number = wallet.receipt_of(request).await.unwrap().unwrap();
    wallet.receipt(number).await.unwrap()
}

async fn how_many(wallet: &Wallet) -> u32 {
    let page = wallet.receipts(&ReceiptSearch::default()).await.unwrap();
    page.total
}

fn outcome(receipt: &Receipt) -> Option<ReceiptOutcomeKind> {
    receipt.outcome.as_ref().map(|outcome| outcome.kind)
}

/// Asks Ada in a Message; her Request.
async fn ask(library: &Wallet, ada: &Wallet, items: Value) -> RequestId {
    let request = Request::parse(&json!({ "title": "One more thing", "items": items })).unwrap();
    let sent = library.send_request(ada.address(), request).await.unwrap();
    ada.sync().await.unwrap();
    sent.id
}

fn decision(items: Value) -> Decision {
    Decision::parse(&json!({ "items": items })).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_accepted_request_leaves_a_receipt_with_the_decision() {
    let world = World::new().await;
    let (_library_home, library) = world.somebody("Library").await;
    let (_ada_home, ada_wallet) = world.somebody("Ada").await;
    let mut new = template_of(&world, library_card());
    new.max_number_of_allocations = Some(1);
    let template = library.create_template(new).await.unwrap();
    let request = load(&ada_wallet, &template).await;
    assert_eq!(ada_wallet.receipt_of(&request).await.unwrap(), None);

    world.proxy.offline();
    world.clock.forward(3);
    ada_wallet.accept(&request, &ada()).await.unwrap();
    let receipt = receipt_of(&ada_wallet, &request).await;
    let content = &receipt.content;
    assert_eq!(content.schema_version, 1);
    assert_eq!(content.decided_at, world.now());
    assert_eq!(content.result, ResponseResult::Accepted);
    assert_eq!(content.delivery, ReceiptDelivery::Relationship);
    assert_eq!(&content.identity, ada_wallet.address());
    assert_eq!(
        content.backbone_url.trim_end_matches('/'),
        world.proxy.url().trim_end_matches('/')
    );
    assert_eq!(&content.peer.address, library.address());
    assert!(!content.peer.is_name_verified);
    assert_eq!(content.relationship_id, None);
    assert_eq!(content.request.id, request);
    assert_eq!(
        content.request.source,
        Some(LocalRequestSource::RelationshipTemplate {
            reference: template.id.clone()
        })
    );
    assert_eq!(content.request.content["title"], "Become a reader");
    assert_eq!(
        content.response["items"][0]["attribute"]["value"]["value"],
        "Ada"
    );
    assert_eq!(
        content.response["items"][1]["items"][0]["result"],
        "Rejected"
    );
    assert_eq!(outcome(&receipt), None, "it waits to be sent");

    world.proxy.online();
    world.clock.forward(60);
    ada_wallet.sync().await.unwrap();
    let sent = receipt_of(&ada_wallet, &request).await;
    assert_eq!(outcome(&sent), Some(ReceiptOutcomeKind::Delivered));
    assert_eq!(sent.outcome.unwrap().at, world.now());
    assert_eq!(sent.content, receipt.content);

    // Drawn as the form that it was.
    let view = ada_wallet.receipt_view(sent.number).await.unwrap();
    assert_eq!(view.form.summary.status, LocalRequestStatus::Completed);
    assert_eq!(view.form.summary.accepted, Some(true));
    assert!(!view.form.is_decidable);
    assert!(matches!(&view.form.nodes[2], FormNode::Item(item)
        if matches!(&item.ask, Ask::Consent { consent, .. } if consent == "I will bring the books back.")));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_can_not_be_decided_leaves_none() {
    let world = World::new().await;
    let (_library_home, library) = world.somebody("Library").await;
    let (_ada_home, ada_wallet) = world.somebody("Ada").await;
    let template = library
        .create_template(template_of(&world, library_card()))
        .await
        .unwrap();
    let request = load(&ada_wallet, &template).await;
    let wrong = decision(json!([{ "accept": false }]));
    assert!(ada_wallet.accept(&request, &wrong).await.is_err());
    assert_eq!(how_many(&ada_wallet).await, 0);

    // Who made the template does not learn of a rejection.
    ada_wallet.reject(&request).await.unwrap();
    let receipt = receipt_of(&ada_wallet, &request).await;
    assert_eq!(receipt.content.result, ResponseResult::Rejected);
    assert_eq!(receipt.content.delivery, ReceiptDelivery::Nothing);
    assert_eq!(outcome(&receipt), None);
    assert!(ada_wallet.reject(&request).await.is_err());
    assert_eq!(how_many(&ada_wallet).await, 1, "one decision, one receipt");
}

#[tokio::test(flavor = "multi_thread")]
async fn receipts_outlive_the_contact_and_come_page_by_page() {
    let world = World::new().await;
    let (_library_home, library) = world.somebody("Library").await;
    let (_ada_home, ada_wallet) = world.somebody("Ada").await;
    let relationship = connect(&world, &ada_wallet, &library).await;
    let consent = json!([{ "@type": "ConsentRequestItem", "mustBeAccepted": false,
                           "consent": "We may write to you." }]);
    let mut asked = Vec::new();
    for _ in 0..3 {
        let request = ask(&library, &ada_wallet, consent.clone()).await;
        ada_wallet.reject(&request).await.unwrap();
        asked.push(request);
    }
    let rejected = receipt_of(&ada_wallet, &asked[2]).await;
    assert_eq!(rejected.content.delivery, ReceiptDelivery::Message);
    assert_eq!(outcome(&rejected), Some(ReceiptOutcomeKind::Delivered));
    assert_eq!(rejected.content.relationship_id, Some(relationship.clone()));

    ada_wallet
        .terminate_relationship(&relationship)
        .await
        .unwrap();
    ada_wallet
        .decompose_relationship(&relationship)
        .await
        .unwrap();
    assert!(matches!(
        ada_wallet.request(&asked[2]).await,
        Err(WalletError::NotFound(_))
    ));
    let page = |before, peer| ReceiptSearch {
        before,
        peer,
        limit: 3,
        ..ReceiptSearch::default()
    };
    let first = ada_wallet.receipts(&page(None, None)).await.unwrap();
    assert_eq!((first.receipts.len(), first.total), (3, 4));
    assert_eq!(first.receipts[0].request_id, asked[2]);
    assert_eq!(first.receipts[0].title.as_deref(), Some("One more thing"));
    let peer = Some(library.address().clone());
    let last = first.receipts[2].number;
    let rest = ada_wallet.receipts(&page(Some(last), peer)).await.unwrap();
    assert_eq!((rest.receipts.len(), rest.total), (1, 4));
    assert_eq!(rest.receipts[0].title.as_deref(), Some("Become a reader"));
    let nobody = Some(ada_wallet.address().clone());
    let none = ada_wallet.receipts(&page(None, nobody)).await.unwrap();
    assert_eq!((none.receipts.len(), none.total), (0, 0));
    let view = ada_wallet.receipt_view(rejected.number).await.unwrap();
    assert_eq!(view.form.summary.peer.address, *library.address());
    assert!(matches!(
        ada_wallet.receipt(4711).await,
        Err(WalletError::NotFound("receipt"))
    ));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_never_arrived_says_so_on_its_receipt() {
    let world = World::new().await;
    let (_library_home, library) = world.somebody("Library").await;
    let (_ada_home, ada_wallet) = world.somebody("Ada").await;
    let template = library
        .create_template(template_of(&world, library_card()))
        .await
        .unwrap();
    let request = load(&ada_wallet, &template).await;
    world.proxy.offline();
    ada_wallet.accept(&request, &ada()).await.unwrap();
    world.proxy.online();
    world.clock.forward(2 * 24 * 60);
    ada_wallet.sync().await.unwrap();
    let receipt = receipt_of(&ada_wallet, &request).await;
    assert_eq!(outcome(&receipt), Some(ReceiptOutcomeKind::Failed));
    assert_eq!(receipt.content.result, ResponseResult::Accepted);
    let view = ada_wallet.receipt_view(receipt.number).await.unwrap();
    assert_eq!(view.form.summary.status, LocalRequestStatus::Expired);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_key_of_a_file_gets_into_a_receipt() {
    let world = World::new().await;
    let (_library_home, library) = world.somebody("Library").await;
    let (_ada_home, ada_wallet) = world.somebody("Ada").await;
    connect(&world, &ada_wallet, &library).await;
    let description = FileDescription {
        filename: "certificate.txt".to_owned(),
        mimetype: "text/plain".to_owned(),
        ..FileDescription::default()
    };
    let file = library
        .upload_file(b"You have read it all.", &description, None)
        .await
        .unwrap();
    let (reference, token) = (
        file.truncated_reference.expose(),
        file.ownership_token.expose(),
    );
    let request = ask(
        &library,
        &ada_wallet,
        json!([
            { "@type": "TransferFileOwnershipRequestItem", "mustBeAccepted": true,
              "fileReference": reference, "ownershipToken": token },
            { "@type": "ConsentRequestItem", "mustBeAccepted": true,
              "consent": format!("It is this one: {reference}") },
        ]),
    )
    .await;
    let yes = decision(json!([{ "accept": true }, { "accept": true }]));
    ada_wallet.accept(&request, &yes).await.unwrap();

    let receipt = receipt_of(&ada_wallet, &request).await;
    let own = ada_wallet.attributes().await.unwrap();
    let own = own
        .iter()
        .find(|one| one.value_type == "IdentityFileReference");
    let own = own.unwrap().value["value"].as_str().unwrap();
    let view = ada_wallet.receipt_view(receipt.number).await.unwrap();
    let text = serde_json::to_string(&view).unwrap();
    for secret in [reference, token, own] {
        assert!(!text.contains(secret), "{text}");
    }
    let id = file.id.as_str();
    assert_eq!(
        receipt.content.request.content["items"][0]["fileReference"],
        id
    );
    assert_eq!(
        receipt.content.response["items"][0]["attribute"]["value"]["value"],
        id
    );
    assert_eq!(receipt.content.files[0].file.filename, "certificate.txt");
    let FormNode::Item(item) = &view.form.nodes[0] else {
        panic!("{:?}", view.form.nodes);
    };
    assert!(
        matches!(&item.ask, Ask::TransferFileOwnership { file: Some(file), problem_code: None }
        if file.filename == "certificate.txt")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_answer_only_names_stands_in_the_receipt() {
    let world = World::new().await;
    let (_library_home, library) = world.somebody("Library").await;
    let (_ada_home, ada_wallet) = world.somebody("Ada").await;
    connect(&world, &ada_wallet, &library).await;
    let name = ada_wallet.attributes().await.unwrap().remove(0);
    let request = ask(
        &library,
        &ada_wallet,
        json!([{ "@type": "ReadAttributeRequestItem", "mustBeAccepted": true,
                 "query": { "@type": "IdentityAttributeQuery", "valueType": "GivenName" } }]),
    )
    .await;
    let same = decision(json!([{ "accept": true, "existingAttributeId": name.id }]));
    ada_wallet.accept(&request, &same).await.unwrap();
    // What it said then, also when it is gone.
    ada_wallet.delete_attribute(&name.id).await.unwrap();
    let receipt = receipt_of(&ada_wallet, &request).await;
    let [named] = receipt.content.named.as_slice() else {
        panic!("{receipt:?}");
    };
    assert_eq!(
        (named.path.as_slice(), &named.value["value"]),
        (&[0][..], &json!("Ada"))
    );
    let view = ada_wallet.receipt_view(receipt.number).await.unwrap();
    assert_eq!(view.form.answered, receipt.content.named);
}
