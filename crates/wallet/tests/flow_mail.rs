//! Mails as a person writes and reads them: the mailbox, attached Files, drafts, and what goes
//! wrong with them.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

mod flow_support;

use std::sync::Mutex;

use flow_support::*;
use serde_json::json;
use tessera_content::{Mail, MailBodyFormat, MessageContent, Request};
use tessera_core_types::{CoreDate, FileId};
use tessera_wallet::{
    FileDescription, Wallet, WalletError,
    model::{MessageKind, MessageState},
    views::{MailDraft, MessagePage, MessageSearch},
};

const MESSAGES: &str = "/api/v2/Messages";

/// A library and two readers, who know the library.
struct Scene {
    world: World,
    library: Wallet,
    ada: Wallet,
    grace: Wallet,
    homes: [Home; 3],
}

async fn scene() -> Scene {
    let world = World::new().await;
    let (library_home, library) = world.somebody("Library").await;
    let (ada_home, ada_wallet) = world.somebody("Ada").await;
    let (grace_home, grace) = world.somebody("Grace").await;
    connect(&world, &ada_wallet, &library).await;
    connect(&world, &grace, &library).await;
    Scene {
        world,
        library,
        ada: ada_wallet,
        grace,
        homes: [library_home, ada_home, grace_home],
    }
}

impl Scene {
    fn to_ada(&self) -> MailDraft {
        MailDraft {
            to: vec![self.ada.address().clone()],
            subject: "Overdue".to_owned(),
            body: "Please bring back\n\n“Poetry”.".to_owned(),
            ..MailDraft::default()
        }
    }

    async fn upload(&self, minutes: i64) -> FileId {
        let description = FileDescription {
            filename: "list.txt".to_owned(),
            mimetype: "text/plain".to_owned(),
            ..FileDescription::default()
        };
        let until = CoreDate::from_millis(self.world.now().millis() + minutes * 60_000);
        let uploaded = self.library.upload_file(b"Poetry", &description, until);
        uploaded.await.unwrap().id
    }
}

