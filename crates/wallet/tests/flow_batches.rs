//! Many external events at once: fetched together, committed together, and each still stands for itself.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

mod flow_support;

use std::sync::Arc;

use flow_support::{Action, Home, StandingClock, World, connect};
use serde_json::{Value, json};
use tessera_content::MessageContent;
use tessera_wallet::{
    Environment, Wallet,
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
    /// Ada's; the others have the world's.
    clock: Arc<StandingClock>,
    _homes: [Home; 2],
}

/// Two contacts, and many Messages that wait for one of them.
async fn scene() -> Scene {
    let world = World::new().await;
    let clock = StandingClock::at(world.now());
    let environment = Environment {
        clock: clock.clone(),
        ..world.environment()
    };
    let ada_home = Home::new();
    let ada = ada_home.create_in(&world, "Ada", environment).await;
    let ada = ada.unwrap();
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
        clock,
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

#[tokio::test]
async fn a_clock_that_jumps_in_between_loses_nothing_and_repeats_nothing() {
    const YEAR: i64 = 365 * 24 * 60;
    let scene = scene().await;
    scene.world.proxy.offline();
    let mail = json!({
        "@type": "Mail", "to": [scene.library.address()], "subject": "Shelf", "body": "Is it free?",
    });
    let (to, mail) = (
        scene.library.address().clone(),
        MessageContent::parse(&mail).unwrap(),
    );
    scene.ada.send_message(&[to], mail).await.unwrap();
    // A year ahead while it sends and fetches, a year behind when it takes over and ends.
    let clock = Arc::clone(&scene.clock);
    scene.world.proxy.rule(move |seen| {
        if seen.is("POST", "/api/v2/Messages") {
            clock.forward(YEAR);
        } else if seen.is("GET", TOGETHER) {
            clock.forward(-2 * YEAR);
        }
        Action::Pass
    });
    scene.clock.forward(60);
    scene.ada.sync().await.unwrap();
    assert_eq!(scene.read().await, (0..MANY as u64).collect::<Vec<_>>());
    scene.world.proxy.online();
    scene.clock.forward(YEAR);
    scene.ada.sync().await.unwrap();
    assert_eq!(scene.read().await.len(), MANY);
    scene.library.sync().await.unwrap();
    let came = scene.library.messages().await.unwrap();
    let is_mail = |message: &&Message| matches!(message.content, MessageContent::Mail(_));
    assert_eq!(came.iter().filter(is_mail).count(), 1);
}
