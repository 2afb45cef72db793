//! What single things take, with a client over real HTTP on this computer: making an identity, getting
//! to know each other, writing to each other, synchronising.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

#[path = "../tests/load/person.rs"]
mod person;
mod stage;

use criterion::{Criterion, criterion_group, criterion_main};
use tokio::runtime::Runtime;

use crate::{
    person::Person,
    stage::{Stage, WAITING_EVENTS},
};

fn calls(criterion: &mut Criterion) {
    let runtime = Runtime::new().unwrap();
    let stage = runtime.block_on(Stage::new());
    let at = &stage.client;
    let ada = runtime.block_on(stage.member());
    let bob = runtime.block_on(stage.member());
    runtime.block_on(stage::connect(&ada, &bob));
    let template = runtime.block_on(ada.template(2_000)).unwrap();

    let mut group = criterion.benchmark_group("backbone");
    group.bench_function("an identity with its login", |bencher| {
        bencher.to_async(&runtime).iter(async || {
            let person = Person::new(at).await.unwrap();
            person.client.log_in().await.unwrap();
        });
    });
    group.bench_function("loading a template of 2 KiB", |bencher| {
        bencher.to_async(&runtime).iter(async || {
            bob.client
                .relationship_template(&template, None)
                .await
                .unwrap()
        });
    });
    group.bench_function("sending a message of 2 KiB and fetching it", |bencher| {
        bencher.to_async(&runtime).iter(async || {
            let sent = ada.send(&bob.address, vec![7; 2_000]).await.unwrap();
            bob.client.message(&sent.id).await.unwrap();
        });
    });
    group.sample_size(20);
    group.bench_function(
        "from two new identities to an answered message",
        |bencher| {
            bencher.to_async(&runtime).iter(async || stage.flow().await);
        },
    );
    group.sample_size(10);
    let member = runtime.block_on(stage.member());
    let run = runtime.block_on(async {
        stage.wait_for(&member, WAITING_EVENTS).await;
        let started = stage::start(&member, Some(u16::MAX)).await;
        started.sync_run.unwrap().id
    });
    group.bench_function("fetching the 10,000 events of a sync run", |bencher| {
        bencher.to_async(&runtime).iter(async || {
            let events = member.client.external_events(&run).await.unwrap();
            assert_eq!(events.len(), WAITING_EVENTS);
        });
    });
    group.finish();
}

criterion_group!(benches, calls);
criterion_main!(benches);
