//! Figures that criterion does not give: percentiles and rates with several people at once, reading
//! while others write, memory and growth with the number of identities. Prints a table.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

#[path = "../tests/load/person.rs"]
mod person;
#[path = "../tests/load/program.rs"]
mod program;
mod stage;

use std::{
    future::Future,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use tessera_backbone_api::client::NewFile;
use tokio::task::JoinSet;

use crate::{
    person::Person,
    program::Place,
    stage::{Stage, WAITING_EVENTS},
};

const PEOPLE: usize = 8;
const IDENTITIES: usize = 10_000;

#[tokio::main]
async fn main() {
    // `cargo test --benches` runs this, too.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    println!("| what | people | p50 ms | p95 ms | a second |");
    println!("|---|---|---|---|---|");
    let stage = Arc::new(Stage::new().await);
    alone_and_together(&stage).await;
    reading_while_others_write(&stage).await;
    synchronising(&stage).await;
    drop(stage);
    growing().await;
}

/// Times of one person's calls.
struct Times(Vec<Duration>);

impl Times {
    async fn of<F: Future>(count: usize, mut call: impl FnMut() -> F) -> Self {
        let mut times = Vec::with_capacity(count);
        for _ in 0..count {
            let began = Instant::now();
            call().await;
            times.push(began.elapsed());
        }
        Self(times)
    }

    fn print(mut self, what: &str, people: usize, took: Duration) {
        self.0.sort_unstable();
        let at = |share: f64| {
            let index = (self.0.len() as f64 * share) as usize;
            self.0[index.min(self.0.len() - 1)].as_secs_f64() * 1000.0
        };
        let rate = self.0.len() as f64 / took.as_secs_f64();
        println!(
            "| {what} | {people} | {:.2} | {:.2} | {rate:.0} |",
            at(0.5),
            at(0.95)
        );
    }
}

/// Several people do the same, each one thing after the other.
async fn together<F, C>(what: &str, people: usize, count: usize, make: impl Fn() -> C)
where
    F: Future + Send,
    C: FnMut() -> F + Send + 'static,
{
    let began = Instant::now();
    let mut running = JoinSet::new();
    for _ in 0..people {
        let call = make();
        running.spawn(async move { Times::of(count, call).await });
    }
    let times = running
        .join_all()
        .await
        .into_iter()
        .flat_map(|times| times.0);
    let times = Times(times.collect());
    times.print(what, people, began.elapsed());
}

async fn alone_and_together(stage: &Arc<Stage>) {
    let ada = stage.member().await;
    let bob = stage.member().await;
    stage::connect(&ada, &bob).await;
    let template = ada.template(2_000).await.unwrap();
    for people in [1, PEOPLE] {
        together("making an identity", people, 400 / people, || {
            let at = stage.client.clone();
            move || {
                let at = at.clone();
                async move { drop(Person::new(&at).await.unwrap()) }
            }
        })
        .await;
        together(
            "two identities to an answered message",
            people,
            80 / people,
            || {
                let stage = Arc::clone(stage);
                move || {
                    let stage = Arc::clone(&stage);
                    async move { stage.flow().await }
                }
            },
        )
        .await;
        together(
            "loading a template of 2 KiB",
            people,
            4_000 / people,
            || {
                let (bob, template) = (bob.clone(), template.clone());
                move || {
                    let (bob, template) = (bob.clone(), template.clone());
                    async move {
                        drop(
                            bob.client
                                .relationship_template(&template, None)
                                .await
                                .unwrap(),
                        )
                    }
                }
            },
        )
        .await;
        together(
            "sending a message of 2 KiB and fetching it",
            people,
            1_000 / people,
            || {
                let (ada, bob) = (ada.clone(), bob.clone());
                move || {
                    let (ada, bob) = (ada.clone(), bob.clone());
                    async move {
                        let sent = ada.send(&bob.address, vec![7; 2_000]).await.unwrap();
                        drop(bob.client.message(&sent.id).await.unwrap());
                    }
                }
            },
        )
        .await;
    }
}

async fn reading_while_others_write(stage: &Arc<Stage>) {
    let ada = stage.member().await;
    let read = |ada: Person| async move { drop(ada.client.own_device().await.unwrap()) };
    let began = Instant::now();
    let times = Times::of(2_000, || read(ada.clone())).await;
    times.print("reading, nobody writes", 1, began.elapsed());
    let is_over = Arc::new(AtomicBool::new(false));
    let mut writing = JoinSet::new();
    for _ in 0..2 {
        let (is_over, writer) = (Arc::clone(&is_over), stage.member().await);
        writing.spawn(async move {
            let file = NewFile {
                cipher_hash: vec![1].into(),
                owner_signature: vec![1].into(),
                expires_at: tessera_core_types::CoreDate::parse("9999-12-31T00:00:00.000Z")
                    .unwrap(),
                encrypted_properties: vec![1].into(),
            };
            while !is_over.load(Ordering::Relaxed) {
                let uploaded = writer
                    .client
                    .upload_file(&file, vec![7; 5_000_000])
                    .await
                    .unwrap();
                writer.client.delete_file(&uploaded.id).await.unwrap();
            }
        });
    }
    let began = Instant::now();
    let times = Times::of(2_000, || read(ada.clone())).await;
    times.print(
        "reading, two others upload 5 MB without a pause",
        1,
        began.elapsed(),
    );
    is_over.store(true, Ordering::Relaxed);
    writing.join_all().await;
}

async fn synchronising(stage: &Arc<Stage>) {
    let member = stage.member().await;
    stage.wait_for(&member, WAITING_EVENTS).await;
    let began = Instant::now();
    let count = stage::synchronise(&member).await;
    assert_eq!(count, WAITING_EVENTS);
    println!(
        "| one sync run with {count} events | 1 | {:.0} | | |",
        began.elapsed().as_secs_f64() * 1000.0
    );
}

/// The program with more and more identities: memory, size of the file, and what a call takes.
async fn growing() {
    let folder = tempfile::tempdir().unwrap();
    let place = Place::new(folder.path());
    let mut program = place.start(&["--development"]);
    let at = person::client(&place.base_url());
    println!("\n| identities | resident MiB | peak MiB | file MiB | making one: p50 ms | p95 ms |");
    println!("|---|---|---|---|---|---|");
    let mut made = 0;
    for target in [100, 1_000, IDENTITIES / 2, IDENTITIES] {
        let mut running = JoinSet::new();
        for _ in 0..PEOPLE {
            let (at, count) = (at.clone(), (target - made) / PEOPLE);
            running.spawn(async move {
                for _ in 0..count {
                    let person = Person::with_datawallet(&at).await.unwrap();
                    person.template(2_000).await.unwrap();
                }
            });
        }
        running.join_all().await;
        made = target;
        let mut times = Times::of(200, || async {
            drop(Person::new(&at).await.unwrap());
        })
        .await;
        times.0.sort_unstable();
        let file = std::fs::metadata(&place.data).unwrap().len() as f64 / 1024.0 / 1024.0;
        println!(
            "| {target} | {:.1} | {:.1} | {file:.1} | {:.2} | {:.2} |",
            memory(program.id(), "VmRSS:"),
            memory(program.id(), "VmHWM:"),
            times.0[100].as_secs_f64() * 1000.0,
            times.0[190].as_secs_f64() * 1000.0,
        );
    }
    program.kill();
}

/// A line of `/proc/<id>/status` in MiB; 0 where there is no such thing.
fn memory(id: u32, name: &str) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(name));
    let kib = line.and_then(|rest| rest.split_whitespace().next()?.parse::<f64>().ok());
    kib.unwrap_or(0.0) / 1024.0
}
