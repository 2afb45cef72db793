//! A Decision can be held for some seconds and taken back; whatever happens, it is not lost, and not
//! carried out twice.

#![allow(clippy::unwrap_used, clippy::panic, clippy::expect_used, missing_docs)]

mod flow_support;

use std::time::Duration;

use flow_support::*;
use serde_json::json;
use tessera_content::{Decision, MessageContent, RejectParameters, Request, ResponseResult};
use tessera_core_types::{CoreDate, RequestId};
use tessera_wallet::{
    Wallet, WalletError,
    model::{HeldState, LocalRequestSource},
    requests::Verdict,
    views::{HeldView, HistoryEvent, LocalRequestStatus, RequestSearch},
};

const RELATIONSHIPS: &str = "/api/v2/Relationships";
const MESSAGES: &str = "/api/v2/Messages";
const FIVE_SECONDS: Duration = Duration::from_secs(5);

struct Scene {
    world: World,
    _library_home: Home,
    library: Wallet,
    home: Home,
    ada: Wallet,
    request: RequestId,
}

/// Ada has opened the library's template and reads the form.
async fn scene() -> Scene {
    scene_with(async |world: &World, library: &Wallet, ada: &Wallet| {
        let template = template_of(world, library_card());
        let template = library.create_template(template).await.unwrap();
        load(ada, &template).await
    })
    .await
}

/// There is an active Relationship, and a question of the library in a Message, which can be answered
/// until `expires_at`.
async fn asked_by_message(expires_at: Option<CoreDate>) -> Scene {
    scene_with(async |world: &World, library: &Wallet, ada: &Wallet| {
        connect(world, ada, library).await;
        let mut question = Request::parse(&json!({ "items": [{
            "@type": "ConsentRequestItem",
            "mustBeAccepted": true,
            "consent": "We may write to you.",
        }] }))
        .unwrap();
        question.expires_at = expires_at;
        let sent = library.send_request(ada.address(), question).await;
        ada.sync().await.unwrap();
        sent.unwrap().id
    })
    .await
}

async fn scene_with(ask: impl AsyncFnOnce(&World, &Wallet, &Wallet) -> RequestId) -> Scene {
    let world = World::new().await;
    let (library_home, library) = world.somebody("City library").await;
    let (home, ada) = world.somebody("Ada").await;
    let request = ask(&world, &library, &ada).await;
    Scene {
        world,
        _library_home: library_home,
        library,
        home,
        ada,
        request,
    }
}

fn agreed() -> Decision {
    Decision::parse(&json!({ "items": [{ "accept": true }] })).unwrap()
}

impl Scene {
    async fn hold(&self, decision: &Decision) -> Option<HeldView> {
        let held = self
            .ada
            .hold(&self.request, Verdict::Accept, decision, FIVE_SECONDS);
        held.await.unwrap()
    }

    async fn held(&self) -> Option<HeldView> {
        self.ada.form(&self.request).await.unwrap().summary.held
    }

    async fn status(&self) -> LocalRequestStatus {
        self.ada.request(&self.request).await.unwrap().status
    }

    /// What the history says of the Request, the oldest first.
    async fn history(&self) -> Vec<(HistoryEvent, Option<String>)> {
        let history = self.ada.history().await.unwrap();
        let of_request = history
            .into_iter()
            .filter(|entry| entry.request_id.as_ref() == Some(&self.request));
        of_request
            .map(|entry| (entry.event, entry.code))
            .rev()
            .collect()
    }

    fn asked_for_relationships(&self) -> usize {
        self.world.proxy.count("POST", RELATIONSHIPS)
    }

