//! What becomes of own Messages: sent is not delivered, what failed is sent again once, and what is
//! known to be in the way is said before.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

mod flow_support;

use flow_support::*;
use serde_json::json;
use tessera_content::{Decision, Request};
use tessera_wallet::{
    FileDescription, Wallet, WalletError,
    model::MessageState,
    views::{Found, MailDraft, OutboxEntryState},
};

/// A library and two readers.
struct Scene {
    world: World,
    library: Wallet,
    ada: Wallet,
    grace: Wallet,
    _homes: [Home; 3],
}

async fn scene() -> Scene {
    let world = World::new().await;
    let (library_home, library) = world.somebody("Library").await;
    let (ada_home, ada) = world.somebody("Ada").await;
    let (grace_home, grace) = world.somebody("Grace").await;
    connect(&world, &ada, &library).await;
    connect(&world, &grace, &library).await;
    Scene {
        world,
        library,
        ada,
        grace,
        _homes: [library_home, ada_home, grace_home],
    }
}

impl Scene {
    fn to_both(&self) -> MailDraft {
        MailDraft {
            to: vec![self.ada.address().clone()],
            cc: vec![self.grace.address().clone()],
            subject: "Overdue".to_owned(),
            body: "Please.".to_owned(),
            ..MailDraft::default()
        }
    }

