//! The wallet as a person uses it: opening it with 1,000 attributes in the database, loading a
//! template from a Backbone in this process, and showing and deciding its Request.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

use std::{
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use serde_json::{Value, json};
use tempfile::TempDir;
use tessera_backbone::{Backbone, Settings};
use tessera_content::{PasswordType, Reference, TemplateContent};
use tessera_core_types::{Clock, CoreDate, RequestId, SystemClock};
use tessera_wallet::{
    Environment, NewProfile, NewTemplate, TemplatePassword, Wallet,
    keys::{MemoryKeyring, SecretText, Unlock},
    model::BackboneSettings,
    views::LoadOutcome,
};
use tokio::runtime::Runtime;

const ATTRIBUTES: usize = 1_000;
const ITEMS: [usize; 3] = [10, 100, 1_000];
const PIN: &str = "4711";

/// What the person knows and is asked for: the same number of each.
const TYPES: [&str; 5] = [
    "GivenName",
    "Surname",
    "DisplayName",
    "EMailAddress",
    "JobTitle",
];

/// A person with many attributes and an organisation, at a Backbone in this process.
struct Stage {
    folder: TempDir,
    _backbone: Backbone,
    organisation: Wallet,
    person: Wallet,
    keyring: Arc<MemoryKeyring>,
}

impl Stage {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let settings = Settings::new(folder.path().join("backbone.sqlite"));
        let backbone = Backbone::start(settings).await.unwrap();
        let keyring = Arc::new(MemoryKeyring::default());
        let make = |name: &'static str| {
            let profile = NewProfile {
                name: name.to_owned(),
                backbone: BackboneSettings {
                    base_url: backbone.base_url().to_owned(),
                    client_id: "test".to_owned(),
                    client_secret: SecretText::from("test"),
                },
            };
            let unlock = Unlock::Keyring(keyring.clone());
            let folder = folder.path().join(name);
            async move {
                Wallet::create(&folder, profile, unlock, Environment::system())
                    .await
                    .unwrap()
            }
        };
        let organisation = make("organisation").await;
        let person = make("person").await;
        for number in 0..ATTRIBUTES {
            person.add_attribute(value(number), None).await.unwrap();
        }
        Self {
            organisation,
            person,
            keyring,
            _backbone: backbone,
            folder,
        }
    }

    fn person_folder(&self) -> std::path::PathBuf {
        self.folder.path().join("person")
    }

    /// A new template with so many items; what its code says.
    async fn offered(&self, items: usize, pin: Option<&str>) -> Reference {
        let content = json!({
            "@type": "RelationshipTemplateContent",
            "onNewRelationship": { "items": groups(items) }
        });
        let template = self
            .organisation
            .create_template(NewTemplate {
                content: TemplateContent::parse(&content).unwrap(),
                expires_at: in_an_hour(),
                max_number_of_allocations: None,
                for_identity: None,
                password: pin.map(|pin| TemplatePassword {
                    password_type: PasswordType::Pin(4),
                    password: SecretText::from(pin),
                    location: None,
                }),
            })
            .await
            .unwrap();
        Reference::parse(&template.reference.url).unwrap()
    }

    async fn load(&self, reference: &Reference, pin: Option<&str>) -> RequestId {
        let password = pin.map(SecretText::from);
        match self
            .person
            .load_template(reference, password)
            .await
            .unwrap()
        {
            LoadOutcome::Request { request_id } => request_id,
            other => panic!("{other:?}"),
        }
    }

    /// How long the loading of so many templates takes, without what is around it.
    async fn time_to_load(&self, times: u64, pin: Option<&str>) -> Duration {
        let mut taken = Duration::ZERO;
        for _ in 0..times {
            let reference = self.offered(10, pin).await;
            let start = Instant::now();
            let request = self.load(&reference, pin).await;
            taken += start.elapsed();
            self.person.reject(&request).await.unwrap();
        }
        taken
    }
}

fn in_an_hour() -> CoreDate {
    SystemClock.now().plus(chrono::TimeDelta::hours(1))
}

fn value(number: usize) -> Value {
    let value_type = TYPES[number % TYPES.len()];
    let value = match value_type {
        "EMailAddress" => format!("ada{number}@example.org"),
        _ => format!("Ada {number}"),
    };
    json!({ "@type": value_type, "value": value })
}

/// Groups of up to 100 items.
fn groups(items: usize) -> Vec<Value> {
    let numbers: Vec<usize> = (0..items).collect();
    let item = |number: &usize| {
        json!({
            "@type": "ReadAttributeRequestItem",
            "mustBeAccepted": true,
            "query": { "@type": "IdentityAttributeQuery", "valueType": TYPES[number % TYPES.len()] }
        })
    };
    let group = |numbers: &[usize]| {
        let items: Vec<Value> = numbers.iter().map(item).collect();
        json!({ "@type": "RequestItemGroup", "items": items })
    };
    numbers.chunks(100).map(group).collect()
}

async fn open(folder: &Path, unlock: Unlock) {
    let wallet = Wallet::open(folder, unlock, Environment::system())
        .await
        .unwrap();
    wallet.close().await.unwrap();
}

fn wallet(criterion: &mut Criterion) {
    let runtime = Runtime::new().unwrap();
    let stage = runtime.block_on(Stage::new());

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
