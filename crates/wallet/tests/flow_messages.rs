//! What travels along an active Relationship: answers, Requests and Mails, in Messages.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

mod flow_support;

use flow_support::*;
use serde_json::json;
use tessera_content::{
    Decision, Mail, MailBodyFormat, MessageContent, RejectParameters, Request, ResponseItem,
    ResponseResult,
};
use tessera_core_types::{Address, RequestId};
use tessera_wallet::{
    Wallet, WalletError,
    model::{LocalRequest, LocalRequestSource, LocalResponseSource, Message, MessageState},
    views::{HistoryEvent, LocalRequestStatus, RequestSearch},
};

const MESSAGES: &str = "/api/v2/Messages";

/// A library and a reader whose Relationship is active.
struct Scene {
    world: World,
    library: Wallet,
    ada: Wallet,
    ada_home: Home,
    _library_home: Home,
}

async fn scene() -> Scene {
    let world = World::new().await;
    let (library_home, library) = world.somebody("Library").await;
    let (ada_home, ada_wallet) = world.somebody("Ada").await;
    connect(&world, &ada_wallet, &library).await;
    Scene {
        world,
        library,
        ada: ada_wallet,
        ada_home,
        _library_home: library_home,
    }
}

impl Scene {
    /// A template that asks somebody who is known already for an e-mail address.
    async fn ask_by_template(&self) -> RequestId {
        let mut card = library_card().to_json();
        card["onExistingRelationship"] = serde_json::to_value(question()).unwrap();
        let template = self
            .library
            .create_template(template_of(&self.world, content(&card)))
            .await
            .unwrap();
        load(&self.ada, &template).await
    }

    /// The library asks in a Message; the Request as Ada has it.
    async fn ask_by_message(&self) -> RequestId {
        let sent = self
            .library
            .send_request(self.ada.address(), question())
            .await
            .unwrap();
        self.ada.sync().await.unwrap();
        let received = self.ada.request(&sent.id).await.unwrap();
        assert_eq!(received.status, LocalRequestStatus::ManualDecisionRequired);
        received.id
    }

    /// How many Messages Ada has sent, as far as the Backbone knows.
    fn posts(&self) -> usize {
        self.world.proxy.count("POST", MESSAGES)
    }
}

fn question() -> Request {
    Request::parse(&json!({
        "title": "How can we write to you?",
        "items": [{
            "@type": "ReadAttributeRequestItem",
            "mustBeAccepted": true,
            "query": { "@type": "IdentityAttributeQuery", "valueType": "EMailAddress" },
        }],
    }))
    .unwrap()
}

fn address_given() -> Decision {
    Decision::parse(&json!({ "items": [{ "accept": true, "newAttribute": {
        "@type": "IdentityAttribute",
        "owner": "",
        "value": { "@type": "EMailAddress", "value": "ada@example.org" },
    } }] }))
    .unwrap()
}

fn mail_to(recipient: &Address) -> MessageContent {
    MessageContent::Mail(Mail {
        to: vec![recipient.clone()],
        cc: Vec::new(),
        subject: "Overdue".to_owned(),
        body: "Please bring back “Poetry”.".to_owned(),
        body_format: MailBodyFormat::PlainText,
    })
}

async fn own_messages(wallet: &Wallet) -> Vec<Message> {
    let messages = wallet.messages().await.unwrap();
    messages.into_iter().filter(Message::is_own).collect()
}

/// Both sides have the same Request, completed with the same answer.
async fn assert_completed(scene: &Scene, id: &RequestId, result: ResponseResult) -> LocalRequest {
    let asked = scene.library.request(id).await.unwrap();
    let answered = scene.ada.request(id).await.unwrap();
    assert!(asked.is_own && !answered.is_own);
    for side in [&asked, &answered] {
        assert_eq!(side.status, LocalRequestStatus::Completed);
        let response = side.response.as_ref().unwrap();
        assert_eq!(response.content.result, result);
        assert!(matches!(
            response.source,
            Some(LocalResponseSource::Message { .. })
        ));
    }
    let (theirs, mine) = (asked.response.unwrap(), answered.response.clone().unwrap());
    assert_eq!((theirs.content, theirs.source), (mine.content, mine.source));
    answered
}

