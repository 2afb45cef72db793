//! The wallet and enmeshed's TypeScript runtime 7 fetching the same from the same Backbone in the same
//! run: many Messages, and many changes of a Relationship. Prints a table with the ratios.
//!
//! The wallet ends with everything on the disk, in its encrypted database; the runtime with everything
//! in memory, and "saved" when it is in its file too. `TESSERA_BENCH_EVENTS` sets how many there are
//! (1,000), `TESSERA_BENCH_RUNTIME=no` leaves the runtime out.
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout, missing_docs)]

mod stage;

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use stage::{Stage, runtime::Peer};
use tessera_content::MessageContent;
use tessera_core_types::{Address, RelationshipId};
use tessera_wallet::views::RelationshipStatus;

/// Makes a contact of each of so many who have answered; gives each with the Relationship.
async fn welcome(stage: &Stage, answers: usize) -> Vec<(Address, RelationshipId)> {
    let organisation = &stage.organisation;
    // The runtime's answer is on its way for a moment after it says that it is decided.
    let waiting = async {
        loop {
            organisation.sync().await.unwrap();
            let came = organisation.relationships().await.unwrap();
            if came.len() == answers {
                break came;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    let came = tokio::time::timeout(Duration::from_secs(60), waiting).await;
    let mut contacts = Vec::new();
    for relationship in came.unwrap() {
        if relationship.status == RelationshipStatus::Pending {
            organisation
                .accept_relationship(&relationship.id)
                .await
                .unwrap();
        }
        contacts.push((relationship.peer.address, relationship.id));
    }
    contacts
}

/// Writes so many Messages to each.
async fn write(stage: &Stage, contacts: &[(Address, RelationshipId)], events: usize) {
    for number in 0..events {
        let content =
            json!({ "@type": "ArbitraryMessageContent", "value": format!("Number {number}") });
        for (address, _) in contacts {
            let content = MessageContent::parse(&content).unwrap();
            let recipients = std::slice::from_ref(address);
            stage
                .organisation
                .send_message(recipients, content)
                .await
                .unwrap();
        }
    }
}

/// Ends each Relationship, and asks for its reactivation and takes that back again and again.
async fn change(stage: &Stage, contacts: &[(Address, RelationshipId)], events: usize) {
    let organisation = &stage.organisation;
    for (_, id) in contacts {
        organisation.terminate_relationship(id).await.unwrap();
        for number in 1..events {
            if number % 2 == 1 {
                organisation.request_reactivation(id).await.unwrap();
            } else {
                organisation.revoke_reactivation(id).await.unwrap();
            }
        }
    }
}

/// Both fetch; prints how long it takes them.
async fn fetch(stage: &Stage, peer: Option<&mut Peer>, events: usize, what: &str) -> Option<Value> {
    let start = Instant::now();
    stage.person.sync().await.unwrap();
    let mine = start.elapsed().as_secs_f64() * 1000.0;
    print!("{events:>6} {what:<24} {mine:>9.1}");
    let theirs = peer.map(Peer::sync);
    if let Some(times) = &theirs {
        for name in ["sync", "saved"] {
            let its = times[name].as_f64().unwrap();
            print!(" {its:>10.1} {:>6.1}  ({name})", its / mine);
        }
    }
    println!();
    theirs
}

#[tokio::main]
async fn main() {
    // `cargo test --benches` only wants to know whether it runs.
    if std::env::args().any(|argument| argument == "--test") {
        return;
    }
    let events = std::env::var("TESSERA_BENCH_EVENTS").map_or(1_000, |text| text.parse().unwrap());
    let stage = Stage::new(5).await;
    let is_alone = std::env::var("TESSERA_BENCH_RUNTIME").is_ok_and(|text| text == "no");
    let runtime_folder = stage.person_folder().with_file_name("runtime");
    let mut peer = (!is_alone).then(|| Peer::start(stage.base_url(), 5, &runtime_folder));

    let reference = stage.offered(5, None).await;
    let request = stage.load(&reference, None).await;
    let decision = stage.person.default_decision(&request).await.unwrap();
    stage.person.accept(&request, &decision).await.unwrap();
    if let Some(peer) = &mut peer {
        peer.decide(&reference);
    }
    let contacts = welcome(&stage, 1 + usize::from(peer.is_some())).await;
    stage.person.sync().await.unwrap();
    if let Some(peer) = &mut peer {
        peer.sync();
    }

    println!("what there is to fetch; milliseconds: wallet, runtime 7, ratio");
    write(&stage, &contacts, events).await;
    let theirs = fetch(&stage, peer.as_mut(), events, "Messages").await;
    assert_eq!(stage.person.messages().await.unwrap().len(), events);
    assert!(theirs.is_none_or(|times| times["messages"] == events));

    change(&stage, &contacts, events).await;
    let theirs = fetch(&stage, peer.as_mut(), events, "Relationship changes").await;
    let known = &stage.person.relationships().await.unwrap()[0];
    // Creation and acceptance come before.
    assert_eq!(known.audit_log.len(), events + 2);
    assert!(theirs.is_none_or(|times| times["changes"] == events + 2));
}