    /// How often the library has got an answer to the Request.
    async fn answers(&self) -> usize {
        self.library.sync().await.unwrap();
        let messages = self.library.messages().await.unwrap();
        let answers = messages.iter().filter(|message| match &message.content {
            MessageContent::Response(answer) => answer.response.request_id == self.request,
            _ => false,
        });
        answers.count()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_a_decision_happens_while_it_is_held_and_all_of_it_when_its_time_is_over() {
    let scene = scene().await;
    let before = scene.ada.attributes().await.unwrap();
    let held = scene.hold(&ada()).await.unwrap();
    assert_eq!(
        (held.verdict, held.state),
        (Verdict::Accept, HeldState::Held)
    );
    assert_eq!(held.due_at.millis() - held.held_at.millis(), 5_000);
    assert_eq!(scene.held().await, Some(held));
    assert_eq!(
        scene.status().await,
        LocalRequestStatus::ManualDecisionRequired
    );
    assert_eq!(scene.ada.attributes().await.unwrap(), before);
    assert_eq!(scene.ada.next_held_in().await.unwrap(), Some(FIVE_SECONDS));

    scene.world.clock.forward_by(Duration::from_millis(4_999));
    scene.ada.carry_out_due().await.unwrap();
    scene.ada.sync().await.unwrap();
    assert_eq!(scene.asked_for_relationships(), 0);
    assert_eq!(
        scene.ada.next_held_in().await.unwrap(),
        Some(Duration::from_millis(1))
    );

    scene.world.clock.forward_by(Duration::from_millis(1));
    scene.ada.carry_out_due().await.unwrap();
    assert_eq!(scene.asked_for_relationships(), 1);
    assert_eq!(scene.status().await, LocalRequestStatus::Completed);
    assert_eq!(scene.held().await, None);
    assert_eq!(scene.ada.next_held_in().await.unwrap(), None);
    let events: Vec<_> = scene.history().await.into_iter().map(|one| one.0).collect();
    assert_eq!(
        events,
        [
            HistoryEvent::RequestReceived,
            HistoryEvent::DecisionHeld,
            HistoryEvent::RequestAccepted,
            HistoryEvent::AnswerQueued,
            HistoryEvent::RelationshipSent,
        ]
    );
    scene.ada.carry_out_due().await.unwrap();
    scene.ada.sync().await.unwrap();
    assert_eq!(scene.asked_for_relationships(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_taken_back_is_given_back_and_leaves_nothing() {
    let scene = scene().await;
    let draft = json!({ "entered": "so far" });
    scene
        .ada
        .save_draft(&scene.request, draft.clone())
        .await
        .unwrap();
    scene.hold(&ada()).await.unwrap();
    let taken = scene.ada.take_back(&scene.request).await.unwrap();
    assert_eq!(taken, (Verdict::Accept, ada()));
    assert_eq!(scene.held().await, None);
    // Everything entered is still there.
    assert_eq!(scene.ada.draft(&scene.request).await.unwrap(), Some(draft));
    scene.world.clock.forward(1);
    scene.ada.carry_out_due().await.unwrap();
    scene.ada.sync().await.unwrap();
    assert_eq!(scene.asked_for_relationships(), 0);
    assert_eq!(
        scene.ada.take_back(&scene.request).await,
        Err(WalletError::NotHeld)
    );
    // It can be decided anew, also in another way.
    let reason = RejectParameters {
        code: None,
        message: Some("Not now.".to_owned()),
    };
    let held = scene
        .ada
        .hold_rejection(&scene.request, &reason, FIVE_SECONDS);
    assert_eq!(held.await.unwrap().unwrap().verdict, Verdict::Reject);
    scene.world.clock.forward(1);
    scene.ada.carry_out_due().await.unwrap();
    let request = scene.ada.request(&scene.request).await.unwrap();
    let response = request.response.unwrap().content;
    assert_eq!(response.result, ResponseResult::Rejected);
    assert_eq!(
        scene.ada.take_back(&scene.request).await,
        Err(WalletError::NotHeld),
        "now it is too late"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn while_a_decision_is_held_there_is_no_other_and_a_wrong_one_is_not_held() {
    let scene = scene().await;
    let nothing = Decision::parse(&json!({ "items": [] })).unwrap();
    for verdict in [Verdict::Accept, Verdict::Reject] {
        let held = scene
            .ada
            .hold(&scene.request, verdict, &nothing, FIVE_SECONDS)
            .await;
        assert!(matches!(held, Err(WalletError::Decision(_))), "{held:?}");
    }
    // What accepts something does not reject the Request.
    let held = scene
        .ada
        .hold(&scene.request, Verdict::Reject, &ada(), FIVE_SECONDS)
        .await;
    assert!(matches!(held, Err(WalletError::Decision(_))), "{held:?}");
    assert_eq!(scene.held().await, None);

    scene.hold(&ada()).await.unwrap();
    let before = everything(&scene.ada).await;
    let again = scene
        .ada
        .hold(&scene.request, Verdict::Accept, &ada(), FIVE_SECONDS)
        .await;
    assert_eq!(again, Err(WalletError::DecisionHeld));
    let accepted = scene.ada.accept(&scene.request, &ada()).await;
    assert_eq!(accepted.unwrap_err(), WalletError::DecisionHeld);
    let rejected = scene.ada.reject(&scene.request).await;
    assert_eq!(rejected.unwrap_err(), WalletError::DecisionHeld);
    assert_eq!(everything(&scene.ada).await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_held_when_the_program_ends_is_carried_out_by_the_next_one() {
    let scene = scene().await;
    scene.hold(&ada()).await.unwrap();
    let ada = scene.home.restart(&scene.world, scene.ada.clone()).await;
    // Its time is not over yet: it can still be taken back.
    ada.sync().await.unwrap();
    let page = ada.search_requests(RequestSearch::default()).await.unwrap();
    assert!(page.requests[0].held.is_some());
    assert_eq!((page.total, page.waiting), (1, 0));
    scene.world.clock.forward(60);
    let ada = scene.home.restart(&scene.world, ada).await;
    // The Backbone can't be reached: it is carried out, and its answer waits.
    scene.world.proxy.offline();
    ada.sync().await.unwrap_err();
    let request = ada.request(&scene.request).await.unwrap();
    assert_eq!(request.status, LocalRequestStatus::Decided);
    assert_eq!(ada.sync_status().await.unwrap().waiting, 1);
    scene.world.proxy.online();
    ada.sync().await.unwrap();
    ada.sync().await.unwrap();
    assert_eq!(scene.asked_for_relationships(), 1);
    let request = ada.request(&scene.request).await.unwrap();
    assert_eq!(request.status, LocalRequestStatus::Completed);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_closes_the_program_has_not_taken_it_back() {
    let scene = asked_by_message(None).await;
    scene.hold(&agreed()).await.unwrap();
    let posted = scene.world.proxy.count("POST", MESSAGES);
    scene.ada.carry_out_all().await.unwrap();
    assert_eq!(scene.world.proxy.count("POST", MESSAGES), posted + 1);
    assert_eq!(scene.status().await, LocalRequestStatus::Completed);
    assert_eq!(scene.answers().await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_is_put_back_does_not_hold_it_for_ever() {
    let scene = scene().await;
    scene.hold(&ada()).await.unwrap();
    scene.world.clock.forward(-60);
    assert_eq!(
        scene.ada.next_held_in().await.unwrap(),
        Some(Duration::ZERO)
    );
    scene.ada.carry_out_due().await.unwrap();
    assert_eq!(scene.status().await, LocalRequestStatus::Completed);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_would_soon_be_too_late_is_not_held() {
    let now = CoreDate::parse("2026-03-01T12:00:00.000Z").unwrap();
    let soon = now.plus(chrono::TimeDelta::seconds(64));
    let scene = asked_by_message(Some(soon)).await;
    assert_eq!(scene.hold(&agreed()).await, None);
    assert_eq!(scene.status().await, LocalRequestStatus::Completed);
    assert_eq!(scene.answers().await, 1);

    let just_enough = now.plus(chrono::TimeDelta::seconds(65));
    let scene = asked_by_message(Some(just_enough)).await;
    assert!(scene.hold(&agreed()).await.is_some());
    // The machine slept too long.
    scene.world.clock.forward(10);
    scene.ada.carry_out_due().await.unwrap();
    assert_eq!(scene.status().await, LocalRequestStatus::Expired);
    assert_eq!(scene.held().await, None);
    let late = "error.tessera.requests.answerExpired".to_owned();
    let history = scene.history().await;
    assert!(
        history.contains(&(HistoryEvent::DecisionFailed, Some(late))),
        "{history:?}"
    );
    assert_eq!(scene.answers().await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_time_to_hold_it_is_carried_out_at_once() {
    let scene = asked_by_message(None).await;
    let held = scene
        .ada
        .hold(&scene.request, Verdict::Accept, &agreed(), Duration::ZERO)
        .await;
    assert_eq!(held, Ok(None));
    assert_eq!(scene.answers().await, 1);
    let request = scene.ada.request(&scene.request).await.unwrap();
    assert!(matches!(
        request.source,
        Some(LocalRequestSource::Message { .. })
    ));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_can_not_be_carried_out_opens_the_request_again_and_says_why() {
    let scene = asked_by_message(None).await;
    scene.hold(&agreed()).await.unwrap();
    // Meanwhile the library ends the Relationship.
    let relationship = scene.ada.relationships().await.unwrap().remove(0).id;
    scene
        .library
        .terminate_relationship(&relationship)
        .await
        .unwrap();
    scene.ada.sync().await.unwrap();
    scene.world.clock.forward(1);
    scene.ada.carry_out_due().await.unwrap();
    let held = scene.held().await.unwrap();
    assert_eq!(held.state, HeldState::Failed);
    let code = held.error_code.clone();
    assert!(code.is_some());
    assert!(
        scene
            .history()
            .await
            .contains(&(HistoryEvent::DecisionFailed, code))
    );
    assert_eq!(
        scene.status().await,
        LocalRequestStatus::ManualDecisionRequired
    );
    assert_eq!(scene.ada.next_held_in().await.unwrap(), None);
    // It is not tried again by itself, and there is nothing to take back.
    let before = everything(&scene.ada).await;
    scene.ada.carry_out_due().await.unwrap();
    assert_eq!(everything(&scene.ada).await, before);
    assert_eq!(
        scene.ada.take_back(&scene.request).await,
        Err(WalletError::NotHeld)
    );
    let accepted = scene.ada.accept(&scene.request, &agreed()).await;
    assert!(matches!(accepted, Err(WalletError::Decision(_))));
}

#[tokio::test(flavor = "multi_thread")]
async fn taking_back_and_carrying_out_at_once_has_one_outcome() {
    for round in 0..12 {
        let scene = asked_by_message(None).await;
        scene.hold(&agreed()).await.unwrap();
        scene.world.clock.forward(1);
        let (ada, id) = (scene.ada.clone(), scene.request.clone());
        let takes_back = tokio::spawn(async move {
            tokio::time::sleep(Duration::from_millis(round / 3)).await;
            ada.take_back(&id).await
        });
        let (one, other) = tokio::join!(scene.ada.carry_out_due(), scene.ada.sync());
        one.unwrap();
        other.unwrap();
        let expected = match takes_back.await.unwrap() {
            Ok(_) => (LocalRequestStatus::ManualDecisionRequired, 0),
            Err(error) => {
                assert_eq!(error, WalletError::NotHeld);
                (LocalRequestStatus::Completed, 1)
            }
        };
        assert_eq!((scene.status().await, scene.answers().await), expected);
    }
}
