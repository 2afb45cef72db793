//! An answer to what was revoked meanwhile: the Relationship was ended, the template is gone, or the
//! time is over. If that is known before the answer is made, nothing changes; if it turns out while
//! the answer waits to be sent, it is taken back.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

mod flow_support;

use flow_support::*;
use serde_json::json;
use tessera_content::{Decision, Request};
use tessera_core_types::{RelationshipId, RequestId};
use tessera_wallet::{
    Wallet, WalletError,
    model::{MessageState, RelationshipTemplate},
    views::{HistoryEvent, LocalRequestStatus, RelationshipStatus},
};

struct Scene {
    world: World,
    _library_home: Home,
    library: Wallet,
    _ada_home: Home,
    ada: Wallet,
    request: RequestId,
}

/// The library asks Ada, whom it knows, for an address in a Message; Ada has the form before her.
async fn asked_by_message(minutes: Option<i64>) -> (Scene, RelationshipId) {
    let world = World::new().await;
    let (library_home, library) = world.somebody("City library").await;
    let (ada_home, ada) = world.somebody("Ada").await;
    let relationship = connect(&world, &ada, &library).await;
    let mut question = Request::parse(&json!({ "items": [{
        "@type": "ReadAttributeRequestItem",
        "mustBeAccepted": true,
        "query": { "@type": "IdentityAttributeQuery", "valueType": "EMailAddress" },
    }] }))
    .unwrap();
    question.expires_at =
        minutes.map(|minutes| world.now().plus(chrono::TimeDelta::minutes(minutes)));
    let sent = library.send_request(ada.address(), question).await.unwrap();
    ada.sync().await.unwrap();
    let scene = Scene {
        world,
        _library_home: library_home,
        library,
        _ada_home: ada_home,
        ada,
        request: sent.id,
    };
    scene.could_be_answered(&address_given()).await;
    (scene, relationship)
}

/// The library has handed out a template; Ada, who is new to it, has the form before her.
async fn asked_by_template() -> (Scene, RelationshipTemplate) {
    let world = World::new().await;
    let (library_home, library) = world.somebody("City library").await;
    let (ada_home, wallet) = world.somebody("Ada").await;
    let new = template_of(&world, library_card());
    let template = library.create_template(new).await.unwrap();
    let request = load(&wallet, &template).await;
    let scene = Scene {
        world,
        _library_home: library_home,
        library,
        _ada_home: ada_home,
        ada: wallet,
        request,
    };
    scene.could_be_answered(&ada()).await;
    (scene, template)
}

fn address_given() -> Decision {
    Decision::parse(&json!({ "items": [{ "accept": true, "newAttribute": {
        "@type": "IdentityAttribute",
        "owner": "",
        "value": { "@type": "EMailAddress", "value": "ada@example.org" },
    } }] }))
    .unwrap()
}

impl Scene {
    async fn could_be_answered(&self, decision: &Decision) {
        let found = self.ada.check(&self.request, decision).await.unwrap();
        assert!(found.is_success);
    }

    /// Neither accepting nor rejecting works, for this reason, and nothing changes.
    async fn refuses(&self, decision: &Decision, code: &str) {
        let before = everything(&self.ada).await;
        let accepted = self.ada.accept(&self.request, decision).await;
        assert_eq!(accepted.unwrap_err().code(), code);
        let rejected = self.ada.reject(&self.request).await;
        assert_eq!(rejected.unwrap_err().code(), code);
        assert_eq!(everything(&self.ada).await, before);
    }

    /// The answer ended on its way for this reason: the Request says so, and what it would have given
    /// counts as given to nobody.
    async fn was_taken_back(&self, code: &str) {
        let request = self.ada.request(&self.request).await.unwrap();
        assert_eq!(request.status, LocalRequestStatus::Expired);
        let why = request.status_log.last().unwrap().code.clone();
        assert_eq!(why.as_deref(), Some(code));
        let history = self.ada.history().await.unwrap();
        let failed = history
            .iter()
            .find(|entry| entry.event == HistoryEvent::DeliveryFailed)
            .unwrap();
        assert_eq!(failed.request_id.as_ref(), Some(&self.request));
        assert_eq!(failed.code.as_deref(), Some(code));
        let given = self.ada.given(Default::default()).await.unwrap();
        let of_it = given
            .entries
            .iter()
            .find(|entry| entry.value_type == "EMailAddress");
        assert_eq!(of_it, None);
        assert_eq!(self.ada.sync_status().await.unwrap().waiting, 0);
    }

