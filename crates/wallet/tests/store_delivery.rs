//! The outbox and the counters of channels: what must survive a program that ends at any moment.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

mod store_support;

use std::collections::BTreeSet;

use store_support::{Home, RANDOM, address, at, peer};
use tessera_core_types::{Address, CoreDate, DeviceId};
use tessera_crypto::{channel::TransmitState, objects::SecretKey};
use tessera_wallet::{
    model::{NewOutboxOperation, OutboxKind, OutboxOperation, OutboxState},
    store::{Store, StoreError, counters::TransmitCounters, outbox},
};

fn operation(subject: &str, peer: Option<Address>) -> NewOutboxOperation {
    NewOutboxOperation {
        kind: OutboxKind::CreateRelationship,
        subject: subject.to_owned(),
        peers: peer.into_iter().collect(),
        payload: "{\"secret\":true}".into(),
        created_at: at(0),
    }
}

async fn add(store: &Store, subject: &str, peer: Option<Address>) -> i64 {
    let operation = operation(subject, peer);
    store
        .write(move |transaction| outbox::add(transaction, &operation))
        .await
        .unwrap()
}

async fn claim(store: &Store, now: CoreDate) -> Option<OutboxOperation> {
    store
        .write(move |transaction| outbox::claim(transaction, now))
        .await
        .unwrap()
}

async fn by_id(store: &Store, id: i64) -> OutboxOperation {
    store
        .read(move |transaction| outbox::by_id(transaction, id))
        .await
        .unwrap()
        .unwrap()
}

#[tokio::test]
async fn an_operation_goes_from_queued_to_delivered_and_forgets_what_it_sent() {
    let home = Home::new();
    let store = home.create().unwrap();
    let id = add(&store, "first", Some(peer())).await;
    assert_eq!(claim(&store, at(-1)).await, None, "not before it is due");
    let claimed = claim(&store, at(0)).await.unwrap();
    assert_eq!((claimed.id, claimed.attempts), (id, 1));
    assert_eq!(claimed.state, OutboxState::Sending);
    assert_eq!(claimed.payload.expose(), "{\"secret\":true}");
    assert_eq!(claim(&store, at(0)).await, None, "it is being sent");
    store
        .write(move |transaction| outbox::complete(transaction, id))
        .await
        .unwrap();
    let delivered = by_id(&store, id).await;
    assert_eq!(delivered.state, OutboxState::Delivered);
    assert_eq!(delivered.payload.expose(), "{}");
    let again = store
        .write(move |transaction| outbox::complete(transaction, id))
        .await;
    assert_eq!(again, Err(StoreError::Missing("outbox operation")));
}

#[tokio::test]
async fn towards_one_peer_everything_keeps_its_order() {
    let home = Home::new();
    let store = home.create().unwrap();
    let first = add(&store, "first", Some(peer())).await;
    let second = add(&store, "second", Some(peer())).await;
    let other = add(&store, "other", Some(address(3))).await;
    let nobody = add(&store, "nobody", None).await;
    assert_eq!(claim(&store, at(0)).await.unwrap().id, first);
    assert_eq!(claim(&store, at(0)).await.unwrap().id, other);
    assert_eq!(claim(&store, at(0)).await.unwrap().id, nobody);
    assert_eq!(
        claim(&store, at(0)).await,
        None,
        "the second waits for the first"
    );
    // The first has to try again later: the second still waits.
    store
        .write(move |transaction| outbox::retry(transaction, first, "error.offline", at(10)))
        .await
        .unwrap();
    assert_eq!(claim(&store, at(5)).await, None);
    let next = store
        .read(|transaction| outbox::next_attempt_at(transaction))
        .await
        .unwrap();
    assert_eq!(next, Some(at(0)), "the second would be due");
    let retried = claim(&store, at(10)).await.unwrap();
    assert_eq!((retried.id, retried.attempts), (first, 2));
    assert_eq!(retried.last_error_code.as_deref(), Some("error.offline"));
    // The first is given up: that must not hold up the second for ever.
    store
        .write(move |transaction| outbox::fail(transaction, first, "error.refused"))
        .await
        .unwrap();
    assert_eq!(by_id(&store, first).await.payload.expose(), "{}");
    assert_eq!(claim(&store, at(10)).await.unwrap().id, second);
}

#[tokio::test]
async fn what_concerns_several_peers_keeps_its_order_towards_each_of_them() {
    let home = Home::new();
    let store = home.create().unwrap();
    let for_all = |subject: &str, peers: &[Address]| NewOutboxOperation {
        peers: peers.to_vec(),
        ..operation(subject, None)
    };
    let add_for_all = async |subject: &str, peers: &[Address]| {
        let operation = for_all(subject, peers);
        let added = store.write(move |transaction| outbox::add(transaction, &operation));
        added.await.unwrap()
    };
    let through = async |id: i64| {
        let done = store.write(move |transaction| outbox::complete(transaction, id));
        done.await.unwrap();
    };
    let (one, other) = (peer(), address(3));
    let to_one = add(&store, "to one", Some(one.clone())).await;
    let to_both = add_for_all("to both", &[one.clone(), other.clone()]).await;
    let to_other = add(&store, "to the other", Some(other)).await;
    let to_one_again = add(&store, "to one again", Some(one)).await;
    let somebody_else = add(&store, "to somebody else", Some(address(4))).await;

    assert_eq!(claim(&store, at(0)).await.unwrap().id, to_one);
    // Who is not concerned is not held up; everybody else waits for the one that is being sent.
    assert_eq!(claim(&store, at(0)).await.unwrap().id, somebody_else);
    assert_eq!(claim(&store, at(0)).await, None);
    through(to_one).await;
    let claimed = claim(&store, at(0)).await.unwrap();
    assert_eq!((claimed.id, claimed.peer), (to_both, None));
    assert_eq!(claim(&store, at(0)).await, None, "both wait for it");
    through(to_both).await;
    assert_eq!(claim(&store, at(0)).await.unwrap().id, to_other);
    assert_eq!(claim(&store, at(0)).await.unwrap().id, to_one_again);
}

