//! Many external events at once: fetched together, committed together, and each still stands for itself.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

mod flow_support;

use flow_support::{Action, Home, World, connect};
use serde_json::{Value, json};
use tessera_content::MessageContent;
use tessera_wallet::{
    Wallet,
    model::{HistoryEvent, Message},
};

/// As many as the Backbone takes of one sender before somebody fetches them.
const MANY: usize = 20;
const TOGETHER: &str = "/api/v2/Messages?";
const ALONE: &str = "/api/v2/Messages/";

struct Scene {
    world: World,
    ada: Wallet,
    library: Wallet,
    _homes: [Home; 2],
}

/// Two contacts, and many Messages that wait for one of them.
async fn scene() -> Scene {
    let world = World::new().await;
    let (ada_home, ada) = world.somebody("Ada").await;
    let (library_home, library) = world.somebody("Library").await;
    connect(&world, &ada, &library).await;
    for number in 0..MANY {
        let content = json!({ "@type": "ArbitraryMessageContent", "value": number });
        let content = MessageContent::parse(&content).unwrap();
        library
            .send_message(&[ada.address().clone()], content)
            .await
            .unwrap();
    }
    Scene {
        world,
        ada,
        library,
        _homes: [ada_home, library_home],
    }
}

impl Scene {
    /// The numbers in the Messages that Ada can read, in the order in which they were taken over.
    async fn read(&self) -> Vec<u64> {
        let mut messages: Vec<Message> = self.ada.messages().await.unwrap();
        messages.retain(|message| message.created_by == *self.library.address());
        messages.sort_by_key(|message| message.number);
        let number = |message: &Message| message.content.to_json()["value"].as_u64();
        messages.iter().filter_map(number).collect()
    }

    async fn refused(&self) -> usize {
        let history = self.ada.history().await.unwrap();
        let is_refusal = |event: &HistoryEvent| matches!(event, HistoryEvent::SuspiciousRefused);
        history
            .iter()
            .filter(|entry| is_refusal(&entry.event))
            .count()
    }
}

#[tokio::test]
async fn what_waits_is_fetched_together_and_taken_over_in_its_order() {
    let scene = scene().await;
    let before = scene.world.proxy.count("GET", ALONE);
    let report = scene.ada.sync().await.unwrap();
    assert_eq!(report.events as usize, MANY);
    assert_eq!(scene.read().await, (0..MANY as u64).collect::<Vec<_>>());
    assert_eq!(scene.world.proxy.count("GET", TOGETHER), 1);
    assert_eq!(scene.world.proxy.count("GET", ALONE), before);
}

#[tokio::test]
async fn one_that_does_not_open_stops_no_other_and_changes_nothing() {
    let scene = scene().await;
    scene.world.proxy.rule(|seen| {
        if !seen.is("GET", TOGETHER) {
            return Action::Pass;
        }
        Action::Change(Box::new(|answer: &mut Value| {
            let messages = answer["result"].as_array_mut().unwrap();
            messages.sort_by_key(|message| message["createdAt"].to_string());
            let (first, second) = messages.split_at_mut(1);
            first[0]["body"] = second[0]["body"].clone();
        }))
    });
    let report = scene.ada.sync().await.unwrap();
    assert_eq!(report.events as usize, MANY - 1);
    assert_eq!(scene.read().await.len(), MANY - 1);
    assert_eq!(scene.refused().await, 1);

    // The Backbone offers it again, and this time it is what it was.
    scene.world.proxy.online();
    scene.ada.sync().await.unwrap();
    let mut read = scene.read().await;
    read.sort_unstable();
    assert_eq!(read, (0..MANY as u64).collect::<Vec<_>>());
}

#[tokio::test]
async fn where_they_can_not_be_had_together_each_is_fetched_by_itself() {
    let scene = scene().await;
    scene.world.proxy.rule(|seen| {
        if seen.is("GET", TOGETHER) {
            Action::Answer(200, r#"{"result":[{"id":"nonsense"}]}"#.to_owned())
        } else {
            Action::Pass
        }
    });
    scene.ada.sync().await.unwrap();
    assert_eq!(scene.read().await.len(), MANY);
    assert_eq!(scene.world.proxy.count("GET", ALONE), MANY);
}

#[tokio::test]
async fn a_connection_that_breaks_in_between_loses_nothing() {
    let scene = scene().await;
    scene.world.proxy.rule(|seen| {
        if seen.is("GET", TOGETHER) {
            Action::Refuse
        } else {
            Action::Pass
        }
    });
    assert!(scene.ada.sync().await.unwrap_err().is_offline());
    assert_eq!(scene.read().await.len(), 0);
    // A sync run that was left open ends by itself.
    scene.world.clock.forward(1);
    scene.world.proxy.online();
    scene.ada.sync().await.unwrap();
    assert_eq!(scene.read().await, (0..MANY as u64).collect::<Vec<_>>());
}
