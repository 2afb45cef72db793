//! The life of a Relationship as it was recorded, lived once more by two wallets on the embedded
//! Backbone: the same steps, the same refusals, the same audit log, and the same things left over.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

mod flow_support;
mod transport_support;

use flow_support::*;
use serde_json::{Value, json};
use tessera_content::{Mail, MailBodyFormat, MessageContent};
use tessera_core_types::Address;
use tessera_wallet::{
    Result,
    model::Relationship,
    views::{LoadOutcome, RelationshipStatus},
};
use transport_support::{passed, text, vectors};

fn mail(to: &[&Address]) -> MessageContent {
    MessageContent::Mail(Mail {
        to: to.iter().copied().cloned().collect(),
        cc: Vec::new(),
        subject: "Welcome".to_owned(),
        body: "Thank you for joining.".to_owned(),
        body_format: MailBodyFormat::PlainText,
    })
}

/// Refused with the code that was recorded.
fn refused<T>(recorded: &Value, name: &str, outcome: Result<T>) {
    let Err(error) = outcome else {
        panic!("{name} is not refused");
    };
    assert_eq!(
        error.code(),
        text(&recorded["errors"][name], "code"),
        "{name}"
    );
}

/// Who did what to which status: everything of an audit log but its times.
fn steps(log: &Value, requestor: &str) -> Vec<(bool, Value, Value, Value)> {
    let entries = log.as_array().unwrap().iter();
    entries
        .map(|entry| {
            let by_requestor = text(entry, "createdBy") == requestor;
            let (reason, old) = (&entry["reason"], &entry["oldStatus"]);
            (
                by_requestor,
                reason.clone(),
                old.clone(),
                entry["newStatus"].clone(),
            )
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn vectors_relationship_life() {
    let recorded = &vectors()["relationshipLifecycle"];
    let world = World::new().await;
    let (_a, requestor) = world.somebody("Ada").await;
    let (_b, templator) = world.somebody("Library").await;
    let (_c, third) = world.somebody("Archive").await;
    let id = connect(&world, &requestor, &templator).await;
    connect(&world, &requestor, &third).await;
    let both_sync = async || {
        requestor.sync().await.unwrap();
        templator.sync().await.unwrap();
    };
    let to = [templator.address(), third.address()];
    requestor
        .send_message(&to.map(Clone::clone), mail(&to))
        .await
        .unwrap();
    let only_to = [templator.address().clone()];
    requestor
        .send_message(&only_to, mail(&[templator.address()]))
        .await
        .unwrap();

    // Every step, and what can't be done in between.
    let accepted = templator.accept_relationship(&id).await;
    refused(recorded, "acceptWhenActive", accepted);
    let ended = requestor.terminate_relationship(&id).await.unwrap();
    assert_eq!(ended.status, RelationshipStatus::Terminated);
    let again = requestor.terminate_relationship(&id).await;
    refused(recorded, "terminatedTwice", again);
    both_sync().await;
    let agreed = templator.accept_reactivation(&id).await;
    refused(recorded, "acceptReactivationNotRequested", agreed);
    requestor.request_reactivation(&id).await.unwrap();
    let again = requestor.request_reactivation(&id).await;
    refused(recorded, "requestReactivationTwice", again);
    let own = requestor.accept_reactivation(&id).await;
    refused(recorded, "acceptOwnReactivation", own);
    both_sync().await;
    let too = templator.request_reactivation(&id).await;
    refused(recorded, "peerRequestsAgain", too);
    let taken_up = templator.accept_reactivation(&id).await.unwrap();
    assert_eq!(taken_up.status, RelationshipStatus::Active);
    both_sync().await;
    requestor.terminate_relationship(&id).await.unwrap();

    // The audit log is the recorded one.
    let relationship = requestor.relationship(&id).await.unwrap();
    let log = serde_json::to_value(&relationship.audit_log).unwrap();
    let before = &recorded["auditLogBeforeDecomposition"];
    assert_eq!(
        steps(&log, requestor.address().as_str()),
        steps(before, text(&before[0], "createdBy"))
    );

    // A template of a contact whose Relationship has ended leads to that.
    let template = templator
        .create_template(template_of(&world, library_card()))
        .await
        .unwrap();
    let outcome = requestor.load_template(&reference(&template), None).await;
    assert!(matches!(
        outcome.unwrap(),
        LoadOutcome::RelationshipExists { .. }
    ));

    requestor.decompose_relationship(&id).await.unwrap();
    assert_eq!(requestor.relationships().await.unwrap().len(), 1);
    let write = requestor
        .send_message(&only_to, mail(&[templator.address()]))
        .await;
    refused(recorded, "messageWithoutRelationship", write);

    // The Message to two stays, and names the one who is gone as recorded; the other one is gone.
    let messages = requestor.messages().await.unwrap();
    assert_eq!(messages.len(), 1);
    let kept = serde_json::to_value(&messages[0]).unwrap();
    let recorded_recipients = &recorded["messageToTwoAfterDecomposition"]["recipients"];
    for (is, was) in [0, 1].map(|at| (&kept["recipients"][at], &recorded_recipients[at])) {
        assert_eq!(
            is.get("relationshipId").is_some(),
            was.get("relationshipId").is_some()
        );
    }
    let gone = Address::parse(text(&recorded_recipients[0], "address")).unwrap();
    let [pseudonym, ..] = Address::of_deleted_identity(gone.hostname());
    assert_eq!(
        gone, pseudonym,
        "the recorded address stands for whoever is gone"
    );
    let [pseudonym, ..] = Address::of_deleted_identity("localhost");
    assert_eq!(text(&kept["recipients"][0], "address"), pseudonym.as_str());
    assert_eq!(
        text(&kept["recipients"][1], "address"),
        third.address().as_str()
    );
    let templates = requestor.templates().await.unwrap();
    assert!(
        templates
            .iter()
            .all(|one| one.created_by != *templator.address())
    );

    // Before the peer has deleted it as well, there is no new one.
    let template = templator
        .create_template(template_of(&world, library_card()))
        .await
        .unwrap();
    let request = load(&requestor, &template).await;
    requestor.accept(&request, &ada()).await.unwrap();
    let failed = requestor.request(&request).await.unwrap();
    let code = failed.status_log.last().unwrap().code.clone();
    let wanted = text(&recorded["errors"]["createBeforePeerDecomposed"], "code");
    assert_eq!(code.as_deref(), Some(wanted));
    templator.sync().await.unwrap();
    let left: Relationship = templator.relationship(&id).await.unwrap();
    assert_eq!(left.status, RelationshipStatus::DeletionProposed);
    templator.decompose_relationship(&id).await.unwrap();
    assert_eq!(templator.relationships().await.unwrap(), []);
    let request = load(&requestor, &template).await;
    requestor.accept(&request, &ada()).await.unwrap();
    templator.sync().await.unwrap();
    assert_eq!(templator.relationships().await.unwrap().len(), 1);
    passed("relationshipLifecycle, lived again", 12);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_step_whose_answer_got_lost_is_not_taken_twice() {
    let world = World::new().await;
    let (_a, requestor) = world.somebody("Ada").await;
    let (_b, templator) = world.somebody("Library").await;
    let id = connect(&world, &requestor, &templator).await;
    let path = format!("/api/v2/Relationships/{id}");
    let losing = path.clone();
    world.proxy.rule(move |seen| {
        if seen.is("PUT", &losing) {
            Action::LoseAnswer
        } else {
            Action::Pass
        }
    });
    // What is sent arrives, and nobody hears of it: each step is found again afterwards.
    let before = world.proxy.count("PUT", &path);
    requestor.terminate_relationship(&id).await.unwrap();
    let known = requestor.relationship(&id).await.unwrap();
    assert_eq!(known.status, RelationshipStatus::Active);
    requestor.sync().await.unwrap();
    let known = requestor.relationship(&id).await.unwrap();
    assert_eq!(known.status, RelationshipStatus::Terminated);
    requestor.decompose_relationship(&id).await.unwrap();
    requestor.sync().await.unwrap();
    assert_eq!(requestor.relationships().await.unwrap(), []);
    assert_eq!(requestor.sync_status().await.unwrap().waiting, 0);
    assert_eq!(world.proxy.count("PUT", &path) - before, 2);
    assert_eq!(json!(requestor.messages().await.unwrap()), json!([]));
}
