//! The wallet as a person uses it: opening it with 1,000 attributes in the database, loading a
//! template from a Backbone in this process, and showing and deciding its Request.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

mod stage;

use std::path::Path;

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use stage::Stage;
use tessera_wallet::{Environment, Wallet, keys::Unlock};
use tokio::runtime::Runtime;

const ATTRIBUTES: usize = 1_000;
const ITEMS: [usize; 3] = [10, 100, 1_000];
const PIN: &str = "4711";

async fn open(folder: &Path, unlock: Unlock) {
    let wallet = Wallet::open(folder, unlock, Environment::system())
        .await
        .unwrap();
    wallet.close().await.unwrap();
}

fn wallet(criterion: &mut Criterion) {
    let runtime = Runtime::new().unwrap();
    let stage = runtime.block_on(Stage::new(ATTRIBUTES));

    for (name, pin) in [
        ("load a template", None),
        ("load a template with a PIN", Some(PIN)),
    ] {
        criterion.bench_function(name, |bencher| {
            bencher.iter_custom(|times| runtime.block_on(stage.time_to_load(times, pin)));
        });
    }

    let mut group = criterion.benchmark_group("with 1,000 attributes");
    for items in ITEMS {
        let (request, decision) = runtime.block_on(async {
            let reference = stage.offered(items, None).await;
            let request = stage.load(&reference, None).await;
            let decision = stage.person.default_decision(&request).await.unwrap();
            (request, decision)
        });
        group.bench_function(BenchmarkId::new("form", items), |bencher| {
            bencher
                .to_async(&runtime)
                .iter(|| async { stage.person.form(&request).await.unwrap() });
        });
        group.bench_function(BenchmarkId::new("check", items), |bencher| {
            bencher
                .to_async(&runtime)
                .iter(|| async { stage.person.check(&request, &decision).await.unwrap() });
        });
        runtime.block_on(stage.person.reject(&request)).unwrap();
    }
    group.bench_function("list attributes", |bencher| {
        bencher
            .to_async(&runtime)
            .iter(|| async { stage.person.attributes().await.unwrap() });
    });
    runtime.block_on(stage.person.close()).unwrap();
    let folder = stage.person_folder();
    group.bench_function("open and close, keyring", |bencher| {
        let unlock = Unlock::Keyring(stage.keyring.clone());
        bencher
            .to_async(&runtime)
            .iter(|| open(&folder, unlock.clone()));
    });
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(20);
    targets = wallet
}
criterion_main!(benches);
