//! The program is killed at random moments while several people use it.

use std::time::Duration;

use tokio::{sync::watch, task::JoinSet};

use crate::{
    dice::Dice,
    invariants, person,
    program::Place,
    setting,
    worker::{Stop, Worker},
};

const WORKERS: u64 = 4;

/// How often unless `TESSERA_BACKBONE_KILLS` says something else.
const KILLS: u64 = 10;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whenever_it_is_killed_nothing_acknowledged_is_lost_and_nothing_is_half_done() {
    let kills = setting("TESSERA_BACKBONE_KILLS", KILLS);
    let seed = setting("TESSERA_BACKBONE_SEED", u64::from(std::process::id()));
    println!("{kills} kills, TESSERA_BACKBONE_SEED={seed}");
    let mut dice = Dice::new(seed);
    let folder = tempfile::tempdir().unwrap();
    let place = Place::new(folder.path());
    let arguments = ["--development"];
    let mut program = place.start(&arguments);
    let client = person::client(&place.base_url());
    let mut workers = Vec::new();
    for number in 0..WORKERS {
        workers.push(Worker::new(client.clone(), seed.wrapping_mul(1_000) + number).await);
    }
    let mut checked = 0;
    for kill in 1..=kills {
        workers = disturb(
            workers,
            &mut program,
            Duration::from_millis(dice.below(400)),
        )
        .await;
        let copy = invariants::copy(&place.data, folder.path());
        assert_eq!(invariants::broken(&copy), [""; 0], "after kill {kill}");
        for worker in &mut workers {
            worker.look_up(&copy);
        }
        program = place.start(&arguments);
        for worker in &mut workers {
            checked += worker.check(kill == kills).await;
        }
    }
    let acknowledged: u64 = workers.iter().map(|worker| worker.acknowledged).sum();
    println!("{acknowledged} changes were acknowledged; {checked} times something was looked up");
    assert!(acknowledged > 0);
    program.kill();
    the_checks_can_fail(&place, folder.path());
}

/// Lets the workers work, then kills the program under them.
async fn disturb(
    workers: Vec<Worker>,
    program: &mut crate::program::Program,
    after: Duration,
) -> Vec<Worker> {
    let (kill, killed) = watch::channel(false);
    let mut running = JoinSet::new();
    for mut worker in workers {
        let killed = killed.clone();
        running.spawn(async move {
            loop {
                match worker.step().await {
                    Ok(()) => {}
                    Err(Stop::Gone) if *killed.borrow() => return worker,
                    Err(Stop::Gone) => panic!("the connection broke before the kill"),
                    Err(Stop::Wrong(what)) => panic!("{what}"),
                }
            }
        });
    }
    tokio::time::sleep(after).await;
    kill.send(true).unwrap();
    program.kill();
    running.join_all().await
}

/// Breaks a copy of the data in several ways; each must be found.
fn the_checks_can_fail(place: &Place, folder: &std::path::Path) {
    for harm in [
        "DELETE FROM external_events WHERE type = 'RelationshipStatusChanged'",
        "DELETE FROM relationship_audit_log WHERE position = 0",
        "DELETE FROM messages",
        "DELETE FROM external_events WHERE type = 'FileOwnershipClaimed'",
        "DELETE FROM external_events WHERE type = 'RelationshipTemplateAllocationsExhausted'",
        "DELETE FROM datawallet_modifications WHERE position = 1",
        "UPDATE external_events SET is_delivered = 0 WHERE sync_run_id IS NOT NULL",
        "UPDATE file_ciphers SET cipher = substr(cipher, 2)",
        "UPDATE files SET owner = created_by WHERE owner <> created_by",
    ] {
        let copy = invariants::copy(&place.data, folder);
        copy.pragma_update(None, "foreign_keys", false).unwrap();
        if copy.execute(harm, []).unwrap() > 0 {
            assert_ne!(invariants::broken(&copy), [""; 0], "{harm}");
        }
    }
}
