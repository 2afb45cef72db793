//! Decisions that are held: said at once, sent later, and taken back in between.

use serde_json::json;

use crate::stage::{PIN, Stage, answer, library_card, text};

#[tokio::test(flavor = "multi_thread")]
async fn a_decision_that_is_held_is_listed_can_be_taken_back_and_is_sent_by_the_first_sync_after() {
    let stage = Stage::new().await;
    let library = stage.wallet("Library");
    let ada = stage.wallet("Ada");
    let mail = ada.knows("EMailAddress", "ada@example.org");
    let template = library.offers(&library_card(), &["--pin", PIN]);
    let request = ada.is_asked(&template);
    let decision = answer(&ada.address(), &mail);
    let file = ada.json(&decision);
    let accept = ["request", "accept", &request, "--decision", &file, "--hold"];

    let held = ada.succeeds(&[&accept[..], &["3600"]].concat());
    assert_eq!(held["status"], "ManualDecisionRequired");
    assert_eq!(held["held"]["verdict"], "accept");
    assert_eq!(ada.succeeds(&["request", "list"])[0], held);
    let told = ada.refuses(&["request", "reject", &request]);
    assert_eq!(told.code, "error.tessera.requests.decisionHeld");
    assert_eq!(ada.syncs()["delivered"], 0);

    let taken = ada.succeeds(&["request", "take-back", &request]);
    assert_eq!(taken["verdict"], "accept");
    assert_eq!(taken["items"], decision["items"]);
    let told = ada.refuses(&["request", "take-back", &request]);
    assert_eq!(told.code, "error.tessera.requests.notHeld");
    assert_eq!(ada.succeeds(&["request", "list"])[0].get("held"), None);

    ada.succeeds(&[&accept[..], &["1"]].concat());
    let delivered = loop {
        let delivered = ada.syncs()["delivered"].take();
        if delivered != 0 {
            break delivered;
        }
    };
    assert_eq!(delivered, 1);
    let sent = ada.succeeds(&["request", "show", &request]);
    assert_eq!(text(&sent, "status"), "Completed");
    library.syncs();
    assert_eq!(library.relationship()["status"], "Pending");
    stage.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rejection_can_be_held_and_no_decision_longer_than_an_hour() {
    let stage = Stage::new().await;
    let library = stage.wallet("Library");
    let ada = stage.wallet("Ada");
    let template = library.offers(&library_card(), &["--pin", PIN]);
    let request = ada.is_asked(&template);
    let reject = [
        "request",
        "reject",
        &request,
        "--message",
        "Not now.",
        "--hold",
    ];
    let told = ada.refuses(&[&reject[..], &["3601"]].concat());
    assert_eq!(told.code, "error.tessera.cli.usage");
    let held = ada.succeeds(&[&reject[..], &["60"]].concat());
    assert_eq!(held["held"]["verdict"], "reject");
    let taken = ada.succeeds(&["request", "take-back", &request]);
    assert_eq!(
        taken["items"][0],
        json!({ "accept": false, "message": "Not now." })
    );
    stage.stop().await;
}