    /// Who has a Message of the library, one after the other.
    async fn has(&self, number: i64) -> Vec<bool> {
        let detail = self.library.message_detail(number).await.unwrap();
        let deliveries = detail.deliveries.iter();
        deliveries.map(|one| one.received_at.is_some()).collect()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn delivered_is_what_each_reader_has_fetched() {
    let scene = scene().await;
    let sent = scene
        .library
        .send_mail(scene.to_both(), None)
        .await
        .unwrap();
    assert_eq!(sent.state, MessageState::Sent);
    assert_eq!(scene.has(sent.number).await, [false, false]);
    assert_eq!(
        scene
            .library
            .look_for_received(Some(sent.number))
            .await
            .unwrap(),
        0
    );

    scene.world.clock.forward(5);
    scene.ada.sync().await.unwrap();
    assert_eq!(
        scene.has(sent.number).await,
        [false, false],
        "nobody has asked"
    );
    assert_eq!(
        scene
            .library
            .look_for_received(Some(sent.number))
            .await
            .unwrap(),
        1
    );
    assert_eq!(scene.has(sent.number).await, [true, false]);
    scene.grace.sync().await.unwrap();
    assert_eq!(scene.library.look_for_received(None).await.unwrap(), 1);
    assert_eq!(scene.has(sent.number).await, [true, true]);
    let entries = scene.library.outbox_entries().await.unwrap();
    let entry = entries
        .iter()
        .find(|one| one.message == Some(sent.number))
        .unwrap();
    assert_eq!((entry.state, entry.received), (OutboxEntryState::Sent, 2));

    // What everybody has is not asked for any more.
    let asked = scene.world.proxy.count("GET", "/api/v2/Messages");
    assert_eq!(scene.library.look_for_received(None).await.unwrap(), 0);
    assert_eq!(scene.world.proxy.count("GET", "/api/v2/Messages"), asked);
    // Nor is what others wrote.
    let received = scene
        .ada
        .mailbox(&Default::default())
        .await
        .unwrap()
        .messages[0]
        .number;
    assert!(
        scene
            .ada
            .message_detail(received)
            .await
            .unwrap()
            .deliveries
            .is_empty()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_receipt_says_whether_the_answer_was_fetched() {
    let scene = scene().await;
    let consent = json!({ "items": [{ "@type": "ConsentRequestItem", "mustBeAccepted": true,
                                      "consent": "We may write to you." }] });
    let request = Request::parse(&consent).unwrap();
    scene
        .library
        .send_request(scene.ada.address(), request)
        .await
        .unwrap();
    scene.ada.sync().await.unwrap();
    let open = scene.ada.requests().await.unwrap();
    let id = &open.iter().find(|one| one.is_decidable()).unwrap().id;
    let yes = Decision::parse(&json!({ "items": [{ "accept": true }] })).unwrap();
    scene.ada.accept(id, &yes).await.unwrap();
    let number = scene.ada.receipt_of(id).await.unwrap().unwrap();
    let view = scene.ada.receipt_view(number).await.unwrap();
    assert!(view.message.is_some() && view.received_at.is_none());

    scene.library.sync().await.unwrap();
    scene.ada.look_for_received(view.message).await.unwrap();
    let view = scene.ada.receipt_view(number).await.unwrap();
    assert!(view.received_at.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_that_failed_is_sent_again_once_and_the_wallet_remembers_why() {
    let scene = scene().await;
    let file = FileDescription {
        filename: "list.txt".to_owned(),
        mimetype: "text/plain".to_owned(),
        title: Some("Overdue books".to_owned()),
        ..FileDescription::default()
    };
    let file = scene
        .library
        .upload_file(b"Poetry", &file, None)
        .await
        .unwrap();
    let mut mail = scene.to_both();
    mail.attachments = vec![file.id.clone()];
    let to = [mail.to.clone(), mail.cc.clone()].concat();
    assert_eq!(
        scene.library.check_recipients(&to).await.unwrap(),
        Default::default()
    );

    // A Backbone that takes one recipient only.
    scene.world.proxy.rule(|seen| {
        let body = json!({ "error": { "id": "ERR", "code": "error.platform.validation.invalidPropertyValue",
            "message": "'recipients': must have 1 to 1 entries", "docs": "", "time": "2026-03-01T12:00:00Z" } });
        if seen.is("POST", "/api/v2/Messages") {
            Action::Answer(400, body.to_string())
        } else {
            Action::Pass
        }
    });
    let failed = scene.library.send_mail(mail, None).await.unwrap();
    assert_eq!(failed.state, MessageState::Failed);
    let check = scene.library.check_recipients(&to).await.unwrap();
    assert_eq!(check.most, Some(1));
    let one = scene.library.check_recipients(&to[..1]).await.unwrap();
    assert_eq!(one.most, None);

    scene.world.proxy.online();
    let again = scene.library.send_again(failed.number).await.unwrap();
    assert_eq!(
        (again.state, &again.content),
        (MessageState::Sent, &failed.content)
    );
    let detail = scene.library.message_detail(again.number).await.unwrap();
    assert_eq!(detail.attachments[0].file_id, file.id);
    let old = scene.library.message_detail(failed.number).await.unwrap();
    assert_eq!(old.sent_again_as, Some(again.number));
    let twice = scene.library.send_again(failed.number).await;
    assert!(matches!(twice, Err(WalletError::SentAgain)), "{twice:?}");
    let sent = scene.library.send_again(again.number).await;
    assert!(
        matches!(sent, Err(WalletError::InvalidMessage(_))),
        "{sent:?}"
    );
    let check = scene.library.check_recipients(&to).await.unwrap();
    assert_eq!(check.most, None, "it takes two now");
    scene.ada.sync().await.unwrap();
    assert_eq!(
        scene
            .ada
            .mailbox(&Default::default())
            .await
            .unwrap()
            .messages
            .len(),
        1
    );

    // Somebody who ended the contact can't be written to.
    let ended = scene.grace.relationships().await.unwrap();
    scene
        .grace
        .terminate_relationship(&ended[0].id)
        .await
        .unwrap();
    scene.library.sync().await.unwrap();
    let check = scene.library.check_recipients(&to).await.unwrap();
    assert_eq!(check.problems.len(), 1);
    assert_eq!(check.problems[0].peer.address, to[1]);
    assert_eq!(
        check.problems[0].code,
        "error.runtime.messages.hasNoActiveRelationship"
    );

    // The File is found by what it says of itself, by both sides.
    let found = scene.library.find("overdue BOOK", 10).await.unwrap();
    let [Found::File { id, facts, .. }] = &found[..] else {
        panic!("{found:?}")
    };
    assert_eq!((id, facts.filename.as_str()), (&file.id, "list.txt"));
    let mail = scene
        .ada
        .mailbox(&Default::default())
        .await
        .unwrap()
        .messages[0]
        .number;
    scene.ada.attachment_facts(mail, &file.id).await.unwrap();
    let found = scene.ada.find("list", 10).await.unwrap();
    assert!(matches!(&found[..], [Found::File { message: Some(number), .. }] if *number == mail));
}