#[tokio::test]
async fn what_waits_is_woken_when_the_backbone_is_back() {
    let home = Home::new();
    let store = home.create().unwrap();
    let id = add(&store, "first", Some(peer())).await;
    claim(&store, at(0)).await.unwrap();
    let waiting = store
        .write(move |transaction| {
            outbox::retry(transaction, id, "error.offline", at(600))?;
            outbox::wake(transaction, at(1))?;
            outbox::waiting(transaction)
        })
        .await;
    assert_eq!(waiting, Ok(1));
    assert_eq!(claim(&store, at(1)).await.unwrap().id, id);
}

#[tokio::test]
async fn after_a_restart_it_is_known_what_may_have_arrived() {
    let home = Home::new();
    let store = home.create().unwrap();
    let sent = add(&store, "sent", Some(peer())).await;
    let waits = add(&store, "waits", Some(peer())).await;
    claim(&store, at(0)).await.unwrap();
    // No close: the program just ends.
    drop(store);
    let store = home.open().unwrap();
    assert_eq!(
        claim(&store, at(0)).await,
        None,
        "nothing is sent twice by itself"
    );
    let interrupted = store
        .read(|transaction| outbox::interrupted(transaction))
        .await
        .unwrap();
    let ids: Vec<_> = interrupted.iter().map(|operation| operation.id).collect();
    assert_eq!(ids, [sent]);
    assert!(
        !interrupted[0].payload.is_empty(),
        "all to ask or to send it again"
    );
    store
        .write(move |transaction| outbox::complete(transaction, sent))
        .await
        .unwrap();
    assert_eq!(claim(&store, at(0)).await.unwrap().id, waits);
    let open = store
        .read(|transaction| outbox::open(transaction))
        .await
        .unwrap();
    assert_eq!(open.len(), 1);
    let by_subject = store
        .read(|transaction| outbox::by_subject(transaction, "sent"))
        .await
        .unwrap();
    assert_eq!(by_subject[0].state, OutboxState::Delivered);
}

fn channel() -> TransmitState {
    TransmitState::new(SecretKey::generate(&RANDOM), [5; 24])
}

#[tokio::test]
async fn no_counter_is_given_out_twice_not_even_after_the_program_ended_at_once() {
    let home = Home::new();
    let (channel, device) = (channel(), DeviceId::generate(&RANDOM));
    home.create().unwrap().close().await.unwrap();
    let mut seen = BTreeSet::new();
    for _ in 0..5 {
        let store = home.open().unwrap();
        for _ in 0..3 {
            let counter = store.reserve_counter(&channel, &device).await.unwrap();
            assert!(seen.insert(counter.value()), "twice: {}", counter.value());
            channel.seal(counter, b"text").unwrap();
        }
        // Nothing was sent, nothing closed.
        drop(store);
    }
    assert_eq!(seen.len(), 15);
    assert!(!seen.contains(&0));
}

#[tokio::test]
async fn tasks_that_send_at_once_get_different_counters() {
    let home = Home::new();
    let store = home.create().unwrap();
    let (channel, device) = (channel(), DeviceId::generate(&RANDOM));
    let tasks: Vec<_> = (0..20)
        .map(|_| {
            let (store, channel, device) = (store.clone(), channel.clone(), device.clone());
            tokio::spawn(async move { store.reserve_counter(&channel, &device).await })
        })
        .collect();
    let mut seen = BTreeSet::new();
    for task in tasks {
        seen.insert(task.await.unwrap().unwrap().value());
    }
    assert_eq!(seen.len(), 20);
}

#[tokio::test]
async fn a_counter_comes_back_only_with_everything_that_was_sealed_with_it() {
    let home = Home::new();
    let store = home.create().unwrap();
    let (channel, device) = (channel(), DeviceId::generate(&RANDOM));
    let in_transaction = |succeeds: bool| {
        let (channel, device) = (channel.clone(), device.clone());
        store.write(move |transaction| {
            let counter = channel.reserve(&device, &mut TransmitCounters(transaction))?;
            outbox::add(transaction, &operation("sealed", Some(peer())))?;
            if succeeds {
                Ok(counter.value())
            } else {
                Err(StoreError::Missing("something else"))
            }
        })
    };
    assert!(in_transaction(false).await.is_err());
    let waiting = store.read(|transaction| outbox::waiting(transaction)).await;
    assert_eq!(waiting, Ok(0), "what was sealed is gone with its counter");
    let first = in_transaction(true).await.unwrap();
    let second = store.reserve_counter(&channel, &device).await.unwrap();
    assert_eq!(second.value(), first + 1);
}

#[tokio::test]
async fn the_database_itself_refuses_to_turn_a_counter_back() {
    let home = Home::new();
    let store = home.create().unwrap();
    let (channel, device) = (channel(), DeviceId::generate(&RANDOM));
    store.reserve_counter(&channel, &device).await.unwrap();
    for statement in [
        "UPDATE transmit_counter SET counter = counter",
        "UPDATE transmit_counter SET counter = counter - 1",
        "DELETE FROM transmit_counter",
    ] {
        let result = store
            .write(move |transaction| transaction.execute(statement, []).map_err(StoreError::from))
            .await;
        assert_eq!(result, Err(StoreError::Constraint), "{statement}");
    }
}
