//! Decisions reach the Backbone once, whatever happens in between.

#![allow(clippy::unwrap_used, clippy::panic, clippy::expect_used, missing_docs)]

mod flow_support;

use flow_support::*;
use tessera_core_types::RequestId;
use tessera_wallet::{
    Wallet,
    model::{RelationshipStatus, RelationshipTemplate},
    views::{HistoryEvent, LocalRequestStatus, SyncState},
};

const RELATIONSHIPS: &str = "/api/v2/Relationships";

struct Scene {
    world: World,
    _library_home: Home,
    library: Wallet,
    ada_home: Home,
    ada: Wallet,
    template: RelationshipTemplate,
    request: RequestId,
}

/// Ada has opened the library's template and reads the form.
async fn scene() -> Scene {
    let world = World::new().await;
    let (library_home, library) = world.somebody("City library").await;
    let (ada_home, ada) = world.somebody("Ada").await;
    let template = library
        .create_template(template_of(&world, library_card()))
        .await
        .unwrap();
    let request = load(&ada, &template).await;
    Scene {
        world,
        _library_home: library_home,
        library,
        ada_home,
        ada,
        template,
        request,
    }
}

/// How many calls asked for a Relationship.
fn posts(world: &World) -> usize {
    world.proxy.count("POST", RELATIONSHIPS)
}