    /// The library has got no answer.
    async fn was_not_answered(&self) {
        self.library.sync().await.unwrap();
        let asked = self.library.request(&self.request).await.unwrap();
        assert!(asked.response.is_none());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_knows_that_the_relationship_was_ended_can_not_answer() {
    let (scene, relationship) = asked_by_message(None).await;
    scene
        .library
        .terminate_relationship(&relationship)
        .await
        .unwrap();
    scene.ada.sync().await.unwrap();
    let status = scene.ada.relationship(&relationship).await.unwrap().status;
    assert_eq!(status, RelationshipStatus::Terminated);
    const CODE: &str = "error.consumption.requests.wrongRelationshipStatus";
    scene.refuses(&address_given(), CODE).await;

    // And when it was deleted for good, there is nobody to answer.
    scene
        .library
        .decompose_relationship(&relationship)
        .await
        .unwrap();
    scene.ada.sync().await.unwrap();
    scene.refuses(&address_given(), CODE).await;
    scene.was_not_answered_by_a_message().await;
}

impl Scene {
    async fn was_not_answered_by_a_message(&self) {
        let own = self.ada.messages().await.unwrap();
        assert_eq!(own.iter().filter(|message| message.is_own()).count(), 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_crosses_the_end_of_the_relationship_waits_until_it_is_taken_up_again() {
    let (scene, relationship) = asked_by_message(None).await;
    scene
        .library
        .terminate_relationship(&relationship)
        .await
        .unwrap();
    // Nobody could have told Ada: the Backbone takes what is sent along an ended Relationship, and
    // keeps it.
    let answered = scene.ada.accept(&scene.request, &address_given()).await;
    assert_eq!(answered.unwrap().status, LocalRequestStatus::Completed);
    scene.was_not_answered().await;

    let (library, ada) = (&scene.library, &scene.ada);
    library.request_reactivation(&relationship).await.unwrap();
    ada.sync().await.unwrap();
    ada.accept_reactivation(&relationship).await.unwrap();
    library.sync().await.unwrap();
    let asked = library.request(&scene.request).await.unwrap();
    assert_eq!(asked.status, LocalRequestStatus::Completed);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_relationship_that_ends_while_the_answer_waits_takes_it_back() {
    let (scene, relationship) = asked_by_message(None).await;
    scene.world.proxy.offline();
    scene
        .ada
        .accept(&scene.request, &address_given())
        .await
        .unwrap();
    assert_eq!(scene.ada.sync_status().await.unwrap().waiting, 1);
    scene.world.proxy.online();
    scene
        .library
        .terminate_relationship(&relationship)
        .await
        .unwrap();
    scene.world.clock.forward(1);
    scene.ada.sync().await.unwrap();
    scene
        .was_taken_back("error.runtime.messages.hasNoActiveRelationship")
        .await;
    let own = scene.ada.messages().await.unwrap();
    let own: Vec<_> = own.iter().filter(|message| message.is_own()).collect();
    assert_eq!(own.len(), 1);
    assert_eq!(own[0].state, MessageState::Failed);
    scene.was_not_answered().await;
    // Her address is her own, and stays.
    assert_eq!(scene.ada.attributes().await.unwrap().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_expires_between_the_check_and_the_answer_is_not_answered() {
    let (scene, _) = asked_by_message(Some(60)).await;
    scene.world.clock.forward(61);
    // That it has expired is written down once.
    scene.ada.requests().await.unwrap();
    scene
        .refuses(&address_given(), "error.tessera.requests.expired")
        .await;
    scene.was_not_answered_by_a_message().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_expires_while_its_answer_waits_takes_it_back() {
    let (scene, _) = asked_by_message(Some(60)).await;
    scene.world.proxy.offline();
    scene
        .ada
        .accept(&scene.request, &address_given())
        .await
        .unwrap();
    scene.world.clock.forward(61);
    scene.world.proxy.online();
    scene.ada.sync().await.unwrap();
    scene
        .was_taken_back(&WalletError::AnswerExpired.code())
        .await;
    scene.was_not_answered().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_to_a_template_that_is_gone_is_taken_back() {
    let (scene, template) = asked_by_template().await;
    scene.library.delete_template(&template.id).await.unwrap();
    scene.ada.accept(&scene.request, &ada()).await.unwrap();
    scene.was_taken_back("error.platform.recordNotFound").await;
    scene.library.sync().await.unwrap();
    assert!(scene.library.relationships().await.unwrap().is_empty());
    assert!(scene.ada.relationships().await.unwrap().is_empty());
    assert!(scene.ada.contacts().await.unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_template_that_goes_while_the_answer_waits_takes_it_back() {
    let (scene, template) = asked_by_template().await;
    scene.world.proxy.offline();
    scene.ada.accept(&scene.request, &ada()).await.unwrap();
    assert_eq!(scene.ada.sync_status().await.unwrap().waiting, 1);
    scene.world.proxy.online();
    scene.library.delete_template(&template.id).await.unwrap();
    scene.world.clock.forward(1);
    scene.ada.sync().await.unwrap();
    scene.was_taken_back("error.platform.recordNotFound").await;
    assert!(scene.library.relationships().await.unwrap().is_empty());
    assert!(scene.ada.contacts().await.unwrap().is_empty());
}
