//! The program is killed at random moments, from the decision to its delivery and the next
//! synchronisation: nothing that was decided is lost, nothing is sent twice, nothing is half done.
#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    missing_docs,
    dead_code,
    reason = "a test that can't go on ends; what is shared with other tests is not used whole"
)]

mod checks;
mod decider;
#[path = "../../../backbone/tests/load/dice.rs"]
mod dice;
mod people;
#[path = "../../../wallet/tests/flow_support/proxy.rs"]
mod proxy;
#[path = "../cli/stage.rs"]
mod stage;

use decider::Decider;
use dice::Dice;
use people::Scene;

/// How often unless `TESSERA_WALLET_KILLS` says something else.
const KILLS: u64 = 15;

/// A number from the environment, for those who want more than the tests do by themselves.
fn setting(name: &str, default: u64) -> u64 {
    match std::env::var(name) {
        Ok(text) => text.parse().unwrap(),
        Err(_) => default,
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whenever_it_is_killed_every_decision_is_delivered_once() {
    let kills = setting("TESSERA_WALLET_KILLS", KILLS);
    let seed = setting("TESSERA_WALLET_SEED", u64::from(std::process::id()));
    println!("{kills} kills, TESSERA_WALLET_SEED={seed}");
    let scene = Scene::new().await;
    let mut decider = Decider::new(scene, Dice::new(seed)).await;
    while decider.figures.kills < kills {
        decider.act().await;
        let broken = decider.scene.look(checks::broken).await;
        assert_eq!(broken, [""; 0], "after {:?}", decider.figures);
    }
    decider.come_to_rest().await;
    decider.check_everything().await;
    println!("{:#?}", decider.figures);
    decider.scene.checks_can_fail().await;
    decider.scene.stop().await;
    // The run has met what it is about.
    assert!(decider.figures.acknowledged_decisions > 0);
}