async fn accept_and_see_active(scene: &Scene) {
    scene.library.sync().await.unwrap();
    let relationships = scene.library.relationships().await.unwrap();
    assert_eq!(relationships.len(), 1, "exactly one Relationship arrived");
    scene
        .library
        .accept_relationship(&relationships[0].id)
        .await
        .unwrap();
    scene.ada.sync().await.unwrap();
    let relationships = scene.ada.relationships().await.unwrap();
    assert_eq!(relationships.len(), 1);
    assert_eq!(relationships[0].status, RelationshipStatus::Active);
    let request = scene.ada.request(&scene.request).await.unwrap();
    assert_eq!(request.status, LocalRequestStatus::Completed);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_accepted_offline_is_delivered_later() {
    let scene = scene().await;
    scene.world.proxy.offline();
    let decided = scene.ada.accept(&scene.request, &ada()).await.unwrap();
    assert_eq!(decided.status, LocalRequestStatus::Decided);
    let status = scene.ada.sync_status().await.unwrap();
    assert_eq!((status.state, status.waiting), (SyncState::Offline, 1));
    let contacts = scene.ada.contacts().await.unwrap();
    assert_eq!(contacts.len(), 1);
    assert_eq!((contacts[0].status, contacts[0].is_own), (None, true));
    let pause = scene.ada.next_sync_in();
    assert!(scene.ada.sync().await.unwrap_err().is_offline());
    assert!(scene.ada.next_sync_in() > pause);

    scene.world.proxy.online();
    let report = scene.ada.sync().await.unwrap();
    assert_eq!((report.delivered, report.waiting), (1, 0));
    assert_eq!(
        scene.ada.sync_status().await.unwrap().state,
        SyncState::Idle
    );
    assert_eq!(posts(&scene.world), 1);
    accept_and_see_active(&scene).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_that_ends_after_the_decision_delivers_it_when_it_is_back() {
    let mut scene = scene().await;
    scene.world.proxy.offline();
    scene.ada.accept(&scene.request, &ada()).await.unwrap();
    scene.world.proxy.online();
    scene.ada = scene.ada_home.restart(&scene.world, scene.ada).await;
    assert_eq!(posts(&scene.world), 0);
    assert_eq!(scene.ada.sync().await.unwrap().delivered, 1);
    assert_eq!(scene.ada.sync().await.unwrap().delivered, 0);
    assert_eq!(posts(&scene.world), 1);
    accept_and_see_active(&scene).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_got_lost_is_not_asked_for_twice() {
    let mut scene = scene().await;
    scene.world.proxy.rule(|seen| {
        if seen.is("POST", RELATIONSHIPS) {
            Action::LoseAnswer
        } else {
            Action::Pass
        }
    });
    let decided = scene.ada.accept(&scene.request, &ada()).await.unwrap();
    assert_eq!(decided.status, LocalRequestStatus::Decided);
    scene.world.proxy.online();

    // The Backbone says that there is a Relationship, but not which: it is waited for. Also after
    // a restart, and also when the time of the Request is over.
    for _ in 0..3 {
        scene.ada.sync().await.unwrap();
    }
    scene.ada = scene.ada_home.restart(&scene.world, scene.ada).await;
    scene.ada.sync().await.unwrap();
    scene.world.clock.forward(60 * 24 + 1);
    let waiting = scene.ada.request(&scene.request).await.unwrap();
    assert_eq!(waiting.status, LocalRequestStatus::Decided);
    assert_eq!(posts(&scene.world), 1);
    assert_eq!(scene.ada.sync_status().await.unwrap().waiting, 1);
    accept_and_see_active(&scene).await;
    assert_eq!(posts(&scene.world), 1);
    assert_eq!(scene.ada.sync_status().await.unwrap().waiting, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_that_ends_in_the_middle_of_sending_does_not_send_twice() {
    let mut scene = scene().await;
    scene.world.proxy.rule(|seen| {
        if seen.is("POST", RELATIONSHIPS) {
            Action::Hang
        } else {
            Action::Pass
        }
    });
    let (wallet, request) = (scene.ada.clone(), scene.request.clone());
    let sending = tokio::spawn(async move { wallet.accept(&request, &ada()).await });
    while posts(&scene.world) == 0 {
        tokio::task::yield_now().await;
    }
    // Not closed, not told: gone.
    sending.abort();
    assert!(sending.await.unwrap_err().is_cancelled());
    scene.world.proxy.online();
    scene.ada = scene.ada_home.restart(&scene.world, scene.ada).await;
    scene.ada.sync().await.unwrap();
    scene.ada.sync().await.unwrap();
    assert_eq!(posts(&scene.world), 1);
    accept_and_see_active(&scene).await;
    assert_eq!(posts(&scene.world), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_got_lost_and_was_rejected_since_is_not_sent_again() {
    let scene = scene().await;
    scene.world.proxy.rule(|seen| {
        if seen.is("POST", RELATIONSHIPS) {
            Action::LoseAnswer
        } else {
            Action::Pass
        }
    });
    scene.ada.accept(&scene.request, &ada()).await.unwrap();
    scene.world.proxy.online();
    scene.library.sync().await.unwrap();
    let id = scene.library.relationships().await.unwrap().remove(0).id;
    scene.library.reject_relationship(&id).await.unwrap();

    scene.ada.sync().await.unwrap();
    assert_eq!(posts(&scene.world), 1);
    let relationship = scene.ada.relationship(&id).await.unwrap();
    assert_eq!(relationship.status, RelationshipStatus::Rejected);
    assert_eq!(
        scene.ada.request(&scene.request).await.unwrap().status,
        LocalRequestStatus::Completed
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_never_arrived_is_made_again_with_the_same_bytes() {
    let scene = scene().await;
    // The connection breaks after the call was sent: whether it arrived can't be told.
    scene.world.proxy.rule(|seen| {
        if seen.is("POST", RELATIONSHIPS) {
            Action::Refuse
        } else {
            Action::Pass
        }
    });
    scene.ada.accept(&scene.request, &ada()).await.unwrap();
    assert_eq!(posts(&scene.world), 1);
    scene.world.proxy.online();
    assert_eq!(scene.ada.sync().await.unwrap().delivered, 1);
    let bodies = scene.world.proxy.bodies("POST", RELATIONSHIPS);
    assert_eq!(bodies.len(), 2);
    assert_eq!(bodies[0], bodies[1]);
    accept_and_see_active(&scene).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn servers_that_fail_in_passing_are_asked_again() {
    for (status, body) in [
        (
            429,
            r#"{"error":{"code":"error.platform.quotaExhausted","message":"x"}}"#,
        ),
        (
            500,
            r#"{"error":{"code":"error.platform.unexpected","message":"x"}}"#,
        ),
        (401, ""),
        (200, "nonsense"),
        (201, "{}"),
    ] {
        let scene = scene().await;
        scene.world.proxy.rule(move |seen| {
            if seen.is("POST", RELATIONSHIPS) {
                Action::Answer(status, body.to_owned())
            } else {
                Action::Pass
            }
        });
        let decided = scene.ada.accept(&scene.request, &ada()).await.unwrap();
        assert_eq!(decided.status, LocalRequestStatus::Decided, "{status}");
        scene.world.proxy.online();
        assert_eq!(scene.ada.sync().await.unwrap().delivered, 1, "{status}");
        accept_and_see_active(&scene).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_finally_refused_is_taken_back() {
    let scene = scene().await;
    scene.world.proxy.rule(|seen| {
        if seen.is("GET", "/api/v2/Relationships/CanCreate") {
            Action::Answer(
                200,
                r#"{"result":{"canCreate":false,"code":"error.platform.validation.relationship.relationshipToTargetAlreadyExists"}}"#.to_owned(),
            )
        } else {
            Action::Pass
        }
    });
    const CODE: &str = "error.transport.relationships.relationshipNotYetDecomposedByPeer";
    let request = scene.ada.accept(&scene.request, &ada()).await.unwrap();
    assert_eq!(request.status, LocalRequestStatus::Expired);
    assert_eq!(
        request.status_log.last().unwrap().code.as_deref(),
        Some(CODE)
    );
    let own = scene.ada.attributes().await.unwrap();
    assert_eq!(own.len(), 1);
    assert_eq!(own[0].shared_count, 0);
    assert!(scene.ada.contacts().await.unwrap().is_empty());
    let history = scene.ada.history().await.unwrap();
    assert_eq!(history[0].event, HistoryEvent::DeliveryFailed);
    assert_eq!(history[0].code.as_deref(), Some(CODE));
    assert_eq!(posts(&scene.world), 0);

    // The code can be scanned again when the reason is gone.
    scene.world.proxy.online();
    let again = load(&scene.ada, &scene.template).await;
    assert_ne!(again, scene.request);
    let request = scene.ada.accept(&again, &ada()).await.unwrap();
    assert_eq!(request.status, LocalRequestStatus::Completed);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_is_too_late_is_taken_back() {
    let scene = scene().await;
    scene.world.proxy.offline();
    scene.ada.accept(&scene.request, &ada()).await.unwrap();
    scene.world.clock.forward(60 * 24 + 1);
    let request = scene.ada.request(&scene.request).await.unwrap();
    assert_eq!(request.status, LocalRequestStatus::Expired);
    let own = scene.ada.attributes().await.unwrap();
    assert_eq!(own[0].shared_count, 0);
    scene.world.proxy.online();
    let report = scene.ada.sync().await.unwrap();
    assert_eq!((report.delivered, report.waiting), (0, 0));
    assert_eq!(posts(&scene.world), 0);
    let events: Vec<_> = scene.ada.history().await.unwrap();
    let events: Vec<_> = events.iter().map(|entry| entry.event).take(2).collect();
    assert_eq!(
        events,
        [HistoryEvent::RequestExpired, HistoryEvent::DeliveryFailed]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn accepting_a_relationship_survives_a_lost_answer() {
    let scene = scene().await;
    scene.ada.accept(&scene.request, &ada()).await.unwrap();
    scene.library.sync().await.unwrap();
    let id = scene.library.relationships().await.unwrap().remove(0).id;
    scene.world.proxy.rule(|seen| {
        if seen.is("PUT", RELATIONSHIPS) {
            Action::LoseAnswer
        } else {
            Action::Pass
        }
    });
    let waiting = scene.library.accept_relationship(&id).await.unwrap();
    assert_eq!(waiting.status, RelationshipStatus::Pending);
    // The same decision again is no second one; another one has to wait.
    scene.world.proxy.offline();
    scene.library.accept_relationship(&id).await.unwrap();
    assert_eq!(
        scene
            .library
            .reject_relationship(&id)
            .await
            .unwrap_err()
            .code(),
        "error.tessera.relationships.decisionWaits"
    );
    scene.world.proxy.online();
    scene.library.sync().await.unwrap();
    let active = scene.library.relationship(&id).await.unwrap();
    assert_eq!(active.status, RelationshipStatus::Active);
    assert_eq!(scene.world.proxy.count("PUT", RELATIONSHIPS), 1);
    scene.ada.sync().await.unwrap();
    assert_eq!(
        scene.ada.relationship(&id).await.unwrap().status,
        RelationshipStatus::Active
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_acceptance_that_is_not_what_it_should_be_does_not_count() {
    let scene = scene().await;
    scene.ada.accept(&scene.request, &ada()).await.unwrap();
    scene.library.sync().await.unwrap();
    let id = scene.library.relationships().await.unwrap().remove(0).id;
    scene.library.accept_relationship(&id).await.unwrap();
    // The Backbone gives other keys than the library's: those of the request itself.
    scene.world.proxy.rule(|seen| {
        if seen.is("GET", "/api/v2/Relationships/REL") {
            Action::Change(Box::new(|answer| {
                let text = answer["result"]["creationResponseContent"]
                    .as_str()
                    .unwrap();
                let other = if text.ends_with('A') { "Q" } else { "A" };
                let at = text.len() / 2;
                let changed = format!("{}{other}{}", &text[..at], &text[at + 1..]);
                answer["result"]["creationResponseContent"] = changed.into();
            }))
        } else {
            Action::Pass
        }
    });
    for _ in 0..2 {
        let report = scene.ada.sync().await.unwrap();
        assert_eq!(report.events, 0);
        let pending = scene.ada.relationship(&id).await.unwrap();
        assert_eq!(pending.status, RelationshipStatus::Pending);
    }
    let history = scene.ada.history().await.unwrap();
    let suspicions = history
        .iter()
        .filter(|entry| entry.event == HistoryEvent::SuspiciousRefused);
    assert_eq!(suspicions.count(), 1);
    // The event is offered a third time, and this time it is the library's own.
    scene.world.proxy.online();
    scene.ada.sync().await.unwrap();
    assert_eq!(
        scene.ada.relationship(&id).await.unwrap().status,
        RelationshipStatus::Active
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn many_who_want_to_synchronise_share_a_run() {
    let scene = scene().await;
    let before = scene.world.proxy.count("POST", "/api/v2/SyncRuns");
    let runs: Vec<_> = (0..8)
        .map(|_| {
            let wallet = scene.ada.clone();
            tokio::spawn(async move { wallet.sync().await.unwrap() })
        })
        .collect();
    for run in runs {
        run.await.unwrap();
    }
    let made = scene.world.proxy.count("POST", "/api/v2/SyncRuns") - before;
    assert!((1..8).contains(&made), "{made} runs");
}