#[tokio::test(flavor = "multi_thread")]
async fn a_template_asks_somebody_who_is_known_and_the_answer_is_a_message() {
    let scene = scene().await;
    let id = scene.ask_by_template().await;
    let form = scene.ada.form(&id).await.unwrap();
    assert!(form.is_decidable && !form.creates_relationship);
    let answered = scene.ada.accept(&id, &address_given()).await.unwrap();
    assert_eq!(answered.status, LocalRequestStatus::Completed);
    scene.library.sync().await.unwrap();
    let request = assert_completed(&scene, &id, ResponseResult::Accepted).await;
    assert!(matches!(
        request.source,
        Some(LocalRequestSource::RelationshipTemplate { .. })
    ));
    // What was given is there, under one id.
    let contact = scene.library.contact(scene.ada.address()).await.unwrap();
    let shared = contact.received.iter();
    let given = shared
        .filter(|attribute| attribute.value["value"] == "ada@example.org")
        .count();
    assert_eq!(given, 1);
    // Nothing is left to do, and no second Relationship was asked for.
    assert_eq!(scene.ada.relationships().await.unwrap().len(), 1);
    assert_eq!(scene.ada.sync_status().await.unwrap().waiting, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_in_a_message_is_answered_in_a_message() {
    let scene = scene().await;
    let id = scene.ask_by_message().await;
    let asked = scene.library.request(&id).await.unwrap();
    let source = asked.source.clone();
    assert!(matches!(source, Some(LocalRequestSource::Message { .. })));
    assert_eq!(scene.ada.request(&id).await.unwrap().source, source);
    scene.ada.accept(&id, &address_given()).await.unwrap();
    scene.library.sync().await.unwrap();
    assert_completed(&scene, &id, ResponseResult::Accepted).await;
    let events: Vec<HistoryEvent> = scene
        .ada
        .history()
        .await
        .unwrap()
        .into_iter()
        .map(|entry| entry.event)
        .take(4)
        .collect();
    assert_eq!(
        events,
        [
            HistoryEvent::AnswerSent,
            HistoryEvent::AnswerQueued,
            HistoryEvent::RequestAccepted,
            HistoryEvent::RequestReceived,
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rejection_along_a_relationship_is_told() {
    let scene = scene().await;
    for id in [scene.ask_by_template().await, scene.ask_by_message().await] {
        scene.ada.reject(&id).await.unwrap();
        scene.library.sync().await.unwrap();
        assert_completed(&scene, &id, ResponseResult::Rejected).await;
    }
    assert_eq!(scene.ada.attributes().await.unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reason_for_a_rejection_is_told_with_every_item() {
    let scene = scene().await;
    let id = scene.ask_by_message().await;
    let because = |message: String| RejectParameters {
        code: Some("no.mail".to_owned()),
        message: Some(message),
    };
    let too_long = scene.ada.reject_because(&id, because("x".repeat(1001)));
    assert!(matches!(too_long.await, Err(WalletError::Decision(_))));
    let yes = scene.ada.reject_with(&id, &address_given()).await;
    let code = "error.consumption.requests.decide.validation.itemAcceptedButRequestNotAccepted";
    assert_eq!(yes.unwrap_err().code(), code);
    let reason = because("Not by mail.".to_owned());
    scene.ada.reject_because(&id, reason.clone()).await.unwrap();
    scene.library.sync().await.unwrap();
    assert_completed(&scene, &id, ResponseResult::Rejected).await;
    let told = scene.library.request(&id).await.unwrap().response.unwrap();
    let RejectParameters { code, message } = reason;
    let told: Vec<_> = told.content.all_items().cloned().collect();
    assert_eq!(told, [ResponseItem::Reject { code, message }]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_other_side_has_already_is_shown_with_what_it_says() {
    let scene = scene().await;
    let first = scene.ask_by_message().await;
    scene.ada.accept(&first, &address_given()).await.unwrap();
    assert!(scene.ada.form(&first).await.unwrap().answered.is_empty());
    let again = scene.ask_by_message().await;
    scene.ada.accept(&again, &address_given()).await.unwrap();
    let form = scene.ada.form(&again).await.unwrap();
    let [answered] = form.answered.as_slice() else {
        panic!("{form:?}");
    };
    assert_eq!(answered.path, [0]);
    assert_eq!(answered.value["@type"], "EMailAddress");
    let given = &form.response.unwrap()["items"][0];
    assert_eq!(given["@type"], "AttributeAlreadySharedAcceptResponseItem");
    assert_eq!(given["attributeId"], answered.attribute_id.as_str());
    // Not any more when it is deleted.
    scene
        .ada
        .delete_attribute(&answered.attribute_id)
        .await
        .unwrap();
    assert!(scene.ada.form(&again).await.unwrap().answered.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_given_offline_is_sent_later_and_once() {
    let mut scene = scene().await;
    let id = scene.ask_by_message().await;
    let before = scene.posts();
    scene.world.proxy.offline();
    let decided = scene.ada.accept(&id, &address_given()).await.unwrap();
    assert_eq!(decided.status, LocalRequestStatus::Decided);
    let own = own_messages(&scene.ada).await;
    assert_eq!(own.len(), 1);
    assert_eq!((&own[0].id, own[0].state), (&None, MessageState::Queued));
    let refused = scene.posts() - before;
    scene.world.proxy.online();
    scene.ada = scene.ada_home.restart(&scene.world, scene.ada).await;
    assert_eq!(scene.ada.sync().await.unwrap().delivered, 1);
    assert_eq!(scene.ada.sync().await.unwrap().delivered, 0);
    assert_eq!(scene.posts() - before - refused, 1);
    scene.library.sync().await.unwrap();
    assert_completed(&scene, &id, ResponseResult::Accepted).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_whose_answer_got_lost_is_found_again_and_not_sent_twice() {
    let mut scene = scene().await;
    let id = scene.ask_by_message().await;
    let before = scene.posts();
    scene.world.proxy.rule(|seen| {
        if seen.is("POST", MESSAGES) {
            Action::LoseAnswer
        } else {
            Action::Pass
        }
    });
    let decided = scene.ada.accept(&id, &address_given()).await.unwrap();
    assert_eq!(decided.status, LocalRequestStatus::Decided);
    scene.world.proxy.online();
    scene.ada = scene.ada_home.restart(&scene.world, scene.ada).await;
    scene.ada.sync().await.unwrap();
    assert_eq!(scene.posts() - before, 1);
    scene.library.sync().await.unwrap();
    assert_completed(&scene, &id, ResponseResult::Accepted).await;
    let received = scene.library.messages().await.unwrap();
    let from_ada = received.iter().filter(|message| !message.is_own());
    assert_eq!(from_ada.count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_comes_too_late_takes_back_what_it_gave() {
    let scene = scene().await;
    let mut request = question();
    request.expires_at = Some(scene.world.now().plus(chrono::TimeDelta::hours(1)));
    let sent = scene
        .library
        .send_request(scene.ada.address(), request)
        .await
        .unwrap();
    scene.ada.sync().await.unwrap();
    scene.world.proxy.offline();
    scene.ada.accept(&sent.id, &address_given()).await.unwrap();
    scene.world.clock.forward(61);
    scene.world.proxy.online();
    scene.ada.sync().await.unwrap();
    let late = scene.ada.request(&sent.id).await.unwrap();
    assert_eq!(late.status, LocalRequestStatus::Expired);
    let own = own_messages(&scene.ada).await;
    assert_eq!(own.len(), 1);
    assert_eq!(own[0].state, MessageState::Failed);
    let detail = scene.ada.contact(scene.library.address()).await.unwrap();
    let given = detail.given.iter();
    assert_eq!(
        given
            .filter(|attribute| attribute.value["@type"] == "EMailAddress")
            .count(),
        0
    );
    // The address itself is the person's own and stays.
    assert_eq!(scene.ada.attributes().await.unwrap().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn counters_of_a_channel_differ_from_message_to_message() {
    let scene = scene().await;
    for _ in 0..3 {
        let content = mail_to(scene.ada.address());
        let to = [scene.ada.address().clone()];
        scene.library.send_message(&to, content).await.unwrap();
    }
    let mut counters = std::collections::BTreeSet::new();
    for body in scene.world.proxy.bodies("POST", MESSAGES) {
        let sent: tessera_backbone_api::messages::SendMessageRequest =
            serde_json::from_slice(&body).unwrap();
        for recipient in sent.recipients {
            let key: serde_json::Value =
                serde_json::from_slice(recipient.encrypted_key.as_slice()).unwrap();
            assert!(counters.insert(key["cnt"].as_u64().unwrap()));
        }
    }
    assert_eq!(counters.len(), 3);
    assert!(!counters.contains(&0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_goes_to_several_and_is_read() {
    let scene = scene().await;
    let content = mail_to(scene.ada.address());
    let to = [scene.ada.address().clone()];
    let sent = scene
        .library
        .send_message(&to, content.clone())
        .await
        .unwrap();
    assert_eq!(sent.state, MessageState::Sent);
    scene.ada.sync().await.unwrap();
    scene.ada.sync().await.unwrap();
    let received = scene.ada.messages().await.unwrap();
    assert_eq!(received.len(), 1);
    assert_eq!(received[0].id, sent.id);
    assert_eq!(received[0].content, content);
    assert_eq!(received[0].was_read_at, None);
    let id = sent.id.unwrap();
    scene.ada.mark_message_as_read(&id).await.unwrap();
    let read = scene.ada.message(&id).await.unwrap();
    assert_eq!(read.was_read_at, Some(scene.world.now()));
    let peer = scene.library.address();
    assert_eq!(scene.ada.messages_with(peer).await.unwrap().len(), 1);
    // A Mail that names others than it goes to, and one to a stranger.
    let wrong = scene
        .ada
        .send_message(std::slice::from_ref(peer), content)
        .await;
    assert!(matches!(wrong, Err(WalletError::InvalidMessage(_))));
    let (_home, stranger) = scene.world.somebody("Stranger").await;
    let to = stranger.address();
    let nobody = scene
        .ada
        .send_message(std::slice::from_ref(to), mail_to(to))
        .await;
    assert_eq!(nobody.unwrap_err(), WalletError::NoRelationshipToRecipient);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_peer_makes_up_changes_nothing() {
    let scene = scene().await;
    let id = scene.ask_by_message().await;
    let before = everything(&scene.ada).await;
    let again = scene.library.request(&id).await.unwrap().content;
    let other = "REQnobodyAsked000001";
    let response = json!({
        "@type": "ResponseWrapper",
        "requestId": other,
        "requestSourceReference": "MSG00000000000000001",
        "requestSourceType": "Message",
        "response": {
            "@type": "Response",
            "result": "Accepted",
            "requestId": other,
            "items": [{ "@type": "AcceptResponseItem", "result": "Accepted" }],
        },
    });
    let mut template_response = response.clone();
    template_response["requestSourceType"] = "RelationshipTemplate".into();
    template_response["requestSourceReference"] = "RLT00000000000000001".into();
    let broken = json!({ "@type": "Request", "items": [] });
    for (content, code) in [
        (
            again.to_json(),
            "error.consumption.requests.cannotCreateRequestWithDuplicateId",
        ),
        (response, "error.tessera.requests.answerToNothing"),
        (template_response, "error.tessera.requests.answerDoesNotFit"),
        (broken, "error.runtime.requestDeserialization"),
    ] {
        let to = [scene.ada.address().clone()];
        // Sent as content of the library's own making, so that nothing here holds it back.
        let content = MessageContent::Unknown(content);
        scene.library.send_message(&to, content).await.unwrap();
        scene.ada.sync().await.unwrap();
        let mut now = everything(&scene.ada).await;
        let history = now["history"].as_array_mut().unwrap();
        let newest = history.remove(0);
        assert_eq!(newest["event"], "suspiciousRefused", "{newest}");
        if code != "error.runtime.requestDeserialization" {
            assert_eq!(newest["code"], code);
        }
        history.retain(|entry| entry["event"] != "suspiciousRefused");
        assert_eq!(now, before, "{code}");
    }
    // They are kept as they came.
    assert_eq!(scene.ada.messages().await.unwrap().len(), 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_is_not_understood_can_be_put_away() {
    let scene = scene().await;
    let strange = json!({
        "@type": "Request",
        "id": "REQfromTheFuture0001",
        "items": [{ "@type": "DanceRequestItem", "mustBeAccepted": true }],
    });
    let to = [scene.ada.address().clone()];
    let content = MessageContent::Unknown(strange);
    scene.library.send_message(&to, content).await.unwrap();
    scene.ada.sync().await.unwrap();
    let [summary] = scene
        .ada
        .search_requests(RequestSearch::default())
        .await
        .unwrap()
        .requests
        .into_iter()
        .filter(|summary| summary.status == LocalRequestStatus::Open)
        .collect::<Vec<_>>()
        .try_into()
        .unwrap();
    assert!(summary.is_dismissible && !summary.is_dismissed);
    let id = summary.id;
    let error = scene.ada.reject(&id).await.unwrap_err();
    assert_eq!(error.code(), "error.tessera.requests.notUnderstood");
    scene.ada.dismiss_request(&id, true).await.unwrap();
    assert!(scene.ada.form(&id).await.unwrap().summary.is_dismissed);
    scene.ada.dismiss_request(&id, false).await.unwrap();
    assert!(!scene.ada.form(&id).await.unwrap().summary.is_dismissed);
    // What can be answered stays.
    let answerable = scene.ask_by_message().await;
    let error = scene.ada.dismiss_request(&answerable, true).await;
    assert_eq!(error.unwrap_err(), WalletError::NotDismissible);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_entered_is_kept_until_it_is_decided() {
    let mut scene = scene().await;
    let id = scene.ask_by_message().await;
    assert_eq!(scene.ada.draft(&id).await.unwrap(), None);
    for text in ["ada@", "ada@example.org"] {
        let draft = json!({ "0": text });
        scene.ada.save_draft(&id, draft).await.unwrap();
    }
    scene.ada = scene.ada_home.restart(&scene.world, scene.ada).await;
    let kept = scene.ada.draft(&id).await.unwrap();
    assert_eq!(kept, Some(json!({ "0": "ada@example.org" })));
    let huge = json!("x".repeat(300 * 1024));
    let error = scene.ada.save_draft(&id, huge).await.unwrap_err();
    assert_eq!(error, WalletError::DraftRefused);
    assert_eq!(scene.ada.draft(&id).await.unwrap(), kept);
    scene.ada.accept(&id, &address_given()).await.unwrap();
    assert_eq!(scene.ada.draft(&id).await.unwrap(), None);
    let error = scene.ada.save_draft(&id, json!({})).await.unwrap_err();
    assert_eq!(error, WalletError::DraftRefused);
}
