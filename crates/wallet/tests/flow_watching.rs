//! A wallet that keeps itself in step: what happens at the Backbone arrives without being asked for.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

mod flow_support;

use std::{sync::Arc, time::Duration};

use flow_support::{Action, World, connect};
use serde_json::json;
use tessera_content::MessageContent;
use tessera_wallet::{Wallet, WalletEvent, views::SyncState};
use tokio::sync::{Notify, broadcast::Receiver};

/// Longer than anything here should take, and shorter than any pause between two runs.
const PATIENCE: Duration = Duration::from_secs(40);

const SSE: &str = "/api/v2/sse";

/// A wallet that is kept in step until this is dropped.
struct Watch {
    task: tokio::task::JoinHandle<()>,
    hurry: Arc<Notify>,
}

impl Watch {
    fn over(wallet: &Wallet) -> Self {
        let hurry = Arc::new(Notify::new());
        let (wallet, asked) = (wallet.clone(), Arc::clone(&hurry));
        let task = tokio::spawn(async move { wallet.keep_in_sync(&asked).await });
        Self { task, hurry }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Waits until something is so, looking whenever the wallet tells of a change.
async fn until(events: &mut Receiver<WalletEvent>, mut is_so: impl AsyncFnMut() -> bool) {
    let waiting = async {
        while !is_so().await {
            events.recv().await.unwrap();
        }
    };
    tokio::time::timeout(PATIENCE, waiting).await.unwrap();
}

fn hello() -> MessageContent {
    MessageContent::parse(&json!({ "@type": "ArbitraryMessageContent", "value": "Hello" })).unwrap()
}

#[tokio::test]
async fn a_message_arrives_by_itself_and_nothing_is_asked_in_between() {
    let world = World::new().await;
    let (_ada_home, ada) = world.somebody("Ada").await;
    let (_library_home, library) = world.somebody("Library").await;
    connect(&world, &ada, &library).await;

    let mut events = ada.subscribe();
    let _watch = Watch::over(&ada);
    until(&mut events, async || {
        let status = ada.sync_status().await.unwrap();
        status.is_live && status.state == SyncState::Idle && status.last_success_at.is_some()
    })
    .await;
    assert!(ada.next_sync_in() >= Duration::from_secs(60));

    library
        .send_message(&[ada.address().clone()], hello())
        .await
        .unwrap();
    until(&mut events, async || {
        let messages = ada.messages().await.unwrap();
        messages
            .iter()
            .any(|one| one.created_by == *library.address())
    })
    .await;
}

#[tokio::test]
async fn without_live_updates_it_is_asked_now_and_then() {
    let world = World::new().await;
    let (_home, ada) = world.somebody("Ada").await;
    world.proxy.rule(|seen| {
        if seen.is("GET", SSE) {
            Action::Answer(404, String::new())
        } else {
            Action::Pass
        }
    });
    let mut events = ada.subscribe();
    let watch = Watch::over(&ada);
    until(&mut events, async || {
        ada.sync_status().await.unwrap().last_success_at.is_some()
    })
    .await;
    assert!(!ada.sync_status().await.unwrap().is_live);
    assert!(ada.next_sync_in() < Duration::from_secs(60));

    // Whoever asks does not wait for the pause to be over.
    let runs = || world.proxy.count("POST", "/api/v2/SyncRuns");
    let before = runs();
    watch.hurry.notify_one();
    until(&mut events, async || runs() > before).await;
}

#[tokio::test]
async fn a_computer_that_wakes_up_looks_at_once_and_listens_anew() {
    let world = World::new().await;
    let (_home, ada) = world.somebody("Ada").await;
    let mut events = ada.subscribe();
    let _watch = Watch::over(&ada);
    until(&mut events, async || {
        let status = ada.sync_status().await.unwrap();
        status.is_live && status.state == SyncState::Idle && status.last_success_at.is_some()
    })
    .await;
    let listened = || world.proxy.count("GET", SSE);
    assert_eq!(listened(), 1);
    let slept_at = ada.sync_status().await.unwrap().last_success_at;
    world.clock.forward(8 * 60);
    until(&mut events, async || {
        ada.sync_status().await.unwrap().last_success_at > slept_at && listened() > 1
    })
    .await;
}
