//! What the measurements of the wallet share: a person with many attributes and an organisation, at
//! a Backbone in this process.
#![allow(dead_code, reason = "each measurement uses some of it")]

pub mod crowd;
pub mod runtime;

use std::{
    path::PathBuf,
    sync::Arc,
    time::{Duration, Instant},
};

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

/// What the person knows and is asked for: the same number of each.
const TYPES: [&str; 5] = [
    "GivenName",
    "Surname",
    "DisplayName",
    "EMailAddress",
    "JobTitle",
];

/// A person with many attributes and an organisation, at a Backbone in this process.
pub struct Stage {
    folder: TempDir,
    backbone: Backbone,
    pub organisation: Wallet,
    pub person: Wallet,
    pub keyring: Arc<MemoryKeyring>,
}

impl Stage {
    pub async fn new(attributes: usize) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut settings = Settings::new(folder.path().join("backbone.sqlite"));
        // One sender stands for many.
        settings.max_unreceived_messages = u32::MAX;
        let backbone = Backbone::start(settings).await.unwrap();
        let keyring = Arc::new(MemoryKeyring::default());
        let organisation = somebody(&folder, &backbone, &keyring, "organisation").await;
        let person = somebody(&folder, &backbone, &keyring, "person").await;
        let numbers: Vec<usize> = (0..attributes).collect();
        for numbers in numbers.chunks(10_000) {
            let values = numbers.iter().map(|number| value(*number)).collect();
            person.add_attributes(values).await.unwrap();
        }
        Self {
            organisation,
            person,
            keyring,
            backbone,
            folder,
        }
    }

    pub fn base_url(&self) -> &str {
        self.backbone.base_url()
    }

    /// From now on somebody else asks.
    pub async fn change_organisation(&mut self, name: &str) {
        self.organisation = somebody(&self.folder, &self.backbone, &self.keyring, name).await;
    }

    pub fn person_folder(&self) -> PathBuf {
        self.folder.path().join("person")
    }

    /// A new template with so many items; what its code says.
    pub async fn offered(&self, items: usize, pin: Option<&str>) -> Reference {
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

    pub async fn load(&self, reference: &Reference, pin: Option<&str>) -> RequestId {
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
    pub async fn time_to_load(&self, times: u64, pin: Option<&str>) -> Duration {
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

async fn somebody(
    folder: &TempDir,
    backbone: &Backbone,
    keyring: &Arc<MemoryKeyring>,
    name: &str,
) -> Wallet {
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
    Wallet::create(&folder, profile, unlock, Environment::system())
        .await
        .unwrap()
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