async fn mailbox(wallet: &Wallet) -> MessagePage {
    wallet.mailbox(&MessageSearch::default()).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_with_a_file_goes_to_several_and_is_read() {
    let scene = scene().await;
    let file = scene.upload(60).await;
    let mail = MailDraft {
        cc: vec![scene.grace.address().clone(), scene.ada.address().clone()],
        attachments: vec![file.clone()],
        ..scene.to_ada()
    };
    let sent = scene.library.send_mail(mail, None).await.unwrap();
    assert_eq!(sent.state, MessageState::Sent);
    let own = scene.library.message_detail(sent.number).await.unwrap();
    assert_eq!((own.to.len(), own.cc.len(), own.row.peer_count), (1, 1, 2));
    assert_eq!(own.attachments[0].facts.as_ref().unwrap().filesize, 6);

    for reader in [&scene.ada, &scene.grace] {
        reader.sync().await.unwrap();
        let page = mailbox(reader).await;
        assert_eq!((page.messages.len(), page.unread), (1, 1));
        let row = &page.messages[0];
        assert_eq!(row.kind, MessageKind::Mail);
        assert_eq!(row.subject.as_deref(), Some("Overdue"));
        assert_eq!(
            row.beginning.as_deref(),
            Some("Please bring back “Poetry”.")
        );
        assert_eq!(row.peers[0].address, *scene.library.address());
        assert_eq!((row.is_unread, row.attachment_count), (true, 1));
        let detail = reader.message_detail(row.number).await.unwrap();
        assert!(detail.names_me && detail.can_reply);
        assert_eq!((detail.to.len(), detail.cc.len()), (1, 1));
        assert_eq!(
            detail.body.as_deref(),
            Some("Please bring back\n\n“Poetry”.")
        );
        assert_eq!(detail.attachments[0].facts, None);
        let facts = reader.attachment_facts(row.number, &file).await.unwrap();
        assert_eq!((facts.filename.as_str(), facts.filesize), ("list.txt", 6));
        let told = Mutex::new(Vec::new());
        let tell = |come, of| told.lock().unwrap().push((come, of));
        let fetched = reader.download_attachment(row.number, &file, &tell).await;
        assert_eq!(&**fetched.unwrap().1, b"Poetry");
        let last = told.lock().unwrap().last().copied().unwrap();
        assert_eq!(last.0, last.1);
        // Known from now on, also without the Backbone; and nothing that is shown opens the File.
        scene.world.proxy.offline();
        let detail = reader.message_detail(row.number).await.unwrap();
        assert_eq!(detail.attachments[0].facts, Some(facts));
        scene.world.proxy.online();
        let shown = serde_json::to_string(&detail).unwrap();
        let stored = reader.messages().await.unwrap().remove(0);
        let key = stored.attachments[0]["key"]["key"]
            .as_str()
            .unwrap()
            .to_owned();
        assert!(!shown.contains(&key) && !json!(stored).to_string().contains(&key));
    }

    // Read and unread.
    let number = mailbox(&scene.ada).await.messages[0].number;
    for (is_read, unread) in [(true, 0), (true, 0), (false, 1)] {
        scene.ada.set_message_read(number, is_read).await.unwrap();
        assert_eq!(scene.ada.unread_messages().await.unwrap(), unread);
    }

    // Ada passes the File on, by reference: nothing is uploaded.
    let uploads = scene.world.proxy.count("POST", "/api/v2/Files");
    scene.ada.pass_on_attachment(number, &file).await.unwrap();
    let back = MailDraft {
        to: vec![scene.library.address().clone()],
        attachments: vec![file.clone()],
        ..MailDraft::default()
    };
    scene.ada.send_mail(back, None).await.unwrap();
    scene.library.sync().await.unwrap();
    let answer = &mailbox(&scene.library).await.messages[0];
    let fetched = scene
        .library
        .download_attachment(answer.number, &file, &|_, _| {})
        .await;
    assert_eq!(&**fetched.unwrap().1, b"Poetry");
    assert_eq!(scene.world.proxy.count("POST", "/api/v2/Files"), uploads);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_outlives_the_program_and_goes_when_it_is_sent() {
    let mut scene = scene().await;
    let id = scene
        .library
        .keep_mail_draft(None, scene.to_ada())
        .await
        .unwrap();
    let other = scene
        .library
        .keep_mail_draft(None, MailDraft::default())
        .await
        .unwrap();
    assert_ne!(id, other);
    let changed = MailDraft {
        body: "x".repeat(60_000),
        ..scene.to_ada()
    };
    scene
        .library
        .keep_mail_draft(Some(id), changed.clone())
        .await
        .unwrap();
    scene.library = scene.homes[0].restart(&scene.world, scene.library).await;
    let kept = scene.library.mail_draft(id).await.unwrap();
    assert_eq!(kept.draft, changed);
    assert_eq!(scene.library.mail_drafts().await.unwrap().len(), 2);

    // It is too long: nothing is sent, and nothing is lost.
    let error = scene
        .library
        .send_mail(changed, Some(id))
        .await
        .unwrap_err();
    assert!(matches!(error, WalletError::Content(_)), "{error}");
    assert_eq!(scene.library.mail_drafts().await.unwrap().len(), 2);

    scene
        .library
        .send_mail(scene.to_ada(), Some(id))
        .await
        .unwrap();
    let again = scene.library.send_mail(scene.to_ada(), Some(id)).await;
    assert_eq!(again.unwrap_err(), WalletError::NotFound("draft"));
    let late = scene
        .library
        .keep_mail_draft(Some(id), scene.to_ada())
        .await;
    assert_eq!(late.unwrap_err(), WalletError::NotFound("draft"));
    scene.library.discard_mail_draft(other).await.unwrap();
    assert_eq!(scene.library.mail_drafts().await.unwrap(), []);
    assert_eq!(scene.world.proxy.count("POST", MESSAGES), 1);

    let huge = MailDraft {
        body: "x".repeat(1024 * 1024),
        ..MailDraft::default()
    };
    let refused = scene.library.keep_mail_draft(None, huge).await;
    assert_eq!(refused.unwrap_err(), WalletError::DraftRefused);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cant_be_sent_is_refused_whole() {
    let scene = scene().await;
    let to_nobody = MailDraft {
        to: Vec::new(),
        ..scene.to_ada()
    };
    let twice = MailDraft {
        to: vec![scene.ada.address().clone(); 2],
        ..scene.to_ada()
    };
    let with = |attachments| MailDraft {
        attachments,
        ..scene.to_ada()
    };
    let file = scene.upload(60).await;
    let unknown = FileId::parse("FILaaaaaaaaaaaaaaaaa").unwrap();
    let long_subject = MailDraft {
        subject: "x".repeat(301),
        ..scene.to_ada()
    };
    let cases = [
        (to_nobody, "error.tessera.content.malformed"),
        (twice, "error.tessera.messages.invalid"),
        (long_subject, "error.tessera.content.tooLarge"),
        (with(vec![unknown]), "error.transport.recordNotFound"),
        (
            with(vec![file.clone(); 2]),
            "error.tessera.messages.invalid",
        ),
        (
            with(vec![file.clone(); 21]),
            "error.tessera.messages.invalid",
        ),
    ];
    for (mail, code) in cases {
        let error = scene.library.send_mail(mail, None).await.unwrap_err();
        assert_eq!(error.code(), code);
    }
    scene.world.clock.forward(61);
    let expired = scene.library.send_mail(with(vec![file]), None).await;
    assert_eq!(expired.unwrap_err(), WalletError::AttachmentExpired);
    assert_eq!(scene.library.messages().await.unwrap(), []);
    assert_eq!(scene.world.proxy.count("POST", MESSAGES), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_gone_does_not_take_its_message_along() {
    let scene = scene().await;
    let file = scene.upload(60).await;
    let mail = MailDraft {
        attachments: vec![file.clone()],
        ..scene.to_ada()
    };
    scene.library.send_mail(mail, None).await.unwrap();
    scene.world.clock.forward(61);
    scene.ada.sync().await.unwrap();
    let number = mailbox(&scene.ada).await.messages[0].number;
    for error in [
        scene.ada.attachment_facts(number, &file).await.unwrap_err(),
        scene
            .ada
            .download_attachment(number, &file, &|_, _| {})
            .await
            .unwrap_err(),
        scene
            .ada
            .pass_on_attachment(number, &file)
            .await
            .unwrap_err(),
    ] {
        assert_eq!(error, WalletError::AttachmentExpired);
    }
    let other = FileId::parse("FILaaaaaaaaaaaaaaaaa").unwrap();
    let error = scene.ada.attachment_facts(number, &other).await;
    assert_eq!(error.unwrap_err(), WalletError::NotFound("File"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_does_not_open_is_shown_as_such_and_the_rest_goes_on() {
    let scene = scene().await;
    let first = scene.library.send_mail(scene.to_ada(), None).await.unwrap();
    let second = scene.library.send_mail(scene.to_ada(), None).await.unwrap();
    let broken = json!(first.id.unwrap());
    scene.world.proxy.rule(move |seen| {
        if seen.is("GET", MESSAGES) {
            let broken = broken.clone();
            Action::Change(Box::new(move |answer| {
                let messages = answer["result"].as_array_mut().unwrap();
                let message = messages.iter_mut().find(|one| one["id"] == broken);
                message.unwrap()["body"] = json!("bm90aGluZw");
            }))
        } else {
            Action::Pass
        }
    });
    // What did not open is a failure, but not one that stops anything.
    let _ = scene.ada.sync().await;
    let page = mailbox(&scene.ada).await;
    let kinds: Vec<MessageKind> = page.messages.iter().map(|row| row.kind).collect();
    assert_eq!(kinds, [MessageKind::Mail, MessageKind::Closed]);
    let closed = &page.messages[1];
    assert!(closed.fault.is_some() && closed.is_unread);
    assert_eq!(closed.peers[0].address, *scene.library.address());
    let detail = scene.ada.message_detail(closed.number).await.unwrap();
    assert_eq!((detail.body, detail.attachments.len()), (None, 0));
    let stored = scene.ada.message(&second.id.unwrap()).await.unwrap();
    assert_eq!(stored.kind, MessageKind::Mail);

    // It is offered again, and opens now.
    scene.world.proxy.online();
    scene.ada.sync().await.unwrap();
    let page = mailbox(&scene.ada).await;
    assert!(
        page.messages
            .iter()
            .all(|row| row.kind == MessageKind::Mail)
    );
    assert_eq!(page.messages.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_mailbox_holds_what_is_for_reading() {
    let scene = scene().await;
    let to = [scene.ada.address().clone()];
    let nonsense = |json| MessageContent::Unknown(json);
    for content in [
        nonsense(json!({ "@type": "Mail", "to": [], "subject": 1 })),
        nonsense(json!(["\u{202e}"])),
        nonsense(json!({ "@type": "Dance" })),
    ] {
        scene.library.send_message(&to, content).await.unwrap();
    }
    let question = Request::parse(&json!({
        "title": "May we?",
        "items": [{ "@type": "ConsentRequestItem", "mustBeAccepted": true, "consent": "Yes" }],
    }))
    .unwrap();
    let asked = scene.library.send_request(&to[0], question).await.unwrap();
    // A blind copy: it names somebody else.
    let blind = MessageContent::Mail(Mail {
        to: vec![scene.grace.address().clone()],
        cc: Vec::new(),
        subject: "For Grace".to_owned(),
        body: String::new(),
        body_format: MailBodyFormat::Markdown,
    });
    scene
        .library
        .send_message(&to, nonsense(blind.to_json()))
        .await
        .unwrap();
    scene.ada.sync().await.unwrap();
    let reply = MailDraft {
        to: vec![scene.library.address().clone()],
        ..MailDraft::default()
    };
    scene.ada.send_mail(reply, None).await.unwrap();
    scene.ada.reject(&asked.id).await.unwrap();

    let page = mailbox(&scene.ada).await;
    let kinds: Vec<MessageKind> = page.messages.iter().map(|row| row.kind).collect();
    // The answer to the Request is not for reading.
    assert_eq!(
        kinds,
        [
            MessageKind::Mail,
            MessageKind::Mail,
            MessageKind::Request,
            MessageKind::Other,
            MessageKind::Other,
            MessageKind::Other,
        ]
    );
    assert_eq!(page.unread, 4, "the Request waits elsewhere");
    let of_request = scene.ada.message_of_request(&asked.id).await.unwrap();
    assert_eq!(of_request, Some(page.messages[2].number));
    assert_eq!(page.messages[2].request_id, Some(asked.id));
    assert_eq!(page.messages[2].subject.as_deref(), Some("May we?"));
    assert!(page.messages[5].fault.is_some());
    let blind = scene
        .ada
        .message_detail(page.messages[1].number)
        .await
        .unwrap();
    assert!(!blind.names_me);
    assert_eq!(blind.body_format, Some(MailBodyFormat::Markdown));

    // Filters, and one page after the other.
    let mut search = MessageSearch {
        only_mail: true,
        only_unread: true,
        ..MessageSearch::default()
    };
    assert_eq!(scene.ada.mailbox(&search).await.unwrap().messages.len(), 1);
    search = MessageSearch {
        peer: Some(scene.library.address().clone()),
        limit: 4,
        ..MessageSearch::default()
    };
    let first = scene.ada.mailbox(&search).await.unwrap();
    assert_eq!((first.messages.len(), first.total), (4, 6));
    search.offset = 4;
    let second = scene.ada.mailbox(&search).await.unwrap();
    assert_eq!((second.messages.len(), second.total), (2, 6));
    let all: Vec<i64> = first
        .messages
        .iter()
        .chain(&second.messages)
        .map(|row| row.number)
        .collect();
    let expected: Vec<i64> = page.messages.iter().map(|row| row.number).collect();
    assert_eq!(all, expected);
    search.peer = Some(scene.grace.address().clone());
    assert_eq!(scene.ada.mailbox(&search).await.unwrap().messages.len(), 0);
}
